"""Two hundred random queries with filters, phrases and words left out, against a walk over all records."""

import pytest
from filter_oracle import FILTERS, brute_force, cosines, draw_query, drawing, generate, holds_any, write
from small_index import encode

from retriever.index import open_snapshot
from retriever.index.catalog_filters import allowed_rows, published
from retriever.query.filters import read_filter
from retriever.query.search import search

PAPERS = 150
QUERIES = 200


@pytest.fixture(scope="module")
def entries():
    return generate(PAPERS)


@pytest.fixture(scope="module")
def snapshot(entries, tmp_path_factory):
    folder = tmp_path_factory.mktemp("filters")
    write(entries, folder)
    with open_snapshot(folder) as opened:
        yield opened


def units(found):
    return [hit.paper.id if hit.paper else hit.passages[0].id for hit in found.hits]


@pytest.mark.parametrize("name", sorted(FILTERS))
def test_each_value_of_a_filter_allows_the_rows_of_the_passages_that_have_it(snapshot, entries, name):
    values, test = FILTERS[name]
    for value in values:
        rows = brute_force(entries, lambda one, mentions, value=value: test(value, one, mentions))
        wanted = sorted(row for own in rows.values() for row in own)
        assert allowed_rows(snapshot.catalog, [read_filter(name, value)]) == wanted, value
        others = allowed_rows(snapshot.catalog, [read_filter(name, value, excluded=True)])
        assert sorted([*wanted, *others]) == list(range(snapshot.count)), value


@pytest.mark.parametrize("seed", range(QUERIES))
def test_a_filtered_search_finds_all_that_may_answer_and_nothing_else(snapshot, entries, seed):
    text, ranked, accepts = draw_query(drawing(seed))
    found = brute_force(entries, accepts)
    hybrid = search(snapshot, text, limit=1000, mode="hybrid", encode=lambda query: encode([query])[0])
    assert sorted(units(hybrid)) == sorted(found), text
    lexical = search(snapshot, text, limit=1000, mode="lexical", encode=None)
    with_words = brute_force(entries, lambda one, mentions: accepts(one, mentions) and holds_any(one, ranked))
    assert sorted(units(lexical)) == sorted(with_words), text


@pytest.mark.parametrize("seed", range(0, QUERIES, 10))
def test_a_filtered_search_by_meaning_ranks_by_the_cosine_of_every_window_allowed(snapshot, entries, seed):
    text, _, accepts = draw_query(drawing(seed))
    asked = []

    def encoded(query):
        asked.append(query)
        return encode([query])[0]

    hits = search(snapshot, text, limit=7, mode="dense", encode=encoded).hits
    found = brute_force(entries, accepts)
    assert bool(asked) == bool(found)
    if found:
        scores = cosines(entries, snapshot.vectors.rows(range(snapshot.count)), found, encode(asked)[0])
        assert [hit.score for hit in hits] == pytest.approx(sorted(scores.values(), reverse=True)[:7], abs=1e-6)
        for hit in hits:
            unit = hit.paper.id if hit.paper else hit.passages[0].id
            assert hit.score == pytest.approx(scores[unit], abs=1e-6)


@pytest.mark.parametrize(
    ("date", "year", "arxiv", "known"),
    [
        ("2025-03-02", 2025, "2401.00001", "2025-03-02"),
        (None, 2025, "2507.17634", "2025-07"),
        (None, 2025, "2407.17634", "2025"),  # the conference was a year later
        (None, None, "2407.17634", "2024-07"),
        (None, None, "math/0309136", None),
        (None, None, None, None),
    ],
)
def test_a_paper_came_out_when_its_notes_say_so_as_far_as_they_do(date, year, arxiv, known):
    assert published(date, year, arxiv) == known
