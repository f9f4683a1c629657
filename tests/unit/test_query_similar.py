import numpy as np
import pytest
from toy import ARTICLE, WordEncoder

from retriever import build, words
from retriever.errors import PaperNotFoundError, UsageError
from retriever.index import open_snapshot
from retriever.query.likeness import SHARED
from retriever.query.similar import CITE_BONUS, TOPIC_BONUS, similar


@pytest.fixture
def ids(toy_snapshot):
    return {paper.label: paper.id for paper in toy_snapshot.catalog.all_papers()}


def labels(results):
    return [hit.paper.label for hit in results.hits]


def test_the_papers_themselves_and_sections_are_left_out(toy_snapshot, ids):
    found = similar(toy_snapshot, ["Differential Transformer"], limit=50)
    assert sorted(labels(found)) == sorted(set(ids) - {"Differential Transformer"})
    both = similar(toy_snapshot, ["AdaOne2025ICLR", "outline.md:12"], limit=50)
    assert sorted(labels(both)) == sorted(set(ids) - {"Differential Transformer", "AdaOne2025ICLR"})


def test_a_paper_of_the_same_topic_and_words_comes_first_and_both_reasons_are_given(toy_snapshot, ids):
    found = similar(toy_snapshot, ["AdaOne2025ICLR"], limit=10)
    assert labels(found)[0] == "AdaOne2025ICLR+"
    filed, alike = found.hits[0].reasons
    assert (filed.kind, filed.text) == ("topic", "filed together under Architecture > Transformer > Memory")
    assert filed.papers == alike.papers == (ids["AdaOne2025ICLR"],)
    assert alike.text.startswith("text alike: shared words ")
    assert {"stored", "table"} & set(alike.text.split(" words ")[1].split(", "))


def test_only_the_papers_that_share_the_topic_are_named_in_that_reason(toy_snapshot, ids):
    found = similar(toy_snapshot, ["AdaOne2025ICLR", "KAN"], limit=50)
    of_memory = next(hit for hit in found.hits if hit.paper.label == "BobTwo2025ICLR++")
    assert of_memory.reasons[0].papers == (ids["AdaOne2025ICLR"],)
    assert of_memory.reasons[1].papers == (ids["AdaOne2025ICLR"], ids["KAN"])


def test_a_paper_filed_elsewhere_has_no_topic_reason(toy_snapshot):
    found = similar(toy_snapshot, ["AdaOne2025ICLR"], limit=50)
    elsewhere = next(hit for hit in found.hits if hit.paper.label == "Learning rates fade")
    assert [reason.kind for reason in elsewhere.reasons] == ["text"]


def test_scores_are_the_cosine_the_shared_words_and_a_bonus_for_the_shared_topic(toy_snapshot, ids):
    catalog, vectors = toy_snapshot.catalog, toy_snapshot.vectors
    (source,) = vectors.rows(catalog.rows_of_papers([ids["AdaOne2025ICLR"]])[ids["AdaOne2025ICLR"]])
    for hit in similar(toy_snapshot, ["AdaOne2025ICLR"], limit=50).hits:
        mean = vectors.rows(catalog.rows_of_papers([hit.paper.id])[hit.paper.id]).mean(axis=0)
        cosine = mean @ source / np.linalg.norm(mean)
        shared = any(reason.kind == "topic" for reason in hit.reasons)
        assert hit.parts.dense == pytest.approx(cosine, abs=2e-3)  # the vectors are kept in half precision
        assert hit.score == pytest.approx(hit.parts.dense + SHARED * hit.parts.lexical + TOPIC_BONUS * shared)
        assert 0.0 <= hit.parts.lexical <= 1.0


def test_highlights_are_words_of_the_asked_paper(toy_snapshot):
    hit = similar(toy_snapshot, ["AdaOne2025ICLR"], limit=1).hits[0]
    shown = hit.passages[0]
    marked = {words.terms(shown.text[start:end])[0] for start, end in shown.highlights}
    assert marked
    assert marked <= set(words.terms("stores facts in a table beside the feed-forward layers"))


def test_among_ranks_just_those_papers(toy_snapshot):
    among = ["KAN", "SAM2", "AdaOne2025ICLR"]
    found = similar(toy_snapshot, ["AdaOne2025ICLR"], limit=10, among=among)
    assert sorted(labels(found)) == ["KAN", "SAM2"]
    everywhere = [label for label in labels(similar(toy_snapshot, ["AdaOne2025ICLR"], limit=50)) if label in among]
    assert labels(found) == everywhere
    assert similar(toy_snapshot, ["KAN"], limit=10, among=[]).hits == ()


def test_a_narrow_pool_is_widened_until_enough_papers_are_found(toy_snapshot, ids, monkeypatch):
    whole = similar(toy_snapshot, ["KAN"], limit=9)
    monkeypatch.setattr("retriever.query.similar.POOL", 1)
    monkeypatch.setattr("retriever.query.similar.POOL_PER_PAPER", 1)
    assert similar(toy_snapshot, ["KAN"], limit=9) == whole
    assert len(whole.hits) == 9


def test_the_same_question_has_the_same_answer(toy_snapshot):
    assert similar(toy_snapshot, ["KAN"], limit=9) == similar(toy_snapshot, ["KAN"], limit=9)


