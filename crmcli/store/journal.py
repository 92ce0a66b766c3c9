"""History and undo. The triggers write the journal; this reads it and applies it backwards.

Undo compares values, not versions: a record is refused when a column the group changed no longer
holds what the group wrote. Nothing is undone in halves.
"""

import json
import sqlite3
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import pairwise

from crmcli.errors import ConflictError, NotFoundError
from crmcli.i18n import tr
from crmcli.store import dialect
from crmcli.store.rows import ALL, chunks, fetch, fetch_ids
from crmcli.store.sql import journal as sql
from crmcli.store.tables import COLUMNS
from crmcli.store.unit import NOUNS, Row, Unit

Key = tuple[str, int]  # table and row

# Words of the vocabulary outlive the record that brought them, if others use them by now.
SHARED = ("tag", "source")
PARTIES = ("contact", "org", "deal")


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
    """One change of the journal: one row, or the id range of a bulk import."""

    id: int
    group_id: int
    table: str
    row_id: int
    last_row_id: int
    op: str
    old: Row
    new: Row
    is_range: bool

    @property
    def key(self) -> Key:
        """Give table and (first) row."""
        return self.table, self.row_id


def undo(
    w: Unit, id: int | None = None, *, anyone: bool = False, skip_changed: bool = False
) -> Reverted:
    """Take back a group: the newest of the actor's own, or group `id`; all parts of an import.

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
            raise NotFoundError(tr("nothing to undo"), tr("`crm history` lists what was done"))
    else:
        group = w.one(sql.GROUP, id=id)
        if group is None:
            raise NotFoundError(
                tr("there is no change group {id}", id=id), tr("`crm history` lists them")
            )
        if group["undone_by_id"] is not None:
            raise ConflictError(
                tr("group {id} is undone already", id=id), tr("`crm redo` brings it back")
            )
        if group["source"] == "undo":
            raise ConflictError(tr("group {id} is an undo itself", id=id), tr("use `crm redo`"))
    if group["part_of_id"] is not None:
        group = w.one(sql.GROUP, id=group["part_of_id"]) or group
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
        raise NotFoundError(tr("nothing to redo"), tr("`crm history` lists what was done"))
    undone_by = w.one(sql.GROUP, id=group["undone_by_id"])
    assert undone_by is not None
    reverted = _revert(w, {**undone_by, "command": group["command"]}, skip_changed=False)
    w.conn.execute(sql.MARK_UNDONE, {"id": group["id"], "by": None})
    return Reverted(group["id"], reverted.command, reverted.changes, [])


def history(
    conn: sqlite3.Connection,
    limit: int,
    record: Key | None = None,
    *,
    actor: str | None = None,
    before: int = 1 << 62,
) -> list[Group]:
    """Give the newest `limit` groups before one; of one record or actor if they are given."""
    values: Row = {"before": before, "limit": limit, "actor": actor}
    if record is None:
        rows = conn.execute(sql.HISTORY, values)
    else:
        table, id = record
        values |= {"table_name": table, "row_id": id}
        rows = conn.execute(dialect.record_history(table), values)
    return [
        Group(id, at, actor, source, command, undone is not None, _summary(conn, id))
        for id, at, actor, source, command, undone in rows.fetchall()
    ]


def changes(conn: sqlite3.Connection, group_id: int, limit: int = ALL) -> list[Row]:
    """Give the first changes of one group in order, as table, row, op, before and after."""
    return fetch(conn, sql.FIRST_CHANGES, group_id=group_id, limit=limit)


def counts(conn: sqlite3.Connection, group_id: int) -> list[Row]:
    """Give how many rows of which table a group added, changed or removed, and the first one.

    As table_name, op, row_id, amount, in the order it did so.
    """
    return fetch(conn, sql.GROUP_SUMMARY, group_id=group_id)


def first_change(conn: sqlite3.Connection, group_id: int, table: str) -> Row:
    """Give the first change that a group made in a table."""
    return fetch(conn, sql.FIRST_CHANGE, group_id=group_id, table_name=table)[0]


def row_values(conn: sqlite3.Connection, change: Row) -> Row:
    """Give what is known of the row that a change is about: as it is, and as the change left it."""
    table = change["table_name"]
    rows = fetch(conn, sql.ROW.format(table=table), id=change["row_id"]) if table in COLUMNS else []
    before, after = (json.loads(change[name] or "{}") for name in ("old", "new"))
    return {**(rows[0] if rows else {}), **before, **after}


def actors(conn: sqlite3.Connection) -> list[str]:
    """Give everybody who changed something."""
    return [row["actor"] for row in fetch(conn, sql.ACTORS)]


def names(conn: sqlite3.Connection, table: str, ids: Iterable[int]) -> dict[int, str]:
    """Give what rows of a table are called; those that are gone are left out."""
    found: dict[int, str] = {}
    for some in chunks(ids) if table in sql.NAMES else ():
        rows = fetch_ids(conn, sql.NAMES[table], some)
        found |= {row["id"]: row["name"] for row in rows}
    return found


def _summary(conn: sqlite3.Connection, group_id: int) -> str:
    """Say in short what a group did: `1 contact added, 2 channel changed`."""
    words = {"I": "added", "U": "changed", "D": "removed"}
    rows = conn.execute(sql.GROUP_SUMMARY, {"group_id": group_id})
    skipped = ("handle",)
    return ", ".join(
        f"{amount} {table} {words[op]}" for table, op, _, amount in rows if table not in skipped
    )


def _revert(w: Unit, group: Row, skip_changed: bool) -> Reverted:
    """Apply the inverse of `group` in reverse order."""
    made = _Made(_steps(w.conn, group["id"]))
    changed = _changed_since(w, group["id"]) | _used_since(w, made)
    if changed and not skip_changed:
        names = ", ".join(sorted({_name(w, key) for key in changed})[:3])
        raise ConflictError(
            tr(
                "cannot undo group {id}: {names} changed or used since", id=group["id"], names=names
            ),
            tr("`--skip-changed` leaves such records out; `crm history REF` shows what happened"),
        )
    kept = _whole_records(w, made, changed)
    w.begin_group()
    back = _Reverse(w, made, kept)
    done = sum(back.apply(step) for step in _steps(w.conn, group["id"], backwards=True))
    command = group["command"] or group["source"]
    records = [_name(w, key) for key in sorted(kept) if key[0] in PARTIES]
    return Reverted(group["id"], command, done, records)


def _steps(conn: sqlite3.Connection, group_id: int, *, backwards: bool = False) -> Iterator[_Step]:
    """Give the changes of a group one by one: a big import's undo has a million of them.

    An import in several groups is one after the other: no other writer comes between the changes
    of a group.
    """
    query = sql.CHANGES_BACKWARDS if backwards else sql.CHANGES
    parts = [id for (id,) in conn.execute(sql.PARTS, {"id": group_id})]
    for part in reversed(parts) if backwards else parts:
        for id, group, table, row_id, last, op, old, new in conn.execute(query, {"group_id": part}):
            before, after = json.loads(old or "{}"), json.loads(new or "{}")
            is_range = last is not None
            yield _Step(id, group, table, row_id, last or row_id, op, before, after, is_range)


class _Made:
    """The rows a group inserted, as id ranges by table, and the links it changed."""

    def __init__(self, steps: Iterator[_Step]) -> None:
        self.ranges: dict[str, list[tuple[int, int]]] = {}
        self.relinked: set[tuple[str, int, str]] = set()  # table, row, column
        for step in steps:
            if step.op == "I":
                self.ranges.setdefault(step.table, []).append((step.row_id, step.last_row_id))
            elif step.op == "U":
                self.relinked.update((*step.key, name) for name in step.new if name[-3:] == "_id")

    def __contains__(self, key: Key) -> bool:
        return any(low <= key[1] <= high for low, high in self.ranges.get(key[0], ()))

    def widest(self, table: str) -> tuple[int, int]:
        """Give the widest range of a table; an impossible one when there is none."""
        return max(self.ranges.get(table, [(0, -1)]), key=lambda pair: pair[1] - pair[0])


def _changed_since(w: Unit, group_id: int) -> set[Key]:
    """Give the rows that no longer hold what the group left there."""
    changed: set[Key] = set()
    gone: set[Key] = set()
    left: dict[Key, Row] = {}
    for step in _steps(w.conn, group_id):
        if step.is_range:
            changed |= _range_changed(w, step)
        elif step.op == "D":
            gone.add(step.key)
            left.pop(step.key, None)
        else:
            gone.discard(step.key)
            left[step.key] = {**left.get(step.key, {}), **step.new}
    changed |= {key for key in gone if w.get(*key) is not None}
    return changed | {key for key, written in left.items() if not _holds(w, key, written)}


def _holds(w: Unit, key: Key, written: Row) -> bool:
    """Tell whether a row is there and has these values; bookkeeping does not count."""
    current = w.get(*key)
    return current is not None and all(
        current[column] == value
        for column, value in written.items()
        if column not in dialect.BOOKKEEPING and column in current
    )


def _range_changed(w: Unit, step: _Step) -> set[Key]:
    """Give the rows of a bulk range whose first recorded value is no longer the present one."""
    first: dict[int, Row] = {}
    bounds = {"row_id": step.row_id, "last_row_id": step.last_row_id}
    root = w.one(sql.GROUP, id=step.group_id) or {}
    group_id = root["part_of_id"] or step.group_id
    values = {**bounds, "table_name": step.table, "id": step.id, "group_id": group_id}
    for row_id, old in w.conn.execute(sql.LATER, values):
        first[row_id] = {**json.loads(old), **first.get(row_id, {})}
    changed = {
        (step.table, row_id)
        for row_id, values in first.items()
        if not _holds(w, (step.table, row_id), values)
    }
    query = f"SELECT id FROM {step.table} WHERE id BETWEEN :row_id AND :last_row_id"
    alive = {row[0] for row in w.conn.execute(query, bounds)}
    gone = set(range(step.row_id, step.last_row_id + 1)) - alive
    return changed | {(step.table, row_id) for row_id in gone}


def _used_since(w: Unit, made: _Made) -> set[Key]:
    """Give the rows the group made that rows of later groups point at."""
    used: set[Key] = set()
    for table, column, parent in links(w.conn):
        if parent in SHARED:
            continue
        own_low, own_high = made.widest(table)
        query = (
            f"SELECT id, {column} FROM {table} WHERE {column} BETWEEN :low AND :high"
            " AND NOT (id BETWEEN :own_low AND :own_high)"
        )
        for low, high in made.ranges.get(parent, ()):
            bounds = {"low": low, "high": high, "own_low": own_low, "own_high": own_high}
            for id, parent_id in w.conn.execute(query, bounds):
                own = (table, id) in made or (table, id, column) in made.relinked
                if not own:
                    used.add((parent, parent_id))
    return used


def _whole_records(w: Unit, made: _Made, changed: set[Key]) -> set[Key]:
    """Give `changed` with all that belongs to the same records, and what these need."""
    outer = [link for link in links(w.conn) if link[2] not in SHARED]
    kept, queue = set(changed), list(changed)
    while queue:
        key = queue.pop()
        for other in _neighbours(w, key, outer):
            if other not in kept and (other in made or other[0] in PARTIES):
                kept.add(other)
                queue.append(other)
    return {key for key in kept if key in made or key in changed}


def _neighbours(w: Unit, key: Key, links: list[tuple[str, str, str]]) -> Iterator[Key]:
    """Give what a row points at, and the rows that are parts of it."""
    row = w.get(*key) or {}
    for table, column, parent in links:
        if table == key[0] and row.get(column):
            yield parent, row[column]
        is_part = f"{parent}_id" == column and (table, column) != ("employment", "org_id")
        if parent == key[0] and is_part and parent in PARTIES:
            query = f"SELECT id FROM {table} WHERE {column} = :id"
            yield from ((table, found) for (found,) in w.conn.execute(query, {"id": key[1]}))


class _Reverse:
    """Applies the inverse of changes, the newest first."""

    def __init__(self, w: Unit, made: _Made, kept: set[Key]) -> None:
        self.w = w
        self.made = made
        self.kept = kept
        self.links = [link for link in links(w.conn) if link[2] in SHARED]
        self.now_called: dict[Key, int] = {}  # words that were made again under another id

    def apply(self, step: _Step) -> int:
        """Apply the inverse of one change; give how many rows it moved.

        Raises:
            ConflictError: the inverse would break a rule of the schema.
        """
        if step.key in self.kept and not step.is_range:
            return 0
        try:
            if step.op == "I":
                return self._delete(step)
            return self._insert(step) if step.op == "D" else self._restore(step)
        except sqlite3.IntegrityError as error:
            raise ConflictError(
                tr(
                    "cannot undo group {group_id}: {name} clashes with what is there now ({error})",
                    group_id=step.group_id,
                    name=_name(self.w, step.key, step.old),
                    error=error,
                ),
                tr("`crm history` shows what came since"),
            ) from None

    def _delete(self, step: _Step) -> int:
        if step.table not in SHARED:
            return self._delete_range(step)
        done = 0
        for row_id in range(step.row_id, step.last_row_id + 1):
            if not _is_referenced(self.w.conn, step.table, row_id):
                self.w.delete(step.table, row_id)
                done += 1
        return done

    def _delete_range(self, step: _Step) -> int:
        """Delete the rows a step made, except kept ones."""
        inside = [id for table, id in sorted(self.kept) if table == step.table]
        inside = [id for id in inside if step.row_id <= id <= step.last_row_id]
        return sum(
            self.w.delete_between(step.table, low + 1, high - 1)
            for low, high in pairwise([step.row_id - 1, *inside, step.last_row_id + 1])
        )

    def _insert(self, step: _Step) -> int:
        """Bring a deleted row back; a word that was made again meanwhile is used instead."""
        values = {key: value for key, value in step.old.items() if key in COLUMNS[step.table]}
        if step.table in SHARED:
            again = self.w.one(sql.AGAIN[step.table], name_norm=values["name_norm"])
            if again:
                self.now_called[step.key] = again["id"]
                return 0
        for table, column, parent in self.links:
            if table == step.table and (parent, values.get(column)) in self.now_called:
                values[column] = self.now_called[parent, values[column]]
        self.w.insert(step.table, **values)
        return 1

    def _restore(self, step: _Step) -> int:
        """Give changed columns their old values; a later change's bookkeeping stays."""
        row = self.w.get(*step.key)
        if row is None and step.key in self.made:
            return 0  # made and changed by this group: its insert is taken back already
        columns = COLUMNS[step.table]  # a later release may have fewer than there were
        values = {column: value for column, value in step.old.items() if column in columns}
        for column in dialect.BOOKKEEPING & set(row or {}):
            if (row or {}).get(column) != step.new.get(column):
                values[column] = (row or {})[column]
        self.w.update(*step.key, **values)
        return 1


def links(conn: sqlite3.Connection) -> list[tuple[str, str, str]]:
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
        for table, column, target in links(conn)
        if target == parent
    )


def _name(w: Unit, key: Key, old: Row | None = None) -> str:
    """Name a row for a message: its record if it has one."""
    table, id = key
    row = w.get(table, id) or old or {}
    for column, noun in (("contact_id", "contact"), ("org_id", "org"), ("deal_id", "deal")):
        if table not in NOUNS and row.get(column):
            return _name(w, (noun, row[column]))
    letter = table[0] if table in NOUNS else ""
    label = row.get("display_name") or row.get("name") or row.get("title") or ""
    return f"{letter}{id} {label}".strip() if letter else f"{table} {id}"
