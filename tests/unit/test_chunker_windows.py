from retriever.chunker.windows import WORDS, Stretch, windows


def test_a_short_text_is_one_window_with_its_lines():
    (one,) = windows([Stretch("It starts here\nand goes on. It ends.", 7)])
    assert (one.ordinal, one.first_line, one.last_line) == (0, 7, 8)
    assert one.text == "It starts here and goes on. It ends."


def test_windows_are_cut_at_sentences_and_are_about_alike():
    text = " ".join(f"Sentence number {n} has seven words." for n in range(50))
    found = windows([Stretch(text, 1)])
    sizes = [len(window.text.split()) for window in found]
    assert all(window.text.startswith("Sentence") and window.text.endswith(".") for window in found)
    assert max(sizes) <= WORDS
    assert min(sizes) > WORDS / 2
    assert " ".join(window.text for window in found) == text


def test_a_sentence_longer_than_a_window_is_cut_at_words():
    text = " ".join(f"word{n}" for n in range(250))
    found = windows([Stretch(text, 1)])
    assert max(len(window.text.split()) for window in found) <= WORDS
    assert " ".join(window.text for window in found) == text


def test_text_without_spaces_is_cut_too():
    assert len(windows([Stretch("注意力" * 100, 1)])) >= 3
    assert len(windows([Stretch("x" * 50_000, 1)])) >= 2


def test_each_window_has_the_lines_of_its_own_sentences():
    stretches = [Stretch("\n".join(f"Line {n} says a few words of its own." for n in range(1, 41)), 1)]
    for window in windows(stretches):
        assert window.text.startswith(f"Line {window.first_line} ")
        assert f"Line {window.last_line} " in window.text
        assert f"Line {window.last_line + 1} " not in window.text


def test_markers_are_left_out_and_nothing_makes_no_window():
    assert windows([Stretch("Fine work #🧠 ⭐⭐", 1)])[0].text == "Fine work"
    assert windows([]) == ()
    assert windows([Stretch(" \n ", 1)]) == ()


def test_an_abstract_shares_no_window_with_the_words_after_it():
    found = windows(
        [Stretch("They bound it.", 3, imported=True), Stretch("I doubt the bound.", 5), Stretch("Still.", 6)]
    )
    assert [(one.ordinal, one.first_line, one.text, one.imported) for one in found] == [
        (0, 3, "They bound it.", True),
        (1, 5, "I doubt the bound. Still.", False),
    ]
