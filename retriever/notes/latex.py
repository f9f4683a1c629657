"""LaTeX to blocks: sections, lists, tables, citations and links, without its commands.

A tokenizer of our own, since LaTeX has no grammar to speak of: what a command does is known for those that shape
text, and of all others only what stands in braces is read. Math is left as it is written.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Sequence

from retriever.notes.accents import accented, plain_text
from retriever.notes.inline import Inline, folded, named
from retriever.notes.note import Block, BlockKind, Content

_TOKEN = re.compile(
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
_SECTIONS = {
    "part": 1, "chapter": 1, "section": 2, "subsection": 3, "subsubsection": 4, "paragraph": 5, "subparagraph": 6,
    "frametitle": 3,
}  # fmt: skip
_LISTS = frozenset({"itemize", "enumerate", "description", "compactitem", "thebibliography", "inparaenum"})
_TABLES = frozenset({"tabular", "tabularx", "longtable", "tabulary", "array"})
_VERBATIM = frozenset({"verbatim", "lstlisting", "minted", "Verbatim", "alltt"})
_MATH = frozenset("equation align gather multline displaymath math eqnarray alignat flalign".split())
_UNREAD = frozenset({"tikzpicture", "comment", "filecontents", "pgfplots", "CCSXML"})
_STRONG = frozenset({"textbf", "textsc", "mathbf", "alert"})
_CITE = re.compile(r"(?:no|auto|paren|text|foot|full|super|smart)?[cC]ite[a-zA-Z]{0,12}\*?")
# Commands whose arguments are for LaTeX, not for a reader, and how many there are.
_UNREAD_ARGUMENTS = {
    "label": 1, "ref": 1, "eqref": 1, "pageref": 1, "autoref": 1, "cref": 1, "Cref": 1, "includegraphics": 1,
    "input": 1, "include": 1, "bibliography": 1, "bibliographystyle": 1, "addbibresource": 1, "usepackage": 1,
    "documentclass": 1, "vspace": 1, "hspace": 1, "setlength": 2, "setcounter": 2, "addtocounter": 2, "newcommand": 2,
    "renewcommand": 2, "providecommand": 2, "def": 1, "newenvironment": 3, "newtheorem": 2, "DeclareMathOperator": 2,
    "pagestyle": 1, "thispagestyle": 1, "color": 1, "textcolor": 1, "definecolor": 3, "hypersetup": 1, "geometry": 1,
    "graphicspath": 1, "tikzset": 1, "lstset": 1, "date": 1, "thanks": 1, "index": 1, "cline": 1, "cmidrule": 1,
    "multicolumn": 2, "multirow": 2, "columnwidth": 0, "hyphenation": 1, "rule": 2, "todo": 0,
    "captionsetup": 1,
}  # fmt: skip
_SIGNS = {"&": "&", "%": "%", "$": "$", "#": "#", "_": "_", "{": "{", "}": "}", ",": " ", ";": " ", " ": " ", "\n": " "}
_QUOTES = (("``", "“"), ("''", "”"), ("---", "—"), ("--", "–"))
_ARGUMENT = re.compile(r"[ \t]*+(?:\n[ \t]*+)?(?=\{)")
_OPTIONAL = re.compile(r"[ \t]*+(?:\n[ \t]*+)?\[([^\[\]\n]{0,300})\]")
_BRACES = re.compile(r"\\.|[{}]", re.DOTALL)
_MATH_ENDS = {"$": "$", "$$": "$$", "\\(": "\\)", "\\[": "\\]"}
_LONGEST_HEADING = 2_000  # characters; a longer one lost its brace
_DOCUMENT = "\\begin{document}"


def read(lines: Sequence[str]) -> Content:
    """Read LaTeX. Title, author and date of the preamble are its front."""
    return _Latex("\n".join(lines)).read()


class _Latex:
    """One pass over the tokens; `_inline` is the block that is open."""

    def __init__(self, source: str) -> None:
        # Accents stand inside words, so they go first; none of them holds a line feed.
        self._source = accented(source)
        self._feeds = [match.start() for match in re.finditer("\n", self._source)]
        self._closing = _closing_braces(self._source)
        self._blocks: list[Block] = []
        self._front: dict[str, object] = {}
        self._inline = Inline()
        self._kind: BlockKind = "paragraph"
        self._level = 0
        self._fields: list[tuple[str, str]] = []
        self._lists = 0
        self._is_table = False
        self._names: list[str] | None = None
        self._ends: list[tuple[int, str]] = []  # where braces close that end something, innermost last
        self._missing: set[str] = set()

    def read(self) -> Content:
        at = self._source.find(_DOCUMENT)
        if at >= 0:
            self._preamble(self._source[:at])
            at += len(_DOCUMENT)
        at = max(at, 0)
        while at < len(self._source):
            token = _TOKEN.match(self._source, at)
            assert token is not None  # some alternative takes any character
            at = self._token(token)
        self._end()
        return Content(self._blocks, self._front)

    def _line(self, at: int) -> int:
        return bisect_left(self._feeds, at) + 1

    def _preamble(self, source: str) -> None:
        for found in re.finditer(r"\\(title|author|date)[ \t]*+(?=[{\[])", source):
            at = self._after_options(found.end())
            if (end := self._closing.get(at)) is not None and not self._source.startswith("{\\today", at):
                text = re.sub(r"\\(?:thanks|footnote)\{[^{}]{0,500}\}", "", self._source[at + 1 : end])
                text = re.sub(r"\s*\\(?:and|And|AND)\b\s*", ", ", text)
                self._front.setdefault(found[1], plain_text(text))

    def _token(self, token: re.Match[str]) -> int:
        match token.lastgroup:
            case "text" | "tie":
                self._words(token.group().replace("~", " "), token.start())
            case "command":
                return self._command(token["command"], token.start(), token.end())
            case "math":
                return self._math(token["math"], token.start(), token.end())
            case "row":
                self._next_row()
            case "sign":
                self._words(_SIGNS.get(token["sign"], ""), token.start())
            case "brace":
                self._brace(token.start())
            case "cell" if self._is_table:
                self._begin_row(token.start())
                self._inline.next_cell()
            case "blank" if not self._is_table and len(self._inline) and not self._open_ends(token.start()):
                self._end()
            case _:
                self._inline.space()
        return token.end()

    def _words(self, text: str, at: int) -> None:
        for old, new in _QUOTES:
            text = text.replace(old, new)
        if self._is_table and text.strip():
            self._begin_row(at)
        self._inline.flow(text, self._line(at))

    def _brace(self, at: int) -> None:
        if self._open_ends(at) and self._ends[-1][0] == at:
            _, kind = self._ends.pop()
            if kind == "strong":
                self._inline.close_strong()
            elif kind == "link":
                self._inline.close_link()
            else:
                self._end()

    def _open_ends(self, at: int) -> bool:
        """Tell whether something waits for its closing brace at or after a place."""
        while self._ends and self._ends[-1][0] < at:  # passed over with code or math
            self._ends.pop()
        return bool(self._ends)

    def _command(self, command: str, start: int, at: int) -> int:  # noqa: C901, PLR0911, PLR0912  see above
        name = command.rstrip("*")
        if name == "begin":
            return self._begin(at)
        if name == "end":
            return self._finish(at)
        if name == "item":
            return self._item(at, start)
        if name in _SECTIONS:
            return self._heading(name, at, start)
        if name in ("title", "author"):
            self._preamble(self._source[start : self._argument(at)[1]])
            return self._argument(at)[1]
        if _CITE.fullmatch(command):
            return self._cite(at, start)
        if name in ("url", "nolinkurl", "href"):
            return self._link(name, at, start)
        if name in _STRONG:
            at = self._after_options(at)
            if at in self._closing:
                self._inline.open_strong()
                self._ends.append((self._closing[at], "strong"))
                return at + 1
            return at
        if name == "caption":
            self._end()
            at = self._after_options(at)
            if at in self._closing:
                self._ends.append((self._closing[at], "block"))
                return at + 1
            return at
        if name == "bibitem":
            return self._bibitem(at, start)
        if name in ("par", "newpage", "clearpage", "maketitle", "tableofcontents", "centering", "footnote"):
            if name != "footnote" and not self._is_table:
                self._end()
            self._inline.space()
            return at
        if name in ("hline", "toprule", "midrule", "bottomrule", "tabularnewline"):
            self._next_row()
            return at
        if name == "verb":
            end = self._source.find(self._source[at : at + 1], at + 1, at + 500) if at < len(self._source) else -1
            if end > at:
                self._words(self._source[at + 1 : end], at)
                return end + 1
            return at
        at = self._after_options(at)
        for _ in range(_UNREAD_ARGUMENTS.get(name, 0)):
            at = self._after_options(self._argument(at)[1])
        return at

    def _after_options(self, at: int) -> int:
        while option := _OPTIONAL.match(self._source, at):
            at = option.end()
        return at

    def _argument(self, at: int) -> tuple[str, int]:
        """Return what stands in the braces at a place, and the place after; without braces "" and the place itself."""
        opening = _ARGUMENT.match(self._source, at)
        start = opening.end() if opening else at
        end = self._closing.get(start)
        return (self._source[start + 1 : end], end + 1) if end is not None else ("", at)

    # Environments

    def _begin(self, at: int) -> int:
        name, at = self._argument(at)
        plain = name.rstrip("*")
        if plain in _VERBATIM or plain in _UNREAD or plain in _MATH:
            return self._whole(name, at)
        if plain in _LISTS:
            self._end()
            self._lists += 1
            self._level = self._lists
            return self._argument(at)[1] if plain == "thebibliography" else self._after_options(at)
        if plain in _TABLES:
            self._end()
            self._is_table, self._names = True, None
            at = self._after_options(at)
            for _ in range(2 if plain in ("tabularx", "tabulary") else 1):
                at = self._argument(at)[1]
            return at
        self._end()
        return self._after_options(at)

    def _finish(self, at: int) -> int:
        name, at = self._argument(at)
        self._end()
        if name.rstrip("*") in _LISTS:
            self._lists = max(0, self._lists - 1)
            self._level = self._lists
        elif name.rstrip("*") in _TABLES:
            self._is_table = False
        return at

    def _whole(self, name: str, at: int) -> int:
        """Take an environment whose inside is no LaTeX text: code, math, a drawing."""
        closing = f"\\end{{{name}}}"
        end = -1 if closing in self._missing else self._source.find(closing, at)
        if end < 0:
            self._missing.add(closing)
            return at
        inside = self._source[at:end]
        plain = name.rstrip("*")
        if plain in _MATH:
            self._words(inside, at)
        elif plain in _VERBATIM:
            self._end()
            first = self._line(at)
            if inside.strip():
                last = self._line(end)
                self._blocks.append(Block("code", self._lists, first, last, inside.rstrip()))
        return end + len(closing)

    def _math(self, opening: str, start: int, at: int) -> int:
        closing = _MATH_ENDS[opening]
        # Math has no empty line; one dollar sign alone is money.
        blank = self._source.find("\n\n", at, at + 5_000)
        end = self._source.find(closing, at, blank if blank >= 0 else at + 5_000)
        if end < 0:
            self._words(opening if opening[0] == "$" else "", start)
            return at
        self._words(self._source[start : end + len(closing)], start)
        return end + len(closing)

    # Blocks

    def _item(self, at: int, start: int) -> int:
        self._end()
        self._kind, self._level = "item", max(1, self._lists)
        self._inline.first_line = self._line(start)
        if label := _OPTIONAL.match(self._source, at):
            text = plain_text(label[1])
            if text.rstrip(":"):
                self._inline.open_strong()
                self._words(text, start)
                self._inline.close_strong()
                self._inline.space()
            return label.end()
        return at

    def _bibitem(self, at: int, start: int) -> int:
        at = self._item(self._after_options(at), start)
        key, at = self._argument(at)
        self._fields += [("key", key.strip())] if key.strip() else []
        return at

    def _heading(self, name: str, at: int, start: int) -> int:
        self._end()
        self._lists, self._level, self._is_table = 0, 0, False
        at = self._after_options(at)
        opening = _ARGUMENT.match(self._source, at)
        brace = opening.end() if opening else at
        if self._closing.get(brace, len(self._source)) - brace > _LONGEST_HEADING:
            return at
        self._kind, self._level = "heading", _SECTIONS[name]
        self._inline.first_line = self._line(start)
        self._ends.append((self._closing[brace], "block"))
        return brace + 1

    def _cite(self, at: int, start: int) -> int:
        keys, end = self._argument(self._after_options(at))
        found = [key.strip() for key in keys.split(",") if key.strip()]
        if not found:
            return end
        self._words("[", start)
        for number, key in enumerate(found):
            if number:
                self._words(", ", start)
            self._inline.open_link("@" + key, wiki=True)
            self._words("@" + key, start)
            self._inline.close_link()
        self._words("]", start)
        return end

    def _link(self, name: str, at: int, start: int) -> int:
        target, end = self._argument(self._after_options(at))
        target = "".join(target.replace("\\", "").split())
        self._inline.open_link(target)
        opening = _ARGUMENT.match(self._source, end)
        brace = opening.end() if opening else end
        if name == "href" and brace in self._closing:
            self._ends.append((self._closing[brace], "link"))
            return brace + 1
        self._words(target, start)
        self._inline.close_link()
        return end

    def _begin_row(self, at: int) -> None:
        if not self._inline.is_row:
            self._inline.first_line = self._line(at)
            self._inline.next_cell()

    def _next_row(self) -> None:
        if not self._is_table:
            self._inline.space()
            return
        values = self._inline.cells()
        if any(values):
            fields = named(self._names or (), values)
            self._blocks.append(self._inline.block("row", self._lists, fields=fields))
            self._names = self._names or [folded(value) for value in values]
        self._inline = Inline()

    def _end(self) -> None:
        """End the block that is open, if it has words."""
        if self._is_table:
            self._next_row()
        elif self._inline.text.strip():
            self._blocks.append(self._inline.block(self._kind, self._level, fields=tuple(self._fields)))
        self._inline = Inline()
        self._kind, self._level, self._fields = "paragraph", self._lists, []


def _closing_braces(source: str) -> dict[int, int]:
    """Return where each opening brace is closed, if it is."""
    opened: list[int] = []
    found: dict[int, int] = {}
    for brace in _BRACES.finditer(source):
        if brace.group() == "{":
            opened.append(brace.start())
        elif brace.group() == "}" and opened:
            found[opened.pop()] = brace.start()
    return found
