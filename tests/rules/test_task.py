"""Tasks: the one validation of what comes in."""

import pytest

from crmcli.errors import InvalidError
from crmcli.rules.task import draft_task

TIMED = {"due_on": "2026-11-24", "due_time": "15:30", "tz": "Europe/Ljubljana"}


def test_a_bare_title_is_a_follow_up():
    draft = draft_task({"title": " Call  Ana "})
    values = {key: value for key, value in draft.values.items() if value}
    assert values == {"title": "Call Ana", "kind": "follow_up", "status": "needs_action"}
    assert (draft.values["priority"], draft.owner) == (0, None)


def test_all_fields():
    raw = {"title": "A", "kind": "Call", "body": "a\nb", "priority": "1", "owner": "zala", **TIMED}
    draft = draft_task(raw)
    expected = {"title": "A", "kind": "call", "body": "a\nb", "priority": 1, **TIMED}
    assert {key: draft.values[key] for key in expected} == expected
    assert draft.owner == "zala"


def test_a_completed_task_has_its_time():
    raw = {"title": "A", "status": "completed", "completed_at": "2026-11-20T10:00:00Z"}
    assert draft_task(raw).values["completed_at"] == "2026-11-20T10:00:00Z"


@pytest.mark.parametrize(
    "raw",
    [
        {"title": " "},
        {"title": "A", "kind": "party"},
        {"title": "A", "status": "open"},
        {"title": "A", "priority": 10},
        {"title": "A", "priority": -1},
        {"title": "A", "priority": "high"},
        {"title": "A", "status": "completed"},
        {"title": "A", "completed_at": "2026-11-20T10:00:00Z"},
        {"title": "A", "due_time": "15:30"},
        {"title": "A", "due_on": "2026-11-24", "due_time": "15:30"},
    ],
)
def test_refused(raw):
    with pytest.raises(InvalidError):
        draft_task(raw)


@pytest.mark.parametrize(
    "wrong",
    [
        {"due_on": "soon"},
        {"due_on": "1"},
        {"due_on": "2026-02-30"},
        {"hidden_until_on": "later"},
        {**TIMED, "due_time": "9:00"},
        {**TIMED, "due_time": "25:00"},
        {**TIMED, "tz": "Mars/Olympus"},
        {"status": "completed", "completed_at": "yesterday"},
    ],
)
def test_dates_times_and_zones_are_in_stored_form(wrong):
    """Whatever is let in here, `crm due` must be able to read every morning."""
    with pytest.raises(InvalidError):
        draft_task({"title": "A", **wrong})
