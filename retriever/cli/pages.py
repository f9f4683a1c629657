"""The pages beside the first screen: one paper, all papers, the state of an index, a build."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby
from typing import TYPE_CHECKING

from retriever.cli.render import KEY_COLUMNS, location
from retriever.cli.screen import Screen, clip, pad, width, wrap
from retriever.records.printable import clean
from retriever.records.wording import changes, counted

if TYPE_CHECKING:
    from retriever.records import BuildReport, Dossier, Examination, Paper, Passage, Status

TITLE_COLUMNS = 60
_UNSEEN = {"\u00a0": "[no-break space]", "\u00ad": "[soft hyphen]", "\ufeff": "[byte order mark]"}


def build_line(report: BuildReport) -> str:
    """Return a build in a researcher's terms, on one line."""
    twice = f" ({report.papers_in_many_places:,} in two places)" if report.papers_in_many_places else ""
    papers = counted(report.papers, "paper") + twice
    added = counted(report.papers_added, "paper")
    moved = f"+{added}, {report.papers_changed:,} changed, {report.papers_removed:,} removed"
    return (
        f"{counted(report.notes, 'note')}, {papers}, {counted(report.sections, 'section')}; "
        f"{moved if report.published else 'nothing changed'}; {report.seconds:.1f} s"
    )


def dossiers(found: Sequence[Dossier], screen: Screen) -> Iterator[str]:
    for position, dossier in enumerate(found):
        if position:
            yield from ("", "")
        yield from _dossier(dossier, screen)


def papers(found: Sequence[Paper], total: int, screen: Screen) -> Iterator[str]:
    """Yield one line a paper: id, label, key."""
    key_columns = min(KEY_COLUMNS, max((width(clean(paper.key or "")) for paper in found), default=0))
    label_columns = screen.columns - 12 - key_columns - 2
    for paper in found:
        name = pad(clip(clean(paper.label), label_columns), label_columns)
        key = clip(clean(paper.key), key_columns) if paper.key and paper.key != paper.label else ""
        yield f"{paper.id}  {screen.link(name, paper.address)}  {key}"
    if len(found) < total:
        yield ""
        yield f"{len(found):,} of {counted(total, 'paper')}; -n for more"


def status(found: Status, hint: str, screen: Screen) -> Iterator[str]:
    moved = changes(found.notes_added, found.notes_changed, found.notes_removed)
    rows = [
        ("index", f"{found.index} ({found.generation}, built {found.built})"),
        *(("notes in", folder) for folder in found.notes_folders),
        ("notes", f"{found.notes:,}; {moved}: {hint}" if moved else f"{found.notes:,}, all as they were built"),
        ("papers", f"{found.papers:,}, and {counted(found.sections, 'section')} about none"),
        ("topics", f"{found.topics:,}"),
        ("windows", f"{found.windows:,}"),
        ("model", f"{found.model} ({found.fingerprint[:12]})"),
        ("size", f"{found.bytes / 1e6:.1f} MB"),
    ]
    for name, value in rows:
        first, *rest = wrap(clean(value), screen.columns - 10) or [""]
        yield f"{name:<10}{first}"
        yield from (" " * 10 + line for line in rest)
    yield from (line for warning in found.warnings for line in wrap(f"warning: {clean(warning)}", screen.columns))


def passages(found: Iterable[Passage], screen: Screen) -> Iterator[str]:
    """Yield two lines a passage: where it is and what it is about, then the headings above it."""
    for passage in found:
        place = _lines_of(passage, location(passage.file, passage.first_line))
        about = passage.title or passage.name or passage.key or f"({passage.kind})"
        yield clip(f"{pad(place, max(30, width(place)))}  {clean(about)}", screen.columns)
        if passage.heading_path:
            yield clip(" " * 32 + clean(" > ".join(passage.heading_path)), screen.columns)


