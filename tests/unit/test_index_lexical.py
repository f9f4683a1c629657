"""BM25 of the lexical index against a count by hand, filters and coverage against brute force."""

import math
import tempfile

import numpy as np
import pytest
from small_index import add_note, finish

from retriever import words
from retriever.errors import IndexDamagedError, NotDurableError
from retriever.index import drafting, open_snapshot
from retriever.index.lexical import FIELD_WEIGHTS, LexicalIndex

# File, heading, title, name, key, authors, windows.
NOTES = [
    ("a.md", "Efficiency", "Sparse attention", None, "AdaLovelace2025ICLR", ("Ada Lovelace",),
     ["attention costs much", "keep what is sparse", "sparse sparse sparse"]),
    ("b.md", "Attention", None, "SPA", None, (), ["vision needs C++ and résumés", "attention attention noise"]),
    ("c.md", "Vision", "Residual networks", None, None, ("Kaiming He",), ["noise", "注意力机制 is attention", ""]),
    ("d.md", "Vision", None, None, None, (), ["noise", "noise", "noise"]),
]  # fmt: skip


@pytest.fixture(scope="module")
def index(tmp_path_factory):
    folder = tmp_path_factory.mktemp("lexical")
    with drafting(folder) as draft:
        for file, heading, title, name, key, authors, texts in NOTES:
            fields = {"heading_path": ("Notes", heading), "title": title, "name": name, "key": key, "authors": authors}
            add_note(draft, file, texts, **fields)
        finish(draft)
    return folder


@pytest.fixture(scope="module")
def lexical(index):
    with open_snapshot(index) as snapshot:
        yield snapshot.lexical


def fields_of_rows():
    """Return, by row, the terms of every field."""
    return [
        {
            "text": [*words.terms(text), *words.singles(text)],
            "headings": words.terms("Notes") + words.terms(heading),
            "title": words.terms(title or ""),
            "name": words.terms(name or ""),
            "key": words.key_terms(key or ""),
            "authors": [term for author in authors for term in words.terms(author)],
        }
        for _, heading, title, name, key, authors, texts in NOTES
        for text in texts
    ]


def bm25(terms, k1=1.2, b=0.75):
    """Return the score of every row by the textbook, summed over fields with their weights."""
    rows = fields_of_rows()
    scores = np.zeros(len(rows))
    for field, weight in FIELD_WEIGHTS.items():
        mean = sum(len(row[field]) for row in rows) / len(rows)
        for term in dict.fromkeys(terms):
            holding = sum(term in row[field] for row in rows)
            idf = math.log(1 + (len(rows) - holding + 0.5) / (holding + 0.5))
            for at, row in enumerate(rows):
                count = row[field].count(term)
                scores[at] += weight * idf * count * (k1 + 1) / (count + k1 * (1 - b + b * len(row[field]) / mean or 1))
    return scores


@pytest.mark.parametrize(
    "query",
    ["sparse attention", "noise", "Ada Lovelace", "AdaLovelace2025ICLR", "resume c++", "机制", "制", "vision noise"],
)
def test_ranking_is_that_of_bm25_counted_by_hand(lexical, query):
    terms = [*words.terms(query), *words.key_terms(query)]
    by_hand = bm25(terms)
    scores, rows = lexical.search(terms, 20)
    assert set(rows.tolist()) == set(np.flatnonzero(by_hand).tolist())
    np.testing.assert_allclose(scores, by_hand[rows], rtol=1e-4, atol=1e-4)
    assert list(zip(-scores, rows, strict=True)) == sorted(zip(-scores, rows, strict=True))


def test_ties_go_to_the_lower_row_also_at_the_cut(lexical):
    every = lexical.search(["nois"], 20)[1].tolist()
    assert every[:4] == [5, 8, 9, 10]
    for limit in range(1, 6):
        assert lexical.search(["nois"], limit)[1].tolist() == every[:limit]


def test_many_equal_windows_are_cut_at_the_lowest_rows(tmp_path):
    with drafting(tmp_path) as draft:
        add_note(draft, "many.md", ["equal words"] * 300)
        finish(draft)
    with open_snapshot(tmp_path) as snapshot:
        assert snapshot.lexical.search(["equal"], 7)[1].tolist() == list(range(7))


def test_a_term_repeated_in_a_query_counts_once(lexical):
    np.testing.assert_array_equal(lexical.search(["nois", "nois"], 9)[0], lexical.search(["nois"], 9)[0])


def test_a_filter_leaves_rows_out_and_scores_alone(lexical):
    terms = words.terms("sparse attention noise vision")
    scores, rows = lexical.search(terms, 20)
    for seed in range(8):
        allow = np.random.default_rng(seed).random(lexical.count) < 0.4
        some, allowed = lexical.search(terms, 20, allow=allow)
        keep = allow[rows]
        assert allowed.tolist() == rows[keep].tolist()
        np.testing.assert_allclose(some, scores[keep], atol=2e-4)
    assert lexical.search(terms, 20, allow=np.zeros(lexical.count, dtype=np.bool_))[1].tolist() == []


def test_document_frequency_counts_windows_not_fields(lexical):
    rows = fields_of_rows()
    for term in ["attent", "spars", "nois", "spa", "kaim", "notes", "note", "c++", "机制", "nowhere", "2025"]:
        assert lexical.document_frequency(term) == sum(any(term in terms for terms in row.values()) for row in rows)


