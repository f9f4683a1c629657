"""Notes about one paper: the whole file is its passage, and headings inside are parts, not topics.

What says so stands at the head: fields of front matter or lines of metadata that only a paper has, a line that
only says where to find it, the authors below the title, or the note's own word that it is about a paper.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import PurePath

from retriever.chunker.fields import from_fields
from retriever.chunker.identifiers import Identifiers, find_identifiers
from retriever.chunker.mentions import KEY, Mention, is_title, name_in, own_paper
from retriever.chunker.outline import Place
from retriever.chunker.references import names_in, read_reference
from retriever.chunker.subjects import Subject, clean_title, is_part, labelled_paper, paper_sections
from retriever.notes import Block, Note

_SAYS_PAPER = ("entrytype", "paper_ref", "item-type", "item type")
_TYPE_TAGS = frozenset(
    {"paper", "papers", "paper-notes", "paper-review", "literature-note", "literature", "reviewpaper"}
)
_TYPE_WORD = re.compile(r"\s*paper(?: (?:review|notes?|summary|reading))?\s*[:|-]", re.IGNORECASE)
_FIELD = re.compile(r"\W{0,3}(?P<name>[A-Za-z][A-Za-z _-]{1,20}?)\W{0,3}:+\W{0,3}\s(?P<value>.{0,400})", re.DOTALL)
_THIS_PAPER = re.compile(r"\bthis (?:paper|work|article)\b", re.IGNORECASE)
_COPY = re.compile(r"\b(?:arxiv|pdf|paper|preprint)\b", re.IGNORECASE)
_DATE_IN_FILE = re.compile(r"^\d{4}-\d\d-\d\d-|^[\d\s._-]+|^@")
_HEAD = 6  # blocks at the top that may tell what the note is about
_OPENING = 16  # blocks in which a note gives a copy of its paper; further down links lead to other papers
_PROSE = 200  # characters; links in longer blocks are cited by a sentence
_LISTED = 2  # papers that a note about one may point to, each at the head of an item, before it is a list


def whole_note(note: Note, places: Sequence[Place]) -> Subject | None:
    """Return the one paper that a note is about, if it is about one."""
    fields = _fields(note, places)
    told = _from_fields(fields)
    found = told if told is not None else _from_head(places)
    if found is None:
        found = _from_word(note, places)
    if found is None or (told is None and _lists_papers(places)):
        return None
    return Subject(_completed(found, note, fields, places), 0, len(places), None, (), ())


def _fields(note: Note, places: Sequence[Place]) -> dict[str, str]:
    """Return front matter, and lines of metadata at the head ("DOI: ..."), by name in lower case."""
    fields = {key.casefold(): text for key, value in note.front.items() if (text := _text(value))}
    for place in _head(places):
        # An entry of a library, or a row of a table, says something of its own paper, not of the whole note.
        for name, value in () if place.block.kind in ("entry", "row") else place.block.fields:
            fields.setdefault(name, value)
        if found := _FIELD.fullmatch(place.block.text):
            fields.setdefault(found["name"].strip().casefold(), found["value"].strip())
    return fields


def _head(places: Sequence[Place]) -> Iterator[Place]:
    """Yield what stands before the text: up to the second heading below the title, a list of metadata whole."""
    seen = 0
    for place in places:
        is_metadata = place.block.kind == "item" and _FIELD.fullmatch(place.block.text)
        seen += not is_metadata
        if seen > _HEAD or _opens_section(place):
            return
        yield place


def _opens_section(place: Place) -> bool:
    """Tell whether a heading begins something else than a part of what the note is about."""
    return place.block.kind == "heading" and place.block.level > 1 and place.at > 0 and not is_part(place.block.text)


def _from_fields(fields: Mapping[str, str]) -> Mention | None:
    """What fields say, if they are such as only a paper has. The author of a note is no author of a paper."""
    said = from_fields(fields)
    has_source = bool(said.authors and said.venue)
    if not (said.ids or said.url or said.key or has_source or any(name in fields for name in _SAYS_PAPER)):
        return None
    return said


def _from_head(places: Sequence[Place]) -> Mention | None:
    """A link to the paper in the title or in a line of its own, or a reference, before anything is said of it."""
    for place in places[: _HEAD - 1]:
        if place.block.kind == "heading" and place.block.level == 1 and (named := own_paper(place.block)) is not None:
            return named[0]
        if _opens_section(place):
            return None
        is_text = place.block.kind in ("paragraph", "item")
        if is_text and (given := labelled_paper(_first_line(place.block))) is not None:
            return given
    return None


def _first_line(block: Block) -> Block:
    """Return a block less all but its first line: text often follows a link to its paper without a blank line."""
    first = block.text.split("\n", 1)[0]
    return replace(block, text=first, links=tuple(link for link in block.links if link.end <= len(first)))


def _from_word(note: Note, places: Sequence[Place]) -> Mention | None:
    """The note says that it is about a paper: by a tag, a word before its title, its authors, or its opening."""
    if _TYPE_TAGS & {tag.casefold() for tag in _tags(note)} or _TYPE_WORD.match(_text(note.front.get("title")) or ""):
        return Mention()
    title = note.title or _file_title(note)
    opening = next((place.block for place in places if place.block.kind != "heading"), None)
    if opening is None or not is_title(clean_title(title)):
        return None
    authors = names_in(opening.text)
    if len(authors) > 1 and note.title is not None:
        return Mention(authors=authors)
    is_key = KEY.fullmatch(PurePath(note.file).stem)
    return Mention() if _THIS_PAPER.search(opening.text[:300]) and (": " in title or is_key) else None


def _completed(found: Mention, note: Note, fields: Mapping[str, str], places: Sequence[Place]) -> Mention:
    """Add title, authors, venue and year: what fields say, then a reference at the head, then the file's name."""
    references = (read_reference(place.block.text) for place in places[:_HEAD])
    reference = next((given for given in references if given is not None), None)
    stem = PurePath(note.file).stem.removeprefix("@")
    key = found.key or (stem if KEY.fullmatch(stem) else None)
    raw = _text(note.front.get("title")) or note.title or fields.get("title", "").removeprefix("@") or found.title
    title = raw or (reference.title if reference else None) or (None if key else _file_title(note))
    # A field wins over the title, that over a tag, and all over a reference.
    said = [str(found.year or ""), *re.findall(r"\(\d{4}\)\W*$", raw or ""), *_tags(note)]
    years = [year for text in said for year in re.findall(r"^\W*((?:19|20)\d\d)\b", text)]
    years += [str(reference.year)] if reference else []
    title = clean_title(title) if title else None
    return replace(
        found,
        ids=_with_repeated(found.ids or _only_ids(places[:_OPENING]), places[:_HEAD]),
        key=key,
        title=title,
        name=name_in(title) or found.name,
        authors=found.authors or (reference.authors if reference else ()),
        venue=found.venue or (reference.venue if reference else None),
        year=int(years[0]) if years else None,
    )


