"""The verbs over a library that is replaced by a fake: what they ask of it, and what they print."""

import io
import json
import os
import runpy
import sys
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace

import pytest
from cli_fakes import DIFFERENTIAL, DOSSIERS, EMPTY, GAPS, KEYED, PASSAGE, RESULTS, SHARING, STATUS, TOPIC_PAGE, TOPICS

from retriever import __version__
from retriever.cli import main
from retriever.errors import BuildRunningError, IndexNotFoundError, ModelMissingError
from retriever.records import BuildReport, Examination, Finding, Place, wire

REPORT = BuildReport(
    index="index", notes=6, papers=80, papers_in_many_places=0, sections=4, papers_added=80, papers_changed=0,
    papers_removed=0, notes_read=6, notes_added=6, notes_removed=0,
    windows=90, windows_embedded=90, model="paper-static", seconds=0.93,
    published=True, warnings=("odd.md: skipped",),
)  # fmt: skip


EXAMINATION = Examination(
    3,
    (
        Finding("mojibake", "a.md", 7, "text in a wrong encoding", "â€”", "—"),
        Finding("duplicate_key", "a.md", 9, "key li2020 is of “A” and of “B”", others=(Place("b.md", 2),)),
        Finding("mojibake", "b.md", 1, "text in a wrong encoding", "Ã\u00a0", "\u00a0"),
    ),
)


class Library:
    """Stands in for `retriever.library`, and notes down what it was asked."""

    def __init__(self):
        self.asked = []
        self.found = RESULTS
        self.state = STATUS
        self.raises = None
        self.Retriever = SimpleNamespace(open=self.open)

    @contextmanager
    def open(self, index, *, model=None, download=False):
        self.asked.append(("open", index, model, download))
        if not (index / "CURRENT").is_file():
            raise IndexNotFoundError(index)
        yield self

    def search(self, query, *, limit, mode, sort, rerank, **filters):
        self.rerank = rerank
        given = {name: value for name, value in filters.items() if value is not None}
        self.asked.append(("search", query, limit, mode, sort, given))
        if self.raises:
            raise self.raises
        return self.found

    def similar(self, *papers, limit, without=(), text=None):
        self.asked.append(("similar", papers, limit))
        return self.found

    def dossier(self, handle):
        self.asked.append(("dossier", handle))
        return DOSSIERS[handle]

    def papers(self):
        return (DIFFERENTIAL, KEYED)

    def topics(self):
        return TOPICS

    def topic(self, name):
        self.asked.append(("topic", name))
        return TOPIC_PAGE

    def sharing(self, by, topic):
        self.asked.append(("sharing", by, topic))
        return SHARING

    def gaps(self):
        return GAPS

    def status(self):
        return self.state

    def build(self, notes, index, *, model, download, allow_shrink, strict, relayout, progress, foretell):
        self.asked.append(("build", notes, index, model, allow_shrink, strict, relayout))
        if self.raises:
            raise self.raises
        if progress:
            progress("Embedding", 1, 2)
        index.mkdir(exist_ok=True)
        (index / "CURRENT").touch()
        return REPORT

    def chunk(self, paths):
        self.asked.append(("chunk", tuple(paths)))
        yield PASSAGE

    def doctor(self, notes=None):
        self.asked.append(("doctor", notes))
        return EXAMINATION


@pytest.fixture
def library(monkeypatch, tmp_path):
    work = tmp_path / "work"
    work.mkdir()
    monkeypatch.chdir(work)
    fake = Library()
    monkeypatch.setitem(sys.modules, "retriever.library", fake)
    return fake


@pytest.fixture
def built(library):
    Path("index").mkdir()
    Path("index/CURRENT").touch()
    return library


def run(capsys, *words):
    code = main(words)
    captured = capsys.readouterr()
    return code, captured.out, captured.err


def test_search_joins_its_words_and_passes_its_options(built, capsys):
    code, out, err = run(capsys, "search", "attention", "that cancels", "-n", "3", "--mode", "lexical", "--model", "m")
    assert code == 0
    assert ("open", Path("index"), "m", False) in built.asked
    assert ("search", "attention that cancels", 3, "lexical", "relevance", {}) in built.asked
    assert " 1  Differential Transformer" in out
    assert err == ""


