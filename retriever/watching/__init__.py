"""Follow the notes of an index, and refresh it when they change."""

from __future__ import annotations

from retriever.watching.follower import DEBOUNCE, Failed, News, Refreshed, follow

__all__ = ["DEBOUNCE", "Failed", "News", "Refreshed", "follow"]
