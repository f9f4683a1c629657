"""The test that is made from one's own notes: what is asked, and that nothing searched gives it away."""

import json

import pytest
from toy import WordEncoder

from retriever import build, words
from retriever.cli import main
from retriever.errors import UsageError
from retriever.evaluation import report
from retriever.evaluation.indexes import INDEX, make_index
from retriever.evaluation.own import known_items
from retriever.index import open_snapshot
from retriever.query.handles import named

# ruff: noqa: E501  notes have long lines
NOTES = """# Reading

## Attention

- **Zebra Attention: Stripes for Long Context** [AdaOne2025ICLR](https://openreview.net/forum?id=aaaaaaaaA1) splits a sequence into blocks of equal size and lets every block look at its neighbours; AdaOne2025ICLR calls that stripes, and zebra attention: stripes for long context is cheap on memory.
- [BobTwo2025ICLR](https://openreview.net/forum?id=aaaaaaaaB2) pages the cache of keys out to a slower disk. Reading it back costs a tenth of the time, since most keys are never asked for again by any later token.
- [CarlThree2025ICLR](https://openreview.net/forum?id=aaaaaaaaC3) is short.
- [paper](https://arxiv.org/abs/2401.01234) keeps a running mean of gradients. That mean is what the optimizer of every second layer starts its next step from.
- [Only a Title: Nothing More Was Written](https://arxiv.org/abs/2402.05678)

## A walk

Rain again on the way home, and no transformer in sight.
"""
YAML = """---
title: "Quokka Routing for Mixtures"
citekey: dora2024quokka
year: 2024
---

# Quokka Routing for Mixtures

Experts are chosen by hashing tokens instead of by a learned gate, which keeps every expert equally busy through training.
"""
TITLES = ("Zebra Attention: Stripes for Long Context", "Quokka Routing for Mixtures")


@pytest.fixture(scope="module")
def index(tmp_path_factory):
    folder = tmp_path_factory.mktemp("own")
    (folder / "notes").mkdir()
    (folder / "notes" / "reading.md").write_text(NOTES)
    (folder / "notes" / "quokka.md").write_text(YAML)
    build([folder / "notes"], folder / "index", encoder=WordEncoder())
    return folder / "index"


@pytest.fixture(scope="module")
def judged(index):
    with open_snapshot(index) as snapshot:
        return known_items(snapshot)


@pytest.fixture(scope="module")
def labels(index):
    with open_snapshot(index) as snapshot:
        return {paper.id: paper.label for paper in snapshot.catalog.all_papers()}


def test_papers_are_asked_for_by_title_or_else_by_the_first_sentence(judged, labels):
    asked = {labels[paper]: one.text for one in judged.questions for paper in one.grades}
    assert asked == {
        TITLES[0]: TITLES[0],
        TITLES[1]: TITLES[1],
        "BobTwo2025ICLR": "pages the cache of keys out to a slower disk.",
        "2401.01234": "keeps a running mean of gradients.",
    }
    assert judged.documents == 6
    assert "4 of which the notes say enough" in judged.measures
    assert "2 by title and 2 by the first sentence" in judged.measures


def test_nothing_that_is_searched_names_the_paper(judged, labels, tmp_path):
    encoder = Spy()
    make_index(judged, encoder, tmp_path / "index")
    with open_snapshot(tmp_path / "index") as snapshot:
        searched = [window.text for window in snapshot.catalog.windows(range(snapshot.count))]
        for word in ("zebra", "quokka", "AdaOne2025ICLR", "dora2024quokka"):
            for term in words.terms(word):
                assert snapshot.lexical.document_frequency(term) == 0, word
        for title in TITLES:
            assert named(snapshot.catalog, title) == ("", ())
    for text in (*searched, *encoder.documents):
        folded = text.casefold()
        assert not any(title.casefold() in folded for title in TITLES)
        assert "adaone" not in folded
        assert "quokka" not in folded
        assert "slower disk" not in folded  # the sentence that asks for the paper
    assert any("blocks of equal size" in text for text in searched)
    assert any(text.startswith("Attention. splits a sequence") for text in encoder.documents)
    assert len(searched) == len(set(judged.of_passage) | {one.passage.id for one in judged.chunks})


class Spy(WordEncoder):
    def __init__(self):
        super().__init__()
        self.documents = []

    def encode_document(self, texts):
        self.documents += texts
        return super().encode_document(texts)


def test_sections_and_papers_with_little_text_stay_in_the_way(judged, labels):
    kinds = [one.passage.kind for one in judged.chunks]
    assert kinds.count("section") == 1
    assert set(labels.values()) - {labels[paper] for paper in judged.of_passage.values()} == {
        "Only a Title: Nothing More Was Written"  # nothing else is said of it
    }


def test_chinese_titles_are_masked_without_spaces_around_them(tmp_path):
    (tmp_path / "notes").mkdir()
    note = "---\ntitle: 稀疏注意力机制研究\ncitekey: li2024sparse\n---\n\n本文的稀疏注意力机制研究方法把长序列切成小块再逐块计算并且节省显存。\n"
    (tmp_path / "notes" / "li.md").write_text(note)
    build([tmp_path / "notes"], tmp_path / "index", encoder=WordEncoder())
    with open_snapshot(tmp_path / "index") as snapshot:
        (chunk,) = known_items(snapshot).chunks
    assert [window.text for window in chunk.windows] == ["本文的 方法把长序列切成小块再逐块计算并且节省显存。"]


def test_notes_of_which_no_paper_can_be_asked_for_are_refused(tmp_path):
    (tmp_path / "note.md").write_text("# Only a walk\n\nRain again.\n")
    build([tmp_path / "note.md"], tmp_path / "index", encoder=WordEncoder())
    with open_snapshot(tmp_path / "index") as snapshot, pytest.raises(UsageError, match="No paper in these notes"):
        known_items(snapshot)


def test_vectors_are_kept_for_the_index_while_its_notes_change(index, tmp_path):
    with open_snapshot(index) as snapshot:
        first, again = known_items(snapshot), known_items(snapshot)
    assert first.key == again.key
    report.measure(first, WordEncoder(), tmp_path)
    assert report.measure(again, WordEncoder(), tmp_path).embedded == 0
    assert (report.kept_in(tmp_path, first, WordEncoder()) / INDEX).is_dir()


def test_the_command_measures_the_models_on_the_notes(tmp_path, capsys):
    (tmp_path / "notes").mkdir()
    (tmp_path / "notes" / "reading.md").write_text(NOTES)
    place = ["--index", str(tmp_path / "index"), "--json"]
    main(["build", str(tmp_path / "notes"), "--model", "paper-static", *place])
    capsys.readouterr()
    assert main(["eval", "--self", "--work", str(tmp_path / "work"), *place]) == 0
    found = json.loads(capsys.readouterr().out)["data"]
    assert (found["test"], found["model"], found["questions"]) == ("own notes", "paper-static", 3)
    assert found["modes"]["lexical"]["recall@100"] <= 1
    assert main(["eval", "--self", "--index", str(tmp_path / "none"), "--json"]) == 3
