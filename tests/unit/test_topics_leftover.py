"""Papers that no note files: placed by meaning, clustered, labelled, and kept where they were."""

import numpy as np
import pytest

from retriever.topics import Cluster
from retriever.topics.clusters import MAX_CLUSTERS, cluster, matched, sums, unit
from retriever.topics.labels import labels
from retriever.topics.leftover import FEWEST, settle
from retriever.topics.placing import place

DIM = 24


def around(middle, count, spread, seed):
    """Return unit rows near the axis `middle`, (count, DIM)."""
    noise = np.random.default_rng(seed).standard_normal((count, DIM)) * spread
    noise[:, middle] += 1
    return unit(noise)


def library(groups, size=10, spread=0.08):
    """Return ids, vectors and the group of each paper; names tell the group, but not in their order."""
    vectors = np.concatenate([around(group, size, spread, group) for group in range(groups)])
    # Fifty papers of five groups make five clusters.
    names = [f"{at % size:03d}-{at // size}" for at in range(groups * size)]
    order = sorted(range(len(names)), key=names.__getitem__)
    return [names[at] for at in order], vectors[order], [order_at // size for order_at in order]


SUBJECTS = ["graph networks", "speech recognition", "protein folding", "robot grasping", "causal inference"]


def texts(papers):
    return {paper: f"A study of {SUBJECTS[int(paper[-1]) % 5]} in practice" for paper in papers}


def members(settled):
    found = {}
    for paper, belonging in settled.of_paper.items():
        found.setdefault(belonging.topic, set()).add(paper)
    return found


def known(settled):
    held = members(settled)
    joined = {paper for paper, belonging in settled.of_paper.items() if belonging.joined}
    return [Cluster(node, frozenset(held[node.id]), frozenset(held[node.id] & joined)) for node in settled.nodes]


def test_groups_that_lie_apart_are_found_and_named_by_their_own_words():
    papers, vectors, _ = library(5)
    settled = settle(papers, vectors, {}, texts)
    for held in members(settled).values():
        assert len({paper[-1] for paper in held}) == 1
    told = {node.path[0].split(", ")[0] for node in settled.nodes}
    assert told == set(SUBJECTS)
    assert all(node.clustered and node.parent is None for node in settled.nodes)
    assert all(0.5 < belonging.confidence <= 1 for belonging in settled.of_paper.values())
    assert settled == settle(papers, vectors, {}, texts)


def test_a_few_papers_stay_where_they_are():
    papers, vectors, _ = library(1, size=FEWEST - 1)
    assert settle(papers, vectors, {}, texts).of_paper == {}
    papers, vectors, _ = library(1, size=FEWEST)
    settled = settle(papers, vectors, {}, texts)
    assert set(settled.of_paper) == set(papers)
    assert {belonging.topic for belonging in settled.of_paper.values()} == {node.id for node in settled.nodes}


@pytest.mark.parametrize("size", [1, 2, 5, 40, 900, 21_000])
def test_clusters_are_numbered_without_gaps_and_bounded(size):
    vectors = unit(np.random.default_rng(size).standard_normal((size, 8)))
    found = cluster(vectors)
    assert sorted(set(found.tolist())) == list(range(max(found) + 1))
    assert max(found) < MAX_CLUSTERS
    assert np.array_equal(found, cluster(vectors))
    assert size < 2 or np.bincount(found).min() > 1


def test_papers_that_are_all_alike_make_one_cluster():
    assert set(cluster(unit(np.ones((50, 4)))).tolist()) == {0}


def test_a_row_that_is_like_no_other_goes_to_the_nearest_cluster():
    rows = np.concatenate([around(0, 20, 0.05, 1), around(1, 20, 0.05, 2), around(2, 1, 0.05, 3)])
    assert np.bincount(cluster(rows)).min() > 1


def test_one_cluster_alone_has_the_nearness_of_its_papers_for_confidence():
    settled = settle(list("abcdef"), unit(np.ones((6, DIM))), {}, lambda some: dict.fromkeys(some, "all alike"))
    assert len(settled.nodes) == 1
    assert {belonging.confidence for belonging in settled.of_paper.values()} == {1.0}


def test_a_paper_that_comes_later_joins_and_renames_nothing():
    papers, vectors, _ = library(5)
    first = settle(papers[1:], vectors[1:], {}, texts)
    second = settle(papers, vectors, {}, texts, known(first))
    assert {node.id: node.path for node in second.nodes} == {node.id: node.path for node in first.nodes}
    assert {p: b.topic for p, b in second.of_paper.items() if p != papers[0]} == {
        p: b.topic for p, b in first.of_paper.items()
    }
    assert [paper for paper, belonging in second.of_paper.items() if belonging.joined] == [papers[0]]
    alike = next(paper for paper in papers[1:] if paper[-1] == papers[0][-1])
    assert second.of_paper[papers[0]].topic == second.of_paper[alike].topic
    third = settle(papers, vectors, {}, texts, known(second))
    assert third == second


def test_clusters_are_made_anew_when_a_fifth_is_new_and_old_ids_are_carried_over():
    papers, vectors, groups = library(5)
    old = [at for at, group in enumerate(groups) if group < 4]
    first = settle([papers[at] for at in old], vectors[old], {}, texts)
    second = settle(papers, vectors, {}, texts, known(first))
    assert not any(belonging.joined for belonging in second.of_paper.values())
    assert {node.id: node.path for node in first.nodes}.items() <= {n.id: n.path for n in second.nodes}.items()
    assert {node.path[0].split(", ")[0] for node in second.nodes} == set(SUBJECTS)


def test_clusters_are_made_anew_when_asked():
    papers, vectors, _ = library(5)
    mixed = {paper: at % 2 for at, paper in enumerate(papers)}
    first = settle(papers, vectors, {}, texts)
    wrong = [
        Cluster(node, frozenset(p for p in papers if mixed[p] == at), frozenset())
        for at, node in enumerate(first.nodes[:2])
    ]
    kept = settle(papers, vectors, {}, texts, wrong)
    assert len(kept.nodes) == 2
    assert len(settle(papers, vectors, {}, texts, wrong, relayout=True).nodes) == 5


def test_new_clusters_continue_the_old_ones_that_they_share_most_with():
    labels = [0, 0, 0, 1, 1, 1]
    papers = list("abcdef")
    assert matched(labels, papers, {"x": {"d", "e"}, "y": {"a", "b", "c", "f"}, "z": {"q"}}) == {0: "y", 1: "x"}
    assert matched(labels, papers, {"x": set("abcdefghijklmnop")}) == {}


def test_the_sum_of_a_cluster_is_that_of_its_rows():
    rows = np.arange(12, dtype=np.float32).reshape(4, 3)
    assert sums(rows, np.array([2, 0, 2, 2]), 4).tolist() == [[3, 4, 5], [0, 0, 0], [15, 18, 21], [0, 0, 0]]


def test_what_no_note_files_goes_to_the_nearest_topic_with_a_confidence():
    papers, vectors, groups = library(4)
    filed = {paper: (f"t{group}",) for paper, group in zip(papers, groups, strict=True) if group < 3}
    some = [at for at, group in enumerate(groups) if group < 3][::10]
    for at in some:
        del filed[papers[at]]
    settled = settle(papers, vectors, filed, texts)
    for at in some:
        assert settled.of_paper[papers[at]].topic == f"t{groups[at]}"
        assert settled.of_paper[papers[at]].confidence > 0.9
    strangers = {paper for paper, group in zip(papers, groups, strict=True) if group == 3}
    assert {settled.of_paper[paper].topic for paper in strangers} == {node.id for node in settled.nodes}
    assert set(settled.of_paper).isdisjoint(filed)


def test_confidence_is_low_where_the_topics_cannot_be_told_apart():
    vectors = around(0, 90, 0.3, seed=3)
    topics = [(f"t{at % 3}",) for at in range(80)]
    assert place(vectors[80:], vectors[:80], topics) == [None] * 10


def test_topics_of_one_paper_attract_nothing_and_one_topic_alone_what_is_like_it():
    near, far = around(0, 3, 0.05, seed=1), around(5, 1, 0.05, seed=2)
    assert place(near[:1], near[1:], [("a",), ("b",)]) == [None]
    assert place(near[:0], near, [("a",)] * 3) == []
    filed = around(0, 30, 0.05, seed=4)
    found = place(np.concatenate([filed[:1], far]), filed, [("a",)] * 30)
    assert found[0].topic == "a"
    assert found[1] is None


def test_labels_hold_what_others_lack_as_it_is_written_and_differ():
    said = {
        0: ["Graph neural networks of molecules", "graph neural networks again", "Sparse graph neural networks"],
        1: ["ImageNet classification", "Training on ImageNet", "ImageNet and classification"],
        2: ["ImageNet classification", "ImageNet once more", "classification"],
        3: ["", "the of"],
        4: ["7"],
    }
    found = labels(said, {})
    assert found[0].split(", ")[0] in {"graph neural", "neural networks"}
    assert "ImageNet" in found[1]
    assert (found[3], found[4]) == ("papers", "papers (2)")
    assert len(set(found.values())) == len(said)
    assert labels(said, {1: "Kept"}).keys() == {0, 2, 3, 4}


def test_a_label_that_is_taken_is_told_apart_by_one_more_word():
    said = {0: ["alpha; beta; gamma; delta; epsilon; zeta; eta; theta"], 1: ["other; things"]}
    (first,) = [labels(said, {1: "x"})[0]]
    more = labels(said, {1: first})[0]
    assert more.startswith(f"{first}, ")
    assert len(more.split(", ")) == 4
