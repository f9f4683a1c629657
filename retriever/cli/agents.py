"""`mcp`: the index as tools for agents, over the Model Context Protocol."""

from __future__ import annotations

from typing import Annotated

import typer

from retriever.cli.locate import locate
from retriever.cli.opening import build_first, opened
from retriever.cli.options import AllowHost, Download, Host, Index, Model, Port, Token
from retriever.cli.screen import say
from retriever.listening import HERE, Address
from retriever.mcp import PORT


def mcp(
    http: Annotated[bool, typer.Option("--http", help="Serve over HTTP instead of stdin and stdout.")] = False,
    host: Host = HERE,
    port: Port = PORT,
    allow_host: AllowHost = None,
    token: Token = None,
    index: Index = None,
    model: Model = None,
    download: Download = False,
) -> None:
    """Give agents six tools that read the index, over the Model Context Protocol."""
    from retriever.mcp import serve_http, serve_stdio  # noqa: PLC0415  nothing of it is needed for other verbs

    address = Address(host, port, token, tuple(allow_host or ()))
    address.check()
    place = locate(index)
    build_first(place, model, download=download)
    with opened(place, model, download=download) as retriever:
        if http:
            serve_http(retriever, address, ready=lambda url: say(f"Serving {place.index} to agents at {url}"))
        else:
            serve_stdio(retriever)
