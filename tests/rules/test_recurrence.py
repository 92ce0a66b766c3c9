"""Recurrence arithmetic: the examples of the formulas, and dateutil's own rules as the judge."""

from datetime import date, datetime, time, timedelta
from itertools import pairwise

import pytest
from dateutil.rrule import rrulestr
from hypothesis import given, settings
from hypothesis import strategies as st

from crmcli import repeat
from crmcli.rules.recurrence import next_due, occurrences

MONDAYS = "FREQ=WEEKLY;BYDAY=MO"
ENDS = "FREQ=MONTHLY;BYMONTHDAY=28,29,30,31;BYSETPOS=-1"


def day(text: str) -> date:
    return date.fromisoformat(text)


def judge(rrule: str, dtstart: date, last: date) -> list[date]:
    """Give the days of a rule by dateutil alone, walked from its beginning."""
    rule = rrulestr(rrule, dtstart=datetime.combine(dtstart, time()))
    return [found.date() for found in rule.between(rule._dtstart, _at(last), inc=True)]


def _at(day: date) -> datetime:
    return datetime.combine(day, time())


# rule, dtstart, due, done, next from due, next from done
EXAMPLES = [
    # formulas 4.22
    (MONDAYS, "2026-03-02", "2026-03-02", "2026-03-20", "2026-03-23", "2026-03-27"),
    (MONDAYS, "2026-03-02", "2026-03-02", "2026-03-01", "2026-03-09", "2026-03-08"),
    (ENDS, "2026-01-31", "2026-01-31", "2026-01-31", "2026-02-28", "2026-02-28"),
    (ENDS, "2026-01-31", "2026-02-28", "2026-02-28", "2026-03-31", "2026-03-31"),
    (ENDS, "2026-01-31", "2026-03-31", "2026-03-31", "2026-04-30", "2026-04-30"),
    # missed ones are one
    ("FREQ=DAILY", "2026-03-01", "2026-03-01", "2026-03-10", "2026-03-11", "2026-03-11"),
    ("FREQ=DAILY;INTERVAL=3", "2026-03-01", "2026-03-01", "2026-03-10", "2026-03-13", "2026-03-13"),
    ("FREQ=DAILY;INTERVAL=3", "2026-03-01", "2026-03-01", "2026-03-09", "2026-03-10", "2026-03-12"),
    (
        "FREQ=WEEKLY;INTERVAL=2",
        "2026-03-04",
        "2026-03-04",
        "2026-03-20",
        "2026-04-01",
        "2026-04-03",
    ),
    (f"{MONDAYS};INTERVAL=2", "2026-03-02", "2026-03-02", "2026-03-04", "2026-03-16", "2026-03-18"),
    # months keep the day or end at their last
    ("FREQ=MONTHLY", "2026-01-15", "2026-01-15", "2026-01-31", "2026-02-15", "2026-02-28"),
    (
        "FREQ=MONTHLY;INTERVAL=3",
        "2026-01-15",
        "2026-01-15",
        "2026-01-20",
        "2026-04-15",
        "2026-04-20",
    ),
    ("FREQ=YEARLY", "2024-01-15", "2024-01-15", "2024-02-29", "2025-01-15", "2025-02-28"),
    # rules about certain days mean these days
    (
        "FREQ=MONTHLY;BYDAY=-1FR",
        "2026-03-27",
        "2026-03-27",
        "2026-04-03",
        "2026-04-24",
        "2026-04-24",
    ),
    (
        "FREQ=MONTHLY;BYDAY=-1FR",
        "2026-03-27",
        "2026-03-27",
        "2026-03-02",
        "2026-04-24",
        "2026-04-24",
    ),
    (
        "FREQ=WEEKLY;BYDAY=MO,TH",
        "2026-03-02",
        "2026-03-02",
        "2026-03-03",
        "2026-03-05",
        "2026-03-05",
    ),
    (
        "FREQ=WEEKLY;BYDAY=MO,TH",
        "2026-03-02",
        "2026-03-05",
        "2026-03-04",
        "2026-03-09",
        "2026-03-09",
    ),
    (
        *("FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR", "2026-03-02", "2026-03-05", "2026-03-06"),
        *("2026-03-09", "2026-03-09"),
    ),
    (
        *("FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=28,29;BYSETPOS=-1", "2024-02-29", "2024-02-29"),
        *("2024-03-01", "2025-02-28", "2025-02-28"),
    ),
    # due was moved off the rule's day
    (MONDAYS, "2026-03-02", "2026-03-04", "2026-03-04", "2026-03-09", "2026-03-11"),
]


