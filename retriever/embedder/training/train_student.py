"""The steps of training the transformer of `paper-small`.

Take some or all of a teacher's layers. With --epochs: choose titles, sentences, questions and windows; ask the teacher
for their vectors; teach the layers to give them. Write that student as a sentence-transformers folder in --work; export
it to int8 ONNX, to stand beside a static model; nDCG@10 of both together on each test set.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import random
import time
from typing import Any

import numpy as np

from retriever.embedder.exported import LONGEST as WHOLE
from retriever.embedder.loading import load_encoder
from retriever.embedder.training.card import Run, given, write_card
from retriever.embedder.training.distil import Lessons, distil, new_student, tokens_of
from retriever.embedder.training.export_onnx import export, write_parts
from retriever.embedder.training.ndcg import document_texts, measure
from retriever.embedder.training.papers import Collection
from retriever.embedder.training.teacher import LONGEST, credit, teacher_vectors
from retriever.embedder.training.texts import questions, titles_and_sentences, windows

NAMED = ("layers", "texts", "questions", "windows", "epochs", "batch", "rate", "seed")
SAMPLES = 1_000  # texts on which the exported student is compared with the one that was trained

UNTAUGHT = """The transformer learned nothing from them: its weights are the teacher's. They are what the static model
beside it was trained on; see its own card."""


def add_options(parser: argparse.ArgumentParser) -> None:
    """Add what only a student has."""
    parser.add_argument(
        "--layers", type=int, nargs="+", default=[0, 1, 2, 3, 4, 5], help="of the teacher, counted from 0"
    )
    parser.add_argument("--texts", type=int, default=65_536, help="titles and single sentences")
    parser.add_argument("--questions", type=int, default=49_152, help="summaries, keywords, titles put as questions")
    parser.add_argument("--windows", type=int, default=32_768, help="stretches of abstracts")
    parser.add_argument("--epochs", type=int, default=0, help="of learning; 0 takes the layers as they are")
    parser.add_argument("--batch", type=int, default=64)
    parser.add_argument("--rate", type=float, default=6e-4, help="of learning, at its highest")
    parser.add_argument("--static", default="paper-static", help="name or folder of the static model to stand beside")
    parser.add_argument("--static-weight", type=float, default=0.5, help="of its cosine, between 0 and 1")


def train_student(papers: Collection, options: argparse.Namespace) -> None:
    """Train on `papers` and write the model to `options.folder`."""
    began = time.perf_counter()
    student = new_student(options.teacher, options.layers)
    losses, told = _taught(student, papers, options) if options.epochs else ({}, "")
    student.save_pretrained(str(options.work / "student"), create_model_card=False)
    samples = [text for dev in options.dev for text in document_texts(dev)]
    samples = samples or windows(papers.papers, SAMPLES, options.seed)
    samples = random.Random(options.seed).sample(samples, k=min(len(samples), SAMPLES))  # noqa: S311  # no secret
    cosine = export(options.work / "student", options.folder, samples)
    faithful = f"{cosine:.4f} over {len(samples):,} texts"
    print(f"int8: mean cosine to the float32 student {faithful}", flush=True)
    write_parts(options.folder, {".": 1 - options.static_weight, options.static: options.static_weight})
    ndcg = measure(load_encoder(str(options.folder)), options.dev)
    run = Run(
        kind="student",
        library="onnx",
        intro=_intro(options, faithful),
        teacher=told or UNTAUGHT,
        options=given(options, (*(NAMED if options.epochs else ("layers", "epochs")), "static", "static-weight")),
        losses=losses,
        ndcg=ndcg,
        seconds=time.perf_counter() - began,
        kept="the teacher's vectors, checkpoints",
        limits="English, and the words of machine learning, language and vision above all. "
        f"Of a text the first {WHOLE} tokens count for the transformer.",
    )
    write_card(options.folder, papers, run)
    print(f"wrote {options.folder} after {run.seconds:,.0f} s", flush=True)


def _taught(student: Any, papers: Collection, options: argparse.Namespace) -> tuple[dict[str, float], str]:
    """Teach `student`; return the loss and what the card says of the lessons."""
    short = titles_and_sentences(papers.papers, options.texts, options.seed)
    asked = questions(papers.papers, options.questions, options.seed)
    long = windows(papers.papers, options.windows, options.seed)
    lessons = Lessons(
        tokens_of(student, [*short, *asked], LONGEST) + tokens_of(student, long, WHOLE),
        np.concatenate(
            [
                teacher_vectors(options.teacher, short, options.work),
                teacher_vectors(options.teacher, asked, options.work),
                teacher_vectors(options.teacher, long, options.work, WHOLE),
            ]
        ),
    )
    kept = options.work / f"student-{_run_name(papers, options)}.pt"
    loss = distil(
        student, lessons, kept, epochs=options.epochs, batch=options.batch, seed=options.seed, rate=options.rate
    )
    teacher, _ = credit(options.teacher)
    told = f"""The transformer learned from the vectors that {teacher} gave for {len(short):,} of these titles
and sentences, {len(asked):,} summaries, lists of keywords and titles put as questions, and {len(long):,} stretches of
abstracts."""
    return {"distillation, 1 - cosine": loss}, told


def _run_name(papers: Collection, options: argparse.Namespace) -> str:
    """Return what tells the checkpoints of different runs apart."""
    settings = json.dumps([len(papers.papers), options.teacher, [getattr(options, name) for name in NAMED]])
    return hashlib.sha256(settings.encode()).hexdigest()[:12]


def _intro(options: argparse.Namespace, faithful: str) -> str:
    teacher, licence = credit(options.teacher)
    layers = ", ".join(map(str, options.layers))
    further = "trained further but for its word embeddings" if options.epochs else "as they are"
    share = options.static_weight
    return f"""Two models side by side in one vector, for finding papers: a small transformer (`model.onnx` and its
`tokenizer.json`) and the static model `{options.static}`. `parts.json` gives their weights: a text's vector is the
transformer's unit vector times the root of {1 - share:.2f}, followed by the static one's times the root of {share:.2f}.

The transformer is layers {layers} of {teacher} ({licence}), {further}, in int8;
mean cosine to the float32 network it was made from: {faithful}.

```python
from retriever.embedder import load_encoder

load_encoder("{options.folder.name}").encode_query(["contrastive learning of sentence vectors"])  # unit rows
```"""
