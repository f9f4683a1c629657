"""The model card: what the weights were made of, how, and how well they find papers."""

from __future__ import annotations

import argparse
import os
import platform
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from retriever.embedder.training.papers import Collection


@dataclass(frozen=True, slots=True)
class Run:
    """One training, as told in the card: `losses` by round, `ndcg` by test set, the rest in Markdown."""

    kind: str  # as on the command line
    library: str
    intro: str
    teacher: str  # what was learned from whom
    options: Mapping[str, object]  # as given on the command line
    losses: Mapping[str, float]
    ndcg: Mapping[str, float]
    seconds: float
    kept: str  # what `seconds` leave out if it was there from earlier runs
    limits: str


def write_card(folder: Path, papers: Collection, run: Run) -> None:
    """Write `README.md` beside the weights."""
    sources = "\n".join(
        f"| {source} | {licence} | {count:,} |" for (source, licence), count in sorted(papers.counts.items())
    )
    losses = "\n".join(f"- {name}: {loss:.4f}" for name, loss in run.losses.items())
    rounds = f"\nLoss at the end of each round:\n\n{losses}\n" if losses else ""
    quality = "\n".join(f"| {name} | {value:.3f} |" for name, value in run.ndcg.items())
    options = " ".join(f"--{name} {_written(value)}" for name, value in run.options.items())
    measured = f"\n## Quality\n\n| test set | nDCG@10, dense alone |\n|---|---|\n{quality}\n" if quality else ""
    (folder / "README.md").write_text(
        f"""---
library_name: {run.library}
license: apache-2.0
language: en
pipeline_tag: sentence-similarity
---

# {folder.name}

{run.intro}

## Data

| source | licence of titles and abstracts | papers |
|---|---|---|
{sources}

{papers.left_out:,} further rows were left out: kept aside for tests, or under terms that are not known to allow it.

{run.teacher}

## Training

`python -m retriever.embedder.training {run.kind} PAPERS FOLDER {options}`

{run.seconds / 60:.0f} minutes on {os.cpu_count()} cores ({platform.machine()}), not counting what was
kept from earlier runs ({run.kept}).
{rounds}{measured}
## Limits

{run.limits}
""",
        encoding="utf-8",
    )


def given(options: argparse.Namespace, names: Sequence[str]) -> dict[str, object]:
    """Return these options by the names that the command line has for them."""
    return {name: getattr(options, name.replace("-", "_")) for name in names}


def _written(value: object) -> str:
    return " ".join(map(str, value)) if isinstance(value, list) else str(value)
