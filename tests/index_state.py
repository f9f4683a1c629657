"""All that an index holds, as one value: two indexes of the same notes are to be equal in it."""

from retriever import Retriever
from retriever.index import open_snapshot

QUERIES = ("forget state", "AnnaLi2025ICLR", "paragraph about no paper")


def state(index):
    """Return all that an index holds but the time of its build."""
    with open_snapshot(index) as snapshot:
        files = {name: entry for name, entry in snapshot.manifest.files.items() if not name.startswith("lexical")}
        counts = snapshot.manifest.counts
        rows = snapshot.vectors.rows(range(counts["windows"])).tolist() if counts["windows"] else []
    with Retriever.open(index) as retriever:
        dossiers = [retriever.dossier(paper.id) for paper in retriever.papers()]
        topics = retriever.topics()
        lexical = [
            [(hit.paper and hit.paper.id, hit.score) for hit in retriever.search(query, mode="lexical").hits]
            for query in QUERIES
        ]
    return files, counts, rows, dossiers, topics, lexical
