"""What a piece of text says about a paper: its key, title, name, authors, venue, year, ids, markers and tags."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass, field, replace

from retriever.chunker.identifiers import Identifiers, find_identifiers, is_paper_url
from retriever.chunker.references import Reference, names_in, read_reference
from retriever.notes import Block, Link

# HeKaiming2016CVPR+, hu2022lora, vaswani_2017; a "+" at the end tells two papers apart.
KEY = re.compile(
    r"@?[^\W\d_][\w'’:.-]{1,60}?(?P<year>(?:19|20)\d\d)(?:(?P<venue>[A-Z][A-Za-z]{1,14})|[a-z]\w{0,30})?(?P<plus>\+*)"
)
VENUES = (
    "ICLR ICML NeurIPS NIPS AISTATS COLT UAI CoRL RSS ICRA IROS CVPR ICCV ECCV WACV BMVC SIGGRAPH ACL EMNLP NAACL EACL "
    "COLING TACL CoNLL AAAI IJCAI KDD WWW SIGIR CIKM WSDM RecSys ICASSP Interspeech VLDB SIGMOD ICDE OSDI SOSP NSDI "
    "ASPLOS ISCA PLDI POPL ICSE CHI STOC FOCS SODA JMLR TMLR TPAMI PNAS Nature Science"
).split()
_VENUE_YEAR = re.compile(rf"\b(?P<venue>{'|'.join(VENUES)})\b[ ,'’-]{{0,2}}(?P<year>(?:19|20)\d\d|(?<=['’])\d\d)\b")
_LINK_WORDS = frozenset(
    "paper pdf arxiv abs abstract link links openreview html doi url here preprint article pub publication source "
    "full the to ps cvf thecvf pmlr acl ieee".split()
)
_REFERENCE = re.compile(
    r"(?:related|see|cf|compare|based on|builds? on|follow-?up|via|similar|from|unlike|like|cited|also|extends?)\b",
    re.IGNORECASE,
)
_TAG = re.compile(r"(?<![\w/#&])#([^\W\d][\w/-]{0,60})")
_BYLINE = 200  # characters after a paper's name in which its authors and year may follow
_SAID_AFTER = re.compile(
    rf"[\s.,:;–—-]*(?P<names>[^\d()]{{0,160}}?\(?)(?P<venue>\b(?:{'|'.join(VENUES)})\b)?"
    r"[ ,'’]{0,3}(?P<year>(?:19|20)\d\d)\b"
)
_EMOJI = re.compile(r"(?:[\u2600-\u27bf\u2b50\u2b55\U0001f300-\U0001faff]\ufe0f?)")
_NAME_BEFORE_COLON = re.compile(r"(?P<name>[^:?!.]{2,40}): \S")
_NAME_IN_BRACKETS = re.compile(r"\((?P<name>[A-Z][\w-]*[A-Z\d][\w-]*)\)$")
_PERSON = r"(?:[A-Z][\w'’-]*\.? ){0,3}[A-Z][\w'’-]+"
_ET_AL = re.compile(rf"\b(?P<names>{_PERSON} et al\.)")
_FULL_NAMES = re.compile(r"\b[A-Z][\w'’-]+ [A-Z][\w'’-]+,? and [A-Z][\w'’-]+ [A-Z][\w'’-]+\b")
_AUTHORS = re.compile(rf"(?P<names>{_PERSON}(?:, {_PERSON})*,? and {_PERSON})\b")


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
        mention, lead = from_link(link, shown), _clean_label(before)
        lead = "" if is_link_word(lead) else lead
        ids = mention.ids
        for other in block.links if block.kind == "row" or is_link_word(shown) else ():
            # Beside a link to the paper, "arXiv" or "pdf" may lead to another copy of it.
            if is_link_word(block.text[other.start : other.end].strip()):
                ids = ids.merged(find_identifiers(other.target))
        mention = replace(mention, ids=ids)
        if mention.title and lead:
            mention = replace(mention, name=lead) if block.kind != "row" else mention
        elif lead:
            mention = _titled(mention, lead)
        return _with_byline(mention, block.text[link.end : link.end + _BYLINE]), link.end
    return None


def from_link(link: Link, shown: str) -> Mention:
    """Return what a link to a paper, shown as `shown`, says about it."""
    ids = find_identifiers(link.target)
    url = None if link.wiki or not re.match(r"https?://", link.target) else link.target
    named = link.target if link.wiki else shown
    if key := KEY.fullmatch(named):
        name = shown if link.wiki and shown != link.target else None
        return Mention(ids, url, named.removeprefix("@"), name=name, venue=key["venue"], year=int(key["year"]))
    if is_link_word(shown):
        return Mention(ids, url)
    if (reference := read_reference(shown)) is not None:
        return replace(from_reference(reference), ids=ids, url=url)
    return _called(Mention(ids, url), " ".join(shown.split()))


def from_reference(reference: Reference) -> Mention:
    """Return what a reference says about its paper."""
    said = Mention(authors=reference.authors, venue=reference.venue, year=reference.year)
    return _called(said, reference.title)


def is_paper_link(block: Block, link: Link) -> bool:
    """Tell whether a link leads to a paper, shows the citation key of one, or a whole reference."""
    if link.wiki:
        return bool(KEY.fullmatch(link.target))
    shown = block.text[link.start : link.end].strip()
    return is_paper_url(link.target) or bool(
        (KEY.fullmatch(shown) and "://" in link.target) or (shown and read_reference(shown))
    )


def name_in(title: str | None) -> str | None:
    """Return the short system name in a title: "Name: what it does" or "What it does (NAME)"."""
    if not title:
        return None
    if (before := _NAME_BEFORE_COLON.match(title)) and len(before["name"].split()) <= 3:
        return before["name"]
    inside = _NAME_IN_BRACKETS.search(title)
    return inside["name"] if inside else None


def venue_and_year(*texts: str | None) -> tuple[str | None, int | None]:
    """Return the one conference and year that texts name together; (None, None) for none or several."""
    found = set()
    for text in texts:
        for match in _VENUE_YEAR.finditer(text or ""):
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


def markers_in(text: str, key: str | None = None) -> tuple[str, ...]:
    """Return the marks of a passage, each once: a key's "+", then its emoji in order."""
    marks = ["+" * (len(key) - len(key.rstrip("+")))] if key and key.endswith("+") else []
    return tuple(dict.fromkeys([*marks, *(mark.rstrip("\ufe0f") for mark in _EMOJI.findall(text))]))


