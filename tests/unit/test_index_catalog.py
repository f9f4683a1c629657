"""Records come back from the catalog as they went in, by every way of asking."""

import os
import sqlite3

import pytest
from hypothesis import given
from hypothesis import strategies as st
from small_index import FINGERPRINT, NEW_NOTES, OLD_NOTES, build, encode, entry, passage

from retriever.errors import IndexDamagedError, NotDurableError
from retriever.index import NoteEntry, Source, TopicRow, WindowRow, drafting, open_snapshot
from retriever.index.catalog import Catalog
from retriever.index.catalog_writer import CatalogWriter
from retriever.index.schema import PASSAGE_COLUMNS
from retriever.records import Evidence, Paper, Passage, TopicRef, Window

FULL = Passage(
    id="deep/notes.md#heka2016", kind="paper", file="deep/notes.md", first_line=3, last_line=9,
    heading_path=("Vision", 'Résumé ["quoted"]'), key="HeKaiming2016CVPR", title="Deep “Residual” Learning",
    name="ResNet", authors=("Kaiming He", "孙剑"), venue="CVPR", year=2016, arxiv="1512.03385", openreview="a-B_c",
    doi="10.1109/x", acl="P16-1", url="https://example.org/?a=1&b=2", markers=("⭐", "+1"), tags=("#vision/cnn",),
    text="Tab\there, NUL\x00 too.\nSecond line 🎉",
)  # fmt: skip
SECTION = Passage(id="deep/notes.md#intro", kind="section", file="deep/notes.md", first_line=1, last_line=2)
SECOND = passage("a.md", ["other place"], id="a.md#again", key="HeKaiming2016CVPR")
PAPER = Paper(
    id="aaaaaaaaaa", label="Deep “Residual” Learning", title="Deep “Residual” Learning", name="ResNet",
    key="HeKaiming2016CVPR", authors=("Kaiming He", "孙剑"), venue="CVPR", year=2016, date="2016-06-27",
    arxiv="1512.03385", openreview="a-B_c", doi="10.1109/x", acl="P16-1", url="https://example.org", markers=("⭐",),
    tags=("#vision",), abstract="We present …",
)  # fmt: skip
OTHER = Paper(id="aaaazzzzzz", label="an unfiled paper")
EVIDENCE = [Evidence("arxiv", "1512.03385", ("a", "b")), Evidence("key", "heka", ("b", "c"))]
NOTES = [
    NoteEntry("b", "/home/ada/b", "deep/notes.md", 10, 2**62, "ab" * 32, "A title", ("odd byte", "long line")),
    NoteEntry("a", "/home/ada/a", "a.md", 20, 0, "cd" * 32, None),
]
WINDOWS = [Window(0, 3, 4, "Tab\there, NUL\x00 too."), Window(1, 5, 9, "Second line 🎉")]


@pytest.fixture(scope="module")
def catalog(tmp_path_factory):
    index = tmp_path_factory.mktemp("catalog")
    with drafting(index) as draft:
        whole = [(WINDOWS[0], f"Deep. {WINDOWS[0].text}"), (WINDOWS[1], "an embedded text that is another")]
        draft.add_note(NOTES[0], [(SECTION, []), (FULL, whole)])
        draft.add_note(NOTES[1], [(SECOND, [(Window(0, 1, 1, "other place"), "other place")])])
        draft.set_papers(
            iter([OTHER, PAPER]),
            {FULL.id: PAPER.id, SECOND.id: PAPER.id},
            iter([(PAPER.id, EVIDENCE[0]), (PAPER.id, EVIDENCE[1])]),
            iter(
                [
                    ("key", "hekaiming2016cvpr", PAPER.id),
                    ("key", "hekaiming2016cvpr", OTHER.id),
                    ("id", "bbbbbbbbbb", PAPER.id),
                ]
                * 2
            ),
        )
        topics = [
            TopicRow("t2", ("Vision",), None),
            TopicRow("t1", ("Vision", "Nets"), "t2"),
            TopicRow("t0", ("NLP",), None),
        ]
        draft.set_topics(iter(topics), {FULL.id: "t1", SECTION.id: "t2"}, {PAPER.id: ("t1", "t0")})
        assert draft.finish_records() == 3
        draft.embed(encode, FINGERPRINT, 16)
        draft.index_words()
        draft.publish(chunker=3, model="hash", folders=[Source("a", "/home/ada/a", ("a.md",))], counts={"papers": 2})
    with open_snapshot(index) as snapshot:
        assert snapshot.manifest.folders == (Source("a", "/home/ada/a", ("a.md",)),)
        assert (snapshot.manifest.chunker, snapshot.manifest.counts) == (3, {"papers": 2})
        assert snapshot.manifest.bytes == sum(entry.size for entry in snapshot.manifest.files.values())
        yield snapshot.catalog


