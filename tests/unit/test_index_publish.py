"""Drafts and snapshots: what is kept, what is embedded, what is published, and what is told of damage."""

import json
import multiprocessing
import os
import shutil
import signal

import numpy as np
import pytest
from small_index import DIM, NEW_NOTES, OLD_NOTES, add_note, build, encode, entry, finish, passage, state_of

import retriever.index as room
import retriever.index.snapshot as snapshot_module
from retriever.errors import (
    BuildRunningError,
    IndexDamagedError,
    IndexNotFoundError,
    NewerFormatError,
    NotDurableError,
)
from retriever.index import drafting, open_snapshot
from retriever.index.manifest import Pointer, file_entry, read_pointer
from retriever.index.publishing import verify
from retriever.records import Window


@pytest.fixture
def index(tmp_path):
    folder = tmp_path / "index"
    build(folder, OLD_NOTES)
    return folder


def generations(index):
    return sorted(path.name for path in index.glob("gen-*"))


def current(index):
    return index / read_pointer(index).generation


def test_a_refresh_is_byte_for_byte_a_clean_build(index, tmp_path):
    assert build(index, NEW_NOTES) == (2, True)
    clean = tmp_path / "clean"
    assert build(clean, NEW_NOTES) == (5, True)
    assert state_of(index) == state_of(clean)
    for name in ("records.sqlite", "vectors.f16", "vectors.hashes", "vectors.faiss"):
        assert (current(index) / name).read_bytes() == (current(clean) / name).read_bytes()


def test_the_order_in_which_notes_come_does_not_matter(index, tmp_path):
    backwards = tmp_path / "backwards"
    build(backwards, dict(reversed(OLD_NOTES.items())))
    assert state_of(backwards) == state_of(index)


def test_a_build_of_the_same_notes_publishes_nothing(index):
    before = read_pointer(index)
    assert build(index, OLD_NOTES) == (0, False)
    assert read_pointer(index) == before
    assert generations(index) == ["gen-000001"]


def test_one_generation_is_kept_back(index):
    for text in ("first", "second", "third"):
        build(index, {**OLD_NOTES, "new.md": [text]})
    assert generations(index) == ["gen-000003", "gen-000004"]


def test_files_that_did_not_change_are_shared_with_the_generation_before(index):
    with drafting(index) as draft:
        touched = [entry(file, texts, warnings=("odd",)) for file, texts in OLD_NOTES.items()]
        draft.keep_notes(touched)
        assert finish(draft) == (0, True)
    first = index / generations(index)[0]
    shared = {path.relative_to(first) for path in first.rglob("*") if path.stat().st_nlink == 2 and path.is_file()}
    assert {str(path) for path in shared if path.parts[0] != "lexical"} == {
        "vectors.f16",
        "vectors.faiss",
        "vectors.hashes",
    }
    assert len(shared) == 3 + sum(path.is_file() for path in (first / "lexical").iterdir())


def test_files_are_copied_where_links_are_refused(index, monkeypatch):
    def refused(*_):
        raise PermissionError(1, "Operation not permitted")

    monkeypatch.setattr(os, "link", refused)
    with drafting(index) as draft:
        draft.keep_notes([entry(file, texts, warnings=("odd",)) for file, texts in OLD_NOTES.items()])
        assert finish(draft) == (0, True)
    first, second = (index / name for name in generations(index))
    assert (first / "vectors.f16").read_bytes() == (second / "vectors.f16").read_bytes()
    assert (second / "vectors.f16").stat().st_nlink == 1


def test_a_text_that_stands_twice_is_encoded_once(tmp_path):
    asked = []

    def counted(texts):
        asked.extend(texts)
        return encode(texts)

    with drafting(tmp_path) as draft:
        piece = passage("a.md", ["same", "same", "other"])
        windows = [(Window(at, 1, 1, text), text) for at, text in enumerate(["same", "same", "other"])]
        draft.add_note(entry("a.md", ["same"]), [(piece, windows)])
        assert finish(draft, encode=counted) == (2, True)
    assert sorted(asked) == ["other", "same"]
    with open_snapshot(tmp_path) as snapshot:
        rows = snapshot.vectors.rows(np.arange(3))
        np.testing.assert_allclose(rows, encode(["same", "same", "other"]), atol=1e-3)


