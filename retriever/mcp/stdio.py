"""The server on stdin and stdout, which carry the protocol alone."""

from __future__ import annotations

import signal

import anyio
from mcp.server.stdio import stdio_server

from retriever.library import Retriever
from retriever.mcp.server import server_for


def run(retriever: Retriever) -> None:
    """Serve one client until it closes its end. Call it from the main thread of a process that does nothing else."""
    # The thread that waits for stdin cannot be told to stop, and nothing is open for writing: Ctrl-C may just end it.
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    anyio.run(_serve, retriever)


async def _serve(retriever: Retriever) -> None:
    server = server_for(retriever)
    async with stdio_server() as (reader, writer):
        await server.run(reader, writer, server.create_initialization_options())
