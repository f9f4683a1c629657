"""Which mentions are the same paper, and why.

Rules run strongest first; within a rule, values and passages are taken in the order of their text, so that the
order of notes never matters. An OpenReview, arXiv or ACL id ties two mentions by itself. A DOI, URL or key may be
copied wrongly and ties them only if their titles agree or one gives none. Equal titles tie what is left. Two
groups that hold different ids of one kind are never tied.
"""

from __future__ import annotations

import hashlib
from base64 import b32encode
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from retriever.chunker.identifiers import Identifiers, normal_key, normal_title, normal_url
from retriever.chunker.mentions import Mention
from retriever.records import Evidence, Paper, Passage

KINDS = ("openreview", "arxiv", "acl", "doi", "url", "key", "title")  # strongest evidence first
_SURE = frozenset({"openreview", "arxiv", "acl"})
_NAMING = ("openreview", "arxiv", "doi", "acl", "key", "url", "title", "name")  # the first one given makes the id
_SHORT_TITLE = 10  # letters; shorter ones are shared by chance


@dataclass(frozen=True, slots=True)
class Identities:
    """The papers of an index: records, the paper of each passage, what tied them, and every handle."""

    papers: tuple[Paper, ...]
    of_passage: Mapping[str, str]
    evidence: tuple[tuple[str, Evidence], ...]
    handles: tuple[tuple[str, str, str], ...]


def short_hash(text: str) -> str:
    """Return ten base32 letters of the SHA-256 of a text: 50 bits, so that a million ids hardly ever meet."""
    return b32encode(hashlib.sha256(text.encode("utf-8", "replace")).digest()).decode()[:10].lower()


def identifiers(mention: Mention | Passage) -> dict[str, str]:
    """Return what may name a paper, by kind, each in the form in which it is compared."""
    ids = mention.ids if isinstance(mention, Mention) else mention
    values = {
        "openreview": ids.openreview,
        "arxiv": ids.arxiv and ids.arxiv.casefold(),
        "acl": ids.acl and ids.acl.casefold(),
        "doi": ids.doi and ids.doi.casefold(),
        "url": mention.url and normal_url(mention.url),
        "key": mention.key and normal_key(mention.key),
        "title": mention.title and normal_title(mention.title),
        "name": mention.name and normal_title(mention.name),
    }
    return {kind: value for kind, value in values.items() if value}


def paper_id(mention: Mention | Passage) -> str:
    """Return the id that a mention's strongest identifier makes. Raises StopIteration for a mention of nothing."""
    given = identifiers(mention)
    kind = next(kind for kind in _NAMING if kind in given)
    return short_hash(f"{kind}:{given[kind]}")


def resolve(passages: Iterable[Passage]) -> Identities:
    """Return the papers that the paper passages (of any order; kind `section` is passed over) are about."""
    mentions = sorted((p for p in passages if p.kind == "paper"), key=lambda passage: passage.id)
    groups = _Groups(mentions)
    for kind in KINDS:
        buckets: dict[str, list[int]] = defaultdict(list)
        for at, given in enumerate(groups.given):
            if kind in given and not (kind == "title" and len(given[kind]) < _SHORT_TITLE):
                buckets[given[kind]].append(at)
        for value in sorted(value for value, members in buckets.items() if len(members) > 1):
            groups.tie(kind, value, buckets[value])
    return groups.identities()


@dataclass(slots=True)
class _Group:
    members: list[int]
    values: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    evidence: list[Evidence] = field(default_factory=list)

    def may_join(self, other: _Group, kind: str) -> bool:
        for sort in ("openreview", "arxiv", "acl", "doi"):
            mine, theirs = self._distinct(sort), other._distinct(sort)
            if mine and theirs and not mine & theirs:
                return False
        return kind in _SURE or kind == "title" or self._titles_agree(other)

    def _distinct(self, sort: str) -> set[str]:
        # arXiv gives every preprint a DOI beside its publisher's: having both is no conflict.
        return {value for value in self.values[sort] if not value.startswith("10.48550/")}

    def _titles_agree(self, other: _Group) -> bool:
        mine, theirs = self.values["title"], other.values["title"]
        return not mine or not theirs or bool(mine & theirs)


