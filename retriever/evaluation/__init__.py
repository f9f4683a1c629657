"""Retrieval tests: how well a model finds what it should, on public sets and on the user's own notes.

A test is a set of passages with questions whose answers are known (`judged`). It is read from a folder (`beir`) or made
from an index (`own`), becomes an index like any other (`indexes`), and is asked through the query path (`asking`).
"""

from retriever.evaluation.report import Comparison, Evaluation, evaluate_folder, evaluate_own

__all__ = ["Comparison", "Evaluation", "evaluate_folder", "evaluate_own"]
