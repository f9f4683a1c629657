"""What the notes say of papers in the note-taker's own words, to be quoted elsewhere."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Collection
from itertools import groupby
from typing import TYPE_CHECKING

from retriever.records import Passage, Quote

if TYPE_CHECKING:
    from retriever.index import Catalog, WindowRow

_HEADING = re.compile(r"#{1,6}[ \t]+(?P<text>.+?)[ \t#]*(?:\n|$)")


def quotes(catalog: Catalog, papers: Collection[str]) -> dict[str, tuple[Quote, ...]]:
    """Return the quotes of papers, by their ids, note by note; papers of which nothing is said are left out.

    Abstracts that a library gives are nobody's own words, and what only names a paper says nothing.
    """
    rows = [row for rows in catalog.rows_of_papers(papers).values() for row in rows]
    windows = sorted(catalog.windows(rows), key=lambda window: (window.passage, window.ordinal))
    passages = catalog.passages({window.passage for window in windows})
    found: dict[str, list[Quote]] = defaultdict(list)
    for passage, of_passage in groupby(windows, key=lambda window: window.passage):
        said = _said(passages[passage], list(of_passage))
        if said is not None:
            paper, quote = said
            found[paper].append(quote)
    return {paper: tuple(sorted(said, key=lambda one: (one.file, one.first_line))) for paper, said in found.items()}


def _said(passage: Passage, windows: list[WindowRow]) -> tuple[str, Quote] | None:
    names = {passage.title, passage.name, passage.key, passage.openreview, passage.arxiv, passage.doi, passage.acl}
    own = [window for window in windows if not window.imported and window.text not in {*names, passage.url}]
    if not own or own[0].paper is None:
        return None
    heading = _HEADING.match(passage.text)
    above = heading["text"] if heading else passage.heading_path[-1] if passage.heading_path else None
    return own[0].paper, Quote(passage.file, own[0].first_line, above, " ".join(window.text for window in own))
