"""Whatever bytes a note holds, it is read; passages and windows lie in it and say what it says."""

from hypothesis import example, given
from hypothesis import strategies as st

from retriever.chunker import chunks
from retriever.chunker.windows import WORDS, Stretch, windows
from retriever.notes import read_note

PIECES = st.sampled_from(
    [
        *("# ", "## ", "- ", "\t- ", "  * ", "1. ", "> ", "---\n", "```\n", "\n", "\n\n", "`", "<b>", "![[", "%%"),
        *("word ", "注意力。", "🧠 ", "#tag ", "title: x\n", "ðŸ§\xa0", "\r\n", "\r", "\x0b", "\u2028", "**bold** "),
        *("arXiv:2507.17634. ", "This paper shows it. ", "A Title: Of Some Words\n", "a sentence that ends. "),
        *("[[@hu2022lora|LoRA]] ", "[Ada2025ICLR+](https://openreview.net/forum?id=SI2hI0frk6) "),
        *("| a | b |\n| - | - |\n| c | d |\n", "“Quoted Title Of A Kind” "),
    ]
)
TEXTS = st.lists(PIECES | st.text(max_size=20), max_size=60).map("".join)
FILES = st.sampled_from(["note.md", "note.txt", "papers/2017_some paper.md", "note.org"])


def check(content, file):
    note = read_note(content, folder="notes", file=file)
    found = chunks(note)
    assert [(one.passage.first_line, one.passage.last_line) for one in found] == sorted(
        (one.passage.first_line, one.passage.last_line) for one in found
    )
    assert len({one.passage.id for one in found}) == len(found)
    for one in found:
        passage = one.passage
        assert 1 <= passage.first_line <= passage.last_line <= len(note.lines)
        lines = note.lines[passage.first_line - 1 : passage.last_line]
        assert "".join(passage.text.split()) == "".join("".join(lines).split())
        for window in one.windows:
            assert passage.first_line <= window.first_line <= window.last_line <= passage.last_line
            assert len(window.text.split()) <= WORDS
            assert window.text.strip()
    return note


@given(st.binary(max_size=2_000), FILES)
def test_any_bytes_make_a_note(content, file):
    check(content, file)


@given(TEXTS, FILES)
@example("- [[@a2020|\n", "note.md")
def test_any_text_makes_passages_that_lie_in_it(text, file):
    note = check(text.encode("utf-8", "replace"), file)
    assert len(note.lines) == text.replace("\r\n", "\n").count("\n") + 1


@given(st.lists(st.tuples(TEXTS, st.integers(1, 1_000)), max_size=5))
def test_windows_hold_all_the_words_of_their_text_in_order(stretches):
    plain = [
        Stretch("".join(char for char in text if char.isalnum() or char in " .\n"), line) for text, line in stretches
    ]
    plain = [Stretch(stretch.text.replace("🧠", ""), stretch.first_line) for stretch in plain]
    words = [word for stretch in plain for word in stretch.text.split()]
    assert "".join("".join(window.text.split()) for window in windows(plain)) == "".join(words)
