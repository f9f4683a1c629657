"""What was repaired in notes, what could not be read, and what they disagree on. Nothing is written."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from pathlib import Path

from retriever import chunker
from retriever.chunker.disagreements import disagreements
from retriever.chunker.overrides import OVERRIDES
from retriever.index import Source
from retriever.indexing.overriding import read_all
from retriever.indexing.sources import files_of, sources
from retriever.notes import Note, NoteFile, read_bytes, read_note
from retriever.records import Examination, Finding, Passage, Place

# Typesetting that copying out of a PDF leaves behind: words with it are not found by their letters.
_COPIED = (("ligature", re.compile("[\ufb00-\ufb06]")), ("soft_hyphen", re.compile("\u00ad")))
_SPELLED = {
    0xFB00: "ff", 0xFB01: "fi", 0xFB02: "fl", 0xFB03: "ffi", 0xFB04: "ffl", 0xFB05: "st", 0xFB06: "st", 0xAD: "",
}  # fmt: skip
_WORD = re.compile(r"\S+")
_LINE = re.compile(r"\bline (\d+)")


def examine(paths: Sequence[Path] | None, folders: Sequence[Source] = ()) -> Examination:
    """Return what is found in notes, by file and line: those at `paths`, or without any those of an index's `folders`.

    Raises NotesGoneError for a path that is not there.
    """
    found: list[Finding] = []
    passages: list[Passage] = []
    overriding: list[NoteFile] = []
    notes = 0
    places: dict[str, str] = {}  # passage id -> path of its note
    for file in files_of(sources(paths, None) if paths else folders):
        if file.file == OVERRIDES:
            overriding.append(file)
            continue
        notes += 1
        try:
            content, _ = read_bytes(file)
        except (OSError, ValueError) as error:
            reason = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
            found.append(Finding("unreadable", str(file.path), 1, reason))
            continue
        note = read_note(content, folder=file.folder, file=file.file)
        found += _of_note(note, str(file.path))
        split = chunker.split(note)
        passages += split
        places |= {passage.id: str(file.path) for passage in split}
    overrides, _ = read_all(overriding)
    for one in disagreements(passages, chunker.resolve(passages, overrides)):
        first, *others = (Place(places[passage.id], passage.first_line) for passage in one.passages)
        found.append(Finding(one.kind, first.file, first.line, one.text, others=tuple(others)))
    return Examination(notes, tuple(sorted(found, key=lambda one: (one.file, one.line))))


def _of_note(note: Note, path: str) -> Iterator[Finding]:
    """Yield what was wrong with one note: first what is said of it as a whole, then line by line."""
    for warning in note.warnings:
        line = _LINE.search(warning)
        yield Finding(_kind(warning), path, int(line[1]) if line else 1, warning)
    for repair in note.repairs:
        yield Finding("mojibake", path, repair.line, "text in a wrong encoding", repair.before, repair.after)
    for number, text in enumerate(note.lines, 1):
        for kind, sign in () if text.isascii() else _COPIED:
            for word in _WORD.findall(text):
                if sign.search(word):
                    yield Finding(kind, path, number, "left by typesetting", word, word.translate(_SPELLED))


def _kind(warning: str) -> str:
    if "front matter" in warning:
        return "front_matter"
    if "Windows-1252" in warning:
        return "encoding"
    return "format"
