"""On the seeds, every paper is found first by whatever names it, and a paper listed twice is one paper."""

import json
from collections import defaultdict

import pytest

from retriever import Retriever, build
from retriever.chunker.identifiers import normal_title


@pytest.fixture(scope="module")
def gold(others_notes):
    lines = (others_notes / "notes" / "gold_seeds.jsonl").read_text("utf-8").splitlines()
    return [record for record in map(json.loads, lines) if record["kind"] == "item"]


@pytest.fixture(scope="module")
def seeds(others_notes, tmp_path_factory):
    index = tmp_path_factory.mktemp("seeds") / "index"
    report = build([others_notes / "seeds"], index)
    assert (report.papers, report.papers_in_many_places) == (225, 5)
    with Retriever.open(index) as retriever:
        yield retriever


def is_meant(paper, record):
    same_title = normal_title(paper.title or "") == normal_title(record["title"] or "") != ""
    same_id = any(record[kind] and getattr(paper, kind) == record[kind] for kind in ("openreview", "arxiv"))
    return same_id or (same_title and not record["arxiv"]) or (paper.key is not None and paper.key == record["key"])


def first(retriever, query):
    return retriever.search(query, limit=1).hits[0].paper


def test_each_paper_is_first_by_its_key_or_title(seeds, gold):
    assert [
        record["key_or_title"] for record in gold if not is_meant(first(seeds, record["key_or_title"]), record)
    ] == []


def test_each_paper_is_first_by_its_id_and_by_its_link(seeds, gold):
    missed = []
    for record in gold:
        named = [record["openreview"], record["arxiv"], record["url"]]
        named += [f"https://arxiv.org/abs/{record['arxiv']}v2" if record["arxiv"] else None]
        missed += [name for name in named if name and not is_meant(first(seeds, name), record)]
    assert missed == []


def test_each_paper_with_a_short_name_is_first_by_it(seeds, gold):
    places = defaultdict(set)
    for record in gold:
        if record["name"] and record["key"]:
            places[record["name"]].add(record["key"])
    named = [record for record in gold if record["name"] and record["key"] and len(places[record["name"]]) == 1]
    assert len(named) > 30
    assert [record["name"] for record in named if not is_meant(first(seeds, record["name"]), record)] == []


def test_both_mentions_of_a_paper_listed_twice_hang_on_one_paper(seeds, gold):
    places = defaultdict(set)
    for record in gold:
        if record["key"]:
            places[record["key"]].add((record["file"], record["first_line"]))
    twice = {key: lines for key, lines in places.items() if len(lines) > 1}
    assert len(twice) == 5
    for key, lines in twice.items():
        found = seeds.dossier(key)
        assert {(passage.file, passage.first_line) for passage in found.passages} == lines
        assert {evidence.kind for evidence in found.evidence} == {"openreview"}
