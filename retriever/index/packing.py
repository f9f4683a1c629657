"""Text that repeats what windows hold, kept small: deflated, with those windows as what it may repeat.

A passage's own text and its abstract are nearly its windows once more, so they take a tenth of their length. The
windows themselves stay plain, since queries read them.
"""

from __future__ import annotations

import sqlite3
import zlib

LONGEST = 64 << 20  # bytes of one text; a note has 20 MiB at most, and a planted index may hold a bomb
_RAW = -15  # deflate without header: the file's own hash guards it
_REACH = 32_768  # bytes back from where a text begins that it may repeat

# Passages `p` with the windows that their texts repeat.
WINDOWS = (
    "(SELECT group_concat(text, char(10)) FROM (SELECT text FROM window WHERE passage = p.number ORDER BY ordinal))"
)


def packed(text: str | None, windows: str | None = None) -> bytes | None:
    """Return a text as `unpacked` reads it beside the same windows; None stays None. Lone surrogates become "?"."""
    if text is None:
        return None
    deflate = zlib.compressobj(wbits=_RAW, zdict=_dictionary(windows))
    return deflate.compress(text.encode("utf-8", "replace")) + deflate.flush()


def unpacked(content: bytes | None, windows: str | None = None) -> str | None:
    """Return the text. ValueError or zlib.error where the content is no packed text, or too long a one."""
    if content is None:
        return None
    inflate = zlib.decompressobj(wbits=_RAW, zdict=_dictionary(windows))
    text = inflate.decompress(content, LONGEST)
    if not inflate.eof:
        raise ValueError("a packed text has no end")
    return text.decode()


def _dictionary(windows: str | None) -> bytes:
    return (windows or "").encode("utf-8", "replace")[-_REACH:]


def with_texts(connection: sqlite3.Connection) -> sqlite3.Connection:
    """Let SQL read packed texts, as unpacked(content, windows)."""
    connection.create_function("unpacked", 2, unpacked, deterministic=True)
    return connection
