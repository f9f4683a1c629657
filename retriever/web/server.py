"""The process that answers: a socket, a loop, and a quiet end."""

from __future__ import annotations

import errno
import socket
from collections.abc import Callable
from typing import TYPE_CHECKING

import uvicorn

from retriever.errors import UsageError
from retriever.web.app import application
from retriever.web.guards import SECONDS

if TYPE_CHECKING:
    from retriever.library import Retriever
    from retriever.web.settings import Settings

CONNECTIONS = 256  # at once; more are told to come back
BACKLOG = 256


def run(retriever: Retriever, settings: Settings, *, ready: Callable[[str], None]) -> None:
    """Serve until interrupted. UsageError for bad settings, or an address that cannot be listened at."""
    settings.check()
    with _listening(settings.host, settings.port) as listener:
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
        ready(f"http://{_written(settings.host)}:{port}/")
        try:
            uvicorn.Server(config).run(sockets=[listener])
        except KeyboardInterrupt:
            return  # how a server is meant to end


def _listening(host: str, port: int) -> socket.socket:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listener = socket.socket(family, socket.SOCK_STREAM)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)  # a restart need not wait for old connections
    try:
        listener.bind((host, port))
        listener.listen(BACKLOG)
    except OSError as error:
        listener.close()
        if error.errno == errno.EADDRINUSE:
            raise UsageError(f"Port {port} is in use.", "Choose another with --port, or 0 for any.") from error
        raise UsageError(f"Cannot listen at {host}, port {port}: {error.strerror or error}.") from error
    return listener


def _written(host: str) -> str:
    return f"[{host}]" if ":" in host else host
