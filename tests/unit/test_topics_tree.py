import base64
import hashlib

from retriever.records import Topic
from retriever.topics import Filing, grow, nest
from retriever.topics.tree import MAX_DEPTH


def paths(tree):
    return [node.path for node in tree.nodes]


def test_topics_stand_in_reading_order_with_parents_before_children():
    tree = grow(
        [Filing("p1", "a", ("Learning", "LLM")), Filing("p2", "b", ("Theory",)), Filing("p3", "c", ("Learning", "AI"))]
    )
    assert paths(tree) == [("Learning",), ("Learning", "LLM"), ("Theory",), ("Learning", "AI")]
    by_id = {node.id: node for node in tree.nodes}
    assert by_id[tree.of_passage["a"]].parent == tree.nodes[0].id
    assert tree.nodes[0].parent is None


def test_a_topic_id_is_made_of_the_folded_path_alone():
    tree = grow([Filing("p", "a", ("Rényi", "Deep  Nets"))])
    digest = hashlib.sha256(b"topic:renyi\x1fdeep nets").digest()
    assert tree.nodes[1].id == base64.b32encode(digest).decode()[:10].lower()


def test_paths_that_differ_in_case_and_accents_are_one_topic():
    tree = grow([Filing("p", "a", ("Réseaux", "LLM")), Filing("q", "b", ("reseaux", "llm"))])
    assert paths(tree) == [("Réseaux",), ("Réseaux", "LLM")]
    assert tree.of_passage["a"] == tree.of_passage["b"]


def test_a_heading_that_repeats_its_parent_is_one_step_with_it_and_a_blank_one_is_none():
    tree = grow([Filing("p", "a", ("RNN", "rnn", " ", "State space"))])
    assert paths(tree) == [("RNN",), ("RNN", "State space")]


def test_a_paper_filed_above_itself_counts_as_filed_innermost_only():
    tree = grow([Filing("p", "a", ("A",)), Filing("p", "b", ("A", "B")), Filing("p", "c", ("C",))])
    assert tree.of_paper["p"] == (tree.of_passage["b"], tree.of_passage["c"])


def test_a_passage_without_headings_is_filed_nowhere():
    tree = grow([Filing("p", "a", ())])
    assert (tree.nodes, tree.of_passage, tree.of_paper) == ((), {}, {})


def test_a_section_makes_no_topic_and_stands_at_the_innermost_one_that_papers_made():
    tree = grow([Filing(None, "s", ("A", "Remarks")), Filing("p", "a", ("A",)), Filing(None, "t", ("Z",))])
    assert paths(tree) == [("A",)]
    assert tree.of_passage == {"s": tree.nodes[0].id, "a": tree.nodes[0].id}
    assert list(tree.of_paper) == ["p"]


def test_a_path_is_cut_at_the_greatest_depth():
    tree = grow([Filing("p", "a", tuple(f"Level {at}" for at in range(MAX_DEPTH + 9)))])
    assert len(tree.nodes) == MAX_DEPTH
    assert tree.of_passage["a"] == tree.nodes[-1].id


def test_a_heading_of_half_a_character_pair_still_has_an_id():
    assert len(grow([Filing("p", "a", ("A \ud83d",))]).nodes) == 1


def test_counts_are_of_distinct_papers_at_or_below():
    tree = grow(
        [Filing("p", "a", ("A", "B")), Filing("p", "b", ("A", "C")), Filing("q", "c", ("A",)), Filing("r", "d", ("D",))]
    )
    filed = {}
    for paper, topics in tree.of_paper.items():
        for topic in topics:
            filed.setdefault(topic, []).append(paper)
    ids = {node.path: node.id for node in tree.nodes}
    assert nest(tree.nodes, filed) == (
        Topic(
            ids["A",], ("A",), 2,
            (Topic(ids["A", "B"], ("A", "B"), 1, ()), Topic(ids["A", "C"], ("A", "C"), 1, ())),
        ),
        Topic(ids["D",], ("D",), 1, ()),
    )  # fmt: skip
