"""What the static model learns first: a transformer's vectors of titles and single sentences.

Vectors are reduced to the model's width by their principal axes. They are stored after every part, under the hash of
its texts, so that a run that was stopped goes on where it was, and one with more texts begins with what is there.
"""

from __future__ import annotations

import functools
import hashlib
import random
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import torch

from retriever.embedder.encoder import Float32Matrix
from retriever.embedder.loading import find_folder
from retriever.embedder.training.papers import TrainingPaper, sentences

PART = 8_192  # texts between two checkpoints: a minute or two of work
SAMPLE = 32_768  # papers that texts are taken from: always the same, so that fewer texts are the first of more
LONGEST = 64  # tokens of a title or sentence that the teacher reads


def choose_texts(papers: Sequence[TrainingPaper], count: int, seed: int) -> list[str]:
    """Return `count` texts of random papers: of each its title and one sentence. At most some 65,000."""
    chooser = random.Random(seed)  # noqa: S311  # a sample, not a secret
    texts: list[str] = []
    for paper in chooser.sample(papers, k=min(len(papers), SAMPLE)):
        texts.append(paper.title)
        if found := sentences(paper.abstract):
            texts.append(chooser.choice(found))
    return texts[:count]


def teacher_vectors(model: str, texts: Sequence[str], folder: Path) -> Float32Matrix:
    """Return the teacher's unit vectors of `texts`, (len(texts), its width), from `folder` where they are kept."""
    folder.mkdir(parents=True, exist_ok=True)
    teacher = functools.cache(lambda: _load(model))  # seconds, and not needed where every part is kept
    parts = []
    for start in range(0, len(texts), PART):
        chunk = list(texts[start : start + PART])
        name = hashlib.sha256("\n".join([model, *chunk]).encode()).hexdigest()[:12]
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


def _load(model: str) -> Any:
    from sentence_transformers import SentenceTransformer  # noqa: PLC0415  # seconds to import

    folder = str(find_folder(model))
    found = SentenceTransformer(folder, device="cpu", model_kwargs={"use_safetensors": True}, local_files_only=True)
    found.max_seq_length = LONGEST
    return found


def principal_axes(vectors: Float32Matrix, width: int) -> Float32Matrix:
    """Return `vectors` on their `width` largest principal axes, (n, width) unit rows.

    The mean is not taken off: the student's cosine has to be the teacher's.
    """
    found = torch.from_numpy(vectors)
    _, axes = torch.linalg.eigh(found.T @ found)  # columns, by growing eigenvalue
    reduced = found @ axes[:, -width:].flip(1)
    return np.asarray(torch.nn.functional.normalize(reduced, dim=1).numpy(), np.float32)
