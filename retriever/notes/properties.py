"""What notes say in a form: `key:: value` lines, checkboxes and task words, taken off the text into fields.

Logseq writes properties under a block or at the top of a page, Obsidian's Dataview anywhere on a line of its own.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import replace

from retriever.notes.inline import folded
from retriever.notes.note import Block, Link

_PROPERTY = re.compile(
    r"(?m)^[ \t]*+(?P<name>[^\W\d_][\w./ -]{0,40}?)[ \t]?::(?:[ \t]++(?P<value>[^\n]*[^\s]))?[ \t]*+$"
)
_BOX = re.compile(r"\[(?P<mark>[ xX/>-])\](?:[ \t]+|$)")
_TASK = re.compile(r"(?P<word>TODO|DOING|DONE|LATER|NOW|WAITING|CANCELED|CANCELLED)[ \t]+(?=\S)")
_MARKS = {" ": "todo", "x": "done", "X": "done", "/": "doing", ">": "later", "-": "cancelled"}
_ADDRESSES = frozenset("url urls link links doi arxiv pdf source openreview".split())
# What an editor keeps for itself.
_UNREAD = frozenset({"id", "collapsed", "heading", "background-color", "logseq.order-list-type", "created", "updated"})


def with_properties(block: Block) -> Block:
    """Return a block with its task mark and property lines in its fields and off its text."""
    cuts: list[tuple[int, int]] = []
    fields = list(block.fields)
    if block.kind in ("item", "heading"):
        if box := _BOX.match(block.text):
            fields.append(("status", _MARKS[box["mark"]]))
            cuts.append(box.span())
        elif task := _TASK.match(block.text):
            fields.append(("status", task["word"].casefold()))
            cuts.append(task.span())
    if "::" in block.text:
        start = cuts[0][1] if cuts else 0
        for found in _PROPERTY.finditer(block.text, start):
            name = folded(found["name"])
            if found["value"] and name not in _UNREAD:
                fields.append((name, _value(block, found, name)))
            cuts.append(found.span())
    if not cuts:
        return block
    block = without(block, cuts)
    # What is cut last leaves blanks behind, and links may reach into them.
    text = block.text.rstrip()
    return replace(
        block,
        text=text,
        fields=tuple(fields),
        links=tuple(replace(link, end=min(link.end, len(text))) for link in block.links if link.start < len(text)),
        strong=tuple((start, min(end, len(text))) for start, end in block.strong if start < len(text)),
    )


def settled(blocks: Iterable[Block]) -> list[Block]:
    """Return the blocks, those that hold only properties given to the item or heading that they stand under."""
    found: list[Block] = []
    for block in blocks:
        above = found[-1] if found else None
        only_fields = block.kind == "paragraph" and block.fields and not block.text.strip()
        if only_fields and above is not None and above.kind in ("item", "heading"):
            found[-1] = replace(above, last_line=block.last_line, fields=(*above.fields, *block.fields))
        else:
            found.append(block)
    return found


def without(block: Block, cuts: Sequence[tuple[int, int]]) -> Block:
    """Return a block less ranges of its text, given in order; links and bold that lie in them go, too."""
    kept: list[str] = []
    starts, taken = [start for start, _ in cuts], [0]  # how much is gone after each cut
    at = 0
    for start, end in cuts:
        kept.append(block.text[at:start])
        taken.append(taken[-1] + end - start)
        at = end
    kept.append(block.text[at:])

    def moved(place: int) -> int:
        after = bisect_left(starts, place)
        over = cuts[after - 1][1] - place if after else 0
        return place - taken[after] + max(0, over)

    def is_cut(start: int, end: int) -> bool:
        after = bisect_right(starts, start)
        return after > 0 and start < cuts[after - 1][1] and end <= cuts[after - 1][1]

    return replace(
        block,
        text="".join(kept),
        links=tuple(
            Link(moved(link.start), moved(link.end), link.target, link.wiki)
            for link in block.links
            if not is_cut(link.start, link.end)
        ),
        strong=tuple((moved(start), moved(end)) for start, end in block.strong if not is_cut(start, end)),
    )


def _value(block: Block, found: re.Match[str], name: str) -> str:
    """Return the value of a property: its text, but where its links lead if it is all one link or named an address."""
    start, end = found.span("value")
    inside = [link for link in block.links if start <= link.start and link.end <= end and not link.wiki]
    if inside and (name in _ADDRESSES or (name != "title" and inside[0].end - inside[0].start == end - start)):
        return " ".join(link.target for link in inside)
    return found["value"].strip()
