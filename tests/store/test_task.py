"""Tasks: read back as written, completed, reopened, snoozed, rescheduled, listed."""

from datetime import date

import pytest

from crmcli.errors import ConflictError, InvalidError, UsageError
from crmcli.store import task
from crmcli.store.rows import Listing

DONE = {"status": "completed", "completed_at": "2026-11-20T10:00:00Z"}


def got(crm, id=1) -> task.Task:
    return task.get_task(crm.conn, id)


def do(crm, verb, *args):
    return crm.write(lambda w: verb(w, *args)).value


def titles(crm, **listing) -> str:
    if isinstance(listing.get("where"), str):
        listing = {**listing, "where": crm.where("task", listing["where"])}
    return " ".join(t.title for t in task.list_tasks(crm.conn, Listing(**listing)))


def test_what_is_stored_is_read_back(crm):
    crm.contact("Ana Novak")
    crm.task(
        "Call her",
        ("contact", 1),
        kind="call",
        body="about the offer",
        priority=2,
        due_on="2026-11-24",
        due_time="09:30",
        tz="UTC",
        hidden_until_on="2026-11-23",
        owner="eva",
    )
    row = got(crm).json()
    assert len(row.pop("uid")) == 36
    assert row.pop("contact_uid") == crm.row("contact", 1)["uid"]
    assert row == {
        "id": "t1",
        "kind": "call",
        "title": "Call her",
        "status": "needs_action",
        "due": "2026-11-24 09:30",
        "due_on": "2026-11-24",
        "due_time": "09:30",
        "tz": "UTC",
        "hidden_until_on": "2026-11-23",
        "snooze_count": 0,
        "priority": 2,
        "body": "about the offer",
        "completed_at": None,
        "repeats": None,
        "rrule": None,
        "dtstart_on": None,
        "repeat_from": None,
        "series_uid": None,
        "who": {"id": "c1", "handle": "ana-novak", "name": "Ana Novak"},
        "org_uid": None,
        "owner": "eva",
        "created": "2026-11-23T09:00:00Z",
        "updated": "2026-11-23T09:00:00Z",
        "deal": None,
    }


def test_for_an_org_and_for_nobody(crm):
    crm.org("Acme")
    crm.task("a", ("org", 1), due_on="2026-11-24")
    crm.task("b")
    first, second = task.get_tasks(crm.conn, [1, 2, 99])
    assert first.who() == {"id": "o1", "handle": "acme", "name": "Acme"}
    assert (first.org_uid, first.json()["due"]) == (crm.row("org", 1)["uid"], "2026-11-24")
    assert (second.who(), second.json()["due"], second.owner) == (None, None, "me")
    assert [t.title for t in task.get_tasks(crm.conn, [2, 1])] == ["b", "a"]


def test_complete_and_reopen(crm):
    crm.task("Call", hidden_until_on="2026-12-01")
    assert got(crm).is_open
    assert do(crm, task.complete, 1)
    assert (got(crm).status, got(crm).completed_at) == ("completed", "2026-11-23T09:00:00Z")
    assert (got(crm).hidden_until_on, got(crm).is_open) == (None, False)
    assert not do(crm, task.complete, 1)
    assert do(crm, task.reopen, 1)
    assert (got(crm).status, got(crm).completed_at) == ("needs_action", None)
    assert not do(crm, task.reopen, 1)


@pytest.mark.parametrize("status", ["in_process", "cancelled"])
def test_what_complete_and_reopen_do_with_other_states(crm, status):
    crm.task("Call", status=status)
    assert do(crm, task.complete, 1) is (status == "in_process")
    assert do(crm, task.reopen, 1)
    assert got(crm).status == "needs_action"


def test_a_task_that_is_not_there(crm):
    assert not do(crm, task.complete, 9)
    assert not do(crm, task.reopen, 9)
    with pytest.raises(ConflictError):
        do(crm, task.snooze, 9, "2026-12-01")


