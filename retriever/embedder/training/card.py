"""The model card: what the weights were made of, how, and how well they find papers."""

from __future__ import annotations

import os
import platform
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from retriever.embedder.training.papers import Collection


@dataclass(frozen=True, slots=True)
class Run:
    """One training: `losses` by round, `ndcg` by test set, `options` as given on the command line."""

    name: str
    pieces: int
    width: int
    texts: int
    teacher: str
    teacher_licence: str
    options: Mapping[str, object]
    losses: Mapping[str, float]
    ndcg: Mapping[str, float]
    seconds: float


def write_card(folder: Path, papers: Collection, run: Run) -> None:
    """Write `README.md` beside the weights."""
    sources = "\n".join(
        f"| {source} | {licence} | {count:,} |" for (source, licence), count in sorted(papers.counts.items())
    )
    rounds = "\n".join(f"- {name}: {loss:.4f}" for name, loss in run.losses.items())
    quality = "\n".join(f"| {name} | {value:.3f} |" for name, value in run.ndcg.items())
    options = " ".join(f"--{name} {value}" for name, value in run.options.items())
    measured = f"\n## Quality\n\n| test set | nDCG@10, dense alone |\n|---|---|\n{quality}\n" if quality else ""
    (folder / "README.md").write_text(
        f"""---
library_name: sentence-transformers
license: apache-2.0
language: en
pipeline_tag: sentence-similarity
---

# {run.name}

A static embedding model for finding papers: {run.pieces:,} word pieces of {run.width} dimensions, int8.
A text's vector is the mean of its pieces' rows, so it runs on any processor without a neural network.

```python
from sentence_transformers import SentenceTransformer

SentenceTransformer("{run.name}").encode("contrastive learning of sentence vectors")  # ({run.width},) unit row
```

## Data

| source | licence of titles and abstracts | papers |
|---|---|---|
{sources}

{papers.left_out:,} further rows were left out: kept aside for tests, or under terms that are not known to allow it.

Its first round learned from vectors that {run.teacher} ({run.teacher_licence}) gave for {run.texts:,} of these titles
and sentences.

## Training

`python -m retriever.embedder.training PAPERS FOLDER {options}`

{run.seconds / 60:.0f} minutes on {os.cpu_count()} cores ({platform.machine()}), not counting what was
kept from earlier runs (word pieces, the teacher's vectors).

Loss at the end of each round:

{rounds}
{measured}
## Limits

English, and the words of machine learning, language and vision above all. The order of words does not count.
""",
        encoding="utf-8",
    )
