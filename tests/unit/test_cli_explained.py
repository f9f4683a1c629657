"""A score line by line, in numbers that add up."""

from hypothesis import given
from hypothesis import strategies as st

from retriever.records.wording import DIGITS, adding_up

VALUES = st.lists(st.floats(-6, 6), min_size=1, max_size=8)


@given(VALUES)
def test_numbers_add_up_as_they_are_shown_and_each_is_off_by_less_than_one_in_the_last_place(values):
    told = adding_up(values, sum(values))
    assert round(sum(told), DIGITS) == round(sum(values), DIGITS)
    assert all(abs(one - value) < 1.1 * 10**-DIGITS for one, value in zip(told, values, strict=True))


def test_nothing_is_moved_where_the_rounded_numbers_add_up_anyway():
    assert adding_up([0.72, 0.1221, -0.1], 0.7421) == [0.72, 0.122, -0.1]
    assert adding_up([0.3334, 0.3334, 0.3334], 1.0002) == [0.334, 0.333, 0.333]
