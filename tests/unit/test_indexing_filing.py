"""Where a build files papers, from the notes to the index."""

import pytest
from toy import WordEncoder

from retriever import Retriever, build
from retriever.index import open_snapshot

SUBJECTS = ["softmax attention heads", "protein folding energy", "robot arms grasping", "speech phonemes audio"]


def key(at):
    return f"{chr(65 + at // 26)}{chr(97 + at % 26)}na2024ICLR"


def item(at, says):
    return f"- [{key(at)}](https://openreview.net/forum?id=aaaaaa{at:04d}) {says}\n"


def flat(count):
    return "".join(item(at, f"looks into {SUBJECTS[at % 4]} once more") for at in range(count))


@pytest.fixture
def library(tmp_path):
    """Return a function that writes notes, builds, and returns for each paper (by key or title) its topics."""

    def run(notes, **options):
        folder = tmp_path / "notes"
        for file, text in notes.items():
            (folder / file).parent.mkdir(parents=True, exist_ok=True)
            (folder / file).write_text(text, "utf-8")
        build([folder], tmp_path / "index", encoder=WordEncoder(), **options)
        with Retriever.open(tmp_path / "index") as retriever:
            return {paper.key or paper.label: paper.topics for paper in retriever.papers()}

    run.index = tmp_path / "index"
    return run


def paths(topics):
    return [" > ".join(topic.path) for topic in topics]


def test_headings_come_first_then_folders_then_nested_tags(library):
    said = library(
        {
            "read/vision/a.md": f"# Reading\n\n## Video\n\n{item(0, 'x #speech/audio')}",
            "read/vision/b.md": f"# Reading\n\n## Summary\n\n{item(1, 'y #speech/audio')}",
            "c.md": f"# Reading\n\n## Papers\n\n{item(2, 'z #speech/audio #todo')}",
            "d.md": f"# Reading\n\n{item(0, 'seen again')}",
        }
    )
    assert {who: paths(topics) for who, topics in said.items()} == {
        key(0): ["Video"],
        key(1): ["vision"],
        key(2): ["speech > audio"],
    }
    assert all(topic.confidence is None for topics in said.values() for topic in topics)


def test_notes_that_say_nothing_are_filed_where_other_notes_link_to_them(library):
    paper = "---\ntitle: {}\narxiv: {}\n---\n\nA few words on it.\n"
    said = library(
        {
            "Sharp minima.md": paper.format("Sharp minima and their widths", "2401.00001"),
            "Flat minima.md": paper.format("Flat minima and how to find them", "2401.00002"),
            "Alone.md": paper.format("A paper that nobody links to", "2401.00003"),
            "Map.md": "# Map\n\n## Loss landscapes\n\nSee [[Sharp minima|this]] and [[Map]].\n",
            "Optimizers MOC.md": "What we read: [flat](Flat%20minima.md), [[nowhere]].\n",
        }
    )
    assert paths(said["Sharp minima and their widths"]) == ["Loss landscapes"]
    assert paths(said["Flat minima and how to find them"]) == ["Optimizers"]
    assert said["A paper that nobody links to"] == ()


def test_what_no_note_files_is_clustered_and_the_same_twice(library, tmp_path):
    said = library({"flat.md": flat(64)})
    groups = {}
    for who, topics in said.items():
        (topic,) = topics
        groups.setdefault(topic, set()).add(who)
        assert 0 <= topic.confidence <= 1
    with open_snapshot(library.index) as snapshot:
        assert all(node.clustered for node in snapshot.catalog.topics())
        assert snapshot.manifest.counts["topics"] == len(snapshot.catalog.topics()) >= 4
        first = snapshot.manifest.files
        passages = snapshot.catalog.passages_in("flat.md")
        filed = snapshot.catalog.topic_of_passages([passage.id for passage in passages])
        assert len(filed) == 64
    build([tmp_path / "notes"], tmp_path / "again", encoder=WordEncoder())
    with open_snapshot(tmp_path / "again") as snapshot:
        assert snapshot.manifest.files["records.sqlite"] == first["records.sqlite"]
    assert not build(None, library.index, encoder=WordEncoder()).published


def test_one_more_paper_renames_nothing(library):
    before = library(
        {
            "flat.md": flat(64),
            "more.md": f"# More\n\n## RNN\n\n{item(94, 'w')}{item(90, 'x')}## Safety\n\n{item(91, 'y')}",
        }
    )
    after = library({"flat.md": flat(65), "a.md": f"# A\n\n## rnns\n\n{item(92, 'x')}## Saftey\n\n{item(93, 'z')}"})
    again = library({"flat.md": flat(65)}, relayout=True)
    for who, topics in before.items():
        assert [(topic.id, topic.path) for topic in after[who]] == [(topic.id, topic.path) for topic in topics]
    assert paths(after[key(64)]) == paths(after[key(0)])
    assert len({topic.id for topics in again.values() for topic in topics}) >= 4


def test_a_stray_paper_goes_to_the_topic_that_it_is_like(library):
    notes = {
        f"{at}.md": f"# Reading\n\n## Area {name}\n\n"
        + "".join(item(at * 20 + number, f"more on {name} {number}") for number in range(12))
        for at, name in enumerate(SUBJECTS)
    }
    said = library(notes | {"stray.md": f"# Stray\n\n{item(200, 'more on robot arms grasping')}"})
    (topic,) = said[key(200)]
    assert topic.path == ("Area robot arms grasping",)
    assert topic.confidence > 0.8
