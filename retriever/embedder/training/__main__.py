"""Train the static model that ships with the package.

    python -m retriever.embedder.training PAPERS FOLDER [--work FOLDER] [--dev FOLDER ...]

PAPERS is a parquet or JSON lines table of papers (see `papers.py` for its columns and for which rows are used).
FOLDER gets the model: a sentence-transformers folder with a model card. Steps: learn word pieces; ask the teacher for
vectors of titles and single sentences (by far the longest step, kept in --work and never done twice); regression onto
them; contrast of titles, summaries and spans with abstracts; int8; nDCG@10 on each --dev folder (BEIR layout).
Needs the extra `minilm`, and pyarrow for parquet.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from tokenizers import Tokenizer

from retriever.embedder.static import StaticEncoder
from retriever.embedder.training.bag import Pairs, contrast, new_model, regress
from retriever.embedder.training.card import Run, write_card
from retriever.embedder.training.export import write_folder
from retriever.embedder.training.ndcg import ndcg_at_10
from retriever.embedder.training.papers import Collection, TrainingPaper, read_papers
from retriever.embedder.training.teacher import choose_texts, principal_axes, teacher_vectors
from retriever.embedder.training.vocabulary import UNKNOWN, learn_pieces, tokenise


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the command; `arguments` as on the command line."""
    options = _parser().parse_args(arguments)
    began = time.perf_counter()
    papers = read_papers(options.papers, options.limit)
    for (source, licence), count in sorted(papers.counts.items()):
        print(f"{source} ({licence}): {count:,} papers", flush=True)
    tokenizer = _pieces(papers, options.work, options.pieces)
    texts = choose_texts(papers.papers, options.texts, options.seed)
    model = new_model(tokenizer.get_vocab_size(), options.width, options.seed)
    losses = {}
    if texts:
        targets = principal_axes(teacher_vectors(options.teacher, texts, options.work), options.width)
        losses["regression, 1 - cosine"] = regress(
            model, tokenise(tokenizer, texts), targets, epochs=options.regression_epochs, batch=2_048, seed=options.seed
        )
    pairs = _pairs(tokenizer, papers.papers)
    losses["contrast, cross-entropy"] = contrast(
        model,
        pairs,
        epochs=options.epochs,
        batch=options.batch,
        seed=options.seed,
        after_epoch=lambda epoch: np.save(options.work / f"rows-{epoch}.npy", model.weight.detach().numpy()),
    )
    unknown = tokenizer.token_to_id(UNKNOWN)
    write_folder(options.folder, tokenizer, model.weight.detach().numpy(), unknown)
    encoder = StaticEncoder(options.folder.name, options.folder)
    ndcg = {dev.name: ndcg_at_10(encoder, dev) for dev in options.dev}
    for name, value in ndcg.items():
        print(f"{name}: nDCG@10 {value:.3f}", flush=True)
    named = ("texts", "regression-epochs", "epochs", "batch", "pieces", "width", "seed")
    run = Run(
        name=options.folder.name,
        pieces=tokenizer.get_vocab_size(),
        width=options.width,
        texts=len(texts),
        teacher="all-MiniLM-L6-v2" if options.teacher == "minilm" else options.teacher,
        teacher_licence="Apache-2.0" if options.teacher == "minilm" else "see its own card",
        options={name: getattr(options, name.replace("-", "_")) for name in named},
        losses=losses,
        ndcg=ndcg,
        seconds=time.perf_counter() - began,
    )
    write_card(options.folder, papers, run)
    print(f"wrote {options.folder} after {run.seconds:,.0f} s", flush=True)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m retriever.embedder.training",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("papers", type=Path, help="table of papers: .parquet or .jsonl")
    parser.add_argument("folder", type=Path, help="where the model is written; its last part is the model's name")
    parser.add_argument(
        "--work", type=Path, default=Path("training"), help="kept between runs: pieces, teacher vectors"
    )
    parser.add_argument("--dev", type=Path, nargs="*", default=[], help="test sets in BEIR layout to measure on")
    parser.add_argument("--teacher", default="minilm", help="model whose vectors are learned first")
    parser.add_argument("--texts", type=int, default=65_536, help="texts for the teacher; 0 starts from random rows")
    parser.add_argument("--regression-epochs", type=int, default=12)
    parser.add_argument("--epochs", type=int, default=4, help="of the contrast")
    parser.add_argument("--batch", type=int, default=4_096, help="of the contrast: more papers to be told apart")
    parser.add_argument("--pieces", type=int, default=32_000)
    parser.add_argument("--width", type=int, default=256)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--limit", type=int, help="use only so many papers")
    return parser


def _pieces(papers: Collection, work: Path, size: int) -> Tokenizer:
    """Learn the word pieces, or read those that a run over as many papers kept."""
    work.mkdir(parents=True, exist_ok=True)
    kept = work / f"pieces-{size}-of-{len(papers.papers)}.json"
    if not kept.exists():
        print(f"learning {size:,} word pieces", flush=True)
        learn_pieces(papers.papers, size).save(str(kept))
    return Tokenizer.from_file(str(kept))


def _pairs(tokenizer: Tokenizer, papers: Sequence[TrainingPaper]) -> Pairs:
    print(f"tokenising {len(papers):,} papers", flush=True)
    with_summary = [row for row, paper in enumerate(papers) if paper.tldr]
    return Pairs(
        titles=tokenise(tokenizer, [paper.title for paper in papers]),
        abstracts=tokenise(tokenizer, [paper.abstract for paper in papers]),
        summaries=tokenise(tokenizer, [papers[row].tldr for row in with_summary]),
        with_summary=np.array(with_summary, np.int64),
    )


if __name__ == "__main__":
    main()
