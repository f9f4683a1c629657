"""Reading a query: words, phrases, what must and must not stand, filters. Nothing is syntax by accident.

    "exact phrase"  +must  -"not this"  venue:ICLR  topic:"Diffusion models"  -tag:read

All of it counts at the beginning of a word only, so that C++, O'Neil, context-free, https://... and 10:30 are words.
A sign wants a letter or a quote behind it; a quote wants its partner; a filter wants one of its names, in small
letters, and a value that it can have. What is left out needs something to be left out of: "-word" alone is a word.
Text that was pasted, by its length or its line breaks, is words throughout.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from retriever import words
from retriever.query.filters import NAMES, read_filter
from retriever.records import Filter, Query

_WORD = re.compile(r"\w")
PASTED = 300  # characters: hardly anybody types more

_PIECE = re.compile(
    r"(?<!\S)(?P<sign>[+-]?)(?:(?P<name>[a-z]+):)?"
    r"(?:[\"“„](?P<quoted>[^\"“”„]+)[\"“”](?=[\s.,;:!?)]|$)|(?P<bare>[^\s\"“”„]\S*))"
)


@dataclass(frozen=True, slots=True)
class _Piece:
    """A stretch of a query, `start` to `end`, that may be more than words: `role` is phrase, absent or filter."""

    start: int
    end: int
    role: str
    text: str
    filter: Filter | None = None


def parse(text: str, filters: Sequence[Filter] = ()) -> Query:
    """Return the query that a text is, with filters beside those that it holds. Any text is some query."""
    typed = text.strip()
    remarks: list[str] = []
    pieces = list(_pieces(typed, remarks))
    if len(typed) > PASTED or "\n" in typed:
        told = ("A long text is words throughout: its quotes, signs and filters were not obeyed.",) if pieces else ()
        return Query(typed, filters=tuple(filters), typed=text, remarks=told)
    plain = _between(typed, pieces)
    if not filters and not words.terms(plain) and all(piece.role == "absent" for piece in pieces):
        return Query(typed, typed=text, remarks=tuple(remarks))
    shown = [piece for piece in pieces if piece.role == "phrase"]
    # What must stand counts for the ranking too, in its place among the words.
    ranked = _between(typed, [piece for piece in pieces if piece.role != "phrase"], bare=shown)
    return Query(
        ranked if _WORD.search(ranked) or not (pieces or filters) else "",
        tuple(piece.text for piece in shown),
        tuple(piece.text for piece in pieces if piece.role == "absent"),
        (*filters, *(piece.filter for piece in pieces if piece.filter)),
        typed=text,
        remarks=tuple(remarks),
    )


def with_words(query: Query, more: str, remark: str) -> Query:
    """Return a query that looks for more words, and says why."""
    return replace(query, text=f"{query.text} {more}".strip(), remarks=(*query.remarks, remark))


def _pieces(text: str, remarks: list[str]) -> Iterator[_Piece]:
    """Yield what is more than words, in order, and remark on what only looks so."""
    for match in _PIECE.finditer(text):
        sign, name, quoted = match["sign"], match["name"], match["quoted"]
        body = quoted if quoted is not None else match["bare"]
        start, end = match.span()
        if name in NAMES:
            value = body if quoted is not None else body.rstrip(",;")
            try:
                asked = read_filter(name, value, excluded=sign == "-")
            except ValueError as error:
                remarks.append(f"{match.group()} was looked for as words: {error}.")
            else:
                yield _Piece(start, end, "filter", value, asked)
            continue
        if name is not None:  # a colon, but no filter
            if quoted is not None:
                continue
            body = f"{name}:{body}"
        if (quoted is not None or (sign and body[0].isalpha())) and words.terms(body):
            yield _Piece(start, end, "absent" if sign == "-" else "phrase", body)


def _between(text: str, pieces: Sequence[_Piece], bare: Sequence[_Piece] = ()) -> str:
    """Return a text without some pieces, and without the signs and quotes of others."""
    kept, at = [], 0
    for piece in sorted([*pieces, *bare], key=lambda piece: piece.start):
        kept += [text[at : piece.start], piece.text if piece in bare else ""]
        at = piece.end
    return " ".join("".join([*kept, text[at:]]).split()) if kept else text
