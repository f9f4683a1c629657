"""Whatever bytes a file of any format holds, it makes blocks and passages that lie in it, in order."""

import io
import json
import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pypdf import PdfWriter
from pypdf.generic import DecodedStreamObject, DictionaryObject, NameObject

from retriever.chunker import chunks
from retriever.chunker.windows import WORDS
from retriever.notes import read_note
from retriever.notes.reading import SUFFIXES

CONTROLS = re.compile(r"[\x00-\x08\x0b-\x1f\x7f\ud800-\udfff]")
SUFFIXES_AND_NONE = sorted(SUFFIXES | {"", ".xyz"})

COMMON = (
    *("\n", "\n\n", "  ", "\t", "word ", "Two Words ", "注意力。", "https://arxiv.org/abs/2106.00001 ", '"', "'"),
    *("\\", "{", "}", "[", "]", "(", ")", "@key2020 ", "- ", "* ", "| a | b |\n", "$", "::", ": ", "#", "é"),
    *("\xf0\u0178\xa7\xa0", "\r\n", "\x0b", "\ud800"),
    # What makes papers of blocks, in any format.
    *("arXiv:2507.17634. ", "A Title: Of Some Words\n", "“Quoted Title Of A Kind” (Lee, 2020) ", "Lee et al. (2020). "),
    *("Authors: Ada Lee, Bo Chan\n", "Title: A Thing Of Note\n", "Year: 2020\n", "This paper shows it. "),
    *("(ICLR 2020) ", "4/5 ", "⭐⭐ ", "👩🏽‍🔬 ", "#tag ", "#[[two words]] ", "to read "),
)  # fmt: skip
PIECES = {
    ".md": (
        *("# ", "##Head\n", "- [ ] ", "[x](https://a.org)", "[[@key|Name]]", "[@key; @other]", "key:: value\n"),
        *("**b** ", "~~s~~ ", "<h2>T</h2>\n", "<table><tr><th>A<td>b\n", "<details>\n", "<a href=x>", "</a>"),
        *("$$\n", "```\n", "| - | - |\n", "---\n", "%%c%%", "id:: 1\n", "<!--", "TODO ", "> [!note] "),
        *("![i](u) ",),
    ),
    ".org": (
        *("* TODO Head :tag:\n", "** ", ":PROPERTIES:\n", ":YEAR: 2020\n", ":END:\n", "#+TITLE: T\n"),
        *("#+begin_src x\n", "#+end_src\n", "#+begin_quote\n", "[[https://a.org][shown]]", "[[id:1][Name]]"),
        *("[cite:@key]", "cite:key ", "*b* ", "/i/ ", "=v= ", "|---+---|\n", "- [X] ", "  + term :: text\n"),
        *("SCHEDULED: <2020-01-01>\n", "[fn:1] ", "# c\n", "#+todo: A | B\n"),
    ),
    ".rst": (
        *("=====\n", "-----\n", "Title\n=====\n", ".. note:: x\n", ".. code-block:: x\n", ".. [#] "),
        *(".. [Hu2020] ", ".. _name: https://a.org\n", "`shown <https://a.org>`_ ", "`name`_ ", "name_ "),
        *("[Hu2020]_ ", ":cite:`key` ", "**b** ", "``c`` ", ":field: value\n", "   ", "+---+---+\n"),
        *("+===+===+\n", "=== ===\n", "text::\n\n   ", "#. ", "a) ", ">>> x\n", "|sub| "),
        *(".. |sub| replace:: t\n", "..\n"),
    ),
    ".tex": (
        *("\\section{T}", "\\begin{itemize}\n", "\\item ", "\\end{itemize}\n", "\\cite{a,b}", "\\href{u}{t}"),
        *("\\url{u}", "\\textbf{", "%c\n", "\\begin{document}\n", "\\title{T}\n", "\\begin{tabular}{ll}\n"),
        *(" & ", "\\\\\n", "\\end{tabular}\n", "\\begin{verbatim}\n", "\\end{verbatim}\n"),
        *("\\begin{equation}\n", "\\end{equation}\n", '\\"o', "\\bibitem{k} ", "\\[", "\\]", "\\verb|x|"),
        *("\\caption{", "~"),
    ),
    ".html": (
        *("<h1>", "</h1>", "<p>", "<ul>", "<li>", "</ul>", "<table>", "<tr>", "<td>", "<th>", "</table>"),
        *("<a href='u'>", "</a>", "<b>", "<nav>", "</nav>", "<main>", "</main>", "<script>", "</script>"),
        *("<pre>", "</pre>", "<!--", "-->", "<title>", "</title>", "&amp;", "&#10;", "&#xd800;", "<br>"),
        *("<meta name=citation_author content=x>", "<header>", "<article>", "<input type=checkbox checked>"),
        *("<img ",),
    ),
    ".csv": (
        *("a,b,c\n", '"x\ny",', ",", ";", "title,year\n", '""', "1,2\n"),
    ),
    ".bib": (
        *("@article{key,\n", "title = {", "}", "},\n", "year = 2020,\n", 'note = "', '",\n'),
        *("@string{x = {y}}\n", " # ", "x # y", "@misc(k, ", "@comment{", "author = {A and B},\n"),
        *("abstract = {t},\n", "{\\'e}", "url = {http://a_b}\n", "\n}\n"),
    ),
    ".ris": (
        *("TY  - JOUR\n", "TI  - T\n", "AU  - A, B\n", "PY  - 2020\n", "ER  - \n", "AB  - t\n more\n"),
        *("T2  - v\n", "KW  - k\n"),
    ),
    ".json": (
        *('[{"title": "T", "year": 2020}]', '{"items": [', "]}", '{"title": "T",'),
        *('"author": [{"family": "F"}]}', "[", "]", ","),
    ),
    ".jsonl": (
        *('{"title": "T", "abstract": "\\ud800"}\n', '{"a": 1}\n', "{\n", "[]\n"),
        *('{"title": 1, "year": [2]}\n'),
    ),
    ".ipynb": (
        *('{"cells": [', '{"cell_type": "markdown", "source": ["# T\\n", "t"]}'),
        *('{"cell_type": "code", "source": "x"}', "]}", ",", "\n"),
    ),
}  # fmt: skip


