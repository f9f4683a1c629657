import pytest

from retriever.chunker import split
from retriever.notes import read_note

FORUM = "https://openreview.net/forum?id=aaaaaaaaA1"


def paper(text, file="note.md"):
    (found,) = [p for p in split(read_note(text.encode(), folder="notes", file=file)) if p.kind == "paper"]
    return found


@pytest.mark.parametrize(
    ("item", "status"),
    [
        (f"- [ ] [AnnaLi2025ICLR]({FORUM}) forgets", "todo"),
        (f"- [x] [AnnaLi2025ICLR]({FORUM}) forgets", "done"),
        (f"- TODO [AnnaLi2025ICLR]({FORUM}) forgets", "todo"),
        (f"- [AnnaLi2025ICLR]({FORUM}) forgets\n  status:: reading", "reading"),
        (f"- [AnnaLi2025ICLR]({FORUM}) forgets #read-later", "todo"),
        (f"- [AnnaLi2025ICLR]({FORUM}) forgets (to read)", "todo"),
        (f"- [AnnaLi2025ICLR]({FORUM}) forgets, TODO", "todo"),
        (f"- To read: [AnnaLi2025ICLR]({FORUM})", "todo"),
        (f"- [AnnaLi2025ICLR]({FORUM}) 待读", "todo"),
        (f"- ~~[AnnaLi2025ICLR]({FORUM})~~ forgets", "dropped"),
        (f"- [AnnaLi2025ICLR]({FORUM}) ~~remembers~~ forgets", None),
        (f"- [AnnaLi2025ICLR]({FORUM}) is hard to read", None),
        (f"- [AnnaLi2025ICLR]({FORUM}) forgets\n  - [ ] ask them why\n  - [x] run it", None),
        (f"- [AnnaLi2025ICLR]({FORUM}) forgets", None),
    ],
)
def test_what_is_to_be_done_with_a_paper_is_its_status(item, status):
    assert paper(f"# Notes\n\n{item}\n").status == status


@pytest.mark.parametrize(
    ("item", "rating"),
    [
        (f"- [AnnaLi2025ICLR]({FORUM}) forgets ⭐⭐⭐", 3.0),
        (f"- [AnnaLi2025ICLR]({FORUM}) forgets\n  rating:: 4", 4.0),
        (f"- [AnnaLi2025ICLR]({FORUM}) forgets\n  rating:: 4.5/5", 4.5),
        (f"- [AnnaLi2025ICLR]({FORUM}) forgets\n  rating:: ★★", 2.0),
        (f"- [AnnaLi2025ICLR]({FORUM}) forgets\n  rating:: fine", None),
        (f"- [AnnaLi2025ICLR]({FORUM}) forgets\n  rating:: 7/10", 3.5),
        (f"- [AnnaLi2025ICLR]({FORUM}) forgets, 4/5", 4.0),
        (f"- [AnnaLi2025ICLR]({FORUM}) forgets (rating: 3.5)", 3.5),
        (f"- [AnnaLi2025ICLR]({FORUM}) forgets, rated 8/10", 4.0),
        (f"- [AnnaLi2025ICLR]({FORUM}) forgets 4/5 of the data", None),
        (f"- [AnnaLi2025ICLR]({FORUM}) forgets since 4/5/2020", None),
        (f"- [AnnaLi2025ICLR]({FORUM}) forgets $4/5$", None),
        (f"- [AnnaLi2025ICLR]({FORUM}) has a rating of 0.25", None),
        (f"- [AnnaLi2025ICLR]({FORUM}) forgets", None),
    ],
)
def test_stars_and_rating_fields_rate_a_paper(item, rating):
    assert paper(f"# Notes\n\n{item}\n").rating == rating


def test_front_matter_rates_the_paper_of_a_note():
    found = paper("---\ntitle: A Title Of Some Length\narxiv: 2001.00001\nrating: 5\nstatus: Read\n---\nText.\n")
    assert (found.rating, found.status) == (5.0, "read")


def test_other_papers_that_a_passage_links_to_are_its_cross_references():
    found = paper(
        f"# Notes\n\n- [AnnaLi2025ICLR]({FORUM}) builds on [LoRA](https://arxiv.org/abs/2106.09685v2) and "
        f"[[HeKaiming2016CVPR|ResNet]], see [code](https://github.com/a/b) and [itself]({FORUM})\n"
        "\t- again [LoRA](https://arxiv.org/abs/2106.09685)\n"
    )
    assert found.cites == ("arxiv:2106.09685", "key:hekaiming2016cvpr")


def test_a_section_has_cross_references_too():
    note = read_note(b"# On ideas\n\nAs in [[HeKaiming2016CVPR|ResNet]].\n", folder="notes", file="note.md")
    (section,) = split(note)
    assert (section.kind, section.cites, section.status) == ("section", ("key:hekaiming2016cvpr",), None)


def test_ids_and_keys_that_a_text_names_without_a_link_are_cross_references():
    found = paper(
        f"# Notes\n\n- [AnnaLi2025ICLR]({FORUM}) goes from arXiv:1706.03762 and @hu2022lora to "
        "10.1145/1294261.1294281 and https://arxiv.org/abs/1810.04805, write to me@lee2020.org\n"
    )
    assert found.cites == ("arxiv:1706.03762", "key:hu2022lora", "doi:10.1145/1294261.1294281", "arxiv:1810.04805")


def test_a_picture_of_several_characters_is_one_marker():
    found = paper(f"# Notes\n\n- [AnnaLi2025ICLR]({FORUM}) 👩🏽‍🔬 👍🏽 🇫🇷 ❤️ 👍🏽\n")
    assert found.markers == ("👩🏽‍🔬", "👍🏽", "🇫🇷", "❤")


@pytest.mark.parametrize(
    ("text", "tags"),
    [
        (f"# Notes\n\n- [AnnaLi2025ICLR]({FORUM}) #[[two words]] #one, [here](#below)\n", ("two words", "one")),
        (f"# Notes\n\n- [AnnaLi2025ICLR]({FORUM}) forgets\n  tags:: memory, life long\n", ("memory", "life long")),
        (
            "---\narxiv: 2001.00001\ntags: [memory, life long]\n---\nIt forgets #slowly.\n",
            ("slowly", "memory", "life long"),
        ),
        ("---\narxiv: 2001.00001\ntags: '#memory #forgetting'\n---\nIt forgets.\n", ("memory", "forgetting")),
    ],
)
def test_tags_stand_in_the_text_in_properties_and_in_front_matter(text, tags):
    assert paper(text).tags == tags
