"""An index that follows its notes, edited as editors, drives and other builds do it."""

import queue
import shutil
import sys
import threading
from contextlib import contextmanager
from pathlib import Path

import pytest

from retriever import Retriever, build
from retriever.errors import (
    BuildRunningError,
    ExtraMissingError,
    ModelMissingError,
    NotDurableError,
    NotesGoneError,
    UsageError,
)
from retriever.index.lock import locked
from retriever.watching import Failed, Refreshed, follow

MODEL = "paper-static"
LONG = 60  # seconds: a test that waits so long has failed


def paper(number):
    return f"- [Paper number {number} on things](https://arxiv.org/abs/2401.{number:05d}) says {number}\n"


@pytest.fixture
def notes(tmp_path):
    folder = tmp_path / "notes"
    folder.mkdir()
    for number in range(4):
        (folder / f"{number}.md").write_text(paper(number), "utf-8")
    return folder


@contextmanager
def following(index, notes=None, **options):
    """Follow in a thread; give the queue of its news. At the end it must stop by itself."""
    news, stop = queue.Queue(), threading.Event()
    options = {"model": MODEL, "debounce": 0.05, "warn": news.put} | options
    thread = threading.Thread(
        target=follow, args=(index, notes), kwargs={"stop": stop, "report": news.put, **options}, daemon=True
    )
    thread.start()
    try:
        yield news
    finally:
        stop.set()
        thread.join(LONG)
        assert not thread.is_alive()


def labels(index):
    with Retriever.open(index) as retriever:
        return sorted(paper.label for paper in retriever.papers())


def until(news, wanted):
    """Return the first news for which `wanted` holds."""
    while True:
        one = news.get(timeout=LONG)
        if wanted(one):
            return one


def test_a_note_that_comes_changes_and_goes_is_found_changed_and_forgotten(tmp_path, notes):
    index = tmp_path / "index"
    with following(index, [notes]) as news:
        first = news.get(timeout=LONG)
        assert (first.first, first.report.papers_added) == (True, 4)
        (notes / "sub").mkdir()
        (notes / "sub" / "new.md").write_text(paper(9), "utf-8")
        came = news.get(timeout=LONG)
        assert (came.first, came.report.notes_added, came.report.papers_added) == (False, 1, 1)
        (notes / "0.md").write_text(paper(7), "utf-8")
        changed = news.get(timeout=LONG).report
        assert (changed.notes_read, changed.notes_added, changed.papers_added, changed.papers_removed) == (1, 0, 1, 1)
        shutil.rmtree(notes / "sub")
        went = news.get(timeout=LONG).report
        assert (went.notes_removed, went.papers_removed) == (1, 1)
    assert labels(index) == [f"Paper number {number} on things" for number in (1, 2, 3, 7)]


def test_the_index_knows_which_notes_to_follow(tmp_path, notes):
    index = tmp_path / "index"
    build(notes, index, model=MODEL)
    with following(index, model=None) as news:
        assert not news.get(timeout=LONG).report.published
        (notes / "new.md").write_text(paper(9), "utf-8")
        assert news.get(timeout=LONG).report.model == MODEL  # the index's own, and not the default


def test_what_the_reader_passes_over_wakes_nobody(tmp_path, notes):
    index = notes / "index"  # in the notes themselves, as some will have it
    (notes / ".retrieverignore").write_text("drafts/\n*.tmp.md\n", "utf-8")
    with following(index, [notes]) as news:
        news.get(timeout=LONG)
        for name in (".obsidian/workspace.md", "drafts/a.md", "a.tmp.md", "picture.png", "node_modules/b.md"):
            (notes / name).parent.mkdir(exist_ok=True)
            (notes / name).write_text(paper(8), "utf-8")
        (notes / "new.md").write_text(paper(9), "utf-8")
        assert news.get(timeout=LONG).report.papers == 5
        (notes / ".retrieverignore").unlink()
        assert news.get(timeout=LONG).report.papers == 6
        assert news.empty()


