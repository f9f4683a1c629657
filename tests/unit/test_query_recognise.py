"""Queries that name a paper, and those that nearly do."""

import string

import pytest
from filter_oracle import drawing
from test_query_search import ask, labels
from toy import WordEncoder

from retriever import build
from retriever.index import open_snapshot
from retriever.query.forgive import near_handles, near_words
from retriever.query.recognise import recognise

BIB = """
@inproceedings{AdaOne2020, title={Denoising Diffusion Probabilistic Models}, author={Lovelace, Ada and Turing, Alan},
  year={2020}, eprint={2006.11239}}
@inproceedings{BobTwo2021, title={LoRA: Low-Rank Adaptation of Language Models}, author={Noether, Emmy}, year={2021},
  eprint={2106.09685}}
@inproceedings{CarlThree2022, title={On the Roads of Denmark}, author={Turing, Alan and Hopper, Grace}, year={2022},
  eprint={2206.00001}}
@inproceedings{DoraFour2023, title={Sampling, fast and slow}, author={Erd\\H{o}s, Paul}, year={2023}}
"""
NAMED = {"TianzhuYe2025ICLR": "Differential Transformer", "Differential Transformer": "Differential Transformer",
         "SimonSchug2025ICLR": "SimonSchug2025ICLR", "Learning rates fade": "Learning rates fade",
         "Warm restarts return": "Warm restarts return", "NikhilaRavi2025ICLR": "SAM2"}  # fmt: skip


@pytest.fixture(scope="module")
def library(tmp_path_factory):
    folder = tmp_path_factory.mktemp("library")
    (folder / "notes").mkdir()
    (folder / "notes/library.bib").write_text(BIB)
    (folder / "notes/note.md").write_text("# Reading\n\nDiffusion turns noise into pictures, and Hopper is a chip.\n")
    build([folder / "notes"], folder / "index", encoder=WordEncoder())
    with open_snapshot(folder / "index") as snapshot:
        yield snapshot


@pytest.mark.parametrize(
    ("query", "kind", "label"),
    [
        ("DDPM", "acronym", "Denoising Diffusion Probabilistic Models"),
        ("LRALM", "", None),
        ("OTROD", "acronym", "On the Roads of Denmark"),
        ("RD", "", None),
        ("lora", "name", "LoRA: Low-Rank Adaptation of Language Models"),
        ("Emmy Noether", "author", "LoRA: Low-Rank Adaptation of Language Models"),
        ("Noether", "author", "LoRA: Low-Rank Adaptation of Language Models"),
        ("Noether, Emmy", "author", "LoRA: Low-Rank Adaptation of Language Models"),
        ("Emmy Noether et al.", "author", "LoRA: Low-Rank Adaptation of Language Models"),
        ("Paul Erdos", "author", "Sampling, fast and slow"),
        ("Hopper", "", None),  # a word of the notes, too
        ("2006.11239", "arxiv", "Denoising Diffusion Probabilistic Models"),
        ("AdaOne2020", "key", "Denoising Diffusion Probabilistic Models"),
        ("diffusion", "", None),
        ("???", "", None),
    ],
)
def test_ids_keys_names_authors_and_acronyms_find_their_paper_first(library, query, kind, label):
    found = recognise(library, query)
    assert (found.kind, found.spelled) == (kind, None)
    if label:
        best = ask(library, query).hits[0]
        assert (best.paper.label, best.reasons[0].kind) == (label, "exact")


def test_all_papers_of_an_author_come_first(library):
    assert set(labels(ask(library, "Alan Turing"))[:2]) == {
        "Denoising Diffusion Probabilistic Models", "On the Roads of Denmark"
    }  # fmt: skip


def test_one_letter_wrong_in_a_name_or_key_is_forgiven_and_said(toy_snapshot):
    draw = drawing(0)
    for _ in range(60):
        handle, label = draw.choice(list(NAMED.items()))
        at = draw.randrange(len(handle))
        letter = draw.choice(string.ascii_lowercase)
        typed = draw.choice(
            [
                handle[:at] + handle[at + 1 :],
                handle[:at] + letter + handle[at:],
                handle[:at] + letter + handle[at + 1 :],
            ]
        )
        found = ask(toy_snapshot, typed)
        assert label in labels(found)[:3], typed
    found = ask(toy_snapshot, "TianzhuYe2025ICRL")
    assert found.hits[0].reasons[0].kind == "nearly"
    assert found.remarks == ("Nothing is called “TianzhuYe2025ICRL”; nearest by a letter: Differential Transformer.",)


def test_what_is_known_as_it_is_typed_and_what_is_short_is_left_alone(toy_snapshot):
    assert recognise(toy_snapshot, "SAM3").papers == ()
    assert recognise(toy_snapshot, "2507.17635").papers == ()  # one digit makes another paper
    assert near_handles(toy_snapshot.catalog, "10.1234/AB.568") == ("", "", ())
    assert ask(toy_snapshot, "attention that cancels noise").remarks == ()


def test_a_word_of_a_name_or_key_is_forgiven_a_letter_within_a_question_too(toy_snapshot):
    typed = "what Diferential does, by TianzhuYe2025ICLRR"
    known = {"Diferential": "differential", "TianzhuYe2025ICLRR": "tianzhuye2025iclr"}
    assert near_words(toy_snapshot, typed) == known
    found = ask(toy_snapshot, "Diferential noise")
    assert found.remarks == ("“Diferential” stands nowhere in your notes; read as “differential”.",)
    assert found.hits == ask(toy_snapshot, "differential noise").hits
    # The first letter is wrong; a word of running text; a part of a key.
    assert near_words(toy_snapshot, "Tifferential hypernetwor tianzhuu") == {}
    assert near_words(toy_snapshot, "a long query says enough by all of its other words, diferential too") == {}
