"""Pairs of papers that stay apart and may be one: they are offered to the reader, who decides."""

from __future__ import annotations

from collections.abc import Collection, Hashable, Iterator, Mapping
from itertools import combinations
from typing import TypeVar

from retriever.chunker.naming import NAMING
from retriever.chunker.titles import head, title_terms
from retriever.chunker.verdict import Said, Verdict

T = TypeVar("T", bound=Hashable)

CROWD = 20  # papers that share a name, head or author and word: none of them is worth offering for another


def signs(known: Said) -> frozenset[str]:
    """Return what a paper must share with another one to be looked at as perhaps the same."""
    found = {f"{kind}:{value}" for kind in NAMING[:-1] for value in known.values(kind)}
    found |= {f"head:{name}" for name in known.name}
    found |= {f"head:{head(title)}" for title in known.spelled if head(title)}
    words = {word for title in known.spelled for word in title_terms(title)}
    return frozenset(found | {f"word:{author}:{word}" for author in known.first_authors for word in words})


def to_look_at(sharing: Mapping[str, Collection[T]], among: Collection[T] | None = None) -> Iterator[tuple[T, T]]:
    """Yield the pairs that share a sign which no crowd shares, some more than once; those with one of `among` only."""
    for members in sharing.values():
        if len(members) <= CROWD:
            for one, two in combinations(members, 2):
                if among is None or one in among or two in among:
                    yield one, two


def reason(verdict: Verdict) -> str | None:
    """Return why two papers that were kept apart are offered as perhaps the same; None if they are not."""
    if verdict.answer == "unsure":
        return verdict.reason
    return f"{verdict.reason}, but so has another paper" if verdict.answer == "same" else None