def test_one_file_is_followed_without_its_neighbours_also_when_an_editor_replaces_it(tmp_path, notes):
    index = tmp_path / "index"
    with following(index, [notes / "1.md"]) as news:
        assert news.get(timeout=LONG).report.notes == 1
        (notes / "2.md").write_text(paper(8), "utf-8")
        (notes / "written").write_text(paper(9), "utf-8")
        (notes / "written").replace(notes / "1.md")
        assert news.get(timeout=LONG).report.papers_added == 1
    assert labels(index) == ["Paper number 9 on things"]


def test_overrides_are_followed(tmp_path, notes):
    with following(tmp_path / "index", [notes]) as news:
        news.get(timeout=LONG)
        (notes / "papers.overrides.toml").write_text(
            '[[merge]]\npapers = ["arxiv:2401.00001", "arxiv:2401.00002"]\n', "utf-8"
        )
        assert until(news, lambda one: isinstance(one, Refreshed)).report.papers == 3


def test_changes_during_a_build_are_picked_up_by_the_next_one(tmp_path, notes):
    late = iter(range(20, 23))

    @contextmanager
    def editing():
        def told(stage, done, total):
            if stage == "embedding" and (number := next(late, None)):
                (notes / f"{number}.md").write_text(paper(number), "utf-8")

        yield told

    index = tmp_path / "index"
    with following(index, [notes], progress=editing) as news:
        until(news, lambda one: one.report.papers == 7)
    assert len(labels(index)) == 7


def test_a_folder_that_is_away_for_a_while_costs_nothing(tmp_path, notes):
    index = tmp_path / "index"
    with following(index, [notes]) as news:
        news.get(timeout=LONG)
        notes.rename(tmp_path / "away")
        gone = news.get(timeout=LONG)
        assert isinstance(gone.error, NotesGoneError)
        assert gone.again is None
        assert len(labels(index)) == 4
        (tmp_path / "away" / "new.md").write_text(paper(9), "utf-8")
        (tmp_path / "away").rename(notes)
        assert news.get(timeout=LONG).report.papers_added == 1
        (notes / "newer.md").write_text(paper(10), "utf-8")  # it is watched again
        assert news.get(timeout=LONG).report.papers_added == 1


def test_a_renamed_folder_of_most_notes_is_no_loss(tmp_path, notes):
    inner = notes / "inner"
    inner.mkdir()
    for number in range(10, 20):
        (inner / f"{number}.md").write_text(paper(number), "utf-8")
    index = tmp_path / "index"
    with following(index, [notes]) as news:
        news.get(timeout=LONG)
        inner.rename(notes / "renamed")
        report = news.get(timeout=LONG).report
        assert (report.notes_added, report.notes_removed, report.papers, report.windows_embedded) == (10, 10, 14, 0)


def test_losing_most_notes_is_refused_until_they_are_back(tmp_path, notes):
    index = tmp_path / "index"
    with following(index, [notes]) as news:
        news.get(timeout=LONG)
        for number in (0, 1, 2):
            (notes / f"{number}.md").rename(tmp_path / f"{number}.md")
        assert "--allow-shrink" in str(until(news, lambda one: isinstance(one, Failed)).error)
        assert len(labels(index)) == 4
        for number in (0, 1, 2):
            (tmp_path / f"{number}.md").rename(notes / f"{number}.md")
        until(news, lambda one: isinstance(one, Refreshed))
        assert len(labels(index)) == 4


def test_another_build_is_waited_for_and_told_once(tmp_path, notes):
    index = tmp_path / "index"
    build(notes, index, model=MODEL)
    (notes / "new.md").write_text(paper(9), "utf-8")
    with locked(index):
        with following(index) as news:
            held = news.get(timeout=LONG)
            assert isinstance(held.error, BuildRunningError)
            assert held.again == 1
            assert_stops_while_waiting = news
        assert assert_stops_while_waiting.empty()
    with following(index) as news:
        assert news.get(timeout=LONG).report.papers_added == 1


