"""Readers beside builds, and builds beside each other."""

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from readers import race
from toy import WordEncoder, write_notes

from retriever import build
from retriever.index.check import check
from retriever.index.manifest import read_pointer

COMMAND = Path(sys.executable).with_name("retriever")

# A build that stops where it holds the lock, says so, and goes on when told.
HOLDER = """
import sys
from pathlib import Path
sys.path.insert(0, {tests!r})
from toy import WordEncoder
from retriever import build

class Waiting(WordEncoder):
    def encode_document(self, texts):
        print("held", flush=True)
        sys.stdin.readline()
        return super().encode_document(texts)

build([Path({notes!r})], Path({index!r}), encoder=Waiting())
"""


def test_readers_beside_rebuilds_never_fail_and_never_see_a_mix(tmp_path):
    found = race(tmp_path, rebuilds=10)
    assert (found["failures"], found["mixes"]) == ([], [])
    assert all(states > 2 for states in found["states_seen"].values())
    assert found["questions"] > 30


@pytest.fixture
def held(tmp_path):
    """Return the folder of notes and an index, and a build of it that holds its lock."""
    notes = write_notes(tmp_path / "notes")
    build([notes / "article.md"], tmp_path / "index", encoder=WordEncoder())
    script = HOLDER.format(tests=str(Path(__file__).parents[1]), notes=str(notes), index=str(tmp_path / "index"))
    process = subprocess.Popen([sys.executable, "-c", script], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    assert process.stdout.readline() == "held\n"
    yield tmp_path, process
    process.kill()
    process.communicate()


def start(folder, *words):
    command = [COMMAND, "build", folder / "notes", "--index", folder / "index", "--json", *words]
    return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


def test_of_six_builds_at_once_one_wins_and_the_others_name_it(held):
    folder, winner = held
    others = [start(folder) for _ in range(5)]
    for other in others:
        out, err = other.communicate(timeout=120)
        assert (other.returncode, err) == (5, "")
        error = json.loads(out)["error"]
        assert error["code"] == "build_running"
        assert f"process {winner.pid}." in error["message"]
    assert read_pointer(folder / "index").generation == "gen-000001"
    winner.communicate("\n" * 99, timeout=120)
    assert winner.returncode == 0
    assert read_pointer(folder / "index").generation == "gen-000002"
    assert check(folder / "index").sound


def test_a_holder_that_is_killed_frees_the_lock(held):
    folder, holder = held
    os.kill(holder.pid, signal.SIGKILL)
    holder.wait()
    build([folder / "notes"], folder / "index", encoder=WordEncoder())
    found = check(folder / "index")
    assert (found.sound, found.strays, found.generation) == (True, (), "gen-000002")
