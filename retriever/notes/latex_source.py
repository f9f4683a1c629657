"""The text of a LaTeX file, with what its braces and brackets enclose."""

from __future__ import annotations

import re
from bisect import bisect_left

from retriever.notes.accents import accented, plain_text

TOKEN = re.compile(
    r"""(?P<comment>%[^\n]*+\n?[ \t]*+)
    | \\(?P<command>[a-zA-Z@]++\*?)[ \t]*+
    | (?P<math>\$\$|\$|\\\(|\\\[)
    | (?P<row>\\\\(?:\[[^\]\n]{0,30}\])?)
    | \\(?P<sign>.)
    | (?P<brace>[{}])
    | (?P<cell>&)
    | (?P<blank>\n[ \t]*+\n\s*+)
    | (?P<tie>~)
    | (?P<text>[^%\\${}&~\n]++|\n|\\)""",
    re.VERBOSE | re.DOTALL,
)
OPTIONAL = re.compile(r"[ \t]*+(?:\n[ \t]*+)?\[([^\[\]\n]{0,300})\]")
_ARGUMENT = re.compile(r"[ \t]*+(?:\n[ \t]*+)?(?=\{)")
_NAMES = re.compile(r"\\(title|author|date)[ \t]*+(?=[{\[])")
_DOCUMENT = "\\begin{document}"
_BRACES = re.compile(r"\\.|[{}]", re.DOTALL)


class Source:
    """`text` is the source, its accents as letters; `closing` gives where each opening brace is closed, if it is."""

    def __init__(self, source: str) -> None:
        # Accents stand inside words, so they go first; none of them holds a line feed.
        self.text = accented(source)
        self.closing = _closing_braces(self.text)
        self._feeds = [match.start() for match in re.finditer("\n", self.text)]

    def line(self, at: int) -> int:
        """Return the line, from 1, of a place."""
        return bisect_left(self._feeds, at) + 1

    def before_brace(self, at: int) -> re.Match[str] | None:
        """Return the blanks between a place and the brace that follows, if one does."""
        return _ARGUMENT.match(self.text, at)

    def after_options(self, at: int) -> int:
        """Return the place after the options in brackets that stand at a place."""
        while option := OPTIONAL.match(self.text, at):
            at = option.end()
        return at

    def argument(self, at: int) -> tuple[str, int]:
        """Return what stands in the braces at a place, and the place after; without braces "" and the place itself."""
        opening = self.before_brace(at)
        start = opening.end() if opening else at
        end = self.closing.get(start)
        return (self.text[start + 1 : end], end + 1) if end is not None else ("", at)

    def opening(self, front: dict[str, object]) -> int:
        """Return where the document begins; add the title, author and date of the preamble to the front."""
        start = self.text.find(_DOCUMENT)
        if start < 0:
            return 0
        self.read_names(0, start, front)
        return start + len(_DOCUMENT)

    def read_names(self, start: int, end: int, front: dict[str, object]) -> None:
        """Add the title, author and date that are given between two places to the front."""
        for found in _NAMES.finditer(self.text, start, end):
            at = self.after_options(found.end())
            if (close := self.closing.get(at)) is not None and not self.text.startswith("{\\today", at):
                text = re.sub(r"\\(?:thanks|footnote)\{[^{}]{0,500}\}", "", self.text[at + 1 : close])
                text = re.sub(r"\s*\\(?:and|And|AND)\b\s*", ", ", text)
                front.setdefault(found[1], plain_text(text))


def _closing_braces(source: str) -> dict[int, int]:
    opened: list[int] = []
    found: dict[int, int] = {}
    for brace in _BRACES.finditer(source):
        if brace.group() == "{":
            opened.append(brace.start())
        elif brace.group() == "}" and opened:
            found[opened.pop()] = brace.start()
    return found
