"""Random edits under `retriever watch`, half of them while a build runs; at the end, is the index a clean build's?

    python tests/benchmarks/watching/edits.py [--minutes 30] [--seed 7] [--json edits.json]

Starts the command on a folder of made-up notes about papers that share ids, keys and titles, and edits these as
people, editors and other programs do, in bursts: one while a build runs, the next after it. Then it waits until the
index has caught up, stops the command, builds the same notes from nothing, and compares all that both hold. Meanwhile
it searches: no search may fail. Exits with 1 if anything is not as it should be.
"""

import argparse
import json
import os
import platform
import random
import re
import shutil
import signal
import statistics
import subprocess
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2]))

from index_state import state

from retriever import Retriever, RetrieverError, build
from retriever.index.manifest import read_pointer

HERE = Path(__file__).parent
MODEL = "paper-static"
PAPERS = 300
NOTES = 80  # about as many as there are at any time
BURST = 12
PATIENCE = 120  # seconds to wait for the index to catch up
TOPICS = "Attention,Diffusion,Memory,Proteins,Robots,Graphs,Optimisation,Language > Syntax,Vision > Video".split(",")
VERBS = "bounds forgets scans learns pages samples segments describes folds compresses".split()
THINGS = "a state,keys of the cache,noise,the edges of a graph,long context,side chains,rewards,pictures".split(",")


class Author:
    """Writes notes: papers named by id, key, title or several of them, so that many notes are about the same ones."""

    def __init__(self, rng):
        self.rng = rng

    def note(self):
        # Below a heading each, since where meaning alone files a paper the build before may have its say.
        pieces = self.rng.choices([self.item, self.heading, self.paragraph], [3, 1, 1], k=self.rng.randint(1, 12))
        return "\n\n".join([f"# Notes {self.rng.random()}", self.heading(), *(piece() for piece in pieces)]) + "\n"

    def item(self):
        rng, number = self.rng, self.rng.randrange(PAPERS)
        title, key = f"On {THINGS[number % 8]}, part {number}", f"author{number}{2015 + number % 10}word"
        named = rng.choice(
            [
                f"[{title}](https://arxiv.org/abs/2401.{number:05d})",
                f"{title} [{key}](https://openreview.net/forum?id=aaaaaa{number:04d})",
                f"[{key}](https://arxiv.org/abs/2401.{number:05d}v2)",
                f"**{title}** (https://doi.org/10.1234/AB.{number})",
            ]
        )
        return f"- {named} {rng.choice(VERBS)} {rng.choice(THINGS)}, {rng.choice(VERBS)} {rng.choice(THINGS)}"

    def heading(self):
        return f"## {self.rng.choice(TOPICS)}"

    def paragraph(self):
        return " ".join(f"{self.rng.choice(VERBS)} {self.rng.choice(THINGS)}" for _ in range(30))

    def overrides(self):
        pairs = [self.rng.sample(range(PAPERS), 2) for _ in range(self.rng.randint(0, 3))]
        return "".join(
            f'[[merge]]\npapers = ["arxiv:2401.{one:05d}", "arxiv:2401.{other:05d}"]\n' for one, other in pairs
        )


