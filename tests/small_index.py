"""A small index made through `retriever.index` alone, its encoder a hash, and all that it holds as one value."""

import hashlib

import numpy as np

from retriever.errors import IndexNotFoundError
from retriever.index import NoteEntry, Source, TopicRow, drafting, open_snapshot
from retriever.records import Evidence, Paper, Passage, Window

DIM = 16
FINGERPRINT = "f" * 64

OLD_NOTES = {
    "attention.md": ["softmax attention cancels noise", "sparse attention over long context"],
    "vision.md": ["residual networks for vision", "patches of an image as words"],
}
# One note changed in its second window, one came, one stayed.
NEW_NOTES = {
    "attention.md": ["softmax attention cancels noise", "linear attention over long context"],
    "proteins.md": ["folding of proteins by diffusion"],
    "vision.md": ["residual networks for vision", "patches of an image as words"],
}


def encode(texts):
    """Return a unit vector for each text that depends on nothing but the text, shape (n, DIM)."""
    seeds = [int.from_bytes(hashlib.sha256(text.encode("utf-8", "replace")).digest()[:8], "big") for text in texts]
    vectors = np.array([np.random.default_rng(seed).standard_normal(DIM) for seed in seeds]).reshape(len(seeds), DIM)
    return (vectors / np.linalg.norm(vectors, axis=1, keepdims=True)).astype(np.float32)


def embedded(passage, text):
    return f"{passage.title}. {passage.heading_path[-1]}. {text}"


def entry(file, texts, **fields):
    sha256 = hashlib.sha256("\n".join(texts).encode("utf-8", "replace")).hexdigest()
    return NoteEntry("notes", "/home/ada/notes", file, size=len(texts), mtime_ns=7, sha256=sha256, title=None, **fields)


def passage(file, texts, **fields):
    name = file.partition(".")[0]
    fixed = {"id": f"{file}#{name}", "kind": "paper", "file": file, "first_line": 1, "last_line": len(texts)}
    said = {"text": "\n".join(texts), "heading_path": ("Reading", name), "title": f"On {name}"}
    return Passage(**{**fixed, **said, **fields})


def add_note(draft, file, texts, **fields):
    piece = passage(file, texts, **fields)
    windows = [(Window(at, at + 1, at + 1, text), embedded(piece, text)) for at, text in enumerate(texts)]
    draft.add_note(entry(file, texts), [(piece, windows)])


def finish(draft, encode=encode, fingerprint=FINGERPRINT, dim=DIM):
    """File each passage under a paper and a topic of its own, and publish; return (texts encoded, published)."""
    ids = [mention.id for mention in draft.mentions()]
    papers = {id_: f"paper-{id_.partition('#')[2]}" for id_ in ids}
    topics = {id_: f"topic-{id_.partition('#')[2]}" for id_ in ids}
    draft.set_papers(
        [Paper(id=paper, label=id_) for id_, paper in papers.items()],
        papers,
        [(paper, Evidence("title", "on it", (id_, id_))) for id_, paper in papers.items()],
        [("title", f"on {paper}", paper) for paper in papers.values()],
    )
    draft.set_topics(
        [TopicRow(topic, ("Reading", topic), None) for topic in topics.values()],
        topics,
        {papers[id_]: (topics[id_],) for id_ in ids},
    )
    windows = draft.finish_records()
    count = draft.embed(encode, fingerprint, dim)
    draft.index_words()
    source = Source("notes", "/home/ada/notes")
    return count, draft.publish(chunker=1, model="hash", folders=[source], counts={"windows": windows})


def build(index, notes, **options):
    """Bring an index to these notes, keeping those that it has already; return (texts encoded, published)."""
    with drafting(index) as draft:
        known = {} if draft.previous is None else {note.file: note for note in draft.previous.catalog.notes()}
        same = [file for file, texts in notes.items() if file in known and known[file] == entry(file, texts)]
        if same:
            draft.keep_notes([known[file] for file in same])
        for file, texts in notes.items():
            if file not in same:
                add_note(draft, file, texts)
        return finish(draft, **options)


def state_of(index):
    """Return all that a reader can see of an index, as one value that can be compared; None where there is none."""
    try:
        snapshot = open_snapshot(index)
    except IndexNotFoundError:
        return None
    with snapshot:
        catalog = snapshot.catalog
        notes = catalog.notes()
        passages = [piece for file in dict.fromkeys(note.file for note in notes) for piece in catalog.passages_in(file)]
        papers = catalog.all_papers()
        every = np.arange(snapshot.count)
        words = ["attent", "nois", "vision", "linear", "protein", "paper"]
        return [
            notes,
            passages,
            papers,
            catalog.windows(every),
            catalog.topics(),
            catalog.topic_papers(),
            [catalog.evidence(paper.id) for paper in papers],
            [catalog.handle_prefixes(paper.id, 9) for paper in papers],
            snapshot.vectors.rows(every).tobytes(),
            [part.tolist() for part in snapshot.vectors.search(snapshot.vectors.rows(every[:1]), 4)],
            [part.tolist() for part in snapshot.lexical.search(words, 9)],
            [snapshot.lexical.document_frequency(word) for word in words],
        ]
