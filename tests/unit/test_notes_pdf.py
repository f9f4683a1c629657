import io
import logging

import pytest
from pypdf import PageObject, PdfWriter
from pypdf.generic import DecodedStreamObject, DictionaryObject, NameObject

from retriever.notes import pdf, read_note


def written(*pages, outline=(), title=None, locked_by=None):
    """Return a PDF: lines for each page, (title, page, place of the one above or None) for each bookmark."""
    writer = PdfWriter()
    font = {"/Type": "/Font", "/Subtype": "/Type1", "/BaseFont": "/Helvetica"}
    font = DictionaryObject({NameObject(name): NameObject(value) for name, value in font.items()})
    for lines in pages:
        page = writer.add_blank_page(width=595, height=842)
        page[NameObject("/Resources")] = DictionaryObject(
            {NameObject("/Font"): DictionaryObject({NameObject("/F1"): font})}
        )
        content = DecodedStreamObject()
        shown = " ".join(f"({line}) Tj T*" for line in lines)
        content.set_data(f"BT /F1 12 Tf 14 TL 40 700 Td {shown} ET".encode("latin-1"))
        page[NameObject("/Contents")] = writer._add_object(content)
    marks = []
    for name, page, above in outline:
        parent = None if above is None else marks[above]
        marks.append(writer.add_outline_item(title=name, page_number=page, parent=parent))
    if title is not None:
        writer.add_metadata({"/Title": title, "/Author": "Ada"})
    if locked_by is not None:
        writer.encrypt(locked_by, algorithm="RC4-128")
    stream = io.BytesIO()
    writer.write(stream)
    return stream.getvalue()


def note(content):
    return read_note(content, folder="notes", file="paper.pdf")


def test_pages_give_lines_and_the_outline_gives_headings():
    read = note(
        written(
            ["A Paper", "1 Introduction", "Some atten-", "tion, see https://a.org."],
            ["1.1 More", "Text"],
            outline=[("Introduction", 0, None), ("1.1 More", 1, 0), ("Nowhere", 1, None)],
            title="A Paper",
        )
    )
    assert read.lines == ("A Paper", "1 Introduction", "Some atten-", "tion, see https://a.org.", "1.1 More", "Text")
    assert [(block.kind, block.level, block.first_line, block.last_line, block.text) for block in read.blocks] == [
        ("paragraph", 0, 1, 1, "A Paper"),
        ("heading", 1, 2, 2, "Introduction"),
        ("paragraph", 0, 3, 4, "Some attention\n, see https://a.org."),
        ("heading", 2, 5, 5, "1.1 More"),
        ("paragraph", 0, 6, 6, "Text"),
    ]
    assert read.blocks[2].links[0].target == "https://a.org"
    assert read.front == {"title": "A Paper", "author": "Ada"}
    assert read.warnings == ()


def test_a_title_that_a_program_made_up_is_none():
    assert note(written(["x"], title="Microsoft Word - draft.doc")).front == {"author": "Ada"}


def test_an_encrypted_or_damaged_pdf_has_one_warning_and_prints_nothing(capsys):
    assert note(written(["x"], locked_by="secret")).warnings == ("the PDF is encrypted",)
    for content in (b"", b"%PDF-1.4 rubbish"):
        read = note(content)
        assert read.blocks == ()
        assert len(read.warnings) == 1
        assert "could not be read" in read.warnings[0]
    assert capsys.readouterr() == ("", "")
    assert logging.getLogger("pypdf").level == logging.NOTSET


def test_a_pdf_that_any_reader_opens_is_read():
    assert note(written(["open"], locked_by="")).lines == ("open",)


@pytest.mark.parametrize(("bound", "value"), [("MAX_PAGES", 1), ("MAX_CHARACTERS", 3), ("MAX_SECONDS", -1.0)])
def test_work_on_a_pdf_is_bounded(monkeypatch, bound, value):
    monkeypatch.setattr(pdf, bound, value)
    read = note(written(["one page"], ["two"]))
    pages = 0 if bound == "MAX_SECONDS" else 1
    assert read.warnings == (f"only the first {pages} pages of the PDF were read",)
    assert len("\n".join(read.lines)) <= len("one page")


def test_a_page_that_cannot_be_read_costs_only_itself(monkeypatch):
    whole = PageObject.extract_text
    calls = iter((ValueError("flaw"), None))

    def extract_text(page):
        if (flaw := next(calls)) is not None:
            raise flaw
        return whole(page)

    monkeypatch.setattr(PageObject, "extract_text", extract_text)
    read = note(written(["one"], ["two"]))
    assert read.warnings == ("page 1 of the PDF could not be read (ValueError)",)
    assert read.lines == ("", "two")