def examination(found: Examination, screen: Screen) -> Iterator[str]:
    """Yield what was found note by note, each with its line, and at the end how many there are of each kind."""
    for file, findings in groupby(found.findings, key=lambda finding: finding.file):
        yield from wrap(screen.bold(clean(file)), screen.columns)
        for finding in findings:
            repaired = f"{_seen(finding.before)} → {_seen(finding.after)}" if finding.before is not None else None
            others = "".join(f" (and {other.file}:{other.line})" for other in finding.others)
            text = f"{finding.kind.replace('_', ' ')}: {repaired or finding.text}{others}"
            first, *rest = wrap(clean(text), screen.columns - 8)
            yield f"{finding.line:>6}  {first}"
            yield from (" " * 8 + line for line in rest)
    kinds = Counter(finding.kind.replace("_", " ") for finding in found.findings)
    told = ", ".join(f"{number:,} {kind}" for kind, number in kinds.items()) or "nothing to report"
    yield f"{counted(found.notes, 'note')}: {told}"


def _seen(text: str | None) -> str:
    """Return text with its characters named that nobody could see."""
    return "".join(_UNSEEN.get(char, char) for char in text or "") or "nothing"


def _dossier(dossier: Dossier, screen: Screen) -> Iterator[str]:
    yield from wrap(screen.link(screen.bold(clean(dossier.paper.label)), None), screen.columns)
    for row in _facts(dossier.paper):
        yield from wrap(clean(row), screen.columns)
    for passage in dossier.passages:
        lines = _lines_of(passage, f"{clean(passage.file)}:{passage.first_line}")
        yield ""
        yield from wrap(f"{screen.bold(lines)}  {clean(' > '.join(passage.heading_path))}", screen.columns)
        yield from _whole(passage.text, screen)
        yield from (line for row in _remarks(passage) for line in wrap(clean(row), screen.columns))
    places = {passage.id: f"{passage.file}:{passage.first_line}" for passage in dossier.passages}
    if dossier.evidence:
        yield ""
    for tie in dossier.evidence:
        both = " and ".join(places.get(passage, passage) for passage in tie.passages)
        tied = f"you merged {tie.value}" if tie.kind == "override" else f"{both} share {tie.kind} {tie.value}"
        yield from wrap(clean(f"one paper, since {tied}"), screen.columns)
    if dossier.perhaps:
        yield ""
    for other in dossier.perhaps:
        yield from wrap(clean(f"perhaps the same as {other.label} ({other.paper}): {other.reason}"), screen.columns)
    if dossier.cited_in:
        yield from ("", "cited in")
        yield from passages(dossier.cited_in, screen)


def _remarks(passage: Passage) -> Iterator[str]:
    rating = None if passage.rating is None else f"rated {passage.rating:g} of 5"
    if said := "; ".join(filter(None, [passage.status and f"status: {passage.status}", rating])):
        yield said
    if passage.cites:
        yield f"beside it: {', '.join(passage.cites)}"


def _lines_of(passage: Passage, start: str) -> str:
    return f"{start}-{passage.last_line}" if passage.last_line > passage.first_line else start


def _facts(paper: Paper) -> Iterator[str]:
    named = [name for name in (paper.name, paper.key) if name and name != paper.label]
    said = [*named, " ".join(str(part) for part in (paper.venue, paper.date or paper.year) if part)]
    yield from filter(None, ["; ".join(filter(None, said)), ", ".join(paper.authors)])
    ids = {"arXiv": paper.arxiv, "OpenReview": paper.openreview, "DOI": paper.doi, "ACL": paper.acl}
    yield "; ".join([f"id {paper.id}", *(f"{kind} {value}" for kind, value in ids.items() if value)])
    if link := paper.address:
        yield link
    marks = [*paper.markers, *(f"#{tag}" for tag in paper.tags)]
    if marks:
        yield " ".join(marks)
    yield from (f"topic: {' > '.join(topic.path)}" for topic in paper.topics)


def _whole(text: str, screen: Screen) -> Iterator[str]:
    """Yield every line of a passage, kept apart and indented as the note has them."""
    for line in text.split("\n"):
        indent = min(len(line) - len(line.lstrip()), screen.columns // 4)
        lines = wrap(clean(line.strip()), screen.columns - 4 - indent) or [""]
        yield from (" " * (4 + indent) + part for part in lines)
