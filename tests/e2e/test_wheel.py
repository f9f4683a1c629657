"""What is in the box."""

import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def wheel(tmp_path_factory):
    folder = tmp_path_factory.mktemp("dist")
    words = [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", folder, ROOT]
    subprocess.run(words, check=True, capture_output=True)
    (path,) = folder.iterdir()
    with zipfile.ZipFile(path) as archive:
        yield archive


def test_the_wheel_holds_the_package_whole_and_nothing_else(wheel):
    kept = {name for name in wheel.namelist() if ".dist-info/" not in name}
    ours = ["git", "ls-files", "--cached", "--others", "--exclude-standard", "retriever"]
    assert kept == set(subprocess.run(ours, cwd=ROOT, capture_output=True, text=True, check=True).stdout.splitlines())


def test_the_weights_are_inside_and_small(wheel):
    weights = [info for info in wheel.infolist() if info.filename.endswith(".safetensors")]
    assert weights
    assert sum(info.file_size for info in weights) < 30e6


def test_licence_and_notice_travel_along(wheel):
    names = [name.rsplit("/", 1)[-1] for name in wheel.namelist() if ".dist-info/licenses/" in name]
    assert sorted(names) == ["LICENSE", "NOTICE"]
    metadata = next(wheel.read(name).decode() for name in wheel.namelist() if name.endswith("/METADATA"))
    assert "License-Expression: Apache-2.0" in metadata
    assert "Requires-Dist: torch" not in metadata
