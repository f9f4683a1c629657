import itertools

from hypothesis import given
from hypothesis import strategies as st

from retriever import words
from retriever.query.highlight import highlights

TEXTS = st.text(st.sampled_from("ab cé'’-_1语言処理🧠\n\ud83d"), max_size=60)


@given(TEXTS, TEXTS)
def test_spans_lie_inside_the_text_in_order_and_apart(text, query):
    spans = highlights(text, set(words.terms(query)))
    assert all(0 <= start < end <= len(text) for start, end in spans)
    assert all(before[1] < after[0] for before, after in itertools.pairwise(spans))


@given(TEXTS, TEXTS)
def test_a_code_point_is_marked_exactly_if_a_token_of_the_query_holds_it(text, query):
    terms = set(words.terms(query))
    marked = {at for start, end in highlights(text, terms) for at in range(start, end)}
    held = {at for token in words.tokens(text) if token.term in terms for at in range(token.start, token.end)}
    alone = {at for at, char in enumerate(text) if char in "语言処理" and words.fold(char) in terms}
    assert marked == held | alone
