import pytest
from cli_fakes import DIFFERENTIAL, PASSAGE
from toy import WordEncoder

from retriever import build
from retriever.cli.pages import dossiers
from retriever.cli.screen import Screen
from retriever.library import Retriever
from retriever.records import Dossier, Passage

NOTES = {
    "list.md": (
        "# Papers\n\n"
        "- [Sorting in Outer Space](https://arxiv.org/abs/2001.00001) sorts.\n"
        "- [Searching in Outer Space](https://arxiv.org/abs/2001.00002) builds on "
        "[the first](https://arxiv.org/abs/2001.00001v3) and again on [it](https://arxiv.org/pdf/2001.00001).\n"
    ),
    "idea.md": "# Ideas\n\nOne could sort as in [[AnnaLi2020ICLR]] does.\n",
    "keyed.md": "# Keys\n\n- [AnnaLi2020ICLR](https://openreview.net/forum?id=aaaaaaaaA1) orders mail.\n",
}


@pytest.fixture
def retriever(tmp_path):
    for name, text in NOTES.items():
        (tmp_path / "notes").mkdir(exist_ok=True)
        (tmp_path / "notes" / name).write_text(text, encoding="utf-8")
    build([tmp_path / "notes"], tmp_path / "index", encoder=WordEncoder())
    with Retriever.open(tmp_path / "index") as opened:
        yield opened


def places(dossier):
    return [(passage.kind, passage.file, passage.first_line) for passage in dossier.cited_in]


def test_a_paper_is_cited_where_another_passage_links_to_it_once_for_each(retriever):
    dossier = retriever.dossier("2001.00001")
    assert places(dossier) == [("paper", "list.md", 4)]
    assert dossier.cited_in[0].title == "Searching in Outer Space"


def test_a_section_cites_by_key_a_paper_that_has_a_stronger_id_elsewhere(retriever):
    assert places(retriever.dossier("aaaaaaaaA1")) == [("section", "idea.md", 3)]


def test_a_paper_that_nothing_names_is_cited_nowhere(retriever):
    assert places(retriever.dossier("2001.00002")) == []


def test_show_lists_the_citing_passages_with_their_lines_and_headings():
    citing = Passage(
        id="s" * 10, kind="paper", file="later.md", first_line=4, last_line=6, heading_path=("Week",), title="Searching"
    )
    printed = list(dossiers([Dossier(DIFFERENTIAL, (PASSAGE,), (), cited_in=(citing,))], Screen(80, False)))
    assert printed[-3] == "cited in"
    assert printed[-2].split() == ["later.md:4-6", "Searching"]
    assert printed[-1].strip() == "Week"
