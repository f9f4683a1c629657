"""The static model while it learns: the mean of its tokens' rows, first towards a teacher, then by contrast."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np
import torch
from torch.nn import functional

from retriever.embedder.encoder import Float32Matrix, IntVector
from retriever.embedder.training.vocabulary import TokenTexts

SHORTEST_SPAN, LONGEST_SPAN = 6, 32  # tokens of a stretch that stands for a question


@dataclass(frozen=True, slots=True)
class Pairs:
    """Texts of the same papers, row for row; `summaries` holds only the papers `with_summary`, in that order."""

    titles: TokenTexts
    abstracts: TokenTexts
    summaries: TokenTexts
    with_summary: IntVector


Bags = tuple[IntVector, IntVector]  # token ids, and where each text begins among them


def new_model(pieces: int, width: int, seed: int) -> torch.nn.EmbeddingBag:
    """Return a model of small random rows."""
    torch.manual_seed(seed)
    model = torch.nn.EmbeddingBag(pieces, width, mode="mean")
    torch.nn.init.normal_(model.weight, std=0.1)
    return model


def regress(
    model: torch.nn.EmbeddingBag, texts: TokenTexts, targets: Float32Matrix, *, epochs: int, batch: int, seed: int
) -> float:
    """Turn the model's vectors of `texts` towards `targets` (unit rows); return the last epoch's 1 - cosine."""
    wanted = torch.from_numpy(targets)
    loss_of = lambda rows: (1 - (_unit(model, texts.gather(rows)) * wanted[rows]).sum(1)).mean()  # noqa: E731  # one use
    return _descend(model, loss_of, len(texts), epochs=epochs, batch=batch, seed=seed, name="regression")


def contrast(
    model: torch.nn.EmbeddingBag,
    pairs: Pairs,
    *,
    epochs: int,
    batch: int,
    seed: int,
    temperature: float = 0.05,
    after_epoch: Callable[[int], None] = lambda _epoch: None,
) -> float:
    """Teach the model to tell a paper's text from all others of its batch; return the last epoch's loss."""
    chooser = np.random.default_rng(seed)

    def loss_of(rows: IntVector) -> torch.Tensor:
        asked, found = _questions(pairs, rows, chooser)
        scores = _unit(model, asked) @ _unit(model, found).T / temperature
        same = torch.arange(len(rows))
        return (functional.cross_entropy(scores, same) + functional.cross_entropy(scores.T, same)) / 2

    total = len(pairs.titles)
    return _descend(
        model, loss_of, total, epochs=epochs, batch=batch, seed=seed, name="contrast", after_epoch=after_epoch
    )


def _questions(pairs: Pairs, rows: IntVector, chooser: np.random.Generator) -> tuple[Bags, Bags]:
    """Return what is asked and what is to be found, text for text.

    Half of the papers are asked for by their title (or, every second time, by their summary if they have one), half
    by a random stretch of their abstract, to be found among abstracts without that stretch.
    """
    by_span = (chooser.random(len(rows)) < 0.5) & (pairs.abstracts.lengths(rows) > 2 * LONGEST_SPAN)
    spanned, named = rows[by_span], rows[~by_span]
    begins, ends = pairs.abstracts.starts[spanned], pairs.abstracts.starts[spanned + 1]
    lengths = chooser.integers(SHORTEST_SPAN, LONGEST_SPAN + 1, len(spanned))
    cuts = begins + (chooser.random(len(spanned)) * (ends - begins - lengths + 1)).astype(np.int64)
    rest_ids, rest_starts = pairs.abstracts.spans(
        np.stack([begins, cuts + lengths], 1).ravel(), np.stack([cuts - begins, ends - cuts - lengths], 1).ravel()
    )
    place = np.searchsorted(pairs.with_summary, named)
    place[place == len(pairs.with_summary)] = 0
    summed = np.zeros(len(named), bool)
    if len(pairs.with_summary):
        summed = (pairs.with_summary[place] == named) & (chooser.random(len(named)) < 0.5)
    asked = [
        pairs.abstracts.spans(cuts, lengths),
        pairs.titles.gather(named[~summed]),
        pairs.summaries.gather(place[summed]),
    ]
    found = [
        (rest_ids, rest_starts[::2]),
        pairs.abstracts.gather(named[~summed]),
        pairs.abstracts.gather(named[summed]),
    ]
    return _join(asked), _join(found)


def _join(bags: list[Bags]) -> Bags:
    before = np.cumsum([0] + [len(ids) for ids, _ in bags[:-1]])
    return (
        np.concatenate([ids for ids, _ in bags]),
        np.concatenate([starts + shift for (_, starts), shift in zip(bags, before, strict=True)]),
    )


def _unit(model: torch.nn.EmbeddingBag, bags: Bags) -> torch.Tensor:
    ids, starts = bags
    return functional.normalize(model(torch.from_numpy(ids), torch.from_numpy(starts)), dim=1)


def _descend(
    model: torch.nn.EmbeddingBag,
    loss_of: Callable[[IntVector], torch.Tensor],
    total: int,
    *,
    epochs: int,
    batch: int,
    seed: int,
    name: str,
    after_epoch: Callable[[int], None] = lambda _epoch: None,
) -> float:
    """Adam, .01 falling to 0 along a cosine over all steps."""
    batch = min(batch, total)
    steps = epochs * (total // batch)
    adam = torch.optim.Adam(model.parameters(), lr=0.01)
    schedule = torch.optim.lr_scheduler.CosineAnnealingLR(adam, T_max=steps)
    began, step, mean = time.perf_counter(), 0, 0.0
    for epoch in range(epochs):
        losses = []
        for rows in _batches(total, batch, seed + epoch):
            loss = loss_of(rows)
            adam.zero_grad()
            loss.backward()
            adam.step()
            schedule.step()
            losses.append(loss.item())
            step += 1
            if step % 10 == 0:
                pace = (time.perf_counter() - began) / step
                print(
                    f"{name}: step {step} of {steps}, loss {np.mean(losses[-10:]):.4f}, {pace:.2f} s each", flush=True
                )
        mean = float(np.mean(losses))
        after_epoch(epoch)
    return mean


def _batches(total: int, batch: int, seed: int) -> Iterator[IntVector]:
    order = np.random.default_rng(seed).permutation(total)
    for start in range(0, total - batch + 1, batch):
        yield order[start : start + batch]
