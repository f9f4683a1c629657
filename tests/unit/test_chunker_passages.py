"""What counts as a paper, note by note; the answers are written by hand."""

import pytest

from retriever.chunker import split
from retriever.notes import read_note


def papers(text, file="note.md"):
    found = split(read_note(text.encode(), folder="notes", file=file))
    return [passage for passage in found if passage.kind == "paper"]


def sections(text, file="note.md"):
    found = split(read_note(text.encode(), folder="notes", file=file))
    return [passage for passage in found if passage.kind == "section"]


FORUM = "https://openreview.net/forum?id=SI2hI0frk6"


@pytest.mark.parametrize(
    "item",
    [
        f"Does this scale? Only up to 7B [pdf]({FORUM})",
        f"How do they do it? We put a cache on top, as in [pdf]({FORUM})",
    ],
)
def test_a_question_with_a_short_answer_or_one_of_the_note_takers_names_no_paper(item):
    assert not papers(f"# Notes\n\n- {item}\n")


@pytest.mark.parametrize(
    ("item", "fields"),
    [
        (
            f"[ZiyueLi2025ICLR+]({FORUM}) finds",
            {"key": "ZiyueLi2025ICLR+", "year": 2025, "venue": "ICLR", "markers": ("+",)},
        ),
        (f"Transfusion [ChuntingZhou2025ICLR]({FORUM}) mixes", {"name": "Transfusion", "title": None}),
        (
            f"KAN: Networks With Learned Edges [ZimingLiu2025ICLR]({FORUM})",
            {"title": "KAN: Networks With Learned Edges"},
        ),
        (f"Is Attention All You Need? [AnnaLi2025ICLR]({FORUM}) no", {"title": "Is Attention All You Need?"}),
        (f"[Attention Is All You Need]({FORUM}). Vaswani et al.", {"title": "Attention Is All You Need", "key": None}),
        (f"**Attention Is All You Need** [[paper]({FORUM})] text", {"title": "Attention Is All You Need"}),
        (f"[hu2022lora]({FORUM})defines", {"key": "hu2022lora", "year": 2022, "venue": None}),
        ("Low ranks [[@hu2022lora]] suffice", {"key": "hu2022lora", "name": "Low ranks"}),
        (f"[FlashAttention]({FORUM}) is fast", {"name": "FlashAttention", "title": None}),
        (
            f"What should a cell aim for? Local objectives from information theory [pdf]({FORUM}) no",
            {"title": "What should a cell aim for? Local objectives from information theory"},
        ),
    ],
)
def test_an_item_that_begins_with_a_link_or_key_is_about_that_paper(item, fields):
    (passage,) = papers(f"# Notes\n\n- {item}\n")
    assert {name: getattr(passage, name) for name in fields} == fields
    assert (passage.first_line, passage.last_line, passage.heading_path) == (3, 3, ("Notes",))


@pytest.mark.parametrize(
    "item",
    [
        f"Related: [ZiyueLi2025ICLR]({FORUM})",
        f"We tried many things this week. Then came [ZiyueLi2025ICLR]({FORUM})",
        "[A tool](https://github.com/a/b) for that",
        "[The conference](https://iclr.cc/Conferences/2025)",
        "see [[Vector databases]]",
    ],
)
def test_a_link_deeper_in_the_text_or_to_no_paper_makes_none(item):
    assert papers(f"# Notes\n\n- {item}\n") == []


def test_bullets_above_papers_are_topics_and_child_bullets_belong_to_their_paper():
    text = (
        f"# Notes\n\n## Area\n\n- Topic:\n\t- [AnnaLi2025ICLR]({FORUM}) one\n\t  goes on\n\t\t- a remark, as in "
        f"[BobLi2024ICLR](https://openreview.net/forum?id=abcdefghi1)\n\t- plain text\n"
    )
    (passage,) = papers(text)
    assert passage.heading_path == ("Notes", "Area", "Topic")
    assert (passage.first_line, passage.last_line) == (6, 8)
    assert passage.text.startswith("- [AnnaLi2025ICLR]")
    (rest,) = sections(text)
    assert rest.text == "- plain text"


def test_a_section_that_closes_with_an_id_is_about_that_paper_and_the_footer_is_not():
    text = (
        "# Five talks\n\n## WSM: No Decay\n\nTian et al. drop it.\n\nMore.\n\n"
        "Full paper: arXiv:2507.17634. Code: a/b.\n\n"
        "Tagged #iclr\n"
    )
    (passage,) = papers(text)
    assert (passage.title, passage.name, passage.arxiv) == ("WSM: No Decay", "WSM", "2507.17634")
    assert passage.authors == ("Tian et al.",)
    assert (passage.first_line, passage.last_line) == (3, 9)


def test_a_section_that_speaks_of_this_paper_is_about_it_and_its_neighbours_are_too():
    body = "We looked at it with care, and liked it."
    text = (
        f"# Week\n\n## Papers\n\nThree.\n\n## Learning to Forget Slowly\n\nThis paper forgets.\n\n"
        f"## Gradients Without Any Descent\n\n{body}\n\n"
        f"## Attention Without Any Softmax\n\nAda Lee and Bo Chan show it.\n\n"
        f"## Where this leaves us\n\n{body}\n"
    )
    assert [passage.title for passage in papers(text)] == [
        "Learning to Forget Slowly",
        "Gradients Without Any Descent",
        "Attention Without Any Softmax",
    ]
    assert papers(text)[2].authors == ("Ada Lee", "Bo Chan")


