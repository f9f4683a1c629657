"""Whatever notes say of a paper, it is read back as it was by programs that others wrote."""

import csv
import io
import json
import re
import unicodedata

from csl_schema import VALIDATOR
from hypothesis import assume, example, given
from hypothesis import strategies as st
from markdown_it import MarkdownIt
from read_back import read_authors, read_bibtex, read_ris

from retriever.export import citation_keys, export
from retriever.export.markdown import literal
from retriever.records import Paper, Quote

HOSTILE = r"""{ } \ % & # $ _ ^ ~ " ' ` @ = + - , ; : | < > ? ! * [ ] ( ) / -- --- `` '' ?` \\ \n \emph{ $x$ $5 and
1. TY AB ER and others @misc{ <b> &amp; == %% 张三 注意力 한국어 日本語 é Å ß 🧠 👩‍💻 Rényi LLM 3D""".split(" ")
WORDS = st.one_of(
    st.sampled_from([word for word in HOSTILE if word]),
    st.text(st.characters(codec=None, exclude_characters="\u00a0"), min_size=1, max_size=12),
    st.text(st.characters(codec="ascii"), min_size=1, max_size=12),
)
TEXTS = st.lists(WORDS, min_size=1, max_size=8).map(" ".join)
MAYBE = st.none() | TEXTS
NAMES = st.lists(
    st.sampled_from("Ada Müller van der 张三 O'Neil J. R. Jr. III and 김 {x} a,b".split()), min_size=1
).map(" ".join)
PAPERS = st.builds(
    Paper,
    id=st.text("abcdefgh234567", min_size=10, max_size=10),
    label=TEXTS,
    title=MAYBE,
    name=MAYBE,
    key=MAYBE,
    authors=st.lists(TEXTS | NAMES, max_size=3).map(tuple),
    venue=st.none() | st.sampled_from(["ICLR", "JMLR", "arXiv", "Somewhere & Co"]) | TEXTS,
    year=st.none() | st.integers(1900, 2100),
    date=st.none() | st.sampled_from(["2025", "2025-09", "2025-09-30"]),
    arxiv=st.none() | st.just("2511.18903"),
    openreview=st.none() | st.just("OvoCm1gGhN"),
    doi=st.none() | st.sampled_from(["10.1000/182", "10.1000/a_b(c)<1>%23"]),
    url=st.none() | st.sampled_from(["https://a.org/x?y=1&z=%20#{a};b", "https://b.org/~c_d"]),
    markers=st.lists(TEXTS, max_size=2).map(tuple),
    tags=st.lists(TEXTS, max_size=2).map(tuple),
    abstract=MAYBE,
)
MANY = st.lists(PAPERS, max_size=4, unique_by=lambda paper: paper.id)


def line(text):
    """Return what of a text may leave: one line, without what a terminal obeys."""
    kept = (
        c
        for c in re.sub(r"\s+", " ", text or "")
        if c in "\u200c\u200d" or unicodedata.category(c) not in {"Cc", "Cf", "Cs"}
    )
    return " ".join("".join(kept).split())


def written(papers, format_):
    found = export(papers, format=format_, keys=citation_keys(papers), quotes={}, topics=())
    assert found.papers == len(papers)
    return found.text


@given(MANY)
def test_bibtex_is_read_back_without_loss(papers):
    entries = read_bibtex(written(papers, "bibtex"))
    keys = citation_keys(papers)
    assert [entry["key"] for entry in entries] == [keys[paper.id] for paper in papers]
    for paper, entry in zip(papers, entries, strict=True):
        for field in ("title", "abstract"):
            assert entry.get(field, "") == line(getattr(paper, field))
        assert entry.get("year", "") == str(paper.year or "")
        assert entry.get("eprint") == paper.arxiv


@given(st.lists(NAMES | TEXTS, min_size=1, max_size=3))
@example(["Ludwig van Beethoven", "Martin Luther King Jr.", "Kim", "张三", "A and B", "van Gogh", "{x}"])
def test_authors_are_read_back_in_full(authors):
    paper = Paper(id="a", label="x", authors=tuple(authors))
    named = [plain for author in authors if (plain := without_others(line(author)))]
    if not named:
        return
    read = [
        " ".join(" ".join(filter(None, (given_, family, suffix))).split())
        for given_, family, suffix in read_authors(written([paper], "bibtex"))
    ]
    assert read[: len(named)] == [spaced(name) for name in named]
    assert read[len(named) :] in ([], ["others"])
    (item,) = json.loads(written([paper], "csl-json"))
    joined = [
        one.get("literal") or " ".join(one[p] for p in ("given", "family", "suffix") if p in one)
        for one in item["author"]
    ]
    assert joined[: len(named)] == named
    (record,) = read_ris(written([paper], "ris"))
    assert [sorted(re.split(",? ", name)) for name in record["authors"]] == [
        sorted(re.split(",? ", name)) for name in named
    ]


