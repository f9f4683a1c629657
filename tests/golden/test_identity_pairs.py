"""Pairs of mentions that a person has judged: the same paper, different ones, or too little said to tell."""

import json
import random
from collections import defaultdict
from pathlib import Path

import pytest

from retriever.chunker import resolve
from retriever.chunker.verdict import judge
from retriever.records import Passage

PAIRS = [json.loads(line) for line in Path(__file__).with_name("identity_pairs.jsonl").read_text("utf-8").splitlines()]
MISSED = 0.03  # of the sure ones


def mention(id_, fields):
    said = {**fields, "authors": tuple(fields.get("authors", ()))}
    return Passage(id=id_, kind="paper", file="note.md", first_line=1, last_line=1, **said)


def mentions(pair):
    return mention("a", pair["one"]), mention("b", pair["two"])


def grouping(found):
    groups = defaultdict(set)
    for passage, paper in found.of_passage.items():
        groups[paper].add(passage)
    return {frozenset(group) for group in groups.values()}


def shown(pairs):
    return "\n".join(json.dumps(pair, ensure_ascii=False) for pair in pairs)


def test_the_table_is_large_and_holds_every_kind():
    labels = [pair["label"] for pair in PAIRS]
    assert len(PAIRS) >= 200
    assert all(labels.count(label) >= 40 for label in ("same", "different", "unsure"))


def test_no_two_papers_are_merged():
    wrong = [pair for pair in PAIRS if pair["label"] != "same" and len(resolve(mentions(pair)).papers) == 1]
    assert not wrong, shown(wrong)


def test_hardly_any_sure_pair_is_missed():
    sure = [pair for pair in PAIRS if pair["label"] == "same"]
    missed = [pair for pair in sure if len(resolve(mentions(pair)).papers) == 2]
    assert len(missed) <= MISSED * len(sure), shown(missed)


def test_what_is_unsure_is_offered_both_ways_and_what_is_different_is_not():
    for pair in PAIRS:
        found = resolve(mentions(pair))
        offered = {(paper, other) for paper, other, _ in found.perhaps}
        ids = [paper.id for paper in found.papers]
        if pair["label"] == "unsure":
            assert offered == {(ids[0], ids[1]), (ids[1], ids[0])}, shown([pair])
        elif pair["label"] == "different":
            assert not offered, shown([pair])


@pytest.mark.parametrize("pair", PAIRS[::5], ids=lambda pair: pair["why"])
def test_a_verdict_is_the_same_from_both_sides(pair):
    one, two = mentions(pair)
    assert judge(one, two) == judge(two, one)
    assert judge(one, two).reason


def test_the_order_of_the_mentions_changes_nothing():
    everything = [mention(f"{at:03d}{side}", pair[side]) for at, pair in enumerate(PAIRS) for side in ("one", "two")]
    expected = resolve(everything)
    dice = random.Random(4)  # noqa: S311  a shuffle that can be repeated, no secret
    for _ in range(5):
        dice.shuffle(everything)
        assert resolve(everything) == expected


def test_the_names_of_the_notes_decide_nothing():
    given = [pair[side] for pair in PAIRS for side in ("one", "two")]
    expected = None
    dice = random.Random(5)  # noqa: S311  see above
    for _ in range(5):
        names = [f"{at:03d}" for at in range(len(given))]
        dice.shuffle(names)
        place = {name: at for at, name in enumerate(names)}
        found = resolve(mention(name, fields) for name, fields in zip(names, given, strict=True))
        groups = {frozenset(place[name] for name in group) for group in grouping(found)}
        assert expected in (None, groups)
        expected = groups
