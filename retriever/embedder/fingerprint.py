"""A model's identity: one hash over the files that its vectors depend on."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from pathlib import Path

from retriever.embedder.encoder import TEMPLATE

# Weights, tokenizer, prompts, pooling and maximal length all stand in these. Exports to other runtimes do not count:
# they are never loaded.
_KINDS = {".safetensors", ".json", ".txt", ".model"}
_OTHER_RUNTIMES = {"onnx", "openvino"}


def folder_fingerprint(folder: Path, **settings: int) -> str:
    """Return the SHA-256 in hex of the model in `folder`, together with ours: text template and `settings`.

    Reads every weight: some 10 ms for the embedded model, a tenth of a second for one of 90 MB.
    """
    files = [
        path
        for path in folder.rglob("*")
        if path.suffix in _KINDS and path.is_file() and not _OTHER_RUNTIMES & set(path.relative_to(folder).parts)
    ]
    return files_fingerprint(folder, files, **settings)


def files_fingerprint(folder: Path, files: Iterable[Path], **settings: int) -> str:
    """Return the same of a model that is made of `files` of `folder`."""
    hashes = {path.relative_to(folder).as_posix(): _file_hash(path) for path in sorted(files)}
    content = json.dumps({"files": hashes, "template": TEMPLATE, **settings}, sort_keys=True)
    return hashlib.sha256(content.encode()).hexdigest()


def _file_hash(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
