"""Spreading a backlog over the coming days."""

from collections import Counter
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crmcli.rules.catchup import spread

TODAY = date(2026, 11, 23)
LOADS = st.dictionaries(st.integers(-5, 40), st.integers(0, 12))


def days(backlog, load, per_day) -> list[int]:
    """Give how many days from today each piece is put."""
    by_day = {TODAY + timedelta(days=ahead): count for ahead, count in load.items()}
    return [(day - TODAY).days for _, day in spread(backlog, by_day, TODAY, per_day)]


@pytest.mark.parametrize(
    ("pieces", "load", "per_day", "expected"),
    [
        (0, {}, 3, []),
        (3, {}, 3, [0, 0, 0]),
        (4, {}, 3, [0, 0, 0, 1]),
        (3, {}, 1, [0, 1, 2]),
        (3, {0: 1}, 2, [0, 1, 1]),
        (3, {0: 2, 1: 9, 2: 1}, 2, [2, 3, 3]),  # full days are passed over
        (2, {0: 99}, 10, [1, 1]),
        (2, {-1: 99}, 10, [0, 0]),  # yesterday does not matter
        (1, dict.fromkeys(range(30), 1), 1, [30]),
    ],
)
def test_each_piece_goes_to_the_first_day_with_room(pieces, load, per_day, expected):
    assert days(range(pieces), load, per_day) == expected


@given(st.integers(0, 80), LOADS, st.integers(1, 9))
def test_no_day_holds_more_than_its_limit_unless_by_itself(pieces, load, per_day):
    put = Counter(days(range(pieces), load, per_day))
    assert sum(put.values()) == pieces
    assert all(load.get(day, 0) + count <= per_day for day, count in put.items())


@given(st.lists(st.text(max_size=3), max_size=60), LOADS, st.integers(1, 9))
def test_the_order_is_kept_and_today_is_first(backlog, load, per_day):
    found = list(
        spread(backlog, {TODAY + timedelta(days=d): n for d, n in load.items()}, TODAY, per_day)
    )
    assert [piece for piece, _ in found] == backlog
    put = [day for _, day in found]
    assert put == sorted(put)
    assert all(day >= TODAY for day in put)


@given(st.integers(1, 80), LOADS, st.integers(1, 9))
def test_no_day_with_room_is_left_out(pieces, load, per_day):
    put = Counter(days(range(pieces), load, per_day))
    for day in range(max(put)):
        assert load.get(day, 0) + put[day] >= per_day
