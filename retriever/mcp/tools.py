"""The six tools: each reads the index for some arguments, and answers with one page."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from pydantic import BaseModel

from retriever.mcp import answers as given
from retriever.mcp import showing
from retriever.mcp.bounds import LIMIT, RESERVE, clipped, cost
from retriever.mcp.cursors import Place
from retriever.mcp.dossiers import get_paper
from retriever.mcp.pages import fill, plain
from retriever.mcp.requests import Request, handles
from retriever.records import Filters, Results, Topic

DEPTH = 60  # papers that a search ranks, always as many, so that its pages are slices of one answer
_ROWS = 100  # topics on a page, where there is room
_WARNING = 300


@dataclass(frozen=True, slots=True)
class Tool:
    """`read` answers a request with arguments of the one model in the other. A client shows `title` and `says`."""

    name: str
    title: str
    says: str
    arguments: type[given.Arguments]
    answer: type[BaseModel]
    read: Callable[[Request, Any], BaseModel]


def search_papers(request: Request, asked: given.SearchPapers) -> given.FoundPapers:
    found = request.retriever.search(asked.query, limit=DEPTH)
    answer = given.FoundPapers(
        abstained=bool(found.abstained), remarks=[clipped(remark, 300) for remark in found.remarks[:3]], papers=[]
    )
    return _ranked(request, found, answer, asked.limit, why=False)


def similar_papers(request: Request, asked: given.SimilarPapers) -> given.FoundPapers:
    found = request.retriever.similar(*handles(asked.papers), limit=DEPTH)
    return _ranked(request, found, given.FoundPapers(remarks=[], papers=[]), asked.limit, why=True)


def _ranked(request: Request, found: Results, answer: given.FoundPapers, limit: int, *, why: bool) -> given.FoundPapers:
    topics = {rank: group.topic.path for group in found.groups if group.topic for rank in group.ranks}
    start = request.start.item
    answer.papers, place = fill(
        answer, found.hits, start, limit, lambda hit: showing.found(hit, topics.get(hit.rank), why=why)
    )
    _goes_on(request, answer, place, len(answer.papers), limit)
    if place is None and len(found.hits) == DEPTH:
        answer.left_out = f"Only the {DEPTH} best are ranked; ask more narrowly, or use list_papers."
    return answer


def list_topics(request: Request, asked: given.ListTopics) -> given.Topics:
    retriever = request.retriever
    tree = retriever.topics() if asked.topic is None else retriever.topic(asked.topic).topics
    answer = given.Topics(topics=[])
    answer.topics, place = fill(answer, list(_all(tree)), request.start.item, _ROWS, showing.row)
    _goes_on(request, answer, place, len(answer.topics), _ROWS)
    return answer


def list_papers(request: Request, asked: given.ListPapers) -> given.Papers:
    filters = Filters(topic=asked.topic, venue=asked.venue, year=asked.year, author=asked.author, tag=asked.tag)
    papers = request.retriever.papers(**filters)
    answer = given.Papers(total=len(papers), papers=[])
    answer.papers, place = fill(answer, papers, request.start.item, asked.limit, showing.named)
    _goes_on(request, answer, place, len(answer.papers), asked.limit)
    return answer


def notes_status(request: Request, _: given.NotesStatus) -> given.State:
    known = request.retriever.status()
    moved = known.notes_added or known.notes_changed or known.notes_removed
    answer = given.State(
        papers=known.papers,
        notes=known.notes,
        sections=known.sections,
        topics=known.topics,
        built=known.built,
        generation=known.generation,
        model=clipped(known.model, showing.NAME),
        notes_folders=[clipped(folder, showing.PATH) for folder in known.notes_folders[:5]],
        notes_added=known.notes_added,
        notes_changed=known.notes_changed,
        notes_removed=known.notes_removed,
        advice="Notes changed since the index was built; its owner can run: retriever build" if moved else None,
    )
    room = LIMIT - RESERVE - cost(plain(answer))
    for warning in known.warnings:
        shown = clipped(warning, _WARNING)
        room -= cost(shown) + 2
        if room < 0:
            break
        answer.warnings.append(shown)
    answer.more_warnings = len(known.warnings) - len(answer.warnings)
    return answer


def _goes_on(request: Request, answer: given.Answer, place: Place | None, shown: int, limit: int) -> None:
    """Say where an answer goes on, and when it is shorter than it was asked to be."""
    answer.next_cursor = request.next_cursor(place)
    if place is not None and shown < limit:
        answer.left_out = f"Only {shown} of {limit} fit in one answer; next_cursor gives the others."


def _all(topics: Iterable[Topic]) -> Iterator[Topic]:
    for topic in topics:
        yield topic
        yield from _all(topic.children)


TOOLS = {
    tool.name: tool
    for tool in (
        Tool(
            "search_papers",
            "Search papers",
            "Find papers by what the user's notes say about them, best first, each with the lines that answer. "
            "Where abstained is true, nothing in the notes is about the question.",
            given.SearchPapers,
            given.FoundPapers,
            search_papers,
        ),
        Tool(
            "get_paper",
            "Get a paper",
            "Give everything the notes say about one paper: what it is, then each passage with file and lines.",
            given.GetPaper,
            given.Dossier,
            get_paper,
        ),
        Tool(
            "similar_papers",
            "Similar papers",
            "Find the papers most like one paper, or like several together, with the reasons.",
            given.SimilarPapers,
            given.FoundPapers,
            similar_papers,
        ),
        Tool(
            "list_topics",
            "List topics",
            "List the topics that the notes file papers under, each with its number of papers.",
            given.ListTopics,
            given.Topics,
            list_topics,
        ),
        Tool(
            "list_papers",
            "List papers",
            "List papers by label: all, or those of a topic, venue, year, author or tag, and how many there are.",
            given.ListPapers,
            given.Papers,
            list_papers,
        ),
        Tool(
            "notes_status",
            "Status of the notes",
            "Tell how many notes and papers there are, when they were indexed, and whether notes changed since.",
            given.NotesStatus,
            given.State,
            notes_status,
        ),
    )
}