def check(content, suffix):
    note = read_note(content, folder="notes", file=f"note{suffix}")
    firsts = [block.first_line for block in note.blocks]
    assert firsts == sorted(firsts)
    for block in note.blocks:
        assert 1 <= block.first_line <= block.last_line <= len(note.lines)
        assert block.text.count("\n") <= block.last_line - block.first_line
        assert block.kind in {"heading", "paragraph", "item", "row", "entry", "code"}
        assert 1 <= block.level <= 6 if block.kind == "heading" else block.level >= (block.kind == "item")
        for start, end in [*((link.start, link.end) for link in block.links), *block.strong]:
            assert 0 <= start <= end <= len(block.text)
        said = [block.text, *(part for field in block.fields for part in field), *(link.target for link in block.links)]
        assert not any(CONTROLS.search(text) for text in said)
        assert all(name == name.casefold() and name and value for name, value in block.fields)
    check_passages(note)
    return note


def check_passages(note):
    found = chunks(note)
    spans = [(one.passage.first_line, one.passage.last_line) for one in found]
    assert spans == sorted(spans)
    assert len({one.passage.id for one in found}) == len(found)
    for passage, windows in ((one.passage, one.windows) for one in found):
        assert 1 <= passage.first_line <= passage.last_line <= len(note.lines)
        lines = note.lines[passage.first_line - 1 : passage.last_line]
        assert "".join(passage.text.split()) == "".join("".join(lines).split())
        for window in windows:
            assert passage.first_line <= window.first_line <= window.last_line <= passage.last_line
            assert window.text.strip()
            # A character of Chinese counts as a word, and few of these pieces hold one.
            assert len(window.text.split()) <= WORDS