def test_notes_and_warnings_by_folder_and_file(catalog):
    assert catalog.notes() == [NOTES[1], NOTES[0]]
    assert catalog.warnings() == ["odd byte", "long line"]
    assert catalog.counts() == {"notes": 2, "passages": 3, "windows": 3, "papers": 2, "topics": 3}


def test_passages_come_back_whole(catalog):
    assert catalog.passages([FULL.id, "unknown", SECTION.id]) == {SECTION.id: SECTION, FULL.id: FULL}
    assert catalog.passages([]) == {}
    assert catalog.passages_in("deep/notes.md") == [SECTION, FULL]
    assert catalog.passages_in("nowhere.md") == []
    assert catalog.passages_of(PAPER.id) == [SECOND, FULL]


def test_windows_stand_in_canonical_order_and_come_in_the_order_asked(catalog):
    rows = [
        WindowRow(0, SECOND.id, PAPER.id, 0, 1, 1, "other place"),
        WindowRow(1, FULL.id, PAPER.id, 0, 3, 4, WINDOWS[0].text),
        WindowRow(2, FULL.id, PAPER.id, 1, 5, 9, WINDOWS[1].text),
    ]
    assert catalog.windows([0, 1, 2]) == rows
    assert catalog.windows([2, 0, 2, 99]) == [rows[2], rows[0], rows[2]]
    assert catalog.rows_of_papers([PAPER.id, "unknown"]) == {PAPER.id: [0, 1, 2]}
    assert catalog.rows_of_passages([FULL.id, SECTION.id]) == {FULL.id: [1, 2]}


def test_papers_come_back_with_their_topics(catalog):
    filed = (TopicRef("t1", ("Vision", "Nets")), TopicRef("t0", ("NLP",)))
    expected = Paper(**{**{name: getattr(PAPER, name) for name in Paper.__slots__}, "topics": filed})
    assert catalog.papers([PAPER.id, OTHER.id, "unknown"]) == {PAPER.id: expected, OTHER.id: OTHER}
    assert catalog.all_papers() == [OTHER, expected], "by label, case left aside"


def test_evidence_handles_and_prefixes(catalog):
    assert catalog.evidence(PAPER.id) == EVIDENCE
    assert catalog.evidence("unknown") == []
    assert catalog.handles("key", "hekaiming2016cvpr") == [PAPER.id, OTHER.id]
    assert catalog.handles("doi", "hekaiming2016cvpr") == []
    assert catalog.handle_prefixes("aaaa", 9) == [PAPER.id, OTHER.id]
    assert catalog.handle_prefixes("aaaa", 1) == [PAPER.id]
    assert catalog.handle_prefixes("bbb", 9) == [PAPER.id], "an id that it had before"
    assert catalog.handle_prefixes("zz", 9) == []


def test_topics_in_reading_order(catalog):
    assert [topic.id for topic in catalog.topics()] == ["t2", "t1", "t0"]
    assert catalog.topics()[1] == TopicRow("t1", ("Vision", "Nets"), "t2")
    assert catalog.topic_papers() == {"t1": [PAPER.id], "t0": [PAPER.id]}
    assert catalog.topic_of_passages([FULL.id, SECOND.id, SECTION.id]) == {SECTION.id: "t2", FULL.id: "t1"}
    assert catalog.paper_of_passages([FULL.id, SECOND.id, SECTION.id]) == {SECOND.id: PAPER.id, FULL.id: PAPER.id}


@pytest.mark.parametrize("ask", ["handles", "passages", "passages_of", "passages_in", "evidence", "handle_prefixes"])
def test_lone_surrogates_are_asked_in_vain(catalog, ask):
    arguments = {"handles": ("key", "\ud800"), "passages": (["\ud800"],), "handle_prefixes": ("\ud800", 3)}
    assert not getattr(catalog, ask)(*arguments.get(ask, ("\ud800",)))


