"""The command that follows notes, in a process of its own."""

import signal
import subprocess
import sys

from retriever import Retriever


def test_watch_refreshes_and_ends_with_ctrl_c(tmp_path):
    notes, index = tmp_path / "notes", tmp_path / "index"
    notes.mkdir()
    (notes / "a.md").write_text("- [One paper](https://arxiv.org/abs/2401.00001) says one\n", "utf-8")
    command = ["watch", str(notes), "--index", str(index), "--model", "paper-static", "--debounce", "0.1"]
    with subprocess.Popen([sys.executable, "-m", "retriever", *command], stdout=subprocess.PIPE, text=True) as watching:
        assert "1 note, 1 paper, 0 sections; +1 paper" in watching.stdout.readline()
        (notes / "b.md").write_text("- [Another paper](https://arxiv.org/abs/2401.00002) says two\n", "utf-8")
        assert "1 note added; +1 paper; " in watching.stdout.readline()
        watching.send_signal(signal.SIGINT)
        assert watching.wait(60) == 0
    with Retriever.open(index) as retriever:
        assert [paper.label for paper in retriever.papers()] == ["Another paper", "One paper"]
