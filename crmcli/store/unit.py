"""The unit of work: the only way to write.

`Store.write(command, fn)` runs `fn(w)` inside BEGIN IMMEDIATE as one change group, and again from
the start if the database was busy. The journal's triggers record what it changes; search texts,
handles and derived values of the changed records are refreshed before the commit.
"""

import os
import sqlite3
import time
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Generic, TypeVar

from crmcli.clock import Clock, new_uid
from crmcli.errors import ConflictError, StorageError
from crmcli.i18n import tr
from crmcli.store import db, dialect
from crmcli.store.sql import journal as sql
from crmcli.store.sql import user as user_sql
from crmcli.store.tables import COLUMNS

if TYPE_CHECKING:
    from sqlmodel import Session

T = TypeVar("T")
Row = dict[str, Any]

NOUNS = ("contact", "org", "task", "interaction", "deal")
# Tables whose rows belong to a record of a noun, by these columns.
OWNERS = {
    "contact_id": "contact",
    "org_id": "org",
    "interaction_id": "interaction",
    "deal_id": "deal",
    "from_contact_id": "contact",
    "to_contact_id": "contact",
}


@dataclass(slots=True)
class Changes:
    """Which records a unit of work touched: noun -> ids. Screens reload these."""

    ids: dict[str, set[int]] = field(default_factory=lambda: defaultdict(set))

    def __bool__(self) -> bool:
        return any(self.ids.values())


@dataclass(frozen=True, slots=True)
class Done(Generic[T]):
    """What a unit of work gave and moved; `group_id` is None when nothing was written."""

    value: T
    changes: Changes
    group_id: int | None