def test_search_names_a_reranker_and_one_that_is_missing_ends_with_its_exit_code(built, capsys):
    run(capsys, "search", "x")
    assert built.rerank is None
    run(capsys, "search", "x", "--rerank", "some/model")
    assert built.rerank == "some/model"
    built.raises = ModelMissingError("some/model", "it is not here", "Fetch it with --download.")
    code, out, err = run(capsys, "search", "x", "--rerank", "some/model")
    assert (code, out) == (6, "")
    assert "Fetch it with --download." in err


def test_search_passes_its_filters_as_they_were_given(built, capsys):
    words = ["--venue", "ICLR", "--venue", "ACL", "--year", "2023..", "--sort", "date", "--topic", "Diffusion models"]
    assert run(capsys, "search", *words)[0] == 0
    given = {"venue": ["ICLR", "ACL"], "year": ["2023.."], "topic": ["Diffusion models"]}
    assert ("search", "", 10, "hybrid", "date", given) in built.asked
    assert run(capsys, "search", "x", "--sort", "size")[0] == 2


def test_a_lone_dash_reads_the_query_from_stdin(built, capsys, monkeypatch):
    monkeypatch.setattr(
        "sys.stdin", io.TextIOWrapper(io.BytesIO("a pasted\nabstract – \xff".encode("latin-1", "replace")))
    )
    assert run(capsys, "search", "-")[0] == 0
    assert built.asked[1][1].startswith("a pasted\nabstract")


def test_what_an_answer_remarks_is_said_beside_it(built, capsys):
    built.found = replace(RESULTS, remarks=("read as \x1b words",))
    assert run(capsys, "search", "x")[2] == "read as  words\n"
    assert json.loads(run(capsys, "search", "x", "--json")[1])["data"]["remarks"] == ["read as \x1b words"]


def test_a_query_may_begin_with_a_dash_after_two(built, capsys):
    assert run(capsys, "search", "--", "-n is a flag")[0] == 0
    assert built.asked[-1][0] == "dossier"  # for the first clause of the paper without a title
    assert ("search", "-n is a flag", 10, "hybrid", "relevance", {}) in built.asked


def test_json_is_the_records_own_wire_form_in_the_envelope(built, capsys):
    code, out, _ = run(capsys, "search", "x", "--json")
    assert code == 0
    assert json.loads(out) == {"ok": True, "schema_version": 1, "command": "search", "data": wire(RESULTS)}
    assert out.count("\n") == 1


def test_json_escapes_what_a_terminal_would_obey(built, capsys):
    built.found = replace(EMPTY, query="a\x9b\u202e\U000e0041注")
    out = run(capsys, "search", "x", "--json")[1]
    assert json.loads(out)["data"]["query"] == built.found.query
    assert "\\u009b\\u202e\\udb40\\udc41注" in out


def test_an_empty_answer_is_honest_and_no_failure(built, capsys):
    built.found = EMPTY
    assert run(capsys, "search", "zzz") == (0, "No paper answers this, among 80 in 6 notes.\n", "")


def test_a_search_beside_a_corpus_builds_its_index_first_and_says_so(library, capsys):
    Path("corpus").mkdir()
    code, _, err = run(capsys, "search", "x")
    assert code == 0
    assert ("build", [Path("corpus")], Path("index"), None, False, False, False) in library.asked
    assert err == "warning: odd.md: skipped\nBuilt index/ from corpus/: 6 notes, 80 papers, 0.9 s\n"
    assert run(capsys, "search", "x")[2] == ""


@pytest.mark.parametrize(
    ("state", "said"),
    [
        ({"notes_changed": 2}, "2 notes changed: retriever build\n"),
        ({"notes_added": 1}, "1 note added: retriever build\n"),
        ({}, ""),
    ],
)
def test_notes_that_changed_since_the_build_are_told_on_stderr(built, capsys, state, said):
    built.state = replace(STATUS, **state)
    assert run(capsys, "search", "x")[2] == said


def test_the_hint_repeats_the_index_that_was_named(built, capsys):
    built.state = replace(STATUS, notes_changed=1)
    Path("index").rename("my index")
    err = run(capsys, "search", "x", "--index", "my index")[2]
    assert err == "1 note changed: retriever build --index 'my index'\n"


def test_fresh_builds_before_it_searches(built, capsys):
    run(capsys, "search", "x", "--fresh")
    assert [asked[0] for asked in built.asked][:3] == ["build", "open", "search"]
    assert built.asked[0][1] is None


