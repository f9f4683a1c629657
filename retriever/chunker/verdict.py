"""Whether two mentions, or two groups of them, are the same paper: ordered rules, the first that knows decides.

A pair is merged on SAME only. DIFFERENT stays apart; UNSURE stays apart and is offered to the reader. So each rule
errs towards keeping apart: a wrong merge mixes two papers for good, a missed one costs a line in `show`.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, fields
from functools import lru_cache
from typing import Literal

from retriever.chunker.naming import identifiers
from retriever.chunker.titles import head, nearness, overlap, strangers, surname, title_terms
from retriever.records import Passage

Answer = Literal["same", "different", "unsure"]
Values = frozenset[str]

SURE = ("openreview", "arxiv", "acl")  # tie two mentions by themselves
CLAIMED = ("doi", "url", "key")  # may be copied wrongly, so titles must agree
SHOWN = {"openreview": "OpenReview", "arxiv": "arXiv", "acl": "ACL", "doi": "DOI", "url": "link", "key": "key"}
_ONE_PAPER_DOI = "10.48550/"  # arXiv gives every preprint one beside its publisher's: having both is no conflict
_SHORT_TITLE = 10  # letters; shorter ones are shared by chance
_YEARS_APART = 2  # a preprint and its journal version are seldom further apart
_LONG_APART = 5
_RENAMED = 0.4  # of the words of both titles


@dataclass(frozen=True, slots=True)
class Verdict:
    """An answer, why, and on which kind of evidence ("" where nothing is shared)."""

    answer: Answer
    reason: str
    kind: str = ""


@dataclass(frozen=True, slots=True)
class Said:
    """What a mention, or a group of mentions, says a paper is: ids, key, title and name as compared.

    `spelled` holds the titles as written, `authors` lists of authors, each in its own order.
    """

    openreview: Values = frozenset()
    arxiv: Values = frozenset()
    acl: Values = frozenset()
    doi: Values = frozenset()
    url: Values = frozenset()
    key: Values = frozenset()
    title: Values = frozenset()
    name: Values = frozenset()
    spelled: Values = frozenset()
    authors: frozenset[tuple[str, ...]] = frozenset()
    years: frozenset[int] = frozenset()

    def __or__(self, other: Said) -> Said:
        return Said(*(getattr(self, field.name) | getattr(other, field.name) for field in fields(self)))

    def values(self, kind: str) -> Values:
        found: Values = getattr(self, kind)
        return found

    @property
    def people(self) -> Values:
        return frozenset(name for names in self.authors for name in names)

    @property
    def first_authors(self) -> Values:
        return frozenset(surname(names[0]) for names in self.authors if names) - {""}


def said(passage: Passage) -> Said:
    """Return what one passage says about its paper."""
    given = {kind: frozenset({value}) for kind, value in identifiers(passage).items()}
    return Said(
        **given,
        spelled=frozenset({passage.title}) if passage.title and "title" in given else frozenset(),
        authors=frozenset({passage.authors}) if passage.authors else frozenset(),
        years=frozenset({passage.year}) if passage.year else frozenset(),
    )


def judge(one: Passage | Said, two: Passage | Said) -> Verdict:
    """Return whether two are the same paper, and why. Symmetric."""
    a = said(one) if isinstance(one, Passage) else one
    b = said(two) if isinstance(two, Passage) else two
    for rule in RULES:
        if verdict := rule(a, b):
            return verdict
    return Verdict("different", "nothing that names a paper is the same")


def _ids_disagree(a: Said, b: Said) -> Verdict | None:
    """Two ids of one kind make two papers; if all else agrees, one id may be wrong."""
    for kind in (*SURE, "doi"):
        mine, theirs = _distinct(a, kind), _distinct(b, kind)
        if not mine or not theirs or mine & theirs:
            continue
        first, second = sorted((min(mine), min(theirs)))
        reason = f"{SHOWN[kind]} {first} is not {second}"
        for other in SURE:
            if shared := a.values(other) & b.values(other):
                return Verdict("unsure", f"both have {SHOWN[other]} {min(shared)}, but {reason}", other)
        if _telling(a, b) and not strangers(a.people, b.people):
            return Verdict("unsure", f"equal titles, but {reason}", "title")
        return Verdict("different", reason, kind)
    return None


def _sure_id(a: Said, b: Said) -> Verdict | None:
    for kind in SURE:
        if shared := a.values(kind) & b.values(kind):
            return Verdict("same", f"both have {SHOWN[kind]} {min(shared)}", kind)
    return None


def _pluses(a: Said, b: Said) -> Verdict | None:
    """A plus after a key is how a note-taker tells two papers of the same people, year and venue apart."""
    if a.key & b.key or not a.key or not b.key:
        return None
    if shared := {key.rstrip("+") for key in a.key} & {key.rstrip("+") for key in b.key}:
        return Verdict("different", f"key {min(shared)} with and without a plus", "key")
    return None


def _numbers(a: Said, b: Said) -> Verdict | None:
    near = _nearest(a, b)
    if near == "numbered":
        return Verdict("different", "the numbers in their titles differ", "title")
    if near == "remark":
        return Verdict("different", "one is a note on the other: an erratum, comment, reply or supplement", "title")
    return None


def _claimed(a: Said, b: Said) -> Verdict | None:
    """A DOI, link or key may be copied wrongly: it ties what has the same title, or a title on one side only."""
    for kind in CLAIMED:
        if not (shared := a.values(kind) & b.values(kind)):
            continue
        both = f"both have {SHOWN[kind]} {min(shared)}"
        near = _nearest(a, b)
        if near == "untitled" and strangers(a.people, b.people):
            return Verdict("unsure", f"{both}, but other authors", kind)
        if near in {"untitled", "equal", "shortened"}:
            return Verdict("same", both, kind)
        if near == "headed" or _share_words(a, b):
            return Verdict("unsure", f"{both}, but their titles differ", kind)
        return Verdict("different", f"{both}, but their titles have little in common", kind)
    return None


def _equal_titles(a: Said, b: Said) -> Verdict | None:
    if not (shared := a.title & b.title):
        return None
    years = _years_between(a, b)
    if strangers(a.people, b.people):
        if years > _YEARS_APART:
            return Verdict("different", f"equal titles, but other authors, {years} years apart", "title")
        return Verdict("unsure", "equal titles, but other authors", "title")
    if not _long(shared) and not (a.first_authors & b.first_authors and years <= 1):
        return Verdict("unsure", "equal titles, but too short to tell", "title")
    if years > _LONG_APART:
        return Verdict("unsure", f"equal titles, but {years} years apart", "title")
    return Verdict("same", "equal titles", "title")


def _equal_heads(a: Said, b: Said) -> Verdict | None:
    if (near := _nearest(a, b)) not in {"shortened", "headed"}:
        return None
    if strangers(a.people, b.people) or _years_between(a, b) > _YEARS_APART:
        return Verdict("different", "titles equal before the colon only, by others or in another year", "title")
    told = "titles are equal before the colon only" if near == "headed" else "one title is the beginning of the other"
    return Verdict("unsure", told, "title")


def _renamed(a: Said, b: Said) -> Verdict | None:
    """A preprint that appears under another title: the same first author, a year apart at most, most words kept."""
    if not (shared := a.first_authors & b.first_authors) or not a.years or not b.years or _years_between(a, b) > 1:
        return None
    if not _share_words(a, b):
        return None
    return Verdict("unsure", f"{min(shared).capitalize()} is first author of both, and their titles are alike", "title")


def _named_alike(a: Said, b: Said) -> Verdict | None:
    """A system's name, where one side gives nothing more."""
    if a.title and b.title:
        return None
    shared = (a.name | _heads(a)) & (b.name | _heads(b))
    if not shared or strangers(a.people, b.people) or _years_between(a, b) > _YEARS_APART:
        return None
    return Verdict("unsure", "both have the same name, and one no title", "name")


