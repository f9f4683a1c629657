"""A fingerprint changes with everything a vector depends on, and with nothing else."""

import shutil

import pytest

from retriever.embedder import encoder, fingerprint
from retriever.embedder.fingerprint import folder_fingerprint
from retriever.embedder.loading import MODELS


@pytest.fixture
def model(tmp_path):
    return shutil.copytree(MODELS / "paper-static", tmp_path / "model")


@pytest.mark.parametrize(
    "file",
    [
        "model.safetensors",
        "tokenizer.json",
        "modules.json",
        "config_sentence_transformers.json",
        "1_Normalize/config.json",
    ],
)
def test_any_changed_part_gives_another(model, file):
    before = folder_fingerprint(model)
    content = bytearray((model / file).read_bytes())
    content[-2] ^= 1
    (model / file).write_bytes(content)
    assert folder_fingerprint(model) != before


def test_an_added_prompt_file_or_a_renamed_one_gives_another(model):
    before = folder_fingerprint(model)
    (model / "vocab.txt").write_text("word")
    added = folder_fingerprint(model)
    (model / "vocab.txt").rename(model / "other.txt")
    assert len({before, added, folder_fingerprint(model)}) == 3


def test_settings_and_template_count(model, monkeypatch):
    before = folder_fingerprint(model, longest=1)
    assert folder_fingerprint(model, longest=2) != before
    monkeypatch.setattr(fingerprint, "TEMPLATE", encoder.TEMPLATE + 1)
    assert folder_fingerprint(model, longest=1) != before


def test_card_place_and_exports_to_other_runtimes_do_not_count(model, tmp_path):
    before = folder_fingerprint(model)
    (model / "README.md").write_text("another card")
    (model / "onnx").mkdir()
    (model / "onnx" / "config.json").write_text("{}")
    assert folder_fingerprint(shutil.copytree(model, tmp_path / "elsewhere")) == before
    assert len(before) == 64
    int(before, 16)
