"""Citation keys: the notes' own where there is one, else made of author or name, year and title."""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable

from retriever.export.people import people
from retriever.records import Paper

_UNFIT = re.compile(r"[^A-Za-z0-9_:./+-]+")  # what BibTeX, biber or pandoc would stumble over
_WORD = re.compile(r"[a-z0-9]+")
_SMALL = frozenset(
    "a an the of on in at to for and or by with from via is are be do does can how what when why is its as it".split()
)
_LETTERS = str.maketrans(
    {"ß": "ss", "æ": "ae", "Æ": "AE", "œ": "oe", "Œ": "OE", "ø": "o", "Ø": "O", "ł": "l", "Ł": "L", "đ": "d", "Đ": "D",
     "ı": "i", "ð": "d", "þ": "th"}
)  # fmt: skip
_TOLD_APART = 4  # letters of a paper's id, where two papers would have one key


def citation_keys(papers: Iterable[Paper]) -> dict[str, str]:
    """Return a key for each paper, by its id: ASCII, no two alike, capitals left aside.

    Given all papers of an index, a key does not depend on which of them are exported. Where several papers ask for
    one key, each gets letters of its id behind it, so that none is cited in place of another; a key from the notes
    gives way to no key that is made here.
    """
    asked: dict[str, list[Paper]] = defaultdict(list)
    made: dict[str, list[Paper]] = defaultdict(list)
    wanted: dict[str, str] = {}
    for paper in sorted(papers, key=lambda paper: paper.id):
        own = _ascii(paper.key or "")
        wanted[paper.id] = own or _made(paper)
        (asked if own else made)[wanted[paper.id].casefold()].append(paper)
    keys: dict[str, str] = {}
    taken = set(asked)
    for groups, is_free in ((asked, True), (made, False)):
        for folded, group in groups.items():
            alone = len(group) == 1 and (is_free or folded not in taken)
            for paper in group:
                keys[paper.id] = wanted[paper.id] if alone else _apart(wanted[paper.id], paper.id, taken)
                taken.add(keys[paper.id].casefold())
    return keys


def _apart(key: str, paper: str, taken: set[str]) -> str:
    tries = (f"{key}-{paper[:letters]}" for letters in range(_TOLD_APART, len(paper) + 1))
    return next((tried for tried in tries if tried.casefold() not in taken), f"{key}-{paper}-{len(taken)}")


def _made(paper: Paper) -> str:
    persons, _ = people(paper.authors)
    title = [word for word in _words(paper.title) if word not in _SMALL and len(word) > 1]
    who = "".join(_words(persons[0].family) if persons else []) or "".join(_words(paper.name))
    first, *rest = [who, *title] if who else [*title, "", ""]
    year = str(paper.year) if paper.year else ""
    return f"{first}{year}{rest[0] if rest else ''}" if first else f"p{paper.id}"


def _words(text: str | None) -> list[str]:
    return _WORD.findall(_folded(text or "").casefold())


def _ascii(key: str) -> str:
    folded = _UNFIT.sub("", _folded(key)).lstrip(":./+-")
    return folded if any(char.isalnum() for char in folded) else ""


def _folded(text: str) -> str:
    """Return text with its accents taken off; what has no ASCII letter stays, and is left out later."""
    return "".join(
        char for char in unicodedata.normalize("NFKD", text.translate(_LETTERS)) if not unicodedata.combining(char)
    )
