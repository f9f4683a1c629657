"""Names and keys of papers in corpus/ with one slip of the keyboard each.

A script with a fixed seed took every short name of five letters or more that the notes had then, and drew keys of other
papers to make it 80. In each it swapped two neighbouring letters, dropped one, doubled one, or put the next letter of
the keyboard in its place; never the first letter, nor the year and venue of a key.
"""

import json
from collections import Counter
from pathlib import Path

import pytest

LINES = Path(__file__).with_name("typos.jsonl").read_text(encoding="utf-8").splitlines()
TYPOS = [json.loads(line) for line in LINES]


@pytest.fixture(scope="module")
def papers(corpus):
    """Return the papers of corpus/ by key, or by title where they have none."""
    return {paper.key or paper.title: paper for paper in corpus.papers()}


def slip(typed, meant):
    """Return which one edit leads from the word that was meant to the one typed, None where no single one does."""
    at = 0
    while at < min(len(typed), len(meant)) and typed[at] == meant[at]:
        at += 1
    if typed[at + 1 :] == meant[at:]:
        return "double" if typed[at] == typed[at - 1] else None
    if typed[at:] == meant[at + 1 :]:
        return "drop"
    if typed[at + 2 :] == meant[at + 2 :] and typed[at : at + 2] == meant[at : at + 2][::-1]:
        return "swap"
    return "replace" if typed[at + 1 :] == meant[at + 1 :] else None


def test_every_query_is_one_slip_away_from_the_name_or_key_of_its_paper(papers):
    kinds = []
    for typo in TYPOS:
        paper = papers[typo["paper"]]
        (kind,) = {slip(typo["query"], word) for word in (paper.name, paper.key) if word} - {None}
        kinds.append(kind)
    assert len(TYPOS) == len({typo["paper"] for typo in TYPOS}) == 80
    assert min(Counter(kinds).get(kind, 0) for kind in ("swap", "drop", "double", "replace")) >= 10


def test_no_query_is_the_name_or_key_of_any_paper(papers):
    words = {word for paper in papers.values() for word in (paper.name, paper.key)}
    assert [typo for typo in TYPOS if typo["query"] in words] == []