def test_numbers_mean_the_papers_of_the_last_answer(built, capsys):
    run(capsys, "search", "x")
    assert run(capsys, "show", "2")[1].startswith("ZiyueLi2025ICLR+")
    run(capsys, "similar", "1", "key:2")
    assert ("similar", (DIFFERENTIAL.id, "key:2"), 10) in built.asked
    code, _, err = run(capsys, "show", "3")
    assert (code, err) == (2, "retriever: Number 3 of the last answer is a section about no paper.\n")
    code, _, err = run(capsys, "show", "4")
    assert (code, err) == (2, "retriever: The last answer has 3 papers, and no number 4. Search first.\n")


def test_numbers_of_one_index_are_not_those_of_another(built, capsys):
    run(capsys, "search", "x")
    Path("other").mkdir()
    Path("other/CURRENT").touch()
    assert run(capsys, "show", "1", "--index", "other")[0] == 2


def test_an_answer_is_printed_even_if_its_numbers_cannot_be_kept(built, capsys, monkeypatch):
    Path("file").touch()
    monkeypatch.setenv("XDG_STATE_HOME", str(Path("file").resolve()))
    assert run(capsys, "search", "x")[0] == 0


def test_a_damaged_memory_of_the_last_answer_is_no_memory(built, capsys, tmp_path):
    run(capsys, "search", "x")
    (kept,) = (tmp_path / "home-state/retriever/last").iterdir()
    for damaged in ("{", '{"a": 1}', "[1]", "[[1, 2, 3]]", '[["p", "q"]]'):
        kept.write_text(damaged)
        assert run(capsys, "show", "1")[0] == 2


def test_similar_says_why(built, capsys):
    out = run(capsys, "similar", DIFFERENTIAL.id)[1]
    assert "    filed together under Attention" in out
    assert "score" not in out
    assert "score" in run(capsys, "similar", DIFFERENTIAL.id, "--explain")[1]


def test_show_papers_topics_and_status_have_json_too(built, capsys):
    def data(*words):
        return json.loads(run(capsys, *words, "--json")[1])["data"]

    assert data("show", DIFFERENTIAL.id) == {"dossiers": [wire(DOSSIERS[DIFFERENTIAL.id])]}
    assert data("papers", "-n", "1") == {"total": 2, "papers": [wire(DIFFERENTIAL)]}
    assert data("papers")["papers"] == wire((DIFFERENTIAL, KEYED))
    assert data("topics") == {"topics": wire(TOPICS)}
    assert data("status") == wire(STATUS)
    assert data("build") == wire(REPORT)
    assert data("chunk", "note.md") == {"passages": [wire(PASSAGE)]}


def test_topics_shows_one_topic_what_papers_share_or_what_is_lacking(built, capsys):
    def data(*words):
        return json.loads(run(capsys, "topics", *words, "--json")[1])["data"]

    assert data("Transformer", "models") == wire(TOPIC_PAGE)
    assert data("--by", "year") == {"by": "year", "sharing": wire(SHARING)}
    assert data("Vision", "--by", "tag") == {"by": "tag", "sharing": wire(SHARING)}
    assert data("--gaps") == wire(GAPS)
    asked = [entry for entry in built.asked if entry[0] in ("topic", "sharing")]
    assert asked == [("topic", "Transformer models"), ("sharing", "year", None), ("sharing", "tag", "Vision")]
    assert "aaaaaaaaaa  Differential" in run(capsys, "topics", "Transformer")[1]
    assert "2025" in run(capsys, "topics", "--by", "year")[1]
    assert "linked in 2 places" in run(capsys, "topics", "--gaps")[1]
    for words in (["--gaps", "Vision"], ["--gaps", "--by", "year"], ["--by", "colour"]):
        assert run(capsys, "topics", *words)[0] == 2


def test_plain_lists_are_printed_for_a_reader(built, capsys):
    assert "aaaaaaaaaa  Differential Transformer" in run(capsys, "papers")[1]
    assert "  Transformer       2" in run(capsys, "topics")[1]
    assert "model     paper-static (0123456789ab)" in run(capsys, "status")[1]


def test_build_takes_folders_and_reports_what_it_found(library, capsys):
    code, out, err = run(capsys, "build", "notes", "more", "--index", "index", "--allow-shrink", "--strict")
    assert code == 0
    assert library.asked == [("build", [Path("notes"), Path("more")], Path("index"), None, True, True, False)]
    assert out == "6 notes, 80 papers, 4 sections; +80 papers, 0 changed, 0 removed; 0.9 s\n"
    assert err == "warning: odd.md: skipped\n"