def test_progress_of_embedding_is_told(tmp_path):
    told = []
    with drafting(tmp_path) as draft:
        add_note(draft, "a.md", ["one", "two"])
        draft.set_papers([], {}, [], [])
        draft.finish_records()
        draft.embed(encode, "f", DIM, lambda done, of: told.append((done, of)))
    assert told[-1] == (2, 2)


def test_another_model_embeds_everything_anew(index):
    assert build(index, OLD_NOTES, fingerprint="e" * 64) == (4, True)
    with open_snapshot(index) as snapshot:
        assert snapshot.manifest.fingerprint == "e" * 64


@pytest.mark.parametrize("wrong", [lambda texts: encode(texts)[:, 1:], lambda texts: encode(texts) * np.nan])
def test_an_encoder_that_returns_nonsense_publishes_nothing(index, wrong):
    with pytest.raises(ValueError, match="encoder"):
        build(index, NEW_NOTES, encode=wrong)
    assert generations(index) == ["gen-000001"]


def test_a_draft_that_fails_leaves_no_trace(index):
    before = state_of(index)
    with pytest.raises(ZeroDivisionError), drafting(index) as draft:
        add_note(draft, "a.md", [1 / 0])
    assert state_of(index) == before
    assert sorted(path.name for path in index.iterdir()) == ["CURRENT", "LOCK", "gen-000001"]


def test_what_a_killed_build_left_is_swept(index):
    (index / "gen-000002" / "lexical").mkdir(parents=True)
    (index / "gen-000002" / "staging.sqlite").write_bytes(b"half")
    (index / "CURRENT.next").write_text("half")
    build(index, NEW_NOTES)
    assert sorted(path.name for path in index.iterdir()) == ["CURRENT", "LOCK", "gen-000001", "gen-000002"]


def test_what_a_killed_first_build_left_is_swept(tmp_path):
    (tmp_path / "gen-000001").mkdir()
    (tmp_path / "gen-000001" / "staging.sqlite").write_bytes(b"half")
    build(tmp_path, OLD_NOTES)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["CURRENT", "LOCK", "gen-000001"]


def test_an_index_without_windows_answers_nothing(tmp_path):
    build(tmp_path, {"empty.md": []})
    with open_snapshot(tmp_path) as snapshot:
        assert snapshot.count == snapshot.vectors.count == snapshot.lexical.count == 0
        assert snapshot.vectors.search(encode(["anything"]), 5)[0].shape == (1, 0)
        assert snapshot.lexical.search(["anything"], 5)[1].shape == (0,)
    assert build(tmp_path, OLD_NOTES) == (4, True)


def test_notes_cannot_be_kept_from_nowhere(tmp_path, index):
    with pytest.raises(ValueError, match="no generation"), drafting(tmp_path / "other") as draft:
        draft.keep_notes([entry("a.md", ["one"])])
    with pytest.raises(ValueError, match="not in the previous"), drafting(index) as draft:
        draft.keep_notes([entry("unknown.md", ["one"])])


def test_a_folder_without_an_index_is_told(tmp_path):
    with pytest.raises(IndexNotFoundError, match="retriever build"):
        open_snapshot(tmp_path)
    with pytest.raises(IndexNotFoundError):
        open_snapshot(tmp_path / "nowhere")


def test_a_file_is_no_index(tmp_path):
    (tmp_path / "index").write_text("a file")
    with pytest.raises(IndexNotFoundError):
        open_snapshot(tmp_path / "index")
    with pytest.raises(NotDurableError):
        build(tmp_path / "index", OLD_NOTES)


@pytest.mark.parametrize(
    "line", ["", "gen-000001", "gen-000001 zz\n", "../../etc " + "a" * 64 + "\n", "\xff\x00" * 400]
)
def test_a_bad_pointer_is_damage(index, line):
    (index / "CURRENT").write_bytes(line.encode("latin-1"))
    with pytest.raises(IndexDamagedError, match="CURRENT"):
        open_snapshot(index)
    assert build(index, NEW_NOTES) == (2, True), "the vectors are saved"
    assert generations(index) == ["gen-000002"]


def test_a_pointer_that_is_a_folder_is_damage(index):
    (index / "CURRENT").unlink()
    (index / "CURRENT").mkdir()
    with pytest.raises(IndexDamagedError, match="CURRENT"):
        open_snapshot(index)


