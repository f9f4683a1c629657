"""The steps of training a static model, `paper-static` among them.

Learn word pieces; ask the teacher for vectors of titles and single sentences (by far the longest step); regression onto
them; contrast of titles, summaries and spans with abstracts; int8; nDCG@10 on each test set.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from tokenizers import Tokenizer

from retriever.embedder.static import StaticEncoder
from retriever.embedder.training.bag import Pairs, contrast, new_model, regress
from retriever.embedder.training.card import Run, given, write_card
from retriever.embedder.training.export import write_folder
from retriever.embedder.training.ndcg import measure
from retriever.embedder.training.papers import Collection, TrainingPaper
from retriever.embedder.training.teacher import credit, principal_axes, teacher_vectors
from retriever.embedder.training.texts import titles_and_sentences
from retriever.embedder.training.vocabulary import UNKNOWN, learn_pieces, tokenise


def add_options(parser: argparse.ArgumentParser) -> None:
    """Add what only a static model has."""
    parser.add_argument("--texts", type=int, default=65_536, help="texts for the teacher; 0 starts from random rows")
    parser.add_argument("--regression-epochs", type=int, default=12)
    parser.add_argument("--epochs", type=int, default=4, help="of the contrast")
    parser.add_argument("--batch", type=int, default=4_096, help="of the contrast: more papers to be told apart")
    parser.add_argument("--pieces", type=int, default=32_000)
    parser.add_argument("--width", type=int, default=256)


def train_static(papers: Collection, options: argparse.Namespace) -> None:
    """Train on `papers` and write the model to `options.folder`."""
    began = time.perf_counter()
    tokenizer = _pieces(papers, options.work, options.pieces)
    texts = titles_and_sentences(papers.papers, options.texts, options.seed)
    model = new_model(tokenizer.get_vocab_size(), options.width, options.seed)
    losses = {}
    if texts:
        targets = principal_axes(teacher_vectors(options.teacher, texts, options.work), options.width)
        losses["regression, 1 - cosine"] = regress(
            model, tokenise(tokenizer, texts), targets, epochs=options.regression_epochs, batch=2_048, seed=options.seed
        )
    pairs = _pairs(tokenizer, papers.papers)
    losses["contrast, cross-entropy"] = contrast(
        model,
        pairs,
        epochs=options.epochs,
        batch=options.batch,
        seed=options.seed,
        after_epoch=lambda epoch: np.save(options.work / f"rows-{epoch}.npy", model.weight.detach().numpy()),
    )
    unknown = tokenizer.token_to_id(UNKNOWN)
    write_folder(options.folder, tokenizer, model.weight.detach().numpy(), unknown)
    ndcg = measure(StaticEncoder(options.folder.name, options.folder), options.dev)
    teacher, licence = credit(options.teacher)
    run = Run(
        kind="static",
        library="sentence-transformers",
        intro=_intro(options.folder.name, tokenizer.get_vocab_size(), options.width),
        teacher=f"Its first round learned from vectors that {teacher} ({licence}) gave for {len(texts):,} of these\n"
        "titles and sentences.",
        options=given(options, ("texts", "regression-epochs", "epochs", "batch", "pieces", "width", "seed")),
        losses=losses,
        ndcg=ndcg,
        seconds=time.perf_counter() - began,
        kept="word pieces, the teacher's vectors",
        limits="English, and the words of machine learning, language and vision above all. "
        "The order of words does not count.",
    )
    write_card(options.folder, papers, run)
    print(f"wrote {options.folder} after {run.seconds:,.0f} s", flush=True)


def _intro(name: str, pieces: int, width: int) -> str:
    return f"""A static embedding model for finding papers: {pieces:,} word pieces of {width} dimensions, int8.
A text's vector is the mean of its pieces' rows, so it runs on any processor without a neural network.

```python
from sentence_transformers import SentenceTransformer

SentenceTransformer("{name}").encode("contrastive learning of sentence vectors")  # ({width},) unit row
```"""


def _pieces(papers: Collection, work: Path, size: int) -> Tokenizer:
    """Learn the word pieces, or read those that a run over as many papers kept."""
    kept = work / f"pieces-{size}-of-{len(papers.papers)}.json"
    if not kept.exists():
        print(f"learning {size:,} word pieces", flush=True)
        learn_pieces(papers.papers, size).save(str(kept))
    return Tokenizer.from_file(str(kept))


def _pairs(tokenizer: Tokenizer, papers: Sequence[TrainingPaper]) -> Pairs:
    print(f"tokenising {len(papers):,} papers", flush=True)
    with_summary = [row for row, paper in enumerate(papers) if paper.tldr]
    return Pairs(
        titles=tokenise(tokenizer, [paper.title for paper in papers]),
        abstracts=tokenise(tokenizer, [paper.abstract for paper in papers]),
        summaries=tokenise(tokenizer, [papers[row].tldr for row in with_summary]),
        with_summary=np.array(with_summary, np.int64),
    )
