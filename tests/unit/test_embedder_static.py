"""The static encoder against sentence-transformers, and on texts that are hard on it."""

import json
import threading

import numpy as np
import pytest
from tokenizers import Tokenizer, models, pre_tokenizers

from retriever.embedder import load_encoder
from retriever.embedder.loading import MODELS
from retriever.embedder.static import LONGEST, StaticEncoder, is_static, read_tensors
from retriever.errors import ModelMissingError

save_file = pytest.importorskip("safetensors.numpy", reason="writes the models under test").save_file

TEXTS = [
    "Contrastive learning of visual representations",
    "a",
    "Über Naïve Bayes; café résumé",
    "双方向の注意 mechanism 强化学习",
    "αβγ ∑ x_i^2 \\frac{1}{2} <b>bold</b> https://arxiv.org/abs/1706.03762",
    "THE THE THE the 1234567890 co-attention/self-attention",
    "long " * 2_000,
    "emoji 🚀 and \u0000 control \u200b marks\n\n\ttabs",
]


def write_model(folder, tensors, *, types=("StaticEmbedding",), prompts=None, inner=""):
    """A folder of sentence-transformers with the words w0, w1, … as pieces, and [UNK]."""
    (folder / inner).mkdir(parents=True, exist_ok=True)
    rows = len(tensors.get("mapping", tensors.get("embedding.weight", tensors.get("embeddings"))))
    vocabulary = {"[UNK]": 0} | {f"w{place}": place for place in range(1, rows)}
    tokenizer = Tokenizer(models.WordLevel(vocabulary, unk_token="[UNK]"))  # noqa: S106  # a token, not a secret
    tokenizer.pre_tokenizer = pre_tokenizers.Whitespace()
    tokenizer.save(str(folder / inner / "tokenizer.json"))
    save_file(tensors, folder / inner / "model.safetensors")
    home = "sentence_transformers.sentence_transformer.modules.static_embedding."
    modules = [
        {"idx": place, "name": str(place), "path": inner if place == 0 else f"{place}_{name}", "type": home + name}
        for place, name in enumerate(types)
    ]
    (folder / "modules.json").write_text(json.dumps(modules))
    settings = {"model_type": "SentenceTransformer", "prompts": prompts or {}}
    (folder / "config_sentence_transformers.json").write_text(json.dumps(settings))
    return folder


@pytest.fixture(scope="module")
def paper_static():
    return load_encoder("paper-static")


def test_embedded_model_gives_the_vectors_of_sentence_transformers(paper_static):
    library = pytest.importorskip("sentence_transformers", reason="the extra `models` is not installed")
    peer = library.SentenceTransformer(str(MODELS / "paper-static"), device="cpu", local_files_only=True)
    expected = peer.encode(TEXTS)
    np.testing.assert_allclose(paper_static.encode_query(TEXTS), expected, atol=1e-5)
    np.testing.assert_allclose(paper_static.encode_document(TEXTS), expected, atol=1e-5)
    np.testing.assert_allclose(peer.encode(TEXTS, normalize_embeddings=True), expected, atol=1e-5)


def test_rows_are_unit_float32_of_the_stated_width(paper_static):
    rows = paper_static.encode_document(TEXTS)
    assert rows.dtype == np.float32
    assert rows.shape == (len(TEXTS), paper_static.dim) == (len(TEXTS), 256)
    np.testing.assert_allclose(np.linalg.norm(rows, axis=1), 1, atol=1e-5)


@pytest.mark.parametrize("text", ["", " \n\t", "\U00012000"])
def test_text_without_a_known_word_is_a_zero_row(paper_static, text):
    rows = paper_static.encode_query([text, "attention"])
    assert not rows[0].any()
    assert rows[1].any()


def test_no_texts_give_no_rows(paper_static):
    assert paper_static.encode_query([]).shape == (0, 256)


def test_undecodable_byte_of_a_shell_word_is_no_error(paper_static):
    assert np.isfinite(paper_static.encode_query(["attention \udcff"])).all()


def test_words_of_a_text_count_beyond_the_usual_512_and_up_to_the_bound(paper_static):
    text = "attention " * 600
    longer = paper_static.encode_query([text, text + "genome " * 600])
    assert not np.allclose(longer[0], longer[1], atol=1e-3)
    cut = "attention " * LONGEST
    bounded = paper_static.encode_query([cut, cut + "genome " * 600])
    np.testing.assert_array_equal(bounded[0], bounded[1])


def test_rows_do_not_depend_on_the_texts_beside_them(paper_static):
    many = [f"{text} {place}" for place in range(80) for text in TEXTS[:4]]
    together = paper_static.encode_document(many)
    alone = np.concatenate([paper_static.encode_document([text]) for text in many])
    np.testing.assert_array_equal(together, alone)