def test_lone_surrogates_in_notes_become_question_marks(tmp_path):
    build(tmp_path, {"a.md": ["half a \ud83d pair"]})
    with open_snapshot(tmp_path) as snapshot:
        assert snapshot.catalog.windows([0])[0].text == "half a ? pair"
        assert snapshot.catalog.passages_in("a.md")[0].text == "half a ? pair"
    build(tmp_path, {"a.md": ["half a \ud83d pair"], **OLD_NOTES})
    with open_snapshot(tmp_path) as snapshot:
        assert snapshot.count == 5


texts = st.text(max_size=20)


@given(
    text=texts,
    lists=st.lists(texts, max_size=3).map(tuple),
    title=st.none() | texts,
    year=st.none() | st.integers(-(2**40), 2**40),
    windows=st.lists(st.tuples(texts, st.booleans()), max_size=3),
)
def test_whatever_a_passage_holds_comes_back(tmp_path_factory, *, text, lists, title, year, windows):
    folder = tmp_path_factory.mktemp("records")
    piece = passage("a.md", [], text=text, heading_path=lists, authors=lists, tags=lists, title=title, year=year)
    pairs = [
        (Window(at, 1, 1, words), f"before {words}" if tail else "else") for at, (words, tail) in enumerate(windows)
    ]
    writer = CatalogWriter(folder)
    writer.add_note(entry("a.md", []), [(piece, pairs)])
    assert [(mention.id, mention.text) for mention in writer.mentions()] == [(piece.id, "")]
    writer.finish()
    catalog = Catalog(folder.parent, folder / "records.sqlite")
    assert catalog.passages_in("a.md") == [piece]
    assert [row.text for row in catalog.windows(range(3))] == [words for words, _ in windows]
    catalog.close()


def test_every_field_of_a_passage_has_a_column():
    assert set(PASSAGE_COLUMNS) == set(Passage.__slots__)


def test_a_database_that_is_none_is_damage(tmp_path):
    file = tmp_path / "records.sqlite"
    with pytest.raises(FileNotFoundError):
        Catalog(tmp_path.parent, file)
    file.write_bytes(b"this is no database at all, however long it may be" * 50)
    catalog = Catalog(tmp_path.parent, file)
    with pytest.raises(IndexDamagedError, match=r"records\.sqlite"):
        catalog.notes()
    catalog.close()


@pytest.mark.parametrize(
    "damage", ["UPDATE note SET warnings = '{'", "UPDATE passage SET tags = '3'", "DROP TABLE topic"]
)
def test_columns_that_hold_something_else_are_damage(tmp_path, damage):
    build(tmp_path, NEW_NOTES)
    file = next(tmp_path.glob("gen-*/records.sqlite"))
    with sqlite3.connect(file) as connection:
        connection.execute(damage)
    connection.close()
    catalog = Catalog(tmp_path, file)
    with pytest.raises(IndexDamagedError):
        (catalog.notes(), catalog.passages_in("vision.md"), catalog.topics())
    catalog.close()


def test_papers_that_hold_something_else_are_damage(tmp_path):
    build(tmp_path, NEW_NOTES)
    file = next(tmp_path.glob("gen-*/records.sqlite"))
    with sqlite3.connect(file) as connection:
        connection.execute("UPDATE paper SET authors = 'none'")
    connection.close()
    catalog = Catalog(tmp_path, file)
    with pytest.raises(IndexDamagedError):
        catalog.all_papers()
    catalog.close()


def test_a_full_disk_is_told_as_such(tmp_path):
    writer = CatalogWriter(tmp_path)
    writer._connection.execute("PRAGMA max_page_count = 12")
    with pytest.raises(NotDurableError, match="full"):
        writer.add_note(entry("a.md", []), [(passage("a.md", [os.urandom(100_000).hex()]), [])])
    writer.close()


def test_a_passage_id_that_stands_twice_is_a_fault_of_the_caller(tmp_path):
    writer = CatalogWriter(tmp_path)
    with pytest.raises(sqlite3.IntegrityError):
        writer.add_note(entry("a.md", []), [(FULL, []), (FULL, [])])
    writer.close()
