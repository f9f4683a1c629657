import pytest

from retriever.notes.frontmatter import MAX_BYTES, MAX_DEPTH, front_matter


def test_fields_and_the_lines_that_they_take():
    lines = ["---", "title: A", "tags: [x, y]", "year: 2020", "---", "text"]
    assert front_matter(lines) == ({"title": "A", "tags": ["x", "y"], "year": 2020}, 5, None)


def test_front_matter_may_be_toml():
    lines = ["+++", 'title = "A"', "draft = false", "+++", "text"]
    assert front_matter(lines) == ({"title": "A", "draft": False}, 4, None)
    _, taken, warning = front_matter(["+++", "title = " + "[" * 5_000, "+++"])
    assert taken == 3
    assert "could not be read" in warning


@pytest.mark.parametrize(
    "lines",
    [
        [],
        ["text"],
        ["---", "no end: 1"],
        ["---", "---", "text"],
        ["---", "a rule above", "---"],
        [" ---", "a: 1", "---"],
    ],
)
def test_notes_without_front_matter_lose_no_line(lines):
    assert front_matter(lines) == ({}, 0, None)


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        ("a: &x [1]\nb: *x", "aliases"),
        ("a: " + "[" * (MAX_DEPTH + 1) + "]" * (MAX_DEPTH + 1), "nested deeper"),
        ("a: " + "x" * MAX_BYTES, "longer than"),
        ("a: [", "front matter could not be read"),
        ("date: 2024-13-45", "front matter could not be read"),
        ("a: !!python/object/apply:os.getcwd []", "front matter could not be read"),
    ],
)
def test_a_bomb_or_a_mistake_is_taken_off_with_a_warning(body, reason):
    lines = ["---", *body.split("\n"), "---", "text"]
    fields, taken, warning = front_matter(lines)
    assert fields == {}
    assert taken == len(lines) - 1
    assert reason in warning


def test_front_matter_that_is_no_mapping_has_no_fields():
    assert front_matter(["---", "- a: 1", "---"]) == ({}, 3, None)
