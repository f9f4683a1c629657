"""Numbers and states in words: every face says them alike."""

from __future__ import annotations


def counted(number: int, noun: str) -> str:
    """Return a number with its noun, in the singular or the plural."""
    return f"{number:,} {noun}" if number == 1 else f"{number:,} {noun}s"


def changes(added: int, changed: int, removed: int, noun: str = "note") -> str:
    """Return how notes, say, moved on: "2 notes changed", or "1 note added, 2 changed"; "" if none did."""
    told = [(number, verb) for number, verb in ((added, "added"), (changed, "changed"), (removed, "removed")) if number]
    if not told:
        return ""
    (number, verb), *rest = told
    return ", ".join([f"{counted(number, noun)} {verb}", *(f"{number:,} {verb}" for number, verb in rest)])
