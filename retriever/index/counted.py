"""A generation that several readers share, while newer ones may be published."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from retriever.index.manifest import Pointer
    from retriever.index.snapshot import Snapshot


class CountedSnapshot:
    """A snapshot with its readers counted, so that it closes when the last of them is done and never before.

    Whoever changes `users` holds a lock of his own.
    """

    def __init__(self, snapshot: Snapshot, pointer: Pointer) -> None:
        self.snapshot = snapshot
        self.pointer = pointer
        self.users = 0
        self._retired = False

    def retire(self) -> None:
        self._retired = True
        self.close_if_unused()

    def close_if_unused(self) -> None:
        if self._retired and not self.users:
            self.snapshot.close()
