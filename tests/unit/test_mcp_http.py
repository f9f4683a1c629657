"""Who the server for agents lets in over HTTP, in this process; tests/e2e asks the command itself."""

import socket

import pytest
from starlette.testclient import TestClient

from retriever import Retriever
from retriever.errors import UsageError
from retriever.listening import Address
from retriever.mcp import serve_http
from retriever.mcp.http import app

TOKEN = "a-token-of-enough-characters"  # noqa: S105  of this test
HEADERS = {"accept": "application/json, text/event-stream", "mcp-protocol-version": "2025-06-18"}
LIST = {"jsonrpc": "2.0", "id": 1, "method": "tools/list"}


def statuses(index, address, base_url, **headers):
    """Return the status of a request for the tools, and that of one that calls a tool."""
    call = LIST | {"method": "tools/call", "params": {"name": "notes_status", "arguments": {}}}
    with (
        Retriever.open(index) as retriever,
        TestClient(app(retriever, address, 8378), base_url=base_url, headers=HEADERS | headers) as client,
    ):
        return [client.post("/mcp", json=request).status_code for request in (LIST, call)]


@pytest.mark.parametrize(
    ("address", "base_url", "headers", "status"),
    [
        (Address(), "http://127.0.0.1:8378", {}, 200),
        (Address(), "http://localhost:8378", {"origin": "http://localhost:8378"}, 200),
        (Address(), "http://localhost:8379", {}, 421),
        (Address(), "http://notes.example", {}, 421),
        (Address(), "http://localhost:8378", {"origin": "http://notes.example"}, 403),
        (Address(token=TOKEN), "http://localhost:8378", {}, 401),
        (Address(token=TOKEN), "http://localhost:8378", {"authorization": "Bearer é".encode()}, 401),
        (Address(token=TOKEN), "http://localhost:8378", {"authorization": f"bearer {TOKEN}"}, 200),
        (Address("0.0.0.0", 8378, TOKEN, ("ada.example",)), "http://ada.example", {"authorization": f"Bearer {TOKEN}"}, 200),  # noqa: E501, S104
        (Address("0.0.0.0", 8378, TOKEN, ("ada.example",)), "http://127.0.0.1:8378", {"authorization": f"Bearer {TOKEN}"}, 421),  # noqa: E501, S104
    ],
)  # fmt: skip
def test_a_request_is_answered_by_name_origin_and_token(toy_index, address, base_url, headers, status):
    assert statuses(toy_index, address, base_url, **headers) == [status] * 2


def test_it_listens_tells_where_and_ends_with_ctrl_c(monkeypatch, toy_index):
    told = []

    def interrupted(_, sockets):
        told.append(sockets[0].getsockname()[1])
        raise KeyboardInterrupt

    monkeypatch.setattr("uvicorn.Server.run", interrupted)
    with Retriever.open(toy_index) as retriever:
        serve_http(retriever, Address(port=0), told.append)
    assert told[0] == f"http://127.0.0.1:{told[1]}/mcp"


def test_an_address_that_cannot_be_taken_is_told(toy_index):
    with (
        Retriever.open(toy_index) as retriever,
        socket.create_server(("127.0.0.1", 0)) as other,
        pytest.raises(UsageError, match="--port"),
    ):
        serve_http(retriever, Address(port=other.getsockname()[1]), print)


@pytest.mark.parametrize(
    ("address", "said"),
    [
        (Address("0.0.0.0"), "needs a token"),  # noqa: S104  what must be refused
        (Address("0.0.0.0", token=TOKEN), "--allow-host"),  # noqa: S104
        (Address(token="short"), "16 characters"),  # noqa: S106
        (Address(token=TOKEN + " "), "letters, digits"),
        (Address(allowed=("a b",)), "not the name of a host"),
    ],
)
def test_what_would_let_others_in_is_refused(toy_index, address, said):
    with Retriever.open(toy_index) as retriever, pytest.raises(UsageError, match=said):
        serve_http(retriever, address, print)
