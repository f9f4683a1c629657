import pytest

from retriever import build
from retriever.chunker import resolve
from retriever.chunker.disagreements import disagreements
from retriever.errors import NotesGoneError
from retriever.library import Retriever, doctor
from retriever.records import Finding, Passage, Place

PAGE = "- [{title}](https://arxiv.org/abs/{arxiv})\n"


@pytest.fixture
def look(tmp_path):
    """Return a function from the files of a folder to the findings in it, with file names for paths."""

    def found(**files):
        for name, content in files.items():
            path = tmp_path / f"{name}.md"
            path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return [
            Finding(one.kind, name_of(one.file), one.line, one.text, one.before, one.after, others(one))
            for one in doctor([tmp_path]).findings
        ]

    return found


def name_of(path):
    return path.rsplit("/", 1)[-1]


def others(finding):
    return tuple(Place(name_of(other.file), other.line) for other in finding.others)


def test_sound_notes_have_no_findings(look):
    assert look(a="# Papers\n\n" + PAGE.format(title="Retrieval for Long Stories", arxiv="2001.00001")) == []


def test_mojibake_is_told_with_its_line_and_repair(look):
    (found,) = look(a="fine\nbad â€” dash\n")
    assert (found.kind, found.file, found.line, found.before, found.after) == ("mojibake", "a.md", 2, "â€”", "—")


def test_ligatures_and_soft_hyphens_are_told_word_by_word(look):
    ligature, hyphen = look(a="The e\ufb03cient\nand co\u00adoperative plan\n")
    assert (ligature.kind, ligature.line, ligature.before, ligature.after) == (
        "ligature",
        1,
        "e\ufb03cient",
        "efficient",
    )
    assert (hyphen.kind, hyphen.line, hyphen.before, hyphen.after) == (
        "soft_hyphen",
        2,
        "co\u00adoperative",
        "cooperative",
    )


def test_an_encoding_that_had_to_be_guessed_is_told_with_its_line(look):
    (found,) = look(a=b"first\ncaf\xe9\n")
    assert (found.kind, found.line) == ("encoding", 2)


def test_broken_front_matter_is_told(look):
    (found,) = look(a="---\ntitle: [open\n---\n\ntext\n")
    assert (found.kind, found.line) == ("front_matter", 1)


def test_a_file_of_another_fault_is_told_as_one_of_its_format(tmp_path):
    (tmp_path / "papers.jsonl").write_text('{"title": "A Title", "year": 2020}\nno json\n', encoding="utf-8")
    (found,) = doctor([tmp_path]).findings
    assert (found.kind, found.line) == ("format", 2)


def test_a_file_that_cannot_be_read_is_told_and_the_rest_is_looked_at(tmp_path, monkeypatch):
    for name in ("a", "b"):
        (tmp_path / f"{name}.md").write_text("bad â€” dash\n", encoding="utf-8")

    def refuse(file):
        if file.file == "a.md":
            raise PermissionError(13, "Permission denied")
        return (tmp_path / file.file).read_bytes(), ""

    monkeypatch.setattr("retriever.indexing.examination.read_bytes", refuse)
    found = doctor([tmp_path])
    assert found.findings[0].text == "Permission denied"
    assert [one.kind for one in found.findings] == ["unreadable", "mojibake"]
    assert found.notes == 2


def test_a_file_too_large_is_told_with_the_reason(tmp_path, monkeypatch):
    (tmp_path / "a.md").write_text("some text\n", encoding="utf-8")
    monkeypatch.setattr("retriever.notes.folder.MAX_BYTES", 4)
    (found,) = doctor([tmp_path]).findings
    assert found.kind == "unreadable"
    assert found.text.startswith("larger than")


def test_one_id_under_two_titles_names_both_places(look):
    (found,) = look(
        a=PAGE.format(title="Retrieval for Long Stories", arxiv="2001.00001"),
        b="# Food\n\n"
        + PAGE.format(title="Baking Bread on the Moon", arxiv="2001.00009")
        + PAGE.format(title="Cooking Without Any Heat", arxiv="2001.00001"),
    )
    assert (found.kind, found.file, found.line, found.others) == ("id_of_two", "a.md", 1, (Place("b.md", 4),))
    assert found.text == ("arXiv 2001.00001 is of “Retrieval for Long Stories” and of “Cooking Without Any Heat”")


