"""nDCG@10 of an encoder on a folder in BEIR's layout (`corpus.jsonl`, `queries.jsonl`, `qrels.tsv`)."""

from __future__ import annotations

import csv
import json
import math
from collections import defaultdict
from pathlib import Path

import numpy as np

from retriever.embedder.encoder import Encoder, document_text


def ndcg_at_10(encoder: Encoder, folder: Path) -> float:
    """Return the mean nDCG@10 over the judged queries, with exact dense search and trec_eval's linear gains."""
    grades: dict[str, dict[str, int]] = defaultdict(dict)
    with (folder / "qrels.tsv").open(encoding="utf-8", newline="") as lines:
        for row in csv.DictReader(lines, delimiter="\t"):
            grades[row["query-id"]][row["corpus-id"]] = int(row["score"])
    documents = _read_lines(folder / "corpus.jsonl")
    queries = [query for query in _read_lines(folder / "queries.jsonl") if query["_id"] in grades]
    rows = encoder.encode_document([document_text(one.get("title"), None, one["text"]) for one in documents])
    scores = encoder.encode_query([query["text"] for query in queries]) @ rows.T
    found = []
    for query, row in zip(queries, scores, strict=True):
        judged = grades[query["_id"]]
        best = [documents[place]["_id"] for place in np.argsort(-row, kind="stable")[:10]]
        reached = sum(judged.get(name, 0) / math.log2(rank + 2) for rank, name in enumerate(best))
        ideal = sorted(judged.values(), reverse=True)[:10]
        found.append(reached / (sum(grade / math.log2(rank + 2) for rank, grade in enumerate(ideal)) or 1))
    return float(np.mean(found))


def _read_lines(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8") as lines:
        return [json.loads(line) for line in lines]
