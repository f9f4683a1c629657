"""Org to blocks: headlines with their drawers, nested lists, tables, source blocks, and Org's own links.

https://orgmode.org/worg/org-syntax.html tells the syntax. What Org shows no reader (comments, logbooks, export
settings) makes no block.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Sequence

from retriever.notes.frontmatter import front_matter
from retriever.notes.inline import Inline, folded, is_address, named, shorn
from retriever.notes.note import Block, BlockKind, Content

_HEADLINE = re.compile(r"(?P<stars>\*+)[ \t]+(?P<text>.*)")
_TAGS = re.compile(r"(?:^|[ \t])(?P<tags>:[\w@#%:]{1,300}:)[ \t]*$")
_PRIORITY = re.compile(r"\[#(?P<priority>\w{1,2})\][ \t]*")
_TODO = frozenset("TODO NEXT STARTED WAITING HOLD SOMEDAY READ READING TOREAD DONE CANCELLED CANCELED".split())
_KEYWORD = re.compile(r"[ \t]*#\+(?P<key>[\w@-]{1,40})(?:\[[^\]]{0,100}\])?:[ \t]*(?P<value>.*)")
_BEGIN = re.compile(r"[ \t]*#\+begin_(?P<name>\w{1,40})\b", re.IGNORECASE)
_END = re.compile(r"[ \t]*#\+end_(?P<name>\w{1,40})[ \t]*$", re.IGNORECASE)
_DRAWER = re.compile(r"[ \t]*:(?P<name>[\w-]{1,60}):[ \t]*$")
_PROPERTY = re.compile(r"[ \t]*:(?P<name>[^\s:]{1,60}?)\+?:[ \t]*(?P<value>.*)")
_PLANNING = re.compile(r"(?P<name>SCHEDULED|DEADLINE|CLOSED):[ \t]*(?P<value>[<\[][^>\]\n]{1,60}[>\]])")
_ITEM = re.compile(
    r"(?P<indent>[ \t]*)(?:[-+]|(?<=[ \t])\*|\d{1,9}[.)])(?:[ \t]+(?:\[@\d{1,9}\][ \t]*)?(?P<text>.*))?$"
)
_BOX = re.compile(r"\[(?P<mark>[ xX-])\][ \t]+")
_COMMENT = re.compile(r"[ \t]*#(?:[ \t]|$)")
_RULE = re.compile(r"[ \t]*-{5,}[ \t]*$")
_TABLE = re.compile(r"[ \t]*\|")
_PROSE = frozenset({"quote", "center", "verse", "abstract", "note", "tip", "warning", "details", "summary"})
_FRONT = frozenset("title author date filetags tags email subtitle description keywords roam_key roam_refs".split())

_MARKUP = re.compile(
    r"""\[\[(?P<target>[^\[\]]{1,2000})\](?:\[(?P<shown>[^\[\]]{1,2000})\])?\]
    | \[cite(?:/[\w/-]{1,20})?:(?P<cites>[^\[\]]{1,2000})\]
    | (?<!\w)(?P<cite>cite|citep|citet|citeauthor|citeyear|autocite|parencite|textcite|fullcite|nocite)
        :&?(?P<keys>[\w.:-]*\w(?:[,;]&?[\w.:-]*\w)*)
    | \[fn:[^\[\]]{0,60}\]
    | <(?P<angle>https?://[^<>\s]{1,2000})>
    | (?P<url>https?://[^\s<>\[\]"{}|\\^`]+)
    | (?<![\w*])\*(?P<strong>[^\s*](?:[^*]{0,500}[^\s*])?)\*(?![\w*])
    | (?<![\w/.:~])/(?P<slanted>[^\s/](?:[^/\n]{0,300}[^\s/])?)/(?![\w/])
    | (?<![\w=])=(?P<verbatim>[^\s=](?:[^=\n]{0,300}[^\s=])?)=(?![\w=])
    | (?<![\w~])~(?P<code>[^\s~](?:[^~\n]{0,300}[^\s~])?)~(?![\w~])
    | (?<![\w+])\+(?P<struck>[^\s+](?:[^+\n]{0,300}[^\s+])?)\+(?![\w+])""",
    re.VERBOSE,
)
_PICTURES = (".png", ".jpg", ".jpeg", ".svg", ".gif", ".webp")
_CITED = re.compile(r"@(?P<key>[\w.:/-]*\w)")


def read(lines: Sequence[str]) -> Content:
    """Read Org. Keywords such as #+TITLE, and the properties above the first headline, are its front."""
    return _Org(lines).read()


class _Org:
    """One pass over the lines; `_open` gathers the paragraph or item that may go on in the next one."""

    def __init__(self, lines: Sequence[str]) -> None:
        self._lines = lines
        self._blocks: list[Block] = []
        self._todo = set(_TODO)
        self._open: list[tuple[int, str]] = []
        self._kind: BlockKind = "paragraph"
        self._fields: list[tuple[str, str]] = []
        self._columns: list[int] = []
        self._quoted: list[str] = []
        # Where blocks and drawers end, looked up by bisection: one that never ends is text, found out at once.
        self._ends: dict[str, list[int]] = {}
        for number, line in enumerate(lines):
            if ended := _END.match(line):
                self._ends.setdefault(ended["name"].casefold(), []).append(number)
            elif line.strip().casefold() == ":end:":
                self._ends.setdefault(":", []).append(number)
            elif line.startswith("*") and _HEADLINE.match(line):
                self._ends.setdefault("*", []).append(number)

    def read(self) -> Content:
        front, at, warning = front_matter(self._lines)
        self._front = front
        while at < len(self._lines):
            at = self._line(at)
        self._close()
        return Content(self._blocks, self._front, (warning,) if warning else ())

    def _line(self, at: int) -> int:  # noqa: PLR0911  one case a kind of line, read at a glance
        """Take the line at a position, and what belongs to it; return the position after it."""
        line = self._lines[at]
        if not line.strip():
            self._close()
            return at + 1
        if line.startswith("*") and (headline := _HEADLINE.match(line)):
            return self._headline(at, headline)
        if (begin := _BEGIN.match(line)) and (end := self._end(at, begin["name"].casefold())) is not None:
            return self._block(at, end, begin["name"].casefold())
        if _END.match(line):
            self._close()
            return at + 1
        if keyword := _KEYWORD.match(line):
            self._close()
            self._keyword(keyword["key"].casefold(), keyword["value"].strip())
            return at + 1
        if _COMMENT.match(line) or _RULE.match(line):
            self._close()
            return at + 1
        if (drawer := _DRAWER.match(line)) and (end := self._end(at, ":")) is not None:
            self._close()
            if drawer["name"].casefold() == "properties" and not self._blocks:
                self._front.update(self._properties(at, end))
            return end + 1
        if _TABLE.match(line):
            return self._table(at)
        self._text(at)
        return at + 1

    def _end(self, at: int, name: str) -> int | None:
        """Return where what begins at a line ends, before the next headline."""
        ends, heads = self._ends.get(name, []), self._ends.get("*", [])
        after = bisect_right(ends, at)
        if after == len(ends):
            return None
        before = bisect_right(heads, at)
        return ends[after] if before == len(heads) or heads[before] > ends[after] else None

    def _keyword(self, key: str, value: str) -> None:
        if key in ("todo", "seq_todo", "typ_todo"):
            self._todo.update(re.sub(r"\([^()]*\)", "", value).replace("|", " ").split())
        elif key in _FRONT and value:
            known = self._front.get(key)
            self._front[key] = f"{known} {value}" if isinstance(known, str) else value

    def _headline(self, at: int, headline: re.Match[str]) -> int:
        self._close()
        self._columns = []
        text, fields = headline["text"].strip(), []
        if (word := text.split(" ", 1)[0]) in self._todo:
            fields.append(("status", word.casefold()))
            text = text.removeprefix(word).lstrip()
        if priority := _PRIORITY.match(text):
            fields.append(("priority", priority["priority"]))
            text = text[priority.end() :]
        if tags := _TAGS.search(text):
            fields.append(("tags", ", ".join(tag for tag in tags["tags"].split(":") if tag)))
            text = text[: tags.start()].rstrip()
        last = at
        while last + 1 < len(self._lines) and (planning := _PLANNING.findall(self._lines[last + 1])):
            fields += [(name.casefold(), value) for name, value in planning]
            last += 1
        if last + 1 < len(self._lines) and self._lines[last + 1].strip().casefold() == ":properties:":
            end = self._end(last + 1, ":")
            if end is not None:
                fields += self._properties(last + 1, end)
                last = end
        self._blocks.append(
            _reading(text, at + 1).block("heading", min(len(headline["stars"]), 6), last + 1, tuple(fields))
        )
        return last + 1

    def _properties(self, start: int, end: int) -> list[tuple[str, str]]:
        found = [match for line in self._lines[start + 1 : end] if (match := _PROPERTY.match(line))]
        return [(folded(match["name"]), match["value"].strip()) for match in found if match["value"].strip()]

    def _block(self, at: int, end: int, name: str) -> int:
        self._close()
        if name in _PROSE:
            return at + 1  # read like any text; its last line is passed over when met
        if name != "comment":
            text = "\n" + "\n".join(self._lines[at + 1 : end])
            self._blocks.append(Block("code", len(self._columns), at + 1, end + 1, text))
        return end + 1

    def _table(self, at: int) -> int:
        self._close()
        end = at
        while end < len(self._lines) and _TABLE.match(self._lines[end]):
            end += 1
        rules = {n for n in range(at, end) if re.match(r"[ \t]*\|-", self._lines[n])}
        names: list[str] = []
        for number in range(at, end):
            if number in rules:
                continue
            row = Inline(number + 1)
            for cell in self._lines[number].strip().strip("|").split("|"):
                row.next_cell()
                _read(row, cell.strip())
            values = row.cells()
            heads = number + 1 in rules and not names
            names = [folded(value) for value in values] if heads else names
            fields = () if heads else named(names, values)
            self._blocks.append(row.block("row", len(self._columns), fields=fields))
        return end

    def _text(self, at: int) -> None:
        line = self._lines[at]
        item = _ITEM.match(line)
        column = len(line[: len(line) - len(line.lstrip())].expandtabs(8))
        if item is None:
            if not self._open:
                self._leave(column)
                self._kind = "paragraph"
            elif self._kind == "item" and column <= self._columns[-1]:
                self._close()
                self._leave(column)
                self._kind = "paragraph"
            self._open.append((at + 1, line.strip()))
            return
        self._close()
        self._leave(column)
        self._columns.append(column)
        self._kind = "item"
        text = (item["text"] or "").strip()
        if box := _BOX.match(text):
            self._fields.append(("status", "done" if box["mark"] in "xX" else "todo"))
            text = text[box.end() :]
        self._open.append((at + 1, text.replace(" :: ", ": ", 1)))

    def _leave(self, column: int) -> None:
        while self._columns and self._columns[-1] >= column:
            self._columns.pop()

    def _close(self) -> None:
        """End the paragraph or item that is open."""
        if self._open:
            text = "\n".join(text for _, text in self._open)
            reading = _reading(text, self._open[0][0])
            if reading.text.strip():
                self._blocks.append(
                    reading.block(self._kind, len(self._columns), self._open[-1][0], tuple(self._fields))
                )
            self._open, self._fields = [], []


def _reading(text: str, line: int) -> Inline:
    reading = Inline(line)
    _read(reading, text)
    return reading


def _read(reading: Inline, text: str) -> None:
    """Take the markup off a text: each kind may hold others, none itself."""
    at = 0
    for match in _MARKUP.finditer(text):
        reading.add(text[at : match.start()])
        at = match.end()
        if match["target"]:
            _link(reading, match["target"], match["shown"])
        elif match["cites"] or match["keys"]:
            cited = match["cites"] or re.sub(r"(?:^|(?<=[,;]))&?", " @", match["keys"])
            _cite(reading, cited.strip())
        elif url := match["angle"] or match["url"]:
            address = url if match["angle"] else shorn(url)
            reading.link(address, address)
            reading.add(url[len(address) :])
        elif match["strong"]:
            reading.open_strong()
            _read(reading, match["strong"])
            reading.close_strong()
        elif inner := match["slanted"] or match["struck"]:
            _read(reading, inner)
        else:
            reading.add(match["verbatim"] or match["code"] or "")
    reading.add(text[at:])


def _link(reading: Inline, target: str, shown: str | None) -> None:
    target = " ".join(target.split())
    if target.casefold().startswith(("id:", "roam:")):
        name = " ".join((shown or target.split(":", 1)[1]).split())
        reading.link(shown or name, name, wiki=True)
    elif target.startswith(("cite:", "@")):
        key = "@" + target.removeprefix("cite:").lstrip("&@")
        reading.link(shown or key, key, wiki=True)
    elif shown is None and target.casefold().endswith(_PICTURES):
        return
    elif target.startswith(("*", "#")):
        _read(reading, shown or target[1:])
    else:
        name = target.removeprefix("file:")
        reading.open_link(name, wiki=name == target and not is_address(target) and ":" not in target)
        _read(reading, shown or name)
        reading.close_link()


def _cite(reading: Inline, cited: str) -> None:
    at = 0
    for match in _CITED.finditer(cited):
        reading.add(cited[at : match.start()])
        reading.link(match.group(), match.group(), wiki=True)
        at = match.end()
    reading.add(cited[at:])
