"""What is due, for `crm due`, `crm today` and the screens. Light: the hot calls stand on it."""

import sqlite3
from datetime import UTC, date, datetime, timedelta

from crmcli.clock import Clock, instant, zone
from crmcli.store.item import SECTIONS, Item, Touch, Who
from crmcli.store.sql import due as sql

ALL = -1  # no limit, as SQLite writes it
TYPE_CHECKING = False  # `typing` costs too much here; checkers know this name
if TYPE_CHECKING:
    from typing import Any


def due_items(
    conn: sqlite3.Connection,
    clock: Clock,
    *,
    until: date,
    owner: str | None = None,
    lead_days: int | None = None,
) -> list[Item]:
    """Give what is due on or before `until`, in stable order.

    Open tasks (one whose wall-clock time has passed in its own zone is overdue, formulas 4.21; a
    snoozed one is left out until its day), people to keep in touch with, the one most overdue by
    share first, and yearly dates.

    Args:
        conn: a reading connection.
        clock: tells now and today.
        until: the last day.
        owner: only this owner's.
        lead_days: tell dates so many days ahead, or their own number of days; None for neither.
    """
    now, today = clock.now(), clock.today()
    values = {"until": str(until), "today": str(today), "owner": owner}
    items = _tasks(conn, clock, now, today, {**values, "most": ALL})
    items += _touches(conn, clock, today, values)
    items += _dates(conn, today, until, owner, lead_days)
    return sorted(items, key=_place)


def longest_due(
    conn: sqlite3.Connection, clock: Clock, most: int, owner: str | None = None
) -> list[Item]:
    """Give the first overdue tasks, for a screen that paints before it has read the whole day."""
    now, today = clock.now(), clock.today()
    until = str(today - timedelta(days=1))
    values = {"until": until, "today": str(today), "owner": owner, "most": most}
    items = _tasks(conn, clock, now, today, values)
    return [item for item in items if item.section == "overdue"]


def _place(item: Item) -> tuple[int, date]:
    """Give the place of an item's section on the page; days ahead stand in their order."""
    is_ahead = item.section in ("tomorrow", "upcoming")
    return SECTIONS.index(item.section), item.shown_on if is_ahead else date.min


def select(
    conn: sqlite3.Connection,
    clock: Clock,
    *,
    until: date,
    only: str | None = None,
    owner: str | None = None,
) -> list[Item]:
    """Give the items due on or before `until`; `only` is overdue, tomorrow or None."""
    items = due_items(conn, clock, until=until, owner=owner)
    if only == "overdue":
        return [item for item in items if item.late]
    tomorrow = clock.today() + timedelta(days=1)
    return [item for item in items if only is None or item.shown_on == tomorrow]


def cells(item: Item, today: date) -> tuple[str, str, str, str, str, str]:
    """Give the columns of one line of `crm due`: section, id, due, who, title, age."""
    return item.section, item.id, item.due(), item.who_name, item.title, item.age(today)


def hidden_count(
    conn: sqlite3.Connection, today: date, *, until: date, owner: str | None = None
) -> int:
    """Give how many due tasks are snoozed away; lists leave them out, footers count them."""
    values = {"until": str(until), "today": str(today), "owner": owner}
    return int(conn.execute(sql.HIDDEN, values).fetchone()[0])


def paused_count(conn: sqlite3.Connection, today: date, owner: str | None = None) -> int:
    """Give with how many people keeping in touch is due but paused."""
    values = {"until": str(today), "owner": owner}
    return int(conn.execute(sql.PAUSED, values).fetchone()[0])


def touch_of(conn: sqlite3.Connection, clock: Clock, id: int) -> Touch | None:
    """Give where keeping in touch with a contact stands; None when they have no cadence."""
    row = conn.execute(sql.TOUCH_OF, {"id": id}).fetchone()
    return _touch(row, clock, clock.today()) if row and row[3] else None


def _tasks(
    conn: sqlite3.Connection,
    clock: Clock,
    now: datetime,
    today: date,
    values: "dict[str, str | int | None]",
) -> list[Item]:
    return [_task(row, clock, now, today) for row in conn.execute(sql.TASKS, values)]


def _task(row: "tuple[Any, ...]", clock: Clock, now: datetime, today: date) -> Item:
    """Give the item of an open task; what they owe has a section of its own once it is due."""
    id, kind, title, due_on, due_time, tz, hidden_until = row[:7]
    day = date.fromisoformat(due_on)
    section = _section(day, due_time, tz, now, today, clock)
    late = section == "overdue"
    if kind == "waiting" and day <= today:
        section = "waiting"
    shown_on = max(day, date.fromisoformat(hidden_until)) if hidden_until else day
    who = who_of(row[7:])
    return Item(
        *(section, f"t{id}", kind, day, due_time, title, who),
        shown_on=shown_on,
        late=late,
        tz=tz if due_time else None,
    )


def _section(
    day: date, due_time: str | None, tz: str | None, now: datetime, today: date, clock: Clock
) -> str:
    if due_time and tz and abs((day - today).days) <= 1:
        wall = datetime.fromisoformat(f"{day} {due_time}")
        local = tz == clock.zone_name()
        instant = clock.instant(wall) if local else wall.replace(tzinfo=zone(tz)).astimezone(UTC)
        if instant < now:
            return "overdue"
    return "overdue" if day < today else _ahead(day, today, "today")


