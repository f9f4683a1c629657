"""What may name a paper, each kind in the form in which it is compared, and the ids that this makes."""

from __future__ import annotations

import hashlib
from base64 import b32encode

from retriever.chunker.identifiers import normal_key, normal_title, normal_url
from retriever.chunker.mentions import Mention
from retriever.records import Passage

NAMING = ("openreview", "arxiv", "doi", "acl", "key", "url", "title", "name")  # the first one given makes the id


def short_hash(text: str) -> str:
    """Return ten base32 letters of the SHA-256 of a text: 50 bits, so that a million ids hardly ever meet."""
    return b32encode(hashlib.sha256(text.encode("utf-8", "replace")).digest()).decode()[:10].lower()


def identifiers(mention: Mention | Passage) -> dict[str, str]:
    """Return what may name a paper, by kind, each in the form in which it is compared."""
    ids = mention.ids if isinstance(mention, Mention) else mention
    values = {
        "openreview": ids.openreview,
        "arxiv": ids.arxiv and ids.arxiv.casefold(),
        "acl": ids.acl and ids.acl.casefold(),
        "doi": ids.doi and ids.doi.casefold(),
        "url": mention.url and normal_url(mention.url),
        "key": mention.key and normal_key(mention.key),
        "title": mention.title and normal_title(mention.title),
        "name": mention.name and normal_title(mention.name),
    }
    return {kind: value for kind, value in values.items() if value}


def paper_id(mention: Mention | Passage) -> str:
    """Return the id that a mention's strongest identifier makes. Raises StopIteration for a mention of nothing."""
    given = identifiers(mention)
    kind = next(kind for kind in NAMING if kind in given)
    return short_hash(f"{kind}:{given[kind]}")
