"""The text of one block as it grows: what a reader sees, with its links, bold ranges, cells and place in the file.

Readers either `add` text whose line feeds are those of the source, or let it `flow`: then spaces are joined, and
a line feed comes only where the source goes on to another line.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from retriever.notes.note import Block, BlockKind, Link

_CELL_BREAK = " | "
_URL = re.compile(r"https?://[^\s<>\"{}|\\^`\[\]]+")
_ID_LINK = re.compile(r"(?:doi:|arxiv:)\S+", re.IGNORECASE)


class Inline:
    """The text of a block under construction. `line` is where it starts; 0 lets the first words decide."""

    def __init__(self, line: int = 0) -> None:
        self.first_line = line
        self.links: list[Link] = []
        self.strong: list[tuple[int, int]] = []
        # Pieces, and not one growing string: a paragraph of a megabyte may have a hundred thousand of them.
        self._pieces: list[str] = []
        self._length = self._feeds = 0
        self._space = False
        self._open_links: list[tuple[int, str, bool]] = []
        self._open_strong: list[int] = []
        self._cells: list[int] = []

    def __len__(self) -> int:
        return self._length

    @property
    def last_line(self) -> int:
        """The line on which the text ends so far."""
        return self.first_line + self._feeds

    @property
    def is_row(self) -> bool:
        """Whether the text is that of a table row, in cells."""
        return bool(self._cells)

    @property
    def text(self) -> str:
        return "".join(self._pieces)

    def add(self, text: str) -> None:
        """Append text as it is."""
        if text:
            self._pieces.append(text)
            self._length += len(text)
            self._feeds += text.count("\n")

    def flow(self, text: str, line: int) -> None:
        """Append the words of a text that starts on a line of the file, at or below the last one."""
        for number, piece in enumerate(text.split("\n"), line):
            words = " ".join(piece.split())
            if not words:
                self._space = self._space or bool(piece)
                continue
            begins = self._length == (self._cells[-1] if self._cells else 0)
            if not self._length:
                self.first_line = number
            elif number > self.last_line:
                self.add("\n" * (number - self.last_line))
            elif (self._space or piece[0].isspace()) and not begins:
                self.add(" ")
            self.add(words)
            self._space = piece[-1].isspace()

    def space(self) -> None:
        """Part the words that flow next from those before."""
        self._space = True

    def add_with_addresses(self, text: str) -> None:
        """Append text in which each web address is a link, unless it stands in one already."""
        at = 0
        for start, end, url in bare_urls(text) if "://" in text and not self._open_links else ():
            self.add(text[at:start])
            self.link(text[start:end], url)
            at = end
        self.add(text[at:])

    def open_link(self, target: str, *, wiki: bool = False) -> None:
        self._open_links.append((self._length, target, wiki))

    def close_link(self) -> None:
        """End the innermost open link; without one, nothing happens."""
        if self._open_links:
            start, target, wiki = self._open_links.pop()
            self.links.append(Link(start, self._length, target, wiki))

    def link(self, shown: str, target: str, *, wiki: bool = False) -> None:
        """Append a link with its text."""
        self.open_link(target, wiki=wiki)
        self.add(shown)
        self.close_link()

    def open_strong(self) -> None:
        self._open_strong.append(self._length)

    def close_strong(self) -> None:
        if self._open_strong:
            self.strong.append((self._open_strong.pop(), self._length))

    def next_cell(self) -> None:
        """Begin another cell of a table row."""
        if self._cells:
            self.add(_CELL_BREAK)
        self._cells.append(self._length)
        self._space = False

    def cells(self) -> list[str]:
        """Return the text of each cell; of one that shows only pictures, where its links lead."""
        text = self.text
        if not self._cells:
            return []
        ends = [start - len(_CELL_BREAK) for start in self._cells[1:]] + [self._length]
        targets: dict[int, list[str]] = {}
        at = 0
        for link in sorted(self.links, key=lambda link: link.start):
            while at + 1 < len(self._cells) and link.start >= self._cells[at + 1]:
                at += 1
            targets.setdefault(at, []).append(link.target)
        return [
            " ".join(text[start:end].split()) or " ".join(targets.get(number, ()))
            for number, (start, end) in enumerate(zip(self._cells, ends, strict=True))
        ]

    def block(
        self,
        kind: BlockKind,
        level: int,
        last_line: int | None = None,
        fields: tuple[tuple[str, str], ...] = (),
    ) -> Block:
        """Return the block. What is still open ends here, and ranges begin and end with words."""
        while self._open_links:
            self.close_link()
        while self._open_strong:
            self.close_strong()
        text = self.text
        return Block(
            kind,
            level,
            self.first_line,
            max(self.last_line, last_line or 0),
            text,
            tuple(
                Link(*_trimmed(text, link.start, link.end), link.target, link.wiki)
                for link in sorted(self.links, key=lambda link: link.start)
            ),
            tuple(_trimmed(text, *bold) for bold in sorted(self.strong) if text[slice(*bold)].strip()),
            fields,
        )


def named(names: Sequence[str], values: Sequence[str]) -> tuple[tuple[str, str], ...]:
    """Return the fields of a row: the values that are not empty, by the names of their columns."""
    return tuple((name, value) for name, value in zip(names, values, strict=False) if name and value)


def folded(name: str) -> str:
    """Return the name of a column or property as fields have it: lower case, single spaces."""
    return " ".join(name.split()).strip(" :*_").casefold()


def bare_urls(text: str) -> Iterator[tuple[int, int, str]]:
    """Yield (start, end, URL) of the web addresses that stand in a text, without punctuation that follows them."""
    for match in _URL.finditer(text):
        url = shorn(match.group())
        yield match.start(), match.start() + len(url), url


def shorn(url: str) -> str:
    """Return an address without the punctuation of the sentence that it stands in."""
    url = url.rstrip(".,;:!?'*_")
    while url.endswith(")") and url.count(")") > url.count("("):
        url = url[:-1].rstrip(".,;:!?'*_")
    return url


def is_address(target: str) -> bool:
    """Tell whether the target of a link is an address, and no name of a note."""
    return "://" in target or target.startswith(("/", "./", "../", "mailto:", "#")) or bool(_ID_LINK.match(target))


def _trimmed(text: str, start: int, end: int) -> tuple[int, int]:
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    return start, end