def test_every_rank_stands_in_one_group(toy_snapshot):
    found = similar(toy_snapshot, ["KAN"], limit=9)
    assert sorted(rank for group in found.groups for rank in group.ranks) == list(range(1, 10))
    assert (found.query, found.mode) == ("KAN", "dense")


@pytest.mark.parametrize(("handles", "limit"), [([], 10), (["KAN"], 0), (["KAN"], 1001)])
def test_what_cannot_be_answered_is_a_usage_error(toy_snapshot, handles, limit):
    with pytest.raises(UsageError):
        similar(toy_snapshot, handles, limit=limit)


def test_an_unknown_handle_is_said(toy_snapshot):
    with pytest.raises(PaperNotFoundError, match="No paper in the index answers to 'zzz'"):
        similar(toy_snapshot, ["KAN", "zzz"], limit=10)


def test_papers_to_keep_away_from_are_left_out_and_push_away_what_is_like_them(toy_snapshot):
    plain = labels(similar(toy_snapshot, ["AdaOne2025ICLR"], limit=50))
    away = labels(similar(toy_snapshot, ["AdaOne2025ICLR"], limit=50, without=["AdaOne2025ICLR+"]))
    assert set(away) == set(plain) - {"AdaOne2025ICLR+"}


def test_a_text_stands_for_a_paper(toy_snapshot):
    encode = lambda text: WordEncoder().encode_query([text])[0]  # noqa: E731  one expression
    found = similar(toy_snapshot, [], limit=3, text="stores facts in a table beside the layers", encode=encode)
    assert labels(found)[0].startswith("AdaOne2025ICLR")
    with pytest.raises(UsageError):
        similar(toy_snapshot, [], limit=3, text=" ", encode=encode)


LINKED = """# List

- [Sorting in Outer Space](https://arxiv.org/abs/2001.00001) sorts, as [before](https://arxiv.org/abs/1901.00009).
- [Searching on Earth](https://arxiv.org/abs/2001.00002) builds on [it](https://arxiv.org/abs/2001.00001).
- [Counting at Sea](https://arxiv.org/abs/2001.00003) goes back to [that](https://arxiv.org/abs/1901.00009).
- [Waiting in Line](https://arxiv.org/abs/2001.00004) stands alone.
"""


def test_citations_tie_papers_and_are_told(tmp_path):
    (tmp_path / "list.md").write_text(LINKED, "utf-8")
    build([tmp_path / "list.md"], tmp_path / "index", encoder=WordEncoder())
    with open_snapshot(tmp_path / "index") as snapshot:
        found = similar(snapshot, ["2001.00001"], limit=9)
        told = {hit.paper.label: [one.text for one in hit.reasons if one.kind == "cites"] for hit in found.hits}
        assert told == {
            "Searching on Earth": ["your notes on it cite the other"],
            "Counting at Sea": ["both cite 1901.00009"],
            "Waiting in Line": [],
        }
        backwards = similar(snapshot, ["2001.00002"], limit=9)
        first = next(hit for hit in backwards.hits if hit.paper.label == "Sorting in Outer Space")
        assert [one.text for one in first.reasons if one.kind == "cites"] == ["cited beside it in your notes"]
        for hit in found.hits:
            bonus = CITE_BONUS * bool(told[hit.paper.label])
            assert hit.score == pytest.approx(hit.parts.dense + SHARED * hit.parts.lexical + bonus)


def test_a_place_in_a_section_about_no_paper_stands_for_its_text(toy_snapshot):
    catalog, vectors = toy_snapshot.catalog, toy_snapshot.vectors
    (section,) = (one for one in catalog.passages_in("article.md") if "Rain again" in one.text)
    found = similar(toy_snapshot, [f"article.md:{section.last_line}"], limit=50)
    assert found.query == "A heading about no paper"
    assert sorted(labels(found)) == sorted(paper.label for paper in catalog.all_papers())
    centre = vectors.rows(catalog.rows_of_passages([section.id])[section.id]).mean(axis=0)
    for hit in found.hits:
        mean = vectors.rows(catalog.rows_of_papers([hit.paper.id])[hit.paper.id]).mean(axis=0)
        cosine = mean @ centre / np.linalg.norm(mean) / np.linalg.norm(centre)
        assert hit.parts.dense == pytest.approx(cosine, abs=2e-3)
        assert sum(signal.value for signal in hit.signals) == hit.score


def test_a_section_may_be_kept_away_from_and_stand_beside_papers(toy_snapshot, ids):
    place = f"article.md:{len(ARTICLE.splitlines())}"
    alone = similar(toy_snapshot, ["Warm restarts return"], limit=50)
    both = similar(toy_snapshot, ["Warm restarts return", place], limit=50)
    away = similar(toy_snapshot, ["Warm restarts return"], without=[place], limit=50)
    assert both.query == "Warm restarts return; A heading about no paper"
    assert set(labels(both)) == set(labels(alone)) == set(labels(away))
    by_label = [{hit.paper.label: hit.parts.dense for hit in found.hits} for found in (away, alone, both)]
    apart = [scores["Differential Transformer"] for scores in by_label]
    assert apart == sorted(apart)


def test_a_place_in_no_passage_is_no_section(toy_snapshot):
    with pytest.raises(PaperNotFoundError):
        similar(toy_snapshot, ["article.md:99999"], limit=3)
    with pytest.raises(PaperNotFoundError):
        similar(toy_snapshot, ["nowhere.md:1"], limit=3)
