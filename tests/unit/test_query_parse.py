"""What is syntax in a query, and what only looks so."""

import pytest

from retriever.errors import UsageError
from retriever.query.filters import NAMES, from_keywords, read_filter
from retriever.query.parse import PASTED, parse
from retriever.records import Filter, Query

PLAIN = [
    "C++",
    "O'Neil",
    "context-free grammars",
    "arXiv:1706.03762",
    "NEAR(attention",
    "https://arxiv.org/abs/1706.03762v2",
    "10.1145/3292500.3330701",
    "10:30",
    "-",
    "+",
    "- + --",
    '"',
    '"unbalanced phrase',
    'a 5" screen and a 7" one',
    'the so"called"thing',
    "title: subtitle",
    "venue: ICLR",
    "venue:",
    "Venue:ICLR",
    "preprint:2025",
    "(venue:ICLR)",
    "doi:10.1145/1",
    "-attention",
    "-a -b",
    '-"attention heads"',
    "losses of -5 dB",
    "gains of +5 points",
    "--fresh",
    "i++ + ++i",
    "state-of-the-art",
    '"the of"',
    "AND OR NOT * ? ~ ^ { } [ ] \\ / | & !",
    'foo:"bar baz"',
]


@pytest.mark.parametrize("text", PLAIN)
def test_what_only_looks_like_syntax_is_words(text):
    assert parse(text) == Query(text, typed=text)


@pytest.mark.parametrize(
    ("text", "ranked", "phrases", "absent"),
    [
        ('"exact phrase"', "exact phrase", ["exact phrase"], []),
        ('an "exact phrase" here', "an exact phrase here", ["exact phrase"], []),
        ("an “exact phrase”, typed by a phone", "an exact phrase, typed by a phone", ["exact phrase"], []),
        ("attention +noise", "attention noise", ["noise"], []),
        ("attention -noise", "attention", [], ["noise"]),
        ('attention -"softmax noise"', "attention", [], ["softmax noise"]),
        ('+"softmax noise"', "softmax noise", ["softmax noise"], []),
        ("languages -C++ +context-free", "languages context-free", ["context-free"], ["C++"]),
        ("+attention -noise", "attention", ["attention"], ["noise"]),
        ("attention -https://x.org", "attention", [], ["https://x.org"]),
        ("注意力 -机制", "注意力", [], ["机制"]),
        ('"Why trust?": an answer', "Why trust?: an answer", ["Why trust?"], []),
    ],
)
def test_phrases_must_stand_and_count_for_the_ranking_and_the_absent_do_neither(text, ranked, phrases, absent):
    assert parse(text) == Query(ranked, tuple(phrases), tuple(absent), typed=text)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("venue:ICLR", Filter("venue", "ICLR")),
        ('topic:"Diffusion models"', Filter("topic", "Diffusion models")),
        ("topic:“Diffusion models”", Filter("topic", "Diffusion models")),
        ("-tag:read", Filter("tag", "read", excluded=True)),
        ("+tag:#ml/vision", Filter("tag", "ml/vision")),
        ("year:2025", Filter("year", "2025", low=2025, high=2025)),
        ("year:2023..2025", Filter("year", "2023..2025", low=2023, high=2025)),
        ("year:2023..", Filter("year", "2023..", low=2023)),
        ("year:..2025,", Filter("year", "..2025", high=2025)),
        ("since:2025-09", Filter("since", "2025-09")),
        ("marker:🧠", Filter("marker", "🧠")),
        ("rating:>=4", Filter("rating", ">=4", low=4)),
        ("rating:4.5", Filter("rating", "4.5", low=4.5, high=4.5)),
        ("rating:..3", Filter("rating", "..3", high=3)),
        ("note:reading/a.md", Filter("note", "reading/a.md")),
        ("kind:Section", Filter("kind", "section")),
        ("has:abstract", Filter("has", "abstract")),
        ("author:李", Filter("author", "李")),
    ],
)
def test_a_filter_is_one_of_the_names_with_a_value_that_it_can_have(text, found):
    assert parse(text) == Query("", filters=(found,), typed=text)
    assert parse(f"  attention {text}\tnoise ").filters == (found,)
    assert parse(f"  attention {text}\tnoise ").text == "attention noise"


def test_less_and_more_than_a_rating_leave_it_out():
    assert read_filter("rating", ">4").low > 4
    assert read_filter("rating", "<4").high < 4


@pytest.mark.parametrize(
    "text", ["year:20x", "year:", "year:20232025", "year:..", "since:soon", "since:2025-13", "rating:good", "rating:6",
             "rating:..", "kind:note", "has:fun", "author:...", "venue:--", "tag:##", "topic:/"]
)  # fmt: skip
def test_a_value_that_a_filter_cannot_have_is_words_and_that_is_said(text):
    found = parse(f"attention {text}")
    assert (found.text, found.filters) == (f"attention {text}", ())
    said = [] if text.endswith(":") else [text]  # without a value it is a label
    assert [remark.split(" ")[0] for remark in found.remarks] == said


def test_what_is_left_out_may_be_left_out_of_what_a_filter_allows():
    assert parse("venue:ICLR -attention").absent == ("attention",)
    assert parse("-attention", [Filter("venue", "ICLR")]).absent == ("attention",)
    assert parse("-venue:ICLR").filters == (Filter("venue", "ICLR", excluded=True),)


@pytest.mark.parametrize("filler", ["word " * (PASTED // 5 + 1), "\n", "\n- item\n"])
def test_text_that_was_pasted_is_words_throughout(filler):
    text = f'He wrote "all you need" -twice {filler} year:2025'
    found = parse(text)
    assert (found.text, found.phrases, found.absent, found.filters) == (text, (), (), ())
    assert len(found.remarks) == 1
    assert parse(filler * 2).remarks == ()


def test_keywords_give_the_filters_that_text_gives():
    given = {
        "venue": ["ICLR", "ACL"], "year": 2025, "rating": 4.5, "topic": "Diffusion models", "kind": None, "tag": ()
    }  # fmt: skip
    text = 'venue:ICLR venue:ACL year:2025 rating:4.5 topic:"Diffusion models"'
    assert from_keywords(given) == parse(text).filters


def test_a_keyword_that_is_no_filter_is_a_type_error_and_a_value_that_cannot_be_a_usage_error():
    with pytest.raises(TypeError, match="venues"):
        from_keywords({"venues": "ICLR"})
    for value in (b"ICLR", True, [None, {}]):
        with pytest.raises(TypeError, match="venue"):
            from_keywords({"venue": value})
    with pytest.raises(UsageError, match="a year is"):
        from_keywords({"year": "20x"})


def test_every_name_takes_some_value():
    values = {"year": "2025", "since": "2025", "rating": "4", "kind": "paper", "has": "doi"}
    assert {read_filter(name, values.get(name, "x")).name for name in NAMES} == NAMES
