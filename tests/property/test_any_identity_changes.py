"""Resolving only what a change can touch gives what resolving everything gives, whatever the mentions share."""

from collections import defaultdict

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from retriever.chunker import offers, resolve, resolve_changes
from retriever.chunker.naming import NAMING
from retriever.records import Passage

NOTHING = st.none()
MENTION = st.fixed_dictionaries(
    {
        "kind": st.sampled_from(["paper", "paper", "paper", "section"]),
        "key": NOTHING | st.sampled_from(["li2020long", "li2021short", "wu2020long"]),
        "title": NOTHING
        | st.sampled_from(
            [
                "Long Titles And What They Tell",
                "Long titles and what they tell: a study",
                "Long Titles And What They Tell II",
                "Short",
                "FastNet: Nets That Are Fast",
                "FastNet: Another Net Of Speed",
                "FastNet: Yet Another Of Them",
                "FastNet: The Last One, Perhaps",
            ]
        ),
        "name": NOTHING | st.sampled_from(["FastNet", "LongNet"]),
        "authors": st.sampled_from([(), ("Ada Li",), ("Bo Wu", "Ada Li")]),
        "year": NOTHING | st.sampled_from([2020, 2021]),
        "arxiv": NOTHING | st.sampled_from(["2001.00001", "2001.00002"]),
        "openreview": NOTHING | st.sampled_from(["aaaaaaaaA1", "aaaaaaaaA2"]),
        "doi": NOTHING | st.sampled_from(["10.1/one", "10.1/two"]),
        "url": NOTHING | st.sampled_from(["https://a.example/one.pdf", "https://a.example/two.pdf"]),
    }
).filter(lambda said: any(said[kind] for kind in NAMING if kind != "acl"))
MENTIONS = st.dictionaries(st.sampled_from("abcdefghij"), MENTION, max_size=9)


def passages(given):
    return [
        Passage(id=id_, file=f"{id_}.md", first_line=1, last_line=1, heading_path=(), text=id_, **said)
        for id_, said in given.items()
    ]


class Kept:
    """What an index keeps, as plain dictionaries."""

    def __init__(self, mentions):
        self.known = resolve(mentions)
        self.mentions = mentions

    def papers_named(self, handles):
        return {paper for kind, value, paper in self.known.handles if (kind, value) in handles and kind != "id"}

    def mentions_of(self, papers):
        found = defaultdict(list)
        for mention in self.mentions:
            if self.known.of_passage.get(mention.id) in papers:
                found[self.known.of_passage[mention.id]].append(mention)
        return dict(found)

    def paper_of_passages(self, ids):
        return {id_: paper for id_, paper in self.known.of_passage.items() if id_ in ids}

    def papers_showing(self, signs):
        return {sign: {paper for paper, shown in self.known.signs.items() if sign in shown} for sign in signs}


def told(known):
    return {
        "papers": {paper.id: paper for paper in known.papers},
        "evidence": sorted(known.evidence, key=repr),
        "handles": set(known.handles),
        "perhaps": set(known.perhaps),
        "signs": dict(known.signs),
        "of_passage": dict(known.of_passage),
    }


def applied(before, changes, gone):
    """What the index makes of changes: what was, less what is gone, and what is now."""
    old, now = told(before), told(changes.now)
    lost = changes.gone
    unpaired = lost | changes.unpaired
    staying = {id_: paper for id_, paper in old["of_passage"].items() if id_ not in gone}
    return {
        "papers": {id_: paper for id_, paper in old["papers"].items() if id_ not in lost} | now["papers"],
        "evidence": sorted([*(e for e in old["evidence"] if e[0] not in lost), *now["evidence"]], key=repr),
        "handles": {h for h in old["handles"] if h[2] not in lost} | now["handles"],
        "perhaps": {p for p in old["perhaps"] if not {p[0], p[1]} & unpaired} | now["perhaps"],
        "signs": {id_: shown for id_, shown in old["signs"].items() if id_ not in lost} | now["signs"],
        "of_passage": staying | now["of_passage"],
    }


@pytest.mark.parametrize("crowd", [1, 2, 3, 20])
@settings(max_examples=300, deadline=None)
@given(first=MENTIONS, second=MENTIONS, reread=st.sets(st.sampled_from("abcdefghij")))
def test_changes_to_what_was_known_give_what_resolving_everything_gives(crowd, first, second, reread):
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(offers, "CROWD", crowd)
        before = Kept(passages(first))
        # Notes outside `reread` stay as they are; those inside say something new.
        gone = [mention for mention in before.mentions if mention.id in reread]
        fresh = passages({id_: said for id_, said in second.items() if id_ in reread})
        after = [*(mention for mention in before.mentions if mention.id not in reread), *fresh]
        changes = resolve_changes(before, gone, fresh)
        assert applied(before.known, changes, {mention.id for mention in gone}) == told(resolve(after))


def test_a_mention_that_nothing_else_shares_touches_no_other_paper():
    many = passages(
        {
            str(at): {"kind": "paper", "title": f"A Study Of The Number {at}", "arxiv": f"2001.{at:05}"}
            for at in range(50)
        }
    )
    fresh = passages({"new": {"kind": "paper", "title": "Something Else Altogether", "arxiv": "2002.00001"}})
    changes = resolve_changes(Kept(many), [], fresh)
    assert not changes.gone
    assert [paper.title for paper in changes.now.papers] == ["Something Else Altogether"]


def test_one_more_makes_a_crowd_whose_pairs_are_offered_no_longer_and_one_less_ends_it():
    few = passages({f"p{at:02}": {"kind": "paper", "title": f"FastNet: {at} Ways"} for at in range(offers.CROWD)})
    one = passages({"one": {"kind": "paper", "title": "FastNet: The Last One"}})
    alike = passages(
        {"a": {"kind": "paper", "title": "SlowNet: A Way"}, "b": {"kind": "paper", "title": "SlowNet: Or Not"}}
    )
    for before, gone, fresh in (([*few, *alike], [], one), ([*few, *one, *alike], one, [])):
        known = Kept(before)
        changes = resolve_changes(known, gone, fresh)
        after = [mention for mention in [*before, *fresh] if mention not in gone]
        assert applied(known.known, changes, {mention.id for mention in gone}) == told(resolve(after))
        assert len(changes.unpaired) == len(few)
