"""What `check` prints, and what it exits with."""

import json

import pytest
from toy import WordEncoder, write_notes

from retriever import build
from retriever.cli import main
from retriever.index.manifest import read_pointer


@pytest.fixture
def index(tmp_path, monkeypatch, load_with):
    monkeypatch.chdir(tmp_path)
    build([write_notes(tmp_path / "notes")], tmp_path / "index", encoder=WordEncoder())
    load_with()
    return tmp_path / "index"


def run(capsys, *words):
    code = main(["check", "--index", "index", *words])
    captured = capsys.readouterr()
    return code, captured.out, captured.err


def damage(index, file):
    path = index / read_pointer(index).generation / file
    path.write_bytes(path.read_bytes()[:-1] + b"\0")


def test_a_sound_index_is_one_line_and_no_failure(index, capsys):
    (index / "CURRENT.next").touch()
    code, out, err = run(capsys)
    assert (code, err) == (0, "")
    first, stray = out.splitlines()
    assert first.startswith("gen-000001 in index: nothing is damaged; 12 files, 0.2 MB read")
    assert stray == "astray: CURRENT.next, of a build that was stopped or is running"
    (index / "CURRENT.next").unlink()
    assert run(capsys, "--deep")[1].splitlines()[1:] == [
        "2 notes cut again, 14 windows embedded again; no note has changed"
    ]


def test_damage_is_named_with_what_it_means_and_what_to_do(index, capsys):
    damage(index, "vectors.faiss")
    code, out, err = run(capsys)
    assert code == 4
    assert out.splitlines()[:2] == [
        "gen-000001/vectors.faiss is not what was written",
        "    searches by meaning may fail or miss papers; it is made from vectors.f16",
    ]
    assert err.startswith("retriever: The index in index is damaged: gen-000001/vectors.faiss")
    assert "retriever check --repair --index index" in err


def test_json_of_damage_is_a_failure_with_what_was_found(index, capsys):
    damage(index, "vectors.faiss")
    code, out, err = run(capsys, "--json", "--deep")
    envelope = json.loads(out)
    assert (code, err, envelope["ok"], envelope["error"]["code"]) == (4, "", False, "index_damaged")
    assert [fault["file"] for fault in envelope["data"]["faults"]] == ["gen-000001/vectors.faiss"]
    assert envelope["data"]["compared"] is None


def test_a_repair_says_what_it_did(index, capsys):
    damage(index, "vectors.faiss")
    code, out, err = run(capsys, "--repair")
    assert (code, err) == (0, "")
    assert out.splitlines()[2:] == [
        "set aside: index/damaged-gen-000001, which may be deleted",
        "made anew: gen-000002/vectors.faiss",
        "gen-000002 in index is sound",
    ]
    assert run(capsys)[1].splitlines()[1:] == ["set aside: index/damaged-gen-000001, which may be deleted"]
    assert run(capsys, "--repair")[1].splitlines() == ["nothing is damaged", "gen-000002 in index is sound"]


def test_a_repair_from_the_notes_says_so(index, capsys):
    damage(index, "records.sqlite")
    code, out, _ = run(capsys, "--repair")
    assert code == 0
    assert "read the notes anew" in out
    assert "0 windows embedded" in out
    build([index.parent / "notes" / "outline.md"], index, encoder=WordEncoder(), allow_shrink=True)
    damage(index, "records.sqlite")
    code, out, _ = run(capsys, "--repair", "--json")
    done = json.loads(out)["data"]
    assert (done["went_back_to"], done["build"]["notes"]) == ("gen-000002", 1)


def test_what_cannot_be_checked_is_told(index, capsys, monkeypatch, tmp_path):
    assert run(capsys, "--deep", "--repair")[0] == 2
    monkeypatch.chdir(tmp_path / "notes")
    assert run(capsys)[0] == 3
