"""The benchmark over sets and models: what it writes, and that it goes on where it was."""

import importlib
import json
import sys
from pathlib import Path

import pytest
from test_evaluation_folder import write
from toy import WordEncoder

QUALITY = Path(__file__).resolve().parents[1] / "benchmarks" / "quality"


@pytest.fixture
def measure(monkeypatch):
    monkeypatch.syspath_prepend(str(QUALITY))
    module = importlib.import_module("measure")
    monkeypatch.setattr(module, "load_encoder", WordEncoder)
    monkeypatch.setattr(module, "commit", lambda: "0123456789ab")
    yield module
    for name in ("measure", "variants"):
        sys.modules.pop(name, None)


def run(measure, monkeypatch, folder, *models):
    arguments = [*models, "--sets", str(folder), "--work", str(folder / "work"), "--json", str(folder)]
    monkeypatch.setattr(sys, "argv", ["measure.py", *arguments])
    measure.main()
    return json.loads((folder / "small.json").read_text())


def test_each_model_is_written_as_soon_as_it_is_measured_and_never_measured_twice(measure, monkeypatch, tmp_path):
    write(tmp_path / "small")
    alone = run(measure, monkeypatch, tmp_path, "words")
    assert "less minilm" not in alone
    assert alone["models"]["words"]["command"].endswith("measure.py words --sets SETS --only small")
    assert alone["models"]["words"]["commit"] == "0123456789ab"
    monkeypatch.setattr(WordEncoder, "encode_document", lambda *_: pytest.fail("embedded twice"))
    assert run(measure, monkeypatch, tmp_path, "words") == alone
    monkeypatch.undo()


def test_differences_are_paired_with_the_base_model(measure, monkeypatch, tmp_path):
    write(tmp_path / "small")
    found = run(measure, monkeypatch, tmp_path, "words", "minilm")
    assert list(found["models"]) == ["words", "minilm"]
    # Both are one encoder under two names.
    apart = found["less minilm"]["words"]
    assert apart["dense"]["ndcg@10"] == apart["hybrid"]["mrr@10"] == {"value": 0.0, "low": 0.0, "high": 0.0}
    one = found["models"]["words"]
    assert one["best fixed weight"] in measure.WEIGHTS
    assert one["fixed"]["ndcg@10"]["value"] == max(one["ndcg@10 by fixed weight"].values())
    assert one["hybrid less"]["bm25"]["ndcg@10"]["value"] == pytest.approx(
        one["hybrid"]["ndcg@10"]["value"] - found["bm25"]["ndcg@10"]["value"], abs=2e-4
    )
