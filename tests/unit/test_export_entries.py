import pytest

from retriever.export import citation_keys
from retriever.export.people import Person, people, person
from retriever.export.venues import kind_of
from retriever.records import Paper


@pytest.mark.parametrize(
    ("venue", "kind"),
    [
        *[
            (venue, "conference")
            for venue in ("ICLR", "NeurIPS 2024", "ICLR 2025 Oral", "Findings of EMNLP", "CVPR'23")
        ],
        ("Advances in Neural Information Processing Systems", "conference"),
        ("Proceedings of the 40th International Conference on Machine Learning", "conference"),
        ("NeurIPS Workshop on Graphs", "conference"),
        *[
            (venue, "journal")
            for venue in ("JMLR", "TMLR 2024", "Nature", "Nature Communications", "PNAS", "IEEE Access")
        ],
        ("IEEE Transactions on Pattern Analysis and Machine Intelligence", "journal"),
        ("Proceedings of the National Academy of Sciences", "journal"),
        ("Proceedings of the VLDB Endowment", "journal"),
        ("Physical Review Letters", "journal"),
        *[(venue, "preprint") for venue in ("arXiv", "arXiv preprint arXiv:1706.03762", "CoRR", "bioRxiv")],
        *[(venue, "other") for venue in ("O'Reilly", "my desk", "University of Nowhere", "张三", "2024")],
    ],
)
def test_a_venue_is_what_its_name_says_or_unknown(venue, kind):
    assert kind_of(venue) == kind


@pytest.mark.parametrize(
    ("name", "parts"),
    [
        ("Ada Lovelace", Person("Lovelace", "Ada")),
        ("Laurens van der Maaten", Person("van der Maaten", "Laurens")),
        ("van Gogh", Person("van Gogh")),
        ("Martin Luther King Jr.", Person("King", "Martin Luther", "Jr.")),
        ("van Loon Jr.", Person("van Loon Jr.", whole=True)),
        ("Kim", Person("Kim")),
        ("bell hooks", Person("bell hooks")),
        ("张三", Person("张三", whole=True)),
        ("Research and Development", Person("Research and Development", whole=True)),
        ("Smith, Jr", Person("Smith, Jr", whole=True)),
    ],
)
def test_a_name_has_its_parts_where_they_can_be_told(name, parts):
    assert person(name) == parts


@pytest.mark.parametrize("said", ["Luo et al.", "Luo, et al", "Luo and others"])
def test_others_are_no_author(said):
    assert people([said]) == ((Person("Luo"),), True)
    assert people(["Luo", "others"]) == ((Person("Luo"),), True)
    assert people(["et al."]) == ((), True)


def paper(at, **said):
    return Paper(id=f"{at}bcdefghij", label="x", **said)


def test_a_key_is_the_notes_own_or_made_of_author_year_and_title():
    keys = citation_keys(
        [
            paper("a", key="TianzhuYe2025ICLR+", title="Differential"),
            paper("b", key="Müller 2020,x"),
            paper("c", authors=("Luo et al.",), year=2026, title="How Learning Rate Decay Wastes"),
            paper("d", name="EigenScore", year=2026, title="EigenScore: OOD Detection"),
            paper("e", year=2026, title="Transformers are Inherently Succinct"),
            paper("f", title="注意力"),
            paper("g", authors=("Łukasz Ørsted",), year=2020),
        ]
    )
    assert list(keys.values()) == [
        "TianzhuYe2025ICLR+",
        "Muller2020x",
        "luo2026learning",
        "eigenscore2026eigenscore",
        "transformers2026inherently",
        "pfbcdefghij",
        "orsted2020",
    ]


def test_papers_that_ask_for_one_key_are_told_apart_and_the_notes_own_key_stays():
    luo = {"authors": ("Luo",), "year": 2026, "title": "Learning"}
    own = paper("a", key="Luo2026learning")
    assert citation_keys([own, paper("b", **luo)]) == {own.id: own.key, "bbcdefghij": "luo2026learning-bbcd"}
    both = citation_keys([paper("c", **luo), paper("b", **luo)])
    assert both == {"bbcdefghij": "luo2026learning-bbcd", "cbcdefghij": "luo2026learning-cbcd"}
    twice = citation_keys([paper("a", key="li2020deep"), paper("b", key="Li2020deep")])
    assert sorted(twice.values()) == ["Li2020deep-bbcd", "li2020deep-abcd"]
    crossed = citation_keys([paper("a", key="k"), paper("b", key="k"), paper("c", key="k-abcd")])
    assert crossed == {"abcdefghij": "k-abcde", "bbcdefghij": "k-bbcd", "cbcdefghij": "k-abcd"}
