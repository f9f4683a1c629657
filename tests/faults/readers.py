"""Readers in a loop while an index is rebuilt again and again: how often they failed, or saw a mix of two states.

Run as a program: `python readers.py --rebuilds 200`. It prints one JSON object.

Every note says in every paragraph which state it is in, so an answer made of two states shows. Readers are processes:
one opens the index for each question, the other keeps it open and lets builds overtake it before it asks.
"""

import argparse
import json
import platform
import random
import re
import subprocess
import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from toy import WordEncoder

from retriever import Retriever, build, embedder
from retriever.errors import RetrieverError

READERS = ("fresh", "kept")
PAPERS = 12
_STATE = re.compile(r"state(\d+)")


def write_state(notes, state):
    notes.mkdir(exist_ok=True)
    for part in range(3):
        texts = [
            f"## Paper number {at}\n\narXiv: 2501.{at:05}\n\nAttention cancels noise in state{state}.\n"
            for at in range(part, PAPERS, 3)
        ]
        (notes / f"part-{part}.md").write_text(f"# Part {part}\n\n" + "\n".join(texts))


def rebuild(folder, rebuilds):
    for state in range(1, rebuilds + 1):
        write_state(folder / "notes", state)
        build([folder / "notes"], folder / "index", encoder=WordEncoder())


def read(folder, kind):
    """Ask until told to stop; print what was asked, what failed, what was mixed, and how long a question took."""

    def load(model, *, download=False):
        return WordEncoder(model)

    embedder.load_encoder = load
    chance = random.Random(kind)  # noqa: S311  how long a reader waits is no secret
    seconds, failures, mixes, seen = [], [], [], [0]
    while not (folder / "stop").exists():
        try:
            with Retriever.open(folder / "index") as retriever:
                for _ in range(1 if kind == "fresh" else 4):
                    if kind == "kept":
                        time.sleep(chance.random())
                    started = time.perf_counter()
                    states = answer(retriever)
                    seconds.append(time.perf_counter() - started)
                    if len(states) != 1 or min(states) < seen[-1]:
                        mixes.append([seen[-1], sorted(states)])
                    seen.append(max(states, default=0))
        except RetrieverError as error:
            failures.append(repr(error))
    print(json.dumps({"seconds": seconds, "failures": failures, "mixes": mixes, "states": len(set(seen))}))


def answer(retriever):
    """Ask three things, each of one state, and return the states of the last."""
    found = [
        retriever.search("noise of attention", limit=PAPERS),
        retriever.search("noise", mode="lexical", limit=PAPERS),
        retriever.similar("arXiv:2501.00001", limit=PAPERS),
    ]
    for results in found:
        texts = [passage.text for hit in results.hits for passage in hit.passages]
        states = {int(number) for text in texts for number in _STATE.findall(text)}
        if len(states) != 1 or len(results.hits) < PAPERS - 1:
            return states if len(states) > 1 else set()
    return states


def race(folder, rebuilds):
    """Rebuild an index while readers ask, and return what they saw."""
    write_state(folder / "notes", 0)
    build([folder / "notes"], folder / "index", encoder=WordEncoder())
    started = time.perf_counter()
    readers = [
        subprocess.Popen([sys.executable, __file__, "--folder", folder, "--read", kind], stdout=subprocess.PIPE)
        for kind in READERS
    ]
    try:
        subprocess.run([sys.executable, __file__, "--folder", folder, "--rebuilds", str(rebuilds)], check=True)
    finally:
        (folder / "stop").touch()
        told = [json.loads(reader.communicate()[0]) for reader in readers]
    seconds = sorted(second for one in told for second in one["seconds"])
    return {
        "rebuilds": rebuilds,
        "questions": 3 * len(seconds),
        "failures": [failure for one in told for failure in one["failures"]],
        "mixes": [mix for one in told for mix in one["mixes"]],
        "states_seen": {kind: one["states"] for kind, one in zip(READERS, told, strict=True)},
        "milliseconds_of_three": {
            "p50": round(1000 * seconds[len(seconds) // 2], 1),
            "p99": round(1000 * seconds[len(seconds) * 99 // 100], 1),
        },
        "seconds": round(time.perf_counter() - started, 1),
        "machine": f"{platform.machine()}, Python {platform.python_version()}",
    }


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--rebuilds", type=int, default=200)
    parser.add_argument("--folder", type=Path, help=argparse.SUPPRESS)
    parser.add_argument("--read", choices=READERS, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.read:
        read(options.folder, options.read)
    elif options.folder:
        rebuild(options.folder, options.rebuilds)
    else:
        with tempfile.TemporaryDirectory() as name:
            print(json.dumps(race(Path(name), options.rebuilds), indent=1))


if __name__ == "__main__":
    main()
