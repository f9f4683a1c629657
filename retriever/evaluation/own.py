"""A known-item test from the user's own notes: each paper is asked for by its title, and must be found by the rest.

The title, the short name and the key of every paper are taken out of what is searched: out of its windows and its
headings, out of the fields that words are matched with, and out of the text that is embedded; and no paper answers to
a handle. A paper without a title is asked for by the first sentence about it, which is then taken out too.
"""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from retriever import words
from retriever.chunker import Chunk
from retriever.errors import UsageError
from retriever.evaluation.judged import JudgedSet, Question
from retriever.query.search import MAX_QUERY
from retriever.records import Paper, Passage, Window

if TYPE_CHECKING:
    from retriever.index import Catalog, Snapshot

ENOUGH = 8  # terms that must be left of what the notes say of a paper: with fewer, nothing could find it
TELLING = 3  # terms of a first sentence that is to ask for a paper
_SENTENCE_END = re.compile(r"(?<=[.!?…])[\"'”’)\]]*\s+|(?<=[。！？])")
_WORD = re.compile(r"\w+")


def known_items(snapshot: Snapshot) -> JudgedSet:
    """Return the test that an index gives. UsageError if no paper in it can be asked for."""
    catalog = snapshot.catalog
    made = _Masked()
    passages = _all_passages(catalog)
    of_passage = catalog.paper_of_passages(passages)
    windows = _windows(catalog, passages)
    papers = {paper.id: paper for paper in catalog.all_papers()}
    about: dict[str, list[Passage]] = {paper: [] for paper in papers}
    for passage in passages.values():
        if paper := of_passage.get(passage.id):
            about[paper].append(passage)
        elif found := windows.get(passage.id):
            made.chunks.append(Chunk(replace(passage, text=""), tuple(found)))
    for paper, mine in about.items():
        made.add(papers[paper], mine, windows)
    if not made.questions:
        raise UsageError(
            "No paper in these notes can be asked for: each needs a few sentences beside its title.",
            "Measure on a test set: retriever eval FOLDER",
        )
    asked = f"{made.by_title:,} by title and {len(made.questions) - made.by_title:,} by the first sentence about them"
    return JudgedSet(
        name="own notes",
        key=f"own-{hashlib.sha256(str(snapshot.index.resolve()).encode('utf-8', 'replace')).hexdigest()[:16]}",
        chunks=tuple(made.chunks),
        of_passage={passage: paper for passage, paper in of_passage.items() if passage in made.kept},
        questions=tuple(made.questions),
        documents=len(papers),
        measures=f"Known items from your own notes: of {len(papers):,} papers, {len(made.questions):,} of which "
        f"the notes say enough are asked for, {asked}, and must be found by what else the notes say. Title, name and "
        "key are masked in what is searched.",
    )


@dataclass(slots=True)
class _Masked:
    """The test as it grows: passages without what names their papers, and questions."""

    chunks: list[Chunk] = field(default_factory=list)
    kept: set[str] = field(default_factory=set)
    questions: list[Question] = field(default_factory=list)
    by_title: int = 0

    def add(self, paper: Paper, passages: list[Passage], windows: Mapping[str, list[Window]]) -> None:
        mask = _mask([paper.title, paper.name, paper.key, *(n for p in passages for n in (p.title, p.name, p.key))])
        chunks = [masked(passage, windows.get(passage.id, []), mask) for passage in passages]
        chunks = [chunk for chunk in chunks if chunk.windows]
        if paper.title:
            if _terms(chunks) >= ENOUGH:
                self.questions.append(Question(paper.title[:MAX_QUERY], {paper.id: 1}))
                self.by_title += 1
        elif chunks:
            sentence, rest = _without_first_sentence(chunks)
            if len(words.terms(sentence)) >= TELLING and _terms(rest) >= ENOUGH:
                self.questions.append(Question(sentence[:MAX_QUERY], {paper.id: 1}))
                chunks = rest
        self.chunks += chunks
        self.kept |= {chunk.passage.id for chunk in chunks}


def masked(passage: Passage, windows: Iterable[Window], mask: re.Pattern[str] | None) -> Chunk:
    """Return a passage and its windows without the names in `mask`, and without what is not searched."""
    headings = (_cut(heading, mask) for heading in passage.heading_path)
    bare = replace(
        passage,
        title=None,
        name=None,
        key=None,
        heading_path=tuple(heading for heading in headings if heading),
        abstract=None,
        text="",
    )
    cut = (replace(window, text=_cut(window.text, mask)) for window in windows)
    return Chunk(bare, tuple(window for window in cut if words.terms(window.text)))


def _cut(text: str, mask: re.Pattern[str] | None) -> str:
    if mask is None:
        return text
    return " ".join(mask.sub(" ", text).split()).strip(" :,;–—-")


def _mask(names: Collection[str | None]) -> re.Pattern[str] | None:
    """Return a pattern of all names, longest first, in any case and with any signs or spaces between their words."""
    found = {tuple(_WORD.findall(name)) for name in names if name}
    told = sorted((name for name in found if len("".join(name)) > 1), key=lambda name: (-len("".join(name)), name))
    if not told:
        return None
    return re.compile("|".join(_bounded(name) for name in told), re.IGNORECASE)


def _bounded(name: tuple[str, ...]) -> str:
    """Return a pattern of words in a row; Chinese and Japanese have no spaces around them."""
    pattern = r"[\W_]+".join(re.escape(word) for word in name)
    before = "" if _wide(name[0][0]) else r"(?<!\w)"
    return before + pattern + ("" if _wide(name[-1][-1]) else r"(?!\w)")


def _wide(char: str) -> bool:
    return unicodedata.east_asian_width(char) in "WF"


def _without_first_sentence(chunks: list[Chunk]) -> tuple[str, list[Chunk]]:
    """Return the first sentence of passages, and the passages without it wherever it stands."""
    text = chunks[0].windows[0].text
    end = _SENTENCE_END.search(text)
    sentence = (text[: end.start()] if end else text).strip()
    rest = []
    for chunk in chunks:
        left = (replace(window, text=window.text.replace(sentence, " ").strip()) for window in chunk.windows)
        if kept := tuple(window for window in left if words.terms(window.text)):
            rest.append(Chunk(chunk.passage, kept))
    return sentence, rest


def _terms(chunks: Iterable[Chunk]) -> int:
    return sum(len(words.terms(window.text)) for chunk in chunks for window in chunk.windows)


def _all_passages(catalog: Catalog) -> dict[str, Passage]:
    files = dict.fromkeys(note.file for note in catalog.notes())
    return {passage.id: passage for file in files for passage in catalog.passages_in(file)}


def _windows(catalog: Catalog, passages: Collection[str]) -> dict[str, list[Window]]:
    found: dict[str, list[Window]] = {}
    rows = sorted(row for rows in catalog.rows_of_passages(passages).values() for row in rows)
    for row in catalog.windows(rows):
        found.setdefault(row.passage, []).append(
            Window(row.ordinal, row.first_line, row.last_line, row.text, row.imported)
        )
    return found
