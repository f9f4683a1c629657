"""What a hit is said to be made of adds up to its score, and what is said of its words stands in the notes."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from toy import OUTLINE, WordEncoder

from retriever import words
from retriever.query.search import search
from retriever.query.similar import similar

PHRASES = st.lists(st.sampled_from(OUTLINE.split()), min_size=1, max_size=9).map(" ".join)
QUERIES = PHRASES | st.sampled_from(["SAM2", "TianzhuYe2025ICLR", "noise venue:ICLR", "Difrential Transformer", "rain"])
PAPERS = ["KAN", "SAM2", "AdaOne2025ICLR", "BobTwo2025ICLR++", "Differential Transformer", "outline.md:12"]


def encode(text):
    return WordEncoder().encode_query([text])[0]


def check(hits):
    for hit in hits:
        assert sum(signal.value for signal in hit.signals) == hit.score
        assert len({signal.name for signal in hit.signals}) == len(hit.signals)
        assert all(signal.text for signal in hit.signals)
    scores = [hit.score for hit in hits]
    assert scores == sorted(scores, reverse=True)


@given(QUERIES, st.sampled_from(["hybrid", "lexical", "dense"]))
def test_the_signals_of_a_search_add_up_to_the_score_and_the_score_is_the_order(toy_snapshot, query, mode):
    found = search(toy_snapshot, query, limit=30, mode=mode, encode=encode)
    check(found.hits)
    asked = {"hybrid": {"meaning", "words"}, "lexical": {"words"}, "dense": {"meaning"}}[mode]
    for hit in found.hits:
        assert asked <= {signal.name for signal in hit.signals}
        assert ("section" in {signal.name for signal in hit.signals}) == (hit.paper is None)


@settings(max_examples=40)
@given(st.lists(st.sampled_from(PAPERS), min_size=1, max_size=3), PHRASES | st.none())
def test_the_signals_of_similar_papers_add_up_too(toy_snapshot, papers, text):
    check(similar(toy_snapshot, papers, limit=30, text=text, encode=encode).hits)


@given(PHRASES)
def test_the_words_told_stand_in_the_fields_they_are_told_of(toy_snapshot, query):
    asked = set(words.terms(query))
    for hit in search(toy_snapshot, query, limit=5, mode="lexical", encode=None).hits:
        (signal,) = (signal for signal in hit.signals if signal.name == "words")
        best = hit.passages[0]
        stated = dict(part.split(": ", 1) for part in signal.text.rpartition("; ")[0].split("; "))
        assert stated.keys() <= {"title", "name", "key", "authors", "headings", "text"}
        assert ("text" in stated) == bool(asked & set(words.terms(best.text)))
        assert ("headings" in stated) == bool(asked & set(words.terms(" ".join(best.heading_path))))
        for field in stated.keys() & {"text", "headings"}:
            shown = stated[field].partition(" and ")[0] if " more" in stated[field] else stated[field]
            assert set(words.terms(shown)) <= asked


@pytest.mark.parametrize(("query", "field"), [("kan", "name"), ("Zhu Tianzhu", "key"), ("averaging fade", "title")])
def test_names_keys_and_titles_are_told_too(toy_snapshot, query, field):
    best = search(toy_snapshot, query, limit=1, mode="lexical", encode=None).hits[0]
    assert f"{field}: " in next(signal.text for signal in best.signals if signal.name == "words")