class _Groups:
    def __init__(self, mentions: Sequence[Passage]) -> None:
        self.mentions = mentions
        self.given = [identifiers(mention) for mention in mentions]
        self.of: list[_Group] = []
        for at, given in enumerate(self.given):
            group = _Group([at])
            for kind, value in given.items():
                group.values[kind].add(value)
            self.of.append(group)

    def tie(self, kind: str, value: str, members: Sequence[int]) -> None:
        """Join, in order, each member with the first group of this value that may take it."""
        firsts: list[int] = []
        for at in members:
            for first in firsts:
                if self.of[first] is self.of[at]:
                    break
                if self.of[first].may_join(self.of[at], kind):
                    self._join(first, at, kind, value)
                    break
            else:
                firsts.append(at)

    def _join(self, first: int, at: int, kind: str, value: str) -> None:
        kept, gone = self.of[first], self.of[at]
        kept.evidence.append(Evidence(kind, value, (self.mentions[first].id, self.mentions[at].id)))
        kept.evidence += gone.evidence
        kept.members += gone.members
        for sort, values in gone.values.items():
            kept.values[sort] |= values
        for member in gone.members:
            self.of[member] = kept

    def identities(self) -> Identities:
        papers: list[Paper] = []
        of_passage: dict[str, str] = {}
        evidence: list[tuple[str, Evidence]] = []
        handles: set[tuple[str, str, str]] = set()
        groups = list({id(group): group for group in self.of}.values())
        shared = Counter((kind, value) for group in groups for kind in _NAMING for value in group.values[kind])
        for group in groups:
            mentions = [self.mentions[at] for at in sorted(group.members)]
            paper = _paper(_group_id(group, shared, mentions[0]), mentions)
            papers.append(paper)
            of_passage.update({mention.id: paper.id for mention in mentions})
            evidence += [(paper.id, item) for item in group.evidence]
            handles.add(("id", paper.id, paper.id))
            for kind, values in group.values.items():
                for value in values:
                    handles |= {(kind, value, paper.id), ("id", short_hash(f"{kind}:{value}"), paper.id)}
        papers.sort(key=lambda paper: paper.id)
        return Identities(tuple(papers), of_passage, tuple(sorted(evidence, key=_order)), tuple(sorted(handles)))


def _order(item: tuple[str, Evidence]) -> tuple[str, int, str, tuple[str, str]]:
    paper, evidence = item
    return paper, KINDS.index(evidence.kind), evidence.value, evidence.passages


def _group_id(group: _Group, shared: Mapping[tuple[str, str], int], first: Passage) -> str:
    """Return the id of a group: from the strongest identifier that no other group claims, else from a passage."""
    for kind in _NAMING:
        own = sorted(value for value in group.values[kind] if shared[kind, value] == 1)
        if own:
            return short_hash(f"{kind}:{own[0]}")
    return short_hash(f"passage:{first.id}")


def _paper(id_: str, mentions: Sequence[Passage]) -> Paper:
    """Gather what the mentions say: of differing values the most frequent, then the longest, then the first."""
    title = _most([mention.title for mention in mentions])
    name = _most([mention.name for mention in mentions])
    key = _most([mention.key for mention in mentions])
    ids = Identifiers(*(_most([getattr(m, kind) for m in mentions]) for kind in ("arxiv", "openreview", "doi", "acl")))
    years = [str(mention.year) for mention in mentions if mention.year]
    authors = max((mention.authors for mention in mentions), key=lambda names: (len(names), names))
    return Paper(
        id=id_,
        label=title or name or key or ids.openreview or ids.arxiv or ids.doi or ids.acl or id_,
        title=title,
        name=name,
        key=key,
        authors=authors,
        venue=_most([mention.venue for mention in mentions]),
        year=int(_most(years) or 0) or None,
        arxiv=ids.arxiv,
        openreview=ids.openreview,
        doi=ids.doi,
        acl=ids.acl,
        url=_most([mention.url for mention in mentions]),
        markers=tuple(sorted({marker for mention in mentions for marker in mention.markers})),
        tags=tuple(sorted({tag for mention in mentions for tag in mention.tags})),
        abstract=_most([mention.abstract for mention in mentions]),
    )


def _most(values: Iterable[str | None]) -> str | None:
    counts = Counter(value for value in values if value)
    return min(counts, key=lambda value: (-counts[value], -len(value), value), default=None)
