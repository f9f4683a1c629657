"""A folder of notes in, notes out: repaired text as blocks with headings and line spans."""

from retriever.notes.folder import NoteFile, note_files, read_bytes
from retriever.notes.note import Block, Link, Note, Repair
from retriever.notes.reading import read_note

__all__ = ["Block", "Link", "Note", "NoteFile", "Repair", "note_files", "read_bytes", "read_note"]
