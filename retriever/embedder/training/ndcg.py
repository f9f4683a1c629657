"""nDCG@10 of an encoder on a folder in BEIR's layout (`corpus.jsonl`, `queries.jsonl`, `qrels.tsv`)."""

from __future__ import annotations

import csv
import json
import math
from collections import defaultdict
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from retriever.embedder.encoder import Encoder, document_text


def measure(encoder: Encoder, folders: Sequence[Path]) -> dict[str, float]:
    """Return and print nDCG@10 on each of `folders`, by the folder's name."""
    found = {}
    for folder in folders:
        found[folder.name] = ndcg_at_10(encoder, folder)
        print(f"{folder.name}: nDCG@10 {found[folder.name]:.3f}", flush=True)
    return found


def ndcg_at_10(encoder: Encoder, folder: Path) -> float:
    """Return the mean nDCG@10 over the judged queries, with exact dense search and trec_eval's linear gains."""
    grades: dict[str, dict[str, int]] = defaultdict(dict)
    with (folder / "qrels.tsv").open(encoding="utf-8", newline="") as lines:
        for row in csv.DictReader(lines, delimiter="\t"):
            grades[row["query-id"]][row["corpus-id"]] = int(row["score"])
    documents = _read_lines(folder / "corpus.jsonl")
    rows = encoder.encode_document(document_texts(folder))
    queries = [query for query in _read_lines(folder / "queries.jsonl") if query["_id"] in grades]
    scores = encoder.encode_query([query["text"] for query in queries]) @ rows.T
    found = []
    for query, row in zip(queries, scores, strict=True):
        judged = grades[query["_id"]]
        best = [documents[place]["_id"] for place in np.argsort(-row, kind="stable")[:10]]
        reached = sum(judged.get(name, 0) / math.log2(rank + 2) for rank, name in enumerate(best))
        ideal = sorted(judged.values(), reverse=True)[:10]
        found.append(reached / (sum(grade / math.log2(rank + 2) for rank, grade in enumerate(ideal)) or 1))
    return float(np.mean(found))


def document_texts(folder: Path) -> list[str]:
    """Return what is embedded of the documents of `folder`, in their order."""
    return [document_text(one.get("title"), None, one["text"]) for one in _read_lines(folder / "corpus.jsonl")]


def _read_lines(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8") as lines:
        return [json.loads(line) for line in lines]
