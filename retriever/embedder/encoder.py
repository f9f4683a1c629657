"""What an encoder is, and the text it is given."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol, TypeAlias

import numpy as np
import numpy.typing as npt

Float32Matrix: TypeAlias = npt.NDArray[np.float32]  # (rows, dimensions)
Float32Vector: TypeAlias = npt.NDArray[np.float32]
IntVector: TypeAlias = npt.NDArray[np.int64]

TEMPLATE = 1  # version of `document_text`: part of every fingerprint, because another text gives another vector


class Encoder(Protocol):
    """Turns texts into unit vectors, so that the inner product of two is their cosine, in [-1, 1].

    Safe to call from several threads.
    """

    @property
    def model(self) -> str:
        """The name or folder as the user gave it."""

    @property
    def fingerprint(self) -> str:
        """SHA-256 in hex over all that a vector depends on: encoders with equal fingerprints give equal vectors."""

    @property
    def dim(self) -> int:
        """Numbers in a vector."""

    def encode_query(self, texts: Sequence[str]) -> Float32Matrix:
        """Return (len(texts), dim) unit rows; a text without a known word may give a row of zeros, never NaN."""

    def encode_document(self, texts: Sequence[str]) -> Float32Matrix:
        """Return (len(texts), dim) unit rows, as `encode_query`, with the model's prompt for documents."""


def document_text(title_or_name: str | None, heading: str | None, text: str) -> str:
    """Return what is embedded of a window: `title or name. innermost heading. text`; empty parts are left out.

    Headings belong in it: they name the subject that the sentences below them take for granted.
    """
    parts = [part.strip() for part in (title_or_name, heading, text) if part and part.strip()]
    ended = [part if part[-1] in ".!?:" else f"{part}." for part in parts[:-1]]
    return " ".join([*ended, *parts[-1:]])