def tags_in(text: str) -> tuple[str, ...]:
    """Return the #tags of a text, each once, without the sign."""
    return tuple(dict.fromkeys(_TAG.findall(text)))


def without_marks(text: str) -> str:
    """Return a text without emoji markers and their number signs, which say nothing to a search."""
    return re.sub(r"#?" + _EMOJI.pattern + r"+", " ", text)


def is_title(text: str) -> bool:
    """Tell whether a text is written like the title of a paper: several words, no sentence, capitals or a colon."""
    words = text.split()
    if not 3 <= len(words) <= 40 or text[-1] in ".,;:":
        return False
    long_words = [word for word in words if len(word) > 4 and word[0].isalpha()]
    capitals = sum(word[0].isupper() for word in long_words)
    has_case = any(unicodedata.category(char) in ("Lu", "Ll") for char in text)
    return not has_case or ": " in text or (bool(long_words) and capitals * 2 > len(long_words))


def is_link_word(shown: str) -> bool:
    """Tell whether the text of a link says what it is and not what it leads to: "pdf", an id, a URL, a picture."""
    words = shown.casefold().strip("[]() ").split()
    return all(word in _LINK_WORDS for word in words) or "://" in shown or bool(find_identifiers(shown))


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


def _called(mention: Mention, title: str) -> Mention:
    """Add the text of a link: a title, or a name where it is a single word."""
    if len(title.split()) < 2:
        return replace(mention, name=title)
    return replace(mention, title=title, name=name_in(title))


def _labels(before: str, shown: str) -> bool:
    """Tell whether the text before a link only names what the link leads to."""
    if not before:
        return True
    if _REFERENCE.match(before):
        return False
    limit = 40 if is_link_word(shown) else 16
    # A title may ask a question; a full stop ends the sentence that a cross-reference stands in.
    ends = r"[.;] +[A-Z]" if is_title(before) else r"[.!?;] +[A-Z]"
    return len(before.split()) <= limit and not re.search(ends, before)


def _clean_label(before: str) -> str:
    before = re.sub(r"^\s*\d{1,4}[.)]\s+", "", " ".join(before.split()))
    return before.strip(' \u00a0-–—:,.|(["“”*_').strip()


def _with_byline(mention: Mention, text: str) -> Mention:
    """Add authors, venue and year where they follow the paper's name: ", Mnih et al, 2013." or "(ICLR 2021)"."""
    found = _SAID_AFTER.match(text.split("\n", 1)[0])
    if found is None:
        return mention
    authors = names_in(found["names"].strip(" ,.;:–—-"))
    if not (authors or found["venue"] or found["names"].strip().endswith("(")):
        return mention
    return replace(
        mention,
        authors=mention.authors or authors,
        venue=mention.venue or found["venue"],
        year=mention.year or int(found["year"]),
    )


def _titled(mention: Mention, lead: str) -> Mention:
    """Add the words before a link: a system has a name of few words, a paper a title of more."""
    if len(lead.split()) <= 3 and ": " not in lead:
        return replace(mention, name=lead)
    return replace(mention, title=lead, name=name_in(lead))
