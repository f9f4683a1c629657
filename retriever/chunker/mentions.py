"""What a piece of text says about a paper: its key, title, name, authors, venue, year and ids."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass, field, replace
from functools import lru_cache

from retriever.chunker.identifiers import Identifiers, find_identifiers, is_paper_url
from retriever.chunker.names import name_in
from retriever.chunker.references import VENUES, Reference, read_reference
from retriever.notes import Block, Link

# HeKaiming2016CVPR+, hu2022lora, vaswani_2017; a "+" at the end tells two papers apart.
KEY = re.compile(
    r"@?[^\W\d_][\w'’:.-]{1,60}?(?P<year>(?:19|20)\d\d)(?:(?P<venue>[A-Z][A-Za-z]{1,14})|[a-z]\w{0,30})?(?P<plus>\+*)"
)
_VENUE_YEAR = re.compile(rf"\b(?P<venue>{'|'.join(VENUES)})\b[ ,'’-]{{0,2}}(?P<year>(?:19|20)\d\d|(?<=['’])\d\d)\b")
_LINK_WORDS = frozenset(
    "paper pdf arxiv abs abstract link links openreview html doi url here preprint article pub publication source "
    "full the to ps cvf thecvf pmlr acl ieee "
    "论文 论文链接 论文地址 链接 原文 論文 論文リンク リンク 논문 링크 원문".split()
)
_PERSON = r"(?:[A-Z][\w'’-]*\.? ){0,3}[A-Z][\w'’-]+"
_ET_AL = re.compile(rf"\b(?P<names>{_PERSON} et al\.)")
_FULL_NAMES = re.compile(r"\b[A-Z][\w'’-]+ [A-Z][\w'’-]+,? and [A-Z][\w'’-]+ [A-Z][\w'’-]+\b")
_AUTHORS = re.compile(rf"(?P<names>{_PERSON}(?:, {_PERSON})*,? and {_PERSON})\b")


_QUOTES = frozenset('“”"《》「」『』')


@dataclass(frozen=True, slots=True)
class Mention:
    """A paper as one place of a note names it."""

    ids: Identifiers = field(default_factory=Identifiers)
    url: str | None = None
    key: str | None = None
    title: str | None = None
    name: str | None = None
    venue: str | None = None
    year: int | None = None
    authors: tuple[str, ...] = ()
    abstract: str | None = None

    def __bool__(self) -> bool:
        return bool(self.ids or self.url or self.key or self.title)


def from_link(link: Link, shown: str) -> Mention:
    """Return what a link to a paper, shown as `shown`, says about it."""
    ids = find_identifiers(link.target)
    url = link.target if not link.wiki and link.target.startswith(("http://", "https://")) else None
    named = link.target if link.wiki else shown
    if key := KEY.fullmatch(named):
        name = shown if link.wiki and shown != link.target else None
        return Mention(ids, url, named.removeprefix("@"), name=name, venue=key["venue"], year=int(key["year"]))
    if is_link_word(shown):
        return Mention(ids, url)
    if (reference := read_reference(shown)) is not None:
        return replace(from_reference(reference), ids=ids, url=url)
    title = " ".join(shown.split())
    if title[:1] in _QUOTES and title[-1:] in _QUOTES:
        title = title[1:-1].strip(" ,.") or title
    return Mention(ids, url, name=title) if is_name(title) else Mention(ids, url, title=title, name=name_in(title))


def from_reference(reference: Reference) -> Mention:
    """Return what a reference says about its paper."""
    said = Mention(authors=reference.authors, venue=reference.venue, year=reference.year)
    return called(said, reference.title)


def is_paper_link(block: Block, link: Link) -> bool:
    """Tell whether a link leads to a paper, shows the citation key of one, or a whole reference."""
    if link.wiki:
        return bool(KEY.fullmatch(link.target))
    shown = block.text[link.start : link.end].strip()
    return is_paper_url(link.target) or bool(
        (KEY.fullmatch(shown) and "://" in link.target) or (shown and read_reference(shown))
    )


@lru_cache(maxsize=1024)
def venue_and_year(text: str) -> tuple[str | None, int | None]:
    """Return the one conference and year that a text names together; (None, None) for none or several."""
    found = set()
    for match in _VENUE_YEAR.finditer(text):
        year = int(match["year"])
        found.add((match["venue"], year if year > 99 else 2000 + year))
    return found.pop() if len(found) == 1 else (None, None)


def authors_in(text: str) -> tuple[str, ...]:
    """Return the authors that the opening of a text names: "Tian et al.", or a list that ends in "and"."""
    opening = text[:300]
    if found := _ET_AL.search(opening):
        return (found["names"],)
    found = _AUTHORS.match(opening) or re.search(rf"\bby {_AUTHORS.pattern}", opening)
    if found or (found := _FULL_NAMES.search(opening) and _AUTHORS.search(opening)):
        return tuple(name for name in re.split(r", (?:and )?| and ", found["names"]) if name)
    return ()


def is_title(text: str) -> bool:
    """Tell whether a text is written like the title of a paper: several words, no sentence, capitals or a colon."""
    words = text.split()
    if not 3 <= len(words) <= 40 or text[-1] in ".,;:":
        return False
    long_words = [word for word in words if len(word) > 4 and word[0].isalpha()]
    capitals = sum(word[0].isupper() for word in long_words)
    has_case = any(unicodedata.category(char) in ("Lu", "Ll") for char in text)
    return not has_case or ": " in text or (bool(long_words) and capitals * 2 > len(long_words))


@lru_cache(maxsize=8192)
def is_link_word(shown: str) -> bool:
    """Tell whether the text of a link says what it is and not what it leads to: "pdf", an id, a URL, a picture."""
    words = shown.casefold().strip("[]() ").split()
    return all(word in _LINK_WORDS for word in words) or "://" in shown or bool(find_identifiers(shown))


def called(mention: Mention, title: str) -> Mention:
    """Add the text of a link: a title, or a name where it is a single word."""
    return replace(mention, name=title) if is_name(title) else replace(mention, title=title, name=name_in(title))


def is_name(text: str) -> bool:
    """Tell whether a text is one word, as systems are called; scripts without spaces need no more for a title."""
    return len(text.split()) < 2 and (text.isascii() or len(text) < 6)
