"""What is due: sections by the task's own zone, yearly dates, snoozing, order."""

from datetime import UTC, date, datetime, timedelta

import pytest

from crmcli.clock import Clock
from crmcli.store.due import cells, due_items, hidden_count, select
from crmcli.store.item import Item

TODAY = date(2026, 11, 23)  # a Monday; it is 10:00 in Ljubljana
HOME = "Europe/Ljubljana"


def clock_at(text: str, zone: str = HOME) -> Clock:
    return Clock(zone, datetime.fromisoformat(text))


def sections(crm, clock=None, until=None, **options) -> list[tuple[str, str]]:
    clock = clock or crm.store.clock
    until = until or clock.today()
    return [(i.section, i.title) for i in due_items(crm.conn, clock, until=until, **options)]


@pytest.mark.parametrize(
    ("due_on", "days", "expected"),
    [
        ("2020-01-01", 0, "overdue"),
        ("2026-11-22", 0, "overdue"),
        ("2026-11-23", 0, "today"),
        ("2026-11-24", 0, None),
        ("2026-11-24", 1, "tomorrow"),
        ("2026-11-25", 1, None),
        ("2026-11-25", 2, "upcoming"),
        (None, 400, None),
    ],
)
def test_section_of_a_day(crm, due_on, days, expected):
    crm.task("Call", due_on=due_on)
    found = sections(crm, until=TODAY + timedelta(days=days))
    assert found == ([(expected, "Call")] if expected else [])


@pytest.mark.parametrize(
    ("day", "time", "tz", "now", "expected"),
    [
        # the wall clock of the same zone, to the minute
        ("2026-11-23", "10:00", HOME, "2026-11-23T09:00:00Z", "today"),
        ("2026-11-23", "09:59", HOME, "2026-11-23T09:00:00Z", "overdue"),
        ("2026-11-23", "00:00", HOME, "2026-11-22T23:00:00Z", "today"),
        # 23:30 in New York is 05:30 of the next day here
        ("2026-11-23", "23:30", "America/New_York", "2026-11-23T22:59:00Z", "today"),
        ("2026-11-23", "23:30", "America/New_York", "2026-11-23T23:30:00Z", "overdue"),
        # 11:30 in Tokyo is 03:30 here: gone, though our clock says 10:00
        ("2026-11-23", "11:30", "Asia/Tokyo", "2026-11-23T09:00:00Z", "overdue"),
        ("2026-11-23", "18:00", "Asia/Tokyo", "2026-11-23T09:00:00Z", "today"),
        ("2026-11-23", "17:59", "Asia/Tokyo", "2026-11-23T09:00:00Z", "overdue"),
        # the clock goes forward (02:00 -> 03:00) and back (03:00 -> 02:00)
        ("2026-03-29", "09:00", HOME, "2026-03-29T07:00:00Z", "today"),
        ("2026-03-29", "09:00", HOME, "2026-03-29T07:01:00Z", "overdue"),
        ("2026-03-29", "02:30", HOME, "2026-03-29T01:30:00Z", "today"),
        ("2026-03-29", "02:30", HOME, "2026-03-29T01:31:00Z", "overdue"),
        ("2026-10-25", "02:30", HOME, "2026-10-25T00:30:00Z", "today"),
        ("2026-10-25", "02:30", HOME, "2026-10-25T00:31:00Z", "overdue"),
        ("2026-10-25", "09:00", HOME, "2026-10-25T08:00:00Z", "today"),
        ("2026-10-25", "09:00", HOME, "2026-10-25T08:01:00Z", "overdue"),
        ("2026-11-22", "23:59", HOME, "2026-11-22T23:00:00Z", "overdue"),
    ],
)
def test_section_of_a_time_in_its_own_zone(crm, day, time, tz, now, expected):
    crm.task("Call", due_on=day, due_time=time, tz=tz)
    assert sections(crm, clock_at(now), until=date(2026, 12, 31)) == [(expected, "Call")]


@pytest.mark.parametrize(
    ("hidden_until_on", "shown"),
    [("2026-11-22", True), ("2026-11-23", True), ("2026-11-24", False)],
)
def test_a_snoozed_task_comes_back_on_its_day(crm, hidden_until_on, shown):
    crm.task("Call", due_on="2026-11-20", hidden_until_on=hidden_until_on)
    assert sections(crm) == ([("overdue", "Call")] if shown else [])
    assert hidden_count(crm.conn, TODAY, until=TODAY) == (0 if shown else 1)


