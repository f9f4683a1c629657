"""Writes the lexical index anew: tantivy keeps deleted rows in its document frequencies."""

from __future__ import annotations

import hashlib
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from functools import lru_cache
from pathlib import Path

from retriever import words
from retriever.errors import NotDurableError
from retriever.index import durable
from retriever.index.lexical import FIELD_WEIGHTS, ROW
from retriever.index.manifest import LEXICAL, RECORDS
from retriever.index.schema import load

_MEMORY = 64_000_000  # bytes that tantivy gathers before it writes a segment
_LAYOUT = 2  # part of the digest: other fields need another index
_WINDOWS = """
SELECT w.row, w.text, p.heading_path, p.title, p.name, p.key, p.authors
FROM window w JOIN passage p ON p.number = w.passage ORDER BY w.row
"""
Fields = tuple[int, str, str, str | None, str | None, str | None, str]


def words_digest(folder: Path) -> str:
    """Return the hash of all that the lexical index of a generation is made of: equal for equal indexes."""
    digest = hashlib.sha256(f"{_LAYOUT} {words.VERSION} {' '.join(FIELD_WEIGHTS)}".encode())
    for fields in _windows(folder):
        digest.update(repr(fields).encode())
    return digest.hexdigest()


def write_words(folder: Path) -> None:
    """Write the lexical index of a generation from its records, one row a window, and sync it."""
    import tantivy  # noqa: PLC0415  reading never needs the writer

    target = folder / LEXICAL
    durable.make_folder(target)
    builder = tantivy.SchemaBuilder()
    for field in FIELD_WEIGHTS:
        builder.add_text_field(field, tokenizer_name="whitespace", index_option="position")
    builder.add_unsigned_field(ROW, indexed=True, fast=True)
    try:
        writer = tantivy.Index(builder.build(), path=str(target)).writer(_MEMORY, 1)
        for fields in _windows(folder):
            document = tantivy.Document()
            document.add_unsigned(ROW, fields[0])
            for field, values in _terms(fields).items():
                for terms in filter(None, values):  # apart: no phrase runs from one heading into the next
                    document.add_text(field, " ".join(terms))
            writer.add_document(document)
        writer.commit()
        writer.wait_merging_threads()
        del writer  # what it does as it goes must be done before its locks are swept
    except (ValueError, OSError) as error:  # tantivy has no other word for a full disk
        raise NotDurableError(target, str(error)) from error
    for path in sorted(target.iterdir()):
        if path.suffix == ".lock":
            durable.remove_file(path)
        else:
            path.chmod((folder / RECORDS).stat().st_mode)  # tantivy keeps some of its files from other users
            durable.sync_file(path)
    durable.sync_folder(target)


def _windows(folder: Path) -> Iterator[Fields]:
    uri = f"{(folder / RECORDS).absolute().as_uri()}?mode=ro&immutable=1"
    with closing(sqlite3.connect(uri, uri=True)) as connection:
        yield from connection.execute(_WINDOWS)


def _terms(fields: Fields) -> dict[str, list[list[str]]]:
    return {"text": _values(fields[1]), **_passage_terms(*fields[2:])}


@lru_cache(maxsize=16)  # the windows of a passage follow each other
def _passage_terms(
    headings: str, title: str | None, name: str | None, key: str | None, authors: str
) -> dict[str, list[list[str]]]:
    return {
        "headings": _values(*load(headings)),
        "title": _values(title or ""),
        "name": _values(name or ""),
        "key": [words.key_terms(key or ""), words.singles(key or "")],
        "authors": _values(*load(authors)),
    }


def _values(*texts: str) -> list[list[str]]:
    """Return what is indexed of texts, each apart: terms, then single characters of runs without spaces."""
    return [found for text in texts for found in (words.terms(text), words.singles(text))]
