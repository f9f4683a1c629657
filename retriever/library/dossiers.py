"""All that the notes say about one paper, put together."""

from __future__ import annotations

from typing import TYPE_CHECKING

from retriever.chunker.naming import identifiers
from retriever.records import Dossier

if TYPE_CHECKING:
    from retriever.index import Catalog
    from retriever.records import Paper


def dossier(catalog: Catalog, paper: Paper) -> Dossier:
    """See `Retriever.dossier`."""
    passages = catalog.passages_of(paper.id)
    handles = {f"{kind}:{value}" for passage in passages for kind, value in identifiers(passage).items()}
    return Dossier(
        paper,
        tuple(passages),
        tuple(catalog.evidence(paper.id)),
        tuple(catalog.perhaps(paper.id)),
        tuple(catalog.citing(handles, paper.id)),
    )
