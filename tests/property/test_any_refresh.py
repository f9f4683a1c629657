"""Whatever the notes go through, an index that followed them holds what one made of them at once would."""

import tempfile
from pathlib import Path
from unittest import mock

from hypothesis import given, settings
from hypothesis import strategies as st
from small_index import build, state_of

LINES = st.sampled_from(["attention cancels noise", "vision", "noise", "folding of proteins", "long context", ""])
NOTES = st.dictionaries(st.sampled_from(["a.md", "b.md", "c/d.md", "é.md"]), st.lists(LINES, max_size=4), min_size=1)


@settings(max_examples=25, deadline=None)
@given(st.lists(NOTES, min_size=2, max_size=4))
def test_a_refresh_equals_a_clean_build(versions):
    # Syncing takes most of the time, and says nothing about what is written.
    with tempfile.TemporaryDirectory() as folder, mock.patch("os.fsync"):
        followed, clean = Path(folder) / "followed", Path(folder) / "clean"
        for notes in versions:
            build(followed, notes)
        build(clean, versions[-1])
        assert state_of(followed) == state_of(clean)
        assert build(followed, versions[-1]) == (0, False)