class Editor:
    """Edits a folder of notes; `done` counts what was done, `during` how often a build ran before and after it."""

    def __init__(self, notes, index, rng):
        self.notes, self.index, self.rng = notes, index, rng
        self.author = Author(rng)
        self.done, self.during, self.number = Counter(), 0, 0

    def edit(self):
        files = sorted(path for path in self.notes.rglob("*.md") if not path.is_symlink())
        kinds = ["add"] * 3 + ["change", "append", "swap", "rename", "halves"] * 2 + ["touch", "folder", "odd", "aside"]
        kinds += ["delete"] * (1 if len(files) < NOTES else 5)
        kind = self.rng.choice(kinds)
        before = building(self.index)
        getattr(self, kind)(self.rng.choice(files))
        self.done[kind] += 1
        self.during += before and building(self.index)

    def new(self):
        self.number += 1
        folder = self.rng.choice(["", "", "sub/", "sub/deep/", "weeks/"])
        path = self.notes / f"{folder}note-{self.number}.md"
        path.parent.mkdir(parents=True, exist_ok=True)
        return path

    def add(self, _):
        self.new().write_text(self.author.note(), "utf-8")

    def change(self, path):
        path.write_text(self.author.note(), "utf-8")

    def append(self, path):
        with path.open("a", encoding="utf-8") as file:
            file.write(f"\n{self.author.item()}\n")

    def swap(self, path):  # as editors save: beside, then over it
        beside = path.with_name(f".{path.name}.swp")
        beside.write_text(self.author.note(), "utf-8")
        beside.replace(path)

    def halves(self, path):
        text = self.author.note()
        with path.open("w", encoding="utf-8") as file:
            file.write(text[: len(text) // 2])
            file.flush()
            time.sleep(self.rng.random() * 0.3)
            file.write(text[len(text) // 2 :])

    def rename(self, path):
        path.replace(self.new())

    def delete(self, path):
        path.unlink()

    def touch(self, path):
        path.touch()

    def folder(self, _):
        folders = sorted(path for path in self.notes.rglob("*") if path.is_dir())
        if folders:
            self.number += 1
            self.rng.choice(folders).rename(self.notes / f"folder-{self.number}")

    def odd(self, path):
        path.write_bytes(
            self.rng.choice([b"", b"\xff\xfe" + "# Vision\n\nvidéo".encode("utf-16-le"), b"# V\n\n\xe9t\xe9"])
        )

    def aside(self, _):  # what is no note, and what says how notes are read
        kind = self.rng.choice(["picture.png", ".obsidian/app.md", "papers.overrides.toml", ".retrieverignore"])
        (self.notes / kind).parent.mkdir(exist_ok=True)
        text = {"papers.overrides.toml": self.author.overrides(), ".retrieverignore": "note-1*1.md\n"}.get(kind, "x")
        (self.notes / kind).write_text(self.rng.choice([text, ""]), "utf-8")


def building(index):
    """Tell whether a build is under way: it fills a generation that no pointer names yet."""
    try:
        current = read_pointer(index).generation
        return any(path.name > current for path in index.glob("gen-*"))
    except (RetrieverError, OSError):
        return False


def wait_until(condition, seconds):
    """Wait until a condition holds; False if it did not in that time."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if condition():
            return True
        time.sleep(0.005)
    return False


def edit_for(seconds, editor, watching):
    """Edit in bursts, in turn while a build runs and while none does, and search in between; return the searches."""
    searches, end = 0, time.monotonic() + seconds
    with Retriever.open(editor.index) as retriever:
        while time.monotonic() < end and watching.poll() is None:
            for wanted in (False, True):
                wait_until(lambda wanted=wanted: building(editor.index) == wanted, 10)
                for _ in range(editor.rng.randint(1, BURST)):
                    editor.edit()
                retriever.search(editor.rng.choice(THINGS), mode="lexical")
                searches += 1
    return searches


def caught_up(index):
    def quiet():
        with Retriever.open(index) as retriever:
            status = retriever.status()
        moved = status.notes_added or status.notes_changed or status.notes_removed
        return not (moved or building(index))

    # Twice, some time apart: a change that was just made may not have been noticed yet.
    return wait_until(lambda: quiet() and not time.sleep(5) and quiet(), PATIENCE)


def measure(folder, minutes, seed):
    notes, index, clean = folder / "notes", folder / "index", folder / "clean"
    notes.mkdir()
    editor = Editor(notes, index, random.Random(seed))  # noqa: S311  edits, not secrets
    for _ in range(NOTES):
        editor.add(None)
    lines, warnings = (folder / "lines.jsonl").open("wb+"), (folder / "warnings.txt").open("wb+")
    command = ["watch", str(notes), "--index", str(index), "--model", MODEL, "--debounce", "0.2", "--json"]
    with subprocess.Popen([sys.executable, "-m", "retriever", *command], stdout=lines, stderr=warnings) as watching:
        try:
            assert wait_until((index / "CURRENT").exists, PATIENCE), "no first build"
            searches = edit_for(minutes * 60, editor, watching)
            in_time = caught_up(index)
        finally:
            watching.send_signal(signal.SIGTERM)
            code = watching.wait(PATIENCE)
    lines.seek(0)
    warnings.seek(0)
    told = [json.loads(line) for line in lines]
    failures = Counter(one["error"]["code"] for one in told if not one["ok"])
    seconds = sorted(one["data"]["seconds"] for one in told if one["ok"])
    shutil.copytree(notes, folder / "kept", symlinks=True)
    report = build([notes], clean, model=MODEL)
    return {
        "edits": editor.done.total(),
        "edits_during_a_build": editor.during,
        "edits_by_kind": dict(sorted(editor.done.items())),
        "refreshes": len(seconds),
        "seconds_of_a_refresh": {"p50": statistics.median(seconds), "p95": seconds[int(len(seconds) * 0.95)]},
        "failures": dict(failures),
        "tracebacks": warnings.read().count(b"Traceback"),
        "searches": searches,
        "notes": report.notes,
        "papers": report.papers,
        "windows": report.windows,
        "caught_up": in_time,
        "exit_code": code,
        "left_over": sorted(
            path.name for path in index.iterdir() if not re.fullmatch(r"CURRENT|LOCK|gen-\d+", path.name)
        ),
        "equal_to_a_clean_build": state(index) == state(clean),
    }


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--minutes", type=float, default=30)
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--json", type=Path, default=HERE / "edits.json")
    asked = parser.parse_args()
    folder = Path(tempfile.mkdtemp(prefix="edits-"))
    found = measure(folder, asked.minutes, asked.seed)
    commit = subprocess.run(
        ["git", "rev-parse", "--short", "HEAD"], capture_output=True, text=True, cwd=HERE, check=False
    )
    figures = {
        "command": f"python tests/benchmarks/watching/edits.py --minutes {asked.minutes:g} --seed {asked.seed}",
        "machine": f"{platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}",
        "commit": commit.stdout.strip(),
        **found,
    }
    asked.json.write_text(json.dumps(figures, indent=1) + "\n", encoding="utf-8")
    print(json.dumps(figures, indent=1))
    right = (
        found["equal_to_a_clean_build"] and found["caught_up"] and not found["exit_code"] and not found["tracebacks"]
    )
    if right:
        shutil.rmtree(folder)
        return 0
    print(f"Not as it should be; all of it is in {folder}", file=sys.stderr)
    return 1


if __name__ == "__main__":
    sys.exit(main())
