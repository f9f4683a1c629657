"""What is found where an index is checked, and what was done to mend it."""

from __future__ import annotations

from dataclasses import dataclass

from retriever.records.reports import BuildReport


@dataclass(frozen=True, slots=True)
class Fault:
    """A file of an index, by its path below the index, what is wrong with it, and what that means."""

    file: str
    problem: str
    meaning: str


@dataclass(frozen=True, slots=True)
class Comparison:
    """How an index compares with its notes as they are now, and vectors with what the model gives now.

    `notes_compared` are those that did not change: cut again, each must give the passages and windows of the index.
    """

    notes_added: int
    notes_changed: int
    notes_removed: int
    notes_compared: int
    windows_embedded: int


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckReport:
    """Every file of an index, byte by byte.

    `generation` is the current one, None where that cannot be told; `kept` are the others that were checked, `aside`
    those that a repair set aside, which were not. `files` and `bytes` count what was read. `strays` are files that
    no generation knows: what a build left that was stopped, or is writing now.
    """

    index: str
    generation: str | None
    kept: tuple[str, ...]
    aside: tuple[str, ...]
    files: int
    bytes: int
    faults: tuple[Fault, ...]
    strays: tuple[str, ...]
    compared: Comparison | None = None

    @property
    def sound(self) -> bool:
        return not self.faults


@dataclass(frozen=True, slots=True, kw_only=True)
class RepairReport:
    """What a repair found and did. `aside` are the paths that damaged files were moved or copied to.

    `generation` is the current one now. `went_back_to` names the sound generation that was refreshed from the notes,
    `rebuilt` tells that there was none; `derived` are files that were made anew from the record. `build` is what
    reading the notes came to, None where they were not needed.
    """

    index: str
    faults: tuple[Fault, ...]
    aside: tuple[str, ...]
    generation: str
    went_back_to: str | None
    rebuilt: bool
    derived: tuple[str, ...]
    build: BuildReport | None
