"""Tasks: reads into frozen dataclasses, writes inside a unit of work."""

import json
import sqlite3
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from crmcli.clock import new_uid
from crmcli.columns import Column
from crmcli.errors import ConflictError, InvalidError
from crmcli.i18n import in_english, tr
from crmcli.rules.task import OPEN_STATUSES, TaskDraft
from crmcli.store import dialect
from crmcli.store.rows import ALL, Listing, Row, Where, fetch, fetch_ids, listed_ids
from crmcli.store.sql import task as sql
from crmcli.store.unit import Unit

COLUMNS = (
    Column("id", "Id", "id"),
    Column("due", "Due", "date"),
    Column("who", "Who", "who"),
    Column("title", "Title"),
    Column("kind", "Kind"),
    Column("status", "Status", wide=True),
    Column("owner", "Owner", wide=True),
    Column("priority", "Priority", listed=False),
    Column("body", "Text", listed=False),
    Column("due_on", "Due on", listed=False),
    Column("due_time", "Due time", listed=False),
    Column("tz", "Time zone", listed=False),
    Column("hidden_until_on", "Hidden until", listed=False),
    Column("snooze_count", "Snoozed", "number", listed=False),
    Column("completed_at", "Completed", "when", listed=False),
    Column("repeats", "Repeats", listed=False),
    Column("rrule", "Rule", listed=False),
    Column("dtstart_on", "Rule from", listed=False),
    Column("repeat_from", "Repeats from", listed=False),
    Column("series_uid", "Series UID", listed=False),
    Column("contact_uid", "Contact UID", listed=False),
    Column("org_uid", "Org UID", listed=False),
    Column("uid", "UID", listed=False),
    Column("created", "Created", "when", listed=False),
    Column("updated", "Updated", "when", listed=False),
    Column("deal", "Deal", "who", listed=False),
)


OPEN = Where(sql.OPEN)  # what there is still to do
# What the occurrences of a series have in common.
SERIES_COLUMNS = (
    *("kind", "title", "body", "priority", "due_time", "tz"),
    *("contact_id", "org_id", "deal_id", "owner_id"),
    *("rrule", "dtstart_on", "repeat_from", "series_uid"),
)


@dataclass(frozen=True, slots=True)
class Task:
    """Something to do, with whom it is for."""

    id: int
    uid: str
    version: int
    kind: str
    title: str
    body: str | None
    status: str
    priority: int
    due_on: str | None
    due_time: str | None
    tz: str | None
    hidden_until_on: str | None
    snooze_count: int
    completed_at: str | None
    rrule: str | None
    dtstart_on: str | None
    repeat_from: str | None
    series_uid: str | None
    contact_id: int | None
    contact_name: str | None
    contact_handle: str | None
    contact_uid: str | None
    org_id: int | None
    org_name: str | None
    org_handle: str | None
    org_uid: str | None
    deal_id: int | None
    deal_name: str | None
    owner: str | None
    created_at: str
    updated_at: str
    archived_at: str | None

    @property
    def is_open(self) -> bool:
        """Tell whether there is still something to do."""
        return self.status in OPEN_STATUSES

    def json(self) -> Row:
        """Give the task under its names in JSON, `--fields` and CSV."""
        due = f"{self.due_on} {self.due_time}" if self.due_time else self.due_on
        return {
            "id": f"t{self.id}",
            "kind": self.kind,
            "title": self.title,
            "status": self.status,
            "due": due,
            "due_on": self.due_on,
            "due_time": self.due_time,
            "tz": self.tz,
            "hidden_until_on": self.hidden_until_on,
            "snooze_count": self.snooze_count,
            "priority": self.priority,
            "body": self.body,
            "completed_at": self.completed_at,
            "repeats": self.repeats(),
            "rrule": self.rrule,
            "dtstart_on": self.dtstart_on,
            "repeat_from": self.repeat_from,
            "series_uid": self.series_uid,
            "who": self.who(),
            "contact_uid": self.contact_uid,
            "org_uid": self.org_uid,
            "owner": self.owner,
            "uid": self.uid,
            "created": self.created_at,
            "updated": self.updated_at,
            "deal": self.deal(),
        }

    def deal(self) -> Row | None:
        """Give the deal it lies on: id and name."""
        return {"id": f"d{self.deal_id}", "name": self.deal_name} if self.deal_id else None

    def repeats(self) -> str | None:
        """Say how it repeats: `every 2 weeks`; None when it does not."""
        if not self.rrule:
            return None
        from crmcli.repeat import describe

        return in_english(describe, self.rrule)

    def who(self) -> Row | None:
        """Give whom the task is for: id, handle and name."""
        if self.contact_id:
            id, handle, name = f"c{self.contact_id}", self.contact_handle, self.contact_name
        elif self.org_id:
            id, handle, name = f"o{self.org_id}", self.org_handle, self.org_name
        else:
            return None
        return {"id": id, "handle": handle, "name": name}


