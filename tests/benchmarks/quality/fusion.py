"""What each side of a search brings, and what fusing them brings: lexical, dense, hybrid, and fusions not taken.

    python tests/benchmarks/quality/fusion.py --sets FOLDER ... [--notes FOLDER] [--model NAME] [--json fusion.json]

A set in BEIR layout becomes an index of one window a document, told in nDCG@10. `--notes` names the notes that
tests/golden/paraphrases.jsonl asks about, told in hit@3 and MRR. Scores are those of the product, on the windows that
it would score; the fusions not taken are written here. Results of the last run are in fusion.json.
"""

import argparse
import json
import math
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from retriever import build, words
from retriever.embedder import document_text, load_encoder
from retriever.index import NoteEntry, Source, drafting, open_snapshot
from retriever.query import fuse
from retriever.query.rank import rank
from retriever.query.retrieve import Candidates, Question, retrieve, term_weights
from retriever.query.search import POOL
from retriever.records import Paper, Passage, Window
from retriever.words import fold

PARAPHRASES = Path(__file__).parents[2] / "golden" / "paraphrases.jsonl"


def min_max(values):
    low, high = values.min(initial=math.inf), values.max(initial=-math.inf)
    return (values - low) / (high - low) if high > low else np.zeros_like(values)


def ranks(values):
    return np.argsort(np.argsort(-values, kind="stable"), kind="stable") + 1.0


VARIANTS: dict[str, Callable[[Candidates], np.ndarray]] = {
    "BM25": lambda found: found.bm25,
    "lexical": fuse.lexical_part,
    "dense": lambda found: found.cosine,
    "hybrid": fuse.fuse,
    "cosine + .1 cover": lambda found: found.cosine + 0.1 * found.cover,
    "cosine + .2 cover": lambda found: found.cosine + 0.2 * found.cover,
    "min-max, .5 and .5": lambda found: 0.5 * min_max(found.cosine) + 0.5 * min_max(found.bm25),
    "reciprocal ranks, 60": lambda found: 1 / (60 + ranks(found.cosine)) + 1 / (60 + ranks(found.bm25)),
}


@dataclass(frozen=True)
class Asked:
    """A question of a set: its text, and how much each paper or document answers it."""

    text: str
    grades: dict[str, float]


def index_of_documents(folder, index, encoder):
    """Make an index with one note, one passage and one window a document; return paper ids by document."""
    ids = {}
    with drafting(index) as draft:
        for at, line in enumerate((folder / "corpus.jsonl").read_text(encoding="utf-8").splitlines()):
            document = json.loads(line)
            file, paper, title = f"{at:08d}", f"p{at:09d}", document["title"].strip() or None
            passage = Passage(id=file, kind="paper", file=file, first_line=1, last_line=1, title=title)
            window = Window(0, 1, 1, document["text"])
            entry = NoteEntry("documents", "/documents", file, 0, 0, "", None)
            draft.add_note(entry, [(passage, [(window, document_text(title, None, window.text))])])
            ids[document["_id"]] = paper
        papers = [Paper(id=paper, label=paper) for paper in ids.values()]
        draft.set_papers(papers, {f"{at:08d}": paper.id for at, paper in enumerate(papers)}, [], [])
        draft.set_topics([], {}, {})
        draft.finish_records()
        draft.embed(encoder.encode_document, encoder.fingerprint, encoder.dim)
        draft.index_words()
        draft.publish(chunker=1, model=encoder.model, folders=[Source("documents", "/documents")], counts={})
    return ids


def questions_of_documents(folder, ids):
    grades = {}
    for line in (folder / "qrels.tsv").read_text(encoding="utf-8").splitlines()[1:]:
        query, document, grade = line.split("\t")
        if float(grade) > 0:
            grades.setdefault(query, {})[ids[document]] = float(grade)
    queries = map(json.loads, (folder / "queries.jsonl").read_text(encoding="utf-8").splitlines())
    return [Asked(query["text"], grades[query["_id"]]) for query in queries if query["_id"] in grades]


