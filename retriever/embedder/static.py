"""Static models: a text's vector is the mean of its tokens' rows. numpy and tokenizers are all they need.

Reads folders of sentence-transformers with a `StaticEmbedding` module, whose weights are either one float matrix, or
(as model2vec quantises them) small integers with one scale a row. The matrix is memory-mapped and only the rows of the
text are read and scaled, so that a question costs no more than its few tokens.
"""

from __future__ import annotations

import functools
import json
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from retriever.embedder.encoder import Float32Matrix, IntVector
from retriever.embedder.fingerprint import folder_fingerprint
from retriever.errors import ModelMissingError

LONGEST = 4_096  # tokens of a text that count: sixteen times a window; what follows hardly moves a mean
AT_ONCE = 256  # texts tokenised together; with windows of 128 tokens their rows are 32 MB

_TYPES = {"I8": np.int8, "F16": np.float16, "F32": np.float32, "F64": np.float64, "I32": np.int32, "I64": np.int64}


def is_static(folder: Path) -> bool:
    """Whether the sentence-transformers folder holds a static model and nothing that changes its vectors' direction."""
    types = [str(module.get("type", "")).rsplit(".", 1)[-1] for module in _modules(folder)]
    return types in (["StaticEmbedding"], ["StaticEmbedding", "Normalize"])


class StaticEncoder:
    """The static model in `folder`, known to the user as `model`.

    Raises ModelMissingError if the folder's weights are no safetensors file of the layout above.
    """

    def __init__(self, model: str, folder: Path) -> None:
        from tokenizers import Tokenizer  # noqa: PLC0415  # 20 ms that commands without vectors do without

        self.model = model
        self._folder = folder
        inner = folder / str(_modules(folder)[0].get("path", ""))
        try:
            tensors = read_tensors(inner / "model.safetensors")
            self._rows = tensors["embedding.weight"] if "embedding.weight" in tensors else tensors["embeddings"]
            self._tokenizer = Tokenizer.from_file(str(inner / "tokenizer.json"))
        except Exception as error:  # tokenizers raises bare Exception
            raise ModelMissingError(
                model, f"{inner} holds no readable static model ({error})", "Put its files there again."
            ) from error
        self._scales = tensors.get("weights")
        self._row_of_token = tensors.get("mapping")
        self._tokenizer.no_padding()
        self._tokenizer.no_truncation()
        self._prompts = _prompts(folder)

    @property
    def dim(self) -> int:
        return int(self._rows.shape[1])

    @functools.cached_property
    def fingerprint(self) -> str:
        return static_fingerprint(self._folder)

    def encode_query(self, texts: Sequence[str]) -> Float32Matrix:
        return self._encode([self._prompts["query"] + text for text in texts])

    def encode_document(self, texts: Sequence[str]) -> Float32Matrix:
        return self._encode([self._prompts["document"] + text for text in texts])

    def _encode(self, texts: Sequence[str]) -> Float32Matrix:
        vectors = np.zeros((len(texts), self.dim), np.float32)
        for start in range(0, len(texts), AT_ONCE):
            for row, ids in enumerate(self._tokens(texts[start : start + AT_ONCE]), start):
                if len(ids):
                    vectors[row] = self._sum(ids)
        # The sum has the mean's direction. A text of unknown words has neither and stays zero.
        lengths = np.linalg.norm(vectors, axis=1, keepdims=True)
        np.divide(vectors, lengths, out=vectors, where=lengths > 1e-12)
        return vectors

    def _tokens(self, texts: Sequence[str]) -> Iterator[IntVector]:
        # Half a surrogate pair (a file name's undecodable byte, say) is no text to the tokenizer.
        whole = [text.encode("utf-8", "replace").decode() for text in texts]
        for encoded in self._tokenizer.encode_batch_fast(whole, add_special_tokens=False):
            yield np.array(encoded.ids[:LONGEST], np.int64)

    def _sum(self, ids: IntVector) -> npt.NDArray[np.float32]:
        rows = self._rows[ids if self._row_of_token is None else self._row_of_token[ids]].astype(np.float32)
        scales = np.ones(len(ids)) if self._scales is None else self._scales[ids]
        found: npt.NDArray[np.float32] = scales.astype(np.float32) @ rows
        return found


def static_fingerprint(folder: Path) -> str:
    """Return the SHA-256 in hex of the static model in `folder` with what is fixed here."""
    return folder_fingerprint(folder, longest=LONGEST)


def read_tensors(path: Path) -> dict[str, npt.NDArray[Any]]:
    """Return the tensors of a safetensors file by name, memory-mapped.

    The format is eight bytes of length, a JSON header of that length, then the numbers; reading it here saves the
    150 ms that its library's numpy module takes to import. ValueError if the file is something else.
    """
    with path.open("rb") as file:
        length = int.from_bytes(file.read(8), "little")
        if length > min(path.stat().st_size, 1 << 20):
            raise ValueError("not a safetensors file")
        header = json.loads(file.read(length))
    # A plain view of the map: indexing the class memmap itself costs more than reading the rows.
    content = np.asarray(np.memmap(path, np.uint8, mode="r", offset=8 + length))
    tensors = {}
    for name, entry in header.items():
        if name != "__metadata__":
            begin, end = entry["data_offsets"]
            if entry["dtype"] not in _TYPES:
                raise ValueError(f"{name} is of type {entry['dtype']}")
            tensors[name] = content[begin:end].view(_TYPES[entry["dtype"]]).reshape(entry["shape"])
    return tensors


def _modules(folder: Path) -> list[dict[str, Any]]:
    found = _read_json(folder / "modules.json")
    return [module for module in found if isinstance(module, dict)] if isinstance(found, list) else []


def _prompts(folder: Path) -> Mapping[str, str]:
    settings = _read_json(folder / "config_sentence_transformers.json")
    prompts = settings.get("prompts") if isinstance(settings, dict) else None
    prompts = prompts if isinstance(prompts, dict) else {}
    return {kind: str(prompts.get(kind) or "") for kind in ("query", "document")}


def _read_json(path: Path) -> Any:
    try:
        return json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
