"""What every page and every operation works with: the library, the threads that call it, and the templates."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

import jinja2
from starlette.responses import Response

from retriever.records.wording import changes, counted
from retriever.web.answer import dots, signals, stretches
from retriever.web.links import NoteLinks, outward
from retriever.web.overview import Overviews

if TYPE_CHECKING:
    from starlette.requests import Request

    from retriever.library import Retriever
    from retriever.web.settings import Settings

T = TypeVar("T")

FOLDER = Path(__file__).parent
# Most of a question is spent outside the interpreter's lock; more threads than processors only take turns.
WORKERS = max(2, os.cpu_count() or 2)


class Site:
    """One for an application."""

    def __init__(self, retriever: Retriever, settings: Settings) -> None:
        self.retriever = retriever
        self.settings = settings
        self._pool = ThreadPoolExecutor(WORKERS, thread_name_prefix="answer")
        self.overviews = Overviews(retriever)
        links = NoteLinks(retriever, settings.links)
        self.templates = jinja2.Environment(
            loader=jinja2.FileSystemLoader(FOLDER / "templates"),
            autoescape=True,
            undefined=jinja2.StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
            auto_reload=False,
        )
        self.templates.globals |= {
            "note_link": links.to,
            "stretches": stretches,
            "signals": signals,
            "changes": changes,
            "outward": outward,
        }
        self.templates.filters |= {"counted": counted, "dots": dots}

    async def work(self, call: Callable[[], T]) -> T:
        """Return what a call returns, made in one of the threads. The library is never called on the loop itself."""
        return await asyncio.get_running_loop().run_in_executor(self._pool, call)

    def page(self, request: Request, template: str, /, *, status: int = 200, **values: object) -> Response:
        """Return a page. Whatever text is put in stands there as text. To be called in one of the threads."""
        # A script that takes the answer out of a page shows no foot, which looks at every note.
        whole = request.headers.get("sec-fetch-dest") != "empty"
        html = self.templates.get_template(template).render(
            here=request.scope["path"], whole=whole, site=self, **values
        )
        return Response(html.encode("utf-8", "replace"), status, media_type="text/html")

    def start(self) -> None:
        """Prepare in the background, so that the first page and the first question need not wait.

        What is wrong with the index or its model is told to whoever asks.
        """
        self._pool.submit(lambda: (self.overviews.current(), self.overviews.status()))
        self._pool.submit(lambda: self.retriever.search("papers", limit=1))

    def close(self) -> None:
        self._pool.shutdown(wait=False, cancel_futures=True)
