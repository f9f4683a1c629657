"""Passages to windows: stretches of some hundred words, cut at sentences, each with its own lines."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from operator import attrgetter

from retriever.chunker.marks import without_marks
from retriever.records import Window

WORDS = 100  # with title and heading some 128 word pieces: longer windows gain nothing and cost twice the time
# A Chinese or Japanese character is about a word piece, and an English word 1.3 of them.
_UNSPACED = re.compile(r"[\u2e80-\u9fff\uac00-\ud7af\uf900-\ufaff]")
_UNIT = re.compile(rf"{_UNSPACED.pattern}|[^\s\u2e80-\u9fff\uac00-\ud7af\uf900-\ufaff]+")
_SENTENCE = re.compile(r"(?<=[.!?…])[\"'”’)\]]*\s+(?=[\"'“‘(\[]?[^\Wa-z_])|(?<=[。！？])")
_FEED = re.compile("\n")
_LONGEST_UNIT = 200  # characters; a longer "word" is data, and is cut


@dataclass(frozen=True, slots=True)
class Stretch:
    """Reading text and the line of the note on which it starts; each line feed in it is one in the note.

    `imported` text is an abstract, and shares no window with the note-taker's words.
    """

    text: str
    first_line: int
    imported: bool = False


@dataclass(frozen=True, slots=True)
class _Sentence:
    text: str
    words: int
    first_line: int
    last_line: int


def windows(stretches: Sequence[Stretch]) -> tuple[Window, ...]:
    """Return the windows of a passage in order. Together they hold all its words; each has at most WORDS of them.

    The words are spread evenly, so that no passage ends in a window of a word or two.
    """
    found: list[Window] = []
    for imported, run in groupby(stretches, key=attrgetter("imported")):
        found += (Window(at, *place, imported) for at, place in enumerate(_spread(tuple(run)), len(found)))
    return tuple(found)


def _spread(stretches: Sequence[Stretch]) -> list[tuple[int, int, str]]:
    """Return first line, last line and text of the windows of stretches that may share one."""
    sentences = [sentence for stretch in stretches for sentence in _sentences(stretch)]
    total = sum(sentence.words for sentence in sentences)
    if not total:
        return []
    # Sentences seldom fill a window to its last word, so more windows may be needed than the words ask for.
    number = -(-total // WORDS)
    while len(groups := _packed(sentences, total / number)) > number:
        number = len(groups)
    return [
        (group[0].first_line, group[-1].last_line, " ".join(sentence.text for sentence in group)) for group in groups
    ]


def _packed(sentences: Sequence[_Sentence], target: float) -> list[list[_Sentence]]:
    """Return runs of sentences, each of about `target` words and at most WORDS."""
    groups: list[list[_Sentence]] = [[]]
    size = done = 0
    for sentence in sentences:
        middle = done + size + sentence.words / 2
        if groups[-1] and (size + sentence.words > WORDS or middle > target * len(groups)):
            groups.append([])
            done, size = done + size, 0
        groups[-1].append(sentence)
        size += sentence.words
    return groups


def _sentences(stretch: Stretch) -> Iterator[_Sentence]:
    feeds = [match.start() for match in _FEED.finditer(stretch.text)]
    at = 0
    for end in [*(match.end() for match in _SENTENCE.finditer(stretch.text)), len(stretch.text)]:
        yield from _fitting(stretch, at, end, feeds)
        at = end


def _fitting(stretch: Stretch, start: int, end: int, feeds: Sequence[int]) -> Iterator[_Sentence]:
    """Yield a sentence, or its pieces of at most WORDS words where it is longer than a window."""
    sentence = stretch.text[start:end]
    if len(sentence) <= _LONGEST_UNIT and (sentence.isascii() or not _UNSPACED.search(sentence)):
        # Most are short, with words as spaces part them.
        if text := " ".join(without_marks(sentence).split()):
            begin, last = start + len(sentence) - len(sentence.lstrip()), start + len(sentence.rstrip())
            lines = bisect_left(feeds, begin), bisect_left(feeds, last)
            words = len(sentence.split())
            yield _Sentence(text, words, stretch.first_line + lines[0], stretch.first_line + lines[1])
        return
    units = _units(stretch.text, start, end)
    for first in range(0, len(units), WORDS):
        piece = units[first : first + WORDS]
        begin, stop = piece[0][0], units[first + WORDS][0] if first + WORDS < len(units) else end
        text = " ".join(without_marks(stretch.text[begin:stop]).split())
        if text:
            lines = bisect_left(feeds, begin), bisect_left(feeds, piece[-1][1])
            yield _Sentence(text, len(piece), stretch.first_line + lines[0], stretch.first_line + lines[1])


def _units(text: str, start: int, end: int) -> list[tuple[int, int]]:
    return [
        (at, min(at + _LONGEST_UNIT, stop))
        for begin, stop in (match.span() for match in _UNIT.finditer(text, start, end))
        for at in range(begin, stop, _LONGEST_UNIT)
    ]
