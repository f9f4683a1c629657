"""Cross-encoders: models that read a question and a text together, and say how well the one answers the other.

Any that sentence-transformers runs as CrossEncoder; only safetensors are read and no code of a model is run.
"""

from __future__ import annotations

import json
import sys
import threading
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from retriever.embedder.encoder import Float32Vector
from retriever.embedder.transformer import require_library, require_safetensors
from retriever.errors import ModelMissingError

BATCH = 32

_TASKS = ("ForSequenceClassification", "ForCausalLM")  # heads that give a pair of texts a score


class Reranker:
    """The cross-encoder in `folder`, known to the user as `model`; seconds to load.

    Raises ModelMissingError if sentence-transformers is not installed, or the folder holds no model that gives a pair
    of texts one number and can be run from safetensors. Safe to call from several threads.
    """

    def __init__(self, model: str, folder: Path) -> None:
        require_library(model)
        if not _judges_pairs(folder):
            raise ModelMissingError(
                model, "it is no cross-encoder, which reads two texts together", "Choose one made for reranking."
            )
        require_safetensors(model, folder)
        self.model = model
        self._lock = threading.Lock()  # tokenizers of transformers are set up anew for each batch
        self._network = _load(model, folder)
        if self._network.num_labels != 1:
            raise ModelMissingError(
                model, f"it gives a pair of texts {self._network.num_labels} numbers", "Choose one made for reranking."
            )

    def scores(self, question: str, texts: Sequence[str]) -> Float32Vector:
        """Return how well each text answers a question, shape (texts,), on a scale of the model's own."""
        from torch.nn import Identity  # noqa: PLC0415  loaded with the model

        if not texts:
            return np.zeros(0, np.float32)
        with self._lock:
            found = self._network.predict(
                [(question, text) for text in texts],
                batch_size=BATCH,
                show_progress_bar=False,
                activation_fn=Identity(),  # probabilities near 1 are all alike
            )
        if not np.isfinite(found).all():
            raise ModelMissingError(
                self.model, "it gave a score that is not finite", "Use another model, or save it anew."
            )
        return np.asarray(found, np.float32)


def _judges_pairs(folder: Path) -> bool:
    """Tell whether a model's configuration has a head for pairs: others would be given a random one."""
    settings = _read(folder / "config_sentence_transformers.json")
    named = _read(folder / "config.json").get("architectures") or [""]
    return settings.get("model_type") == "CrossEncoder" or str(named[0]).endswith(_TASKS)


def _read(file: Path) -> dict[str, Any]:
    try:
        found = json.loads(file.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return found if isinstance(found, dict) else {}


def _load(model: str, folder: Path) -> Any:
    from sentence_transformers import CrossEncoder  # noqa: PLC0415  # six seconds of CPU
    from transformers.utils import logging as transformers_logging  # noqa: PLC0415  # loaded by the line above

    if not sys.stderr.isatty():
        transformers_logging.disable_progress_bar()
    try:
        return CrossEncoder(
            str(folder), trust_remote_code=False, local_files_only=True, model_kwargs={"use_safetensors": True}
        )
    except (OSError, ValueError, KeyError, ImportError, RuntimeError) as error:
        raise ModelMissingError(
            model, f"sentence-transformers cannot load it ({error})", "Check its folder, or use another model."
        ) from error
