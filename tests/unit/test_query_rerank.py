"""A judge, here a function, reads the best papers again."""

import numpy as np
import pytest
from toy import WordEncoder

from retriever import Retriever, embedder
from retriever.query import rerank as room
from retriever.query.rerank import RERANKER
from retriever.query.search import search

QUERY = "memory of a table"


def encode(text):
    return WordEncoder().encode_query([text])[0]


def ask(snapshot, query=QUERY, *, judge=None, limit=50, mode="hybrid", **options):
    return search(snapshot, query, limit=limit, mode=mode, encode=encode, judge=judge, **options)


def by_length(question, texts):
    return np.array([float(len(text)) for text in texts], dtype=np.float32)


def told(hit):
    return {signal.name: signal.value for signal in hit.signals}


@pytest.mark.parametrize("mode", ["hybrid", "lexical", "dense"])
def test_the_judgement_is_added_on_a_scale_from_none_to_all(toy_snapshot, mode):
    first = {hit.passages[0].id: hit for hit in ask(toy_snapshot, mode=mode).hits}
    asked = []

    def judge(question, texts):
        asked.append((question, list(texts)))
        return by_length(question, texts)

    found = ask(toy_snapshot, judge=judge, mode=mode).hits
    ((question, texts),) = asked
    assert question == QUERY
    assert sorted(texts) == sorted(
        f"{hit.paper.label}. {hit.passages[0].text}" if hit.paper else hit.passages[0].text for hit in first.values()
    )
    lengths = [len(text) for text in texts]
    for hit in found:
        text = hit.passages[0].text
        length = len(f"{hit.paper.label}. {text}" if hit.paper else text)
        gained = RERANKER * (length - min(lengths)) / (max(lengths) - min(lengths))
        assert told(hit)["reranker"] == pytest.approx(gained)
        assert hit.score == pytest.approx(first[hit.passages[0].id].score + gained)
    assert [hit.score for hit in found] == sorted((hit.score for hit in found), reverse=True)


def test_only_the_best_are_read_and_the_others_stay_below(toy_snapshot, monkeypatch):
    monkeypatch.setattr(room, "READ_AGAIN", 3)
    before = [hit.passages[0].id for hit in ask(toy_snapshot).hits]
    after = ask(toy_snapshot, judge=lambda _, texts: -np.arange(len(texts), dtype=np.float32)[::-1]).hits
    assert [hit.passages[0].id for hit in after[3:]] == before[3:]
    assert {hit.passages[0].id for hit in after[:3]} == set(before[:3])
    assert ["reranker" in told(hit) for hit in after[:4]] == [True, True, True, False]


def test_the_first_hits_do_not_depend_on_how_many_are_asked(toy_snapshot):
    many = ask(toy_snapshot, judge=by_length).hits
    assert ask(toy_snapshot, judge=by_length, limit=2).hits == many[:2]


def test_a_judge_that_tells_nothing_apart_changes_nothing(toy_snapshot):
    found = ask(toy_snapshot, judge=lambda _, texts: np.ones(len(texts), np.float32)).hits
    assert [hit.score for hit in found] == [hit.score for hit in ask(toy_snapshot).hits]


def test_a_paper_that_is_named_stays_first(toy_snapshot):
    found = ask(toy_snapshot, "KAN", judge=lambda _, texts: -by_length(_, texts)).hits
    assert found[0].paper.label == "KAN"


def test_filters_alone_and_words_that_find_nothing_are_not_judged(toy_snapshot):
    def never(question, texts):
        raise AssertionError(texts)

    assert ask(toy_snapshot, "venue:ICLR", judge=never).hits
    assert ask(toy_snapshot, "zebra", judge=never, mode="lexical").hits == ()


def test_the_library_loads_the_named_model_once_and_only_when_asked(toy_index, monkeypatch):
    loaded = []

    class Judge:
        scores = staticmethod(by_length)

    def load(model, *, download):
        loaded.append((model, download))
        return Judge()

    monkeypatch.setattr(embedder, "load_reranker", load)
    monkeypatch.setattr(embedder, "load_encoder", lambda model, **_: WordEncoder(model))
    with Retriever.open(toy_index, download=True) as retriever:
        retriever.search(QUERY)
        assert loaded == []
        found = [retriever.search(QUERY, rerank="some/model") for _ in range(2)]
        assert loaded == [("some/model", True)]
        assert found[0] == found[1]
        assert "reranker" in told(found[0].hits[0])
        retriever.search(QUERY, rerank="other")
        assert loaded[1:] == [("other", True)]
