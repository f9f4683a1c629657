import pytest

from retriever.notes.plain import plain_blocks

BODY = "A sentence stands here, and it ends as sentences do."


def headings(text):
    return [(block.level, block.text) for block in plain_blocks(text.split("\n")) if block.kind == "heading"]


def test_a_short_line_over_text_is_a_heading_and_the_first_long_one_the_title():
    text = f"Blog\n\nNotes from a conference\n\n{BODY}\n\nResults\n\n{BODY}\n\nA Paper: And What It Does\n\n{BODY}"
    assert headings(text) == [(1, "Notes from a conference"), (2, "Results"), (2, "A Paper: And What It Does")]


@pytest.mark.parametrize(
    "line",
    [
        "It ends like a sentence.",
        "It ends in a colon:",
        "lower case at the start",
        "In simplified form, if",
        "L = 3 + x",
        "Figure 3 shows the loss",
        "By Somebody Else",
        "12 September 2023",
        "May 2026",
        "Source: the organisers",
        "← Back to blog",
        "For Engineers · April 24, 2026",
        "See https://example.org/page",
        "- A bullet of some words",
        "1. A numbered bullet of words",
        "One sentence here. And another one",
        "Word " * 60,
        "123 456",
        "Two lines\nof text together",
    ],
)
def test_what_only_looks_like_a_heading_is_none(line):
    assert headings(f"A title of words\n\n{BODY}\n\n{line}\n\n{BODY}") == [(1, "A title of words")]


def test_a_heading_without_text_under_it_is_none():
    assert headings(f"A title of words\n\n{BODY}\n\nKeep reading\n\nAll posts\n\nx = 3") == [(1, "A title of words")]


def test_a_heading_may_stand_over_a_heading_and_a_date_between():
    text = f"A title of words\n\n3 May 2026\n\n{BODY}\n\nTrends\n\nThe return of theory\n\n{BODY}"
    assert headings(text) == [(1, "A title of words"), (2, "Trends"), (2, "The return of theory")]


def test_other_scripts_have_headings_too():
    assert headings("A title of words\n\nText here. More.\n\n注意力机制\n\n这是一个关于注意力的句子. 是的.") == [
        (1, "A title of words"),
        (2, "注意力机制"),
    ]


def test_bullets_paragraphs_and_bare_links_keep_their_lines():
    text = (
        "Some text goes\nover two lines.\n\n- one (https://arxiv.org/abs/2001.00001).\n    - two\n  goes on\n3) three"
    )
    blocks = plain_blocks(text.split("\n"))
    assert [(b.kind, b.level, b.first_line, b.last_line, b.text) for b in blocks] == [
        ("paragraph", 0, 1, 2, "Some text goes\nover two lines."),
        ("item", 1, 4, 4, "one (https://arxiv.org/abs/2001.00001)."),
        ("item", 2, 5, 6, "two\ngoes on"),
        ("item", 1, 7, 7, "three"),
    ]
    assert [link.target for link in blocks[1].links] == ["https://arxiv.org/abs/2001.00001"]


def test_an_empty_note_has_no_blocks():
    assert plain_blocks([""]) == []
    assert plain_blocks(["", "  ", "\t"]) == []
