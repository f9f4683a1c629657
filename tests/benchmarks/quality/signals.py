"""What each signal of the ranking earns: every set answered with it and without it, and the paired difference.

    python tests/benchmarks/quality/signals.py paper-small paper-static --sets FOLDER [--only NAME ...] [--notes FOLDER]

FOLDER holds sets in BEIR layout; --notes names the notes that tests/golden/paraphrases.jsonl asks about, while
present.jsonl is asked of corpus/, always. A difference above 0 is what the signal earns in the set's first metric, with
its 95 % interval (10,000 resamples of questions). Candidates are those of the product; only their order is made anew.
Sections stand in the notes alone, and imported abstracts in none of the sets: that penalty is judgement.
"""

import argparse
import json
from contextlib import ExitStack
from pathlib import Path
from unittest.mock import patch

from measure import FIGURE, apart, commit, paraphrases, present, tasks, told

from retriever.embedder import load_encoder
from retriever.evaluation.asking import DEPTH, paper_or_section
from retriever.evaluation.indexes import INDEX, VECTORS, question_vectors
from retriever.evaluation.metrics import per_question
from retriever.evaluation.report import kept_in
from retriever.index import open_snapshot
from retriever.query import fuse
from retriever.query import rank as ranking
from retriever.query.search import find
from retriever.records import Query

# Each signal, and what takes it away.
SIGNALS = {
    "words": {(fuse, "WORDS"): 0.0},
    "meaning": {(fuse, "fuse"): lambda found: fuse.Fused(None, fuse.lexical_part(found))},
    "trust": {(fuse, "trust"): lambda _: 1.0},
    "trust: most of the query in one window": {(fuse, "COVER_FROM"): 1e9, (fuse, "COVER_FULL"): 1e10},
    "trust: rare words in one window": {(fuse, "RARE_FROM"): 1e9, (fuse, "RARE_FULL"): 1e10},
    "cover": {(fuse, "COVER"): 0.0},
    "BM25": {(fuse, "COVER"): 1.0},
    "shares of the best window": {(fuse, "of_the_best"): lambda measure: measure / max(measure.max(initial=0), 1)},
    "section penalty": {(ranking, "SECTION_PENALTY"): 0.0},
    "imported penalty": {(ranking, "IMPORTED_PENALTY"): 0.0},
}


def measured(task, encoder, place):
    """Return the figures of each question with all signals, and without each: {"all" or signal: {metric: (n,)}}."""
    questions = task.make(encoder, place / INDEX)
    vectors, _ = question_vectors(encoder, [question.text for question in questions], place / VECTORS)
    found = {name: [] for name in ("all", *SIGNALS)}
    with open_snapshot(place / INDEX) as snapshot:
        for question in questions:
            asked = Query(question.text)
            candidates = find(snapshot, asked, limit=DEPTH, mode="hybrid", encode=vectors.__getitem__).candidates
            windows = snapshot.catalog.windows(candidates.rows.tolist())
            for name, answers in found.items():
                with ExitStack() as without:
                    for (module, attribute), value in SIGNALS.get(name, {}).items():
                        without.enter_context(patch.object(module, attribute, value))
                    entries = ranking.rank(windows, fuse.fuse(candidates), DEPTH)
                answers.append([paper_or_section(one) for one in entries])
    return {name: per_question(questions, papers, task.metrics[:1]) for name, papers in found.items()}


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("models", nargs="+", help="names or folders of models")
    parser.add_argument("--sets", type=Path, help="the folder of test sets in BEIR layout")
    parser.add_argument("--only", nargs="+", default=[], help="names of the sets to measure, else all")
    parser.add_argument("--notes", type=Path, help="the notes that the paraphrases ask about")
    parser.add_argument("--work", type=Path, default=Path("~/.cache/retriever/eval").expanduser())
    parser.add_argument("--out", type=Path, default=Path(__file__).with_suffix(".json"))
    options = parser.parse_args()
    asked = [present(), *([paraphrases(options.notes)] if options.notes else [])]
    options.notes = None
    for task in (*asked, *tasks(options)):
        for model in options.models:
            encoder = load_encoder(model)
            values = measured(task, encoder, kept_in(options.work, task.judged, encoder))
            metric = task.metrics[0]
            earned = apart({name: (values["all"], values[name]) for name in SIGNALS}, [metric])
            written = json.loads(options.out.read_text("utf-8")) if options.out.exists() else {}
            written.setdefault(task.judged.name, {})[Path(model).name] = {
                "commit": commit(),
                "fingerprint": encoder.fingerprint,
                "questions": len(task.judged.questions),
                metric: told({"all": values["all"]}, [metric])["all"][metric],
                "earned by": {name: one[metric] for name, one in earned.items()},
            }
            text = FIGURE.sub(r'{"value": \1, "low": \2, "high": \3}', json.dumps(written, indent=1))
            options.out.write_text(text + "\n", "utf-8")
            shown = ", ".join(f"{name} {one[metric]['value']:+.3f}" for name, one in earned.items())
            print(f"{task.judged.name:16} {model:14} {metric} {values['all'][metric].mean():.3f}; {shown}", flush=True)


if __name__ == "__main__":
    main()
