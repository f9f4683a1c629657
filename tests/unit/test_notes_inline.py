from retriever.notes import Link
from retriever.notes.inline import Inline, bare_urls, folded, is_address, shorn


def test_text_flows_with_a_line_feed_for_each_line_that_it_goes_on_to():
    inline = Inline()
    inline.flow("  \n one   two ", 3)
    inline.flow("three\n\nfour", 4)
    assert (inline.text, inline.first_line, inline.last_line) == ("one two three\n\nfour", 4, 6)


def test_links_and_bold_that_stay_open_end_with_the_block_and_at_words():
    inline = Inline(2)
    inline.add("See")
    inline.open_link("u")
    inline.open_strong()
    inline.add(" a b ")
    inline.close_link()
    inline.close_link()
    block = inline.block("item", 1)
    assert block.links == (Link(4, 7, "u"),)
    assert block.strong == ((4, 7),)
    assert block.first_line == block.last_line == 2


def test_the_cells_of_a_row_are_their_text_or_where_their_pictures_lead():
    row = Inline(1)
    assert row.cells() == []
    for shown, target in (("a\nb", "t"), ("", "u"), (" ", "v"), ("", None)):
        row.next_cell()
        if target:
            row.link(shown, target)
    assert row.cells() == ["a b", "u", "v", ""]


def test_addresses_end_before_the_punctuation_of_their_sentence():
    text = "See https://a.org/x_(y), (https://b.org/z). And http://c.org/?q=1!"
    assert [url for _, _, url in bare_urls(text)] == ["https://a.org/x_(y)", "https://b.org/z", "http://c.org/?q=1"]
    assert shorn("https://a.org/x)).") == "https://a.org/x"


def test_names_are_folded_and_addresses_told_from_names_of_notes():
    assert folded(" **Published  In**: ") == "published in"
    assert [is_address(target) for target in ("https://a.org", "doi:10.1/x", "./a.org", "A Note", "arXiv:2101.1")] == [
        True,
        True,
        True,
        False,
        True,
    ]
