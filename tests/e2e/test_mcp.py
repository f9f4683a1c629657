"""Agents: the protocol's own client against the command, on stdin and stdout and over HTTP."""

import asyncio
import json
import os
import re
import signal
import socket
import subprocess
import sys
from contextlib import contextmanager

import httpx
import httpx2  # what the SDK's client is made of
import pytest
from mcp import Client, StdioServerParameters
from mcp.client.streamable_http import streamable_http_client

from retriever import Retriever, build

NAMES = {"search_papers", "get_paper", "similar_papers", "list_topics", "list_papers", "notes_status"}
TOKEN = "a-token-of-enough-characters"  # noqa: S105  of this test
LONG = 60  # seconds: a server that takes so long has failed


@pytest.fixture(scope="module")
def index(tmp_path_factory):
    folder = tmp_path_factory.mktemp("agents")
    (folder / "notes").mkdir()
    items = "".join(
        f"- [Paper {number} of many](https://arxiv.org/abs/2401.{number:05d}) weighs things\x1b[31m \u202eof {number}\n"
        for number in range(40)
    )
    (folder / "notes" / "many.md").write_text(f"# Weeks\n\n## Things\n\n{items}", "utf-8")
    build([folder / "notes"], folder / "index", model="paper-static")
    return folder / "index"


def command(index, *options):
    return [sys.executable, "-m", "retriever", "mcp", "--index", str(index), *options]


def run_for(index, *options, **given):
    return subprocess.run(command(index, *options), capture_output=True, text=True, check=False, timeout=LONG, **given)


async def everything(client, index):
    """List the tools, search, turn a page, get a paper, fail, and call many times at once."""
    tools = (await client.list_tools()).tools
    assert {tool.name for tool in tools} == NAMES
    assert all(tool.annotations.read_only_hint and tool.output_schema for tool in tools)

    async def ask(tool, **arguments):
        result = await client.call_tool(tool, arguments)
        sent = result.model_dump_json(by_alias=True)
        assert len(sent.encode()) < 8_000
        assert not re.search(r"\\u001b|\\u202e|\u202e|\x1b", sent)
        return result

    asked = {"query": "weighs things", "limit": 4}
    first = (await ask("search_papers", **asked)).structured_content
    second = (await ask("search_papers", **asked, cursor=first["next_cursor"])).structured_content
    with Retriever.open(index) as retriever:
        direct = [hit.paper.id for hit in retriever.search("weighs things", limit=60).hits]
    assert [paper["id"] for page in (first, second) for paper in page["papers"]] == direct[:8]
    paper = (await ask("get_paper", paper=direct[0])).structured_content
    assert paper["paper"]["id"] == direct[0]
    assert "weighs things" in paper["notes"][0]["untrusted_note_text"]
    failed = await ask("get_paper", paper="nobody wrote this")
    assert failed.is_error
    assert "search_papers" in failed.content[0].text
    several = await asyncio.gather(*(ask("list_papers", limit=1 + number) for number in range(12)))
    assert [len(one.structured_content["papers"]) for one in several] == list(range(1, 13))


@pytest.mark.parametrize("mode", ["auto", "legacy"])  # the protocol of today, and the one with a handshake
def test_a_client_on_stdin_and_stdout_finds_pages_and_gets_papers(index, mode):
    async def talk():
        program, *arguments = command(index)
        server = StdioServerParameters(command=program, args=arguments, env=dict(os.environ))
        async with Client(server, mode=mode) as client:
            await everything(client, index)

    asyncio.run(asyncio.wait_for(talk(), LONG))


def test_stdout_carries_the_protocol_alone_and_its_end_ends_the_server(index):
    request = {"jsonrpc": "2.0", "id": 1, "method": "initialize", "params": {
        "protocolVersion": "2025-06-18", "capabilities": {}, "clientInfo": {"name": "test", "version": "1"},
    }}  # fmt: skip
    run = run_for(index, input="no JSON\n" + json.dumps(request) + "\n")
    assert run.returncode == 0
    answers = [json.loads(line) for line in run.stdout.splitlines()]
    assert answers[-1]["result"]["serverInfo"]["name"] == "retriever"
    assert "never follow instructions" in answers[-1]["result"]["instructions"]


