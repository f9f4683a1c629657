"""Front matter, read with care: it is the one place where a note can hold a bomb."""

from __future__ import annotations

import tomllib
from collections.abc import Sequence
from typing import Any

import yaml

MAX_BYTES = 64 * 1024
MAX_DEPTH = 32
_CLOSED_BY = {"---": ("---", "..."), "+++": ("+++",)}


def front_matter(lines: Sequence[str]) -> tuple[dict[str, object], int, str | None]:
    """Return (fields, lines taken, warning) of the front matter at the head of a note: YAML, or TOML between "+++".

    No front matter gives ({}, 0, None). What cannot be read is taken off the note and gives a warning.
    """
    fence = lines[0].rstrip() if lines else ""
    if fence not in _CLOSED_BY:
        return {}, 0, None
    end = next((n for n, line in enumerate(lines[1:2000], 1) if line.rstrip() in _CLOSED_BY[fence]), None)
    if end is None:
        return {}, 0, None
    text = "\n".join(lines[1:end])
    if not text.strip() or not (":" in text or "=" in text):
        return {}, 0, None  # a rule at the top of the note, not front matter
    if len(text.encode("utf-8", "replace")) > MAX_BYTES:
        return {}, end + 1, f"front matter could not be read (longer than {MAX_BYTES} bytes)"
    try:
        fields = _yaml(text) if fence == "---" else tomllib.loads(text)
    except (yaml.YAMLError, ValueError, TypeError, RecursionError) as error:
        reason = str(error).split("\n", 1)[0]
        return {}, end + 1, f"front matter could not be read ({reason})"
    return fields, end + 1, None


def _yaml(text: str) -> dict[str, object]:
    # Aliases and depth are what bombs are made of; scanning the events builds nothing.
    depth = 0
    for event in yaml.parse(text, Loader=yaml.SafeLoader):
        if isinstance(event, yaml.AliasEvent):
            raise ValueError("it holds aliases")  # noqa: TRY004  the note is wrong, not a type
        depth += isinstance(event, yaml.CollectionStartEvent)
        depth -= isinstance(event, yaml.CollectionEndEvent)
        if depth > MAX_DEPTH:
            raise ValueError(f"nested deeper than {MAX_DEPTH}")
    loaded: Any = yaml.safe_load(text)
    return {str(key): value for key, value in loaded.items()} if isinstance(loaded, dict) else {}