def test_a_bare_build_takes_the_corpus_once_and_then_what_the_index_covers(library, capsys):
    Path("corpus").mkdir()
    run(capsys, "build")
    run(capsys, "build")
    assert [asked[1] for asked in library.asked] == [[Path("corpus")], None]


def test_chunk_prints_one_object_a_line(library, capsys):
    code, out, _ = run(capsys, "chunk", "a.md", "b.md", "--jsonl")
    assert code == 0
    assert library.asked == [("chunk", (Path("a.md"), Path("b.md")))]
    assert [json.loads(line) for line in out.splitlines()] == [wire(PASSAGE)]
    assert "Differential Transformer" in run(capsys, "chunk", "a.md")[1]
    assert run(capsys, "chunk", "a.md", "--json", "--jsonl")[0] == 2


def test_a_failure_has_its_code_its_message_and_the_next_step(library, capsys):
    code, out, err = run(capsys, "search", "x", "--index", "gone")
    assert (code, out) == (3, "")
    assert err == "retriever: No index in gone. Build one with: retriever build NOTES --index gone\n"
    code, out, err = run(capsys, "search", "x", "--index", "gone", "--json")
    assert (code, err) == (3, "")
    assert json.loads(out) == {
        "ok": False,
        "schema_version": 1,
        "command": "search",
        "error": {
            "code": "index_not_found",
            "message": "No index in gone.",
            "next": "Build one with: retriever build NOTES --index gone",
        },
    }


def test_a_running_build_is_told_with_its_process(library, capsys):
    library.raises = BuildRunningError(Path("index"), 42)
    code, _, err = run(capsys, "build", "notes")
    assert code == 5
    assert "process 42" in err


@pytest.mark.parametrize(
    "words",
    [["search"], ["search", "x", "-n", "0"], ["search", "x", "-n", "1001"], ["search", "x", "--mode", "odd"], ["x"]],
)
def test_what_cannot_be_understood_is_a_usage_error(library, capsys, words):
    code, out, err = run(capsys, *words)
    assert (code, out) == (2, "")
    assert err.startswith("retriever: ")
    code, out, _ = run(capsys, *words, "--json")
    assert code == 2
    assert json.loads(out)["error"]["code"] == "usage"


def test_json_after_two_dashes_is_a_word_of_the_query(library, capsys):
    code, out, err = run(capsys, "search", "--index", "gone", "--", "--json")
    assert (code, out) == (3, "")
    assert err


def test_the_unexpected_is_one_line_and_a_trace_only_when_asked(built, capsys, monkeypatch):
    built.raises = ValueError("odd\nthing")
    code, out, err = run(capsys, "search", "x")
    assert (code, out) == (1, "")
    assert err == (
        "retriever: Internal error: ValueError: odd thing. Please report it, with what RETRIEVER_DEBUG=1 prints.\n"
    )
    assert json.loads(run(capsys, "search", "x", "--json")[1])["error"]["code"] == "internal"
    monkeypatch.setenv("RETRIEVER_DEBUG", "1")
    assert "Traceback" in run(capsys, "search", "x")[2]


def test_an_interrupt_ends_quietly(built, capsys):
    built.raises = KeyboardInterrupt()
    assert run(capsys, "search", "x") == (130, "", "")


@pytest.mark.parametrize("buffering", [1, -1])
def test_a_reader_that_went_away_is_told_nothing(built, monkeypatch, buffering):
    reader, writer = os.pipe()
    os.close(reader)
    with open(writer, "w", buffering) as stream:  # noqa: PTH123  a pipe has no path
        monkeypatch.setattr(sys, "stdout", stream)
        assert main(["search", "x"]) == 141


def test_progress_is_shown_to_a_person_only(library, capsys, monkeypatch):
    run(capsys, "build", "notes")
    assert "Embedding" not in capsys.readouterr().err
    monkeypatch.setattr(sys.stderr, "isatty", lambda: True)
    err = run(capsys, "build", "notes")[2]
    assert "\rEmbedding  [############------------]  1/2\r" in err
    assert "\x1b" not in err


