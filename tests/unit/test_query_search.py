import math

import pytest
from toy import WordEncoder

from retriever import build, words
from retriever.errors import UsageError
from retriever.index import open_snapshot
from retriever.query.search import MAX_LIMIT, MAX_QUERY, search
from retriever.records import Filter, Parts, Query


def ask(snapshot, query, *, limit=10, mode="hybrid"):
    encode = None if mode == "lexical" else lambda text: WordEncoder().encode_query([text])[0]
    return search(snapshot, query, limit=limit, mode=mode, encode=encode)


def labels(results):
    return [hit.paper.label if hit.paper else None for hit in results.hits]


@pytest.mark.parametrize("mode", ["hybrid", "lexical", "dense"])
def test_the_paper_whose_note_says_it_comes_first(toy_snapshot, mode):
    found = ask(toy_snapshot, "attention that cancels noise", mode=mode)
    assert labels(found)[0] == "Differential Transformer"
    abstained = None if mode == "lexical" else False
    assert (found.query, found.mode, found.abstained) == ("attention that cancels noise", mode, abstained)
    assert [hit.rank for hit in found.hits] == list(range(1, len(found.hits) + 1))


def test_a_paper_in_two_places_stands_once_with_both_passages(toy_snapshot):
    hit = ask(toy_snapshot, "noise").hits[0]
    assert {(passage.file, passage.first_line) for passage in hit.passages} == {("outline.md", 12), ("outline.md", 26)}
    assert len({entry.paper.id for entry in ask(toy_snapshot, "noise").hits if entry.paper}) == len(
        labels(ask(toy_snapshot, "noise"))
    ) - sum(label is None for label in labels(ask(toy_snapshot, "noise")))


def test_a_question_in_other_words_is_answered_by_meaning(toy_snapshot):
    assert labels(ask(toy_snapshot, "interference"))[0] == "Differential Transformer"
    assert "Differential Transformer" not in labels(ask(toy_snapshot, "interference", mode="lexical"))


@pytest.mark.parametrize(
    ("query", "label"),
    [
        ("SAM2", "SAM2"),
        ("KAN", "KAN"),
        ("Learning rates fade", "Learning rates fade"),
        ("AdaOne2025ICLR", "AdaOne2025ICLR"),
        ("https://arxiv.org/abs/2507.17634", "Learning rates fade"),
        ("outline.md:17", "BobTwo2025ICLR++"),
    ],
)
@pytest.mark.parametrize("mode", ["hybrid", "lexical", "dense"])
def test_a_handle_puts_its_paper_first_and_others_follow(toy_snapshot, query, label, mode):
    found = ask(toy_snapshot, query, mode=mode)
    assert labels(found)[0] == label
    assert found.hits[0].reasons[0].kind == "exact"
    assert all(reason.kind != "exact" for hit in found.hits[1:] for reason in hit.reasons)


def test_a_name_within_a_question_is_only_a_word(toy_snapshot):
    found = ask(toy_snapshot, "what SAM2 does with earlier frames")
    assert labels(found)[0] == "SAM2"
    assert "exact" not in {reason.kind for reason in found.hits[0].reasons}


def test_highlights_and_parts_are_those_of_the_window_shown(toy_snapshot):
    hit = ask(toy_snapshot, "attention that cancels noise").hits[0]
    shown = hit.passages[0]
    assert {shown.text[start:end] for start, end in shown.highlights} == {"noise", "attention", "cancels"}
    (row,) = toy_snapshot.catalog.rows_of_passages([shown.id])[shown.id]
    vector = WordEncoder().encode_query(["attention that cancels noise"])[0]
    assert hit.parts.dense == pytest.approx(float(toy_snapshot.vectors.rows([row])[0] @ vector), abs=1e-5)
    assert 0 < hit.parts.lexical <= 1


def test_reasons_name_the_words_found_and_the_nearness(toy_snapshot):
    (said, near) = ask(toy_snapshot, "attention that cancels noise").hits[0].reasons
    assert said.kind == "words"
    assert set(said.text.removeprefix("words found: ").split(", ")) == {"attention", "cancels", "noise"}
    assert near.kind == "meaning"


