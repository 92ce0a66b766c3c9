"""Tasks: reads into frozen dataclasses, writes inside a unit of work."""

import sqlite3
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from crmcli.columns import Column
from crmcli.errors import ConflictError
from crmcli.rules.task import OPEN_STATUSES, TaskDraft
from crmcli.store.rows import Listing, Row, fetch, fetch_ids, listed_ids
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
    Column("contact_uid", "Contact UID", listed=False),
    Column("org_uid", "Org UID", listed=False),
    Column("uid", "UID", listed=False),
    Column("created", "Created", "when", listed=False),
    Column("updated", "Updated", "when", listed=False),
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
    contact_id: int | None
    contact_name: str | None
    contact_handle: str | None
    contact_uid: str | None
    org_id: int | None
    org_name: str | None
    org_handle: str | None
    org_uid: str | None
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
            "who": self.who(),
            "contact_uid": self.contact_uid,
            "org_uid": self.org_uid,
            "owner": self.owner,
            "uid": self.uid,
            "created": self.created_at,
            "updated": self.updated_at,
        }

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
    for ids in listed_ids(conn, listing, sql.LIST, sql.WHERE, sql.ORDER):
        yield from get_tasks(conn, ids)


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


def add_task(w: Unit, draft: TaskDraft, noun: str | None, id: int | None) -> int:
    """Store a new task for a contact, an org or nobody; give its id."""
    link = {f"{noun}_id": id} if noun else {}
    owner_id = w.user_id(draft.owner) if draft.owner else w.actor_id()
    return w.insert("task", **draft.values, **link, owner_id=owner_id)


def complete(w: Unit, id: int) -> bool:
    """Mark a task as done; False when it is closed already."""
    row = w.get("task", id)
    if row is None or row["status"] not in OPEN_STATUSES:
        return False
    return w.update("task", id, status="completed", completed_at=w.now, hidden_until_on=None)


def reopen(w: Unit, id: int) -> bool:
    """Make a closed task open again; False when it is open."""
    row = w.get("task", id)
    if row is None or row["status"] in OPEN_STATUSES:
        return False
    return w.update("task", id, status="needs_action", completed_at=None)


def snooze(w: Unit, id: int, until: str) -> bool:
    """Hide a task until a day; its due date and its age stay."""
    row = _open_row(w, id)
    return w.update("task", id, hidden_until_on=until, snooze_count=row.get("snooze_count", 0) + 1)


def reschedule(w: Unit, id: int, due: dict[str, Any]) -> bool:
    """Give a task another due date (due_on, due_time, tz); it is no longer snoozed."""
    _open_row(w, id)
    return w.update("task", id, **due, hidden_until_on=None)


def _open_row(w: Unit, id: int) -> Row:
    """Give an open task's row; raise ConflictError when it is closed."""
    row = w.get("task", id)
    if row is None or row["status"] not in OPEN_STATUSES:
        raise ConflictError(f"t{id} is closed", f"`crm task reopen t{id}` opens it again")
    return row


def _task(row: Row) -> Task:
    return Task(**{name: row[name] for name in Task.__slots__})