def test_the_version_is_printed(library, capsys):
    assert run(capsys, "--version") == (0, f"retriever {__version__}\n", "")


def test_without_a_verb_the_help_is_shown(library, capsys):
    out = "".join(run(capsys)[1:])
    assert "search" in out


class TestWhereTheIndexIs:
    def where(self, library, capsys, *words):
        run(capsys, "status", *words)
        return library.asked[-1][1]

    def test_the_flag_comes_first_then_the_environment_then_the_configuration(
        self, built, capsys, monkeypatch, tmp_path
    ):
        config = tmp_path / "home-config/retriever/config.toml"
        config.parent.mkdir(parents=True)
        assert self.where(built, capsys) == Path("index")
        config.write_text('index = "configured"\nmodel = "configured-model"')
        assert self.where(built, capsys) == Path("configured")
        assert built.asked[-1][2] == "configured-model"
        monkeypatch.setenv("RETRIEVER_INDEX", "named")
        monkeypatch.setenv("RETRIEVER_MODEL", "named-model")
        assert self.where(built, capsys) == Path("named")
        assert built.asked[-1][2] == "named-model"
        assert self.where(built, capsys, "--index", "flag") == Path("flag")

    @pytest.mark.parametrize("text", ["index = ", "index = 3", "colour = 'red'", "\udc80"])
    def test_a_malformed_configuration_is_a_usage_error(self, library, capsys, tmp_path, text):
        config = tmp_path / "home-config/retriever/config.toml"
        config.parent.mkdir(parents=True)
        config.write_bytes(text.encode("utf-8", "surrogateescape"))
        code, _, err = run(capsys, "status")
        assert code == 2
        assert str(config) in err

    def test_an_index_of_another_user_is_opened_only_when_named(self, built, capsys, monkeypatch, tmp_path):
        monkeypatch.setattr("os.getuid", lambda: -7)
        data = tmp_path / "home-data/retriever/index"
        Path("corpus").mkdir()
        assert self.where(built, capsys) == data
        assert self.where(built, capsys, "--index", "index") == Path("index")

    def test_elsewhere_it_is_in_the_users_data_folder(self, library, capsys, monkeypatch, tmp_path):
        assert self.where(library, capsys) == tmp_path / "home-data/retriever/index"
        monkeypatch.setenv("XDG_DATA_HOME", "relative")
        monkeypatch.setenv("HOME", "/home/me")
        assert self.where(library, capsys) == Path("/home/me/.local/share/retriever/index")


def test_an_interrupt_while_the_command_line_loads_ends_quietly_too(library, capsys, monkeypatch):
    def interrupted(_):
        raise KeyboardInterrupt

    monkeypatch.setattr("retriever.cli._command", interrupted)
    assert run(capsys, "search", "x") == (130, "", "")


def test_the_module_runs_as_the_command(library, capsys, monkeypatch):
    monkeypatch.setattr(sys, "argv", ["retriever", "--version"])
    with pytest.raises(SystemExit) as ended:
        runpy.run_module("retriever", run_name="__main__")
    assert ended.value.code == 0
    assert capsys.readouterr().out == f"retriever {__version__}\n"


def test_doctor_lists_findings_with_their_places_and_counts_them(library, capsys):
    code, out, err = run(capsys, "doctor", "a.md", "b.md")
    assert (code, err) == (0, "")
    assert library.asked == [("doctor", [Path("a.md"), Path("b.md")])]
    assert out.splitlines() == [
        "a.md",
        "     7  mojibake: â€” → —",
        "     9  duplicate key: key li2020 is of “A” and of “B” (and b.md:2)",
        "b.md",
        "     1  mojibake: Ã[no-break space] → [no-break space]",
        "3 notes: 2 mojibake, 1 duplicate key",
    ]


def test_doctor_without_paths_asks_the_index(built, capsys):
    code, out, _ = run(capsys, "doctor", "--json")
    assert code == 0
    assert built.asked[-1] == ("doctor", None)
    assert json.loads(out)["data"] == wire(EXAMINATION)


def test_doctor_says_when_there_is_nothing_to_report(library, capsys, monkeypatch):
    monkeypatch.setattr(library, "doctor", lambda _notes: Examination(1, ()))
    assert run(capsys, "doctor", "a.md")[1] == "1 note: nothing to report\n"


def test_doctor_needs_an_index_or_paths(library, capsys):
    assert run(capsys, "doctor")[0] == 3
