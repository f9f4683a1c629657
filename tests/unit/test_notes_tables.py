import pytest

from retriever.notes import read_note


def rows(text, file="note.csv"):
    return read_note(text.encode(), folder="notes", file=file).blocks


def test_records_have_values_by_the_head_over_several_lines():
    text = 'Title,Authors,URL\n"A Paper, of sorts","Hu\nand Li",https://a.org/x.\n\nB,,\n'
    first, second = rows(text)
    assert (first.kind, first.first_line, first.last_line) == ("row", 2, 3)
    assert first.text == "A Paper, of sorts | Hu\nand Li | https://a.org/x."
    assert first.fields == (("title", "A Paper, of sorts"), ("authors", "Hu and Li"), ("url", "https://a.org/x."))
    assert [(first.text[link.start : link.end], link.target) for link in first.links] == [
        ("https://a.org/x", "https://a.org/x")
    ]
    assert (second.first_line, second.last_line, second.fields) == (5, 5, (("title", "B"),))


@pytest.mark.parametrize("sign", [",", ";", "\t", "|"])
def test_the_delimiter_is_found(sign):
    text = "\n".join(sign.join(line) for line in (("Title", "Note"), ("A", "one, two"), ("B", "three")))
    assert rows(text.replace("one, two", "one" if sign == "," else "one, two"), "note.tsv")[1].fields == (
        ("title", "B"),
        ("note", "three"),
    )


@pytest.mark.parametrize("text", ["A,https://a.org\nB,https://b.org\n", "1,2\n3,4\n", "a,a\nb,b\n", "x\ny\n"])
def test_a_table_without_a_head_has_rows_without_names(text):
    assert [row.fields for row in rows(text)] == [(), ()]


def test_a_quotation_mark_that_never_ends_costs_a_line():
    text = 'Title,Note\nA,"open\n' + "B,b\n" * 500
    found = rows(text)
    assert (found[0].first_line, found[0].last_line, found[0].text) == (2, 2, "A | open")
    assert len(found) == 501


def test_a_cell_over_the_bound_of_the_csv_module_is_read():
    assert rows("Title,Note\nA," + "x" * 200_000 + "\n")[0].fields[0] == ("title", "A")


def test_an_empty_table_has_no_rows():
    assert rows("\n\n") == ()
