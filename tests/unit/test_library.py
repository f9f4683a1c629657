import shutil
import subprocess
import sys
import threading
from contextlib import contextmanager, nullcontext
from pathlib import Path

import pytest
from toy import OUTLINE, WordEncoder, write_notes

from retriever import Retriever, build, embedder
from retriever.errors import (
    IndexDamagedError,
    IndexNotFoundError,
    IndexOutdatedError,
    NotesGoneError,
    PaperNotFoundError,
    UsageError,
)
from retriever.library import chunk
from retriever.query.search import search
from retriever.records import Query


@pytest.fixture
def models(monkeypatch):
    """Let the library load word encoders by any name; return the names that it loaded."""
    loaded = []

    def load(model, *, download=False):
        loaded.append(model)
        return WordEncoder(model)

    monkeypatch.setattr(embedder, "load_encoder", load)
    monkeypatch.setattr(embedder, "fingerprint_of", lambda model: WordEncoder(model).fingerprint)
    return loaded


@pytest.fixture
def own(tmp_path):
    """Return a folder of notes and an index of it, both to be changed at will."""
    notes = write_notes(tmp_path / "notes")
    build(notes, tmp_path / "index", encoder=WordEncoder())
    return notes, tmp_path / "index"


def add_paper(notes):
    addition = "\n## Sound\n\n- [EveSix2025ICLR](https://openreview.net/forum?id=eeeeeeeeE1) hears whales from afar\n"
    (notes / "outline.md").write_text(OUTLINE + addition)


def test_a_search_is_that_of_the_query_room_with_the_model_of_the_index(toy_index, toy_snapshot, models):
    with Retriever.open(toy_index) as retriever:
        found = retriever.search("attention that cancels noise", limit=4)
        assert retriever.search("attention that cancels noise", limit=4) == found
    encode = lambda text: WordEncoder().encode_query([text])[0]  # noqa: E731  one expression
    assert found == search(toy_snapshot, "attention that cancels noise", limit=4, mode="hybrid", encode=encode)
    assert models == ["words"]  # loaded once


def test_filters_are_keywords_too(toy_index, models):
    with Retriever.open(toy_index) as retriever:
        found = retriever.search("memory of a table", venue=["ICLR", "ACL"], year=2025, author=None)
        assert found.hits == retriever.search("memory of a table venue:ICLR venue:ACL year:2025").hits
        assert found.hits == retriever.search(Query("memory of a table"), venue=["ICLR", "ACL"], year="2025").hits
        assert {hit.paper.venue for hit in retriever.search(venue="ACL").hits} == {"ACL"}
        assert retriever.search("memory", sort="date", mode="lexical", kind="paper").hits
        with pytest.raises(TypeError, match="venues"):
            retriever.search("memory", venues="ICLR")
        with pytest.raises(UsageError, match="near it are Memory"):
            retriever.search("memory", topic="Memroy")
        with pytest.raises(UsageError, match="a rating is"):
            retriever.search("memory", rating="good")


def test_a_place_is_a_file_that_is_there_and_a_line(toy_index):
    with Retriever.open(toy_index) as retriever:
        places = [retriever.place(handle) for handle in ("Warm restarts return", "article.md:9", "outline.md:1")]
        passage = retriever.dossier("Warm restarts return").passages[0]
        assert retriever.place(passage.id) == places[0]
        with pytest.raises(PaperNotFoundError):
            retriever.place("nowhere.md:3")
    assert [Path(place.file).read_text().split("\n")[place.line - 1] for place in places] == [
        "## Warm restarts return", "arXiv: https://arxiv.org/abs/2507.17634v2", "---"
    ]  # fmt: skip


def test_no_encoder_is_loaded_for_words_alone_nor_for_similar_papers(toy_index, models):
    with Retriever.open(toy_index) as retriever:
        assert retriever.search("noise", mode="lexical").hits
        assert retriever.similar("KAN", limit=3).hits
        assert retriever.paper("KAN").name == "KAN"
    assert models == []


