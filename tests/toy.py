"""A few notes about a dozen papers, and an encoder made of nothing but words, for tests that need an index."""

import hashlib

import numpy as np

from retriever import words

# ruff: noqa: E501  notes have long lines
OUTLINE = """---
title: Oral notes
---

# Oral notes

## Architecture

### Transformer

- Attention
\t- Differential Transformer [TianzhuYe2025ICLR](https://openreview.net/forum?id=OvoCm1gGhN) takes one softmax map away from another, so that the noise of attention cancels
\t- [SimonSchug2025ICLR](https://openreview.net/forum?id=V4K9h1qNxE) reads multi-head attention as a hypernetwork and makes its values nonlinear
- Memory
\t- [AdaOne2025ICLR](https://openreview.net/forum?id=aaaaaaaaA1) stores facts in a table beside the feed-forward layers
\t- [AdaOne2025ICLR+](https://openreview.net/forum?id=aaaaaaaaA2) forgets what was stored in that table long ago
\t- [BobTwo2025ICLR++](https://openreview.net/forum?id=aaaaaaaaB2) pages the cache of keys out to disk

## Vision

- SAM2 [NikhilaRavi2025ICLR](https://openreview.net/forum?id=Ha6RTeWMd0) segments anything in video, with a memory of earlier frames
- Diffusion
\t- KAN [ZimingLiu2025ICLR](https://openreview.net/forum?id=Ozo7qJ5vZi) puts learnable splines on the edges of a network
\t- [CarlThree2025ICLR](https://doi.org/10.1234/AB.567) samples pictures in four steps
- [DoraFour2024ACL](https://aclanthology.org/2024.acl-long.12) describes a language more briefly than a recurrent network
- Differential Transformer [TianzhuYe2025ICLR](https://openreview.net/forum?id=OvoCm1gGhN) again: the same noise, from the side of signals
"""

ARTICLE = """# Three papers worth a walk

A week of rain, and some reading about the gardens of machine learning.

## Learning rates fade

Averaging saved checkpoints takes the place of a decaying learning rate. The average of the last ones is as good.

arXiv: https://arxiv.org/abs/2507.17634v2

## Warm restarts return

A sawtooth schedule comes back for small batches, and costs nothing.

arXiv: https://arxiv.org/abs/2508.01234

## A heading about no paper

Rain again on the way home, and no transformer in sight.
"""

# Words that mean the same have one vector: what the dense side knows and the lexical side does not.
ALIKE = {"interference": "noise", "clip": "video", "automobile": "car"}
_ALIKE = {words.terms(word)[0]: words.terms(same)[0] for word, same in ALIKE.items()}


class WordEncoder:
    """Mean of one random direction a word, (n, 48). The fingerprint changes with the name of the model."""

    dim = 48

    def __init__(self, model="words"):
        self.model = model
        self.fingerprint = hashlib.sha256(model.encode()).hexdigest()
        self.asked = []

    def encode_query(self, texts):
        self.asked += texts
        return self.encode_document(texts)

    def encode_document(self, texts):
        rows = np.zeros((len(texts), self.dim), dtype=np.float32)
        for at, text in enumerate(texts):
            for term in words.terms(text):
                rows[at] += _direction(_ALIKE.get(term, term))
            rows[at] /= np.linalg.norm(rows[at]) or 1.0
        return rows


def _direction(term):
    seed = int.from_bytes(hashlib.sha256(term.encode("utf-8", "replace")).digest()[:8], "big")
    return np.random.default_rng(seed).standard_normal(WordEncoder.dim).astype(np.float32)


def write_notes(folder):
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "outline.md").write_text(OUTLINE)
    (folder / "article.md").write_text(ARTICLE)
    return folder
