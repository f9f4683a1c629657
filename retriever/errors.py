"""Every deliberate error: its data, its exit code, and the next step it tells the user.

RetrieverError                 1  internal
├── UsageError                 2  the request cannot be understood
│   ├── PaperNotFoundError     2  no paper, or more than one, answers to a handle
│   ├── TopicNotFoundError     2  no topic is called so
│   └── BrokenSetError         2  a test set cannot be understood
├── IndexNotFoundError         3  no index where one was looked for
├── IndexDamagedError          4  a file of the index is not what its manifest says
├── BuildRunningError          5  another build holds the lock
├── ModelMissingError          6  a model, or the extra that runs it, is not installed
├── ExtraMissingError          6  an extra that the request needs is not installed
├── IndexOutdatedError         7  the index was made by another model or chunker
├── NotDurableError            8  the disk is full or refused a write
├── NewerFormatError           9  the index was written by a newer version
├── NotesUnreadableError      10  some notes could not be read, under --strict
└── NotesGoneError            11  the notes folder is missing, empty, or more than half gone
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path


class RetrieverError(Exception):
    """Base of all errors that are raised on purpose.

    `exit_code` is what the command line exits with, `code` the word for it in JSON, and `next_step`
    a command or action for the user (None where the message says it all).
    """

    exit_code = 1
    code = "internal"

    def __init__(self, message: str, next_step: str | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.next_step = next_step

    def __str__(self) -> str:
        return self.message if self.next_step is None else f"{self.message} {self.next_step}"


class UsageError(RetrieverError):
    exit_code = 2
    code = "usage"


class PaperNotFoundError(UsageError):
    """`candidates` are the labels of the papers that the handle could mean; empty if it means none."""

    code = "paper_not_found"

    def __init__(self, handle: str, candidates: Sequence[str] = ()) -> None:
        if candidates:
            message = f"{handle!r} could mean {len(candidates)} papers: {'; '.join(candidates[:5])}."
            step = "Give more of it, or an id."
        else:
            message = f"No paper in the index answers to {handle!r}."
            step = f"Look for it with: retriever search {handle!r}"
        super().__init__(message, step)
        self.handle = handle
        self.candidates = tuple(candidates)


class BrokenSetError(UsageError):
    code = "broken_set"

    def __init__(self, place: Path, problem: str, next_step: str) -> None:
        super().__init__(f"The test set cannot be used: {place}: {problem}.", next_step)
        self.place = place
        self.problem = problem


class TopicNotFoundError(UsageError):
    code = "topic_not_found"

    def __init__(self, asked: str) -> None:
        super().__init__(f"No topic of the notes is called {asked!r}.", "List them with: retriever topics")
        self.asked = asked


class IndexNotFoundError(RetrieverError):
    exit_code = 3
    code = "index_not_found"

    def __init__(self, index: Path) -> None:
        super().__init__(f"No index in {index}.", f"Build one with: retriever build NOTES --index {index}")
        self.index = index


class IndexDamagedError(RetrieverError):
    exit_code = 4
    code = "index_damaged"

    def __init__(self, index: Path, file: str, problem: str) -> None:
        super().__init__(
            f"The index in {index} is damaged: {file}: {problem}.",
            f"Your notes are untouched; mend it with: retriever check --repair --index {index}",
        )
        self.index = index
        self.file = file
        self.problem = problem


class BuildRunningError(RetrieverError):
    exit_code = 5
    code = "build_running"

    def __init__(self, index: Path, pid: int | None) -> None:
        holder = "another process" if pid is None else f"process {pid}"
        super().__init__(f"A build of {index} is already running in {holder}.", "Wait for it to end, or stop it.")
        self.index = index
        self.pid = pid


class ModelMissingError(RetrieverError):
    exit_code = 6
    code = "model_missing"

    def __init__(self, model: str, problem: str, next_step: str) -> None:
        super().__init__(f"The model {model} cannot be used: {problem}.", next_step)
        self.model = model
        self.problem = problem


class ExtraMissingError(RetrieverError):
    exit_code = 6
    code = "extra_missing"

    def __init__(self, extra: str, problem: str) -> None:
        super().__init__(
            f"{problem}, which is not installed.", f"Install it with: pip install 'paper-retriever[{extra}]'"
        )
        self.extra = extra


class IndexOutdatedError(RetrieverError):
    """`what` names what changed: a model, or the chunker."""

    exit_code = 7
    code = "index_outdated"

    def __init__(self, index: Path, what: str, next_step: str) -> None:
        super().__init__(f"The index in {index} was made with another {what}.", next_step)
        self.index = index
        self.what = what


class NotDurableError(RetrieverError):
    exit_code = 8
    code = "not_durable"

    def __init__(self, path: Path, problem: str) -> None:
        super().__init__(
            f"Could not write {path}: {problem}. The index is as it was before.",
            "Free some space, or put the index elsewhere with --index, and build again.",
        )
        self.path = path
        self.problem = problem


class NewerFormatError(RetrieverError):
    exit_code = 9
    code = "newer_format"

    def __init__(self, index: Path, found: int, known: int) -> None:
        super().__init__(
            f"The index in {index} has format {found}; this version of retriever reads up to {known}.",
            "Upgrade with: pip install --upgrade paper-retriever",
        )
        self.index = index
        self.found = found
        self.known = known


class NotesUnreadableError(RetrieverError):
    exit_code = 10
    code = "notes_unreadable"

    def __init__(self, warnings: Sequence[str]) -> None:
        super().__init__(
            f"{len(warnings)} notes could not be read: {'; '.join(warnings[:3])}.", "Leave out --strict to skip them."
        )
        self.warnings = tuple(warnings)


class NotesGoneError(RetrieverError):
    exit_code = 11
    code = "notes_gone"