def test_snooze_counts_and_keeps_the_due_date(crm):
    crm.task("Call", due_on="2026-11-20")
    assert do(crm, task.snooze, 1, "2026-12-01")
    assert do(crm, task.snooze, 1, "2026-12-02")
    found = got(crm)
    assert (found.due_on, found.hidden_until_on, found.snooze_count) == (
        *("2026-11-20", "2026-12-02", 2),
    )


def test_reschedule_moves_the_date_and_shows_it_again(crm):
    crm.task("Call", due_on="2026-11-20", due_time="09:00", tz="UTC")
    do(crm, task.snooze, 1, "2026-12-01")
    assert do(crm, task.reschedule, 1, {"due_on": "2026-12-05", "due_time": None, "tz": None})
    found = got(crm)
    assert (found.due_on, found.due_time, found.tz) == ("2026-12-05", None, None)
    assert (found.hidden_until_on, found.snooze_count) == (None, 1)
    assert not do(crm, task.reschedule, 1, {"due_on": "2026-12-05"})


@pytest.mark.parametrize("verb", [task.snooze, task.reschedule])
def test_a_closed_task_is_not_moved(crm, verb):
    crm.task("Call", **DONE)
    value = "2026-12-01" if verb is task.snooze else {"due_on": "2026-12-01"}
    before = crm.dump()
    with pytest.raises(ConflictError, match="t1 is closed") as caught:
        do(crm, verb, 1, value)
    assert "crm task reopen t1" in caught.value.hint
    assert crm.dump() == before


@pytest.fixture
def several(crm):
    """Six tasks in an order that no sort gives."""
    crm.contact("Ana")
    crm.org("Acme")
    crm.task("none", ("contact", 1))
    crm.task("late", ("contact", 1), due_on="2026-11-20", kind="call")
    crm.task("noon", ("org", 1), due_on="2026-11-23", due_time="12:00", tz="UTC", owner="eva")
    crm.task("day", ("org", 1), due_on="2026-11-23")
    crm.task("hidden", due_on="2026-11-22", hidden_until_on="2026-12-01")
    crm.task("done", ("contact", 1), due_on="2026-11-19", **DONE)
    crm.task("off", due_on="2026-11-18", status="cancelled")
    crm.trash("task", crm.task("gone", due_on="2026-11-01"))
    return crm


@pytest.mark.parametrize(
    ("listing", "expected"),
    [
        ({}, "off done late hidden noon day none"),
        ({"sort": "due"}, "off done late hidden noon day none"),
        ({"sort": "-due"}, "noon day hidden late done off none"),
        ({"sort": "id"}, "none late noon day hidden done off"),
        ({"sort": "-created"}, "off done hidden day noon late none"),
        ({"limit": 2}, "off done"),
        ({"where": task.OPEN}, "late hidden noon day none"),
        ({"where": "status:done"}, "done"),
        ({"where": "hidden.after:2026-11-23"}, "hidden"),
        ({"where": "hidden.after:2026-12-01"}, ""),
        ({"where": "owner:eva"}, "noon"),
        ({"where": "kind:call"}, "late"),
        ({"where": "contact.id:c1 status:open"}, "late none"),
        ({"where": "org.id:o1"}, "noon day"),
        ({"trash": True}, "gone"),
    ],
)
def test_list(several, listing, expected):
    assert titles(several, **listing) == expected


def test_list_by_an_unknown_key_is_refused(crm):
    with pytest.raises(UsageError) as caught:
        titles(crm, sort="tilte")
    assert caught.value.hint.startswith("did you mean title? one of due, created, ")


def test_more_tasks_than_one_statement_takes(crm):
    def many(w):
        for number in range(501):
            w.insert("task", title=f"T{number:03}", kind="call")

    crm.write(many)
    assert titles(crm, sort="id").split() == [f"T{number:03}" for number in range(501)]


