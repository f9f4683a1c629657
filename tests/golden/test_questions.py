"""Questions that corpus/ answers, each with its paper, and questions that no note of it answers.

They were written by hand from the notes, without a look at any ranking. `present.jsonl` mixes the styles that people
type: keywords, short names, half-remembered titles, whole questions. In `absent.jsonl`, `far` questions come from all
walks of life, and `near` ones from machine learning and computer science; that no note treats them was checked by
searching all notes for their words and by reading.
"""

import json
from collections import Counter
from pathlib import Path

from retriever.words import fold

HERE = Path(__file__).resolve().parent


def rows(name):
    return [json.loads(line) for line in (HERE / name).read_text(encoding="utf-8").splitlines()]


def test_every_present_question_names_a_paper_of_the_corpus(corpus):
    present = rows("present.jsonl")
    assert len(present) >= 100
    assert {row["paper"] for row in present} <= {paper.key or paper.title for paper in corpus.papers()}


def test_absent_questions_are_half_far_and_half_near():
    assert Counter(row["kind"] for row in rows("absent.jsonl")) == {"far": 100, "near": 100}


def test_no_question_is_asked_twice():
    asked = [
        fold(row["question"]) for name in ("present.jsonl", "absent.jsonl", "paraphrases.jsonl") for row in rows(name)
    ]
    assert len(asked) == len(set(asked))
