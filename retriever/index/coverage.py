"""How much the notes say: own words, links to papers that nobody describes, and where papers stand."""

from __future__ import annotations

from collections import Counter

from retriever.index.catalog import Catalog
from retriever.words import terms

_OWN = """
SELECT p.paper, w.text FROM passage p JOIN window w ON w.passage = p.number
WHERE p.paper IS NOT NULL AND NOT w.imported AND w.text NOT IN (
    coalesce(p.title, ''), coalesce(p.name, ''), coalesce(p.key, ''), coalesce(p.openreview, ''),
    coalesce(p.arxiv, ''), coalesce(p.doi, ''), coalesce(p.acl, ''), coalesce(p.url, ''))
"""
_LINKED = """
SELECT value, count(*) FROM cite WHERE value NOT IN (SELECT kind || ':' || value FROM handle) GROUP BY value
"""


def own_words(catalog: Catalog) -> Counter[str]:
    """Return how many words of the note-taker's own there are on each paper, function words left out.

    Abstracts that a library gives are not own words, nor is what only names the paper.
    """
    counts: Counter[str] = Counter()
    for paper, text in catalog.read(tuple, _OWN):
        counts[paper] += len(terms(text))
    return counts


def linked_only(catalog: Catalog) -> dict[str, int]:
    """Return in how many passages each paper is linked that no note is about, by "kind:value" of an id."""
    return dict(catalog.read(lambda row: (str(row[0]), int(row[1])), _LINKED))


def papers_of_notes(catalog: Catalog) -> dict[str, list[str]]:
    """Return the papers of each note, ascending, notes by path."""
    sql = "SELECT DISTINCT file, paper FROM passage WHERE paper IS NOT NULL ORDER BY file, paper"
    return catalog.grouped(sql)
