"""The mean of a paper's best windows, against plain numpy over the rows of the toy index."""

import numpy as np
import pytest
from toy import WordEncoder

from retriever import build
from retriever.index import open_snapshot
from retriever.query.broad import FEW, broad

LONG = "# On many things\n\nA title: a paper of many parts, arXiv: https://arxiv.org/abs/2507.17634\n\n" + "\n\n".join(
    f"{word} " * 90 for word in ("attention", "noise", "memory", "rain", "splines", "video")
)


@pytest.fixture(scope="module")
def snapshot(tmp_path_factory):
    folder = tmp_path_factory.mktemp("broad")
    (folder / "notes").mkdir()
    (folder / "notes/long.md").write_text(LONG)
    (folder / "notes/short.md").write_text("- [AdaOne2025ICLR](https://openreview.net/forum?id=aaaaaaaaA1) noise\n")
    build([folder / "notes"], folder / "index", encoder=WordEncoder())
    with open_snapshot(folder / "index") as opened:
        yield opened


def by_hand(snapshot, vector, allowed):
    windows = snapshot.catalog.windows(range(snapshot.count))
    cosines = snapshot.vectors.rows(np.arange(snapshot.count)) @ vector
    of_unit = {}
    for window, cosine in zip(windows, cosines, strict=True):
        if allowed[window.row]:
            of_unit.setdefault(window.paper or window.passage, []).append(float(cosine))
    return {unit: np.mean(sorted(found)[-FEW:]) for unit, found in of_unit.items()}


@pytest.mark.parametrize("masked", [False, True])
def test_each_window_has_the_mean_of_the_best_few_of_its_paper_or_section(snapshot, toy_snapshot, masked):
    vector = WordEncoder().encode_query(["noise of attention"])[0]
    for opened in (snapshot, toy_snapshot):
        allow = np.arange(opened.count) % 3 != 1 if masked else np.ones(opened.count, dtype=bool)
        windows = opened.catalog.windows(np.flatnonzero(allow).tolist()[::2])
        expected = by_hand(opened, vector, allow)
        cosine = opened.vectors.scores(vector, np.array([one.row for one in windows]))
        found = broad(opened, vector, windows, cosine, allow if masked else None)
        assert found.tolist() == pytest.approx([expected[one.paper or one.passage] for one in windows], abs=1e-5)
    assert broad(snapshot, vector, [], np.zeros(0, dtype=np.float32)).shape == (0,)


def test_a_long_note_is_judged_by_its_best_windows_only(snapshot):
    windows = snapshot.catalog.windows(range(snapshot.count))
    assert max(np.unique([one.paper or one.passage for one in windows], return_counts=True)[1]) > FEW
