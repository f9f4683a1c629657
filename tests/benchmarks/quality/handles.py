"""Whether whatever names a paper finds it first, and whether a slip of the keyboard still finds it.

    python tests/benchmarks/quality/handles.py NOTES [NOTES ...] [--model NAME] [--out FILE]

Every id, key, name, title and link of every paper of the notes is asked as it stands; those that several papers answer
to are counted and left out. Then each name of five letters or more and each key once more with one slip, drawn with a
fixed seed: two neighbouring letters swapped, one dropped, doubled, or replaced by its neighbour on the keyboard; never
the first letter, nor what follows the first digit of a key. A slip that makes another paper's handle is drawn anew.
"""

import argparse
import json
import random
import subprocess
import tempfile
from collections import defaultdict
from pathlib import Path

from retriever import Retriever, build
from retriever.embedder import load_encoder
from retriever.query.forgive import SHORTEST
from retriever.words import fold

KINDS = ("id", "key", "name", "title", "arxiv", "openreview", "doi", "acl", "url")
KEYBOARD = ("qwertyuiop", "asdfghjkl", "zxcvbnm")
SHOWN = 3


def slips(word, draw):
    """Yield slips of a word without end; nothing for one without a letter that may slip."""
    end = next((at for at, char in enumerate(word) if char.isdigit()), len(word)) if " " not in word else len(word)
    places = [at for at in range(1, end) if word[at].isascii() and word[at].isalpha()]
    while places:
        at, kind = draw.choice(places), draw.choice(["swap", "drop", "double", "replace"])
        if kind == "swap" and at + 1 < end:
            made = word[:at] + word[at + 1] + word[at] + word[at + 2 :]
        elif kind == "replace":
            row = next(row for row in KEYBOARD if word[at].lower() in row)
            beside = row[max(row.index(word[at].lower()) - 1, 0) :][:3].replace(word[at].lower(), "")
            made = word[:at] + draw.choice(beside) + word[at + 1 :]
        else:
            made = word[:at] + (word[at] * 2 if kind == "double" else "") + word[at + 1 :]
        if fold(made) != fold(word):
            yield made


def handles_of(papers):
    """Return {kind: [(handle, paper id)]} of what names one paper alone, and {kind: how many name several}."""
    named = {kind: defaultdict(set) for kind in KINDS}
    for paper in papers:
        for kind in KINDS:
            if value := getattr(paper, kind):
                named[kind][value].add(paper.id)
    alone = {kind: [(value, *ids) for value, ids in found.items() if len(ids) == 1] for kind, found in named.items()}
    return alone, {kind: len(found) - len(alone[kind]) for kind, found in named.items()}


def typed_wrong(papers, seed):
    """Return (slip, word, paper id) of each name and key that is long enough."""
    draw = random.Random(seed)  # noqa: S311  the same slips every time, no secret
    every = {fold(value) for paper in papers for kind in KINDS if (value := getattr(paper, kind))}
    alone, _ = handles_of(papers)
    return [
        (slip, word, paper)
        for kind in ("name", "key")
        for word, paper in alone[kind]
        if sum(map(str.isalpha, word)) >= SHORTEST
        for slip in [next((one for one in slips(word, draw) if fold(one) not in every), None)]
        if slip
    ]


def measured(retriever, seed):
    papers = sorted(retriever.papers(), key=lambda paper: paper.id)
    alone, several = handles_of(papers)
    found, missed = {}, []
    for kind, handles in alone.items():
        right = [first(retriever, handle, 1) == [paper] for handle, paper in handles]
        missed += [handle for (handle, _), well in zip(handles, right, strict=True) if not well]
        found[kind] = {
            "asked": len(right),
            "rank 1": round(sum(right) / max(len(right), 1), 4),
            "of several": several[kind],
        }
    wrong = typed_wrong(papers, seed)
    hits = [paper in first(retriever, slip, SHOWN) for slip, _, paper in wrong]
    return {
        "handles": {kind: one for kind, one in found.items() if one["asked"]},
        "missed": missed,
        "slips": {"asked": len(hits), f"hit@{SHOWN}": round(sum(hits) / len(hits), 4)},
        "slips missed": [f"{slip} ({word})" for (slip, word, _), hit in zip(wrong, hits, strict=True) if not hit],
    }


def first(retriever, query, limit):
    return [hit.paper.id for hit in retriever.search(query, limit=limit).hits if hit.paper]


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("notes", type=Path, nargs="+")
    parser.add_argument("--model", default="paper-small")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--out", type=Path, default=Path(__file__).with_suffix(".json"))
    options = parser.parse_args()
    commit = subprocess.run(["git", "rev-parse", "HEAD"], check=True, capture_output=True, text=True).stdout.strip()
    kept = json.loads(options.out.read_text("utf-8")) if options.out.exists() else {}
    for notes in options.notes:
        with tempfile.TemporaryDirectory() as index:
            build([notes], index, model=options.model)
            with Retriever.open(index) as retriever:
                found = measured(retriever, options.seed)
        about = {"commit": commit, "fingerprint": load_encoder(options.model).fingerprint, "seed": options.seed}
        kept[f"{notes.resolve().name}, {options.model}"] = about | found
        print(json.dumps(found, indent=1, ensure_ascii=False))
    options.out.write_text(json.dumps(kept, indent=1, ensure_ascii=False) + "\n", "utf-8")


if __name__ == "__main__":
    main()
