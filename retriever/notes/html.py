"""HTML to blocks: the main text of a page, without its navigation, or a stretch of HTML inside Markdown."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from retriever.notes.inline import Inline, folded, named
from retriever.notes.note import Block, BlockKind, Content
from retriever.notes.tags import Tag, Text, tags_and_texts

_HEADINGS = {f"h{level}": level for level in range(1, 7)}
_BLOCKS = frozenset(
    "address article aside blockquote body center dd details dialog div dl dt fieldset figcaption figure footer form "
    "header hgroup hr html li main nav ol p pre section summary table tbody td tfoot th thead tr ul caption".split()
)
_LISTS = frozenset({"ul", "ol", "dl", "menu"})
_STRONG = frozenset({"b", "strong"})
# Elements that no reader reads, and those around the main text of a page.
_UNREAD = frozenset("script style noscript template svg iframe object select button textarea".split())
_FURNITURE = frozenset("nav header footer aside dialog".split())
_FURNITURE_NAMES = frozenset(
    "nav navbar navigation menu sidebar footer breadcrumb breadcrumbs toc table-of-contents pagination pager comments "
    "share social cookie-banner skip-link sr-only site-header site-nav site-footer related-posts".split()
)
_NO_END = frozenset("area base br col embed hr img input link meta param source track wbr".split())
# How publishers tell Google Scholar what a page is about: citation_title, dc.creator and so on.
_CITATION = re.compile(r"(?:citation|dc|dcterms)[_.](?P<name>[\w.]{1,40})")
_AUTHORS = frozenset({"author", "creator"})
_RENAMED = {"arxiv_id": "arxiv", "journal_title": "journal", "conference_title": "conference"}
_SAID = frozenset({"author", "description", "keywords", "date"})


def read(lines: Sequence[str]) -> Content:
    """Read a page. Its title and what its head says of it (author, citation_doi and so on) are its front."""
    page = _Page()
    page.read(tags_and_texts("\n".join(lines)))
    # Where a page says which part is its main text, the rest is around it.
    blocks = [block for block, is_main in page.blocks if is_main] or [block for block, _ in page.blocks]
    return Content(blocks, page.front)


def html_blocks(source: str, first_line: int, depth: int = 0) -> list[Block]:
    """Return the blocks of HTML inside another format: it starts on a line, in list items of some depth."""
    page = _Page(depth=depth, is_fragment=True)
    page.read(tags_and_texts(source, first_line))
    return [block for block, _ in page.blocks]


class _Page:
    """One pass over tags and texts. `_inline` is the block that is open, and goes on until a tag of a block comes."""

    def __init__(self, *, depth: int = 0, is_fragment: bool = False) -> None:
        self.blocks: list[tuple[Block, bool]] = []
        self.front: dict[str, object] = {}
        self._is_fragment = is_fragment
        self._depth = depth
        self._lists = 0
        self._mains = 0
        self._articles = 0
        self._skipping: tuple[str, int] | None = None  # the element passed over, and how many of its name are open
        self._inline = Inline()
        self._kind: BlockKind = "paragraph"
        self._level = depth
        self._fields: list[tuple[str, str]] = []
        self._is_row = self._is_head = False
        self._names: list[str] = []
        self._code: Inline | None = None
        self._in_title = False

    def read(self, parts: Iterable[Tag | Text]) -> None:
        for part in parts:
            if isinstance(part, Tag):
                self._tag(part)
            elif self._in_title:
                self.front.setdefault("title", " ".join(part.text.split()))
            elif self._skipping is None and self._code is not None:
                self._code.add("\n" * (part.line - self._code.last_line))  # what stood inside tags and comments
                self._code.add(part.text)
            elif self._skipping is None:
                self._inline.flow(part.text, part.line)
        self._end_code(0)
        self._end()

    def _tag(self, tag: Tag) -> None:
        self._in_title = False
        if tag.name in ("title", "meta", "link") and not self._is_fragment:
            self._head(tag)
        if self._passes_over(tag):
            return
        if tag.name in _BLOCKS or tag.name in _HEADINGS:
            self._block(tag)
        elif tag.name == "a":
            self._inline.close_link()
            if not tag.closes and (target := tag.attributes.get("href")):
                self._inline.open_link(" ".join(target.split()))
        elif tag.name in _STRONG:
            (self._inline.close_strong if tag.closes else self._inline.open_strong)()
        elif tag.name == "br":
            self._inline.space()
        elif tag.name == "input" and tag.attributes.get("type", "").casefold() == "checkbox":
            self._fields.append(("status", "done" if "checked" in tag.attributes else "todo"))

    def _passes_over(self, tag: Tag) -> bool:
        if self._skipping is not None:
            name, opened = self._skipping
            if tag.name == name:
                opened += -1 if tag.closes else 1
                self._skipping = (name, opened) if opened else None
            return True
        if tag.closes or tag.name in _NO_END or not self._is_unread(tag):
            return False
        self._end()
        self._skipping = (tag.name, 1)
        return True

    def _is_unread(self, tag: Tag) -> bool:
        if tag.name in _UNREAD:
            return True
        if self._is_fragment or tag.name in ("html", "body", "main", "article"):
            return False
        if tag.name in _FURNITURE:
            # The head of an article holds its title; that of a page, the name of the site.
            return not (tag.name == "header" and (self._articles or "title" in tag.attributes.get("id", "")))
        if tag.name not in _BLOCKS or not tag.source:
            return False
        said = tag.attributes
        names = {*said.get("class", "").casefold().split(), said.get("id", "").casefold()}
        return bool(names & _FURNITURE_NAMES) or said.get("role") == "navigation" or "hidden" in said

    def _head(self, tag: Tag) -> None:
        said = tag.attributes
        if tag.name == "title":
            self._in_title = not tag.closes and "title" not in self.front and not self.blocks
        elif tag.name == "link" and said.get("rel") == "canonical" and said.get("href"):
            self.front.setdefault("url", said["href"])
        elif tag.name == "meta" and (value := " ".join(said.get("content", "").split())):
            self._meta((said.get("name") or said.get("property") or "").casefold(), value)

    def _meta(self, name: str, value: str) -> None:
        if cited := _CITATION.fullmatch(name):
            name = _RENAMED.get(cited["name"], cited["name"])
            if name in _AUTHORS:
                authors = self.front.setdefault("authors", [])
                if isinstance(authors, list):
                    authors.append(value)
            else:
                self.front[name] = value
        elif name in _SAID:
            self.front.setdefault(name, value)

    def _block(self, tag: Tag) -> None:  # noqa: C901, PLR0912  one case a kind of tag, read at a glance
        name = tag.name
        if self._code is not None:
            if name == "pre":
                self._end_code(tag.line)
            return
        if self._is_row and name in ("td", "th"):
            if not tag.closes:
                self._is_head = self._is_head and name == "th"
                self._inline.next_cell()
            return
        if self._is_row and name not in ("tr", "table", "tbody", "thead", "tfoot"):
            self._inline.space()  # a paragraph or list inside a cell
            return
        self._end(keeps_item=name in ("p", "div", "label") and not tag.closes)
        if name == "table":
            self._names = []
        elif name in ("main", "article"):
            step = -1 if tag.closes else 1
            self._articles = max(0, self._articles + step)
            self._mains = max(0, self._mains + (step if name == "main" else 0))
        elif name in _LISTS:
            self._lists = max(0, self._lists + (-1 if tag.closes else 1))
            self._level = self._depth + self._lists
        elif tag.closes:
            pass
        elif name == "tr":
            self._is_row = self._is_head = True
            self._inline = Inline(tag.line)
        elif name in ("li", "dt"):
            self._kind, self._level = "item", self._depth + max(1, self._lists)
        elif name in _HEADINGS:
            self._kind, self._level = "heading", _HEADINGS[name]
        elif name == "pre":
            self._code = Inline(tag.line)

    def _end(self, *, keeps_item: bool = False) -> None:
        """End the block that is open, if it has words."""
        inline = self._inline
        if self._is_row:
            self._end_row()
        elif inline.text:
            self._add(inline.block(self._kind, self._level, fields=tuple(self._fields)))
        else:
            inline.links.clear()  # of pictures
            if not (keeps_item and self._kind == "item"):
                self._plain()
            return
        self._inline = Inline()
        self._plain()

    def _plain(self) -> None:
        self._is_row = False
        self._kind, self._level, self._fields = "paragraph", self._depth + self._lists, []

    def _end_row(self) -> None:
        values = self._inline.cells()
        if not any(values):
            return
        is_head = self._is_head and not self._names
        fields = () if is_head else named(self._names, values)
        if is_head:
            self._names = [folded(value) for value in values]
        self._add(self._inline.block("row", self._depth + self._lists, fields=fields))

    def _end_code(self, line: int) -> None:
        if self._code is not None:
            first, text = self._code.first_line, self._code.text.rstrip()
            if text:
                last = max(line, first + text.count("\n"))
                self._add(Block("code", self._depth + self._lists, first, last, text))
            self._code = None

    def _add(self, block: Block) -> None:
        self.blocks.append((block, self._mains > 0))