@pytest.mark.parametrize(("rrule", "dtstart", "due", "done", "from_due", "from_done"), EXAMPLES)
def test_examples(
    rrule: str, dtstart: str, due: str, done: str, from_due: str, from_done: str
) -> None:
    given = (rrule, day(dtstart), day(due), day(done))
    assert next_due(*given, "due") == day(from_due)
    assert next_due(*given, "done") == day(from_done)


@pytest.mark.parametrize("repeat_from", ["due", "done"])
def test_a_series_ends_with_its_rule(repeat_from: str) -> None:
    rule, start = f"{MONDAYS};UNTIL=20260316", day("2026-03-02")
    assert next_due(rule, start, day("2026-03-09"), day("2026-03-09"), repeat_from) == day(
        "2026-03-16"
    )
    assert next_due(rule, start, day("2026-03-16"), day("2026-03-16"), repeat_from) is None
    assert next_due(rule, start, start, day("2026-04-01"), repeat_from) is None


@pytest.mark.parametrize("repeat_from", ["due", "done"])
def test_the_end_of_the_calendar_is_the_end(repeat_from: str) -> None:
    last = day("9999-12-31")
    assert next_due("FREQ=DAILY", last, last, last, repeat_from) is None


def test_month_ends_do_not_drift() -> None:
    found = occurrences(ENDS, day("2026-01-31"), day("2026-01-01"), day("2026-06-30"))
    assert [f"{at:%m-%d}" for at in found] == ["01-31", "02-28", "03-31", "04-30", "05-31", "06-30"]
    thirty = repeat.parse("month", datetime(2026, 1, 30), start=day("2026-01-30")).rrule
    found = occurrences(thirty, day("2026-01-30"), day("2026-01-01"), day("2026-06-30"))
    assert [f"{at:%m-%d}" for at in found] == ["01-30", "02-28", "03-30", "04-30", "05-30", "06-30"]


def test_occurrences_hold_both_ends_and_nothing_before_the_start() -> None:
    start = day("2026-03-02")
    found = occurrences(MONDAYS, start, day("2026-02-01"), day("2026-03-16"))
    assert found == [start, day("2026-03-09"), day("2026-03-16")]
    assert occurrences(MONDAYS, start, day("2026-03-09"), day("2026-03-09")) == [day("2026-03-09")]
    assert occurrences(MONDAYS, start, day("2026-03-10"), day("2026-03-15")) == []


def test_an_old_rule_is_not_walked_from_its_beginning(monkeypatch: pytest.MonkeyPatch) -> None:
    from dateutil import rrule as module

    made: list[datetime] = []
    plain = module.rrule.__init__

    def noted(self, freq, dtstart=None, *args, **more):
        made.append(dtstart)
        plain(self, freq, dtstart, *args, **more)

    monkeypatch.setattr(module.rrule, "__init__", noted)
    today = day("2026-11-23")
    for rule in ["FREQ=DAILY;INTERVAL=3", MONDAYS, "FREQ=MONTHLY;INTERVAL=2", "FREQ=YEARLY"]:
        next_due(rule, day("1926-01-04"), today, today, "due")
        assert today - made[-1].date() < timedelta(days=1100)


# -- properties

