"""Small notes of our own, with the passages that a person finds in them."""

import json
from pathlib import Path

import pytest

from retriever.chunker import chunks, split
from retriever.notes import read_note

FIXTURES = Path(__file__).resolve().parents[1] / "fixtures"
NOTES = sorted(note for note in FIXTURES.iterdir() if note.with_suffix(".json").is_file() and note.suffix != ".json")


def read(note):
    return read_note(note.read_bytes(), folder="fixtures", file=note.name)


def expected(note):
    gold = json.loads(note.with_suffix(".json").read_text("utf-8"))
    return gold["passages"] if isinstance(gold, dict) else gold


@pytest.mark.parametrize("note", NOTES, ids=lambda note: note.name)
def test_the_papers_of_a_note_are_those_that_a_person_finds(note):
    found = [passage for passage in split(read(note)) if passage.kind == "paper"]
    gold = expected(note)
    assert len(found) == len(gold)
    for passage, wanted in zip(found, gold, strict=True):
        texts = wanted.pop("text_has", [])
        got = {name: list(value) if isinstance(value := getattr(passage, name), tuple) else value for name in wanted}
        assert got == wanted
        assert all(text in passage.text for text in texts)


def test_a_long_note_about_one_paper_is_one_passage_and_some_thirty_windows():
    note = read(FIXTURES / "one-paper-long.md")
    (one,) = chunks(note)
    assert 25 <= len(one.windows) <= 45
    (late,) = [window for window in one.windows if "A reader with nothing but graph paper" in window.text]
    assert "A reader with nothing but graph paper" in "\n".join(note.lines[late.first_line - 1 : late.last_line])
    assert late.first_line > 0.9 * len(note.lines)
