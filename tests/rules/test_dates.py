"""The date grammar: every form in both directions, from several frozen nows."""

from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crmcli import dates
from crmcli.dates import When
from crmcli.errors import UsageError

LJUBLJANA = ZoneInfo("Europe/Ljubljana")
MON = datetime(2026, 11, 23, 10, 0)
LEAP = datetime(2028, 2, 29, 12, 0)  # Tuesday
JAN31 = datetime(2027, 1, 31, 9, 0)  # Sunday
EVE = datetime(2026, 12, 31, 23, 30)  # Thursday
SPRING = datetime(2026, 3, 29, 2, 30, tzinfo=LJUBLJANA)  # Sunday; this time does not exist
NOWS = [MON, LEAP, JAN31, EVE, SPRING]


def shown(when: When) -> str:
    """Give `when` as the tables below write it."""
    return f"{when.on} {when.at:%H:%M}" if when.at else f"{when.on}"


def read(phrase: str, now: datetime = MON, *, forward: bool = True, **more: object) -> str:
    return shown(dates.parse(phrase, now, forward=forward, **more))  # type: ignore[arg-type]


def refusal(phrase: str, *, forward: bool = True, **more: object) -> UsageError:
    with pytest.raises(UsageError) as caught:
        read(phrase, forward=forward, **more)
    assert caught.value.code == 2
    return caught.value


# Phrases that mean the same in both directions, on Monday 2026-11-23 at 10:00.
EITHER = [
    ("today", "2026-11-23"),
    ("tomorrow", "2026-11-24"),
    ("yesterday", "2026-11-22"),
    ("now", "2026-11-23 10:00"),
    ("next fri", "2026-12-04"),
    ("next mon", "2026-11-30"),
    ("next sun", "2026-12-06"),
    ("last fri", "2026-11-20"),
    ("last mon", "2026-11-16"),
    ("last sun", "2026-11-22"),
    ("this mon", "2026-11-23"),
    ("next week", "2026-11-30"),
    ("last week", "2026-11-16"),
    ("next month", "2026-12-23"),
    ("last month", "2026-10-23"),
    ("next year", "2027-11-23"),
    ("last year", "2025-11-23"),
    ("+3d", "2026-11-26"),
    ("-30d", "2026-10-24"),
    ("+2w", "2026-12-07"),
    ("-1m", "2026-10-23"),
    ("+12m", "2027-11-23"),
    ("+1y", "2027-11-23"),
    ("+3 days", "2026-11-26"),
    ("in 3 days", "2026-11-26"),
    ("in 3d", "2026-11-26"),
    ("in a week", "2026-11-30"),
    ("in 2 months", "2027-01-23"),
    ("2 weeks ago", "2026-11-09"),
    ("2w ago", "2026-11-09"),
    ("a week ago", "2026-11-16"),
    ("a year ago", "2025-11-23"),
    ("0d", "2026-11-23"),
    ("+90min", "2026-11-23 11:30"),
    ("-90min", "2026-11-23 08:30"),
    ("in 2 hours", "2026-11-23 12:00"),
    ("20 min ago", "2026-11-23 09:40"),
    ("an hour ago", "2026-11-23 09:00"),
    ("in 20h", "2026-11-24 06:00"),
    ("2026-12-24", "2026-12-24"),
    ("2026-1-5", "2026-01-05"),
    ("2026/12/24", "2026-12-24"),
    ("24 december 2026", "2026-12-24"),
    ("24 dec 1999", "1999-12-24"),
    ("dec 24 2026", "2026-12-24"),
    ("dec 24, 2026", "2026-12-24"),
    ("24th of december 2026", "2026-12-24"),
    ("24.12.2026", "2026-12-24"),
    ("24. 12. 2026", "2026-12-24"),
    ("2nd tue of jan 2027", "2027-01-12"),
    ("first monday of june 2026", "2026-06-01"),
    ("fifth sun of nov 2026", "2026-11-29"),
    ("last fri of march 2027", "2027-03-26"),
    ("last mon of feb, 2027", "2027-02-22"),  # a month of exactly four weeks
    ("24 dec, 2026", "2026-12-24"),
    ("25/12/2026", "2026-12-25"),
    ("12/25/2026", "2026-12-25"),
    ("3/3/2026", "2026-03-03"),
    # a time joins every date form
    ("today 9:00", "2026-11-23 09:00"),
    ("tomorrow 9:00", "2026-11-24 09:00"),
    ("tomorrow noon", "2026-11-24 12:00"),
    ("yesterday at 15:30", "2026-11-22 15:30"),
    ("next fri 3pm", "2026-12-04 15:00"),
    ("next fri at 3 pm", "2026-12-04 15:00"),
    ("next week 8:05", "2026-11-30 08:05"),
    ("+2w 9:00", "2026-12-07 09:00"),
    ("a week ago 16:00", "2026-11-16 16:00"),
    ("2026-12-24 15:30", "2026-12-24 15:30"),
    ("2026-12-24T15:30", "2026-12-24 15:30"),
    ("2026-12-24T15:30:00", "2026-12-24 15:30"),
    ("24 dec 2026 0:00", "2026-12-24 00:00"),
    ("24.12.2026 3:30pm", "2026-12-24 15:30"),
    ("25/12/2026 23:59", "2026-12-25 23:59"),
    ("first monday of december 2026 at 3 pm", "2026-12-07 15:00"),
    # twelve o'clock
    ("today 12am", "2026-11-23 00:00"),
    ("today 12pm", "2026-11-23 12:00"),
    ("today 1AM", "2026-11-23 01:00"),
]

