"""Everything that people made, as plain rows: one a record, with all that belongs to it inside.

The tables come from the schema: one that is added later is dumped too, unless it is `LEFT_OUT`.
Rows of a table in `PARTS` stand inside the record they belong to, under the name of their table.
"""

import json
import math
import sqlite3
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from crmcli.errors import ConflictError, InvalidError
from crmcli.i18n import tr
from crmcli.store import dialect
from crmcli.store.rows import CHUNK, Row, fetch, grouped
from crmcli.store.tables import COLUMNS
from crmcli.store.unit import NOUNS, Unit
from crmcli.text import fold

LEFT_OUT = {
    "change_group": "the history",
    "change": "the history",
    "journal_state": "of the running unit of work",
    "import_batch": "belongs to the history",
    "import_row": "belongs to the history",
    "notification_log": "what cron has told; no part of the history either",
    "search_doc": "follows from the records",
    "name_word": "follows from the records",
    "sync_item": "describes files of this machine",
}
"""Tables that are no part of a dump, and why."""

PARTS: dict[str, tuple[str, ...]] = {
    "handle": ("contact_id", "org_id"),
    "employment": ("contact_id",),
    "channel": ("contact_id", "org_id"),
    "address": ("contact_id", "org_id"),
    "important_date": ("contact_id",),
    "interaction_contact": ("interaction_id",),
    "tagging": ("contact_id", "org_id", "interaction_id", "deal_id"),
    "attachment": ("contact_id", "org_id", "interaction_id", "deal_id"),
    "contact_stage_history": ("contact_id",),
    "lifecycle_history": ("contact_id",),
    "deal_contact": ("deal_id",),
    "deal_line": ("deal_id",),
    "deal_stage_history": ("deal_id",),
    "deal_value_history": ("deal_id",),
    "source_cost": ("source_id",),
    "external_ref": ("contact_id", "org_id"),
    "cadence": ("tag_id",),
}
"""Tables whose rows belong to a record, by these columns; a row with none of them stands alone."""

TABLES = tuple(table for table in COLUMNS if table not in LEFT_OUT)
FOLDED = {
    "name_norm": ("display_name", "name"),
    "inverse_norm": ("inverse",),
    "label_norm": ("label",),
}
"""Search keys, made again from the first of these columns that the table has."""
SEEDS = ("stage", "pipeline", "reason")
"""What a new database begins with; a dump brings its own."""
_LARGEST = 2**63


@contextmanager
def snapshot(conn: sqlite3.Connection) -> Iterator[None]:
    """Read all that follows from one state of the database."""
    conn.execute("BEGIN")
    try:
        yield
    finally:
        conn.execute("ROLLBACK")


def records(conn: sqlite3.Connection, table: str) -> Iterator[Row]:
    """Give the records of a table by id, each with its parts; empty columns are left out."""
    query = (
        f"SELECT {_listed(table)} FROM {table}"
        f" WHERE id > :after AND {_standing_alone(conn, table)} ORDER BY id LIMIT :limit"
    )
    after = -_LARGEST
    while rows := fetch(conn, query, after=after, limit=CHUNK):
        after = rows[-1]["id"]
        parts = [
            (part, _parts(conn, part, owner, [row["id"] for row in rows]))
            for part, owner in parts_of(table)
        ]
        for row in rows:
            inside = {part: found[row["id"]] for part, found in parts if row["id"] in found}
            yield _open(row) | inside


def parts_of(table: str) -> list[tuple[str, str]]:
    """Give the tables whose rows stand inside those of `table`, and the column that says so."""
    owner = f"{table}_id"
    return [(part, owner) for part, owners in PARTS.items() if owner in owners]


def kept(table: str) -> list[str]:
    """Give the columns of a table that a dump holds."""
    left_out = {*dialect.DERIVED, *FOLDED}
    return [column for column in COLUMNS[table] if column not in left_out]


def _listed(table: str) -> str:
    return ", ".join(f'"{column}"' for column in kept(table))


