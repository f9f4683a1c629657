import numpy as np
import pytest

from retriever.query import fuse
from retriever.query.retrieve import Candidates


def found(cosine=None, cover=None, bm25=None, rare_words=0.0):
    given = next(values for values in (cosine, cover, bm25) if values is not None)
    arrays = [None if values is None else np.array(values, dtype=np.float32) for values in (bm25, cover, cosine)]
    return Candidates(np.arange(len(given)), *arrays, rare_words=rare_words)


def test_words_that_the_best_window_hardly_covers_do_not_count():
    few = found(cosine=[0.6, 0.5], cover=[0.0, 0.3], bm25=[0.0, 3.0], rare_words=5.0)
    assert fuse.trust(few) == 0.0
    assert fuse.fuse(few).score.tolist() == pytest.approx([0.6, 0.5])


def test_words_count_in_full_where_the_best_window_holds_most_of_the_query():
    full = fuse.COVER_FULL
    most = found(cosine=[0.6, 0.5], cover=[0.0, full], bm25=[0.0, 30.0], rare_words=1.0)
    assert fuse.trust(most) == pytest.approx(1.0)
    assert fuse.fuse(most).score.tolist() == pytest.approx([0.6, 0.5 + fuse.WORDS])


def test_a_few_rare_words_that_meet_count_although_the_query_is_long():
    long = found(cosine=[0.6, 0.5], cover=[0.0, 0.2], bm25=[0.0, 30.0], rare_words=fuse.RARE_FULL / 0.2)
    assert fuse.trust(long) == pytest.approx(1.0)
    middle = (fuse.RARE_FROM + fuse.RARE_FULL) / 2
    short = found(cosine=[0.6, 0.5], cover=[0.0, 0.2], bm25=[0.0, 30.0], rare_words=middle / 0.2)
    assert fuse.trust(short) == pytest.approx(0.5)


def test_a_side_that_was_not_asked_does_not_count():
    dense = found(cosine=[0.1, 0.3])
    assert fuse.fuse(dense).score.tolist() == pytest.approx([0.1, 0.3])
    assert fuse.lexical_part(dense).tolist() == [0.0, 0.0]
    lexical = found(cover=[0.5, 1.0, 0.2], bm25=[4.0, 2.0, 0.0])
    assert fuse.fuse(lexical).score.tolist() == fuse.lexical_part(lexical).tolist()


def test_the_lexical_part_is_made_of_cover_and_bm25_as_shares_of_the_best():
    part = fuse.lexical_part(found(cover=[0.4, 0.8, 0.0], bm25=[4.0, 2.0, 0.0]))
    expected = [fuse.COVER * 0.5 + (1 - fuse.COVER), fuse.COVER + (1 - fuse.COVER) * 0.5, 0.0]
    assert part.tolist() == pytest.approx(expected)


def test_without_a_word_in_common_only_the_meaning_ranks():
    apart = found(cosine=[0.2, -0.1], cover=[0.0, 0.0], bm25=[0.0, 0.0])
    assert fuse.fuse(apart).score.tolist() == pytest.approx([0.2, -0.1])


def test_no_candidates_have_no_scores():
    none = found(cosine=[], cover=[], bm25=[])
    assert fuse.fuse(none).score.shape == fuse.lexical_part(none).shape == (0,)
