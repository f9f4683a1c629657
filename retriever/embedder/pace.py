"""How long embedding takes, measured on a few of the texts themselves before all of them are embedded."""

from __future__ import annotations

import time
from collections.abc import Sequence

from retriever.embedder.encoder import Encoder
from retriever.embedder.loading import EMBEDDED, load_encoder
from retriever.errors import ModelMissingError

_SAMPLE = 32  # texts: half a second with the slower embedded model


def seconds_by_model(encoder: Encoder, texts: Sequence[str], count: int) -> dict[str, float]:
    """Return how many seconds `count` texts like these take: with `encoder` first, then with the embedded models."""
    encoders = [encoder]
    for name in EMBEDDED:
        if name != encoder.model:
            try:
                encoders.append(load_encoder(name))
            except ModelMissingError:  # its runtime is not installed: then it is no choice
                continue
    return {one.model: _seconds(one, texts[:_SAMPLE]) * count / len(texts[:_SAMPLE]) for one in encoders}


def _seconds(encoder: Encoder, texts: Sequence[str]) -> float:
    encoder.encode_document(texts[:1])  # the first one loads the weights
    started = time.perf_counter()
    encoder.encode_document(texts)
    return time.perf_counter() - started
