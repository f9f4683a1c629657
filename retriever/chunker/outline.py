"""Where each block stands: under which headings, in which list items, and how far its section reaches."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from retriever.notes import Block, Note
from retriever.words import fold


@dataclass(frozen=True, slots=True)
class Place:
    """A block with its surroundings, by position in the note's blocks.

    `headings` are the positions of the headings above it, `items` those of the list items that it lies in,
    outermost first, neither with itself. `end` is the position after the last block that belongs to it: a
    heading's section, an item's children.
    """

    at: int
    block: Block
    headings: tuple[int, ...]
    items: tuple[int, ...]
    end: int


def outline(note: Note) -> list[Place]:
    """Return a place for each block of a note, in order."""
    blocks = note.blocks
    ends = _ends(blocks)
    places: list[Place] = []
    headings: list[int] = []
    items: list[int] = []
    for at, block in enumerate(blocks):
        if block.kind == "heading":
            items = []
            while headings and blocks[headings[-1]].level >= block.level:
                headings.pop()
            places.append(Place(at, block, tuple(headings), (), ends[at]))
            if not _repeats_title(note, block):
                headings.append(at)
            continue
        if block.level == 0:
            items = []
        while items and blocks[items[-1]].level >= block.level + (block.kind != "item"):
            items.pop()
        places.append(Place(at, block, tuple(headings), tuple(items), ends[at]))
        if block.kind == "item":
            items.append(at)
    return places


def _repeats_title(note: Note, block: Block) -> bool:
    """Plain text often shows its title twice, once for the page and once for the article."""
    return block.inferred and block.level > 1 and note.title is not None and fold(block.text) == fold(note.title)


def _ends(blocks: Sequence[Block]) -> list[int]:
    ends = [len(blocks)] * len(blocks)
    waiting: list[int] = []
    for at, block in enumerate(blocks):
        while waiting and _closes(blocks[waiting[-1]], block):
            ends[waiting.pop()] = at
        if block.kind in ("heading", "item"):
            waiting.append(at)
        else:
            ends[at] = at + 1
    return ends


def _closes(opened: Block, block: Block) -> bool:
    if block.kind == "heading":
        return opened.kind == "item" or opened.level >= block.level
    if opened.kind == "heading":
        return False
    return block.level < opened.level or (block.kind == "item" and block.level == opened.level)
