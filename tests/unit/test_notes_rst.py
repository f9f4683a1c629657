from retriever.notes import read_note


def note(text):
    return read_note(text.encode(), folder="notes", file="note.rst")


def shape(text):
    return [(block.kind, block.level, block.first_line, block.last_line, block.text) for block in note(text).blocks]


def links(block):
    return [(block.text[link.start : link.end], link.target, link.wiki) for link in block.links]


def test_titles_take_their_level_from_the_order_of_their_lines():
    text = "=====\nTitle\n=====\n\nOne\n===\n\nTwo\n---\n\nThree\n=====\n\n-----\n\nA rule was above.\n"
    assert shape(text) == [
        ("heading", 1, 1, 3, "Title"),
        ("heading", 2, 5, 6, "One"),
        ("heading", 3, 8, 9, "Two"),
        ("heading", 2, 11, 12, "Three"),
        ("paragraph", 0, 16, 16, "A rule was above."),
    ]


def test_a_field_list_at_the_head_is_the_front_and_below_a_section_its_fields():
    text = "Title\n=====\n\n:Author: Ada\n:Tags: a,\n  b\n\nOne\n---\n\n:URL: https://a.org\n:Year: 2020\n\nText.\n\n:Loose: field\n"
    read = note(text)
    assert read.front == {"author": "Ada", "tags": "a, b"}
    _, one, paragraph, loose = read.blocks
    assert one.fields == (("url", "https://a.org"), ("year", "2020"))
    assert (one.first_line, one.last_line) == (8, 12)
    assert paragraph.text == "Text."
    assert (loose.kind, loose.text) == ("paragraph", "Loose: field")


def test_a_long_field_is_text_too():
    text = "T\n=\n\nOne\n---\n\n:Abstract: This abstract has more words than a value of a form would have,\n  so it is text.\n"
    _, one, paragraph = note(text).blocks
    assert one.last_line == 5
    assert (paragraph.first_line, paragraph.last_line) == (7, 8)
    assert paragraph.text.startswith("Abstract: This abstract")
    assert paragraph.text.endswith("\nso it is text.")


def test_lists_footnotes_and_terms_are_items():
    text = (
        "* one\n  goes on\n\n  - [x] two\n\n    more\n* three\n\n#. four\na) five\n\n.. [1] six\n.. [Hu2021] seven\n\n"
        "term\n    its meaning\n\nA. Author wrote this\nover two lines.\n"
    )
    assert shape(text) == [
        ("item", 1, 1, 2, "one\ngoes on"),
        ("item", 2, 4, 4, "two"),
        ("paragraph", 2, 6, 6, "more"),
        ("item", 1, 7, 7, "three"),
        ("item", 1, 9, 9, "four"),
        ("item", 1, 10, 10, "five"),
        ("item", 1, 12, 12, "six"),
        ("item", 1, 13, 13, "seven"),
        ("item", 1, 15, 15, "term"),
        ("paragraph", 1, 16, 16, "its meaning"),
        ("paragraph", 0, 18, 19, "A. Author wrote this\nover two lines."),
    ]
    assert [block.fields for block in note(text).blocks if block.fields] == [
        (("status", "done"),),
        (("key", "Hu2021"),),
    ]


def test_a_field_below_an_item_is_the_items():
    (item,) = note("* one\n\n  :year: 2020\n").blocks
    assert (item.fields, item.last_line) == ((("year", "2020"),), 3)


def test_directives_are_text_code_or_nothing():
    text = (
        ".. note:: Mind this\n   :class: x\n\n   The body\n   goes on.\n\n.. code-block:: python\n   :linenos:\n\n   x = 1\n\n   y = 2\n\n"
        ".. contents:: Here\n   :depth: 2\n\n.. a comment\n   of two lines\n\n.. _target: https://a.org\n\n"
        "Like this::\n\n    literal\n\n>>> 1 + 1\n2\n\n.. figure:: x.png\n\n   A caption.\n\nA line::\n\nno code.\n"
    )
    assert shape(text) == [
        ("paragraph", 0, 1, 1, "Mind this"),
        ("paragraph", 0, 4, 5, "The body\ngoes on."),
        ("code", 0, 7, 12, "\n\n\n   x = 1\n\n   y = 2"),
        ("paragraph", 0, 22, 22, "Like this:"),
        ("code", 0, 24, 24, "    literal"),
        ("code", 0, 26, 27, ">>> 1 + 1\n2"),
        ("paragraph", 0, 31, 31, "A caption."),
        ("paragraph", 0, 33, 33, "A line:"),
        ("paragraph", 0, 35, 35, "no code."),
    ]


def test_links_by_address_by_name_and_by_key():
    text = (
        "`Shown\n<https://a.org>`_ and `two words`_ and name_ and `lost`_ and word_ and `Again <name_>`__ and https://b.org.\n\n"
        "[Hu2021]_ [1]_ [#]_ :cite:`a,b` :cite:t:`c` :doc:`Guide <guide>` `<https://c.org>`_ `plain <text>`\n\n"
        ".. _two words: https://two.org\n.. _name: https://name.org\n"
    )
    first, second = note(text).blocks
    assert first.text == "Shown\n and two words and name and lost and word_ and Again and https://b.org."
    assert links(first) == [
        ("Shown", "https://a.org", False),
        ("two words", "https://two.org", False),
        ("name", "https://name.org", False),
        ("Again", "https://name.org", False),
        ("https://b.org", "https://b.org", False),
    ]
    assert second.text == "[@Hu2021]   @a, @b @c Guide https://c.org plain <text>"
    assert [target for _, target, _ in links(second)] == ["@Hu2021", "@a", "@b", "@c", "https://c.org"]


def test_markup_is_taken_off():
    text = "**bold** and *em* ``a*b`` 2*3*4 \\*kept\\* |sub| |lost|\n\n.. |sub| replace:: put in\n"
    (block,) = note(text).blocks
    assert block.text == "bold and em a*b 2*3*4 *kept* put in "
    assert block.strong == ((0, 4),)


def test_tables_of_both_kinds_have_values_by_name():
    text = (
        "===== ====\nPaper Year\n===== ====\nOne   2020\nTwo   2021\n===== ====\n\n"
        "+-------+------+\n| Paper | Year |\n+=======+======+\n| Long  | 2022 |\n| title |      |\n+-------+------+\n"
    )
    rows = note(text).blocks
    assert [(row.kind, row.first_line, row.last_line, row.text) for row in rows] == [
        ("row", 2, 2, "Paper | Year"),
        ("row", 4, 4, "One | 2020"),
        ("row", 5, 5, "Two | 2021"),
        ("row", 9, 9, "Paper | Year"),
        ("row", 11, 12, "Long title | 2022"),
    ]
    assert [row.fields for row in rows if row.fields] == [
        (("paper", "One"), ("year", "2020")),
        (("paper", "Two"), ("year", "2021")),
        (("paper", "Long title"), ("year", "2022")),
    ]


def test_a_border_that_nothing_closes_is_text():
    assert shape("=== ===\na   b\nc   d\n")[0][0] == "paragraph"


def test_line_blocks_lose_their_signs():
    assert shape("| one\n| two\n")[0][4] == "one\ntwo"


def test_links_without_a_name_take_their_targets_in_order():
    text = "See `one`__ and `two`__ and three__.\n\n__ https://a.org\n.. __: https://b.org\n__ https://c.org\n"
    (block,) = note(text).blocks
    assert links(block) == [
        ("one", "https://a.org", False),
        ("two", "https://b.org", False),
        ("three", "https://c.org", False),
    ]