# phrase, looking forward, looking back, on the same Monday.
DIRECTED = [
    ("mon", "2026-11-30", "2026-11-16"),
    ("tue", "2026-11-24", "2026-11-17"),
    ("fri", "2026-11-27", "2026-11-20"),
    ("sun", "2026-11-29", "2026-11-22"),
    ("this fri", "2026-11-27", "2026-11-20"),
    ("3d", "2026-11-26", "2026-11-20"),
    ("2w", "2026-12-07", "2026-11-09"),
    ("1m", "2026-12-23", "2026-10-23"),
    ("12m", "2027-11-23", "2025-11-23"),
    ("1y", "2027-11-23", "2025-11-23"),
    ("2 weeks", "2026-12-07", "2026-11-09"),
    ("2h", "2026-11-23 12:00", "2026-11-23 08:00"),
    ("20 min", "2026-11-23 10:20", "2026-11-23 09:40"),
    ("eow", "2026-11-29", "2026-11-22"),
    ("eom", "2026-11-30", "2026-10-31"),
    ("eoq", "2026-12-31", "2026-09-30"),
    ("eoy", "2026-12-31", "2025-12-31"),
    ("som", "2026-12-01", "2026-11-01"),
    ("24 dec", "2026-12-24", "2025-12-24"),
    ("dec 24", "2026-12-24", "2025-12-24"),
    ("24.12.", "2026-12-24", "2025-12-24"),
    ("1 may", "2027-05-01", "2026-05-01"),
    ("23 nov", "2026-11-23", "2026-11-23"),
    ("29 feb", "2028-02-29", "2024-02-29"),
    ("first monday of december", "2026-12-07", "2025-12-01"),
    ("last fri of march", "2027-03-26", "2026-03-27"),
    ("fourth mon of nov", "2026-11-23", "2026-11-23"),
    ("fifth mon of feb", "2044-02-29", "2016-02-29"),
    ("15:30", "2026-11-23 15:30", "2026-11-22 15:30"),
    ("9:00", "2026-11-24 09:00", "2026-11-23 09:00"),
    ("10:00", "2026-11-24 10:00", "2026-11-23 10:00"),
    ("3pm", "2026-11-23 15:00", "2026-11-22 15:00"),
    ("3:30pm", "2026-11-23 15:30", "2026-11-22 15:30"),
    ("noon", "2026-11-23 12:00", "2026-11-22 12:00"),
    ("fri 3pm", "2026-11-27 15:00", "2026-11-20 15:00"),
    ("fri at 9:00", "2026-11-27 09:00", "2026-11-20 09:00"),
    ("24 dec 15:30", "2026-12-24 15:30", "2025-12-24 15:30"),
    ("24.12. 15:30", "2026-12-24 15:30", "2025-12-24 15:30"),
    ("eom 17:00", "2026-11-30 17:00", "2026-10-31 17:00"),
    ("3d 9:00", "2026-11-26 09:00", "2026-11-20 09:00"),
]

