import pytest

from retriever.chunker.titles import nearness, strangers, surname
from retriever.chunker.verdict import judge
from retriever.records import Passage

LONG = "A Title Of Some Length"


def mention(**fields):
    return Passage(id="a", kind="paper", file="note.md", first_line=1, last_line=1, **fields)


@pytest.mark.parametrize(
    ("one", "two", "answer", "kind"),
    [
        ({"arxiv": "1706.03762", "title": LONG}, {"arxiv": "1706.03762", "title": "Another Name"}, "same", "arxiv"),
        ({"arxiv": "1706.03762"}, {"arxiv": "1706.03763"}, "different", "arxiv"),
        ({"key": "k2020"}, {"key": "k2020+"}, "different", "key"),
        ({"title": f"{LONG} I"}, {"title": f"{LONG} II"}, "different", "title"),
        ({"doi": "10.1/a", "title": LONG}, {"doi": "10.1/a", "title": "Another Name"}, "different", "doi"),
        ({"doi": "10.1/a", "title": LONG}, {"doi": "10.1/a"}, "same", "doi"),
        ({"title": "Too Short"}, {"title": "Too Short"}, "unsure", "title"),
        ({"title": LONG, "name": "N"}, {"title": LONG.upper()}, "same", "title"),
        ({"title": "LoRA"}, {"title": "LoRA: Low-Rank Adaptation"}, "unsure", "title"),
        ({"name": "KAN"}, {"title": "KAN: Kolmogorov-Arnold Networks"}, "unsure", "name"),
        ({"key": "k2020"}, {"key": "j2020"}, "different", ""),
    ],
)
def test_the_first_rule_that_knows_decides(one, two, answer, kind):
    verdict = judge(mention(**one), mention(**two))
    assert (verdict.answer, verdict.kind) == (answer, kind)


@pytest.mark.parametrize(
    ("one", "two", "near"),
    [
        ("A & B: C", "a and b – c", "equal"),
        ("Notes on X, Part I", "Notes on X, Part 2", "numbered"),
        ("DINO", "DINOv2: Robust Features", "numbered"),
        ("Cortical Maps", "Erratum: Cortical Maps", "remark"),
        ("Cortical Maps", "Cortical Maps (extended)", "shortened"),
        ("Maps: of Mice", "Maps: of Mice and Men", "headed"),
        ("Cortical Maps", "Neural Maps", "apart"),
    ],
)
def test_how_near_titles_are(one, two, near):
    assert nearness(one, two) == nearness(two, one) == near


@pytest.mark.parametrize("name", ["Vaswani, A.", "Ashish Vaswani", "A. Vaswani", "Vaswani et al.", "Vaswani A"])
def test_a_surname_is_found_however_a_name_is_written(name):
    assert surname(name) == "vaswani"


def test_strangers_have_nobody_in_common_and_scripts_that_can_be_compared():
    assert strangers(["Ada Lee"], ["Bo Chan"])
    assert not strangers(["Lee Ada"], ["Ada Lee", "Bo Chan"])
    assert not strangers(["李明"], ["Ming Li"])
    assert not strangers([], ["Ming Li"])
