"""A folder of notes in, notes out: repaired text as blocks with headings and line spans."""

from retriever.notes.folder import NoteFile, may_change_notes, note_files, read_bytes
from retriever.notes.note import Block, Link, Note, Repair
from retriever.notes.reading import read_note

__all__ = ["Block", "Link", "Note", "NoteFile", "Repair", "may_change_notes", "note_files", "read_bytes", "read_note"]
