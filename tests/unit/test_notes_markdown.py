from retriever.notes import Link
from retriever.notes.markdown import markdown_blocks, read


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


def test_text_behind_an_empty_item_is_no_item():
    assert shape("- \n[x](https://a.org)\n") == [("paragraph", 0, 2, 2, "x")]


def test_bare_addresses_are_links():
    (block,) = blocks("See https://arxiv.org/abs/2001.00001, or [this](https://a.org).")
    assert block.text == "See https://arxiv.org/abs/2001.00001, or this."
    assert [link.target for link in block.links] == ["https://arxiv.org/abs/2001.00001", "https://a.org"]


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


def fields(text):
    return [block.fields for block in blocks(text)]


def test_rows_have_values_by_the_head_of_their_table():
    text = "| **Paper** | Link |\n| - | - |\n| [T](u) | [![x](y)](https://a.org) |\n\n| Other |\n| - |\n| v |\n"
    assert fields(text) == [(), (("paper", "T"), ("link", "https://a.org")), (), (("other", "v"),)]


def test_properties_go_from_the_text_of_an_item_to_its_fields():
    text = "- [Title](https://a.org/1)\n  id:: 64-ab\n  year:: 2020\n  url:: [here](https://a.org/2)\n  by:: [[Ada]], [[Bo]]\n  The text.\n"
    (item,) = blocks(text)
    assert item.text == "Title\n\n\n\n\nThe text."
    assert item.fields == (("year", "2020"), ("url", "https://a.org/2"), ("by", "Ada, Bo"))
    assert item.links == (Link(0, 5, "https://a.org/1"),)


def test_properties_that_stand_alone_are_of_the_heading_or_item_above():
    heading, item, text = blocks("## Topic\n\nyear:: 2020\n\n- item\n\n  rating:: 5\n\nstd::vector is C++\n")
    assert (heading.fields, heading.last_line) == ((("year", "2020"),), 3)
    assert (item.fields, item.last_line) == ((("rating", "5"),), 7)
    assert text.text == "std::vector is C++"


def test_properties_at_the_top_of_a_page_are_its_front():
    found = read("title:: @A Paper\nurl:: https://a.org\n\n- text".split("\n"))
    assert found.front == {"title": "@A Paper", "url": "https://a.org"}
    assert [block.text for block in found.blocks] == ["text"]


def test_boxes_task_words_and_strokes_are_fields():
    text = "- [ ] open\n- [x] [done](https://a.org)\n- LATER read it\n- ~~gone~~ and **~~more~~**\n- TODOs\n\n## [X] Heading\n"
    assert [(block.text, block.fields) for block in blocks(text)] == [
        ("open", (("status", "todo"),)),
        ("done", (("status", "done"),)),
        ("read it", (("status", "later"),)),
        ("gone and more", (("struck", "gone more"),)),
        ("TODOs", ()),
        ("Heading", (("status", "done"),)),
    ]
    assert blocks(text)[1].links == (Link(0, 4, "https://a.org"),)


def test_citations_are_links_by_key_and_addresses_are_none():
    (block,) = blocks("See [see @hu2021, p. 3; -@li_2020.] and [me@x.org] or @ada, [x][y] [z](u)")
    assert block.text == "See [see @hu2021, p. 3; -@li_2020.] and [me@x.org] or @ada, [x][y] z"
    assert [link.target for link in block.links if link.wiki] == ["@hu2021", "@li_2020"]


def test_headings_need_no_space_and_tags_are_none():
    text = (
        "##Two\n\n#[Linked](https://a.org)\n\n#Attention Is All You Need\n\n#tag and text\n\n#Tag\n\n```\n##code\n```\n"
    )
    assert [(block.kind, block.level, block.text) for block in blocks(text)] == [
        ("heading", 2, "Two"),
        ("heading", 1, "Linked"),
        ("heading", 1, "Attention Is All You Need"),
        ("paragraph", 0, "#tag and text"),
        ("paragraph", 0, "#Tag"),
        ("code", 0, "\n##code"),
    ]


def test_math_is_left_as_it_is():
    text = "Let $a_1*b_1*c$ be $$d_2_e_$$ for $5 or $6 and $ x $.\n\n$$\na\n$$\n\n$$\nopen\n"
    first, display, last = blocks(text)
    assert first.text == "Let $a_1*b_1*c$ be $$d_2_e_$$ for $5 or $6 and $ x $."
    assert (display.kind, display.first_line, display.last_line, display.text) == ("paragraph", 3, 5, "$$\na\n$$")
    assert last.text == "$$\nopen"


def test_links_and_bold_in_html_are_links_and_bold():
    (block,) = blocks("See <a href='https://a.org'><b>it</b></a> <a name=x></a><i>now</i>")
    assert block.text == "See it now"
    assert block.links == (Link(4, 6, "https://a.org"),)
    assert block.strong == ((4, 6),)


def test_tables_in_html_have_values_by_name():
    text = "# T\n\n<table>\n<tr><th>Paper</th></tr>\n<tr><td><a href='https://a.org'>A</a></td></tr>\n</table>\n"
    assert fields(text)[2] == (("paper", "A"),)
    assert blocks(text)[2].first_line == 5


def test_code_spans_tags_and_comments_over_two_lines_keep_them():
    (block,) = blocks("See `a\nb` and ``c`d`` <!--\n--> here\n")
    assert block.text == "See a\nb and c`d \n here"
