"""Test sets in BEIR's layout through index and query path: what is read, refused, measured, and embedded once."""

import json

import numpy as np
import pytest
from toy import WordEncoder

from retriever.cli import main
from retriever.errors import BrokenSetError
from retriever.evaluation import report
from retriever.evaluation.asking import ask
from retriever.evaluation.beir import read_beir
from retriever.evaluation.indexes import INDEX, VECTORS, question_vectors
from retriever.evaluation.metrics import per_question
from retriever.index import open_snapshot
from retriever.query.search import MAX_QUERY
from retriever.records import wire

CORPUS = [
    {"_id": "d1", "title": "SAM2: segment anything", "text": "A model that cuts things out of pictures."},
    {"_id": "d2", "title": "", "text": "Noise of attention is taken away.\nA car drives by."},
    {"_id": "d3", "title": "Video memory", "text": ""},
    {"_id": "d4", "title": "", "text": "The same words twice."},
    {"_id": "d5", "title": "", "text": "The same words twice."},
    {"_id": "d6", "title": " ", "text": " "},
]
QUERIES = [
    {"_id": "q1", "text": "cutting pictures"},
    {"_id": "q2", "text": "interference in attention"},
    {"_id": "q3", "text": "Video memory"},
    {"_id": "q4", "text": "same words"},
    {"_id": "q5", "text": "nobody judged this"},
]
QRELS = ["query-id\tcorpus-id\tscore", "q1\td1\t2", "q1\td2\t0", "q2\td2\t1", "q3\td3\t1", "q4\td5\t1"]


class Counting(WordEncoder):
    """Counts the documents and questions that it is given."""

    def __init__(self, model="words"):
        super().__init__(model)
        self.documents = []

    def encode_document(self, texts):
        self.documents += texts
        return super().encode_document(texts)


def write(folder, corpus=CORPUS, queries=QUERIES, qrels=QRELS, where="qrels.tsv"):
    (folder / where).parent.mkdir(parents=True, exist_ok=True)
    for name, lines in (("corpus.jsonl", corpus), ("queries.jsonl", queries)):
        told = (line if isinstance(line, str) else json.dumps(line) for line in lines)
        (folder / name).write_text("\n".join(told) + "\n")
    (folder / where).write_text("\n".join(qrels) + "\n")
    return folder


@pytest.fixture
def folder(tmp_path):
    return write(tmp_path / "small")


def test_a_document_is_a_paper_of_its_own_also_where_another_says_the_same(folder):
    judged = read_beir(folder)
    assert judged.documents == 6
    assert sorted(judged.of_passage.values()) == ["d1", "d2", "d3", "d4", "d5"]
    assert judged.warnings == ("documents with neither title nor text, which nothing finds: 1",)
    texts = {judged.of_passage[one.passage.id]: [window.text for window in one.windows] for one in judged.chunks}
    assert texts["d2"] == ["Noise of attention is taken away. A car drives by."]
    assert texts["d3"] == ["Video memory"]
    named = {judged.of_passage[one.passage.id]: (one.passage.title, one.passage.name) for one in judged.chunks}
    assert named["d1"] == ("SAM2: segment anything", "SAM2")
    assert named["d4"] == (None, None)


def test_questions_without_an_answer_are_left_out(folder):
    assert [(one.text, dict(one.grades)) for one in read_beir(folder).questions] == [
        ("cutting pictures", {"d1": 2}),
        ("interference in attention", {"d2": 1}),
        ("Video memory", {"d3": 1}),
        ("same words", {"d5": 1}),
    ]


def test_judgements_may_lie_in_a_folder_and_have_no_header(tmp_path):
    found = read_beir(write(tmp_path / "set", qrels=QRELS[1:], where="qrels/test.tsv"))
    assert len(found.questions) == 4
    assert found.questions == read_beir(write(tmp_path / "set")).questions


def test_sets_of_the_same_documents_share_their_vectors(tmp_path):
    report.evaluate(read_beir(write(tmp_path / "one")), tmp_path / "work", WordEncoder())
    asked = [{"_id": "q", "text": "video"}]
    encoder = Counting()
    found = report.evaluate(read_beir(write(tmp_path / "two", CORPUS, asked, ["q\td3\t1"])), tmp_path / "work", encoder)
    assert (found.embedded, encoder.asked) == (1, ["video"])
    assert read_beir(write(tmp_path / "three", CORPUS[:-1])).key != read_beir(tmp_path / "one").key


