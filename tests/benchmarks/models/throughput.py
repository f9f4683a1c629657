"""Windows a second: the embedded models against MiniLM in sentence-transformers, on the same cores in one run.

    python tests/benchmarks/models/throughput.py NOTES [--windows 512] [--rounds 5] [--json throughput.json]

The windows are those of the notes (a folder), in the text that is embedded. Rounds of the models alternate, so that
other work on the machine falls on all alike. Wall time on all cores, and CPU time of all threads.
"""

import argparse
import json
import os
import platform
import random
import statistics
import time
from importlib.metadata import version
from pathlib import Path

from retriever.chunker import chunks
from retriever.embedder import document_text, load_encoder
from retriever.notes import read_note

MODELS = ("paper-static", "paper-small", "minilm")
SEED = 7


def windows_of(notes, count):
    """Return `count` random windows of the notes, longest first, as a build sends them."""
    found = []
    for file in sorted(path for path in notes.rglob("*") if path.suffix in {".md", ".txt"}):
        note = read_note(file.read_bytes(), folder=str(notes), file=file.name)
        for chunk in chunks(note):
            passage = chunk.passage
            heading = passage.heading_path[-1] if passage.heading_path else None
            found += [document_text(passage.title or passage.name, heading, window.text) for window in chunk.windows]
    chosen = random.Random(SEED).sample(found, k=min(count, len(found)))  # noqa: S311  # a sample, not a secret
    return sorted(chosen, key=len, reverse=True)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("notes", type=Path)
    parser.add_argument("--windows", type=int, default=512)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--json", type=Path, help="where the results are kept")
    options = parser.parse_args()
    texts = windows_of(options.notes, options.windows)
    encoders = {model: load_encoder(model) for model in MODELS}
    wall, cpu = ({model: [] for model in MODELS} for _ in range(2))
    for encoder in encoders.values():
        encoder.encode_document(texts[:32])  # loads what is loaded at first use
    for _ in range(options.rounds):
        for model, encoder in encoders.items():
            began, spent = time.perf_counter(), time.process_time()
            encoder.encode_document(texts)
            wall[model].append(round(len(texts) / (time.perf_counter() - began), 1))
            cpu[model].append(round(len(texts) / (time.process_time() - spent), 1))
    for model in MODELS:
        ratio = statistics.median(wall[model]) / statistics.median(wall["minilm"])
        print(
            f"{model:14} {statistics.median(wall[model]):8.1f} windows a second, {ratio:5.1f} times minilm; "
            f"{statistics.median(cpu[model]):8.1f} a CPU second"
        )
    if options.json:
        result = {
            "machine": platform.machine(),
            "cores": os.cpu_count(),
            "python": platform.python_version(),
            "versions": {name: version(name) for name in ("numpy", "onnxruntime", "torch", "sentence-transformers")},
            "windows": len(texts),
            "mean_words": round(statistics.mean(len(text.split()) for text in texts), 1),
            "median_windows_per_s": {model: statistics.median(wall[model]) for model in MODELS},
            "times_minilm": {
                model: round(statistics.median(wall[model]) / statistics.median(wall["minilm"]), 2) for model in MODELS
            },
            "windows_per_s": wall,
            "windows_per_cpu_s": cpu,
        }
        options.json.write_text(json.dumps(result, indent=2) + "\n")


if __name__ == "__main__":
    main()
