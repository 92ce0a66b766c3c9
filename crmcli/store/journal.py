"""History and undo. The triggers write the journal; this reads it and applies it backwards.

Undo compares values, not versions: a record is refused when a column the group changed no longer
holds what the group wrote. Nothing is undone in halves.
"""

import json
import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass

from crmcli.errors import ConflictError, NotFoundError
from crmcli.store import dialect
from crmcli.store.sql import journal as sql
from crmcli.store.tables import COLUMNS
from crmcli.store.unit import OWNERS, Row, Unit

Key = tuple[str, int]  # table and row

# Words of the vocabulary outlive the record that brought them, if others use them by now.
SHARED = ("tag", "app_user")


@dataclass(frozen=True, slots=True)
class Group:
    """One change group and, in short, what it did."""

    id: int
    at: str
    actor: str
    source: str
    command: str | None
    undone: bool
    summary: str


@dataclass(frozen=True, slots=True)
class Reverted:
    """What undo or redo took back; `kept` names the records left out with `skip_changed`."""

    group_id: int
    command: str
    changes: int
    kept: list[str]


@dataclass(frozen=True, slots=True)
class _Step:
    """One row's change, read from the journal."""

    id: int
    table: str
    row_id: int
    op: str
    old: Row
    new: Row
    is_range: bool = False


def undo(
    w: Unit, id: int | None = None, *, anyone: bool = False, skip_changed: bool = False
) -> Reverted:
    """Take back a group: the newest of the actor's own, or group `id`.

    Args:
        w: the unit of work, with source `undo`.
        id: the group; None means the newest that is not undone and is no undo itself.
        anyone: look at everybody's groups for the newest.
        skip_changed: leave out whole records that changed since, instead of refusing.

    Raises:
        NotFoundError: there is nothing to undo.
        ConflictError: changed or used since, or undone already.
    """
    if id is None:
        group = w.one(sql.LAST_UNDOABLE, actor=None if anyone else w.actor)
        if group is None:
            raise NotFoundError("nothing to undo", "`crm history` lists what was done")
    else:
        group = w.one(sql.GROUP, id=id)
        if group is None:
            raise NotFoundError(f"there is no change group {id}", "`crm history` lists them")
        if group["undone_by_id"] is not None:
            raise ConflictError(f"group {id} is undone already", "`crm redo` brings it back")
        if group["source"] == "undo":
            raise ConflictError(f"group {id} is an undo itself", "use `crm redo`")
    reverted = _revert(w, group, skip_changed)
    w.conn.execute(sql.MARK_UNDONE, {"id": group["id"], "by": w.group_id})
    return reverted


def redo(w: Unit, *, anyone: bool = False) -> Reverted:
    """Do the actor's newest undone group again.

    Raises:
        NotFoundError: there is nothing to redo.
        ConflictError: a record changed since the undo.
    """
    group = w.one(sql.LAST_UNDONE, actor=None if anyone else w.actor)
    if group is None:
        raise NotFoundError("nothing to redo", "`crm history` lists what was done")
    undone_by = w.one(sql.GROUP, id=group["undone_by_id"])
    assert undone_by is not None
    reverted = _revert(w, {**undone_by, "command": group["command"]}, skip_changed=False)
    w.conn.execute(sql.MARK_UNDONE, {"id": group["id"], "by": None})
    return Reverted(group["id"], reverted.command, reverted.changes, [])


def history(conn: sqlite3.Connection, limit: int, record: Key | None = None) -> list[Group]:
    """Give the newest `limit` groups, of one record if `record` is given."""
    if record is None:
        rows = conn.execute(sql.HISTORY, {"before": 1 << 62, "limit": limit})
    else:
        table, id = record
        values = {"table_name": table, "row_id": id, "limit": limit}
        rows = conn.execute(dialect.record_history(table), values)
    return [
        Group(id, at, actor, source, command, undone is not None, _summary(conn, id))
        for id, at, actor, source, command, undone in rows.fetchall()
    ]


