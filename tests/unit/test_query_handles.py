import pytest
from toy import WordEncoder

from retriever import Retriever, build
from retriever.errors import PaperNotFoundError
from retriever.query.handles import find_paper, named


@pytest.fixture
def catalog(toy_snapshot):
    return toy_snapshot.catalog


@pytest.fixture
def ids(catalog):
    """Return paper ids by key, and by title where there is no key."""
    return {paper.key or paper.title: paper.id for paper in catalog.all_papers()}


@pytest.mark.parametrize(
    ("handle", "paper"),
    [
        ("TianzhuYe2025ICLR", "TianzhuYe2025ICLR"),
        ("@TianzhuYe2025ICLR", "TianzhuYe2025ICLR"),
        ("[@TianzhuYe2025ICLR]", "TianzhuYe2025ICLR"),
        ("[[TianzhuYe2025ICLR]]", "TianzhuYe2025ICLR"),
        (" tianzhuye2025iclr\n", "TianzhuYe2025ICLR"),
        ("AdaOne2025ICLR", "AdaOne2025ICLR"),
        ("AdaOne2025ICLR+", "AdaOne2025ICLR+"),
        ("BobTwo2025ICLR", "BobTwo2025ICLR++"),
        ("OvoCm1gGhN", "TianzhuYe2025ICLR"),
        ("https://openreview.net/forum?id=OvoCm1gGhN", "TianzhuYe2025ICLR"),
        ("https://openreview.net/pdf?id=OvoCm1gGhN&noteId=1", "TianzhuYe2025ICLR"),
        ("<https://openreview.net/forum?id=OvoCm1gGhN>", "TianzhuYe2025ICLR"),
        ("2507.17634", "Learning rates fade"),
        ("arXiv:2507.17634v3", "Learning rates fade"),
        ("https://arxiv.org/pdf/2507.17634.pdf", "Learning rates fade"),
        ("arxiv.org/abs/2507.17634", "Learning rates fade"),
        ("https://doi.org/10.1234/ab.567", "CarlThree2025ICLR"),
        ("10.1234/AB.567", "CarlThree2025ICLR"),
        ("doi:10.1234/ab.567", "CarlThree2025ICLR"),
        ("2024.acl-long.12", "DoraFour2024ACL"),
        ("http://www.aclanthology.org/2024.acl-long.12/", "DoraFour2024ACL"),
        ("Learning Rates: fade!", "Learning rates fade"),
        ("differential transformer", "TianzhuYe2025ICLR"),
        ("SAM2", "NikhilaRavi2025ICLR"),
        ("kan", "ZimingLiu2025ICLR"),
        ("outline.md:12", "TianzhuYe2025ICLR"),
        ("outline.md:26", "TianzhuYe2025ICLR"),
        ("notes/outline.md:13", "SimonSchug2025ICLR"),
        ("/somewhere/notes/article.md:7", "Learning rates fade"),
    ],
)
def test_a_paper_answers_to_whatever_names_it(catalog, ids, handle, paper):
    assert find_paper(catalog, handle) == ids[paper]


def test_a_paper_answers_to_its_id_and_to_a_beginning_of_it_that_is_unique(catalog, ids):
    for paper in ids.values():
        assert find_paper(catalog, paper) == paper
        assert find_paper(catalog, paper.upper()) == paper
        assert find_paper(catalog, paper[:7]) == paper


@pytest.mark.parametrize(
    "handle",
    [
        "",
        " ",
        "nothing of the kind",
        "ovocm1gghn",
        "outline.md:9999",
        "outline.md:1",
        "gone.md:12",
        "abc",
        "article.md:3",
    ],
)
def test_what_names_no_paper_is_not_found(catalog, handle):
    with pytest.raises(PaperNotFoundError) as caught:
        find_paper(catalog, handle)
    assert caught.value.candidates == ()


def test_a_key_that_two_papers_extend_is_not_guessed(tmp_path):
    (tmp_path / "notes").mkdir()
    (tmp_path / "notes" / "a.md").write_text(
        "# Keys\n\n## Memory\n\n"
        "- [EveSix2025ICLR+](https://openreview.net/forum?id=eeeeeeeeE1) keeps facts in a table\n"
        "- [EveSix2025ICLR++](https://openreview.net/forum?id=eeeeeeeeE2) drops facts from a table\n"
    )
    build([tmp_path / "notes"], tmp_path / "index", encoder=WordEncoder())
    with Retriever.open(tmp_path / "index") as retriever:
        with pytest.raises(PaperNotFoundError) as caught:
            retriever.paper("EveSix2025ICLR")
        known = [f"{paper.label} ({paper.id})" for paper in retriever.papers()]
    assert list(caught.value.candidates) == sorted(known)


def test_the_beginning_of_an_id_does_not_make_a_question_exact(catalog, ids):
    some = next(iter(ids.values()))
    assert named(catalog, some[:6]) == ("", ())
    assert named(catalog, some) == ("id", (some,))
