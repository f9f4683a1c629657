"""What changes the disk: whole writes, synced, and every refusal of the disk told as such."""

import errno
import os
import resource
from contextlib import contextmanager

import pytest
from small_index import NEW_NOTES, OLD_NOTES, build, state_of

from retriever.errors import IndexDamagedError, NotDurableError
from retriever.index import drafting, durable, open_snapshot
from retriever.index.manifest import check_file, read_pointer


@contextmanager
def files_of_at_most(size):
    """Let the system refuse to write files any longer, for every library alike."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)


def test_a_file_is_written_whole_though_the_system_takes_it_in_pieces(tmp_path, monkeypatch):
    real = os.pwrite
    monkeypatch.setattr(os, "pwrite", lambda file, content, offset: real(file, bytes(content)[:3], offset))
    durable.write_file(tmp_path / "file", b"0123456789")
    assert (tmp_path / "file").read_bytes() == b"0123456789"


def test_folders_are_made_with_those_above_them_and_gone_with_all_they_hold(tmp_path):
    durable.make_folder(tmp_path / "a" / "b" / "c")
    durable.make_folder(tmp_path / "a" / "b" / "c")
    (tmp_path / "kept").mkdir()
    (tmp_path / "kept" / "file").write_text("note")
    (tmp_path / "a" / "b" / "link").symlink_to(tmp_path / "kept")
    (tmp_path / "a" / "b" / "file").write_text("x")
    durable.remove_folder(tmp_path / "a")
    durable.remove_folder(tmp_path / "a")
    durable.remove_file(tmp_path / "a")
    assert sorted(path.name for path in tmp_path.rglob("*")) == ["file", "kept"]


def test_the_drive_itself_is_told_where_the_system_can(tmp_path, monkeypatch):
    asked = []
    monkeypatch.setattr(durable, "_FULL_SYNC", 51)
    monkeypatch.setattr(durable.fcntl, "fcntl", lambda file, command: asked.append(command))
    durable.write_file(tmp_path / "file", b"x")
    assert asked == [51]


@pytest.mark.parametrize("code", [errno.EXDEV, errno.EMLINK, errno.EPERM])
def test_what_cannot_be_linked_is_copied(tmp_path, monkeypatch, code):
    (tmp_path / "file").write_bytes(b"ab" * 1_000_000)
    monkeypatch.setattr(os, "link", lambda *_: (_ for _ in ()).throw(OSError(code, os.strerror(code))))
    durable.link(tmp_path / "file", tmp_path / "copy")
    assert (tmp_path / "copy").read_bytes() == b"ab" * 1_000_000


def test_refusals_name_the_file_and_the_reason(tmp_path):
    nowhere = tmp_path / "nowhere" / "file"
    for refused in (
        lambda: durable.write_file(nowhere, b""),
        lambda: durable.sync_file(nowhere),
        lambda: durable.sync_folder(nowhere),
        lambda: durable.link(nowhere, nowhere),
        lambda: durable.replace(nowhere, nowhere),
        lambda: durable.make_folder(tmp_path / ("x" * 300)),
    ):
        with pytest.raises(NotDurableError, match=r"No such file|too long") as told:
            refused()
        assert told.value.exit_code == 8


@pytest.mark.parametrize("size", [0, 100, 600, 5_000, 20_000, 60_000])
def test_a_disk_that_takes_no_more_leaves_the_index_as_it_was(tmp_path, size):
    index = tmp_path / "index"
    build(index, OLD_NOTES)
    before = state_of(index)
    with files_of_at_most(size), pytest.raises(NotDurableError):
        build(index, {**NEW_NOTES, "long.md": ["word " * 50] * 300})
    assert state_of(index) == before
    assert sorted(path.name for path in index.iterdir()) == ["CURRENT", "LOCK", "gen-000001"]


def test_a_disk_that_takes_no_words_is_told(tmp_path, monkeypatch):
    monkeypatch.setattr("tantivy.Index.writer", lambda *_: (_ for _ in ()).throw(ValueError("no space")), raising=True)
    with pytest.raises(NotDurableError, match="no space"):
        build(tmp_path, OLD_NOTES)


def test_a_lock_that_cannot_be_taken_is_told(tmp_path):
    (tmp_path / "LOCK").mkdir()
    with pytest.raises(NotDurableError, match="LOCK"), drafting(tmp_path):
        pass


def test_every_byte_of_a_file_is_checked(tmp_path):
    build(tmp_path, OLD_NOTES)
    with open_snapshot(tmp_path) as snapshot:
        manifest = snapshot.manifest
    folder = tmp_path / read_pointer(tmp_path).generation
    for name in manifest.files:
        check_file(tmp_path, manifest, name)
    hashes = folder / "vectors.hashes"
    content = hashes.read_bytes()
    for at in range(len(content)):
        hashes.write_bytes(content[:at] + bytes([content[at] ^ 1]) + content[at + 1 :])
        with pytest.raises(IndexDamagedError, match=r"vectors\.hashes"):
            check_file(tmp_path, manifest, "vectors.hashes")
    hashes.unlink()
    with pytest.raises(IndexDamagedError):
        check_file(tmp_path, manifest, "vectors.hashes")
