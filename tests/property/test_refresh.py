"""After any edits, a refresh answers as a build from nothing does, and embeds only what is new."""

import shutil

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from index_state import state
from toy import WordEncoder

from retriever import build

ITEMS = [
    "- [AnnaLi2025ICLR](https://openreview.net/forum?id=aaaaaaaaA1) learns to forget slowly",
    "- Mamba [BobWu2024ICML](https://openreview.net/forum?id=aaaaaaaaA2) scans a state without attention",
    "- [AnnaLi2025ICLR](https://openreview.net/forum?id=aaaaaaaaA1) seen again, with fresh eyes",
    "- [A Title Of Some Length](https://arxiv.org/abs/2001.00001) bounds what can be bounded",
    "- A Title Of Some Length [carl2020bounds](https://arxiv.org/abs/2001.00001v2) is cited everywhere",
    "A paragraph about no paper at all.",
    "## Diffusion",
    "## Attention",
]
NOTE = st.lists(st.sampled_from(ITEMS), min_size=1, max_size=6).map("\n\n".join)
NAMES = st.sampled_from(["a.md", "b.md", "sub/c.md", "d.md"])
EDITS = st.lists(
    st.tuples(st.just("write"), NAMES, NOTE)
    | st.tuples(st.just("delete"), NAMES, st.none())
    | st.tuples(st.just("rename"), NAMES, NAMES),
    max_size=5,
)


class CountingEncoder(WordEncoder):
    def __init__(self):
        super().__init__()
        self.texts = []

    def encode_document(self, texts):
        self.texts += texts
        return super().encode_document(texts)

    def encode_query(self, texts):  # what a build asks to know what its scores mean is no window
        return super().encode_document(texts)


def edit(folder, what, name, how):
    path = folder / name
    if what == "write":
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(how, "utf-8")
    elif path.exists() and what == "delete":
        path.unlink()
    elif path.exists() and what == "rename":
        (folder / how).parent.mkdir(parents=True, exist_ok=True)
        path.replace(folder / how)


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(first=st.dictionaries(NAMES, NOTE, min_size=1, max_size=4), rounds=st.lists(EDITS, min_size=1, max_size=3))
def test_a_refresh_equals_a_clean_build(tmp_path, first, rounds):
    shutil.rmtree(tmp_path / "work", ignore_errors=True)
    notes, index = tmp_path / "work" / "notes", tmp_path / "work" / "index"
    notes.mkdir(parents=True)
    (notes / "keep.md").write_text(ITEMS[0], "utf-8")
    for name, text in first.items():
        edit(notes, "write", name, text)
    build([notes], index, encoder=WordEncoder())
    for number, edits in enumerate(rounds):
        for step in edits:
            edit(notes, *step)
        build(None, index, encoder=WordEncoder(), allow_shrink=True)
        clean = tmp_path / "work" / f"clean-{number}"
        build([notes], clean, encoder=WordEncoder())
        assert state(index) == state(clean)


def test_editing_one_note_embeds_only_its_changed_windows(tmp_path):
    notes = tmp_path / "notes"
    notes.mkdir()
    (notes / "a.md").write_text("\n\n".join(ITEMS[:2]), "utf-8")
    (notes / "b.md").write_text("\n\n".join(ITEMS[3:6]), "utf-8")
    first = CountingEncoder()
    report = build([notes], tmp_path / "index", encoder=first)
    assert report.windows_embedded == len(first.texts) == report.windows == 5
    (notes / "a.md").write_text("\n\n".join([ITEMS[0], ITEMS[1].replace("scans", "carries")]), "utf-8")
    second = CountingEncoder()
    report = build(None, tmp_path / "index", encoder=second)
    assert [text for text in second.texts if "carries" not in text] == []
    assert (report.windows_embedded, report.notes_read, report.papers_changed) == (1, 1, 1)
