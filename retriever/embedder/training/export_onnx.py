"""Writes a student as an int8 ONNX network, a quarter of the bytes, that gives unit vectors of token ids.

Weights of matrices have one scale a column: one scale a matrix would lose a tenth of the cosine. They use seven of the
eight bits: processors without VNNI add pairs of products in 16 bits, which eight would overflow. On such a processor
seven bits are more faithful, and only so do all processors give the same vectors.
"""

from __future__ import annotations

import json
import tempfile
import warnings
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import torch
from tokenizers import Tokenizer
from torch.nn import functional

from retriever.embedder.exported import NETWORK, TOKENIZER, ExportedEncoder
from retriever.embedder.loading import load_encoder
from retriever.embedder.side_by_side import PARTS

OPSET = 17


class Pooled(torch.nn.Module):  # type: ignore[misc]  # mypy reads none of torch's types
    """A BERT with mean pooling and normalisation: (texts, tokens) ids and mask -> (texts, width) unit rows."""

    def __init__(self, network: Any) -> None:
        super().__init__()
        self.network = network

    def forward(self, ids: torch.Tensor, mask: torch.Tensor) -> torch.Tensor:
        """Return the unit mean of the last layer over the tokens that `mask` marks with 1."""
        last = self.network(input_ids=ids, attention_mask=mask).last_hidden_state
        return functional.normalize((last * mask[:, :, None]).sum(1), dim=1)


def export(student: Path, folder: Path, samples: Sequence[str]) -> float:
    """Write `model.onnx` and `tokenizer.json` to `folder`, from the sentence-transformers folder `student`.

    Returns the mean cosine of the two over `samples`.
    """
    from sentence_transformers import SentenceTransformer  # noqa: PLC0415  # seconds to import

    model = SentenceTransformer(
        str(student),
        device="cpu",
        model_kwargs={"use_safetensors": True, "attn_implementation": "eager"},
        local_files_only=True,
    )
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as scratch:
        whole = Path(scratch) / "float32.onnx"
        _trace(Pooled(model[0].auto_model.eval()), whole)
        _quantise(whole, folder / NETWORK, model[0].auto_model.config)
    tokenizer = Tokenizer.from_file(str(student / TOKENIZER))
    tokenizer.no_padding()
    tokenizer.no_truncation()
    tokenizer.save(str(folder / TOKENIZER), pretty=False)
    wanted = model.encode(list(samples), normalize_embeddings=True, show_progress_bar=False)
    given = ExportedEncoder(folder.name, folder, wanted.shape[1]).encode_document(samples)
    return float((wanted * given).sum(axis=1).mean())


def write_parts(folder: Path, weights: Mapping[str, float]) -> None:
    """Write which models stand side by side: "." for the network in `folder`, static ones by name, with weights."""
    parts = [{"model": name, "weight": round(weight, 4), "dim": _dim(folder, name)} for name, weight in weights.items()]
    (folder / PARTS).write_text(json.dumps({"parts": parts}, indent=2) + "\n", encoding="utf-8")


def _dim(folder: Path, name: str) -> int:
    if name != ".":
        return load_encoder(name).dim
    import onnxruntime  # noqa: PLC0415  # only a student is exported

    session = onnxruntime.InferenceSession(str(folder / NETWORK), providers=["CPUExecutionProvider"])
    return int(session.get_outputs()[0].shape[-1])


def _trace(network: torch.nn.Module, file: Path) -> None:
    # Two texts, because a single row would be taken for a constant of the graph.
    ids = torch.tensor([[101, 2029, 4981, 102], [101, 2817, 19287, 102]])
    named = {"ids": "input_ids", "mask": "attention_mask"}
    axes = {0: "texts", 1: "tokens"}
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of the exporter's age, and of branches that are the same for every text
        torch.onnx.export(
            network,
            (ids, torch.ones_like(ids)),
            str(file),
            dynamo=False,  # the optimiser knows the shapes of the older exporter's graphs
            opset_version=OPSET,
            input_names=list(named.values()),
            output_names=["vectors"],
            dynamic_axes=dict.fromkeys(named.values(), axes) | {"vectors": {0: "texts"}},
        )


def _quantise(whole: Path, file: Path, config: Any) -> None:
    """Fuse the graph of `whole`, round its weights, and write it as onnxruntime would optimise it when loading."""
    import onnxruntime  # noqa: PLC0415  # only a student is exported
    from onnxruntime.quantization import QuantType, quantize_dynamic  # noqa: PLC0415  # needs onnx
    from onnxruntime.transformers import optimizer  # noqa: PLC0415  # needs onnx

    fused, rounded = whole.with_name("fused.onnx"), whole.with_name("int8.onnx")
    optimised = optimizer.optimize_model(
        str(whole),
        model_type="bert",
        num_heads=config.num_attention_heads,
        hidden_size=config.hidden_size,
        opt_level=0,
    )
    optimised.save_model_to_file(str(fused))
    quantize_dynamic(
        fused,
        rounded,
        per_channel=True,
        reduce_range=True,
        weight_type=QuantType.QInt8,
        extra_options={"DefaultTensorType": 1},  # float: the fused nodes' outputs have no type of their own
    )
    options = onnxruntime.SessionOptions()
    options.optimized_model_filepath = str(file)
    # What is more than extended would be laid out for this one processor.
    options.graph_optimization_level = onnxruntime.GraphOptimizationLevel.ORT_ENABLE_EXTENDED
    onnxruntime.InferenceSession(str(rounded), options, providers=["CPUExecutionProvider"])
