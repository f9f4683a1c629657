"""What a shell and an editor get: completion, help with examples, places."""

import re
import shlex
import sys
from contextlib import contextmanager
from dataclasses import replace
from types import SimpleNamespace

import pytest
from cli_fakes import DIFFERENTIAL_HIT, KEYED_HIT, RESULTS, SECTION_HIT, passage_hit
from typer.main import get_command

from retriever.cli import main, vimgrep
from retriever.cli.app import VERBS, app
from retriever.cli.examples import epilog
from retriever.records import Place


def helped(capsys, *words):
    assert main([*words, "--help"]) == 0
    return capsys.readouterr().out


@pytest.mark.parametrize("verb", sorted(VERBS))
def test_help_shows_examples_that_the_command_understands(capsys, verb):
    shown = helped(capsys, verb)
    examples = [line.strip() for line in epilog(verb).split("\n")[2:]]
    assert examples
    for line in examples:
        assert f"    {line}" in shown
    typed = [words for line in examples for words in re.findall(r"(?:^|[ (])retriever (.*?)(?= *[|<>#]|\)$|$)", line)]
    assert typed
    for words in typed:
        named, *arguments = shlex.split(words)
        # Raises for an option that is not there, or a value that it cannot have.
        get_command(app).commands[named].make_context(named, arguments)


@pytest.mark.parametrize("verb", ["", *sorted(VERBS)])
def test_help_fits_80_columns(capsys, verb):
    shown = helped(capsys, *([verb] if verb else []))
    assert max(map(len, shown.splitlines())) <= 80
    assert "..." not in re.sub(r"\[?[A-Z]+\.\.\.\]?|\[ARGS\]\.\.\.|\"\.\.\.\"|, \.\.\.", "", shown)


def test_the_overview_names_the_environment_and_every_exit_code(capsys):
    from retriever import errors  # noqa: PLC0415  only here

    shown = helped(capsys)
    codes = shown[shown.index("Exit codes:") :]
    raised = {
        kind.exit_code for kind in vars(errors).values() if isinstance(kind, type) and issubclass(kind, Exception)
    }
    assert {int(code) for code in re.findall(r"\b(\d+) [a-z]", codes)} == raised | {0}
    assert all(name in shown for name in ("RETRIEVER_INDEX", "RETRIEVER_MODEL", "NO_COLOR", "XDG_CONFIG_HOME"))


class TestCompletion:
    @pytest.fixture
    def offered(self, capsys, monkeypatch):
        """Return a function that gives what is offered at the end of a line."""

        def complete(line, shell="bash"):
            words = line.split(" ")
            monkeypatch.setenv("_RETRIEVER_COMPLETE", f"complete_{shell}")
            monkeypatch.setenv("COMP_WORDS", line)
            monkeypatch.setenv("COMP_CWORD", str(len(words) - 1))
            monkeypatch.setenv("_TYPER_COMPLETE_ARGS", line)
            monkeypatch.setenv("_TYPER_COMPLETE_FISH_ACTION", "get-args")
            with pytest.raises(SystemExit):
                main([])
            out, err = capsys.readouterr()
            assert err == ""
            return [entry for entry in out.split("\n") if entry]

        return complete

    def test_names_of_the_index_are_offered(self, offered, toy_index):
        here = f"retriever {{}} --index {toy_index}"
        assert offered(f"{here.format('show')} Nik") == ["NikhilaRavi2025ICLR"]
        assert offered(f"{here.format('similar')} 1 --not Diff") == [r"Differential\ Transformer"]
        assert offered(f"{here.format('search')} --venue AC") == ["ACL"]
        assert offered(f"{here.format('search')} --topic Vi") == ["Vision"]
        assert offered(f"{here.format('topics')} Att") == ["Attention"]
        assert offered(f"{here.format('search')} --note out") == ["outline.md"]
        assert offered(f"{here.format('search')} --tag x") == []
        assert offered(f"{here.format('export')} zzz") == []

    def test_models_and_formats_are_offered(self, offered):
        assert offered("retriever search --model paper-") == ["paper-small", "paper-static"]
        assert offered("retriever export --format c") == ["csl-json", "csv"]

    def test_zsh_and_fish_are_told_what_a_name_is(self, offered, toy_index):
        line = f"retriever search --index {toy_index} --venue AC"
        assert offered(line, "zsh") == ['_arguments \'*: :(("ACL":"1 paper"))\'']
        assert offered(line, "fish") == ["ACL\t1 paper"]

    def test_without_an_index_nothing_is_offered_and_nothing_said(self, offered, tmp_path):
        assert offered(f"retriever show --index {tmp_path} x") == []
        (tmp_path / "CURRENT").write_text("damaged")
        assert offered(f"retriever show --index {tmp_path} x") == []

    @pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
    def test_a_note_puts_nothing_on_the_line_that_a_shell_would_run(self, offered, monkeypatch, tmp_path, shell):
        hostile = ["$(id)", "`id`", "a;id", "a\\$(id)", 'a"b', "a'b", "-rf", "a\nb", "a\x1b[31m", "a*", "~root", "a:b"]

        @contextmanager
        def opened(_index, **_):
            names = [*((name, "x") for name in hostile), ("fine", "told $(id) `id` \\ 'x' \"y\" \x1b")]
            yield SimpleNamespace(names=lambda beginning, of: [one for one in names if one[0].startswith(beginning)])

        monkeypatch.setitem(sys.modules, "retriever.library", SimpleNamespace(Retriever=SimpleNamespace(open=opened)))
        (tmp_path / "CURRENT").touch()
        (found,) = offered(f"retriever show --index {tmp_path} ", shell)
        assert "fine" in found
        assert not re.search(r"[$`;\\*~\x1b]", found.removeprefix("_arguments '*: "))

    @pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
    def test_the_script_of_a_shell_is_shown_and_installed(self, capsys, monkeypatch, tmp_path, shell):
        monkeypatch.setenv("_TYPER_COMPLETE_TEST_DISABLE_SHELL_DETECTION", "1")
        monkeypatch.setenv("HOME", str(tmp_path))
        with pytest.raises(SystemExit) as ended:
            main(["--show-completion", shell])
        assert ended.value.code == 0
        script = capsys.readouterr().out
        assert f"_RETRIEVER_COMPLETE=complete_{shell}" in script
        with pytest.raises(SystemExit) as ended:
            main(["--install-completion", shell])
        assert ended.value.code == 0
        written = [path.read_text() for path in tmp_path.rglob("*") if path.is_file()]
        assert any(script.strip() in text for text in written)


