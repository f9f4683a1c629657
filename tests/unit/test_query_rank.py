from dataclasses import dataclass

import numpy as np
import pytest

from retriever.query.fuse import Fused
from retriever.query.rank import IMPORTED_PENALTY, NAMED, PASSAGES_SHOWN, SECTION_PENALTY, rank


@dataclass
class Row:
    row: int
    passage: str
    paper: str | None
    imported: bool = False


def by_meaning(scores):
    return Fused(np.array(scores, dtype=np.float32), None)


def ranked(*found, limit=10, first=()):
    """Rank windows given as (paper, passage, score)."""
    rows = [Row(at, passage, paper) for at, (paper, passage, _) in enumerate(found)]
    return rank(rows, by_meaning([score for *_, score in found]), limit, first=first)


def test_a_paper_stands_once_with_the_score_of_its_best_window():
    found = ranked(("p", "a", 0.2), ("q", "b", 0.5), ("p", "c", 0.9))
    assert [(entry.paper, entry.score) for entry in found] == [("p", pytest.approx(0.9)), ("q", 0.5)]


def test_each_passage_shows_its_best_window_and_no_more_than_a_few_passages_are_shown():
    found = ranked(*(("p", name, score) for name, score in zip("aabcd", (0.1, 0.9, 0.8, 0.7, 0.6), strict=True)))
    assert [(window.passage, window.row) for window in found[0].windows] == [("a", 1), ("b", 2), ("c", 3)]
    assert len(found[0].windows) == PASSAGES_SHOWN


def test_ties_go_to_the_lower_id_and_within_a_paper_to_the_lower_row():
    found = ranked(("q", "b", 0.5), ("p", "a", 0.5), ("p", "c", 0.5))
    assert [entry.paper for entry in found] == ["p", "q"]
    assert [window.row for window in found[0].windows] == [1, 2]


def test_a_section_must_beat_a_paper_by_more_than_the_penalty():
    found = ranked((None, "s", 0.5 + SECTION_PENALTY / 2), ("p", "a", 0.5), (None, "t", 0.5 + 2 * SECTION_PENALTY))
    assert [entry.paper for entry in found] == [None, "p", None]
    assert [entry.windows[0].passage for entry in found] == ["t", "a", "s"]
    assert found[0].score == pytest.approx(0.5 + SECTION_PENALTY)


def test_named_papers_come_first_whatever_they_score():
    found = ranked(("p", "a", 0.9), ("q", "b", -1.0), first=("q",))
    assert [entry.paper for entry in found] == ["q", "p"]
    assert found[0].added == (("meaning", -1.0), ("named", NAMED))


def test_each_side_and_each_penalty_adds_its_part():
    fused = Fused(np.array([0.5, 0.25], dtype=np.float32), np.array([0.125, 0.0], dtype=np.float32))
    section, paper = rank([Row(0, "s", None, imported=True), Row(1, "a", "p")], fused, 2)
    assert section.added == (
        ("meaning", 0.5), ("words", 0.125), ("section", -SECTION_PENALTY), ("imported", -IMPORTED_PENALTY)
    )  # fmt: skip
    assert paper.added == (("meaning", 0.25), ("words", 0.0))
    assert (section.unit, paper.unit) == ("s", "p")


def test_no_more_than_the_limit_is_returned():
    assert len(ranked(*((f"p{at}", "a", 0.1) for at in range(5)), limit=3)) == 3
    assert ranked() == []


def test_an_imported_abstract_stands_below_own_words_that_score_a_little_less():
    rows = [Row(0, "a", "p", imported=True), Row(1, "b", "q"), Row(2, "c", "r", imported=True)]
    scores = [0.5 + IMPORTED_PENALTY / 2, 0.5, 0.5 + 2 * IMPORTED_PENALTY]
    assert [entry.paper for entry in rank(rows, by_meaning(scores), 10)] == ["r", "q", "p"]
