"""The passages of the seed notes, scored against answers checked by hand by a scorer that is not ours."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

COMMAND = Path(sys.executable).with_name("retriever")


@pytest.fixture(scope="module")
def measured(others_notes):
    env = os.environ | {"RETRIEVER": str(COMMAND)}
    # Its exit status covers notes beyond the seeds too; what it prints of the seeds is judged here.
    run = subprocess.run(
        [sys.executable, others_notes / "notes" / "measure"], capture_output=True, text=True, env=env, check=False
    )
    (line,) = re.findall(r"^ *SEEDS .*$", run.stdout, re.MULTILINE) or [run.stderr]
    return line


def figure(line, name):
    return float(re.search(rf"\b{name} ([\d.]+)", line)[1])


@pytest.mark.parametrize(
    ("name", "bar"), [("F1", 0.99), ("title", 0.97), ("openrev", 0.97), ("arxiv", 0.97), ("year", 0.97), ("span", 0.97)]
)
def test_the_papers_of_the_seeds_are_found_as_a_person_finds_them(measured, name, bar):
    assert figure(measured, name) >= bar, measured


def test_headings_above_the_papers_of_the_seeds_are_the_notes_own(measured):
    strict, rootless = re.search(r"\bhead ([\d.]+)/([\d.]+)", measured).groups()
    assert float(strict) >= 0.95, measured
    assert float(rootless) >= 0.95, measured


@pytest.mark.parametrize("seed", ["001", "004"])
def test_a_news_post_about_no_paper_holds_none(others_notes, seed):
    (note,) = (others_notes / "seeds").glob(f"{seed}_*")
    run = subprocess.run([COMMAND, "chunk", note, "--jsonl"], capture_output=True, text=True, check=True)
    assert run.stdout
    assert '"kind": "paper"' not in run.stdout
