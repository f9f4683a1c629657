"""The exported transformer: what its vectors depend on, and what is said when it cannot run."""

import importlib.util
import shutil
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest

from retriever.embedder.exported import LONGEST, NETWORK, TOKENIZER, ExportedEncoder
from retriever.embedder.loading import MODELS
from retriever.errors import ModelMissingError

FOLDER = MODELS / "paper-small"
TEXTS = [
    "graph neural networks",
    "Attention is all you need. Translation. The dominant sequence transduction models are based on recurrence.",
    "which papers study how chatbots refuse a request?",
    "naïve Bayes — ein Überblick",
    "深度学习",
    "\ud800 half a pair",
    "protein " * 90,
]


@pytest.fixture(scope="module")
def encoder():
    return ExportedEncoder("paper-small", FOLDER, 384)


@pytest.fixture(scope="module")
def rows(encoder):
    return encoder.encode_document(TEXTS)


def test_rows_are_unit_vectors(rows):
    assert rows.dtype == np.float32
    assert rows.shape == (len(TEXTS), 384)
    assert np.abs(np.linalg.norm(rows, axis=1) - 1).max() < 1e-5


def test_the_vector_of_a_text_does_not_depend_on_what_is_encoded_with_it(encoder, rows):
    alone = np.concatenate([encoder.encode_document([text]) for text in TEXTS])
    assert np.array_equal(rows, alone)
    assert np.array_equal(rows[::-1], encoder.encode_document(TEXTS[::-1]))


def test_questions_and_documents_of_equal_words_have_equal_vectors(encoder, rows):
    assert np.array_equal(rows, encoder.encode_query(TEXTS))


def test_many_threads_get_the_same_vectors(encoder, rows):
    with ThreadPoolExecutor(8) as threads:
        found = list(threads.map(lambda _: encoder.encode_document(TEXTS), range(8)))
    assert all(np.array_equal(rows, each) for each in found)


def test_more_texts_than_are_tokenised_together_keep_their_order(encoder, rows):
    many = encoder.encode_document(TEXTS[:3] * 100)
    assert np.array_equal(many, np.tile(rows[:3], (100, 1)))


def test_texts_without_a_word_give_zeros(encoder):
    found = encoder.encode_query(["", "  \n", "graph"])
    assert np.linalg.norm(found, axis=1).round(5).tolist() == [0, 0, 1]
    assert encoder.encode_query([]).shape == encoder.encode_document([]).shape == (0, 384)


def test_only_the_first_tokens_of_a_long_text_count(encoder):
    first = "model " * (LONGEST - 2)  # a token each, and two that begin and end the text
    found = encoder.encode_document([first, first + "speech " * 1_000, first[:-6] + "speech "])
    assert np.array_equal(found[0], found[1])
    assert found[0] @ found[2] < 0.9999


def test_related_texts_are_nearer_than_unrelated_ones(encoder):
    asked, near, far = encoder.encode_query(
        ["answering questions over tables", "table question answering", "gait of four-legged robots"]
    )
    assert asked @ near > asked @ far + 0.3


def test_without_onnxruntime_the_command_is_named(monkeypatch):
    find = importlib.util.find_spec
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None if name == "onnxruntime" else find(name))
    with pytest.raises(ModelMissingError) as caught:
        ExportedEncoder("paper-small", FOLDER, 384)
    assert "pip install onnxruntime" in caught.value.next_step


@pytest.mark.parametrize("file", [NETWORK, TOKENIZER])
def test_a_damaged_file_is_named(tmp_path, file):
    folder = shutil.copytree(FOLDER, tmp_path / "model")
    (folder / file).write_bytes(b"{}")
    with pytest.raises(ModelMissingError, match=file):
        ExportedEncoder("m", folder, 384).encode_query(["graph"])


def test_a_network_of_another_width_is_refused():
    with pytest.raises(ModelMissingError, match="300 numbers"):
        ExportedEncoder("m", FOLDER, 300).encode_query(["graph"])


def test_nothing_is_loaded_before_the_first_text():
    program = f"""
import sys
from pathlib import Path
from retriever.embedder.exported import ExportedEncoder
encoder = ExportedEncoder("m", Path({str(FOLDER)!r}), 384)
assert len(encoder.fingerprint) == 64 and encoder.dim == 384
assert not {{"onnxruntime", "tokenizers"}} & set(sys.modules)
encoder.encode_query(["graph"])
sys.exit(", ".join({{"onnx", "torch", "transformers"}} & set(sys.modules)) or 0)
"""
    finished = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False)
    assert (finished.returncode, finished.stderr) == (0, "")
