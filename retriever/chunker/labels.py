"""How notes name the paper that an item, a heading or a row is about: by a link, and the words around it."""

from __future__ import annotations

import re
from dataclasses import replace

from retriever.chunker.identifiers import find_identifiers
from retriever.chunker.mentions import Mention, called, from_link, from_reference, is_link_word, is_paper_link, is_title
from retriever.chunker.names import name_in
from retriever.chunker.references import VENUES, Byline, names_in, read_byline, read_reference
from retriever.notes import Block, Link

_REFERENCE = re.compile(
    r"(?:(?:related|see|cf|compare|based on|builds? on|follow-?up|via|similar|from|unlike|like|cited|also|extends?)\b|"
    r"(?:code|data|slides|talk|blog|video)s?\W*$)",
    re.IGNORECASE,
)
# Words that begin a sentence of the note-taker's, unless what follows is written like a title.
_SENTENCE = re.compile(
    r"(?:we|i|you|they|it|this|these|our|my|use|try|check|cite|ask|look|maybe|there)\b", re.IGNORECASE
)
# What a sentence that goes on with a link ends with; a title never does.
_GOES_ON = re.compile(
    r"\b(?:a|an|and|as|at|by|for|from|in|into|is|are|of|on|or|see|than|that|the|this|to|via|with|like|cf\.?|e\.g\.)$",
    re.IGNORECASE,
)
# What a note-taker puts before a paper's name: what it is, or what is to be done with it.
_LABEL_BEFORE = re.compile(
    r"(?:(?:to[- ]?read|read[- ]?later|todo|reading|read|paper|article|title|links?|论文(?:链接|地址)?|論文|题目|标题|"
    r"タイトル|리뷰|논문|제목|待读|未读)\s*(?:[:：]|[-–—] ))\s*",
    re.IGNORECASE,
)
_TITLE_MARKS = '“”"《》〈〉「」『』'
_OPENING = '(“"《〈「『[@$'
_QUOTED = re.compile(r"[“\"《「『](?P<title>[^“”\"《》「」『』\n]{6,250}?)[.,]?[”\"》」』]")
_SAID_AT_END = re.compile(
    rf"[\s,;(\[|–—-]+(?P<venue>(?:{'|'.join(VENUES)}))?[ ,'’]*(?P<year>(?:19|20)\d\d)[)\]]?[.:]?$"
)
_AUTHORS_AT_END = re.compile(r"\s*\((?P<names>[^()]{2,120}?),? (?P<year>(?:19|20)\d\d)[a-z]?\)$")
# Where a paper appeared may stand in brackets before its name.
_SAID_FIRST = re.compile(
    r"[\[(](?P<venue>[A-Z][A-Za-z&]*[A-Z][\w&]*(?: [A-Z]\w*){0,2})?[ ,'’-]*"
    r"(?P<year>(?:19|20)\d\d|(?<=['’])\d\d)[\])][\s:–—-]*"
)
_DATE = re.compile(r"\d{4}(?:[-/.]\d{1,2}){0,2}|\d{1,2}[/.]\d{1,2}(?:[/.]\d{2,4})?")
_NUMBER = re.compile(r"^\d{1,4}[.)] ")
_FULL_STOP = re.compile(r"[.;] +[A-Z]")
_SENTENCE_END = re.compile(r"[.!?;] +[A-Z]")
# "What should a neuron aim for? Designing local objectives": a question, and what was done about it.
_ASKS = re.compile(r"(?:[^\s.!?;]+\s+){3,}[^\s.!?;]+\?\s+(?=[A-Z])(?P<answer>[^.!?;]+)")
_LONGEST_ENTRY = 2_000  # characters
_LONGEST_NAME = 6  # words
_IDS_AT_END = re.compile(r"(?:[\s,;(\[]++(?:arxiv:\s?|doi:\s?|10\.\d{4,9}/)[^\s)\]]++[)\]]*+[.,]?)+$", re.IGNORECASE)
_PAPER_TYPE = (
    r"(?:(?:journal )?(?:paper|article)(?: reviews?| notes?| summary| reading)?|"
    r"(?:论文|論文|논문)\s?(?:阅读|閱讀|精读|笔记|筆記|解读|メモ|紹介|要約|まとめ|리뷰|정리|요약)*)"
)
_TYPE_END = r"(?:\s*[:：|\]】)]\s*| - )"
_NAMES_TYPE = re.compile(rf"^\s*[\[【(]?{_PAPER_TYPE}{_TYPE_END}", re.IGNORECASE)
_TYPE_WORD = re.compile(
    rf"^\s*(?:\d{{1,4}}[.)]\s+|[\[【(]?(?:{_PAPER_TYPE}|(?:reading )?notes?|review){_TYPE_END})", re.IGNORECASE
)
_YEAR_AT_END = re.compile(r"\s*\((?:(?P<venue>[A-Za-z]+)[ ,'’]*)?(?P<year>(?:19|20)\d\d)\)$")


