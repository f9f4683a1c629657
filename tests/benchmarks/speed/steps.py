"""What is measured of the product itself. A step returns a dictionary, or None where a size is not for it."""

import json
import math
import random
import shutil
import statistics
import subprocess
import sys
import time
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

import numpy as np
from machine import environment, run

import corpus
from retriever import Retriever, RetrieverError
from retriever.embedder import load_encoder
from retriever.index import open_snapshot

STATIC, SMALL = "paper-static", "paper-small"
QUESTIONS = 200
REST = 20  # seconds
CLI = (sys.executable, "-m", "retriever")
EDITED = 5  # notes changed, one refresh each


@dataclass(frozen=True)
class Place:
    """The notes and indexes of one size. `peers` is the Python of the others, or None."""

    papers: Path
    folder: Path
    size: int
    peers: str | None

    @property
    def notes(self):
        """The notes, made when they are first needed."""
        folder = self.folder / "notes"
        if not folder.exists():
            making = self.folder / "notes.part"
            shutil.rmtree(making, ignore_errors=True)
            self.folder.mkdir(parents=True, exist_ok=True)
            corpus.write(self.papers, self.size, making)
            making.replace(folder)
        return folder

    def index(self, model=STATIC):
        """The index with a model, built when it is first needed."""
        folder = self.folder / ("index" if model == STATIC else f"index-{model}")
        if not (folder / "CURRENT").exists():
            _build(self.notes, folder, model)
        return folder

    def handed(self):
        """Write what engines.py reads: the texts of the windows, their vectors, questions and theirs."""
        if (self.folder / "queries.npy").exists():
            return
        texts, vectors = _texts_and_vectors(self.index())
        with (self.folder / "texts.jsonl").open("w", encoding="utf-8") as file:
            file.writelines(json.dumps(text, ensure_ascii=False) + "\n" for text in texts)
        np.save(self.folder / "vectors.npy", vectors)
        asked = corpus.questions(self.papers, QUESTIONS)
        (self.folder / "queries.json").write_text(json.dumps(asked, ensure_ascii=False), "utf-8")
        np.save(self.folder / "queries.npy", load_encoder(STATIC).encode_query(asked))


def _texts_and_vectors(index):
    """Return the embedded text of every window and its vector, float32."""
    with open_snapshot(index) as snapshot:
        rows = snapshot.catalog.read(lambda row: (row[0], row[1]), TEXTS)
        return [text for _, text in rows], snapshot.vectors.rows(np.array([row for row, _ in rows]))


TEXTS = """
SELECT w.row, coalesce(w.embedded, p.before || w.text)
FROM window w JOIN passage p ON p.number = w.passage ORDER BY w.row
"""


def _build(notes, index, model):
    used, said = run([*CLI, "build", notes, "--index", index, "--model", model, "--json"])
    return used, json.loads(said)["data"]


def build(place, model=STATIC):
    """A first build: windows a second, peak memory, bytes a window."""
    index = place.folder / ("index" if model == STATIC else f"index-{model}")
    shutil.rmtree(index, ignore_errors=True)
    used, report = _build(place.notes, index, model)
    windows = report["windows"]
    return {
        **used,
        "windows": windows,
        "papers": report["papers"],
        "notes": report["notes"],
        "windows_per_s": round(windows / used["wall_s"]),
        "windows_per_cpu_s": round(windows / used["cpu_s"]),
        **_bytes(index, windows),
    }


def build_small(place):
    """The same with the default model, where that takes minutes and not hours; and what its encoder does alone."""
    if place.size > 100_000:
        return None
    encoder, texts = load_encoder(SMALL), _texts_and_vectors(place.index())[0]
    sample = sorted(random.Random(corpus.SEED).sample(texts, min(1_000, len(texts))), key=len)  # noqa: S311  no secret
    encoder.encode_document(sample[:32])
    rates = []
    built = None
    for _ in range(2):  # before and after the build: what runs beside it changes
        began, spent = time.perf_counter(), time.process_time()
        encoder.encode_document(sample)
        rates.append([len(sample) / (time.perf_counter() - began), len(sample) / (time.process_time() - spent)])
        built = built or build(place, SMALL)
    wall, cpu = (statistics.mean(rate[at] for rate in rates) for at in (0, 1))
    return {
        **built,
        "encoder_per_s": round(wall),
        "encoder_per_cpu_s": round(cpu),
        "of_encoder": round(built["windows_per_s"] / wall, 3),
        "of_encoder_cpu": round(built["windows_per_cpu_s"] / cpu, 3),
    }


