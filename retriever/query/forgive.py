"""Small typing errors: what is known, but for one letter, where what was typed stands nowhere in the notes."""

from __future__ import annotations

import string
from collections.abc import Collection, Iterator
from typing import TYPE_CHECKING

from retriever import words
from retriever.chunker.identifiers import normal_key, normal_title

if TYPE_CHECKING:
    from retriever.index import Catalog, LexicalIndex

SHORTEST = 5  # letters of what was meant: of four, one wrong makes too many other words
LONGEST = 150  # letters and digits of a title; there are some 75 times as many ways to mistype it
MANY = 3  # papers that are as near: more, and none of them was meant
_WORDS_AT_MOST = 8  # a longer query finds its answer by the rest of its words
_NAMING = ("title", "name", "key", "headings", "authors")  # fields
_ALPHABET = string.ascii_lowercase + string.digits


def near_handles(catalog: Catalog, text: str) -> tuple[str, str, tuple[str, ...]]:
    """Return the kind of handle that a text is but for one letter, its value, and its papers; ("", "", ()) for none.

    Keys, names and titles only: one digit of an id makes another id.
    """
    title = normal_title(text)
    for kind, typed in (("key", normal_key(text.strip("[]"))), ("name", title), ("title", title)):
        if len(typed) <= LONGEST and any(char.isalpha() for char in typed):
            edits = {edit for edit in _edits(typed, f"{_ALPHABET}+") if len(edit) >= SHORTEST}
            found = catalog.handles_among(kind, edits)
            papers = tuple(dict.fromkeys(paper for _, paper in found))
            if 0 < len(papers) <= MANY:
                return kind, found[0][0], papers
    return "", "", ()


def near_words(lexical: LexicalIndex, text: str) -> dict[str, str]:
    """Return for words that stand nowhere the nearest that titles, names, headings or authors have: {typed: known}.

    The first letter counts as right. Of several, the one that stands in most windows is meant. Words that stand in
    running text only are no names, and a query about something else may well be a letter away from one.
    """
    typed = [token for token in words.tokens(text) if token.term.isalpha()]
    if len(typed) > _WORDS_AT_MOST:
        return {}
    found: dict[str, str] = {}
    for token in typed:
        written = words.fold(text[token.start : token.end])
        unknown = len(written) >= SHORTEST and written.isascii() and not lexical.document_frequency(token.term)
        if unknown and (known := _most_frequent(lexical, written)):
            found[text[token.start : token.end]] = known
    return found


def _most_frequent(lexical: LexicalIndex, written: str) -> str | None:
    edits: dict[str, str] = {}
    for edit in sorted(_edits(written, string.ascii_lowercase)):
        if edit[0] == written[0] or edit[:2] == written[1::-1]:
            for term in words.terms(edit):
                edits.setdefault(term, edit)
    counts = {term: count for term in edits if (count := lexical.document_frequency(term))}
    named = [term for term in counts if len(lexical.holding([term], _NAMING))]
    best = max(named, key=lambda term: (counts[term], term), default=None)
    return None if best is None else edits[best]


def _edits(word: str, alphabet: Collection[str]) -> set[str]:
    """Return all that one letter more, less, other or exchanged with the next makes of a word, without the word."""
    return set(_edited(word, sorted({*alphabet, *word}))) - {word}


def _edited(word: str, alphabet: Collection[str]) -> Iterator[str]:
    for at in range(len(word) + 1):
        before, after = word[:at], word[at:]
        yield from (f"{before}{letter}{after}" for letter in alphabet)
        if after:
            yield before + after[1:]
            yield from (f"{before}{letter}{after[1:]}" for letter in alphabet)
            yield before + after[1:2] + after[:1] + after[2:]
