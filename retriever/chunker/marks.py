"""What note-takers add to a paper: what is to be done with it, its rating, and the papers they name beside it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence

from retriever.chunker.mentions import Mention, from_link, is_paper_link
from retriever.chunker.naming import identifiers
from retriever.chunker.outline import Place
from retriever.notes import Block

_STARS = re.compile(r"(?:[⭐★]\ufe0f?\s?){1,5}")
_RATED = re.compile(r"(?P<stars>[0-5](?:\.\d)?)(?:\s*/\s*5)?")
_READ_LATER = re.compile(r"\b(?:to[- ]?read|read[- ]later)\b", re.IGNORECASE)
_CITED_BY = ("openreview", "arxiv", "acl", "doi", "key", "url")  # the first that a link gives names its paper


def status_of(fields: Mapping[str, str], text: str) -> str | None:
    """Return what is to be done: a task word, a checkbox or a `status` field, else "todo" where the text says so."""
    if said := fields.get("status"):
        return said.strip().casefold() or None
    return "todo" if _READ_LATER.search(text) else None


def rating_of(fields: Mapping[str, str], text: str) -> float | None:
    """Return the note-taker's rating in stars out of five: a `rating` field, "4/5" in it too, else stars in a row."""
    if (said := fields.get("rating")) and (rated := _RATED.fullmatch(said.strip())):
        return float(rated["stars"])
    stars = _STARS.search(said or text)
    return float(sum(char in "⭐★" for char in stars.group())) if stars else None


def fields_of(places: Iterable[Place]) -> dict[str, str]:
    """Return the fields of blocks, the first of a name."""
    found: dict[str, str] = {}
    for place in places:
        for name, value in place.block.fields:
            found.setdefault(name, value)
    return found


def cites_of(places: Sequence[Place], own: Mention) -> tuple[str, ...]:
    """Return the other papers that blocks link to, as "kind:value" of an identifier, each once, in order."""
    mine = set(identifiers(own).items())
    found: dict[str, None] = {}
    for place in places:
        for given in _linked(place.block):
            if given and not mine & set(given.items()):
                kind = next(kind for kind in _CITED_BY if kind in given)
                found[f"{kind}:{given[kind]}"] = None
    return tuple(found)


def _linked(block: Block) -> Iterable[dict[str, str]]:
    for link in sorted(block.links, key=lambda link: link.start):
        if is_paper_link(block, link):
            given = identifiers(from_link(link, block.text[link.start : link.end].strip()))
            yield {kind: value for kind, value in given.items() if kind in _CITED_BY}
