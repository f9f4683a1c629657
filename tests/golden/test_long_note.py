"""A long note about one paper is one hit, and the hit shows the very lines that answer."""

import random

import pytest
from toy import ARTICLE, OUTLINE, write_notes

from retriever import Retriever, build

ANSWER = "Frozen embeddings drift when the warm-up is shorter than one pass over the rarest tokens."


@pytest.fixture(scope="module")
def index(tmp_path_factory):
    """Return an index of the toy notes and of a note of 3,000 words that holds ANSWER in its last tenth."""
    folder = tmp_path_factory.mktemp("long")
    notes = write_notes(folder / "notes")
    (notes / "long.md").write_text(long_note())
    build(notes, folder / "index")
    return folder / "index"


def long_note():
    vocabulary = sorted({word.strip(".,()[]:#-") for word in (OUTLINE + ARTICLE).split() if word.isalpha()})
    draw = random.Random(5)  # noqa: S311  words, not secrets
    lines = [" ".join(draw.choices(vocabulary, k=10)).capitalize() + "." for _ in range(300)]
    lines[285] = ANSWER
    return "---\ntitle: Rare tokens in large vocabularies\narxiv: 2501.01234\n---\n\n" + "\n".join(lines) + "\n"


@pytest.mark.parametrize("mode", ["hybrid", "lexical", "dense"])
@pytest.mark.parametrize("question", [ANSWER, "frozen embeddings drift with a short warm-up over rarest tokens"])
def test_a_sentence_in_the_last_tenth_finds_its_paper_and_is_shown_with_its_lines(index, question, mode):
    with Retriever.open(index) as retriever:
        best = retriever.search(question, mode=mode).hits[0]
        (passage,) = retriever.dossier(best.paper.id).passages
    line = long_note().split("\n").index(ANSWER) + 1
    shown = best.passages[0]
    assert best.paper.arxiv == "2501.01234"
    assert shown.first_line <= line <= shown.last_line
    assert shown.last_line - shown.first_line < 20
    assert ANSWER in shown.text
    assert passage.last_line - passage.first_line > 290
    assert len(best.passages) == 1
