import pytest

from retriever import words
from retriever.query.highlight import highlights


def marked(text, query):
    return [text[start:end] for start, end in highlights(text, set(words.terms(query)))]


@pytest.mark.parametrize(
    ("text", "query", "expected"),
    [
        ("the noise which Attention cancels", "attention that cancels noise", ["noise", "Attention", "cancels"]),
        ("cancelling, cancelled", "cancel", ["cancelling", "cancelled"]),
        ("Rényi entropy", "renyi", ["Rényi"]),
        ("自然语言处理很难", "语言处理", ["语言处理"]),
        ("nothing here", "attention", []),
        ("", "attention", []),
        ("the of and", "the of and", []),
    ],
)
def test_the_words_of_the_query_are_marked_in_whatever_form_they_stand(text, query, expected):
    assert marked(text, query) == expected


def test_spans_count_code_points_not_bytes():
    text = "🧠🔥 attention"
    assert highlights(text, {"attent"}) == ((3, 12),)