@pytest.mark.parametrize("suffix", SUFFIXES_AND_NONE)
def test_any_bytes_make_blocks_that_lie_in_the_file(suffix):
    @settings(max_examples=40, deadline=None)
    @given(st.binary(max_size=400))
    def holds(content):
        check(content, suffix)

    holds()


@pytest.mark.parametrize("suffix", sorted(PIECES))
def test_any_text_of_a_format_makes_blocks_that_lie_in_the_file(suffix):
    pieces = st.sampled_from(PIECES[suffix]) | st.sampled_from(COMMON) | st.text(max_size=6)

    @settings(max_examples=250, deadline=None)
    @given(st.lists(pieces, max_size=40).map("".join))
    def holds(text):
        note = check(text.encode("utf-8", "replace"), suffix)
        assert len(note.lines) == text.replace("\r\n", "\n").count("\n") + 1

    holds()


@pytest.mark.parametrize("suffix", [".md", ".org", ".tex", ".html", ".csv"])
def test_the_words_of_a_block_stand_in_its_lines(suffix):
    words = st.sampled_from(("alpha ", "beta ", "gamma\n", "delta\n\n"))

    @settings(max_examples=150, deadline=None)
    @given(st.lists(words | st.sampled_from(PIECES[suffix]), max_size=40).map("".join))
    def holds(text):
        note = read_note(text.encode(), folder="notes", file=f"note{suffix}")
        for block in note.blocks:
            lines = "\n".join(note.lines[block.first_line - 1 : block.last_line])
            for line, shown in enumerate(block.text.split("\n"), block.first_line):
                for word in re.findall("alpha|beta|gamma|delta", shown):
                    assert word in note.lines[line - 1], lines

    holds()


NAMES = (
    *("title", "author", "authors", "year", "issued", "date-parts", "id", "abstract", "DOI", "items"),
    *("content", "value", "type", "family", "given", "literal", "externalIds", "arxiv_id", "container-title"),
    *("cells", "cell_type", "source", "markdown", "code"),
)  # fmt: skip
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(NAMES) | st.text(max_size=4), inner, max_size=5)
    ),
    max_leaves=20,
)


@pytest.mark.parametrize(
    ("suffix", "indent"), [(".json", None), (".json", 1), (".jsonl", None), (".ipynb", 1), (".ipynb", None)]
)
def test_any_json_makes_blocks_that_lie_in_the_file(suffix, indent):
    @settings(max_examples=100, deadline=None)
    @given(JSON)
    def holds(value):
        check(json.dumps(value, indent=indent).encode(), suffix)

    holds()


STREAM = b"BT /F1 12 Tf 40 700 Td (Some text of a page) Tj 0 -14 Td (and a sec-) Tj 0 -14 Td (ond line) Tj ET"


def pdf(stream):
    writer = PdfWriter()
    page = writer.add_blank_page(width=595, height=842)
    font = {"/Type": "/Font", "/Subtype": "/Type1", "/BaseFont": "/Helvetica"}
    font = DictionaryObject({NameObject(name): NameObject(value) for name, value in font.items()})
    page[NameObject("/Resources")] = DictionaryObject(
        {NameObject("/Font"): DictionaryObject({NameObject("/F1"): font})}
    )
    content = DecodedStreamObject()
    content.set_data(stream)
    page[NameObject("/Contents")] = writer._add_object(content)
    writer.add_outline_item(title="Some text of a page", page_number=0)
    written = io.BytesIO()
    writer.write(written)
    return written.getvalue()


@settings(max_examples=120, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 2_000), st.binary(min_size=1, max_size=3)), max_size=8))
def test_a_damaged_pdf_makes_blocks_that_lie_in_its_text(damage):
    content = bytearray(pdf(STREAM))
    for place, piece in damage:
        start = place % len(content)
        content[start : start + len(piece)] = piece
    check(bytes(content), ".pdf")
