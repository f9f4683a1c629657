"""The bytes of a file to a note, by the reader of the format that its suffix names.

A reader is a module of this folder with a function `read`, from lines to what they hold. It is loaded when such
a file is met: a search reads no note, and few folders hold every format.
"""

from __future__ import annotations

import gc
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from importlib import import_module
from pathlib import PurePath
from typing import cast

from retriever.notes.note import Block, Content, Note, Repair

MARKDOWN = "markdown"
PLAIN = "plain"
PDF = "pdf"
# Which module reads what. Quarto and R Markdown are Markdown whose code cells are fenced.
READERS = {
    **dict.fromkeys((".md", ".markdown", ".mdown", ".mkd", ".mkdn", ".qmd", ".rmd"), MARKDOWN),
    **dict.fromkeys((".txt", ".text"), PLAIN),
    ".org": "org",
    **dict.fromkeys((".rst", ".rest"), "rst"),
    **dict.fromkeys((".tex", ".latex", ".ltx"), "latex"),
    **dict.fromkeys((".html", ".htm", ".xhtml"), "html"),
    ".ipynb": "notebook",
    **dict.fromkeys((".csv", ".tsv"), "tables"),
    **dict.fromkeys((".bib", ".bibtex"), "bibtex"),
    ".ris": "ris",
    **dict.fromkeys((".json", ".jsonl", ".ndjson"), "jsonpapers"),
    ".pdf": PDF,
}
# Notes in a format that has no reader of its own: read as plain text, with a warning.
OTHER = frozenset({".adoc", ".textile", ".wiki"})
SUFFIXES = frozenset(READERS) | OTHER


def read_note(content: bytes, *, folder: str, file: str) -> Note:
    """Return the note that a file's bytes hold. Any bytes make a note; what was wrong is in its warnings."""
    suffix = PurePath(file).suffix.casefold()
    with _uncollected():
        lines, repairs, found = _pdf(content) if READERS.get(suffix) == PDF else _text(content, suffix)
        blocks = [_clean(block) for block in found.blocks]
    return Note(
        folder=folder,
        file=file,
        title=_title(found.front, blocks),
        lines=lines,
        blocks=tuple(blocks),
        front=found.front,
        repairs=repairs,
        warnings=found.warnings,
    )


@contextmanager
def _uncollected() -> Iterator[None]:
    """Hold the garbage collector: parsers make objects by the million that all live until the note is read, and going
    through them again and again takes a fifth of the time.
    """
    collecting = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if collecting:
            gc.enable()


def _text(content: bytes, suffix: str) -> tuple[tuple[str, ...], tuple[Repair, ...], Content]:
    from retriever.notes.encoding import decode, repair  # noqa: PLC0415  see above

    text, warning = decode(content)
    lines, repairs = repair(text)
    warnings = [warning] if warning else []
    name = READERS.get(suffix, PLAIN)
    if suffix and suffix not in READERS:
        warnings.append(f"no reader for {suffix} files; read as plain text")
    if name == PLAIN and suffix not in OTHER and _looks_like_markdown(lines):
        name = MARKDOWN
    read = cast("Callable[[Sequence[str]], Content]", import_module(f"retriever.notes.{name}").read)
    found = read(lines)
    return lines, repairs, replace(found, warnings=(*warnings, *found.warnings))


def _pdf(content: bytes) -> tuple[tuple[str, ...], tuple[Repair, ...], Content]:
    from retriever.notes.pdf import read_pdf  # noqa: PLC0415  see above

    return read_pdf(content)


def _clean(block: Block) -> Block:
    """Blank what an escape of the format may have brought in: control characters and lone surrogates."""
    from retriever.notes.encoding import blank_controls  # noqa: PLC0415  see above

    text = blank_controls(block.text)
    fields = tuple((blank_controls(name), blank_controls(value)) for name, value in block.fields)
    links = block.links
    if any(blank_controls(link.target) != link.target for link in links):
        links = tuple(replace(link, target=blank_controls(link.target)) for link in links)
    unchanged = text == block.text and fields == block.fields and links is block.links
    return block if unchanged else replace(block, text=text, links=links, fields=fields)


def _looks_like_markdown(lines: Sequence[str]) -> bool:
    """Tell whether a file without a telling suffix is Markdown: front matter, or signs in one line of twenty."""
    if lines and lines[0].rstrip() == "---" and any(line.rstrip() == "---" for line in lines[1:100]):
        return True
    filled = [line for line in lines if line.strip()]
    signs = sum(line.startswith(("# ", "## ", "### ", "```", "> ")) or "](" in line for line in filled)
    return signs >= 2 and signs * 20 >= len(filled)


def _title(fields: Mapping[str, object], blocks: Sequence[Block]) -> str | None:
    first_level = [block.text for block in blocks if block.kind == "heading" and block.level == 1]
    if len(first_level) == 1:
        return first_level[0].strip()
    title = fields.get("title")
    return title.strip() if isinstance(title, str) and title.strip() else None
