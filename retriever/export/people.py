"""Authors as family and given names, as reference managers ask for them."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

_OTHERS = re.compile(r"(?:^|[\s,]+)(?:et\.?\s+al\.?|and\s+others|others)$", re.IGNORECASE)
_SUFFIX = re.compile(r"(?:Jr|Sr)\.?|I{2,3}|IV")
_PLAIN = re.compile(r"[\w.'’-]+(?: [\w.'’-]+)*")
# Scripts whose names put the family first, mostly without a space: what is what is left to the reader.
_FAMILY_FIRST = re.compile("[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]")


@dataclass(frozen=True, slots=True)
class Person:
    """An author. Where a name cannot be told into parts, all of it is `family`, and `whole` says so."""

    family: str
    given: str = ""
    suffix: str = ""
    whole: bool = False


def people(authors: Sequence[str]) -> tuple[tuple[Person, ...], bool]:
    """Return the authors of a paper, and whether there are others who are not named ("et al.")."""
    named, others = [], False
    for author in authors:
        name = _OTHERS.sub("", author).strip(" ,")
        others = others or name != author.strip(" ,")
        if name:
            named.append(person(name))
    return tuple(named), others


def person(name: str) -> Person:
    """Return the parts of a name that is written given name first.

    The family name is the last word with the small words before it: "van der Maaten".
    """
    words = name.split(" ")
    if not _PLAIN.fullmatch(name) or "and" in words or _FAMILY_FIRST.search(name):
        return Person(name, whole=True)
    suffix = words.pop() if len(words) > 2 and _SUFFIX.fullmatch(words[-1]) else ""
    first = len(words) - 1
    while first > 1 and _is_small(words[first - 1]):
        first -= 1
    if first == 1 and _is_small(words[0]):  # "van Gogh", with no given name
        first = 0
    if suffix and first == 0:  # "van Loon Jr.": where a suffix stands, a given name is expected
        return Person(name, whole=True)
    return Person(" ".join(words[first:]), " ".join(words[:first]), suffix)


def _is_small(word: str) -> bool:
    return unicodedata.category(word[0]) == "Ll"
