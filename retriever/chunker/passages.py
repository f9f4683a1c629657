"""A note to passages: one for each place that is about a paper, and section passages for the rest."""

from __future__ import annotations

import textwrap
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from retriever.chunker.fields import own_fields, text_of
from retriever.chunker.identifiers import Identifiers
from retriever.chunker.marks import cites_of, markers_in, rating_of, status_of, tags_in
from retriever.chunker.mentions import KEY, Mention, venue_and_year
from retriever.chunker.names import name_in_text
from retriever.chunker.naming import paper_id, short_hash
from retriever.chunker.outline import Place, outline
from retriever.chunker.sections import Subject
from retriever.chunker.subjects import subjects
from retriever.chunker.whole import whole_note
from retriever.chunker.windows import Stretch, windows
from retriever.notes import Note
from retriever.records import Passage, Window

VERSION = 4  # of what the chunker makes of a note; another one means that an index must be built anew
SECTION_WORDS = 300  # a section passage is shown whole, so it ends near this length, between two blocks
_NAMED_IN = 6  # blocks of a passage that may give its paper's short name


@dataclass(frozen=True, slots=True)
class Chunk:
    """A passage and its windows."""

    passage: Passage
    windows: tuple[Window, ...]


def split(note: Note) -> list[Passage]:
    """Return the passages of a note in order of line. Pure: the same note gives the same passages."""
    return [chunk.passage for chunk in chunks(note)]


def chunks(note: Note) -> list[Chunk]:
    """Return the passages of a note with their windows, in order of line."""
    places = outline(note)
    whole = whole_note(note, places)
    papers = [whole] if whole else list(subjects(places))
    taken = {at for subject in papers for at in range(subject.start, subject.end)}
    drafts = [*_papers(note, places, papers), *_sections(note, places, taken)]
    drafts.sort(key=lambda draft: (draft.first_line, draft.last_line))
    seen: Counter[str] = Counter()
    about = _conference(note)
    return [_chunk(note, draft, seen, about) for draft in drafts]


@dataclass(frozen=True, slots=True)
class _Draft:
    mention: Mention
    first_line: int
    last_line: int
    heading_path: tuple[str, ...]
    stretches: tuple[Stretch, ...]
    places: Sequence[Place]


def _papers(note: Note, places: Sequence[Place], papers: Sequence[Subject]) -> Iterator[_Draft]:
    for subject in papers:
        mine = places[subject.start : subject.end]
        whole = len(mine) == len(places)
        stretches = [Stretch(place.block.text, place.block.first_line) for place in mine]
        if not whole:
            stretches[0] = _after_label(mine[0], subject.skip)
        first, last = (1, len(note.lines)) if whole else (mine[0].block.first_line, mine[-1].block.last_line)
        path = tuple(_label(places[at]) for at in (*subject.headings, *subject.items))
        mention = subject.mention
        if mention.title and not mention.name:
            said = " ".join(stretch.text for stretch in stretches[:_NAMED_IN])
            mention = replace(mention, name=name_in_text(mention.title, said))
        abstract = mention.abstract
        parted = tuple(
            part for stretch in stretches for part in (_parted(stretch, abstract) if abstract else (stretch,))
        )
        yield _Draft(mention, first, _last_filled(note, first, last), path, parted, mine)


def _sections(note: Note, places: Sequence[Place], taken: set[int]) -> Iterator[_Draft]:
    """Gather what is about no paper, under one heading each time, between papers."""
    group: list[Place] = []
    size = 0
    for place in places:
        words = len(place.block.text.split())
        free = place.at not in taken and place.block.kind != "heading" and not _only_heads(place, taken)
        if group and (not free or place.headings != group[0].headings or size + words > SECTION_WORDS):
            yield _section(note, places, group)
            group, size = [], 0
        if free:
            group.append(place)
            size += words
    if group:
        yield _section(note, places, group)


def _section(note: Note, places: Sequence[Place], group: Sequence[Place]) -> _Draft:
    first = group[0].block.first_line
    return _Draft(
        Mention(),
        first,
        _last_filled(note, first, group[-1].block.last_line),
        tuple(_label(places[at]) for at in group[0].headings),
        tuple(Stretch(place.block.text, place.block.first_line) for place in group),
        tuple(group),
    )


