"""Values that a source names (front matter, columns of a table, library entries) as what they say of a paper."""

from __future__ import annotations

import re
from collections.abc import Mapping

from retriever.chunker.identifiers import Identifiers, find_identifiers, is_paper_url, read_identifier
from retriever.chunker.mentions import Mention, name_in

KEYS = ("citekey", "citation_key", "citation-key", "cite key", "citation key", "bibkey", "bibtex key", "key")
TITLES = (
    "title",
    "paper",
    "paper title",
    "标题",
    "题目",
    "论文",
    "论文标题",
    "名字",
    "タイトル",
    "論文",
    "제목",
    "논문",
)
AUTHORS = ("authors", "author", "作者", "著者", "저자")
VENUES = (
    *("venue", "journal", "conference", "booktitle", "publication", "series", "journaltitle"),
    *("会议", "期刊", "学会", "학회"),
)
YEARS = ("year", "年份", "年", "연도")
URLS = ("url", "link", "permalink", "paper url", "pdf", "paper", "链接", "リンク", "링크")
_IDS = ("openreview", "arxiv", "doi", "acl")


def from_fields(fields: Mapping[str, str]) -> Mention:
    """Return what named values say; names are in lower case. What none of them says is left empty."""
    url = next((fields[name] for name in URLS if name in fields and is_paper_url(fields[name])), None)
    key = next((fields[name] for name in KEYS if name in fields and " " not in fields[name]), None)
    title = first(fields, TITLES)
    title = None if title is None or "://" in title else title
    year = re.search(r"\b(?:19|20)\d\d\b", first(fields, YEARS) or "")
    return Mention(
        ids=_ids(fields).merged(find_identifiers(url) if url else Identifiers()),
        url=url if url and re.match(r"https?://", url) else None,
        key=key.removeprefix("@") if key else None,
        title=title,
        name=name_in(title),
        venue=first(fields, VENUES),
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
