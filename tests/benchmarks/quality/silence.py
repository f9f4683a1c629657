"""Whether the confidence tells questions that the notes answer from questions that they do not.

    python tests/benchmarks/quality/silence.py NOTES [--model NAME] [--out FILE]

NOTES are those that tests/golden/present.jsonl and paraphrases.jsonl ask about; absent.jsonl asks about other things,
far (everyday life) and near (machine learning that the notes lack). AUROC of the best hit's confidence, with 95 %
intervals (10,000 resamples of questions); how often the product is silent; and, the questions halved at random, what
the threshold that is best on one half (the most questions told rightly) gives on the other.
"""

import argparse
import json
import subprocess
import tempfile
from pathlib import Path

import numpy as np

from retriever import Retriever, build
from retriever.embedder import load_encoder

GOLDEN = Path(__file__).parents[2] / "golden"


def questions():
    """Return the texts by kind."""
    read = lambda name: [json.loads(line) for line in (GOLDEN / name).open(encoding="utf-8")]  # noqa: E731
    absent = read("absent.jsonl")
    return {
        "present": [one["question"] for one in read("present.jsonl")],
        "paraphrases": [one["question"] for one in read("paraphrases.jsonl")],
        "far": [one["question"] for one in absent if one["kind"] == "far"],
        "near": [one["question"] for one in absent if one["kind"] == "near"],
    }


def share(answers):
    """Return the share of answers that are silence."""
    return round(float(np.mean([one.abstained for one in answers])), 3)


def halved(answers):
    order = np.random.default_rng(2).permutation(len(answers))
    return [[answers[at] for at in part] for part in (order[::2], order[1::2])]


def auroc(inside, outside):
    wins = (inside[:, None] > outside[None]) + 0.5 * (inside[:, None] == outside[None])
    return float(wins.mean())


def interval(inside, outside):
    draw = np.random.default_rng(0)
    found = [auroc(draw.choice(inside, len(inside)), draw.choice(outside, len(outside))) for _ in range(10_000)]
    return [round(float(value), 3) for value in np.quantile(found, [0.025, 0.975])]


def halves(inside, outside):
    """Return precision and recall of silence on one half, at the threshold that is best on the other."""
    draw = np.random.default_rng(1)
    told = np.concatenate([inside, outside])
    silent = np.concatenate([np.zeros(len(inside)), np.ones(len(outside))])
    order = draw.permutation(len(told))
    first, second = order[::2], order[1::2]
    right = [(((told[first] < cut) == silent[first]).mean(), cut) for cut in np.unique(told[first])]
    cut = max(right)[1]
    said = told[second] < cut
    hit = (said & (silent[second] == 1)).sum()
    return {
        "threshold": round(float(cut), 3),
        "precision": round(float(hit / max(said.sum(), 1)), 3),
        "recall": round(float(hit / silent[second].sum()), 3),
    }


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("notes", type=Path)
    parser.add_argument("--model", default="paper-small")
    parser.add_argument("--out", type=Path, default=Path(__file__).with_suffix(".json"))
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as index:
        build([options.notes], index, model=options.model)
        with Retriever.open(index) as retriever:
            status = retriever.status()
            asked = {kind: [retriever.search(text) for text in texts] for kind, texts in questions().items()}
    sure = {kind: np.array([max(hit.confidence for hit in one.hits) for one in found]) for kind, found in asked.items()}
    inside = np.concatenate([sure["present"], sure["paraphrases"]])
    commit = subprocess.run(["git", "rev-parse", "HEAD"], check=True, capture_output=True, text=True).stdout.strip()
    found = {
        "commit": commit,
        "fingerprint": load_encoder(options.model).fingerprint,
        "papers": status.papers,
        "windows": status.windows,
        "silent": {kind: share(all_) for kind, all_ in asked.items()},
        "silent, by random halves": {kind: [share(half) for half in halved(all_)] for kind, all_ in asked.items()},
        "confidence, quartiles": {
            kind: [round(float(value), 3) for value in np.quantile(one, [0.25, 0.5, 0.75])]
            for kind, one in sure.items()
        },
        "auroc": {
            kind: {"value": round(auroc(inside, sure[kind]), 3), "interval": interval(inside, sure[kind])}
            for kind in ("far", "near")
        },
        "threshold of one half, on the other": {kind: halves(inside, sure[kind]) for kind in ("far", "near")},
    }
    print(json.dumps(found, indent=1))
    kept = json.loads(options.out.read_text("utf-8")) if options.out.exists() else {}
    kept[f"{options.notes.resolve().name}, {options.model}"] = found
    options.out.write_text(json.dumps(kept, indent=1) + "\n", "utf-8")


if __name__ == "__main__":
    main()
