import os
import time

import pytest
from toy import WordEncoder

from retriever import Retriever, build
from retriever.errors import NotesGoneError, NotesUnreadableError, UsageError
from retriever.index import open_snapshot
from retriever.indexing import changes, chunk
from retriever.notes.folder import MAX_BYTES

ONE = "- [AnnaLi2025ICLR](https://openreview.net/forum?id=aaaaaaaaA1) learns to forget slowly\n"
TWO = "- Mamba [BobWu2024ICML](https://openreview.net/forum?id=aaaaaaaaA2) scans a state\n"


@pytest.fixture
def notes(tmp_path):
    folder = tmp_path / "notes"
    folder.mkdir()
    (folder / "a.md").write_text(f"# First\n\n{ONE}", "utf-8")
    (folder / "b.md").write_text(f"# Second\n\n## Memory\n\n{TWO}{ONE}", "utf-8")
    # Old enough that size and time may be trusted.
    for file in folder.iterdir():
        os.utime(file, (time.time() - 60, time.time() - 60))
    return folder


def run(notes, index, **options):
    return build(notes, index, encoder=WordEncoder(), **options)


def differ(index):
    with open_snapshot(index) as snapshot:
        found = changes(snapshot.manifest.folders, snapshot.catalog.notes())
    return found.added, found.changed, found.removed


def test_a_report_tells_what_came_changed_and_went(notes, tmp_path):
    first = run([notes], tmp_path / "index")
    assert (first.notes, first.papers, first.papers_in_many_places, first.sections) == (2, 2, 1, 0)
    assert (first.papers_added, first.papers_changed, first.papers_removed) == (2, 0, 0)
    (notes / "b.md").write_text(f"# Second\n\n{ONE.replace('slowly', 'at once')}", "utf-8")
    second = run(None, tmp_path / "index")
    assert (second.papers, second.papers_added, second.papers_changed, second.papers_removed) == (1, 0, 1, 1)
    assert (second.notes_read, second.published) == (1, True)
    third = run(None, tmp_path / "index")
    assert (third.notes_read, third.windows_embedded, third.published) == (0, 0, False)


def test_topics_leave_out_the_title_of_the_note(notes, tmp_path):
    run([notes], tmp_path / "index")
    with Retriever.open(tmp_path / "index") as retriever:
        assert [topic.path for topic in retriever.topics()] == [("Memory",)]


def test_changes_are_told_by_content(notes, tmp_path):
    run([notes], tmp_path / "index")
    assert differ(tmp_path / "index") == (0, 0, 0)
    os.utime(notes / "a.md")
    assert differ(tmp_path / "index") == (0, 0, 0)
    (notes / "a.md").write_text("Something else.", "utf-8")
    (notes / "c.md").write_text("Something new.", "utf-8")
    (notes / "b.md").unlink()
    assert differ(tmp_path / "index") == (1, 1, 1)


def test_an_edit_that_keeps_size_and_time_is_seen_while_both_are_fresh(notes, tmp_path):
    run([notes], tmp_path / "index")
    before = (notes / "a.md").stat()
    now = time.time_ns()
    os.utime(notes / "a.md", ns=(now, now))
    run(None, tmp_path / "index")
    text = (notes / "a.md").read_text("utf-8")
    (notes / "a.md").write_text(text.replace("slowly", "slowlY"), "utf-8")
    os.utime(notes / "a.md", ns=(now, now))
    assert (notes / "a.md").stat().st_size == before.st_size
    assert run(None, tmp_path / "index").notes_read == 1


def test_named_places_replace_what_the_index_covered(notes, tmp_path):
    run([notes], tmp_path / "index")
    report = run([notes / "a.md"], tmp_path / "index")
    assert (report.notes, report.papers, report.papers_removed) == (1, 1, 1)
    assert run([notes / "a.md", notes / "b.md"], tmp_path / "index").notes == 2
    assert run([notes / "a.md", notes], tmp_path / "index").notes == 2


def test_two_folders_of_one_name_are_both_covered(notes, tmp_path):
    other = tmp_path / "other" / "notes"
    other.mkdir(parents=True)
    (other / "a.md").write_text(f"# First\n\n{TWO}", "utf-8")
    report = run([notes, other], tmp_path / "index")
    assert (report.notes, report.papers_in_many_places) == (3, 2)
    with open_snapshot(tmp_path / "index") as snapshot:
        assert [source.label for source in snapshot.manifest.folders] == ["notes", "notes-2"]


def test_a_refresh_without_an_index_and_places_that_are_not_there_are_refused(notes, tmp_path):
    with pytest.raises(UsageError, match="Name the notes"):
        run(None, tmp_path / "index")
    with pytest.raises(NotesGoneError, match="is not there"):
        run([tmp_path / "nowhere"], tmp_path / "index")
    (tmp_path / "empty").mkdir()
    with pytest.raises(NotesGoneError, match="no notes"):
        run([tmp_path / "empty"], tmp_path / "index")


def test_when_over_half_of_the_notes_are_gone_a_refresh_is_refused(notes, tmp_path):
    run([notes], tmp_path / "index")
    (notes / "a.md").unlink()
    assert run(None, tmp_path / "index").notes == 1
    (notes / "b.md").unlink()
    with pytest.raises(NotesGoneError, match="1 of 1 notes are gone"):
        run(None, tmp_path / "index")
    report = run(None, tmp_path / "index", allow_shrink=True)
    assert (report.notes, report.papers, report.papers_removed) == (0, 0, 2)


def test_a_note_that_cannot_be_read_costs_that_note_and_one_warning(notes, tmp_path):

    with (notes / "huge.md").open("wb") as stream:
        stream.truncate(MAX_BYTES + 1)
    (notes / "old.md").write_bytes(b"caf\xe9")
    report = run([notes], tmp_path / "index")
    assert report.notes == 3
    assert sorted(report.warnings) == [
        "huge.md: skipped (larger than 20 MiB)",
        "old.md: line 1 is not UTF-8; read as Windows-1252",
    ]
    with pytest.raises(NotesUnreadableError, match=r"huge\.md"):
        run([notes], tmp_path / "other", strict=True)


def test_progress_is_told_stage_by_stage(notes, tmp_path):
    told = []
    run([notes], tmp_path / "index", progress=lambda *step: told.append(step))
    assert told == [("reading notes", 1, 2), ("reading notes", 2, 2), ("embedding", 3, 3)]


def test_passages_are_chunked_without_an_index(notes):
    found = list(chunk([notes, notes / "a.md"]))
    assert [(passage.file, passage.key) for passage in found] == [
        (str(notes / "a.md"), "AnnaLi2025ICLR"),
        (str(notes / "b.md"), "BobWu2024ICML"),
        (str(notes / "b.md"), "AnnaLi2025ICLR"),
        (str(notes / "a.md"), "AnnaLi2025ICLR"),
    ]
    with pytest.raises(NotesGoneError):
        list(chunk([notes / "nowhere"]))
