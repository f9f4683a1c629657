"""Packed texts: what comes out is what went in, and what is no packed text is refused."""

import zlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from retriever.index import packing
from retriever.index.packing import packed, unpacked

TEXT = st.text(alphabet=st.characters(exclude_categories=["Cs"]))


@given(text=TEXT, windows=st.none() | TEXT)
def test_a_text_comes_out_as_it_went_in(text, windows):
    assert unpacked(packed(text, windows), windows) == text


def test_a_text_that_its_windows_hold_takes_next_to_nothing():
    windows = "\n".join(f"Window {number} says that {number * 7919} is a number." for number in range(40))
    assert len(packed(windows[30:], windows)) < 30 < len(packed(windows[30:])) // 5


def test_nothing_stays_nothing():
    assert packed(None) is None
    assert unpacked(None) is None


@pytest.mark.parametrize("content", [b"", b"\xff\xff", packed("a text that is long enough")[:-3]])
def test_what_is_no_packed_text_is_refused(content):
    with pytest.raises((ValueError, zlib.error)):
        unpacked(content)


def test_a_bomb_is_refused(monkeypatch):
    monkeypatch.setattr(packing, "LONGEST", 1_000)
    assert len(unpacked(packed("a" * 1_000))) == 1_000
    with pytest.raises(ValueError, match="no end"):
        unpacked(packed("a" * 1_001))