class Unit:
    """The writing hand inside one unit of work; `fn` gets it as `w`."""

    def __init__(
        self, conn: sqlite3.Connection, clock: Clock, actor: str, command: str, source: str
    ) -> None:
        self.conn = conn
        self.clock = clock
        self.actor = actor
        self.command = command
        self.source = source
        self.now = clock.stamp()
        self.changes = Changes()
        self.renamed: set[tuple[str, int]] = set()  # records whose handle must be looked at
        self.stale_tags: set[int] = set()  # tags whose name or cadence changed
        self.all_cadences = False  # whether the cadence of everyone changed
        self.group_id: int | None = None
        self.remembered = False  # whether something outside the history was written

    def all(self, query: str, **values: Any) -> list[Row]:
        """Give every row of a named SQL constant as a dict."""
        cursor = self.conn.execute(query, values)
        names = [column[0] for column in cursor.description]
        return [dict(zip(names, row, strict=True)) for row in cursor]

    def one(self, query: str, **values: Any) -> Row | None:
        """Give the first row of a named SQL constant, or None."""
        rows = self.all(query, **values)
        return rows[0] if rows else None

    def get(self, table: str, id: int) -> Row | None:
        """Give one row by id, or None."""
        _columns(table)
        return self.one(f"SELECT * FROM {table} WHERE id = :id", id=id)

    def insert(self, table: str, **values: Any) -> int:
        """Insert a row and give its id; uid and time stamps are filled in."""
        self.begin_group()
        values = self._stamped(table, values)
        cursor = self.conn.execute(_insert(table, values), values)
        id = cursor.lastrowid or 0
        self._touch(table, {"id": id, **values})
        if table in ("contact", "org"):
            self.renamed.add((table, id))
        return id

    def insert_many(self, table: str, columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> int:
        """Insert ready tuples and give the id of the first; ids follow one another.

        The caller touches the records itself (`touch`); a whole import would be slow otherwise.
        """
        self.begin_group()
        names = ", ".join(_known(table, columns))
        marks = ", ".join("?" * len(columns))
        first = self.next_id(table)
        self.conn.executemany(f"INSERT INTO {table} ({names}) VALUES ({marks})", rows)
        return first

    def next_id(self, table: str) -> int:
        """Give the id the next inserted row of `table` will have."""
        row = self.conn.execute(sql.LAST_ID, {"table": table}).fetchone()
        return (row[0] if row else 0) + 1

    def update(self, table: str, id: int, version: int | None = None, **values: Any) -> bool:
        """Change columns of one row; give False, and write nothing, when all hold already.

        Args:
            table: the table's name.
            id: the row.
            version: the version the caller saw; None when it read inside this unit of work.
            values: the new values by column.

        Raises:
            ConflictError: the row is gone, or someone changed it since `version`.
        """
        row = self.get(table, id)
        if row is None or (version is not None and row.get("version") != version):
            raise ConflictError(
                tr("{table} {id} changed meanwhile", table=table, id=id),
                tr("look at it again and repeat the change"),
            )
        moved = {key: value for key, value in values.items() if row[key] != value}
        if not moved:
            return False
        self.begin_group()
        if "updated_at" in COLUMNS[table] and "updated_at" not in values:
            moved["updated_at"] = self.now
        terms = [f"{column} = :{column}" for column in _known(table, moved)]
        if "version" in COLUMNS[table]:
            terms.append("version = version + 1")
        self.conn.execute(
            f"UPDATE {table} SET {', '.join(terms)} WHERE id = :id", {**moved, "id": id}
        )
        self._touch(table, row)
        self._touch(table, {**row, **moved})
        if {"display_name", "name"} & set(moved) and table in ("contact", "org"):
            self.renamed.add((table, id))
        return True

    def delete(self, table: str, id: int) -> None:
        """Delete one row; records go to the trash instead (`archived_at`)."""
        row = self.get(table, id)
        if row is None:
            return
        self.begin_group()
        self.conn.execute(f"DELETE FROM {table} WHERE id = :id", {"id": id})
        self._touch(table, row)

    def delete_between(self, table: str, low: int, high: int) -> int:
        """Delete the rows of an id range, as a bulk import made them; give how many."""
        bounds = {"low": low, "high": high}
        where = f"FROM {table} WHERE id BETWEEN :low AND :high"
        owners = [column for column in OWNERS if column in _columns(table)]
        names = ", ".join(["id", *owners])
        for id, *values in self.conn.execute(f"SELECT {names} {where}", bounds).fetchall():
            self._touch(table, {"id": id, **dict(zip(owners, values, strict=True))})
        return self.conn.execute(f"DELETE {where}", bounds).rowcount

    def touch(self, noun: str, ids: Iterable[int]) -> None:
        """Say that records of `noun` changed, so that what derives from them is refreshed."""
        self.changes.ids[noun].update(ids)

    def actor_id(self) -> int:
        """Give the app_user row of the actor, made on their first write."""
        return self.user_id(self.actor)

    def user_id(self, name: str) -> int:
        """Give the app_user row called `name`, made when it is new."""
        row = self.one(user_sql.BY_NAME, name=name)
        return row["id"] if row else self.insert("app_user", name=name)

    def begin_group(self) -> None:
        """Open the change group with the first write, so that doing nothing writes nothing."""
        if self.group_id is not None:
            return
        self.group_id = self.conn.execute(
            sql.OPEN_GROUP,
            {
                "at": self.now,
                "actor": self.actor,
                "source": self.source,
                "command": self.command,
            },
        ).lastrowid
        self.conn.execute(sql.SET_STATE, {"group_id": self.group_id})

    def remember(self, statement: str, **values: Any) -> int:
        """Write to a table that is no part of the history; give how many rows it moved.

        No change group is opened: there is nothing to undo.
        """
        self.remembered = True
        return self.conn.execute(statement, values).rowcount

    def forget_group(self) -> None:
        """Let all that was written so far be rolled back: it came to nothing."""
        self.group_id = None

    @contextmanager
    def bulk(self, tables: Sequence[str]) -> Iterator[None]:
        """Journal the inserts into `tables` as one id range each instead of row by row."""
        self.begin_group()
        first = {table: self.next_id(table) for table in tables}
        for table in tables:
            self.conn.execute(f"DROP TRIGGER {dialect.trigger_name(table, 'I')}")
        yield
        for table in tables:
            self.conn.execute(dialect.insert_trigger(table, list(COLUMNS[table])))
            if (last := self.next_id(table) - 1) >= first[table]:
                self.conn.execute(
                    sql.ADD_RANGE,
                    {
                        "group_id": self.group_id,
                        "table_name": table,
                        "row_id": first[table],
                        "last_row_id": last,
                    },
                )

    def _stamped(self, table: str, values: Row) -> Row:
        columns = COLUMNS[table]
        defaults = {"created_at": self.now, "updated_at": self.now}
        stamped = {key: value for key, value in defaults.items() if key in columns}
        if "uid" in columns and not values.get("uid"):
            values = {**values, "uid": new_uid()}
        return stamped | {key: value for key, value in values.items() if value is not None}

    def _touch(self, table: str, row: Row) -> None:
        if table in NOUNS:
            self.changes.ids[table].add(row["id"])
        if table in ("task", "app_user"):
            return
        if table == "tag":
            self.stale_tags.add(row["id"])
        if table == "cadence":
            self.stale_tags.update(filter(None, [row.get("tag_id")]))
            self.all_cadences = self.all_cadences or row.get("tag_id") is None
        for column, noun in OWNERS.items():
            if row.get(column) and not (table == "interaction" and column == "org_id"):
                self.changes.ids[noun].add(row[column])


class Store:
    """One database: a reading connection, and `write` for everything else.

    Args:
        path: the database file; a missing one reads as empty and is made by the first write.
        clock: tells now and today.
        actor: who writes (`CRM_USER`, else the configuration, else the system user).
        source: which way in: cli, tui, import, cron, hook.
    """

    def __init__(self, path: str, clock: Clock, actor: str, source: str = "cli") -> None:
        self.path = path
        self.clock = clock
        self.actor = actor
        self.source = source
        self._reader: sqlite3.Connection | None = None

    @property
    def is_open(self) -> bool:
        """Tell whether there is a reading connection already."""
        return self._reader is not None

    @property
    def reader(self) -> sqlite3.Connection:
        """The reading connection, opened on first use."""
        if self._reader is None:
            self._reader = db.connect_reader(self.path)
        return self._reader

    def check(self) -> None:
        """Open the database and close it again, so that what is none of ours is refused now.

        Raises:
            StorageError: not a database of ours, newer than the program, or unreadable.
        """
        _ = self.reader
        self.close()

    def write(
        self,
        command: str,
        fn: Callable[[Unit], T],
        *,
        source: str | None = None,
        dry_run: bool = False,
        last: Callable[[], object] | None = None,
    ) -> Done[T]:
        """Run `fn(w)` as one change group called `command`; `dry_run` rolls it back at the end.

        Args:
            command: the name of the group in the history.
            fn: what writes.
            source: which way in, if it is not the store's.
            dry_run: roll back at the end.
            last: called right before the commit; what it raises rolls back.

        Raises:
            StorageError: busy past the wait, read-only, full, or not ours; nothing was written.
        """
        deadline = time.monotonic() + dialect.BUSY_MS / 1000
        is_missing = not os.path.lexists(self.path)
        conn = db.connect_empty() if dry_run and is_missing else db.connect_writer(self.path)
        try:
            while True:
                unit = Unit(conn, self.clock, self.actor, command, source or self.source)
                try:
                    return _run(unit, fn, dry_run, last)
                except sqlite3.Error as error:
                    if not (_is_busy(error) and time.monotonic() < deadline):
                        raise db.storage_error(error, self.path) from error
        finally:
            conn.close()
            self.close()  # a reader of an empty memory database must see the new file

    def session(self) -> "Session":
        """Give a read-only SQLModel session, the Python door for notebooks."""
        from sqlalchemy import create_engine
        from sqlalchemy.pool import StaticPool
        from sqlmodel import Session

        conn = db.connect_reader(self.path)
        return Session(create_engine("sqlite://", creator=lambda: conn, poolclass=StaticPool))

    def close(self) -> None:
        """Close the reading connection; the next read opens a new one."""
        if self._reader is not None:
            self._reader.close()
            self._reader = None


def _run(
    unit: Unit, fn: Callable[[Unit], T], dry_run: bool, last: Callable[[], object] | None
) -> Done[T]:
    from crmcli.store.derive import refresh

    unit.conn.execute("BEGIN IMMEDIATE")
    try:
        value = fn(unit)
        if unit.group_id is not None:
            refresh(unit)
            unit.conn.execute(sql.SET_STATE, {"group_id": None})
        if last is not None:
            last()
        written = unit.group_id is not None or unit.remembered
        unit.conn.execute("COMMIT" if written and not dry_run else "ROLLBACK")
    except BaseException:
        if unit.conn.in_transaction:
            unit.conn.execute("ROLLBACK")
        raise
    return Done(value, unit.changes, None if dry_run else unit.group_id)


def _is_busy(error: sqlite3.Error) -> bool:
    return getattr(error, "sqlite_errorcode", 0) & 0xFF == sqlite3.SQLITE_BUSY


def _columns(table: str) -> tuple[str, ...]:
    if table not in COLUMNS:
        raise StorageError(tr("no such table: {table}", table=table))
    return COLUMNS[table]


def _known(table: str, columns: Iterable[str]) -> list[str]:
    """Give `columns`, each checked against the table: names never come from outside."""
    known = _columns(table)
    names = list(columns)
    if unknown := [name for name in names if name not in known]:
        raise StorageError(tr("no such column: {table}.{unknown}", table=table, unknown=unknown[0]))
    return names


def _insert(table: str, values: Row) -> str:
    names = _known(table, values)
    marks = ", ".join(f":{name}" for name in names)
    return f"INSERT INTO {table} ({', '.join(names)}) VALUES ({marks})"
