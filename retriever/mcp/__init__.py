"""A server of the Model Context Protocol: six tools that read an index, for agents.

Notes come from anywhere, and what they say reaches a model: each answer is short, its note text stands in fields named
as untrusted, and nothing here writes.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from retriever.errors import ExtraMissingError
from retriever.listening import Address

if TYPE_CHECKING:
    from retriever.library import Retriever

PORT = 8378

__all__ = ["PORT", "serve_http", "serve_stdio"]


def serve_stdio(retriever: Retriever) -> None:
    """Answer the client at the other end of stdin and stdout until it goes. ExtraMissingError without the extra."""
    _check_extra()
    from retriever.mcp.stdio import run  # noqa: PLC0415  an extra

    run(retriever)


def serve_http(retriever: Retriever, address: Address, ready: Callable[[str], None]) -> None:
    """Answer clients over HTTP until Ctrl-C; `ready` is told the URL.

    Raises ExtraMissingError without the extra, UsageError for an address that cannot be taken, or that others could
    reach unasked.
    """
    address.check()
    _check_extra()
    from retriever.mcp.http import run  # noqa: PLC0415  an extra

    run(retriever, address, ready)


def _check_extra() -> None:
    try:
        import mcp  # noqa: F401, PLC0415  an extra
    except ImportError as error:
        raise ExtraMissingError("mcp", "The server for agents takes the SDK of their protocol") from error
