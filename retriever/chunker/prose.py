"""Paragraphs: the papers that they link to, or quote by title."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from retriever.chunker.fields import from_fields, stated_first
from retriever.chunker.identifiers import find_identifiers, read_identifier
from retriever.chunker.labels import with_byline
from retriever.chunker.mentions import Mention, from_link, is_link_word, is_paper_link, is_title
from retriever.chunker.names import name_in
from retriever.chunker.references import read_byline
from retriever.notes import Block, Link

_PAPER_WORD = re.compile(r"\b(?:paper|article|study|preprint)\b", re.IGNORECASE)
_QUOTED = re.compile(r"[“\"](?P<title>[^“”\"\n]{10,200}?)[,.]?[”\"]")
# Each paper of a paragraph gets a passage that shows it whole; beyond this many characters it is a dump of links.
_SHOWN = 200_000
_SAID_YEAR = re.compile(r"\s*\((?P<names>[^()]{2,80}?),? (?P<year>(?:19|20)\d\d)\)")


def papers_in_prose(block: Block) -> Iterator[Mention]:
    """Yield the papers of a paragraph in order; without links, those quoted with an id, or as a paper's title."""
    record, _ = stated_first(block)
    said = from_fields(dict(record))
    if said.title and (said.authors or said.ids):
        # The form of digests sent by mail: "Title: ...", "Authors: ...", then the abstract and a link.
        yield replace(said, ids=said.ids or find_identifiers(block.text))
        return
    links = [link for link in block.links if not link.wiki and is_paper_link(block, link)]
    for link in links[: max(1, _SHOWN // (len(block.text) + 1))]:
        mention = from_link(link, " ".join(block.text[link.start : link.end].split()))
        byline = read_byline(block.text[link.end :]) if len(links) == 1 and _stands_first(block, link) else None
        yield with_byline(mention, byline) if byline else mention
    if links:
        return
    says_paper = _PAPER_WORD.search(block.text)
    for quoted in _QUOTED.finditer(block.text):
        title, after = quoted["title"], block.text[quoted.end() :]
        ids = read_identifier(after.split(")")[0].strip(" (["))
        year = _SAID_YEAR.match(after)
        if len(title.split()) > 3 and (ids or (says_paper and (is_title(title) or year))):
            yield Mention(ids, title=title, name=name_in(title), year=int(year["year"]) if year else None)


def heads_text(block: Block) -> bool:
    """Tell whether a paragraph is a line that links to one paper, and its byline at most: text about it follows."""
    links = [link for link in block.links if not link.wiki and is_paper_link(block, link)]
    if len(links) != 1 or not _stands_first(block, links[0]) or is_link_word(block.text[links[0].start : links[0].end]):
        return False
    rest = block.text[links[0].end :]
    return not rest.strip(" .:*_\n") or read_byline(rest) is not None


def _stands_first(block: Block, link: Link) -> bool:
    return not any(char.isalnum() for char in block.text[: link.start])
