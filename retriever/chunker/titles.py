"""How near two titles are: their numbers, what stands before the colon, the words they share; and whose they are."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Iterable
from functools import lru_cache
from typing import Literal

from retriever.chunker.identifiers import normal_title
from retriever.words import fold, terms

Nearness = Literal["equal", "numbered", "remark", "shortened", "headed", "apart"]

_HEAD_END = re.compile(r"\s*[:：—–]\s*|\s+-+\s+|\?\s+|\s*[(（]")
_WORDS = re.compile(r"\d+(?:\.\d+)*|[^\W\d_]+")
_ROMAN = {"ii": "2", "iii": "3", "iv": "4", "vi": "6", "vii": "7", "viii": "8", "ix": "9"}
# One letter is a number only where a number is looked for: "Part I", or at the end of a title or of its head.
_ROMAN_LETTER = {"i": "1", "v": "5", "x": "10"}
_COUNTED = {"one": "1", "two": "2", "three": "3", "four": "4", "first": "1", "second": "2", "third": "3"}
_PARTS = frozenset({"part", "volume", "vol", "chapter", "episode", "paper", "report"})
# Words that make a title one of another paper, about the first.
_REMARKS = frozenset(
    "erratum errata corrigendum corrigenda correction comment comments commentary reply response rebuttal retraction "
    "retracted addendum supplement supplementary supplemental appendix".split()
)
_HEAD_LETTERS = 3  # a head of fewer letters is no name


@lru_cache(maxsize=65536)
def head(title: str) -> str:
    """Return what stands before the colon, dash or bracket of a title, as compared; "" where it names nothing."""
    end = _HEAD_END.search(title)
    normal = normal_title(title[: end.start()] if end else title)
    return normal if len(normal) >= _HEAD_LETTERS else ""


@lru_cache(maxsize=65536)
def title_terms(title: str) -> frozenset[str]:
    """Return the words that tell a title from others, stemmed, numbers left out."""
    return frozenset(term for term in terms(title) if not term[0].isdigit())


def nearness(one: str, two: str) -> Nearness:
    """Tell how two titles stand to each other.

    `equal` but for case, accents, markup and punctuation; `numbered`: the same words, or the same head, with other
    numbers; `remark`: one is an erratum of the other, a comment on it or its supplement; `shortened`: one is the
    other's head; `headed`: heads are equal and what follows shares a word; else `apart`.
    """
    if normal_title(one) == normal_title(two):
        return "equal"
    if _numbers_differ(one, two):
        return "numbered"
    if (set(_split(one)[0]) ^ set(_split(two)[0])) & _REMARKS:
        return "remark"
    if not (head(one) and head(one) == head(two)):
        return "apart"
    if normal_title(one) == head(one) or normal_title(two) == head(two):
        return "shortened"
    rest = (title_terms(title) - title_terms(_before(title)) for title in (one, two))
    return "headed" if frozenset.intersection(*rest) else "apart"


def overlap(one: str, two: str) -> tuple[int, int]:
    """Return how many words two titles share, and how many they have together."""
    mine, theirs = title_terms(one), title_terms(two)
    return len(mine & theirs), len(mine | theirs)


@lru_cache(maxsize=65536)
def surname(name: str) -> str:
    """Return the surname in one author's name, folded: "Vaswani, A.", "Ashish Vaswani" and "Vaswani et al." agree."""
    name = re.split(r"\bet\.? al\b|\band others\b|等", name, maxsplit=1)[0]
    found = _name_words(name.split(",")[0]) or _name_words(name)
    return found[-1] if found else ""


def strangers(ours: Collection[str], theirs: Collection[str]) -> bool:
    """Tell whether two lists of authors, each of one or more, have nobody in common. Scripts must agree to tell."""
    mine, others = _surnames(ours), _surnames(theirs)
    if not mine or not others or _latin(mine) != _latin(others):
        return False
    return not (mine & _all_words(theirs) or others & _all_words(ours))


def _numbers_differ(one: str, two: str) -> bool:
    """Tell whether titles differ in their numbers: both give some, or only the numbers tell words or heads apart."""
    pairs = (_split(one), _split(two)), (_split(_before(one)), _split(_before(two)))
    (_, mine), (_, theirs) = pairs[0]
    if mine and theirs and mine != theirs:
        return True
    return any(words and words == others and numbers != counts for (words, numbers), (others, counts) in pairs)


def _before(title: str) -> str:
    end = _HEAD_END.search(title)
    return title[: end.start()] if end else title


@lru_cache(maxsize=65536)
def _split(title: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return the words and the numbers of a title, in order; "v2" and "II" are 2."""
    found = [(match.group(), match.start()) for match in _WORDS.finditer(fold(title))]
    last_of_head = len(_WORDS.findall(fold(_before(title)))) - 1
    words: list[str] = []
    numbers: list[str] = []
    for at, (word, start) in enumerate(found):
        looked_for = at in (last_of_head, len(found) - 1) or (at > 0 and found[at - 1][0] in _PARTS)
        after_part = at > 0 and found[at - 1][0] in _PARTS
        number = _ROMAN.get(word) or (looked_for and at > 0 and _ROMAN_LETTER.get(word))
        number = number or (after_part and _COUNTED.get(word))
        if word[0].isdigit() or number:
            numbers.append(number or word)
            continue
        followed = at + 1 < len(found) and found[at + 1][1] == start + len(word) and found[at + 1][0][0].isdigit()
        if stem := word.removesuffix("v") if followed else word:
            words.append(stem)
    return tuple(words), tuple(numbers)


@lru_cache(maxsize=65536)
def _name_words(name: str) -> tuple[str, ...]:
    """Return the words of a name but initials, folded."""
    return tuple(word for word in _WORDS.findall(fold(name)) if len(word) > 1 or not word.isascii())


def _surnames(names: Iterable[str]) -> set[str]:
    return {found for name in names if (found := surname(name))}


def _all_words(names: Iterable[str]) -> set[str]:
    return {word for name in names for word in _name_words(name)}


def _latin(names: set[str]) -> bool:
    return any("LATIN" in unicodedata.name(name[0], "") for name in names)
