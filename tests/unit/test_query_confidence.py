"""How sure an answer is, on a small index whose encoder knows words alone."""

import numpy as np
import pytest
from toy import WordEncoder, write_notes

from retriever import Retriever, build, embedder
from retriever.index import open_snapshot
from retriever.query.confidence import ABSTAIN, COVERED, KNOWN, Calibration, calibrate, evidence
from retriever.query.everyday import EVERYDAY

ABSENT = "pruning roses in winter"


@pytest.fixture(scope="module")
def index(tmp_path_factory):
    folder = tmp_path_factory.mktemp("sure")
    build(write_notes(folder / "notes"), folder / "index", encoder=WordEncoder())
    return folder / "index"


@pytest.fixture
def retriever(index, monkeypatch):
    monkeypatch.setattr(embedder, "load_encoder", lambda model, **_: WordEncoder(model))
    with Retriever.open(index) as opened:
        yield opened


def test_between_what_chance_gives_and_what_a_title_gives_the_confidence_rises_from_a_tenth_to_nine_tenths():
    known = Calibration(chance=0.2, own=0.6)
    assert known.confidence(0.2) == pytest.approx(0.1)
    assert known.confidence(0.4) == pytest.approx(0.5)
    assert known.confidence(0.6) == pytest.approx(0.9)
    rising = [known.confidence(value) for value in np.linspace(-1, 2, 50)]
    assert rising == sorted(rising)
    assert 0 <= rising[0] < rising[-1] <= 1


def test_titles_that_say_no_more_than_chance_give_a_steep_rise_and_no_error():
    known = Calibration(chance=0.5, own=0.4)
    assert known.confidence(0.4) < 0.1
    assert known.confidence(0.6) > 0.9


def test_a_build_measures_what_chance_and_what_titles_give(index):
    with open_snapshot(index) as snapshot:
        kept = snapshot.manifest.calibration
        assert kept == {**calibrate(WordEncoder(), snapshot), "papers": snapshot.manifest.counts["papers"]}
        vectors = snapshot.vectors.rows(np.arange(snapshot.vectors.count))
        best = (WordEncoder().encode_query(list(EVERYDAY)) @ vectors.T).max(axis=1)
        # At most KNOWN is added to a cosine.
        assert np.quantile(best, 0.8) - 1e-3 <= kept["chance"] <= np.quantile(best, 0.8) + KNOWN + 1e-3
    assert evidence(0.5, 1.0) == 0.5 + KNOWN


def test_a_refresh_keeps_the_measure_until_a_fifth_of_the_papers_is_new(tmp_path):
    notes = write_notes(tmp_path / "notes")
    build(notes, tmp_path / "index", encoder=WordEncoder())

    def measured():
        with open_snapshot(tmp_path / "index") as snapshot:
            return snapshot.manifest.calibration

    before = measured()
    (notes / "one.md").write_text(
        "- [EveSix2025ICLR](https://openreview.net/forum?id=eeeeeeeeE1) hears whales\n", "utf-8"
    )
    build(None, tmp_path / "index", encoder=WordEncoder())
    assert measured() == before
    more = "\n".join(
        f"- [Whale song number {at}](https://arxiv.org/abs/2001.{at:05}) hears whale {at}" for at in range(40)
    )
    (notes / "many.md").write_text(more, "utf-8")
    build(None, tmp_path / "index", encoder=WordEncoder())
    assert measured()["papers"] > before["papers"] + 30


def test_what_the_notes_say_is_sure_and_what_they_do_not_is_met_with_silence(retriever):
    found = retriever.search("takes one softmax map away from another, so that the noise of attention cancels")
    assert found.abstained is False
    assert found.hits[0].confidence > 0.5
    silent = retriever.search(ABSENT)
    assert silent.abstained is True
    assert all(hit.confidence < ABSTAIN for hit in silent.hits)


def test_a_paper_that_the_whole_question_names_is_certain(retriever):
    found = retriever.search("TianzhuYe2025ICLR")
    assert found.hits[0].confidence == 1.0


def test_a_hit_with_every_word_of_the_question_is_never_passed_over(retriever):
    found = retriever.search("splines")
    assert found.hits[0].confidence >= COVERED


def test_words_alone_are_not_calibrated(retriever):
    found = retriever.search("attention", mode="lexical")
    assert found.abstained is None
    assert {hit.confidence for hit in found.hits} == {None}


def test_whether_it_is_silent_does_not_depend_on_how_many_papers_are_shown(retriever):
    for question in (ABSENT, "noise", "splines on edges", "rain", "memory of earlier frames", "what do hedgehogs eat"):
        told = {retriever.search(question, limit=limit).abstained for limit in (1, 2, 10, 60)}
        assert len(told) == 1, question
