"""PDF to lines and blocks: the text of its pages, with the headings of its outline.

The lines of such a note are those of the extracted text. Work on a file is bounded: pages, text, and time, which
is looked at after each page.
"""

from __future__ import annotations

import io
import logging
import re
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from retriever.notes.encoding import repair
from retriever.notes.inline import Inline, bare_urls
from retriever.notes.note import Block, Content, Repair

MAX_PAGES = 400
MAX_CHARACTERS = 4_000_000
MAX_SECONDS = 30.0
_MAX_HEADINGS = 2_000
_HYPHEN = re.compile(r"(?<=[a-z])-\n([a-z]+)[ ]?")
_NO_TITLE = re.compile(r"(?:untitled|microsoft word|.*\.(?:docx?|tex|pdf|dvi|indd))\b", re.IGNORECASE)
_NUMBER = re.compile(r"^(?:\d{1,2}(?:\.\d{1,2})*\.?|[A-Z]\.?)\s+")


@dataclass(slots=True)
class _Document:
    """What was taken out of a file: pages of text, (level, title, page from 0) of its outline, metadata."""

    pages: list[str] = field(default_factory=list)
    outline: list[tuple[int, str, int]] = field(default_factory=list)
    front: dict[str, object] = field(default_factory=dict)
    warnings: list[str] = field(default_factory=list)


def read_pdf(content: bytes) -> tuple[tuple[str, ...], tuple[Repair, ...], Content]:
    """Return the lines of a PDF, what was repaired in them, and its blocks; one that cannot be read has a warning."""
    document = _extracted(content)
    lines, repairs = repair("\n".join(document.pages))
    starts, line = [], 1
    for page in document.pages:
        starts.append(line)
        line += page.count("\n") + 1
    blocks = list(_blocks(lines, starts, document.outline))
    return lines, repairs, Content(blocks, document.front, tuple(document.warnings))


def _extracted(content: bytes) -> _Document:
    import pypdf  # noqa: PLC0415  0.2 s that only folders with PDF files pay

    logger = logging.getLogger("pypdf")
    level = logger.level
    logger.setLevel(logging.CRITICAL + 1)  # each flaw of a file would be a line on the terminal
    document = _Document()
    try:
        reader = pypdf.PdfReader(io.BytesIO(content))
        if reader.is_encrypted and not reader.decrypt(""):
            document.warnings.append("the PDF is encrypted")
            return document
        _pages(reader, document)
        _about(reader, document)
    except Exception as error:  # noqa: BLE001  pypdf raises whatever a damaged file makes of its code
        document.warnings.append(f"the PDF could not be read ({type(error).__name__})")
    finally:
        logger.setLevel(level)
    return document


def _pages(reader: Any, document: _Document) -> None:
    until = time.monotonic() + MAX_SECONDS
    size = 0
    for number, page in enumerate(reader.pages):
        if number == MAX_PAGES or size > MAX_CHARACTERS or time.monotonic() > until:
            document.warnings.append(f"only the first {number} pages of the PDF were read")
            return
        try:
            text = page.extract_text()
        except Exception as error:  # noqa: BLE001  the same, and other pages may be whole
            document.warnings.append(f"page {number + 1} of the PDF could not be read ({type(error).__name__})")
            text = ""
        document.pages.append(text[:MAX_CHARACTERS].strip("\n"))
        size += len(text)


def _about(reader: Any, document: _Document) -> None:
    said = reader.metadata
    for name, value in (("title", said and said.title), ("author", said and said.author)):
        if isinstance(value, str) and value.strip() and not _NO_TITLE.match(value.strip()):
            document.front[name] = " ".join(value.split())
    waiting: list[tuple[int, Any]] = [(1, item) for item in reversed(reader.outline)]
    while waiting and len(document.outline) < _MAX_HEADINGS:
        level, item = waiting.pop()
        if isinstance(item, list):
            waiting += [(min(level + 1, 6), inner) for inner in reversed(item)]
            continue
        page = reader.get_destination_page_number(item)
        if page is not None and 0 <= page < len(document.pages) and isinstance(item.title, str) and item.title.strip():
            document.outline.append((level, " ".join(item.title.split()), page))


def _blocks(lines: Sequence[str], starts: Sequence[int], outline: Sequence[tuple[int, str, int]]) -> Iterator[Block]:
    headings = _headings(lines, starts, outline)
    begins = {*starts, *headings}
    first = 0
    for number, line in enumerate([*lines, ""], 1):
        if first and (number in begins or not line.strip()):
            yield _paragraph(lines, first, number - 1)
            first = 0
        if number in headings:
            level, title = headings[number]
            yield Block("heading", level, number, number, title)
        elif line.strip():
            first = first or number


def _headings(
    lines: Sequence[str], starts: Sequence[int], outline: Sequence[tuple[int, str, int]]
) -> dict[int, tuple[int, str]]:
    """Return (level, title) by line. A heading stands on the line of its page that says the same."""
    found: dict[int, tuple[int, str]] = {}
    places: dict[int, dict[str, int]] = {}
    for level, title, page in outline:
        if page not in places:
            end = starts[page + 1] if page + 1 < len(starts) else len(lines) + 1
            places[page] = {_folded(lines[number - 1]): number for number in reversed(range(starts[page], end))}
        line = places[page].get(_folded(title))
        if line is not None:
            found.setdefault(line, (level, title))
    return found


def _folded(text: str) -> str:
    return "".join(_NUMBER.sub("", text.strip()).casefold().split())


def _paragraph(lines: Sequence[str], first: int, last: int) -> Block:
    paragraph = Inline(first)
    # A word parted at the end of a line is put together again on the first of its two lines.
    text = _HYPHEN.sub(r"\1\n", "\n".join(line.strip() for line in lines[first - 1 : last]))
    at = 0
    for start, end, url in bare_urls(text):
        paragraph.add(text[at:start])
        paragraph.link(text[start:end], url)
        at = end
    paragraph.add(text[at:])
    return paragraph.block("paragraph", 0, last)
