"""`serve`: the page and the JSON API over the index, on this machine."""

from __future__ import annotations

from typing import Annotated

import typer

from retriever.cli.envelope import print_line
from retriever.cli.locate import locate
from retriever.cli.opening import build_first, opened
from retriever.cli.options import AllowHost, Download, Host, Index, Model, Port, Token
from retriever.listening import HERE
from retriever.web.settings import PORT, Links, Settings


def serve(
    host: Host = HERE,
    port: Port = PORT,
    allow_host: AllowHost = None,
    token: Token = None,
    links: Annotated[
        Links | None, typer.Option(help="What opens a note; obsidian for one of its vaults, else vscode.")
    ] = None,
    index: Index = None,
    model: Model = None,
    download: Download = False,
) -> None:
    """Serve the search page and the JSON API to this machine, until Ctrl-C."""
    settings = Settings(host=host, port=port, token=token, allowed=tuple(allow_host or ()), links=links)
    settings.check()
    place = locate(index)
    build_first(place, model, download=download)
    from retriever.web import serve as answer  # noqa: PLC0415  nothing of it is needed for other verbs

    with opened(place, model, download=download) as retriever:
        answer(retriever, settings, ready=lambda address: print_line(f"Serving {place.index} at {address}"))
