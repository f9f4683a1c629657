"""A folder of notes: which files are notes, and each of them read.

Only regular files inside the folder count. Hidden folders and those of other programs are passed over, links
that leave the folder are not followed, and `.retrieverignore` leaves out what it names, in gitignore syntax.
"""

from __future__ import annotations

import hashlib
import os
import stat
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from pathspec import GitIgnoreSpec

from retriever.notes.note import Block, Note

MAX_BYTES = 20 * 1024 * 1024
MARKDOWN = frozenset({".md", ".markdown", ".mdown", ".mkd"})
PLAIN = frozenset({".txt", ".text"})
# Text that has no reader of its own yet: read as plain text, with a warning.
OTHER = frozenset({".org", ".rst", ".tex", ".html", ".htm", ".bib", ".ris", ".csv", ".tsv", ".qmd", ".rmd", ".adoc"})
_SKIPPED_FOLDERS = frozenset({"node_modules", "__pycache__"})


@dataclass(frozen=True, slots=True)
class NoteFile:
    """A file that may be a note. `folder` is the label of its notes folder, `file` its path below `root`."""

    folder: str
    root: Path
    file: str
    size: int
    mtime_ns: int

    @property
    def path(self) -> Path:
        return self.root / self.file


def note_files(root: Path, label: str, only: Sequence[str] = ()) -> Iterator[NoteFile]:
    """Yield the notes of a folder by path, or of the files named in `only`, if they are there."""
    if only:
        yield from (found for file in sorted(only) if (found := _note_file(root, label, root / file)))
        return
    ignored = _ignored(root)
    for folder, folders, files in os.walk(root):
        here = Path(folder)
        folders[:] = sorted(name for name in folders if not name.startswith(".") and name not in _SKIPPED_FOLDERS)
        for name in sorted(files):
            path = here / name
            if name.startswith(".") or path.suffix.casefold() not in MARKDOWN | PLAIN | OTHER:
                continue
            if not ignored.match_file(path.relative_to(root).as_posix()) and (found := _note_file(root, label, path)):
                yield found


def read_bytes(found: NoteFile) -> tuple[bytes, str]:
    """Return the bytes of a note and their SHA-256 in hex. Raises OSError, or ValueError over the size bound."""
    # O_NONBLOCK and the second look at the type keep a pipe put in place of the file from hanging the build.
    handle = os.open(found.path, os.O_RDONLY | os.O_NONBLOCK | os.O_NOCTTY)
    with os.fdopen(handle, "rb") as stream:
        if not stat.S_ISREG(os.fstat(stream.fileno()).st_mode):
            raise ValueError("not a regular file")
        content = stream.read(MAX_BYTES + 1)
    if len(content) > MAX_BYTES:
        raise ValueError(f"larger than {MAX_BYTES // 2**20} MiB")
    return content, hashlib.sha256(content).hexdigest()


def read_note(content: bytes, *, folder: str, file: str) -> Note:
    """Return the note that a file's bytes hold. Any bytes make a note; what was wrong is in its warnings."""
    # What reads notes is loaded when one is read: a search only looks whether any has changed.
    from retriever.notes.encoding import decode, repair  # noqa: PLC0415
    from retriever.notes.frontmatter import front_matter  # noqa: PLC0415
    from retriever.notes.markdown import markdown_blocks  # noqa: PLC0415
    from retriever.notes.plain import plain_blocks  # noqa: PLC0415

    text, warning = decode(content)
    lines, repairs = repair(text)
    warnings = [warning] if warning else []
    fields: dict[str, object] = {}
    suffix = Path(file).suffix.casefold()
    if suffix in OTHER:
        warnings.append(f"no reader for {suffix} files; read as plain text")
    if suffix in MARKDOWN or (suffix not in OTHER and _looks_like_markdown(lines)):
        fields, taken, problem = front_matter(lines)
        warnings += [problem] if problem else []
        blocks = markdown_blocks(lines, taken)
    else:
        blocks = plain_blocks(lines)
    return Note(
        folder=folder,
        file=file,
        title=_title(fields, blocks),
        lines=lines,
        blocks=tuple(blocks),
        front=fields,
        repairs=repairs,
        warnings=tuple(warnings),
    )


def _ignored(root: Path) -> GitIgnoreSpec:
    try:
        return GitIgnoreSpec.from_lines((root / ".retrieverignore").read_text("utf-8", "replace").splitlines())
    except OSError:
        return GitIgnoreSpec.from_lines([])


def _note_file(root: Path, label: str, path: Path) -> NoteFile | None:
    try:
        if not path.resolve().is_relative_to(root.resolve()):
            return None
        status = path.stat()
    except (OSError, RuntimeError):  # gone, or a loop of links
        return None
    if not stat.S_ISREG(status.st_mode):
        return None
    return NoteFile(label, root, path.relative_to(root).as_posix(), status.st_size, status.st_mtime_ns)


def _looks_like_markdown(lines: Sequence[str]) -> bool:
    """Tell whether a file without a telling suffix is Markdown: front matter, or signs in one line of twenty."""
    if lines and lines[0].rstrip() == "---" and any(line.rstrip() == "---" for line in lines[1:100]):
        return True
    filled = [line for line in lines if line.strip()]
    signs = sum(line.startswith(("# ", "## ", "### ", "```", "> ")) or "](" in line for line in filled)
    return signs >= 2 and signs * 20 >= len(filled)


def _title(fields: dict[str, object], blocks: Sequence[Block]) -> str | None:
    first_level = [block.text for block in blocks if block.kind == "heading" and block.level == 1]
    if len(first_level) == 1:
        return first_level[0].strip()
    title = fields.get("title")
    return title.strip() if isinstance(title, str) and title.strip() else None
