"""Who is let in, how much he may send, and how long he may take: checked before anything else sees a request.

A page that the user has open elsewhere can make his browser ask this server. It is kept out by the name it must call
(Host, so that a name pointed at this machine later is of no use), by Origin and Sec-Fetch-Site, and by answers that
no other site may read, frame or embed.
"""

from __future__ import annotations

import asyncio
import hmac
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import parse_qsl, urlencode

from starlette.datastructures import Headers, MutableHeaders
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from retriever.web.failures import refused

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

SECONDS = 10  # a request may take
MAX_BODY = 1 << 20  # bytes
MAX_TARGET = 32_768  # bytes of path and query: room for 2,000 characters, each percent-encoded from four bytes

CONTENT_SECURITY_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
HEADERS = {
    "content-security-policy": CONTENT_SECURITY_POLICY,
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    "referrer-policy": "no-referrer",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "permissions-policy": "camera=(), geolocation=(), microphone=()",
}


@dataclass(frozen=True, slots=True)
class Rules:
    """`hosts` are the values of Host that are meant for this server. Without a token nobody is asked for one."""

    hosts: frozenset[str]
    token: str | None = None
    cookie: str = "retriever"


class Guard:
    """An ASGI application around another. What it refuses never reaches that."""

    def __init__(self, app: ASGIApp, rules: Rules) -> None:
        self._app = app
        self._rules = rules

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await self._app(scope, receive, send)
            return
        if scope["type"] != "http":
            return  # no door for web sockets
        # Answers hold notes and are kept nowhere; our own files are, and asked for anew by their hash.
        sent = _Sent(send, "no-cache" if scope["path"].startswith("/static/") else "no-store")
        try:
            answer = self._answer(scope)
            if answer is not None:
                await answer(scope, receive, sent)
                return
            async with asyncio.timeout(SECONDS):
                await self._app(scope, _bounded(receive), sent)
        except HTTPException as refusal:
            await refused(Request(scope), refusal)(scope, receive, sent)
        except TimeoutError:
            if sent.started:
                raise
            late = HTTPException(503, f"That took more than {SECONDS} seconds.", {"retry-after": "1"})
            await refused(Request(scope), late)(scope, receive, sent)

    def _answer(self, scope: Scope) -> Response | None:
        """Return what is answered at once, None where the request may pass. HTTPException where it may not."""
        headers = Headers(scope=scope)
        _check_host(headers, self._rules.hosts)
        _check_origin(headers, scope, self._rules.hosts)
        _check_sizes(headers, scope)
        return _check_token(headers, scope, self._rules)


class _Sent:
    """Sends messages on, the first with the headers that every answer bears."""

    def __init__(self, send: Send, cache: str) -> None:
        self._send = send
        self._cache = cache
        self.started = False

    async def __call__(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self.started = True
            headers = MutableHeaders(scope=message)
            for name, value in HEADERS.items():
                headers[name] = value
            headers.setdefault("cache-control", self._cache)
        await self._send(message)


def _check_host(headers: Headers, hosts: frozenset[str]) -> None:
    named = headers.getlist("host")
    if len(named) != 1 or named[0].lower() not in hosts:
        raise HTTPException(421, "This server does not go by that name.")


def _check_origin(headers: Headers, scope: Scope, hosts: frozenset[str]) -> None:
    ours = {f"{scheme}://{host}" for host in hosts for scheme in ("http", "https")}
    if any(origin.lower() not in ours for origin in headers.getlist("origin")):
        raise HTTPException(403, "Requests from other sites are not answered.")
    elsewhere = headers.get("sec-fetch-site", "none") not in {"none", "same-origin"}
    followed = headers.get("sec-fetch-mode") == "navigate" and scope["method"] in {"GET", "HEAD"}
    if elsewhere and not followed:  # a link on another site may be followed, but nothing may be embedded there
        raise HTTPException(403, "Requests from other sites are not answered.")


def _check_sizes(headers: Headers, scope: Scope) -> None:
    if len(scope.get("raw_path") or b"") + len(scope["query_string"]) > MAX_TARGET:
        raise HTTPException(414, f"The address is longer than {MAX_TARGET:,} bytes.")
    length = headers.get("content-length", "0")
    if not length.isdecimal() or int(length) > MAX_BODY:
        raise _too_large()


def _check_token(headers: Headers, scope: Scope, rules: Rules) -> Response | None:
    """Return the way on with a cookie where the address bears the token, None where the request does."""
    if rules.token is None:
        return None
    if any(_same(given, rules.token) for given in _tokens(headers, rules.cookie)):
        return None
    query = parse_qsl(scope["query_string"].decode("latin-1"), keep_blank_values=True)
    given = [value for name, value in query if name == "token"]
    if scope["method"] in {"GET", "HEAD"} and any(_same(value, rules.token) for value in given):
        return _welcome(scope, [(name, value) for name, value in query if name != "token"], rules)
    raise HTTPException(401, "This server asks for a token.", {"www-authenticate": 'Bearer realm="retriever"'})


def _tokens(headers: Headers, cookie: str) -> list[str]:
    scheme, _, bearer = headers.get("authorization", "").partition(" ")
    tokens = [bearer.strip()] if scheme.lower() == "bearer" else []
    # Cookies of other servers on this machine come along, whatever they are called: only ours is looked at.
    pairs = (pair.strip().partition("=") for pair in headers.get("cookie", "").split(";"))
    return [*tokens, *(value for name, _, value in pairs if name == cookie)]


def _same(given: str, token: str) -> bool:
    return hmac.compare_digest(given.encode("utf-8", "replace"), token.encode())


def _welcome(scope: Scope, query: Sequence[tuple[str, str]], rules: Rules) -> Response:
    """Send the browser to the same page without the token in its address, and remember it in a cookie."""
    path = "/" + scope["path"].lstrip("/")  # never //elsewhere
    answer = RedirectResponse(path + (f"?{urlencode(query)}" if query else ""), status_code=303)
    assert rules.token is not None
    answer.set_cookie(
        rules.cookie, rules.token, httponly=True, samesite="strict", secure=scope.get("scheme") == "https"
    )
    return answer


def _bounded(receive: Receive) -> Receive:
    """Receive a body of which the length was not told, up to the bound."""
    received = 0

    async def bounded() -> Message:
        nonlocal received
        message = await receive()
        received += len(message.get("body", b""))
        if received > MAX_BODY:
            raise _too_large()
        return message

    return bounded


def _too_large() -> HTTPException:
    return HTTPException(413, f"The body of a request may have {MAX_BODY:,} bytes.")