def test_each_mode_shows_only_the_parts_it_asked_for(toy_snapshot):
    assert ask(toy_snapshot, "noise", mode="lexical").hits[0].parts.dense is None
    assert ask(toy_snapshot, "noise", mode="dense").hits[0].parts.lexical is None


def test_no_known_word_still_answers_by_meaning_but_not_by_words(toy_snapshot):
    assert len(ask(toy_snapshot, "clip").hits) == 10
    assert ask(toy_snapshot, "clip", mode="lexical").hits == ()
    assert ask(toy_snapshot, "of the and").groups == ()


def test_the_first_hits_do_not_depend_on_how_many_are_asked(toy_snapshot):
    many = ask(toy_snapshot, "memory of a table", limit=50)
    assert [hit.score for hit in many.hits] == sorted((hit.score for hit in many.hits), reverse=True)
    for limit in (1, 3, 7):
        assert ask(toy_snapshot, "memory of a table", limit=limit).hits == many.hits[:limit]


def test_every_hit_stands_in_one_group_by_the_topic_of_its_best_passage(toy_snapshot):
    found = ask(toy_snapshot, "a table of stored facts")
    assert sorted(rank for group in found.groups for rank in group.ranks) == [hit.rank for hit in found.hits]
    assert found.groups[0].topic.path == ("Architecture", "Transformer", "Memory")


def test_a_long_pool_of_few_papers_is_widened_until_enough_papers_are_found(toy_snapshot, monkeypatch):
    monkeypatch.setattr("retriever.query.search.POOL", 1)
    monkeypatch.setattr("retriever.query.search.POOL_PER_PAPER", 1)
    assert len({hit.paper.id for hit in ask(toy_snapshot, "noise", limit=9).hits if hit.paper}) >= 8


@pytest.mark.parametrize(
    ("query", "limit", "mode"),
    [
        ("", 10, "hybrid"),
        (" \n\t", 10, "hybrid"),
        ("x" * (MAX_QUERY + 1), 10, "hybrid"),
        ("noise", 0, "hybrid"),
        ("noise", MAX_LIMIT + 1, "hybrid"),
        ("noise", 10, "fuzzy"),
    ],
)
def test_what_cannot_be_answered_is_a_usage_error(toy_snapshot, query, limit, mode):
    with pytest.raises(UsageError):
        ask(toy_snapshot, query, limit=limit, mode=mode)
    with pytest.raises(UsageError, match="order"):
        search(toy_snapshot, "noise", limit=1, mode="lexical", encode=None, sort="size")


def test_the_bounds_themselves_are_answered(toy_snapshot):
    longest = ("noise of attention \n" * MAX_QUERY)[: MAX_QUERY - 1] + "x"
    assert ask(toy_snapshot, longest, limit=MAX_LIMIT).hits[0].paper.label == "Differential Transformer"


def test_filters_alone_list_what_they_allow_the_newest_first(toy_snapshot):
    found = ask(toy_snapshot, "venue:ICLR venue:ACL year:2024..")
    years = [hit.paper.year for hit in found.hits]
    assert years == sorted(years, reverse=True)
    assert {hit.paper.venue for hit in found.hits} == {"ICLR", "ACL"}
    assert all((hit.score, hit.parts, hit.reasons) == (0.0, Parts(None, None), ()) for hit in found.hits)
    assert [hit.paper.id for hit in ask(toy_snapshot, "venue:ICLR venue:ACL year:2024..", limit=2).hits] == [
        hit.paper.id for hit in found.hits[:2]
    ]


