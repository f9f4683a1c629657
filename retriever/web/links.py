"""Links out of the page: to a note at its line, and to where a paper can be read."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import quote

from retriever.errors import PaperNotFoundError
from retriever.records import Place
from retriever.records.papers import PAGES

if TYPE_CHECKING:
    from retriever.library import Retriever
    from retriever.records import Paper
    from retriever.web.settings import Links

_CALLED = {"openreview": "OpenReview", "arxiv": "arXiv", "acl": "ACL Anthology", "doi": "DOI"}
VAULT = ".obsidian"  # the folder that makes another one a vault


class NoteLinks:
    """`links` names what opens notes; None looks whether a note lies in a vault of Obsidian's."""

    def __init__(self, retriever: Retriever, links: Links | None) -> None:
        self._retriever = retriever
        self._links = links

    def to(self, passage: str, line: int) -> str | None:
        """Return the address that opens a passage's note at a line; None where a build took the passage away."""
        try:
            place = Place(self._retriever.place(passage).file, line)
        except PaperNotFoundError:
            return None
        links = self._links or ("obsidian" if _in_vault(str(Path(place.file).parent)) else "vscode")
        if links == "obsidian":
            return place.obsidian_url
        path = quote(os.fsencode(place.file))
        return f"vscode://file{path}:{line}" if links == "vscode" else f"file://{path}"


def outward(paper: Paper) -> Iterator[tuple[str, str, str]]:
    """Yield what an id is called, the id, and the address of its page, for each that a paper has; then its own link."""
    pages = []
    for kind, page in PAGES.items():
        if value := getattr(paper, kind):
            pages.append(page + quote(value, safe="/:"))
            yield _CALLED[kind], value, pages[-1]
    if (link := web_address(paper.url)) and link not in pages:
        yield "link", link, link


def web_address(url: str | None) -> str | None:
    """Return an address if it is plainly one of the web: what a note calls a link may be anything."""
    return url if url and re.fullmatch(r"https?://[!-~]+", url, re.IGNORECASE) else None


@lru_cache(maxsize=1024)
def _in_vault(folder: str) -> bool:
    return any((parent / VAULT).is_dir() for parent in (Path(folder), *Path(folder).parents))