def without_others(name):
    return re.sub(r"(?i)(?:^|[\s,]+)(?:et\.?\s+al\.?|and\s+others|others)$", "", name).strip(" ,")


def spaced(text):
    return " ".join(text.split())


@given(MANY)
def test_csl_json_is_read_back_and_keeps_to_its_specification(papers):
    items = json.loads(written(papers, "csl-json"))
    VALIDATOR.validate(items)
    for paper, item in zip(papers, items, strict=True):
        for field, name in (("title", "title"), ("abstract", "abstract"), ("doi", "DOI"), ("url", "URL")):
            if getattr(paper, field):
                assert item.get(name, "") == line(getattr(paper, field))
        assert ("issued" in item) == (paper.year is not None)


@given(MANY)
def test_ris_is_read_back_without_loss(papers):
    records = read_ris(written(papers, "ris"))
    keys = citation_keys(papers)
    for paper, record in zip(papers, records, strict=True):
        assert record["id"] == keys[paper.id]
        for field, name in (("title", "title"), ("abstract", "abstract"), ("doi", "doi")):
            assert record.get(name, "") == line(getattr(paper, field))
        assert record.get("keywords", []) == [tag for tag in map(line, paper.tags) if tag]
        assert record.get("year") == (str(paper.year) if paper.year else None)
        if paper.url:
            assert record["urls"][0] == paper.url.replace(";", "%3B")


@given(MANY)
def test_csv_is_read_back_and_no_cell_is_a_formula(papers):
    rows = list(csv.DictReader(io.StringIO(written(papers, "csv"), newline="")))
    for paper, row in zip(papers, rows, strict=True):
        assert not any(cell.startswith(tuple("=+-@\t\r＝＋－＠")) for cell in row.values())
        for field in ("title", "name", "abstract", "venue"):
            cell = row[field]
            plain = cell[1:] if re.match("'+[=+\\-@＝＋－＠]", cell) else cell
            assert plain == line(getattr(paper, field))


@given(MANY)
def test_json_lines_hold_every_field(papers):
    rows = [json.loads(row) for row in written(papers, "jsonl").split("\n")[:-1]]
    for paper, row in zip(papers, rows, strict=True):
        assert row["id"] == paper.id
        assert (row["title"] or "") == line(paper.title)
        assert row["year"] == paper.year


@given(MANY)
def test_citation_keys_are_unlike_and_plain(papers):
    keys = citation_keys(papers)
    assert keys.keys() == {paper.id for paper in papers}
    assert len({key.casefold() for key in keys.values()}) == len(papers)
    assert all(re.fullmatch(r"[A-Za-z0-9_][A-Za-z0-9_:./+-]*", key) for key in keys.values())
    assert keys == citation_keys(reversed(papers))


@given(TEXTS)
@example("1. First")
@example("# not a heading")
@example("__0__ and a__b")
@example("a _b_ c_d_e **f** `g` [h](i) <b> &amp; ~~j~~")
def test_quoted_text_shows_in_markdown_as_it_is(text):
    text = line(text).replace("$", "€")  # formulas stay formulas
    assume(text)  # nothing is quoted of a passage that says nothing
    html = MarkdownIt("commonmark").enable("strikethrough").render(f"> {literal(text)}\n")
    shown = re.fullmatch(r"<blockquote>\n(?:<p>(.*)</p>\n)?</blockquote>\n", html)
    assert shown, html
    plain = (shown[1] or "").replace("&lt;", "<").replace("&gt;", ">").replace("&quot;", '"').replace("&amp;", "&")
    assert plain == text


@given(MANY, TEXTS)
def test_an_outline_cites_every_paper_once_and_quotes_it(papers, text):
    quotes = {paper.id: (Quote("a.md", 1, text, text),) for paper in papers}
    keys = citation_keys(papers)
    found = export(papers, format="markdown", keys=keys, quotes=quotes, topics=())
    cited = re.findall(r"^- (?:\*\*.*\*\* )?\[@\{?([^\s{}\]]+)\}?\]$", found.text, re.MULTILINE)
    assert cited == [keys[paper.id] for paper in papers]
    assert len(re.findall(r"^  > .*\[\[a(?:#[^\]|]+)?\|a\.md:1\]\]$", found.text, re.MULTILINE)) == len(papers)
