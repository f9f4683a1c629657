"""What words, each model, and both together reach on test sets, with intervals, and paired differences from MiniLM.

    python tests/benchmarks/quality/measure.py paper-static minilm --sets FOLDER [--only NAME ...] [--notes FOLDER]

FOLDER holds sets in BEIR layout, one a folder, and --only names those to measure. --notes names the notes that
tests/golden/paraphrases.jsonl asks about. Each set has one JSON here, written anew after every model. Vectors, and the
figures of each question, are kept in --work: what the same code measured with the same weights is not measured again,
so that a run that broke off goes on where it was.

`bm25` is the BM25 of the lexical index alone; `lexical`, `dense` and `hybrid` are the product's modes. `fixed` sums the
min-max of cosine and BM25 over the best 100 papers of each, with the dense weight that is best on this very set: what a
fusion tuned to the set reaches, not what one could know beforehand. `ablation` holds fusions that were not taken
(variants.py).
"""

import argparse
import hashlib
import json
import re
import subprocess
from dataclasses import asdict, dataclass, replace
from pathlib import Path

import numpy as np
from variants import ABLATION, WEIGHTS, fixed, rankings

from retriever import build
from retriever.embedder import load_encoder
from retriever.evaluation.asking import DEPTH
from retriever.evaluation.beir import read_beir
from retriever.evaluation.indexes import INDEX, VECTORS, make_index, question_vectors
from retriever.evaluation.judged import JudgedSet, Question
from retriever.evaluation.metrics import METRICS, per_question
from retriever.evaluation.report import differences, figures, kept_in
from retriever.index import open_snapshot
from retriever.words import fold

HERE = Path(__file__).parent
ROOT = HERE.parents[2]
PARAPHRASES = ROOT / "tests/golden/paraphrases.jsonl"
PRESENT = ROOT / "tests/golden/present.jsonl"
ROOMS = ("words.py", "chunker", "index", "indexing", "query", "evaluation")  # beside the model, these decide figures
BASE = "minilm"
FIGURE = re.compile(r'\{\s+"value": ([^,]+),\s+"low": ([^,]+),\s+"high": (\S+)\s+\}')  # on one line it is read at once


@dataclass(frozen=True)
class Task:
    """A set to measure. The first metric is the one that weights are chosen by; answers are read down to `depth`."""

    judged: JudgedSet
    argument: str  # what names it on the command line
    metrics: tuple[str, ...] = METRICS
    depth: int = DEPTH
    notes: Path | None = None  # the index is made of these, not of passages of the set

    def make(self, encoder, index):
        """Bring the index up to date; return the questions, graded by the ids of papers."""
        if self.notes is None:
            make_index(self.judged, encoder, index)
            return self.judged.questions
        build([self.notes], index, encoder=encoder)
        with open_snapshot(index) as snapshot:
            papers = snapshot.catalog.all_papers()
        named = {fold(label): paper.id for paper in papers for label in (paper.key, paper.title) if label}
        return [replace(one, grades={named[fold(name)]: 1 for name in one.grades}) for one in self.judged.questions]

    def measure(self, encoder, place):
        """Return each metric of each question by variant, {variant: {metric: (questions,)}}."""
        questions = self.make(encoder, place / INDEX)
        vectors, _ = question_vectors(encoder, [question.text for question in questions], place / VECTORS)
        with open_snapshot(place / INDEX) as snapshot:
            found = rankings(snapshot, questions, vectors, self.depth)
        return {variant: per_question(questions, papers, self.metrics) for variant, papers in found.items()}


def tasks(options):
    """Yield what was asked for, the smallest first."""
    if options.notes:
        yield paraphrases(options.notes)
    found = sorted(options.sets.glob("*/corpus.jsonl"), key=lambda file: file.stat().st_size) if options.sets else []
    for file in found:
        if not options.only or file.parent.name in options.only:
            yield Task(read_beir(file.parent), f"--sets SETS --only {file.parent.name}")


def paraphrases(notes):
    return golden(PARAPHRASES, notes, "--notes NOTES")


def present():
    return golden(PRESENT, ROOT / "corpus", "")


def golden(file, notes, argument):
    """Return the questions of a golden file as a task on some notes."""
    questions = file.read_bytes()
    asked = [json.loads(line) for line in questions.decode().splitlines()]
    digest = hashlib.sha256(questions)
    for path in sorted(path for path in notes.rglob("*") if path.is_file()):
        digest.update(path.read_bytes())
    name = file.stem
    judged = JudgedSet(
        name=name,
        key=f"{name}-{digest.hexdigest()[:16]}",
        chunks=(),
        of_passage={},
        questions=tuple(Question(one["question"], {one["paper"]: 1}) for one in asked),  # papers by key or title
        documents=0,
        measures="",
    )
    return Task(judged, argument, ("mrr", "hit@3", "hit@10", *METRICS), depth=300, notes=notes)


def code_version():
    """Return a hash of all code that the figures depend on; models have their fingerprints."""
    digest = hashlib.sha256()
    places = [HERE / "measure.py", HERE / "variants.py", *(ROOT / "retriever" / room for room in ROOMS)]
    for file in (file for place in places for file in ([place] if place.is_file() else sorted(place.rglob("*.py")))):
        digest.update(file.read_bytes())
    return digest.hexdigest()[:16]


def commit():
    def git(*arguments):
        return subprocess.run(["git", *arguments], cwd=ROOT, capture_output=True, text=True, check=True).stdout.strip()

    changed = git("status", "--porcelain", "--", *(f"retriever/{room}" for room in ROOMS), f"{HERE}/*.py")
    return git("rev-parse", "--short=12", "HEAD") + (" and changes" if changed else "")


