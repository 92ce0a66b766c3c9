"""Tasks as entries of a to-do list (RFC 5545, VTODO), for any program that keeps one."""

from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime
from typing import Any

from crmcli.clock import instant, zone
from crmcli.text import clean

_HEAD = "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//crm//tasks//EN\r\n"
_END = "END:VCALENDAR\r\n"


def lines(records: Iterable[dict[str, Any]]) -> Iterator[str]:
    """Give the file, a task at a time.

    Args:
        records: tasks under their names in JSON.
    """
    yield _HEAD
    for record in records:
        yield _entry(record)
    yield _END


def _entry(record: dict[str, Any]) -> str:
    """Give one VTODO; a repeating one begins where it is due now."""
    from icalendar import Todo, vRecur

    entry = Todo()
    entry.add("uid", clean(record["uid"]))
    for name, key in (
        ("dtstamp", "updated"),
        ("created", "created"),
        ("last-modified", "updated"),
        ("completed", "completed_at"),
    ):
        if record[key]:
            entry.add(name, instant(record[key]))
    entry.add("summary", clean(record["title"]))
    if record["body"]:
        entry.add("description", clean(record["body"], multiline=True))
    entry.add("status", record["status"].replace("_", "-").upper())
    if record["priority"]:
        entry.add("priority", record["priority"])
    entry.add("categories", [record["kind"]])
    if record["who"]:
        entry.add("contact", clean(record["who"]["name"]))
    if record["due_on"]:
        if record["rrule"]:
            entry.add("dtstart", _due(record))
            entry.add("rrule", vRecur.from_ical(record["rrule"]))
        entry.add("due", _due(record))
    ics: bytes = entry.to_ical()
    return ics.decode()


def _due(record: dict[str, Any]) -> date | datetime:
    """Give the day a task is due, or the instant where a time is given."""
    if not (record["due_time"] and record["tz"]):
        return date.fromisoformat(record["due_on"])
    wall = datetime.fromisoformat(f"{record['due_on']} {record['due_time']}")
    return wall.replace(tzinfo=zone(record["tz"])).astimezone(UTC)