def _standing_alone(conn: sqlite3.Connection, table: str) -> str:
    """Give the condition on rows that have a line of their own.

    Users only as far as a record names them: they are no part of the history.
    """
    if table == "app_user":
        columns = [
            (other, column)
            for other in TABLES
            for column, target in links(conn, other).items()
            if target == table
        ]
        naming = " UNION ".join(f"SELECT {column} FROM {other}" for other, column in columns)
        return f"id IN ({naming})"
    return " AND ".join(f"{owner} IS NULL" for owner in PARTS.get(table, ())) or "TRUE"


def links(conn: sqlite3.Connection, table: str) -> dict[str, str]:
    """Give the columns of a table that point at rows of others: column -> table."""
    rows = conn.execute(dialect.FOREIGN_KEYS.format(table=table))
    return {row[3]: row[2] for row in rows}


def _parts(
    conn: sqlite3.Connection, table: str, owner: str, ids: Sequence[int]
) -> dict[int, list[Row]]:
    """Give the rows that belong to records, without what says so."""
    query = f"SELECT {_listed(table)} FROM {table} WHERE {owner} IN ({{ids}}) ORDER BY id"
    found = grouped(conn, query, ids, owner)
    return {
        id: [_open({key: row[key] for key in row if key not in PARTS[table]}) for row in rows]
        for id, rows in found.items()
    }


def _open(row: Row) -> Row:
    """Give a row without empty columns, JSON in it as what it says."""
    return {key: _opened(value) for key, value in row.items() if value is not None}


def _opened(value: Any) -> Any:
    """Give an object or a list that is stored as text; it is written back as the same text."""
    if not isinstance(value, str) or value[:1] not in ("{", "["):
        return value
    try:
        found = json.loads(value, parse_constant=_no_constant)
    except (ValueError, RecursionError):
        return value
    return found if _closed(found) == value else value


def _no_constant(name: str) -> None:
    raise ValueError(f"{name} is not JSON")


def _closed(value: Any) -> Any:
    """Give a value as it is stored."""
    return json.dumps(value, ensure_ascii=False) if isinstance(value, dict | list) else value


def is_untouched(conn: sqlite3.Connection) -> bool:
    """Tell whether nothing was ever written: no record, no history."""
    tables = (*(table for table in TABLES if table not in SEEDS), "change_group")
    found = (conn.execute(f"SELECT 1 FROM {table} LIMIT 1").fetchone() for table in tables)
    return not any(found)


