from retriever.notes import read_note


def note(text):
    return read_note(text.encode(), folder="notes", file="note.org")


def shape(text):
    return [(block.kind, block.level, block.first_line, block.last_line, block.text) for block in note(text).blocks]


def test_headlines_give_their_state_priority_tags_and_drawer():
    text = (
        "* TODO [#A] LoRA :peft:llm:\nSCHEDULED: <2024-01-02 Tue>\n:PROPERTIES:\n:ID: 1\n:URL+: https://a.org\n:EMPTY:\n:END:\n"
        "Text.\n*** WAITING\n"
    )
    head, paragraph, third = note(text).blocks
    assert (head.kind, head.level, head.first_line, head.last_line, head.text) == ("heading", 1, 1, 7, "LoRA")
    assert head.fields == (
        ("status", "todo"),
        ("priority", "A"),
        ("tags", "peft, llm"),
        ("scheduled", "<2024-01-02 Tue>"),
        ("id", "1"),
        ("url", "https://a.org"),
    )
    assert paragraph.text == "Text."
    assert (third.level, third.text, third.fields) == (3, "", (("status", "waiting"),))


def test_keywords_and_the_first_drawer_are_the_front_and_a_note_names_its_own_states():
    text = (
        ":PROPERTIES:\n:ROAM_REFS: @hu2021\n:END:\n#+title: My notes\n#+TODO: UNREAD(u) | SKIMMED\n#+filetags: :a:\n"
        "#+filetags: :b:\n#+OPTIONS: toc:nil\n\n* UNREAD A paper\n"
    )
    read = note(text)
    assert read.front == {"roam_refs": "@hu2021", "title": "My notes", "filetags": ":a: :b:"}
    assert read.blocks[0].fields == (("status", "unread"),)


def test_lists_nest_by_their_columns_and_boxes_are_a_state():
    text = "- [X] one\n  goes on\n  - two\n    1) three\n\n    more\n+ [ ] four :: five\nafter\n"
    assert shape(text) == [
        ("item", 1, 1, 2, "one\ngoes on"),
        ("item", 2, 3, 3, "two"),
        ("item", 3, 4, 4, "three"),
        ("paragraph", 2, 6, 6, "more"),
        ("item", 1, 7, 7, "four: five"),
        ("paragraph", 0, 8, 8, "after"),
    ]
    assert [block.fields for block in note(text).blocks if block.fields] == [
        (("status", "done"),),
        (("status", "todo"),),
    ]


def test_blocks_are_code_or_prose_or_nothing():
    text = (
        "#+BEGIN_SRC python\nx = 1\n#+END_SRC\n#+begin_quote\nQuoted.\n#+end_quote\n#+begin_comment\nno\n#+end_comment\n"
        "# no\n-----\n:LOGBOOK:\nno\n:END:\n#+begin_src\nnever ends\n"
    )
    assert shape(text) == [
        ("code", 0, 1, 3, "\nx = 1"),
        ("paragraph", 0, 5, 5, "Quoted."),
        ("paragraph", 0, 15, 16, "#+begin_src\nnever ends"),
    ]


def test_a_drawer_that_another_headline_cuts_is_text():
    assert shape("* A\n:LOGBOOK:\n* B\n:END:\n")[1][:2] == ("paragraph", 0)


def test_rows_have_their_values_by_the_head_above_the_rule():
    text = "| Paper | Year |\n|---+---|\n| [[https://a.org][A]] | 2020 |\n"
    head, row = note(text).blocks
    assert (head.kind, head.text, head.fields) == ("row", "Paper | Year", ())
    assert (row.first_line, row.fields) == (3, (("paper", "A"), ("year", "2020")))
    assert [link.target for link in row.links] == ["https://a.org"]


def test_links_and_citations_of_every_kind():
    text = (
        "[[https://a.org][over\ntwo lines]] [[id:12][Named]] [[cite:hu2021]] [[Another note]] [[file:x.org][file]] [[*Here]] "
        "[cite/t:see @a; @b] citep:c,&d. <https://e.org> https://f.org. [fn:1]"
    )
    (block,) = note(text).blocks
    assert block.text == (
        "over\ntwo lines Named @hu2021 Another note file Here see @a; @b @c, @d. https://e.org https://f.org. "
    )
    assert [(block.text[link.start : link.end], link.target, link.wiki) for link in block.links] == [
        ("over\ntwo lines", "https://a.org", False),
        ("Named", "Named", True),
        ("@hu2021", "@hu2021", True),
        ("Another note", "Another note", True),
        ("file", "x.org", False),
        ("@a", "@a", True),
        ("@b", "@b", True),
        ("@c", "@c", True),
        ("@d", "@d", True),
        ("https://e.org", "https://e.org", False),
        ("https://f.org", "https://f.org", False),
    ]


def test_markup_is_taken_off_and_paths_are_left():
    (block,) = note("*bold /and slanted/* =a*b= ~c~ +gone+ and/or/not a*b*c 2 * 3").blocks
    assert block.text == "bold and slanted a*b c gone and/or/not a*b*c 2 * 3"
    assert block.strong == ((0, 16),)


def test_front_matter_of_a_site_is_read_too():
    read = note("---\ntitle: T\n---\n* A\n")
    assert read.title == "A"
    assert read.front == {"title": "T"}
    assert read.blocks[0].first_line == 4


def test_a_picture_shows_nothing():
    assert shape("Before [[./figure.png]] after\n")[0][4] == "Before  after"
