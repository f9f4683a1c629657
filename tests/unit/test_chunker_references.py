import pytest

from retriever.chunker.fields import from_fields, people
from retriever.chunker.references import Byline, Reference, read_byline, read_reference


@pytest.mark.parametrize(
    ("text", "reference"),
    [
        (
            "Attention is All You Need (2017) - Vaswani, Shazeer, Parmar",
            Reference("Attention is All You Need", ("Vaswani", "Shazeer", "Parmar"), None, 2017),
        ),
        (
            "Tang, O'Brien, Meyer — Overlapping Experiment Infrastructure (Google, 2010)",
            Reference("Overlapping Experiment Infrastructure", ("Tang", "O'Brien", "Meyer"), "Google", 2010),
        ),
        (
            "Playing Atari with Deep RL, Mnih et al, 2013.",
            Reference("Playing Atari with Deep RL", ("Mnih",), None, 2013),
        ),
        (
            "Hausknecht and Stone (2015). Deep Recurrent Q-Learning. AAAI",
            Reference("Deep Recurrent Q-Learning", ("Hausknecht", "Stone"), None, 2015),
        ),
        (
            "Beyond structural causal models by Blom et al. (2019)",
            Reference("Beyond structural causal models", ("Blom",), None, 2019),
        ),
        (
            "Attention Is All You Need (Vaswani et al., 2017)",
            Reference("Attention Is All You Need", ("Vaswani",), None, 2017),
        ),
        (
            "Hinton, Vinyals, Dean. Distilling the Knowledge in a Neural Network. 2015.",
            Reference("Distilling the Knowledge in a Neural Network", ("Hinton", "Vinyals", "Dean"), None, 2015),
        ),
    ],
)
def test_a_reference_in_one_line_is_read_in_any_order(text, reference):
    assert read_reference(text) == reference


@pytest.mark.parametrize(
    "text",
    [
        "",
        "A sentence.",
        "We met in Paris, France, 2019",
        "The year (2019) was good for us",
        "Dropout: switch units off at random (Srivastava et al., 2014)",
        "We should look at this (Ho et al., 2020)",
        "x" * 500 + " (2019) - Lee",
    ],
)
def test_what_is_no_reference_is_not_read_as_one(text):
    assert read_reference(text) is None


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("Ada Lee, Bo Chan and Cy Ro", ("Ada Lee", "Bo Chan", "Cy Ro")),
        ("Lee, Ada and Chan, Bo", ("Ada Lee", "Bo Chan")),
        ("[[Ada Lee]]; [[Bo Chan]]", ("Ada Lee", "Bo Chan")),
        ("", ()),
    ],
)
def test_people_are_listed_as_notes_or_as_libraries_list_them(text, names):
    assert people(text) == names


def test_one_name_of_a_library_is_one_and_two_of_a_note_are_two():
    assert from_fields({"type": "article", "author": "Hinton, Geoffrey"}).authors == ("Geoffrey Hinton",)
    assert from_fields({"authors": "Naik, Shariff"}).authors == ("Naik", "Shariff")


def test_named_values_say_what_a_paper_is_whatever_their_language():
    found = from_fields(
        {
            "标题": "A Title: Of Note",
            "年份": "2020",
            "作者": "Ada Lee",
            "会议": "ICLR",
            "eprint": "2001.00001",
            "key": "lee2020",
        }
    )
    assert (found.title, found.name, found.year, found.venue) == ("A Title: Of Note", "A Title", 2020, "ICLR")
    assert (found.authors, found.ids.arxiv, found.key) == (("Ada Lee",), "2001.00001", "lee2020")
    linked = from_fields({"url": "https://doi.org/10.1/x", "doi": "10.1145/2", "title": "https://a.org"})
    assert (linked.ids.doi, linked.title, linked.url) == ("10.1145/2", None, None)


@pytest.mark.parametrize(
    ("text", "byline"),
    [
        (" (ICLR 2021)", Byline((), "ICLR", 2021)),
        (", Mnih et al, 2013.", Byline(("Mnih",), None, 2013)),
        (", Ziebart 2010", Byline(("Ziebart",), None, 2010)),
        (". NeurIPS 2022. [code]", Byline((), "NeurIPS", 2022)),
        (" `Google` `2020`".replace("`", ""), Byline((), None, 2020)),
        ("\nLeslie Lamport. CACM 1978.", Byline(("Leslie Lamport",), "CACM", 1978)),
        ("\nAda Lee, Bo Chan. Preprint'25", Byline(("Ada Lee", "Bo Chan"), None, 2025)),
        (" shows what was known in 2019", None),
        ("\nAda Lee, 2019 and what came after", None),
        (" arXiv:2019.12345", None),
        ("", None),
    ],
)
def test_a_byline_holds_names_a_venue_and_a_year_and_no_sentence(text, byline):
    assert read_byline(text) == byline
