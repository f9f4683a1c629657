from hypothesis import given
from hypothesis import strategies as st

from retriever.query.groups import LONE_DEPTH, group
from retriever.topics import Filing, grow

PATHS = st.lists(st.lists(st.sampled_from("ABC"), max_size=5).map(tuple), max_size=15)


def drawn(paths):
    tree = grow([Filing(f"p{at}", f"passage{at}", path) for at, path in enumerate(paths)])
    nodes = {node.id: node for node in tree.nodes}
    topics = [tree.of_passage.get(f"passage{at}") for at in range(len(paths))]
    return topics, nodes


@given(PATHS)
def test_every_rank_stands_in_one_group_and_groups_in_the_order_of_their_best(paths):
    groups = group(*drawn(paths))
    assert sorted(rank for found in groups for rank in found.ranks) == list(range(1, len(paths) + 1))
    assert all(list(found.ranks) == sorted(found.ranks) for found in groups)
    assert [found.ranks[0] for found in groups] == sorted(found.ranks[0] for found in groups)
    assert len({found.topic for found in groups}) == len(groups)


@given(PATHS)
def test_a_hit_stands_at_or_below_the_topic_of_its_group(paths):
    topics, nodes = drawn(paths)
    for found in group(topics, nodes):
        for rank in found.ranks:
            own = topics[rank - 1]
            if found.topic is None:
                assert own is None
            else:
                assert nodes[own].path[: len(found.topic.path)] == found.topic.path


@given(PATHS)
def test_a_group_below_the_second_level_holds_two_or_more_that_no_deeper_topic_could_hold_together(paths):
    topics, nodes = drawn(paths)
    for found in group(topics, nodes):
        if found.topic is None or len(found.topic.path) <= LONE_DEPTH:
            continue
        assert len(found.ranks) > 1
        depth = len(found.topic.path)
        deeper = [nodes[topics[rank - 1]].path[: depth + 1] for rank in found.ranks]
        deeper = [path for path in deeper if len(path) > depth]
        assert len(set(deeper)) == len(deeper)
