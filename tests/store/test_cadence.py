"""Cadences: whose holds, when the next touch is, bump, pause, and catching up."""

from datetime import date, datetime

import pytest

from crmcli.clock import Clock
from crmcli.store import cadence
from crmcli.store.due import due_items, paused_count, touch_of

ZONE = "Europe/Ljubljana"
TODAY = date(2026, 11, 23)


def next_touch(crm, id: int = 1) -> str | None:
    return crm.row("contact", id)["next_touch_on"]


def set_cadence(crm, tag, days, max_days=None) -> bool:
    return crm.write(lambda w: cadence.set_cadence(w, tag, days, max_days)).value


def drop_cadence(crm, tag) -> bool:
    return crm.write(lambda w: cadence.drop_cadence(w, tag)).value


def change(crm, id: int = 1, **values) -> bool:
    return crm.write(lambda w: w.update("contact", id, None, **values)).value


def on(crm, day: str):
    return crm.at(Clock(ZONE, datetime.fromisoformat(f"{day}T09:00:00+01:00")))


def listed(crm, until=None, **options) -> list[tuple[str, str]]:
    clock = crm.store.clock
    items = due_items(crm.conn, clock, until=until or clock.today(), **options)
    return [(item.section, item.id) for item in items]


# the next touch


@pytest.mark.parametrize(
    ("at", "expected"),
    [
        ("2026-11-20T10:00:00Z", "2026-12-20"),
        ("2026-11-20T22:59:59Z", "2026-12-20"),
        ("2026-11-20T23:00:00Z", "2026-12-21"),  # midnight has passed here
        ("2026-10-24T21:59:59Z", "2026-11-23"),  # summer time, the night before the change
        ("2026-10-24T22:00:00Z", "2026-11-24"),
        ("2026-02-28T12:00:00Z", "2026-03-30"),
    ],
)
def test_the_next_touch_is_whole_days_after_the_users_day_of_the_last(crm, at, expected):
    crm.contact(cadence_days=30)
    crm.log(1, at=at)
    assert next_touch(crm) == expected


def test_who_was_never_touched_counts_from_the_day_they_were_added(crm):
    crm.contact(cadence_days="30")
    assert next_touch(crm) == "2026-12-23"
    touch = touch_of(crm.conn, crm.store.clock, 1)
    assert (touch.basis, touch.since, touch.ago, touch.state) == ("added", TODAY, 0, "ok")


def test_only_real_contact_counts(crm):
    crm.contact(cadence_days=30)
    before = next_touch(crm)
    crm.log(1, kind="note", at="2026-11-22T10:00:00Z")
    crm.log(1, kind="call", outcome="voicemail", at="2026-11-22T10:00:00Z")
    crm.log(1, kind="email", outcome="bounced", at="2026-11-22T10:00:00Z")
    assert next_touch(crm) == before
    id = crm.log(1, at="2026-11-22T10:00:00Z")
    assert next_touch(crm) == "2026-12-22"
    crm.trash("interaction", id)
    assert next_touch(crm) == before
    crm.undo()
    assert next_touch(crm) == "2026-12-22"


def test_own_then_the_shortest_of_the_tags_then_everyones(crm):
    crm.contact(tags=["vip", "friend"])
    crm.contact("Bo")
    assert (next_touch(crm), next_touch(crm, 2)) == (None, None)
    set_cadence(crm, None, 90)
    assert (next_touch(crm), next_touch(crm, 2)) == ("2027-02-21", "2027-02-21")
    set_cadence(crm, "vip", 30)
    set_cadence(crm, "Friend", 10)
    assert (next_touch(crm), next_touch(crm, 2)) == ("2026-12-03", "2027-02-21")
    change(crm, cadence_days=60)
    assert next_touch(crm) == "2027-01-22"
    change(crm, cadence_days=None)
    crm.edit(1, off_tags=["friend"])
    assert next_touch(crm) == "2026-12-23"
    drop_cadence(crm, "VIP")
    assert next_touch(crm) == "2027-02-21"
    drop_cadence(crm, None)
    assert (next_touch(crm), next_touch(crm, 2)) == (None, None)


