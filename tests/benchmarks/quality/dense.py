"""nDCG@10 of dense search alone, for any encoder and any folder in BEIR layout.

    python tests/benchmarks/quality/dense.py paper-static minilm --sets FOLDER FOLDER ... [--json dense.json]

Searches exactly, one vector a document: it judges the model, not the index. Results of the last run are in dense.json.
"""

import argparse
import json
import time
from importlib.metadata import version
from pathlib import Path

from retriever.embedder import load_encoder
from retriever.embedder.training.ndcg import ndcg_at_10


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("models", nargs="+", help="names or folders of models")
    parser.add_argument("--sets", nargs="+", type=Path, required=True, help="test sets in BEIR layout")
    parser.add_argument("--json", type=Path, help="where the results are kept")
    options = parser.parse_args()
    kept = json.loads(options.json.read_text()) if options.json and options.json.exists() else {}
    for model in options.models:
        encoder = load_encoder(model)
        measured = kept.setdefault(model, {})
        measured |= {"fingerprint": encoder.fingerprint, "dim": encoder.dim, "numpy": version("numpy")}
        for folder in options.sets:
            began = time.process_time()
            value = ndcg_at_10(encoder, folder)
            measured.setdefault("ndcg@10", {})[folder.name] = round(value, 4)
            print(
                f"{model:14} {folder.name:18} nDCG@10 {value:.3f}  {time.process_time() - began:6.1f} CPU s", flush=True
            )
            if options.json:
                options.json.write_text(json.dumps(kept, indent=2) + "\n")


if __name__ == "__main__":
    main()
