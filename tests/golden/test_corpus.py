"""The notes shipped in corpus/: real papers, in our own words."""

import json
import re
from pathlib import Path

import pytest

CORPUS = Path(__file__).resolve().parents[2] / "corpus"
NOTES = sorted(path for path in CORPUS.iterdir() if path.suffix in {".md", ".txt"})
RUN = 8  # words in a row that no sentence of ours may share with a seed


@pytest.fixture(scope="module")
def seeds(others_notes):
    return [path.read_text(encoding="utf-8") for path in sorted((others_notes / "seeds").glob("*.txt"))]


@pytest.fixture(scope="module")
def gold(others_notes):
    lines = (others_notes / "notes" / "gold_seeds.jsonl").read_text(encoding="utf-8").splitlines()
    return [row for row in map(json.loads, lines) if row["kind"] == "item"]


def runs(text):
    """Return every run of words in a note, case folded; links and citation keys are left out."""
    text = re.sub(r"\]\([^)\s]*\)|https?://\S+|\b[A-Z]\w+20\d\d[A-Za-z]+\b", " ", text)
    words = re.findall(r"[^\W_]+", text.casefold())
    return {tuple(words[at : at + RUN]) for at in range(len(words) - RUN + 1)}


def named(text):
    """Return the OpenReview and arXiv ids in a text."""
    return set(re.findall(r"(?:openreview\.net/forum\?id=|arXiv:|arxiv\.org/abs/)([\w-]+(?:\.\d+)?)", text))


def test_at_least_ninety_papers_stand_under_their_real_ids(gold):
    known = {row["openreview"] or row["arxiv"] for row in gold} - {None}
    found = set().union(*(named(path.read_text(encoding="utf-8")) for path in NOTES))
    assert found <= known
    assert len(found) >= 90


def test_a_key_in_the_outline_stands_beside_its_own_link(gold):
    links = {row["key"]: row["url"] for row in gold if row["key"]}
    pairs = re.findall(r"\[(\S+)\]\((\S+)\)", (CORPUS / "iclr-2025.md").read_text(encoding="utf-8"))
    assert len(pairs) >= 90
    assert [(key, url) for key, url in pairs if links.get(key) != url] == []


@pytest.mark.parametrize("path", NOTES, ids=lambda path: path.name)
def test_no_sentence_of_a_seed_is_carried_over(path, seeds, gold):
    titles = set().union(*(runs(row["title"] or "") for row in gold))
    theirs = set().union(*map(runs, seeds)) - titles
    assert sorted(" ".join(run) for run in runs(path.read_text(encoding="utf-8")) & theirs) == []