def clean_title(title: str) -> str:
    """Return a title without what a template puts around it: number, type word, stars, quotes, full stop, year."""
    title = _TYPE_WORD.sub("", " ".join(title.split()))
    title = _YEAR_AT_END.sub("", title.strip(" *_⭐★\ufe0f"))
    return title.strip().strip(_TITLE_MARKS).removesuffix(".").strip() or title


def year_in_title(title: str) -> tuple[str | None, int | None]:
    """Return venue and year that stand in brackets behind a title; (None, None) without them."""
    found = _YEAR_AT_END.search(" ".join(title.split()))
    return (found["venue"], int(found["year"])) if found else (None, None)


def names_type(title: str) -> bool:
    """Tell whether a title begins with what says that a paper's follows: "Paper review: ...", "[論文メモ] ..."."""
    return bool(_NAMES_TYPE.match(title))


def own_paper(block: Block) -> tuple[Mention, int] | None:
    """Return the paper that an item, row or heading is about, and where its text goes on after naming it.

    The paper is named at the head: by a link to it or by its citation key, with at most a name or title before.
    A link deeper in the text is a cross-reference. In a row any cell may hold the link.
    """
    for link in sorted(block.links, key=lambda link: link.start):
        if not is_paper_link(block, link):
            continue
        shown = block.text[link.start : link.end].strip()
        before = _row_label(block, link) if block.kind == "row" else block.text[: link.start].strip()
        if not _labels(before, shown):
            return None
        tag = _SAID_FIRST.match(before.lstrip())
        mention, lead = from_link(link, shown), _clean_label(before)
        lead = "" if is_link_word(lead) or _DATE.fullmatch(lead) else lead
        ids = mention.ids
        for other in block.links if block.kind == "row" or is_link_word(shown) else ():
            # Beside a link to the paper, "arXiv" or "pdf" may lead to another copy of it.
            if is_link_word(block.text[other.start : other.end].strip()):
                ids = ids.merged(find_identifiers(other.target))
        mention = replace(mention, ids=ids) if ids != mention.ids else mention
        if mention.title and lead:
            is_short = block.kind != "row" and len(lead.split()) <= _LONGEST_NAME
            mention = replace(mention, name=lead) if is_short else mention
        elif lead:
            mention = _titled(mention, lead, _strong_head(block, lead))
        if tag is not None:
            year = int(tag["year"])
            mention = replace(
                mention, venue=mention.venue or tag["venue"], year=mention.year or (year if year > 99 else 2000 + year)
            )
        byline = read_byline(block.text[link.end :])
        return with_byline(mention, byline) if byline else mention, link.end
    return None


def _row_label(block: Block, link: Link) -> str:
    """Return what a row calls the paper that a link leads to: the rest of the link's cell, else the first of words."""
    cells = block.text.split(" | ")
    start = 0
    for cell in cells:
        if start <= link.start <= start + len(cell):
            own = cell[: link.start - start].strip()
            break
        start += len(cell) + 3
    if own or not is_link_word(block.text[link.start : link.end].strip()):
        return own
    return next((cell.strip() for cell in cells if sum(char.isalpha() for char in cell) > 2), "")


def _labels(before: str, shown: str) -> bool:
    """Tell whether the text before a link only names what the link leads to."""
    if not before:
        return True
    if _REFERENCE.match(before) or _GOES_ON.search(before) or (_SENTENCE.match(before) and not is_title(before)):
        return False
    words = len(before.split())
    # A title may ask a question; a full stop ends the sentence that a cross-reference stands in.
    ends = _FULL_STOP if is_title(before) or _asks_first(before) else _SENTENCE_END
    if is_link_word(shown):
        return words <= 40 and (not ends.search(before) or whole_name(_clean_label(before)) is not None)
    # Words that begin small and name nothing are the beginning of a sentence.
    is_prose = before[0].islower() and words >= 3 and not is_title(before)
    return words <= 16 and not is_prose and not ends.search(before)


def _asks_first(before: str) -> bool:
    """Tell whether a text is a title that begins with a question, though written small like a sentence."""
    asked = _ASKS.fullmatch(before)
    return asked is not None and len(asked["answer"].split()) > 3 and not _SENTENCE.match(asked["answer"])


def _clean_label(before: str) -> str:
    before = " ".join(before.split())
    if not before:
        return ""
    before = _NUMBER.sub("", before)
    if tag := _SAID_FIRST.match(before):
        before = before[tag.end() :]
    before = before.strip(" \u00a0-–—:,.|([*_").strip()
    # What is in front of a name: a picture, what it is, or what is to be done with it.
    before = before[next((at for at, char in enumerate(before) if char.isalnum() or char in _OPENING), len(before)) :]
    if _LABEL_BEFORE.fullmatch(f"{before}: "):
        return ""
    label = _LABEL_BEFORE.match(before)
    return before[label.end() :] if label else before


def is_label(before: str) -> bool:
    """Tell whether the words before a link say only that a paper follows: "Paper:", "论文："."""
    return bool(before.strip()) and _clean_label(before) == ""