# The other nows: now, phrase, looking forward, looking back.
ELSEWHERE = [
    (LEAP, "29 feb", "2028-02-29", "2028-02-29"),
    (LEAP, "1y", "2029-02-28", "2027-02-28"),
    (LEAP, "next year", "2029-02-28", "2029-02-28"),
    (LEAP, "4y", "2032-02-29", "2024-02-29"),
    (LEAP, "1m", "2028-03-29", "2028-01-29"),
    (LEAP, "eom", "2028-02-29", "2028-02-29"),
    (LEAP, "tue", "2028-03-07", "2028-02-22"),
    (LEAP, "this tue", "2028-02-29", "2028-02-29"),
    (JAN31, "1m", "2027-02-28", "2026-12-31"),
    (JAN31, "2m", "2027-03-31", "2026-11-30"),
    (JAN31, "next month", "2027-02-28", "2027-02-28"),
    (JAN31, "last month", "2026-12-31", "2026-12-31"),
    (JAN31, "13m", "2028-02-29", "2025-12-31"),
    (JAN31, "eow", "2027-01-31", "2027-01-31"),
    (JAN31, "next mon", "2027-02-01", "2027-02-01"),
    (JAN31, "next sun", "2027-02-07", "2027-02-07"),
    (JAN31, "som", "2027-02-01", "2027-01-01"),
    (JAN31, "31 jan", "2027-01-31", "2027-01-31"),
    (JAN31, "30 jan", "2028-01-30", "2027-01-30"),
    (JAN31, "1 feb", "2027-02-01", "2026-02-01"),
    (EVE, "tomorrow", "2027-01-01", "2027-01-01"),
    (EVE, "1h", "2027-01-01 00:30", "2026-12-31 22:30"),
    (EVE, "23:45", "2026-12-31 23:45", "2026-12-30 23:45"),
    (EVE, "0:15", "2027-01-01 00:15", "2026-12-31 00:15"),
    (EVE, "1 jan", "2027-01-01", "2026-01-01"),
    (EVE, "31 dec", "2026-12-31", "2026-12-31"),
    (EVE, "eoy", "2026-12-31", "2026-12-31"),
    (EVE, "eoq", "2026-12-31", "2026-12-31"),
    (EVE.replace(day=1), "eoy", "2026-12-31", "2025-12-31"),
    (EVE, "2m", "2027-02-28", "2026-10-31"),
    (EVE, "thu", "2027-01-07", "2026-12-24"),
    (EVE, "next thu", "2027-01-07", "2027-01-07"),
    (SPRING, "today", "2026-03-29", "2026-03-29"),
    (SPRING, "sun", "2026-04-05", "2026-03-22"),
    (SPRING, "3d 2:30", "2026-04-01 02:30", "2026-03-26 02:30"),
    (SPRING, "2:45", "2026-03-29 02:45", "2026-03-28 02:45"),
    # 02:30 before the jump is 01:30 UTC
    (SPRING, "1h", "2026-03-29 04:30", "2026-03-29 01:30"),
]


@pytest.mark.parametrize("forward", [True, False])
@pytest.mark.parametrize(("phrase", "expected"), EITHER)
def test_phrases_without_direction(phrase: str, expected: str, forward: bool) -> None:
    assert read(phrase, forward=forward) == expected


@pytest.mark.parametrize(("phrase", "ahead", "behind"), DIRECTED)
def test_phrases_with_direction(phrase: str, ahead: str, behind: str) -> None:
    assert (read(phrase), read(phrase, forward=False)) == (ahead, behind)


@pytest.mark.parametrize(("now", "phrase", "ahead", "behind"), ELSEWHERE)
def test_other_days(now: datetime, phrase: str, ahead: str, behind: str) -> None:
    assert (read(phrase, now), read(phrase, now, forward=False)) == (ahead, behind)


