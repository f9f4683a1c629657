"""Small typing errors: what is known, but for one letter, where what was typed stands nowhere in the notes."""

from __future__ import annotations

import string
from collections.abc import Collection, Iterator
from typing import TYPE_CHECKING

from retriever import words
from retriever.chunker.identifiers import normal_key, normal_title

if TYPE_CHECKING:
    from retriever.index import Catalog, Snapshot

SHORTEST = 5  # letters of what was meant: of four, one wrong makes too many other words
WITHIN = 6  # letters of a word among others: "black" is not meant to be "block"
LONGEST = 150  # letters and digits of a title; there are some 75 times as many ways to mistype it
MANY = 3  # papers that are as near: more, and none of them was meant
_WORDS_AT_MOST = 8  # a longer query finds its answer by the rest of its words
_NAMING = ("name", "key", "authors")  # fields
_LOOKED_AT = 20  # windows with the stem of a word, for the word itself
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


def near_words(snapshot: Snapshot, text: str) -> dict[str, str]:
    """Return for words that stand nowhere the word of a name, a key or an author a letter away: {typed: known}.

    The first letter counts as right. Of several, the one that stands in most windows is meant. Other words are left
    alone: a small library lacks many that exist, and "baking" is not meant to be "basing".
    """
    typed = list(words.tokens(text))
    if len(typed) > _WORDS_AT_MOST:
        return {}
    found: dict[str, str] = {}
    for token in typed:
        written = words.fold(text[token.start : token.end])
        unknown = len(written) >= WITHIN and not snapshot.lexical.document_frequency(token.term)
        if unknown and written.isalnum() and (known := _most_frequent(snapshot, written)):
            found[text[token.start : token.end]] = known
    return found


def _most_frequent(snapshot: Snapshot, written: str) -> str | None:
    lexical = snapshot.lexical
    counts: dict[str, int] = {}
    for edit in sorted(_edits(written, _ALPHABET)):
        if edit[0] == written[0] or edit[:2] == written[1::-1]:
            term, *others = words.terms(edit) or [""]
            if not others and (count := lexical.document_frequency(term)) and _names_it(snapshot, term, edit):
                counts[edit] = count
    return max(counts, key=lambda edit: (counts[edit], edit), default=None)


def _names_it(snapshot: Snapshot, term: str, word: str) -> bool:
    """Tell whether a word, folded but not stemmed, stands in the name, key or authors of a window with its term."""
    rows = snapshot.lexical.holding([term], _NAMING)[:_LOOKED_AT].tolist()
    passages = snapshot.catalog.passages([window.passage for window in snapshot.catalog.windows(rows)]).values()
    texts = [text for said in passages for text in (said.name, said.key, *said.authors) if text]
    return any(words.fold(text[token.start : token.end]) == word for text in texts for token in words.tokens(text))


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