def test_a_changed_manifest_is_damage(index):
    manifest = current(index) / "manifest.json"
    manifest.write_text(manifest.read_text().replace('"chunker": 1', '"chunker": 2'))
    with pytest.raises(IndexDamagedError, match="manifest"):
        open_snapshot(index)


def point_at(index, content):
    """Make a manifest of this content the one that the pointer names."""
    name = read_pointer(index).generation
    (index / name / "manifest.json").write_bytes(content)
    sha256 = file_entry(index / name / "manifest.json").sha256
    (index / "CURRENT").write_text(f"{name} {sha256}\n")


@pytest.mark.parametrize("content", [b"", b"[]", b"{}", b'{"format": 1}', b'{"format": "x"}', b"\xff", b"null"])
def test_a_manifest_that_is_none_is_damage(index, content):
    point_at(index, content)
    with pytest.raises(IndexDamagedError, match="manifest"):
        open_snapshot(index)
    assert build(index, OLD_NOTES)[1]


@pytest.mark.parametrize(
    "planted", [{"generation": "gen-000009"}, {"dim": 0}, {"dim": "16"}, {"files": {}}, {"folders": 3}, {"odd": 1}]
)
def test_a_manifest_that_no_build_wrote_is_damage(index, planted):
    content = json.loads((current(index) / "manifest.json").read_text())
    point_at(index, json.dumps({**content, **planted}).encode())
    with pytest.raises(IndexDamagedError, match="manifest"):
        open_snapshot(index)


def test_a_manifest_that_names_files_elsewhere_is_damage(index):
    content = json.loads((current(index) / "manifest.json").read_text())
    content["files"]["../../secret"] = {"size": 1, "sha256": "a" * 64}
    point_at(index, json.dumps(content).encode())
    with pytest.raises(IndexDamagedError, match="elsewhere"):
        open_snapshot(index)


def test_a_newer_format_is_refused_and_left_alone(index):
    content = json.loads((current(index) / "manifest.json").read_text())
    point_at(index, json.dumps({**content, "format": 99}).encode())
    with pytest.raises(NewerFormatError, match="format 99"):
        open_snapshot(index)
    with pytest.raises(NewerFormatError):
        build(index, NEW_NOTES)
    assert generations(index) == ["gen-000001"]


def names_of_files(index):
    return sorted(path.relative_to(current(index)).as_posix() for path in current(index).rglob("*") if path.is_file())


def test_a_missing_or_short_file_is_damage_whichever_it_is(index):
    for name in set(names_of_files(index)) - {"manifest.copy"}:  # which only a repair reads
        path = current(index) / name
        content = path.read_bytes()
        path.unlink()
        with pytest.raises(IndexDamagedError, match=path.name):
            open_snapshot(index)
        path.write_bytes(content[:-1])
        with pytest.raises(IndexDamagedError, match=path.name):
            open_snapshot(index)
        path.write_bytes(content)
    open_snapshot(index).close()


def flip(path, at=None):
    """Change one byte of a file, in a new file of the same name."""
    content = bytearray(path.read_bytes())
    at = len(content) // 2 if at is None else at
    content[at] ^= 0xFF
    path.unlink()
    path.write_bytes(content)


def test_a_damaged_generation_is_not_built_upon_but_its_vectors_are_saved(index):
    flip(current(index) / "records.sqlite")
    with drafting(index) as draft:
        assert draft.previous is None
        assert isinstance(draft.previous_problem, IndexDamagedError)
        for file, texts in NEW_NOTES.items():
            add_note(draft, file, texts)
        assert finish(draft) == (2, True)
    assert generations(index) == ["gen-000002"]


def test_damaged_vectors_are_made_anew(index, tmp_path):
    flip(current(index) / "vectors.f16")
    assert build(index, NEW_NOTES) == (5, True)
    build(tmp_path / "clean", NEW_NOTES)
    assert state_of(index) == state_of(tmp_path / "clean")


def test_vectors_and_hashes_of_different_length_are_not_reused(index):
    manifest = json.loads((current(index) / "manifest.json").read_text())
    hashes = current(index) / "vectors.hashes"
    hashes.write_bytes(hashes.read_bytes()[16:])
    manifest["files"]["vectors.hashes"] = {"size": 48, "sha256": file_entry(hashes).sha256}
    point_at(index, json.dumps(manifest).encode())
    with open_snapshot(index) as snapshot, pytest.raises(IndexDamagedError, match="does not match"):
        snapshot.vectors.check()
    assert build(index, NEW_NOTES) == (5, True)


