"""Papers in JSON to entries: CSL-JSON, a list or collection of papers, and JSON Lines of them.

A file of other JSON beside the notes holds no paper, and gives no block.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from retriever.notes.entries import entry
from retriever.notes.jsonplaces import JsonText, Part
from retriever.notes.note import Block, Content

_COLLECTIONS = ("items", "papers", "references", "entries", "results", "data", "notes")
_FIELDS = {
    "paper_title": "title", "authors": "author", "creators": "author", "author_names": "author",
    "container_title": "journal", "journal_ref": "journal", "conference": "booktitle", "summary": "abstract",
    "arxiv": "eprint", "arxiv_id": "eprint", "arxivid": "eprint", "link": "url", "paper_url": "url", "html_url": "url",
    "citation_key": "key", "citekey": "key", "bibkey": "key", "forum": "openreview", "keyword": "keywords",
    "tags": "keywords", "published": "date", "publication_date": "date", "issued": "date", "update_date": "updated",
}  # fmt: skip
_TYPES = {
    "article_journal": "article", "paper_conference": "inproceedings", "chapter": "incollection", "thesis": "phdthesis",
    "report": "techreport",
}  # fmt: skip
_SAYS_PAPER = frozenset("author year abstract doi eprint url journal booktitle venue openreview date".split())
_ARXIV = re.compile(r"(?:arxiv:)?(\d{4}\.\d{4,5}(?:v\d{1,2})?|[a-z-]{2,12}(?:\.[A-Z]{2})?/\d{7})", re.IGNORECASE)
_SPACE = re.compile(r"[\s_-]+")


def read(lines: Sequence[str]) -> Content:
    """Read papers; a line or file that is no JSON costs a warning."""
    filled = [number for number, line in enumerate(lines, 1) if line.strip()]
    if not filled:
        return Content([])
    if len(filled) > 1 and all(lines[number - 1].lstrip().startswith("{") for number in filled[:2]):
        return _by_line(lines, filled)
    text = JsonText("\n".join(lines))
    try:
        blocks = list(_from_parts(text, _parts(text, text.whole())))
    except (ValueError, RecursionError):
        # One line may be the only one of its kind, or the first of several with rubbish between.
        return _by_line(lines, filled)
    return Content(blocks)


def _by_line(lines: Sequence[str], numbers: Sequence[int]) -> Content:
    blocks: list[Block] = []
    broken: list[int] = []
    for number in numbers:
        try:
            value = json.loads(lines[number - 1])
        except (ValueError, RecursionError):
            broken.append(number)
            continue
        if (fields := _fields(value)) is not None:
            blocks.append(entry(fields, number, number))
    more = f" and {len(broken) - 1} more" if len(broken) > 1 else ""
    return Content(blocks, warnings=(f"line {broken[0]}{more}: no JSON",) if broken else ())


def _parts(text: JsonText, whole: Part) -> Iterator[Part]:
    if isinstance(whole.value, list):
        yield from text.elements(whole)
    elif isinstance(whole.value, dict):
        lists = [name for name in _COLLECTIONS if isinstance(whole.value.get(name), list)]
        if not lists:
            yield whole
            return
        members = text.members(whole)
        for name in lists:
            yield from text.elements(members[name])


def _from_parts(text: JsonText, parts: Iterator[Part]) -> Iterator[Block]:
    found = [(part, fields) for part in parts if (fields := _fields(part.value)) is not None]
    for part, fields in sorted(found, key=lambda one: one[0].start):
        yield entry(fields, text.line(part.start), text.line(part.end - 1))


def _fields(value: object) -> list[tuple[str, str]] | None:
    """Return the fields of a paper; None for what is none."""
    if not isinstance(value, dict):
        return None
    said = {**_named(value), **_named(_inner(value.get("content"))), **_named(_inner(value.get("externalIds")))}
    fields: dict[str, str] = {}
    for name, given in said.items():
        text = _people(given) if name in ("author", "editor") else _date(given) if name == "date" else _text(given)
        if text:
            fields.setdefault(name, text)
    if name := fields.pop("id", ""):
        arxiv = _ARXIV.fullmatch(name)
        fields.setdefault("eprint" if arxiv else "key", arxiv[1] if arxiv else name)
    if "eprint" in fields and _ARXIV.fullmatch(fields["eprint"]):
        fields.setdefault("archiveprefix", "arXiv")
    fields["type"] = _TYPES.get(_SPACE.sub("_", fields.get("type", "misc")), fields.get("type", "misc"))
    if "title" not in fields or not _SAYS_PAPER & fields.keys():
        return None
    if fields["type"] in ("inproceedings", "incollection") and "journal" in fields:
        fields.setdefault("booktitle", fields.pop("journal"))
    return list(fields.items())


def _named(value: Mapping[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for name, given in value.items():
        plain = _SPACE.sub("_", name.strip().casefold())
        found.setdefault(_FIELDS.get(plain, plain), given)
    return found


def _inner(value: object) -> Mapping[str, Any]:
    return value if isinstance(value, dict) else {}


def _text(value: object) -> str:
    """Return a value as one line; of an object its `value`, of a list its elements."""
    if isinstance(value, dict):
        value = value.get("value")
    if isinstance(value, list):
        return ", ".join(text for item in value if not isinstance(item, dict | list) and (text := _text(item)))
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        return ""
    return " ".join(str(value).split())


def _people(value: object) -> str:
    if isinstance(value, dict) and "value" in value:
        value = value["value"]
    if not isinstance(value, list):
        text = _text(value)
        # "A. One, B. Two and C. Three" in one string; "Family, Given" has no name of two words on both sides.
        names = [name.strip() for name in re.split(r";|,? and |, ", text)]
        several = ";" in text or all(len(name.split()) > 1 for name in names)
        return " and ".join(name for name in names if name) if several else text
    return " and ".join(name for person in value if (name := _person(person)))


def _person(value: object) -> str:
    if not isinstance(value, dict):
        return _text(value)
    family, given = (_text(value.get(name)) for name in ("family", "given"))
    family, given = family or _text(value.get("lastName")), given or _text(value.get("firstName"))
    if family and given:
        return f"{family}, {given}"
    return family or given or _text(value.get("literal")) or _text(value.get("name"))


def _date(value: object) -> str:
    """Return a date as text: CSL's date-parts joined by dashes, anything else as it is."""
    if isinstance(value, dict) and "value" not in value:
        parts = value.get("date-parts")
        first = parts[0] if isinstance(parts, list) and parts else None
        if isinstance(first, list):
            return "-".join(_text(part) for part in first)
        return _text(value.get("raw")) or _text(value.get("literal"))
    return _text(value)
