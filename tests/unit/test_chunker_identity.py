import itertools

import pytest

from retriever.chunker import resolve
from retriever.chunker.identity import short_hash
from retriever.records import Passage


def mention(id_, **fields):
    return Passage(id=id_, kind="paper", file="note.md", first_line=1, last_line=1, **fields)


def papers(*mentions):
    """Return which mentions hang together, and the kinds of evidence."""
    found = resolve(mentions)
    groups = {}
    for passage, paper in found.of_passage.items():
        groups.setdefault(paper, set()).add(passage)
    return sorted(sorted(group) for group in groups.values()), [evidence.kind for _, evidence in found.evidence]


LONG = "A Title Of Some Length"

SAME = [
    ({"openreview": "SI2hI0frk6"}, {"openreview": "SI2hI0frk6", "title": LONG}, "openreview"),
    ({"arxiv": "1706.03762", "title": LONG}, {"arxiv": "1706.03762", "title": "Another Name For It"}, "arxiv"),
    ({"acl": "P19-1001"}, {"acl": "p19-1001"}, "acl"),
    ({"doi": "10.1/a", "title": LONG}, {"doi": "10.1/a"}, "doi"),
    ({"doi": "10.1/a", "title": LONG}, {"doi": "10.1/a", "title": "A title of some length!"}, "doi"),
    ({"url": "https://a.org/x"}, {"url": "http://www.a.org/x/"}, "url"),
    ({"key": "hu2022lora"}, {"key": "Hu2022LoRA", "title": LONG}, "key"),
    ({"title": LONG}, {"title": "A title of: some length"}, "title"),
    ({"title": LONG, "doi": "10.48550/arxiv.2001.00001"}, {"title": LONG, "doi": "10.1/a"}, "title"),
]
DIFFERENT = [
    ({"openreview": "SI2hI0frk6"}, {"openreview": "si2hi0frk6"}),
    ({"doi": "10.1/a", "title": LONG}, {"doi": "10.1/a", "title": "Another Name For It"}),
    ({"url": "https://a.org/x", "title": LONG}, {"url": "https://a.org/x", "title": "Another Name For It"}),
    ({"key": "hu2022lora", "title": LONG}, {"key": "hu2022lora", "title": "Another Name For It"}),
    ({"key": "JiachenTWang2025ICLR"}, {"key": "JiachenTWang2025ICLR+"}),
    ({"title": LONG, "arxiv": "2001.00001"}, {"title": LONG, "arxiv": "2001.00002"}),
    ({"title": f"{LONG} I"}, {"title": f"{LONG} II"}),
    ({"title": "Too Short"}, {"title": "Too Short"}),
    ({"key": "li2020", "openreview": "SI2hI0frk6"}, {"key": "li2020", "openreview": "SI2hI0frk7"}),
    ({"name": "KAN", "arxiv": "2001.00001"}, {"name": "KAN", "openreview": "SI2hI0frk6"}),
]


@pytest.mark.parametrize(("one", "two", "kind"), SAME)
def test_the_same_paper_is_one_paper_with_the_evidence_kept(one, two, kind):
    assert papers(mention("a", **one), mention("b", **two)) == ([["a", "b"]], [kind])


@pytest.mark.parametrize(("one", "two"), DIFFERENT)
def test_different_papers_stay_apart(one, two):
    assert papers(mention("a", **one), mention("b", **two)) == ([["a"], ["b"]], [])


def test_a_mention_may_tie_two_others_that_share_nothing():
    three = [
        mention("a", arxiv="1706.03762"),
        mention("b", arxiv="1706.03762", title=LONG),
        mention("c", title=LONG, doi="10.1/a"),
    ]
    assert papers(*three) == ([["a", "b", "c"]], ["arxiv", "title"])


def test_the_order_of_the_mentions_never_matters():
    mentions = [
        mention("a", arxiv="1706.03762", title=LONG),
        mention("b", arxiv="1706.03763", title=LONG),
        mention("c", title=LONG),
        mention("d", key="hu2022lora", title=LONG),
        mention("e", key="hu2022lora"),
        mention("f", doi="10.1/a", key="hu2022lora"),
    ]
    found = {str(resolve(order)) for order in itertools.permutations(mentions)}
    assert len(found) == 1


def test_the_id_of_a_paper_is_made_of_its_strongest_identifier_and_every_other_is_a_handle():
    found = resolve([mention("a", arxiv="1706.03762", key="vaswani2017attention", title=LONG, name="Transformer")])
    (paper,) = found.papers
    assert paper.id == short_hash("arxiv:1706.03762")
    assert len(paper.id) == 10
    for kind, value in [
        ("arxiv", "1706.03762"),
        ("key", "vaswani2017attention"),
        ("title", "atitleofsomelength"),
        ("name", "transformer"),
        ("id", paper.id),
        ("id", short_hash("key:vaswani2017attention")),
    ]:
        assert (kind, value, paper.id) in found.handles


def test_a_paper_gathers_what_its_mentions_say():
    (paper,) = resolve(
        [
            mention("a", arxiv="1706.03762", title=LONG, markers=("🧠",), tags=("x",), year=2017),
            mention("b", arxiv="1706.03762", title="Short", authors=("Ada Lee", "Bo Chan"), venue="NeurIPS"),
            mention("c", arxiv="1706.03762", title=LONG, authors=("Lee et al.",), markers=("+",), tags=("y", "x")),
        ]
    ).papers
    assert (paper.label, paper.title, paper.venue, paper.year) == (LONG, LONG, "NeurIPS", 2017)
    assert paper.authors == ("Ada Lee", "Bo Chan")
    assert paper.markers == ("+", "🧠")
    assert paper.tags == ("x", "y")


def test_titles_that_differ_in_signs_only_count_together():
    (paper,) = resolve(
        [
            mention("a", arxiv="1706.03762", title="Attention is all you need"),
            mention("b", arxiv="1706.03762", title="Attention Is All You Need!"),
            mention("c", arxiv="1706.03762", title="Notes On The Transformer, Paragraph By Paragraph"),
        ]
    ).papers
    assert paper.title == "Attention Is All You Need!"


@pytest.mark.parametrize(
    ("fields", "label"),
    [
        ({"title": LONG, "name": "N", "key": "k2020"}, LONG),
        ({"name": "N", "key": "k2020"}, "N"),
        ({"key": "k2020", "arxiv": "1706.03762"}, "k2020"),
        ({"arxiv": "1706.03762"}, "1706.03762"),
    ],
)
def test_a_paper_is_labelled_by_title_name_key_or_id(fields, label):
    (paper,) = resolve([mention("a", **fields)]).papers
    assert paper.label == label


def test_sections_are_no_papers():
    section = Passage(id="s", kind="section", file="note.md", first_line=1, last_line=1)
    assert resolve([section]).papers == ()