RULES: tuple[Callable[[Said, Said], Verdict | None], ...] = (
    _ids_disagree,
    _sure_id,
    _pluses,
    _numbers,
    _claimed,
    _equal_titles,
    _equal_heads,
    _renamed,
    _named_alike,
)


def _distinct(one: Said, kind: str) -> Values:
    return frozenset(value for value in one.values(kind) if not value.startswith(_ONE_PAPER_DOI))


def _long(titles: Values) -> bool:
    return any(len(title) >= _SHORT_TITLE for title in titles)


def _telling(a: Said, b: Said) -> bool:
    """Tell whether two share a title that says more than "Introduction"."""
    return _long(a.title & b.title) and any(len(title_terms(title)) > 1 for title in a.spelled | b.spelled)


def _years_between(a: Said, b: Said) -> int:
    """Return the least number of years between two; 0 where one gives none."""
    return min((abs(mine - theirs) for mine in a.years for theirs in b.years), default=0)


def _heads(one: Said) -> Values:
    return frozenset(head(title) for title in one.spelled) - {""}


def _share_words(a: Said, b: Said) -> bool:
    for mine in a.spelled:
        for theirs in b.spelled:
            shared, together = overlap(mine, theirs)
            if shared >= 2 and shared >= _RENAMED * together:
                return True
    return False


_CLOSEST = ("equal", "shortened", "headed", "numbered", "remark", "apart")


def _nearest(a: Said, b: Said) -> str:
    """Return the closest that any two titles of two groups come; "untitled" where one has none."""
    if not a.title or not b.title:
        return "untitled"
    if a.title & b.title:
        return "equal"
    return _nearest_of(a.spelled, b.spelled)


@lru_cache(maxsize=4096)
def _nearest_of(ours: Values, theirs: Values) -> str:
    found = {nearness(mine, other) for mine in ours for other in theirs}
    return next((near for near in _CLOSEST if near in found), "apart")
