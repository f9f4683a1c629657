"""What note-takers add to a paper: emoji, tags, what is to be done with it, its rating, and papers named beside it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence

from retriever.chunker.identifiers import find_all, find_identifiers, normal_key, normal_title, normal_url
from retriever.chunker.mentions import KEY, Mention, from_link, is_paper_link
from retriever.chunker.outline import Place
from retriever.notes import Block

# One picture may be several characters: with a skin tone, joined to others, a flag of two letters.
_PICTURE = "[\u2600-\u27bf\u2b50\u2b55\U0001f300-\U0001f3fa\U0001f400-\U0001faff][\ufe0f\U0001f3fb-\U0001f3ff]?"
_EMOJI = re.compile(f"{_PICTURE}(?:\u200d{_PICTURE})*|[\U0001f1e6-\U0001f1ff]{{2}}")
_SIGNED_EMOJI = re.compile(f"(?:#?(?:{_EMOJI.pattern}))+")
_STARS = re.compile(r"(?:[⭐★]\ufe0f?\s?){1,5}")
# The target of a link within the page, "](#methods)", is no tag.
_TAG = re.compile(r"(?<![\w/#&])(?<!\]\()#(?:\[\[(?P<words>[^\[\]\n]{1,60})\]\]|(?P<word>[^\W\d][\w/-]{0,60}))")
_TAG_FIELDS = ("tags", "tag", "filetags")
_TAG_BREAK = re.compile(r"[,;:，、\n]+")
_RATED = re.compile(r"(?P<tenths>\d(?:\.\d)?|10)\s*/\s*10|(?P<stars>[0-5](?:\.\d)?)(?:\s*/\s*5)?")
_RATED_IN_TEXT = re.compile(
    rf"(?i:\b(?:rating|rated|stars)\b|评分|评价|評価|평점)[^\w\n]{{0,4}}(?:{_RATED.pattern})(?![\w/%]|\.\d)"
    # A fraction of something, in a formula or in a date is no rating.
    r"|(?<![\w/.$-])(?P<alone>[0-5](?:\.\d)?)\s?/\s?5(?![\d/.]\d?)(?!\s*(?:of\b|\w|[/$%]))",
)
_STATUS_FIELDS = ("status", "状态", "狀態", "ステータス", "상태")
# "To read" alone, behind a sign or at the start of a line: not as in "hard to read".
_READ_LATER = re.compile(
    r"\bread[- ]later\b|(?:^[ \t]*(?:[-*+] )?|[#\[({*|:][ \t]*)to[- _]?read\b|\A\W*(?:TODO|LATER)\b|\bTODO\W*$|"
    r"待读|待讀|未读|未読|あとで読む|읽을 예정",
    re.IGNORECASE | re.MULTILINE,
)
# A quick look first: most texts say nothing of the kind.
_SAYS_LATER = re.compile(r"[Rr]ead|READ|T[Oo][Dd][Oo]|todo|LATER|[Ll]ater|[待未あ읽]")
_SAYS_RATING = re.compile(r"/ ?5|[Rr]at(?:ing|ed)|RAT|[Ss]tars|[评評평]")
_CITED_KEY = re.compile(rf"(?<![\w@./])@(?P<key>{KEY.pattern.removeprefix('@?')})(?!\w)")


def markers_in(text: str, key: str | None = None) -> tuple[str, ...]:
    """Return the marks of a passage, each once: a key's "+", then its emoji in order."""
    marks = ["+" * (len(key) - len(key.rstrip("+")))] if key and key.endswith("+") else []
    if not text.isascii():
        marks += [mark.rstrip("\ufe0f") for mark in _EMOJI.findall(text)]
    return tuple(dict.fromkeys(marks))


def tags_in(text: str, fields: Mapping[str, str] | None = None) -> tuple[str, ...]:
    """Return the tags of a text, "#tag" and "#[[two words]]", then those of its fields, each once, without the sign."""
    found = [match["words"] or match["word"] for match in _TAG.finditer(text)] if "#" in text else []
    for name in _TAG_FIELDS:
        if said := (fields or {}).get(name):
            signed = "#" in said
            parts = said.split() if signed and "," not in said and "[[" not in said else _TAG_BREAK.split(said)
            found += [tag for part in parts if (tag := part.strip().lstrip("#").strip("[]\"' "))]
    return tuple(dict.fromkeys(found))


