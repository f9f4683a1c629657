"""Where a server listens, by which names it may be called, and what it refuses: the page and the agents' alike."""

from __future__ import annotations

import errno
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from retriever.errors import UsageError

if TYPE_CHECKING:
    import socket

HERE = "127.0.0.1"
SHORTEST_TOKEN = 16  # characters: one that cannot be tried out

BACKLOG = 256  # connections that wait to be taken

_TOKEN = re.compile(r"[A-Za-z0-9._~+/-]+=*")  # what RFC 6750 lets follow "Bearer"
_PORT = re.compile(r":\d{1,5}$")
_HOST = re.compile(r"[A-Za-z0-9.-]+|\[[0-9A-Fa-f:.]+\]")


@dataclass(frozen=True, slots=True)
class Address:
    """`port` 0 takes any that is free. `allowed` names the hosts by which the server may be called, each with or
    without a port.
    """

    host: str = HERE
    port: int = 0
    token: str | None = None
    allowed: tuple[str, ...] = ()

    def check(self) -> None:
        """Raise UsageError for an address that cannot be, or that would let in who was not asked."""
        if self.token is not None and not (len(self.token) >= SHORTEST_TOKEN and _TOKEN.fullmatch(self.token)):
            raise UsageError(
                f"A token has {SHORTEST_TOKEN} characters or more: letters, digits, and - . _ ~ + /.",
                "Make one with: python3 -c 'import secrets; print(secrets.token_urlsafe())'",
            )
        for name in self.allowed:
            if not _HOST.fullmatch(_PORT.sub("", name)):
                raise UsageError(f"{name!r} is not the name of a host.", "Give a name, or name:port.")
        if self.host != HERE and not (self.token and self.allowed):
            raise UsageError(
                f"Others could reach {self.host}: that needs a token and the name that they call this machine by.",
                "Give both: --token TOKEN --allow-host NAME",
            )

    def hosts(self, port: int) -> frozenset[str]:
        """Return the values of the header Host that are meant for this server on a port."""
        names = [*self.allowed]
        if self.host == HERE:
            names += [HERE, "localhost"]
        named = {name.lower() for name in names}
        bare = {name for name in named if not _PORT.search(name)}
        # A name that was allowed may stand for a proxy on the port of its scheme; our own names always have a port.
        return frozenset(named - {HERE, "localhost"} | {f"{name}:{port}" for name in bare})

    def listen(self) -> socket.socket:
        """Take the address. UsageError where it cannot be taken."""
        import socket  # noqa: PLC0415  verbs that do not listen never need it

        family = socket.AF_INET6 if ":" in self.host else socket.AF_INET
        listener = socket.socket(family, socket.SOCK_STREAM)
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)  # a restart need not wait for old connections
        try:
            listener.bind((self.host, self.port))
            listener.listen(BACKLOG)
        except OSError as error:
            listener.close()
            if error.errno == errno.EADDRINUSE:
                raise UsageError(f"Port {self.port} is in use.", "Choose another with --port, or 0 for any.") from error
            raise UsageError(f"Cannot listen at {self.host}, port {self.port}: {error.strerror or error}.") from error
        return listener

    def url(self, port: int) -> str:
        """Return the beginning of every URL there, on the port that was taken."""
        return f"http://[{self.host}]:{port}" if ":" in self.host else f"http://{self.host}:{port}"