def _bytes(index, windows):
    """Return the bytes a window of one generation, by kind of file, and over the text of the windows."""
    with open_snapshot(index) as snapshot:
        files = snapshot.manifest.files
        (text,) = snapshot.catalog.read(lambda row: row[0], "SELECT sum(length(CAST(text AS BLOB))) FROM window")
    kinds = {}
    for name, entry in files.items():
        kind = name.split("/")[0]
        kinds[kind] = kinds.get(kind, 0) + entry.size
    return {
        "bytes": sum(kinds.values()),
        "bytes_a_window": round(sum(kinds.values()) / windows),
        "text_a_window": round(text / windows),
        "over_text": round((sum(kinds.values()) - text) / windows),
        "bytes_by_file": {kind: round(size / windows, 1) for kind, size in kinds.items()},
    }


def recall(place):
    """Recall@10 of the dense side against comparing every row."""
    place.handed()
    queries = np.load(place.folder / "queries.npy")
    with open_snapshot(place.index()) as snapshot:
        every = np.ones(snapshot.vectors.count, dtype=bool)
        found = snapshot.vectors.search(queries, 10)[1]
        exact = snapshot.vectors.search(queries, 10, allow=every)[1]
    hits = [len(set(a.tolist()) & set(b.tolist())) / len(b) for a, b in zip(found, exact, strict=True)]
    return {"recall_at_10": round(statistics.mean(hits), 5), "queries": len(queries)}


def refresh(place, model=STATIC):
    """A refresh after one note changed: the whole process."""
    index, runs, before = place.index(model), [], {}
    notes = sorted((place.notes / "outlines").glob("*.md"))
    rng = random.Random(corpus.SEED)  # noqa: S311  a choice, not a secret
    for at in range(EDITED):
        note = rng.choice(notes)
        text = note.read_text("utf-8")
        lines = text.splitlines(keepends=True)
        said = [number for number, line in enumerate(lines) if line.startswith("  - ")]
        line = rng.choice(said)
        lines[line] = lines[line].rstrip() + f" Read again for the {at + 2}. time on {time.time():.0f}.\n"
        before.setdefault(note, text)
        note.write_text("".join(lines), "utf-8")
        used, said = run([*CLI, "build", "--index", index, "--json"])
        report = json.loads(said)["data"]
        assert report["notes_read"] == 1, report
        runs.append({**used, "embedded": report["windows_embedded"]})
    for note, text in before.items():  # other steps count on the notes that they were given
        note.write_text(text, "utf-8")
    run([*CLI, "build", "--index", index])
    return {
        "windows": report["windows"],
        "wall_s": statistics.median(one["wall_s"] for one in runs),
        "cpu_s": statistics.median(one["cpu_s"] for one in runs),
        "embedded": statistics.median(one["embedded"] for one in runs),
        "runs": runs,
    }


def refresh_small(place):
    """The same with the default model."""
    return None if place.size > 100_000 and not (place.folder / f"index-{SMALL}").exists() else refresh(place, SMALL)


def rebuild(place):
    """Ten searches a second while all notes are read anew from another folder, beside the same at rest: wall time."""
    place.handed()
    index, moved = place.folder / "index-rebuilt", place.folder / "notes-moved"
    for folder, source in ((index, place.index()), (moved, place.notes)):
        shutil.rmtree(folder, ignore_errors=True)
        shutil.copytree(source, folder)
    began = time.perf_counter()
    quiet, _ = _paced(place, index, lambda: time.perf_counter() - began > REST)
    command = [str(word) for word in (*CLI, "build", moved, "--index", index, "--json")]
    building = subprocess.Popen(command, env=environment(), stdout=subprocess.DEVNULL)
    busy, failed = _paced(place, index, lambda: building.poll() is not None)
    assert building.returncode == 0
    for folder in (index, moved):
        shutil.rmtree(folder)
    return {"quiet_ms": spread(quiet), "busy_ms": spread(busy), "searches": len(busy), "failed": failed}


def _paced(place, index, done):
    """Ask ten questions a second until `done`; return the milliseconds of each, and how many failed."""
    queries = json.loads((place.folder / "queries.json").read_text("utf-8"))
    found, failed = [], 0
    with Retriever.open(index) as opened:
        opened.search(queries[0])
        while not done():
            began = time.perf_counter()
            try:
                opened.search(queries[len(found) % len(queries)])
            except RetrieverError:
                failed += 1
            took = time.perf_counter() - began
            found.append(took * 1e3)
            time.sleep(max(0.1 - took, 0))
    return found, failed


def spread(values):
    ordered = sorted(values)
    return {"p50": round(ordered[len(ordered) // 2], 2), "p99": round(ordered[int(len(ordered) * 0.99)], 2)}


def growth(builds):
    """Return from size to size the exponent with which CPU time, memory and bytes grow."""
    sizes = sorted(builds, key=int)
    found = {}
    for small, large in pairwise(sizes):
        one, other = builds[small], builds[large]
        more = math.log(other["windows"] / one["windows"])
        found[f"{small} to {large}"] = {
            what: round(math.log(other[what] / one[what]) / more, 3) for what in ("cpu_s", "peak_mb", "bytes")
        }
    return found
