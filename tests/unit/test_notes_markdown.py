from retriever.notes import Link
from retriever.notes.markdown import markdown_blocks


def blocks(text, skip=0):
    return markdown_blocks(text.split("\n"), skip)


def shape(text):
    return [(block.kind, block.level, block.first_line, block.last_line, block.text) for block in blocks(text)]


def test_headings_paragraphs_and_nested_bullets_keep_their_lines():
    text = "# A\n\nOne\ntwo\n\n- x\n\t- y\n\t  z\n\t- w\n- v\n\n## B\n"
    assert shape(text) == [
        ("heading", 1, 1, 1, "A"),
        ("paragraph", 0, 3, 4, "One\ntwo"),
        ("item", 1, 6, 6, "x"),
        ("item", 2, 7, 8, "y\nz"),
        ("item", 2, 9, 9, "w"),
        ("item", 1, 10, 10, "v"),
        ("heading", 2, 12, 12, "B"),
    ]


def test_a_second_paragraph_of_an_item_is_a_paragraph_at_its_depth():
    assert shape("- x\n\n  more\n") == [("item", 1, 1, 1, "x"), ("paragraph", 1, 3, 3, "more")]


def test_front_matter_is_skipped_and_lines_still_count():
    assert [(block.first_line, block.text) for block in blocks("---\na: 1\n---\n# A", skip=3)] == [(4, "A")]


def test_markup_is_taken_off_and_links_keep_their_place():
    (block,) = blocks("See **[Title](https://arxiv.org/abs/2001.00001)** and `code` _it_ ~~gone~~ ![pic](x.png)")
    assert block.text.rstrip() == "See Title and code it gone"
    assert block.links == (Link(4, 9, "https://arxiv.org/abs/2001.00001"),)
    assert block.strong == ((4, 9),)


def test_wikilinks_are_links_by_name():
    (block,) = blocks("As in [[HeKaiming2016CVPR|ResNet]] and [[Notes/Ideas]], see [[a]]")
    assert block.text == "As in ResNet and Notes/Ideas, see a"
    assert [(link.target, block.text[link.start : link.end], link.wiki) for link in block.links] == [
        ("HeKaiming2016CVPR", "ResNet", True),
        ("Notes/Ideas", "Notes/Ideas", True),
        ("a", "a", True),
    ]


def test_callouts_and_comments_lose_their_signs():
    callout, paragraph = blocks("> [!note] Mind this\n\ntext %%hidden%% on")
    assert callout.text == "Mind this"
    assert paragraph.text.split() == ["text", "on"]


def test_table_rows_are_blocks_with_their_links():
    head, row = blocks("| Paper | Year |\n| --- | --- |\n| [T](https://arxiv.org/abs/2001.00001) | **2020** |")
    assert (head.kind, head.first_line, head.text) == ("row", 1, "Paper | Year")
    assert (row.kind, row.first_line, row.text) == ("row", 3, "T | 2020")
    assert row.links == (Link(0, 1, "https://arxiv.org/abs/2001.00001"),)
    assert row.strong == ((4, 8),)


def test_code_keeps_its_lines():
    (block,) = blocks("```python\na = 1\nb = 2\n```")
    assert (block.kind, block.first_line, block.last_line, block.text) == ("code", 1, 4, "\na = 1\nb = 2")


def test_deep_indentation_is_a_bullet_and_never_code():
    assert [block.kind for block in blocks("        - deep\n        - deeper")] == ["item", "item"]


def test_html_is_read_as_html():
    text = "<h2 id='a'>Topic</h2>\n\n<details>\n<summary>More</summary>\n</details>\n\n- <div>in an item</div>\n"
    assert shape(text) == [
        ("heading", 2, 1, 1, "Topic"),
        ("paragraph", 0, 4, 4, "More"),
        ("paragraph", 1, 7, 7, "in an item"),
    ]


def test_a_line_break_tag_parts_words():
    (block,) = blocks("one<br>two")
    assert block.text == "one two"
