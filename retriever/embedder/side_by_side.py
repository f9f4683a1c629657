"""Models side by side in one vector: what they know apart, they find together.

The parts' unit vectors stand one after another, each times the square root of its weight. The weights sum to 1, so the
inner product of two such vectors is the weighted sum of the parts' cosines, and is a cosine itself.
"""

from __future__ import annotations

import functools
import hashlib
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from retriever.embedder.encoder import TEMPLATE, Encoder, Float32Matrix
from retriever.errors import ModelMissingError

PARTS = "parts.json"  # {"parts": [{"model": ".", "weight": 0.6, "dim": 384}, ...]}


@dataclass(frozen=True, slots=True)
class Part:
    """One model of several: `model` is "." for the network that lies beside, else the name of a static model."""

    model: str
    weight: float
    dim: int


class SideBySideEncoder:
    """`encoders` side by side under these weights, known to the user as `model`; `weights` sum to 1."""

    def __init__(self, model: str, encoders: Sequence[Encoder], weights: Sequence[float]) -> None:
        self.model = model
        self._encoders = tuple(encoders)
        self._weights = tuple(weights)

    @property
    def dim(self) -> int:
        return sum(encoder.dim for encoder in self._encoders)

    @functools.cached_property
    def fingerprint(self) -> str:
        return joint_fingerprint([encoder.fingerprint for encoder in self._encoders], self._weights)

    def encode_query(self, texts: Sequence[str]) -> Float32Matrix:
        return self._join([encoder.encode_query for encoder in self._encoders], texts)

    def encode_document(self, texts: Sequence[str]) -> Float32Matrix:
        return self._join([encoder.encode_document for encoder in self._encoders], texts)

    def _join(self, encodes: Sequence[Callable[[Sequence[str]], Float32Matrix]], texts: Sequence[str]) -> Float32Matrix:
        rows = np.concatenate(
            [encode(texts) * np.float32(weight**0.5) for encode, weight in zip(encodes, self._weights, strict=True)],
            axis=1,
        )
        # Where one part knows no word of the text and gives zeros, the others speak for it alone.
        lengths = np.linalg.norm(rows, axis=1, keepdims=True)
        np.divide(rows, lengths, out=rows, where=lengths > 1e-12)
        return rows


def joint_fingerprint(fingerprints: Sequence[str], weights: Sequence[float]) -> str:
    """Return the SHA-256 in hex of models of these fingerprints side by side."""
    content = json.dumps({"parts": list(zip(fingerprints, weights, strict=True)), "template": TEMPLATE})
    return hashlib.sha256(content.encode()).hexdigest()


def is_side_by_side(folder: Path) -> bool:
    """Whether `folder` says which models stand side by side."""
    return (folder / PARTS).is_file()


def read_parts(model: str, folder: Path) -> tuple[Part, ...]:
    """Return the parts that `folder` names; raises ModelMissingError if its file is not of the form above."""
    try:
        content = json.loads((folder / PARTS).read_text(encoding="utf-8"))
        parts = tuple(Part(str(one["model"]), float(one["weight"]), int(one["dim"])) for one in content["parts"])
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise ModelMissingError(
            model, f"{folder / PARTS} cannot be read ({error!r})", "Put its files there again."
        ) from error
    weights = [part.weight for part in parts]
    if not all(weight > 0 for weight in weights) or not abs(sum(weights) - 1) < 1e-6:  # neither holds of NaN
        raise ModelMissingError(
            model, f"the weights in {folder / PARTS} do not sum to 1", "Correct them, or put its files there again."
        )
    return parts
