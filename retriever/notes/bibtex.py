"""BibTeX and BibLaTeX to entries, forgiving: a forgotten brace or comma costs no entry.

bibtexparser drops an entry that is damaged and the one after it; notes hold such files, and the entry that a
person has just typed is the one they look for.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence

from retriever.notes.accents import plain_address, plain_text
from retriever.notes.entries import entry
from retriever.notes.note import Block, Content

_START = re.compile(r"@[ \t]{0,9}(?P<type>[a-zA-Z]{2,30})[ \t]{0,9}[{(]")
_LINE_START = re.compile(rf"(?m)^[ \t]*+(?={_START.pattern.replace('?P<type>', '?:')})")
_KEY = re.compile(r"\s*+(?P<key>[^,={}\"\s]{0,200})[ \t]*+(?=[,}\n)]|$)")
_FIELD = re.compile(r"[\s,]*+(?P<name>[a-zA-Z][\w:+-]{0,60})\s*+=\s*+")
_FIELD_LINE = re.compile(r"(?m)^[ \t]*+(?P<name>[a-zA-Z][\w:+-]{0,60})[ \t]*+=[ \t]*+(?=[{\"\w])")
_WORD = re.compile(r"[^\s,{}\"#=]++")
_JOIN = re.compile(r"\s*+#\s*+")
_BRACE = re.compile(r"[{}]")
_QUOTE = re.compile(r"[{}\"]")
_ADDRESSES = frozenset({"url", "doi", "eprint", "file", "crossref", "ids", "pmid", "isbn", "issn"})
_RENAMED = {"journaltitle": "journal", "eprinttype": "archiveprefix", "annotation": "annote"}
_MONTHS = {name: name for name in "jan feb mar apr may jun jul aug sep oct nov dec".split()}


def read(lines: Sequence[str]) -> Content:
    """Read a bibliography: one block an entry."""
    return Content(list(_Bibliography("\n".join(lines)).entries()))


class _Bibliography:
    def __init__(self, text: str) -> None:
        self._text = text
        self._feeds = [match.start() for match in re.finditer("\n", text)]
        self._strings = dict(_MONTHS)
        # An entry ends, whatever its braces say, where a line begins another.
        self._limits = [match.end() for match in _LINE_START.finditer(text)]

    def entries(self) -> Iterator[Block]:
        at = 0
        while start := _START.search(self._text, at):
            after = bisect_right(self._limits, start.start())
            limit = self._limits[after] if after < len(self._limits) else len(self._text)
            kind = start["type"].casefold()
            key, fields, at = self._body(start.end(), limit)
            if kind == "string":
                self._strings.update((name, value) for name, value in fields)
            elif kind not in ("comment", "preamble") and (key or fields):
                named = [
                    ("key", key),
                    ("type", kind),
                    *((_RENAMED.get(name, name), _plain(name, value)) for name, value in fields),
                ]
                last = len(self._text[start.start() : at].rstrip()) + start.start() - 1
                yield entry(named, self._line(start.start()), self._line(last))

    def _line(self, at: int) -> int:
        return bisect_right(self._feeds, at - 1) + 1

    def _body(self, at: int, limit: int) -> tuple[str, list[tuple[str, str]], int]:
        """Return the key, the fields as they are written, and where the entry ends."""
        key = _KEY.match(self._text, at, limit)
        at = key.end() if key else at
        fields: list[tuple[str, str]] = []
        while field := _FIELD.match(self._text, at, limit):
            value, end = self._value(field.end(), limit)
            if end is None:
                return key["key"] if key else "", [*fields, *self._by_line(field.start(), limit)], limit
            fields.append((field["name"].casefold(), value))
            at = end
        closing = re.compile(r"[\s,]*+[})]").match(self._text, at, limit)
        # What stands where a field should is passed over, up to the next entry.
        return key["key"] if key else "", fields, closing.end() if closing else limit

    def _value(self, at: int, limit: int) -> tuple[str, int | None]:
        """Return a value, its strings put in and joined, and where it ends: None if it holds what follows, too."""
        parts: list[str] = []
        while True:
            end: int | None
            if self._text.startswith("{", at):
                end = self._closed(at, limit)
                part = self._text[at + 1 : end - 1] if end else ""
            elif self._text.startswith('"', at):
                end = self._unquoted(at, limit)
                part = self._text[at + 1 : end - 1] if end else ""
            else:
                word = _WORD.match(self._text, at, limit)
                end = word.end() if word else at
                part = self._strings.get(word.group().casefold(), word.group()) if word else ""
            if end is None or ("=" in part and _FIELD_LINE.search(part)):
                return "", None
            parts.append(part)
            join = _JOIN.match(self._text, end, limit)
            if join is None:
                return "".join(parts), end
            at = join.end()

    def _closed(self, at: int, limit: int) -> int | None:
        depth = 0
        for brace in _BRACE.finditer(self._text, at, limit):
            depth += 1 if brace.group() == "{" else -1
            if depth == 0:
                return brace.end()
        return None

    def _unquoted(self, at: int, limit: int) -> int | None:
        depth = 0
        for sign in _QUOTE.finditer(self._text, at + 1, limit):
            if sign.group() == '"' and depth == 0:
                return sign.end()
            depth += {"{": 1, "}": -1}.get(sign.group(), 0)
        return None

    def _by_line(self, at: int, limit: int) -> Iterator[tuple[str, str]]:
        """Yield the fields of a damaged entry, each from its own line to the next that begins one."""
        text = self._text[at:limit]
        starts = list(_FIELD_LINE.finditer(text)) or list(_FIELD.finditer(text))[:1]
        ends = [start.start() for start in starts[1:]] + [len(text)]
        for start, end in zip(starts, ends, strict=True):
            yield start["name"].casefold(), text[start.end() : end].strip().strip('{}",) \n')


def _plain(name: str, value: str) -> str:
    return plain_address(value) if name in _ADDRESSES else plain_text(value)
