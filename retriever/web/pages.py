"""The pages: what is asked for in the address, answered as HTML."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

from starlette.responses import Response
from starlette.routing import Route

from retriever.web.answer import answer
from retriever.web.asked import Asked

if TYPE_CHECKING:
    from starlette.requests import Request

    from retriever.web.site import Site

SIMILAR = 8  # papers beside a paper
SHELVED = 500  # papers that a topic page lists; more are searched for


def routes(site: Site) -> list[Route]:
    """Return the routes of the pages; each is asked for and written in one of the site's threads."""
    return [
        page(site, "/", _search),
        page(site, "/paper/{handle:path}", _paper),
        page(site, "/bibtex/{handle:path}", _bibtex),
        page(site, "/topics", _topics),
        page(site, "/topics/{name:path}", _topic),
    ]


def page(site: Site, path: str, answered: Callable[[Site, Request], Response]) -> Route:
    async def endpoint(request: Request) -> Response:
        return await site.work(partial(answered, site, request))

    return Route(path, endpoint)


def _search(site: Site, request: Request) -> Response:
    asked = Asked.read({name: request.query_params.getlist(name) for name in request.query_params})
    overview = site.overviews.current()
    found = answer(site.retriever, asked, overview) if asked.anything else None
    return site.page(request, "search.html", asked=asked, answer=found, overview=overview)


def _paper(site: Site, request: Request) -> Response:
    dossier = site.retriever.dossier(request.path_params["handle"])
    alike = site.retriever.similar(dossier.paper.id, limit=SIMILAR)
    return site.page(request, "paper.html", dossier=dossier, paper=dossier.paper, alike=alike.hits)


def _bibtex(site: Site, request: Request) -> Response:
    """Asked for only when it is looked at: a citation key hangs on all papers, and takes a moment."""
    entry = site.retriever.export([request.path_params["handle"]]).text
    return Response(entry.encode("utf-8", "replace"), media_type="text/plain")


def _topics(site: Site, request: Request) -> Response:
    return site.page(request, "topics.html", tree=site.overviews.current().tree)


def _topic(site: Site, request: Request) -> Response:
    found = site.retriever.topic(request.path_params["name"])
    shelves, room = [], SHELVED
    for shelf in found.shelves:
        if room > 0:
            shelves.append(replace(shelf, papers=shelf.papers[:room]))
        room -= len(shelf.papers)
    ids = site.overviews.current().ids
    return site.page(request, "topic.html", found=found, shelves=shelves, left=max(0, -room), ids=ids)
