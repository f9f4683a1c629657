"""The folders of notes under watch: one thread each, which says when something there may have changed.

What happens while nobody listens is kept by the system and told afterwards. A folder that is taken away and comes
back (a drive, a checkout) is watched again: the system forgets it with the folder itself.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from pathlib import Path

from watchfiles import Change, watch

from retriever.chunker.overrides import OVERRIDES
from retriever.index import Source
from retriever.notes import may_change_notes

_LOOK_MS = 500  # how often to look whether the folder is still the same one
_STEP_MS = 100  # how long the system's news are gathered
_POLL_MS = 2_000  # where the system tells nothing, all files are looked at this often
_PATIENCE = 5.0  # seconds before a folder that cannot be watched is tried again


class Folders:
    """Watches notes folders in threads of its own, and sets `changed` when their notes may have changed.

    `changed` is also set when a folder goes, and when one comes under watch, since what happened before was not seen.
    `index` may lie inside a notes folder: what builds write there is no news. `warn` is told when the system cannot
    watch a folder, so that its files are looked at one by one.
    """

    def __init__(
        self, sources: Sequence[Source], index: Path, changed: threading.Event, warn: Callable[[str], None]
    ) -> None:
        self.sources = tuple(sources)
        self._index = index.resolve()
        self._changed = changed
        self._warn = warn
        self._stopping = threading.Event()
        self._threads = [
            threading.Thread(target=self._follow, args=(source,), name=f"watch {source.root}", daemon=True)
            for source in sources
        ]

    def missing(self) -> list[str]:
        """Return the folders that are not there now."""
        return [source.root for source in self.sources if _identity(Path(source.root)) is None]

    def start(self) -> None:
        for thread in self._threads:
            thread.start()

    def stop(self) -> None:
        """Watch no longer; returns when the threads have ended."""
        self._stopping.set()
        for thread in self._threads:
            thread.join()

    def _follow(self, source: Source) -> None:
        polling = gone = False
        while not self._stopping.is_set():
            try:
                self._until_it_goes(source, polling=polling)
                gone = False
            except FileNotFoundError:
                if not gone:
                    self._changed.set()
                gone = True
                self._stopping.wait(_LOOK_MS / 1000)
            except (OSError, RuntimeError) as error:  # the system's own trouble, such as no more watches to give
                if not polling:
                    self._warn(f"{source.root} cannot be watched ({error}): its files are looked at one by one")
                    polling = True
                else:
                    self._stopping.wait(_PATIENCE)

    def _until_it_goes(self, source: Source, *, polling: bool) -> None:
        """Watch a folder until it is another one, or gone. FileNotFoundError where it is not there to begin with."""
        root = Path(source.root)
        before = _identity(root)
        if before is None:
            raise FileNotFoundError(source.root)
        news = watch(
            root,
            watch_filter=None,
            debounce=_LOOK_MS,
            step=_STEP_MS,
            rust_timeout=_LOOK_MS,
            yield_on_timeout=True,
            stop_event=self._stopping,
            raise_interrupt=False,
            recursive=not source.only,
            force_polling=polling or None,
            poll_delay_ms=_POLL_MS,
            ignore_permission_denied=True,
        )
        for number, changes in enumerate(news):
            if number == 0 or any(self._matters(source, root, Path(path)) for _, path in changes):
                self._changed.set()
            if _identity(root) != before or (Change.deleted, str(root)) in changes:
                return

    def _matters(self, source: Source, root: Path, path: Path) -> bool:
        if path.is_relative_to(self._index):
            return False
        overrides = not source.only and path == root / OVERRIDES
        return overrides or may_change_notes(root, path, source.only)


def _identity(root: Path) -> tuple[int, int] | None:
    """Return what tells a folder from another one of its name; None where there is none."""
    try:
        status = root.stat()
    except OSError:
        return None
    return (status.st_dev, status.st_ino) if root.is_dir() else None
