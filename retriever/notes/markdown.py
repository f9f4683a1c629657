"""Markdown to blocks: CommonMark with tables, front matter, wikilinks, callouts, citations, properties and HTML."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from markdown_it.token import Token

from retriever.notes.bullets import aligned
from retriever.notes.frontmatter import front_matter
from retriever.notes.html import html_blocks
from retriever.notes.inline import Inline, folded, named
from retriever.notes.markdown_syntax import PARSER, spaced_headings
from retriever.notes.note import Block, BlockKind, Content
from retriever.notes.properties import settled, with_properties
from retriever.notes.tags import Tag, tags_and_texts

# Bounded on both sides, so that hostile text cannot make the search quadratic.
_NAMED_LINK = re.compile(
    r"!?\[\[(?P<target>[^\[\]\n|]{1,300})(?:\|(?P<shown>[^\[\]\n]{1,300}))?\]\]"
    r"|(?<!\])\[(?P<cited>[^\[\]\n]{2,800})\](?![\[(])"
)
_CALLOUT = re.compile(r"\[!\w{1,30}\][+-]? ?")
_COMMENT = re.compile(r"%%[^%]{0,2000}%%")
# A citation as pandoc has it: [@key], [see @key, p. 3; -@other].
_CITATION = re.compile(r"(?<![\w@./])@(?P<key>[^\W_][\w:.#$%&+?~/-]{0,100})")


def read(lines: Sequence[str]) -> Content:
    """Read Markdown. Front matter and the properties above all text (`key:: value`) are its front."""
    front, taken, warning = front_matter(lines)
    blocks = markdown_blocks(lines, taken)
    if blocks and blocks[0].fields and not blocks[0].text.strip():
        front = {**dict(blocks[0].fields), **front}
        blocks = blocks[1:]
    return Content(blocks, front, (warning,) if warning else ())


def markdown_blocks(lines: Sequence[str], skip: int = 0) -> list[Block]:
    """Return the blocks of Markdown lines in order of line; the first `skip` lines (front matter) are left out."""
    text = "\n".join([""] * skip + spaced_headings(aligned(lines[skip:])))
    return settled(_blocks(PARSER.parse(text)))


def _blocks(tokens: Sequence[Token]) -> Iterator[Block]:  # noqa: C901, PLR0912  one case a kind of token, read at a glance
    depth = 0
    fresh_item: tuple[int, int] | None = None  # an item that has not shown its own text yet
    row: list[Token] | None = None
    names: list[str] = []
    heading = 0
    kind: BlockKind
    for token in tokens:
        match token.type:
            case "bullet_list_open" | "ordered_list_open":
                depth += 1
            case "bullet_list_close" | "ordered_list_close":
                depth -= 1
            case "list_item_open":
                fresh_item = _lines(token)
            case "list_item_close":
                fresh_item = None  # of an item without text
            case "heading_open":
                heading = int(token.tag[1])
            case "thead_open":
                names = []
            case "tr_open":
                row, fresh_item = [], None
            case "tr_close" if row:
                block, values = _row(row, depth, names)
                names = names or [folded(value) for value in values]
                yield block
                row = None
            case "inline" if row is not None:
                row.append(token)
            case "inline" if token.map:
                kind = "heading" if heading else "item" if fresh_item else "paragraph"
                yield _inline_block(kind, heading or depth, _lines(token), token)
                heading, fresh_item = 0, None
            case "html_block" if token.map:
                yield from html_blocks(token.content, _lines(token)[0], depth)
                fresh_item = None
            case "fence" | "math_block" if token.map:
                first, last = _lines(token)
                is_code = token.type == "fence"
                content = token.content.rstrip("\n")
                if content.strip():  # the fence's own line shows nothing
                    kind = "code" if is_code else "paragraph"
                    yield Block(kind, depth, first, last, f"\n{content}" if is_code else content)
                fresh_item = None
            case _:
                pass


def _lines(token: Token) -> tuple[int, int]:
    assert token.map is not None
    return token.map[0] + 1, max(token.map[0] + 1, token.map[1])


def _row(cells: Sequence[Token], depth: int, names: Sequence[str]) -> tuple[Block, list[str]]:
    """Return a row, and the text of its cells."""
    first, _ = _lines(cells[0])
    row = Inline(first)
    for cell in cells:
        row.next_cell()
        _read(row, cell)
    values = row.cells()
    return row.block("row", depth, fields=named(names, values)), values


def _inline_block(kind: BlockKind, level: int, lines: tuple[int, int], token: Token) -> Block:
    inline = Inline(lines[0])
    struck = _read(inline, token)
    fields = (("struck", struck),) if struck else ()
    return with_properties(inline.block(kind, level, lines[1], fields))


def _read(inline: Inline, token: Token) -> str:  # noqa: C901, PLR0912  one case a kind of token, read at a glance
    """Append the content of a block as a reader sees it; return what of it is struck through."""
    struck: list[tuple[int, int]] = []
    struck_from: int | None = None
    is_first = True
    for child in token.children or ():
        match child.type:
            case "text":
                _plain(inline, _CALLOUT.sub("", child.content, count=1) if is_first else child.content)
            case "code_inline" | "math_inline":
                inline.add(child.content)
            case "softbreak" | "hardbreak":
                inline.add("\n")
            case "link_open":
                inline.open_link(str(child.attrGet("href") or ""))
            case "link_close":
                inline.close_link()
            case "image":
                # What stands in the alternative text of a picture is no part of the sentence around it.
                inline.add(" ")
            case "strong_open":
                inline.open_strong()
            case "strong_close":
                inline.close_strong()
            case "s_open":
                struck_from = len(inline)
            case "s_close" if struck_from is not None:
                struck.append((struck_from, len(inline)))
            case "html_inline":
                _html(inline, child.content)
                inline.add("\n" * child.content.count("\n"))  # a tag or comment keeps its lines
            case _:
                pass
        is_first = is_first and child.type in ("strong_open", "em_open", "html_inline")
    text = inline.text if struck else ""
    return " ".join(" ".join(text[start:end] for start, end in struck).split())


def _html(inline: Inline, source: str) -> None:
    for tag in tags_and_texts(source):
        if not isinstance(tag, Tag):
            continue
        if tag.name == "br":
            inline.add(" ")
        elif tag.name in ("b", "strong"):
            (inline.close_strong if tag.closes else inline.open_strong)()
        elif tag.name == "a" and tag.closes:
            inline.close_link()
        elif tag.name == "a" and (target := tag.attributes.get("href")):
            inline.open_link(target)


def _plain(inline: Inline, content: str) -> None:
    content = _COMMENT.sub(" ", content)
    at = 0
    for match in _NAMED_LINK.finditer(content):
        inline.add_with_addresses(content[at : match.start()])
        at = match.end()
        if match["target"]:
            target = match["target"].strip()
            inline.link((match["shown"] or target).strip(), target, wiki=True)
        else:
            _cited(inline, match.group())
    inline.add_with_addresses(content[at:])


def _cited(inline: Inline, content: str) -> None:
    """Append what stands in square brackets; if it cites, each key in it is a link."""
    found = list(_CITATION.finditer(content))
    ends = [match.start("key") + len(match["key"].rstrip(":.#$%&+?~/-")) for match in found]
    at = 0
    for match, end in zip(found, ends, strict=True):
        inline.add(content[at : match.start()])
        inline.link(content[match.start() : end], content[match.start() : end], wiki=True)
        at = end
    inline.add(content[at:])
