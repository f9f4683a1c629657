"""The server over HTTP, and who is let in: by the names it goes by, by Origin, and by a token.

Each request stands alone (no session is kept), so that nothing grows with the number of clients.
"""

from __future__ import annotations

import hmac
from collections.abc import Callable
from contextlib import suppress
from typing import TYPE_CHECKING

import uvicorn
from mcp.server.transport_security import TransportSecuritySettings
from starlette.datastructures import Headers
from starlette.responses import PlainTextResponse

from retriever.library import Retriever
from retriever.listening import Address
from retriever.mcp.server import server_for

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Receive, Scope, Send

PATH = "/mcp"
MAX_BODY = 1 << 20  # bytes


def run(retriever: Retriever, address: Address, ready: Callable[[str], None]) -> None:
    """Serve until Ctrl-C; `ready` is told the URL. UsageError where the address cannot be taken."""
    with address.listen() as listener:
        port = listener.getsockname()[1]
        ready(f"{address.url(port)}{PATH}")
        config = uvicorn.Config(
            app(retriever, address, port), log_config=None, access_log=False, server_header=False, ws="none"
        )
        with suppress(KeyboardInterrupt):  # how a server is meant to end
            uvicorn.Server(config).run(sockets=[listener])


def app(retriever: Retriever, address: Address, port: int) -> ASGIApp:
    """Return the guarded application, as it is reached on a port."""
    hosts = sorted(address.hosts(port))
    inner = server_for(retriever).streamable_http_app(
        streamable_http_path=PATH,
        json_response=True,
        stateless_http=True,
        max_request_body_size=MAX_BODY,
        host=address.host,
        # Without exact names the SDK guards three addresses only, and these on any port.
        transport_security=TransportSecuritySettings(
            enable_dns_rebinding_protection=True,
            allowed_hosts=hosts,
            allowed_origins=[f"{scheme}://{host}" for host in hosts for scheme in ("http", "https")],
        ),
    )
    return inner if address.token is None else _Token(inner, address.token)


class _Token:
    """An application around another, for those who bear a token."""

    def __init__(self, inner: ASGIApp, token: str) -> None:
        self._inner = inner
        self._token = token.encode()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and not self._borne(Headers(scope=scope)):
            answer = PlainTextResponse(
                "This server asks for a token.", 401, {"www-authenticate": 'Bearer realm="retriever"'}
            )
            await answer(scope, receive, send)
            return
        await self._inner(scope, receive, send)

    def _borne(self, headers: Headers) -> bool:
        scheme, _, token = headers.get("authorization", "").partition(" ")
        return scheme.lower() == "bearer" and hmac.compare_digest(token.strip().encode(), self._token)
