"""The calendar feed of `crm export tasks --feed FILE`: what is due, as an iCalendar file."""

import os
from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta

from crmcli.clock import instant, zone
from crmcli.context import Context
from crmcli.files import write_file
from crmcli.interchange.ics import Event, calendar
from crmcli.store.contact import stamps
from crmcli.store.due import due_items
from crmcli.store.item import Item
from crmcli.store.task import Task

AHEAD = timedelta(days=366)


def write_feed(crm: Context, path: str, tasks: Iterable[Task], people: list[Item]) -> bool:
    """Write the calendar file, if it would change; tell whether it did.

    Args:
        crm: this run.
        path: the file; it is replaced at once.
        tasks: the open ones that have a due date become entries.
        people: items of keeping in touch and of yearly dates.

    Raises:
        OutputError: it cannot be written.
    """
    events = [_of_task(crm, task) for task in tasks if task.due_on and task.is_open]
    content = calendar([*events, *_of_people(crm, people)])
    return write_file(os.path.expanduser(path), content, keep_same=True)


def people_due(crm: Context, owner: str | None) -> list[Item]:
    """Give with whom to keep in touch, and the yearly dates, of the coming year."""
    until = crm.clock.today() + AHEAD
    items = due_items(crm.store.reader, crm.clock, until=until, owner=owner)
    return [item for item in items if item.id.startswith("c")]


def _of_task(crm: Context, task: Task) -> Event:
    """Give the entry of an open task: at its time in its own zone, or the day it is shown on."""
    who = task.contact_name or task.org_name
    day = max(str(task.due_on), task.hidden_until_on or "")
    at = None
    if task.due_time and task.tz and day == task.due_on:
        wall = datetime.fromisoformat(f"{task.due_on} {task.due_time}")
        at = crm.clock.instant(wall.replace(tzinfo=zone(task.tz)))
    return Event(
        task.uid,
        instant(task.updated_at),
        f"{task.title}: {who}" if who else task.title,
        datetime.fromisoformat(day).date(),
        at,
        task.body or "",
    )


def _of_people(crm: Context, items: list[Item]) -> Iterator[Event]:
    """Give the entries of keeping in touch and of yearly dates."""
    known = stamps(crm.store.reader, [int(item.id[1:]) for item in items])
    for item in items:
        uid, changed_at = known[int(item.id[1:])]
        is_touch = item.kind == "keep_in_touch"
        yield Event(
            f"{uid}-{item.shown_on}" if is_touch else f"{uid}-{item.kind.replace(' ', '-')}",
            instant(changed_at),
            f"Keep in touch: {item.who_name}" if is_touch else f"{item.who_name}: {item.kind}",
            item.shown_on,
            yearly=not is_touch,
            leap_day=item.is_leap_day,
        )