def _ahead(day: date, today: date, at_hand: str) -> str:
    """Give the section of a day: `at_hand` until today, then tomorrow and upcoming."""
    if day <= today:
        return at_hand
    return "tomorrow" if day == today + timedelta(days=1) else "upcoming"


def _touches(
    conn: sqlite3.Connection, clock: Clock, today: date, values: dict[str, str | None]
) -> list[Item]:
    """Give the people to keep in touch with, the most overdue by share first."""
    items = []
    for row in conn.execute(sql.TOUCHES_DUE, values):
        id, name, handle, next_on, paused_until = row[:5]
        touch = _touch(row, clock, today)
        day = date.fromisoformat(next_on)
        shown_on = max(day, date.fromisoformat(paused_until)) if paused_until else day
        section = _ahead(shown_on, today, "keep_in_touch")
        items.append(
            Item(
                section,
                f"c{id}",
                "keep_in_touch",
                day,
                None,
                "",
                (f"c{id}", handle, name),
                shown_on=shown_on,
                late=day < today,
                touch=touch,
            )
        )
    return sorted(items, key=lambda item: (-(item.touch.share if item.touch else 0), item.due_on))


def _touch(row: tuple[object, ...], clock: Clock, today: date) -> Touch:
    next_on, paused_until, last_at, bumped_on, days, max_days, tag, is_own = row[3:]
    since = date.fromisoformat(str(next_on)) - timedelta(days=int(str(days)))
    basis = "added" if last_at is None else "last touch"
    if bumped_on == str(since) and not (
        last_at and clock.local(instant(str(last_at))).date() == since
    ):
        basis = "bumped"
    source = "own" if is_own else f"+{tag}" if tag else "default"
    limit = int(str(max_days)) if max_days is not None else None
    pause = str(paused_until) if paused_until and str(paused_until) > str(today) else None
    return Touch(since, basis, int(str(days)), limit, source, today, pause)


def _dates(
    conn: sqlite3.Connection, today: date, until: date, owner: str | None, lead_days: int | None
) -> list[Item]:
    """Give the yearly dates up to `until`, or told ahead by their lead days."""
    horizon = max(until, today + timedelta(days=lead_days or 0))
    rows = _date_rows(conn, sql.DATES_BETWEEN, today, horizon, owner)
    if lead_days is not None:  # dates with lead days of their own may lie beyond the horizon
        longest = conn.execute(sql.LONGEST_LEAD).fetchone()[0] or 0
        last = max(until, today + timedelta(days=longest))
        rows = [row for row in rows if row[4] is None]
        rows += _date_rows(conn, sql.DATES_LED, today, last, owner)
    items = []
    for kind, year, month, day, lead, id, name, handle in rows:
        on = next_yearly(month, day, today)
        ahead = 0 if lead_days is None else lead_days if lead is None else lead
        if on <= max(until, today + timedelta(days=ahead)):
            years = on.year - year if year and on.year > year else None
            who = (f"c{id}", handle, name)
            leap = (month, day) == (2, 29)
            items.append(
                Item("date", f"c{id}", kind, on, None, "", who, count=years, is_leap_day=leap)
            )
    return sorted(items, key=lambda item: (item.due_on, int(item.id[1:]), item.kind))


def _date_rows(
    conn: sqlite3.Connection, query: str, first: date, last: date, owner: str | None
) -> list[tuple[str, int | None, int, int, int | None, int, str, str]]:
    """Give the yearly dates that may fall between two days; over New Year in two parts."""
    if (last - first).days >= 365:
        spans = [((1, 1), (12, 31))]
    elif first.year == last.year:
        spans = [((first.month, first.day), (last.month, last.day))]
    else:
        spans = [((first.month, first.day), (12, 31)), ((1, 1), (last.month, last.day))]
    rows = []
    for (month, day), (last_month, last_day) in spans:
        leap = (last_month, last_day) == (2, 28)  # in most years the 29th is kept on the 28th
        values = {
            "month": month,
            "day": day,
            "last_month": last_month,
            "last_day": 29 if leap else last_day,
            "owner": owner,
        }
        rows += conn.execute(query, values).fetchall()
    return rows


def next_yearly(month: int, day: int, today: date) -> date:
    """Give the next day a yearly date falls on; 29 February is kept on the 28th in most years."""
    for year in (today.year, today.year + 1):
        on = _in_year(year, month, day)
        if on >= today:
            return on
    return on


def _in_year(year: int, month: int, day: int) -> date:
    try:
        return date(year, month, day)
    except ValueError:
        return date(year, month, 28) if month == 2 else date(year, month, 30)


def who_of(row: "tuple[Any, ...]") -> Who | None:
    """Give whom a row names: a contact or else an org, each as id, name and handle."""
    contact_id, contact, contact_handle, org_id, org, org_handle = row
    if contact_id:
        return f"c{contact_id}", contact_handle, contact
    return (f"o{org_id}", org_handle, org) if org_id else None
