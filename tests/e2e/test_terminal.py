"""Terminals, pipes and shells."""

import os
import pty
import re
import subprocess
import sys
from pathlib import Path

COMMAND = Path(sys.executable).with_name("retriever")

HOSTILE = (
    "# Notes\n\n- Zebra [ZebraAuthor2026ICLR](https://openreview.net/forum?id=zEbRa00001) "
    "paints \x1b]0;owned\x07 stripes "
    "\x1b[31m\x9b2J red \u202egnirts\u202c on \U000e0041\U000e0042 horses\n"
)
OURS = re.compile(r"\x1b\[1m|\x1b\[22m|\x1b\]8;;[!-~]*?\x1b\\")


def on_a_terminal(words, cwd, **env):
    """Return what the command writes when its output is a terminal."""
    ours, theirs = pty.openpty()
    env = os.environ | {"TERM": "xterm", "LANG": "C.UTF-8"} | env
    process = subprocess.Popen([COMMAND, *words], cwd=cwd, env=env, stdin=theirs, stdout=theirs, stderr=theirs)
    os.close(theirs)
    written = b""
    try:
        while part := os.read(ours, 65536):
            written += part
    except OSError:  # how Linux says that the other end is closed
        pass
    os.close(ours)
    assert process.wait() == 0
    return written.decode()


def test_nothing_of_a_note_reaches_a_terminal_that_it_would_obey(retriever, own_folder):
    (own_folder / "corpus" / "hostile \x1b[31m.md").write_text(HOSTILE, encoding="utf-8")
    assert retriever("build", cwd=own_folder).returncode == 0
    for words in (["search", "stripes on horses"], ["show", "ZebraAuthor2026ICLR"], ["search", "zebra", "--json"]):
        written = OURS.sub("", on_a_terminal(words, own_folder))
        assert "Zebra" in written
        assert not re.search("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u202a-\u202e\U000e0000-\U000e007f]", written)
    assert "\x1b" not in on_a_terminal(["search", "stripes on horses"], own_folder, NO_COLOR="1")


def test_on_a_terminal_titles_are_links_and_words_bold(folder):
    written = on_a_terminal(["search", "attention that cancels noise"], folder)
    assert "\x1b]8;;https://openreview.net/forum?id=OvoCm1gGhN\x1b\\Differential Transformer" in written
    assert "\x1b[1mnoise\x1b[22m" in written


def test_a_reader_that_goes_away_is_no_error(folder):
    script = f"'{COMMAND}' papers --json | head -c 10"
    run = subprocess.run(["sh", "-c", script], cwd=folder, capture_output=True, text=True, check=True)
    assert run.stdout == '{"ok": tru'
    assert run.stderr == ""


def test_a_narrow_encoding_is_no_error(retriever):
    run = retriever("search", "Rényi 注意力", PYTHONIOENCODING="ascii")
    assert run.returncode == 0


def test_shells_can_complete_verbs(retriever):
    run = retriever(_RETRIEVER_COMPLETE="complete_bash", COMP_WORDS="retriever s", COMP_CWORD="1")
    assert set(run.stdout.split()) == {"search", "serve", "show", "similar", "status"}


def test_bash_completes_names_of_the_index(folder):
    line = "retriever show --index index Zheng"
    script = (
        f'PATH="{COMMAND.parent}:$PATH"; eval "$(retriever --show-completion)"; COMP_WORDS=({line}); COMP_CWORD=4; '
        '_retriever_completion retriever; printf "%s\\n" "${COMPREPLY[@]}"'
    )
    run = subprocess.run(["bash", "-c", script], cwd=folder, capture_output=True, text=True, check=True)
    assert run.stdout.split() == ["ZhengzhuoXu2025ICLR"]
    assert run.stderr == ""


def test_a_search_is_a_list_of_places_that_an_editor_opens(retriever, folder):
    for line in retriever("search", "attention that cancels noise", "--format", "vimgrep").stdout.splitlines():
        file, number, column, _ = line.split(":", 3)
        there = (folder / file).read_bytes().split(b"\n")[int(number) - 1]
        assert len(there) >= int(column) > 0


def test_what_a_search_finds_is_exported_through_a_pipe(folder):
    ids = """import json, sys; [print(hit["paper"]["id"]) for hit in json.load(sys.stdin)["data"]["hits"]]"""
    script = (
        f"'{COMMAND}' search 'few-step diffusion' --json | python3 -c '{ids}' | '{COMMAND}' export - -f csv | head -3"
    )
    run = subprocess.run(["sh", "-c", script], cwd=folder, capture_output=True, text=True, check=True)
    assert [row.split(",")[0] for row in run.stdout.splitlines()][:2] == ["citation_key", "KevinFrans2025ICLR"]
    assert "Traceback" not in run.stderr


def test_a_build_on_a_terminal_shows_how_far_it_is_and_a_piped_one_does_not(retriever, own_folder):
    for name in ("quokka", "numbat"):
        (own_folder / "corpus" / f"{name}.md").write_text(f"# {name.title()}\n\nIt hops, and naps at noon.\n")
    written = on_a_terminal(["build"], own_folder)
    assert "\rreading notes  [############------------]  1/2\r" in written
    assert re.search(r"\r +\r\d+ notes", written)
    (own_folder / "corpus" / "quokka.md").unlink()
    assert retriever("build", cwd=own_folder).stderr == ""
