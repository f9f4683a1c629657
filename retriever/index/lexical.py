"""BM25 over the words of windows, by tantivy: one row a window, fed with the terms of our one analyser.

Queries are made of terms, never parsed, so that no text a user types is syntax.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory, gettempdir
from typing import TYPE_CHECKING

import numpy as np

from retriever.errors import IndexDamagedError, NotDurableError
from retriever.index.manifest import LEXICAL

if TYPE_CHECKING:
    import tantivy

    from retriever.index.arrays import Float32Vector, IntVector, RowMask

# How much a word counts by where it stands.
FIELD_WEIGHTS: Mapping[str, float] = {
    "text": 1.0,
    "headings": 1.2,
    "title": 2.5,
    "name": 2.5,
    "key": 2.5,
    "authors": 1.5,
}
ROW = "row"
# Sums in another order differ in the last digits: no reason to rank one window above the other.
_DIGITS = 4


class LexicalIndex:
    """The words of one generation. Threads may share one. Terms come from `retriever.words`."""

    def __init__(self, index: Path, folder: Path, count: int) -> None:
        """Open the folder. IndexDamagedError if tantivy cannot, or finds another number of windows."""
        import tantivy  # noqa: PLC0415  listing papers never needs it

        self.count = count
        self._index = index
        self._name = f"{folder.name}/{LEXICAL}"
        self._tantivy = tantivy
        with self._reading():
            files = list((folder / LEXICAL).absolute().iterdir())
        with _links(files) as place, self._reading():
            opened = tantivy.Index.open(str(place))
            opened.config_reader("manual")  # the files never change: nothing to watch
            self._schema = opened.schema
            self._searcher = opened.searcher()
        if self._searcher.num_docs != count:
            raise IndexDamagedError(index, self._name, f"holds {self._searcher.num_docs} windows, not {count}")

    @contextmanager
    def _reading(self) -> Iterator[None]:
        """Turn what tantivy makes of damaged files into IndexDamagedError: errors of many kinds, and Rust's panics."""
        try:
            yield
        except BaseException as error:
            if isinstance(error, IndexDamagedError):
                raise
            if isinstance(error, Exception) or type(error).__name__ == "PanicException":
                raise IndexDamagedError(self._index, self._name, f"cannot be read ({error})") from error
            raise

    def document_frequency(self, term: str) -> int:
        """Return the number of windows that hold a term in any field."""
        with self._reading():
            found = [self._searcher.doc_freq(field, part) for part in split_term(term) for field in FIELD_WEIGHTS]
            if sum(count > 0 for count in found) <= 1:
                return sum(found)
            return int(self._searcher.search(self._any_field(term), 1).count)

    def search(
        self, terms: Sequence[str], limit: int, *, allow: RowMask | None = None
    ) -> tuple[Float32Vector, IntVector]:
        """Return (scores, rows) of the windows that hold a term, best first, at most `limit`.

        Scores are BM25 summed over terms and fields, above 0; a repeated term counts once; ties go to the lower row.
        `allow`, shape (count,), leaves other rows out without changing a score.
        """
        limit = min(max(limit, 0), self.count)
        with self._reading():
            parts = [
                self._tantivy.Query.boost_query(self._term(field, part), weight)
                for term in dict.fromkeys(terms)
                for part in split_term(term)
                for field, weight in FIELD_WEIGHTS.items()
            ]
            if not limit or not parts:
                return np.zeros(0, dtype=np.float32), np.zeros(0, dtype=np.int64)
            query = self._either(parts)
            if allow is not None:
                query = self._among(query, np.flatnonzero(allow))
            wanted = limit
            while True:
                wanted = min(self.count, 2 * wanted + 16)
                sums, rows = self._ranked(query, wanted)
                scores = np.round(sums, _DIGITS)
                # Windows as good as the last one asked for may stand behind the cut: look further.
                if wanted == self.count or len(rows) < wanted or scores[-1] < scores[limit - 1]:
                    break
        order = np.lexsort((rows, -scores))[:limit]
        return scores[order], rows[order]

    def holding(self, terms: Sequence[str], fields: Iterable[str] = FIELD_WEIGHTS) -> IntVector:
        """Return the rows, ascending, of the windows in which terms follow each other within one of some fields."""
        parts = [part for term in terms for part in split_term(term)]
        if not parts or not self.count:
            return np.zeros(0, dtype=np.int64)
        with self._reading():
            kinds = self._tantivy.Query
            found = [
                kinds.phrase_query(self._schema, field, parts) if len(parts) > 1 else self._term(field, parts[0])
                for field in fields
            ]
            return np.sort(self._ranked(kinds.const_score_query(self._either(found), 1.0), self.count)[1])

    def cover(self, weights: Mapping[str, float], rows: IntVector) -> Float32Vector:
        """Return for each of some rows the summed weight of the terms that stand in any of its fields."""
        with self._reading():
            parts = [
                self._tantivy.Query.const_score_query(self._any_field(term), weight)
                for term, weight in weights.items()
                if weight > 0 and split_term(term)
            ]
            if not len(rows) or not parts:
                return np.zeros(len(rows), dtype=np.float32)
            scores, found = self._ranked(self._among(self._either(parts), rows), len(rows))
        sums = dict(zip(found.tolist(), scores.tolist(), strict=True))
        return np.array([sums.get(row, 0.0) for row in rows.tolist()], dtype=np.float32)

    def _ranked(self, query: tantivy.Query, limit: int) -> tuple[Float32Vector, IntVector]:
        hits = self._searcher.search(query, limit, count=False).hits
        values = self._searcher.fast_field_values(ROW, [address for _, address in hits])
        scores = np.array([score for score, _ in hits], dtype=np.float32)
        rows = np.array(values, dtype=np.int64)
        if len(rows) and not 0 <= rows.min() <= rows.max() < self.count:
            raise IndexDamagedError(self._index, self._name, "names rows that do not exist")
        return scores, rows

    def _term(self, field: str, part: str) -> tantivy.Query:
        return self._tantivy.Query.term_query(self._schema, field, part, index_option="freq")

    def _any_field(self, term: str) -> tantivy.Query:
        return self._either([self._term(field, part) for part in split_term(term) for field in FIELD_WEIGHTS])

    def _either(self, parts: Sequence[tantivy.Query]) -> tantivy.Query:
        return self._tantivy.Query.boolean_query([(self._tantivy.Occur.Should, part) for part in parts])

    def _among(self, query: tantivy.Query, rows: IntVector) -> tantivy.Query:
        kinds = self._tantivy.Query
        allowed = kinds.const_score_query(kinds.term_set_query(self._schema, ROW, rows.tolist()), 0.0)
        must = self._tantivy.Occur.Must
        return kinds.boolean_query([(must, query), (must, allowed)])


@contextmanager
def _links(files: Iterable[Path]) -> Iterator[Path]:
    """Give a folder of links to files: tantivy makes a lock file where it opens, and an index may belong to somebody
    else. Once open, it holds the files themselves.
    """
    with ExitStack() as stack:
        try:
            folder = Path(stack.enter_context(TemporaryDirectory(prefix="retriever-", ignore_cleanup_errors=True)))
            for file in files:
                (folder / file.name).symlink_to(file)
        except OSError as error:
            raise NotDurableError(Path(gettempdir()), error.strerror or str(error)) from error
        yield folder


def split_term(term: str) -> list[str]:
    """Return the pieces under which a term is indexed: a rare letter folds to words with spaces between them."""
    return term.split()
