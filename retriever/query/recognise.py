"""Queries that name a paper, as a whole: by a handle, the start of its title, an acronym, its authors, or nearly."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from retriever import words
from retriever.chunker.identifiers import normal_title
from retriever.query.forgive import LONGEST, near_handles
from retriever.query.handles import named

if TYPE_CHECKING:
    from retriever.index import Catalog, Snapshot

_ACRONYM = re.compile(r"[A-Z]{3,8}")
_INITIALS = re.compile(r"[^\W_]+")
_SUBTITLE = re.compile(r"\s*[:–—]\s|\s-\s")
_NAME_LENGTH = 40  # characters: "Name: what it does" has a short name
_OTHERS = re.compile(r",?\s+et al\.?$", re.IGNORECASE)
_MOST_NAMES = 4
_MANY_WINDOWS = 1000  # of one author: more, and the name says too little
_SAYING = ("text", "headings", "title", "name")  # fields of what is said, not by whom


@dataclass(frozen=True, slots=True)
class Recognised:
    """The papers that a query names, and as what: a kind of handle, "acronym" or "author"; "" for none.

    `spelled` is the handle as the notes have it, where the query differs from it by a letter.
    """

    kind: str = ""
    papers: tuple[str, ...] = ()
    spelled: str | None = None


def recognise(snapshot: Snapshot, text: str, *, forgiving: bool = True) -> Recognised:
    """Return the papers that a text as a whole names, `forgiving` nearly too; what is sure comes first."""
    text = text.strip()
    catalog = snapshot.catalog
    kind, papers = named(catalog, text)
    if papers or not words.terms(text) or len(text) > 2 * LONGEST:
        return Recognised(kind, papers)
    likely: dict[str, Callable[[], tuple[str, ...]]] = {
        "name": lambda: _by_start_of_title(catalog, text),
        "acronym": lambda: _by_acronym(catalog, text),
        "author": lambda: _by_author(snapshot, text),
    }
    for kind, find in likely.items():
        if papers := find():
            return Recognised(kind, papers)
    if not forgiving or all(snapshot.lexical.document_frequency(term) for term in words.terms(text)):
        return Recognised()  # no word is unknown: nothing is mistyped
    kind, value, papers = near_handles(catalog, text)
    return Recognised(kind, papers, value or None)


def _by_start_of_title(catalog: Catalog, text: str) -> tuple[str, ...]:
    start = normal_title(text)
    if not start or len(text) > _NAME_LENGTH:
        return ()
    return tuple(
        paper
        for paper, title in catalog.titles_from(start)
        if (end := _SUBTITLE.search(title)) and normal_title(title[: end.start()]) == start
    )


def _by_acronym(catalog: Catalog, text: str) -> tuple[str, ...]:
    """Return the papers whose title, or what stands before its colon, has these initials."""
    if not _ACRONYM.fullmatch(text):
        return ()
    return tuple(paper for paper, title in catalog.titles_from(text[0].lower()) if text in _acronyms(title))


def _acronyms(title: str) -> Iterator[str]:
    for part in (title, _SUBTITLE.split(title)[0]):
        found = _INITIALS.findall(part)
        yield "".join(word[0] for word in found).upper()
        yield "".join(word[0] for word in found if word.casefold() not in words.STOP_WORDS).upper()


def _by_author(snapshot: Snapshot, text: str) -> tuple[str, ...]:
    """Return the papers of an author: by two names or more, or by one word that notes of others never use."""
    last, comma, first = _OTHERS.sub("", text).partition(",")
    terms = words.terms(f"{first} {last}" if comma else last)
    if not 0 < len(terms) <= _MOST_NAMES:
        return ()
    rows = snapshot.lexical.holding(terms, fields=("authors",))
    if not 0 < len(rows) <= _MANY_WINDOWS:
        return ()
    if len(terms) == 1 and not set(snapshot.lexical.holding(terms, _SAYING).tolist()) <= set(rows.tolist()):
        return ()
    return tuple(dict.fromkeys(window.paper for window in snapshot.catalog.windows(rows.tolist()) if window.paper))