def test_sorted_by_date_the_same_papers_stand_newest_first_and_undated_last(toy_snapshot):
    best = ask(toy_snapshot, "attention and memory")
    found = search(toy_snapshot, "attention and memory", limit=10, mode="lexical", encode=None, sort="date")
    dates = [("2025-07" if hit.paper.arxiv == "2507.17634" else str(hit.paper.year or "")) if hit.paper else "" for hit
             in found.hits]  # fmt: skip
    assert dates == sorted(dates, reverse=True)
    assert [hit.rank for hit in found.hits] == list(range(1, len(found.hits) + 1))
    assert set(labels(found)) == set(labels(ask(toy_snapshot, "attention and memory", mode="lexical")))
    assert best.remarks == ()


def test_a_paper_that_is_named_is_still_left_out_by_a_filter(toy_snapshot):
    assert labels(ask(toy_snapshot, "SAM2 year:2025"))[0] == "SAM2"
    assert "SAM2" not in labels(ask(toy_snapshot, "SAM2 year:2024"))


def test_an_answer_says_which_filter_nothing_passes(toy_snapshot):
    found = ask(toy_snapshot, 'noise venue:ICML "no such words" -"attention"')
    assert (found.hits, found.groups) == ((), ())
    assert found.remarks == (
        "Nothing in your notes passes venue:ICML.", "Nothing in your notes says “no such words”."
    )  # fmt: skip
    assert ask(toy_snapshot, "memory venue:ACL year:2025").remarks == (
        "Nothing in your notes passes all of this together.",
    )


def test_a_topic_that_is_none_is_words_and_near_ones_are_named(toy_snapshot):
    found = ask(toy_snapshot, "topic:Visoin pictures -topic:nowhere")
    assert found.remarks[0] == "No topic is called 'Visoin'; near it are Vision: looked for as words."
    assert "'nowhere'" in found.remarks[1]
    assert [hit.score for hit in found.hits] == [hit.score for hit in ask(toy_snapshot, "pictures visoin").hits]
    assert {group.topic.path[0] for group in ask(toy_snapshot, "topic:vision pictures").groups} == {"Vision"}


def test_a_query_made_by_hand_has_no_syntax(toy_snapshot):
    assert ask(toy_snapshot, Query("venue:ACL memory")).hits[0].paper.venue == "ICLR"
    assert ask(toy_snapshot, Query("memory", filters=(Filter("venue", "ACL"),))).hits[0].paper.venue == "ACL"


def test_parts_of_a_run_without_spaces_are_found(tmp_path):
    (tmp_path / "notes").mkdir()
    (tmp_path / "notes/a.md").write_text(
        "# 注意力机制\n\n- [AdaOne2025ICLR](https://openreview.net/forum?id=aaaaaaaaA1) 多头注意力机制的解释\n"
        "- [BobTwo2025ICLR](https://openreview.net/forum?id=aaaaaaaaB2) ディープラーニングの最適化\n"
        "- [CarlThree2025ICLR](https://openreview.net/forum?id=aaaaaaaaC3) 대규모 언어모델의 정렬\n"
    )
    build([tmp_path / "notes"], tmp_path / "index", encoder=WordEncoder())
    with open_snapshot(tmp_path / "index") as snapshot:
        parts = (("多头", "AdaOne"), ("最適化", "BobTwo"), ("ラーニング", "BobTwo"), ("모델", "CarlThree"))
        ones = (("头", "AdaOne"), ("適", "BobTwo"), ("グ", "BobTwo"), ("델", "CarlThree"))
        for query, key in (*parts, *ones):
            for asked in (query, f'"{query}"', f"+{query}"):
                (hit,) = ask(snapshot, asked, mode="lexical").hits
                assert hit.paper.key == f"{key}2025ICLR"
                ((start, end),) = hit.passages[0].highlights[:1]
                assert hit.passages[0].text[start:end] == query


def test_an_index_of_one_word_notes_ranks_by_plain_idf(toy_snapshot):
    weights = {term: toy_snapshot.lexical.document_frequency(term) for term in words.terms("transformer rain zebra")}
    assert weights["zebra"] == 0 < weights["rain"] <= weights["transform"]
    assert all(math.isfinite(hit.score) for hit in ask(toy_snapshot, "transformer rain zebra").hits)
