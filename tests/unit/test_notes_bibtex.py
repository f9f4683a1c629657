from retriever.notes import read_note


def entries(text):
    return read_note(text.encode(), folder="notes", file="library.bib").blocks


def test_an_entry_gives_its_fields_and_a_line_or_two_to_read():
    text = (
        '% mine\n@string{iclr = "Int. Conf. on {L}earning"}\n@InProceedings{hu2021,\n  title = {{LoRA}: Low-Rank {A}daptation},\n'
        '  author = "G{\\"o}del, Kurt and Edward Hu",\n  booktitle = iclr # " 2022", year = 2021, month = jan,\n'
        "  url = {https://a.org/x\\_y},\n  abstract = {An\n    abstract.},\n  note = {Read it},\n}\n"
    )
    (block,) = entries(text)
    assert (block.kind, block.first_line, block.last_line) == ("entry", 3, 11)
    assert block.fields == (
        ("key", "hu2021"),
        ("type", "inproceedings"),
        ("title", "LoRA: Low-Rank Adaptation"),
        ("author", "Gödel, Kurt and Edward Hu"),
        ("booktitle", "Int. Conf. on Learning 2022"),
        ("year", "2021"),
        ("month", "jan"),
        ("url", "https://a.org/x_y"),
        ("abstract", "An abstract."),
        ("note", "Read it"),
    )
    assert block.text == (
        "LoRA: Low-Rank Adaptation. Kurt Gödel, Edward Hu. Int. Conf. on Learning 2022 2021.\nAn abstract. Read it."
    )


def test_biblatex_says_the_same_in_other_names():
    (block,) = entries(
        "@article{a, journaltitle={J}, date={2020-05-01}, eprint={2106.1}, eprinttype={arXiv}, title={T}}"
    )
    fields = dict(block.fields)
    assert (fields["journal"], fields["year"], fields["archiveprefix"]) == ("J", "2020", "arXiv")
    assert block.text == "T. J 2020."


def test_a_damaged_entry_is_read_and_costs_no_other():
    text = (
        "@article{one,\n  title = {Never closed,\n  author = {X Y},\n  year = {2020}\n}\n@article{two\n  title={No comma}\n}\n"
        '@misc(three, title={Round}) @misc{four, title="A {"} b"}\n@article{five, title="never ends, year=2020\n'
        "@article{six, title={Last"
    )
    found = [dict(block.fields) for block in entries(text)]
    assert [entry["key"] for entry in found] == ["one", "two", "three", "four", "five", "six"]
    assert [entry["title"] for entry in found][:4] == ["Never closed", "No comma", "Round", 'A " b']
    assert (found[0]["author"], found[0]["year"]) == ("X Y", "2020")
    assert found[5]["title"] == "Last"


def test_what_is_no_entry_is_passed_over():
    assert entries("@comment{jabref}\n@preamble{x}\nme@home.org {x}\n@{}\n@article{}\n") == ()
    assert [block.fields[0] for block in entries("@article{a, title = , year 2020}\n@misc{b, title={T}}")] == [
        ("key", "a"),
        ("key", "b"),
    ]