def _strong_head(block: Block, lead: str) -> str | None:
    """Return the bold words that a lead begins with."""
    for start, end in block.strong:
        shown = " ".join(block.text[start:end].split()).strip(" .,:")
        if shown and lead.startswith(shown):
            return shown
    return None


def whole_name(lead: str, strong: str | None = None) -> Mention | None:
    """Return what a text says that names a paper and adds who wrote it, where or when; None if it is more or less."""
    if (said := _quoted_name(lead)) is not None:
        return said
    if strong is not None and len(strong) < len(lead) and (byline := read_byline(lead[len(strong) :])) is not None:
        return with_byline(called(Mention(), strong), byline)
    if (reference := read_reference(lead)) is not None:
        return from_reference(reference)
    return _name_and_byline(lead)


def _quoted_name(lead: str) -> Mention | None:
    quoted = _QUOTED.search(lead)
    if quoted is None or len(quoted["title"].split()) < 2:
        return None
    byline = read_byline(lead[quoted.end() :])
    before, after = lead[: quoted.start()].strip(" ,.:;-–—("), lead[quoted.end() :].strip(" ,.:;-–—")
    authors = names_in(before) or (byline.authors if byline else ())
    if not (authors or (not before and (byline or not after))):
        return None
    said = replace(called(Mention(), quoted["title"].strip(" ,.")), authors=authors)
    return with_byline(said, byline) if byline else said


def _name_and_byline(lead: str) -> Mention | None:
    """Read "Title (Names, 2017)", "Title. Names. Venue 2019" and "Title, Venue 2019"."""
    if (end := _AUTHORS_AT_END.search(lead)) and (authors := names_in(end["names"])):
        return replace(called(Mention(), lead[: end.start()]), authors=authors, year=int(end["year"]))
    title, _, rest = lead.partition(". ")
    if rest and (is_title(title) or title.istitle()):
        if (byline := read_byline(rest)) is not None and (byline.authors or byline.venue):
            return with_byline(called(Mention(), title), byline)
        if ("et al" in rest or ", " in rest) and (authors := names_in(rest.rstrip("."))):
            return replace(called(Mention(), title), authors=authors)
    if (end := _SAID_AT_END.search(lead)) and end.start():
        named = called(Mention(), lead[: end.start()].strip(' ,.;:"“”'))
        return replace(named, venue=end["venue"], year=int(end["year"]))
    return None


def with_byline(said: Mention, byline: Byline) -> Mention:
    """Add what a byline says where nothing is said."""
    return replace(
        said,
        authors=said.authors or byline.authors,
        venue=said.venue or byline.venue,
        year=said.year or byline.year,
    )


def _titled(mention: Mention, lead: str, strong: str | None) -> Mention:
    """Add the words before a link: a system has a name of few words, a paper a title of more."""
    if (said := whole_name(lead, strong)) is not None:
        return replace(
            mention, title=said.title, name=said.name, authors=said.authors, venue=said.venue, year=said.year
        )
    lead = lead.strip(_TITLE_MARKS)
    if strong is not None and len(strong.split()) <= 3 and ": " not in strong:
        # "**LoRA**: low-rank updates" tells what it does; "**BERT**: Pre-training of Deep ..." is a title.
        if not is_title(lead) or lead[len(strong) :].lstrip(" :–—-")[:1].islower():
            return replace(mention, name=strong)
    elif strong is not None:
        lead = strong
    if len(lead.split()) <= 3 and ": " not in lead and (mention.key or not is_short_title(lead)):
        return replace(mention, name=lead)
    return replace(mention, title=lead, name=name_in(lead))


def is_short_title(text: str) -> bool:
    """Tell whether two words or three are a title: each is capitalised, and is a word, and no acronym."""
    words = [part for word in text.split() for part in word.split("-") if len(part) > 3]
    return len(text.split()) > 1 and bool(words) and all(word[0].isupper() and word[1:].islower() for word in words)


def named_entry(block: Block) -> tuple[Mention, int] | None:
    """Return the paper of an item without a link: a whole reference, or a bold or quoted title and its byline."""
    if len(block.text) > _LONGEST_ENTRY:
        return None
    if any(name == "key" for name, _ in block.fields):
        return None  # the format says that it is an entry of a bibliography
    text = _IDS_AT_END.sub("", block.text)
    ids = find_identifiers(block.text[len(text) :])
    if (reference := read_reference(text)) is not None:
        return replace(from_reference(reference), ids=ids), 0
    named = _clean_label(text)
    if ids and named and _labels(text, "pdf"):
        return _titled(Mention(ids), named, _strong_head(block, named)), 0
    strong, quoted = _strong_head(block, text), _QUOTED.match(text)
    title = strong or (quoted["title"] if quoted else "")
    rest = text[len(title) if strong else quoted.end() if quoted else 0 :]
    if len(title.split()) < 3 or (byline := read_byline(rest)) is None:
        return None
    return replace(with_byline(called(Mention(), clean_title(title)), byline), ids=ids), 0
