"""The command as a user runs it: the installed script, in a process of its own, over a copy of corpus/."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
COMMAND = Path(sys.executable).with_name("retriever")


@pytest.fixture(scope="session")
def _built(tmp_path_factory):
    """Return a folder with corpus/ in it, and the first answer there, which built index/."""
    folder = tmp_path_factory.mktemp("built")
    shutil.copytree(ROOT / "corpus", folder / "corpus")
    words = [COMMAND, "search", "attention that cancels noise"]
    state = {f"XDG_{name}_HOME": str(folder / "home") for name in ("CONFIG", "STATE", "DATA")}
    env = os.environ | state | {"COLUMNS": "80"}
    return folder, subprocess.run(words, cwd=folder, env=env, capture_output=True, text=True, check=False)


@pytest.fixture(scope="session")
def first_answer(_built):
    return _built[1]


@pytest.fixture
def folder(_built):
    """Return that folder, to ask questions in; a module that changes notes puts `own_folder` in its place."""
    return _built[0]


@pytest.fixture
def own_folder(tmp_path):
    """Return a folder of the test's own, with corpus/ and an index of it."""
    shutil.copytree(ROOT / "corpus", tmp_path / "own" / "corpus")
    subprocess.run([COMMAND, "build"], cwd=tmp_path / "own", capture_output=True, check=True)
    return tmp_path / "own"


@pytest.fixture
def retriever(folder):
    """Return a function that runs the command in the folder."""

    def run(*words, cwd=folder, **env):
        return subprocess.run(
            [COMMAND, *words], cwd=cwd, env=os.environ | env, capture_output=True, text=True, check=False, timeout=300
        )

    return run
