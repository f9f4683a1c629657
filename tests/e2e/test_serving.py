"""The server as a user runs it: its guards, its description, its end."""

import os
import re
import signal
import socket
import subprocess
import sys
from pathlib import Path

import httpx
import pytest
from toy import OUTLINE, write_notes

from retriever import build
from retriever.web.guards import MAX_BODY
from retriever.web.operations import OPERATIONS

COMMAND = Path(sys.executable).with_name("retriever")
TOKEN = "a-token-of-24-characters"  # noqa: S105  of no server
API = "/api/v1"


@pytest.fixture(scope="module")
def notes(tmp_path_factory):
    """Return a folder with notes, and beside them an index of the smaller embedded model."""
    folder = write_notes(tmp_path_factory.mktemp("served") / "notes")
    build([folder], folder.parent / "index", model="paper-static")
    return folder


def started(notes, *options, **env):
    words = [COMMAND, "serve", "--port", "0", "--index", notes.parent / "index", *options]
    pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
    server = subprocess.Popen(words, **pipes, text=True, env=os.environ | env)
    return server, re.search(r" at (http://\S+)/$", server.stdout.readline().rstrip())[1]


@pytest.fixture(scope="module")
def address(notes):
    server, address = started(notes)
    yield address
    server.terminate()
    server.communicate()


@pytest.fixture
def ask(address):
    with httpx.Client(base_url=address, timeout=60) as client:
        yield client


def test_the_guards_stand_before_the_running_server(ask):
    assert ask.get("/").status_code == 200
    assert ask.get("/", headers={"host": "evil.example"}).status_code == 421
    assert ask.get("/", headers={"origin": "null"}).status_code == 403
    assert ask.post(f"{API}/similar", headers={"origin": "https://evil.example"}).status_code == 403
    assert "script-src 'self'" in ask.get("/").headers["content-security-policy"]
    assert ask.get("/", params={"q": "a" * 40_000}).status_code == 414
    answer = ask.post(f"{API}/similar", content=b" " * (MAX_BODY + 1), headers={"content-type": "application/json"})
    assert answer.status_code == 413


@pytest.mark.parametrize("sent", [b"GET / HTTP/1.1\r\n\r\n", b"GET / HTTP/1.0\r\n\r\n", b"nonsense\r\n\r\n"])
def test_a_request_without_a_host_or_without_sense_is_refused(address, sent):
    host, port = address.removeprefix("http://").split(":")
    with socket.create_connection((host, int(port)), timeout=10) as connection:
        connection.sendall(sent)
        assert re.match(rb"HTTP/1\.1 4(00|21) ", connection.recv(100))


def test_another_address_needs_a_token_and_a_name_and_then_asks_for_both(notes):
    run = subprocess.run(
        [COMMAND, "serve", "--host", "0.0.0.0", "--index", notes.parent / "index"],  # noqa: S104  refused
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert run.returncode == 2
    assert "--token TOKEN --allow-host NAME" in run.stderr
    server, address = started(
        notes, "--host", "0.0.0.0", "--allow-host", "notes.example", RETRIEVER_TOKEN=TOKEN  # noqa: S104  guarded
    )  # fmt: skip
    port = address.rpartition(":")[2]
    named = {"host": f"notes.example:{port}"}
    borne = {"authorization": f"Bearer {TOKEN}"}
    try:
        with httpx.Client(base_url=f"http://127.0.0.1:{port}") as ask:
            assert ask.get("/", headers=borne).status_code == 421
            assert ask.get("/", headers=named).status_code == 401
            assert ask.get("/", headers=named | borne).status_code == 200
        assert TOKEN not in Path(f"/proc/{server.pid}/cmdline").read_text(encoding="utf-8")
    finally:
        server.terminate()
        server.communicate()


def test_ctrl_c_ends_it_quietly(notes):
    server, address = started(notes)
    assert httpx.get(f"{address}{API}/topics").status_code == 200
    server.send_signal(signal.SIGINT)
    assert server.communicate(timeout=30) == ("", "")
    assert server.returncode == 0


def test_a_port_that_is_taken_is_said(notes, address):
    port = address.rpartition(":")[2]
    run = subprocess.run(
        [COMMAND, "serve", "--port", port, "--index", notes.parent / "index"],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert (run.returncode, run.stdout) == (2, "")
    assert run.stderr == f"retriever: Port {port} is in use. Choose another with --port, or 0 for any.\n"


def test_a_build_beside_it_is_followed(notes, ask):
    before = ask.get(f"{API}/status").json()["data"]
    addition = "\n## Sound\n\n- [EveSix2025ICLR](https://openreview.net/forum?id=eeeeeeeeE1) hears whales from afar\n"
    (notes / "outline.md").write_text(OUTLINE + addition, encoding="utf-8")
    assert ask.get(f"{API}/status").json()["data"]["notes_changed"] == 1
    build(None, notes.parent / "index")
    after = ask.get(f"{API}/status").json()["data"]
    assert (after["papers"], after["notes_changed"]) == (before["papers"] + 1, 0)
    assert "EveSix2025ICLR" in ask.get("/", params={"q": "whales"}).text


# What a schema cannot say, such as which topics there are, is answered with 422.
SCHEMATHESIS = """
[checks.positive_data_acceptance]
expected-statuses = ["2xx", "401", "403", "404", "422"]
"""


def test_the_api_is_as_it_describes_itself(address, tmp_path):
    (tmp_path / "schemathesis.toml").write_text(SCHEMATHESIS)
    words = [Path(sys.executable).with_name("schemathesis"), "run", f"{address}{API}/openapi.json", "--no-color"]
    words += ["--phases", "examples,fuzzing", "--max-examples", "15", "--generation-deterministic"]
    run = subprocess.run(words, cwd=tmp_path, capture_output=True, text=True, check=False, timeout=300)
    assert run.returncode == 0, run.stdout
    assert f"Operations:       {len(OPERATIONS)} selected" in run.stdout
