"""Why a hit stands where it does, in words for a reader."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from retriever import words
from retriever.records import Reason

if TYPE_CHECKING:
    from retriever.records import Paper, TopicRef

_WORDS_SHOWN = 3
_ARTICLES = {"openreview": "an OpenReview id", "arxiv": "an arXiv id", "acl": "an ACL id", "doi": "a DOI"}
_ARTICLES |= {"id": "an id", "link": "a link", "place": "a place", "key": "a key", "title": "a title", "name": "a name"}
_ARTICLES |= {"acronym": "an acronym", "author": "an author"}


def exact(kind: str) -> Reason:
    """The query names the paper; `kind` as in recognise.Recognised."""
    return Reason("exact", f"the query is {_ARTICLES[kind]} of this paper")


def nearly(kind: str) -> Reason:
    """The query is, but for one letter, a handle of the paper; `kind` as in forgive.near_handles."""
    return Reason("nearly", f"the query is, but for a letter, {_ARTICLES[kind]} of this paper")


def words_found(texts: Sequence[str], weights: Mapping[str, float]) -> Reason | None:
    """The words of the query that stand in the texts, rarest first; None without any."""
    shown = _shown_words(texts, weights)
    return Reason("words", f"words found: {', '.join(shown)}") if shown else None


def near(cosine: float) -> Reason:
    """The text is close to the query in meaning."""
    return Reason("meaning", f"meaning: cosine {cosine:.2f}")


def filed_together(shared: Mapping[str, TopicRef], paper: Paper, others: Mapping[str, Paper]) -> Reason | None:
    """The paper is filed beside some of the others: under the first topic of its own that is in `shared`."""
    for topic in paper.filed:
        if topic.id in shared:
            beside = tuple(other.id for other in others.values() if topic.id in {place.id for place in other.filed})
            return Reason("topic", f"filed together under {' > '.join(topic.path)}", beside)
    return None


def text_alike(shared: Mapping[str, float], texts: Sequence[str], papers: Sequence[str]) -> Reason:
    """The texts are alike; `shared` weighs the terms of the asked papers, those that stand in the texts are named."""
    shown = _shown_words(texts, shared)
    ending = f": shared words {', '.join(shown)}" if shown else " in meaning"
    return Reason("text", f"text alike{ending}", tuple(papers))


def _shown_words(texts: Sequence[str], weights: Mapping[str, float]) -> list[str]:
    """Return the heaviest terms of `weights` in the texts, each as it is first written there; numbers say nothing."""
    written: dict[str, str] = {}
    for text in texts:
        for token in words.tokens_among(text, weights):
            if token.term not in written and not token.term.isdigit():
                written[token.term] = text[token.start : token.end]
    heaviest = sorted(written, key=lambda term: (-weights[term], term))
    return [written[term] for term in heaviest[:_WORDS_SHOWN]]
