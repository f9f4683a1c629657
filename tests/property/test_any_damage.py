"""One flipped bit, anywhere in an index, is reported and mended."""

import random
import shutil
import tempfile
from pathlib import Path
from unittest import mock

import pytest
from toy import WordEncoder, write_notes

from retriever import Retriever, build
from retriever.index import open_snapshot
from retriever.index.check import check
from retriever.library import repair

QUESTIONS = ["noise of attention", "memory of frames", "AdaOne2025ICLR", "learning rate", "a walk in the rain"]
POSITIONS = 40  # in each file; a longer run, of every byte, is made by hand


class CountingEncoder(WordEncoder):
    """Counts the texts of windows that it embeds."""

    embedded = 0

    def encode_document(self, texts):
        CountingEncoder.embedded += len(texts)
        return super().encode_document(texts)

    def encode_query(self, texts):
        return WordEncoder.encode_document(self, texts)


@pytest.fixture(scope="module")
def sound(tmp_path_factory):
    """Return an index, its notes beside it, of one generation, and one of two."""
    folder = tmp_path_factory.mktemp("sound")
    notes = write_notes(folder / "notes")
    build([notes], folder / "one", encoder=WordEncoder())
    outline = (notes / "outline.md").read_text()
    (notes / "outline.md").write_text(outline.replace("pages the cache", "moves the cache"))
    build([notes], folder / "two", encoder=WordEncoder())
    (notes / "outline.md").write_text(outline)
    build([notes], folder / "two", encoder=WordEncoder())
    return folder


def files(index):
    return sorted(path.relative_to(index) for path in index.rglob("*") if path.is_file() and path.name != "LOCK")


def flip(path, at, bit):
    """Change one bit of a file and of all that are linked to it."""
    with path.open("r+b") as file:
        file.seek(at)
        byte = file.read(1)[0]
        file.seek(at)
        file.write(bytes([byte ^ (1 << bit)]))


@pytest.fixture
def tried(sound, tmp_path):
    """Return a function that flips a bit at places in a file of an index, and looks whether `check` names the file."""
    chance = random.Random(8)  # noqa: S311  which bits are tried is no secret

    def trying(which, wanted):
        index = tmp_path / which
        shutil.copytree(sound / which, index)
        for name in filter(wanted, files(index)):
            size = (index / name).stat().st_size
            every = name.name == "CURRENT" or (which == "one" and name.stem == "manifest")
            for at in range(size) if every else sorted(chance.sample(range(size), min(size, POSITIONS))):
                flip(index / name, at, bit := chance.randrange(8))
                assert name.as_posix() in [fault.file for fault in check(index).faults], (name, at, bit)
                flip(index / name, at, bit)
        assert check(index).sound

    return trying


@pytest.mark.parametrize("which", ["one", "two"])
def test_every_flipped_bit_is_found_where_it_is(tried, which):
    # Going through formats takes most of the time, and cannot find a byte that is not as it was written.
    with mock.patch("retriever.index.check.check_formats"):
        tried(which, lambda name: name.name != "CURRENT" and name.stem != "manifest")


@pytest.mark.parametrize("which", ["one", "two"])
def test_every_flipped_bit_of_pointer_and_manifest_is_found(tried, which):
    with (
        mock.patch("retriever.index.check.check_formats"),
        mock.patch("retriever.index.check._problem", return_value=None),
    ):
        tried(which, lambda name: name.name == "CURRENT" or name.stem == "manifest")


def answers(index):
    with Retriever.open(index) as retriever:
        return [retriever.search(question, mode=mode) for question in QUESTIONS for mode in ("hybrid", "lexical")]


@pytest.mark.parametrize("which", ["one", "two"])
def test_after_a_repair_a_search_is_as_before_and_nothing_was_embedded_but_damaged_vectors(sound, which, load_with):
    load_with(CountingEncoder)
    chance = random.Random(9)  # noqa: S311  the same
    before = answers(sound / which)
    with open_snapshot(sound / which) as snapshot:
        windows = snapshot.count
    for name in files(sound / which):
        for _ in range(2):
            with tempfile.TemporaryDirectory() as folder:
                index = Path(folder) / "index"
                shutil.copytree(sound / which, index)
                at = chance.randrange((index / name).stat().st_size)
                flip(index / name, at, chance.randrange(8))
                CountingEncoder.embedded = 0
                done = repair(index)
                assert [fault.file for fault in done.faults] == [name.as_posix()]
                assert answers(index) == before
                assert check(index).sound
                lost = name.name == "vectors.f16" and name.parts[0] == (
                    "gen-000002" if which == "two" else "gen-000001"
                )
                # With a generation kept back, only the text that it lacks.
                assert CountingEncoder.embedded == (0 if not lost else 1 if which == "two" else windows), name
                assert done.aside
                assert all(Path(path).exists() for path in done.aside)
