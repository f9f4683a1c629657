import json

import pytest

from retriever.errors import UsageError
from retriever.export import citation_keys, export
from retriever.export.latex import address, escaped, title
from retriever.records import Lacking, Paper, Quote, Topic, TopicRef


def written(*papers, form="bibtex", quotes=None, topics=()):
    return export(papers, format=form, keys=citation_keys(papers), quotes=quotes or {}, topics=topics)


FULL = Paper(
    id="aaaaaaaaaa",
    label="x",
    key="ada2025deep",
    title="Deep Nets, & How",
    name="DN",
    authors=("Ada van Loon", "Bo Chan et al."),
    venue="JMLR",
    year=2025,
    date="2025-09-30",
    arxiv="2509.00001",
    openreview="OvoCm1gGhN",
    doi="10.1000/a_b",
    url="https://a.org/x_y;z",
    tags=("ml", "nets"),
    abstract="All\nof it.",
)


def test_a_full_entry_in_bibtex():
    assert written(FULL).text == (
        "@article{ada2025deep,\n"
        "  title = {Deep Nets, \\& How},\n"
        "  shorttitle = {{DN}},\n"
        "  author = {van Loon, Ada and Chan, Bo and others},\n"
        "  journal = {JMLR},\n"
        "  year = {2025},\n"
        "  doi = {10.1000/a_b},\n"
        "  eprint = {2509.00001},\n"
        "  archiveprefix = {arXiv},\n"
        "  openreview = {OvoCm1gGhN},\n"
        "  url = {https://a.org/x_y;z},\n"
        "  keywords = {ml, nets},\n"
        "  abstract = {All of it.},\n"
        "  month = sep,\n"
        "}\n"
    )


def test_a_full_record_in_ris():
    assert written(FULL, form="ris").text.split("\r\n") == [
        "TY  - JOUR",
        "ID  - ada2025deep",
        "TI  - Deep Nets, & How",
        "ST  - DN",
        "AU  - van Loon, Ada",
        "AU  - Chan, Bo",
        "T2  - JMLR",
        "PY  - 2025",
        "DA  - 2025/09/30/",
        "DO  - 10.1000/a_b",
        "AN  - arXiv:2509.00001",
        "UR  - https://a.org/x_y%3Bz",
        "UR  - https://openreview.net/forum?id=OvoCm1gGhN",
        "UR  - https://arxiv.org/abs/2509.00001",
        "KW  - ml",
        "KW  - nets",
        "AB  - All of it.",
        "ER  - ",
        "",
    ]


def test_a_full_item_in_csl_json():
    assert json.loads(written(FULL, form="csl-json").text) == [
        {
            "id": "ada2025deep",
            "citation-key": "ada2025deep",
            "type": "article-journal",
            "title": "Deep Nets, & How",
            "title-short": "DN",
            "author": [
                {"family": "van Loon", "given": "Ada"},
                {"family": "Chan", "given": "Bo"},
                {"literal": "others"},
            ],
            "container-title": "JMLR",
            "issued": {"date-parts": [[2025, 9, 30]]},
            "DOI": "10.1000/a_b",
            "URL": "https://a.org/x_y;z",
            "keyword": "ml, nets",
            "abstract": "All of it.",
            "note": "OpenReview: OvoCm1gGhN\narXiv: 2509.00001",
        }
    ]


@pytest.mark.parametrize(
    ("said", "bibtex", "ris", "csl"),
    [
        ({"venue": "ICLR"}, "@inproceedings{k,\n  booktitle = {ICLR},", "CPAPER", "paper-conference"),
        ({"arxiv": "2509.00001"}, "@misc{k,\n  eprint = {2509.00001},", "UNPB", "article"),
        ({"venue": "arXiv", "arxiv": "2509.00001"}, "@misc{k,\n  eprint = {2509.00001},", "UNPB", "article"),
        ({"venue": "My Club"}, "@misc{k,\n  howpublished = {My Club},", "GEN", "document"),
        ({}, "@misc{k,\n}", "GEN", "document"),
    ],
)
def test_an_entry_is_of_the_type_that_is_known_and_else_of_none(said, bibtex, ris, csl):
    paper = Paper(id="aaaaaaaaaa", label="x", key="k", **said)
    assert written(paper).text.startswith(bibtex)
    assert written(paper, form="ris").text.startswith(f"TY  - {ris}\r\n")
    (item,) = json.loads(written(paper, form="csl-json").text)
    assert item["type"] == csl
    assert item.get("publisher") == ("arXiv" if csl == "article" else None)


def test_what_is_lacking_is_counted_by_field():
    bare = Paper(id="bbbbbbbbbb", label="x", title="T", authors=("Luo et al.",))
    assert written(FULL, bare).lacking == (
        Lacking("full list of authors", 2),
        Lacking("year", 1),
        Lacking("venue", 1),
        Lacking("link or id", 1),
    )
    assert Lacking("sentence of yours", 1) in written(bare, form="markdown").lacking


COLUMNS = "citation_key,id,title,name,authors,venue,year,date,doi,arxiv,openreview,acl,url,topics,tags,markers,abstract"


@pytest.mark.parametrize(
    ("form", "text"),
    [
        ("bibtex", ""),
        ("ris", ""),
        ("csl-json", "[\n]\n"),
        ("jsonl", ""),
        ("markdown", "# Related work\n"),
        ("csv", f"{COLUMNS}\r\n"),
    ],
)
def test_no_paper_is_an_empty_file_of_the_format(form, text):
    assert written(form=form).text == text


