"""What is told of notes and of an index: of a build, of how it stands, of what is wrong."""

from __future__ import annotations

import os
from dataclasses import dataclass
from urllib.parse import quote


@dataclass(frozen=True, slots=True, kw_only=True)
class BuildReport:
    """What a build found and did, in a researcher's terms. `seconds` is wall time.

    `notes_read` counts the notes that were new or had changed, `notes_added` those of them that were new.
    """

    index: str
    notes: int
    papers: int
    papers_in_many_places: int
    sections: int
    papers_added: int
    papers_changed: int
    papers_removed: int
    notes_read: int
    notes_added: int
    notes_removed: int
    windows: int
    windows_embedded: int
    model: str
    seconds: float
    published: bool
    warnings: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Status:
    """What stands in an index, and how far the notes have moved on since it was built."""

    index: str
    generation: str
    built: str
    notes_folders: tuple[str, ...]
    notes: int
    papers: int
    sections: int
    windows: int
    topics: int
    bytes: int
    model: str
    fingerprint: str
    notes_added: int
    notes_changed: int
    notes_removed: int
    warnings: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Place:
    """A line of a note, by the note's path."""

    file: str
    line: int

    @property
    def obsidian_url(self) -> str:
        """The address under which Obsidian opens a note of one of its vaults; it has no word for a line."""
        return f"obsidian://open?path={quote(os.fsencode(self.file), safe='')}"


@dataclass(frozen=True, slots=True)
class Finding:
    """Something in a note that was repaired, could not be read, or disagrees with what stands elsewhere (`others`).

    `kind` is mojibake, ligature, soft_hyphen, encoding, front_matter, format, unreadable, duplicate_key, id_of_two,
    ids_disagree or perhaps_same. `before` and `after` tell a repair.
    """

    kind: str
    file: str
    line: int
    text: str
    before: str | None = None
    after: str | None = None
    others: tuple[Place, ...] = ()


@dataclass(frozen=True, slots=True)
class Examination:
    """What was found in a number of notes."""

    notes: int
    findings: tuple[Finding, ...]
