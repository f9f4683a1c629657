"""The write side: from notes to a published index."""

from retriever.indexing.build import Progress, build, with_embedded
from retriever.indexing.comparison import compare
from retriever.indexing.examination import examine
from retriever.indexing.plan import Changes, changes
from retriever.indexing.repair import repair
from retriever.indexing.sources import chunk
from retriever.indexing.standing import status

__all__ = [
    "Changes",
    "Progress",
    "build",
    "changes",
    "chunk",
    "compare",
    "examine",
    "repair",
    "status",
    "with_embedded",
]