def test_another_format_is_refused():
    with pytest.raises(UsageError, match="No format 'docx': choose one of bibtex, csl-json, "):
        written(form="docx")


@pytest.mark.parametrize(
    ("plain", "latex"),
    [
        ("100% of R&D costs $5_#", r"100\% of R\&D costs \$5\_\#"),
        ("a ~ b ^ c", r"a \textasciitilde{} b \textasciicircum{} c"),
        (r"C:\new", r"C:\textbackslash{}new"),
        ("f{x} }{", r"f\{x\} \ensuremath{\rbrace}\ensuremath{\lbrace}"),
        ("--flag ``a''", "-{}-flag `{}`a'{}'"),
        ("an $O(n^2)$ way", "an $O(n^2)$ way"),
        ("from $5 to $6", r"from \$5 to \$6"),
        ("odd $a{$ b", r"odd \$a\ensuremath{\lbrace}\$ b"),
        ("Rényi 注意力 🧠", "Rényi 注意力 🧠"),
    ],
)
def test_signs_show_as_themselves(plain, latex):
    assert escaped(plain) == latex


@pytest.mark.parametrize(
    ("plain", "latex"),
    [
        ("MoE++: Accelerating Mixture-of-Experts Methods", "{MoE++}: Accelerating Mixture-of-Experts Methods"),
        ("Aligning LLMs (with RLHF), Again and Again", "Aligning {LLMs} (with {RLHF}), Again and Again"),
        ("3D Shapes and Stable Diffusion", "{3D} Shapes and Stable Diffusion"),
        (
            "Training bends the spectrum of Hessians: Bayesian views",
            "Training bends the spectrum of {Hessians}: Bayesian views",
        ),
        ("Sorting in $O(n)$ Time With Care", "Sorting in {$O(n)$} Time With Care"),
    ],
)
def test_a_title_keeps_the_capitals_that_are_names(plain, latex):
    assert title(plain) == latex


def test_an_address_stands_as_it_is_but_for_what_breaks_an_entry():
    assert address("https://a.org/~x_y?z=%20#q&r") == "https://a.org/~x_y?z=%20#q&r"
    assert address("https://a.org/{x} \\") == "https://a.org/%7Bx%7D%20%5C"


def test_a_spreadsheet_runs_no_cell():
    paper = Paper(id="aaaaaaaaaa", label="x", key="k", title="=1+1", name="'+x", venue="@home", markers=("+",))
    row = written(paper, form="csv").text.split("\r\n")[1]
    assert row == "k,aaaaaaaaaa,'=1+1,''+x,,'@home,,,,,,,,,,'+,"


ATTENTION = Topic("t2", ("Models", "Attention"), 2, ())
MODELS = Topic("t1", ("Models",), 2, (ATTENTION, Topic("t3", ("Models", "Empty"), 0, ())))
CLUSTER = Topic("t4", ("noise, signal",), 1, (), clustered=True)
GAMES = Topic("t5", ("Games",), 2, ())


def test_an_outline_quotes_each_paper_once_under_its_topics():
    filed = (TopicRef("t2", ("Models", "Attention")), TopicRef("t5", ("Games",)))
    two = Paper(id="a", label="x", key="two2025", title="Two *stars*", topics=filed)
    meant = Paper(id="b", label="x", key="meant2025+", name="Meant", topics=(TopicRef("t5", ("Games",), 0.7),))
    clustered = Paper(id="c", label="x", key="c2025", topics=(TopicRef("t4", ("noise, signal",), 0.7),))
    loose = Paper(id="d", label="x", key="d2025")
    quotes = {
        "a": (Quote("sub/a.md", 3, "Why: [it] #works", "is *good*"), Quote("b.txt", 9, "Heading", "1. again")),
        "d": (Quote("odd#name.md", 1, None, "lost"),),
    }
    text = written(two, meant, clustered, loose, form="markdown", quotes=quotes, topics=(MODELS, GAMES, CLUSTER)).text
    assert text == (
        "# Related work\n"
        "\n## Models\n"
        "\n### Attention\n"
        "\n- **Two \\*stars\\*** [@two2025]\n"
        "\n  > is \\*good\\* [[sub/a#Why it works|sub/a.md:3]]\n"
        "\n  > 1\\. again [[b.txt|b.txt:9]]\n"
        "\n## Games\n"
        "\n- **Two \\*stars\\*** [@two2025], see under Models > Attention\n"
        "\n- **Meant** [@{meant2025+}], placed here by its meaning\n"
        "\n## Put together by meaning\n"
        "\n### noise, signal\n"
        "\n- [@c2025]\n"
        "\n## Filed nowhere\n"
        "\n- [@d2025]\n"
        "\n  > lost (odd#name.md:1)\n"
    )


def test_a_deep_topic_is_a_heading_of_the_deepest_level():
    path = tuple("ABCDEFG")
    topic = None
    for depth in range(len(path), 0, -1):
        topic = Topic(f"t{depth}", path[:depth], 1, (topic,) if topic else ())
    paper = Paper(id="a", label="x", key="k", topics=(TopicRef("t7", path),))
    text = written(paper, form="markdown", topics=(topic,)).text
    assert "\n###### E\n\n###### E > F\n\n###### E > F > G\n" in text
