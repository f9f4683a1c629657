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


@given(st.text() | st.lists(PIECES).map("".join))
@example("")
def test_terms_are_those_of_the_tokens(text):
    assert words.terms(text) == [token.term for token in words.tokens(text)]
