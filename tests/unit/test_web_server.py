import importlib.util
import socket

import pytest
import uvicorn

from retriever import Retriever
from retriever.cli import main
from retriever.errors import ExtraMissingError, UsageError
from retriever.web import Settings, serve

TOKEN = "a-token-of-24-characters"  # noqa: S105  of no server


@pytest.fixture
def served(monkeypatch):
    """Let servers end as if interrupted at once; return (configuration, sockets) of each."""
    ran = []

    def run(server, sockets):
        ran.append((server.config, [one.getsockname() for one in sockets]))
        raise KeyboardInterrupt

    monkeypatch.setattr(uvicorn.Server, "run", run)
    return ran


def test_it_listens_before_it_says_so_and_ends_quietly(toy_index, served):
    told = []
    with Retriever.open(toy_index) as retriever:
        serve(retriever, Settings(port=0), ready=told.append)
    ((config, [(host, port)]),) = served
    assert told == [f"http://127.0.0.1:{port}/"]
    assert host == "127.0.0.1"
    assert (config.server_header, config.proxy_headers, config.access_log) == (False, False, False)


def test_an_address_of_six_is_written_in_brackets(toy_index, served):
    told = []
    with Retriever.open(toy_index) as retriever:
        serve(retriever, Settings(host="::1", port=0, token=TOKEN, allowed=("notes.example",)), ready=told.append)
    assert told[0].startswith("http://[::1]:")


def test_a_port_or_an_address_that_cannot_be_had_is_a_usage_error(toy_index, served):
    with Retriever.open(toy_index) as retriever, socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(UsageError, match=rf"Port {port} is in use\. Choose another with --port"):
            serve(retriever, Settings(port=port), ready=print)
        away = Settings(host="192.0.2.1", port=0, token=TOKEN, allowed=("notes.example",))
        with pytest.raises(UsageError, match=r"Cannot listen at 192\.0\.2\.1, port 0: "):
            serve(retriever, away, ready=print)
    assert served == []


@pytest.mark.parametrize("missing", ["starlette", "uvicorn", "jinja2"])
def test_without_the_extra_its_name_is_told(monkeypatch, missing):
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None if name == missing else name)
    with pytest.raises(ExtraMissingError, match=rf"needs {missing}.*paper-retriever\[web\]"):
        serve(None, Settings(), ready=print)


def test_the_command_prints_one_line_with_the_address(toy_index, served, capsys):
    assert main(["serve", "--port", "0", "--index", str(toy_index)]) == 0
    out, err = capsys.readouterr()
    port = served[0][1][0][1]
    assert out == f"Serving {toy_index} at http://127.0.0.1:{port}/\n"
    assert err == ""


def test_the_command_refuses_before_it_opens_anything(capsys, tmp_path):
    assert main(["serve", "--host", "0.0.0.0", "--index", str(tmp_path)]) == 2  # noqa: S104  refused
    assert main(["serve", "--index", str(tmp_path / "none")]) == 3
    assert "needs a token" in capsys.readouterr().err


def test_the_first_question_finds_the_model_loaded(browser):
    with browser() as client:  # as a server starts and ends
        assert client.get("/api/v1/topics").status_code == 200
    client.app.state.site._pool.shutdown()  # what was begun is done then
    assert client.retriever._encoder is not None