def test_a_paragraph_gives_a_passage_for_each_paper_that_it_links_or_quotes():
    text = (
        "# Blog\n\nWe read [One Paper Here](https://arxiv.org/abs/2001.00001) and [our approach]"
        "(https://arxiv.org/abs/2001.00002).\n\nA paper award is for “Transformers Are Inherently Succinct”.\n"
    )
    one, two, three = papers(text)
    assert (one.title, two.title, three.title) == (
        "One Paper Here",
        "our approach",
        "Transformers Are Inherently Succinct",
    )
    assert (one.first_line, two.first_line) == (3, 3)


def test_a_bibliography_holds_no_papers_of_its_own():
    assert (
        papers("# On ideas\n\nText.\n\n## References\n\n- [One Paper Here](https://arxiv.org/abs/2001.00001)\n") == []
    )


@pytest.mark.parametrize(
    "head",
    [
        "---\ntitle: Attention Is All You Need\narxiv: 1706.03762\nyear: 2017\n---\n",
        "---\ntitle: Attention Is All You Need\nurl: https://arxiv.org/abs/1706.03762\n---\n",
        "# Attention Is All You Need\n\n[paper](https://arxiv.org/abs/1706.03762v5)\n\n",
        "# Paper Review: Attention Is All You Need (2017)\n\n- Link: arXiv:1706.03762\n\n",
        "# Attention Is All You Need\n\n[Paper](https://arxiv.org/abs/1706.03762)\nThe text follows at once.\n\n",
    ],
)
def test_a_note_about_one_paper_is_one_passage_whose_headings_are_parts(head):
    text = f"{head}\n## Summary\n\nIt attends.\n\n## Method\n\n- see [hu2022lora](https://arxiv.org/abs/2106.09685)\n"
    (passage,) = papers(text)
    assert sections(text) == []
    assert (passage.title, passage.arxiv, passage.heading_path) == ("Attention Is All You Need", "1706.03762", ())
    assert (passage.first_line, passage.last_line) == (1, text.rstrip().count("\n") + 1)


def test_fields_of_front_matter_name_the_paper():
    text = (
        "---\ntitle: A Paper Of Note\nauthors: [Ada Lee, Bo Chan]\nvenue: ICLR\nyear: 2021\ncitekey: lee2021note\n"
        "doi: https://doi.org/10.1/X\n---\nText.\n"
    )
    (passage,) = papers(text)
    assert (passage.key, passage.venue, passage.year) == ("lee2021note", "ICLR", 2021)
    assert passage.authors == ("Ada Lee", "Bo Chan")


def test_the_file_names_a_paper_that_nothing_else_names():
    (passage,) = papers("---\narxiv: 1706.03762\n---\nText.\n", file="papers/01_attention_is_all_you_need.md")
    assert passage.title == "attention is all you need"


def test_text_about_no_paper_stays_in_sections_of_sensible_length():
    paragraph = "A sentence of six words here. " * 20
    found = sections(f"# Title\n\n{paragraph}\n\n{paragraph}\n\n{paragraph}\n\n## Next\n\n{paragraph}\n")
    assert [passage.heading_path for passage in found] == [("Title",), ("Title",), ("Title", "Next")]
    assert all(len(passage.text.split()) <= 300 for passage in found)


def test_tags_and_markers_become_fields():
    (passage,) = papers(f"# Notes\n\n- [AnnaLi2025ICLR]({FORUM}) is fine #🧠 #to/read ⭐⭐\n")
    assert passage.markers == ("🧠", "⭐")
    assert passage.tags == ("to/read",)


def test_ids_of_passages_hold_when_lines_move():
    item = f"- [AnnaLi2025ICLR]({FORUM}) one\n"
    before, after = papers(f"# Notes\n\n{item}"), papers(f"# Notes\n\nAn opening.\n\n{item}{item}")
    assert before[0].id == after[0].id
    assert after[0].id != after[1].id


def test_the_conference_of_the_note_gives_its_papers_venue_and_year():
    text = "# Notes from ICLR 2026\n\n## WSM: No Decay\n\nText.\n\nFull paper: arXiv:2507.17634.\n"
    assert [(passage.venue, passage.year) for passage in papers(text)] == [("ICLR", 2026)]


@pytest.mark.parametrize(
    ("file", "text"),
    [
        ("two.bib", "@article{a2020x, title={Nets That Are Fast}}\n@article{b2021y, title={Nets That Are Slow}}\n"),
        ("two.ris", "TY  - JOUR\nTI  - Nets That Are Fast\nER  -\nTY  - JOUR\nTI  - Nets That Are Slow\nER  -\n"),
        ("two.jsonl", '{"title": "Nets That Are Fast", "year": 2020}\n{"title": "Nets That Are Slow", "year": 2021}\n'),
        (
            "two.json",
            '[{"title": "Nets That Are Fast", "DOI": "10.1/a"}, {"title": "Nets That Are Slow", "DOI": "10.1/b"}]',
        ),
        ("two.csv", "title,year,doi\nNets That Are Fast,2020,10.1000/a\nNets That Are Slow,2021,10.1000/b\n"),
        (
            "two.tsv",
            "title\tarxiv\nNets That Are Fast\t2001.00001\nNets That Are Slow\t2001.00002\n",
        ),
        (
            "two.md",
            "| Title | DOI |\n|---|---|\n| Nets That Are Fast | 10.1000/a |\n| Nets That Are Slow | 10.1000/b |\n",
        ),
    ],
)
def test_a_library_of_two_has_two_papers(file, text):
    assert [paper.title for paper in papers(text, file)] == ["Nets That Are Fast", "Nets That Are Slow"]
