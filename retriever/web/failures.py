"""Errors as answers: the status, and the same words as everywhere, as JSON to programs and as a page to readers."""

from __future__ import annotations

import json
import logging
from typing import TYPE_CHECKING

from starlette.exceptions import HTTPException
from starlette.responses import Response

from retriever.errors import (
    IndexDamagedError,
    IndexNotFoundError,
    IndexOutdatedError,
    ModelMissingError,
    NewerFormatError,
    PaperNotFoundError,
    RetrieverError,
    TopicNotFoundError,
    UsageError,
)
from retriever.records import failure

if TYPE_CHECKING:
    from starlette.requests import Request

    from retriever.records import Json
    from retriever.web.site import Site

API = "/api/v1"
# The first that fits counts. A request that cannot be read is 400, one that is read and cannot be answered 422.
STATUSES: tuple[tuple[type[RetrieverError], int], ...] = (
    (PaperNotFoundError, 404),
    (TopicNotFoundError, 404),
    (UsageError, 422),
    (IndexNotFoundError, 503),
    (IndexDamagedError, 503),
    (IndexOutdatedError, 503),
    (ModelMissingError, 503),
    (NewerFormatError, 503),
)
# What a status without an error of ours is called in JSON.
CODES = {
    400: "usage",
    401: "unauthorized",
    403: "forbidden",
    404: "not_found",
    405: "method_not_allowed",
    413: "too_large",
    414: "too_large",
    415: "usage",
    421: "misdirected",
    503: "too_slow",
}

_LOG = logging.getLogger("retriever.web")


class JsonResponse(Response):
    """An answer in the envelope. Characters that UTF-8 has no bytes for are escaped."""

    media_type = "application/json"

    def render(self, content: Json) -> bytes:
        text = json.dumps(content, ensure_ascii=False, allow_nan=False, separators=(",", ":"))
        try:
            return text.encode()
        except UnicodeEncodeError:
            return json.dumps(content, allow_nan=False, separators=(",", ":")).encode()


def refused(request: Request, error: Exception) -> Response:
    """Return the answer to a request that failed in a way that was foreseen."""
    if isinstance(error, RetrieverError):
        return _told(request, status_of(error), error.code, error.message, error.next_step)
    assert isinstance(error, HTTPException)
    code = CODES.get(error.status_code, "refused")
    answer = _told(request, error.status_code, code, _said(error), None)
    answer.headers.update(error.headers or {})
    return answer


def broken(request: Request, error: Exception) -> Response:
    """Return the answer to a request that failed in a way that nobody foresaw."""
    _LOG.error("%s %s: %s: %s", request.method, request.scope["path"], type(error).__name__, error)
    message = f"Internal error: {type(error).__name__}."
    return _told(request, 500, "internal", message, "Please report it, with what the server printed.")


def status_of(error: RetrieverError) -> int:
    return next((status for kind, status in STATUSES if isinstance(error, kind)), 500)


def in_api(path: str) -> bool:
    return path == API or path.startswith(f"{API}/")


def _said(error: HTTPException) -> str:
    if error.status_code == 404:
        return "There is nothing at this address."
    return "That cannot be done here." if error.status_code == 405 else error.detail


def _told(request: Request, status: int, code: str, message: str, next_step: str | None) -> Response:
    if in_api(request.scope["path"]):
        command = getattr(request.state, "operation", "api")
        return JsonResponse(failure(command, code, message, next_step), status)
    site: Site | None = getattr(request.scope["app"].state, "site", None) if "app" in request.scope else None
    if site is None:
        return Response(f"{message}\n", status, media_type="text/plain")
    return site.page(request, "failure.html", status=status, message=message, next_step=next_step)
