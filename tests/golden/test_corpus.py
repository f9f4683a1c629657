"""The notes shipped in corpus/: real papers, in our own words."""

import json
import re
from pathlib import Path

import pytest

CORPUS = Path(__file__).resolve().parents[2] / "corpus"
NOTES = sorted(path for path in CORPUS.rglob("*") if path.is_file())
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


def test_no_other_ids_than_those_of_real_papers_are_written_down(gold):
    known = {row["openreview"] or row["arxiv"] for row in gold} - {None}
    assert set().union(*(named(path.read_text(encoding="utf-8")) for path in NOTES)) == known


def test_a_key_stands_beside_its_own_link(gold):
    links = {row["key"]: row["url"] for row in gold if row["key"]}
    pairs = [pair for path in NOTES for pair in re.findall(r"\[(\w+\+*)\]\((\S+)\)", path.read_text(encoding="utf-8"))]
    assert {key for key, _ in pairs} == links.keys()
    assert [(key, url) for key, url in pairs if links[key] != url] == []


def test_the_papers_found_are_those_of_the_notes_that_corpus_follows(corpus, gold):
    meant = {(row["openreview"] or row["arxiv"] or row["title"], row["key"]) for row in gold}
    assert len(meant) == 225
    papers = [(paper.openreview or paper.arxiv or paper.title, paper.key) for paper in corpus.papers()]
    assert sorted(papers, key=str) == sorted(meant, key=str)


@pytest.mark.parametrize("path", NOTES, ids=lambda path: path.name)
def test_no_sentence_of_a_seed_is_carried_over(path, seeds, gold):
    titles = set().union(*(runs(row["title"] or "") for row in gold))
    theirs = set().union(*map(runs, seeds)) - titles
    assert sorted(" ".join(run) for run in runs(path.read_text(encoding="utf-8")) & theirs) == []
