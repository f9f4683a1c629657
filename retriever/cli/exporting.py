"""`export`: papers for other programs, on stdout or in a file."""

from __future__ import annotations

import errno
import os
import sys
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from retriever.cli import asked, last, options
from retriever.cli.envelope import answer, print_text
from retriever.cli.locate import Place, locate
from retriever.cli.opening import build_first, opened, say_changes
from retriever.cli.options import MAX_LIMIT, AsJson, Download, Index, Model
from retriever.cli.screen import say
from retriever.errors import UsageError
from retriever.records import ExportFormat, Filters
from retriever.records.wording import counted

if TYPE_CHECKING:
    from retriever.library import Retriever
    from retriever.records import Export

_NO_LINKS = frozenset({errno.EPERM, errno.ENOTSUP, errno.ENOSYS})  # what a file system without links says
SHOWN = 10  # papers that answer a question, where no number is given: those that `search` shows


def export(
    papers: options.Papers = None,
    query: Annotated[
        str | None,
        typer.Option("--query", "-q", metavar="TEXT", help="Export what a search for this finds, best first."),
    ] = None,
    limit: Annotated[
        int | None,
        typer.Option(
            "--limit", "-n", min=1, max=MAX_LIMIT, help=f"How many papers a search gives; else {SHOWN}, by filters all."
        ),
    ] = None,
    format_: Annotated[ExportFormat, typer.Option("--format", "-f", help="What the text is for.")] = "bibtex",
    output: Annotated[
        Path | None, typer.Option("--output", "-o", metavar="FILE", help="Write a file, which must not exist.")
    ] = None,
    force: Annotated[bool, typer.Option("--force", help="Replace that file, if it exists.")] = False,
    venue: options.Venue = None,
    year: options.Year = None,
    since: options.Since = None,
    author: options.Author = None,
    tag: options.Tag = None,
    topic: options.Topic = None,
    marker: options.Marker = None,
    rating: options.Rating = None,
    status: options.Status = None,
    note: options.Note = None,
    kind: options.Kind = None,
    has: options.Has = None,
    as_json: AsJson = False,
    index: Index = None,
    model: Model = None,
    download: Download = False,
) -> None:
    """Write papers as BibTeX, CSL-JSON, RIS, a Markdown outline with your own sentences, CSV or JSON Lines.

    PAPERS are handles; all papers if neither they nor --query nor a filter is given. What the notes do not say is
    left out, and counted on stderr.
    """
    filters = Filters(venue=venue, year=year, since=since, author=author, tag=tag, topic=topic)
    filters |= Filters(marker=marker, rating=rating, status=status, note=note, kind=kind, has=has)
    searched = query is not None or any(filters.values())
    if papers and searched:
        raise UsageError("PAPERS are exported as they are named: give no --query and no filter beside them.")
    if output is not None and output.exists() and not force:
        raise _there(output)
    place = locate(index)
    build_first(place, model, download=download)
    with opened(place, model if searched else None, download=download) as retriever:
        wanted = _found(retriever, query or "", limit, filters) if searched else _named(place, papers)
        found = retriever.export(wanted, format=format_)
        say_changes(retriever, place)
    _say_lacking(found)
    if output is not None:
        _write(output, found.text, force=force)
    if output is None and not as_json:
        print_text(found.text)
        return
    written = {
        "format": found.format,
        "papers": found.papers,
        "lacking": found.lacking,
        "file": None if output is None else str(output.resolve()),
        "text": found.text if output is None else None,
    }
    answer("export", written, as_json=as_json, lines=lambda _: [f"{counted(found.papers, 'paper')} in {output}"])


def _named(place: Place, papers: Sequence[str] | None) -> list[str] | None:
    """Return the handles that are given, one a line of stdin for "-"; None where there are none."""
    if not papers:
        return None
    words = [line.strip() for line in sys.stdin if line.strip()] if list(papers) == [asked.STDIN] else papers
    return [last.handle(place.index, word) for word in words]


def _found(retriever: Retriever, query: str, limit: int | None, filters: Filters) -> list[str]:
    """Return the papers that a search finds, without those that are near and probably not meant.

    Filters without a word or a limit give all that they let through, by label.
    """
    if limit is None and not query.strip() and any(filters.values()):
        return [paper.id for paper in retriever.papers(**filters)]
    found = retriever.search(query, limit=limit or SHOWN, **filters)
    for remark in found.remarks:
        say(remark)
    papers = [hit for hit in found.hits if hit.paper]
    meant = [hit.paper.id for hit in papers if hit.paper and hit.meant]
    if len(meant) < len(papers):
        say(f"{counted(len(papers) - len(meant), 'paper')} left out: near, and probably not meant.")
    return meant


def _say_lacking(found: Export) -> None:
    """Say how many papers lack what: "12 of 225 papers have no title; 3 no authors"."""
    if not found.lacking:
        return
    first, *rest = found.lacking
    verb = "has" if first.papers == 1 else "have"
    said = f"{first.papers:,} of {counted(found.papers, 'paper')} {verb} no {first.field}"
    say("; ".join([said, *(f"{one.papers:,} no {one.field}" for one in rest)]))


def _write(path: Path, text: str, *, force: bool) -> None:
    """Write a file whole or not at all. UsageError where one is there, unless `force`, or where it cannot be."""
    draft = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        draft.write_bytes(text.encode())
        if force:
            draft.replace(path)
        else:
            _link(draft, path)
    except FileExistsError as error:
        raise _there(path) from error
    except OSError as error:
        raise UsageError(f"{path} cannot be written: {error.strerror or error}.") from error
    finally:
        with suppress(OSError):
            draft.unlink()


def _link(draft: Path, path: Path) -> None:
    """Give a file its name without taking the place of another, also where that appeared a moment ago."""
    try:
        os.link(draft, path)
    except OSError as error:
        if error.errno not in _NO_LINKS:
            raise
        draft.replace(path)


def _there(path: Path) -> UsageError:
    return UsageError(f"{path} exists.", "Replace it with --force, or name another file.")
