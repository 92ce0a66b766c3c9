"""The periods of reports."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crmcli.errors import UsageError
from crmcli.period import parse, week_of

TODAY = date(2026, 11, 23)  # a Monday


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("today", "2026-11-23", "2026-11-23"),
        ("Yesterday", "2026-11-22", "2026-11-22"),
        ("this week", "2026-11-23", "2026-11-29"),
        ("last week", "2026-11-16", "2026-11-22"),
        ("this month", "2026-11-01", "2026-11-30"),
        ("last month", "2026-10-01", "2026-10-31"),
        ("LAST_MONTH", "2026-10-01", "2026-10-31"),
        ("this quarter", "2026-10-01", "2026-12-31"),
        ("last quarter", "2026-07-01", "2026-09-30"),
        ("this  year", "2026-01-01", "2026-12-31"),
        ("last year", "2025-01-01", "2025-12-31"),
        ("next month", "2026-12-01", "2026-12-31"),
        ("next quarter", "2027-01-01", "2027-03-31"),
        ("next week", "2026-11-30", "2026-12-06"),
        ("2026", "2026-01-01", "2026-12-31"),
        ("2026-11", "2026-11-01", "2026-11-30"),
        ("2024-02", "2024-02-01", "2024-02-29"),
        ("2026-Q3", "2026-07-01", "2026-09-30"),
        ("2026-q1", "2026-01-01", "2026-03-31"),
        ("2026-11-20", "2026-11-20", "2026-11-20"),
        ("last 90 days", "2026-08-26", "2026-11-23"),
        ("last 1 day", "2026-11-23", "2026-11-23"),
        ("7 days", "2026-11-17", "2026-11-23"),
        ("last 2 weeks", "2026-11-10", "2026-11-23"),
        ("last 12 months", "2025-11-24", "2026-11-23"),
        ("last 1 year", "2025-11-24", "2026-11-23"),
        ("last 2 quarters", "2026-05-24", "2026-11-23"),
        ("all", "1900-01-01", "2026-11-23"),
    ],
)
def test_parse(text, first, last):
    assert parse(text, TODAY) == (date.fromisoformat(first), date.fromisoformat(last))


@pytest.mark.parametrize(
    "text",
    [
        *(
            "",
            "x",
            "month",
            "next fortnight",
            "last",
            "last 0 days",
            "last -1 days",
            "last 99999999 days",
        ),
        *(
            "last 99999 years",
            "2026-13",
            "2026-0",
            "2026-q5",
            "2026-11-31",
            "0000",
            "99999",
            "9999",
        ),
        *(
            "²⁰²⁶",
            "last ٣ days",
            "last fortnight",
            "2026-11-20-1",
            "this 3 months",
            "last 1.5 days",
        ),
    ],
)
def test_what_is_no_period_is_refused_with_examples(text):
    with pytest.raises(UsageError, match="not a period") as caught:
        parse(text, TODAY)
    assert "last quarter" in caught.value.hint


def test_the_quarter_before_the_first_is_of_last_year():
    assert parse("last quarter", date(2026, 1, 1)) == (date(2025, 10, 1), date(2025, 12, 31))
    assert parse("last month", date(2026, 1, 31)) == (date(2025, 12, 1), date(2025, 12, 31))


def test_months_back_from_the_end_of_a_long_month():
    assert parse("last 1 month", date(2026, 3, 31)) == (date(2026, 3, 1), date(2026, 3, 31))


def test_a_week_may_begin_on_sunday():
    assert week_of(TODAY, 6) == date(2026, 11, 22)
    assert parse("this week", TODAY, 6) == (date(2026, 11, 22), date(2026, 11, 28))
    assert parse("last week", date(2026, 11, 22), 6)[0] == date(2026, 11, 15)


DAYS = st.dates(date(1950, 1, 1), date(2200, 1, 1))


@given(DAYS, st.sampled_from(["week", "month", "quarter", "year"]), st.sampled_from([0, 6]))
def test_the_last_one_ends_where_this_one_begins(today, unit, week_start):
    first, last = parse(f"this {unit}", today, week_start)
    assert first <= today <= last
    assert parse(f"last {unit}", today, week_start)[1] == first - timedelta(days=1)


@given(DAYS, st.integers(1, 3000))
def test_so_many_days_are_so_many_days(today, count):
    first, last = parse(f"last {count} days", today)
    assert ((last - first).days + 1, last) == (count, today)
