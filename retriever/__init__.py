"""Semantic search over the notes that researchers keep on papers.

    from retriever import Retriever, build

    build("notes", "index")
    for hit in Retriever.open("index").search("attention that cancels noise").hits:
        print(hit.rank, hit.paper.label)

Names are resolved on first use, so that importing this package costs nothing.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from retriever.errors import RetrieverError as RetrieverError
    from retriever.library import Retriever as Retriever
    from retriever.library import build as build
    from retriever.records import BuildReport as BuildReport
    from retriever.records import Dossier as Dossier
    from retriever.records import Filter as Filter
    from retriever.records import Hit as Hit
    from retriever.records import Paper as Paper
    from retriever.records import Passage as Passage
    from retriever.records import Query as Query
    from retriever.records import Results as Results
    from retriever.records import Status as Status
    from retriever.records import Topic as Topic

__version__ = "0.1.0"

_HOME = {
    "Retriever": "library",
    "build": "library",
    "RetrieverError": "errors",
    "BuildReport": "records",
    "Dossier": "records",
    "Filter": "records",
    "Hit": "records",
    "Paper": "records",
    "Passage": "records",
    "Query": "records",
    "Results": "records",
    "Status": "records",
    "Topic": "records",
}

__all__ = ["__version__", *sorted(_HOME)]  # noqa: PLE0604  one list of names, checked by a test


def __getattr__(name: str) -> object:
    if name not in _HOME:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_HOME[name]}"), name)


def __dir__() -> list[str]:
    return __all__
