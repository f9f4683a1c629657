"""Which papers a released model may learn from, and the texts taken from them.

Titles and abstracts are read from parquet or JSON lines with the columns `title`, `abstract`, `venue`, `year`, and
where they exist `url`, `tldr`, `keywords` (a list) and `split`. Rows of another split than `train` are never read. What
the licences allow is data (`RULES`), so that the model card can say how many papers came from where, and under which
terms.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any


@dataclass(frozen=True, slots=True)
class Rule:
    """Papers of `venues` since `since` whose address holds one of `hosts` (empty: any) are under `licence`."""

    source: str
    licence: str
    venues: frozenset[str]
    since: int = 0
    hosts: tuple[str, ...] = ()

    def covers(self, venue: str, year: int, url: str) -> bool:
        """Whether a paper with these three falls under the rule."""
        return venue in self.venues and year >= self.since and (not self.hosts or any(h in url for h in self.hosts))


# Narrower than it could be: LREC and the machine translation associations are in the ACL Anthology too, but printed
# non-commercial or no-derivatives terms on their papers.
RULES = (
    Rule("arXiv", "CC0-1.0", frozenset({"arxiv"})),
    Rule("OpenReview", "CC-BY-4.0", frozenset({"iclr"})),
    Rule("OpenReview", "CC-BY-4.0", frozenset({"neurips", "icml", "corl"}), 2020, ("openreview.net",)),
    Rule(
        "ACL Anthology",
        "CC-BY-4.0",
        frozenset({"acl", "emnlp", "naacl", "eacl", "findings", "coling", "conll", "semeval", "aclworkshops"}),
        2016,
        ("aclanthology.org", "aclweb.org"),
    ),
)


@dataclass(frozen=True, slots=True)
class TrainingPaper:
    """A paper that may be learned from; `tldr` and `keywords` are empty where its authors wrote none."""

    title: str
    abstract: str
    tldr: str
    keywords: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Collection:
    """The papers that may be learned from, in the order of the table, and how many by (source, licence)."""

    papers: tuple[TrainingPaper, ...]
    counts: dict[tuple[str, str], int]
    left_out: int


def read_papers(table: Path, limit: int | None = None) -> Collection:
    """Return the rows of `table` (.parquet, or .jsonl) that `RULES` allow, at most `limit` of them."""
    papers: list[TrainingPaper] = []
    counts: Counter[tuple[str, str]] = Counter()
    left_out = 0
    for row in _rows(table):
        if limit is not None and len(papers) >= limit:
            break
        rule = next((rule for rule in RULES if rule.covers(row["venue"], int(row["year"]), row.get("url") or "")), None)
        if row.get("split", "train") != "train" or rule is None:
            left_out += 1
            continue
        counts[rule.source, rule.licence] += 1
        keywords = tuple(_clean(keyword) for keyword in row.get("keywords") or () if keyword.strip())
        title, abstract, tldr = (_clean(row.get(column) or "") for column in ("title", "abstract", "tldr"))
        papers.append(TrainingPaper(title, abstract, tldr, keywords))
    return Collection(tuple(papers), dict(counts), left_out)


def sentences(text: str) -> list[str]:
    """Return the sentences of `text` that have 5 to 60 words: shorter ones say little, longer ones are no sentences."""
    return [piece for piece in re.split(r"(?<=[.!?])\s+(?=[A-Z])", text) if 5 <= len(piece.split()) <= 60]


def _rows(table: Path) -> Iterator[dict[str, Any]]:
    if table.suffix == ".parquet":
        import pyarrow.parquet  # noqa: PLC0415  # heavy, and not needed for JSON lines

        wanted = {"title", "abstract", "tldr", "keywords", "venue", "year", "url", "split"}
        parquet = pyarrow.parquet.ParquetFile(table)
        for batch in parquet.iter_batches(columns=[name for name in parquet.schema_arrow.names if name in wanted]):
            yield from batch.to_pylist()
    else:
        with table.open(encoding="utf-8") as lines:
            yield from (json.loads(line) for line in lines)


def _clean(text: str) -> str:
    return " ".join(text.split())