def kept(task, place, version):
    """Return the figures of each question that this code measured there before, or None."""
    try:
        with np.load(place / f"{task.judged.name}.npz", allow_pickle=False) as file:
            if str(file["made of"]) != made_of(task, version):
                return None
            values = {}
            for name in set(file.files) - {"made of"}:
                variant, metric = name.split("|")
                values.setdefault(variant, {})[metric] = file[name]
            return values
    except FileNotFoundError:
        return None


def keep(task, place, version, values):
    named = {f"{variant}|{metric}": each for variant, of in values.items() for metric, each in of.items()}
    np.savez(place / "fresh.npz", **{"made of": made_of(task, version)}, **named)
    (place / "fresh.npz").replace(place / f"{task.judged.name}.npz")


def made_of(task, version):
    """Return what figures depend on, but the passages and the model: those name the folder."""
    return f"{version} {hashlib.sha256(repr(task.judged.questions).encode()).hexdigest()}"


def told(values, metrics):
    """Return means with their intervals, as they are written."""
    means, bounds = figures({variant: {metric: of[metric] for metric in metrics} for variant, of in values.items()})
    return {
        variant: {
            metric: dict(zip(("value", "low", "high"), (mean, *bounds[variant][metric]), strict=True))
            for metric, mean in of.items()
        }
        for variant, of in means.items()
    }


def apart(pairs, metrics):
    """Return paired differences, {name: {metric: {value, low, high}}}, of the pairs of figures with these names."""
    ours, theirs = ({name: {m: pair[at][m] for m in metrics} for name, pair in pairs.items()} for at in (0, 1))
    return {name: {m: asdict(one) for m, one in of.items()} for name, of in differences(ours, theirs).items()}


def best_weight(values, metric):
    return max(WEIGHTS, key=lambda weight: float(values[fixed(weight)][metric].mean()))


def of_model(task, values):
    """Return what a model reached, alone and with words, and what its hybrid search is above its parts."""
    metric = task.metrics[0]
    weight = best_weight(values, metric)
    shown = {"dense": values["dense"], "hybrid": values["hybrid"], "fixed": values[fixed(weight)]}
    alone = {name: (values["hybrid"], values[name]) for name in ("bm25", "lexical", "dense")}
    return {
        **told(shown, task.metrics),
        "best fixed weight": weight,
        f"{metric} by fixed weight": {each: round(float(values[fixed(each)][metric].mean()), 4) for each in WEIGHTS},
        "ablation": {name: round(float(values[name][metric].mean()), 4) for name in ABLATION},
        "hybrid less": apart(alone, [metric]),
    }


def less_base(task, values, base):
    """Return differences from the base model: in our fusion, and in the fixed one that is best for the base."""
    weight = best_weight(base, task.metrics[0])
    pairs = {
        "dense": (values["dense"], base["dense"]),
        "hybrid": (values["hybrid"], base["hybrid"]),
        f"hybrid less fixed {weight}": (values["hybrid"], base[fixed(weight)]),
        f"fixed {weight}": (values[fixed(weight)], base[fixed(weight)]),
    }
    return apart(pairs, task.metrics)


def write(task, options, *, model, encoder, values, version):
    """Put a model's figures into a set's JSON, and the differences of all models there that this code measured."""
    file = options.json / f"{task.judged.name}.json"
    written = json.loads(file.read_text(encoding="utf-8")) if file.exists() else {}
    written |= {"set": task.judged.name, "made of": task.judged.key, "questions": len(task.judged.questions)}
    written |= {"documents": task.judged.documents} if task.notes is None else {}
    written |= told({name: values[name] for name in ("bm25", "lexical")}, task.metrics)
    models = written.setdefault("models", {})
    models[model] = {
        "command": f"python tests/benchmarks/quality/measure.py {model} {task.argument}",
        "commit": commit(),
        "code": version,
        "fingerprint": encoder.fingerprint,
        "dim": encoder.dim,
        **of_model(task, values),
    }
    folder = options.work / task.judged.key
    measured = {name: kept(task, folder / known["fingerprint"][:16], version) for name, known in models.items()}
    base = measured.pop(BASE, None)
    written.pop(f"less {BASE}", None)
    if base is not None:
        written[f"less {BASE}"] = {
            name: less_base(task, each, base) for name, each in measured.items() if each is not None
        }
    fresh = file.with_suffix(".new")
    text = FIGURE.sub(r'{"value": \1, "low": \2, "high": \3}', json.dumps(written, indent=1))
    fresh.write_text(text + "\n", encoding="utf-8")
    fresh.replace(file)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("models", nargs="+", help="names or folders of models")
    parser.add_argument("--sets", type=Path, help="the folder of test sets in BEIR layout")
    parser.add_argument("--only", nargs="+", default=[], help="names of the sets to measure, else all")
    parser.add_argument("--notes", type=Path, help="the notes that the paraphrases ask about")
    parser.add_argument("--work", type=Path, default=Path("~/.cache/retriever/eval").expanduser())
    parser.add_argument("--json", type=Path, default=HERE, help="the folder of the results")
    options = parser.parse_args()
    version = code_version()
    for task in tasks(options):
        for name in options.models:
            encoder = load_encoder(name)
            place = kept_in(options.work, task.judged, encoder)
            values = kept(task, place, version)
            if values is None:
                values = task.measure(encoder, place)
                keep(task, place, version, values)
            model = Path(name).name
            write(task, options, model=model, encoder=encoder, values=values, version=version)
            metric = task.metrics[0]
            means = ", ".join(
                f"{one} {values[one][metric].mean():.3f}" for one in ("bm25", "lexical", "dense", "hybrid")
            )
            print(f"{task.judged.name:16} {model:14} {metric}: {means}", flush=True)


if __name__ == "__main__":
    main()
