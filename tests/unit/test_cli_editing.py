"""`open`: what is started, with which words, and never through a shell."""

import json
import shlex
import stat
import sys

import pytest
from toy import ARTICLE, WordEncoder, write_notes

from retriever import build
from retriever.cli import asked, editors, main
from retriever.errors import UsageError
from retriever.records import Place

THERE = Place("/notes/a b.md", 12)


@pytest.fixture
def index(tmp_path, monkeypatch):
    """Return the notes, with an index of them that commands find, and editors that write down what they are told."""
    notes = write_notes(tmp_path / "-notes; touch $(pwned)")
    build([notes], tmp_path / "index", encoder=WordEncoder())
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("RETRIEVER_INDEX", str(tmp_path / "index"))
    (tmp_path / "bin").mkdir()
    for name in ("vi", "code", "xdg-open", "open", "failing"):
        fake = tmp_path / "bin" / name
        fake.write_text(
            f'#!{sys.executable}\nimport json, sys\njson.dump(sys.argv[1:], open({str(tmp_path / "told")!r}, "w"))\n'
            f"sys.exit({3 if name == 'failing' else 0})\n"
        )
        fake.chmod(fake.stat().st_mode | stat.S_IXUSR)
    monkeypatch.setenv("PATH", str(tmp_path / "bin"))
    monkeypatch.delenv("VISUAL", raising=False)
    monkeypatch.setenv("EDITOR", "vi")
    return notes


def run(capsys, *words):
    code = main(words)
    captured = capsys.readouterr()
    return code, captured.out, captured.err


@pytest.mark.parametrize(
    ("editor", "told"),
    [
        ("vi", ["+12", "/notes/a b.md"]),
        ("/usr/bin/nvim -R", ["-R", "+12", "/notes/a b.md"]),
        ("emacsclient -t", ["-t", "+12", "/notes/a b.md"]),
        ("code -w", ["-w", "-g", "/notes/a b.md:12"]),
        ("subl", ["/notes/a b.md:12"]),
        ("hx", ["/notes/a b.md:12"]),
        ("kate", ["-l", "12", "/notes/a b.md"]),
        ("'/opt/my editor/ed-it'", ["/notes/a b.md"]),
    ],
)
def test_each_editor_is_told_the_line_in_its_own_way(monkeypatch, editor, told):
    monkeypatch.setattr("shutil.which", lambda name: name)
    monkeypatch.setenv("EDITOR", "ed")
    monkeypatch.setenv("VISUAL", editor)
    assert editors.editor_command(THERE) == [shlex.split(editor)[0], *told]


def test_an_editor_that_is_not_there_or_not_to_be_read_is_told(monkeypatch):
    for chosen in ("no-such-editor", "vi 'unbalanced"):
        monkeypatch.setenv("VISUAL", chosen)
        with pytest.raises(UsageError):
            editors.editor_command(THERE)


def test_an_obsidian_address_holds_nothing_but_the_path():
    place = Place("/notes/a&vault=b#c?d%/ü.md", 1)
    assert place.obsidian_url == "obsidian://open?path=%2Fnotes%2Fa%26vault%3Db%23c%3Fd%25%2F%C3%BC.md"


def test_a_desktop_without_an_opener_is_told_the_address(monkeypatch):
    monkeypatch.setattr("shutil.which", lambda _: None)
    with pytest.raises(UsageError, match="obsidian://x"):
        editors.url_command("obsidian://x")


def test_a_number_of_the_last_answer_opens_the_line_that_answered(index, capsys, tmp_path):
    assert run(capsys, "search", "sawtooth schedule", "--mode", "lexical")[0] == 0
    assert run(capsys, "open", "1") == (0, "", "")
    line = ARTICLE.split("\n").index("A sawtooth schedule comes back for small batches, and costs nothing.") + 1
    assert json.loads((tmp_path / "told").read_text()) == [f"+{line}", str(index / "article.md")]
    assert sorted(path.name for path in tmp_path.iterdir()) == sorted(
        [index.name, "bin", "index", "told", "home-state"]
    )


def test_a_handle_opens_where_its_paper_is_first_spoken_of(index, capsys, monkeypatch, tmp_path):
    monkeypatch.setenv("VISUAL", "code")
    assert run(capsys, "open", "SAM2")[0] == 0
    (goto, place) = json.loads((tmp_path / "told").read_text())
    assert (goto, place.rpartition(":")[0]) == ("-g", str(index / "outline.md"))
    assert run(capsys, "open", "outline.md:3", "--print")[1] == (
        shlex.join(["code", "-g", f"{index}/outline.md:3"]) + "\n"
    )


def test_a_section_about_no_paper_can_be_opened_too(index, capsys):
    run(capsys, "search", "way home", "--mode", "lexical", "--kind", "section")
    assert "article.md" in run(capsys, "open", "1", "--print")[1]


def test_print_starts_nothing_and_json_tells_all(index, capsys, tmp_path):
    code, out, _ = run(capsys, "open", "SAM2", "--print", "--json")
    data = json.loads(out)["data"]
    assert (code, list(data)) == (0, ["file", "line", "command", "url"])
    assert (data["file"], data["url"]) == (str(index / "outline.md"), None)
    assert data["command"] == ["vi", f"+{data['line']}", data["file"]]
    assert run(capsys, "open", "SAM2", "--print", "--obsidian")[1].startswith("obsidian://open?path=%2F")
    assert not (tmp_path / "told").exists()


def test_obsidian_is_opened_through_the_desktop(index, capsys, tmp_path):
    assert run(capsys, "open", "SAM2", "--obsidian") == (0, "", "")
    assert json.loads((tmp_path / "told").read_text())[0].startswith("obsidian://open?path=%2F")


def test_what_cannot_be_opened_is_told_in_one_line(index, capsys, monkeypatch, tmp_path):
    assert run(capsys, "open", "no such paper")[0] == 2
    monkeypatch.setenv("EDITOR", "failing")
    assert "exit code 3" in run(capsys, "open", "SAM2")[2]
    (tmp_path / "bin/failing").write_text("not a program")
    assert run(capsys, "open", "SAM2")[0] == 2
    (index / "outline.md").unlink()
    assert "is gone" in run(capsys, "open", "SAM2")[2]


def test_values_with_spaces_are_quoted_again_beside_other_words():
    assert asked.text_of(["topic:Diffusion models", "-tag:to read", "fast"], {}) == (
        'topic:"Diffusion models" -tag:"to read" fast'
    )
    assert asked.text_of(["topic:vision and more"], {}) == "topic:vision and more"
    assert asked.text_of(["see https://a b", "x"], {}) == "see https://a b x"
    assert asked.text_of([], {"venue": ["ICLR"]}) == ""