@pytest.mark.parametrize(
    ("noun", "open_", "due"),
    [("contact", ["late", "none"], ["late"]), ("org", ["noon", "day"], ["noon", "day"])],
)
def test_the_tasks_of_a_record(several, noun, open_, due):
    found = [t.title for t in task.open_tasks(several.conn, noun, 1)]
    assert sorted(found) == sorted(open_)
    assert found[0] in ("late", "noon", "day")
    rows = task.due_tasks(several.conn, noun, 1, "2026-11-23")
    assert [row["title"] for row in rows] == due
    assert task.open_tasks(several.conn, noun, 99) == []


def test_the_open_tasks_of_a_record_stand_as_in_the_list(several):
    """A time before no time, as `crm task` and `crm due` have it."""
    found = [t.title for t in task.open_tasks(several.conn, "org", 1)]
    assert found == titles(several, where="org.id:o1").split()


def test_a_snoozed_task_of_a_record_is_not_due(crm):
    crm.contact()
    crm.task("Call", ("contact", 1), due_on="2026-11-20", hidden_until_on="2026-11-24")
    assert task.due_tasks(crm.conn, "contact", 1, "2026-11-23") == []
    assert [r["id"] for r in task.due_tasks(crm.conn, "contact", 1, "2026-11-24")] == [1]


# series


WEEKLY = {"due_on": "2026-03-02", "rrule": "FREQ=WEEKLY;BYDAY=MO"}  # a Monday
SAME = ("kind", "title", "body", "priority", "due_time", "tz", "contact_id", "owner_id")
SAME += ("rrule", "dtstart_on", "repeat_from", "series_uid")


def complete(crm, id: int, on: str) -> bool:
    return crm.write(lambda w: task.complete(w, id, date.fromisoformat(on))).value


def open_ones(crm) -> list[tuple[int, str]]:
    query = "SELECT id, due_on FROM task WHERE status = 'needs_action' AND archived_at IS NULL"
    return crm.all(query)


@pytest.mark.parametrize(
    ("repeat_from", "done", "following"),
    [
        ("due", "2026-03-02", "2026-03-09"),
        ("due", "2026-03-20", "2026-03-23"),  # what was missed collapses
        ("done", "2026-03-20", "2026-03-27"),
        ("due", "2026-03-01", "2026-03-09"),  # done early
        ("done", "2026-03-01", "2026-03-08"),
        ("due", "2026-03-23", "2026-03-30"),  # on a later day of the rule
    ],
)
def test_the_next_occurrence(crm, repeat_from, done, following):
    """The worked example of formulas 4.22."""
    crm.task("call", **WEEKLY, repeat_from=repeat_from)
    assert complete(crm, 1, done)
    assert open_ones(crm) == [(2, following)]


def test_an_occurrence_is_like_the_one_before_but_fresh(crm):
    crm.contact()
    raw = {"kind": "call", "body": "x", "priority": 1, "due_time": "14:00", "tz": "Europe/Rome"}
    crm.task("call", ("contact", 1), **WEEKLY, **raw, owner="eva")
    crm.write(lambda w: task.snooze(w, 1, "2026-12-01"))
    complete(crm, 1, "2026-11-23")
    old, new = crm.row("task", 1), crm.row("task", 2)
    assert [new[key] for key in SAME] == [old[key] for key in SAME]
    assert new["uid"] != old["uid"]
    assert (new["snooze_count"], new["hidden_until_on"], new["completed_at"]) == (0, None, None)
    assert (new["dtstart_on"], new["due_on"]) == ("2026-03-02", "2026-11-30")
    assert (old["status"], old["hidden_until_on"]) == ("completed", None)
    assert task.next_of(crm.conn, 1).id == 2
    assert task.next_of(crm.conn, 2) is None


def test_completing_twice_makes_no_third(crm):
    crm.task("call", **WEEKLY)
    assert complete(crm, 1, "2026-03-02")
    assert not complete(crm, 1, "2026-03-02")
    assert len(open_ones(crm)) == 1


def test_a_rule_that_has_ended_makes_no_more(crm):
    crm.task("call", due_on="2026-03-02", rrule="FREQ=WEEKLY;UNTIL=20260309")
    complete(crm, 1, "2026-03-02")
    assert open_ones(crm) == [(2, "2026-03-09")]
    complete(crm, 2, "2026-03-09")
    assert open_ones(crm) == []