def _only_ids(places: Sequence[Place]) -> Identifiers:
    """Return the ids of lines that only say where a paper is, or else of links that do, if they are of one paper."""
    labels = [label.ids for place in places if (label := labelled_paper(place.block)) is not None]
    copies = [
        find_identifiers(link.target)
        for place in places
        for link in (place.block.links if len(place.block.text) < _PROSE else ())
        if link.end - link.start == len(place.block.text.strip())
        or _COPY.search(place.block.text, link.start, link.end)
    ]
    for given in (labels, copies):
        distinct = {ids for ids in given if ids}
        if distinct:
            return distinct.pop() if len(distinct) == 1 else Identifiers()
    return Identifiers()


def _with_repeated(ids: Identifiers, head: Sequence[Place]) -> Identifiers:
    """Add the ids of a line at the head that gives one of these: a preprint's DOI beside its number."""
    for place in head:
        given = find_identifiers(" ".join([place.block.text, *(link.target for link in place.block.links)]))
        if not ids.conflicts(given) and {ids.arxiv, ids.doi, ids.openreview, ids.acl} & (
            {given.arxiv, given.doi, given.openreview, given.acl} - {None}
        ):
            ids = ids.merged(given)
    return ids


def _lists_papers(places: Sequence[Place]) -> bool:
    """Tell whether a note goes on to list papers of its own, beyond the line that names the one it is about."""
    listed = [place for place in places[_HEAD:] if place.block.kind in ("item", "row", "heading")]
    return sum(own_paper(place.block) is not None for place in listed) > _LISTED or len(paper_sections(places)) > 1


def _tags(note: Note) -> list[str]:
    tags = note.front.get("tags") or note.front.get("tag") or []
    found = tags if isinstance(tags, list) else re.split(r"[,\s]+", str(tags))
    return [text.removeprefix("#") for tag in found if (text := _text(tag))]


def _file_title(note: Note) -> str:
    return _DATE_IN_FILE.sub("", PurePath(note.file).stem).replace("_", " ").strip() or note.file


def _text(value: object) -> str | None:
    if isinstance(value, list):
        return ", ".join(text for item in value if (text := _text(item))) or None
    if isinstance(value, str | int | float) and not isinstance(value, bool):
        return str(value).strip() or None
    return None
