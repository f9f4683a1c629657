import json

from retriever.notes import read_note


def note(text):
    return read_note(text.encode(), folder="notes", file="note.ipynb")


def cell(kind, *source):
    return {"cell_type": kind, "metadata": {}, "source": list(source)}


def test_blocks_have_the_lines_of_the_file_itself():
    cells = [
        cell("markdown", "# Title\n", "\n", "See [it](https://a.org)\n", "and more"),
        cell("code", "x = 1\n", "y = 2\n"),
        cell("raw", "no"),
        cell("code", "\n"),
    ]
    text = json.dumps({"cells": cells, "nbformat": 4}, indent=1)
    lines = text.split("\n")
    read = note(text)
    heading, paragraph, code = read.blocks
    assert read.title == "Title"
    assert '"# Title' in lines[heading.first_line - 1]
    assert '"See [it]' in lines[paragraph.first_line - 1]
    assert '"and more' in lines[paragraph.last_line - 1]
    assert (paragraph.text, paragraph.links[0].target) == ("See it\nand more", "https://a.org")
    assert (code.kind, code.text) == ("code", "x = 1\ny = 2")
    assert '"y = 2' in lines[code.last_line - 1]


def test_a_source_on_one_line_has_that_line():
    text = '{"cells": [\n{"cell_type": "markdown", "source": "one\\ntwo\\n\\n# Three"}]}'
    assert [(block.first_line, block.last_line, block.text) for block in note(text).blocks] == [
        (2, 2, "one two"),
        (2, 2, "Three"),
    ]


def test_a_first_cell_of_front_matter_is_the_front():
    text = json.dumps({"cells": [cell("raw", "---\n", "title: T\n", "---"), cell("markdown", "Text")]}, indent=1)
    read = note(text)
    assert (read.title, [block.text for block in read.blocks]) == ("T", ["Text"])


def test_what_is_no_notebook_costs_a_warning():
    for text in ("{", "[1]", '{"cells": 1}', "[" * 100_000):
        read = note(text)
        assert not read.blocks
        assert len(read.warnings) == 1
        assert "notebook could not be read" in read.warnings[0]
    assert note('{"cells": [1, {"cell_type": 1, "source": []}, {"cell_type": "code", "source": [1]}]}').blocks == ()
