"""Whatever happens to a build, at whichever of its steps, a reader sees the index before it or the one after it."""

import json
import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

CAMPAIGN = Path(__file__).with_name("campaign.py")
CAMPAIGNS = [
    "before",
    "after",
    "power",
    "ENOSPC",
    "EIO",
    "power --first",
    "ENOSPC --first --only pwrite",
    "after --whole --only fsync",
    "power --whole --only replace",
]
CONTROLS = ["after --fault careless --only replace", "power --fault forgetful --only replace"]


@pytest.fixture(scope="module")
def campaigns():
    """Start all campaigns, two at a time, and return what they found as futures."""
    with ThreadPoolExecutor(2) as pool:
        yield {options: pool.submit(campaign, options) for options in [*CONTROLS, *CAMPAIGNS]}


def campaign(options):
    # One thread each: a child that is forked from a process with threads may wait for them for ever.
    environment = {**os.environ, "OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"}
    command = [sys.executable, CAMPAIGN, *options.split()]
    ran = subprocess.run(command, capture_output=True, text=True, check=False, env=environment)
    assert not ran.returncode, ran.stderr
    return json.loads(ran.stdout)


@pytest.mark.parametrize("options", CAMPAIGNS)
def test_nothing_is_lost_whichever_step_is_struck(campaigns, options):
    found = campaigns[options].result()
    assert found["problems"] == []
    assert {step.split()[0] for step in found["steps"]} >= {"mkdir", "pwrite", "fsync", "replace", "unlink"}


@pytest.mark.parametrize("options", CONTROLS)
def test_a_build_that_does_it_wrong_is_found_out(campaigns, options):
    assert "damaged" in " ".join(campaigns[options].result()["problems"])
