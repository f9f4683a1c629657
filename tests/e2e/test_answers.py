"""What the command answers, from the first question on."""

import json
import re
import shlex
import shutil
import subprocess
import sys
from dataclasses import fields
from pathlib import Path

import pytest

from retriever.cli.screen import width
from retriever.records import Paper
from retriever.words import terms

ROOT = Path(__file__).resolve().parents[2]
NOISE = "attention that cancels noise"
PAPER_FIELDS = [field.name for field in fields(Paper)]
PASSAGE_FIELDS = ["id", "kind", "file", "first_line", "last_line", "heading_path", "text", "highlights"]


def data(run):
    assert run.returncode == 0, run.stderr
    envelope = json.loads(run.stdout)
    assert envelope["ok"] is True
    assert envelope["schema_version"] == 1
    return envelope["data"]


def test_the_first_question_builds_the_index_of_the_corpus_and_answers(first_answer):
    assert first_answer.returncode == 0
    notes = sum(path.is_file() for path in (ROOT / "corpus").rglob("*"))
    assert re.fullmatch(rf"Built index/ from corpus/: {notes} notes, \d+ papers, \d+\.\d s\n", first_answer.stderr)
    assert " 1  Differential Transformer" in first_answer.stdout


def test_the_first_screen_fits_80_columns_and_is_plain(first_answer):
    lines = first_answer.stdout.splitlines()
    assert max(map(width, lines)) <= 80
    assert lines[-1].startswith("retriever show 1 | similar 1")
    assert "\x1b" not in first_answer.stdout
    assert len([line for line in lines if re.match(r" ?\d+  \S", line)]) == 10


def test_readme_shows_what_the_command_prints(retriever):
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    shown = re.search(r"^<!-- answer -->\n```console\n\$ retriever (.*)\n((?s:.*?))^```", text, re.MULTILINE)
    assert shown[2] == retriever(*shlex.split(shown[1])).stdout


def test_json_has_the_documented_fields_and_says_what_the_screen_says(retriever, first_answer):
    found = data(retriever("search", NOISE, "--json"))
    assert list(found) == ["query", "mode", "abstained", "hits", "groups", "remarks"]
    hit = found["hits"][0]
    assert list(hit) == ["rank", "score", "confidence", "parts", "reasons", "paper", "passages", "signals"]
    assert list(hit["paper"]) == PAPER_FIELDS
    assert list(hit["passages"][0]) == PASSAGE_FIELDS
    assert [each["rank"] for each in found["hits"]] == list(range(1, 11))
    assert sorted(rank for group in found["groups"] for rank in group["ranks"]) == list(range(1, 11))
    best = [min(group["ranks"]) for group in found["groups"]]
    assert best == sorted(best)
    screen = " ".join(first_answer.stdout.split())
    papers = [each["paper"] for each in found["hits"] if each["paper"]]
    assert all(" ".join(paper["label"].split()) in screen for paper in papers)


def test_a_hit_quotes_the_lines_that_it_names_and_marks_words_of_the_question(retriever, folder):
    for hit in data(retriever("search", NOISE, "--json"))["hits"]:
        for passage in hit["passages"]:
            note = (folder / "corpus" / passage["file"]).read_text(encoding="utf-8").split("\n")
            lines = set(terms(" ".join(note[passage["first_line"] - 1 : passage["last_line"]])))
            said = terms(passage["text"])
            assert sum(term in lines for term in said) >= 0.9 * len(said)  # repair may change a word
            for start, end in passage["highlights"]:
                assert set(terms(passage["text"][start:end])) & set(terms(NOISE))


def test_the_same_question_has_the_same_answer_to_the_last_digit(retriever):
    assert retriever("search", NOISE, "--json").stdout == retriever("search", NOISE, "--json").stdout


def test_the_architecture_note_names_every_file_of_an_index(folder):
    text = (ROOT / "retriever/README.md").read_text(encoding="utf-8")
    described = set(
        re.findall(r"^ +([\w.]+/?) ", text[text.index("INDEX/") : text.index("Outside the index")], re.MULTILINE)
    )
    (generation,) = (folder / "index").glob("gen-*")
    found = {path.name + "/" * path.is_dir() for path in generation.iterdir()}
    assert found | {"CURRENT", "LOCK"} == described


def test_the_library_answers_as_the_command_does(retriever, folder):
    script = (
        "import json, sys; from retriever import Retriever; from retriever.records import wire\n"
        "with Retriever.open('index') as r: print(json.dumps(wire(r.search(sys.argv[1]))))"
    )
    run = subprocess.run([sys.executable, "-c", script, NOISE], cwd=folder, capture_output=True, text=True, check=True)
    assert json.loads(run.stdout) == data(retriever("search", NOISE, "--json"))


