"""One question through the read side: retrieve, fuse, rank, explain."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, get_args

from retriever import words
from retriever.errors import UsageError
from retriever.query import fuse, reasons
from retriever.query.answer import results
from retriever.query.handles import named
from retriever.query.rank import Ranked, rank
from retriever.query.retrieve import Candidates, Question, retrieve, term_weights
from retriever.records import Mode, Paper, Parts, Reason, Results

if TYPE_CHECKING:
    from retriever.index import Snapshot
    from retriever.index.arrays import Float32Vector

MAX_QUERY = 2000  # characters: longer is a document, and pasted by mistake
MAX_LIMIT = 1000
# Windows that each side gives. A paper may have many, so an answer of n papers needs several times n; below 50
# papers the pool stays the same, so that asking for more of them changes nothing above.
POOL = 400
POOL_PER_PAPER = 8

Encode = Callable[[str], "Float32Vector"]  # a query to a unit vector of shape (dim,)


@dataclass(frozen=True, slots=True)
class Found:
    """The ranked papers of a question, and what they were ranked by.

    `exact` are the papers that the whole question is a handle of, `kind` says which kind.
    """

    question: Question
    candidates: Candidates
    ranked: tuple[Ranked, ...]
    kind: str
    exact: tuple[str, ...]


def search(snapshot: Snapshot, query: str, *, limit: int, mode: Mode, encode: Encode | None) -> Results:
    """Return the papers that answer a query, best first, at most `limit`, as they are shown. See `find`."""
    found = find(snapshot, query, limit=limit, mode=mode, encode=encode)
    candidates, question = found.candidates, found.question
    at = {row: place for place, row in enumerate(candidates.rows.tolist())}
    lexical = fuse.lexical_part(candidates)

    def parts(row: int) -> Parts:
        place = at[row]
        return Parts(
            None if candidates.bm25 is None else float(lexical[place]),
            None if candidates.cosine is None else float(candidates.cosine[place]),
        )

    def explain(entry: Ranked, paper: Paper | None) -> tuple[Reason, ...]:
        said = [reasons.exact(found.kind)] if entry.paper in found.exact else []
        texts = [entry.windows[0].text, *((paper.label,) if paper else ())]
        if mode != "dense" and (shared := reasons.words_found(texts, question.weights)):
            said.append(shared)
        cosine = parts(entry.windows[0].row).dense
        return (*said, reasons.near(cosine)) if cosine is not None else tuple(said)

    return results(
        snapshot.catalog, query, mode, found.ranked, terms=question.weights.keys(), parts=parts, explain=explain
    )


def find(snapshot: Snapshot, query: str, *, limit: int, mode: Mode, encode: Encode | None) -> Found:
    """Find the papers that answer a query, best first, at most `limit`.

    `encode` is called once, unless the mode is lexical or the index empty. Any characters are words or nothing:
    there is no syntax. Raises UsageError for a blank or overlong query, a limit outside 1 to 1,000 or an unknown mode.
    """
    check(query, limit, mode)
    question = Question(term_weights(snapshot.lexical, words.terms(query)), _vector(snapshot, query, mode, encode))
    kind, exact = named(snapshot.catalog, query)
    always = [row for rows in snapshot.catalog.rows_of_papers(exact).values() for row in rows]
    pool = max(POOL, POOL_PER_PAPER * limit)
    while True:
        candidates = retrieve(snapshot, question, lexical=mode != "dense", pool=pool, add=always)
        windows = snapshot.catalog.windows(candidates.rows.tolist())
        found = len({window.paper or window.passage for window in windows})
        if found >= limit or pool >= snapshot.lexical.count:
            break
        pool *= 4  # a few long notes filled it
    scores = fuse.fuse(candidates)
    return Found(question, candidates, tuple(rank(windows, scores.tolist(), limit, first=exact)), kind, exact)


def check(query: str, limit: int, mode: Mode) -> None:
    """Raise UsageError unless the request can be answered."""
    if not query.strip():
        raise UsageError("The query is blank.", "Ask with a few words, a title or a key.")
    if len(query) > MAX_QUERY:
        raise UsageError(f"The query has {len(query):,} characters; the most is {MAX_QUERY:,}.")
    check_limit(limit)
    if mode not in get_args(Mode):
        raise UsageError(f"No mode {mode!r}: choose one of {', '.join(get_args(Mode))}.")


def check_limit(limit: int) -> None:
    """Raise UsageError unless 1 <= limit <= 1,000."""
    if not 1 <= limit <= MAX_LIMIT:
        raise UsageError(f"The limit is {limit:,}; it may be 1 to {MAX_LIMIT:,}.")


def _vector(snapshot: Snapshot, query: str, mode: Mode, encode: Encode | None) -> Float32Vector | None:
    if mode == "lexical" or encode is None or not snapshot.vectors.count:
        return None
    return encode(query)
