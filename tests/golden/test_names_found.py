"""Names and keys in corpus/ as a reader types them: right, and with one slip of the keyboard."""

import json
from pathlib import Path

TYPOS = [json.loads(line) for line in Path(__file__).with_name("typos.jsonl").read_text("utf-8").splitlines()]


def papers(retriever, query, limit):
    return [hit.paper.id for hit in retriever.search(query, limit=limit).hits if hit.paper]


def test_every_id_key_name_and_title_finds_its_paper_first(corpus):
    for paper in corpus.papers():
        for handle in filter(None, (paper.id, paper.key, paper.name, paper.title, paper.arxiv, paper.openreview)):
            assert papers(corpus, handle, 1) == [paper.id], handle


def test_a_slip_of_the_keyboard_is_forgiven_in_nineteen_of_twenty(corpus):
    meant = {paper.key or paper.title: paper.id for paper in corpus.papers()}
    found = [meant[typo["paper"]] in papers(corpus, typo["query"], 3) for typo in TYPOS]
    assert sum(found) >= 0.95 * len(TYPOS)
