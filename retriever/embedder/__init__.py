"""Texts -> unit vectors. The embedded models need no torch; others come through sentence-transformers."""

from retriever.embedder.encoder import Encoder, Float32Matrix, document_text
from retriever.embedder.loading import DEFAULT_MODEL, fingerprint_of, load_encoder, load_reranker

__all__ = [
    "DEFAULT_MODEL",
    "Encoder",
    "Float32Matrix",
    "document_text",
    "fingerprint_of",
    "load_encoder",
    "load_reranker",
]