@pytest.mark.parametrize("number", range(7))
def test_every_name_of_a_weekday(number: int) -> None:
    names = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"]
    more = {1: ["tues"], 3: ["thur", "thurs"]}
    for name in [names[number], names[number][:3], *more.get(number, [])]:
        assert dates.parse(name, MON, forward=True).on.weekday() == number


@pytest.mark.parametrize("number", range(1, 13))
def test_every_name_of_a_month(number: int) -> None:
    names = "january february march april may june july august september october november december"
    name = names.split()[number - 1]
    for word in [name, name[:3], *(["sept"] if number == 9 else [])]:
        assert read(f"5 {word} 2027") == read(f"{word} 5 2027") == f"2027-{number:02}-05"


@pytest.mark.parametrize(
    "phrase",
    ["NEXT FRI", "  next   fri ", "Next\tFriday", "next fri\n", "ｎｅｘｔ fri", "nëxt fri"],
)
def test_case_spaces_and_marks_do_not_count(phrase: str) -> None:
    assert read(phrase) == "2026-12-04"


@pytest.mark.parametrize("phrase", ["٢٤.١٢.٢٠٢٦", "２４ dec ２０２６", "२०२६-१२-२४"])
def test_digits_of_any_script(phrase: str) -> None:
    assert read(phrase) == "2026-12-24"


@pytest.mark.parametrize(
    ("week_start", "phrase", "expected"),
    [
        (0, "next sun", "2026-12-06"),
        (6, "next sun", "2026-11-29"),
        (6, "next sat", "2026-12-05"),
        (5, "next fri", "2026-12-04"),
        (5, "next sat", "2026-11-28"),
        (0, "eow", "2026-11-29"),
        (6, "eow", "2026-11-28"),
        (5, "eow", "2026-11-27"),
        (1, "eow", "2026-11-23"),
    ],
)
def test_the_week_starts_where_the_user_says(week_start: int, phrase: str, expected: str) -> None:
    assert read(phrase, week_start=week_start) == expected


@pytest.mark.parametrize(
    ("phrase", "date_order", "expected"),
    [
        ("3/4/2026", "dmy", "2026-04-03"),
        ("3/4/2026", "mdy", "2026-03-04"),
        ("3/4/2026", "ymd", "2026-03-04"),
        ("2026/3/4", "dmy", "2026-03-04"),
        ("3/4", "dmy", "2027-04-03"),
        ("3/4", "mdy", "2027-03-04"),
        ("3/4 9:00", "ymd", "2027-03-04 09:00"),
        ("29/2", "dmy", "2028-02-29"),
    ],
)
def test_slashes_follow_the_date_order(phrase: str, date_order: str, expected: str) -> None:
    assert read(phrase, date_order=date_order) == expected


@pytest.mark.parametrize("phrase", ["3/4/2026", "3/4", "3/4/2026 9:00", "25/12", "24/7", "3/3"])
@pytest.mark.parametrize("date_order", [None, "typo"])
def test_slashes_are_refused_without_a_date_order(phrase: str, date_order: str | None) -> None:
    error = refusal(phrase, date_order=date_order)
    assert "ambiguous" in error.message
    assert phrase.split()[0] in error.message
    assert "crm config set date_order dmy" in error.hint


@pytest.mark.parametrize("forward", [True, False])
@pytest.mark.parametrize(
    "phrase",
    [
        "31 feb",
        "feb 30",
        "30.2.",
        "2026-02-30",
        "2026-13-01",
        "0000-01-01",
        "29 feb 2026",
        "0 dec",
        "31.4.2026",
        "31/31/2026",
        "fifth fri of feb 2026",
        "9999y",
        "-9999y",
        "+99999999999d",
        "99999999999999999999999999m",
        "+999999999999999h",
        "-99999999h",
        "in 99999999999999999999 weeks",
        "31 feb 9:00",
    ],
)
def test_impossible_dates_are_refused(phrase: str, forward: bool) -> None:
    error = refusal(phrase, forward=forward)
    assert error.message == f"no such date: {phrase!r}"
    assert "2026-12-24" in error.hint


