"""What the user says about identity, in `papers.overrides.toml` beside the notes: papers to merge, papers to split.

    [[merge]]
    papers = ["vaswani2017attention", "arXiv:1706.03762"]

    [[split]]
    papers = ["10.1145/1.1", "https://example.org/two.pdf"]

Each entry names two papers or more, by key, arXiv, OpenReview, ACL or DOI id, link, title, name, or id of this index.
"""

from __future__ import annotations

import tomllib
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations

from retriever.chunker.identifiers import normal_key, normal_title, normal_url, read_identifier
from retriever.chunker.naming import short_hash

OVERRIDES = "papers.overrides.toml"  # the name of the file
Sides = frozenset[tuple[int, int]]  # (number of a split, 0 or 1: the side)


@dataclass(frozen=True, slots=True)
class Override:
    """Handles of papers that belong together, or that never do; `origin` says whose file it is from."""

    papers: tuple[str, ...]
    origin: str = ""


@dataclass(frozen=True, slots=True)
class Overrides:
    merge: tuple[Override, ...] = ()
    split: tuple[Override, ...] = ()

    def __add__(self, other: Overrides) -> Overrides:
        return Overrides(self.merge + other.merge, self.split + other.split)


NONE = Overrides()


def read_overrides(content: bytes, origin: str = "") -> Overrides:
    """Return what a file says. ValueError, with what is wrong, for one that cannot be used as a whole."""
    tables = tomllib.loads(content.decode("utf-8-sig"))
    if unknown := sorted(tables.keys() - {"merge", "split"}):
        raise ValueError(f"unknown table {unknown[0]!r}; there are merge and split")
    found: dict[str, tuple[Override, ...]] = {}
    for name, entries in tables.items():
        if not isinstance(entries, list):
            raise ValueError(f"{name} is written [[{name}]]")  # noqa: TRY004  one kind of error for one bad file
        found[name] = tuple(Override(_handles(name, entry), origin) for entry in entries)
    return Overrides(**found)


def _handles(name: str, entry: object) -> tuple[str, ...]:
    papers = entry.get("papers") if isinstance(entry, dict) and entry.keys() == {"papers"} else None
    if not isinstance(papers, list) or len(papers) < 2 or not all(isinstance(one, str) and one for one in papers):
        raise ValueError(f'each [[{name}]] holds papers = ["one", "another"], and nothing else')
    return tuple(papers)


def sides(
    overrides: Overrides, given: Sequence[Mapping[str, str]], warnings: list[tuple[str, str]]
) -> dict[int, Sides]:
    """Return the sides that mentions stand on: two on the two sides of one number are never one paper.

    A mention that two handles of a split name stands with the first of them.
    """
    found: dict[int, set[tuple[int, int]]] = defaultdict(set)
    number = 0
    for at, split in enumerate(overrides.split, 1):
        taken: set[int] = set()
        named: list[list[int]] = []
        for handle in split.papers:
            mentions = [mention for mention in find(handle, given) if mention not in taken]
            if not mentions:
                warnings.append((split.origin, f"split {at}: no paper, or none of its own, answers to {handle!r}"))
            taken.update(mentions)
            named.append(mentions)
        for one, two in combinations(named, 2):
            for side, mentions in enumerate((one, two)):
                for mention in mentions:
                    found[mention].add((number, side))
            number += 1
    return {mention: frozenset(stands) for mention, stands in found.items()}


def find(handle: str, given: Sequence[Mapping[str, str]]) -> list[int]:
    """Return the mentions that answer to a handle, by the surest way to read it that any answers to."""
    for kind, value in _readings(handle.strip()):
        if kind == "id":
            found = [at for at, ids in enumerate(given) if any(short_hash(f"{k}:{v}") == value for k, v in ids.items())]
        else:
            found = [at for at, ids in enumerate(given) if ids.get(kind) == value]
        if found:
            return found
    return []


def _readings(text: str) -> Iterator[tuple[str, str]]:
    ids = read_identifier(text)
    if ids.openreview:
        yield "openreview", ids.openreview
    for kind, value in (("arxiv", ids.arxiv), ("acl", ids.acl), ("doi", ids.doi)):
        if value:
            yield kind, value.casefold()
    if " " not in text:
        yield "openreview", text
        yield "url", normal_url(text)
    yield "key", normal_key(text.strip("[]"))
    yield "title", normal_title(text)
    yield "name", normal_title(text)
    if len(text) == 10:
        yield "id", text.casefold()
