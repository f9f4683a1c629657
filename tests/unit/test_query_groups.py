from retriever.query.groups import group
from retriever.records import Group, TopicRef
from retriever.topics import Filing, grow


def groups_of(*paths):
    """Group hits filed at these paths ("A/B", "" for nowhere), best first; return (path, ranks) of each group."""
    split = [tuple(path.split("/")) if path else () for path in paths]
    tree = grow([Filing(f"p{at}", f"passage{at}", path) for at, path in enumerate(split)])
    found = group(
        [tree.of_passage.get(f"passage{at}") for at in range(len(paths))], {node.id: node for node in tree.nodes}
    )
    return [("/".join(entry.topic.path) if entry.topic else None, entry.ranks) for entry in found]


def test_hits_meet_at_the_deepest_topic_that_holds_two():
    assert groups_of("A/B/C/D", "A/B/C/E", "A/B/F") == [("A/B/C", (1, 2)), ("A/B", (3,))]


def test_a_lone_hit_moves_up_to_the_second_level():
    assert groups_of("A/B/C/D", "X/Y/Z") == [("A/B", (1,)), ("X/Y", (2,))]


def test_a_lone_hit_of_the_first_level_stays_there():
    assert groups_of("A", "B/C") == [("A", (1,)), ("B/C", (2,))]


def test_lone_hits_meet_on_the_way_up():
    assert groups_of("A/B/C/D/E", "A/B/F", "A/B/C/G") == [("A/B/C", (1, 3)), ("A/B", (2,))]


def test_second_level_topics_are_not_thrown_together():
    assert groups_of("A/B", "A/C", "A/B") == [("A/B", (1, 3)), ("A/C", (2,))]


def test_groups_stand_in_the_order_of_their_best_hit_and_the_unfiled_have_no_topic():
    assert groups_of("", "X/Y", "A/B", "X/Y", "") == [(None, (1, 5)), ("X/Y", (2, 4)), ("A/B", (3,))]


def test_no_hits_make_no_groups():
    assert groups_of() == []


def test_a_group_refers_to_its_topic_by_id_and_path():
    tree = grow([Filing("p", "a", ("A",))])
    (node,) = tree.nodes
    assert group([node.id], {node.id: node}) == (Group(TopicRef(node.id, ("A",)), (1,)),)
