"""Markdown to blocks: CommonMark with tables, front matter, wikilinks, callouts and nested bullets."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from markdown_it import MarkdownIt
from markdown_it.token import Token

from retriever.notes.bullets import aligned
from retriever.notes.frontmatter import front_matter
from retriever.notes.note import Block, BlockKind, Content, Link

# Bounded on both sides, so that hostile text cannot make the search quadratic.
_WIKI = re.compile(r"!?\[\[([^\[\]\n|]{1,300})(?:\|([^\[\]\n]{1,300}))?\]\]")
_CALLOUT = re.compile(r"\[!\w{1,30}\][+-]? ?")
_COMMENT = re.compile(r"%%[^%]{0,2000}%%")

# Indented code is off: in notes, deep indentation is an outline, never a program.
_PARSER = MarkdownIt("commonmark", {"html": True}).enable(["table", "strikethrough"]).disable(["code"])


def read(lines: Sequence[str]) -> Content:
    """Read Markdown with its front matter."""
    front, taken, warning = front_matter(lines)
    return Content(markdown_blocks(lines, taken), front, (warning,) if warning else ())


def markdown_blocks(lines: Sequence[str], skip: int = 0) -> list[Block]:
    """Return the blocks of Markdown lines in order of line; the first `skip` lines (front matter) are left out."""
    text = "\n".join([""] * skip + aligned(lines[skip:]))
    return list(_blocks(_PARSER.parse(text)))


def _blocks(tokens: Sequence[Token]) -> Iterator[Block]:  # noqa: C901  one case a kind of token, read at a glance
    depth = 0
    fresh_item: tuple[int, int] | None = None  # an item that has not shown its own text yet
    row: list[Token] | None = None
    heading = 0
    for token in tokens:
        match token.type:
            case "bullet_list_open" | "ordered_list_open":
                depth += 1
            case "bullet_list_close" | "ordered_list_close":
                depth -= 1
            case "list_item_open":
                fresh_item = _lines(token)
            case "heading_open":
                heading = int(token.tag[1])
            case "tr_open":
                row, fresh_item = [], None
            case "tr_close" if row:
                yield _row(row, depth)
                row = None
            case "inline" if row is not None:
                row.append(token)
            case "inline" if token.map:
                kind: BlockKind = "heading" if heading else "item" if fresh_item else "paragraph"
                yield _inline_block(kind, heading or depth, _lines(token), token)
                heading, fresh_item = 0, None
            case "fence" | "html_block" if token.map:
                first, last = _lines(token)
                code = token.content.rstrip("\n")
                if token.type == "fence":
                    code, last = "\n" + code, max(last, first)  # the fence's own line shows nothing
                yield Block("code" if token.type == "fence" else "paragraph", depth, first, last, code)
                fresh_item = None
            case _:
                pass


def _lines(token: Token) -> tuple[int, int]:
    assert token.map is not None
    return token.map[0] + 1, max(token.map[0] + 1, token.map[1])


def _row(cells: Sequence[Token], depth: int) -> Block:
    parts = [_Reading(cell) for cell in cells]
    text, links, strong = "", [], []
    for part in parts:
        text += " | " if text else ""
        links += [Link(link.start + len(text), link.end + len(text), link.target, link.wiki) for link in part.links]
        strong += [(start + len(text), end + len(text)) for start, end in part.strong]
        text += part.text.replace("\n", " ")
    first, _ = _lines(cells[0])
    return Block("row", depth, first, first, text, tuple(links), tuple(strong))


def _inline_block(kind: BlockKind, level: int, lines: tuple[int, int], token: Token) -> Block:
    reading = _Reading(token)
    return Block(kind, level, *lines, reading.text, tuple(reading.links), tuple(reading.strong))


class _Reading:
    """The inline content of one block as a reader sees it: text, links and bold ranges."""

    def __init__(self, token: Token) -> None:
        self.text = ""
        self.links: list[Link] = []
        self.strong: list[tuple[int, int]] = []
        self._open_links: list[tuple[int, str]] = []
        self._open_strong: list[int] = []
        for child in token.children or ():
            self._read(child)

    def _read(self, child: Token) -> None:
        match child.type:
            case "text":
                self._plain(child.content)
            case "code_inline" | "math_inline":
                self.text += child.content.replace("\n", " ")
            case "softbreak" | "hardbreak":
                self.text += "\n"
            case "link_open":
                self._open_links.append((len(self.text), str(child.attrGet("href") or "")))
            case "link_close" if self._open_links:
                start, target = self._open_links.pop()
                self.links.append(Link(start, len(self.text), target))
            case "image":
                # What stands in the alternative text of a picture is no part of the sentence around it.
                self.text += " "
            case "strong_open":
                self._open_strong.append(len(self.text))
            case "strong_close" if self._open_strong:
                self.strong.append((self._open_strong.pop(), len(self.text)))
            case "html_inline" if child.content.casefold().startswith("<br"):
                self.text += " "
            case _:
                pass

    def _plain(self, content: str) -> None:
        content = _COMMENT.sub(" ", _CALLOUT.sub("", content) if not self.text else content)
        at = 0
        for match in _WIKI.finditer(content):
            self.text += content[at : match.start()]
            start = len(self.text)
            self.text += (match[2] or match[1]).strip()
            self.links.append(Link(start, len(self.text), match[1].strip(), wiki=True))
            at = match.end()
        self.text += content[at:]
