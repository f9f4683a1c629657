"""The JSON API: a route for each operation, and the document that describes them all."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Sequence
from functools import partial
from typing import TYPE_CHECKING

from starlette.exceptions import HTTPException
from starlette.routing import Route

from retriever.records import success
from retriever.web.failures import API, JsonResponse
from retriever.web.openapi import document
from retriever.web.parameters import read_body, read_query, unreadable

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from starlette.requests import Request

    from retriever.library import Retriever
    from retriever.web.operations import Operation
    from retriever.web.parameters import Values
    from retriever.web.site import Site


def routes(site: Site, operations: Sequence[Operation]) -> list[Route]:
    """Return the routes of an API; an operation runs in one of the site's threads."""
    by_path: dict[str, list[Operation]] = defaultdict(list)
    for operation in operations:
        by_path[operation.path].append(operation)
    described = JsonResponse(document(operations))

    async def openapi(_: Request) -> JsonResponse:
        return described

    return [
        Route(f"{API}/openapi.json", openapi),
        *(
            Route(API + path.replace("}", ":path}"), _endpoint(site, found), methods=[one.method for one in found])
            for path, found in by_path.items()
        ),
    ]


def _endpoint(site: Site, operations: Iterable[Operation]) -> Callable[[Request], Awaitable[JsonResponse]]:
    by_method = {operation.method: operation for operation in operations}

    async def answer(request: Request) -> JsonResponse:
        operation = by_method["POST" if request.method == "POST" else "GET"]
        request.state.operation = operation.name
        values = await _values(operation, request)
        return await site.work(partial(_answered, operation, site.retriever, values))

    return answer


def _answered(operation: Operation, retriever: Retriever, values: Values) -> JsonResponse:
    """Ask and write the answer, both off the loop: a long answer takes long to write."""
    return JsonResponse(success(operation.name, operation.answer(retriever, values)))


async def _values(operation: Operation, request: Request) -> Values:
    inside = {operation.inside.name: [request.path_params[operation.inside.name]]} if operation.inside else {}
    placed = read_query([operation.inside] if operation.inside else [], inside)
    query = {name: request.query_params.getlist(name) for name in request.query_params}
    if operation.method == "GET":
        return {**placed, **read_query(operation.parameters, query)}
    read_query((), query)
    return {**placed, **read_body(operation.parameters, await _json(request))}


async def _json(request: Request) -> object:
    """Return the body. A form of another site cannot send this type, so that a browser asks before it sends it."""
    if request.headers.get("content-type", "").partition(";")[0].strip().lower() != "application/json":
        raise HTTPException(415, "The body is application/json.")
    try:
        return json.loads(await request.body())
    except (ValueError, RecursionError) as error:
        raise unreadable("The body is not JSON.") from error
