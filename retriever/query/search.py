"""One question through the read side: read it, retrieve, fuse, rank, explain."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, get_args

import numpy as np

from retriever import words
from retriever.errors import UsageError
from retriever.query.allow import allowed, empty_because, known_topics
from retriever.query.answer import results
from retriever.query.confidence import Sureness, calibration_of, known_share
from retriever.query.dates import browse, newest_first
from retriever.query.explain import Explained
from retriever.query.forgive import near_words
from retriever.query.fuse import fuse
from retriever.query.parse import parse
from retriever.query.rank import Ranked, rank
from retriever.query.recognise import Recognised, recognise
from retriever.query.rerank import READ_AGAIN, Judge, rerank
from retriever.query.retrieve import Candidates, Question, retrieve, term_weights
from retriever.records import Mode, Query, Results, Sort

if TYPE_CHECKING:
    from retriever.index import Snapshot, WindowRow
    from retriever.index.arrays import Float32Vector, RowMask

MAX_QUERY = 6000  # characters, a page: longer is a document, and pasted by mistake
MAX_LIMIT = 1000
# Windows that each side gives. A paper may have many, so an answer of n papers needs several times n; below 50
# papers the pool stays the same, so that asking for more of them changes nothing above.
POOL = 400
POOL_PER_PAPER = 8

Encode = Callable[[str], "Float32Vector"]  # a query to a unit vector of shape (dim,)
_NO_CANDIDATES = Candidates(np.zeros(0, dtype=np.int64), None, None, None)


@dataclass(frozen=True, slots=True)
class Found:
    """The ranked papers of a query as it was understood, and what they were ranked by.

    `known` are the papers that the whole query names. Where filters alone found them, there are no candidates.
    """

    query: Query
    question: Question
    candidates: Candidates
    ranked: tuple[Ranked, ...]
    known: Recognised


def search(
    snapshot: Snapshot,
    query: str | Query,
    *,
    limit: int,
    mode: Mode,
    encode: Encode | None,
    sort: Sort = "relevance",
    judge: Judge | None = None,
) -> Results:
    """Return the papers that answer a query, best first, at most `limit`, as they are shown. See `find`.

    Sorted by date, these same papers stand newest first.
    """
    if sort not in get_args(Sort):
        raise UsageError(f"No order {sort!r}: choose one of {', '.join(get_args(Sort))}.")
    found = find(snapshot, query, limit=limit, mode=mode, encode=encode, judge=judge)
    candidates, question, known = found.candidates, found.question, found.known
    sureness = Sureness(calibration_of(snapshot), candidates, known_share(snapshot.lexical, question.weights), known)
    return results(
        snapshot.catalog,
        found.query.typed or found.query.text,
        mode,
        newest_first(snapshot.catalog, found.ranked) if sort == "date" else found.ranked,
        terms=question.weights.keys(),
        explained=Explained(candidates, question, known),
        sure=sureness.confidence,
        abstained=sureness.abstained(found.ranked),
        remarks=found.query.remarks,
    )


def find(
    snapshot: Snapshot,
    query: str | Query,
    *,
    limit: int,
    mode: Mode,
    encode: Encode | None,
    judge: Judge | None = None,
) -> Found:
    """Find the papers that answer a query, best first, at most `limit`; filters act before that cut.

    A text is read by `parse`, and its typing errors are forgiven; a Query made by hand is taken as it is. `encode` is
    called once at most, never in the mode lexical, and `judge` once at most, if it is given: see `rerank`. Filters
    without a word find the newest papers. Raises UsageError for a blank or overlong query, a limit outside 1 to 1,000
    or an unknown mode.
    """
    asked = parse(query) if isinstance(query, str) else query
    check(asked, limit, mode)
    asked = known_topics(snapshot.catalog, asked)
    allow = allowed(snapshot, asked)
    if allow is not None and not (asked.text and allow.any()):
        if not allow.any():
            asked = _remarked(asked, *empty_because(snapshot, asked))
        return Found(
            asked, Question({}, None), _NO_CANDIDATES, tuple(browse(snapshot.catalog, allow, limit)), Recognised()
        )
    known = recognise(snapshot, asked.text, forgiving=bool(asked.typed))
    if known.spelled is not None:
        papers = snapshot.catalog.papers(known.papers).values()
        labels = "; ".join(paper.label for paper in papers)
        asked = _remarked(asked, f"Nothing is called “{asked.text}”; nearest by a letter: {labels}.")
    elif asked.typed and not known.papers:
        asked = _forgiven(snapshot, asked)
    weights = term_weights(snapshot.lexical, words.terms(asked.text))
    question = Question(weights, _vector(snapshot, asked.text, mode, encode))
    wanted = limit if judge is None else max(limit, READ_AGAIN)
    candidates, windows = _candidates(snapshot, question, known, allow, limit=wanted, mode=mode)
    ranked = rank(windows, fuse(candidates), wanted, first=known.papers)
    if judge is not None:
        ranked = rerank(snapshot.catalog, asked.text, ranked, judge)
    return Found(asked, question, candidates, tuple(ranked[:limit]), known)


def _candidates(
    snapshot: Snapshot, question: Question, known: Recognised, allow: RowMask | None, *, limit: int, mode: Mode
) -> tuple[Candidates, list[WindowRow]]:
    """Return the candidates and their windows: of `limit` papers, or of all that may answer."""
    always = [row for rows in snapshot.catalog.rows_of_papers(known.papers).values() for row in rows]
    most = snapshot.lexical.count if allow is None else int(allow.sum())
    pool = max(POOL, POOL_PER_PAPER * limit)
    while True:
        candidates = retrieve(snapshot, question, lexical=mode != "dense", pool=pool, add=always, allow=allow)
        windows = snapshot.catalog.windows(candidates.rows.tolist())
        if len({window.paper or window.passage for window in windows}) >= limit or pool >= most:
            return candidates, windows
        pool *= 4  # a few long notes filled it


def _forgiven(snapshot: Snapshot, asked: Query) -> Query:
    """Return a query with its typing errors undone, and say so."""
    text = asked.text
    for typed, word in near_words(snapshot, text).items():
        text = re.sub(rf"(?<!\w){re.escape(typed)}(?!\w)", word, text)
        asked = _remarked(asked, f"“{typed}” stands nowhere in your notes; read as “{word}”.")
    return replace(asked, text=text)


def _remarked(asked: Query, *remarks: str) -> Query:
    return replace(asked, remarks=(*asked.remarks, *remarks))


def check(query: Query, limit: int, mode: Mode) -> None:
    """Raise UsageError unless the request can be answered."""
    if not (query.text.strip() or query.filters or query.phrases or query.absent):
        raise UsageError("The query is blank.", "Ask with a few words, a title or a key.")
    length = max(len(query.typed), len(query.text))
    if length > MAX_QUERY:
        raise UsageError(f"The query has {length:,} characters; the most is {MAX_QUERY:,}.")
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
