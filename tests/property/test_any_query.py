import math

from hypothesis import given
from hypothesis import strategies as st
from toy import OUTLINE, WordEncoder

from retriever.errors import UsageError
from retriever.query.search import MAX_QUERY, search
from retriever.records import wire

WORDS = st.lists(st.sampled_from(OUTLINE.split()), max_size=12).map(" ".join)
# What looks like syntax, and what is it.
PIECES = st.sampled_from(
    'C++ O\'Neil "noise" "of the" "attention cancels" " - + -- +memory -memory -"a table" +C++ venue:ICLR -venue:ICLR '
    'year:2025 year:20x year:2024..2026 since:2025-09 author:Ada tag:x topic:Memory topic:nowhere topic:"Vision" '
    "marker:🧠 rating:>=4 rating:9 status:todo note:outline kind:x has:abstract 注意力 \u0130 ß ﷺ : "
    "NEAR( https://arxiv.org/abs/2507.17634 10:30 title: outline.md:17 Difrential TianzhuYe2025ICRL difusion".split(" ")
)
TEXTS = st.one_of(
    WORDS,
    st.lists(PIECES, max_size=6).map(" ".join),
    st.lists(st.one_of(PIECES, st.text(max_size=9)), max_size=8).map(" ".join),
    st.text(max_size=80),
    st.text(st.characters(), max_size=40),  # lone surrogates too
    st.text(st.sampled_from("\"'()[]{}:+-^~*?\\/&|! ab"), max_size=30),
    # Up to the bound, and beyond what counts as pasted.
    st.builds(lambda text, times: (text * times)[:MAX_QUERY], st.text(min_size=1, max_size=60), st.integers(1, 900)),
    st.builds(lambda pieces, times: (" ".join(pieces * times))[:MAX_QUERY], st.lists(PIECES), st.integers(1, 90)),
)


@given(TEXTS, st.sampled_from(["hybrid", "lexical", "dense"]), st.integers(1, 30))
def test_any_text_has_an_answer_and_the_same_one_twice(toy_snapshot, text, mode, limit):
    def ask():
        try:
            return search(
                toy_snapshot, text, limit=limit, mode=mode, encode=lambda query: WordEncoder().encode_query([query])[0]
            )
        except UsageError:
            assert not text.strip()
            return None

    found = ask()
    assert wire(found) == wire(ask())
    if found is None:
        return
    assert len(found.hits) <= limit
    assert [hit.rank for hit in found.hits] == list(range(1, len(found.hits) + 1))
    assert all(math.isfinite(hit.score) for hit in found.hits)
    assert len({hit.paper.id if hit.paper else hit.passages[0].id for hit in found.hits}) == len(found.hits)
    assert sorted(rank for group in found.groups for rank in group.ranks) == [hit.rank for hit in found.hits]
