"""Sections about a paper each: the heading names it, and what stands below says that it is one."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import islice, pairwise, takewhile

from retriever.chunker.fields import from_fields, own_fields
from retriever.chunker.identifiers import Identifiers, find_identifiers, is_paper_url
from retriever.chunker.labels import clean_title, is_label, own_paper, year_in_title
from retriever.chunker.mentions import Mention, authors_in, called, is_link_word, is_paper_link, is_title
from retriever.chunker.names import name_in
from retriever.chunker.outline import Place
from retriever.chunker.prose import papers_in_prose
from retriever.notes import Block

# Headings that name a part of any text, and so neither a paper nor a topic.
PARTS = frozenset(
    "introduction|overview|background|motivation|summary|abstract|conclusion|conclusions|discussion|method|methods|"
    "methodology|approach|results|experiments|evaluation|limitations|notes|appendix|contents|acknowledgements|"
    "tldr|tl;dr|metadata|links|info|reference|paper|resources|code|details|key points|key ideas|main idea|takeaways|"
    "strengths|weaknesses|questions|problem|contributions|my thoughts|thoughts|related work|future work|citation|"
    "annotations|highlights|one-line summary|论文信息|基本信息|摘要|简介|介绍|背景|动机|方法|模型|实验|结果|"
    "结论|总结|讨论|概述|笔记|参考|相关工作|論文情報|書誌情報|概要|要約|背景と目的|手法|提案手法|実験|結果|考察|結論|まとめ|感想|"
    "どんなもの|정보|논문 정보|요약|초록|배경|방법|실험|결과|결론|정리".split("|")
)
_BIBLIOGRAPHY = re.compile(
    r"(?:\d+[.)]? )?"
    r"(?:references|bibliography|works cited|literature(?: cited)?|citations|参考文献|参考资料|참고 ?문헌)\W*",
    re.IGNORECASE,
)
_THIS_PAPER = re.compile(r"\b(?:(?:this|the) (?:paper|work|article)|the authors|et al\.)", re.IGNORECASE)
_PLURAL = re.compile(r"\b(?:papers|works|articles|talks|orals|posters)\b", re.IGNORECASE)
_LABEL_WORDS = re.compile(r"https?://\S+|[\w.-]+/[\w./-]+|arxiv:\s*\S+|doi:\s*\S+|[^\W\d_]{3,}", re.IGNORECASE)
_URL = re.compile(r"https?://\S+|arxiv:\s*\S+|doi:\s*\S+|10\.\d{4,9}/\S+")
_WORD = re.compile(r"[^\W\d_]+")
_NEAR = 3  # blocks below a short heading in which a line must say where to find the paper that it names


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


def subject(mention: Mention, place: Place, *, skip: int | None, end: int | None = None) -> Subject:
    """Return the paper that a place is about, up to `end` or as far as the place reaches."""
    return Subject(mention, place.at, end or place.end, skip, place.headings, place.items)


def paper_sections(places: Sequence[Place]) -> dict[int, Subject]:
    """Return the sections about a paper each, by the position of their headings.

    Where several are that give no ids, the author follows a pattern: a neighbour headed by a title is one too,
    though its text does not say so.
    """
    found: dict[int, Subject] = {}
    beside: dict[tuple[int, tuple[int, ...]], list[Place]] = {}
    for place in places:
        if place.block.kind == "heading" and not in_bibliography(places, place):
            beside.setdefault((place.block.level, place.headings), []).append(place)
            if (headed := _heading(places, place)) is not None:
                found[place.at] = headed
    for siblings in beside.values():
        if sum(place.at in found for place in siblings) > 1:
            # Forth and back, so that a run of such neighbours is taken on either side.
            for before, place in [*pairwise(siblings), *pairwise(reversed(siblings))]:
                if _sets_pattern(found.get(before.at)) and place.at not in found and _follows_pattern(places, place):
                    paragraphs = _paragraphs(places, place.at + 1, place.end)
                    found[place.at] = subject(_named(place.block, Mention(), paragraphs), place, skip=None)
    return found


def in_bibliography(places: Sequence[Place], place: Place) -> bool:
    """Tell whether a block stands under a heading such as "References"."""
    return any(_BIBLIOGRAPHY.fullmatch(places[above].block.text.strip()) for above in place.headings)


def is_part(text: str) -> bool:
    """Tell whether a heading names a part of any text ("Summary"), and so neither a paper nor a topic."""
    return text.casefold().strip(" :.?？：0123456789*_") in PARTS


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


def _heading(places: Sequence[Place], place: Place) -> Subject | None:
    if place.block.level == 1 and place.end == len(places):
        return None  # the note's own title
    if (named := own_paper(place.block)) is not None:
        mention, rest = named[0], place.block.text[named[1] :].strip(" :–—-")
        if mention.key and not mention.title and not mention.name and rest:
            mention = called(mention, rest)
        return subject(replace(mention, title=_title_of(mention)), place, skip=None)
    return None if is_part(place.block.text) else _told_below(places, place)


def _told_below(places: Sequence[Place], place: Place) -> Subject | None:
    """Return the paper of a section whose heading alone does not show that it names one."""
    paragraphs = _paragraphs(places, place.at + 1, place.end)
    if (stated := _stated(places, place)) is not None:
        return subject(_named(place.block, stated, paragraphs), place, skip=None)
    is_short = len(place.block.text.split()) < 3
    is_about_work = bool(paragraphs) and _is_about_work(paragraphs[0].block) and not is_short
    end = _closing(places, place) if place.block.inferred and is_about_work else place.end
    if is_short and (titled := _title_below(places, place)) is not None:
        return subject(replace(titled, name=clean_title(place.block.text)), place, skip=None)
    given = _labels(places[place.at + 1 : end]) if not is_short else _bare_labels(places, place)
    if len({label.ids for _, label in given}) == 1:
        last = given[-1][0].at + 1
        end = last if _closes(places[place.at + 1 : last - 1], places[last:end]) else end
        return subject(_named(place.block, given[0][1], paragraphs), place, skip=None, end=end)
    # A section whose text names papers by title is not itself one.
    if is_about_work and is_title(place.block.text) and not any(papers_in_prose(paragraphs[0].block)):
        return subject(_named(place.block, Mention(), paragraphs), place, skip=None)
    return None


def _stated(places: Sequence[Place], place: Place) -> Mention | None:
    """Return what fields of a heading, or lines of metadata at once below it, say of a paper."""
    below = place.at + 1
    while below < place.end and below <= place.at + _NEAR and places[below].block.kind in ("paragraph", "item"):
        below += 1
    said = from_fields(own_fields(places[place.at : below]))
    return said if said.ids or said.url or said.key or (said.authors and (said.venue or said.year)) else None


def _sets_pattern(headed: Subject | None) -> bool:
    return headed is not None and not headed.mention.ids


def _follows_pattern(places: Sequence[Place], place: Place) -> bool:
    title = place.block.text
    text = _paragraphs(places, place.at + 1, place.end)
    links = any(_links_papers(below.block) for below in text)
    return len(title.split()) > 3 and is_title(title) and not _PLURAL.search(title) and bool(text) and not links


def _title_of(mention: Mention) -> str | None:
    return clean_title(mention.title) if mention.title else None


def _paragraphs(places: Sequence[Place], start: int, end: int) -> list[Place]:
    return [place for place in places[start:end] if place.block.kind == "paragraph" and not place.items]


def _labels(places: Sequence[Place]) -> list[tuple[Place, Mention]]:
    lines = [place for place in places if place.block.kind in ("paragraph", "item")]
    return [(place, label) for place in lines if (label := labelled_paper(place.block)) is not None]


def _bare_labels(places: Sequence[Place], place: Place) -> list[tuple[Place, Mention]]:
    """Return the lines at once below a heading that hold nothing but where to find its paper."""
    near = takewhile(lambda below: below.block.kind in ("paragraph", "item"), places[place.at + 1 : place.end])
    labels = _labels(list(islice(near, _NEAR)))
    words = (_WORD.findall(_URL.sub("", below.block.text.casefold())) for below, _ in labels)
    return [label for label, said in zip(labels, words, strict=True) if all(is_link_word(word) for word in said)]


def _title_below(places: Sequence[Place], place: Place) -> Mention | None:
    """Return the paper that the line below a heading gives as its own: "Paper: [Title](...)", if no other follows."""
    below = places[place.at + 1 : place.end]
    owned = [(one, named[0]) for one in below if one.block.kind == "item" and (named := own_paper(one.block))]
    if len(owned) != 1 or owned[0][0].at > place.at + _NEAR or owned[0][0].headings != (*place.headings, place.at):
        return None
    block = owned[0][0].block
    return owned[0][1] if is_label(block.text[: block.links[0].start]) else None


def _is_about_work(block: Block) -> bool:
    return bool(_THIS_PAPER.search(block.text) or authors_in(block.text))


def _links_papers(block: Block) -> bool:
    return any(is_paper_link(block, link) for link in block.links)


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


def _named(heading: Block, given: Mention, paragraphs: Sequence[Place]) -> Mention:
    title = clean_title(heading.text)
    venue, year = year_in_title(heading.text)
    given = replace(
        given,
        authors=given.authors or (authors_in(paragraphs[0].block.text) if paragraphs else ()),
        venue=given.venue or venue,
        year=given.year or year,
    )
    if len(title.split()) < 3 and ":" not in title and title.isascii():
        # One word or two are the name of a system; its title may stand below.
        return replace(given, name=title)
    return replace(given, title=title, name=name_in(title))
