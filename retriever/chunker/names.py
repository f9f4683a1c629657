"""Short names of systems: in a paper's title, or in what is said of it."""

from __future__ import annotations

import re

from retriever.words import fold

_BEFORE_COLON = re.compile(r"(?P<name>[^:?!.]{2,40}): \S")
_IN_BRACKETS = re.compile(r"\((?P<name>[A-Z][\w-]*[A-Z\d][\w-]*)\)$")
_LONGEST = 3  # words of a name
_READ = 1_500  # characters of a text in which its paper's name is given
# The words, and in brackets behind them what they are called for short.
_ABBREVIATED = re.compile(r"\b(?P<full>(?:[A-Za-z][\w]*[ -]){2,8})\((?P<name>[A-Z][\w-]*[A-Z][\w-]*)\)")
# "The paper introduces Selective RoPE, an ...": the name ends with a sign, so that it is no part of more words.
_INTRODUCED = re.compile(
    r"\b(?:[Tt]he (?:paper|authors?|work)|[Tt]hey|[Ww]e|[Aa]uthors) (?:then |also )?"
    r"(?:introduces?|proposes?|presents?|develops?|calls? (?:it|this|the \w+))"
    r" (?P<name>(?:[A-Z][\w+-]*)(?: [A-Z][\w+-]*){0,2})(?=[,.;:(]| ?[–—(]| (?:which|that|an?) )"
)


def name_in(title: str | None) -> str | None:
    """Return the short system name in a title: "Name: what it does" or "What it does (NAME)"."""
    if not title:
        return None
    if (before := _BEFORE_COLON.match(title)) and len(before["name"].split()) <= _LONGEST:
        return before["name"]
    inside = _IN_BRACKETS.search(title)
    return inside["name"] if inside else None


def name_in_text(title: str, text: str) -> str | None:
    """Return the short name that a text gives to the paper of a title, if the title's words bear it out.

    It abbreviates words of the title, or is introduced as the paper's own and shares a word or its initials with it.
    """
    words = re.findall(r"[^\W_]+", fold(title))
    opening = text[:_READ]
    for found in _ABBREVIATED.finditer(opening):
        full = re.findall(r"[^\W_]+", fold(found["full"]))[-len(found["name"]) :]
        if _is_run(full, words) and _abbreviates(found["name"], full):
            return found["name"]
    for found in _INTRODUCED.finditer(opening):
        parts = found["name"].split()
        is_name = any(any(char.isupper() or char.isdigit() for char in part[1:]) for part in parts)
        if is_name and (_shares(parts, words) or _abbreviates(found["name"], words)):
            return found["name"]
    return None


def _is_run(part: list[str], words: list[str]) -> bool:
    return bool(part) and any(words[at : at + len(part)] == part for at in range(len(words) - len(part) + 1))


def _abbreviates(name: str, words: list[str]) -> bool:
    """Tell whether the capitals of a name are the initials of words in a row."""
    capitals = "".join(char for char in name if char.isupper()).casefold()
    return len(capitals) > 1 and capitals in "".join(word[0] for word in words)


def _shares(parts: list[str], words: list[str]) -> bool:
    return any(len(part) > 3 and fold(part) in words for part in parts)
