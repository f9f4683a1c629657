"""Measures of ranked answers, and how sure they are: against examples by hand and formulas written apart."""

import math
import sys

import numpy as np
import pytest

from retriever.errors import ExtraMissingError
from retriever.evaluation.intervals import intervals
from retriever.evaluation.judged import Question
from retriever.evaluation.metrics import METRICS, per_question, require_library
from retriever.evaluation.report import differences, figures


def formulas(grades, ranked):
    """Return the five metrics of one question as their definitions say."""
    gain = [grades.get(paper, 0) / math.log2(rank + 1) for rank, paper in enumerate(ranked[:10], 1)]
    best = sorted(grades.values(), reverse=True)[:10]
    ideal = sum(grade / math.log2(rank + 1) for rank, grade in enumerate(best, 1))
    found = {depth: sum(paper in grades for paper in ranked[:depth]) / len(grades) for depth in (5, 10, 100)}
    first = next((rank for rank, paper in enumerate(ranked[:10], 1) if paper in grades), math.inf)
    return {
        "ndcg@10": sum(gain) / ideal,
        **{f"recall@{depth}": share for depth, share in found.items()},
        "mrr@10": 1 / first,
    }


def test_a_small_example_by_hand():
    questions = [Question("one", {"a": 2, "b": 1}), Question("two", {"c": 1}), Question("three", {"d": 1})]
    values = per_question(questions, [["b", "x", "a"], ["x", "y"], []])
    reached, ideal = 1 + 2 / math.log2(4), 2 + 1 / math.log2(3)
    assert values["ndcg@10"] == pytest.approx([reached / ideal, 0, 0])
    assert values["mrr@10"].tolist() == [1, 0, 0]
    assert values["recall@5"].tolist() == [1, 0, 0]


def test_metrics_are_what_their_formulas_say_of_random_answers():
    random = np.random.default_rng(7)
    questions, found = [], []
    for _ in range(40):
        papers = [f"p{at}" for at in range(200)]
        answers = random.choice(papers, size=random.integers(1, 15), replace=False)
        questions.append(Question("?", {paper: int(random.integers(1, 4)) for paper in answers}))
        found.append(random.permutation(papers)[: random.integers(0, 101)].tolist())
    values = per_question(questions, found)
    assert tuple(values) == METRICS
    for at, (question, ranked) in enumerate(zip(questions, found, strict=True)):
        wanted = formulas(question.grades, ranked)
        assert {metric: each[at] for metric, each in values.items()} == pytest.approx(wanted)


def test_other_depths_and_hits_are_told_too():
    values = per_question([Question("?", {"a": 1})], [["x", "y", "a"]], ("hit@2", "hit@3", "mrr", "mrr@2"))
    assert {metric: each[0] for metric, each in values.items()} == pytest.approx(
        {"hit@2": 0, "hit@3": 1, "mrr": 1 / 3, "mrr@2": 0}
    )


def test_the_order_of_an_answer_counts_also_where_ids_would_sort_otherwise():
    assert per_question([Question("?", {"a": 1})], [["z", "a"]])["mrr@10"][0] == pytest.approx(0.5)
    assert per_question([Question("?", {"z": 1})], [["a", "z"]])["mrr@10"][0] == pytest.approx(0.5)


def test_a_missing_library_is_named_with_its_extra(monkeypatch):
    monkeypatch.setitem(sys.modules, "ir_measures", None)
    with pytest.raises(ExtraMissingError, match=r"pip install 'paper-retriever\[eval\]'") as caught:
        require_library()
    assert (caught.value.extra, caught.value.exit_code) == ("eval", 6)


def test_an_interval_of_equal_values_is_a_point():
    low, high = intervals(np.full((30, 2), 0.25))
    assert low == pytest.approx([0.25, 0.25])
    assert high == pytest.approx([0.25, 0.25])


def test_an_interval_of_one_question_is_that_question():
    low, high = intervals(np.array([[0.7]]))
    assert [*low, *high] == pytest.approx([0.7, 0.7])


def test_no_question_has_no_interval():
    with pytest.raises(ValueError, match="no question"):
        intervals(np.zeros((0, 3)))


def test_an_interval_is_about_two_standard_errors_to_each_side():
    values = np.random.default_rng(3).normal(0.5, 0.2, size=(400, 1))
    low, high = intervals(values)
    error = values.std() / math.sqrt(len(values))
    assert low[0] == pytest.approx(values.mean() - 1.96 * error, abs=0.15 * error)
    assert high[0] == pytest.approx(values.mean() + 1.96 * error, abs=0.15 * error)


def test_intervals_repeat_exactly():
    values = np.random.default_rng(3).random((50, 4))
    assert np.array_equal(intervals(values), intervals(values))


def test_a_small_constant_gain_is_sure_however_much_the_questions_differ():
    base = np.random.default_rng(5).random(60) * 0.8
    ours, theirs = {"dense": {"ndcg@10": base + 0.1}}, {"dense": {"ndcg@10": base}, "other": {}}
    found = differences(ours, theirs)
    assert list(found) == ["dense"]
    one = found["dense"]["ndcg@10"]
    assert (one.value, one.low, one.high) == pytest.approx((0.1, 0.1, 0.1))
    _, bounds = figures(ours)
    assert bounds["dense"]["ndcg@10"][1] - bounds["dense"]["ndcg@10"][0] > 0.05


def test_a_difference_has_the_interval_of_the_differences():
    random = np.random.default_rng(9)
    ours, theirs = random.random(80), random.random(80)
    one = differences({"dense": {"mrr@10": ours}}, {"dense": {"mrr@10": theirs}})["dense"]["mrr@10"]
    low, high = intervals((ours - theirs)[:, np.newaxis])
    assert one.value == pytest.approx((ours - theirs).mean(), abs=1e-4)
    assert (one.low, one.high) == pytest.approx((low[0], high[0]), abs=1e-4)


def test_means_stand_within_their_intervals_and_no_zero_has_a_minus():
    values = np.array([0.0, -1e-9, 0.0])
    means, bounds = figures({"dense": {"a": values, "b": np.array([0.0, 0.5, 1.0])}})
    assert str(means["dense"]["a"]) == "0.0"
    assert bounds["dense"]["b"][0] <= means["dense"]["b"] <= bounds["dense"]["b"][1]
