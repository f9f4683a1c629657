"""What the parts of a note are about: which blocks belong to which paper.

Each rule looks for evidence that a reader would accept: a link or key at the head of an item, an id that closes
a section, a section that says "this paper", fields of front matter. What carries none is about no paper.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import pairwise

from retriever.chunker.fields import OWN, from_fields, own_fields
from retriever.chunker.labels import clean_title, is_short_title, named_entry, own_paper, whole_name, with_byline
from retriever.chunker.mentions import Mention, is_title
from retriever.chunker.names import name_in
from retriever.chunker.outline import Place
from retriever.chunker.prose import heads_text, papers_in_prose
from retriever.chunker.references import Byline, read_byline
from retriever.chunker.rows import papers_of_row
from retriever.chunker.sections import Subject, in_bibliography, is_part, labelled_paper, paper_sections, subject

_TITLE_FIRST = re.compile(r"(?P<title>(?:[^:.\n]|:(?= [A-Z])|\.(?=\S)){10,200}?)(?:$|[.\n]|[:,] (?=[a-z])| [-–—] )")
_IN_BRACKETS = re.compile(r"\[(?P<title>[^\[\]\n]{8,200})\]")


def subjects(places: Sequence[Place]) -> Iterator[Subject]:
    """Yield the papers of a note in order. Two may share a paragraph; otherwise they lie apart."""
    owned = {place.at: own_paper(place.block) for place in places if place.block.kind == "item"}
    patterned = {**paper_sections(places), **_listed(places, owned), **_headed(places)}
    at = 0
    topic: Place | None = None  # the last inferred heading that is no paper: it stands above those that are
    while at < len(places):
        place = places[at]
        found = [patterned[at]] if at in patterned else list(_about(places, place, owned))
        if place.block.inferred and place.block.level > 1 and not found:
            topic = place if not is_part(place.block.text) else None
        if place.block.inferred and found and topic is not None:
            found = [replace(found[0], headings=(*place.headings, topic.at))]
        yield from (_completed(places, one) for one in found)
        at = max([at + 1, *(one.end for one in found)])


def _completed(places: Sequence[Place], found: Subject) -> Subject:
    """Add what lines of metadata in a passage say of its paper: "Year:: 2019", "Authors: ..."."""
    if places[found.start].block.kind not in ("item", "heading"):
        return found
    mine = places[found.start : min(found.end, found.start + OWN)]
    said, byline = from_fields(own_fields(mine)), _byline_below(mine)
    if not (said or said.authors or said.venue or said.year or byline):
        return found
    mention = found.mention
    mention = replace(
        mention,
        ids=mention.ids if mention.ids.conflicts(said.ids) else mention.ids.merged(said.ids),
        title=mention.title or said.title,
        authors=mention.authors or said.authors,
        venue=mention.venue or said.venue,
        year=mention.year or said.year,
    )
    return replace(found, mention=with_byline(mention, byline) if byline else mention)


def _headed(places: Sequence[Place]) -> dict[int, Subject]:
    """Return the lines that link to a paper each and stand above the text about it, where several do so in a row.

    The last has no more paragraphs than the longest before it: what follows may be about something else.
    """
    beside: dict[tuple[int, ...], list[Place]] = {}
    for place in places:
        if place.block.kind == "paragraph" and not place.items and not in_bibliography(places, place):
            beside.setdefault(place.headings, []).append(place)
    found: dict[int, Subject] = {}
    for siblings in beside.values():
        heads = [place for place in siblings if heads_text(place.block)]
        starts = [place.at for place in heads]
        sizes = [after - at for at, after in pairwise(starts)]
        if not sizes or min(sizes) < 2:  # a list of links, one under another
            continue
        end = next((at for at in range(starts[-1] + 1, len(places)) if places[at].block.kind == "heading"), len(places))
        for place, size in zip(heads, [*sizes, min(end - starts[-1], max(sizes))], strict=True):
            (mention,) = papers_in_prose(place.block)
            found[place.at] = subject(mention, place, skip=None, end=place.at + size)
    return found


def _byline_below(places: Sequence[Place]) -> Byline | None:
    """Return what the line below a paper's name says, if it is a byline and nothing more."""
    below = next((place.block for place in places[1:2] if place.block.kind in ("paragraph", "item")), None)
    return read_byline(f"\n{below.text}") if below is not None else None


def _told_by_child(places: Sequence[Place], place: Place) -> tuple[Mention, int] | None:
    """Return the paper of an item that names it, where an item at once in it only says where to find it."""
    title = clean_title(place.block.text)
    if place.block.links or not (is_short_title(title) or 3 <= len(title.split()) <= 30) or title.endswith(":"):
        return None
    children = [child for child in places[place.at + 1 : place.end] if child.items == (*place.items, place.at)]
    given = [label for child in children if (label := labelled_paper(child.block)) is not None]
    if len({label.ids for label in given}) != 1:
        return None
    said = whole_name(title)
    named = said if said is not None else Mention(title=title, name=name_in(title))
    return replace(named, ids=given[0].ids, url=given[0].url), 0


def _listed(places: Sequence[Place], owned: Mapping[int, tuple[Mention, int] | None]) -> dict[int, Subject]:
    """Return the items without a link that begin with a title, in lists where others link to papers."""
    beside: dict[tuple[tuple[int, ...], tuple[int, ...]], list[Place]] = {}
    for place in places:
        if place.block.kind == "item" and not in_bibliography(places, place):
            beside.setdefault((place.headings, place.items), []).append(place)
    found: dict[int, Subject] = {}
    for siblings in beside.values():
        linked = [place for place in siblings if owned[place.at] is not None]
        for place in siblings if len(linked) > 1 else ():
            text = place.block.text
            in_brackets = _IN_BRACKETS.match(text)
            if not place.block.links and (named := in_brackets or _TITLE_FIRST.match(text)):
                title = clean_title(named["title"])
                if len(title.split()) > 2 and (in_brackets or (len(title.split()) > 3 and is_title(title))):
                    found[place.at] = subject(Mention(title=title, name=name_in(title)), place, skip=named.end())
    return found


def _about(places: Sequence[Place], place: Place, owned: Mapping[int, tuple[Mention, int] | None]) -> Iterator[Subject]:
    if in_bibliography(places, place):
        return
    match place.block.kind:
        case "entry":
            if entry := from_fields(dict(place.block.fields)):
                yield subject(entry, place, skip=0)
        case "row":
            for row in papers_of_row(place.block):
                yield subject(row, place, skip=0)
        case "item":
            if (named := owned[place.at] or named_entry(place.block) or _told_by_child(places, place)) is not None:
                yield subject(named[0], place, skip=named[1])
        case "paragraph":
            yield from (subject(mention, place, skip=0) for mention in papers_in_prose(place.block))
        case _:
            pass
