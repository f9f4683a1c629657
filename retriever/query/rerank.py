"""The best papers read again by a model that sees question and text together."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from retriever.embedder import document_text
from retriever.query.rank import Ranked, best_first

if TYPE_CHECKING:
    from retriever.index import Catalog
    from retriever.index.arrays import Float32Vector

READ_AGAIN = 50  # papers, the best: a cross-encoder takes some 10 ms for each
# What the best of them gains over the worst: more than the rest of a score can differ, so that the model decides, and
# where it hardly tells papers apart their first order stays. Judgement: who names a model wants its order.
RERANKER = 2.0

Judge = Callable[[str, Sequence[str]], "Float32Vector"]  # a question and texts to scores, (texts,), of any scale


def rerank(catalog: Catalog, text: str, ranked: Sequence[Ranked], judge: Judge) -> list[Ranked]:
    """Return ranked papers, best first, with what a model's judgement of the best READ_AGAIN adds, from 0 to RERANKER.

    It reads the title and the best window of each. The others stay below, in their order.
    """
    read = ranked[:READ_AGAIN]
    if not read:
        return list(ranked)
    papers = catalog.papers([entry.paper for entry in read if entry.paper is not None])
    titles = [None if entry.paper is None else papers[entry.paper].label for entry in read]
    texts = [document_text(title, None, entry.windows[0].text) for title, entry in zip(titles, read, strict=True)]
    scores = judge(text, texts).tolist()
    least, spread = min(scores), max(scores) - min(scores)
    judged = [
        replace(entry, added=(*entry.added, ("reranker", RERANKER * (score - least) / spread if spread else 0.0)))
        for entry, score in zip(read, scores, strict=True)
    ]
    return [*best_first(judged), *ranked[READ_AGAIN:]]
