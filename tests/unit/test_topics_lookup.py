from retriever.topics import Filing, find_topics, grow

TREE = grow(
    [
        Filing("p", "a", ("Vision", "Video", "Generation")),
        Filing("q", "b", ("Language", "Generation")),
        Filing("r", "c", ("Parameter-Efficient Fine-Tuning (PEFT)",)),
        Filing("s", "d", ("Vision", "Video object segmentation")),
    ]
).nodes


def found(asked):
    return [" > ".join(node.path) for node in find_topics(TREE, asked)]


def test_a_topic_is_found_by_name_path_or_id():
    assert found("vision") == ["Vision"]
    assert found("Video > generation") == found("video/Generation") == ["Vision > Video > Generation"]
    assert found(TREE[1].id.upper()) == ["Vision > Video"]


def test_a_name_may_mean_several_topics_and_leaves_out_what_is_below_another():
    assert found("generation") == ["Vision > Video > Generation", "Language > Generation"]
    nested = grow([Filing("p", "a", ("RNN", "Analysis of RNN"))]).nodes
    assert [node.path for node in find_topics(nested, "rn")] == [("RNN",)]


def test_a_topic_is_found_by_what_means_the_same_and_then_by_a_part():
    assert found("PEFT") == found("parameter efficient finetuning") == ["Parameter-Efficient Fine-Tuning (PEFT)"]
    assert found("videos") == ["Vision > Video"]
    assert found("segment") == ["Vision > Video object segmentation"]


def test_a_part_begins_a_word_except_where_words_are_not_parted():
    nodes = grow([Filing("p", "a", ("Smart robots",)), Filing("q", "b", ("图像扩散模型",))]).nodes
    assert [node.path for node in find_topics(nodes, "robo")] == [("Smart robots",)]
    assert find_topics(nodes, "art") == []
    assert [node.path for node in find_topics(nodes, "扩散")] == [("图像扩散模型",)]


def test_what_is_not_there_is_not_found():
    assert found("robotics") == found("Vision > Robotics") == found(" ") == found(">") == found("!!") == []