def test_a_date_order_makes_the_other_reading_impossible() -> None:
    assert "no such date" in refusal("25/12/2026", date_order="mdy").message
    assert "no such date" in refusal("12/25/2026", date_order="dmy").message


@pytest.mark.parametrize("at", ["25:00", "24:00", "9:60", "13pm", "0am", "13:30pm", "9:00:60"])
@pytest.mark.parametrize("day", ["", "tomorrow ", "2026-12-24 at "])
def test_impossible_times_are_refused(day: str, at: str) -> None:
    error = refusal(day + at)
    assert error.message == f"no such time: {day + at!r}"
    assert "23:59" in error.hint


@pytest.mark.parametrize(
    "phrase",
    [
        "",
        "   ",
        "soon",
        "may",
        "second",
        "next",
        "in",
        "3",
        "2026",
        "15.30",
        "24.12",
        "20261224",
        "midnight",
        "this week",
        "a week",
        "a day",
        "3 d",
        "in 2 weeks ago",
        "+2w ago",
        "-2h ago",
        "an hour",
        "--3d",
        "9",
        "at 9:00",
        "now 9:00",
        "2h 9:00",
        "9:00 9:00",
        "15:30 tomorrow",
        "24 dec 26",
        "3/4/26",
        "2026-12/24",
        "fri mon",
        "first day of december",
        "sixth mon of may",
        "2026-12-24T15:30Z",
        "every week",
        "x" * 101,
        "9" * 100_000,
        "1" * 5000 + "d",
    ],
)
@pytest.mark.parametrize("forward", [True, False])
def test_what_is_no_date_is_refused(phrase: str, forward: bool) -> None:
    error = refusal(phrase, forward=forward)
    assert error.message.startswith("not a date: ")
    assert repr(phrase[:40])[:-1] in error.message
    assert len(error.message) < 130
    assert "next fri" in error.hint


def test_now_keeps_its_seconds_and_microseconds_do_not_matter() -> None:
    now = datetime(2026, 11, 23, 10, 0, 37)
    assert dates.parse("now", now, forward=True) == When(now.date(), time(10, 0, 37))
    assert read("10:00", now) == "2026-11-24 10:00"
    assert read("10:01", now) == "2026-11-23 10:01"


def test_hours_really_pass_in_the_night_the_clocks_change() -> None:
    after = datetime(2026, 3, 29, 3, 10, tzinfo=LJUBLJANA)
    assert read("20 min ago", after) == "2026-03-29 01:50"
    before = datetime(2026, 3, 29, 1, 50, tzinfo=LJUBLJANA)
    assert read("in 20 min", before) == "2026-03-29 03:10"
    assert read("in 20 min", before.replace(tzinfo=None)) == "2026-03-29 02:10"


def test_the_hour_that_comes_twice_is_told_apart() -> None:
    again = datetime(2026, 10, 25, 2, 30, tzinfo=LJUBLJANA, fold=1)
    assert dates.moment("now", again).astimezone(UTC) == again.astimezone(UTC)
    first = dates.moment("1h", again)
    assert first.astimezone(UTC) == again.astimezone(UTC) - timedelta(hours=1)


@pytest.mark.parametrize("reader", [dates.minutes, dates.birthday, lambda text: read(text, LEAP)])
def test_text_of_a_hundred_characters_is_the_longest(reader: Callable[[str], object]) -> None:
    text = "12" if reader is dates.minutes else "29 feb"
    assert reader(text.rjust(100)) == reader(text)
    with pytest.raises(UsageError, match=r"'…$"):
        reader(text.rjust(101))


# -- split_leading


