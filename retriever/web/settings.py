"""How the page is to be served."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, get_args

from retriever.listening import Address

Links = Literal["obsidian", "vscode", "file"]
LINKS: tuple[str, ...] = get_args(Links)

PORT = 8377


@dataclass(frozen=True, slots=True)
class Settings(Address):
    """`links` says what opens a note; None asks the notes: Obsidian for a vault of it, else VS Code."""

    port: int = PORT
    links: Links | None = None
