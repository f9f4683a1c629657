"""Papers as other programs read them: pure functions from records to text, one format a file."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import get_args

from retriever.errors import UsageError
from retriever.export.bibtex import bibtex
from retriever.export.csl import csl_json
from retriever.export.entries import entries, lacking
from retriever.export.jsonlines import json_lines
from retriever.export.keys import citation_keys
from retriever.export.markdown import markdown
from retriever.export.ris import ris
from retriever.export.tables import comma_separated
from retriever.records import Export, ExportFormat, Paper, Quote, Topic

__all__ = ["QUOTING", "citation_keys", "export"]

QUOTING = frozenset({"markdown", "jsonl"})  # formats that tell what the notes say
_WRITERS = {
    "bibtex": bibtex,
    "csl-json": csl_json,
    "ris": ris,
    "csv": comma_separated,
    "jsonl": json_lines,
}


def export(
    papers: Sequence[Paper],
    *,
    format: ExportFormat,  # noqa: A002  the word that everybody has for it
    keys: Mapping[str, str],
    quotes: Mapping[str, Sequence[Quote]],
    topics: Sequence[Topic],
) -> Export:
    """Return papers as the text of a file, in their order.

    `keys` are their citation keys, `quotes` what the notes say, both by the papers' ids, the latter for the formats
    of QUOTING; `topics` is the tree, for Markdown. UsageError for another format.
    """
    if format not in get_args(ExportFormat):
        raise UsageError(f"No format {format!r}: choose one of {', '.join(get_args(ExportFormat))}.")
    found = entries(papers, keys, quotes)
    lines = markdown(found, topics) if format == "markdown" else _WRITERS[format](found)
    return Export(format, len(found), lacking(found, quoted=format in QUOTING), "".join(lines))