def test_figures_are_those_of_the_answers_in_each_mode(folder, tmp_path):
    encoder, judged = WordEncoder(), read_beir(folder)
    found = report.evaluate(judged, tmp_path / "work", encoder)
    place = report.kept_in(tmp_path / "work", judged, encoder)
    vectors = {one.text: encoder.encode_query([one.text])[0] for one in judged.questions}
    with open_snapshot(place / INDEX) as snapshot:
        for mode, means in found.modes.items():
            values = per_question(judged.questions, ask(snapshot, judged.questions, vectors, mode))
            assert means == pytest.approx({metric: each.mean() for metric, each in values.items()}, abs=1e-4)
    assert list(found.modes) == ["lexical", "dense", "hybrid"]
    # Only meaning joins "interference" with "noise"; d5 stands after d4, which says the same.
    assert found.modes["dense"]["mrr@10"] == pytest.approx((1 + 1 + 1 + 0.5) / 4)
    assert found.modes["hybrid"]["recall@5"] == 1.0
    assert (found.windows, found.documents, found.questions) == (5, 6, 4)


def test_a_title_as_a_question_is_not_looked_up(tmp_path):
    corpus = [{"_id": "long", "title": "Noise", "text": "car video " * 40}, {"_id": "b", "title": "", "text": "noise"}]
    folder = write(tmp_path / "set", corpus, [{"_id": "q", "text": "Noise"}], ["q\tb\t1"])
    found = report.evaluate(read_beir(folder), tmp_path / "work", WordEncoder())
    assert found.modes["dense"]["mrr@10"] == 1.0


def test_a_second_run_embeds_nothing_and_says_the_same(folder, tmp_path):
    first, second = Counting(), Counting()
    one = report.evaluate(read_beir(folder), tmp_path / "work", first)
    two = report.evaluate(read_beir(folder), tmp_path / "work", second)
    # The two equal documents are embedded once.
    assert (len(set(first.documents)), len(first.asked)) == (4 + 4, 4)
    assert one.embedded == 4 + 4
    assert (second.documents, second.asked, two.embedded) == ([], [], 0)
    assert two.modes == one.modes
    assert two.intervals == one.intervals


def test_another_model_has_vectors_of_its_own(folder, tmp_path):
    other = Counting("other words")
    report.evaluate(read_beir(folder), tmp_path / "work", Counting())
    assert report.evaluate(read_beir(folder), tmp_path / "work", other).embedded == 8
    assert other.documents


def test_a_damaged_file_of_vectors_is_made_anew(tmp_path):
    file = tmp_path / VECTORS
    encoder = WordEncoder()
    kept, count = question_vectors(encoder, ["noise", "car", "noise"], file)
    assert count == 2
    for damage in (file.read_bytes()[:-9], b"", b"nothing", None):
        if damage is None:
            np.savez(file, hashes=np.array([b"x"]), vectors=np.zeros((1, 3)))
        else:
            file.write_bytes(damage)
        again, count = question_vectors(encoder, ["noise", "car"], file)
        assert count == 2
        assert all(np.array_equal(again[text], kept[text]) for text in kept)
    assert question_vectors(encoder, ["car", "video"], file)[1] == 1


def test_a_comparison_is_paired_question_by_question(folder, tmp_path):
    judged = read_beir(folder)
    found = report.evaluate(judged, tmp_path / "work", WordEncoder(), WordEncoder("same words"))
    assert found.compare.model == "same words"
    assert found.compare.modes == found.modes
    apart = wire(found.compare.differences)
    assert apart["hybrid"]["ndcg@10"] == {"value": 0.0, "low": 0.0, "high": 0.0}
    assert apart.keys() == found.modes.keys()


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"corpus": [CORPUS[0], "{"]}, r"corpus\.jsonl: line 2: it is no JSON"),
        ({"corpus": [CORPUS[0], "[1]"]}, r"corpus\.jsonl: line 2: it is no JSON object"),
        ({"corpus": [CORPUS[0], CORPUS[0]]}, r"corpus\.jsonl: line 2: the _id 'd1' is empty or stands there twice"),
        ({"corpus": [{"title": "a"}]}, r"corpus\.jsonl: line 1: its _id is no text"),
        ({"corpus": [{"_id": "d1", "text": 5}]}, r"corpus\.jsonl: line 1: its text is no text"),
        ({"queries": [QUERIES[0], QUERIES[0]]}, r"queries\.jsonl: line 2: the _id 'q1' stands there twice"),
        ({"qrels": [*QRELS, "q1\td1"]}, r"qrels\.tsv: line 7: it is not question"),
        ({"qrels": [*QRELS, "q1\td1\tgood"]}, r"qrels\.tsv: line 7: it is not question"),
        ({"qrels": [*QRELS, "q1\td1\t0.5"]}, r"qrels\.tsv: line 7: it is not question"),
        ({"qrels": QRELS[:1]}, "no question in it has an answer"),
    ],
)
def test_a_broken_set_is_refused_with_file_and_line(tmp_path, change, told):
    with pytest.raises(BrokenSetError, match=told) as caught:
        read_beir(write(tmp_path / "set", **change))
    assert caught.value.next_step
    assert caught.value.exit_code == 2


