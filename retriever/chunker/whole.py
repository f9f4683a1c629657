"""Notes about one paper: the whole file is its passage, and headings inside are parts, not topics.

What says so stands at the head: fields of front matter or lines of metadata that only a paper has, a line that
only says where to find it, the authors below the title, or the note's own word that it is about a paper.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import PurePath

from retriever.chunker.fields import from_fields, stated, text_of
from retriever.chunker.identifiers import Identifiers, find_identifiers
from retriever.chunker.labels import clean_title, named_entry, names_type, own_paper, year_in_title
from retriever.chunker.mentions import KEY, Mention, is_title
from retriever.chunker.names import name_in
from retriever.chunker.outline import Place
from retriever.chunker.references import VENUES, names_in, read_byline
from retriever.chunker.sections import Subject, is_part, labelled_paper, paper_sections
from retriever.notes import Block, Note

# Fields that only a note about a paper has: "entrytype: article", "itemType: conferencePaper", "paper_authors: ...".
_SAYS_PAPER = re.compile(r"entry[ _-]?type|item[ _-]?type|paper(?:[ _-]\w+)?|论文(?:标题|链接)?")
_TYPE_TAGS = frozenset(
    "paper papers papernote papernotes paperreview paperreviews papersummary papersummaries reviewpaper researchpaper "
    "literature literaturenote literaturenotes 论文 论文笔记 论文阅读 論文 論文メモ 논문 논문리뷰".split()
)
# Headings over papers that a note about one names beside it.
_BESIDE = re.compile(
    r"(?:.*\b(?:related|references?|bibliography|further|see also|citations?|cited|links|next|similar)\b.*|"
    r".*(?:相关|参考|関連|次に読む|관련|참고).*)",
    re.IGNORECASE,
)
_GATHERING = re.compile(r"\b(?:meetings?|minutes|agenda|seminar|workshop|schedule|syllabus)\b", re.IGNORECASE)
_THIS_PAPER = re.compile(r"\bthis (?:paper|work|article)\b", re.IGNORECASE)
_COPY = re.compile(r"\b(?:arxiv|pdf|paper|preprint)\b", re.IGNORECASE)
_KEYED_FILE = re.compile(rf"@{KEY.pattern.removeprefix('@?')}")  # so reference managers name the note on a paper
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
    if found is None or (not _is_told_by_front(note) and _lists_papers(places)):
        return None
    return Subject(_completed(found, note, fields, places), 0, len(places), None, (), ())


def _fields(note: Note, places: Sequence[Place]) -> dict[str, str]:
    """Return front matter, and lines of metadata at the head ("DOI: ..."), by name in lower case."""
    fields = _front(note)
    for place in _head(places):
        if place.block.kind not in ("row", "entry"):  # each of these is about something of its own
            for name, value in (*place.block.fields, *stated(place.block)):
                fields.setdefault(name, value)
    return fields


def _front(note: Note) -> dict[str, str]:
    return {key.casefold(): text for key, value in note.front.items() if (text := text_of(value))}


def _is_told_by_front(note: Note) -> bool:
    return _from_fields(_front(note)) is not None


def _head(places: Sequence[Place]) -> Iterator[Place]:
    """Yield what stands before the text: up to the second heading below the title, a list of metadata whole."""
    seen = 0
    for place in places:
        is_metadata = place.block.kind == "item" and bool(stated(place.block))
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
    if not (said.ids or said.url or said.key or has_source or any(_SAYS_PAPER.fullmatch(name) for name in fields)):
        return None
    return said


def _from_head(places: Sequence[Place]) -> Mention | None:
    """A link to the paper in the title or in a line of its own, or a reference, before anything is said of it."""
    for place in places[: _HEAD - 1]:
        if place.block.kind == "heading" and place.block.level == 1 and (named := own_paper(place.block)) is not None:
            return named[0]
        if _opens_section(place):
            return None
        is_text = place.block.kind in ("paragraph", "item") and not place.items
        if is_text and (given := labelled_paper(_first_line(place.block))) is not None:
            return given
    return None


def _first_line(block: Block) -> Block:
    """Return a block less all but its first line: text often follows a link to its paper without a blank line."""
    first = block.text.split("\n", 1)[0]
    return replace(block, text=first, links=tuple(link for link in block.links if link.end <= len(first)))


def _from_word(note: Note, places: Sequence[Place]) -> Mention | None:
    """The note says that it is about a paper: by a tag, a word before its title, its authors, or its opening."""
    if _KEYED_FILE.fullmatch(PurePath(note.file).stem):
        return Mention()
    kinds = {re.sub(r"[\W_]", "", tag.casefold().rsplit("/", 1)[-1]) for tag in _tags(note)}
    if _TYPE_TAGS & kinds or names_type(text_of(note.front.get("title")) or note.title or ""):
        return Mention()
    title = note.title or _file_title(note)
    opening = next((place.block for place in places if place.block.kind != "heading"), None)
    if opening is None or not is_title(clean_title(title)) or _GATHERING.search(title):
        return None
    if note.title is not None and (authors := _authors_below(note.title, opening)):
        return Mention(authors=authors)
    is_key = KEY.fullmatch(PurePath(note.file).stem)
    return Mention() if _THIS_PAPER.search(opening.text[:300]) and (": " in title or is_key) else None


def _authors_below(title: str, opening: Block) -> tuple[str, ...]:
    """Return the authors that stand alone below a title: several, one where the title gives a year, or a byline."""
    authors = names_in(opening.text)
    if len(authors) > 1 or (authors and " " in authors[0] and year_in_title(title)[1]):
        return authors
    byline = read_byline(f"\n{opening.text}")
    is_paper = byline is not None and byline.authors and (byline.venue in VENUES or "et al" in opening.text)
    return byline.authors if byline is not None and is_paper else ()


def _completed(found: Mention, note: Note, fields: Mapping[str, str], places: Sequence[Place]) -> Mention:
    """Add title, authors, venue and year: what fields say, then a reference at the head, then the file's name."""
    entries = (named_entry(place.block) for place in places[:_HEAD] if place.block.kind in ("paragraph", "item"))
    reference = next((given[0] for given in entries if given is not None), None)
    stem = PurePath(note.file).stem.removeprefix("@")
    key = found.key or (stem if KEY.fullmatch(stem) else None)
    # The title of a page on the web is that of the site, too.
    titles = [note.title, text_of(note.front.get("title"))][:: 1 if note.file.endswith((".html", ".htm")) else -1]
    titles += [fields.get("title"), found.title]
    raw = next((said.removeprefix("@") for said in titles if said and not KEY.fullmatch(said)), None)
    title = raw or (reference.title if reference else None) or (None if key else _file_title(note))
    # A field wins over the title, that over a tag, and all over a reference.
    said = [str(found.year or ""), *re.findall(r"\(\d{4}\)\W*$", raw or ""), *_tags(note)]
    years = [year for text in said for year in re.findall(r"^\W*((?:19|20)\d\d)\b", text)]
    years += [str(reference.year)] if reference and reference.year else []
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
    listed = [place for place in listed if not any(_BESIDE.match(places[at].block.text) for at in place.headings)]
    return sum(own_paper(place.block) is not None for place in listed) > _LISTED or len(paper_sections(places)) > 1


def _tags(note: Note) -> list[str]:
    tags = note.front.get("tags") or note.front.get("tag") or []
    found = tags if isinstance(tags, list) else re.split(r"[,\s]+", str(tags))
    return [text.removeprefix("#") for tag in found if (text := text_of(tag))]


def _file_title(note: Note) -> str:
    return _DATE_IN_FILE.sub("", PurePath(note.file).stem).replace("_", " ").strip() or note.file