def test_hidden_counts_what_would_be_listed_else(crm):
    hidden = {"due_on": "2026-11-20", "hidden_until_on": "2026-12-01"}
    crm.task("mine", **hidden)
    crm.task("eva's", owner="eva", **hidden)
    crm.task("later", due_on="2026-12-05", hidden_until_on="2026-12-06")
    crm.task("done", status="completed", completed_at="2026-11-21T09:00:00Z", **hidden)
    crm.trash("task", crm.task("gone", **hidden))
    assert hidden_count(crm.conn, TODAY, until=TODAY) == 2
    assert hidden_count(crm.conn, TODAY, until=TODAY, owner="eva") == 1
    assert hidden_count(crm.conn, TODAY, until=TODAY, owner="nobody") == 0
    assert hidden_count(crm.conn, TODAY, until=date(2026, 12, 5)) == 3


@pytest.mark.parametrize("noun", ["contact", "org"])
def test_the_tasks_of_a_trashed_record_are_neither_listed_nor_counted(crm, noun):
    id = crm.contact() if noun == "contact" else crm.org()
    crm.task("Call", (noun, id), due_on="2026-11-23")
    crm.task("Snoozed", (noun, id), due_on="2026-11-23", hidden_until_on="2026-12-01")
    assert sections(crm) == [("today", "Call")]
    assert hidden_count(crm.conn, TODAY, until=TODAY) == 1
    crm.trash(noun, id)
    assert sections(crm) == []
    assert hidden_count(crm.conn, TODAY, until=TODAY) == 0
    crm.trash(noun, id, archived=False)
    assert sections(crm) == [("today", "Call")]


def test_closed_and_trashed_tasks_are_not_due(crm):
    crm.task("done", due_on="2026-11-20", status="completed", completed_at="2026-11-21T09:00:00Z")
    crm.task("cancelled", due_on="2026-11-20", status="cancelled")
    crm.trash("task", crm.task("gone", due_on="2026-11-20"))
    crm.task("begun", due_on="2026-11-20", status="in_process")
    assert sections(crm) == [("overdue", "begun")]


def test_whom_it_is_for(crm):
    crm.contact("Ana Novak")
    crm.org("Acme")
    crm.task("a", ("contact", 1), due_on="2026-11-23")
    crm.task("b", ("org", 1), due_on="2026-11-23")
    crm.task("c", due_on="2026-11-23")
    items = due_items(crm.conn, crm.store.clock, until=TODAY)
    assert [item.who for item in items] == [
        ("c1", "ana-novak", "Ana Novak"),
        ("o1", "acme", "Acme"),
        None,
    ]
    assert [(item.who_id, item.who_name) for item in items[1:]] == [("o1", "Acme"), ("", "")]
    assert [item.id for item in items] == ["t1", "t2", "t3"]


def test_a_renamed_handle_is_shown_once_by_its_current_name(crm):
    crm.contact("Ana Novak", birthday="1990-11-23")
    crm.rename("contact", 1, "Ana Kos")
    crm.task("Call", ("contact", 1), due_on="2026-11-23")
    items = due_items(crm.conn, crm.store.clock, until=TODAY)
    assert [item.who[1] for item in items] == ["ana-kos", "ana-kos"]


