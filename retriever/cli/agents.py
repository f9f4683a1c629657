"""`mcp`: the index as tools for agents, over the Model Context Protocol."""

from __future__ import annotations

from typing import Annotated

import typer

from retriever.cli.locate import locate
from retriever.cli.opening import build_first, opened
from retriever.cli.options import Download, Index, Model
from retriever.cli.screen import say
from retriever.mcp.address import HERE, PORT, Address


def mcp(
    http: Annotated[bool, typer.Option("--http", help="Serve over HTTP instead of stdin and stdout.")] = False,
    host: Annotated[str, typer.Option(metavar="ADDRESS", help="Where to listen; any other needs a token.")] = HERE,
    port: Annotated[int, typer.Option(min=0, max=65_535, help="The port; 0 for any that is free.")] = PORT,
    allow_host: Annotated[
        list[str] | None,
        typer.Option(metavar="NAME", help="A name that this machine is called by from outside; may be repeated."),
    ] = None,
    token: Annotated[
        str | None,
        typer.Option(
            metavar="TOKEN", envvar="RETRIEVER_TOKEN", help="Ask for this token; others on this machine see options."
        ),
    ] = None,
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