def without_marks(text: str) -> str:
    """Return a text without emoji markers and their number signs, which say nothing to a search."""
    return text if text.isascii() else _SIGNED_EMOJI.sub(" ", text)


def status_of(fields: Mapping[str, str], text: str, mention: Mention) -> str | None:
    """Return what is to be done: a task word, a checkbox or a `status` field, else "todo" where the text says so.

    A paper whose name is struck through is "dropped".
    """
    said = next((fields[name] for name in _STATUS_FIELDS if fields.get(name)), None)
    if said and said.strip():
        return said.strip().casefold()
    if _is_struck(fields.get("struck", ""), mention):
        return "dropped"
    return "todo" if _SAYS_LATER.search(text) and _READ_LATER.search(text) else None


def _is_struck(struck: str, mention: Mention) -> bool:
    names = [name for name in (mention.title, mention.name, mention.key) if name]
    gone = normal_title(struck)
    return bool(gone) and any(normal_title(name) in gone for name in names)


def rating_of(fields: Mapping[str, str], text: str) -> float | None:
    """Return the note-taker's rating in stars out of five: a `rating` field, "4/5" in it too, else stars in a row.

    In running text "rating: 4" or "4/5" rate; a rating out of ten is halved.
    """
    said = fields.get("rating")
    if said and (rated := _RATED.fullmatch(said.strip())):
        return _stars(rated)
    if (stars := None if (said or text).isascii() else _STARS.search(said or text)) is not None:
        return float(sum(char in "⭐★" for char in stars.group()))
    if said is None and _SAYS_RATING.search(text) and (found := _RATED_IN_TEXT.search(text)):
        return float(found["alone"]) if found["alone"] else _stars(found)
    return None


def _stars(rated: re.Match[str]) -> float:
    return float(rated["stars"]) if rated["stars"] else float(rated["tenths"]) / 2


def cites_of(places: Sequence[Place], own: Mention) -> tuple[str, ...]:
    """Return the other papers that blocks link to or name by id or key, as "kind:value", each once, in order."""
    mine = {*_named_by(own), *([f"url:{normal_url(own.url)}"] if own.url else [])}
    found: dict[str, None] = {}
    for place in places:
        for _, mention in sorted([*_linked(place.block), *_written(place.block)], key=lambda cited: cited[0]):
            given = _named_by(mention)
            if given and mine.isdisjoint(given):
                found[given[0]] = None
    return tuple(found)


def _linked(block: Block) -> Iterator[tuple[int, Mention]]:
    for link in block.links:
        if is_paper_link(block, link):
            ids = find_identifiers(link.target)
            shown = block.text[link.start : link.end].strip()
            yield link.start, Mention(ids) if ids and not KEY.fullmatch(shown) else from_link(link, shown)


def _written(block: Block) -> Iterator[tuple[int, Mention]]:
    """Yield ids and citation keys that stand in a text without a link."""
    text = block.text
    bare = [(start, Mention(ids)) for start, ids in find_all(text)]
    if "@" in text:
        bare += [(match.start(), Mention(key=match["key"])) for match in _CITED_KEY.finditer(text)]
    if bare:
        linked = [(link.start, link.end) for link in block.links]
        yield from ((at, named) for at, named in bare if not any(start <= at < end for start, end in linked))


def _named_by(mention: Mention) -> list[str]:
    """Return what names a paper as "kind:value", the kinds in their order; an address only where nothing else does."""
    ids = mention.ids
    values = (
        ("openreview", ids.openreview),
        ("arxiv", ids.arxiv and ids.arxiv.casefold()),
        ("acl", ids.acl and ids.acl.casefold()),
        ("doi", ids.doi and ids.doi.casefold()),
        ("key", mention.key and normal_key(mention.key)),
    )
    found = [f"{kind}:{value}" for kind, value in values if value]
    return found or ([f"url:{normal_url(mention.url)}"] if mention.url else [])