def list_tasks(conn: sqlite3.Connection, listing: Listing) -> Iterator[Task]:
    """Give the tasks a listing asks for, in its order."""
    for ids in listed_ids(conn, listing, "task", sql.LIST, sql.ORDER):
        yield from get_tasks(conn, ids)


@dataclass(frozen=True, slots=True, kw_only=True)
class Parted:
    """Which tasks a list with headings shows.

    Args:
        state: open (and not snoozed), snoozed, or done.
        by: what it is parted by: due, person, kind, owner, stage, completed.
        owner: only those of this name; None for all.
        day: only those due on this day; None for all.
        where: a compiled filter; it speaks of the state itself if `state` is "".
        days: today, tomorrow, and the last days of this week and the next.
    """

    days: Row
    state: str = "open"
    by: str = "due"
    owner: str | None = None
    day: str | None = None
    where: Where | None = None

    def values(self) -> Row:
        """Give what is bound."""
        where = self.where.values if self.where else {}
        return {**where, **self.days, "owner": self.owner, "day": self.day}

    def fill(self, query: str, **terms: str) -> str:
        """Give a query with its conditions filled in."""
        where = f"AND {self.where.sql}" if self.where and self.where.sql else ""
        return query.format(state=sql.STATES[self.state], where=where, **terms)


@dataclass(frozen=True, slots=True)
class Parts:
    """A list with headings: the ids in order, what each stands under, and whom it is for.

    Args:
        ids: of the tasks.
        parts: of each task; equal ones follow one another.
        who: of each task the id of a contact, or of an org below zero; 0 for nobody.
    """

    ids: list[int]
    parts: list[int | str]
    who: list[int]


def parted(conn: sqlite3.Connection, asked: Parted, limit: int = ALL) -> Parts:
    """Give all that a list with headings shows, as ids; at a hundred thousand within 0.2 s."""
    part, order, join = sql.PARTS[asked.by]
    select = asked.fill(sql.IN_PARTS, part=part, order=order, join=join)
    query = dialect.packed(select, "id", "part", "who")
    found = conn.execute(query, {**asked.values(), "limit": limit}).fetchone()
    return Parts(*map(json.loads, found))


def per_day(conn: sqlite3.Connection, asked: Parted, first: str, last: str) -> dict[str, int]:
    """Give how many tasks are due on each day between two."""
    values = {**asked.values(), "first": first, "last": last}
    rows = fetch(conn, asked.fill(sql.PER_DAY), **values)
    return {row["day"]: row["amount"] for row in rows}


def get_tasks(conn: sqlite3.Connection, ids: Sequence[int]) -> list[Task]:
    """Give tasks by id, in the order of `ids`; missing ones are left out."""
    rows = {row["id"]: row for row in fetch_ids(conn, sql.ROWS, ids)}
    return [_task(rows[id]) for id in ids if id in rows]


def get_task(conn: sqlite3.Connection, id: int) -> Task:
    """Give one task by id."""
    return get_tasks(conn, [id])[0]


def open_tasks(conn: sqlite3.Connection, noun: str, id: int) -> list[Task]:
    """Give the open tasks of a contact or an org, by due date."""
    link = {"contact_id": None, "org_id": None, f"{noun}_id": id}
    return get_tasks(conn, [row["id"] for row in fetch(conn, sql.OPEN_OF, **link)])


def due_tasks(conn: sqlite3.Connection, noun: str, id: int, today: str) -> list[Row]:
    """Give id and title of the open tasks due today or before, and not snoozed away."""
    link = {"contact_id": None, "org_id": None, f"{noun}_id": id}
    return fetch(conn, sql.DUE_OF, **link, today=today)


def add_task(
    w: Unit, draft: TaskDraft, noun: str | None, id: int | None, deal_id: int | None = None
) -> int:
    """Store a new task for a contact, an org or nobody, perhaps on a deal; give its id."""
    link = {f"{noun}_id": id} if noun else {}
    owner_id = w.user_id(draft.owner) if draft.owner else w.actor_id()
    return w.insert("task", **draft.values, **link, deal_id=deal_id, owner_id=owner_id)


def complete(w: Unit, id: int, done_on: date | None = None) -> bool:
    """Mark a task as done; False when it is closed already.

    The next occurrence of a series is made on the way: `next_of` gives it. What was missed
    meanwhile collapses into it (formulas 4.22).

    Args:
        w: the unit of work.
        id: the task.
        done_on: the day it was done on, if not today.
    """
    row = w.get("task", id)
    if row is None or row["status"] not in OPEN_STATUSES:
        return False
    w.update("task", id, status="completed", completed_at=w.now, hidden_until_on=None)
    _continue(w, row, done_on or w.clock.today(), row["repeat_from"])
    return True


