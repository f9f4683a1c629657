"""What of the papers changes when some mentions come and others go: only those are resolved again that can be touched.

Two mentions can meet only through a key, id, link, title or name that both have. So the papers that a changed mention
can touch are those that share one with it, and those that share one with these, and so on; all others stay as they
are. The result is that of resolving everything (`identity.resolve`); a property test holds the two together.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from functools import reduce
from operator import or_
from typing import Protocol

from retriever.chunker import offers
from retriever.chunker.identity import Identities, resolve
from retriever.chunker.naming import identifiers
from retriever.chunker.verdict import Said, judge, said
from retriever.records import Passage

Handle = tuple[str, str]  # kind and value, as `naming.identifiers` gives them

# What `identity` and `gathering` read of a mention. The rest, as its lines, may change and no paper does.
_READ = (
    *("kind", "key", "title", "name", "authors", "venue", "year"),
    *("arxiv", "openreview", "doi", "acl", "url", "markers", "tags", "abstract"),
)


class Earlier(Protocol):
    """What the mentions came to before. Unknown ids and handles are left out of every answer."""

    def papers_named(self, handles: Collection[Handle]) -> set[str]:
        """Return the papers that have one of these handles."""

    def mentions_of(self, papers: Collection[str]) -> dict[str, list[Passage]]:
        """Return each paper's mentions; their text may be left empty."""

    def paper_of_passages(self, passages: Collection[str]) -> dict[str, str]:
        """Return the paper of each passage that is about one, by id."""

    def papers_showing(self, signs: Collection[str]) -> dict[str, set[str]]:
        """Return the papers that have each sign."""


@dataclass(frozen=True, slots=True)
class IdentityChanges:
    """What to put in the place of what was known.

    `gone` are the papers that are no more, or are told anew in `now`. `now.of_passage` names every mention that came,
    also those of papers that stay as they are. `unpaired` are papers that stay, but of whose offered pairs only those
    of `now.perhaps` hold.
    """

    gone: frozenset[str]
    now: Identities
    unpaired: frozenset[str]


def resolve_changes(earlier: Earlier, gone: Iterable[Passage], fresh: Iterable[Passage]) -> IdentityChanges:
    """Return what changes when the passages `gone` make room for `fresh`; a passage that stays is in both."""
    before = {passage.id: passage for passage in gone}
    after = {passage.id: passage for passage in fresh}
    changed = [id_ for id_ in before.keys() | after.keys() if _says(before.get(id_)) != _says(after.get(id_))]
    touched = _touched(earlier, [found[id_] for id_ in changed for found in (before, after) if id_ in found])
    paper_of = earlier.paper_of_passages(after.keys() - set(changed))
    mentions = [m for of_paper in touched.values() for m in of_paper if m.id not in before]
    mentions += [after[id_] for id_ in after if id_ in set(changed) or paper_of.get(id_) in touched]
    now = resolve(mentions)
    perhaps, unpaired = _offered(earlier, touched, now)
    stayed = {id_: paper for id_, paper in paper_of.items() if paper not in touched}
    together = Identities(
        now.papers, {**stayed, **now.of_passage}, now.evidence, now.handles, perhaps, now.said, now.signs
    )
    return IdentityChanges(frozenset(touched), together, frozenset(unpaired))


def _says(passage: Passage | None) -> tuple[object, ...] | None:
    """Return what a passage says of its paper; None for one about no paper."""
    if passage is None or passage.kind != "paper":
        return None
    return tuple(getattr(passage, field) for field in _READ)


def _touched(earlier: Earlier, changed: Iterable[Passage]) -> dict[str, list[Passage]]:
    """Return the mentions, as they were, of each paper that a changed one can touch."""
    touched: dict[str, list[Passage]] = {}
    while reached := earlier.papers_named(_handles(changed)) - touched.keys():
        found = earlier.mentions_of(reached)
        touched |= found
        changed = [mention for mentions in found.values() for mention in mentions]
    return touched


def _handles(passages: Iterable[Passage]) -> set[Handle]:
    return {handle for passage in passages if passage.kind == "paper" for handle in identifiers(passage).items()}


def _offered(
    earlier: Earlier, touched: Mapping[str, list[Passage]], now: Identities
) -> tuple[tuple[tuple[str, str, str], ...], set[str]]:
    """Return the pairs to offer that involve a paper told anew, and the papers that stay whose pairs are told anew.

    Where papers that come or go turn the few that share a sign into a crowd, or a crowd into few, the pairs of all
    that share it change.
    """
    before = _by_sign({paper: offers.signs(_together(mentions)) for paper, mentions in touched.items()})
    new = _by_sign(now.signs)
    staying = _staying(earlier, touched, before.keys() | new.keys())
    crossed = [
        others
        for sign, others in staying.items()
        if (len(others) + len(before.get(sign, ())) > offers.CROWD)
        != (len(others) + len(new.get(sign, ())) > offers.CROWD)
    ]
    unpaired = set().union(*crossed)
    known = _said_by(earlier, unpaired)
    signs = new.keys() | _by_sign({paper: offers.signs(one) for paper, one in known.items()}).keys()
    sharing = {
        sign: sorted(others | new.get(sign, set())) for sign, others in _staying(earlier, touched, signs).items()
    }
    pairs = set(offers.to_look_at(sharing, unpaired | now.signs.keys()))
    known |= now.said
    known |= _said_by(earlier, {paper for pair in pairs for paper in pair} - known.keys())
    perhaps: set[tuple[str, str, str]] = set()
    for one, two in pairs:
        if reason := offers.reason(judge(known[one], known[two])):
            perhaps |= {(one, two, reason), (two, one, reason)}
    return tuple(sorted(perhaps)), unpaired


def _staying(earlier: Earlier, touched: Mapping[str, object], signs: Collection[str]) -> dict[str, set[str]]:
    """Return for each sign the papers that have it and stay as they are."""
    showing = earlier.papers_showing(signs)
    return {sign: showing.get(sign, set()) - touched.keys() for sign in signs}


def _by_sign(signs: Mapping[str, Collection[str]]) -> dict[str, set[str]]:
    found: dict[str, set[str]] = {}
    for paper, shown in signs.items():
        for sign in shown:
            found.setdefault(sign, set()).add(paper)
    return found


def _said_by(earlier: Earlier, papers: Collection[str]) -> dict[str, Said]:
    return {paper: _together(mentions) for paper, mentions in earlier.mentions_of(papers).items()}


def _together(mentions: Iterable[Passage]) -> Said:
    return reduce(or_, map(said, mentions))