def changes(conn: sqlite3.Connection, group_id: int) -> list[Row]:
    """Give the changes of one group in order, as table, row, op, before and after."""
    cursor = conn.execute(sql.CHANGES, {"group_id": group_id})
    names = [column[0] for column in cursor.description]
    return [dict(zip(names, row, strict=True)) for row in cursor]


def _summary(conn: sqlite3.Connection, group_id: int) -> str:
    """Say in short what a group did: `+1 contact, ~2 channel`."""
    signs = {"I": "+", "U": "~", "D": "-"}
    rows = conn.execute(sql.GROUP_SUMMARY, {"group_id": group_id})
    skipped = ("handle", "app_user")
    return ", ".join(
        f"{signs[op]}{amount} {table}" for table, op, _, amount in rows if table not in skipped
    )


def _revert(w: Unit, group: Row, skip_changed: bool) -> Reverted:
    """Apply the inverse of `group` in reverse order."""
    steps = list(_steps(w.conn, group["id"]))
    kept: set[Key] = set()
    changed = _changed_since(w, steps) | _used_since(w, steps)
    if changed and not skip_changed:
        names = ", ".join(sorted({_name(w, key) for key in changed})[:3])
        raise ConflictError(
            f"cannot undo group {group['id']}: {names} changed or used since",
            "`--skip-changed` leaves such records out; `crm history REF` shows what happened",
        )
    if changed:
        kept = _whole_records(w, steps, changed)
    w.begin_group()
    done = 0
    for step in reversed(steps):
        if (step.table, step.row_id) not in kept:
            done += _invert(w, step)
    command = group["command"] or group["source"]
    records = [_name(w, key) for key in sorted(kept) if key[0] in ("contact", "org")]
    return Reverted(group["id"], command, done, records)


def _steps(conn: sqlite3.Connection, group_id: int) -> Iterator[_Step]:
    for row in changes(conn, group_id):
        last = row["last_row_id"]
        for row_id in range(row["row_id"], (last or row["row_id"]) + 1):
            yield _Step(
                row["id"],
                row["table_name"],
                row_id,
                row["op"],
                json.loads(row["old"] or "{}"),
                json.loads(row["new"] or "{}"),
                last is not None,
            )


def _changed_since(w: Unit, steps: list[_Step]) -> set[Key]:
    """Give the rows that no longer hold what the group left there."""
    final: dict[Key, Row | None] = {}
    for step in steps:
        key = (step.table, step.row_id)
        if step.op == "D":
            final[key] = None
        elif not step.is_range:
            final[key] = {**(final.get(key) or {}), **step.new}
    changed = {key for key, written in final.items() if not _holds(w, key, written)}
    for change in _ranges(w.conn, steps):
        changed |= _range_changed(w, change)
    return changed


def _holds(w: Unit, key: Key, written: Row | None) -> bool:
    current = w.get(*key)
    if written is None or current is None:
        return written is None and current is None
    return all(
        current[column] == value
        for column, value in written.items()
        if column not in dialect.BOOKKEEPING
    )


def _ranges(conn: sqlite3.Connection, steps: list[_Step]) -> list[Row]:
    groups = {step.id for step in steps if step.is_range}
    query = "SELECT * FROM change WHERE id = :id"
    found = []
    for id in sorted(groups):
        cursor = conn.execute(query, {"id": id})
        found.append(dict(zip([c[0] for c in cursor.description], cursor.fetchone(), strict=True)))
    return found


def _range_changed(w: Unit, change: Row) -> set[Key]:
    """Give the rows of a bulk range whose first recorded value is no longer the present one."""
    first: dict[int, Row] = {}
    values = {name: change[name] for name in ("table_name", "row_id", "last_row_id", "id")}
    for row_id, old in w.conn.execute(sql.LATER, values):
        first[row_id] = {**json.loads(old), **first.get(row_id, {})}
    keys = ((change["table_name"], row_id) for row_id in first)
    changed = {key for key in keys if not _holds(w, key, first[key[1]])}
    query = f"SELECT id FROM {change['table_name']} WHERE id BETWEEN :row_id AND :last_row_id"
    bounds = {name: change[name] for name in ("row_id", "last_row_id")}
    alive = {row[0] for row in w.conn.execute(query, bounds)}
    gone = set(range(change["row_id"], change["last_row_id"] + 1)) - alive
    return changed | {(change["table_name"], row_id) for row_id in gone}