def test_an_override_file_is_no_note_but_is_heeded(tmp_path):
    for name, arxiv in (("a", "2001.00001"), ("b", "2001.00002")):
        text = PAGE.format(title="Retrieval for Long Stories", arxiv=arxiv)
        (tmp_path / f"{name}.md").write_text(text, encoding="utf-8")
    assert [one.kind for one in doctor([tmp_path]).findings] == ["ids_disagree", "perhaps_same"]
    merge = '[[merge]]\npapers = ["2001.00001", "2001.00002"]\n'
    (tmp_path / "papers.overrides.toml").write_text(merge, encoding="utf-8")
    found = doctor([tmp_path])
    assert [one.kind for one in found.findings] == ["ids_disagree"]
    assert found.notes == 2


def test_notes_that_are_not_there_are_an_error(tmp_path):
    with pytest.raises(NotesGoneError):
        doctor([tmp_path / "nothing"])


def test_without_paths_the_notes_of_the_index_are_looked_at_as_they_are_now(tmp_path):
    from toy import WordEncoder  # noqa: PLC0415  only here

    notes = tmp_path / "notes"
    notes.mkdir()
    (notes / "a.md").write_text("sound text\n", encoding="utf-8")
    build([notes], tmp_path / "index", encoder=WordEncoder())
    (notes / "a.md").write_text("bad â€” dash\n", encoding="utf-8")
    with Retriever.open(tmp_path / "index") as retriever:
        found = retriever.doctor()
    assert found == doctor([notes])
    assert [one.file for one in found.findings] == [str(notes / "a.md")]


def passage(number, **said):
    return Passage(id=f"p{number}", kind="paper", file="a.md", first_line=number, last_line=number, **said)


@pytest.mark.parametrize(
    ("said", "kind", "lines"),
    [
        ([{"key": "li2020", "title": "Sorting in Space"}, {"key": "Li2020", "title": "Sorting of Mail"}],
         "duplicate_key", [1, 2]),
        ([{"key": "li2020", "title": "Sorting in Space"}, {"key": "li2020", "title": "Sorting in Space: A Study"}],
         None, []),
        ([{"arxiv": "2001.00001", "title": "DETR notes"}, {"arxiv": "2001.00001", "title": "DETR"}], None, []),
        ([{"arxiv": "2001.00001", "title": "Sorting in Space I"},
          {"arxiv": "2001.00001", "title": "Sorting in Space II"}],
         "id_of_two", [1, 2]),
        ([{"acl": "P19-1001", "title": "Sorting in Space"}, {"acl": "P19-1002", "title": "Sorting in Space"}],
         "ids_disagree", [1, 2]),
        ([{"doi": "10.1145/1", "title": "Sorting in Space"},
          {"doi": "10.48550/arxiv.2001.00001", "title": "Sorting in Space"}],
         None, []),
        ([{"acl": "P19-1001", "title": "Notes"}, {"acl": "P19-1002", "title": "Notes"}], None, []),
        ([{"arxiv": "2001.00001", "doi": "10.48550/arxiv.2001.00002"}], "ids_disagree", [1]),
        ([{"arxiv": "2001.00001", "doi": "10.48550/arxiv.2001.00001"}], None, []),
        ([{"title": "Sorting in Space", "authors": ("Ann Li",)}, {"title": "Sorting in Space", "authors": ("Bo Wu",)}],
         "perhaps_same", [1, 2]),
    ],
)  # fmt: skip
def test_what_cannot_all_be_true_is_told(said, kind, lines):
    passages = [passage(number, **one) for number, one in enumerate(said, 1)]
    found = [one for one in disagreements(passages, resolve(passages)) if kind is None or one.kind == kind]
    assert [sorted(p.first_line for p in one.passages) for one in found] == ([lines] if kind else [])
