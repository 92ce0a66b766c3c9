"""Logging in steps: a plan writes nothing, the front end chooses, one group is written."""

import pytest

from crmcli.errors import InvalidError, UsageError
from crmcli.service import log, task
from crmcli.service.log import Log
from crmcli.store.interaction import get_interaction
from crmcli.store.task import get_task
from crmcli.store.unit import Changes


def test_a_plan_writes_nothing(crm, ana):
    before = list(crm.store.reader.execute("SELECT count(*) FROM change_group"))
    plan = log.plan(crm, [ana], Log(kind="c", text="hello", next="tue send offer"))
    assert (plan.kind, str(plan.day)) == ("call", "2026-11-23")
    assert list(crm.store.reader.execute("SELECT count(*) FROM change_group")) == before


def test_what_was_written_is_given(crm, ana):
    due = task.remind(crm, ana, "today ask").id
    plan = log.plan(crm, [ana], Log(kind="call", text="hello", next="tue", promise="fri a plan"))
    assert log.due_with(crm, ana, plan) == [{"id": due, "title": "ask"}]
    logged = log.write(crm, plan, [due])
    assert get_interaction(crm.store.reader, logged.id).body == "hello"
    assert logged.closed == [due]
    assert not get_task(crm.store.reader, due).is_open
    assert [(title, said) for _, title, said in logged.made] == [
        ("Follow up: hello", "due Tue 24 Nov 2026 (tomorrow)"),
        ("a plan", "due Fri 27 Nov 2026 (in 4 days)"),
    ]
    assert isinstance(logged.changes, Changes)
    assert logged.changes.ids["interaction"] == {logged.id}
    assert logged.group_id


def test_a_missed_try_completes_nothing(crm, ana):
    task.remind(crm, ana, "today ask")
    plan = log.plan(crm, [ana], Log(kind="call", outcome="no-answer"))
    assert log.due_with(crm, ana, plan) == []


@pytest.mark.parametrize(
    ("wish", "error"),
    [
        (Log(kind="dance"), UsageError),
        (Log(kind="call", at="tomorrow 9:00"), InvalidError),
        (Log(kind="call", at="blue"), UsageError),
    ],
    ids=lambda value: "",
)
def test_check_refuses_before_a_text_is_written(crm, ana, wish, error):
    with pytest.raises(error):
        log.check(crm, [ana], wish)
