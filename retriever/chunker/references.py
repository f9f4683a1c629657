"""References as people write them in one line: title, authors and year in some order; and what follows a title."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

_YEAR = re.compile(r"\((?P<venue>[^()]{0,40}?),? ?['’]?(?P<year>(?:19|20)\d\d)[a-z]?\)|[, ](?P<bare>(?:19|20)\d\d)$")
_NAME = re.compile(
    r"(?:(?:van|von|de[nr]?|del|della|di|da|du|dos|la|le|el|al|bin|ibn|te[nr]|zu) ){0,2}"
    r"[A-ZÀ-Þ][\w'’.-]*(?: (?:[a-z]{2,3}|[A-ZÀ-Þ][\w'’.-]*)){0,4}"
)
_BETWEEN = re.compile(r",? (?:and|&) |,? et al\.?|, ")
_AROUND_TITLE = ' *_"“”.,'
# "Hinton, Vinyals, Dean. Distilling the ...": the first full stop that is not that of an initial.
_AUTHORS_FIRST = re.compile(r"(?P<names>[A-ZÀ-Þ][^()\"“]{0,300}?(?:[^\W\d_]{2}|\bet al))\. (?=[A-ZÀ-Þ\d])")
_DASH = re.compile(r" +[-–—] +")
_LONGEST = 400  # characters; a reference is one line
VENUES = (
    "ICLR ICML NeurIPS NIPS AISTATS COLT UAI CoRL RSS ICRA IROS CVPR ICCV ECCV WACV BMVC SIGGRAPH ACL EMNLP NAACL EACL "
    "COLING TACL CoNLL AAAI IJCAI KDD WWW SIGIR CIKM WSDM RecSys ICASSP Interspeech VLDB SIGMOD ICDE OSDI SOSP NSDI "
    "ASPLOS ISCA PLDI POPL ICSE CHI STOC FOCS SODA JMLR TMLR TPAMI PNAS Nature Science"
).split()
_KNOWN_VENUE = re.compile(rf"\b(?:{'|'.join(VENUES)})\b")
# A venue that no list knows shows by its capitals: "USENIX ATC 2014", "CACM 1978".
_VENUE_BEFORE_YEAR = re.compile(r"(?:^|[\s(,.;])(?P<venue>[A-Z][\w&]*[A-Z][\w&]*(?:[ -][A-Z]{2,}\w*){0,2})[ ,'’-]*$")
_BYLINE = 300  # characters after a paper's name in which its authors, venue and year may follow
_BYLINE_YEAR = re.compile(r"(?<![\d./:-])(?:19|20)\d\d\b(?![-/.]\d)|(?<=[A-Za-z]['’])\d\d\b")
_SENTENCE_END = re.compile(r"(?<=[^\W\d_]{2}\.)\s")
_BYLINE_END = re.compile(r"[\s)\].,;:*_|]*$")
_WORD = re.compile(r"[^\W\d_][\w'’.-]*")
_NO_NAMES = frozenset("Paper Pdf PDF Code Video Blog Slides Website Project Dataset GitHub Link".split())
_SMALL = frozenset("and et al de der da di du del van von den la le in on for of the at by proc".split())
_MARKS_AROUND = " \t\n,.;:–—-()[]*_|"


@dataclass(frozen=True, slots=True)
class Reference:
    """What a reference says; title, authors and year are always given."""

    title: str
    authors: tuple[str, ...]
    venue: str | None
    year: int


@dataclass(frozen=True, slots=True)
class Byline:
    """What stands after a paper's name: who wrote it, where it appeared, and when; the year is always given."""

    authors: tuple[str, ...]
    venue: str | None
    year: int


