import pytest
from toy import WordEncoder

from retriever import Retriever, build
from retriever.chunker import resolve
from retriever.chunker.overrides import Override, Overrides, read_overrides
from retriever.records import Passage

ONE, TWO = "A Title Of Some Length", "Another Name For It"


def mention(id_, **fields):
    return Passage(id=id_, kind="paper", file="note.md", first_line=1, last_line=1, **fields)


def test_a_file_is_read_as_merges_and_splits():
    text = b'\xef\xbb\xbf[[merge]]\npapers = ["a", "b"]\n[[split]]\npapers = ["c", "d", "e"]\n'
    assert read_overrides(text, "x") == Overrides((Override(("a", "b"), "x"),), (Override(("c", "d", "e"), "x"),))
    assert read_overrides(b"") == Overrides()


@pytest.mark.parametrize(
    "text",
    [b"[[merge", b"\xff", b"[join]\n", b"[merge]\n", b"merge = 1", b"[[merge]]\npapers = ['a']", b"[[split]]\nx = 1"],
)
def test_a_bad_file_is_one_value_error(text):
    with pytest.raises(ValueError, match=r"."):
        read_overrides(text)


def test_a_merge_beats_ids_that_differ():
    pair = mention("a", arxiv="1706.03762", title=ONE), mention("b", arxiv="1706.03763", key="k2020")
    found = resolve(pair, Overrides(merge=(Override(("arXiv:1706.03762", "@K2020")),)))
    assert len(found.papers) == 1
    assert [(tie.kind, tie.passages) for _, tie in found.evidence] == [("override", ("a", "b"))]
    assert not found.perhaps


def test_a_split_beats_equal_titles_and_offers_nothing():
    pair = mention("a", title=ONE, key="k2020"), mention("b", title=ONE, url="https://a.org/x")
    found = resolve(pair, Overrides(split=(Override(("k2020", "http://a.org/x/")),)))
    assert len(found.papers) == 2
    assert not found.perhaps


def test_a_split_beats_a_merge_with_a_warning():
    pair = mention("a", key="k2020"), mention("b", key="k2021")
    both = (Override(("k2020", "k2021"), "notes"),)
    found = resolve(pair, Overrides(both, both))
    assert len(found.papers) == 2
    assert found.warnings == (("notes", "merge 1: a split keeps these papers apart"),)


def test_a_handle_that_names_none_or_several_costs_one_warning():
    pair = mention("a", name="KAN", key="k2020"), mention("b", name="KAN", key="k2021")
    found = resolve(pair, Overrides(merge=(Override(("KAN", "nothing")),)))
    assert [text for _, text in found.warnings] == [
        "merge 1: several papers answer to 'KAN'",
        "merge 1: no paper answers to 'nothing'",
    ]


def test_a_build_follows_the_overrides_of_a_notes_folder(tmp_path):
    notes, index = tmp_path / "notes", tmp_path / "index"
    notes.mkdir()
    items = [f"- [{ONE}](https://arxiv.org/abs/1706.03762) one", f"- [{TWO}](https://arxiv.org/abs/1706.03763) two"]
    (notes / "a.md").write_text("\n".join(items))
    file = notes / "papers.overrides.toml"

    def refresh():
        return build([notes], index, encoder=WordEncoder())

    assert refresh().papers == 2
    file.write_text('[[merge]]\npapers = ["1706.03762", "1706.03763"]\n')
    with Retriever.open(index) as retriever:
        assert retriever.status().notes_added == 1
        report = refresh()
        assert (report.papers, report.notes, report.notes_read, report.warnings) == (1, 1, 0, ())
        assert [tie.kind for tie in retriever.dossier(ONE).evidence] == ["override"]
        assert (retriever.status().notes_added, retriever.status().notes_changed) == (0, 0)
    assert not refresh().published
    file.write_text("[[merge")
    report = refresh()
    assert (report.papers, len(report.warnings)) == (2, 1)
    file.unlink()
    assert refresh().warnings == ()


def test_a_dossier_offers_what_may_be_the_same_paper(tmp_path):
    notes = tmp_path / "notes"
    notes.mkdir()
    items = [f"- [{ONE}](https://arxiv.org/abs/1706.03762) one", f"- [{ONE}](https://arxiv.org/abs/1706.03763) two"]
    (notes / "a.md").write_text("\n".join(items))
    build([notes], tmp_path / "index", encoder=WordEncoder())
    with Retriever.open(tmp_path / "index") as retriever:
        (other,) = retriever.dossier("1706.03762").perhaps
        assert (other.paper, other.label) == (retriever.paper("1706.03763").id, ONE)
        assert other.reason == "equal titles, but arXiv 1706.03762 is not 1706.03763"
