"""Indices, triggers and views: what of a database follows from the program alone.

They are compared with those of a new database, and made again, by `crm doctor` and by upgrades.
"""

import sqlite3
from contextlib import closing

from crmcli.store import db

OURS = ("ix_", "ux_", "journal_", "guard_", "v_")  # how their names begin; others are left alone
_ALL = """
SELECT name, type, sql FROM sqlite_master
WHERE type IN ('index', 'trigger', 'view') AND sql IS NOT NULL ORDER BY rowid
"""

Shape = dict[str, tuple[str, str]]


def shape_of(conn: sqlite3.Connection) -> Shape:
    """Give our indices, triggers and views: name -> type and DDL."""
    rows = conn.execute(_ALL).fetchall()
    return {name: (type, ddl) for name, type, ddl in rows if name.startswith(OURS)}


def wrong(conn: sqlite3.Connection) -> list[str]:
    """Give the names of those that are missing, changed, or no longer wanted."""
    wanted, found = _wanted(), shape_of(conn)
    return [name for name in {**wanted, **found} if wanted.get(name) != found.get(name)]


def remake(conn: sqlite3.Connection) -> None:
    """Make those that are wrong again, inside the caller's transaction."""
    wanted, found = _wanted(), shape_of(conn)
    names = wrong(conn)
    for name in names:
        if name in found:
            conn.execute(f"DROP {found[name][0]} {name}")
    for name in names:
        if name in wanted:
            conn.execute(wanted[name][1])


def strip(conn: sqlite3.Connection) -> None:
    """Drop our triggers and views: a table that they name cannot be rebuilt under them."""
    for name, (type, _) in shape_of(conn).items():
        if type != "index":
            conn.execute(f"DROP {type} {name}")


def _wanted() -> Shape:
    with closing(db.connect_empty()) as fresh:
        return shape_of(fresh)
