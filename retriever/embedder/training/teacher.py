"""What both models learn from: a transformer's vectors of texts.

Vectors are stored after every part, under the hash of its texts, so that a run that was stopped goes on where it was,
and one with more texts begins with what is there.
"""

from __future__ import annotations

import functools
import hashlib
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import torch

from retriever.embedder.encoder import Float32Matrix
from retriever.embedder.loading import find_folder

PART = 8_192  # texts between two checkpoints: a minute or two of work
LONGEST = 64  # tokens of a title, sentence or question that the teacher reads


def teacher_vectors(model: str, texts: Sequence[str], folder: Path, longest: int = LONGEST) -> Float32Matrix:
    """Return the teacher's unit vectors of `texts`, (len(texts), its width), from `folder` where they are kept.

    The teacher reads the first `longest` tokens of a text.
    """
    folder.mkdir(parents=True, exist_ok=True)
    teacher = functools.cache(lambda: _load(model, longest))  # seconds, and not needed where every part is kept
    parts = []
    for start in range(0, len(texts), PART):
        chunk = list(texts[start : start + PART])
        name = hashlib.sha256("\n".join([model, str(longest), *chunk]).encode()).hexdigest()[:12]
        part = folder / f"teacher-{name}.npy"
        if not part.exists():
            began = time.perf_counter()
            found = teacher().encode(chunk, batch_size=128, normalize_embeddings=True, show_progress_bar=False)
            unfinished = part.with_suffix(".part.npy")
            np.save(unfinished, np.asarray(found, np.float16))
            unfinished.replace(part)
            pace = len(chunk) / (time.perf_counter() - began)
            print(f"teacher: {start + len(chunk):,} of {len(texts):,} texts, {pace:,.0f} a second", flush=True)
        parts.append(np.load(part).astype(np.float32))
    return np.concatenate(parts)


def credit(model: str) -> tuple[str, str]:
    """Return the teacher's full name and its licence, for the card."""
    return ("all-MiniLM-L6-v2", "Apache-2.0") if model == "minilm" else (model, "see its own card")


def _load(model: str, longest: int) -> Any:
    from sentence_transformers import SentenceTransformer  # noqa: PLC0415  # seconds to import

    folder = str(find_folder(model))
    found = SentenceTransformer(folder, device="cpu", model_kwargs={"use_safetensors": True}, local_files_only=True)
    found.max_seq_length = longest
    return found


def principal_axes(vectors: Float32Matrix, width: int) -> Float32Matrix:
    """Return `vectors` on their `width` largest principal axes, (n, width) unit rows.

    The mean is not taken off: the student's cosine has to be the teacher's.
    """
    found = torch.from_numpy(vectors)
    _, axes = torch.linalg.eigh(found.T @ found)  # columns, by growing eigenvalue
    reduced = found @ axes[:, -width:].flip(1)
    return np.asarray(torch.nn.functional.normalize(reduced, dim=1).numpy(), np.float32)