@pytest.mark.parametrize(
    ("words", "expected", "title"),
    [
        ("tue send offer", "2026-11-24", "send offer"),
        ("next tue send offer", "2026-12-01", "send offer"),
        ("Next  TUE   Send  the Offer ", "2026-12-01", "Send  the Offer"),
        ("2w", "2026-12-07", ""),
        ("2w send", "2026-12-07", "send"),
        ("tomorrow 9:00 call", "2026-11-24 09:00", "call"),
        ("tomorrow at 9:00 call", "2026-11-24 09:00", "call"),
        ("fri at the office", "2026-11-27", "at the office"),
        ("fri 3 pm demo", "2026-11-27 15:00", "demo"),
        ("in 3 days call Ana", "2026-11-26", "call Ana"),
        ("24 dec 2026 gifts", "2026-12-24", "gifts"),
        ("24 dec 10 gifts", "2026-12-24", "10 gifts"),
        ("24.12. gifts", "2026-12-24", "gifts"),
        (
            "first monday of december 2026 at 3 pm plan the year",
            "2026-12-07 15:00",
            "plan the year",
        ),
        ("sat nav repair", "2026-11-28", "nav repair"),
        ("may 5 party", "2027-05-05", "party"),
        ("eom invoice", "2026-11-30", "invoice"),
        ("15:30 call", "2026-11-23 15:30", "call"),
        ("2h call", "2026-11-23 12:00", "call"),
        ("fri\tsigned contract", "2026-11-27", "signed contract"),
        ("+3d -50% discount", "2026-11-26", "-50% discount"),
        ("next fri next fri", "2026-12-04", "next fri"),
    ],
)
def test_split_leading(words: str, expected: str, title: str) -> None:
    when, rest = dates.split_leading(words, MON)
    assert when is not None
    assert (shown(when), rest) == (expected, title)


@pytest.mark.parametrize(
    "title",
    [
        "send offer",
        "may Ana call back",
        "second meeting",
        "3 d printers for Ana",
        "24/7 support",
        "1/2 price",
        "a week off",
        "next steps",
        "last invoice",
        "in the office",
        "sunny day",
        "25:00 lunch",
        "3/4/2026 send offer",
        "31 feb joke",
        "call tue",
        "",
    ],
)
def test_a_title_without_a_date_stays_whole(title: str) -> None:
    assert dates.split_leading(title, MON) == (None, title)


def test_split_leading_takes_what_parse_takes() -> None:
    when, rest = dates.split_leading("3/4 eow", MON, forward=False, date_order="dmy", week_start=6)
    assert (when, rest) == (When(date(2026, 4, 3)), "eow")
    when, _ = dates.split_leading("eow x", MON, week_start=6)
    assert when == When(date(2026, 11, 28))


# -- moment


@pytest.mark.parametrize(
    ("phrase", "expected"),
    [
        ("fri", "2026-11-20 10:00"),
        ("today", "2026-11-23 10:00"),
        ("yesterday 9:00", "2026-11-22 09:00"),
        ("15:30", "2026-11-22 15:30"),
        ("9:00", "2026-11-23 09:00"),
        ("today 0:00", "2026-11-23 00:00"),
        ("20 min ago", "2026-11-23 09:40"),
        ("24 dec", "2025-12-24 10:00"),
        ("tomorrow 9:00", "2026-11-24 09:00"),
        ("now", "2026-11-23 10:00"),
    ],
)
def test_moment(phrase: str, expected: str) -> None:
    assert dates.moment(phrase, MON) == datetime.fromisoformat(expected)


def test_moment_keeps_the_zone_of_now() -> None:
    now = MON.replace(tzinfo=LJUBLJANA)
    summer = dates.moment("24 jul", now)
    assert summer.tzinfo is LJUBLJANA
    assert summer.isoformat() == "2026-07-24T10:00:00+02:00"
    assert dates.moment("fri", MON).tzinfo is None


def test_moment_takes_the_date_order_and_the_week() -> None:
    assert dates.moment("3/4", MON, date_order="dmy").date() == date(2026, 4, 3)
    assert dates.moment("eow", MON, week_start=6).date() == date(2026, 11, 21)
    with pytest.raises(UsageError, match="ambiguous"):
        dates.moment("3/4", MON)


