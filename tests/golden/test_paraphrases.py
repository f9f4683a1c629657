"""Questions in other words than the notes': hybrid search must find the one paper that each was written for."""

import json
from collections import defaultdict
from pathlib import Path

import pytest

from retriever import Retriever, build
from retriever.words import fold, terms

QUESTIONS = [
    json.loads(line) for line in Path(__file__).with_name("paraphrases.jsonl").read_text(encoding="utf-8").splitlines()
]
MODES = ("lexical", "dense", "hybrid")


@pytest.fixture(scope="module")
def figures(others_notes, tmp_path_factory):
    """Return hit@3 and MRR of each mode over all questions, on an index of the seed notes."""
    index = tmp_path_factory.mktemp("index")
    build([others_notes / "seeds"], index)
    with Retriever.open(index) as retriever:
        ranks = {mode: [rank(retriever, question, mode) for question in QUESTIONS] for mode in MODES}
    measured = {
        mode: (sum(at <= 3 for at in found) / len(found), sum(1 / at for at in found) / len(found))
        for mode, found in ranks.items()
    }
    for mode, (hit, mrr) in measured.items():
        print(f"{mode:8} hit@3 {hit:.3f} MRR {mrr:.3f} over {len(QUESTIONS)} questions")
    return measured


def rank(retriever, question, mode):
    """Return the rank of the paper that the question was written for, infinite where it is not found."""
    wanted = fold(question["paper"])
    for hit in retriever.search(question["question"], limit=300, mode=mode).hits:
        if hit.paper and wanted in {fold(hit.paper.key or ""), fold(hit.paper.title or "")}:
            return hit.rank
    return float("inf")


def test_hybrid_finds_the_paper_among_the_first_three(figures):
    hit, mrr = figures["hybrid"]
    assert hit >= 0.85, figures
    assert mrr >= 0.78, figures


def test_hybrid_is_no_worse_than_words_or_vectors_alone(figures):
    assert figures["hybrid"][0] >= max(figures["lexical"][0], figures["dense"][0]), figures
    assert figures["hybrid"][1] >= max(figures["lexical"][1], figures["dense"][1]), figures


def test_questions_marked_so_share_no_word_with_what_the_notes_say_of_their_paper(others_notes):
    said = defaultdict(set)
    for line in (others_notes / "notes" / "gold_seeds.jsonl").read_text(encoding="utf-8").splitlines():
        item = json.loads(line)
        if item["kind"] == "item":
            note = (others_notes / "seeds" / item["file"]).read_text(encoding="utf-8").split("\n")
            lines = note[item["first_line"] - 1 : item["last_line"]]
            said[item["key"] or item["title"]].update(terms("\n".join(lines + item["heading_path"])))
    assert len(QUESTIONS) >= 75
    assert len({question["paper"] for question in QUESTIONS}) == len(QUESTIONS)
    assert {question["paper"] for question in QUESTIONS} <= said.keys()
    shared = {
        question["question"]: set(terms(question["question"])) & said[question["paper"]] for question in QUESTIONS
    }
    assert [
        question for question in QUESTIONS if question["no_shared_word"] == bool(shared[question["question"]])
    ] == []
    assert sum(question["no_shared_word"] for question in QUESTIONS) >= len(QUESTIONS) / 3