def test_cover_sums_the_weights_of_terms_that_stand_in_any_field(lexical):
    weights = {"attent": 2.5, "spars": 1.25, "nois": 0.5, "kaim": 3.0, "nowhere": 9.0, "vision": 0.0, "": 4.0}
    rows = np.array([9, 0, 3, 0, 6, 4])
    by_hand = [
        sum(
            weight for term, weight in weights.items() if any(term in terms for terms in fields_of_rows()[row].values())
        )
        for row in rows
    ]
    np.testing.assert_allclose(lexical.cover(weights, rows), by_hand, rtol=1e-6)
    assert lexical.cover({}, rows).tolist() == [0] * 6
    assert lexical.cover(weights, np.zeros(0, dtype=np.int64)).tolist() == []
    assert lexical.cover({"nowhere": 1.0}, rows).tolist() == [0] * 6


@pytest.mark.parametrize(
    "phrase",
    ["sparse attention", "attention sparse", "what is sparse", "sparse sparse", "noise", "Ada Lovelace", "C++ résumés",
     "意力机制", "Notes Vision", "needs C++ and", "2025", "of the", ""],
)  # fmt: skip
def test_a_phrase_stands_where_its_terms_follow_each_other_in_one_field(lexical, phrase):
    wanted = words.terms(phrase)
    for fields in (tuple(FIELD_WEIGHTS), ("authors",), ("title", "name")):
        by_hand = [
            at
            for at, row in enumerate(fields_of_rows())
            if wanted
            and any(
                row[field][start : start + len(wanted)] == wanted
                for field in fields
                for start in range(len(row[field]))
                if not (field == "headings" and len(wanted) > 1)  # those are two headings
            )
        ]
        assert lexical.holding(wanted, fields).tolist() == by_hand


@pytest.mark.parametrize("terms", [[], [""], [" "], ["nowhere"]])
def test_no_words_find_nothing(lexical, terms):
    scores, rows = lexical.search(terms, 5)
    assert (scores.tolist(), rows.tolist()) == ([], [])
    assert lexical.search(["nois"], 0)[1].tolist() == []


@pytest.mark.parametrize(
    "query", ['"', "a AND OR", "title:(", "*", "text:[a TO", "\\", "\x00", "field:noise^3", "+-!{}~"]
)
def test_no_query_is_syntax(lexical, query):
    lexical.search([query, *words.terms(query)], 5)
    lexical.document_frequency(query)
    lexical.cover({query: 1.0}, np.arange(3))


def test_a_letter_that_folds_to_several_words_is_found(tmp_path):
    ligature = "\ufdfa"
    assert " " in words.fold(ligature)
    with drafting(tmp_path) as draft:
        add_note(draft, "a.md", [f"{ligature} once", "other"])
        finish(draft)
    with open_snapshot(tmp_path) as snapshot:
        (term,) = words.terms(ligature)
        assert snapshot.lexical.search([term], 5)[1].tolist() == [0]
        assert snapshot.lexical.document_frequency(term) == 1
        assert snapshot.lexical.cover({term: 2.0}, np.array([0, 1])).tolist() == [2.0, 0.0]


def test_another_number_of_windows_is_damage(index):
    generation = next(index.glob("gen-*"))
    with pytest.raises(IndexDamagedError, match="holds 11 windows, not 12"):
        LexicalIndex(index, generation, 12)


def test_a_folder_without_tantivys_files_is_damage(tmp_path):
    with pytest.raises(IndexDamagedError, match="lexical"):
        LexicalIndex(tmp_path, tmp_path, 1)
    (tmp_path / "lexical").mkdir()
    with pytest.raises(IndexDamagedError, match="cannot be read"):
        LexicalIndex(tmp_path, tmp_path, 1)


def test_reading_writes_nothing_into_the_index(index):
    before = sorted(path.as_posix() for path in index.rglob("*"))
    with open_snapshot(index) as snapshot:
        snapshot.lexical.search(["nois"], 5)
    assert sorted(path.as_posix() for path in index.rglob("*")) == before


def test_no_room_for_links_is_told_as_such(index, monkeypatch, tmp_path):
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "nowhere"))
    with open_snapshot(index) as snapshot, pytest.raises(NotDurableError):
        _ = snapshot.lexical


def test_what_tantivy_makes_of_damaged_files_is_damage(lexical):
    class PanicException(BaseException):
        """Of the name that Rust's panics have."""

    class Broken:
        def __init__(self, error):
            self.error = error

        def search(self, *_, **__):
            raise self.error

        def doc_freq(self, *_):
            raise self.error

    broken = LexicalIndex.__new__(LexicalIndex)
    broken.__dict__.update(lexical.__dict__)
    for error in (ValueError("torn"), PanicException("torn")):
        broken._searcher = Broken(error)
        with pytest.raises(IndexDamagedError, match="torn"):
            broken.search(["nois"], 3)
        with pytest.raises(IndexDamagedError, match="torn"):
            broken.document_frequency("nois")
    broken._searcher = Broken(KeyboardInterrupt())
    with pytest.raises(KeyboardInterrupt):
        broken.search(["nois"], 3)


def test_rows_that_do_not_exist_are_damage(lexical):
    short = LexicalIndex.__new__(LexicalIndex)
    short.__dict__.update(lexical.__dict__)
    short.count = 6
    with pytest.raises(IndexDamagedError, match="do not exist"):
        short.search(["nois"], 6)
