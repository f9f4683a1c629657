"""The pages: what is asked for in the address, answered as HTML."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from starlette.routing import Route

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.responses import Response

    from retriever.web.site import Site


def routes(site: Site) -> list[Route]:
    return [Route("/", partial(_search, site))]


async def _search(site: Site, request: Request) -> Response:
    query = request.query_params.get("q", "").strip()
    results = await site.work(partial(site.retriever.search, query)) if query else None
    return site.page(request, "search.html", query=query, results=results)
