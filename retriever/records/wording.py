"""Numbers and states in words: every face says them alike."""

from __future__ import annotations

from collections.abc import Sequence

DIGITS = 3  # of a score behind the point


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


def adding_up(values: Sequence[float], total: float) -> list[float]:
    """Return the parts of a score, rounded to DIGITS so that they add up to the rounded total.

    Those nearest to the other side give way.
    """
    scale = 10**DIGITS
    units = [round(value * scale) for value in values]
    missing = round(total * scale) - sum(units)
    step = 1 if missing > 0 else -1
    by_need = sorted(range(len(units)), key=lambda at: step * (units[at] - values[at] * scale))
    for at in by_need[: abs(missing)]:
        units[at] += step
    return [unit / scale for unit in units]
