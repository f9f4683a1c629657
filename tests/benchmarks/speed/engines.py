# ruff: noqa: PLC0415  an engine imports nothing of another: they do not live in one environment
"""One engine in a process of its own: it builds, opens and answers as it is told on stdin, one JSON object a line.

    python engines.py ENGINE FOLDER

FOLDER holds texts.jsonl (the embedded text of each window), vectors.npy, queries.json, queries.npy and notes (a link).
Each engine keeps what it makes in a folder of its own below it. All are given the same vectors, also those of the
questions; only the retriever, where it runs with a model of its own, embeds each question itself.
"""

import json
import os
import sys
import time
from pathlib import Path

import numpy as np

LIMIT = 10
BATCH = 5_000


class Engine:
    """`modes` are the ways to ask; vectors are unit rows of float32."""

    modes = ("hybrid",)

    def __init__(self, folder):
        self.folder = folder
        self.store = folder / type(self).__name__.lower()

    def texts(self):
        with (self.folder / "texts.jsonl").open(encoding="utf-8") as lines:
            return [json.loads(line) for line in lines]

    def vectors(self):
        return np.load(self.folder / "vectors.npy", mmap_mode="r")

    def load_queries(self):
        self.queries = json.loads((self.folder / "queries.json").read_text("utf-8"))
        self.query_vectors = np.load(self.folder / "queries.npy")


class Retriever(Engine):
    """The index that the benchmark built, with its own model."""

    modes = ("lexical", "dense", "hybrid")

    def open(self):
        from retriever import Retriever as Library

        self.opened = Library.open(self.index())

    def index(self):
        return self.folder / "index"

    def ask(self, number, mode):
        return len(self.opened.search(self.queries[number], limit=LIMIT, mode=mode).hits)


class Handed(Retriever):
    """The retriever with vectors that are handed to it, so that it builds with what the others build with."""

    def build(self):
        from retriever import build
        from retriever.embedder import load_encoder

        rows, vectors = {text: row for row, text in enumerate(self.texts())}, self.vectors()
        made_by = load_encoder("paper-static")

        class Given:
            model, fingerprint, dim = made_by.model, made_by.fingerprint, made_by.dim
            encode_query = staticmethod(made_by.encode_query)

            @staticmethod
            def encode_document(texts):
                return vectors[[rows[text] for text in texts]]

        build(self.folder / "notes", self.store, encoder=Given())

    def index(self):
        return self.store


class Txtai(Engine):
    def _made(self):
        from txtai import Embeddings

        def vector(texts):
            found = self.of_text
            return np.array([found[text] for text in texts], dtype=np.float32)

        return Embeddings({"method": "external", "transform": vector, "hybrid": True, "content": True})

    def build(self):
        texts, vectors = self.texts(), self.vectors()
        self.of_text = dict(zip(texts, vectors, strict=True))
        embeddings = self._made()
        embeddings.index((number, text, None) for number, text in enumerate(texts))
        embeddings.save(str(self.store))

    def open(self):
        self.of_text = dict(zip(self.queries, self.query_vectors, strict=True))
        self.embeddings = self._made()
        # A function cannot be saved with an index: it is given again.
        transform = self.embeddings.config["transform"]
        self.embeddings.load(str(self.store), config={"transform": transform})

    def ask(self, number, mode):
        return len(self.embeddings.search(self.queries[number], LIMIT))


class Chroma(Engine):
    modes = ("dense",)

    def _collection(self):
        import chromadb
        from chromadb.config import Settings

        client = chromadb.PersistentClient(str(self.store), Settings(anonymized_telemetry=False))
        return client.get_or_create_collection("notes", metadata={"hnsw:space": "cosine"}, embedding_function=None)

    def build(self):
        texts, vectors, collection = self.texts(), self.vectors(), self._collection()
        for start in range(0, len(texts), BATCH):
            part = texts[start : start + BATCH]
            ids = [str(start + at) for at in range(len(part))]
            collection.add(ids=ids, embeddings=np.array(vectors[start : start + BATCH]), documents=part)

    def open(self):
        self.collection = self._collection()

    def ask(self, number, mode):
        found = self.collection.query(query_embeddings=[self.query_vectors[number]], n_results=LIMIT)
        return len(found["ids"][0])


class Lancedb(Engine):
    INDEXED = 50_000  # rows above which its vectors get an index; below, it compares them all

    def build(self):
        import lancedb
        import pyarrow as pa

        texts, vectors = self.texts(), self.vectors()
        dim = vectors.shape[1]
        schema = pa.schema([("id", pa.int64()), ("text", pa.string()), ("vector", pa.list_(pa.float32(), dim))])

        def batches():
            for start in range(0, len(texts), BATCH):
                part = np.array(vectors[start : start + BATCH])
                ids = pa.array(range(start, start + len(part)))
                rows = pa.FixedSizeListArray.from_arrays(pa.array(part.ravel()), dim)
                yield pa.RecordBatch.from_arrays([ids, pa.array(texts[start : start + BATCH]), rows], schema=schema)

        table = lancedb.connect(str(self.store)).create_table("notes", batches(), schema=schema)
        if len(texts) > self.INDEXED:
            table.create_index(metric="dot", vector_column_name="vector", index_type="IVF_RQ")
        table.create_fts_index("text")

    def open(self):
        import lancedb
        from lancedb.rerankers import RRFReranker

        self.table = lancedb.connect(str(self.store)).open_table("notes")
        self.reranker = RRFReranker()

    def ask(self, number, mode):
        search = self.table.search(query_type="hybrid").vector(self.query_vectors[number]).text(self.queries[number])
        return len(search.distance_type("dot").rerank(self.reranker).limit(LIMIT).to_list())


ENGINES = {kind.__name__.lower(): kind for kind in (Retriever, Handed, Txtai, Chroma, Lancedb)}


def asked(engine, numbers, mode):
    """Return wall and CPU milliseconds of each question; all threads of the process count."""
    found = []
    for number in numbers:
        wall, cpu = time.perf_counter(), time.process_time()
        engine.ask(number, mode)
        found.append([(time.perf_counter() - wall) * 1e3, (time.process_time() - cpu) * 1e3])
    return found


def main():
    name, folder = sys.argv[1], Path(sys.argv[2])
    engine = ENGINES[name](folder)
    told = os.fdopen(os.dup(1), "w")  # engines may print: what they say goes elsewhere
    os.dup2(2, 1)
    for line in sys.stdin:
        order = json.loads(line)
        answer = None
        if order["do"] == "build":
            engine.build()
        elif order["do"] == "open":
            if cores := order.get("cores"):
                os.sched_setaffinity(0, cores)
            engine.load_queries()
            engine.open()
        elif order["do"] == "ask":
            answer = asked(engine, order["numbers"], order["mode"])
        elif order["do"] == "modes":
            answer = engine.modes
        print(json.dumps(answer), file=told, flush=True)


if __name__ == "__main__":
    main()
