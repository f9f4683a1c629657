"""Every damaged byte is found and named, and nothing else is."""

import json
import shutil
from hashlib import sha256

import pytest
from small_index import NEW_NOTES, OLD_NOTES, build

from retriever.errors import IndexNotFoundError, NewerFormatError
from retriever.index import check as check_module
from retriever.index.check import check
from retriever.index.manifest import CURRENT, Pointer, read_pointer


@pytest.fixture
def index(tmp_path):
    """Return an index of two generations."""
    folder = tmp_path / "index"
    build(folder, OLD_NOTES)
    build(folder, NEW_NOTES)
    return folder


def flip(path, at=None):
    """Change one byte of a file, wherever else it is linked."""
    content = bytearray(path.read_bytes())
    content[len(content) // 2 if at is None else at] ^= 1
    path.write_bytes(content)


def point_at(index, name, manifest):
    """Let CURRENT name a manifest that is written in the place of that of a generation."""
    content = json.dumps(manifest).encode()
    (index / name / "manifest.json").write_bytes(content)
    (index / name / "manifest.copy").unlink(missing_ok=True)
    (index / CURRENT).write_text(Pointer(name, sha256(content).hexdigest()).line())


def manifest_of(index, name):
    return json.loads((index / name / "manifest.json").read_text())


def faults(index):
    return {fault.file: fault.problem for fault in check(index).faults}


def test_a_sound_index_has_no_fault_and_is_not_written_to(index):
    before = {path: path.stat().st_mtime_ns for path in index.rglob("*")}
    found = check(index)
    assert found.sound
    assert (found.generation, found.kept, found.aside, found.strays) == ("gen-000002", ("gen-000001",), (), ())
    read = {path.stat().st_ino: path.stat().st_size for path in index.glob("gen-*/**/*") if path.is_file()}
    manifests = {path.stat().st_ino for path in index.glob("gen-*/manifest.*")}
    assert found.files == len(read) - len(manifests)
    assert found.bytes == sum(size for inode, size in read.items() if inode not in manifests)
    assert {path: path.stat().st_mtime_ns for path in index.rglob("*")} == before


def test_every_file_is_named_with_what_its_damage_means(index):
    shutil.rmtree(index / "gen-000001")
    for path in sorted(path for path in index.rglob("*") if path.is_file() and path.name != "LOCK"):
        content = path.read_bytes()
        name = path.relative_to(index).as_posix()
        flip(path)
        (fault,) = check(index).faults
        assert (fault.file, bool(fault.meaning)) == (name, True)
        path.write_bytes(content + b"\n")
        assert list(faults(index)) == [name]
        path.unlink()
        assert list(faults(index)) == ([] if name.endswith(".copy") else [name])  # earlier versions wrote none
        path.mkdir()
        assert list(faults(index)) in ([name], [])
        path.rmdir()
        path.write_bytes(content)
    assert check(index).sound


def test_the_generation_kept_back_is_checked_too_its_manifest_by_the_copy(index):
    for file in ("manifest.json", "manifest.copy", "records.sqlite"):
        path = index / "gen-000001" / file
        content = path.read_bytes()
        flip(path)
        found = check(index)
        assert [fault.file for fault in found.faults] == [f"gen-000001/{file}"]
        assert found.generation == "gen-000002"
        path.write_bytes(content)


def test_where_both_manifests_are_damaged_both_are_named(index):
    flip(index / "gen-000002" / "manifest.json")
    flip(index / "gen-000002" / "manifest.copy")
    assert list(faults(index)) == ["gen-000002/manifest.json", "gen-000002/manifest.copy"]


def test_a_pointer_to_a_generation_that_is_another_or_not_there_is_the_fault(index):
    line = (index / CURRENT).read_text()
    (index / CURRENT).write_text(line.replace("gen-000002", "gen-000001"))
    assert faults(index) == {CURRENT: "names gen-000001, which has another manifest"}
    (index / CURRENT).write_text(line.replace("gen-000002", "gen-000003"))
    assert faults(index) == {CURRENT: "names gen-000003, which is not there"}
    assert check(index).generation is None


def test_what_no_generation_knows_is_astray_and_no_fault(index):
    (index / "CURRENT.next").write_text("")
    (index / "README.md").write_text("")
    (index / "gen-000002" / "lexical" / ".tantivy-writer.lock").write_text("")
    (index / "gen-000003").mkdir()
    shutil.copytree(index / "gen-000001", index / "gen-000004")
    found = check(index)
    assert found.sound
    strays = ("CURRENT.next", "gen-000002/lexical/.tantivy-writer.lock", "gen-000003/", "gen-000004/")
    assert found.strays == strays


def test_parts_that_do_not_fit_are_found_though_every_byte_is_as_it_was_written(index):
    shutil.rmtree(index / "gen-000001")
    name = "gen-000002"
    sound = manifest_of(index, name)
    for file, change in {
        "vectors.hashes": lambda content: content[16:] + content[:16],
        "vectors.f16": lambda content: b"\xff\x7f" + content[2:],
        "records.sqlite": lambda content: content.replace(b"'s '", b"'z '").replace(b"CREATE", b"CREATA", 1),
    }.items():
        path = index / name / file
        content = path.read_bytes()
        changed = change(content)
        path.write_bytes(changed)
        entry = {"size": len(changed), "sha256": sha256(changed).hexdigest()}
        point_at(index, name, {**sound, "files": {**sound["files"], file: entry}})
        assert list(faults(index)) == [f"{name}/{file}"]
        (index / name / "manifest.copy").write_text("")
        path.write_bytes(content)


def test_without_an_index_there_is_nothing_to_check(tmp_path):
    for folder in (tmp_path, tmp_path / "none"):
        with pytest.raises(IndexNotFoundError):
            check(folder)


def test_a_newer_format_is_refused_and_an_older_one_is_a_fault_only_where_it_is_current(index):
    older = {**manifest_of(index, "gen-000002"), "format": 1}
    point_at(index, "gen-000002", older)
    assert faults(index) == {"gen-000002/manifest.json": "was written by an older version, in format 1"}
    point_at(index, "gen-000002", {**older, "format": 99})
    with pytest.raises(NewerFormatError):
        check(index)


@pytest.mark.parametrize("version", [1, 99])
def test_a_generation_of_another_version_may_be_kept_back(index, version):
    line = (index / CURRENT).read_text()
    point_at(index, "gen-000001", {**manifest_of(index, "gen-000001"), "format": version})
    (index / CURRENT).write_text(line)
    assert check(index).sound


def test_a_build_that_publishes_meanwhile_is_followed(index, monkeypatch):
    real = check_module.examine

    def overtaken(folder):
        found = real(folder)
        if found.pointer.generation == "gen-000002":
            flip(index / "gen-000002" / "vectors.f16")
            found = real(folder)
            build(index, OLD_NOTES)
            shutil.rmtree(index / "gen-000002")
        return found

    monkeypatch.setattr(check_module, "examine", overtaken)
    found = check(index)
    assert found.sound
    assert found.generation == read_pointer(index).generation == "gen-000003"
