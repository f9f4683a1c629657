"""The student: a few layers of the teacher, which learn to give the teacher's vectors.

Its word embeddings stay the teacher's: they are two thirds of the weights, already good, and dear to move.
"""

from __future__ import annotations

import math
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch.nn import functional

from retriever.embedder.encoder import Float32Matrix, IntVector
from retriever.embedder.exported import LONGEST
from retriever.embedder.loading import find_folder

TOGETHER = 16  # texts of like length that go through the layers at once: padding would cost more than it saves
WARM_UP = 100  # steps until the full rate
SIMILARITY = 20  # weight of the batch's similarities against that of the single vectors
KEPT_EVERY = 250  # steps between two checkpoints: a minute or two


@dataclass(frozen=True, slots=True)
class Lessons:
    """Texts as token ids, with the unit rows that the student shall give for them."""

    tokens: list[IntVector]
    targets: Float32Matrix


def new_student(teacher: str, layers: Sequence[int]) -> Any:
    """Return the sentence-transformers model `teacher` with only these of its layers, word embeddings frozen.

    The teacher's modules have to be a BERT, mean pooling and normalisation.
    """
    from sentence_transformers import SentenceTransformer  # noqa: PLC0415  # seconds to import

    student = SentenceTransformer(
        str(find_folder(teacher)), device="cpu", model_kwargs={"use_safetensors": True}, local_files_only=True
    )
    network = student[0].auto_model
    network.encoder.layer = torch.nn.ModuleList(network.encoder.layer[layer] for layer in layers)
    network.config.num_hidden_layers = len(layers)
    network.embeddings.word_embeddings.weight.requires_grad_(requires_grad=False)
    student.max_seq_length = LONGEST
    return student.eval()  # no dropout: there is one right answer, and each text is seen but a few times


def tokens_of(student: Any, texts: Sequence[str], longest: int) -> list[IntVector]:
    """Return the first `longest` token ids of each text, with those that begin and end it."""
    found = student.tokenizer(list(texts), truncation=True, max_length=longest)["input_ids"]
    return [np.array(ids, np.int64) for ids in found]


def distil(student: Any, lessons: Lessons, kept: Path, *, epochs: int, batch: int, seed: int, rate: float) -> float:
    """Teach `student`; return the mean of 1 - cosine to the targets over the last 100 steps.

    The state is written to `kept` now and then, and a run that finds one there goes on from it. AdamW; the rate falls
    from `rate` to 0 along a cosine over all steps.
    """
    network = student[0].auto_model
    batch = min(batch, len(lessons.tokens))
    steps = epochs * (len(lessons.tokens) // batch)
    adam = torch.optim.AdamW([weight for weight in network.parameters() if weight.requires_grad], lr=rate)
    schedule = torch.optim.lr_scheduler.LambdaLR(
        adam, lambda step: min(1, (step + 1) / WARM_UP) * (1 + math.cos(math.pi * min(1, step / steps))) / 2
    )
    done, distances = _resume(kept, network, adam, schedule)
    began = time.perf_counter()
    for step, rows in enumerate(_batches(len(lessons.tokens), batch, epochs, seed), 1):
        if step <= done:
            continue
        loss, distance = _loss(network, lessons, rows)
        adam.zero_grad()
        loss.backward()
        torch.nn.utils.clip_grad_norm_(network.parameters(), 1.0)
        adam.step()
        schedule.step()
        distances.append(distance)
        if step % 50 == 0 or step == steps:
            pace = (time.perf_counter() - began) / (step - done)
            mean = np.mean(distances[-50:])
            print(f"distillation: step {step} of {steps}, 1 - cosine {mean:.4f}, {pace:.2f} s each", flush=True)
        if step % KEPT_EVERY == 0 or step == steps:
            _keep(kept, network, adam, schedule, (step, distances[-100:]))
    return float(np.mean(distances[-100:]))


def _loss(network: Any, lessons: Lessons, rows: IntVector) -> tuple[torch.Tensor, float]:
    """Return what is to fall, and the mean of 1 - cosine to the targets."""
    rows = rows[np.argsort([len(lessons.tokens[row]) for row in rows], kind="stable")]
    given = torch.cat(
        [
            _vectors(network, [lessons.tokens[row] for row in rows[start : start + TOGETHER]])
            for start in range(0, len(rows), TOGETHER)
        ]
    )
    wanted = torch.from_numpy(lessons.targets[rows].astype(np.float32))
    distance = (1 - (given * wanted).sum(1)).mean()
    return distance + SIMILARITY * functional.mse_loss(given @ given.T, wanted @ wanted.T), distance.item()


def _vectors(network: Any, tokens: Sequence[IntVector]) -> torch.Tensor:
    """Return the unit means of the last layer, (texts, width)."""
    texts = [torch.from_numpy(ids) for ids in tokens]
    ids = torch.nn.utils.rnn.pad_sequence(texts, batch_first=True, padding_value=network.config.pad_token_id)
    lengths = torch.tensor([len(text) for text in texts])
    mask = (torch.arange(ids.shape[1]) < lengths[:, None]).to(torch.int64)
    last = network(input_ids=ids, attention_mask=mask).last_hidden_state
    return functional.normalize((last * mask[:, :, None]).sum(1), dim=1)


def _batches(total: int, batch: int, epochs: int, seed: int) -> Iterator[IntVector]:
    for epoch in range(epochs):
        order = np.random.default_rng([seed, epoch]).permutation(total)
        for start in range(0, total - batch + 1, batch):
            yield order[start : start + batch]


def _keep(kept: Path, network: Any, adam: Any, schedule: Any, reached: tuple[int, list[float]]) -> None:
    state = {"network": network.state_dict(), "adam": adam.state_dict(), "schedule": schedule.state_dict()}
    unfinished = kept.with_suffix(".part")
    torch.save(state | {"reached": reached}, unfinished)
    unfinished.replace(kept)


def _resume(kept: Path, network: Any, adam: Any, schedule: Any) -> tuple[int, list[float]]:
    """Return how many steps were done when `kept` was written, with the last distances, and go back to that state."""
    if not kept.exists():
        return 0, []
    state = torch.load(kept, weights_only=True)
    network.load_state_dict(state["network"])
    adam.load_state_dict(state["adam"])
    schedule.load_state_dict(state["schedule"])
    step, distances = state["reached"]
    return step, distances
