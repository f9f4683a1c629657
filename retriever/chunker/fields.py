"""Values that a source names (front matter, columns of a table, library entries) as what they say of a paper."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from retriever.chunker.identifiers import Identifiers, find_identifiers, is_paper_url, read_identifier
from retriever.chunker.mentions import Mention
from retriever.chunker.names import name_in
from retriever.chunker.outline import Place
from retriever.notes import Block

KEYS = (
    "citekey",
    "citation_key",
    "citation-key",
    "cite key",
    "citation key",
    "bibkey",
    "bibtex key",
    "key",
    "roam_refs",
    "roam_key",
)
# What names a column of papers by itself; a column of titles may hold anything that has one.
PAPERS = (
    "paper",
    "paper title",
    "paper name",
    "论文",
    "论文标题",
    "论文名称",
    "論文",
    "論文タイトル",
    "논문",
    "논문 제목",
)
TITLES = ("title", *PAPERS, "标题", "题目", "名字", "タイトル", "제목")
AUTHORS = ("authors", "author", "作者", "著者", "저자")
VENUES = (
    *("venue", "journal", "conference", "booktitle", "publication", "published in", "series"),
    *("journaltitle", "会议", "期刊", "发表", "出处", "会议/期刊", "学会", "発表", "掲載", "학회"),
)
YEARS = ("year", "年份", "年", "发表年份", "発表年", "연도")
URLS = (
    *("url", "link", "permalink", "paper url", "paper link", "pdf", "arxiv", "paper"),
    *("链接", "论文链接", "论文地址", "原文链接", "リンク", "論文リンク", "링크", "논문 링크"),
)
_IDS = ("openreview", "arxiv", "doi", "acl")
_KNOWN = frozenset(
    {*KEYS, *TITLES, *AUTHORS, *VENUES, *YEARS, *URLS, *_IDS, "eprint", "status", "rating", "tags", "item type", "date"}
)
_LINE = re.compile(r"\W{0,3}(?P<name>[^\W\d_][\w /-]{0,24}?)\W{0,3}?(?:::?[\s*_]|[：﹕])\s*(?P<value>\S.*)?")
_YEAR_AT_END = re.compile(r"[ ,'’(]*(?:19|20)\d\d\)?$")
_KEY = re.compile(r"(?:cite:)?[^\s/:]\S*(?<!/)")
_MOST_LINES = 40  # of metadata; more are a list
OWN = 12  # blocks of a passage in which its metadata may stand


def stated(block: Block) -> list[tuple[str, str]]:
    """Return what a block says in lines of "Name: value", if it holds nothing else; names are in lower case.

    A value that is one link stands for where it leads, if the link shows no title.
    """
    text = block.text
    if "\n" not in text and _name_before_colon(text) not in _KNOWN:
        return []
    found, rest = stated_first(block)
    return found if not rest.strip() and any(name in _KNOWN for name, _ in found) else []


def _name_before_colon(text: str) -> str:
    return re.split("[:：﹕]", text[:40], maxsplit=1)[0].strip(" *_-•").casefold()


def stated_first(block: Block) -> tuple[list[tuple[str, str]], str]:
    """Return what the first lines of a block say so, an indented line going on with the one above, and the rest."""
    found: list[tuple[str, str]] = []
    start = 0
    lines = block.text.split("\n")
    for number, line in enumerate(lines):
        match = _LINE.fullmatch(line) if number < _MOST_LINES else None
        goes_on = not line.strip() or (found and line[0].isspace())
        if number == _MOST_LINES or (match is None and not goes_on):
            return [(name, value) for name, value in found if value], "\n".join(lines[number:])
        if match is not None:
            value = (match["value"] or "").strip(" *_")
            begins = start + match.start("value")
            links = [link for link in block.links if not link.wiki and begins <= link.start <= start + len(line)]
            if links and is_paper_url(links[0].target) and len(value.split()) < 3:
                value = links[0].target
            found.append((match["name"].strip().casefold(), value))
        elif line.strip():
            found[-1] = (found[-1][0], f"{found[-1][1]} {line.strip()}")
        start += len(line) + 1
    return [(name, value) for name, value in found if value], ""


def own_fields(places: Sequence[Place]) -> dict[str, str]:
    """Return what a passage says of its paper in a form: fields of its first block, and of those that hold no more."""
    found: dict[str, str] = {}
    for place in places[:OWN]:
        block = place.block
        given = list(block.fields) if place is places[0] or not block.text.strip() else []
        if block.kind in ("paragraph", "item") and ":" in block.text.replace("：", ":")[:40]:
            given += stated(block)
        for name, value in given:
            found.setdefault(name, value)
    return found


def from_fields(fields: Mapping[str, str]) -> Mention:
    """Return what named values say; names are in lower case. What none of them says is left empty."""
    if not fields:
        return Mention()
    url = next((fields[name] for name in URLS if name in fields and is_paper_url(fields[name])), None)
    key = next((fields[name] for name in KEYS if name in fields and _KEY.fullmatch(fields[name])), None)
    title = first(fields, TITLES)
    title = None if title is None or "://" in title else title
    venue = first(fields, VENUES)
    said_year = first(fields, YEARS) or venue or ""
    year = re.search(r"(?<!\d)(?:19|20)\d\d(?!\d)", said_year)
    return Mention(
        ids=_ids(fields).merged(find_identifiers(url) if url else Identifiers()),
        url=url if url and re.match(r"https?://", url) else None,
        key=key.removeprefix("cite:").removeprefix("@") if key else None,
        title=title,
        name=name_in(title),
        venue=_YEAR_AT_END.sub("", venue) or None if venue else None,
        year=int(year.group()) if year else None,
        # Only a library gives an author, and the type of the entry, in the singular: "Family, Given" is one name there.
        authors=people(first(fields, AUTHORS) or "", is_library="type" in fields and "author" in fields),
        abstract=fields.get("abstract"),
    )


def first(fields: Mapping[str, str], names: tuple[str, ...]) -> str | None:
    """Return the value of the first of several names that has one."""
    return next((fields[name] for name in names if fields.get(name)), None)


def people(text: str, *, is_library: bool = False) -> tuple[str, ...]:
    """Return the names of a list: "A, B and C", or as BibTeX has them, "Family, Given and Family, Given"."""
    text = text.replace("[[", "").replace("]]", "")
    parts = text.split(" and ")
    inverted = [part.split(",") for part in parts if "," in part]
    # "Lee, Ada" is one name and "Ada Lee, Bo Chan" are two: each has a comma, or a family name stands alone.
    all_have = len(inverted) == len(parts) > 1
    is_inverted = is_library or len(parts) > 1
    if (
        is_inverted
        and inverted
        and all(len(part) == 2 and (all_have or " " not in part[0].strip()) for part in inverted)
    ):
        names = [" ".join(reversed([part.strip() for part in name.split(",", 1)])) for name in parts]
    else:
        names = re.split(r",|;| and ", text)
    return tuple(name.strip() for name in names if name.strip())


def _ids(fields: Mapping[str, str]) -> Identifiers:
    ids = Identifiers()
    for kind in _IDS:
        if value := fields.get(kind) or fields.get(f"{kind}_id"):
            given = read_identifier(value).merged(find_identifiers(value))
            ids = ids.merged(Identifiers(**{kind: getattr(given, kind)}))
    if value := fields.get("eprint"):
        ids = ids.merged(Identifiers(arxiv=read_identifier(value).arxiv))
    return ids


def text_of(value: object) -> str | None:
    """Return a value of front matter as text, a list with commas; None where it says nothing."""
    if isinstance(value, list):
        return ", ".join(text for item in value if (text := text_of(item))) or None
    if isinstance(value, str | int | float) and not isinstance(value, bool):
        return str(value).strip() or None
    return None
