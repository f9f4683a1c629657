"""The page and the JSON API over one index, served from this machine."""

from __future__ import annotations

import importlib.util
from collections.abc import Callable
from typing import TYPE_CHECKING

from retriever.errors import ExtraMissingError
from retriever.web.settings import LINKS, Links, Settings

if TYPE_CHECKING:
    from retriever.library import Retriever

__all__ = ["LINKS", "Links", "Settings", "serve"]


def serve(retriever: Retriever, settings: Settings, *, ready: Callable[[str], None]) -> None:
    """Answer requests until interrupted; `ready` is told the address once it can be asked.

    Raises ExtraMissingError without the extra, UsageError for settings that would let in strangers, or for a port
    that is taken.
    """
    for library in ("starlette", "uvicorn", "jinja2"):
        if importlib.util.find_spec(library) is None:
            raise ExtraMissingError("web", f"The page needs {library}")
    from retriever.web.server import run  # noqa: PLC0415  the libraries of the extra

    run(retriever, settings, ready=ready)
