"""What the parts of a note are about: which blocks belong to which paper.

Each rule looks for evidence that a reader would accept: a link or key at the head of an item, an id that closes
a section, a section that says "this paper", fields of front matter. What carries none is about no paper.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from retriever.chunker.fields import from_fields
from retriever.chunker.identifiers import Identifiers, find_identifiers, is_paper_url, read_identifier
from retriever.chunker.mentions import (
    Mention,
    authors_in,
    from_link,
    from_reference,
    is_link_word,
    is_paper_link,
    is_title,
    name_in,
    own_paper,
)
from retriever.chunker.outline import Place
from retriever.chunker.references import read_reference
from retriever.notes import Block

# Headings that name a part of any text, and so neither a paper nor a topic.
PARTS = frozenset(
    "introduction overview background motivation summary abstract conclusion conclusions discussion method methods "
    "methodology approach results experiments evaluation limitations notes appendix contents acknowledgements "
    "tldr metadata links info reference".split()
)
_BIBLIOGRAPHY = re.compile(r"(?:references|bibliography|works cited|literature|citations)\W*", re.IGNORECASE)
_THIS_PAPER = re.compile(r"\b(?:(?:this|the) (?:paper|work|article)|the authors|et al\.)", re.IGNORECASE)
_PLURAL = re.compile(r"\b(?:papers|works|articles|talks|orals|posters)\b", re.IGNORECASE)
_PAPER_WORD = re.compile(r"\b(?:(?:the|this) paper|paper award)\b", re.IGNORECASE)
_TITLE_FIRST = re.compile(r"(?P<title>(?:[^:.\n]|:(?= [A-Z])|\.(?=\S)){10,200}?)(?:$|[.\n]|[:,] (?=[a-z])| [-–—] )")
_IN_BRACKETS = re.compile(r"\[(?P<title>[^\[\]\n]{8,200})\]")
_QUOTED = re.compile(r"[“\"](?P<title>[^“”\"\n]{10,200}?)[,.]?[”\"]")
_LABEL_WORDS = re.compile(r"https?://\S+|[\w.-]+/[\w./-]+|arxiv:\s*\S+|doi:\s*\S+|[^\W\d_]{3,}", re.IGNORECASE)
_TYPE_WORD = re.compile(
    r"^\s*(?:\d{1,4}[.)]\s+|"
    r"(?:(?:journal )?(?:paper|article)(?: review| notes?| summary)?|(?:reading )?notes?|review)\s*[:|]\s*)",
    re.IGNORECASE,
)
_YEAR_AT_END = re.compile(r"\s*\((?:[A-Za-z]+[ ,'’]*)?(?:19|20)\d\d\)$")


@dataclass(frozen=True, slots=True)
class Subject:
    """A paper and the blocks about it: positions `start` up to `end`.

    `skip` characters of the first block name the paper; None takes the whole block, as a heading does.
    `headings` and `items` are the positions of what stands above.
    """

    mention: Mention
    start: int
    end: int
    skip: int | None
    headings: tuple[int, ...]
    items: tuple[int, ...]


def subjects(places: Sequence[Place]) -> Iterator[Subject]:
    """Yield the papers of a note in order. Two may share a paragraph; otherwise they lie apart."""
    patterned = {**paper_sections(places), **_listed(places)}
    at = 0
    topic: Place | None = None  # the last inferred heading that is no paper: it stands above those that are
    while at < len(places):
        place = places[at]
        found = [patterned[at]] if at in patterned else list(_about(places, place))
        if place.block.inferred and place.block.level > 1 and not found:
            topic = place if not is_part(place.block.text) else None
        if place.block.inferred and found and topic is not None:
            found = [replace(found[0], headings=(*place.headings, topic.at))]
        yield from found
        at = max([at + 1, *(subject.end for subject in found)])


def paper_sections(places: Sequence[Place]) -> dict[int, Subject]:
    """Return the sections about a paper each, by the position of their headings.

    Where several are that give no ids, the author follows a pattern: a neighbour headed by a title is one too,
    though its text does not say so.
    """
    found: dict[int, Subject] = {}
    beside: dict[tuple[int, tuple[int, ...]], list[Place]] = {}
    for place in places:
        if place.block.kind == "heading" and not _in_bibliography(places, place):
            beside.setdefault((place.block.level, place.headings), []).append(place)
            if (subject := _heading(places, place)) is not None:
                found[place.at] = subject
    for siblings in beside.values():
        if sum(place.at in found for place in siblings) > 1:
            # Forth and back, so that a run of such neighbours is taken on either side.
            for before, place in [*pairwise(siblings), *pairwise(reversed(siblings))]:
                if _sets_pattern(found.get(before.at)) and place.at not in found and _follows_pattern(places, place):
                    paragraphs = _paragraphs(places, place.at + 1, place.end)
                    found[place.at] = _subject(_named(place.block, Mention(), paragraphs), place, skip=None)
    return found


def _listed(places: Sequence[Place]) -> dict[int, Subject]:
    """Return the items without a link that begin with a title, in lists where others link to papers."""
    beside: dict[tuple[tuple[int, ...], tuple[int, ...]], list[Place]] = {}
    for place in places:
        if place.block.kind == "item" and not _in_bibliography(places, place):
            beside.setdefault((place.headings, place.items), []).append(place)
    found: dict[int, Subject] = {}
    for siblings in beside.values():
        linked = [place for place in siblings if own_paper(place.block) is not None]
        for place in siblings if len(linked) > 1 else ():
            text = place.block.text
            in_brackets = _IN_BRACKETS.match(text)
            if not place.block.links and (named := in_brackets or _TITLE_FIRST.match(text)):
                title = clean_title(named["title"])
                if len(title.split()) > 2 and (in_brackets or (len(title.split()) > 3 and is_title(title))):
                    found[place.at] = _subject(Mention(title=title, name=name_in(title)), place, skip=named.end())
    return found


def _sets_pattern(subject: Subject | None) -> bool:
    return subject is not None and not subject.mention.ids


def _follows_pattern(places: Sequence[Place], place: Place) -> bool:
    title = place.block.text
    text = _paragraphs(places, place.at + 1, place.end)
    links = any(is_paper_link(below.block, link) for below in text for link in below.block.links)
    return len(title.split()) > 3 and is_title(title) and not _PLURAL.search(title) and bool(text) and not links


def clean_title(title: str) -> str:
    """Return a title without what a template puts around it: number, type word, stars, full stop, year."""
    title = _TYPE_WORD.sub("", " ".join(title.split()))
    title = _YEAR_AT_END.sub("", title.strip(" *_⭐★\ufe0f"))
    return title.strip().strip('“”"').removesuffix(".").strip() or title


def _about(places: Sequence[Place], place: Place) -> Iterator[Subject]:
    if _in_bibliography(places, place):
        return
    match place.block.kind:
        case "entry":
            if entry := from_fields(dict(place.block.fields)):
                yield _subject(entry, place, skip=0)
        case "row":
            if (row := _row(place.block)) is not None:
                yield _subject(row, place, skip=0)
        case "item":
            if (named := own_paper(place.block)) is not None:
                yield _subject(named[0], place, skip=named[1])
            elif (reference := read_reference(place.block.text)) is not None:
                yield _subject(from_reference(reference), place, skip=0)
        case "paragraph":
            yield from _paragraph(place)
        case _:
            pass


def _row(block: Block) -> Mention | None:
    """Return the paper of a table row: by a link in it, or by columns for its title and for what a paper has."""
    said = from_fields(dict(block.fields))
    if (named := own_paper(block)) is not None:
        linked = named[0]
        return replace(
            linked,
            ids=linked.ids.merged(said.ids),
            title=said.title or linked.title,
            name=linked.name if not said.title or linked.name != said.title else said.name,
            venue=said.venue or linked.venue,
            year=said.year or linked.year,
            authors=said.authors or linked.authors,
        )
    return said if said.title and (said.ids or said.url or said.authors or (said.year and said.venue)) else None


def _in_bibliography(places: Sequence[Place], place: Place) -> bool:
    return any(_BIBLIOGRAPHY.fullmatch(places[above].block.text.strip()) for above in place.headings)


def _subject(mention: Mention, place: Place, *, skip: int | None, end: int | None = None) -> Subject:
    return Subject(mention, place.at, end or place.end, skip, place.headings, place.items)


def _heading(places: Sequence[Place], place: Place) -> Subject | None:
    if place.block.level == 1 and place.end == len(places):
        return None  # the note's own title
    if (named := own_paper(place.block)) is not None:
        return _subject(replace(named[0], title=_title_of(named[0])), place, skip=None)
    if not _can_be_title(place.block.text):
        return None
    paragraphs = _paragraphs(places, place.at + 1, place.end)
    is_about_work = bool(paragraphs) and _is_about_work(paragraphs[0].block)
    end = _closing(places, place) if place.block.inferred and is_about_work else place.end
    given = _labels(places[place.at + 1 : end])
    if len({label.ids for _, label in given}) == 1:
        last = given[-1][0].at + 1
        end = last if _closes(places[place.at + 1 : last - 1], places[last:end]) else end
        return _subject(_named(place.block, given[0][1], paragraphs), place, skip=None, end=end)
    # A section whose text names papers by title is not itself one.
    if is_about_work and is_title(place.block.text) and not list(_paragraph(paragraphs[0])):
        return _subject(_named(place.block, Mention(), paragraphs), place, skip=None)
    return None


def _paragraphs(places: Sequence[Place], start: int, end: int) -> list[Place]:
    return [place for place in places[start:end] if place.block.kind == "paragraph" and not place.items]


def _labels(places: Sequence[Place]) -> list[tuple[Place, Mention]]:
    lines = [place for place in places if place.block.kind in ("paragraph", "item")]
    return [(place, label) for place in lines if (label := labelled_paper(place.block)) is not None]


def _is_about_work(block: Block) -> bool:
    return bool(_THIS_PAPER.search(block.text) or authors_in(block.text))


def _closes(before: Sequence[Place], after: Sequence[Place]) -> bool:
    """Tell whether a line that says where a paper is ends what is said about it.

    What follows a closing line such as "Full paper: ..." belongs to the page. At the head, the text follows.
    """
    sizes = [sum(len(place.block.text) for place in part) for part in (before, after)]
    return sizes[0] > sizes[1] and all(place.block.kind != "heading" for place in after)


def _closing(places: Sequence[Place], place: Place) -> int:
    """Return where the section of an inferred heading ends that short headings inside may seem to cut.

    They are parts of it if a line that says where to find the paper comes only after them.
    """
    end = place.end
    while not _labels(places[place.at + 1 : end]):
        if end >= len(places) or len(places[end].block.text.split()) > 3:
            return place.end
        end = places[end].end
    return end


def labelled_paper(block: Block) -> Mention | None:
    """Return the paper of a line that only says where to find it: "Full paper: arXiv:2507.17634."."""
    link = next((link for link in block.links if not link.wiki and is_paper_link(block, link)), None)
    if link is not None and not is_link_word(block.text[link.start : link.end].strip()):
        return None  # it names the paper: an entry of a list
    ids = find_identifiers(block.text).merged(find_identifiers(link.target) if link else Identifiers())
    if not ids and link is None:
        return None
    words = [word for word in _LABEL_WORDS.findall(block.text) if not find_identifiers(word)]
    # In a list, more than a word or two beside the link is the paper's title.
    if len(words) > (4 if block.kind == "item" else 12) or len(block.text.split(". ")) > 3:
        return None
    return Mention(ids, link.target if link and is_paper_url(link.target) else None)


def _paragraph(place: Place) -> Iterator[Subject]:
    block = place.block
    links = [link for link in block.links if not link.wiki and is_paper_link(block, link)]
    for link in links:
        mention = from_link(link, " ".join(block.text[link.start : link.end].split()))
        yield _subject(mention, place, skip=0)
    if links:
        return
    says_paper = _PAPER_WORD.search(block.text)
    for quoted in _QUOTED.finditer(block.text):
        title = quoted["title"]
        ids = read_identifier(block.text[quoted.end() :].split(")")[0].strip(" (["))
        if len(title.split()) > 3 and (ids or (says_paper and is_title(title))):
            yield _subject(Mention(ids, title=title, name=name_in(title)), place, skip=0)


def _named(heading: Block, given: Mention, paragraphs: Sequence[Place]) -> Mention:
    title = clean_title(heading.text)
    authors = authors_in(paragraphs[0].block.text) if paragraphs else ()
    return replace(given, title=title, name=name_in(title), authors=authors)


def _title_of(mention: Mention) -> str | None:
    return clean_title(mention.title) if mention.title else None


def _can_be_title(text: str) -> bool:
    return len(text.split()) >= 3 and not is_part(text)


def is_part(text: str) -> bool:
    """Tell whether a heading names a part of any text ("Summary"), and so neither a paper nor a topic."""
    return text.casefold().strip(" :.0123456789") in PARTS
