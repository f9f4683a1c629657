"""What every face and every user of the library calls."""

from __future__ import annotations

from retriever.library.notes import Progress, build, chunk, doctor
from retriever.library.opened import Retriever
from retriever.library.upkeep import check, repair

__all__ = ["Progress", "Retriever", "build", "check", "chunk", "doctor", "repair"]
