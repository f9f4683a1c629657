import os

import pytest

from retriever.notes import may_change_notes, note_files, read_bytes, read_note
from retriever.notes.folder import MAX_BYTES


@pytest.fixture
def folder(tmp_path):
    for name in ("a.md", "b.txt", "sub/c.md", ".hidden/d.md", ".obsidian/e.md", "node_modules/f.md", ".g.md", "h.png"):
        path = tmp_path / "notes" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("text", "utf-8")
    return tmp_path / "notes"


def names(folder, only=()):
    return [found.file for found in note_files(folder, "notes", only)]


def test_notes_are_found_in_order_and_other_programs_folders_are_passed_over(folder):
    assert names(folder) == ["a.md", "b.txt", "sub/c.md"]


def test_a_file_of_ignored_patterns_leaves_notes_out(folder):
    (folder / ".retrieverignore").write_text("# mine\nsub/\n*.txt\n!keep.txt\n", "utf-8")
    (folder / "keep.txt").write_text("text", "utf-8")
    assert names(folder) == ["a.md", "keep.txt"]


def test_named_notes_are_read_whatever_their_suffix(folder):
    (folder / "README").write_text("text", "utf-8")
    assert names(folder, ["README", "missing.md", "a.md"]) == ["README", "a.md"]


def test_links_out_of_the_folder_loops_and_pipes_are_no_notes(folder, tmp_path):
    (tmp_path / "secret.md").write_text("secret", "utf-8")
    (folder / "out.md").symlink_to(tmp_path / "secret.md")
    (folder / "loop.md").symlink_to(folder / "loop.md")
    (folder / "in.md").symlink_to(folder / "a.md")
    os.mkfifo(folder / "pipe.md")
    assert names(folder) == ["a.md", "b.txt", "in.md", "sub/c.md"]


def test_a_note_over_the_bound_and_a_pipe_in_its_place_are_refused(folder):
    (found, *_) = note_files(folder, "notes")
    with found.path.open("wb") as stream:
        stream.truncate(MAX_BYTES + 1)
    with pytest.raises(ValueError, match="larger than 20 MiB"):
        read_bytes(found)
    found.path.unlink()
    os.mkfifo(found.path)
    with pytest.raises(ValueError, match="not a regular file"):
        read_bytes(found)


def test_the_bytes_of_a_note_come_with_their_hash(folder):
    (found, *_) = note_files(folder, "notes")
    content, sha256 = read_bytes(found)
    assert content == b"text"
    assert sha256 == "982d9e3eb996f559e633f4d194def3761d909f5a3b647d1a851fead67c32c9d1"


def note(text, file="note.md"):
    return read_note(text.encode(), folder="notes", file=file)


@pytest.mark.parametrize(
    ("text", "title"),
    [
        ("# One\n\ntext", "One"),
        ("---\ntitle: From the front\n---\ntext", "From the front"),
        ("---\ntitle: From the front\n---\n# One\n", "One"),
        ("# One\n\n# Two\n", None),
        ("text", None),
    ],
)
def test_a_note_is_called_by_its_only_first_heading_or_its_front_matter(text, title):
    assert note(text).title == title


def test_a_format_without_a_reader_is_read_as_plain_text_with_one_warning():
    read = note("= Heading\n\nSome text.", file="note.adoc")
    assert read.warnings == ("no reader for .adoc files; read as plain text",)
    assert read.blocks


def test_markdown_in_a_text_file_is_told_by_its_signs():
    markdown = "# Title\n\n- [Paper](https://arxiv.org/abs/2001.00001) text\n"
    assert note(markdown, file="note.txt").blocks[0].text == "Title"
    assert note("A line.\n\nAnother # line.\n", file="note.txt").blocks[0].text == "A line."


def test_front_matter_that_cannot_be_read_costs_a_warning_and_not_the_note():
    read = note("---\ntitle: [unclosed\n---\n# Heading\n\ntext")
    assert len(read.warnings) == 1
    assert "front matter could not be read" in read.warnings[0]
    assert [block.first_line for block in read.blocks] == [4, 6]


def test_what_may_change_notes_is_what_the_reader_would_look_at(folder):
    (folder / ".retrieverignore").write_text("*.txt\ndrafts/\n", "utf-8")
    (folder / "drafts").mkdir()
    counts = ["a.md", "sub/c.md", "sub", ".", ".retrieverignore", "gone.md", "gone-folder", "sub/gone"]
    passed_over = ["b.txt", ".hidden/d.md", ".hidden", ".g.md", "h.png", "node_modules/f.md", "node_modules"]
    passed_over += ["drafts", "drafts/x.md", "sub/.retrieverignore", "..", "../other.md"]
    assert [name for name in counts + passed_over if may_change_notes(folder, _joined(folder, name))] == counts
    assert may_change_notes(folder, folder / "a.md", ("a.md",))
    assert not may_change_notes(folder, folder / "c.md", ("a.md",))
    assert not may_change_notes(folder, folder / "sub" / "a.md", ("a.md",))


def _joined(folder, name):
    return (
        folder if name == "." else folder.parent / name.removeprefix("..").strip("/") if ".." in name else folder / name
    )
