"""Trains the models that ship with the package: see `python -m retriever.embedder.training --help`.

Both: `papers` (what may be learned from), `texts` (taken from them), `teacher` (vectors to learn), `ndcg`, `card`.
The static model, `train_static`: `vocabulary` (word pieces), `bag` (the model and its two rounds), `export` (int8).
The transformer, `train_student`: `distil` (the model and its lessons), `export_onnx` (int8).
"""
