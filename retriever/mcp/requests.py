"""What a tool answers from: the index, the generation that it stands at, and where the page begins."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from retriever.errors import UsageError
from retriever.library import Retriever
from retriever.mcp.answers import Arguments
from retriever.mcp.bounds import dumps
from retriever.mcp.cursors import Place, decode, encode

# file.md:12 names a paper elsewhere; here nothing is named by where it lies.
_PLACE = re.compile(r"(?!https?://).*\.\w{1,8}:\d{1,9}", re.DOTALL | re.IGNORECASE)


@dataclass(frozen=True)
class Request:
    """`text` is the request without what may differ from page to page."""

    retriever: Retriever
    generation: str
    text: str
    cursor: str | None

    @cached_property
    def start(self) -> Place:
        """Where the page begins. UsageError for a cursor that does not belong here."""
        return decode(self.cursor, self.generation, self.text)

    def next_cursor(self, place: Place | None) -> str | None:
        return None if place is None else encode(place, self.generation, self.text)


def request_for(retriever: Retriever, tool: str, arguments: Arguments) -> Request:
    said: Mapping[str, object] = arguments.model_dump(exclude={"cursor", "limit"})
    return Request(retriever, retriever.generation(), dumps([tool, said]), getattr(arguments, "cursor", None))


def handles(given: Sequence[str]) -> Sequence[str]:
    """Return handles as they are. UsageError for one that names a place in a file."""
    for handle in given:
        if _PLACE.fullmatch(handle.strip()):
            raise UsageError(
                "A paper is named by an id, key, link or title here, not by a place in a note.",
                "Find its id with search_papers.",
            )
    return given