def test_the_library_example_of_readme_runs(folder):
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    example = re.search(r"^```python\n((?s:.*?))^```", text, re.MULTILINE)[1]
    run = subprocess.run([sys.executable, "-c", example], cwd=folder, capture_output=True, text=True, check=True)
    assert run.stdout.startswith("1 Differential Transformer iclr-2025.md:")
    assert len(run.stdout.splitlines()) == 5


@pytest.mark.parametrize("mode", ["hybrid", "lexical", "dense"])
def test_every_mode_finds_a_paper_by_what_its_note_says(retriever, mode):
    found = data(
        retriever("search", "router choices of mixture-of-experts as text embeddings", "--mode", mode, "--json")
    )
    assert found["mode"] == mode
    assert "ZiyueLi2025ICLR+" in [hit["paper"]["key"] for hit in found["hits"][:3] if hit["paper"]]


def test_a_paper_without_a_title_is_shown_with_the_first_clause_of_its_note(retriever):
    screen = " ".join(retriever("search", "ZiyueLi2025ICLR+").stdout.split())
    assert "1 ZiyueLi2025ICLR+: gets text embeddings for free from mixture-of-experts" in screen


def test_every_kind_of_handle_opens_the_same_paper(retriever):
    paper = data(retriever("search", "Transfusion", "-n", "1", "--json"))["hits"][0]
    handles = [paper["paper"]["id"], paper["paper"]["id"][:6], "ChuntingZhou2025ICLR", "SI2hI0frk6", "1"]
    handles += ["https://openreview.net/forum?id=SI2hI0frk6", paper["paper"]["label"]]
    handles += ["iclr-2025.md:{first_line}".format(**paper["passages"][0])]
    for dossier in data(retriever("show", *handles, "--json"))["dossiers"]:
        assert dossier["paper"] == paper["paper"]


def test_show_prints_the_whole_passage_with_its_place(retriever):
    shown = retriever("show", "ZiyueLi2025ICLR+").stdout
    assert re.search(r"^iclr-2025\.md:\d+-\d+ ", shown, re.MULTILINE)
    said = " ".join(shown.split())
    assert "gets text embeddings for free" in said
    assert "positions to words" in said


def test_similar_leaves_the_paper_itself_out_and_says_why(retriever):
    found = data(retriever("similar", "ZiyueLi2025ICLR+", "--json"))
    assert len(found["hits"]) == 10
    assert "ZiyueLi2025ICLR+" not in [hit["paper"]["key"] for hit in found["hits"]]
    assert all(hit["reasons"] for hit in found["hits"])
    screen = " ".join(retriever("similar", "ZiyueLi2025ICLR+").stdout.split())
    assert found["hits"][0]["reasons"][0]["text"] in screen


def test_topics_count_every_paper_once_and_come_from_the_headings(retriever):
    tree = data(retriever("topics", "--json"))["topics"]
    assert "Architecture" in [topic["path"][0] for topic in tree]
    listed = data(retriever("papers", "--json"))
    assert listed["total"] == len(listed["papers"])
    for topic in tree:
        below = [p for p in listed["papers"] if any(t["path"][:1] == topic["path"] for t in p["topics"])]
        assert topic["papers"] == len(below)
    assert re.search(r"^Architecture +\d+$", retriever("topics").stdout, re.MULTILINE)


def test_papers_are_listed_up_to_a_limit(retriever):
    assert len(data(retriever("papers", "-n", "3", "--json"))["papers"]) == 3
    assert re.search(r"^3 of \d+ papers; -n for more$", retriever("papers", "-n", "3").stdout, re.MULTILINE)


def test_status_tells_what_stands_in_the_index(retriever):
    found = data(retriever("status", "--json"))
    assert found["papers"] == data(retriever("papers", "--json"))["total"]
    assert (found["notes_added"], found["notes_changed"], found["notes_removed"]) == (0, 0, 0)
    assert "as they were built" in retriever("status").stdout


def test_chunk_names_files_as_they_were_given_and_needs_no_index(retriever, tmp_path):
    shutil.copytree(ROOT / "corpus", tmp_path / "corpus")
    whole = retriever("chunk", "corpus", "--jsonl", cwd=tmp_path).stdout.splitlines()
    assert {"corpus/iclr-2025.md", "corpus/iclr-2026-rio.txt"} <= {json.loads(line)["file"] for line in whole}
    one = retriever("chunk", "corpus/iclr-2025.md", "--jsonl", cwd=tmp_path).stdout.splitlines()
    assert {json.loads(line)["file"] for line in one} == {"corpus/iclr-2025.md"}
    fields = (
        "kind file first_line last_line heading_path key title name authors venue year arxiv openreview doi acl url"
    )
    assert {*fields.split(), "markers", "tags", "text"} <= set(json.loads(one[0]))


def test_an_answer_of_nothing_is_no_failure(retriever):
    run = retriever("search", "zzzzqqqq", "--mode", "lexical")
    assert run.returncode == 0
    assert re.fullmatch(r"No paper answers this, among \d+ in \d+ notes\.\n", run.stdout)