def test_undo_and_redo_move_the_next_touch_with_the_cadence(crm):
    crm.contact(tags=["vip"])
    steps = [
        lambda: set_cadence(crm, "vip", 30),
        lambda: set_cadence(crm, "vip", 20),
        lambda: set_cadence(crm, None, 9),
        lambda: crm.edit(1, off_tags=["vip"]),
        lambda: change(crm, bumped_on="2026-11-30"),
        lambda: change(crm, do_not_contact=1),
        lambda: drop_cadence(crm, None),
    ]
    seen = [next_touch(crm)]
    for step in steps:
        step()
        seen.append(next_touch(crm))
    assert seen == [
        *(None, "2026-12-23", "2026-12-13", "2026-12-13", "2026-12-02", "2026-12-09", None, None),
    ]
    for expected in reversed(seen[:-1]):
        crm.undo()
        assert next_touch(crm) == expected
    for expected in seen[1:]:
        crm.redo()
        assert next_touch(crm) == expected


@pytest.mark.parametrize("column", ["do_not_contact", "deceased"])
def test_who_is_left_alone_has_no_next_touch(crm, column):
    crm.contact(cadence_days=1)
    crm.log(1)
    change(crm, **{column: 1})
    assert (next_touch(crm), listed(crm)) == (None, [])
    change(crm, **{column: 0})
    assert listed(crm) == [("keep_in_touch", "c1")]


def test_nobody_in_the_trash_is_listed(crm):
    crm.contact(cadence_days=1)
    crm.log(1)
    crm.trash("contact", 1)
    assert listed(crm) == []
    crm.trash("contact", 1, archived=False)
    assert listed(crm) == [("keep_in_touch", "c1")]


@pytest.mark.parametrize(
    ("bumped", "expected", "basis"),
    [
        ("2026-11-19", "2026-11-30", "last touch"),
        ("2026-11-20", "2026-11-30", "last touch"),
        ("2026-11-21", "2026-12-01", "bumped"),
    ],
)
def test_the_later_of_touch_and_bump_counts(crm, bumped, expected, basis):
    crm.contact(cadence_days=10)
    crm.log(1, at="2026-11-20T10:00:00Z")
    change(crm, bumped_on=bumped)
    assert next_touch(crm) == expected
    assert touch_of(crm.conn, crm.store.clock, 1).basis == basis


def test_a_bump_counts_from_today_ends_a_pause_and_pretends_no_touch(crm):
    crm.contact(cadence_days=10, paused_until_on="2027-01-01")
    crm.log(1)
    before = crm.row("contact", 1)
    assert crm.write(lambda w: cadence.bump(w, 1)).value
    after = crm.row("contact", 1)
    moved = {key for key in after if after[key] != before[key]}
    assert moved - {"version", "updated_at"} == {"bumped_on", "next_touch_on", "paused_until_on"}
    assert (after["bumped_on"], after["next_touch_on"]) == ("2026-11-23", "2026-12-03")
    assert not crm.write(lambda w: cadence.bump(w, 1)).value


def test_a_pause_hides_until_its_day_and_is_counted(crm):
    crm.contact(cadence_days=1, paused_until_on="2026-11-30")
    crm.log(1)
    assert (listed(crm), paused_count(crm.conn, TODAY)) == ([], 1)
    eve = on(crm, "2026-11-29")
    assert (listed(eve), paused_count(eve.conn, date(2026, 11, 29))) == ([], 1)
    assert listed(eve, until=date(2026, 11, 30)) == [("tomorrow", "c1")]
    day = on(crm, "2026-11-30")
    assert (listed(day), paused_count(day.conn, date(2026, 11, 30))) == (
        [("keep_in_touch", "c1")],
        0,
    )


def test_paused_counts_only_who_would_be_listed(crm):
    for name, owner in (("Ana", "me"), ("Bo", "eva"), ("Cene", "me")):
        crm.contact(name, cadence_days=1, paused_until_on="2026-12-30", owner=owner)
    crm.log(1, 2, at="2026-11-10T10:00:00Z")  # Cene is not due yet
    assert paused_count(crm.conn, TODAY) == 2
    assert paused_count(crm.conn, TODAY, "eva") == 1
    crm.trash("contact", 1)
    assert paused_count(crm.conn, TODAY) == 1


def test_by_owner(crm):
    crm.contact("Ana", cadence_days=1, owner="eva")
    crm.contact("Bo", cadence_days=1)
    crm.log(1, 2)
    assert listed(crm, owner="eva") == [("keep_in_touch", "c1")]
    assert listed(crm, owner="me") == [("keep_in_touch", "c2")]


