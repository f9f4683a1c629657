"""Which rows a filter allows, by the records.

Some filters look at the paper: venue, year, since, author, has. Some look at all its mentions, so that a paper tagged
in one note is found by what another says of it: tag, marker, rating, status. Some look at the passage alone: note,
kind, topic. A section about no paper is its own only mention, and has nothing that papers have.

Of several values, a paper has one venue, year or status, and a passage one note and kind: any of them will do.
It may have many authors, tags, markers, topics: all must be there.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Collection, Iterable, Sequence
from typing import TYPE_CHECKING

from retriever.index.schema import load
from retriever.words import fold

if TYPE_CHECKING:
    from retriever.index.catalog import Catalog
    from retriever.records import Filter

_ANY_OF = frozenset({"venue", "year", "since", "status", "note", "kind"})
# What a paper may have, and the column that holds it: a list in the plural, of a mention where `paper` has none.
HAS = {name: name for name in "title name key venue year abstract arxiv openreview doi acl url rating status".split()}
HAS |= {"author": "authors", "marker": "markers", "tag": "tags"}
_OF_MENTIONS = frozenset({"marker", "tag", "rating", "status"})

_MENTIONS = "coalesce(p.paper, p.id) IN (SELECT coalesce(paper, id) FROM passage WHERE {})"
_PAPERS = "p.paper IN (SELECT id FROM paper WHERE {})"
_AMONG = "{} IN (SELECT value FROM json_each(?))"
_NEW_ARXIV = re.compile(r"(\d\d)(0[1-9]|1[0-2])\.\d{4,5}")
_CJK = re.compile("[\u2e80-\u9fff\uac00-\ud7af\uf900-\ufaff]")
_WORD = re.compile(r"\w+")

Condition = tuple[str, tuple[object, ...]]  # SQL over a passage p, and what it binds


def allowed_rows(catalog: Catalog, filters: Sequence[Filter]) -> list[int]:
    """Return the rows that all filters allow, ascending."""
    where, values = _all(catalog, filters)
    return _rows(catalog, where, *values)


def allowed_papers(catalog: Catalog, filters: Sequence[Filter]) -> set[str]:
    """Return the papers of which all filters allow a passage."""
    where, values = _all(catalog, filters)
    sql = f"SELECT DISTINCT p.paper FROM passage p WHERE p.paper NOT NULL AND {where}"
    return set(catalog.read(lambda row: str(row[0]), sql, *values))


def rows_beside(catalog: Catalog, rows: Iterable[int], *, whole_papers: bool) -> list[int]:
    """Return all rows of the passages that some rows stand in, or of their papers, ascending."""
    asked = json.dumps(list(rows))
    unit = "coalesce(p.paper, p.id)" if whole_papers else "p.number"
    where = (
        f"{unit} IN (SELECT {unit} FROM json_each(?) asked JOIN window w ON w.row = asked.value "
        "JOIN passage p ON p.number = w.passage)"
    )
    return _rows(catalog, where, asked)


def _rows(catalog: Catalog, where: str, *values: object) -> list[int]:
    """Return the rows of the passages that a condition holds of, ascending."""
    sql = f"SELECT json_group_array(w.row) FROM passage p JOIN window w ON w.passage = p.number WHERE {where}"
    (rows,) = catalog.read(lambda row: json.loads(row[0]), sql, *values)  # as one text: a third of the time
    return sorted(rows)


def first_rows(catalog: Catalog, rows: Sequence[int]) -> list[tuple[int, str | None]]:
    """Return for each paper and section of some rows the first of them, and when it came out, by row."""
    sql = (
        "SELECT min(w.row), r.date, r.year, r.arxiv FROM json_each(?) asked JOIN window w ON w.row = asked.value "
        "JOIN passage p ON p.number = w.passage LEFT JOIN paper r ON r.id = p.paper "
        "GROUP BY coalesce(p.paper, p.id) ORDER BY 1"
    )
    return catalog.read(lambda row: (int(row[0]), published(row[1], row[2], row[3])), sql, json.dumps(list(rows)))


def published(date: str | None, year: int | None, arxiv: str | None) -> str | None:
    """Return when a paper came out, as far as it is known: 2025-09-30, 2025-09 or 2025.

    An arXiv id tells the month, but it counts only where it agrees with the year, which may be that of a conference.
    """
    if date:
        return date
    if arxiv and (found := _NEW_ARXIV.fullmatch(arxiv)) and year in {None, 2000 + int(found[1])}:
        return f"20{found[1]}-{found[2]}"
    return str(year) if year else None


def topics_called(catalog: Catalog, name: str) -> list[str]:
    """Return the ids of the topics with an id, a name or a path ("Vision > Diffusion"), and of all below them.

    Where no topic is called so, those whose name has these words in a row.
    """
    nodes = catalog.topics()
    wanted = [_plain(step) for step in name.split(">")]
    found = {
        node.id for node in nodes if node.id == name or [_plain(step) for step in node.path[-len(wanted) :]] == wanted
    }
    if not found and _words(name):
        says = _says(name)
        found = {node.id for node in nodes if says(node.path[-1])}
    for node in nodes:  # in reading order, a topic stands after its parent
        if node.parent in found:
            found.add(node.id)
    return sorted(found)


def _all(catalog: Catalog, filters: Sequence[Filter]) -> Condition:
    groups: dict[object, list[Condition]] = {}
    for at, asked in enumerate(filters):
        one_will_do = asked.name in _ANY_OF and not asked.excluded
        groups.setdefault(asked.name if one_will_do else at, []).append(_condition(catalog, asked))
    wheres = [" OR ".join(sql for sql, _ in group) for group in groups.values()]
    values = tuple(value for group in groups.values() for _, bound in group for value in bound)
    return " AND ".join(f"({where})" for where in wheres) or "1", values


def _condition(catalog: Catalog, asked: Filter) -> Condition:
    sql, *values = _MAKERS[asked.name](catalog, asked)
    # A section has no paper, and what SQL does not know would be neither in nor out.
    return f"({sql}) IS {'NOT ' if asked.excluded else ''}TRUE", tuple(values)


def _range(template: str, column: str) -> Callable[[Catalog, Filter], tuple[object, ...]]:
    def make(_: Catalog, asked: Filter) -> tuple[object, ...]:
        low = float("-inf") if asked.low is None else asked.low
        high = float("inf") if asked.high is None else asked.high
        return template.format(f"{column} BETWEEN ? AND ?"), low, high

    return make


def _matching(
    template: str, table: str, column: str, matcher: Callable[[str], Callable[[str], bool]]
) -> Callable[[Catalog, Filter], tuple[object, ...]]:
    """Make a condition on a column: that its text is one of those that the matcher of a value accepts."""

    def make(catalog: Catalog, asked: Filter) -> tuple[object, ...]:
        known = catalog.read(lambda row: str(row[0]), f"SELECT DISTINCT {column} FROM {table} WHERE {column} NOT NULL")
        accepts = matcher(asked.value)
        return template.format(_AMONG.format(column)), _list(text for text in known if accepts(text))

    return make


def _since(catalog: Catalog, asked: Filter) -> tuple[object, ...]:
    papers = catalog.read(lambda row: (row[0], published(*row[1:])), "SELECT id, date, year, arxiv FROM paper")
    # Where one is known to the month and the other to the day, they are compared by the month.
    late = [
        paper
        for paper, date in papers
        if date and date[: len(asked.value)] >= asked.value[: min(len(date), len(asked.value))]
    ]
    return _AMONG.format("p.paper"), _list(late)


def _topic(catalog: Catalog, asked: Filter) -> tuple[object, ...]:
    topics = _list(topics_called(catalog, asked.value))
    here = _AMONG.format("topic")
    # A paper that is filed there by none of its passages is shown with all of them.
    beside = (
        f"p.paper IN (SELECT paper FROM paper_topic WHERE {here}) "
        f"AND p.paper NOT IN (SELECT paper FROM passage WHERE paper NOT NULL AND {here})"
    )
    return f"{_AMONG.format('p.topic')} OR ({beside})", topics, topics, topics


def _has(_: Catalog, asked: Filter) -> tuple[object, ...]:
    column = HAS[asked.value]
    there = f"{column} NOT NULL AND {column} NOT IN ('', '[]')"
    return ((_MENTIONS if asked.value in _OF_MENTIONS else _PAPERS).format(there),)


def _kind(_: Catalog, asked: Filter) -> tuple[object, ...]:
    return "p.kind = ?", asked.value


def _says(value: str) -> Callable[[str], bool]:
    """Accept texts in which the words of a value stand one after the other; without spaces, a part of a run."""
    if _CJK.search(value):
        return lambda text: fold(value) in fold(text)
    wanted = f" {' '.join(_words(value))} "
    return lambda text: wanted in f" {' '.join(_words(text))} "


def _names(value: str) -> Callable[[str], bool]:
    """Accept lists of authors of which one has all the words of a value, in any order; letters are initials."""
    if _CJK.search(value):
        return lambda column: any(fold(value) in fold(name) for name in load(column))
    wanted = _words(value)
    longest = max(wanted, key=len, default="")

    def bears(name: str) -> bool:
        there = _words(name)
        return all(word in there or (len(word) == 1 and any(w.startswith(word) for w in there)) for word in wanted)

    def accepts(column: str) -> bool:
        # Most lists are passed over by this alone, at a tenth of the cost.
        if column.isascii() and longest not in column.lower():
            return False
        return any(bears(name) for name in load(column))

    return accepts


def _tagged(value: str) -> Callable[[str], bool]:
    """Accept lists of tags that hold a tag, or one nested in it."""
    wanted = fold(value)
    return lambda column: any(f"{fold(tag)}/".startswith(f"{wanted}/") for tag in load(column))


def _marked(value: str) -> Callable[[str], bool]:
    wanted = value.replace("\ufe0f", "")  # asks for a picture, and is not seen
    return lambda column: any(marker.replace("\ufe0f", "") == wanted for marker in load(column))


def _is(value: str) -> Callable[[str], bool]:
    wanted = _plain(value)
    return lambda text: _plain(text) == wanted


def _within(value: str) -> Callable[[str], bool]:
    wanted = fold(value)
    return lambda file: wanted in fold(file)


def _words(text: str) -> list[str]:
    return _WORD.findall(text.lower() if text.isascii() else fold(text))


def _plain(text: str) -> str:
    return " ".join(fold(text).split())


def _list(values: Collection[str] | Iterable[str]) -> str:
    return json.dumps(sorted(values), ensure_ascii=False).encode("utf-8", "replace").decode()


_MAKERS: dict[str, Callable[[Catalog, Filter], tuple[object, ...]]] = {
    "venue": _matching(_PAPERS, "paper", "venue || ' ' || coalesce(year, '')", _says),  # ICLR, or "ICLR 2025"
    "year": _range(_PAPERS, "year"),
    "since": _since,
    "author": _matching(_PAPERS, "paper", "authors", _names),
    "tag": _matching(_MENTIONS, "passage", "tags", _tagged),
    "topic": _topic,
    "marker": _matching(_MENTIONS, "passage", "markers", _marked),
    "rating": _range(_MENTIONS, "rating"),
    "status": _matching(_MENTIONS, "passage", "status", _is),
    "note": _matching("{}", "passage", "file", _within),
    "kind": _kind,
    "has": _has,
}
