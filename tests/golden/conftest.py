"""The notes shipped in corpus/, indexed once for all tests that ask them."""

from pathlib import Path

import pytest

from retriever import Retriever, build


@pytest.fixture(scope="session")
def corpus(tmp_path_factory):
    """Return an open index of corpus/."""
    index = tmp_path_factory.mktemp("corpus") / "index"
    build([Path(__file__).resolve().parents[2] / "corpus"], index)
    with Retriever.open(index) as retriever:
        yield retriever
