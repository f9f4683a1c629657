"""What leaves for other programs: papers in a format of theirs, and what is quoted of the notes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

ExportFormat = Literal["bibtex", "csl-json", "ris", "markdown", "csv", "jsonl"]


@dataclass(frozen=True, slots=True)
class Quote:
    """What one passage says of its paper in the note-taker's own words, without markup, keys and links.

    `heading` is the nearest one, None where the note has none.
    """

    file: str
    first_line: int
    heading: str | None
    text: str


@dataclass(frozen=True, slots=True)
class Lacking:
    """A field that a number of the exported papers do not have; it is left out, never made up."""

    field: str
    papers: int


@dataclass(frozen=True, slots=True)
class Export:
    """Papers as the text of a file; `lacking` names what was not known of some of them."""

    format: ExportFormat
    papers: int
    lacking: tuple[Lacking, ...]
    text: str
