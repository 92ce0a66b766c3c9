"""Keeping in touch: share, state and health (formulas 4.19)."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crmcli.rules.cadence import LONGEST, health, share, state

DAYS = st.integers(1, LONGEST)
AGO = st.integers(0, 40_000)


def test_the_worked_example():
    """Cadence 28, 42 days ago: r 1.5, due, health 35."""
    assert (share(42, 28), state(42, 28), health(42, 28)) == (1.5, "due", 35)


@pytest.mark.parametrize(
    ("ago", "days", "max_days", "expected"),
    [
        (0, 1, None, "ok"),
        (27, 28, None, "ok"),
        (28, 28, None, "due"),
        (42, 28, None, "due"),
        (43, 28, None, "cold"),
        (1, 1, None, "due"),
        (2, 1, None, "cold"),
        (4, 3, None, "due"),  # 1.5 cadences are 4.5 days
        (5, 3, None, "cold"),
        (42, 28, 42, "due"),  # ideal every 4 weeks, at worst 6
        (43, 28, 42, "cold"),
        (29, 28, 28, "cold"),
        (28, 28, 28, "due"),
        (99, 28, 100, "due"),
        (101, 28, 100, "cold"),
        (-3, 28, None, "ok"),
    ],
)
def test_state(ago, days, max_days, expected):
    assert state(ago, days, max_days) == expected


@pytest.mark.parametrize(
    ("ago", "days", "expected"),
    [(0, 28, 100), (28, 28, 50), (56, 28, 25), (84, 28, 13), (14, 28, 71), (1, 3650, 100)],
)
def test_health(ago, days, expected):
    assert health(ago, days) == expected


@pytest.mark.parametrize(("ago", "expected"), [(-400, 100), (10**7, 0)])
def test_health_stays_between_0_and_100(ago, expected):
    assert health(ago, 1) == expected


@given(AGO, DAYS)
def test_health_never_grows_with_time(ago, days):
    assert 0 <= health(ago + 1, days) <= health(ago, days) <= 100


@given(AGO, DAYS, st.none() | st.integers(1, LONGEST))
def test_state_is_due_exactly_from_the_whole_cadence_on(ago, days, max_days):
    if max_days and max_days < days:
        max_days = None
    assert (state(ago, days, max_days) == "ok") == (ago < days) == (share(ago, days) < 1)
    later = ("ok", "due", "cold").index(state(ago + 1, days, max_days))
    assert later >= ("ok", "due", "cold").index(state(ago, days, max_days))
