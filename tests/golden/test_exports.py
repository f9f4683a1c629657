"""Exports of whole sets of notes, read back by programs of others."""

import csv
import io
import json

import pytest
from csl_schema import VALIDATOR
from read_back import read_bibtex, read_ris
from toy import WordEncoder

from retriever import Retriever, build


@pytest.fixture(scope="module")
def seeds(others_notes, tmp_path_factory):
    index = tmp_path_factory.mktemp("seeds") / "index"
    build([others_notes / "seeds"], index, encoder=WordEncoder())
    with Retriever.open(index) as retriever:
        yield retriever


@pytest.fixture(params=["corpus", "seeds"])
def library(request):
    return request.getfixturevalue(request.param)


def test_bibtex_holds_every_paper_with_what_is_known_of_it(library):
    papers = library.papers()
    found = library.export(format="bibtex")
    entries = read_bibtex(found.text)
    assert len(entries) == len(papers) == found.papers == 225
    for paper, entry in zip(papers, entries, strict=True):
        assert entry["type"] == "inproceedings"  # all of them were at a conference, and the notes say so
        assert entry["booktitle"] == paper.venue
        assert entry["year"] == str(paper.year)
        assert entry["key"] == (paper.key or entry["key"])
        assert entry.get("title") == paper.title
        assert entry.get("shorttitle") == (None if paper.name == paper.title else paper.name)
        assert entry.get("eprint") == paper.arxiv
        assert (paper.openreview or "") in entry.get("url", "")
        assert ("author" in entry) == bool(paper.authors)


def test_ris_holds_every_paper_with_what_is_known_of_it(library):
    papers = library.papers()
    records = read_ris(library.export(format="ris").text)
    for paper, record in zip(papers, records, strict=True):
        assert record["type_of_reference"] == "CPAPER"
        assert record["secondary_title"] == paper.venue
        assert record["year"] == str(paper.year)
        assert record.get("title") == paper.title
        assert record.get("accession_number") == (f"arXiv:{paper.arxiv}" if paper.arxiv else None)
        assert (paper.openreview or "") in " ".join(record.get("urls", []))


def test_csl_json_keeps_to_its_specification_and_holds_every_paper(library):
    papers = library.papers()
    items = json.loads(library.export(format="csl-json").text)
    VALIDATOR.validate(items)
    for paper, item in zip(papers, items, strict=True):
        assert (item["type"], item["container-title"]) == ("paper-conference", paper.venue)
        assert item.get("title") == paper.title
        assert item["issued"] == {"date-parts": [[paper.year]]}


def test_csv_and_json_lines_hold_every_paper(library):
    papers = library.papers()
    rows = list(csv.DictReader(io.StringIO(library.export(format="csv").text, newline="")))
    lines = [json.loads(line) for line in library.export(format="jsonl").text.splitlines()]
    assert [row["id"] for row in rows] == [line["id"] for line in lines] == [paper.id for paper in papers]
    assert [row["citation_key"] for row in rows] == [line["citation_key"] for line in lines]


def test_keys_do_not_depend_on_what_is_exported_beside(corpus):
    entries = read_bibtex(corpus.export().text)
    for paper, entry in list(zip(corpus.papers(), entries, strict=True))[::20]:
        assert read_bibtex(corpus.export([paper.id]).text) == [entry]


def test_what_is_lacking_is_counted_and_nothing_is_made_up(library):
    papers = library.papers()
    counts = {one.field: one.papers for one in library.export(format="ris").lacking}
    assert counts["title"] == sum(paper.title is None for paper in papers)
    assert counts["authors"] == sum(not paper.authors for paper in papers)


def test_the_outline_follows_the_topics_and_quotes_the_notes(corpus):
    text = corpus.export(format="markdown").text
    headings = [line for line in text.splitlines() if line.startswith("#")]
    assert headings[0] == "# Related work"
    assert "#### Attention" in headings
    assert headings.index("## Architecture") < headings.index("#### Attention")
    said = (
        "- **Differential Transformer** [@TianzhuYe2025ICLR]\n\n"
        "  > takes one softmax map away from another, so that the noise which attention spends on irrelevant context "
        "cancels and the weight goes to the words that matter [[iclr-2025#Attention|iclr-2025.md:223]]\n"
    )
    assert said in text


def test_an_exported_library_is_read_as_the_same_papers(corpus, tmp_path):
    for format_, name in (("bibtex", "papers.bib"), ("ris", "papers.ris"), ("csl-json", "papers.json")):
        (tmp_path / format_).mkdir()
        (tmp_path / format_ / name).write_text(corpus.export(format=format_).text, encoding="utf-8")
        build([tmp_path / format_], tmp_path / f"{format_}-index", encoder=WordEncoder())
        with Retriever.open(tmp_path / f"{format_}-index") as retriever:
            read = {paper.openreview or paper.arxiv: paper for paper in retriever.papers()}
        wanted = {paper.openreview or paper.arxiv for paper in corpus.papers() if paper.title} - {None}
        assert wanted <= read.keys() | {None}, format_
