import json

import pytest
from toy import OUTLINE

from retriever import Retriever
from retriever.errors import PaperNotFoundError


def test_papers_are_exported_by_handle_by_answer_or_all(toy_index):
    with Retriever.open(toy_index) as retriever:
        every = retriever.export(format="jsonl")
        assert every.papers == len(retriever.papers())
        some = retriever.export(["TianzhuYe2025ICLR", "KAN", "OvoCm1gGhN"], format="jsonl")
        assert [json.loads(line)["key"] for line in some.text.splitlines()] == [
            "TianzhuYe2025ICLR",
            "ZimingLiu2025ICLR",
        ]
        found = retriever.search("attention", mode="lexical", limit=3)
        listed = [json.loads(line)["id"] for line in retriever.export(found, format="jsonl").text.splitlines()]
        assert listed == [hit.paper.id for hit in found.hits if hit.paper]
        assert retriever.export([]).papers == 0
        with pytest.raises(PaperNotFoundError):
            retriever.export(["nobody2025"])


def test_quotes_are_the_note_takers_words_with_the_nearest_heading(toy_index):
    first, again = (at for at, line in enumerate(OUTLINE.splitlines(), 1) if "Differential Transformer" in line)
    with Retriever.open(toy_index) as retriever:
        line = retriever.export(["TianzhuYe2025ICLR"], format="jsonl").text
        assert json.loads(line)["quotes"] == [
            {
                "file": "outline.md",
                "first_line": first,
                "heading": "Attention",
                "text": "takes one softmax map away from another, so that the noise of attention cancels",
            },
            {
                "file": "outline.md",
                "first_line": again,
                "heading": "Vision",
                "text": "again: the same noise, from the side of signals",
            },
        ]
        restarts = retriever.export(["2508.01234"], format="jsonl").text
        assert json.loads(restarts)["quotes"][0]["heading"] == "Warm restarts return"
