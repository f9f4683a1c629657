"""What the package promises by its shape: names, sizes, imports, and documentation that tells the truth."""

import ast
import importlib
import json
import re
import subprocess
import sys
from dataclasses import fields
from pathlib import Path

import pytest
from typer.main import get_command

import retriever
from retriever.cli.app import VERBS, app
from retriever.notes.reading import READERS
from retriever.records import BuildReport, Evidence, Finding, Hit, Paper, Passage, PassageHit, Status, Topic

ROOT = Path(__file__).resolve().parents[2]
SOURCES = sorted((ROOT / "retriever").rglob("*.py"))


def test_every_exported_name_resolves_and_every_public_name_is_exported():
    assert all(getattr(retriever, name) is not None for name in retriever.__all__)
    assert dir(retriever) == sorted(retriever.__all__)
    with pytest.raises(AttributeError, match="no attribute 'nothing'"):
        retriever.nothing  # noqa: B018  the look-up is the test


def test_names_for_type_checkers_are_the_names_that_resolve():
    tree = ast.parse((ROOT / "retriever/__init__.py").read_text(encoding="utf-8"))
    checked = next(node for node in tree.body if isinstance(node, ast.If))
    named = {alias.asname: node.module for node in checked.body for alias in node.names}
    assert sorted([*named, "__version__"]) == sorted(retriever.__all__)
    assert all(getattr(importlib.import_module(home), name) is getattr(retriever, name) for name, home in named.items())


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: str(path.relative_to(ROOT)))
def test_no_room_is_longer_than_a_person_reads_at_once(path):
    assert len(path.read_text(encoding="utf-8").splitlines()) <= 300


def loaded_by(*arguments, cwd=None):
    """Return the names of all modules in a fresh process after `retriever ARGUMENTS`."""
    script = (
        "import json, sys; from retriever.cli import main; main(sys.argv[1:]); print(json.dumps(list(sys.modules)))"
    )
    run = subprocess.run(
        [sys.executable, "-c", script, *arguments],
        capture_output=True,
        text=True,
        check=True,
        cwd=cwd or ROOT / "tests",
    )
    return set(json.loads(run.stdout.splitlines()[-1]))


@pytest.mark.parametrize("arguments", [["--version"], ["--help"], ["search", "--help"]])
def test_help_and_version_load_nothing_heavy(arguments):
    assert not loaded_by(*arguments) & {
        "numpy",
        "faiss",
        "tantivy",
        "tokenizers",
        "torch",
        "rich",
        "pydantic",
        "retriever.library",
    }


def test_importing_the_package_loads_nothing_of_it():
    script = "import sys, retriever; print(*(name for name in sys.modules if name.startswith('retriever')))"
    run = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True, cwd=ROOT / "tests")
    assert run.stdout.split() == ["retriever"]


def test_a_question_never_loads_a_model_library(tmp_path):
    index = str(tmp_path / "index")
    loaded_by("build", str(ROOT / "corpus"), "--index", index)
    heavy = {"torch", "sentence_transformers", "transformers", "onnx", "rich", "pydantic", "pyarrow"}
    for arguments in (["search", "attention"], ["similar", "1"], ["search", "x", "--mode", "dense"]):
        loaded = loaded_by(*arguments, "--index", index)
        assert "retriever.library" in loaded
        assert not loaded & heavy
    for arguments in (["show", "1"], ["search", "x", "--mode", "lexical"]):  # what needs no vector runs no network
        assert not loaded_by(*arguments, "--index", index) & {*heavy, "onnxruntime"}


def options_of(verb):
    command = get_command(app).commands[verb]
    return {name for parameter in command.params for name in parameter.opts if name.startswith("-")}


def test_readme_names_every_verb_and_no_option_that_is_not_there():
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    assert set(re.findall(r"^retriever (\w+)", text, re.MULTILINE)) == VERBS == set(get_command(app).commands)
    rows = re.findall(r"^\| (`-.*?) \| (.*?) \|", text, re.MULTILINE)
    assert rows
    for options, verbs in rows:
        named = re.findall(r"--?[a-z][\w-]*", options)
        without = set(re.findall(r"\w+", verbs.partition(" but ")[2]))
        of = VERBS - without if verbs.startswith("every verb") else set(re.findall(r"\w+", verbs))
        for verb in VERBS:
            assert (set(named) <= options_of(verb)) == (verb in of), (named, verb)


def test_readme_names_every_kind_of_file_that_is_read_and_no_other():
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    section = text[text.index("## What is read") : text.index("AsciiDoc")]
    assert set(re.findall(r"`(\.\w+)`", section)) == set(READERS)
    for reader in READERS.values():
        importlib.import_module(f"retriever.notes.{reader}")


def test_every_option_is_documented():
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    for verb in VERBS:
        for option in options_of(verb) - {"--help", "-h"}:
            assert option in text, (verb, option)


def test_exit_codes_in_readme_are_those_of_the_errors():
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    listed = next(line for line in text.splitlines() if line.startswith("Exit codes:"))
    codes = {int(code) for code in re.findall(r"\b(\d+) [a-z]", listed)}
    from retriever import errors  # noqa: PLC0415  only here

    raised = {
        kind.exit_code for kind in vars(errors).values() if isinstance(kind, type) and issubclass(kind, Exception)
    }
    assert codes == raised | {0}


@pytest.mark.parametrize("record", [Hit, PassageHit, Paper, Passage, Evidence, Topic, BuildReport, Status, Finding])
def test_the_architecture_note_gives_every_field_of_an_answer_in_order(record):
    text = (ROOT / "retriever/README.md").read_text(encoding="utf-8")
    names = [field.name for field in fields(record)]
    assert re.search(r"\{" + r"(?:: [^`]*?)?, ".join(names) + r"[:},]", text)


def test_constraints_are_plain_pins():
    lines = (ROOT / "constraints.txt").read_text(encoding="utf-8").splitlines()
    assert all(re.fullmatch(r"#.*|[A-Za-z0-9._-]+==[\w.]+", line) for line in lines)
    assert "torch==2.13.0" in lines