# -- minutes


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("12", 12),
        (" 12 ", 12),
        ("45min", 45),
        ("45 MIN", 45),
        ("90 minutes", 90),
        ("1h30", 90),
        ("1h5", 65),
        ("1h30min", 90),
        ("1h 30 min", 90),
        ("1h", 60),
        ("2 h", 120),
        ("2 hours", 120),
        ("1.5h", 90),
        ("1,25 h", 75),
        ("٤٥", 45),
        ("168h", 10080),
        ("10080", 10080),
    ],
)
def test_minutes(text: str, expected: int) -> None:
    assert dates.minutes(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        *["", "0", "0h", "0.001h", "-5", "10081", "169h", "7d", "1h60", "1.5h30", "min", "h"],
        *["1.5", "soon", "1:30", "inf", "nan", "1e3", "9" * 90, "9" * 9000, "9" * 90 + ".5h"],
    ],
)
def test_what_is_no_duration_is_refused(text: str) -> None:
    with pytest.raises(UsageError, match="not a duration") as caught:
        dates.minutes(text)
    assert "45min" in caught.value.hint
    assert len(caught.value.message) < 130


@pytest.mark.parametrize(
    ("text", "better"), [("12m", "12min"), ("12 M", "12 min"), ("1h30m", "1h30min")]
)
def test_m_is_no_minute(text: str, better: str) -> None:
    with pytest.raises(UsageError, match="not a duration") as caught:
        dates.minutes(text)
    assert caught.value.hint == f"m is months; write {better}"
    assert dates.minutes(better) > 0


# -- describe


@pytest.mark.parametrize(
    ("when", "expected"),
    [
        (When(date(2026, 11, 27)), "Fri 27 Nov 2026 (in 4 days)"),
        (When(date(2026, 11, 27), time(9)), "Fri 27 Nov 2026 09:00 (in 4 days)"),
        (When(date(2026, 11, 27), time(0)), "Fri 27 Nov 2026 00:00 (in 4 days)"),
        (When(date(2026, 11, 23)), "Mon 23 Nov 2026 (today)"),
        (When(date(2026, 11, 24)), "Tue 24 Nov 2026 (tomorrow)"),
        (When(date(2026, 11, 22), time(23, 59)), "Sun 22 Nov 2026 23:59 (yesterday)"),
        (When(date(2026, 11, 20)), "Fri 20 Nov 2026 (3 days ago)"),
        (When(date(2028, 2, 1)), "Tue 1 Feb 2028 (in 435 days)"),
        (When(date(987, 6, 5)), "Tue 5 Jun 987 (379658 days ago)"),
    ],
)
def test_describe(when: When, expected: str) -> None:
    assert dates.describe(when, MON.date()) == expected


# -- birthday


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("1990-05-17", (1990, 5, 17)),
        ("19900517", (1990, 5, 17)),
        ("--05-17", (None, 5, 17)),
        ("--0517", (None, 5, 17)),
        ("05-17", (None, 5, 17)),
        ("17 may", (None, 5, 17)),
        ("May 17", (None, 5, 17)),
        ("17 May 1990", (1990, 5, 17)),
        ("may 17, 1990", (1990, 5, 17)),
        ("17.5.1990", (1990, 5, 17)),
        ("17.5.", (None, 5, 17)),
        ("17/5/1990", (1990, 5, 17)),
        ("1990/5/17", (1990, 5, 17)),
        ("29 feb", (None, 2, 29)),
        ("--02-29", (None, 2, 29)),
        ("29.2.2000", (2000, 2, 29)),
    ],
)
def test_birthday(text: str, expected: tuple[int | None, int, int]) -> None:
    assert dates.birthday(text) == expected


def test_birthday_takes_the_date_order() -> None:
    assert dates.birthday("3/4/1990", date_order="dmy") == (1990, 4, 3)
    assert dates.birthday("3/4", date_order="mdy") == (None, 3, 4)
    with pytest.raises(UsageError, match="ambiguous"):
        dates.birthday("3/4/1990")


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("29 feb 1990", "no such date"),
        ("31.4.", "no such date"),
        ("--13-01", "no such date"),
        ("00000101", "no such date"),
        ("31/31/1990", "no such date"),
        ("", "not a birthday"),
        ("1990", "not a birthday"),
        ("0517", "not a birthday"),
        ("tomorrow", "not a birthday"),
        ("9" * 9000, "not a birthday"),
    ],
)
def test_what_is_no_birthday_is_refused(text: str, message: str) -> None:
    with pytest.raises(UsageError, match=message) as caught:
        dates.birthday(text)
    assert "1990-05-17" in caught.value.hint


