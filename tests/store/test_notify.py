"""What was told: each occurrence once by each transport, and again when telling it failed."""

import threading
from datetime import date, datetime

import pytest

from crmcli.clock import Clock
from crmcli.store import notify
from crmcli.store.due import due_items


def due(crm, day: str = "2026-11-23"):
    clock = Clock("Europe/Ljubljana", datetime.fromisoformat(f"{day}T10:00:00+01:00"))
    return due_items(crm.conn, clock, until=date.fromisoformat(day))


def claim(crm, items, transport: str = "print") -> list[str]:
    done = crm.write(lambda w: notify.claim(w, items, transport))
    return [f"{item.id} {item.kind}" for item in done.value]


def release(crm, items, transport: str = "print") -> None:
    crm.write(lambda w: notify.release(w, items, transport))


@pytest.fixture
def some(crm):
    crm.contact("Ana", birthday="--11-23", cadence_days=1)
    crm.log(1)
    crm.task("late", ("contact", 1), due_on="2026-11-20")
    return crm


ALL = ["t1 follow_up", "c1 keep_in_touch", "c1 birthday"]


def test_each_occurrence_once_by_each_transport(some):
    assert claim(some, due(some)) == ALL
    assert claim(some, due(some)) == []
    assert claim(some, due(some), "email") == ALL
    assert claim(some, due(some), "notify") == ALL
    assert claim(some, due(some), "email") == []
    assert claim(some, due(some, "2026-11-24")) == []  # still the same ones


def test_what_is_new_is_told_beside_what_was(some):
    claim(some, due(some))
    some.task("new", due_on="2026-11-23")
    assert claim(some, due(some)) == ["t2 follow_up"]


def test_what_failed_is_told_again(some):
    items = due(some)
    claim(some, items)
    claim(some, items, "email")
    release(some, items[:1])
    assert claim(some, items) == ALL[:1]
    assert claim(some, items, "email") == []


def test_the_next_year_is_another_birthday(some):
    claim(some, due(some))
    assert "c1 birthday" in claim(some, due(some, "2027-11-23"))


def test_another_due_date_or_a_snooze_is_another_occurrence(some):
    from crmcli.store import task

    claim(some, due(some))
    some.write(lambda w: task.snooze(w, 1, "2026-11-25"))
    assert claim(some, due(some, "2026-11-24")) == []
    assert claim(some, due(some, "2026-11-25")) == ["t1 follow_up"]
    values = {"due_on": "2026-11-26", "due_time": None, "tz": None}
    some.write(lambda w: task.reschedule(w, 1, values))
    assert claim(some, due(some, "2026-11-26")) == ["t1 follow_up"]


def test_keeping_in_touch_is_told_once_per_round(some):
    claim(some, due(some))
    assert claim(some, due(some, "2026-12-23")) == []
    later = Clock("Europe/Ljubljana", datetime.fromisoformat("2026-12-24T12:00:00+01:00"))
    some.at(later).log(1, at="2026-12-24T10:00:00Z")
    assert claim(some, due(some, "2026-12-25")) == ["c1 keep_in_touch"]


def test_a_new_cadence_for_the_same_day_is_the_same_round(some):
    """The occurrence is the day they fall due on."""
    claim(some, due(some))
    some.write(lambda w: w.update("contact", 1, None, bumped_on="2026-11-22"))
    assert claim(some, due(some)) == ["c1 keep_in_touch"]


def test_it_is_no_part_of_the_history(some):
    group = some.last_group()
    before = some.dump()
    claim(some, due(some))
    assert (some.last_group(), some.dump()) == (group, before)
    some.undo()
    assert claim(some, due(some)) == []


def test_nothing_to_tell_writes_nothing(some):
    claim(some, due(some))
    rows = some.all("SELECT * FROM notification_log")
    claim(some, [])
    release(some, [])
    assert some.all("SELECT * FROM notification_log") == rows


def test_two_at_the_same_time_never_tell_it_twice(some):
    """Two timers: every occurrence goes to exactly one of them."""
    for number in range(60):
        some.task(f"task {number}", due_on="2026-11-23")
    items = due(some)
    start, told = threading.Barrier(4), []

    def tell(items) -> None:
        mine = some.as_user("me")
        start.wait()
        for item in items:
            told.extend(claim(mine, [item]))

    threads = [threading.Thread(target=tell, args=(items,)) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(told) == sorted(f"{item.id} {item.kind}" for item in items)
