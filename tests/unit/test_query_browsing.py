"""Browsing an index: topics with papers, papers by what they share, and gaps."""

import pytest
from toy import WordEncoder

from retriever import Retriever, build
from retriever.errors import TopicNotFoundError

NOTES = {
    "one.md": """# One

## Vision

- SAM2 [NikhilaRavi2025ICLR](https://openreview.net/forum?id=Ha6RTeWMd0) segments anything in video, with a memory of
  frames that came earlier, and is trained on clips that people corrected in turns with it, see
  [AnnaLi2023ICLR](https://openreview.net/forum?id=aaaaaaaaA9) #seen
- [BobWu2024ICML](https://openreview.net/forum?id=aaaaaaaaA2)

## Theory

- [CarlRo2024ICML](https://openreview.net/forum?id=aaaaaaaaA3) bounds what can be bounded
""",
    "two.md": """# Two

## Vision

- [DoraFo2024ACL](https://aclanthology.org/2024.acl-long.12) reads patches of pictures one after the other, as
  [AnnaLi2023ICLR](https://openreview.net/forum?id=aaaaaaaaA9) did, and forgets them in the order in which they came
""",
}


@pytest.fixture(scope="module")
def retriever(tmp_path_factory):
    folder = tmp_path_factory.mktemp("browsing")
    for file, text in NOTES.items():
        (folder / file).write_text(text, "utf-8")
    build([folder / file for file in NOTES], folder / "index", encoder=WordEncoder())
    with Retriever.open(folder / "index") as opened:
        yield opened


def keys(retriever, papers):
    known = {paper.id: paper.key or paper.acl for paper in retriever.papers()}
    return [known[paper] for paper in papers]


def test_a_topic_comes_with_its_papers(retriever):
    page = retriever.topic("vision")
    assert [(topic.path, topic.papers, topic.clustered) for topic in page.topics] == [(("Vision",), 3, False)]
    (shelf,) = page.shelves
    assert shelf.topic.id == page.topics[0].id
    assert {paper.key for paper in shelf.papers} == {"NikhilaRavi2025ICLR", "BobWu2024ICML", "DoraFo2024ACL"}
    assert [paper.label for paper in shelf.papers] == sorted((p.label for p in shelf.papers), key=str.casefold)
    with pytest.raises(TopicNotFoundError, match="astronomy"):
        retriever.topic("astronomy")


def test_papers_by_what_they_share(retriever):
    assert [(one.value, len(one.papers)) for one in retriever.sharing("year")] == [(2025, 1), (2024, 3)]
    assert [(one.value, len(one.papers)) for one in retriever.sharing("venue")] == [
        ("ICML", 2),
        ("ACL", 1),
        ("ICLR", 1),
    ]
    assert [(one.value, len(one.papers)) for one in retriever.sharing("note")] == [("one.md", 3), ("two.md", 1)]
    tags = retriever.sharing("tag")
    assert [(one.value, len(one.papers)) for one in tags] == [("seen", 1), (None, 3)]
    assert keys(retriever, tags[0].papers) == ["NikhilaRavi2025ICLR"]
    assert [(one.value, len(one.papers)) for one in retriever.sharing("year", "theory")] == [(2024, 1)]


def test_gaps_are_what_the_notes_lack(retriever):
    gaps = retriever.gaps()
    assert [(one.topic.path, one.papers) for one in gaps.thin] == [(("Theory",), 1)]
    assert 0 < gaps.thin[0].words < 5
    assert [(one.handle, one.passages) for one in gaps.undescribed] == [("openreview:aaaaaaaaA9", 2)]
    assert [paper.key for paper in gaps.stubs] == ["BobWu2024ICML", "CarlRo2024ICML"]
    assert len(gaps.untitled) == 4
