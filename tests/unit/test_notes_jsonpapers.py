import json

import pytest

from retriever.notes import read_note


def note(text, file="library.json"):
    return read_note(text.encode(), folder="notes", file=file)


def fields(value, file="library.json"):
    return [dict(block.fields) for block in note(json.dumps(value), file).blocks]


def test_csl_entries_keep_their_lines():
    value = [
        {
            "id": "hu2021",
            "type": "paper-conference",
            "title": "LoRA",
            "author": [{"family": "Hu", "given": "Edward"}, {"literal": "The Team"}],
            "container-title": "ICLR",
            "issued": {"date-parts": [[2021, 6]]},
            "DOI": "10.1/x",
        },
        {"title": "Two", "year": 2020},
    ]
    one, two = note(json.dumps(value, indent=1)).blocks
    assert dict(one.fields) == {
        "title": "LoRA",
        "author": "Hu, Edward and The Team",
        "booktitle": "ICLR",
        "date": "2021-6",
        "year": "2021",
        "doi": "10.1/x",
        "key": "hu2021",
        "type": "inproceedings",
    }
    assert one.first_line == 2
    assert two.first_line == one.last_line + 1
    assert one.text == "LoRA. Edward Hu, The Team. ICLR 2021."


@pytest.mark.parametrize("name", ["items", "papers", "references"])
def test_a_collection_holds_papers_and_one_object_is_one(name):
    paper = {"title": "T", "abstract": "a"}
    assert fields({"name": "x", name: [paper, {"no": "paper"}, 3]}) == [{**paper, "type": "misc"}]
    assert fields(paper) == [{**paper, "type": "misc"}]


def test_names_of_other_services_mean_the_same():
    found = fields(
        [
            {"id": "2106.09685", "title": "A", "authors": "Ada One, Bea Two", "journal-ref": "J 2021"},
            {
                "title": "B",
                "authors": [{"name": "Ada One"}, "Bea Two"],
                "externalIds": {"ArXiv": "2106.1", "DOI": "10.1/x"},
            },
            {"content": {"title": {"value": "C"}, "authors": {"value": ["Ada One"]}}, "forum": "abc"},
            {"title": "D", "authors": "Hu, Edward", "published": "2020-01-02", "keywords": ["x", "y"], "flag": True},
            {
                "title": "E",
                "author": [{"lastName": "Hu", "firstName": "E"}, {"given": "Bo"}],
                "issued": {"raw": "2019"},
            },
            {"title": "F", "author": "A; B", "arxiv_id": "2106.09685v2"},
        ]
    )
    assert (found[0]["eprint"], found[0]["archiveprefix"], found[0]["journal"]) == ("2106.09685", "arXiv", "J 2021")
    assert found[0]["author"] == found[1]["author"] == "Ada One and Bea Two"
    assert (found[1]["eprint"], found[1]["doi"]) == ("2106.1", "10.1/x")
    assert (found[2]["title"], found[2]["author"], found[2]["openreview"]) == ("C", "Ada One", "abc")
    assert (found[3]["author"], found[3]["year"], found[3]["keywords"]) == ("Hu, Edward", "2020", "x, y")
    assert "flag" not in found[3]
    assert (found[4]["author"], found[4]["year"]) == ("Hu, E and Bo", "2019")
    assert (found[5]["author"], found[5]["archiveprefix"]) == ("A and B", "arXiv")


def test_lines_are_papers_each_and_a_broken_one_costs_a_warning():
    text = '{"title": "A", "year": 2020}\n\n{"title": "B", "doi": "10.1/x"}\nbroken\n{\n'
    read = note(text, "papers.jsonl")
    assert [(block.first_line, block.last_line) for block in read.blocks] == [(1, 1), (3, 3)]
    assert read.warnings == ("line 4 and 1 more: no JSON",)


@pytest.mark.parametrize("text", ["", '{"compilerOptions": {}}', "[1, 2]", "3", '[{"title": "Only a title"}]'])
def test_other_json_holds_no_paper(text):
    read = note(text)
    assert (read.blocks, read.warnings) == ((), ())


@pytest.mark.parametrize("text", ["{", "[" * 100_000, "[1] 2"])
def test_what_is_no_json_costs_a_warning(text):
    assert note(text).warnings == ("line 1: no JSON",)


def test_escapes_bring_in_no_lone_surrogate():
    (block,) = note('{"title": "A\\ud800\\u0007B", "year": 1}').blocks
    assert dict(block.fields)["title"] == "A  B"