@pytest.mark.parametrize("name", ["corpus.jsonl", "queries.jsonl", "qrels.tsv"])
def test_a_missing_file_is_named(folder, name):
    (folder / name).unlink()
    with pytest.raises(BrokenSetError, match=name):
        read_beir(folder)


def test_a_file_that_is_no_text_is_refused(folder):
    (folder / "queries.jsonl").write_bytes(b"\xff\xfe{")
    with pytest.raises(BrokenSetError, match="cannot be read"):
        read_beir(folder)


def test_what_is_odd_is_counted_and_told(tmp_path):
    queries = [{"_id": 1, "text": " "}, {"_id": "q2", "text": "n" * (MAX_QUERY + 1)}, {"_id": "q3", "text": "x"}]
    qrels = ["1\td1\t1", "q2\td1\t1.0", "q2\tgone\t1", "q3\td1\t0", "q4\td1\t1"]
    judged = read_beir(write(tmp_path / "set", [{"_id": "d1", "text": "nn", "title": None}], queries, qrels))
    assert [(len(one.text), dict(one.grades)) for one in judged.questions] == [(MAX_QUERY, {"d1": 1, "gone": 1})]
    assert judged.warnings == (
        "blank questions, left out: 1",
        f"questions longer than {MAX_QUERY:,} characters, cut there: 1",
        "judged questions that queries.jsonl does not hold, left out: 1",
        "questions that no judged document answers, left out: 1",
        "judgements of documents that corpus.jsonl does not hold, taken as not found: 1",
    )


def test_what_is_judged_but_not_there_counts_as_not_found(tmp_path):
    folder = write(tmp_path / "set", CORPUS[:1], QUERIES[:1], ["q1\td1\t1", "q1\tgone\t1"])
    assert report.evaluate(read_beir(folder), tmp_path / "work", WordEncoder()).modes["dense"]["recall@100"] == 0.5


def test_the_command_prints_a_table_of_80_columns_or_json(folder, tmp_path, capsys, monkeypatch):
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    assert main(["eval", str(folder), "--model", "paper-static", "--compare", "paper-static"]) == 0
    out, err = capsys.readouterr()
    assert "warning: documents with neither title nor text, which nothing finds: 1" in err
    lines = out.splitlines()
    assert lines[0].startswith("small: 4 questions, 6 documents.")
    assert all(len(line) <= 80 for line in lines)
    assert sum(line.startswith("nDCG@10 ") for line in lines) == 3
    assert "paper-static less paper-static, question by question" in lines
    assert any(line.startswith("recall@100  +.000 [+.000, +.000]") for line in lines)
    (kept,) = (tmp_path / "cache" / "retriever" / "eval").iterdir()
    assert kept.name.startswith("documents-")

    assert main(["eval", str(folder), "--model", "paper-static", "--json"]) == 0
    found = json.loads(capsys.readouterr().out)["data"]
    assert 0 < found["modes"]["hybrid"]["ndcg@10"] <= 1
    low, high = found["intervals"]["hybrid"]["ndcg@10"]
    assert low <= found["modes"]["hybrid"]["ndcg@10"] <= high
    assert (found["questions"], found["documents"], found["model"], found["embedded"]) == (4, 6, "paper-static", 0)
    assert (len(found["fingerprint"]), found["compare"]) == (64, None)


def test_progress_is_told(folder, tmp_path):
    told = []
    report.evaluate(read_beir(folder), tmp_path, WordEncoder(), progress=lambda *step: told.append(step))
    assert ("embedding", 4, 4) in told
    assert ("encoding questions", 4, 4) in told
    assert ("asking (hybrid)", 4, 4) in told


@pytest.mark.parametrize("arguments", [[], ["folder", "--self"]])
def test_the_command_wants_one_test(arguments, capsys):
    assert main(["eval", *arguments, "--json"]) == 2
    assert json.loads(capsys.readouterr().out)["error"]["code"] == "usage"