def test_skipping_records_no_completion_and_goes_on_by_the_rule(crm):
    crm.task("call", **WEEKLY, repeat_from="done")
    crm.write(lambda w: task.snooze(w, 1, "2026-12-01"))
    assert crm.write(lambda w: task.skip(w, 1)).value
    row = crm.row("task", 1)
    assert (row["status"], row["completed_at"], row["hidden_until_on"]) == ("cancelled", None, None)
    assert open_ones(crm) == [(2, "2026-03-09")]
    crm.undo()
    assert open_ones(crm) == [(1, "2026-03-02")]
    assert crm.row("task", 1)["hidden_until_on"] == "2026-12-01"


def test_ending_a_series(crm):
    crm.task("call", **WEEKLY)
    assert crm.write(lambda w: task.end_series(w, 1)).value
    assert open_ones(crm) == []
    crm.undo()
    assert crm.write(lambda w: task.end_series(w, 1, keep=True)).value
    assert open_ones(crm) == [(1, "2026-03-02")]
    complete(crm, 1, "2026-03-02")
    assert open_ones(crm) == []


@pytest.mark.parametrize("verb", [task.skip, task.end_series], ids=["skip", "end"])
def test_only_an_open_series_can_be_skipped_or_ended(crm, verb):
    crm.task("once", due_on="2026-03-02")
    crm.task("call", **WEEKLY)
    complete(crm, 2, "2026-03-02")
    before = crm.dump()
    with pytest.raises(InvalidError, match="t1 does not repeat"):
        crm.write(lambda w: verb(w, 1))
    with pytest.raises(ConflictError, match="t2 is closed"):
        crm.write(lambda w: verb(w, 2))
    with pytest.raises(ConflictError, match="t9 is closed"):
        crm.write(lambda w: verb(w, 9))
    assert crm.dump() == before


def test_a_series_that_went_on_is_not_opened_twice(crm):
    crm.task("call", **WEEKLY)
    complete(crm, 1, "2026-03-02")
    with pytest.raises(ConflictError, match="has gone on with t2"):
        crm.write(lambda w: task.reopen(w, 1))
    crm.write(lambda w: task.end_series(w, 2))
    assert crm.write(lambda w: task.reopen(w, 1)).value
    assert open_ones(crm) == [(1, "2026-03-02")]


def test_repeating_from_now_on_and_otherwise(crm):
    crm.task("call", due_on="2026-03-02")
    crm.write(lambda w: task.set_repeat(w, 1, "FREQ=DAILY", "due"))
    uid = crm.row("task", 1)["series_uid"]
    assert uid
    crm.write(lambda w: task.set_repeat(w, 1, "FREQ=WEEKLY", "done"))
    row = crm.row("task", 1)
    kept = (row["rrule"], row["repeat_from"], row["dtstart_on"], row["series_uid"])
    assert kept == ("FREQ=WEEKLY", "done", "2026-03-02", uid)
    crm.task("some day")
    with pytest.raises(InvalidError, match="no due date"):
        crm.write(lambda w: task.set_repeat(w, 2, "FREQ=DAILY", "due"))


def test_trash_and_undo_keep_one_open_at_a_time(crm):
    crm.task("call", **WEEKLY)
    complete(crm, 1, "2026-03-02")
    crm.undo()
    assert open_ones(crm) == [(1, "2026-03-02")]
    crm.redo()
    assert open_ones(crm) == [(2, "2026-03-09")]


def test_what_comes_back_from_the_trash_does_not_open_a_series_twice(crm):
    crm.task("call", **WEEKLY)
    complete(crm, 1, "2026-03-02")
    crm.trash("task", 2)
    crm.write(lambda w: task.reopen(w, 1))
    with pytest.raises(ConflictError):
        crm.trash("task", 2, archived=False)
    assert open_ones(crm) == [(1, "2026-03-02")]
