"""Two models in one vector: the arithmetic against the parts, and the file that names them."""

import json
import shutil

import numpy as np
import pytest

from retriever.embedder import fingerprint_of, load_encoder
from retriever.embedder.exported import ExportedEncoder
from retriever.embedder.loading import MODELS
from retriever.embedder.side_by_side import PARTS, SideBySideEncoder
from retriever.embedder.static import StaticEncoder
from retriever.errors import ModelMissingError

QUESTIONS = ["papers about graph neural networks", "speech recognition", "how do robots walk?"]
DOCUMENTS = ["Message passing on molecules.", "Acoustic models of spoken words.", "Legged locomotion by learning.", "x"]


@pytest.fixture
def folder(tmp_path):
    return shutil.copytree(MODELS / "paper-small", tmp_path / "model")


def write_parts(folder, *parts):
    rows = [dict(zip(("model", "weight", "dim"), part, strict=True)) for part in parts]
    (folder / PARTS).write_text(json.dumps({"parts": rows}))


def test_inner_products_are_the_weighted_sums_of_the_parts_cosines(folder):
    write_parts(folder, (".", 0.7, 384), ("paper-static", 0.3, 256))
    both = load_encoder(str(folder))
    network = ExportedEncoder("m", folder, 384)
    static = StaticEncoder("m", MODELS / "paper-static")
    wanted = sum(
        weight * part.encode_query(QUESTIONS) @ part.encode_document(DOCUMENTS).T
        for part, weight in ((network, 0.7), (static, 0.3))
    )
    found = both.encode_query(QUESTIONS) @ both.encode_document(DOCUMENTS).T
    assert both.dim == 640
    assert np.abs(found - wanted).max() < 1e-6
    assert np.abs(np.linalg.norm(both.encode_document(DOCUMENTS), axis=1) - 1).max() < 1e-6


def test_what_one_part_does_not_know_the_other_speaks_for_alone():
    class Knows:
        def __init__(self, word):
            self.word, self.dim, self.fingerprint, self.model = word, 2, word, word

        def encode_query(self, texts):
            return np.array([[0.6, 0.8] if self.word in text else [0, 0] for text in texts], np.float32)

    both = SideBySideEncoder("m", [Knows("a"), Knows("b")], [0.64, 0.36])
    found = both.encode_query(["a b", "a", "b", ""])
    assert found.round(5).tolist() == [
        pytest.approx([0.48, 0.64, 0.36, 0.48], abs=1e-5),
        pytest.approx([0.6, 0.8, 0, 0], abs=1e-5),
        pytest.approx([0, 0, 0.6, 0.8], abs=1e-5),
        [0, 0, 0, 0],
    ]


def test_the_embedded_model_is_small_and_holds_no_second_copy_of_the_static_one():
    sizes = {
        name: sum(path.stat().st_size for path in (MODELS / name).rglob("*"))
        for name in ("paper-small", "paper-static")
    }
    assert sum(sizes.values()) < 35e6
    assert sizes["paper-static"] < 10e6
    assert not list((MODELS / "paper-small").rglob("*.safetensors"))
    encoder = load_encoder("paper-small")
    assert encoder.model == "paper-small"
    assert encoder.encode_query(["graph"]).shape == (1, encoder.dim)


@pytest.mark.parametrize("file", ["model.onnx", "tokenizer.json"])
def test_any_changed_file_gives_another_fingerprint(folder, file):
    before = fingerprint_of(str(folder))
    assert before == load_encoder(str(folder)).fingerprint == fingerprint_of("paper-small")
    content = bytearray((folder / file).read_bytes())
    content[-2] ^= 1
    (folder / file).write_bytes(content)
    assert fingerprint_of(str(folder)) != before


def test_other_weights_and_another_static_part_give_another_fingerprint(folder, tmp_path):
    static = shutil.copytree(MODELS / "paper-static", tmp_path / "static")
    write_parts(folder, (".", 0.6, 384), (str(static), 0.4, 256))
    found = {fingerprint_of(str(folder))}
    write_parts(folder, (".", 0.5, 384), (str(static), 0.5, 256))
    found.add(fingerprint_of(str(folder)))
    (static / "tokenizer.json").write_text((static / "tokenizer.json").read_text() + "\n")
    found.add(fingerprint_of(str(folder)))
    assert len(found) == 3
    before = fingerprint_of(str(folder))
    (folder / "README.md").write_text("another card")
    assert fingerprint_of(str(folder)) == before


@pytest.mark.parametrize(
    "content",
    ["", "[]", "{}", '{"parts": []}', '{"parts": [{"model": "."}]}', '{"parts": [{"model": ".", "weight": "x"}]}'],
)
def test_a_file_of_another_form_is_named(folder, content):
    (folder / PARTS).write_text(content)
    with pytest.raises(ModelMissingError, match=PARTS):
        load_encoder(str(folder))


@pytest.mark.parametrize("weights", [(0.5, 0.4), (1.2, -0.2), (float("nan"), 0.5)])
def test_weights_have_to_sum_to_one(folder, weights):
    write_parts(folder, (".", weights[0], 384), ("paper-static", weights[1], 256))
    with pytest.raises(ModelMissingError, match="sum to 1"):
        load_encoder(str(folder))


def test_a_static_part_that_is_not_there_is_named(folder):
    write_parts(folder, (".", 0.5, 384), ("/nowhere/at/all", 0.5, 256))
    with pytest.raises(ModelMissingError, match="/nowhere/at/all"):
        load_encoder(str(folder))