@dataclass(slots=True)
class Check:
    """Looks at records before anything is written: their shape, and what they point at.

    Args:
        conn: tells how tables point at one another.
    """

    conn: sqlite3.Connection
    ids: dict[str, set[int]] = field(default_factory=dict)
    open_links: list[tuple[str, int, str, int]] = field(default_factory=list)
    _links: dict[str, dict[str, str]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._links = {table: links(self.conn, table) for table in TABLES}
        targets = {target for found in self._links.values() for target in found.values()}
        self.ids = {target: set() for target in targets}

    def take(self, table: str, record: Any, line: int) -> None:
        """Look at one record.

        Raises:
            InvalidError: it does not have the shape of its table, or its id was there before.
        """
        own, parts = split(table, record)
        id = own["id"]
        if table in self.ids:
            if id in self.ids[table]:
                raise InvalidError(tr("the id {id} is there twice", id=id))
            self.ids[table].add(id)
        self._note(table, own, table, line)
        for part, row in parts:
            self._note(part, row, table, line)

    def _note(self, table: str, row: Row, file: str, line: int) -> None:
        """Keep in mind what a row points at that did not come by yet."""
        for column, target in self._links[table].items():
            id = row.get(column)
            if id is not None and id not in self.ids[target]:
                self.open_links.append((file, line, target, id))

    def broken(self) -> tuple[str, int, str, int] | None:
        """Give the first link to a record that never came: table, line, target, id."""
        return next((one for one in self.open_links if one[3] not in self.ids[one[2]]), None)


def split(table: str, record: Any) -> tuple[Row, list[tuple[str, Row]]]:
    """Give a record's own row and those of its parts, in stored form.

    Raises:
        InvalidError: it does not have the shape of its table.
    """
    if not isinstance(record, dict):
        raise InvalidError(tr("is not a JSON object"))
    owners = dict(parts_of(table))
    own = {key: value for key, value in record.items() if key not in owners}
    row = _row(table, own)
    id = row.get("id")
    if type(id) is not int or id < 1:
        raise InvalidError(tr("the id is not a whole number from 1"))
    parts = []
    for part, owner in owners.items():
        found = record.get(part, [])
        if not isinstance(found, list) or not all(isinstance(one, dict) for one in found):
            raise InvalidError(tr("{key} is not a list of objects", key=part))
        parts += [(part, {**_row(part, one), owner: id}) for one in found]
    return row, parts


def _row(table: str, values: Row) -> Row:
    """Give the row of a table in stored form, its search keys made again."""
    columns = kept(table)
    for key, value in values.items():
        if key not in columns:
            raise InvalidError(tr("{table} has no {key!r}", table=table, key=key))
        if not _is_storable(value):
            raise InvalidError(tr("{key!r} cannot be stored", key=key))
    row = {key: _closed(value) for key, value in values.items()}
    for norm, sources in FOLDED.items():
        if norm in COLUMNS[table]:
            source = next(column for column in sources if column in COLUMNS[table])
            row[norm] = fold(str(row.get(source, "")))
    return row


def _is_storable(value: Any) -> bool:
    """Tell whether SQLite takes a value of JSON: no yes and no, nothing endless."""
    if isinstance(value, str):
        return value.isascii() or not any("\ud800" <= char <= "\udfff" for char in value)
    if isinstance(value, bool):
        return False
    if isinstance(value, int):
        return -_LARGEST <= value < _LARGEST
    if isinstance(value, float):
        return math.isfinite(value)
    return value is None or isinstance(value, dict | list)


def load(w: Unit, items: Callable[[], Iterable[tuple[str, Any]]]) -> Counter[str]:
    """Store records in a database that was never written; give how many of each table.

    Args:
        w: the unit of work.
        items: gives the checked records, each with its table; again if the database was busy.

    Raises:
        ConflictError: something was written before.
        InvalidError: the schema refuses the record given last; all is rolled back.
    """
    if not is_untouched(w.conn):
        raise ConflictError(
            tr("the database is not empty"), tr("name a new one with --db, or CRM_DB")
        )
    counts: Counter[str] = Counter()
    w.conn.execute(dialect.DEFER_LINKS)
    w.begin_group()
    seeds = list(SEEDS)
    # The seeds row by row: a range begins behind the highest id that there ever was.
    with w.bulk([table for table in TABLES if table not in {*dialect.UNJOURNALED, *SEEDS}]):
        for table, record in items():
            row, parts = split(table, record)
            while table in SEEDS and seeds:  # a folder without them leaves ours
                w.conn.execute(f"DELETE FROM {seeds.pop(0)}")
            try:
                for name, values in ((table, row), *parts):
                    w.insert_many(name, list(values), [list(values.values())])
            except (sqlite3.IntegrityError, sqlite3.DataError) as error:
                raise InvalidError(str(error)) from None
            counts[table] += 1
            _touch(w, table, row, parts)
    return counts


def _touch(w: Unit, table: str, row: Row, parts: Sequence[tuple[str, Row]]) -> None:
    """Say what follows from a new record, to be made at the end of the unit of work."""
    if table in NOUNS:
        w.touch(table, [row["id"]])
    has_handle = any(name == "handle" and values.get("is_current") for name, values in parts)
    is_merged = bool(row.get("merged_into_id"))  # its handles went along
    if table in ("contact", "org") and not has_handle and not is_merged:
        w.renamed.add((table, row["id"]))
