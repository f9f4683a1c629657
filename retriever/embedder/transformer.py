"""Any model that sentence-transformers runs, from a folder or the Hugging Face hub.

Only safetensors are read and no code of a model is run: a pickle, or a model's own Python, could do anything.
"""

from __future__ import annotations

import functools
import importlib.util
import sys
import threading
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from retriever.embedder.encoder import Float32Matrix
from retriever.embedder.fingerprint import folder_fingerprint
from retriever.errors import ModelMissingError

BATCH = 32
PROGRESS_FROM = 256  # texts: fewer are done before a bar could be read

_FILES = ["*.safetensors", "*.json", "*.txt", "*.model"]
_OTHER_RUNTIMES = ["onnx/*", "openvino/*"]


class TransformerEncoder:
    """The model in `folder`, known to the user as `model`; seconds to load.

    Query and document prompts of the model's own configuration are honoured. Raises ModelMissingError if
    sentence-transformers is not installed, or the folder holds no model it can run from safetensors.
    """

    def __init__(self, model: str, folder: Path) -> None:
        require_library(model)
        require_safetensors(model, folder)
        self.model = model
        self._folder = folder
        self._lock = threading.Lock()  # tokenizers of transformers are set up anew for each batch
        self._network = _load(model, folder)

    @property
    def dim(self) -> int:
        return int(self._network.get_embedding_dimension())

    @functools.cached_property
    def fingerprint(self) -> str:
        return folder_fingerprint(self._folder)

    def encode_query(self, texts: Sequence[str]) -> Float32Matrix:
        return self._encode(self._network.encode_query, texts)

    def encode_document(self, texts: Sequence[str]) -> Float32Matrix:
        return self._encode(self._network.encode_document, texts)

    def _encode(self, encode: Callable[..., Any], texts: Sequence[str]) -> Float32Matrix:
        """Batches of like length are the library's own doing."""
        if not texts:
            return np.zeros((0, self.dim), np.float32)
        with self._lock:
            vectors = encode(
                list(texts),
                batch_size=BATCH,
                normalize_embeddings=True,
                convert_to_numpy=True,
                show_progress_bar=sys.stderr.isatty() and len(texts) >= PROGRESS_FROM,
            )
        if not np.isfinite(vectors).all():
            raise ModelMissingError(
                self.model, "it gave a vector with numbers that are not finite", "Use another model, or save it anew."
            )
        return np.asarray(vectors, np.float32)


def require_library(model: str) -> None:
    """Raise ModelMissingError if sentence-transformers is not installed; costs no import of it."""
    if importlib.util.find_spec("sentence_transformers") is None:
        raise ModelMissingError(
            model,
            "sentence-transformers, which runs it, is not installed",
            "Install it with: pip install 'paper-retriever[models]'",
        )


def require_safetensors(model: str, folder: Path) -> None:
    """Raise ModelMissingError if a model's folder holds no weights that can be read safely."""
    if not any(folder.rglob("*.safetensors")):
        raise ModelMissingError(
            model,
            f"{folder} holds no safetensors weights, and pickled ones could run any code",
            "Choose a model with a model.safetensors, or save this one anew with safe_serialization=True.",
        )


def hub_folder(model: str, *, download: bool) -> Path:
    """Return the folder where the hub's cache keeps the model `model`, fetching it first if `download`."""
    require_library(model)
    import huggingface_hub  # noqa: PLC0415  # only for models by name

    try:
        found = huggingface_hub.snapshot_download(
            model, local_files_only=not download, allow_patterns=_FILES, ignore_patterns=_OTHER_RUNTIMES
        )
    except (OSError, ValueError) as error:  # not found, not reachable, no name of a model
        if download:
            raise ModelMissingError(
                model, f"it could not be downloaded ({error})", "Check its name and the network, or give a folder."
            ) from error
        raise ModelMissingError(
            model,
            "it is neither a folder nor among the models downloaded before",
            "Allow to fetch it with --download, or give the folder of a model.",
        ) from error
    return Path(found)


def _load(model: str, folder: Path) -> Any:
    from sentence_transformers import SentenceTransformer  # noqa: PLC0415  # six seconds of CPU
    from transformers.utils import logging as transformers_logging  # noqa: PLC0415  # loaded by the line above

    if not sys.stderr.isatty():
        transformers_logging.disable_progress_bar()
    try:
        return SentenceTransformer(
            str(folder), trust_remote_code=False, local_files_only=True, model_kwargs={"use_safetensors": True}
        )
    except (OSError, ValueError, KeyError, ImportError, RuntimeError) as error:
        raise ModelMissingError(
            model, f"sentence-transformers cannot load it ({error})", "Check its folder, or use another model."
        ) from error
