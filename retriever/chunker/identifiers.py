"""Identifiers of papers: finding them in text and links, and the one form in which each is compared."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache
from urllib.parse import unquote

# New-style ids since 2007 and the archive/number form before: https://info.arxiv.org/help/arxiv_identifier.html
_ARXIV = r"(?P<arxiv>\d{4}\.\d{4,5}|[a-z][a-z-]+(?:\.[A-Z]{2})?/\d{7})(?:v\d+)?(?![\d.]*\d)"
_ARXIV_URL = re.compile(
    r"(?:(?:arxiv|ar5iv(?:\.labs\.arxiv)?|alphaxiv)\.org/(?:abs|pdf|html|ps|format|overview)/|huggingface\.co/papers/)"
    + _ARXIV,
    re.IGNORECASE,
)
_ARXIV_BARE = re.compile(r"\barxiv\s*[:/]\s*(?:abs/|pdf/)?" + _ARXIV, re.IGNORECASE)
_ARXIV_ALONE = re.compile(r"(?:arxiv\s*[:.]?\s*)?" + _ARXIV, re.IGNORECASE)
# `references/pdf?id=` and `revisions?id=` name one version of a file, not the forum.
_OPENREVIEW_URL = re.compile(r"openreview\.net/(?:forum|pdf|attachment)/?\?(?:[^\s#]*&)?id=(?P<id>[A-Za-z0-9_-]{8,})")
_OPENREVIEW_ALONE = re.compile(r"(?=[^\d]*\d|[a-z]*[A-Z])[A-Za-z0-9_-]{9,15}")
_DOI = re.compile(r"(?<![\d.])(?P<doi>10\.\d{4,9}/[^\s\"<>|]+)", re.IGNORECASE)
_ARXIV_DOI = re.compile(r"10\.48550/arxiv\." + _ARXIV, re.IGNORECASE)
_ACL = re.compile(
    r"(?:aclanthology\.org|aclweb\.org/anthology)/(?:papers/(?:[A-Z]/)?(?:[A-Z]\d\d/)?|volumes/)?"
    r"(?P<acl>[A-Z]\d\d-\d{4}|\d{4}\.[a-z0-9_]+-[a-z0-9_]+\.\d+)",
    re.IGNORECASE,
)
_ACL_ALONE = re.compile(r"[A-Z]\d\d-\d{4}|\d{4}\.[a-z0-9_]+-[a-z0-9_]+\.\d+")
_PAPER_HOSTS = re.compile(
    r"(?:^|\.)(?:proceedings\.mlr\.press|openaccess\.thecvf\.com|papers\.(?:nips|neurips)\.cc|proceedings\.neurips\.cc|"
    r"ieeexplore\.ieee\.org|dl\.acm\.org|semanticscholar\.org|jmlr\.org|biorxiv\.org|medrxiv\.org|sciencedirect\.com|"
    r"link\.springer\.com|onlinelibrary\.wiley\.com|pubmed\.ncbi\.nlm\.nih\.gov|nature\.com|ojs\.aaai\.org|"
    r"ijcai\.org|usenix\.org|isca-archive\.org|ssrn\.com)$",
    re.IGNORECASE,
)
# Pages of a conference's own site: posters and orals are papers, talks and tutorials are not.
_POSTER = re.compile(
    r"(?:neurips|nips|icml|iclr)\.cc/virtual/\d{4}/(?:protected/|public/)?(?:poster|oral|spotlight)[/_]", re.IGNORECASE
)
_URL = re.compile(r"https?://[^\s<>\"]+", re.IGNORECASE)
_TRAILING = ".,;:!?'\"*_`"
_LATEX_STYLE = re.compile(r"\\(?:emph|ensuremath|text(?:it|bf|sc|tt|rm|sf|sl|up)|math(?:cal|bf|bb|rm|it|sf|frak))\b")
_LATEX_ACCENT = re.compile(r"\\[uvHcdbrk](?=[ {])")
_MARKUP = re.compile(r"</?(?:i|b|em|strong|su[bp]|scp|span|tt|code)\b[^<>]{0,80}>", re.IGNORECASE)
_ACCENTS = re.compile("[\u0300-\u036f]")  # of Latin, Greek and Cyrillic; the marks of other scripts tell letters apart
_TELLING = re.compile(r"(?<=\d)\.(?=\d)|(?<=[^\W_])\+{1,3}(?![\w+])|[^\W_]|[\u0900-\u0dff\u3099\u309a]")
_GREEK = "alpha beta gamma delta epsilon zeta eta theta iota kappa lambda mu nu xi omicron pi rho sigma sigma tau"
_SPELLED = {
    **{0x3B1 + at: name for at, name in enumerate(f"{_GREEK} upsilon phi chi psi omega".split())},
    **str.maketrans({"ø": "o", "ł": "l", "đ": "d", "ı": "i", "æ": "ae", "œ": "oe"}),
}


@dataclass(frozen=True, slots=True)
class Identifiers:
    """The ids that a piece of text gives for one paper, each without version or URL around it."""

    arxiv: str | None = None
    openreview: str | None = None
    doi: str | None = None
    acl: str | None = None

    def __bool__(self) -> bool:
        # Asked of nearly every block of a note, so written out.
        return bool(self.arxiv or self.openreview or self.doi or self.acl)

    def merged(self, other: Identifiers) -> Identifiers:
        """Return these ids, and where one is missing, the other's."""
        return Identifiers(
            self.arxiv or other.arxiv, self.openreview or other.openreview, self.doi or other.doi, self.acl or other.acl
        )

    def conflicts(self, other: Identifiers) -> bool:
        """Tell whether an id of one kind is given with two values."""
        pairs = (
            (self.arxiv, other.arxiv),
            (self.openreview, other.openreview),
            (self.doi, other.doi),
            (self.acl, other.acl),
        )
        return any(a and b and a != b for a, b in pairs)


