"""Which headings name the same thing, and which name nothing: tables judged by hand."""

import pytest

from retriever.topics import same_heading
from retriever.topics.headings import says_nothing
from retriever.topics.reconcile import reconcile

SAME = [
    ("PEFT", "Parameter-efficient fine-tuning"),
    ("PEFT", "Parameter-Efficient Fine-Tuning (PEFT)"),
    ("PEFT (parameter-efficient fine-tuning)", "Parameter-efficient fine-tuning"),
    ("LoRA", "Low-Rank Adaptation (LoRA)"),
    ("LLM", "Large language models"),
    ("LLMs", "Large Language Model"),
    ("MoE", "Mixture of Experts"),
    ("RAG", "Retrieval-Augmented Generation"),
    ("RL", "Reinforcement learning"),
    ("RNN", "RNNs"),
    ("Safty", "Safety"),
    ("Difusion models", "Diffusion models"),
    ("Tranformers", "Transformer"),
    ("Retreival", "Retrieval"),
    ("Segmantation", "Segmentation"),
    ("Optimisation", "Optimization"),
    ("Modelling", "Modeling"),
    ("Fine-tuning", "Finetuning"),
    ("Safety & alignment", "Safety and Alignment"),
    ("Rényi divergence", "renyi  divergences"),
    ("1. Diffusion", "🔥 Diffusion:"),
    ("Policies", "Policy"),
    ("Biases", "Bias"),
    ("Matrices", "Matrix"),
    ("Databases", "Database"),
    ("Analyses", "Analysis"),
    ("Movies", "Movie"),
    ("GPT-3", "GPT 3"),
]
DIFFERENT = [
    ("GPT-3", "GPT-4"),
    ("GPT-3", "GPT-35"),
    ("GPT-3.5", "GPT-35"),
    ("ICLR 2024", "ICLR 2025"),
    ("2D vision", "3D vision"),
    ("RNN", "CNN"),
    ("VAE", "GAE"),
    ("C", "C++"),
    ("C#", "C++"),
    ("RL", "Representation learning"),
    ("RNN", "Recurrent network"),
    ("LLM", "LLM agents"),
    ("Neural", "Neutral"),
    ("Context", "Content"),
    ("Formal methods", "Format methods"),
    ("Learning", "Leaning"),
    ("Perception", "Perceptron"),
    ("Encoder", "Encoded"),
    ("Training", "Trainer"),
    ("Attention", "Intention"),
    ("Generation", "Generative"),
    ("Supervised learning", "Unsupervised learning"),
    ("Symmetric", "Asymmetric"),
    ("Image generation", "Video generation"),
    ("强化学习", "监督学习"),
]
NOTHING = (
    "Summary|Method|Methods:|Papers|Most interesting papers|Paper list|Domain|Others|Misc.|TL;DR|To-do|Further reading|"
    "1. Introduction|Related work|2025|2024-05-01|2023–2024|May 2024|12 May 2024|Q3 2024|Week 12|Monday|2024年5月|"
    "3月|第3周|2024년 5월|摘要|其他|論文|参考文献|まとめ|その他|기타|논문 목록|방법|🧠||—"
)
SOMETHING = (
    "Diffusion|LLM|3D|ICLR 2025|Evaluation|Theory|C++|AI|Mayflies|Materials|March of progress|强化学习|확산 모델|音声"
)


@pytest.mark.parametrize(("first", "second"), SAME)
def test_headings_that_name_the_same_thing(first, second):
    assert same_heading(first, second)
    assert same_heading(second, first)
    assert len(set(reconcile({first: 1, second: 2}).values())) == 1


@pytest.mark.parametrize(("first", "second"), DIFFERENT)
def test_headings_that_differ(first, second):
    assert not same_heading(first, second)
    assert not same_heading(second, first)
    assert reconcile({first: 1, second: 2}) == {first: first, second: second}


def test_headings_that_say_nothing_and_those_that_do():
    assert [heading for heading in NOTHING.split("|") if not says_nothing(heading)] == []
    assert [heading for heading in SOMETHING.split("|") if says_nothing(heading)] == []


def test_the_spelling_of_most_papers_stands_for_all_and_of_equals_the_longest():
    assert reconcile({"Safty": 1, "Safety": 1}) == {"Safty": "Safety", "Safety": "Safety"}
    assert set(reconcile({"PEFT": 3, "Parameter-efficient fine-tuning": 2}).values()) == {"PEFT"}


def test_an_acronym_that_could_stand_for_two_stands_for_none():
    apart = {"SSM": 1, "State space models": 1, "Sparse structured matrices": 1}
    assert reconcile(apart) == {heading: heading for heading in apart}
    told = reconcile({**apart, "State-space models (SSM)": 1})
    assert told["State space models"] == told["State-space models (SSM)"] != told["SSM"] == "SSM"


def test_many_headings_that_begin_and_end_alike_are_not_taken_for_slips():
    many = {f"Sa{chr(97 + at % 26)}{chr(97 + at // 26)}fety": 1 for at in range(420)} | {"Sabfty": 1}
    assert reconcile(many) == {heading: heading for heading in many}


def test_what_a_third_heading_spells_out_joins_the_other_two():
    names = reconcile({"LoRA": 1, "Low-rank adaptation": 5, "Low-Rank Adaptation (LoRA)": 1})
    assert set(names.values()) == {"Low-rank adaptation"}
