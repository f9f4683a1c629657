"""A transformer exported to ONNX: onnxruntime and tokenizers run it, without torch.

One text a run, never a batch. The int8 networks find the scale of their activations anew in every run, over all that
runs together: in a batch of 32 a text's vector would hang on its neighbours (to a cosine of 0.993 on average), and a
refresh would not equal a clean build. Alone a text also pads nothing, and costs a sixth less.
"""

from __future__ import annotations

import functools
import importlib.util
import os
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import numpy as np

from retriever.embedder.encoder import Float32Matrix, Float32Vector, IntVector
from retriever.embedder.fingerprint import files_fingerprint
from retriever.errors import ModelMissingError

NETWORK, TOKENIZER = "model.onnx", "tokenizer.json"
LONGEST = 128  # tokens of a text that count: a window with its title and heading
AT_ONCE = 256  # texts tokenised together

_PADDED = ("input_ids", "attention_mask")  # what the network is given, each (1, tokens)


class ExportedEncoder:
    """The network in `folder`, known to the user as `model`, which gives `dim` numbers a text; loaded at first use.

    Raises ModelMissingError if onnxruntime is not installed, or (at first use) the folder holds no such network.
    """

    def __init__(self, model: str, folder: Path, dim: int) -> None:
        if importlib.util.find_spec("onnxruntime") is None:
            raise ModelMissingError(
                model, "onnxruntime, which runs it, is not installed", "Install it with: pip install onnxruntime"
            )
        self.model = model
        self.dim = dim
        self._folder = folder

    @functools.cached_property
    def fingerprint(self) -> str:
        return exported_fingerprint(self._folder)

    def encode_query(self, texts: Sequence[str]) -> Float32Matrix:
        """Return (len(texts), dim) unit rows on one thread; a text without a word gives zeros."""
        return self._rows(texts, map)

    def encode_document(self, texts: Sequence[str]) -> Float32Matrix:
        """Return (len(texts), dim) rows equal to those of `encode_query`, on all cores."""
        with ThreadPoolExecutor(_cores()) as threads:
            return self._rows(texts, threads.map)

    def _rows(self, texts: Sequence[str], each: Any) -> Float32Matrix:
        rows = np.zeros((len(texts), self.dim), np.float32)
        for start in range(0, len(texts), AT_ONCE):
            tokens = self._tokens(texts[start : start + AT_ONCE])
            for row, vector in enumerate(each(self._vector, tokens), start):
                rows[row] = vector
        return rows

    def _tokens(self, texts: Sequence[str]) -> list[IntVector]:
        # Half a surrogate pair (a file name's undecodable byte, say) is no text to the tokenizer.
        whole = [text.encode("utf-8", "replace").decode() for text in texts]
        return [np.array(encoded.ids, np.int64) for encoded in self._tokenizer.encode_batch_fast(whole)]

    def _vector(self, tokens: IntVector) -> Float32Vector:
        if len(tokens) <= self._tokenizer.num_special_tokens_to_add(is_pair=False):
            return np.zeros(self.dim, np.float32)
        ids = tokens[None]
        found: Float32Vector = self._network.run(None, dict(zip(_PADDED, (ids, np.ones_like(ids)), strict=True)))[0][0]
        return found

    @functools.cached_property
    def _tokenizer(self) -> Any:
        from tokenizers import Tokenizer  # noqa: PLC0415  # 20 ms that commands without vectors do without

        try:
            tokenizer = Tokenizer.from_file(str(self._folder / TOKENIZER))
        except Exception as error:  # tokenizers raises bare Exception
            raise self._unreadable(TOKENIZER, error) from error
        tokenizer.no_padding()
        tokenizer.enable_truncation(LONGEST)
        return tokenizer

    @functools.cached_property
    def _network(self) -> Any:
        import onnxruntime  # noqa: PLC0415  # 50 ms that commands without vectors do without

        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = options.inter_op_num_threads = 1
        options.enable_cpu_mem_arena = False  # one text needs little, and a question is asked but once
        # The file was written optimised: doing it again would be most of the time that loading takes.
        options.graph_optimization_level = onnxruntime.GraphOptimizationLevel.ORT_DISABLE_ALL
        options.log_severity_level = 3  # errors, which are raised as well
        try:
            network = onnxruntime.InferenceSession(
                str(self._folder / NETWORK), options, providers=["CPUExecutionProvider"]
            )
        except Exception as error:  # onnxruntime's own exceptions share no other base
            raise self._unreadable(NETWORK, error) from error
        if network.get_outputs()[0].shape[-1] != self.dim:
            raise self._unreadable(NETWORK, f"it does not give {self.dim} numbers")
        return network

    def _unreadable(self, file: str, why: object) -> ModelMissingError:
        return ModelMissingError(
            self.model, f"{self._folder / file} cannot be read ({why})", "Put its files there again."
        )


def exported_fingerprint(folder: Path) -> str:
    """Return the SHA-256 in hex of the network in `folder` with its tokenizer and what is fixed here."""
    return files_fingerprint(folder, [folder / NETWORK, folder / TOKENIZER], longest=LONGEST)


def _cores() -> int:
    """Return how many cores this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
