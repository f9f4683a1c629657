"""Which mentions are the same paper, and why.

Kinds of evidence are taken strongest first. Of all that share a value, those are joined that may be one paper with
just the same others (`verdict` says who): whoever may be one with two that are not one themselves stays apart. So
the order of notes never matters. What stays apart but may be the same is offered, and the user's own overrides,
read beside the notes, beat every rule.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import combinations

from retriever.chunker import offers
from retriever.chunker.gathering import gather
from retriever.chunker.naming import NAMING, identifiers, short_hash
from retriever.chunker.overrides import NONE, Overrides, Sides, find, sides
from retriever.chunker.verdict import Said, Verdict, judge, said
from retriever.records import Evidence, Paper, Passage

KINDS = ("override", "openreview", "arxiv", "acl", "doi", "url", "key", "title")  # strongest evidence first
_MANY = 400  # different groups that share a value: it is a placeholder, and ties nothing


@dataclass(frozen=True, slots=True)
class Identities:
    """The papers of an index: records, the paper of each passage, what tied them, and every handle.

    `perhaps` gives (paper id, id of another that may be the same, why), both ways; `said` what names each paper;
    `signs` what a paper must share with it to be offered for it; `warnings` (origin, text) of overrides.
    """

    papers: tuple[Paper, ...]
    of_passage: Mapping[str, str]
    evidence: tuple[tuple[str, Evidence], ...]
    handles: tuple[tuple[str, str, str], ...]
    perhaps: tuple[tuple[str, str, str], ...]
    said: Mapping[str, Said]
    signs: Mapping[str, frozenset[str]]
    warnings: tuple[tuple[str, str], ...] = ()


def resolve(passages: Iterable[Passage], overrides: Overrides = NONE) -> Identities:
    """Return the papers that the paper passages (of any order; kind `section` is passed over) are about."""
    mentions = sorted((p for p in passages if p.kind == "paper"), key=lambda passage: passage.id)
    groups = _Groups(mentions, overrides)
    for kind in KINDS:
        buckets: dict[str, list[int]] = defaultdict(list)
        for at, given in enumerate(groups.given):
            if kind in given:
                buckets[given[kind]].append(at)
        for value in sorted(value for value, members in buckets.items() if len(members) > 1):
            groups.tie(kind, value, buckets[value])
    groups.merge(overrides)
    return groups.identities()


@dataclass(slots=True, eq=False)
class _Group:
    members: list[int]
    said: Said
    sides: Sides  # of the user's splits that it stands on
    evidence: list[Evidence] = field(default_factory=list)

    def judge(self, other: _Group) -> Verdict:
        if any((split, 1 - side) in other.sides for split, side in self.sides):
            return Verdict("different", "the user split them", "override")
        return judge(self.said, other.said)


class _Groups:
    def __init__(self, mentions: Sequence[Passage], overrides: Overrides) -> None:
        self.mentions = mentions
        self.given = [identifiers(mention) for mention in mentions]
        self.warnings: list[tuple[str, str]] = []
        apart = sides(overrides, self.given, self.warnings)
        self.of = [_Group([at], said(mention), apart.get(at, frozenset())) for at, mention in enumerate(mentions)]

    def tie(self, kind: str, value: str, members: Sequence[int]) -> None:
        """Join the members of a value that may be one paper with just the same others."""
        alike: dict[tuple[Said, Sides], list[int]] = defaultdict(list)
        for at in members:
            alike[self.of[at].said, self.of[at].sides].append(at)
        if len(alike) > _MANY:
            return
        kinds = list(alike.values())
        same = [{at} for at in range(len(kinds))]
        for one, two in combinations(range(len(kinds)), 2):
            if self.of[kinds[one][0]].judge(self.of[kinds[two][0]]).answer == "same":
                same[one].add(two)
                same[two].add(one)
        classes: dict[frozenset[int], list[int]] = defaultdict(list)
        for at, others in enumerate(same):
            # Two that say the same are one paper only if the rules say so: a title may be too short to tell.
            if len(kinds[at]) > 1 and judge(*(self.of[kinds[at][0]].said,) * 2).answer != "same":
                continue
            classes[frozenset(others)] += kinds[at]
        for joined in classes.values():
            first, *rest = sorted(joined)
            for at in rest:
                self._join(first, at, kind, value)

    def merge(self, overrides: Overrides) -> None:
        """Join the papers that the user says are one."""
        for number, wanted in enumerate(overrides.merge):
            found: list[int] = []
            for handle in wanted.papers:
                named = find(handle, self.given)
                papers = {id(self.of[at]) for at in named}
                if len(papers) == 1:
                    found.append(named[0])
                else:
                    why = "several papers answer" if papers else "no paper answers"
                    self.warnings.append((wanted.origin, f"merge {number + 1}: {why} to {handle!r}"))
            for at in found[1:]:
                if self.of[found[0]].judge(self.of[at]).kind == "override":
                    self.warnings.append((wanted.origin, f"merge {number + 1}: a split keeps these papers apart"))
                else:
                    self._join(found[0], at, "override", "; ".join(wanted.papers))

    def _join(self, first: int, at: int, kind: str, value: str) -> None:
        kept, gone = self.of[first], self.of[at]
        if kept is gone:
            return
        kept.evidence.append(Evidence(kind, value, (self.mentions[first].id, self.mentions[at].id)))
        kept.evidence += gone.evidence
        kept.members += gone.members
        kept.said |= gone.said
        kept.sides |= gone.sides
        for member in gone.members:
            self.of[member] = kept

    def identities(self) -> Identities:
        papers: dict[str, Paper] = {}
        of_passage: dict[str, str] = {}
        evidence: list[tuple[str, Evidence]] = []
        handles: set[tuple[str, str, str]] = set()
        groups = list({id(group): group for group in self.of}.values())
        shared = Counter((kind, value) for group in groups for kind in NAMING for value in group.said.values(kind))
        called: dict[str, _Group] = {}
        for group in groups:
            mentions = [self.mentions[at] for at in sorted(group.members)]
            paper = gather(_group_id(group, shared, mentions[0]), mentions)
            called[paper.id] = group
            papers[paper.id] = paper
            of_passage.update({mention.id: paper.id for mention in mentions})
            evidence += [(paper.id, item) for item in group.evidence]
            handles.add(("id", paper.id, paper.id))
            for kind in NAMING:
                for value in group.said.values(kind):
                    handles |= {(kind, value, paper.id), ("id", short_hash(f"{kind}:{value}"), paper.id)}
        signs = {paper: offers.signs(group.said) for paper, group in called.items()}
        return Identities(
            tuple(sorted(papers.values(), key=lambda paper: paper.id)),
            of_passage,
            tuple(sorted(evidence, key=_order)),
            tuple(sorted(handles)),
            tuple(sorted(_offered(called, signs))),
            {paper: group.said for paper, group in called.items()},
            signs,
            tuple(self.warnings),
        )


def _offered(called: Mapping[str, _Group], signs: Mapping[str, frozenset[str]]) -> Iterator[tuple[str, str, str]]:
    sharing: dict[str, list[str]] = defaultdict(list)
    for paper, shown in signs.items():
        for sign in shown:
            sharing[sign].append(paper)
    for one, two in set(offers.to_look_at({sign: sorted(members) for sign, members in sharing.items()})):
        if reason := offers.reason(called[one].judge(called[two])):
            yield from ((one, two, reason), (two, one, reason))


def _order(item: tuple[str, Evidence]) -> tuple[str, int, str, tuple[str, str]]:
    paper, evidence = item
    return paper, KINDS.index(evidence.kind), evidence.value, evidence.passages


def _group_id(group: _Group, shared: Mapping[tuple[str, str], int], first: Passage) -> str:
    """Return the id of a group: from the strongest identifier that no other group claims, else from a passage."""
    for kind in NAMING:
        own = sorted(value for value in group.said.values(kind) if shared[kind, value] == 1)
        if own:
            return short_hash(f"{kind}:{own[0]}")
    return short_hash(f"passage:{first.id}")
