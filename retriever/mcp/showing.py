"""Records as they stand in answers: each field bounded, and safe to show to a model or on a screen."""

from __future__ import annotations

from retriever.mcp.answers import Found, Named, Row
from retriever.mcp.bounds import clipped, cost, listed, take
from retriever.records import Hit, Paper, PassageHit, Topic

# Costs, as `bounds` counts them: ASCII text costs two a character, all else more.
LABEL = 500
NAME = 160
PATH = 500
REASON = 260
EXCERPT = 800
_BEFORE = 80  # characters of an excerpt before its first highlight


def named(paper: Paper, authors: int = 3) -> Named:
    return Named(
        id=paper.id,
        label=clipped(paper.label, LABEL),
        authors=listed(paper.authors, NAME, authors),
        venue=name(paper.venue),
        year=paper.year,
        key=name(paper.key) if paper.key != paper.label else None,
    )


def name(text: str | None) -> str | None:
    return None if text is None else clipped(text, NAME)


def path(parts: tuple[str, ...]) -> str:
    """Return headings or a topic's path on one line; where it is long, its end says most."""
    shown = " > ".join(clipped(part, PATH // 2) for part in parts)
    while cost(shown) > PATH and " > " in shown:
        shown = "… > " + shown.removeprefix("… > ").partition(" > ")[2]
    return clipped(shown, PATH)


def found(hit: Hit, topic: tuple[str, ...] | None, *, why: bool) -> Found:
    """Return a hit with the lines that answer best; with `why`, also its reasons."""
    best = hit.passages[0]
    who = named(hit.paper) if hit.paper else None
    return Found(
        rank=hit.rank,
        id=who.id if who else None,
        label=who.label if who else clipped(hit.label, LABEL),
        authors=who.authors if who else [],
        venue=who.venue if who else None,
        year=who.year if who else None,
        key=who.key if who else None,
        topic=path(topic) if topic else None,
        confidence=None if hit.confidence is None else round(hit.confidence, 2),
        reasons=listed((reason.text for reason in hit.reasons), REASON, 3) if why else [],
        file=clipped(best.file, PATH),
        first_line=best.first_line,
        last_line=best.last_line,
        passages=len(hit.passages),
        untrusted_note_text=_excerpt(best),
    )


def row(topic: Topic) -> Row:
    return Row(id=topic.id, path=path(topic.path), papers=topic.papers, by_meaning=topic.clustered)


def _excerpt(best: PassageHit) -> str:
    """Return what of a window there is room for, from a little before its first highlight on."""
    text = best.text
    shown, end = take(text, 0, EXCERPT)
    if end < len(text) and best.highlights and best.highlights[0][1] > end:
        start = text.find(" ", max(0, best.highlights[0][0] - _BEFORE)) + 1
        shown, end = take(text, start, EXCERPT - cost("… "))
        shown = f"… {shown}"
    return shown.strip() if end == len(text) else f"{shown.strip()} …"
