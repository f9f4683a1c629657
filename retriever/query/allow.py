"""Which windows may answer: filters, phrases and words left out, applied before anything is ranked."""

from __future__ import annotations

from dataclasses import replace
from functools import reduce
from typing import TYPE_CHECKING

import numpy as np

from retriever import words
from retriever.index.catalog_filters import allowed_rows, rows_beside, topics_called
from retriever.query.filters import no_topic
from retriever.query.parse import with_words
from retriever.records import Filter

if TYPE_CHECKING:
    from collections.abc import Iterable

    from retriever.index import Catalog, Snapshot
    from retriever.index.arrays import RowMask
    from retriever.records import Query


def known_topics(catalog: Catalog, query: Query) -> Query:
    """Return a query without filters by topics that do not exist: their names are words then, and that is said."""
    for asked in query.filters:
        if asked.name == "topic" and not topics_called(catalog, asked.value):
            kept = replace(query, filters=tuple(other for other in query.filters if other != asked))
            remark = f"{no_topic(catalog, asked.value)}: looked for as words."
            query = with_words(kept, "" if asked.excluded else asked.value, remark)
    return query


def allowed(snapshot: Snapshot, query: Query) -> RowMask | None:
    """Return the mask, shape (windows,), of those that may answer a query; None where all may.

    A passage must hold every phrase, each within a window of it or its title, name, key, authors or one heading. A
    paper of which any passage holds what is to be absent is left out.
    """
    masks = []
    if query.filters:
        masks.append(_mask(snapshot, allowed_rows(snapshot.catalog, query.filters)))
    masks += [_mask(snapshot, _holding(snapshot, phrase, whole_papers=False)) for phrase in query.phrases]
    masks += [~_mask(snapshot, _holding(snapshot, phrase, whole_papers=True)) for phrase in query.absent]
    return reduce(np.logical_and, masks) if masks else None


def empty_because(snapshot: Snapshot, query: Query) -> tuple[str, ...]:
    """Return what to say of those filters and phrases of a query that nothing passes even alone."""
    said = [
        f"Nothing in your notes passes {_written(asked)}."
        for asked in query.filters
        if not allowed_rows(snapshot.catalog, [asked])
    ]
    said += [
        f"Nothing in your notes says “{phrase}”."
        for phrase in query.phrases
        if not len(snapshot.lexical.holding(words.terms(phrase)))
    ]
    return tuple(said) or ("Nothing in your notes passes all of this together.",)


def _written(asked: Filter) -> str:
    value = f'"{asked.value}"' if " " in asked.value else asked.value
    return f"{'-' if asked.excluded else ''}{asked.name}:{value}"


def _holding(snapshot: Snapshot, phrase: str, *, whole_papers: bool) -> list[int]:
    rows = snapshot.lexical.holding(words.terms(phrase)).tolist()
    return rows_beside(snapshot.catalog, rows, whole_papers=whole_papers)


def _mask(snapshot: Snapshot, rows: Iterable[int]) -> RowMask:
    mask = np.zeros(snapshot.count, dtype=np.bool_)
    mask[list(rows)] = True
    return mask
