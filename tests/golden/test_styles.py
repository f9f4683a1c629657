"""Notes of our own in the styles in which people keep them, each with the papers that a colleague would find in it.

`styles.json` holds the answers by file: the lines of each paper, and what the note says of it. They were written
before the chunker saw the notes. KNOWN lists what it does not find as wanted, so that a gain shows as well as a loss.
"""

import json
from pathlib import Path

import pytest

from retriever.chunker import split
from retriever.notes import read_note

STYLES = Path(__file__).with_name("styles")
EXPECTED = json.loads(Path(__file__).with_name("styles.json").read_text("utf-8"))
KNOWN = {
    ("arxiv-digest.txt", 0): "the number stands in the head of the mail, a blank line above the title",
    ("arxiv-digest.txt", 1): "the number stands a blank line above the title",
}


def papers(name):
    note = read_note((STYLES / name).read_bytes(), folder="styles", file=name)
    return [passage for passage in split(note) if passage.kind == "paper"]


def test_each_note_has_its_answers():
    assert sorted(path.name for path in STYLES.iterdir()) == sorted(EXPECTED)


@pytest.mark.parametrize("name", sorted(EXPECTED))
def test_as_many_papers_are_found_as_a_colleague_finds(name):
    assert len(papers(name)) == len(EXPECTED[name])


@pytest.mark.parametrize(("name", "at"), [(name, at) for name in sorted(EXPECTED) for at in range(len(EXPECTED[name]))])
def test_each_paper_is_found_in_its_lines_with_what_the_note_says_of_it(name, at, request):
    if reason := KNOWN.get((name, at)):
        request.applymarker(pytest.mark.xfail(reason=reason, strict=True))
    wanted, found = EXPECTED[name][at], papers(name)[at]
    assert {field: getattr(found, field) for field in wanted} == wanted
