"""What tests share: where the notes of others are, and a home that is not the developer's own."""

import os
from importlib import import_module
from pathlib import Path

import pytest
from hypothesis import settings
from toy import WordEncoder, write_notes

from retriever import build
from retriever.index import open_snapshot

# How long an example takes says more about the machine, and about what is loaded first, than about the code.
settings.register_profile("untimed", deadline=None)
settings.load_profile("untimed")

ROOT = Path(__file__).resolve().parents[1]


@pytest.fixture(scope="session")
def others_notes():
    """Return the folder of real notes that belong to others (seeds/ and notes/ in it); skip where it is not at hand."""
    folder = Path(os.environ.get("RETRIEVER_TEST_NOTES") or ROOT.parent / "shared").resolve()
    if not (folder / "notes" / "gold_seeds.jsonl").is_file():
        pytest.skip("needs the notes of others: name their folder in RETRIEVER_TEST_NOTES")
    return folder


@pytest.fixture(autouse=True)
def _own_home(monkeypatch, tmp_path):
    for name, folder in (("CONFIG", "config"), ("STATE", "state"), ("DATA", "data"), ("CACHE", "cache")):
        monkeypatch.setenv(f"XDG_{name}_HOME", str(tmp_path / f"home-{folder}"))
    for name in ("RETRIEVER_INDEX", "RETRIEVER_MODEL", "RETRIEVER_DEBUG", "NO_COLOR"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("COLUMNS", "80")


@pytest.fixture
def load_with(monkeypatch):
    """Return a function that lets builds, checks and repairs make their encoder with a class, whatever its model."""

    def use(kind=WordEncoder):
        def load(model, *, download=False):
            return kind(model)

        for module in ("embedder", "indexing.build", "indexing.comparison"):
            monkeypatch.setattr(import_module(f"retriever.{module}"), "load_encoder", load)

    return use


@pytest.fixture(scope="session")
def toy_index(tmp_path_factory):
    """Return an index of the notes in toy.py, made with its encoder of words alone. Read only."""
    folder = tmp_path_factory.mktemp("toy")
    build([write_notes(folder / "notes")], folder / "index", encoder=WordEncoder())
    return folder / "index"


@pytest.fixture(scope="session")
def toy_snapshot(toy_index):
    """Return the one generation of the toy index, open."""
    with open_snapshot(toy_index) as snapshot:
        yield snapshot
