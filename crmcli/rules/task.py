"""Tasks: their words, and the one validation of what comes in."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from crmcli.errors import InvalidError, UsageError
from crmcli.i18n import mark, tr
from crmcli.rules.link import STRANGERS, Link, external_uid, link_of, links_of
from crmcli.rules.values import choice, day, line, note, number, stamp

KINDS = (
    "follow_up",
    "call",
    "email",
    "meeting",
    "message",
    "visit",
    "todo",
    "promise",
    "waiting",
)
STATUSES = ("needs_action", "in_process", "completed", "cancelled")
OPEN_STATUSES = ("needs_action", "in_process")
REPEAT_FROM = ("due", "done")
PRIORITY_HINT = mark("1 is highest, 9 lowest, 0 none (RFC 5545)")

# Completing a task of one of these kinds is contact with the person, so it is logged as such.
CONTACT_KINDS = frozenset({"call", "email", "meeting", "message", "visit"})


@dataclass(slots=True)
class TaskDraft:
    """A validated task, not yet stored. `values` are columns of the task table."""

    values: dict[str, Any]
    owner: str | None = None
    contact_uid: str | None = None  # of our own files: whom it is for
    org_uid: str | None = None
    people: list[Link] = field(default_factory=list)  # of other files: the first known one counts
    org: Link | None = None
    strangers: str = "reject"  # see rules.link.STRANGERS


def draft_task(raw: Mapping[str, Any], region: str | None = None) -> TaskDraft:
    """Check what came from options, `--input` or a file, and give it in stored form.

    Args:
        raw: title, kind, body, status, priority, due_on, due_time, tz, owner, …; of files from
            outside also people, org, strangers and external (see rules.link).
        region: how telephone numbers without + are read.

    Raises:
        InvalidError: no title, or a value that is not allowed.
    """
    title = line(raw.get("title"), "title")
    if not title:
        raise InvalidError(tr("a task needs a title"))
    values = {
        "title": title,
        "body": note(raw.get("body")),
        "kind": choice("kind", raw.get("kind"), KINDS) or "follow_up",
        "status": choice("status", raw.get("status"), STATUSES) or "needs_action",
        "priority": number("priority", raw.get("priority"), 9, tr(PRIORITY_HINT)),
        "due_on": day(raw.get("due_on")),
        "due_time": _clock_time(raw.get("due_time")),
        "tz": _zone(raw.get("tz")),
        "hidden_until_on": day(raw.get("hidden_until_on")),
        "snooze_count": number("snooze_count", raw.get("snooze_count"), 1_000_000),
        **_series(raw),
        "uid": line(raw.get("uid")) or external_uid(raw, "task"),
        "completed_at": stamp(raw.get("completed_at")),
        "created_at": stamp(raw.get("created")),
        "updated_at": stamp(raw.get("updated")),
    }
    if values["due_time"] and not (values["due_on"] and values["tz"]):
        raise InvalidError(tr("a due time needs a due date and a time zone"))
    if (values["status"] == "completed") != (values["completed_at"] is not None):
        raise InvalidError(tr("a completed task needs completed_at, and no other has one"))
    return TaskDraft(
        values,
        line(raw.get("owner")),
        line(raw.get("contact_uid")),
        line(raw.get("org_uid")),
        links_of(raw.get("people") or (), region),
        link_of(raw.get("org") or {}, region),
        raw.get("strangers") or STRANGERS[0],
    )


def _series(raw: Mapping[str, Any]) -> dict[str, Any]:
    """Give the columns of a repeating task; without a rule none of them holds anything."""
    rrule = line(raw.get("rrule"), "rrule")
    if not rrule:
        return {}
    from crmcli.clock import new_uid
    from crmcli.repeat import check_rule

    due_on = day(raw.get("due_on"))
    if not due_on:
        raise InvalidError(tr("a task that repeats needs a due date"))
    return {
        "rrule": check_rule(rrule),
        "dtstart_on": day(raw.get("dtstart_on")) or due_on,
        "repeat_from": choice("repeat_from", raw.get("repeat_from"), REPEAT_FROM) or "due",
        "series_uid": line(raw.get("series_uid")) or new_uid(),
    }


def _clock_time(value: Any) -> str | None:
    """Give a wall-clock time as HH:MM."""
    from datetime import time

    if not value:
        return None
    try:
        found = time.fromisoformat(str(value))
    except ValueError:
        raise InvalidError(tr("not a time: {value!r}", value=value), tr("such as 09:30")) from None
    return found.strftime("%H:%M")


def _zone(value: Any) -> str | None:
    """Give the IANA name of a time zone."""
    name = line(value)
    if name:
        from crmcli.clock import zone

        try:
            zone(name)
        except UsageError as error:
            raise InvalidError(error.message, error.hint) from None
    return name
