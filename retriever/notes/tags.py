"""HTML to its tags and texts, each with the line it starts on.

The standard library's parser takes quadratic time on hostile text (16 seconds for 100 kB of "<!--"); here a tag
never reaches over the next "<", and what is looked for in vain is looked for once.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from dataclasses import dataclass

_MARK = re.compile(r"<(?=[a-zA-Z/!?])")
_TAG = re.compile(
    r"""<(?P<close>/?)(?P<name>[a-zA-Z][\w:-]{0,40}+)
    (?P<attributes>(?:[^<>"']++|"[^"<]{0,2000}+"|'[^'<]{0,2000}+'|["'])*+)>""",
    re.VERBOSE,
)
_DECLARATION = re.compile(r"<[!?/][^<>]*>")
_ATTRIBUTE = re.compile(r"""([a-zA-Z][\w:.-]{0,60}+)(?:\s{0,20}+=\s{0,20}+("[^"]*+"|'[^']*+'|[^\s"'>]++))?""")
# Whatever stands between the tags of these is text, and no reading matter.
_RAW = frozenset({"script", "style"})


@dataclass(frozen=True, slots=True)
class Tag:
    """A tag: its name in lower case, whether it closes, its attributes, and the line it starts on."""

    name: str
    line: int
    closes: bool
    source: str

    @property
    def attributes(self) -> dict[str, str]:
        """Attribute values by lower-case name, entities decoded; the first of several counts."""
        found: dict[str, str] = {}
        for name, value in _ATTRIBUTE.findall(self.source):
            quoted = value[:1] in ('"', "'")
            found.setdefault(name.casefold(), html.unescape(value[1:-1] if quoted else value))
        return found


@dataclass(frozen=True, slots=True)
class Text:
    """A text between tags, entities decoded, with the line feeds of its source, and the line it starts on."""

    text: str
    line: int


def tags_and_texts(source: str, first_line: int = 1) -> Iterator[Tag | Text]:
    """Yield the tags and texts of HTML in order; comments, declarations, scripts and styles are left out."""
    at = start = 0
    line = first_line
    missing: set[str] = set()
    while mark := _MARK.search(source, at):
        at = mark.start()
        tag = _TAG.match(source, at)
        end = tag.end() if tag else _skipped(source, at, missing)
        if end == at:  # a sign that opens nothing
            at += 1
            continue
        if at > start:
            yield Text(_decoded(source[start:at]), line)
            line += source.count("\n", start, at)
        if tag:
            found = Tag(tag["name"].casefold(), line, bool(tag["close"]), tag["attributes"])
            yield found
            if found.name in _RAW and not found.closes:
                close = re.compile(f"</{found.name}", re.IGNORECASE).search(source, end)
                end = close.start() if close else len(source)
        line += source.count("\n", at, end)
        at = start = end
    if start < len(source):
        yield Text(_decoded(source[start:]), line)


def _skipped(source: str, at: int, missing: set[str]) -> int:
    """Return where the comment or declaration ends that starts at a place; the place itself if there is none."""
    for opening, closing in (("<!--", "-->"), ("<![CDATA[", "]]>")):
        if source.startswith(opening, at):
            end = -1 if closing in missing else source.find(closing, at + len(opening))
            if end < 0:
                missing.add(closing)
                return at
            return end + len(closing)
    declaration = _DECLARATION.match(source, at)
    return declaration.end() if declaration else at


def _decoded(text: str) -> str:
    if "&" not in text:
        return text
    # Line by line, as an entity may stand for a line feed, which is none of the source.
    return "\n".join(html.unescape(line).replace("\n", " ") for line in text.split("\n"))
