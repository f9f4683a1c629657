import gc

import pytest

from retriever.notes import read_note
from retriever.notes.encoding import decode, repair

BRAIN = "🧠"


def broken(text):
    """Return text as a program leaves it that read UTF-8 as Windows-1252."""
    return "".join(
        bytes([byte]).decode("cp1252", errors="ignore") or bytes([byte]).decode("latin-1")
        for byte in text.encode("utf-8")
    )


@pytest.mark.parametrize(
    ("content", "text"),
    [
        ("Rényi".encode(), "Rényi"),
        (b"\xef\xbb\xbf" + "Rényi".encode(), "Rényi"),
        ("Rényi".encode("utf-16"), "Rényi"),
        (b"\xfe\xff" + "Rényi".encode("utf-16-be"), "Rényi"),
    ],
)
def test_unicode_is_read_with_or_without_a_mark_and_without_a_word(content, text):
    assert decode(content) == (text, None)


def test_other_bytes_are_read_as_windows_1252_with_a_warning_that_names_the_line():
    assert decode(b"one\ncaf\xe9 \x93quoted\x94") == (
        "one\ncafé “quoted”",
        "line 2 is not UTF-8; read as Windows-1252",
    )
    assert decode(b"\x81\xe9")[0] == "\x81é"


@pytest.mark.parametrize("good", [BRAIN, "🚀", "🔥", "Hölder", "Schrödinger’s", "which\xa0leverages"])
def test_mojibake_is_repaired_beside_good_text_in_the_same_line(good):
    (line,), repairs = repair(f"fine “good” – text {broken(good)} and é")
    assert line == f"fine “good” – text {good} and é"
    assert {piece.line for piece in repairs} == {1}


def test_good_text_is_left_as_it_is():
    text = "“Quotes” – naïve café, 模型, Ünïcödé × ÷ §"
    assert repair(text) == ((text,), ())


def test_lines_are_counted_at_line_feeds_only():
    lines, _ = repair("a\r\nb\rc\x0bd\x85e\u2028f\ng")
    assert len(lines) == 3
    assert lines[0] == "a"


def test_control_characters_and_lone_surrogates_become_spaces():
    lines, _ = repair("a\x1b[31mb\x00c\ud800d\té")
    assert lines == ("a [31mb c d\té",)


def test_reading_a_note_leaves_the_garbage_collector_as_it_was():
    for collecting in (True, False):
        (gc.enable if collecting else gc.disable)()
        try:
            read_note(b"# A note", folder="n", file="a.md")
            assert gc.isenabled() is collecting
        finally:
            gc.enable()
