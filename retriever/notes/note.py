"""What a note is once read: repaired lines, and blocks with their place. Every reader makes these."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

BlockKind = Literal["heading", "paragraph", "item", "row", "entry", "code"]


@dataclass(frozen=True, slots=True)
class Link:
    """A link in a block: the half-open range of the block's text that it covers, and where it leads.

    `wiki` marks a link by name, whose target is the name of another note or a citation key.
    """

    start: int
    end: int
    target: str
    wiki: bool = False


@dataclass(frozen=True, slots=True)
class Block:
    """One heading, paragraph, list item (its own text, not its children), table row, library entry or code block.

    `level` is 1 to 6 for headings, the depth in nested lists (1 for the outermost) for items and for what
    belongs to them, else 0. `text` is what a reader sees, markup taken off, with one line feed for each line
    feed of the source. `strong` are ranges of bold text. `fields` are values that the source names: the columns
    of a row, the fields of an entry, the properties of an item or heading; names are in lower case. `inferred`
    marks headings that the source does not mark: their levels say nothing.
    """

    kind: BlockKind
    level: int
    first_line: int
    last_line: int
    text: str
    links: tuple[Link, ...] = ()
    strong: tuple[tuple[int, int], ...] = ()
    fields: tuple[tuple[str, str], ...] = ()
    inferred: bool = False


@dataclass(frozen=True, slots=True)
class Content:
    """What a reader finds in the lines of a file: blocks in order of line, what the file says of itself, warnings."""

    blocks: Sequence[Block]
    front: Mapping[str, object] = field(default_factory=dict)
    warnings: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Repair:
    """A stretch of text that was broken in the file: its line, and what stands there instead."""

    line: int
    before: str
    after: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Note:
    """One file of notes, read and repaired; the file itself is never written.

    `folder` is the label of its notes folder, `file` its path below that. `lines` are the repaired lines,
    split at line feeds only. `title` is what the note calls itself, in front matter or by its only first-level
    heading. `front` is its front matter.
    """

    folder: str
    file: str
    title: str | None
    lines: tuple[str, ...]
    blocks: tuple[Block, ...]
    front: Mapping[str, object] = field(default_factory=dict)
    repairs: tuple[Repair, ...] = ()
    warnings: tuple[str, ...] = ()
