"""The first screen: ranked papers under their topics, each with the lines of the note that answer."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

from retriever.cli import explained
from retriever.cli.screen import Screen, clip, clip_left, pad, pieces, width, wrap
from retriever.records.printable import clean, is_unsafe

if TYPE_CHECKING:
    from retriever.records import Hit, Paper, PassageHit, Results

SNIPPET_LINES = 3
NOTHING = "Nothing in your notes about this; the nearest are:"
NEAR = "Near, and probably not meant:"
CLAUSE_COLUMNS = 100
LOCATION_COLUMNS = 32
KEY_COLUMNS = 24

_LIST_MARKER = re.compile(r"^\s*(?:[-*+]|\d+[.)]|#+)\s+")
_LINK = re.compile(r"!?\[([^\[\]]{0,300})\]\([^()\s]{0,500}\)|\[\[(?:[^\[\]|]{0,300}\|)?([^\[\]|]{0,300})\]\]")
_BARE_URL = re.compile(r"https?://\S+")
_MARKUP = re.compile(r"[*_`~]+")
_SENTENCE_END = (".", "!", "?", "。", "！", "？")
_CLAUSE_END = re.compile(r"[.!?;:](?=\s|$)|,\s|\s[–—-]\s|[。！？；：，]")


def results(found: Results, clauses: Mapping[str, str], screen: Screen, *, explain: bool, why: bool) -> Iterator[str]:
    """Yield the lines of an answer. `clauses` maps papers without a title to the first clause of their note.

    `explain` adds scores and what they are made of; `why` else the reasons, which are what an answer about similar
    papers is for.
    """
    near = {hit.rank for hit in found.hits if not hit.meant}
    if found.abstained:
        yield NOTHING
    for ranks in (set(range(1, len(found.hits) + 1)) - near, near):
        if ranks and ranks == near and not found.abstained:
            yield from ("", NEAR)
        yield from _grouped(found, ranks, clauses, screen, explain=explain, why=why)


def _grouped(
    found: Results, ranks: set[int], clauses: Mapping[str, str], screen: Screen, *, explain: bool, why: bool
) -> Iterator[str]:
    """Yield the hits of these ranks under their topics."""
    hits = {hit.rank: hit for hit in found.hits}
    rank_columns = max(2, len(str(len(hits))))
    indent = " " * (rank_columns + 2)
    for group in found.groups:
        if not ranks.intersection(group.ranks):
            continue
        yield ""
        yield from wrap(
            screen.bold(clean(" > ".join(group.topic.path) if group.topic else "(no topic)")), screen.columns
        )
        for hit in (hits[rank] for rank in group.ranks if rank in ranks):
            yield from _hit(hit, clauses, screen, rank_columns)
            told = explained.score(hit, screen.columns - len(indent)) if explain else []
            if why and not told:
                told = [
                    line for reason in hit.reasons for line in wrap(clean(reason.text), screen.columns - len(indent))
                ]
            yield from (indent + line for line in told)


def footer(found: Results, limit: int, screen: Screen, *, max_limit: int) -> Iterator[str]:
    """Yield the line that says what can be done next."""
    first = next((hit.rank for hit in found.hits if hit.paper), None)
    if first is None:
        return
    left = f"retriever show {first} | similar {first}"
    more = f"-n {min(2 * limit, max_limit)} for more, " if len(found.hits) == limit < max_limit else ""
    right = f"{more}--explain for why"
    beside = width(left) + 2 + width(right) <= screen.columns
    yield ""
    yield from [pad(left, screen.columns - width(right)) + right] if beside else [left, right]


def first_clause(text: str, paper: Paper) -> str:
    """Return what a note says first about a paper, without markup, links and the names it is already called by."""
    line = _LIST_MARKER.sub("", clean(text))
    line = _LINK.sub(lambda match: match.group(1) or match.group(2) or "", line)
    line = _MARKUP.sub("", _BARE_URL.sub("", line))
    for name in (paper.name, paper.key):
        line = line.replace(name, "", 1) if name else line
    line = " ".join(line.split()).lstrip(" :,;.()[]–—|-")
    end = _CLAUSE_END.search(line, 12)  # a clause of a word or two says nothing
    clause = line[: end.start()] if end else line
    return clause if width(clause) <= CLAUSE_COLUMNS else f"{wrap(clause, CLAUSE_COLUMNS - 1)[0]}…"


def location(file: str, line: int, columns: int = LOCATION_COLUMNS) -> str:
    return f"{clip_left(clean(file), columns - len(str(line)) - 1)}:{line}"


def _hit(hit: Hit, clauses: Mapping[str, str], screen: Screen, rank_columns: int) -> Iterator[str]:
    best = hit.passages[0]
    indent = " " * (rank_columns + 2)
    columns = screen.columns - len(indent)
    name = clean(hit.label)
    text, highlights = _visible(best)
    clause = clauses.get(hit.paper.id, "") if hit.paper else ""
    stem = clause.rstrip("…")
    if stem and text.startswith(stem):  # said in the heading line; the snippet goes on from there
        head = f"{name}: {_marked(clause, highlights, screen)}"
        text, highlights = _after(text, highlights, len(stem))
    else:
        head = f"{name}: {clause}" if clause else name
    lines = _heading(head, _beside(hit, columns), columns)
    if hit.paper:
        # The link goes around the first line, after it was measured: its own bytes take no columns.
        shown = lines[0].split("  ", 1)
        lines[0] = "  ".join([screen.link(shown[0], hit.paper.address), *shown[1:]])
    yield f"{hit.rank:>{rank_columns}}  {lines[0]}"
    yield from (indent + line for line in lines[1:])
    yield from (indent + line for line in _snippet(text, highlights, columns, screen))
    others = ", ".join(location(passage.file, passage.first_line) for passage in hit.passages[1:])
    if others:
        yield from (indent + line for line in wrap(f"also {others}", columns))


def _beside(hit: Hit, columns: int) -> str:
    """Return the key, where it is not the label and there is room, and the place of the best passage."""
    place = location(hit.passages[0].file, hit.passages[0].first_line, min(LOCATION_COLUMNS, columns))
    named = clean(hit.paper.key or "") if hit.paper else ""
    key = "" if named == clean(hit.label) else clip(named, KEY_COLUMNS)
    return f"{key}  {place}" if key and width(key) + 2 + width(place) <= columns else place


def _heading(head: str, beside: str, columns: int) -> list[str]:
    """Return the lines of a head with something at the right edge of its last line."""
    lines = wrap(head, columns) or [""]
    if len(lines) == 1 and width(lines[0]) + 2 + width(beside) > columns:
        narrow = wrap(head, max(columns - width(beside) - 2, 1))
        lines = narrow if len(narrow) == 2 else lines
    if width(lines[-1]) + 2 + width(beside) > columns:
        return [*lines, " " * (columns - width(beside)) + beside]
    return [*lines[:-1], pad(lines[-1], columns - width(beside)) + beside]


def _visible(passage: PassageHit) -> tuple[str, list[tuple[int, int]]]:
    """Return a passage's text as one printable line, and its highlights in that line."""
    kept: list[str] = []
    place: list[int] = []  # code point of the text -> code point of the line
    for char in passage.text:
        place.append(len(kept))
        if char.isspace():
            if kept and kept[-1] != " ":
                kept.append(" ")
        elif not is_unsafe(char):
            kept.append(char)
    place.append(len(kept))
    return "".join(kept).rstrip(), [(place[start], place[end]) for start, end in passage.highlights]


