"""Ways to rank the papers of a question: the product's modes, BM25 alone, and the fusions that were not taken."""

import numpy as np

from retriever import words
from retriever.evaluation.asking import DEPTH, MODES, ask, paper_or_section
from retriever.query import fuse
from retriever.query.rank import rank
from retriever.query.retrieve import Question, retrieve, term_weights
from retriever.query.search import POOL_PER_PAPER, find
from retriever.records import Query

WEIGHTS = [at / 10 for at in range(11)]  # of the dense part


def ranks(values):
    return np.argsort(np.argsort(-values, kind="stable"), kind="stable") + 1.0


# Scores of the windows that the hybrid search would score.
ABLATION = {
    "words always trusted": lambda found: found.cosine + fuse.WORDS * fuse.lexical_part(found),
    "cosine + .1 cover": lambda found: found.cosine + 0.1 * found.cover,
    "cosine + .2 cover": lambda found: found.cosine + 0.2 * found.cover,
    "reciprocal ranks, 60": lambda found: 1 / (60 + ranks(found.cosine)) + 1 / (60 + ranks(found.bm25)),
}


def fixed(weight):
    """Return what a fixed sum with this dense weight is called."""
    return f"fixed {weight}"


def rankings(snapshot, questions, vectors, depth):
    """Return by variant the ids of the papers of each question, best first: the modes and BM25 down to `depth`."""
    found = {mode: ask(snapshot, questions, vectors, mode, depth=depth) for mode in MODES}
    found |= {name: [] for name in ("bm25", *ABLATION, *map(fixed, WEIGHTS))}
    for question in questions:
        bm25 = _by_bm25(snapshot, question.text, depth)
        found["bm25"].append(list(bm25))
        dense = find(snapshot, Query(question.text), limit=DEPTH, mode="dense", encode=vectors.__getitem__).ranked
        cosine = _min_max({paper_or_section(one): one.score for one in dense})
        lexical = _min_max(dict(list(bm25.items())[:DEPTH]))
        for weight in WEIGHTS:
            found[fixed(weight)].append(_summed(cosine, lexical, weight))
        asked = Query(question.text)
        candidates = find(snapshot, asked, limit=DEPTH, mode="hybrid", encode=vectors.__getitem__).candidates
        windows = snapshot.catalog.windows(candidates.rows.tolist())
        for name, score in ABLATION.items():
            entries = rank(windows, _scored(score(candidates)), DEPTH)
            found[name].append([paper_or_section(one) for one in entries])
    return found


def _by_bm25(snapshot, text, limit):
    """Return the best papers with the BM25 of their best window."""
    question = Question(term_weights(snapshot.lexical, words.terms(text)), None)
    found = retrieve(snapshot, question, lexical=True, pool=POOL_PER_PAPER * limit)
    entries = rank(snapshot.catalog.windows(found.rows.tolist()), _scored(found.bm25), limit)
    return {paper_or_section(one): one.score for one in entries}


def _scored(values):
    return fuse.Fused(np.asarray(values, dtype=np.float32), None)


def _min_max(scores):
    low, high = min(scores.values(), default=0.0), max(scores.values(), default=0.0)
    return {paper: (score - low) / (high - low) if high > low else 1.0 for paper, score in scores.items()}


def _summed(cosine, lexical, weight):
    """Return papers by weight times the first and the rest of the second; who is not on a list has 0 of it."""
    score = {paper: weight * cosine.get(paper, 0) + (1 - weight) * lexical.get(paper, 0) for paper in cosine | lexical}
    return sorted(score, key=lambda paper: (-score[paper], paper))[:DEPTH]
