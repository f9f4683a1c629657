import io
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from retriever.cli.screen import Screen, clip, clip_left, pad, say, width, wrap
from retriever.records.printable import clean

HOSTILE = "a\x1b[31mb\x9b2Jc\u202ed\U000e0041e\x07f\udc80g"


def test_what_a_terminal_obeys_is_left_out():
    assert clean(HOSTILE) == "a[31mb2Jcdefg"


@given(st.text(st.characters(codec=None), max_size=60))
def test_cleaned_text_is_one_line_without_control_characters(text):
    cleaned = clean(text)
    joiners = {"\u200c", "\u200d"}
    assert all(c in joiners or not unicodedata.category(c).startswith(("Cc", "Cf", "Cs")) for c in cleaned)
    assert cleaned.splitlines() in ([], [cleaned])


def test_persian_and_emoji_keep_their_joiners():
    assert clean("می\u200cشود 👩\u200d💻") == "می\u200cشود 👩\u200d💻"


@pytest.mark.parametrize(
    ("text", "columns"),
    [
        ("plain", 5),
        ("注意力", 6),
        ("🔥", 2),
        ("⭐", 2),
        ("é", 1),
        ("e\u0301", 1),
        ("❤\ufe0f", 2),
        ("👩\u200d💻", 2),
        ("\x01bold\x02", 4),
        ("\x01注\x02", 2),
    ],
)
def test_width_counts_columns_and_not_characters(text, columns):
    assert width(text) == columns


@given(st.text(alphabet="ab \u6ce8\u610f🔥é\u0301-", max_size=80), st.integers(2, 20))
def test_wrapped_lines_fit_and_lose_nothing_but_spaces(text, columns):
    lines = wrap(text, columns)
    assert all(width(line) <= columns for line in lines)
    assert "".join(lines).replace(" ", "") == text.replace(" ", "")
    assert all(line == line.strip() and line for line in lines)


def test_words_stay_whole_and_chinese_breaks_anywhere():
    assert wrap("one two three", 8) == ["one two", "three"]
    assert wrap("注意力机制", 4) == ["注意", "力机", "制"]
    assert wrap("使用 BERT模型", 9) == ["使用 BERT", "模型"]


def test_clipping_marks_what_is_left_out():
    assert clip("short", 5) == "short"
    assert clip("something long", 8) == "somethi…"
    assert width(clip("注意力机制", 5)) <= 5
    assert clip_left("notes/deep/file.md", 8) == "…file.md"
    assert pad("注", 4) == "注  "


class Terminal(io.StringIO):
    def isatty(self):
        return True


def test_bold_and_links_are_for_terminals_only(monkeypatch):
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.delenv("NO_COLOR", raising=False)
    assert Screen.of(Terminal()).styled
    assert not Screen.of(io.StringIO()).styled
    monkeypatch.setenv("NO_COLOR", "1")
    assert not Screen.of(Terminal()).styled
    monkeypatch.delenv("NO_COLOR")
    monkeypatch.setenv("TERM", "dumb")
    assert not Screen.of(Terminal()).styled


def test_lines_are_as_wide_as_the_terminal_up_to_a_readable_width(monkeypatch):
    monkeypatch.setenv("COLUMNS", "60")
    assert Screen.of(io.StringIO()).columns == 60
    monkeypatch.setenv("COLUMNS", "300")
    assert Screen.of(io.StringIO()).columns == 100


def test_only_plain_web_addresses_become_links():
    screen = Screen(80, styled=True)
    assert screen.link("x", "https://a.org/b") == "\x1b]8;;https://a.org/b\x1b\\x\x1b]8;;\x1b\\"
    for address in (None, "javascript:alert(1)", "https://a.org/\x1b\\", "https://a.org/b c"):
        assert screen.link("x", address) == "x"
    assert Screen(80, styled=False).link("x", "https://a.org") == "x"


def test_emphasis_is_bold_or_starred():
    styled, plain = Screen(80, styled=True), Screen(80, styled=False)
    assert styled.finish(styled.emphasise("x")) == "\x1b[1mx\x1b[22m"
    assert plain.finish(plain.emphasise("x")) == "*x*"
    assert plain.bold("x") == "x"


def test_what_is_said_on_stderr_is_cleaned(capsys):
    say(HOSTILE)
    assert capsys.readouterr().err == "a[31mb2Jcdefg\n"
