"""Headings that stand side by side and name the same thing become one."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from itertools import combinations

from retriever.topics.headings import Named, fits_acronym, initials, named, slip_apart

_COMPARED = 400  # headings that begin and end alike; more are no misspellings of each other, and would take long


def reconcile(weights: Mapping[str, int]) -> dict[str, str]:
    """Return for each of some sibling headings the one that stands for all that name the same thing.

    `weights` says how many papers stand under each. The heaviest one stands for them, so that a paper filed under
    another spelling renames nothing; of equals the longest, since an acronym says less and slips drop letters, then
    the first by alphabet. An acronym that could be short for several of the others is left apart.
    """
    groups = _Groups(weights)
    headings = {heading: named(heading) for heading in weights}
    by_key: dict[str, list[str]] = defaultdict(list)
    for heading, what in headings.items():
        by_key[what.key or heading].append(heading)
    for alike in by_key.values():
        groups.join(alike)
    for pair in _misspelled(headings):
        groups.join(pair)
    for short, long in _spelled_out(headings):
        meant = {groups.of(heading) for heading in long}
        if len(meant) == 1:
            groups.join([*short, *long])
    return {
        heading: min(group, key=lambda one: (-weights[one], -len(one), one))
        for group in groups.all()
        for heading in group
    }


def _misspelled(headings: Mapping[str, Named]) -> Iterable[tuple[str, str]]:
    """Yield pairs that are one slip apart. A slip leaves the ends of words alone: only such are compared."""
    alike: dict[tuple[str, ...], list[str]] = defaultdict(list)
    for heading, what in headings.items():
        alike[tuple(word[:2] + word[-1] for word in what.words)].append(heading)
    for group in alike.values():
        if len(group) <= _COMPARED:
            for one, other in combinations(group, 2):
                if slip_apart(headings[one].words, headings[other].words):
                    yield one, other


def _spelled_out(headings: Mapping[str, Named]) -> Iterable[tuple[list[str], list[str]]]:
    """Yield for each acronym the headings that are nothing but it, and those that it may be short for."""
    short: dict[str, list[str]] = defaultdict(list)
    for heading, what in headings.items():
        for letters in (what.acronym, *what.given):
            if letters:
                short[letters] += [heading] if what.acronym else []
    long: dict[str, list[str]] = defaultdict(list)
    for heading, what in headings.items():
        for letters in {*initials(what.words), *what.given} & short.keys():
            if not what.acronym and (letters in what.given or _fits(headings, short[letters], what)):
                long[letters].append(heading)
    for letters in sorted(long):
        yield short[letters], long[letters]


def _fits(headings: Mapping[str, Named], short: Collection[str], long: Named) -> bool:
    return any(fits_acronym(headings[heading], long) for heading in short)


class _Groups:
    """Headings joined to groups, each known by one of its members."""

    def __init__(self, headings: Iterable[str]) -> None:
        self._above = {heading: heading for heading in headings}

    def of(self, heading: str) -> str:
        while self._above[heading] != heading:
            self._above[heading] = heading = self._above[self._above[heading]]
        return heading

    def join(self, headings: Collection[str]) -> None:
        first, *rest = map(self.of, headings)
        for other in rest:
            self._above[self.of(other)] = self.of(first)

    def all(self) -> list[list[str]]:
        groups: dict[str, list[str]] = defaultdict(list)
        for heading in self._above:
            groups[self.of(heading)].append(heading)
        return list(groups.values())
