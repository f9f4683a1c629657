"""An index that follows its notes: wait until they are quiet, refresh, tell what came of it, and never give up."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager, nullcontext, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from retriever.embedder import DEFAULT_MODEL, load_encoder
from retriever.errors import (
    BuildRunningError,
    ExtraMissingError,
    IndexNotFoundError,
    ModelMissingError,
    NewerFormatError,
    NotDurableError,
    NotesGoneError,
    RetrieverError,
    UsageError,
)
from retriever.index.manifest import Manifest, read_manifest, read_pointer
from retriever.library import Progress, Retriever, build
from retriever.library.notes import Foretell
from retriever.records import BuildReport

if TYPE_CHECKING:
    from retriever.embedder import Encoder
    from retriever.watching.folders import Folders

DEBOUNCE = 1.0  # seconds
_PATIENCE = 10  # times the debounce: under edits without a pause, a refresh comes at last
_TICK = 0.1
_LONGEST_PAUSE = 60.0
# Not every file system tells what others change in it, and under a storm of changes the system forgets some.
_LOOK_AGAIN = 60.0
_SHARE = 100  # of the time goes into looking again, at most one part
_PASSING = (BuildRunningError, NotDurableError)  # over without any change of a note
_HOPELESS = (UsageError, IndexNotFoundError, ModelMissingError, ExtraMissingError, NewerFormatError)


@dataclass(frozen=True, slots=True)
class Refreshed:
    """A build that went well. `first` tells the one that the following began with."""

    report: BuildReport
    first: bool


@dataclass(frozen=True, slots=True)
class Failed:
    """A build that failed, or could not be tried; the index is as it was. `again` is the pause in seconds until it is
    tried again, or None where that waits for the next change of the notes.
    """

    error: RetrieverError
    again: float | None


News = Refreshed | Failed


class Told(Protocol):
    def __call__(self) -> AbstractContextManager[Progress | None]: ...


class _StoppedError(Exception):
    """A build was stopped on the way; what it had begun is dropped."""


def follow(
    index: Path,
    notes: Sequence[Path] | None = None,
    *,
    stop: threading.Event,
    report: Callable[[News], None],
    warn: Callable[[str], None],
    model: str | None = None,
    download: bool = False,
    debounce: float = DEBOUNCE,
    progress: Told = nullcontext,
    foretell: Foretell | None = None,
) -> None:
    """Refresh an index now, and again whenever its notes have changed and then been left alone for `debounce` seconds.

    Returns soon after `stop` is set, also in the middle of a build. `notes`, if given, replace what the index covers,
    as in `library.build`; `model` is loaded once. `report` is told of every build that changed something, of the
    first, and of failures (the same one in a row only once), `warn` of what else a person should know; both are called
    from this thread or, with `warn`, from a thread that watches. `progress` surrounds each build.

    Raises ExtraMissingError without the extra, and what keeps the first build from ever going well: UsageError,
    ModelMissingError, NewerFormatError, NotesGoneError where there is no index yet. After that nothing ends it.
    """
    try:
        import watchfiles  # noqa: F401, PLC0415  an extra
    except ImportError as error:
        raise ExtraMissingError("watch", "Following notes takes watchfiles") from error
    follower = _Follower(index, notes, stop=stop, report=report, warn=warn, model=model, download=download)
    follower.run(debounce, progress, foretell)


class _Follower:
    def __init__(
        self,
        index: Path,
        notes: Sequence[Path] | None,
        *,
        stop: threading.Event,
        report: Callable[[News], None],
        warn: Callable[[str], None],
        model: str | None,
        download: bool,
    ) -> None:
        self._index = index
        self._notes = notes
        self._stop = stop
        self._report = report
        self._warn = warn
        self._model = model
        self._download = download
        self._encoder: Encoder | None = None
        self._folders: Folders | None = None
        self._changed = threading.Event()
        self._lasting = False  # once it has gone well, or failed in a way that the notes can mend
        self._begun = False
        self._last_failure: str | None = None
        self._pause: float | None = None

    def run(self, debounce: float, progress: Told, foretell: Foretell | None) -> None:
        try:
            self._cover()
            self._refresh(progress, foretell)
            while self._wait(debounce):
                self._refresh(progress, foretell)
        finally:
            self._leave()

    def _wait(self, debounce: float) -> bool:
        """Wait until a refresh is due; False where it is time to stop."""
        began = time.monotonic()
        first = last = None
        look = began + _LOOK_AGAIN
        while not self._stop.wait(_TICK):
            now = time.monotonic()
            if self._pause is not None:
                if now - began >= self._pause:
                    return True
                continue
            if self._changed.is_set():
                self._changed.clear()
                first, last = first or now, now
            if first and last and (now - last >= debounce or now - first >= _PATIENCE * debounce):
                return True
            if now >= look:
                if self._missed():
                    return True
                took = time.monotonic() - now
                look = now + max(_LOOK_AGAIN, _SHARE * took)
        return False

    def _missed(self) -> bool:
        """Tell whether notes have changed without anybody saying so."""
        if self._last_failure is not None or (self._folders and self._folders.missing()):
            return False
        try:
            with Retriever.open(self._index) as retriever:
                status = retriever.status()
        except RetrieverError:
            return True  # whatever it is, the build mends it or says it
        return bool(status.notes_added or status.notes_changed or status.notes_removed)

    def _refresh(self, progress: Told, foretell: Foretell | None) -> None:
        self._changed.clear()
        try:
            report = self._build(progress, foretell)
        except _StoppedError:
            return
        except RetrieverError as error:
            self._fail(error)
        except Exception as error:  # noqa: BLE001  a refresh that fails must not end the following
            self._fail(RetrieverError(f"Internal error: {type(error).__name__}: {error}."))
        else:
            self._succeed(report)

    def _build(self, progress: Told, foretell: Foretell | None) -> BuildReport:
        if self._notes is None and self._folders and (missing := self._folders.missing()):
            raise NotesGoneError(f"{missing[0]} is not there; the index is as it was before.")
        encoder = self._matching_encoder()
        with progress() as told:
            return build(self._notes, self._index, encoder=encoder, progress=self._stopping(told), foretell=foretell)

    def _succeed(self, report: BuildReport) -> None:
        first, recovered = not self._begun, self._last_failure is not None
        self._lasting = self._begun = True
        self._notes = self._pause = self._last_failure = None
        if first or recovered or report.published:
            self._report(Refreshed(report, first))
        self._cover()

    def _fail(self, error: RetrieverError) -> None:
        passing = isinstance(error, _PASSING)
        if not passing:
            asked = self._notes is not None or self._folders is None  # not what an index covers: that may come back
            if not self._lasting and (asked or isinstance(error, _HOPELESS)):
                raise error
            self._lasting = True
        self._pause = min((self._pause or 0.5) * 2, _LONGEST_PAUSE) if passing else None
        if str(error) != self._last_failure:
            self._report(Failed(error, self._pause))
        self._last_failure = str(error)

    def _stopping(self, told: Progress | None) -> Progress:
        """Return what a build tells its progress to, so that it ends when it is time to stop."""

        def tell(stage: str, done: int, total: int) -> None:
            if self._stop.is_set():
                raise _StoppedError
            if told is not None:
                told(stage, done, total)

        return tell

    def _matching_encoder(self) -> Encoder:
        """Return the model that was asked for, or the index's own, which another build may have changed meanwhile."""
        manifest = self._manifest()
        model = self._model or (manifest.model if manifest else DEFAULT_MODEL)
        if self._encoder is None or self._encoder.model != model:
            self._encoder = load_encoder(model, download=self._download)
        return self._encoder

    def _manifest(self) -> Manifest | None:
        with suppress(RetrieverError, OSError):
            return read_manifest(self._index, read_pointer(self._index))
        return None

    def _cover(self) -> None:
        """Watch the folders that the index covers now."""
        from retriever.watching.folders import Folders  # noqa: PLC0415  watchfiles, an extra

        manifest = self._manifest()
        if manifest is None or (self._folders and self._folders.sources == manifest.folders):
            return
        self._leave()
        self._folders = Folders(manifest.folders, self._index, self._changed, self._warn)
        self._folders.start()

    def _leave(self) -> None:
        if self._folders is not None:
            self._folders.stop()
            self._folders = None
