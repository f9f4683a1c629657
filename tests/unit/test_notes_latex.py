import pytest

from retriever.notes import read_note
from retriever.notes.accents import plain_address, plain_text


def note(text):
    return read_note(text.encode(), folder="notes", file="note.tex")


def shape(text):
    return [(block.kind, block.level, block.first_line, block.last_line, block.text) for block in note(text).blocks]


def links(block):
    return [(block.text[link.start : link.end], link.target, link.wiki) for link in block.links]


def test_the_preamble_is_the_front_and_no_text():
    text = (
        '\\documentclass[a4]{article}\n\\title[Short]{On \\emph{LoRA}\\thanks{us}}\n\\author{G\\"odel \\and Erd\\H{o}s}\n\\date{\\today}\n'
        "\\begin{document}\n\\maketitle\n\\begin{abstract}\nText.\n\\end{abstract}\n\\end{document}\n"
    )
    read = note(text)
    assert read.front == {"title": "On LoRA", "author": "Gödel, Erdős"}
    assert read.title == "On LoRA"
    assert [(block.first_line, block.text) for block in read.blocks] == [(8, "Text.")]


def test_without_a_document_title_and_text_are_read_as_they_come():
    read = note("\\title{T}\n\\author{A}\nText\n")
    assert read.front == {"title": "T", "author": "A"}
    assert read.blocks[0].text == "Text"


def test_sections_have_levels_and_keep_their_lines():
    text = "\\chapter{A}\n\\section*{B \\label{b}\n  goes on}\n\\subsection[short]{C}\nText.\n\\paragraph{D} more\n\\section no braces\n"
    assert shape(text) == [
        ("heading", 1, 1, 1, "A"),
        ("heading", 2, 2, 3, "B\ngoes on"),
        ("heading", 3, 4, 4, "C"),
        ("paragraph", 0, 5, 5, "Text."),
        ("heading", 5, 6, 6, "D"),
        ("paragraph", 0, 6, 6, "more"),
        ("paragraph", 0, 7, 7, "no braces"),
    ]


def test_a_heading_that_lost_its_brace_does_not_swallow_the_note():
    assert shape("\\section{" + "word " * 500 + "\n\n}")[0][0] == "paragraph"


def test_lists_nest_and_labels_are_bold():
    text = (
        "\\begin{itemize}[noitemsep]\n\\item one\n  goes on\n\n  more\n\\item[Label:] two\n\\item[] three\n"
        "\\begin{enumerate}\n\\item four\n\\end{enumerate}\n\\end{itemize}\nAfter.\n"
    )
    assert shape(text) == [
        ("item", 1, 2, 3, "one\ngoes on"),
        ("paragraph", 1, 5, 5, "more"),
        ("item", 1, 6, 6, "Label: two"),
        ("item", 1, 7, 7, "three"),
        ("item", 2, 9, 9, "four"),
        ("paragraph", 0, 12, 12, "After."),
    ]
    assert note(text).blocks[2].strong == ((0, 6),)


def test_links_and_citations_are_links():
    text = "\\href{https://a.org/x\\_y}{Shown\nhere} \\url{https://b.org/\\%7E} see~\\citep[p.~2]{a, b}. \\cite{}\\nolinkurl{u}"
    (block,) = note(text).blocks
    assert block.text == "Shown\nhere https://b.org/%7E see [@a, @b]. u"
    assert links(block) == [
        ("Shown\nhere", "https://a.org/x_y", False),
        ("https://b.org/%7E", "https://b.org/%7E", False),
        ("@a", "@a", True),
        ("@b", "@b", True),
        ("u", "u", False),
    ]


def test_commands_go_and_what_they_shape_stays():
    text = (
        "\\textbf{bold \\emph{text}} 5\\% \\& 3\\$ ``quoted'' a--b na\\\"ive % comment\n\\vspace{2em}\\textcolor{red}{red}"
        "\\footnote{Below.} \\verb|x_y| \\verb|\\foo{kept} a \\\\ b\\par New\n"
    )
    first, second = note(text).blocks
    assert first.text == "bold text 5% & 3$ “quoted” a–b naïve\nred Below. x_y |kept a b"
    assert first.strong == ((0, 9),)
    assert second.text == "New"


def test_math_and_code_are_left_as_they_are():
    text = (
        "Let $a_1 \\le b$ and \\(c\\) cost \\$5.\n\\begin{align*}\nx &= y \\\\\n\\end{align*}\n$$\nz\n$$\n"
        "\\begin{lstlisting}\ni = {1\n\\end{lstlisting}\n\\begin{tikzpicture}\nno\n\\end{tikzpicture}\n\\begin{verbatim}\nlost\n"
    )
    paragraph, code, rest = note(text).blocks
    assert paragraph.text == "Let $a_1 \\le b$ and \\(c\\) cost $5.\n\nx &= y \\\\\n\n$$\nz\n$$"
    assert (code.kind, code.first_line, code.last_line, code.text) == ("code", 8, 10, "\ni = {1")
    assert rest.text == "lost"


def test_rows_of_tables_have_values_by_the_first_one():
    text = (
        "\\begin{table}\n\\caption{Some \\textbf{papers}}\n\\begin{tabular}{ll}\n\\toprule\nPaper & Year \\\\ \\midrule\n"
        "\\href{https://a.org}{One} & 2020 \\\\[2pt]\n & 2021 \\\\\n\\multicolumn{2}{c}{Both}\n\\end{tabular}\n\\end{table}\n"
        "\\begin{tabularx}{\\textwidth}{l}\nx\n\\end{tabularx}\n"
    )
    caption, head, one, two, both, _ = note(text).blocks
    assert (caption.kind, caption.text) == ("paragraph", "Some papers")
    assert (head.kind, head.first_line, head.text, head.fields) == ("row", 5, "Paper | Year", ())
    assert one.fields == (("paper", "One"), ("year", "2020"))
    assert links(one) == [("One", "https://a.org", False)]
    assert two.fields == (("year", "2021"),)
    assert both.text == "Both"


def test_a_bibliography_gives_items_with_keys():
    text = "\\begin{thebibliography}{9}\n\\bibitem[Hu]{hu2021} Hu. LoRA.\n\\bibitem{} None.\n\\end{thebibliography}\n"
    one, two = note(text).blocks
    assert (one.kind, one.text, one.fields) == ("item", "Hu. LoRA.", (("key", "hu2021"),))
    assert two.fields == ()


@pytest.mark.parametrize(
    ("latex", "text"),
    [
        ('G{\\"o}del', "Gödel"),
        ("Erd\\H{o}s, \\v{C}ech, \\c c, \\'{\\i}, \\~n, \\r{a}", "Erdős, Čech, ç, í, ñ, å"),
        ("{\\O}re Stra{\\ss}e \\L{}ukasz {\\ae}", "Øre Straße Łukasz æ"),
        ("{LoRA}: {A} \\emph{Study} of $x_{1}$", "LoRA: A Study of $x_{1}$"),
        ("R\\&D at 5\\% \\_x\\_ \\{a\\}", "R&D at 5% _x_ {a}"),
        ("``a'' -- b---c~d", "“a” – b—c d"),
        ("  plain \n text ", "plain text"),
        ("\\'{} odd", "' odd"),
    ],
)
def test_values_lose_their_latex(latex, text):
    assert plain_text(latex) == text


def test_addresses_keep_the_signs_that_latex_gives_a_meaning():
    assert plain_address("{http://a.org/x\\_y\\%20\\~{}me--z}") == "http://a.org/x_y%20~me--z"
