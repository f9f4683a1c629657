"""Random filters on a large index against brute force over its records: what is found, and in which order.

    python tests/benchmarks/quality/filters.py [--papers 50000] [--queries 200] [--json filters.json]

Papers are generated with every field that a filter looks at, their vectors drawn from their texts. Each query has
words, one to three filters (a quarter of them excluded), and now and then a phrase or a word left out. By meaning,
its scores must be those of the exact cosines of all that the oracle allows, in order; asked by both sides, it must
return as many papers as there are, and no other. Results of the last run are in filters.json.
"""

import argparse
import json
import statistics
import sys
import tempfile
import time
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path(__file__).parents[2]))

from filter_oracle import brute_force, cosines, draw_query, drawing, generate, write
from small_index import encode

from retriever.index import open_snapshot
from retriever.query.search import MAX_LIMIT, search

SHOWN = 10


def main():
    options = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    options.add_argument("--papers", type=int, default=50_000)
    options.add_argument("--queries", type=int, default=200)
    options.add_argument("--json", type=Path)
    chosen = options.parse_args()
    entries = generate(chosen.papers)
    with tempfile.TemporaryDirectory() as folder:
        started = time.perf_counter()
        write(entries, Path(folder))
        print(
            f"{chosen.papers:,} papers in {len(entries):,} passages, written in {time.perf_counter() - started:.0f} s"
        )
        with open_snapshot(Path(folder)) as snapshot:
            found = measure(snapshot, entries, chosen.queries)
    print(json.dumps(found, indent=1))
    if chosen.json:
        chosen.json.write_text(json.dumps({"papers": chosen.papers, **found}, indent=1) + "\n", encoding="utf-8")
    sys.exit(found["equal"] != found["queries"])


def measure(snapshot, entries, queries):
    vectors = snapshot.vectors.rows(np.arange(snapshot.count))
    equal, empty, seconds = 0, 0, []
    for seed in range(queries):
        text, _, accepts = draw_query(drawing(seed))
        wanted = brute_force(entries, accepts)
        asked = []

        def encoded(query, asked=asked):
            asked.append(query)
            return encode([query])[0]

        started = time.perf_counter()
        hybrid = search(snapshot, text, limit=SHOWN, mode="hybrid", encode=encoded)
        seconds.append(time.perf_counter() - started)
        dense = search(snapshot, text, limit=SHOWN, mode="dense", encode=encoded)
        all_of_them = search(snapshot, text, limit=MAX_LIMIT, mode="hybrid", encode=encoded)
        same = as_by_hand(dense, cosines(entries, vectors, wanted, encode(asked)[0]) if asked else {})
        same &= units(hybrid) <= wanted.keys() >= units(all_of_them)
        same &= len(hybrid.hits) == min(SHOWN, len(wanted))
        same &= len(all_of_them.hits) == min(MAX_LIMIT, len(wanted))
        equal += same
        empty += not wanted
        if not same:
            print(f"differs: {text!r}, {len(wanted)} wanted")
    slow = statistics.quantiles(seconds, n=20)[-1]
    print(f"median {1000 * statistics.median(seconds):.0f} ms, 95th percentile {1000 * slow:.0f} ms: as busy as it was")
    return {"queries": queries, "equal": equal, "empty": empty, "windows": snapshot.count}


def as_by_hand(results, scores):
    """Tell whether an answer has the best scores there are, in order, and each the score of its own unit."""
    best = sorted(scores.values(), reverse=True)[:SHOWN]
    got = [hit.score for hit in results.hits]
    own = [scores.get(unit(hit), np.inf) for hit in results.hits]
    return len(got) == len(best) and np.allclose(got, best, atol=1e-6) and np.allclose(got, own, atol=1e-6)


def units(results):
    return {unit(hit) for hit in results.hits}


def unit(hit):
    return hit.paper.id if hit.paper else hit.passages[0].id


if __name__ == "__main__":
    main()