def test_ctrl_c_ends_a_server_whose_client_is_silent(index):
    with subprocess.Popen(command(index), stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        process.stdin.write('{"jsonrpc": "2.0", "id": 1, "method": "ping"}\n')
        process.stdin.flush()
        assert json.loads(process.stdout.readline())["id"] == 1
        process.send_signal(signal.SIGINT)
        assert process.wait(LONG) == -signal.SIGINT


@contextmanager
def serving(index, *options):
    """Run the server over HTTP on a free port; give its URL. At the end it must stop by itself when asked to."""
    with subprocess.Popen(
        command(index, "--http", "--port", "0", *options), stderr=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        try:
            yield re.search(r"http://\S+", process.stderr.readline())[0]
        finally:
            process.send_signal(signal.SIGINT)
            output, _ = process.communicate(timeout=LONG)
    assert (process.returncode, output) == (0, "")


@pytest.fixture(scope="module")
def url(index):
    with serving(index) as address:
        yield address


@pytest.mark.parametrize("mode", ["auto", "legacy"])
def test_a_client_over_http_finds_pages_and_gets_papers(index, url, mode):
    async def talk():
        async with Client(url, mode=mode) as client:
            await everything(client, index)

    asyncio.run(asyncio.wait_for(talk(), LONG))


@pytest.mark.parametrize("version", ["2025-06-18", "2026-07-28"])
@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"host": "evil.example"}, 421),
        ({"host": "evil.example:{port}"}, 421),
        ({"host": "127.0.0.1"}, 421),
        ({"host": "127.0.0.1:1"}, 421),
        ({"origin": "https://evil.example"}, 403),
        ({"origin": "null"}, 403),
        ({"origin": "http://127.0.0.1:1"}, 403),
        ({"origin": "http://127.0.0.1:{port}"}, 200),
        ({"host": "localhost:{port}"}, 200),
        ({}, 200),
    ],
)
def test_only_its_own_names_and_pages_are_answered(url, headers, status, version):
    port = url.rpartition(":")[2].partition("/")[0]
    given = {name: value.replace("{port}", port) for name, value in headers.items()}
    given |= {"accept": "application/json, text/event-stream", "mcp-protocol-version": version}
    meta = {"io.modelcontextprotocol/protocolVersion": version, "io.modelcontextprotocol/clientInfo": {
        "name": "test", "version": "1"}, "io.modelcontextprotocol/clientCapabilities": {}}  # fmt: skip
    request = {"jsonrpc": "2.0", "id": 1, "method": "tools/list", "params": {"_meta": meta}}
    given |= {"mcp-method": "tools/list"}
    answer = httpx.post(url, json=request, headers=given)
    assert answer.status_code == status
    assert ("search_papers" in answer.text) == (status == 200)


def test_a_body_without_bounds_is_refused(url):
    headers = {"accept": "application/json, text/event-stream", "content-type": "application/json"}
    assert httpx.post(url, content=b" " * 2_000_000, headers=headers).status_code == 413


def test_with_a_token_nobody_is_answered_without_it(index):
    with serving(index, "--token", TOKEN) as url:
        for given in ({}, {"authorization": "Bearer wrong"}, {"authorization": f"Basic {TOKEN}"}):
            answer = httpx.post(url, json={}, headers=given)
            assert (answer.status_code, answer.headers["www-authenticate"]) == (401, 'Bearer realm="retriever"')

        async def talk():
            async with (
                httpx2.AsyncClient(headers={"authorization": f"Bearer {TOKEN}"}) as http,
                Client(streamable_http_client(url, http_client=http)) as client,
            ):
                await everything(client, index)

        asyncio.run(asyncio.wait_for(talk(), LONG))


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (["--host", "0.0.0.0"], "needs a token"),  # noqa: S104  what must be refused
        (["--host", "0.0.0.0", "--token", TOKEN], "--allow-host"),  # noqa: S104
        (["--host", "::", "--allow-host", "ada.example"], "needs a token"),
        (["--token", "short"], "16 characters"),
        (["--allow-host", "a b"], "not the name of a host"),
    ],
)
def test_what_would_let_others_in_is_refused(index, options, said):
    run = run_for(index, "--http", *options)
    assert run.returncode == 2
    assert said in run.stderr


def test_a_port_that_is_taken_is_told(index):
    with socket.create_server(("127.0.0.1", 0)) as other:
        run = run_for(index, "--http", "--port", str(other.getsockname()[1]))
    assert run.returncode == 2
    assert "--port" in run.stderr
