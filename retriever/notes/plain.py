"""Plain text to blocks: paragraphs, bullets, and the headings that nothing marks.

A heading of plain text is a short line that stands alone, is written like a title, does not end like a
sentence, and has text under it. Equations, captions, bylines, table rows and page furniture look much the
same; what tells them apart is how they begin and end, and what follows.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from retriever.notes.note import Block, Content, Link

MAX_HEADING = 160  # characters; the longest title of 480,000 papers that is no abstract by mistake has some 250
_BULLET = re.compile(r"(?P<indent>\s*)(?:[-*•‣◦–]|\d{1,3}[.)])\s+(?P<text>\S.*)")
_FURNITURE = re.compile(
    r"(?:by|source|figure|fig\.|table|photo|image|credit|tagged|posted|published|updated|contents)\b|[©•·|]|[^←→↑↓]*[←→↑↓]",
    re.IGNORECASE,
)
_MONTH = r"(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*\.?"
_DATE = re.compile(
    rf"(?:.{{0,40}}[ ,(])?(?:(?:\d{{1,2}} )?{_MONTH},? (?:\d{{1,2}}, ?)?\d{{4}}|\d{{4}}-\d\d-\d\d)", re.IGNORECASE
)
_MATH = re.compile(r"[=∑∏∫≤≥∝≈∼∇∂]|\\[a-z]+|[\u0300-\u036f]")
# Words that a title does not end with: what follows them is missing.
_DANGLING = frozenset(
    "a an and as at by for from if in into is of on or our than that the their these this to where which with".split()
)
_SENTENCE_END = re.compile(r"[.!?…]['\"”’)]*(?:\s|$)")
_URL = re.compile(r"https?://\S+")
_STEP = 2  # columns to the right that make a child
_DEEPEST = 9


def read(lines: Sequence[str]) -> Content:
    """Read plain text: see `plain_blocks`."""
    return Content(plain_blocks(lines))


def plain_blocks(lines: Sequence[str]) -> list[Block]:
    """Return the blocks of plain text in order of line, with inferred headings (the first one level 1, others 2)."""
    runs = list(_runs(lines))
    headings = _headings([("\n".join(lines[first - 1 : last])) for first, last in runs])
    long = [n for n, is_heading in enumerate(headings) if is_heading and len(_words(lines, runs[n])) >= 3]
    # A title has text under it; a line of navigation has the title.
    title = next((n for n in long if not headings[n + 1]), long[0] if long else None)
    blocks: list[Block] = []
    for number, (first, last) in enumerate(runs):
        if headings[number] and (title is None or number >= title):
            level = 1 if number == title else 2
            blocks.append(Block("heading", level, first, last, lines[first - 1].strip(), inferred=True))
        else:
            blocks += _text(lines, first, last)
    return list(_nested(blocks))


def _nested(blocks: Sequence[Block]) -> Iterator[Block]:
    """Yield the blocks, items at the depth at which they look: two columns to the right of another lie in it."""
    columns: list[int] = []
    for block in blocks:
        if block.kind != "item":
            columns = []
            yield block
            continue
        column = block.level - 1
        while columns and column < columns[-1] + _STEP:
            columns.pop()
        columns.append(column)
        yield replace(block, level=min(len(columns), _DEEPEST))


def _runs(lines: Sequence[str]) -> list[tuple[int, int]]:
    """Return the (first, last) lines of each stretch between blank lines."""
    runs, start = [], 0
    for number, line in enumerate([*lines, ""], 1):
        if line.strip():
            start = start or number
        elif start:
            runs.append((start, number - 1))
            start = 0
    return runs


def _words(lines: Sequence[str], run: tuple[int, int]) -> list[str]:
    return lines[run[0] - 1].split()


def _headings(runs: Sequence[str]) -> list[bool]:
    titled = [_title_like(run) for run in runs]
    found = [False] * len(runs)
    # Bylines and dates may stand between a heading and its text.
    solid = [number for number, run in enumerate(runs) if not _is_furniture(run.strip())]
    for at, number in enumerate(solid):
        below = solid[at + 1 : at + 3]
        # A heading has text under it, at once or below one heading more.
        over_text = below[:1] and _is_text(runs[below[0]])
        over_heading = len(below) > 1 and titled[below[0]] and _is_text(runs[below[1]])
        found[number] = bool(titled[number] and (over_text or over_heading))
    return found


def _title_like(run: str) -> bool:
    line = run.strip()
    words = line.split()
    if "\n" in line or not 2 <= len(line) <= MAX_HEADING or _BULLET.fullmatch(line):
        return False
    if not (line[0].isupper() or line[0].isdigit() or line[0] in "\"“‘'" or line[0] > "\u2e7f"):
        return False
    if line[-1] in ".,;:!…" or words[-1].casefold() in _DANGLING or _SENTENCE_END.search(line[:-1]):
        return False
    furniture = _is_furniture(line) or "\t" in line or " · " in line
    return not (furniture or _MATH.search(line) or _URL.search(line)) and any(char.isalpha() for char in line)


def _is_furniture(line: str) -> bool:
    return bool(_FURNITURE.match(line) or _DATE.fullmatch(line))


def _is_text(run: str) -> bool:
    """Tell whether a stretch is prose or a list: it starts like a sentence and holds the end of one."""
    line = run.strip()
    if _BULLET.match(line):
        return True
    starts = line[0].isupper() or line[0].isdigit() or not line[0].isascii() or line[0] in "\"'(["
    return starts and (bool(_SENTENCE_END.search(line)) or line[-1] == ":" or len(line) > MAX_HEADING)


def _text(lines: Sequence[str], first: int, last: int) -> list[Block]:
    blocks: list[Block] = []
    start = first
    for number in range(first, last + 1):
        bullet = _BULLET.match(lines[number - 1])
        if bullet or number == first:
            if number > start:
                blocks.append(_block(lines, start, number - 1))
            start = number
    blocks.append(_block(lines, start, last))
    return blocks


def _block(lines: Sequence[str], first: int, last: int) -> Block:
    bullet = _BULLET.match(lines[first - 1])
    head = bullet["text"] if bullet else lines[first - 1].strip()
    text = "\n".join([head, *(line.strip() for line in lines[first:last])])
    links = tuple(Link(match.start(), match.end(), match.group().rstrip(".,;)")) for match in _URL.finditer(text))
    if bullet is None:
        return Block("paragraph", 0, first, last, text, links)
    column = len(bullet["indent"].expandtabs(4))  # the depth shows only beside other items
    return Block("item", 1 + column, first, last, text, links)
