"""Readers of other people, to read back what we export: bibtexparser with pylatexenc, rispy, the csv module."""

import re

import bibtexparser
import rispy
from bibtexparser.middlewares import LatexDecodingMiddleware, SeparateCoAuthors, SplitNameParts
from pylatexenc.latex2text import LatexNodes2Text


def read_bibtex(text):
    """Return the entries as mappings of decoded values, with `key` and `type`; fail for a block that is none."""
    library = bibtexparser.parse_string(text, append_middleware=[LatexDecodingMiddleware()])
    assert library.failed_blocks == []
    assert [type(block).__name__ for block in library.blocks] == ["Entry"] * len(library.entries)
    return [
        {"key": entry.key, "type": entry.entry_type} | {field.key: _circumflex(field.value) for field in entry.fields}
        for entry in library.entries
    ]


def read_authors(text):
    """Return the authors of one entry as (given, von and family, suffix), each decoded."""
    library = bibtexparser.parse_string(text, append_middleware=[SeparateCoAuthors(), SplitNameParts()])
    (entry,) = library.entries
    return [
        tuple(_decoded(" ".join(part)) for part in (name.first, [*name.von, *name.last], name.jr))
        for name in entry["author"]
    ]


def _decoded(latex):
    return _circumflex(LatexNodes2Text(math_mode="verbatim").latex_to_text(latex))


def read_ris(text):
    assert re.fullmatch(r"(?:[A-Z][A-Z0-9]  - [^\r\n]*\r\n)*", text)
    return rispy.loads(text.replace("\r\n", "\n"), skip_unknown_tags=False)


def _circumflex(text):
    """Undo what pylatexenc alone makes of \\textasciicircum: the accent that looks like it."""
    return text.replace("\u02c6", "^")
