"""What may name a paper, each kind in the form in which it is compared, and the ids that this makes."""

from __future__ import annotations

import hashlib
from base64 import b32encode
from collections.abc import Callable, Iterator

from retriever.chunker.identifiers import normal_key, normal_title, normal_url
from retriever.chunker.mentions import Mention
from retriever.records import Passage

NAMING = ("openreview", "arxiv", "doi", "acl", "key", "url", "title", "name")  # the first one given makes the id
_IDS = frozenset({"openreview", "arxiv", "doi", "acl"})
_COMPARED: dict[str, Callable[[str], str]] = {
    "openreview": str,
    "arxiv": str.casefold,
    "doi": str.casefold,
    "acl": str.casefold,
    "key": normal_key,
    "url": normal_url,
    "title": normal_title,
    "name": normal_title,
}


def short_hash(text: str) -> str:
    """Return ten base32 letters of the SHA-256 of a text: 50 bits, so that a million ids hardly ever meet."""
    return b32encode(hashlib.sha256(text.encode("utf-8", "replace")).digest()[:10]).decode()[:10].lower()


def identifiers(mention: Mention | Passage) -> dict[str, str]:
    """Return what may name a paper, by kind, strongest first, each in the form in which it is compared."""
    return dict(_named_by(mention))


def _named_by(mention: Mention | Passage) -> Iterator[tuple[str, str]]:
    ids = mention.ids if isinstance(mention, Mention) else mention
    for kind in NAMING:
        given = getattr(ids if kind in _IDS else mention, kind)
        if given and (value := _COMPARED[kind](given)):
            yield kind, value


def paper_id(mention: Mention | Passage) -> str:
    """Return the id that a mention's strongest identifier makes. Raises StopIteration for a mention of nothing."""
    kind, value = next(_named_by(mention))
    return short_hash(f"{kind}:{value}")