def test_the_limit_of_the_cadence_that_holds(crm):
    crm.contact(tags=["vip", "friend"])
    crm.log(1, at="2026-10-24T10:00:00Z")  # 30 days ago
    set_cadence(crm, "vip", 20, 25)
    set_cadence(crm, "friend", 21, 99)

    def stand():
        found = touch_of(crm.conn, crm.store.clock, 1)
        return found.days, found.max_days, found.source, found.state

    assert stand() == (20, 25, "+vip", "cold")
    set_cadence(crm, "vip", 22, 25)
    assert stand() == (21, 99, "+friend", "due")
    change(crm, cadence_days=21)
    assert stand() == (21, None, "own", "due")


def test_no_cadence_no_stand(crm):
    crm.contact()
    assert touch_of(crm.conn, crm.store.clock, 1) is None
    assert touch_of(crm.conn, crm.store.clock, 99) is None


# setting and listing


def test_setting_twice_is_one_row_and_the_same_again_is_nothing(crm):
    assert set_cadence(crm, "vip", 30)
    assert set_cadence(crm, "VIP", 20, 40)
    group = crm.last_group()
    assert not set_cadence(crm, "Vip", 20, 40)
    assert crm.last_group() == group
    assert crm.all("SELECT days, max_days FROM cadence") == [(20, 40)]


def test_dropping_what_is_not_there_is_nothing(crm):
    crm.contact(tags=["vip"])
    group = crm.last_group()
    assert not drop_cadence(crm, "vip")
    assert not drop_cadence(crm, "nobody")
    assert not drop_cadence(crm, None)
    assert crm.last_group() == group


def test_they_are_listed_by_length_and_everyones_is_last(crm):
    crm.contact(tags=["vip"])
    crm.contact("Bo", tags=["vip", "friend"])
    crm.org(tags=["vip"])
    set_cadence(crm, None, 1)
    set_cadence(crm, "vip", 30, 45)
    set_cadence(crm, "friend", 10)
    found = [(row["tag"], row["days"], row["max_days"], row["contacts"])
             for row in cadence.list_cadences(crm.conn)]  # fmt: skip
    assert found[:2] == [("friend", 10, None, 1), ("vip", 30, 45, 2)]
    assert found[2][:3] == (None, 1, None)


def test_a_trashed_person_is_not_counted(crm):
    crm.contact(tags=["vip"])
    set_cadence(crm, "vip", 30)
    crm.trash("contact", 1)
    assert [row["contacts"] for row in cadence.list_cadences(crm.conn)] == [0]


# catching up


def plan(crm, per_day: int, owner=None) -> list[tuple[str, str]]:
    moves = cadence.plan(crm.conn, crm.store.clock, per_day, owner)
    return [(move.item.id, str(move.day)) for move in moves]


def catch_up(crm, per_day: int) -> int:
    moves = cadence.plan(crm.conn, crm.store.clock, per_day, None)
    return crm.write(lambda w: cadence.catch_up(w, moves)).value


@pytest.fixture
def away(crm):
    """Five late things of three days, one due today, one tomorrow; and a birthday."""
    crm.contact("Ana", cadence_days=1, birthday="--11-23")
    crm.log(1, at="2026-11-17T10:00:00Z")  # due on the 18th
    crm.task("t1", due_on="2026-11-18")
    crm.task("t2", due_on="2026-11-10")
    crm.task("t3", due_on="2026-11-22")
    crm.task("t4", due_on="2026-11-23", due_time="08:00", tz=ZONE)
    crm.task("t5", due_on="2026-11-23")
    crm.task("t6", due_on="2026-11-24")
    crm.task("some day")
    return crm


def test_the_latest_comes_first_and_what_is_due_by_itself_takes_room(away):
    assert plan(away, 2) == [
        ("t2", "2026-11-23"),
        ("t1", "2026-11-24"),
        ("c1", "2026-11-25"),
        ("t3", "2026-11-25"),
        ("t4", "2026-11-26"),
    ]
    assert [day for _, day in plan(away, 9)] == ["2026-11-23"] * 5