def test_threads_share_an_encoder(paper_static):
    expected = paper_static.encode_query(TEXTS)
    found = {}

    def ask(place):
        found[place] = paper_static.encode_query(TEXTS)

    threads = [threading.Thread(target=ask, args=(place,)) for place in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(found) == 8
    for rows in found.values():
        np.testing.assert_array_equal(rows, expected)


def test_related_texts_are_nearer_than_others(paper_static):
    rows = paper_static.encode_query(
        ["image recognition with convolutional networks", "object classification by CNNs", "parsing of treebanks"]
    )
    assert rows[0] @ rows[1] > rows[0] @ rows[2]


def test_float_folder_in_a_subfolder_is_read_too(tmp_path):
    weights = np.array([[0, 0], [3, 4], [0, 2], [-1, 0]], np.float32)
    folder = write_model(tmp_path, {"embedding.weight": weights}, inner="0_StaticEmbedding")
    encoder = load_encoder(str(folder))
    assert isinstance(encoder, StaticEncoder)
    np.testing.assert_allclose(
        encoder.encode_query(["w1", "w2 w3"]), [[0.6, 0.8], [-1 / 5**0.5, 2 / 5**0.5]], atol=1e-6
    )


def test_quantised_rows_are_mapped_and_scaled(tmp_path):
    tensors = {
        "embeddings": np.array([[0, 0], [30, 40], [0, 127]], np.int8),
        "mapping": np.array([0, 1, 2, 1], np.int64),
        "weights": np.array([1, 0.5, 0.1, 2], np.float32),
    }
    encoder = StaticEncoder("m", write_model(tmp_path, tensors, types=("StaticEmbedding", "Normalize")))
    by_hand = np.array([60.0, 80 + 12.7])
    np.testing.assert_allclose(encoder.encode_query(["w3 w2"])[0], by_hand / np.linalg.norm(by_hand), atol=1e-6)


def test_prompts_of_the_configuration_go_before_the_text(tmp_path):
    weights = np.eye(3, dtype=np.float32)
    encoder = StaticEncoder(
        "m", write_model(tmp_path, {"embedding.weight": weights}, prompts={"query": "w1 ", "document": "w2 "})
    )
    np.testing.assert_allclose(encoder.encode_query([""]), [[0, 1, 0]])
    np.testing.assert_allclose(encoder.encode_document([""]), [[0, 0, 1]])


@pytest.mark.parametrize(
    ("types", "static"),
    [
        (("StaticEmbedding",), True),
        (("StaticEmbedding", "Normalize"), True),
        (("StaticEmbedding", "Dense"), False),
        (("Transformer", "Pooling"), False),
        ((), False),
    ],
)
def test_only_static_models_without_further_layers_are_read_here(tmp_path, types, static):
    write_model(tmp_path, {"embedding.weight": np.eye(2, dtype=np.float32)}, types=types)
    assert is_static(tmp_path) is static


def test_folder_without_a_list_of_modules_is_not_static(tmp_path):
    assert not is_static(tmp_path)
    (tmp_path / "modules.json").write_text("not json")
    assert not is_static(tmp_path)


@pytest.mark.parametrize("content", [b"", b"pickled", b"\xff" * 64, (5).to_bytes(8, "little") + b"not j"])
def test_damaged_weights_are_a_missing_model(tmp_path, content):
    folder = write_model(tmp_path, {"embedding.weight": np.eye(2, dtype=np.float32)})
    (folder / "model.safetensors").write_bytes(content)
    with pytest.raises(ModelMissingError, match="no readable static model"):
        load_encoder(str(folder))


def test_weights_of_another_type_are_named(tmp_path):
    header = json.dumps({"__metadata__": {}, "x": {"dtype": "U64", "shape": [0], "data_offsets": [0, 0]}}).encode()
    (tmp_path / "model.safetensors").write_bytes(len(header).to_bytes(8, "little") + header + b"\x00")
    with pytest.raises(ValueError, match="U64"):
        read_tensors(tmp_path / "model.safetensors")


def test_missing_tokenizer_is_a_missing_model(tmp_path):
    folder = write_model(tmp_path, {"embedding.weight": np.eye(2, dtype=np.float32)})
    (folder / "tokenizer.json").unlink()
    with pytest.raises(ModelMissingError):
        load_encoder(str(folder))


def test_tensors_are_those_of_the_safetensors_library(tmp_path):
    load_file = pytest.importorskip("safetensors.numpy").load_file
    path = MODELS / "paper-static" / "model.safetensors"
    expected = load_file(path)
    found = read_tensors(path)
    assert found.keys() == expected.keys()
    for name, tensor in expected.items():
        np.testing.assert_array_equal(found[name], tensor)
