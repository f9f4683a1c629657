"""Topics: the one tree that the headings of all notes make. Pure: paths in, tree out."""

from retriever.topics.counts import nest
from retriever.topics.tree import Filing, TopicNode, TopicTree, grow

__all__ = ["Filing", "TopicNode", "TopicTree", "grow", "nest"]