def failing(monkeypatch, errors):
    """Let the first builds fail with these errors, and the others go well."""
    errors = iter(errors)

    def fail_or_build(*arguments, **options):
        if error := next(errors, None):
            raise error
        return build(*arguments, **options)

    monkeypatch.setattr("retriever.watching.follower.build", fail_or_build)


def test_a_full_disk_is_tried_again_by_itself(tmp_path, notes, monkeypatch):
    full = NotDurableError(tmp_path / "index", "No space left on device")
    failing(monkeypatch, [full, full])
    with following(tmp_path / "index", [notes]) as news:
        assert news.get(timeout=LONG) == Failed(full, 1)
        assert news.get(timeout=LONG).report.papers == 4  # told of the second failure no more


def test_a_fault_in_a_build_costs_that_build_only(tmp_path, notes, monkeypatch):
    index = tmp_path / "index"
    build(notes, index, model=MODEL)
    failing(monkeypatch, [ZeroDivisionError("by nothing")])
    with following(index) as news:
        failed = news.get(timeout=LONG)
        assert (str(failed.error), failed.again) == ("Internal error: ZeroDivisionError: by nothing.", None)
        (notes / "new.md").write_text(paper(9), "utf-8")
        assert news.get(timeout=LONG).report.papers == 5


def test_it_stops_in_the_middle_of_a_build(tmp_path, notes):
    index, news, stop = tmp_path / "index", [], threading.Event()

    @contextmanager
    def stopped_early():
        yield lambda stage, done, total: stop.set()

    follow(index, [notes], stop=stop, report=news.append, warn=news.append, model=MODEL, progress=stopped_early)
    assert news == []
    assert [path.name for path in index.iterdir()] == ["LOCK"]


@pytest.mark.parametrize(
    ("given", "model", "error"),
    [(None, MODEL, UsageError), (["nowhere"], MODEL, NotesGoneError), (None, "./no/model", ModelMissingError)],
)
def test_what_can_never_go_well_is_said_at_once(tmp_path, given, model, error):
    places = given and [Path(tmp_path, one) for one in given]
    with pytest.raises(error):
        follow(tmp_path / "index", places, stop=threading.Event(), report=print, warn=print, model=model)


def test_without_the_extra_its_name_is_told(tmp_path, monkeypatch):
    monkeypatch.setitem(sys.modules, "watchfiles", None)
    with pytest.raises(ExtraMissingError, match=r"paper-retriever\[watch\]"):
        follow(tmp_path / "index", stop=threading.Event(), report=print, warn=print)


def test_changes_that_nobody_tells_of_are_found_by_looking(tmp_path, notes, monkeypatch):
    monkeypatch.setattr("retriever.watching.follower._LOOK_AGAIN", 0.1)
    monkeypatch.setattr("retriever.watching.folders.watch", deaf)
    with following(tmp_path / "index", [notes]) as news:
        news.get(timeout=LONG)
        (notes / "new.md").write_text(paper(9), "utf-8")
        assert news.get(timeout=LONG).report.papers_added == 1


def deaf(*_, stop_event, **__):
    """Tell of nothing, as some network drives do."""
    while not stop_event.wait(0.05):
        yield set()


def test_where_the_system_cannot_watch_files_are_looked_at_one_by_one(tmp_path, notes, monkeypatch):
    from watchfiles import watch  # noqa: PLC0415  the real one, before it is replaced

    def out_of_watches(*arguments, force_polling, **options):
        if not force_polling:
            raise RuntimeError("OS file watch limit reached")
        return watch(*arguments, force_polling=True, **options)

    monkeypatch.setattr("retriever.watching.folders.watch", out_of_watches)
    monkeypatch.setattr("retriever.watching.folders._POLL_MS", 100)
    with following(tmp_path / "index", [notes]) as news:
        news.get(timeout=LONG)
        assert "OS file watch limit reached" in until(news, lambda one: isinstance(one, str))
        (notes / "new.md").write_text(paper(9), "utf-8")
        until(news, lambda one: isinstance(one, Refreshed) and one.report.papers_added == 1)
