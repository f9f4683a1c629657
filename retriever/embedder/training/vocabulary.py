"""Word pieces learned on the papers themselves, so that the words of the field are one piece each."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from tokenizers import Tokenizer, models, normalizers, pre_tokenizers, trainers

from retriever.embedder.encoder import IntVector
from retriever.embedder.training.papers import TrainingPaper

UNKNOWN = "[UNK]"  # what is in no piece; its row is zero, so it changes no vector
AT_ONCE = 4_096  # texts handed to the tokenizer's threads together


@dataclass(frozen=True, slots=True)
class TokenTexts:
    """Texts as token ids: text i is `ids[starts[i] : starts[i + 1]]`."""

    ids: IntVector
    starts: IntVector

    def __len__(self) -> int:
        return len(self.starts) - 1

    def lengths(self, rows: IntVector) -> IntVector:
        """Return the number of tokens of these texts."""
        return self.starts[rows + 1] - self.starts[rows]

    def spans(self, begins: IntVector, lengths: IntVector) -> tuple[IntVector, IntVector]:
        """Return stretches of `ids` one after another, and where each begins in the result."""
        offsets = np.cumsum(lengths) - lengths
        return self.ids[np.repeat(begins - offsets, lengths) + np.arange(lengths.sum())], offsets

    def gather(self, rows: IntVector) -> tuple[IntVector, IntVector]:
        """Return these texts one after another, and where each begins in the result."""
        return self.spans(self.starts[rows], self.lengths(rows))


def learn_pieces(papers: Sequence[TrainingPaper], size: int) -> Tokenizer:
    """Return a WordPiece tokenizer of at most `size` pieces, lower case and without accents."""
    tokenizer = Tokenizer(models.WordPiece(unk_token=UNKNOWN))
    tokenizer.normalizer = normalizers.BertNormalizer(lowercase=True)
    tokenizer.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
    trainer = trainers.WordPieceTrainer(
        vocab_size=size, special_tokens=[UNKNOWN], limit_alphabet=1_000, min_frequency=2, show_progress=False
    )
    tokenizer.train_from_iterator(_texts(papers), trainer)
    return tokenizer


def tokenise(tokenizer: Tokenizer, texts: Sequence[str]) -> TokenTexts:
    """Return the token ids of `texts`."""
    parts: list[IntVector] = []
    lengths: list[int] = []
    for start in range(0, len(texts), AT_ONCE):
        encoded = tokenizer.encode_batch_fast(list(texts[start : start + AT_ONCE]), add_special_tokens=False)
        found = [np.array(one.ids, np.int64) for one in encoded]
        lengths.extend(len(ids) for ids in found)
        parts.extend(found)
    return TokenTexts(np.concatenate([np.zeros(0, np.int64), *parts]), np.concatenate([[0], np.cumsum(lengths)]))


def _texts(papers: Sequence[TrainingPaper]) -> Iterator[str]:
    for paper in papers:
        yield paper.title
        yield paper.abstract