def questions_of_notes(snapshot):
    named = {}
    for paper in snapshot.catalog.all_papers():
        named |= {fold(label): paper.id for label in (paper.key, paper.title) if label}
    asked = map(json.loads, PARAPHRASES.read_text(encoding="utf-8").splitlines())
    return [Asked(question["question"], {named[fold(question["paper"])]: 1.0}) for question in asked]


def candidates(snapshot, encoder, text):
    question = Question(term_weights(snapshot.lexical, words.terms(text)), encoder.encode_query([text])[0])
    found = retrieve(snapshot, question, lexical=True, pool=POOL)
    return found, snapshot.catalog.windows(found.rows.tolist())


def ranked_papers(score, found, windows, limit):
    return [entry.paper for entry in rank(windows, np.asarray(score(found)).tolist(), limit)]


def ndcg(ranked, grades):
    gains = [(2 ** grades.get(paper, 0) - 1) / math.log2(at + 1) for at, paper in enumerate(ranked[:10], 1)]
    best = [
        (2**grade - 1) / math.log2(at + 1) for at, grade in enumerate(sorted(grades.values(), reverse=True)[:10], 1)
    ]
    return sum(gains) / sum(best)


def place(ranked, grades):
    return next((at for at, paper in enumerate(ranked, 1) if paper in grades), math.inf)


def measure(snapshot, encoder, asked, told):
    retrieved = [(question, *candidates(snapshot, encoder, question.text)) for question in asked]
    figures = {}
    for name, score in VARIANTS.items():
        values = [
            told(ranked_papers(score, found, windows, 100), question.grades) for question, found, windows in retrieved
        ]
        figures[name] = values
    return figures


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--sets", nargs="*", type=Path, default=[], help="test sets in BEIR layout")
    parser.add_argument("--notes", type=Path, help="notes that the paraphrases ask about")
    parser.add_argument("--model", default="paper-static")
    parser.add_argument("--json", type=Path, help="where the results are kept")
    options = parser.parse_args()
    encoder = load_encoder(options.model)
    results = {"fingerprint": encoder.fingerprint, "ndcg@10": {}, "paraphrases": {}}
    with tempfile.TemporaryDirectory() as place_for_indexes:
        for folder in options.sets:
            index = Path(place_for_indexes) / folder.name
            ids = index_of_documents(folder, index, encoder)
            with open_snapshot(index) as snapshot:
                figures = measure(snapshot, encoder, questions_of_documents(folder, ids), ndcg)
            means = {name: round(float(np.mean(values)), 3) for name, values in figures.items()}
            results["ndcg@10"][folder.name] = means
            print(f"{folder.name}, nDCG@10: {means}", flush=True)
        if options.notes:
            index = Path(place_for_indexes) / "notes"
            build([options.notes], index, encoder=encoder)
            with open_snapshot(index) as snapshot:
                figures = measure(snapshot, encoder, questions_of_notes(snapshot), place)
            for name, places in figures.items():
                hits = float(np.mean([at <= 3 for at in places]))
                mrr = float(np.mean([1 / at for at in places]))
                results["paraphrases"][name] = {"hit@3": round(hits, 3), "mrr": round(mrr, 3)}
            print(f"paraphrases: {results['paraphrases']}", flush=True)
    if options.json:
        kept = json.loads(options.json.read_text(encoding="utf-8")) if options.json.exists() else {}
        known = kept.get(encoder.model, {})
        if known.get("fingerprint") == encoder.fingerprint:  # sets measured before stay
            results["ndcg@10"] = known["ndcg@10"] | results["ndcg@10"]
            results["paraphrases"] = results["paraphrases"] or known["paraphrases"]
        kept[encoder.model] = results
        options.json.write_text(json.dumps(kept, indent=2) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