@pytest.mark.parametrize("name", ["vectors.faiss", "lexical/meta.json"])
def test_a_damaged_derived_file_is_not_taken_over(index, name):
    flip(current(index) / name)
    with drafting(index) as draft:
        draft.keep_notes([entry(file, texts, warnings=("odd",)) for file, texts in OLD_NOTES.items()])
        assert finish(draft) == (0, True)
    state_of(index)


def test_parts_of_different_length_are_not_published(index):
    with open_snapshot(index) as snapshot:
        manifest = snapshot.manifest
    hashes = current(index) / "vectors.hashes"
    hashes.write_bytes(hashes.read_bytes() + b"x" * 16)
    files = {**manifest.files, "vectors.hashes": file_entry(hashes)}
    object.__setattr__(manifest, "files", files)
    with pytest.raises(IndexDamagedError, match="holds 4 of 5"):
        verify(index, manifest)


def test_a_reader_follows_a_build_that_drops_what_it_was_about_to_open(index, monkeypatch):
    pointers = [read_pointer(index)]
    build(index, NEW_NOTES)
    build(index, OLD_NOTES)  # drops the generation that the first pointer names
    pointers.append(read_pointer(index))
    monkeypatch.setattr(snapshot_module, "read_pointer", lambda _: pointers.pop(0))
    with open_snapshot(index) as snapshot:
        assert snapshot.path.name == "gen-000003"


def test_a_reader_does_not_follow_for_ever(index, monkeypatch):
    turns = iter(range(100))
    monkeypatch.setattr(snapshot_module, "read_pointer", lambda _: Pointer(f"gen-{next(turns):06d}x", "a" * 64))
    with pytest.raises(IndexDamagedError, match="faster"):
        open_snapshot(index)


def test_an_open_snapshot_outlives_the_builds_after_it(index):
    with open_snapshot(index) as snapshot:
        assert snapshot.lexical.count == 4
        before = snapshot.vectors.search(encode(["noise"]), 4), snapshot.lexical.search(["vision"], 4)
        for text in ("first", "second", "third"):
            build(index, {"new.md": [text]})
        assert not snapshot.path.exists()
        after = snapshot.vectors.search(encode(["noise"]), 4), snapshot.lexical.search(["vision"], 4)
        assert snapshot.catalog.counts()["windows"] == 4
    for old, new in zip(before, after, strict=True):
        np.testing.assert_array_equal(old[0], new[0])
        np.testing.assert_array_equal(old[1], new[1])


def hold_lock(index, ready):
    with drafting(index):
        ready.set()
        signal.pause()


def test_a_second_build_is_refused_until_the_first_is_gone(index):
    spawn = multiprocessing.get_context("spawn")
    ready = spawn.Event()
    holder = spawn.Process(target=hold_lock, args=(index, ready))
    holder.start()
    try:
        assert ready.wait(60)
        with pytest.raises(BuildRunningError, match=f"process {holder.pid}") as refused:
            build(index, NEW_NOTES)
        assert refused.value.pid == holder.pid
        assert open_snapshot(index).manifest.counts["windows"] == 4, "readers take no lock"
    finally:
        holder.kill()
        holder.join()
    assert build(index, NEW_NOTES) == (2, True)


def test_a_lock_whose_holder_is_not_yet_known_is_still_held(index, monkeypatch):
    monkeypatch.setattr("retriever.index.lock._PATIENCE", 0.1)
    with drafting(index):
        (index / "LOCK").write_text("999999999\n")  # the holder before, long gone
        with pytest.raises(BuildRunningError, match="another process"):
            build(index, NEW_NOTES)


def test_an_index_may_be_moved(index, tmp_path):
    before = state_of(index)
    shutil.move(index, tmp_path / "elsewhere % with? odd#name")
    assert state_of(tmp_path / "elsewhere % with? odd#name") == before
    assert build(tmp_path / "elsewhere % with? odd#name", NEW_NOTES) == (2, True)


def test_the_room_has_the_names_it_says_and_no_others():
    assert all(hasattr(room, name) for name in room.__all__)
    with pytest.raises(AttributeError, match="nothing"):
        _ = room.nothing
