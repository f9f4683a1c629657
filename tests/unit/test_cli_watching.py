"""`watch` and `mcp` on the command line: what they ask for, what they print, how they end."""

import io
import json
import os
import signal
import sys
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pytest
from test_cli_commands import REPORT

from retriever.cli import main
from retriever.cli.watching import refresh_line, stopping
from retriever.errors import BuildRunningError, NotesGoneError
from retriever.watching import Failed, Refreshed

BUSY = Failed(BuildRunningError(Path("index"), 77), 2.0)
GONE = Failed(NotesGoneError("/notes is not there."), None)


@pytest.fixture
def follower(monkeypatch):
    """Stand in for what follows notes: tell some news, and end by a signal."""
    asked = {}

    def follow(index, notes, *, stop, report, warn, **options):
        asked.update(index=index, notes=notes, **options)
        with options["progress"]() as told:
            assert told is None  # no terminal
        report(Refreshed(REPORT, first=True))
        report(Refreshed(replace(REPORT, notes_read=2, notes_added=0, papers_added=1, warnings=()), first=False))
        report(BUSY)
        report(GONE)
        warn("/notes cannot be watched")
        os.kill(os.getpid(), signal.SIGTERM)
        assert stop.wait(60)

    monkeypatch.setattr("retriever.watching.follow", follow)
    return asked


def test_a_line_a_refresh_and_a_warning_a_failure(capsys, follower, tmp_path):
    assert main(["watch", str(tmp_path), "--index", "ix", "--model", "paper-static", "--debounce", "0.5"]) == 0
    output, errors = capsys.readouterr()
    first, second = output.splitlines()
    assert first[2] == first[5] == ":"
    assert first.endswith("6 notes, 80 papers, 4 sections; +80 papers, 0 changed, 0 removed; 0.9 s")
    assert second[8:] == "  2 notes changed; +1 paper; 0.9 s"
    skipped, busy, gone, watched = errors.splitlines()
    assert skipped == "warning: odd.md: skipped"
    assert busy.endswith("A build of index is already running in process 77. Wait for it to end, or stop it. "
                         "Trying again in 2 s.")  # fmt: skip
    assert gone.endswith("/notes is not there. Trying again at the next change.")
    assert watched == "warning: /notes cannot be watched"
    given = (follower["index"], follower["notes"], follower["model"], follower["debounce"])
    assert given == (Path("ix"), [tmp_path], "paper-static", 0.5)


def test_as_json_each_refresh_and_failure_is_an_object_of_its_own(capsys, follower, tmp_path):
    assert main(["watch", str(tmp_path), "--index", "ix", "--json"]) == 0
    told = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert [(one["ok"], one["command"]) for one in told] == [(True, "watch")] * 2 + [(False, "watch")] * 2
    assert told[1]["data"]["papers_added"] == 1
    assert told[2]["error"]["code"] == "build_running"


@pytest.mark.parametrize(
    ("counts", "line"),
    [
        ({"papers_added": 0, "papers_changed": 3}, "6 notes added; 3 papers changed; 0.9 s"),
        ({"notes_added": 1, "notes_removed": 2, "papers_added": 2, "papers_changed": 1, "papers_removed": 4},
         "1 note added, 5 changed, 2 removed; +2 papers, 1 paper changed, 4 removed; 0.9 s"),
        ({"notes_read": 0, "notes_added": 0, "papers_added": 0}, "no note changed; no paper changed; 0.9 s"),
    ],
)  # fmt: skip
def test_a_refresh_tells_notes_and_papers(counts, line):
    assert refresh_line(replace(REPORT, **counts)) == line


def test_a_second_ctrl_c_is_not_waited_for():
    # Tests that run in the background begin with it ignored.
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        with stopping() as stop:
            signal.raise_signal(signal.SIGINT)
            assert stop.wait(60)
            with pytest.raises(KeyboardInterrupt):
                signal.raise_signal(signal.SIGINT)
        assert signal.getsignal(signal.SIGINT) is signal.default_int_handler
    finally:
        signal.signal(signal.SIGINT, before)


@pytest.fixture
def agents(monkeypatch, tmp_path):
    """Stand in for the server for agents, and for the index."""
    asked = []

    @contextmanager
    def opened(place, model, *, download):
        asked.append((place.index, model, download))
        yield "the retriever"

    monkeypatch.setattr("retriever.cli.agents.opened", opened)
    monkeypatch.setattr("retriever.mcp.serve_stdio", asked.append)

    def serve(retriever, address, ready):
        ready("http://127.0.0.1:1/mcp")
        asked.append((retriever, address))

    monkeypatch.setattr("retriever.mcp.serve_http", serve)
    return asked


def test_agents_are_served_on_stdin_and_stdout_unless_http_is_asked_for(capsys, agents):
    assert main(["mcp", "--index", "ix", "--model", "paper-static"]) == 0
    assert agents == [(Path("ix"), "paper-static", False), "the retriever"]
    assert main(["mcp", "--index", "ix", "--http", "--port", "7"]) == 0
    assert (agents[-1][1].host, agents[-1][1].port) == ("127.0.0.1", 7)
    output, errors = capsys.readouterr()
    assert output == ""
    assert errors == "Serving ix to agents at http://127.0.0.1:1/mcp\n"


def test_an_address_that_others_reach_is_refused_before_anything_is_opened(capsys, agents):
    assert main(["mcp", "--index", "ix", "--http", "--host", "0.0.0.0"]) == 2  # noqa: S104  what must be refused
    assert "needs a token" in capsys.readouterr().err
    assert agents == []


def test_stdin_and_stdout_are_served_in_this_process_too(monkeypatch, toy_index):
    from retriever import Retriever  # noqa: PLC0415  only here
    from retriever.mcp import serve_stdio  # noqa: PLC0415  only here

    request = {"jsonrpc": "2.0", "id": 5, "method": "ping"}
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(json.dumps(request).encode() + b"\n")))
    monkeypatch.setattr(sys, "stdout", io.TextIOWrapper(answers := io.BytesIO()))
    before = signal.getsignal(signal.SIGINT)
    try:
        with Retriever.open(toy_index) as retriever:
            serve_stdio(retriever)
    finally:
        signal.signal(signal.SIGINT, before)
    assert json.loads(answers.getvalue())["id"] == 5


def test_without_the_extra_its_name_is_told(capsys, monkeypatch, toy_index):
    monkeypatch.setitem(sys.modules, "mcp", None)
    assert main(["mcp", "--index", str(toy_index)]) == 6
    assert "paper-retriever[mcp]" in capsys.readouterr().err
