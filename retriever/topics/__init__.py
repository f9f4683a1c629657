"""Topics: the one tree that the headings of all notes make. Pure: paths and vectors in, tree out.

What needs vectors is in `leftover`, which a reader never imports.
"""

from retriever.topics.counts import nest
from retriever.topics.headings import same_heading
from retriever.topics.lookup import find_topics
from retriever.topics.tree import Cluster, Filing, TopicNode, TopicTree, grow

__all__ = ["Cluster", "Filing", "TopicNode", "TopicTree", "find_topics", "grow", "nest", "same_heading"]
