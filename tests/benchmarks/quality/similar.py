"""Whether papers that an author files together are found better than by plain cosine of the same vectors.

    python tests/benchmarks/quality/similar.py NOTES [NOTES ...] [--model NAME] [--out FILE]

Each NOTES is a note, or a folder of them. Its headings are hidden from the index; two papers belong together if they
stand under the same innermost heading. nDCG@10 of `Retriever.similar`, and of the cosine of the papers' mean vectors,
over all papers that stand with another one; the interval is of the paired difference (10,000 resamples of papers).
"""

import argparse
import json
import subprocess
import tempfile
from dataclasses import replace
from pathlib import Path
from unittest.mock import patch

import numpy as np

import retriever
from retriever import chunker, indexing
from retriever.embedder import load_encoder
from retriever.index import open_snapshot
from retriever.query.likeness import middle
from retriever.query.similar import similar


def ndcg(found, together):
    gains = [1 / np.log2(rank + 2) for rank, paper in enumerate(found[:10]) if paper in together]
    return sum(gains) / sum(1 / np.log2(rank + 2) for rank in range(min(10, len(together))))


def built(notes, index, encoder):
    """Build an index without headings; return the innermost heading paths of each paper."""
    paths = {}

    def hidden(note, plain=chunker.chunks):
        found = plain(note)
        paths.update({one.passage.id: (note.file, *one.passage.heading_path) for one in found})
        return [chunker.Chunk(replace(one.passage, heading_path=()), one.windows) for one in found]

    with patch.object(chunker, "chunks", hidden):
        indexing.build([notes], index, encoder=encoder)
    with open_snapshot(index) as snapshot:
        of_passage = snapshot.catalog.paper_of_passages(list(paths))
    filed = {}
    for passage, paper in of_passage.items():
        if len(paths[passage]) > 1:
            filed.setdefault(paper, set()).add(paths[passage])
    return filed


def measured(notes, encoder):
    with tempfile.TemporaryDirectory() as folder:
        filed = built(notes, Path(folder) / "index", encoder)
        with open_snapshot(Path(folder) / "index") as snapshot:
            ids = sorted(paper.id for paper in snapshot.catalog.all_papers())
            rows = snapshot.catalog.rows_of_papers(ids)
            vectors = np.stack([middle(list(snapshot.vectors.rows(np.array(rows[paper])))) for paper in ids])
            scores = []
            for at, paper in enumerate(ids):
                together = {
                    other for other in ids if other != paper and filed.get(paper, set()) & filed.get(other, set())
                }
                if not together:
                    continue
                order = [ids[other] for other in np.argsort(-(vectors @ vectors[at]), kind="stable") if other != at]
                ours = [hit.paper.id for hit in similar(snapshot, [paper], limit=10).hits]
                scores.append((ndcg(ours, together), ndcg(order, together)))
    ours, plain = np.array(scores).T
    draws = np.random.default_rng(0).integers(0, len(ours), (10_000, len(ours)))
    low, high = np.quantile((ours - plain)[draws].mean(axis=1), [0.025, 0.975])
    return {
        "papers": len(ours),
        "similar": round(float(ours.mean()), 4),
        "cosine": round(float(plain.mean()), 4),
        "difference": [round(float(value), 4) for value in ((ours - plain).mean(), low, high)],
    }


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("notes", type=Path, nargs="+")
    parser.add_argument("--model", default="paper-static")
    parser.add_argument("--out", type=Path, default=Path(__file__).with_suffix(".json"))
    options = parser.parse_args()
    encoder = load_encoder(options.model)
    commit = subprocess.run(["git", "rev-parse", "HEAD"], check=True, capture_output=True, text=True).stdout.strip()
    kept = json.loads(options.out.read_text("utf-8")) if options.out.exists() else {}
    for notes in options.notes:
        found = measured(notes.resolve(), encoder)
        print(f"{notes.name}, {options.model}: {found}")
        about = {"version": retriever.__version__, "commit": commit, "fingerprint": encoder.fingerprint}
        name = notes.name if notes.is_dir() else f"{notes.parent.name}/{notes.name}"
        kept[f"{name}, {options.model}"] = found | about
    options.out.write_text(json.dumps(kept, indent=1) + "\n", "utf-8")


if __name__ == "__main__":
    main()
