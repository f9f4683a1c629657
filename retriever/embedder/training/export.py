"""Writes the trained rows as a sentence-transformers folder: int8 with one scale a row, a quarter of the bytes."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
from tokenizers import Tokenizer

from retriever.embedder.encoder import Float32Matrix

MODULES = "sentence_transformers.sentence_transformer.modules"


def write_folder(folder: Path, tokenizer: Tokenizer, rows: Float32Matrix, unknown: int | None) -> None:
    """Write `model.safetensors`, `tokenizer.json` and the two configurations; `rows` (pieces, width) by token id.

    The row of the piece `unknown` becomes zero: what was never seen says nothing.
    """
    from safetensors.numpy import save_file  # noqa: PLC0415  # only training writes weights

    folder.mkdir(parents=True, exist_ok=True)
    rows = rows.copy()
    if unknown is not None:
        rows[unknown] = 0
    scales = np.abs(rows).max(axis=1) / 127
    steps = np.rint(rows / np.where(scales > 0, scales, 1)[:, None]).astype(np.int8)
    save_file({"embeddings": steps, "weights": scales.astype(np.float32)}, folder / "model.safetensors")
    (folder / "model.safetensors").chmod(0o644)  # the library writes through a private temporary file
    tokenizer.no_padding()
    tokenizer.no_truncation()
    tokenizer.save(str(folder / "tokenizer.json"), pretty=False)
    modules = [
        {"idx": 0, "name": "0", "path": "", "type": f"{MODULES}.static_embedding.StaticEmbedding"},
        {
            "idx": 1,
            "name": "1",
            "path": "1_Normalize",
            "type": "sentence_transformers.base.modules.normalize.Normalize",
        },
    ]
    _write_json(folder / "modules.json", modules)
    fields = {"module_input_name": "sentence_embedding", "module_output_name": "sentence_embedding"}
    _write_json(folder / "1_Normalize" / "config.json", fields)
    settings = {
        "model_type": "SentenceTransformer",
        "prompts": {"query": "", "document": ""},
        "default_prompt_name": None,
        "similarity_fn_name": "cosine",
    }
    _write_json(folder / "config_sentence_transformers.json", settings)


def _write_json(path: Path, content: object) -> None:
    path.parent.mkdir(exist_ok=True)
    path.write_text(json.dumps(content, indent=2) + "\n", encoding="utf-8")
