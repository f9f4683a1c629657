"""Trains the static model that ships with the package: see `python -m retriever.embedder.training --help`.

One file a step, in the order they run: `papers` (what may be learned from), `vocabulary` (word pieces),
`teacher` (vectors to start from), `bag` (the model and its two rounds), `export` (int8 folder), `card`.
"""
