"""Rows of tables: the papers that their cells link to, or that columns for a title and for what a paper has name."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from retriever.chunker.fields import PAPERS, from_fields
from retriever.chunker.labels import own_paper
from retriever.chunker.mentions import Mention, from_link, is_link_word, is_name, is_paper_link, is_title
from retriever.notes import Block


def papers_of_row(block: Block) -> Iterator[Mention]:
    """Yield the papers of a row: one for each link that shows a title, else what its columns say."""
    named = list(_titled_links(block))
    if len({mention.ids for mention in named}) > 1:
        yield from named
    elif (row := _row(block)) is not None:
        yield row


def _titled_links(block: Block) -> Iterator[Mention]:
    for link in sorted(block.links, key=lambda link: link.start):
        shown = " ".join(block.text[link.start : link.end].split())
        if is_paper_link(block, link) and not is_link_word(shown) and len(shown.split()) > 1:
            mention = from_link(link, shown)
            if mention.ids:
                yield mention


def _row(block: Block) -> Mention | None:
    fields = dict(block.fields)
    said = from_fields(fields)
    if (named := own_paper(block)) is not None:
        linked = named[0]
        one_word = linked.name is not None and linked.name == said.title and is_name(linked.name)
        return replace(
            linked,
            ids=linked.ids.merged(said.ids),
            title=None if one_word else said.title or linked.title,
            name=linked.name if one_word or linked.name != said.title else said.name,
            venue=said.venue or linked.venue,
            year=said.year or linked.year,
            authors=said.authors or linked.authors,
        )
    if said.title is None:
        return None
    has_source = said.ids or said.url or said.authors or (said.year and said.venue)
    return (
        said
        if has_source or (any(fields.get(name) == said.title for name in PAPERS) and is_title(said.title))
        else None
    )
