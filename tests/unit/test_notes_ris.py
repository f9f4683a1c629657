from retriever.notes import read_note


def entries(text):
    return read_note(text.encode(), folder="notes", file="library.ris").blocks


def test_references_give_fields_in_the_names_of_bibtex():
    text = (
        "TY  - CPAPER\r\nTI  - A title\r\nAU  - Hu, Edward\r\nAU  - Li, B\r\nT2  - Proc. of X\r\nPY  - 2020/01/02/\r\nAB  - Long\r\n"
        "  abstract\r\nKW  - one\r\nKW  - two\r\nDO  - 10.1/x\r\nXX  - unknown\r\nID  - hu2020\r\nER  - \r\n"
    )
    (block,) = entries(text)
    assert (block.kind, block.first_line, block.last_line) == ("entry", 1, 14)
    assert dict(block.fields) == {
        "type": "inproceedings",
        "title": "A title",
        "booktitle": "Proc. of X",
        "year": "2020",
        "abstract": "Long abstract",
        "doi": "10.1/x",
        "key": "hu2020",
        "author": "Hu, Edward and Li, B",
        "keywords": "one, two",
    }
    assert block.text == "A title. Edward Hu, B Li. Proc. of X 2020.\nLong abstract one, two."


def test_references_without_an_end_end_where_the_next_begins():
    text = "rubbish\nTY  - JOUR\nTI  - One\nPY  - \n\nTY  - ABCD\nTI  - Two\nY1  - undated\n"
    one, two = entries(text)
    assert (one.first_line, one.last_line, dict(one.fields)["title"]) == (2, 4, "One")
    assert (two.first_line, two.last_line) == (6, 8)
    assert dict(two.fields) == {"type": "misc", "title": "Two"}
