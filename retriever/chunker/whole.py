"""Notes about one paper: the whole file is its passage, and headings inside are parts, not topics."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import PurePath

from retriever.chunker.identifiers import Identifiers, find_identifiers, is_paper_url, read_identifier
from retriever.chunker.mentions import KEY, Mention, is_title, name_in, own_paper
from retriever.chunker.outline import Place
from retriever.chunker.subjects import Subject, clean_title, labelled_paper
from retriever.notes import Note

_KEY_FIELDS = ("citekey", "citation_key", "citation-key", "bibkey", "key")
_VENUE_FIELDS = ("venue", "journal", "conference", "booktitle", "publication")
_HEAD = 4  # blocks under the title in which a note about one paper says where to find it


def whole_note(note: Note, places: Sequence[Place]) -> Subject | None:
    """Return the one paper that a note is about, if it is about one."""
    mention = _from_front(note) or _from_head(note, places)
    if mention is None or _lists_papers(places):
        return None
    return Subject(mention, 0, len(places), None, (), ())


def _from_front(note: Note) -> Mention | None:
    fields = {key.casefold(): value for key, value in note.front.items()}
    ids = Identifiers()
    for kind in ("openreview", "arxiv", "doi", "acl"):
        value = _text(fields.get(kind) or fields.get(f"{kind}_id"))
        if value:
            found = read_identifier(value)
            ids = ids.merged(Identifiers(**{kind: getattr(found, kind)}))
    url = _text(fields.get("url") or fields.get("link"))
    if url and is_paper_url(url):
        ids = ids.merged(find_identifiers(url))
    key = next((text for field in _KEY_FIELDS if (text := _text(fields.get(field))) and KEY.fullmatch(text)), None)
    authors = _list(fields.get("authors") or fields.get("author"))
    venue = next((text for field in _VENUE_FIELDS if (text := _text(fields.get(field)))), None)
    if not (ids or key or (authors and venue)):
        return None
    title = clean_title(_text(fields.get("title")) or note.title or _file_title(note))
    year = re.search(r"(?:19|20)\d\d", _text(fields.get("year")) or "")
    return Mention(
        ids=ids,
        url=url if url and is_paper_url(url) else None,
        key=key.removeprefix("@") if key else None,
        title=title,
        name=name_in(title),
        venue=venue,
        year=int(year.group()) if year else None,
        authors=authors,
    )


def _from_head(note: Note, places: Sequence[Place]) -> Mention | None:
    """A title, and under it a line that only says where the paper is, before anything is said about it."""
    if note.title is None or not is_title(note.title):
        return None
    for place in places[: _HEAD + 1]:
        if place.block.kind == "heading" and place.block.level == 1:
            if (named := own_paper(place.block)) is not None:
                return named[0]
        elif place.block.kind in ("paragraph", "item") and (given := labelled_paper(place.block)) is not None:
            title = clean_title(note.title)
            return Mention(given.ids, given.url, title=title, name=name_in(title))
    return None


def _lists_papers(places: Sequence[Place]) -> bool:
    """Tell whether a note goes on to list papers of its own, beyond the line that names the one it is about."""
    listed = [place for place in places[_HEAD + 1 :] if place.block.kind in ("item", "row", "heading")]
    return sum(own_paper(place.block) is not None for place in listed) > 2


def _file_title(note: Note) -> str:
    return re.sub(r"^[\d\s._-]+", "", PurePath(note.file).stem).replace("_", " ").strip() or note.file


def _text(value: object) -> str | None:
    if isinstance(value, str | int | float) and not isinstance(value, bool):
        return str(value).strip() or None
    return None


def _list(value: object) -> tuple[str, ...]:
    if isinstance(value, list):
        return tuple(text for item in value if (text := _text(item)))
    text = _text(value)
    return tuple(name.strip() for name in re.split(r",|;| and ", text) if name.strip()) if text else ()
