"""CPU time of a whole process that embeds one question: the embedded models against MiniLM in sentence-transformers.

    python tests/benchmarks/models/cold_query.py [--runs 7] [--json cold_query.json] [-- COMMAND ...]

Runs of the contestants alternate, so that other work on the machine falls on all alike; CPU seconds (user and system)
of each process, not wall time. A COMMAND after `--` (a `retriever search`, say) becomes one more contestant.
"""

import argparse
import json
import os
import platform
import resource
import statistics
import subprocess
import sys
from pathlib import Path

from retriever.embedder.loading import find_folder

QUESTION = "how do transformers handle long inputs"


def contestants(command):
    minilm = str(find_folder("minilm"))
    found = {
        "bare python": [sys.executable, "-c", "pass"],
        **{
            model: [
                sys.executable,
                "-c",
                f"from retriever.embedder import load_encoder; load_encoder({model!r}).encode_query([{QUESTION!r}])",
            ]
            for model in ("paper-static", "paper-small")
        },
        "minilm, sentence-transformers": [
            sys.executable,
            "-c",
            f"from sentence_transformers import SentenceTransformer as S; S({minilm!r}).encode({QUESTION!r})",
        ],
    }
    return found | ({" ".join(command): command} if command else {})


def cpu_seconds(command):
    """User and system seconds of `command` and what it started."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run(command, check=True, capture_output=True, env=os.environ | {"HF_HUB_OFFLINE": "1"})
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--runs", type=int, default=7)
    parser.add_argument("--json", type=Path, help="where the results are kept")
    parser.add_argument("command", nargs="*", help="one more contestant")
    options = parser.parse_args()
    commands = contestants(options.command)
    seconds = {name: [] for name in commands}
    for run in range(options.runs + 1):
        for name, command in commands.items():
            spent = cpu_seconds(command)
            if run:  # the first fills the caches of the file system
                seconds[name].append(round(spent, 4))
    medians = {name: statistics.median(runs) for name, runs in seconds.items()}
    for name, median in medians.items():
        print(f"{name:40} {median:7.3f} CPU s (min {min(seconds[name]):.3f}, max {max(seconds[name]):.3f})")
    print(f"paper-small costs {medians['paper-small'] / medians['paper-static']:.2f} times paper-static")
    ratio = medians["minilm, sentence-transformers"] / medians["paper-small"]
    print(f"and 1/{ratio:.0f} of minilm in sentence-transformers")
    if options.json:
        machine = {"machine": platform.machine(), "cores": os.cpu_count(), "python": platform.python_version()}
        result = {**machine, "question": QUESTION, "median_cpu_s": medians, "cpu_s": seconds}
        options.json.write_text(json.dumps(result, indent=2) + "\n")


if __name__ == "__main__":
    main()
