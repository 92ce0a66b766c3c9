"""Brings a database that an older release made to the format of this one.

`user_version` is the one version and the number of a revision. Everything happens in one
transaction behind a verified backup, so that a kill leaves the file as it was; of two processes
the second one waits, and finds it done. Alembic is imported here only.
"""

import os
import sqlite3
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from crmcli import config
from crmcli.clock import Clock
from crmcli.errors import StorageError
from crmcli.i18n import tr
from crmcli.store import db, dialect, shape
from crmcli.store.backup import make_backup
from crmcli.text import safe

if TYPE_CHECKING:
    from alembic.script import Script

FOLDERS = [os.path.join(os.path.dirname(__file__), "migrations")]
"""Where the revisions lie."""
COLUMNS_OF = "PRAGMA table_info({})"


def upgrade(path: str) -> None:
    """Upgrade the database at `path`, unless somebody else did meanwhile.

    Raises:
        StorageError: busy, read-only, damaged, or no room for the backup; it is as it was.
    """
    path = os.path.realpath(path)
    conn = db.connect_upgrade(path)
    try:
        with _bound(conn):
            conn.execute("BEGIN IMMEDIATE")
            before = db.version_of(conn)
            if before >= dialect.SCHEMA_VERSION:
                conn.execute("ROLLBACK")
                return
            _refuse_broken(conn, path)
            folder = config.backups_dir()
            backup = make_backup(path, folder, Clock(), f"before format {dialect.SCHEMA_VERSION}")
            _run(conn, path, before)
            conn.execute("COMMIT")
    except Exception as error:
        cause = getattr(error, "orig", error)  # SQLAlchemy wraps what SQLite reports
        if not isinstance(cause, sqlite3.Error):
            raise
        if cause.sqlite_errorcode & 0xFF == sqlite3.SQLITE_READONLY:
            raise db.unwritable(path) from None
        raise db.storage_error(cause, path) from None
    finally:
        if conn.in_transaction:
            conn.execute("ROLLBACK")
        conn.close()
    said = tr(
        "{path} was upgraded to format {version}; as it was before: `crm backup restore {name}`",
        path=path,
        version=dialect.SCHEMA_VERSION,
        name=backup.name,
    )
    sys.stderr.write(f"crm: {safe(said)}\n")


def _run(conn: sqlite3.Connection, path: str, before: int) -> None:
    """Run what is between a format and ours, inside the caller's transaction."""
    shape.strip(conn)
    for step in _steps():
        if int(step.revision) > before:
            step.module.upgrade()
    shape.remake(conn)
    _refuse_broken(conn, path)
    conn.execute(dialect.VERSION.format(version=dialect.SCHEMA_VERSION))


def _refuse_broken(conn: sqlite3.Connection, path: str) -> None:
    broken = conn.execute(dialect.BROKEN_LINKS).fetchone()
    if broken:
        raise StorageError(
            tr(
                "{path} cannot be upgraded: {table} {id} points at a missing {parent}",
                path=path,
                table=broken[0],
                id=broken[1],
                parent=broken[2],
            ),
            tr("nothing was changed; mend the row with the crm of before, or with sqlite3"),
        )


def rebuild(table: str, ddl: str) -> None:
    """Give a table another definition, for revisions: SQLite can change little of one in place.

    Not Alembic's batch mode: that one loses constraints without a name, and the highest id.

    Args:
        table: its name.
        ddl: its CREATE TABLE as of the revision; columns of the same name keep what they hold.
    """
    from alembic import op

    run = op.get_bind().exec_driver_sql
    new = f"_new_{table}"
    run(ddl.replace(f"CREATE TABLE {table} ", f"CREATE TABLE {new} ", 1))
    before, after = ([row[1] for row in run(COLUMNS_OF.format(name))] for name in (table, new))
    shared = ", ".join(f'"{column}"' for column in before if column in after)
    run(f"INSERT INTO {new} ({shared}) SELECT {shared} FROM {table}")
    run("DELETE FROM sqlite_sequence WHERE name = ?", (new,))
    run(
        "INSERT INTO sqlite_sequence (name, seq) SELECT ?, seq FROM sqlite_sequence WHERE name = ?",
        (new, table),
    )
    run(f"DROP TABLE {table}")
    run(f"ALTER TABLE {new} RENAME TO {table}")


def _steps() -> "list[Script]":
    """Give the revisions in order."""
    from alembic.script import ScriptDirectory

    scripts = ScriptDirectory(FOLDERS[0], version_locations=FOLDERS)
    return list(scripts.walk_revisions())[::-1]


@contextmanager
def _bound(conn: sqlite3.Connection) -> Iterator[None]:
    """Let `alembic.op` work on a connection; the transaction stays the caller's."""
    from alembic.migration import MigrationContext
    from alembic.operations import Operations
    from sqlalchemy import create_engine
    from sqlalchemy.pool import StaticPool

    engine = create_engine("sqlite://", creator=lambda: conn, poolclass=StaticPool)
    with engine.connect() as bound, Operations.context(MigrationContext.configure(bound)):
        yield
