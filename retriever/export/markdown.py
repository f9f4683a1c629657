"""Markdown: an outline of related work by topic, with citations and the note-taker's own sentences."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING

from retriever.export.entries import one_line
from retriever.export.latex import MATH

if TYPE_CHECKING:
    from retriever.export.entries import Entry
    from retriever.records import Quote, Topic

_DEEPEST = 6  # levels of headings that Markdown has
# Signs that mark text in CommonMark, pandoc or Obsidian, where they do.
_SIGNS = re.compile(
    r"[\\`*\[\]<~^$]|(?<![^\W_])_|_(?![^\W_])|&(?=#?\w+;)|(?<!\w)[#@](?=[\w{/-])|=(?==)|(?<==)=|%(?=%)|(?<=%)%"
)
_LINE_START = re.compile(r"[-+>|=:]|#{1,6}(?!\S)|\(?[\w#]{1,9}[.)](?=\s|$)")
_ALONE = re.compile(r"\w+(?:[:.#$%&+?<>~/-]\w+)*")  # a key that pandoc reads without braces around it
_NO_LINK = re.compile(r"[\[\]|#^]")  # Obsidian gives these a meaning inside a link
_NOTE = re.compile(r"\.(?:md|markdown)$", re.IGNORECASE)


def markdown(found: Sequence[Entry], topics: Iterable[Topic]) -> Iterator[str]:
    """Yield the outline, heading by heading: the notes' own topics in their order, then what no note files.

    A paper stands under each of its topics, and is quoted under the first.
    """
    outline = _Outline(found)
    yield "# Related work\n"
    known = list(topics)
    yield from outline.below((topic for topic in known if not topic.clustered), ())
    clusters = list(outline.below((topic for topic in known if topic.clustered), ("",)))
    if clusters:
        yield "\n## Put together by meaning\n"
        yield from clusters
    left = [entry for entry in found if entry.key not in outline.quoted]
    if left:
        yield "\n## Filed nowhere\n"
        yield from (outline.item(entry, None) for entry in left)


class _Outline:
    """The papers of an outline by topic; `quoted` tells where each has been quoted: its key, and a path."""

    def __init__(self, found: Sequence[Entry]) -> None:
        self.quoted: dict[str, tuple[str, ...]] = {}
        self._of_topic: dict[str, list[Entry]] = {}
        for entry in found:
            for topic in entry.paper.topics:
                self._of_topic.setdefault(topic.id, []).append(entry)

    def below(self, topics: Iterable[Topic], above: tuple[str, ...]) -> Iterator[str]:
        """Yield topics with the papers at or below them; those without any are left out."""
        for topic in topics:
            path = (*above, topic.path[-1])
            papers = [self.item(entry, topic) for entry in self._of_topic.get(topic.id, ())]
            children = list(self.below(topic.children, path))
            if papers or children:
                yield _heading(path)
                yield from papers
                yield from children

    def item(self, entry: Entry, topic: Topic | None) -> str:
        """Return a paper with its citation, and with quotes where it stands for the first time."""
        paper = entry.paper
        name = paper.title or paper.name
        line = f"- {f'**{literal(name)}** ' if name else ''}[@{_cited(entry.key)}]"
        if (
            topic is not None
            and not topic.clustered
            and any(one.id == topic.id and one.confidence is not None for one in paper.topics)
        ):
            line += ", placed here by its meaning"
        if entry.key in self.quoted:
            return f"\n{line}, see under {literal(' > '.join(self.quoted[entry.key]))}\n"
        self.quoted[entry.key] = topic.path if topic else ("Filed nowhere",)
        return "".join([f"\n{line}\n", *(f"\n  > {literal(quote.text)} {_link(quote)}\n" for quote in entry.quotes)])


def literal(text: str) -> str:
    """Return a line of text as Markdown that shows it as it is; formulas between dollars stay formulas."""
    parts, at = [], 0
    for formula in MATH.finditer(text):
        parts += [_SIGNS.sub(r"\\\g<0>", text[at : formula.start()]), formula.group()]
        at = formula.end()
    line = "".join([*parts, _SIGNS.sub(r"\\\g<0>", text[at:])])
    start = _LINE_START.match(line)
    return f"{line[: start.end() - 1]}\\{line[start.end() - 1 :]}" if start else line


def _heading(path: Sequence[str]) -> str:
    level = min(len(path) + 1, _DEEPEST)
    return f"\n{'#' * level} {literal(' > '.join(one_line(step) for step in path[level - 2 :]))}\n"


def _cited(key: str) -> str:
    return key if _ALONE.fullmatch(key) else f"{{{key}}}"


def _link(quote: Quote) -> str:
    """Return a link to the note as Obsidian has them, at the nearest heading; it shows the file and line."""
    place = f"{quote.file}:{quote.first_line}"
    if _NO_LINK.search(quote.file):
        return f"({literal(place)})"
    is_note = _NOTE.search(quote.file)
    heading = one_line(_NO_LINK.sub(" ", quote.heading or "").replace(":", " "))
    return f"[[{_NOTE.sub('', quote.file)}{f'#{heading}' if is_note and heading else ''}|{place}]]"
