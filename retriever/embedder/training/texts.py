"""The texts whose vectors a student learns from the teacher: as questions are asked, and as windows are embedded.

All are taken from the papers that may be learned from. Nobody wrote questions for them, so questions are made: titles
and summaries put in the words people ask with, and lists of the phrases that stand between a title's little words.
"""

from __future__ import annotations

import random
import re
from collections.abc import Iterator, Sequence

from retriever.embedder.encoder import document_text
from retriever.embedder.training.papers import TrainingPaper, sentences

SAMPLE = 32_768  # papers that are taken from: always the same, so that fewer texts are the first of more
WINDOW_WORDS = (20, 100)  # of a stretch that stands for a window: their own are up to some 100 words

_ASKED = (
    "which papers study {}",
    "which papers study {}?",
    "papers on {}",
    "papers about {}",
    "who has worked on {}?",
    "what is known about {}?",
    "is there work on {}?",
    "find the paper on {}",
    "how do people approach {}?",
    "recent work on {}",
    "the one about {}",
    "{}?",
)
_LITTLE = re.compile(
    r"\b(?:a|an|and|are|as|at|be|by|can|do|does|for|from|how|in|is|it|its|of|on|or|the|their|to|towards?|using|via|we"
    r"|what|when|why|with|without)\b|[,:;?!()]",
    re.IGNORECASE,
)


def titles_and_sentences(papers: Sequence[TrainingPaper], count: int, seed: int) -> list[str]:
    """Return `count` texts of random papers: of each its title and one sentence. At most some 65,000."""
    chooser = random.Random(seed)  # noqa: S311  # a sample, not a secret
    texts: list[str] = []
    for paper in chooser.sample(papers, k=min(len(papers), SAMPLE)):
        texts.append(paper.title)
        if found := sentences(paper.abstract):
            texts.append(chooser.choice(found))
    return texts[:count]


def questions(papers: Sequence[TrainingPaper], count: int, seed: int) -> list[str]:
    """Return `count` texts as people ask: every summary and list of keywords first, then questions made of titles."""
    chooser = random.Random(f"questions {seed}")  # noqa: S311  # a sample, not a secret
    texts = [paper.tldr for paper in papers if paper.tldr]
    texts += [", ".join(paper.keywords) for paper in papers if paper.keywords]
    made = (_question(paper, chooser) for paper in chooser.sample(papers, k=min(len(papers), count)))
    return [*chooser.sample(texts, k=len(texts)), *made][:count]


def windows(papers: Sequence[TrainingPaper], count: int, seed: int) -> list[str]:
    """Return `count` stretches of the abstracts of as many papers, in the form in which windows are embedded.

    At most 32,768. Four in five begin with the paper's title; half stand under a heading: a keyword or a phrase of it.
    """
    chooser = random.Random(f"windows {seed}")  # noqa: S311  # a sample, not a secret
    chosen = chooser.sample(papers, k=min(len(papers), SAMPLE))
    return [
        document_text(
            paper.title if chooser.random() < 0.8 else None,
            _heading(paper, chooser) if chooser.random() < 0.5 else None,
            _stretch(paper.abstract, chooser),
        )
        for paper in chosen[:count]
    ]


def _question(paper: TrainingPaper, chooser: random.Random) -> str:
    subject = paper.title.strip(" .?!")
    kind = chooser.random()
    if kind < 0.3:
        phrases = list(_phrases(subject)) or [subject]
        return ", ".join(chooser.sample(phrases, k=len(phrases)))
    if kind < 0.5 and ": " in subject:  # the part before is often but a name
        subject = subject.split(": ", 1)[1]
    return chooser.choice(_ASKED).format(subject.lower() if chooser.random() < 0.5 else subject)


def _heading(paper: TrainingPaper, chooser: random.Random) -> str | None:
    phrases = list(paper.keywords or _phrases(paper.title))
    return chooser.choice(phrases) if phrases else None


def _phrases(title: str) -> Iterator[str]:
    return (phrase.strip() for phrase in _LITTLE.split(title) if len(phrase.strip()) > 2)


def _stretch(text: str, chooser: random.Random) -> str:
    """Return whole sentences of `text` from one of its sentences on, WINDOW_WORDS long if it is long enough."""
    whole = re.split(r"(?<=[.!?])\s+(?=[A-Z])", text)
    wanted = chooser.randint(*WINDOW_WORDS)
    start = chooser.randrange(len(whole))
    words = 0
    for end, sentence in enumerate(whole[start:], start + 1):
        words += len(sentence.split())
        if words >= wanted:
            return " ".join(whole[start:end])
    return " ".join(whole[start:])
