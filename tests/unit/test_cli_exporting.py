"""`export`: what it asks of the library, what it prints, and what it writes."""

import errno
import io
import json
import os
import sys
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace

import pytest
from cli_fakes import DIFFERENTIAL, DIFFERENTIAL_HIT, KEYED, KEYED_HIT, RESULTS, SECTION_HIT, STATUS

from retriever.cli import last, main
from retriever.records import Export, Lacking

EXPORT = Export("bibtex", 2, (Lacking("title", 1), Lacking("authors", 2)), "@misc{k,\n}\n")


class Library:
    """Stands in for `retriever.library`, and notes down what it was asked."""

    def __init__(self):
        self.asked = []
        self.found = RESULTS
        self.exported = EXPORT
        self.Retriever = SimpleNamespace(open=self.open)

    @contextmanager
    def open(self, index, *, model=None, download=False):
        yield self

    def search(self, query, *, limit, **filters):
        self.asked.append(("search", query, limit, {name: value for name, value in filters.items() if value}))
        return self.found

    def papers(self, **filters):
        self.asked.append(("papers", {name: value for name, value in filters.items() if value}))
        return (KEYED,)

    def export(self, papers, *, format):  # noqa: A002  as the library has it
        self.asked.append(("export", papers, format))
        return self.exported

    def status(self):
        return STATUS


@pytest.fixture
def library(monkeypatch, tmp_path):
    (tmp_path / "work/index").mkdir(parents=True)
    (tmp_path / "work/index/CURRENT").touch()
    monkeypatch.chdir(tmp_path / "work")
    fake = Library()
    monkeypatch.setitem(sys.modules, "retriever.library", fake)
    return fake


def run(capsys, *words):
    code = main(["export", *words])
    captured = capsys.readouterr()
    return code, captured.out, captured.err


def files():
    return sorted(path.name for path in Path().iterdir())


def test_all_papers_are_exported_where_none_is_named(library, capsys):
    code, out, err = run(capsys)
    assert (code, out) == (0, EXPORT.text)
    assert err == "1 of 2 papers has no title; 2 no authors\n"
    assert library.asked == [("export", None, "bibtex")]


def test_papers_are_named_by_handles_and_by_numbers_of_the_last_answer(library, capsys, monkeypatch):
    last.remember(Path("index"), RESULTS.hits)
    run(capsys, "2", "key2024", "--format", "ris")
    monkeypatch.setattr("sys.stdin", io.StringIO("one\n\n 1 \n"))
    run(capsys, "-", "-f", "csv")
    assert library.asked == [("export", [KEYED.id, "key2024"], "ris"), ("export", ["one", DIFFERENTIAL.id], "csv")]


def test_no_handle_on_stdin_is_no_paper_and_not_all_of_them(library, capsys, monkeypatch):
    monkeypatch.setattr("sys.stdin", io.StringIO("\n"))
    run(capsys, "-")
    assert library.asked == [("export", [], "bibtex")]


def test_a_query_exports_what_a_search_finds_and_is_sure_of(library, capsys):
    sure, near = replace(DIFFERENTIAL_HIT, confidence=0.9), replace(KEYED_HIT, confidence=0.1)
    library.found = replace(RESULTS, hits=(sure, near, SECTION_HIT), remarks=("Read as words.",))
    _, _, err = run(capsys, "--query", "noise", "--venue", "ICLR")
    assert library.asked == [("search", "noise", 10, {"venue": ["ICLR"]}), ("export", [DIFFERENTIAL.id], "bibtex")]
    assert err.startswith("Read as words.\n1 paper left out: near, and probably not meant.\n")


def test_filters_alone_export_all_that_they_let_through_or_the_newest(library, capsys):
    run(capsys, "--topic", "Diffusion")
    assert library.asked == [("papers", {"topic": ["Diffusion"]}), ("export", [KEYED.id], "bibtex")]
    library.asked.clear()
    run(capsys, "--topic", "Diffusion", "-n", "5")
    assert library.asked[0] == ("search", "", 5, {"topic": ["Diffusion"]})


def test_handles_and_a_query_are_not_given_together(library, capsys):
    for words in (["1", "--query", "x"], ["1", "--tag", "ml"]):
        code, _, err = run(capsys, *words)
        assert code == 2
        assert "give no --query and no filter" in err


def test_a_file_is_written_whole_and_one_that_exists_is_left_alone(library, capsys):
    assert run(capsys, "-o", "papers.bib")[:2] == (0, "2 papers in papers.bib\n")
    assert Path("papers.bib").read_text() == EXPORT.text
    Path("papers.bib").write_text("mine")
    code, out, err = run(capsys, "-o", "papers.bib")
    assert (code, out) == (2, "")
    assert err == "retriever: papers.bib exists. Replace it with --force, or name another file.\n"
    assert Path("papers.bib").read_text() == "mine"
    assert run(capsys, "-o", "papers.bib", "--force")[0] == 0
    assert Path("papers.bib").read_text() == EXPORT.text
    assert files() == ["index", "papers.bib"]


def test_a_file_that_appears_meanwhile_is_left_alone_too(library, capsys, monkeypatch):
    def export(_papers, *, format):  # noqa: A002  as the library has it
        Path("papers.bib").write_text("mine")
        return EXPORT

    monkeypatch.setattr(library, "export", export)
    assert run(capsys, "-o", "papers.bib")[0] == 2
    assert Path("papers.bib").read_text() == "mine"
    assert files() == ["index", "papers.bib"]


@pytest.mark.parametrize(("number", "code"), [(errno.EPERM, 0), (errno.ENOSPC, 2)])
def test_a_file_system_without_links_takes_the_file_all_the_same(library, capsys, monkeypatch, number, code):
    def link(*_):
        raise OSError(number, os.strerror(number))

    monkeypatch.setattr("os.link", link)
    assert run(capsys, "-o", "papers.bib")[0] == code
    assert Path("papers.bib").exists() == (code == 0)
    assert files() == (["index"] if code else ["index", "papers.bib"])


def test_a_place_that_takes_no_file_is_told(library, capsys):
    code, _, err = run(capsys, "-o", "gone/papers.bib")
    assert code == 2
    assert err.endswith("retriever: gone/papers.bib cannot be written: No such file or directory.\n")


def test_json_holds_the_text_or_the_file_it_was_written_to(library, capsys):
    def data(*words):
        return json.loads(run(capsys, *words, "--json")[1])["data"]

    told = {"format": "bibtex", "papers": 2}
    told["lacking"] = [{"field": "title", "papers": 1}, {"field": "authors", "papers": 2}]
    assert data() == told | {"file": None, "text": EXPORT.text}
    assert data("-o", "a.bib") == told | {"file": str(Path("a.bib").resolve()), "text": None}


def test_nothing_is_said_of_papers_that_lack_nothing(library, capsys):
    library.exported = replace(EXPORT, lacking=())
    assert run(capsys)[2] == ""


def test_carriage_returns_of_ris_reach_stdout_as_they_are(library, capsysbinary):
    library.exported = replace(EXPORT, text="TY  - GEN\r\nER  - \r\n")
    assert main(["export", "-f", "ris"]) == 0
    assert capsysbinary.readouterr().out == b"TY  - GEN\r\nER  - \r\n"
