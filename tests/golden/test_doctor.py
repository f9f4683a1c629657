"""The mojibake of a note of others, counted by a decoder that is not ours."""

import re

from retriever.library import doctor


def test_every_broken_stretch_of_the_seed_is_told_with_its_repair(others_notes):
    (seed,) = (others_notes / "seeds").glob("002_*")
    lines = seed.read_text(encoding="utf-8").split("\n")
    found = [one for one in doctor([seed]).findings if one.kind == "mojibake"]
    assert len(found) == 52
    assert all(one.before in lines[one.line - 1] for one in found)
    # UTF-8 read as Windows-1252, whose five holes stand for themselves.
    for one in found:
        raw = b"".join(char.encode("latin-1" if ord(char) < 256 else "cp1252") for char in one.before)
        assert raw.decode("utf-8") == one.after
    emoji = re.compile("[\U0001f300-\U0001faff]")
    assert {sign for one in found for sign in emoji.findall(one.after)} == {"🧠", "🔥", "🚀"}
