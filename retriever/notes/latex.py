"""LaTeX to blocks: sections, lists, tables, citations and links, without its commands.

A tokenizer of our own, since LaTeX has no grammar to speak of: what a command does is known for those that shape
text, and of all others only what stands in braces is read. Math is left as it is written.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from retriever.notes import latex_commands as known
from retriever.notes.accents import plain_text
from retriever.notes.inline import Inline, folded, named
from retriever.notes.latex_source import OPTIONAL, TOKEN, Source
from retriever.notes.note import Block, BlockKind, Content

_LONGEST_HEADING = 2_000  # characters; a longer one lost its brace


def read(lines: Sequence[str]) -> Content:
    """Read LaTeX. Title, author and date of the preamble are its front."""
    return _Latex("\n".join(lines)).read()


class _Latex:
    """One pass over the tokens; `_inline` is the block that is open."""

    def __init__(self, source: str) -> None:
        self._text = Source(source)
        self._source, self._closing = self._text.text, self._text.closing
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
        at = self._text.opening(self._front)
        while at < len(self._source):
            token = TOKEN.match(self._source, at)
            assert token is not None  # some alternative takes any character
            at = self._token(token)
        self._end()
        return Content(self._blocks, self._front)

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
                self._words(known.SIGNS.get(token["sign"], ""), token.start())
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
        for old, new in known.QUOTES:
            text = text.replace(old, new)
        if self._is_table and text.strip():
            self._begin_row(at)
        self._inline.flow(text, self._text.line(at))

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
        if name in known.SECTIONS:
            return self._heading(name, at, start)
        if name in ("title", "author"):
            end = self._text.argument(at)[1]
            self._text.read_names(start, end, self._front)
            return end
        if known.CITE.fullmatch(command):
            return self._cite(at, start)
        if name in ("url", "nolinkurl", "href"):
            return self._link(name, at, start)
        if name in known.STRONG:
            at = self._text.after_options(at)
            if at in self._closing:
                self._inline.open_strong()
                self._ends.append((self._closing[at], "strong"))
                return at + 1
            return at
        if name == "caption":
            self._end()
            at = self._text.after_options(at)
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
        at = self._text.after_options(at)
        for _ in range(known.UNREAD_ARGUMENTS.get(name, 0)):
            at = self._text.after_options(self._text.argument(at)[1])
        return at

    # Environments

    def _begin(self, at: int) -> int:
        name, at = self._text.argument(at)
        plain = name.rstrip("*")
        if plain in known.VERBATIM or plain in known.UNREAD or plain in known.MATH:
            return self._whole(name, at)
        if plain in known.LISTS:
            self._end()
            self._lists += 1
            self._level = self._lists
            return self._text.argument(at)[1] if plain == "thebibliography" else self._text.after_options(at)
        if plain in known.TABLES:
            self._end()
            self._is_table, self._names = True, None
            at = self._text.after_options(at)
            for _ in range(2 if plain in ("tabularx", "tabulary") else 1):
                at = self._text.argument(at)[1]
            return at
        self._end()
        return self._text.after_options(at)

    def _finish(self, at: int) -> int:
        name, at = self._text.argument(at)
        self._end()
        if name.rstrip("*") in known.LISTS:
            self._lists = max(0, self._lists - 1)
            self._level = self._lists
        elif name.rstrip("*") in known.TABLES:
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
        if plain in known.MATH:
            self._words(inside, at)
        elif plain in known.VERBATIM:
            self._end()
            first = self._text.line(at)
            if inside.strip():
                last = self._text.line(end)
                self._blocks.append(Block("code", self._lists, first, last, inside.rstrip()))
        return end + len(closing)

    def _math(self, opening: str, start: int, at: int) -> int:
        closing = known.MATH_ENDS[opening]
        # Math has no empty line; one dollar sign alone is money.
        blank = self._source.find("\n\n", at, at + 5_000)
        end = self._source.find(closing, at, blank if blank >= 0 else at + 5_000)
        if end < 0:
            self._words(opening if opening[0] == "$" else "", start)
            return at
        self._words(self._source[start : end + len(closing)], start)
        return end + len(closing)

    def _item(self, at: int, start: int) -> int:
        self._end()
        self._kind, self._level = "item", max(1, self._lists)
        self._inline.first_line = self._text.line(start)
        if label := OPTIONAL.match(self._source, at):
            text = plain_text(label[1])
            if text.rstrip(":"):
                self._inline.open_strong()
                self._words(text, start)
                self._inline.close_strong()
                self._inline.space()
            return label.end()
        return at

    def _bibitem(self, at: int, start: int) -> int:
        at = self._item(self._text.after_options(at), start)
        key, at = self._text.argument(at)
        self._fields += [("key", key.strip())] if key.strip() else []
        return at

    def _heading(self, name: str, at: int, start: int) -> int:
        self._end()
        self._lists, self._level, self._is_table = 0, 0, False
        at = self._text.after_options(at)
        opening = self._text.before_brace(at)
        brace = opening.end() if opening else at
        end = self._closing.get(brace)
        if end is None or end - brace > _LONGEST_HEADING:
            return at
        self._kind, self._level = "heading", known.SECTIONS[name]
        self._inline.first_line = self._text.line(start)
        self._ends.append((end, "block"))
        return brace + 1

    def _cite(self, at: int, start: int) -> int:
        keys, end = self._text.argument(self._text.after_options(at))
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
        target, end = self._text.argument(self._text.after_options(at))
        target = "".join(target.replace("\\", "").split())
        self._inline.open_link(target)
        opening = self._text.before_brace(end)
        brace = opening.end() if opening else end
        if name == "href" and brace in self._closing:
            self._ends.append((self._closing[brace], "link"))
            return brace + 1
        self._words(target, start)
        self._inline.close_link()
        return end

    def _begin_row(self, at: int) -> None:
        if not self._inline.is_row:
            self._inline.first_line = self._text.line(at)
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