def test_another_model_than_the_index_s_is_refused_with_the_command_that_rebuilds(toy_index, models):
    with Retriever.open(toy_index, model="other") as retriever:
        for ask in (lambda: retriever.search("noise"), lambda: retriever.similar("KAN")):
            with pytest.raises(IndexOutdatedError, match=f"retriever build --model other --index {toy_index}"):
                ask()
        assert retriever.search("noise", mode="lexical").hits
    with Retriever.open(toy_index, model="words") as retriever:
        assert retriever.search("noise").hits
        assert retriever.similar("KAN").hits


def test_a_model_that_changed_under_its_name_is_refused(toy_index, monkeypatch):
    monkeypatch.setattr(embedder, "load_encoder", lambda model, *, download: WordEncoder("newer"))
    with Retriever.open(toy_index) as retriever, pytest.raises(IndexOutdatedError, match="build --model words"):
        retriever.search("noise")


def test_a_retriever_follows_the_index_to_its_next_generation(own, models):
    notes, index = own
    with Retriever.open(index) as retriever:
        with pytest.raises(PaperNotFoundError):
            retriever.paper("EveSix2025ICLR")
        before = retriever.status()
        add_paper(notes)
        assert retriever.status().notes_changed == 1
        build(None, index, encoder=WordEncoder())
        assert retriever.paper("EveSix2025ICLR").key == "EveSix2025ICLR"
        assert retriever.search("whales").hits[0].paper.key == "EveSix2025ICLR"
        after = retriever.status()
    assert (after.papers, after.notes_changed) == (before.papers + 1, 0)
    assert after.generation > before.generation


def test_a_retriever_follows_the_index_to_another_model(own, models):
    _, index = own
    with Retriever.open(index) as retriever:
        assert retriever.search("noise").hits
        build(None, index, encoder=WordEncoder("other"))
        assert retriever.search("noise").hits
    assert models == ["words", "other"]


def test_what_two_builds_dropped_before_it_was_opened_is_answered_from_the_next(own, models):
    notes, index = own
    with Retriever.open(index) as retriever, retriever._reading() as held:
        add_paper(notes)
        build(None, index, encoder=WordEncoder())
        real, calls = retriever._followed.reading, []

        @contextmanager
        def overtaken():
            calls.append(1)
            if len(calls) > 1:
                with real() as snapshot:
                    yield snapshot
                return
            (notes / "more.md").write_text("# More\n\nWords of a section.\n")
            build(None, index, encoder=WordEncoder())
            yield held

        retriever._followed.reading = overtaken
        assert retriever.search("whales from afar", mode="lexical").hits[0].paper.key == "EveSix2025ICLR"
        assert len(calls) == 2
        calls.clear()
        retriever._followed.reading = lambda: nullcontext(held)
        with pytest.raises(IndexDamagedError, match="faster than it can be read"):
            retriever.similar("AdaOne2025ICLR")


def test_a_call_that_has_begun_ends_in_the_generation_it_began_with(own):
    notes, index = own
    with Retriever.open(index) as retriever:
        with retriever._reading() as held:
            add_paper(notes)
            build(None, index, encoder=WordEncoder())
            assert len(retriever.papers()) == 12
            assert len(held.catalog.all_papers()) == 11
        with retriever._reading() as current:
            assert current is not held
        with pytest.raises(Exception, match="closed"):
            held.catalog.all_papers()


def test_many_threads_get_the_answers_of_one(toy_index, models):
    queries = ["noise", "memory of a table", "earlier frames", "KAN"] * 4
    with Retriever.open(toy_index) as retriever:
        expected = [retriever.search(query) for query in queries]
        found = [None] * len(queries)

        def ask(at):
            found[at] = retriever.search(queries[at])

        threads = [threading.Thread(target=ask, args=(at,)) for at in range(len(queries))]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert found == expected


def test_a_closed_retriever_opens_again_when_asked(toy_index):
    retriever = Retriever.open(toy_index)
    retriever.close()
    retriever.close()
    assert retriever.papers()
    retriever.close()