class TestPlaces:
    @pytest.fixture
    def note(self, tmp_path, monkeypatch):
        """Return a note below the working folder."""
        monkeypatch.chdir(tmp_path)
        note = tmp_path / "notes/a.md"
        note.parent.mkdir()
        note.write_text("# é\n\n- 注意力 é cancels\n  the noise\n", encoding="utf-8")
        return note

    def hit(self, text, *words, first=3, last=4):
        return replace(DIFFERENTIAL_HIT, passages=(replace(passage_hit(text, *words, line=first), last_line=last),))

    def lines(self, note, *hits):
        return list(vimgrep.lines(replace(RESULTS, hits=hits), lambda _: Place(str(note), 1)))

    def test_a_hit_is_at_the_line_and_byte_of_its_first_highlighted_word(self, note):
        text = "é cancels the noise"
        line, column = 3, len("- 注意力 é ".encode()) + 1
        assert self.lines(note, self.hit(text, "cancels", "noise")) == [
            f"notes/a.md:{line}:{column}:Differential Transformer: é cancels the noise"
        ]
        assert self.lines(note, self.hit(text, "noise"))[0].startswith("notes/a.md:4:7:")

    def test_without_such_a_word_it_is_at_the_beginning_of_its_window(self, note):
        assert self.lines(note, self.hit("gone"))[0].startswith("notes/a.md:3:1:")
        assert self.lines(note, self.hit("elsewhere", "elsewhere"))[0].startswith("notes/a.md:3:1:")
        note.unlink()
        assert self.lines(note, self.hit("noise", "noise"))[0].startswith("notes/a.md:3:1:")

    def test_a_note_elsewhere_is_named_by_its_whole_path(self, note, monkeypatch, tmp_path):
        (tmp_path / "other").mkdir()
        monkeypatch.chdir(tmp_path / "other")
        assert self.lines(note, self.hit("noise", "noise"))[0].startswith(f"{note}:4:7:")

    def test_one_line_a_hit_and_nothing_that_a_terminal_obeys(self, note):
        hostile = self.hit("a\x1b[31m\nb\u202ec")
        first, second, third = self.lines(note, hostile, KEYED_HIT, SECTION_HIT)
        assert first == "notes/a.md:3:1:Differential Transformer: a[31m bc"
        assert second.startswith("notes/a.md:9:1:ZiyueLi2025ICLR+: finds that expert routing makes good")
        assert third == "notes/a.md:1:1:Week: what the week was like"
