"""Cursors: where the next page of an answer begins. Whoever gets one gives it back as it is, with the same request."""

from __future__ import annotations

import base64
import hashlib
import json
from dataclasses import dataclass

from retriever.errors import UsageError

MAX_CURSOR = 200  # characters
_AGAIN = "Call again with the same arguments and no cursor."


@dataclass(frozen=True, slots=True)
class Place:
    """`item` counts the items that were given in full, `offset` the characters given of the one after these."""

    item: int = 0
    offset: int = 0


BEGINNING = Place()


def encode(place: Place, generation: str, request: str) -> str:
    """Return the cursor of a place in the answer to a request, as one generation of the index gives it."""
    content = json.dumps([place.item, place.offset, generation, _digest(request)], separators=(",", ":"))
    return base64.urlsafe_b64encode(content.encode()).decode().rstrip("=")


def decode(cursor: str | None, generation: str, request: str) -> Place:
    """Return where to go on. UsageError for a cursor of another request, another generation, or none of ours.

    Once the index has moved on, pages would overlap or leave papers out, so an older cursor is not guessed at.
    """
    if cursor is None:
        return BEGINNING
    try:
        item, offset, made, of = json.loads(base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
        known = type(item) is int and type(offset) is int and item >= 0 and offset >= 0
    except (ValueError, TypeError):
        known = False
    if not known:
        raise UsageError("That is no cursor of this server.", _AGAIN)
    if of != _digest(request):
        raise UsageError("That cursor belongs to another request.", "Repeat the arguments that it came with.")
    if made != generation:
        raise UsageError("The notes were indexed anew since that cursor was given.", _AGAIN)
    return Place(item, offset)


def _digest(request: str) -> str:
    return hashlib.sha256(request.encode("utf-8", "replace")).hexdigest()[:16]
