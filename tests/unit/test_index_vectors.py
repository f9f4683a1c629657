"""Nearest vectors: FAISS and filters against a plain product of all rows in double precision."""

import subprocess
import sys
from typing import get_args

import numpy as np
import pytest
from small_index import NEW_NOTES, build, encode

import retriever.index.vectors as module
from retriever.errors import IndexDamagedError
from retriever.index import arrays, open_snapshot
from retriever.index.vectors import VectorIndex, faiss_bytes


@pytest.fixture(autouse=True)
def _faiss_searches(monkeypatch):
    monkeypatch.setattr(module, "DIRECT_UP_TO", 0)


def unit(count, dim, seed=0):
    vectors = np.random.default_rng(seed).standard_normal((count, dim))
    return (vectors / np.linalg.norm(vectors, axis=1, keepdims=True)).astype(np.float32)


def index_of(folder, vectors):
    rows = vectors.astype(np.float16)
    rows.tofile(folder / "vectors.f16")
    (folder / "vectors.faiss").write_bytes(faiss_bytes(rows))
    return VectorIndex(folder.parent, folder, *vectors.shape)


def expected(vectors, query, limit, allow=None):
    """Return (scores, rows) by sorting all products, ties to the lower row."""
    products = (vectors.astype(np.float16).astype(np.float64) @ query.astype(np.float64)).astype(np.float32)
    allowed = range(len(vectors)) if allow is None else np.flatnonzero(allow).tolist()
    rows = sorted(allowed, key=lambda row: (-products[row], row))[:limit]
    return products[rows], rows


@pytest.mark.parametrize("limit", [1, 7, 500, 10_000])
def test_faiss_finds_what_numpy_finds(tmp_path, limit):
    vectors, queries = unit(500, 24), unit(5, 24, seed=1)
    scores, rows = index_of(tmp_path, vectors).search(queries, limit)
    for at, query in enumerate(queries):
        best, where = expected(vectors, query, limit)
        assert rows[at].tolist() == where
        np.testing.assert_array_equal(scores[at], best)


@pytest.mark.parametrize("allowed", [0, 1, 30, 500])
def test_a_filter_is_exact(tmp_path, allowed):
    vectors, queries = unit(500, 24), unit(3, 24, seed=1)
    allow = np.zeros(500, dtype=np.bool_)
    allow[np.random.default_rng(2).permutation(500)[:allowed]] = True
    scores, rows = index_of(tmp_path, vectors).search(queries, 20, allow=allow)
    assert rows.shape == scores.shape == (3, min(20, allowed))
    for at, query in enumerate(queries):
        best, where = expected(vectors, query, 20, allow)
        assert rows[at].tolist() == where
        np.testing.assert_array_equal(scores[at], best)


def test_filters_are_exact_over_many_chunks(tmp_path, monkeypatch):
    monkeypatch.setattr(module, "_CHUNK", 64)
    vectors, queries = unit(500, 24), unit(2, 24, seed=1)
    rows = index_of(tmp_path, vectors).search(queries, 5, allow=np.ones(500, dtype=np.bool_))[1]
    assert rows.tolist() == [expected(vectors, query, 5)[1] for query in queries]


def test_product_codes_lead_to_exact_scores(tmp_path, monkeypatch):
    monkeypatch.setattr(module, "HALF_UP_TO", 1_000)
    monkeypatch.setattr(module, "POOL", 200)
    vectors, queries = unit(2_000, 32), unit(20, 32, seed=1)
    vectors[::400] = vectors[0]
    index = index_of(tmp_path, vectors)
    assert (tmp_path / "vectors.faiss").stat().st_size < 2_000 * 32 * 2 / 2, "codes are small"
    scores, rows = index.search(queries, 10)
    hits = 0
    for at, query in enumerate(queries):
        where = expected(vectors, query, 10)[1]
        hits += len(set(where) & set(rows[at].tolist()))
        exact = dict(zip(expected(vectors, query, 2_000)[1], expected(vectors, query, 2_000)[0], strict=True))
        assert [exact[row] for row in rows[at].tolist()] == scores[at].tolist()
    assert hits >= 0.95 * 200


def test_vectors_of_odd_length_are_held_as_half_floats(tmp_path, monkeypatch):
    monkeypatch.setattr(module, "HALF_UP_TO", 100)
    vectors = unit(200, 25)
    assert index_of(tmp_path, vectors).search(vectors[:1], 1)[1].tolist() == [[0]]


def test_ties_go_to_the_lower_row_also_at_the_cut(tmp_path):
    vectors = unit(400, 16)
    vectors[50:350] = vectors[50]
    index = index_of(tmp_path, vectors)
    assert index.search(vectors[50:51], 5)[1].tolist() == [[50, 51, 52, 53, 54]]
    allow = np.ones(400, dtype=np.bool_)
    allow[50:60] = False
    assert index.search(vectors[50:51], 3, allow=allow)[1].tolist() == [[60, 61, 62]]
    assert index.search(np.zeros((1, 16), dtype=np.float32), 3)[1].tolist() == [[0, 1, 2]]


