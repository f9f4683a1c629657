"""Whether papers that no heading files are grouped as their authors group them, beside BERTopic on the same vectors.

    python tests/benchmarks/quality/topics.py [--note NOTE] [--papers PARQUET] [--model NAME] [--out FILE]

NOTE is an outline of papers under headings: they are hidden, and the clusters compared with the headings of each
level. PARQUET has columns title, abstract, categories (the first is compared) and split: 5,000 fixed rows of `train`.
Agreement is adjusted mutual information. BERTopic (if installed) runs as it comes, cut to 60 topics, for three seeds of
UMAP; what it leaves out counts as one more topic, and once more each put into the topic nearest to it. Seconds are of
the processor, labels included, after a first run that compiles.
"""

import argparse
import json
import tempfile
import time
from dataclasses import replace
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from unittest.mock import patch

import numpy as np
from sklearn.metrics import adjusted_mutual_info_score

from retriever import chunker, indexing
from retriever.embedder import load_encoder
from retriever.index import open_snapshot
from retriever.index.late_topics import LateTopics
from retriever.topics.clusters import MAX_CLUSTERS
from retriever.topics.leftover import settle

ROWS = 5_000
SAMPLE = 1  # seed of the choice of rows; the rule for the number of clusters was settled on another sample (0)
SEEDS = (0, 1, 2)


def from_note(note, encoder):
    """Return ids, vectors, texts, and by level the headings, of the papers of a note read without its headings."""
    paths = {}

    def hidden(note, plain=chunker.chunks):
        found = plain(note)
        paths.update({one.passage.id: one.passage.heading_path for one in found})
        return [chunker.Chunk(replace(one.passage, heading_path=()), one.windows) for one in found]

    with tempfile.TemporaryDirectory() as folder:
        with patch.object(chunker, "chunks", hidden):
            indexing.build([note], Path(folder), encoder=encoder)
        with open_snapshot(Path(folder)) as snapshot:
            of_passage = snapshot.catalog.paper_of_passages(list(paths))
            late = LateTopics(snapshot.path, encoder.dim)
            papers, vectors = late.vectors()
            texts = late.texts(papers)
    first = {}
    for passage, paper in of_passage.items():
        first.setdefault(paper, paths[passage])
    levels = {
        f"headings {'#' * level}": [first[paper][level - 1] if len(first[paper]) >= level else None for paper in papers]
        for level in (2, 3)
    }
    return papers, vectors, texts, levels


def from_parquet(file, encoder):
    """Return the same of rows of a table of papers, with their first categories."""
    from pyarrow import parquet  # noqa: PLC0415  only for this half

    table = parquet.read_table(file, columns=["title", "abstract", "categories", "split"])
    split, categories = table["split"].to_pylist(), table["categories"].to_pylist()
    known = [row for row, (part, of) in enumerate(zip(split, categories, strict=True)) if part == "train" and of]
    rows = sorted(np.random.default_rng(SAMPLE).choice(known, ROWS, replace=False).tolist())
    chosen = table.take(rows)
    said = zip(chosen["title"].to_pylist(), chosen["abstract"].to_pylist(), strict=True)
    papers = [f"{at:05d}" for at in range(ROWS)]
    texts = {paper: f"{title}. {abstract}" for paper, (title, abstract) in zip(papers, said, strict=True)}
    vectors = encoder.encode_document([texts[paper] for paper in papers])
    return papers, vectors, texts, {"first category": [categories[row][0] for row in rows]}


def agreement(levels, labels):
    found = {}
    for level, truth in levels.items():
        kept = [(real, label) for real, label in zip(truth, labels, strict=True) if real is not None]
        found[level] = adjusted_mutual_info_score(*zip(*kept, strict=True))
    return found


def ours(papers, vectors, texts, levels):
    began = time.process_time()
    settled = settle(papers, vectors, {}, lambda some: {paper: texts[paper] for paper in some})
    seconds = time.process_time() - began
    scores = agreement(levels, [settled.of_paper[paper].topic for paper in papers])
    labels = [node.path[0] for node in settled.nodes]
    return {"topics": len(labels), "seconds": seconds, "ami": scores, "labels": labels[:10]}


def theirs(papers, vectors, texts, levels):
    try:
        from bertopic import BERTopic  # noqa: PLC0415  no dependency of ours
        from umap import UMAP  # noqa: PLC0415
    except ImportError as missing:
        return f"not measured: {missing}"
    documents = [texts[paper] for paper in papers]

    def run(seed):
        model = BERTopic(nr_topics=MAX_CLUSTERS)
        model.umap_model = UMAP(n_neighbors=15, n_components=5, min_dist=0.0, metric="cosine", random_state=seed)
        began = time.process_time()
        topics, _ = model.fit_transform(documents, embeddings=vectors)
        return model, topics, time.process_time() - began

    run(SEEDS[0])  # numba compiles
    runs = [run(seed) for seed in SEEDS]
    whole = [agreement(levels, topics) for _, topics, _ in runs]
    placed = []
    for model, topics, _ in runs:
        out = -1 in topics and len(set(topics)) > 1
        put = model.reduce_outliers(documents, topics, strategy="embeddings", embeddings=vectors) if out else topics
        placed.append(agreement(levels, put))
    return {
        "topics": [len(set(topics)) for _, topics, _ in runs],
        "left out": float(np.mean([np.mean(np.array(topics) == -1) for _, topics, _ in runs])),
        "seconds": float(np.mean([seconds for _, _, seconds in runs])),
        "ami": {level: float(np.mean([one[level] for one in whole])) for level in levels},
        "ami, all placed": {level: float(np.mean([one[level] for one in placed])) for level in levels},
    }


def rounded(value):
    if isinstance(value, dict):
        return {key: rounded(one) for key, one in value.items()}
    return round(value, 3) if isinstance(value, float) else value


def installed(name):
    try:
        return version(name)
    except PackageNotFoundError:
        return None


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--note", type=Path)
    parser.add_argument("--papers", type=Path)
    parser.add_argument("--model", default="paper-static")
    parser.add_argument("--out", type=Path, default=Path(__file__).with_suffix(".json"))
    options = parser.parse_args()
    encoder = load_encoder(options.model)
    kept = json.loads(options.out.read_text("utf-8")) if options.out.exists() else {}
    kept |= {"model": options.model, "fingerprint": encoder.fingerprint}
    kept["versions"] = {
        name: installed(name) for name in ("bertopic", "umap-learn", "hdbscan", "numpy", "scikit-learn")
    }
    for name, source, read in (("note", options.note, from_note), ("papers", options.papers, from_parquet)):
        if source is None:
            continue
        found = read(source, encoder)
        mine, other = ours(*found), theirs(*found)
        kept[name] = {"papers": len(found[0]), "ours": rounded(mine), "BERTopic": rounded(other)}
        if isinstance(other, dict):
            kept[name]["times as fast"] = round(other["seconds"] / mine["seconds"], 1)
        print(json.dumps(kept[name], indent=1, ensure_ascii=False), flush=True)
        options.out.write_text(json.dumps(kept, indent=1, ensure_ascii=False) + "\n", "utf-8")


if __name__ == "__main__":
    main()
