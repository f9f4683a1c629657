"""Papers of an index as the text of a file: which, in what order, and what is said of them."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from retriever.export import QUOTING, citation_keys, export
from retriever.query import browsing
from retriever.query.handles import find_paper
from retriever.query.quoting import quotes
from retriever.records import Export, ExportFormat, Results

if TYPE_CHECKING:
    from retriever.index import Catalog


def exported(
    catalog: Catalog,
    papers: Results | Iterable[str] | None,
    format: ExportFormat,  # noqa: A002  the word that everybody has for it
) -> Export:
    """See `Retriever.export`."""
    known = {paper.id: paper for paper in catalog.all_papers()}
    if papers is None:
        wanted = list(known)
    elif isinstance(papers, Results):  # a build may have taken one away since
        wanted = [hit.paper.id for hit in papers.hits if hit.paper and hit.paper.id in known]
    else:
        wanted = list(dict.fromkeys(find_paper(catalog, handle) for handle in papers))
    return export(
        [known[paper] for paper in wanted],
        format=format,
        keys=citation_keys(known.values()),  # of all, so that a key is the same whatever is exported beside it
        quotes=quotes(catalog, wanted) if format in QUOTING else {},
        topics=browsing.tree(catalog) if format == "markdown" else (),
    )
