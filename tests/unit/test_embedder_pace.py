"""How long a build says that it will take, before it embeds."""

from importlib import import_module

from toy import WordEncoder

from retriever import build
from retriever.cli.opening import foretell
from retriever.cli.progress import spoken
from retriever.embedder.pace import seconds_by_model


def test_the_model_in_use_is_told_first_and_then_the_embedded_ones():
    found = seconds_by_model(WordEncoder(), ["attention that cancels noise"] * 40, 1_000)
    assert list(found) == ["words", "paper-small", "paper-static"]
    assert all(seconds > 0 for seconds in found.values())
    assert found["paper-small"] > found["paper-static"]


def test_only_a_long_build_is_foretold(tmp_path, monkeypatch):
    monkeypatch.setattr(import_module("retriever.indexing.build"), "MANY", 5)
    told = []
    lines = [f"- [A study of the number {at}](https://arxiv.org/abs/2001.{at:05}) counts to {at}" for at in range(4)]
    (tmp_path / "notes").mkdir()
    (tmp_path / "notes" / "a.md").write_text("\n".join(lines), "utf-8")

    def made(model):
        encoder = WordEncoder()
        encoder.fingerprint = model
        build([tmp_path / "notes"], tmp_path / "index", encoder=encoder, foretell=lambda *of: told.append(of))

    made("a" * 64)
    assert told == []
    (tmp_path / "notes" / "b.md").write_text("\n".join(line.replace("2001", "2002") for line in lines), "utf-8")
    made("a" * 64)
    assert told == []  # four of the eight windows are new
    made("b" * 64)  # another model embeds all eight, none of them from a note that is read
    assert [windows for windows, _ in told] == [8]


def test_minutes_are_said_with_what_would_be_quicker_and_seconds_are_not(capsys):
    foretell(50_000, {"paper-small": 600.0, "paper-static": 8.0})
    assert capsys.readouterr().err == (
        "Embedding 50,000 windows with paper-small takes about 10 min; 8 s with --model paper-static.\n"
    )
    foretell(3_000, {"paper-small": 40.0, "paper-static": 1.0})
    assert capsys.readouterr().err == ""
    assert [spoken(seconds) for seconds in (0.2, 60, 600, 10_800)] == ["1 s", "60 s", "10 min", "3 h"]
