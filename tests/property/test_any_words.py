"""The quick way to the terms of a text finds what the way that tells their places finds."""

from hypothesis import example, given
from hypothesis import strategies as st

from retriever import words

PIECES = st.sampled_from(
    [
        "The",
        "attention's",
        "don’t",
        "C++",
        "C#",
        "ResNet-50",
        "注意力",
        "力",
        "Rényi",
        "ﬁne",
        " ",
        "_",
        "\ufdfa",
        "가나",
    ]
)


@given(st.text() | st.lists(PIECES).map("".join), st.lists(PIECES, max_size=3).map(" ".join))
def test_tokens_among_terms_are_the_tokens_that_have_them_and_single_characters(text, query):
    wanted = set(words.terms(query))
    found = list(words.tokens_among(text, wanted))
    plain = [token for token in words.tokens(text) if token.term in wanted]
    assert [token for token in found if token in plain] == plain
    more = [token for token in found if token not in plain]
    assert all(token.end - token.start == 1 and token.term in words.singles(text) for token in more)
    assert [token.start for token in found] == sorted(token.start for token in found)
    assert set(words.singles(text)) & wanted <= {token.term for token in found}


@given(st.text() | st.lists(PIECES).map("".join))
@example("")
def test_terms_are_those_of_the_tokens(text):
    assert words.terms(text) == [token.term for token in words.tokens(text)]
