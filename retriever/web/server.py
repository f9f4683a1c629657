"""The process that answers: a socket, a loop, and a quiet end."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import uvicorn

from retriever.web.app import application
from retriever.web.guards import SECONDS

if TYPE_CHECKING:
    from retriever.library import Retriever
    from retriever.web.settings import Settings

CONNECTIONS = 256  # at once; more are told to come back


def run(retriever: Retriever, settings: Settings, *, ready: Callable[[str], None]) -> None:
    """Serve until interrupted. UsageError for bad settings, or an address that cannot be listened at."""
    settings.check()
    with settings.listen() as listener:
        port = int(listener.getsockname()[1])
        config = uvicorn.Config(
            application(retriever, settings, port=port),
            http="h11",
            ws="none",
            lifespan="on",
            log_config=None,
            access_log=False,
            proxy_headers=False,
            server_header=False,
            limit_concurrency=CONNECTIONS,
            timeout_graceful_shutdown=SECONDS,
        )
        ready(f"{settings.url(port)}/")
        try:
            uvicorn.Server(config).run(sockets=[listener])
        except KeyboardInterrupt:
            return  # how a server is meant to end
