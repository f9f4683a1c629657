"""What a repair does with each kind of damage, and what it leaves to be looked at."""

import json
import os
import shutil
from importlib import import_module

import pytest
from toy import WordEncoder, write_notes

from retriever import build
from retriever.errors import (
    BuildRunningError,
    IndexDamagedError,
    IndexNotFoundError,
    IndexOutdatedError,
    NotesGoneError,
    UsageError,
)
from retriever.index import drafting, open_snapshot
from retriever.index.manifest import read_pointer
from retriever.library import check, repair


@pytest.fixture(autouse=True)
def _words(load_with):
    load_with()


@pytest.fixture
def notes(tmp_path):
    return write_notes(tmp_path / "notes")


@pytest.fixture
def index(notes, tmp_path):
    """Return an index of two generations: the article was shorter in the first."""
    article = (notes / "article.md").read_text()
    (notes / "article.md").write_text(article.partition("## Warm")[0])
    build([notes], tmp_path / "index", encoder=WordEncoder())
    (notes / "article.md").write_text(article)
    build([notes], tmp_path / "index", encoder=WordEncoder())
    return tmp_path / "index"


def flip(path, at=None):
    content = bytearray(path.read_bytes())
    content[len(content) // 2 if at is None else at] ^= 1
    path.write_bytes(content)


def papers(index):
    with open_snapshot(index) as snapshot:
        return [paper.label for paper in snapshot.catalog.all_papers()]


def aside(done, index):
    return [os.path.relpath(path, index) for path in done.aside]


def test_a_sound_index_is_left_as_it_is(index):
    before = sorted(path.name for path in index.rglob("*"))
    done = repair(index)
    assert (done.faults, done.aside, done.derived, done.build) == ((), (), (), None)
    assert sorted(path.name for path in index.rglob("*")) == before


def test_what_follows_from_the_record_is_made_anew_without_notes_or_model(index, notes, load_with):
    shutil.rmtree(notes)
    load_with(None)
    flip(index / "gen-000002" / "vectors.faiss")
    word = next((index / "gen-000002" / "lexical").glob("*.term"))
    flip(word)
    flip(index / "gen-000002" / "vectors.hashes")
    before = papers(index)
    done = repair(index)
    assert done.derived == ("gen-000003/lexical", "gen-000003/vectors.faiss", "gen-000003/vectors.hashes")
    assert aside(done, index) == ["damaged-gen-000002"]
    assert (done.generation, done.went_back_to, done.rebuilt, done.build) == ("gen-000003", None, False, None)
    assert papers(index) == before
    assert check(index).sound
    assert check(index).aside == ("damaged-gen-000002",)


def test_the_last_good_generation_is_refreshed_from_the_notes(index, notes):
    with (notes / "outline.md").open("a") as file:
        file.write("- [NewOne2026ICLR](https://openreview.net/forum?id=nnnnnnnnN1) came later\n")
    flip(index / "gen-000002" / "records.sqlite")
    done = repair(index)
    assert (done.went_back_to, done.rebuilt, done.generation) == ("gen-000001", False, "gen-000003")
    # Vectors are those of the damaged generation: it is sound in these.
    assert (done.build.notes_read, done.build.windows_embedded) == (2, 1)
    assert "NewOne2026ICLR" in papers(index)


def test_where_the_notes_are_gone_the_index_is_as_old_as_the_last_good_generation(index, notes):
    shutil.rmtree(notes)
    flip(index / "gen-000002" / "records.sqlite")
    with pytest.raises(NotesGoneError, match="sound, but as old as gen-000001"):
        repair(index)
    assert check(index).sound
    assert check(index).generation == "gen-000001"


def test_where_none_is_good_the_notes_are_read_anew_and_vectors_are_kept(index):
    shutil.rmtree(index / "gen-000001")
    before = papers(index)
    flip(index / "gen-000002" / "records.sqlite")
    done = repair(index)
    assert (done.rebuilt, done.generation, done.build.windows_embedded) == (True, "gen-000003", 0)
    assert aside(done, index) == ["damaged-gen-000002"]
    assert papers(index) == before


def test_a_repair_that_was_killed_before_it_read_the_notes_can_be_repeated(index, monkeypatch):
    shutil.rmtree(index / "gen-000001")
    flip(index / "gen-000002" / "records.sqlite")
    module = import_module("retriever.indexing.repair")
    real = module.build
    monkeypatch.setattr(module, "build", lambda *_, **__: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        repair(index)
    assert [fault.file for fault in check(index).faults] == ["CURRENT"]
    monkeypatch.setattr(module, "build", real)
    done = repair(index)
    assert (done.rebuilt, done.build.windows_embedded) == (True, 0)


def test_the_pointer_and_a_manifest_come_back_from_what_is_left(index):
    line = (index / "CURRENT").read_bytes()
    manifest = (index / "gen-000002" / "manifest.json").read_bytes()
    flip(index / "CURRENT", 3)
    flip(index / "gen-000002" / "manifest.json")
    done = repair(index)
    assert (index / "CURRENT").read_bytes() == line
    assert (index / "gen-000002" / "manifest.json").read_bytes() == manifest
    assert aside(done, index) == ["damaged-gen-000002-manifest.json", "damaged-CURRENT"]
    assert (done.generation, done.build) == ("gen-000002", None)
    flip(index / "CURRENT", 3)
    assert aside(repair(index), index) == ["damaged-CURRENT-2"]


def test_a_folder_in_place_of_the_pointer_is_set_aside(index):
    (index / "CURRENT").unlink()
    (index / "CURRENT").mkdir()
    assert aside(repair(index), index) == ["damaged-CURRENT"]
    assert check(index).sound


def test_a_damaged_generation_that_was_kept_back_is_set_aside(index):
    # The two generations share no file that is damaged here.
    flip(index / "gen-000001" / "records.sqlite")
    done = repair(index)
    assert (aside(done, index), done.generation, done.build) == (["damaged-gen-000001"], "gen-000002", None)


def test_without_any_manifest_the_notes_have_to_be_named(index, notes):
    for path in index.glob("gen-*/manifest.*"):
        path.write_text("{}")
    with pytest.raises(UsageError, match="retriever build NOTES --index"):
        repair(index)
    assert sorted(path.name for path in index.glob("*gen-*")) == ["damaged-gen-000001", "damaged-gen-000002"]
    build([notes], index, encoder=WordEncoder())
    assert check(index).sound


def test_a_repair_waits_for_no_build_and_needs_an_index(index, tmp_path):
    with drafting(index), pytest.raises(BuildRunningError):
        repair(index)
    with pytest.raises(IndexNotFoundError):
        repair(tmp_path / "none")
    with pytest.raises(IndexNotFoundError):
        repair(tmp_path)
    assert not (tmp_path / "LOCK").exists()


def test_what_is_still_damaged_is_told(index, monkeypatch):
    module = import_module("retriever.indexing.repair")
    real = module.check

    def meanwhile(folder):
        flip(folder / read_pointer(folder).generation / "vectors.f16")
        return real(folder)

    monkeypatch.setattr(module, "check", meanwhile)
    with pytest.raises(IndexDamagedError, match="still"):
        repair(index)


class TestDeep:
    def test_an_index_agrees_with_notes_and_model(self, index, notes):
        found = check(index, deep=True)
        assert found.sound
        assert (found.compared.notes_compared, found.compared.windows_embedded) == (2, 14)
        (notes / "article.md").unlink()
        (notes / "new.md").write_text("# New\n\nWords.\n")
        found = check(index, deep=True).compared
        assert (found.notes_added, found.notes_removed, found.notes_compared) == (1, 1, 1)

    def test_a_note_that_did_not_change_and_says_something_else_is_a_fault(self, index, notes):
        outline = (notes / "outline.md").read_text()
        (notes / "outline.md").write_text(outline.replace("segments anything", "segments nothing"))
        other = index.parent / "other"
        build([notes], other, encoder=WordEncoder())
        (notes / "outline.md").write_text(outline)
        lie(other, notes / "outline.md")
        found = check(other, deep=True)
        assert [fault.problem for fault in found.faults] == ["differs from outline.md, which has not changed"]

    def test_vectors_that_the_model_does_not_give_are_a_fault(self, index, load_with):
        class Turned(WordEncoder):
            def encode_document(self, texts):
                return -super().encode_document(texts)

        load_with(Turned)
        (fault,) = check(index, deep=True).faults
        assert fault.problem == "holds other vectors than the model gives, for 14 of 14 windows"
        load_with(lambda model: WordEncoder(f"{model} anew"))
        with pytest.raises(IndexOutdatedError):
            check(index, deep=True)


def lie(index, note):
    """Let an index say of a note that it was read as it is now."""
    import sqlite3  # noqa: PLC0415  only here
    from hashlib import sha256  # noqa: PLC0415  the same

    folder = index / read_pointer(index).generation
    records = folder / "records.sqlite"
    with sqlite3.connect(records) as connection:
        connection.execute(
            "UPDATE note SET sha256 = ?, mtime_ns = ? WHERE file = ?",
            (sha256(note.read_bytes()).hexdigest(), note.stat().st_mtime_ns, note.name),
        )
    connection.close()
    manifest = json.loads((folder / "manifest.json").read_text())
    content = records.read_bytes()
    manifest["files"]["records.sqlite"] = {"size": len(content), "sha256": sha256(content).hexdigest()}
    text = json.dumps(manifest).encode()
    (folder / "manifest.json").write_bytes(text)
    (folder / "manifest.copy").unlink()
    (index / "CURRENT").write_text(f"{folder.name} {sha256(text).hexdigest()}\n")
