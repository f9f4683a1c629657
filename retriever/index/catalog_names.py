"""Names in the index that begin with what somebody has typed so far."""

from __future__ import annotations

from typing import Literal, get_args

from retriever.index.catalog import Catalog

Named = Literal["paper", "topic", "venue", "author", "tag", "status", "note"]

_COUNTED = "count(*) || CASE count(*) WHEN 1 THEN ' paper' ELSE ' papers' END"
_MENTIONED = f"count(DISTINCT coalesce(passage.paper, passage.id)){_COUNTED.removeprefix('count(*)')}"
# Each gives a name, and what is said beside it.
_NAMES = {
    "paper": "SELECT key, coalesce(title, name, '') FROM paper UNION SELECT name, coalesce(title, key, '') FROM paper",
    "venue": f"SELECT venue, {_COUNTED} FROM paper GROUP BY venue",
    "author": f"SELECT one.value, {_COUNTED} FROM paper, json_each(authors) one GROUP BY one.value",
    "tag": f"SELECT one.value, {_MENTIONED} FROM passage, json_each(tags) one GROUP BY one.value",
    "status": f"SELECT status, {_MENTIONED} FROM passage GROUP BY status",
    "note": "SELECT DISTINCT file, '' FROM note",
}
assert {*_NAMES, "topic"} == set(get_args(Named))


def names_beginning(catalog: Catalog, beginning: str, of: Named, limit: int) -> list[tuple[str, str]]:
    """Return up to `limit` names of a kind that begin so, capitals counting, each with what is said beside it.

    Papers go by key and short name, topics by their last step; these come in reading order, all others by name.
    """
    if of == "topic":
        paths = [topic.path for topic in catalog.topics() if topic.path[-1].startswith(beginning)]
        return [(path[-1], " > ".join(path)) for path in paths[:limit]]
    sql = (
        f"WITH named(name, told) AS ({_NAMES[of]}) "
        "SELECT name, told FROM named WHERE substr(name, 1, ?) = ? ORDER BY name, told LIMIT ?"
    )
    sound = beginning.encode("utf-8", "replace").decode()
    return catalog.read(lambda row: (str(row[0]), str(row[1])), sql, len(sound), sound, limit)
