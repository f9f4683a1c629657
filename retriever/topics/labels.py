"""Naming a cluster by its own distinctive words (class-based TF-IDF)."""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence

from retriever.words import fold, terms, tokens

WORDS = 3  # in a label
_BETWEEN = " \u00a0-"  # what may stand between two words of one expression
_PAIR_SHARE = 0.3  # of the papers that have a word, those that have it beside the same other one: then both are shown
# What any paper says of itself.
_WORN = frozenset(
    term
    for word in "paper author work method approach propose result show novel new use based model models task data "
    "performance present introduce study problem existing recent however via state art experiments demonstrate "
    "achieve improve outperform significantly abstract et al we i e g arxiv https http com www two three one first "
    "not all more most many different large high well only other both each any no".split()
    for term in terms(word)
)


def labels(texts: Mapping[int, Sequence[str]], kept: Mapping[int, str]) -> dict[int, str]:
    """Return a label for each cluster but those that keep one: its most distinctive words, as mostly written.

    `texts` gives the texts of papers of each cluster. The more of its papers, and the fewer of all others, have a
    word, the more distinctive it is. Labels differ from each other and from those that are kept.
    """
    within = {cluster: _Said(papers) for cluster, papers in texts.items()}
    overall: Counter[str] = Counter()
    for said in within.values():
        overall.update(said.papers)
    mean = sum(overall.values()) / max(1, len(within))
    used = {fold(label) for label in kept.values()}
    found: dict[int, str] = {}
    for cluster, said in within.items():
        if cluster in kept:
            continue
        weights = {term: count * math.log(1 + mean / overall[term]) for term, count in said.papers.items()}
        written = [said.written(term) for term in _chosen(weights, said.papers)]
        size = WORDS
        while size < len(written) and fold(", ".join(written[:size])) in used:
            size += 1
        label = words = ", ".join(written[:size]) or "papers"
        number = 2
        while fold(label) in used:
            label = f"{words} ({number})"
            number += 1
        used.add(fold(label))
        found[cluster] = label
    return found


class _Said:
    """What the papers of a cluster say: `papers` counts those that have a term, or a pair of terms side by side."""

    def __init__(self, texts: Iterable[str]) -> None:
        self.papers: Counter[str] = Counter()
        self._forms: dict[str, Counter[str]] = defaultdict(Counter)
        for text in texts:
            found: set[str] = set()
            before = None
            for token in tokens(text):
                if token.term in _WORN or len(token.term) < 2 or token.term.isdigit():
                    before = None
                    continue
                found.add(token.term)
                self._forms[token.term][text[token.start : token.end]] += 1
                if before is not None and token.start - before.end == 1 and text[before.end] in _BETWEEN:
                    pair = f"{before.term} {token.term}"
                    found.add(pair)
                    self._forms[pair][text[before.start : token.end]] += 1
                before = token
            self.papers.update(found)

    def written(self, term: str) -> str:
        """Return a term as it is mostly written; what begins a sentence counts as in small letters, if ever so."""
        seen = self._forms[term]
        merged: Counter[str] = Counter()
        for form, count in seen.items():
            merged[form.lower() if form.lower() in seen else form] += count
        return min(merged, key=lambda form: (-merged[form], form))


def _chosen(weights: Mapping[str, float], counts: Mapping[str, int]) -> list[str]:
    """Return the words of most weight, up to twice those of a label, each in the pair that it mostly stands in."""
    around: dict[str, list[str]] = {}
    for pair in weights:
        if " " in pair:
            for word in pair.split():
                around.setdefault(word, []).append(pair)
    chosen: list[str] = []
    covered: set[str] = set()
    for word in sorted((term for term in weights if " " not in term), key=lambda term: (-weights[term], term)):
        if word in covered:
            continue
        pair = max(around.get(word, [word]), key=lambda term: (counts[term], term))
        whole = counts[pair] > 1 and counts[pair] >= _PAIR_SHARE * counts[word] and covered.isdisjoint(pair.split())
        chosen.append(pair if whole else word)
        covered.update(chosen[-1].split())
        if len(chosen) == 2 * WORDS:
            break
    return chosen
