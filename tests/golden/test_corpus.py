"""The notes shipped in corpus/: real papers, in our own words."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
CORPUS = sorted(path for path in (ROOT / "corpus").iterdir() if path.suffix in {".md", ".txt"})
SEEDS = sorted((ROOT.parent / "shared" / "seeds").glob("*.txt"))
GOLD = ROOT.parent / "shared" / "notes" / "gold_seeds.jsonl"
RUN = 8  # words in a row that no sentence of ours may share with a seed

needs_seeds = pytest.mark.skipif(not (SEEDS and GOLD.is_file()), reason="the seed notes are not at hand")


def gold() -> list[dict[str, str | None]]:
    rows = [json.loads(line) for line in GOLD.read_text(encoding="utf-8").splitlines()]
    return [row for row in rows if row["kind"] == "item"]


def words(text: str) -> list[str]:
    """Return the words of a note in order, case folded; links and citation keys are left out."""
    text = re.sub(r"\]\([^)\s]*\)|https?://\S+|\b[A-Z]\w+20\d\d[A-Za-z]+\b", " ", text)
    return re.findall(r"[^\W_]+", text.casefold())


def runs(text: str) -> Iterator[tuple[str, ...]]:
    spoken = words(text)
    return (tuple(spoken[at : at + RUN]) for at in range(len(spoken) - RUN + 1))


def named(text: str) -> set[str]:
    """Return the OpenReview and arXiv ids in a text."""
    return set(re.findall(r"(?:openreview\.net/forum\?id=|arXiv:|arxiv\.org/abs/)([\w-]+(?:\.\d+)?)", text))


@needs_seeds
def test_at_least_ninety_papers_stand_under_the_ids_that_the_seeds_give_them() -> None:
    known = {row["openreview"] or row["arxiv"] for row in gold()} - {None}
    found = set().union(*(named(path.read_text(encoding="utf-8")) for path in CORPUS))
    assert not found - known
    assert len(found) >= 90


@needs_seeds
def test_a_key_in_the_outline_stands_beside_its_own_link() -> None:
    links = {row["key"]: row["url"] for row in gold() if row["key"]}
    outline = (ROOT / "corpus" / "iclr-2025.md").read_text(encoding="utf-8")
    pairs = re.findall(r"\[([^\]]+)\]\((https://openreview[^)]+)\)", outline)
    assert pairs
    assert [(key, url) for key, url in pairs if links.get(key) != url] == []


@needs_seeds
@pytest.mark.parametrize("path", CORPUS, ids=lambda path: path.name)
def test_no_sentence_of_a_seed_is_carried_over(path: Path) -> None:
    theirs = {run for seed in SEEDS for run in runs(seed.read_text(encoding="utf-8", errors="replace"))}
    titles = {run for row in gold() for run in runs(row["title"] or "")}
    assert [" ".join(run) for run in runs(path.read_text(encoding="utf-8")) if run in theirs - titles] == []
