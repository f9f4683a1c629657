"""JSON Lines: everything that is known of a paper, and what the notes say of it, one paper a line."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator

from retriever.export.entries import Entry
from retriever.records import wire


def json_lines(found: Iterable[Entry]) -> Iterator[str]:
    """Yield a line a paper: its citation key, its fields as every answer has them, and quotes of the notes."""
    for entry in found:
        fields = {**_fields(entry), "quotes": wire(entry.quotes)}
        yield f"{json.dumps(fields, ensure_ascii=False)}\n"


def _fields(entry: Entry) -> dict[str, object]:
    paper = wire(entry.paper)
    assert isinstance(paper, dict)
    return {"citation_key": entry.key, **paper}
