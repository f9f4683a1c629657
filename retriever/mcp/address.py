"""Where the server listens over HTTP, and what it refuses to listen with."""

from __future__ import annotations

import re
from dataclasses import dataclass

from retriever.errors import UsageError

HERE = "127.0.0.1"
PORT = 8378
SHORTEST_TOKEN = 16  # characters: one that cannot be tried out

_TOKEN = re.compile(r"[A-Za-z0-9._~+/-]+=*")  # what RFC 6750 lets follow "Bearer"
_HOST = re.compile(r"(?:[A-Za-z0-9.-]+|\[[0-9A-Fa-f:.]+\])(?::\d{1,5})?")


@dataclass(frozen=True, slots=True)
class Address:
    """`port` 0 takes any that is free. `names` are those by which others call this machine, with or without a port."""

    host: str = HERE
    port: int = PORT
    token: str | None = None
    names: tuple[str, ...] = ()

    def check(self) -> None:
        """Raise UsageError for what cannot be, or would let in who was not asked."""
        if self.token is not None and not (len(self.token) >= SHORTEST_TOKEN and _TOKEN.fullmatch(self.token)):
            raise UsageError(
                f"A token has {SHORTEST_TOKEN} characters or more: letters, digits, and - . _ ~ + /.",
                "Make one with: python3 -c 'import secrets; print(secrets.token_urlsafe())'",
            )
        for name in self.names:
            if not _HOST.fullmatch(name):
                raise UsageError(f"{name!r} is not the name of a host.", "Give a name, or name:port.")
        if self.host != HERE and not (self.token and self.names):
            raise UsageError(
                f"Others could reach {self.host}: that needs a token and the name that they call this machine by.",
                "Give both: --token TOKEN --allow-host NAME",
            )

    def hosts(self, port: int) -> list[str]:
        """Return the values of the header Host that are meant for this server on a port."""
        named = [*self.names, *((HERE, "localhost") if self.host == HERE else ())]
        # A bare name that was allowed may stand for a proxy on the port of its scheme.
        bare = [name for name in named if not re.search(r":\d{1,5}$", name)]
        return [*self.names, *(f"{name}:{port}" for name in bare)]
