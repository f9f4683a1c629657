"""The application: guard, API, pages and files, put together over one index."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.routing import Mount
from starlette.staticfiles import StaticFiles

from retriever.errors import RetrieverError
from retriever.web import api, pages
from retriever.web.failures import broken, refused
from retriever.web.guards import Guard, Rules
from retriever.web.operations import OPERATIONS
from retriever.web.site import FOLDER, Site

if TYPE_CHECKING:
    from retriever.library import Retriever
    from retriever.web.settings import Settings


def application(retriever: Retriever, settings: Settings, *, port: int) -> Starlette:
    """Return the application for a server that listens on a port. The retriever stays the caller's to close."""
    site = Site(retriever, settings)
    rules = Rules(settings.hosts(port), settings.token, f"retriever-{port}")  # browsers share cookies between ports

    @asynccontextmanager
    async def lifespan(_: Starlette) -> AsyncIterator[None]:
        site.start()
        yield
        site.close()

    app = Starlette(
        routes=[
            *pages.routes(site),
            *api.routes(site, OPERATIONS),
            Mount("/static", StaticFiles(directory=FOLDER / "static")),
        ],
        middleware=[Middleware(Guard, rules)],
        exception_handlers={HTTPException: refused, RetrieverError: refused, Exception: broken},
        lifespan=lifespan,
    )
    app.state.site = site
    return app
