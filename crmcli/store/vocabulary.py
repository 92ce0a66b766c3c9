"""Sources and reasons: the words that people choose from, and add to."""

import sqlite3
from difflib import get_close_matches

from crmcli.columns import Column
from crmcli.errors import InvalidError, NotFoundError
from crmcli.i18n import tr
from crmcli.store.rows import Row, fetch
from crmcli.store.sql import pipeline as sql
from crmcli.store.unit import Unit
from crmcli.text import fold

SOURCE_COLUMNS = (
    Column("name", "Source"),
    Column("medium", "Medium"),
    Column("contacts", "Contacts", "number"),
    Column("deals", "Deals", "number"),
    Column("id", "Id", listed=False),
)
REASON_COLUMNS = (
    Column("scope", "For"),
    Column("name", "Reason"),
    Column("needs_note", "Needs a note", "number"),
    Column("id", "Id", listed=False),
)


SCOPES = ("lost", "unqualified")


def source_id(w: Unit, name: str) -> int:
    """Give the source called `name`, made when it is new."""
    row = w.one(sql.SOURCE_BY_NAME, name_norm=fold(name))
    return row["id"] if row else w.insert("source", name=name, name_norm=fold(name))


def list_sources(conn: sqlite3.Connection) -> list[Row]:
    """Give the sources by name, with how many people and deals came from each."""
    return fetch(conn, sql.SOURCES)


def list_reasons(conn: sqlite3.Connection, scope: str | None = None) -> list[Row]:
    """Give the reasons that are offered, for one scope or all."""
    return fetch(conn, sql.REASONS, scope=scope)


def find_reason(conn: sqlite3.Connection, scope: str, name: str, note: str | None = None) -> int:
    """Give the reason called `name`, or beginning so.

    Raises:
        NotFoundError: there is none; the hint names them, and how to add one.
        InvalidError: it needs a note and has none.
    """
    known = list_reasons(conn, scope)
    folded = fold(name).replace("_", " ")
    found = [row for row in known if fold(row["name"]) == folded]
    found = found or [row for row in known if folded and fold(row["name"]).startswith(folded)]
    if len(found) == 1:
        if found[0]["needs_note"] and not note:
            raise InvalidError(tr("the reason {name} needs a note", name=found[0]["name"]))
        return int(found[0]["id"])
    names = ", ".join(row["name"] for row in known)
    near = get_close_matches(folded, [fold(row["name"]) for row in known], 1)
    hint = tr("did you mean {name}? ", name=near[0]) if near else ""
    raise NotFoundError(
        tr("there is no reason {name!r}", name=name),
        hint
        + tr(
            "one of {names}; `crm reason add {scope} NAME` adds another", names=names, scope=scope
        ),
    )


def ensure_reason(w: Unit, scope: str, name: str) -> int:
    """Give the reason called `name`, made when it is new; one that was taken away serves too."""
    row = w.one(sql.REASON_BY_NAME, scope=scope, name_norm=fold(name))
    return int(row["id"]) if row else add_reason(w, scope, name)


def add_reason(w: Unit, scope: str, name: str, *, needs_note: bool = False) -> int:
    """Store a reason, or offer one again that was taken away; give its id."""
    row = w.one(sql.REASON_BY_NAME, scope=scope, name_norm=fold(name))
    if row:
        w.update("reason", row["id"], name=name, needs_note=int(needs_note), archived_at=None)
        return int(row["id"])
    return w.insert(
        "reason", scope=scope, name=name, name_norm=fold(name), needs_note=int(needs_note)
    )


def remove_reason(w: Unit, id: int) -> None:
    """Offer a reason no longer; what has it keeps it."""
    w.update("reason", id, archived_at=w.now)
