from hypothesis import given
from hypothesis import strategies as st

from retriever.topics import Filing, grow, nest
from retriever.words import fold

HEADINGS = st.sampled_from(["A", "a", "Á", "B", "RNN", "C d", "c  D", " "])
FILINGS = st.lists(
    st.tuples(st.sampled_from(["p", "q", "r", None]), st.lists(HEADINGS, max_size=4).map(tuple)), max_size=12
).map(lambda drawn: [Filing(paper, f"passage{at}", path) for at, (paper, path) in enumerate(drawn)])


def folded(path):
    steps = []
    for heading in path:
        step = " ".join(fold(heading).split())
        if step and steps[-1:] != [step]:
            steps.append(step)
    return tuple(steps)


@given(FILINGS)
def test_each_paper_stands_where_its_headings_say(filings):
    tree = grow(filings)
    paths = {node.id: folded(node.path) for node in tree.nodes}
    assert len(set(paths.values())) == len(tree.nodes)
    for filing in filings:
        if filing.paper is not None and folded(filing.path):
            assert paths[tree.of_passage[filing.passage]] == folded(filing.path)
        elif filing.paper is not None:
            # It says nothing itself: it stands with another passage of its paper, if there is one.
            assert tree.of_passage.get(filing.passage) in tree.of_paper.get(filing.paper, (None,))


@given(FILINGS)
def test_a_topic_counts_the_papers_whose_path_it_begins(filings):
    tree = grow(filings)
    filed = {}
    for filing in filings:
        if filing.paper is not None and filing.passage in tree.of_passage:
            filed.setdefault(tree.of_passage[filing.passage], set()).add(filing.paper)
    waiting = list(nest(tree.nodes, filed))
    seen = 0
    while waiting:
        topic = waiting.pop()
        seen += 1
        waiting.extend(topic.children)
        start = folded(topic.path)
        below = {f.paper for f in filings if f.paper is not None and folded(f.path)[: len(start)] == start}
        assert topic.papers == len(below) > 0
    assert seen == len(tree.nodes)
