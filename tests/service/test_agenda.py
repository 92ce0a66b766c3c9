"""Tasks under headings: which, in which order, and how each is told."""

from dataclasses import replace
from datetime import date

import pytest

from crmcli.rules.filter import parse
from crmcli.service import agenda, task
from crmcli.service.agenda import Wish
from crmcli.store.task import get_task

TODAY = date(2026, 11, 23)


@pytest.fixture
def tasks(crm, ana):
    """Late (1), today at two (2), today (3), next week (4), no date (5), snoozed (6), done (7)."""
    dues = ("2026-11-20", "2026-11-23 14:00", "2026-11-23", "2026-12-01", "")
    ids = [task.add(crm, f"task {at}", key=ana, due=due).id for at, due in enumerate(dues, 1)]
    ids += [task.add(crm, title, due="2026-11-22").id for title in ("hidden", "over")]
    task.snooze(crm, ids[5:6], "3d")
    task.done(crm, [get_task(crm.store.reader, ids[6])])
    return crm


def whole(crm, **wish) -> agenda.Found:
    return list(agenda.read(crm, Wish(**wish)))[-1]


def test_parts_follow_the_due_date_and_the_times_of_a_day(tasks):
    found = whole(tasks)
    assert found.parts.ids == [1, 2, 3, 4, 5]
    assert found.headings == [(0, 1), (1, 2), (4, 1), (6, 1)]
    assert [agenda.heading(tasks, Wish(), part, None) for part, _ in found.headings] == [
        *("Overdue", "Today", "Next week", "No date"),
    ]


def test_whom_each_is_for(tasks, ana):
    org = task.add(tasks, "for the org", key=("org", 1)).id
    found = whole(tasks, by="person")
    who = dict(zip(found.parts.ids, found.parts.who, strict=True))
    assert (who[1], who[org]) == (ana[1], -1)


@pytest.mark.parametrize(
    ("wish", "ids"),
    [
        ({"state": "snoozed"}, [6]),
        ({"state": "done"}, [7]),
        ({"day": TODAY}, [2, 3]),
        ({"mine": True}, [1, 2, 3, 4, 5]),
        ({"tree": parse('title:"task 1"')}, [1]),
        ({"tree": parse("status:done")}, [7]),
        ({"tree": parse("status:open,done")}, [1, 6, 7, 2, 3, 4, 5]),
    ],
)
def test_what_limits_the_list(tasks, wish, ids):
    assert sorted(whole(tasks, **wish).parts.ids) == sorted(ids)


def test_only_mine(tasks):
    task.add(tasks, "hers", owner="eva")
    assert whole(tasks).parts.ids == [1, 2, 3, 4, 5, 8]
    assert whole(tasks, mine=True).parts.ids == [1, 2, 3, 4, 5]


def test_a_long_list_begins_at_once(tasks, monkeypatch):
    monkeypatch.setattr(agenda, "FIRST", 2)
    first, found = agenda.read(tasks, Wish())
    assert (first.parts.ids, first.is_whole) == ([1, 2], False)
    assert (found.parts.ids, found.is_whole) == ([1, 2, 3, 4, 5], True)


def test_the_latest_done_ones_are_enough(tasks, monkeypatch):
    task.done(tasks, [get_task(tasks.store.reader, 1)])
    monkeypatch.setattr(agenda, "MOST_DONE", 1)
    found = whole(tasks, state="done")
    assert len(found.parts.ids) == 1
    assert agenda.figures(Wish(state="done"), found.parts) == "the last 1 done"


def test_unknown_names_in_a_filter_are_told(tasks):
    (found,) = agenda.read(tasks, Wish(tree=parse("person.tag:vipp")))
    assert found.unknown


def test_days_are_counted_whatever_day_is_chosen(tasks):
    wish = Wish(day=date(2026, 12, 1))
    counts = agenda.per_day(tasks, wish, TODAY, date(2026, 12, 1))
    assert counts == {"2026-11-23": 2, "2026-12-01": 1}


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({}, "3 days late"),
        ({"due_on": "2026-11-22"}, "1 day late"),
        ({"due_on": "2026-11-23", "due_time": "14:00"}, "today 14:00"),
        ({"due_on": "2026-11-24"}, "tomorrow"),
        ({"due_on": "2026-12-31"}, "Thu 31 Dec"),
        ({"due_on": "2027-01-01"}, "Fri 1 Jan 2027"),
        ({"due_on": None}, ""),
        ({"hidden_until_on": "2026-11-30"}, "snoozed until 2026-11-30"),
        ({"hidden_until_on": "2026-11-23"}, "3 days late"),
        ({"status": "completed", "completed_at": "2026-11-22T23:30:00Z"}, "done 2026-11-23"),
        ({"status": "cancelled"}, "cancelled"),
    ],
)
def test_when_it_is_due_in_words(tasks, change, said):
    one = replace(get_task(tasks.store.reader, 1), **change)
    assert agenda.when(tasks, one, TODAY) == said


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({}, "task 1"),
        ({"kind": "call"}, "call: task 1"),
        ({"kind": "promise"}, "I owe: task 1"),
        ({"kind": "todo", "priority": 1}, "!1 task 1"),
        ({"rrule": "FREQ=WEEKLY"}, "task 1 (every week)"),
    ],
)
def test_a_line_says_what_kind_it_is(tasks, change, said):
    one = replace(get_task(tasks.store.reader, 1), **change)
    assert agenda.line(tasks, Wish(), one, TODAY)[:2] == ("Ana Novak", said)
    assert agenda.line(tasks, Wish(by="person"), one, TODAY)[0] == said


@pytest.mark.parametrize(
    ("start", "day", "first"),
    [("monday", "2026-11-29", "2026-11-23"), ("sunday", "2026-11-29", "2026-11-29")],
)
def test_weeks_begin_as_configured(crm, monkeypatch, start, day, first):
    monkeypatch.setenv("CRM_WEEK_START", start)
    assert str(agenda.week_of(crm, date.fromisoformat(day))) == first