def _after(text: str, highlights: list[tuple[int, int]], cut: int) -> tuple[str, list[tuple[int, int]]]:
    rest = text[cut:]
    dropped = cut + len(rest) - len(rest.lstrip(" ,;:.–—-"))
    return text[dropped:], [(start - dropped, end - dropped) for start, end in highlights if start >= dropped]


def _snippet(text: str, highlights: list[tuple[int, int]], columns: int, screen: Screen) -> list[str]:
    """Return up to three lines of the text: those that show most of its highlights, and the earliest of such."""
    room = SNIPPET_LINES * (columns - 4)  # lines are cut between words, so some of them stays empty
    start, end = _stretch(text, highlights, room)
    lines: list[str] = []
    for stop in (stop for _, stop in reversed(pieces(text)) if start < stop <= end):
        inside = [(max(a - start, 0), b - start) for a, b in highlights if b > start and a < stop]
        marked = _marked(text[start:stop], inside, screen)
        lines = wrap(("…" if start else "") + marked + (" …" if stop < len(text) else ""), columns)
        if len(lines) <= SNIPPET_LINES:
            break
    return lines[:SNIPPET_LINES]


def _stretch(text: str, highlights: list[tuple[int, int]], columns: int) -> tuple[int, int]:
    """Return the range of a text, cut between words, that fits and holds the most highlights; the earliest of such."""
    words = pieces(text)
    if width(text) <= columns or not words:
        return 0, len(text)
    stretches: list[tuple[int, int]] = []
    for first, (start, _) in enumerate(words):
        stretches.append((start, _last_fitting(text, words, first, columns)))
        if stretches[-1][1] == words[-1][1]:
            break
    counts = [sum(start <= a and b <= end for a, b in highlights) for start, end in stretches]
    first = counts.index(max(counts))
    if first == 0:
        return stretches[0]
    last = first
    while last + 1 < len(counts) and counts[last + 1] == counts[first]:
        last += 1
    middle = (first + last) // 2  # as much of the note before the highlights as after them
    sentences = [at for at in range(first, last + 1) if text[: stretches[at][0]].rstrip().endswith(_SENTENCE_END)]
    return stretches[min(sentences, key=lambda at: abs(at - middle), default=middle)]


def _last_fitting(text: str, words: list[tuple[int, int]], first: int, columns: int) -> int:
    """Return where the last word ends that still fits when the line begins with word `first`."""
    start, end = words[first]
    used = 0
    for at in range(first, len(words)):
        used += width(text[words[at - 1][1] if at > first else start : words[at][1]])
        if used > columns:
            break
        end = words[at][1]
    return end


def _marked(text: str, highlights: list[tuple[int, int]], screen: Screen) -> str:
    """Return text with each word of each highlight emphasised; ranges past its end are left out."""
    parts, at = [], 0
    for start, end in highlights:
        if end > len(text) or start < at:
            continue
        parts.append(text[at:start])
        parts.append(" ".join(screen.emphasise(word) if word else "" for word in text[start:end].split(" ")))
        at = end
    return "".join([*parts, text[at:]])