def test_only_what_is_put_off_moves_and_it_comes_back_on_its_day(away):
    due = away.all("SELECT id, due_on, due_time FROM task")
    assert catch_up(away, 2) == 4
    assert away.all("SELECT id, due_on, due_time FROM task") == due
    assert away.all("SELECT id, hidden_until_on FROM task WHERE hidden_until_on NOT NULL") == [
        (1, "2026-11-24"),
        (3, "2026-11-25"),
        (4, "2026-11-26"),
    ]
    contact = away.row("contact", 1)
    assert (contact["paused_until_on"], contact["next_touch_on"]) == ("2026-11-25", "2026-11-18")
    assert listed(away) == [("overdue", "t2"), ("today", "t5"), ("date", "c1")]
    assert listed(on(away, "2026-11-24")) == [*(("overdue", f"t{id}") for id in (2, 1, 5)),
                                              ("today", "t6")]  # fmt: skip
    assert ("keep_in_touch", "c1") in listed(on(away, "2026-11-25"))


def test_catching_up_is_one_step_back(away):
    before = away.dump()
    catch_up(away, 1)
    assert away.dump() != before
    away.undo()
    assert away.dump() == before


def test_catching_up_twice_moves_nothing_more(away):
    catch_up(away, 2)
    before = away.dump()
    assert plan(away, 2) == [("t2", "2026-11-23")]
    assert catch_up(away, 2) == 0
    assert away.dump() == before


def test_what_was_put_off_before_takes_up_room(crm):
    crm.task("snoozed", due_on="2026-11-20", hidden_until_on="2026-11-24")
    crm.contact(cadence_days=1, paused_until_on="2026-11-25")
    crm.log(1)
    for _ in range(3):
        crm.task("late", due_on="2026-11-20")
    assert plan(crm, 1) == [("t2", "2026-11-23"), ("t3", "2026-11-26"), ("t4", "2026-11-27")]


def test_what_nobody_will_see_takes_up_no_room(crm):
    crm.contact("Gone")
    crm.task("of the trashed", ("contact", 1), due_on="2026-11-24")
    crm.trash("contact", 1)
    crm.org("Gone too")
    crm.task("of the trashed org", ("org", 1), due_on="2026-11-24")
    crm.trash("org", 1)
    crm.task("done", due_on="2026-11-24", status="completed", completed_at="2026-11-21T09:00:00Z")
    crm.trash("task", crm.task("trashed", due_on="2026-11-24"))
    crm.task("late", due_on="2026-11-20")
    crm.task("late too", due_on="2026-11-20")
    assert [day for _, day in plan(crm, 1)] == ["2026-11-23", "2026-11-24"]


def test_only_the_owners_backlog_and_load(crm):
    crm.task("eva's tomorrow", due_on="2026-11-24", owner="eva")
    crm.task("eva's", due_on="2026-11-20", owner="eva")
    crm.task("mine", due_on="2026-11-20")
    crm.task("mine too", due_on="2026-11-20")
    assert plan(crm, 1, "me") == [("t3", "2026-11-23"), ("t4", "2026-11-24")]
    assert plan(crm, 1, "eva") == [("t2", "2026-11-23")]


def test_what_they_owe_is_late_too(crm):
    crm.task("contract", kind="waiting", due_on="2026-11-20")
    crm.task("due today", kind="waiting", due_on="2026-11-23")
    crm.task("late", due_on="2026-11-21")
    assert plan(crm, 2) == [("t1", "2026-11-23"), ("t3", "2026-11-24")]


def test_who_is_put_off_still_gets_an_answer(crm):
    """To put off keeping in touch is no reason to forget whoever waits for an answer."""
    from crmcli.store.touch import radar

    limits = {"reply_days": 2, "nudge_days": 7, "radar_days": 90}
    crm.contact(cadence_days=1)
    crm.log(1, at="2026-11-10T10:00:00Z")
    crm.log(1, kind="email", direction="inbound", at="2026-11-18T10:00:00Z")
    crm.task("late", due_on="2026-11-10")
    assert [item.section for item in radar(crm.conn, crm.store.clock, **limits)] == ["reply"]
    catch_up(crm, 1)
    assert crm.row("contact", 1)["paused_until_on"] == "2026-11-24"
    assert [item.section for item in radar(crm.conn, crm.store.clock, **limits)] == ["reply"]
