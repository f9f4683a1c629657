"""What a figure hangs on: the machine, the commit, the versions; and how a process is measured."""

import json
import os
import platform
import resource
import subprocess
import sys
import threading
import time
from datetime import UTC, datetime
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

HERE = Path(__file__).parent
PACKAGES = ("numpy", "faiss-cpu", "tantivy", "onnxruntime", "tokenizers")
PEERS = ("txtai", "chromadb", "lancedb", "faiss-cpu", "sentence-transformers", "torch")
ONE_THREAD = dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "RAYON_NUM_THREADS"), "1")
# No contestant may look for a hub, nor for a home of its own.
QUIET = {"HF_HUB_OFFLINE": "1", "TOKENIZERS_PARALLELISM": "false", "ANONYMIZED_TELEMETRY": "False"}


def setting(peers=None):
    """Return where and with what a figure was measured. `peers` is the Python of the others."""
    commit = subprocess.check_output(["git", "rev-parse", "--short", "HEAD"], cwd=HERE, text=True)
    found = {
        "when": datetime.now(UTC).isoformat(timespec="minutes"),
        "commit": commit.strip(),
        "machine": f"{_processor()}, {len(os.sched_getaffinity(0))} cores",
        "python": platform.python_version(),
        "versions": {name: _version(name) for name in PACKAGES},
    }
    if peers:
        found["peers"] = json.loads(subprocess.check_output([peers, __file__], text=True, env=environment()))
    return found


def environment(**more):
    """Return the variables of a contestant: this clone's package, no hub."""
    root = str(HERE.parents[2])
    return {**os.environ, **QUIET, "PYTHONPATH": root, **more}


def run(command, said=b"", patience=None):
    """Run a command to its end; return wall seconds, CPU seconds and the peak of its memory, its children counted.

    `said` is its stdin. subprocess.TimeoutExpired, and it is ended, after `patience` seconds.
    """
    began = time.perf_counter()
    pipe = subprocess.PIPE
    process = subprocess.Popen([str(word) for word in command], stdin=pipe, stdout=pipe, stderr=pipe, env=environment())
    peak = [0]
    watcher = threading.Thread(target=_watch, args=(process.pid, peak), daemon=True)
    watcher.start()
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    try:
        output, errors = process.communicate(said, timeout=patience)
    except subprocess.TimeoutExpired:
        process.kill()
        process.communicate()
        raise
    wall = time.perf_counter() - began
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    watcher.join()
    if process.returncode:
        raise SystemExit(f"{' '.join(map(str, command))} failed:\n{errors.decode()[-2000:]}")
    return {
        "wall_s": round(wall, 3),
        "cpu_s": round(used.ru_utime + used.ru_stime - before.ru_utime - before.ru_stime, 3),
        "peak_mb": round(peak[0]),
    }, output.decode()


def _watch(root, peak):
    """Keep the largest sum of the memory of a process and those that it started, in MB; shared pages count once."""
    while Path(f"/proc/{root}").exists():
        total = 0
        for process in _family(root):
            try:
                fields = Path(f"/proc/{process}/smaps_rollup").read_text().split()
                total += int(fields[fields.index("Pss:") + 1])
            except (OSError, ValueError):
                continue
        peak[0] = max(peak[0], total / 1024)
        time.sleep(0.1)


def _family(root):
    found, new = [root], [root]
    while new:
        children = []
        for process in new:
            try:
                text = Path(f"/proc/{process}/task/{process}/children").read_text()
            except OSError:
                continue
            children += [int(child) for child in text.split()]
        found, new = found + children, children
    return found


def _processor():
    for line in Path("/proc/cpuinfo").read_text().splitlines():
        if line.startswith("model name"):
            return line.partition(":")[2].strip()
    return platform.machine()


def _version(name):
    try:
        return version(name)
    except PackageNotFoundError:
        return None


if __name__ == "__main__":
    json.dump({name: _version(name) for name in PEERS}, sys.stdout)
