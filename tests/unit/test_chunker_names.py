import pytest

from retriever.chunker.names import name_in, name_in_text


@pytest.mark.parametrize(
    ("title", "name"),
    [
        ("LoRA: Low-Rank Adaptation of Large Language Models", "LoRA"),
        ("Segment Anything in High Quality (HQ-SAM)", "HQ-SAM"),
        ("A title that goes on: and on", None),
        ("Attention Is All You Need", None),
        (None, None),
    ],
)
def test_a_title_gives_the_name_of_a_system_at_its_head_or_end(title, name):
    assert name_in(title) == name


@pytest.mark.parametrize(
    ("title", "text", "name"),
    [
        ("Trust Region Policy Optimization", "We use Trust Region Policy Optimization (TRPO) here.", "TRPO"),
        ("Selective Rotary Position Embedding", "The paper introduces Selective RoPE, an extension.", "Selective RoPE"),
        ("Selective Rotary Position Embedding", "It extends Rotary Position Embeddings (RoPE) a little.", None),
        ("Learning to Forget", "We train a Convolutional Neural Network (CNN) on it.", None),
        ("Learning to Forget", "The authors introduce FastNet, a network.", None),
        ("Learning to Forget", "They propose Learning by doing.", None),
    ],
)
def test_a_text_gives_a_name_that_the_words_of_the_title_bear_out(title, text, name):
    assert name_in_text(title, text) == name
