from retriever.notes import read_note
from retriever.notes.html import html_blocks
from retriever.notes.tags import Tag, Text, tags_and_texts


def note(text):
    return read_note(text.encode(), folder="notes", file="note.html")


def shape(text):
    return [(block.kind, block.level, block.first_line, block.last_line, block.text) for block in note(text).blocks]


def test_the_head_of_a_page_is_its_front():
    text = (
        "<!DOCTYPE html><html><head><title>Notes &amp;\n more</title><link rel=canonical href='https://a.org/x'>"
        '<meta name="description" content="About"><meta property="og:title" content="No"><meta name=empty content="">'
        "<style>p {}</style></head><body><p>Text</p><svg><title>No</title></svg></body></html>"
    )
    read = note(text)
    assert read.front == {"title": "Notes & more", "url": "https://a.org/x", "description": "About"}
    assert [block.text for block in read.blocks] == ["Text"]


def test_what_a_publisher_says_of_a_paper_goes_before_the_title_of_the_page():
    text = (
        "<title>Site</title><meta name=citation_title content='A Paper'><meta name=citation_author content='Hu, E'>"
        "<meta name=DC.Creator content='Li, B'><meta name=citation_arxiv_id content='2106.1'><meta name=dc.date content=2021>"
    )
    assert note(text).front == {"title": "A Paper", "authors": ["Hu, E", "Li, B"], "arxiv": "2106.1", "date": "2021"}


def test_navigation_is_left_out():
    text = (
        "<nav><a href=/>Home</a><nav>x</nav></nav><header><h1>Site</h1></header><div class='page sidebar'><div>no</div></div>"
        "<ul role=navigation><li>no</ul><p hidden>no</p><aside>no</aside><script>if (a<b) '<p>no'</script>"
        "<article><header><h1>Title</h1></header><p class=lead>Text</p></article><footer>no</footer><!-- no --><p>End"
    )
    assert [block.text for block in note(text).blocks] == ["Title", "Text", "End"]


def test_where_a_page_has_a_main_part_only_that_is_read():
    assert [block.text for block in note("<p>a</p><main><p>b</p></main><p>c</p>").blocks] == ["b"]


def test_text_keeps_its_lines_links_and_bold():
    text = "<h2>One\n <i>two</i></h2>\n<p>Some <b>bold</b>\n  <a href=' https://a.org\n'>link\n here</a>, a<br>b &lt;c&gt; &#10; d < e</p>"
    heading, block = note(text).blocks
    assert (heading.kind, heading.level, heading.first_line, heading.last_line) == ("heading", 2, 1, 2)
    assert (block.first_line, block.last_line) == (3, 6)
    assert block.text == "Some bold\n\nlink\nhere, a b <c> d < e"
    assert [(link.target, block.text[link.start : link.end]) for link in block.links] == [
        ("https://a.org", "link\nhere")
    ]
    assert [block.text[start:end] for start, end in block.strong] == ["bold"]


def test_lists_nest_without_their_end_tags():
    text = "<ul>\n<li><p>one</p><p>more</p>\n<ol><li>two</ol>\n<li><input type=checkbox checked> three\n</ul><dl><dt>term<dd>text</dl>"
    assert shape(text) == [
        ("item", 1, 2, 2, "one"),
        ("paragraph", 1, 2, 2, "more"),
        ("item", 2, 3, 3, "two"),
        ("item", 1, 4, 4, "three"),
        ("item", 1, 5, 5, "term"),
        ("paragraph", 1, 5, 5, "text"),
    ]
    assert note(text).blocks[3].fields == (("status", "done"),)


def test_rows_have_values_by_the_head_and_pictures_lead_somewhere():
    text = (
        "<table><caption>C</caption><tr><th>Paper<th>Link</tr>\n<tr><td><p>One</p>\n<p>two</p></td>\n<td><a href=u><img></a></td></tr>"
        "<tr></tr><tr><th>x</th><td>y</td></tr></table><table><tr><td>z</table>"
    )
    _, head, row, other, alone = note(text).blocks
    assert (head.kind, head.text, head.fields) == ("row", "Paper | Link", ())
    assert (row.first_line, row.last_line, row.text) == (2, 3, "One\ntwo | ")
    assert row.fields == (("paper", "One two"), ("link", "u"))
    assert other.fields == (("paper", "x"), ("link", "y"))
    assert alone.fields == ()


def test_code_keeps_its_lines_and_a_link_around_a_heading_stays():
    text = "<pre><code>\nx = 1\n  y</code>\n</pre><a href=u><h3>Card</h3></a><pre></pre><pre>open\n"
    code, card, last = note(text).blocks
    assert (code.kind, code.first_line, code.last_line, code.text) == ("code", 1, 4, "\nx = 1\n  y")
    assert (card.kind, card.level, card.links[0].target) == ("heading", 3, "u")
    assert (last.kind, last.text) == ("code", "open")


def test_a_stretch_inside_another_format_starts_at_its_line_and_depth():
    text = "<details>\n<summary>More</summary>\n<nav>kept</nav></details>"
    assert [(block.level, block.first_line, block.text) for block in html_blocks(text, 7, 2)] == [
        (2, 8, "More"),
        (2, 9, "kept"),
    ]


def test_signs_that_open_nothing_are_text():
    parts = list(tags_and_texts("a < b <3 </> <!-- open <a <b x='1' x=2 checked>\n<![CDATA[c]]><?php ?></B>d"))
    assert parts[0] == Text("a < b <3 ", 1)
    tag = next(part for part in parts if isinstance(part, Tag))
    assert (tag.name, tag.closes, tag.attributes) == ("b", False, {"x": "1", "checked": ""})
    assert parts[-2:] == [Tag("b", 2, True, ""), Text("d", 2)]


def test_code_keeps_the_lines_of_what_it_does_not_show():
    (code,) = note("<pre>a<!--\n\n-->b</pre>").blocks
    assert (code.last_line, code.text) == (3, "a\n\nb")