# -- properties

WORDS = """
    today now mon fri next last this week month in ago at of first 2nd dec may 24 2026 3d 12m 2h
    -30d +1y 9:00 25:00 3pm noon 3/4 3/4/2026 24.12. 2026-12-24 99999999999d eom som min a 0 send
"""
phrases = st.lists(st.sampled_from(WORDS.split()), max_size=10).map(" ".join)
texts = st.one_of(
    phrases, st.text(st.characters(), max_size=120), st.from_regex(r"[-+0-9./:dwmyh ]*")
)
instants = st.datetimes(timezones=st.sampled_from([None, UTC, LJUBLJANA]))
orders = st.sampled_from([None, "dmy", "mdy", "ymd"])
steady = settings(deadline=None, max_examples=300)


@steady
@given(texts, instants, st.booleans(), orders, st.integers(0, 6))
def test_any_text_is_a_date_or_a_usage_error(
    text: str, now: datetime, forward: bool, date_order: str | None, week_start: int
) -> None:
    readers = [
        lambda: dates.parse(
            text, now, forward=forward, date_order=date_order, week_start=week_start
        ),
        lambda: dates.moment(text, now, date_order=date_order, week_start=week_start),
        lambda: dates.minutes(text),
        lambda: dates.birthday(text, date_order=date_order),
    ]
    for reader in readers:
        with suppress(UsageError):
            assert reader()


@steady
@given(texts, st.booleans())
def test_split_leading_loses_no_word(words: str, forward: bool) -> None:
    when, rest = dates.split_leading(words, MON, forward=forward)
    assert words.strip().endswith(rest)
    head = words.strip()[: len(words.strip()) - len(rest)]
    if when is None:
        assert not head
    else:
        assert dates.parse(head, MON, forward=forward) == when
        assert head.split() + rest.split() == words.split()


@steady
@given(st.dates(date(1, 1, 9), date(9999, 12, 20)), st.sampled_from(["mon", "fri", "sun"]))
def test_a_weekday_is_one_to_seven_days_away(day: date, name: str) -> None:
    now = datetime.combine(day, time(10))
    assert 1 <= (dates.parse(name, now, forward=True).on - day).days <= 7
    assert 1 <= (day - dates.parse(name, now, forward=False).on).days <= 7


@steady
@given(st.datetimes(datetime(1900, 1, 1), datetime(2200, 1, 1)))
def test_a_day_without_a_year_is_on_the_right_side(now: datetime) -> None:
    for phrase in ["24 dec", "29 feb", "eow", "eom", "eoq", "eoy", "som", "last fri of march"]:
        assert dates.parse(phrase, now, forward=True).on >= now.date()
        assert dates.parse(phrase, now, forward=False).on <= now.date()


@steady
@given(st.datetimes(datetime(1900, 1, 1), datetime(2200, 1, 1)), st.integers(0, 600))
def test_months_keep_the_day_or_end_at_the_last(now: datetime, count: int) -> None:
    on = dates.parse(f"+{count}m", now, forward=True).on
    assert (on.year - now.year) * 12 + on.month - now.month == count
    assert on.day == now.day or (on.day < now.day and (on + timedelta(days=1)).day == 1)


@pytest.mark.parametrize("forward", [True, False])
@pytest.mark.parametrize("now", NOWS)
def test_a_bare_time_is_within_a_day(now: datetime, forward: bool) -> None:
    wall = now.replace(tzinfo=None)
    for hour in range(24):
        when = dates.parse(f"{hour}:30", now, forward=forward)
        assert when.at == time(hour, 30)
        ahead = datetime.combine(when.on, when.at) - wall
        day, none = timedelta(days=1), timedelta()
        assert none < ahead <= day if forward else -day < ahead <= none