@pytest.mark.parametrize(
    ("birthday", "now", "expected"),
    [
        ("1990-11-23", "2026-11-23T09:00:00Z", "birthday (36 years)"),
        ("--11-23", "2026-11-23T09:00:00Z", "birthday"),
        ("1990-11-24", "2026-11-23T09:00:00Z", None),
        ("1990-11-24", "2026-11-23T23:00:00Z", "birthday (36 years)"),  # midnight has passed here
        ("1992-02-29", "2026-02-28T09:00:00Z", "birthday (34 years)"),  # a common year
        ("--02-29", "2026-02-28T09:00:00Z", "birthday"),
        ("1992-02-29", "2026-03-01T09:00:00Z", None),
        ("1992-02-29", "2028-02-28T09:00:00Z", None),  # a leap year
        ("1992-02-29", "2028-02-29T09:00:00Z", "birthday (36 years)"),
        ("1992-02-28", "2026-02-28T09:00:00Z", "birthday (34 years)"),
        ("1992-02-28", "2028-02-29T09:00:00Z", None),
        ("1992-02-29", "2100-02-28T09:00:00Z", "birthday (108 years)"),  # no leap year
    ],
)
def test_birthdays(crm, birthday, now, expected):
    crm.contact("Ana", birthday=birthday)
    clock = clock_at(now)
    items = due_items(crm.conn, clock, until=clock.today())
    assert [item.title for item in items] == ([expected] if expected else [])
    assert [(item.section, item.id, item.due_on) for item in items] == [
        ("date", "c1", clock.today()) for _ in items
    ]


def test_other_yearly_dates_and_nobody_in_the_trash(crm):
    crm.contact("Ana", dates=["anniversary:2016-11-23", "name day:--11-23"])
    assert sections(crm) == [("date", "anniversary (10 years)"), ("date", "name day")]
    crm.trash("contact", 1)
    assert sections(crm) == []


def test_by_owner(crm):
    crm.task("mine", due_on="2026-11-23")
    crm.task("eva's", due_on="2026-11-23", owner="eva")
    crm.contact("Bo", birthday="--11-23", owner="eva")
    assert sections(crm, owner="me") == [("today", "mine")]
    assert sections(crm, owner="eva") == [("today", "eva's"), ("date", "birthday")]
    assert sections(crm, owner="nobody") == []
    assert len(sections(crm)) == 3


def test_the_order_is_by_section_day_time_and_id(crm):
    crm.contact("Ana", birthday="--11-23")
    for title, day, time in [
        ("upcoming", "2026-11-26", None),
        ("tomorrow", "2026-11-24", None),
        ("today, no time", "2026-11-23", None),
        ("today, again", "2026-11-23", None),
        ("today, late", "2026-11-23", "18:00"),
        ("today, early", "2026-11-23", "11:00"),
        ("this morning", "2026-11-23", "08:00"),
        ("last week", "2026-11-16", None),
        ("last year", "2025-11-16", None),
    ]:
        crm.task(title, due_on=day, due_time=time, tz=HOME if time else None)
    found = [title for _, title in sections(crm, until=date(2026, 11, 30))]
    assert found == [
        *("last year", "last week", "this morning"),
        *("today, early", "today, late", "today, no time", "today, again"),
        *("birthday", "tomorrow", "upcoming"),
    ]


@pytest.mark.parametrize("only", ["overdue", "tomorrow", None])
def test_select_takes_what_is_late_or_tomorrow(crm, only):
    crm.contact("Ana", birthday="--11-23")
    for day in ("2026-11-22", "2026-11-23", "2026-11-24"):
        crm.task("Call", due_on=day)
    until = TODAY + timedelta(days=1)
    found = [i.section for i in select(crm.conn, crm.store.clock, until=until, only=only)]
    assert found == ([only] if only else ["overdue", "today", "date", "tomorrow"])


@pytest.mark.parametrize(
    ("days", "expected"),
    [
        (-30, "30 days late"),
        (-1, "1 day late"),
        (0, "today"),
        (1, "in 1 day"),
        (2, "in 2 days"),
    ],
)
def test_age_in_words(days, expected):
    item = Item("x", "t1", "call", TODAY + timedelta(days=days), None, "Call", None)
    assert item.age(TODAY) == expected


def test_the_cells_of_a_line():
    who = ("c1", "ana", "Ana Novak")
    timed = Item("today", "t1", "call", TODAY, "15:30", "Call", who)
    assert cells(timed, TODAY) == (
        *("today", "t1", "2026-11-23 15:30", "Ana Novak", "Call", "today"),
    )
    assert Item("today", "t1", "call", TODAY, None, "Call", None).due() == "2026-11-23"


def test_an_empty_database_has_nothing_due(crm):
    clock = Clock("UTC", datetime(2026, 11, 23, tzinfo=UTC))
    assert due_items(crm.conn, clock, until=TODAY) == []
    assert hidden_count(crm.conn, TODAY, until=TODAY) == 0
