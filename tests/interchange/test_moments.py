"""Days and times as other programs write them."""

from datetime import date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crmcli.clock import Clock
from crmcli.interchange.moments import Dates, is_no_date

LJUBLJANA = Clock("Europe/Ljubljana")


@pytest.mark.parametrize(
    ("text", "day", "hour", "instant"),
    [
        ("2024-03-12", "2024-03-12", None, "2024-03-12T11:00:00Z"),
        ("2024-03-12 09:14", "2024-03-12", "09:14", "2024-03-12T08:14:00Z"),
        ("2024-06-01T12:00:00.000+0000", "2024-06-01", "12:00", "2024-06-01T12:00:00Z"),
        ("2022-09-10T11:12:13Z", "2022-09-10", "11:12", "2022-09-10T11:12:13Z"),
        ("2026-11-23 10:00:00.000000+00:00", "2026-11-23", "10:00", "2026-11-23T10:00:00Z"),
        ("2025-03-04 10:00:00 UTC", "2025-03-04", "10:00", "2025-03-04T10:00:00Z"),
        ("3/15/2024 2:30 PM", "2024-03-15", "14:30", "2024-03-15T13:30:00Z"),
        ("3/15/2024 12:05 am", "2024-03-15", "00:05", "2024-03-14T23:05:00Z"),
        ("Sep 12, 2026", "2026-09-12", None, "2026-09-12T10:00:00Z"),
        ("Mar 3, 2024, 9:05 AM", "2024-03-03", "09:05", "2024-03-03T08:05:00Z"),
        ("12.04.2022 10:00", "2022-04-12", "10:00", "2022-04-12T08:00:00Z"),
        ("13-04-2022 10:00", "2022-04-13", "10:00", "2022-04-13T08:00:00Z"),
    ],
)
def test_what_can_be_read(text, day, hour, instant):
    dates = Dates(clock=LJUBLJANA)
    assert (dates.day(text), dates.hour(text), dates.instant(text)) == (day, hour, instant)


@pytest.mark.parametrize("text", ["01/02/2025", "01-02-2025", "01/02/2025 10:00"])
def test_what_may_be_two_days_is_not_guessed(text):
    assert Dates().day(text) is None
    assert Dates().instant(text) is None
    assert Dates("dmy").day(text) == "2025-02-01"
    assert Dates("mdy").day(text) == "2025-01-02"


def test_an_order_that_gives_no_day_gives_way_to_the_only_reading():
    assert Dates("dmy").day("3/15/2024") == "2024-03-15"


@pytest.mark.parametrize(
    "text", ["", "x", "5551500", "17 May", "--05-17", "2024-13-01", "2024-03-12 25:00", "1/2", "٣"]
)
def test_what_is_no_date(text):
    assert (Dates().day(text), Dates().instant(text)) == (None, None)


def test_the_hour_alone():
    assert Dates().hour("9:30 am") == "09:30"
    assert Dates().hour("14:00") == "14:00"
    assert Dates().hour("soon") is None


def test_day_numbers_of_a_spreadsheet():
    assert Dates().serial("45631.0") == "2024-12-05"
    assert Dates().serial("45631.5") == "2024-12-05 12:00"
    for text in ("2024", "123456", "2024-12-05", "x", "99999"):
        assert Dates().serial(text) == text


def test_how_outlook_writes_that_there_is_none():
    for text in ("0/0/00", "0.0.00", "0-0-00", "00-00-0000", "00.00.0000"):
        assert is_no_date(text)
    for text in ("2000-01-01", "10/10/00", "", "x"):
        assert not is_no_date(text)


@given(st.dates(date(1500, 1, 1)), st.sampled_from(["%Y-%m-%d", "%d.%m.%Y", "%b %d, %Y"]))
def test_every_day_is_read_back(day, form):
    assert Dates().day(day.strftime(form)) == str(day)


@given(st.datetimes(datetime(1970, 1, 2), datetime(2100, 1, 1)))
def test_every_time_is_read_back(when):
    when = when.replace(microsecond=0)
    assert Dates(clock=Clock("UTC")).instant(when.isoformat(" ")) == f"{when.isoformat()}Z"


@given(st.text(max_size=40))
def test_nothing_breaks_it(text):
    Dates().day(text)
    Dates("dmy").instant(text)
    Dates().hour(text)
    Dates().serial(text)
