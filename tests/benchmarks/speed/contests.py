"""What is measured beside others: contestants in processes of their own, asked in turn."""

import json
import os
import shutil
import statistics
import subprocess
import sys
from contextlib import ExitStack

from machine import HERE, ONE_THREAD, environment, run
from steps import CLI, QUESTIONS, SMALL, STATIC, spread

ROUNDS = 10  # of the questions that contestants are asked in turn
COLD_RUNS = 9
COLD_AT = 10_000  # windows
QUESTION = "how do transformers handle long inputs"
PATIENCE = 3_600  # seconds that a build of another may take


def warm(place):
    """Questions through the library on one core: each mode in turn, wall and CPU milliseconds."""
    place.handed()
    with Worker(sys.executable, "retriever", place) as worker:
        return {"ms": asked_in_turn({"retriever": worker})["retriever"]}


class Worker:
    """An engine in a process of its own, on one core."""

    def __init__(self, python, engine, place):
        self._command = [python, str(HERE / "engines.py"), engine, str(place.folder)]

    def __enter__(self):
        self._process = subprocess.Popen(
            self._command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env=environment(**ONE_THREAD)
        )
        self.tell("open", cores=[max(os.sched_getaffinity(0))])
        return self

    def __exit__(self, *_):
        self._process.stdin.close()
        self._process.wait()

    def tell(self, what, **more):
        self._process.stdin.write(json.dumps({"do": what, **more}) + "\n")
        self._process.stdin.flush()
        line = self._process.stdout.readline()
        if not line:
            raise SystemExit(f"{' '.join(self._command)} died")
        return json.loads(line)


def asked_in_turn(workers):
    """Ask all questions of each worker in each of its modes, a few in turn; return {name: {mode: spreads}}."""
    kinds = [(name, mode) for name, worker in workers.items() for mode in worker.tell("modes")]
    times = {kind: [] for kind in kinds}
    for name, mode in kinds:
        workers[name].tell("ask", numbers=list(range(5)), mode=mode)  # loads what is loaded at first use
    step = QUESTIONS // ROUNDS
    for start in range(0, QUESTIONS, step):
        for name, mode in kinds:
            times[name, mode] += workers[name].tell("ask", numbers=list(range(start, start + step)), mode=mode)
    found = {}
    for (name, mode), pairs in times.items():
        wall, cpu = zip(*pairs, strict=True)
        found.setdefault(name, {})[mode] = {"wall": spread(wall), "cpu": spread(cpu)}
    return found


def cold(place):
    """CPU seconds of one question, each a process of its own, in turn."""
    if place.size != COLD_AT:
        return None
    index = place.index(SMALL)
    commands = {
        "bare python": [sys.executable, "-c", "pass"],
        "imports": [sys.executable, "-c", "import numpy, faiss, sqlite3"],
        SMALL: [*CLI, "search", QUESTION, "--index", index],
        STATIC: [*CLI, "search", QUESTION, "--index", place.index()],
        "lexical": [*CLI, "search", QUESTION, "--index", index, "--mode", "lexical"],
        "help": [*CLI, "--help"],
    }
    if place.peers:
        place.handed()
        store = place.folder / "txtai-minilm"
        one_shot = [place.peers, HERE / "one_shot.py", store, place.folder / "texts.jsonl"]
        if not store.exists():
            run([*one_shot, "--build"])
        commands["txtai, MiniLM"] = [*one_shot, "--ask", QUESTION]
    times = {name: [] for name in commands}
    for at in range(COLD_RUNS + 1):
        for name, command in commands.items():
            used, _ = run(command)
            if at:  # the first fills the caches of the file system
                times[name].append(used["cpu_s"])
    medians = {name: round(statistics.median(runs), 3) for name, runs in times.items()}
    ratios = {"times_imports": round(medians[SMALL] / medians["imports"], 2)}
    if "txtai, MiniLM" in medians:
        ratios["txtai_times_ours"] = round(medians["txtai, MiniLM"] / medians[SMALL], 1)
    return {"cpu_s": medians, **ratios, "runs": times}


def peers(place):
    """Builds and warm questions of all engines with the same vectors: ours from the notes, theirs from the texts."""
    if not place.peers:
        return None
    place.handed()
    pythons = {"handed": sys.executable, **dict.fromkeys(("txtai", "chroma", "lancedb"), place.peers)}
    built, workers = {}, {}
    for name, python in pythons.items():
        shutil.rmtree(place.folder / name, ignore_errors=True)
        order = json.dumps({"do": "build"}).encode() + b"\n"
        try:
            built[name], _ = run([python, HERE / "engines.py", name, place.folder], said=order, patience=PATIENCE)
            workers[name] = Worker(python, name, place)
        except subprocess.TimeoutExpired:
            built[name] = {"gave_up_after_s": PATIENCE}
    with ExitStack() as stack:
        times = asked_in_turn({name: stack.enter_context(worker) for name, worker in workers.items()})
    ours = built["handed"]
    ratios = {
        name: {
            "build_cpu": round(used["cpu_s"] / ours["cpu_s"], 2),
            "build_wall": round(used["wall_s"] / ours["wall_s"], 2),
            **{
                f"query_{kind}": round(spreads[kind]["p50"] / times["handed"][mode][kind]["p50"], 2)
                for mode, spreads in times[name].items()
                for kind in ("cpu", "wall")
            },
        }
        for name, used in built.items()
        if name != "handed" and "cpu_s" in used
    }
    return {"build": built, "ms": times, "times_ours": ratios}