def test_where_no_index_is_nothing_opens(tmp_path, own):
    with pytest.raises(IndexNotFoundError):
        Retriever.open(tmp_path / "nothing")
    with Retriever.open(own[1]) as retriever:
        shutil.rmtree(own[1])
        with pytest.raises(IndexNotFoundError):
            retriever.papers()


def test_topics_nest_with_counts_of_distinct_papers(toy_index):
    with Retriever.open(toy_index) as retriever:
        tops = retriever.topics()
        papers = retriever.papers()
    by_label = {topic.path: topic for topic in tops}
    assert by_label["Architecture",].papers == 5
    (transformer,) = by_label["Architecture",].children
    assert [(child.path[-1], child.papers) for child in transformer.children] == [("Attention", 2), ("Memory", 3)]
    assert by_label["Vision",].papers == 5
    assert [paper.label for paper in papers] == sorted((paper.label for paper in papers), key=str.casefold)


def test_a_dossier_holds_every_passage_of_a_paper_and_what_ties_them(toy_index):
    with Retriever.open(toy_index) as retriever:
        dossier = retriever.dossier("Differential Transformer")
        assert dossier.paper == retriever.paper("OvoCm1gGhN")
    assert [(passage.file, passage.first_line) for passage in dossier.passages] == [
        ("outline.md", 12),
        ("outline.md", 26),
    ]
    assert dossier.passages[0].text in OUTLINE.replace("\t", "")
    assert {evidence.kind for evidence in dossier.evidence} == {"openreview"}


def test_status_says_what_stands_in_the_index(toy_index, toy_snapshot):
    with Retriever.open(toy_index) as retriever:
        status = retriever.status()
    assert (status.notes, status.papers, status.sections, status.windows) == (2, 11, 2, toy_snapshot.count)
    assert (status.model, status.fingerprint) == ("words", WordEncoder().fingerprint)
    assert (status.notes_added, status.notes_changed, status.notes_removed) == (0, 0, 0)
    files = [path for path in toy_snapshot.path.rglob("*") if path.is_file() and path.suffix != ".lock"]
    assert status.bytes == sum(path.stat().st_size for path in files if path.stem != "manifest")
    assert status.topics == len(toy_snapshot.catalog.topics())
    assert status.warnings == ()


def test_chunk_yields_the_passages_of_notes_without_an_index(tmp_path):
    notes = write_notes(tmp_path / "notes")
    found = list(chunk([notes]))
    assert {passage.file for passage in found} == {str(notes / "article.md"), str(notes / "outline.md")}
    assert sum(passage.kind == "paper" for passage in found) == 12
    with pytest.raises(NotesGoneError):
        list(chunk([tmp_path / "gone"]))


def test_listing_papers_loads_neither_numpy_nor_readers_of_notes(toy_index):
    program = (
        "import sys; from retriever import Retriever; retriever = Retriever.open(sys.argv[1]); retriever.papers(); "
        "retriever.dossier('KAN'); retriever.topics(); print([name for name in "
        "('numpy', 'faiss', 'tantivy', 'markdown_it', 'retriever.indexing') if name in sys.modules])"
    )
    ran = subprocess.run([sys.executable, "-c", program, toy_index], capture_output=True, text=True, check=True)
    assert ran.stdout.strip() == "[]"


def test_own_words_on_a_paper_stand_above_another_paper_s_abstract(tmp_path):
    notes = tmp_path / "notes"
    notes.mkdir()
    abstract = "Whales are heard from afar by hydrophones."
    (notes / "library.bib").write_text(
        "@article{a2020far, title = {Ears Under Water And What They Catch}, abstract = {" + abstract + "}}\n"
        "@article{b2021near, title = {Nets Under Ships And What They Hold}, abstract = {Cod is counted.},\n"
        "  annote = {" + abstract + "}}\n"
    )
    build([notes], tmp_path / "index", encoder=WordEncoder())
    with Retriever.open(tmp_path / "index") as retriever:
        found = retriever.search(abstract, mode="lexical").hits
        assert [hit.paper.key for hit in found] == ["b2021near", "a2020far"]
        assert found[0].passages[0].text == abstract
        assert retriever.paper("a2020far").abstract == abstract
