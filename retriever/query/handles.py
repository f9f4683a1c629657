"""Handles: every way to name a paper, and the papers that answer to it.

A handle is an id of this index (old ones too, or the beginning of one), an OpenReview, arXiv, ACL or DOI id with or
without its URL, any other link, a citation key, a title, a system's name, or a place in the notes (`file:line`).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from retriever.chunker.identifiers import normal_key, normal_title, normal_url, read_identifier
from retriever.errors import PaperNotFoundError
from retriever.records import Place

if TYPE_CHECKING:
    from retriever.index import Catalog
    from retriever.records import Passage

_ID = re.compile(r"[a-z2-7]{4,10}")
_FULL_ID = 10
_PLACE = re.compile(r"(?P<file>.+):(?P<line>\d{1,9})", re.DOTALL)
_MANY = 50  # papers that one beginning of an id may name before we stop counting
_MAX_PLUSES = 3  # keys written "Key", "Key+", "Key++" tell papers of one author and year apart


def find_paper(catalog: Catalog, handle: str) -> str:
    """Return the id of the one paper that answers to a handle.

    Raises PaperNotFoundError if no paper does, or more than one.
    """
    found = named(catalog, handle)[1] or _by_beginning(catalog, handle.strip())
    if len(found) == 1:
        return found[0]
    known = catalog.papers(found)
    raise PaperNotFoundError(handle, sorted(f"{known[paper].label} ({paper})" for paper in found if paper in known))


def find_place(catalog: Catalog, handle: str) -> Place:
    """Return the absolute path and the line that a handle means: of a paper, where its first passage begins.

    The id of a passage is a handle too here. Raises PaperNotFoundError as `find_paper` does.
    """
    place = _PLACE.fullmatch(handle.strip())
    there = place and (
        # Between passages, the note itself is still the one that is meant.
        _passages_at(catalog, place["file"], int(place["line"])) or catalog.passages_in(place["file"])
    )
    if place and there:
        passage, line = there[0].id, int(place["line"])
    else:
        known = catalog.place(handle) is not None
        passage, line = handle if known else catalog.passages_of(find_paper(catalog, handle))[0].id, 0
    root, file, first = catalog.place(passage) or ("", "", 0)
    return Place(str(Path(root) / file), line or first)


def find_section(catalog: Catalog, handle: str) -> str | None:
    """Return the id of the innermost passage at a place (`file:line`); None for what is no place in a passage."""
    place = _PLACE.fullmatch(handle.strip())
    there = _passages_at(catalog, place["file"], int(place["line"])) if place else []
    return there[0].id if there else None


def named(catalog: Catalog, text: str) -> tuple[str, tuple[str, ...]]:
    """Return the kind of handle that a text is as a whole, and the papers that answer to it; ("", ()) for none.

    The beginning of an id does not count here: a question may begin like one.
    """
    text = text.strip().strip("<>").strip()
    for kind, found in _readings(catalog, text):
        if found:
            return kind, tuple(dict.fromkeys(found))
    return "", ()


def _readings(catalog: Catalog, text: str) -> Iterator[tuple[str, list[str]]]:
    """Yield (kind, papers) for each way to read a handle, the surest first."""
    if not text:
        return
    if len(text) == _FULL_ID and _ID.fullmatch(text.casefold()):
        yield "id", catalog.handles("id", text.casefold())
    ids = read_identifier(text)
    for kind, value in (("openreview", ids.openreview), ("arxiv", ids.arxiv), ("acl", ids.acl), ("doi", ids.doi)):
        if value:
            yield kind, catalog.handles(kind, value if kind == "openreview" else value.casefold())
    if " " not in text:
        yield "openreview", catalog.handles("openreview", text)
        yield "link", catalog.handles("url", normal_url(text))
    if place := _PLACE.fullmatch(text):
        yield "place", _at(catalog, place["file"], int(place["line"]))
    key = normal_key(text.strip("[]"))
    yield "key", catalog.handles("key", key)
    if title := normal_title(text):
        yield "title", catalog.handles("title", title)
        yield "name", catalog.handles("name", title)
    pluses = [key + "+" * count for count in range(1, _MAX_PLUSES + 1)]
    yield "key", [paper for plus in pluses for paper in catalog.handles("key", plus)]


def _by_beginning(catalog: Catalog, text: str) -> tuple[str, ...]:
    folded = text.casefold()
    return tuple(dict.fromkeys(catalog.handle_prefixes(folded, _MANY))) if _ID.fullmatch(folded) else ()


def _at(catalog: Catalog, file: str, line: int) -> list[str]:
    """Return the papers of the innermost passages at a line."""
    ids = [passage.id for passage in _passages_at(catalog, file, line)]
    of_passage = catalog.paper_of_passages(ids)
    return [of_passage[passage] for passage in ids if passage in of_passage]


def _passages_at(catalog: Catalog, file: str, line: int) -> list[Passage]:
    """Return the innermost passages at a line; `file` may carry folders above its notes folder."""
    parts = file.replace("\\", "/").split("/")
    for start in range(len(parts)):
        there = [
            passage
            for passage in catalog.passages_in("/".join(parts[start:]))
            if passage.first_line <= line <= passage.last_line
        ]
        if there:
            shortest = min(passage.last_line - passage.first_line for passage in there)
            return [passage for passage in there if passage.last_line - passage.first_line == shortest]
    return []
