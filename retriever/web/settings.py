"""How the server is to run, and what it refuses to run with."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal, get_args

from retriever.errors import UsageError

Links = Literal["obsidian", "vscode", "file"]
LINKS: tuple[str, ...] = get_args(Links)

HERE = "127.0.0.1"
PORT = 8377
SHORTEST_TOKEN = 16  # characters: one that cannot be tried out

_TOKEN = re.compile(r"[A-Za-z0-9._~+/-]+=*")  # what RFC 6750 lets follow "Bearer"
_PORT = re.compile(r":\d{1,5}$")
_HOST = re.compile(r"[A-Za-z0-9.-]+|\[[0-9A-Fa-f:.]+\]")


@dataclass(frozen=True, slots=True)
class Settings:
    """`port` 0 takes any that is free. `allowed` names the hosts by which the server may be called, each with or
    without a port. `links` says what opens a note; None asks the notes: Obsidian for a vault of it, else VS Code.
    """

    host: str = HERE
    port: int = PORT
    token: str | None = None
    allowed: tuple[str, ...] = ()
    links: Links | None = None

    def check(self) -> None:
        """Raise UsageError for settings that cannot be, or that would let in who was not asked."""
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