def skip(w: Unit, id: int) -> bool:
    """Cancel one occurrence of a series; the next one after it comes by the rule.

    Raises:
        ConflictError: the task is closed.
        InvalidError: it does not repeat.
    """
    row = _series_row(w, id)
    w.update("task", id, status="cancelled", hidden_until_on=None)
    _continue(w, row, date.fromisoformat(row["due_on"]), "due")
    return True


def end_series(w: Unit, id: int, *, keep: bool = False) -> bool:
    """End a series: its open occurrence is cancelled, or stays as the last one (`keep`).

    Raises:
        ConflictError: the task is closed.
        InvalidError: it does not repeat.
    """
    _series_row(w, id)
    single = {"rrule": None, "dtstart_on": None, "repeat_from": None, "series_uid": None}
    return w.update("task", id, **(single if keep else {"status": "cancelled"}))


def next_of(conn: sqlite3.Connection, id: int) -> Task | None:
    """Give the open occurrence that follows a closed one of a series."""
    rows = fetch(conn, sql.NEXT_OF, id=id)
    return get_task(conn, rows[0]["id"]) if rows else None


def set_repeat(w: Unit, id: int, rrule: str, repeat_from: str) -> bool:
    """Make an open task repeat, or repeat otherwise; its due date is the first occurrence.

    Raises:
        ConflictError: the task is closed.
        InvalidError: it has no due date.
    """
    row = _open_row(w, id)
    if not row["due_on"]:
        raise InvalidError(
            tr("t{id} has no due date to repeat from", id=id), tr("give one with --due")
        )
    series = {"series_uid": row["series_uid"] or new_uid(), "dtstart_on": row["due_on"]}
    return w.update("task", id, rrule=rrule, repeat_from=repeat_from, **series)


def reopen(w: Unit, id: int) -> bool:
    """Make a closed task open again; False when it is open.

    Raises:
        ConflictError: its series has gone on.
    """
    row = w.get("task", id)
    if row is None or row["status"] in OPEN_STATUSES:
        return False
    refuse_second(w, row)
    return w.update("task", id, status="needs_action", completed_at=None)


def snooze(w: Unit, id: int, until: str) -> bool:
    """Hide a task until a day; its due date and its age stay."""
    row = _open_row(w, id)
    return w.update("task", id, hidden_until_on=until, snooze_count=row.get("snooze_count", 0) + 1)


def reschedule(w: Unit, id: int, due: dict[str, Any]) -> bool:
    """Give a task another due date (due_on, due_time, tz); it is no longer snoozed."""
    _open_row(w, id)
    return w.update("task", id, **due, hidden_until_on=None)


def refuse_second(w: Unit, row: Row) -> None:
    """Refuse to open an occurrence beside the open one of its series.

    Raises:
        ConflictError: there is one.
    """
    if row["rrule"] and (following := w.one(sql.NEXT_OF, id=row["id"])):
        raise ConflictError(
            tr("the series of t{id} has gone on with t{next}", id=row["id"], next=following["id"]),
            tr("`crm undo` takes back what closed it"),
        )


def second_of_series(w: Unit, draft: TaskDraft) -> str | None:
    """Give why a task of a file cannot be open: its series has an open one; None if it can."""
    uid = draft.values.get("series_uid")
    if not uid or draft.values["status"] not in OPEN_STATUSES:
        return None
    row = w.one(sql.OPEN_OF_SERIES, series_uid=uid)
    return tr("its series has an open task already, t{id}", id=row["id"]) if row else None


def _continue(w: Unit, row: Row, done: date, repeat_from: str | None) -> None:
    """Make the next occurrence of a closed one, unless it was no series or the rule ended."""
    if not (row["rrule"] and repeat_from):
        return
    from crmcli.rules.recurrence import next_due

    start, due = date.fromisoformat(row["dtstart_on"]), date.fromisoformat(row["due_on"])
    following = next_due(row["rrule"], start, due, done, repeat_from)
    if following is not None:
        kept = {column: row[column] for column in SERIES_COLUMNS}
        w.insert("task", **kept, due_on=str(following))


def _series_row(w: Unit, id: int) -> Row:
    """Give the row of an open occurrence."""
    row = _open_row(w, id)
    if not row["rrule"]:
        raise InvalidError(
            tr("t{id} does not repeat", id=id), tr("`crm task edit REF --every '2 weeks'`")
        )
    return row


def _open_row(w: Unit, id: int) -> Row:
    """Give an open task's row; raise ConflictError when it is closed."""
    row = w.get("task", id)
    if row is None or row["status"] not in OPEN_STATUSES:
        following = w.one(sql.NEXT_OF, id=id)
        hint = (
            tr("its series goes on with t{id}", id=following["id"])
            if following
            else tr("`crm task reopen t{id}` opens it again", id=id)
        )
        raise ConflictError(tr("t{id} is closed", id=id), hint)
    return row


def _task(row: Row) -> Task:
    return Task(**{name: row[name] for name in Task.__slots__})