def _used_since(w: Unit, steps: list[_Step]) -> set[Key]:
    """Give the rows the group made that rows of later groups point at."""
    made = _made(steps)
    used: set[Key] = set()
    for table, column, parent in _links(w.conn):
        if parent not in made or parent in SHARED:
            continue
        own = made.get(table, set())
        ids = made[parent]
        query = (
            f"SELECT id, {column} FROM {table}"
            f" WHERE {column} BETWEEN :low AND :high AND {column} IS NOT NULL"
        )
        for id, parent_id in w.conn.execute(query, {"low": min(ids), "high": max(ids)}):
            if parent_id in ids and id not in own:
                used.add((parent, parent_id))
    return used


def _made(steps: list[_Step]) -> dict[str, set[int]]:
    made: dict[str, set[int]] = {}
    for step in steps:
        if step.op == "I":
            made.setdefault(step.table, set()).add(step.row_id)
    return made


def _whole_records(w: Unit, steps: list[_Step], changed: set[Key]) -> set[Key]:
    """Give all rows of the group that belong to a changed record, or that a kept row needs."""
    rows = {key: w.get(*key) or {} for key in {(step.table, step.row_id) for step in steps}}
    kept = set(changed)
    links = [link for link in _links(w.conn) if link[2] not in SHARED]
    while True:
        more = set()
        for table, column, parent in links:
            for key, row in rows.items():
                if key[0] != table or not row.get(column):
                    continue
                owner = (parent, row[column])
                is_part = column in OWNERS and not (table == "employment" and column == "org_id")
                if key in kept and owner in rows:
                    more.add(owner)
                elif is_part and owner in kept:
                    more.add(key)
        if more <= kept:
            return kept
        kept |= more


def _invert(w: Unit, step: _Step) -> int:
    """Apply the inverse of one change; give how many rows it moved."""
    if step.op == "I":
        if step.table in SHARED and _is_referenced(w.conn, step.table, step.row_id):
            return 0
        w.delete(step.table, step.row_id)
    elif step.op == "D":
        known = {key: value for key, value in step.old.items() if key in COLUMNS[step.table]}
        w.insert(step.table, **known)
    else:
        row = w.get(step.table, step.row_id) or {}
        values = {
            column: value
            for column, value in step.old.items()
            if column not in dialect.BOOKKEEPING or row.get(column) == step.new.get(column)
        }
        w.update(step.table, step.row_id, **values)
    return 1


def _links(conn: sqlite3.Connection) -> list[tuple[str, str, str]]:
    """Give every foreign key as table, column, parent table."""
    return [
        (table, row[3], row[2])
        for table in COLUMNS
        if table not in dialect.UNJOURNALED
        for row in conn.execute(dialect.FOREIGN_KEYS.format(table=table))
    ]


def _is_referenced(conn: sqlite3.Connection, parent: str, id: int) -> bool:
    return any(
        conn.execute(f"SELECT 1 FROM {table} WHERE {column} = :id LIMIT 1", {"id": id}).fetchone()
        for table, column, target in _links(conn)
        if target == parent
    )


def _name(w: Unit, key: Key) -> str:
    """Name a row for a message: its record if it has one."""
    table, id = key
    row = w.get(table, id) or {}
    for column, noun in (("contact_id", "contact"), ("org_id", "org")):
        if table not in ("contact", "org", "task", "interaction") and row.get(column):
            return _name(w, (noun, row[column]))
    letter = {"contact": "c", "org": "o", "task": "t", "interaction": "i"}.get(table)
    label = row.get("display_name") or row.get("name") or row.get("title") or ""
    return f"{letter}{id} {label}".strip() if letter else f"{table} {id}"