def _only_heads(place: Place, taken: set[int]) -> bool:
    """Tell whether an item is a topic bullet: it names what the papers below it are about."""
    short = len(place.block.text.split()) <= 12
    return place.block.kind == "item" and short and any(at in taken for at in range(place.at, place.end))


def _chunk(note: Note, draft: _Draft, seen: Counter[str], conference: tuple[str | None, int | None]) -> Chunk:
    mention, text = draft.mention, _text(note, draft.first_line, draft.last_line)
    # Being about a paper and having the same ids, two mentions differ by their order in the note only.
    about = paper_id(mention) if mention else "\x1f".join(draft.heading_path)
    seen[about] += 1
    venue, year = _venue_and_year(draft, conference)
    ids: Identifiers = mention.ids
    fields = own_fields(draft.places) if mention else {}
    if mention and len(draft.places) == len(note.blocks):
        fields |= {name: said for name, value in note.front.items() if (said := text_of(value))}
    passage = Passage(
        id=short_hash(f"passage:{note.folder}\0{note.file}\0{about}\0{seen[about]}"),
        kind="paper" if mention else "section",
        file=note.file,
        first_line=draft.first_line,
        last_line=draft.last_line,
        heading_path=draft.heading_path,
        key=mention.key,
        title=mention.title,
        name=mention.name,
        authors=mention.authors,
        venue=venue,
        year=year,
        arxiv=ids.arxiv,
        openreview=ids.openreview,
        doi=ids.doi,
        acl=ids.acl,
        url=mention.url,
        markers=markers_in(text, mention.key),
        tags=tags_in(text, fields),
        status=status_of(fields, text, mention) if mention else None,
        rating=rating_of(fields, text) if mention else None,
        cites=cites_of(draft.places, mention),
        abstract=mention.abstract,
        text=text,
    )
    # A paper that is only named must be found by its name, and only windows are searched.
    named = (
        mention.title or mention.name or mention.key or ids.openreview or ids.arxiv or ids.doi or ids.acl or mention.url
    )
    alone = (Window(0, passage.first_line, passage.last_line, named),) if named else ()
    return Chunk(passage, windows(draft.stretches) or alone)


def _conference(note: Note) -> tuple[str | None, int | None]:
    """Return the one conference that a note's title is about, else its opening; (None, None) without one."""
    # An item that opens a list says something of itself alone.
    opening = next((block.text for block in note.blocks if block.kind == "paragraph" and len(block.text) > 20), None)
    titled = venue_and_year(note.title or "")
    return titled if titled != (None, None) else venue_and_year(opening or "")


def _venue_and_year(draft: _Draft, conference: tuple[str | None, int | None]) -> tuple[str | None, int | None]:
    """What an explicit field says, else the key, else the conference that a heading or the note is about."""
    mention = draft.mention
    if not mention:
        return None, None
    key = KEY.fullmatch(mention.key or "")
    venue = mention.venue or (key["venue"] if key else None)
    year = mention.year or (int(key["year"]) if key else None)
    if venue is not None or year is not None:
        return venue, year
    headed = (venue_and_year(text) for text in reversed(draft.heading_path))
    return next((found for found in headed if found != (None, None)), conference)


def _after_label(place: Place, skip: int | None) -> Stretch:
    """The first block of a passage less the part that only names the paper."""
    text = place.block.text
    taken = len(text) if skip is None else skip
    return Stretch(text[taken:].lstrip(" :,–—-"), place.block.first_line + text.count("\n", 0, taken))


def _parted(stretch: Stretch, abstract: str) -> Iterator[Stretch]:
    """Yield the text up to the end of the abstract, which a library gives, and what the note-taker says after it."""
    at = stretch.text.find(abstract)
    if at < 0:
        yield stretch
        return
    end = at + len(abstract)
    yield Stretch(stretch.text[:end], stretch.first_line, imported=True)
    if stretch.text[end:].strip():
        yield Stretch(stretch.text[end:], stretch.first_line + stretch.text.count("\n", 0, end))


def _label(place: Place) -> str:
    return " ".join(place.block.text.split("\n", 1)[0].split()).removesuffix(":")


def _last_filled(note: Note, first: int, last: int) -> int:
    while last > first and not note.lines[last - 1].strip():
        last -= 1
    return last


def _text(note: Note, first: int, last: int) -> str:
    lines = "\n".join(line.replace("\u00a0", " ").rstrip() for line in note.lines[first - 1 : last])
    return textwrap.dedent(lines).strip("\n")