def test_a_pair_has_one_score_however_it_is_found(tmp_path):
    vectors, queries = unit(300, 24), unit(4, 24, seed=3)
    index = index_of(tmp_path, vectors)
    alone = [
        dict(zip(*(part[0].tolist() for part in index.search(queries[at : at + 1], 300)[::-1]), strict=True))
        for at in range(4)
    ]
    scores, rows = index.search(queries, 9)
    filtered, allowed = index.search(queries, 9, allow=np.arange(300) % 2 == 0)
    for at in range(4):
        assert scores[at].tolist() == [alone[at][row] for row in rows[at].tolist()]
        assert filtered[at].tolist() == [alone[at][row] for row in allowed[at].tolist()]
        assert index.scores(queries[at], rows[at]).tolist() == scores[at].tolist()


def test_scores_stay_within_cosine(tmp_path):
    vectors = unit(50, 24)
    scores, _ = index_of(tmp_path, vectors).search(np.vstack([vectors, -vectors]), 50)
    assert scores.max() <= 1
    assert scores.min() >= -1


def test_results_have_the_types_that_are_said(tmp_path):
    scores, rows = index_of(tmp_path, unit(5, 8)).search(unit(2, 8), 3)
    for found, said in ((scores, arrays.Float32Matrix), (rows, arrays.IntMatrix)):
        assert found.dtype == get_args(get_args(said)[1])[0]


def test_a_limit_of_nothing_or_no_query_answers_nothing(tmp_path):
    index = index_of(tmp_path, unit(5, 8))
    assert index.search(unit(2, 8), 0)[1].shape == (2, 0)
    assert index.search(unit(2, 8), -3)[1].shape == (2, 0)
    assert index.search(np.zeros((0, 8), dtype=np.float32), 3)[1].shape == (0, 3)


@pytest.mark.parametrize("query", [np.full((1, 8), np.nan), np.full((1, 8), np.inf), np.zeros((1, 7)), np.zeros(8)])
def test_queries_that_faiss_would_answer_with_nonsense_are_refused(tmp_path, query):
    with pytest.raises(ValueError, match="quer"):
        index_of(tmp_path, unit(5, 8)).search(query.astype(np.float32), 3)


def test_rows_are_the_float16_record(tmp_path):
    vectors = unit(9, 8)
    rows = index_of(tmp_path, vectors).rows(np.array([7, 0, 7]))
    assert rows.dtype == np.float32
    np.testing.assert_array_equal(rows, vectors.astype(np.float16)[[7, 0, 7]].astype(np.float32))


def test_a_faiss_file_that_is_none_or_of_other_vectors_is_damage(tmp_path):
    for content in (
        b"nonsense" * 20,
        b"",
        faiss_bytes(unit(4, 8).astype(np.float16)),
        faiss_bytes(unit(5, 6).astype(np.float16)),
    ):
        index = index_of(tmp_path, unit(5, 8))
        (tmp_path / "vectors.faiss").write_bytes(content)
        with pytest.raises(IndexDamagedError, match="faiss"):
            index.search(unit(1, 8), 1)


def test_rows_that_faiss_makes_up_are_damage(tmp_path):
    class Liar:
        def search(self, queries, limit):
            return np.zeros((len(queries), limit)), np.full((len(queries), limit), -1)

    index = index_of(tmp_path, unit(5, 8))
    index.check()
    index._faiss = Liar()
    with pytest.raises(IndexDamagedError, match="do not exist"):
        index.search(unit(1, 8), 5)


def test_rows_that_hold_no_number_are_damage(tmp_path):
    vectors = unit(5, 8)
    vectors[2] = np.nan
    with pytest.raises(IndexDamagedError, match="no number"):
        index_of(tmp_path, vectors).search(unit(1, 8), 5, allow=np.ones(5, dtype=np.bool_))


def test_missing_rows_are_damage(tmp_path):
    with pytest.raises(IndexDamagedError, match="f16"):
        VectorIndex(tmp_path, tmp_path, 5, 8)


def test_few_rows_are_scored_without_faiss_and_score_the_same(tmp_path, monkeypatch):
    vectors, query = unit(300, 24), unit(1, 24, seed=1)
    index = index_of(tmp_path, vectors)
    scores, rows = index.search(query, 9)
    monkeypatch.setattr(module, "DIRECT_UP_TO", 300)
    index._loaded = None
    direct, found = index.search(query, 9)
    assert (direct.tolist(), found.tolist()) == (scores.tolist(), rows.tolist())


def test_opening_and_listing_load_neither_numpy_nor_an_engine(tmp_path):
    build(tmp_path, NEW_NOTES)
    script = (
        "import sys; from pathlib import Path; from retriever.index import open_snapshot\n"
        "with open_snapshot(Path(sys.argv[1])) as snapshot: snapshot.catalog.all_papers()\n"
        "print([name for name in ('numpy', 'faiss', 'tantivy', 'filelock') if name in sys.modules])"
    )
    ran = subprocess.run([sys.executable, "-c", script, tmp_path], capture_output=True, text=True, check=True)
    assert ran.stdout.strip() == "[]"


def test_a_published_index_searches_what_was_embedded(tmp_path):
    build(tmp_path, NEW_NOTES)
    with open_snapshot(tmp_path) as snapshot:
        scores, rows = snapshot.vectors.search(encode(["On proteins. proteins. folding of proteins by diffusion"]), 1)
        assert snapshot.catalog.windows(rows[0])[0].text == "folding of proteins by diffusion"
        assert scores[0, 0] > 0.999
