"""What is due, for `crm due`, `crm today` and the screens. Light: the hot calls stand on it."""

import sqlite3
from datetime import UTC, date, datetime, timedelta

from crmcli.clock import Clock, zone
from crmcli.store.sql import due as sql

SECTIONS = ("overdue", "today", "tomorrow", "upcoming", "date")


class Item:
    """One thing that is due: a task, or a birthday or another yearly date.

    A plain class: `dataclasses` alone would cost a third of what a hot call may.
    """

    __slots__ = (
        "due_on",
        "due_time",
        "id",
        "kind",
        "section",
        "title",
        "who",
        "who_id",
        "who_name",
    )

    def __init__(
        self,
        section: str,
        id: str,
        kind: str,
        due_on: date,
        due_time: str | None,
        title: str,
        who: tuple[str, str, str] | None,
    ) -> None:
        self.section = section
        self.id = id
        self.kind = kind
        self.due_on = due_on
        self.due_time = due_time
        self.title = title
        self.who = who  # reference, handle, name
        self.who_id = who[0] if who else ""
        self.who_name = who[2] if who else ""

    def due(self) -> str:
        """Give the due date, with the time if there is one, as `2026-11-23 15:30`."""
        return f"{self.due_on} {self.due_time}" if self.due_time else str(self.due_on)

    def age(self, today: date) -> str:
        """Say how far the date is from `today`: `3 days late`, `today`, `in 2 days`."""
        days = (self.due_on - today).days
        if days == 0:
            return "today"
        unit = "day" if abs(days) == 1 else "days"
        return f"in {days} {unit}" if days > 0 else f"{-days} {unit} late"


def due_items(
    conn: sqlite3.Connection, clock: Clock, *, until: date, owner: str | None = None
) -> list[Item]:
    """Give open tasks due on or before `until`, and the yearly dates of today, in stable order.

    A task due today whose wall-clock time has passed in its own zone is overdue (formulas 4.21);
    a snoozed one is left out until its day.
    """
    now, today = clock.now(), clock.today()
    values = {"until": str(until), "today": str(today), "owner": owner}
    items = []
    for row in conn.execute(sql.TASKS, values):
        id, kind, title, due_on, due_time, tz = row[:6]
        day = date.fromisoformat(due_on)
        section = _section(day, due_time, tz, now, today, clock)
        items.append(Item(section, f"t{id}", kind, day, due_time, title, _who(row[6:])))
    items += _dates(conn, today, owner)
    return sorted(items, key=lambda item: SECTIONS.index(item.section))


def select(
    conn: sqlite3.Connection,
    clock: Clock,
    *,
    until: date,
    only: str | None = None,
    owner: str | None = None,
) -> list[Item]:
    """Give the items due on or before `until`, of one section if `only` names it."""
    items = due_items(conn, clock, until=until, owner=owner)
    return [item for item in items if only in (None, item.section)]


def cells(item: Item, today: date) -> tuple[str, str, str, str, str, str]:
    """Give the columns of one line of `crm due`: section, id, due, who, title, age."""
    return item.section, item.id, item.due(), item.who_name, item.title, item.age(today)


def hidden_count(
    conn: sqlite3.Connection, today: date, *, until: date, owner: str | None = None
) -> int:
    """Give how many due tasks are snoozed away; lists leave them out, footers count them."""
    values = {"until": str(until), "today": str(today), "owner": owner}
    return int(conn.execute(sql.HIDDEN, values).fetchone()[0])


def _section(
    day: date, due_time: str | None, tz: str | None, now: datetime, today: date, clock: Clock
) -> str:
    if due_time and tz and abs((day - today).days) <= 1:
        wall = datetime.fromisoformat(f"{day} {due_time}")
        local = tz == clock.zone_name()
        instant = clock.instant(wall) if local else wall.replace(tzinfo=zone(tz)).astimezone(UTC)
        if instant < now:
            return "overdue"
    if day < today:
        return "overdue"
    if day == today:
        return "today"
    return "tomorrow" if day == today + timedelta(days=1) else "upcoming"


def _dates(conn: sqlite3.Connection, today: date, owner: str | None) -> list[Item]:
    """Give the yearly dates of today; in a year without 29 February they fall on the 28th."""
    no_leap_day = today.month == 2 and today.day == 28 and (today + timedelta(days=1)).day == 1
    last_day = 29 if no_leap_day else today.day
    values = {"month": today.month, "day": today.day, "last_day": last_day, "owner": owner}
    items = []
    for kind, year, _, _, id, name, handle in conn.execute(sql.DATES, values):
        title = f"{kind} ({today.year - year} years)" if year else kind
        items.append(Item("date", f"c{id}", kind, today, None, title, (f"c{id}", handle, name)))
    return items


def _who(row: tuple[int | None, str, str, int | None, str, str]) -> tuple[str, str, str] | None:
    contact_id, contact, contact_handle, org_id, org, org_handle = row
    if contact_id:
        return f"c{contact_id}", contact_handle, contact
    return (f"o{org_id}", org_handle, org) if org_id else None
