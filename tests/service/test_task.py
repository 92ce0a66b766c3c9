"""Tasks through the service: what the acts give to a screen."""

from crmcli.service import task
from crmcli.store.task import get_task, get_tasks


def test_adding_gives_id_group_and_echo(crm, ana):
    added = task.add(crm, "send offer", key=ana, due="fri 14:00", priority="2")
    one = get_task(crm.store.reader, added.id)
    assert (one.title, one.priority, task.party(one)) == ("send offer", 2, ana)
    assert added.echo == ", due Fri 27 Nov 2026 14:00 (in 4 days)"
    assert added.group_id
    assert added.changes.ids["task"] == {added.id}


def test_done_gives_what_closed_what_was_logged_and_what_was_made(crm, ana):
    ids = [task.add(crm, "call her", key=ana, kind="call").id, task.add(crm, "alone").id]
    done = task.done(crm, get_tasks(crm.store.reader, ids), next="tue send offer")
    assert [one.id for one in done.closed] == ids
    assert done.logs == {ids[0]: "call"}
    assert [(title, due) for _, title, due in done.made] == [
        ("send offer", "due Tue 24 Nov 2026 (tomorrow)")
    ] * 2
    assert task.done(crm, get_tasks(crm.store.reader, ids)).closed == []


def test_a_dry_run_tells_and_leaves_all_as_it_is(crm, ana):
    id = task.add(crm, "call her", key=ana, due="today").id
    for moved in (
        task.snooze(crm, [id], "3d", dry_run=True),
        task.reschedule(crm, [id], "fri", dry_run=True),
        task.save(crm, [id], task.edit(crm, title="write"), dry_run=True),
    ):
        assert moved.moved == [True]
        assert moved.group_id is None
    one = get_task(crm.store.reader, id)
    assert (one.title, one.due_on, one.hidden_until_on) == ("call her", "2026-11-23", None)


def test_moved_says_how_the_date_was_understood(crm, ana):
    ids = [task.add(crm, title, due="today").id for title in ("one", "two")]
    moved = task.snooze(crm, ids, "3d")
    assert (moved.moved, moved.count) == ([True, True], 2)
    assert moved.said == "hidden until Thu 26 Nov 2026 (in 3 days)"
    assert moved.changes.ids["task"] == set(ids)