def read_byline(text: str) -> Byline | None:
    """Return what the text behind a paper's name says of it: ", Mnih et al, 2013.", "(ICLR 2021)", ". NeurIPS 2022".

    Up to the year stand names and a venue only: words with capitals. On the next line, nothing may follow it.
    """
    first, _, rest = text[:_BYLINE].partition("\n")
    line = first if first.strip(_MARKS_AROUND) else rest.split("\n", 1)[0]
    found = _BYLINE_YEAR.search(line)
    if found is None or (line is not first and not _BYLINE_END.match(line[found.end() :])):
        return None
    between = line[: found.start()]
    if not all(word[0].isupper() or word.casefold().strip(".") in _SMALL for word in _WORD.findall(between)):
        return None
    known = _KNOWN_VENUE.search(between)
    guessed = None if known else _VENUE_BEFORE_YEAR.search(between)
    at = known.start() if known else guessed.start() if guessed else len(between)
    names = _SENTENCE_END.split(between[:at].strip(_MARKS_AROUND))[0].rstrip(".") if at else ""
    authors = tuple(name for name in names_in(names) if name not in _NO_NAMES) if names else ()
    if len(authors) == 1 and " " not in authors[0] and not ("et al" in names or between.startswith(",")):
        authors = ()  # one word is the name of a company as soon as of a person
    in_brackets = between.rfind("(") > between.rfind(")") or between.rfind("[") > between.rfind("]")
    venue = known.group() if known else guessed["venue"] if guessed and (authors or in_brackets) else None
    if not (authors or venue or in_brackets or _BYLINE_END.match(line[found.end() :])):
        return None
    year = int(found.group())
    return Byline(authors, venue, year if year > 99 else year + (2000 if year < 50 else 1900))


def read_reference(text: str) -> Reference | None:
    """Return what a text says if it is one reference and nothing more.

    "Title (2019) - Authors", "Authors — Title (Venue, 2019)", "Authors (2019). Title. …" and "Title, Authors, 2019".
    """
    text = " ".join(text.split()).removesuffix(".")
    found = _YEAR.search(text) if len(text) <= _LONGEST else None
    if found is None:
        return None
    before, after = text[: found.start()].strip(" ,"), text[found.end() :].strip(" ,")
    inside = names_in(found["venue"] or "")
    if not after and (len(inside) > 1 or (inside and "et al" in found["venue"])):
        if not _is_capitalised(before):
            return None  # a sentence that cites
        # "Title (Vaswani et al., 2017)": who wrote it stands where a venue may stand.
        return Reference(before.strip(_AROUND_TITLE), inside, None, int(found["year"]))
    for said, names, least in _readings(before, after):
        authors = names_in(names)
        title = said.strip(_AROUND_TITLE)
        if len(names_in(title)) > 1 and "." in title:
            continue  # names with initials
        if len(authors) + (" et al" in names) >= least and len(title) > 2 and title[0].isalnum():
            return Reference(title, authors, found["venue"] or None, int(found["year"] or found["bare"]))
    return None


def _is_capitalised(title: str) -> bool:
    """Tell whether most long words of a title begin with a capital, also that after a colon: no sentence does so."""
    words = [word for word in _WORD.findall(title) if len(word) > 3]
    return sum(word[0].isupper() for word in words) * 2 > len(words) and not re.search(r": [a-z]", title)


def _readings(before: str, after: str) -> Iterator[tuple[str, str, int]]:
    """Yield what may be title and authors on either side of the year, and how many authors make it believable."""
    if after:
        if dash := _DASH.match(f" {after}"):
            yield before, f" {after}"[dash.end() :], 1
        yield before, after.removeprefix("by "), 1
        yield after.lstrip(".: ").split(". ", 1)[0], before, 1
        return
    if by_authors := _AUTHORS_FIRST.match(before):
        yield before[by_authors.end() :].split(". ", 1)[0], by_authors["names"], 2
    dashed = _DASH.split(before, maxsplit=1)
    if len(dashed) == 2:
        yield dashed[1], dashed[0], 1
    title, by, names = before.rpartition(" by ")
    if by:
        yield title, names, 1
    # The authors are the last run of names: "Title, First and Second". So is "in Paris, France".
    parts = before.split(", ")
    for at in range(1, len(parts)):
        yield ", ".join(parts[:at]), ", ".join(parts[at:]), 2


def names_in(text: str) -> tuple[str, ...]:
    """Return the names of a list of them; empty where it holds anything else."""
    names = [name for name in _BETWEEN.split(text) if name]
    return tuple(names) if names and all(_NAME.fullmatch(name) for name in names) else ()
