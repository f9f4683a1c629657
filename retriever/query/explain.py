"""Why each hit of a search stands where it does: what its score is made of, and the reasons in a reader's words."""

from __future__ import annotations

from typing import TYPE_CHECKING

from retriever.query import fuse, matches, reasons
from retriever.records import Parts, Signal, SignalName

if TYPE_CHECKING:
    from retriever.index import WindowRow
    from retriever.query.rank import Ranked
    from retriever.query.recognise import Recognised
    from retriever.query.retrieve import Candidates, Question
    from retriever.records import Paper, Passage, Reason

_FIXED: dict[SignalName, str] = {
    "section": "a section about no paper stands below papers as good",
    "imported": "an abstract from a library stands below own words as good",
    "reranker": "the model's judgement of the question beside this window",
}


class Explained:
    """What is told of the hits of one search. Parts and signals are those of a paper's best window."""

    def __init__(self, candidates: Candidates, question: Question, known: Recognised) -> None:
        self._candidates = candidates
        self._question = question
        self._known = known
        self._at = {row: place for place, row in enumerate(candidates.rows.tolist())}
        self._lexical = fuse.lexical_part(candidates)
        if candidates.cover is not None and candidates.bm25 is not None:
            self._cover, self._bm25 = fuse.of_the_best(candidates.cover), fuse.of_the_best(candidates.bm25)
        self._trust = fuse.trust(candidates)
        self._matched: dict[int, dict[str, list[str]]] = {}  # by row: reading a window is most of what telling costs

    def parts(self, entry: Ranked) -> Parts:
        at = self._at.get(entry.windows[0].row)
        lexical, cosine = self._candidates.cover is not None, self._candidates.cosine
        return Parts(
            float(self._lexical[at]) if lexical and at is not None else None,
            float(cosine[at]) if cosine is not None and at is not None else None,
        )

    def reasons(self, entry: Ranked, _: Paper | None, passage: Passage) -> tuple[Reason, ...]:
        said = []
        if entry.paper in self._known.papers:
            said.append(self._named())
        parts = self.parts(entry)
        found = self._found(entry.windows[0], passage) if parts.lexical is not None else {}
        said_first = [word for here in reversed(found.values()) for word in here]  # as the text has it
        if shared := reasons.words_found(said_first, self._question.weights):
            said.append(shared)
        return (*said, reasons.near(parts.dense)) if parts.dense is not None else tuple(said)

    def signals(self, entry: Ranked, passage: Passage) -> tuple[Signal, ...]:
        """Return what adds up to the score of a hit, and how; `passage` is that of its best window."""
        return tuple(Signal(name, value, self._text(name, entry, passage)) for name, value in entry.added)

    def _text(self, name: SignalName, entry: Ranked, passage: Passage) -> str:
        if name == "meaning":
            return f"cosine {self.parts(entry).dense:.3f}"
        if name == "words":
            return self._of_words(entry.windows[0], passage)
        return self._named().text if name == "named" else _FIXED[name]

    def _of_words(self, window: WindowRow, passage: Passage) -> str:
        found = matches.told(self._found(window, passage))
        if not found:
            return "none is shared"
        at = self._at[window.row]
        share = f"({fuse.COVER:g} × cover {self._cover[at]:.2f} + {1 - fuse.COVER:.2g} × BM25 {self._bm25[at]:.2f})"
        scale = f"{fuse.WORDS:g} × trust {self._trust:.2f} × " if self._candidates.cosine is not None else ""
        return f"{found}; {scale}{share}, shares of the best"

    def _found(self, window: WindowRow, passage: Passage) -> dict[str, list[str]]:
        if window.row not in self._matched:
            self._matched[window.row] = matches.matched(passage, window, self._question.weights)
        return self._matched[window.row]

    def _named(self) -> Reason:
        return reasons.exact(self._known.kind) if self._known.spelled is None else reasons.nearly(self._known.kind)