starts = st.dates(date(2000, 1, 1), date(2030, 12, 31))
weekdays = st.lists(
    st.sampled_from("MO TU WE TH FR SA SU".split()), min_size=1, max_size=4, unique=True
).map(",".join)
bodies = st.one_of(
    st.sampled_from(["FREQ=DAILY", "FREQ=WEEKLY", "FREQ=MONTHLY", "FREQ=YEARLY"]),
    weekdays.map("FREQ=WEEKLY;BYDAY={}".format),
    weekdays.map("FREQ=WEEKLY;WKST=SU;BYDAY={}".format),
    weekdays.map("FREQ=WEEKLY;BYSETPOS=1;BYDAY={}".format),
    st.integers(1, 31).map("FREQ=MONTHLY;BYMONTHDAY={}".format),
    st.sampled_from(["1MO", "-1FR", "5WE", "2SU"]).map("FREQ=MONTHLY;BYDAY={}".format),
    st.sampled_from(["1MO", "-1FR"]).map("FREQ=YEARLY;BYMONTH=3;BYDAY={}".format),
    st.just("FREQ=MONTHLY;BYMONTHDAY=-1"),
    st.just(ENDS),
    st.just("FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=28,29;BYSETPOS=-1"),
    st.just("FREQ=YEARLY;BYMONTH=6"),
    st.just("FREQ=YEARLY;BYMONTHDAY=1"),
    st.just("FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-1"),
    st.just("FREQ=DAILY;BYDAY=MO,TU,WE,TH,FR"),
)
rules = st.builds(
    lambda body, interval: f"{body};INTERVAL={interval}" if interval > 1 else body,
    bodies,
    st.integers(1, 5),
)


@settings(deadline=None, max_examples=60)
@given(rules, starts)
def test_a_series_stepped_for_ten_years_is_the_rule(rrule: str, start: date) -> None:
    last = start + timedelta(days=3653)
    expected = judge(rrule, start, last)
    due = expected[0] if expected else None
    stepped = []
    while due and due <= last:
        stepped.append(due)
        due = next_due(rrule, start, due, due, "due")
    assert stepped == expected


@settings(deadline=None, max_examples=150)
@given(rules, starts, st.integers(0, 3000), st.integers(-40, 400))
def test_the_next_is_the_rules_next(rrule: str, start: date, later: int, delay: int) -> None:
    due = start + timedelta(days=later)
    done = due + timedelta(days=delay)
    horizon = max(due, done) + timedelta(days=366 * 6)
    expected = [at for at in judge(rrule, start, horizon) if at > max(due, done)]
    found = next_due(rrule, start, due, done, "due")
    assert found == expected[0] if expected else found is None or found > horizon


@settings(deadline=None, max_examples=150)
@given(rules, starts, st.integers(-400, 6000), st.integers(0, 500))
def test_occurrences_are_those_of_the_rule(rrule: str, start: date, skip: int, length: int) -> None:
    first = start + timedelta(days=skip)
    last = first + timedelta(days=length)
    expected = [at for at in judge(rrule, start, last) if at >= first]
    assert occurrences(rrule, start, first, last) == expected


@settings(deadline=None, max_examples=60)
@given(
    starts, st.sampled_from(["month", "3 months", "year", "2 weeks", "3 days", "31st", "29 feb"])
)
def test_a_repeat_keeps_its_day_for_ten_years(start: date, phrase: str) -> None:
    """Never earlier in the month than it has to be: min(day, length of the month)."""
    found = repeat.parse(phrase, datetime.combine(start, time()), start=start)
    due, stepped = found.start, []
    while due and due <= start + timedelta(days=3653):
        stepped.append(due)
        due = next_due(found.rrule, found.start, due, due, "due")
    assert stepped == sorted(set(stepped))
    if phrase in ("month", "3 months", "31st"):
        wanted = 31 if phrase == "31st" else start.day
        step = 3 if phrase == "3 months" else 1
        months = [at.year * 12 + at.month for at in stepped]
        assert {b - a for a, b in pairwise(months)} == {step}
        assert all(at.day == wanted or (at + timedelta(days=1)).day == 1 for at in stepped)
    elif phrase in ("year", "29 feb"):
        assert {b.year - a.year for a, b in pairwise(stepped)} == {1}