@lru_cache(maxsize=8192)
def find_identifiers(text: str) -> Identifiers:
    """Return the first id of each kind in a text or URL."""
    # Most texts name no paper, and a look for a word is a tenth of the time of a pattern.
    folded = text.casefold()
    doi = (found := _DOI.search(unquote(text))) and _trim(found["doi"]) if "10." in text else None
    is_arxiv = "xiv" in folded or "huggingface.co" in folded
    arxiv = (_ARXIV_URL.search(text) or _ARXIV_BARE.search(text) or _ARXIV_DOI.search(text)) if is_arxiv else None
    openreview = _OPENREVIEW_URL.search(text) if "openreview" in text else None
    acl = _ACL.search(text) if "acl" in folded else None
    return Identifiers(
        arxiv=arxiv["arxiv"] if arxiv else None,
        openreview=openreview["id"] if openreview else None,
        doi=doi.casefold() if doi else None,
        acl=acl["acl"] if acl else None,
    )


def find_all(text: str) -> list[tuple[int, Identifiers]]:
    """Return (start, ids) of each arXiv number, DOI and address of a paper in a text, in order."""
    found: dict[int, Identifiers] = {}
    folded = text.casefold()
    if "arxiv" in folded:
        found |= {match.start(): Identifiers(arxiv=match["arxiv"]) for match in _ARXIV_BARE.finditer(text)}
    if "10." in text:
        for match in _DOI.finditer(text):
            ids = find_identifiers(match.group())
            found[match.start()] = Identifiers(arxiv=ids.arxiv) if ids.arxiv else ids
    for start, _, url in find_urls(text) if "://" in folded else ():
        if ids := find_identifiers(url):
            found[start] = ids
    return sorted(found.items(), key=lambda at: at[0])


def read_identifier(text: str) -> Identifiers:
    """Return the ids that a text *is*, with or without its URL or prefix; empty where it is more than an id."""
    text = text.strip()
    if " " in text.removeprefix("arXiv: "):
        return Identifiers()
    found = find_identifiers(text)
    if not found.arxiv and (alone := _ARXIV_ALONE.fullmatch(text)):
        found = found.merged(Identifiers(arxiv=alone["arxiv"]))
    if not found and _ACL_ALONE.fullmatch(text):
        return Identifiers(acl=text)
    if not found and _OPENREVIEW_ALONE.fullmatch(text):
        return Identifiers(openreview=text)
    return found


def find_urls(text: str) -> list[tuple[int, int, str]]:
    """Return (start, end, URL) of the bare links in a text, closing punctuation left out."""
    found = []
    for match in _URL.finditer(text):
        url = _trim(match.group())
        found.append((match.start(), match.start() + len(url), url))
    return found


@lru_cache(maxsize=8192)
def is_paper_url(url: str) -> bool:
    """Tell whether a link leads to a paper: by an id in it, or below a publisher's front page, or to a PDF."""
    if find_identifiers(url) or _POSTER.search(url):
        return True
    host, path = _host_and_path(url)
    is_file = path.casefold().split("?")[0].endswith(".pdf") and "openreview.net" not in host
    return bool(path.strip("/")) and (is_file or bool(_PAPER_HOSTS.search(host)))


def normal_title(title: str) -> str:
    """Return letters and digits of any script, folded: the form in which titles are compared.

    Case, accents, LaTeX, markup and punctuation are gone; "&" is "and", a Greek letter its name. A point between
    digits and a plus that ends a word stay: "GPT-3.5" is not "GPT-35", and "k-means++" not "k-means".
    """
    if "\\" in title:
        title = _LATEX_ACCENT.sub("", _LATEX_STYLE.sub("", title))
    if "<" in title or "&" in title:
        title = _MARKUP.sub("", title).replace("&amp;", "&").replace("&", " and ")
    decomposed = unicodedata.normalize("NFKD", title.casefold())
    folded = unicodedata.normalize("NFC", _ACCENTS.sub("", decomposed)).casefold().translate(_SPELLED)
    return "".join(_TELLING.findall(folded))


def normal_url(url: str) -> str:
    """Return a URL without scheme, www, fragment, trailing slash and .pdf: the form in which links are compared."""
    host, path = _host_and_path(url.strip())
    path = path.split("#")[0].rstrip("/").removesuffix(".pdf")
    return host.casefold().removeprefix("www.") + path


def normal_key(key: str) -> str:
    """Return a key as compared: exact but for case; a trailing "+" tells papers apart and stays."""
    return "".join(unicodedata.normalize("NFKC", key).split()).removeprefix("@").casefold()


def _host_and_path(url: str) -> tuple[str, str]:
    rest = re.sub(r"^[a-z][a-z0-9+.-]*://", "", url, flags=re.IGNORECASE)
    host, slash, path = rest.partition("/")
    return host, slash + path


def _trim(text: str) -> str:
    while text and (text[-1] in _TRAILING or (text[-1] in ")]}" and _unbalanced(text))):
        text = text[:-1]
    return text


def _unbalanced(text: str) -> bool:
    opening = {")": "(", "]": "[", "}": "{"}[text[-1]]
    return text.count(text[-1]) > text.count(opening)
