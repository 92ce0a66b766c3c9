"""Backups: made with SQLite's backup API, checked, listed in a manifest.

`cp` would miss what is still in the -wal file. A restore goes through the backup API into the
live file: a renamed file would be undone by the old -wal.
"""

import hashlib
import json
import os
import sqlite3
from dataclasses import dataclass
from typing import Any

from crmcli.clock import Clock
from crmcli.errors import InvalidError, NotFoundError, StorageError
from crmcli.i18n import tr
from crmcli.store import db
from crmcli.store.tables import COLUMNS

SUFFIX = ".crm.db"
TABLES = "SELECT name FROM sqlite_master WHERE type = 'table'"


@dataclass(frozen=True, slots=True)
class Backup:
    """One backup, as its manifest line tells."""

    name: str
    database: str
    at: str
    reason: str
    size: int
    sha256: str
    rows: dict[str, int]

    def json(self) -> dict[str, Any]:
        """Give the backup under its names in JSON."""
        return {
            "id": self.name,
            "name": self.name,
            "at": self.at,
            "reason": self.reason,
            "size": self.size,
            "contacts": self.rows.get("contact", 0),
            "interactions": self.rows.get("interaction", 0),
            "sha256": self.sha256,
        }


def make_backup(database: str, folder: str, clock: Clock, reason: str) -> Backup:
    """Copy the live database into `folder`, checked and on disk before it gets its name.

    Raises:
        StorageError: there is no database, or it or the disk fails; no half backup is left.
    """
    if not os.path.exists(database):
        raise StorageError(
            tr("there is no database at {database}", database=database), tr("add someone first")
        )
    name = _free_name(folder, clock.now().strftime("%Y%m%dT%H%M%SZ"))
    temporary, final = os.path.join(folder, f".{name}.tmp"), os.path.join(folder, name)
    source = db.connect_reader(database, as_is=True)
    try:
        os.makedirs(folder, mode=0o700, exist_ok=True)
        os.close(os.open(temporary, os.O_CREAT | os.O_EXCL | os.O_RDWR, 0o600))
        db.copy_into(source, temporary)
        rows = verify_file(temporary)
        made = Backup(
            name,
            os.path.realpath(database),
            clock.stamp(),
            reason,
            os.path.getsize(temporary),
            _sha(temporary),
            rows,
        )
        os.rename(temporary, final)
        try:
            _append_manifest(folder, made)
        except OSError:
            os.unlink(final)
            raise
    except sqlite3.Error as error:
        raise db.storage_error(error, database) from None
    except OSError as error:
        raise StorageError(
            tr("cannot write a backup in {folder}: {reason}", folder=folder, reason=error.strerror)
        ) from None
    finally:
        source.close()
        if os.path.exists(temporary):
            os.unlink(temporary)
    return made


def list_backups(folder: str, database: str = "") -> list[Backup]:
    """Give the backups that are there, newest first; of one database if it is named."""
    found = []
    try:
        with open(_manifest(folder), encoding="utf-8") as file:
            lines = file.read().splitlines()
    except FileNotFoundError:
        return []
    for line in lines:
        try:
            backup = Backup(**json.loads(line))
        except (ValueError, TypeError):
            continue  # a line another program broke; the backup itself can still be named
        is_wanted = not database or backup.database == os.path.realpath(database)
        if is_wanted and os.path.exists(os.path.join(folder, backup.name)):
            found.append(backup)
    return found[::-1]


def find_backup(folder: str, name: str, database: str = "") -> str:
    """Give the path of a backup named by its name, its path, or `latest` (of this database).

    Raises:
        NotFoundError: there is no such backup.
    """
    known = list_backups(folder, database)
    if name == "latest" and known:
        return os.path.join(folder, known[0].name)
    for path in (name, os.path.join(folder, name), os.path.join(folder, name + SUFFIX)):
        if os.path.isfile(path):
            return path
    hint = tr("`crm backup list` shows them") if known else tr("`crm backup now` makes one")
    raise NotFoundError(tr("there is no backup {name!r}", name=name), hint)


def verify(path: str, folder: str) -> dict[str, int]:
    """Check a backup: SQLite's integrity, foreign keys, and the sha256 of its manifest line.

    Raises:
        InvalidError: it is damaged or was changed.
    """
    recorded = {backup.name: backup.sha256 for backup in list_backups(folder)}
    expected = recorded.get(os.path.basename(path))
    is_ours = os.path.dirname(os.path.abspath(path)) == os.path.abspath(folder)
    if expected and is_ours and _sha(path) != expected:
        raise InvalidError(
            tr("{path} was changed since it was made", path=path), tr("use another backup")
        )
    return verify_file(path)


def verify_file(path: str) -> dict[str, int]:
    """Check a database file and give its rows per table.

    Raises:
        InvalidError: it is damaged.
        StorageError: it is not a crm database.
    """
    conn = db.connect_reader(path, immutable=True)
    try:
        (answer,) = conn.execute("PRAGMA quick_check(1)").fetchone()
        broken = conn.execute("PRAGMA foreign_key_check").fetchone()
        if answer != "ok" or broken:
            error = answer if answer != "ok" else broken
            raise InvalidError(tr("{path} is damaged: {error}", path=path, error=error))
        count = "SELECT count(*) FROM "
        known = {row[0] for row in conn.execute(TABLES)}
        there = (table for table in COLUMNS if table in known)  # an older one has fewer
        return {table: conn.execute(count + table).fetchone()[0] for table in there}
    except sqlite3.Error as error:
        raise InvalidError(tr("{path} is damaged: {error}", path=path, error=error)) from None
    finally:
        conn.close()


def restore(path: str, database: str) -> None:
    """Copy a checked backup into the live database through the backup API.

    Raises:
        StorageError: the database is busy or cannot be written; it is as it was.
    """
    if not os.path.exists(database):
        db.create(database)
    source = db.connect_reader(path, immutable=True)
    try:
        db.copy_into(source, database)
    except sqlite3.Error as error:
        raise db.storage_error(error, database) from None
    finally:
        source.close()


def _free_name(folder: str, stem: str) -> str:
    name, number = stem + SUFFIX, 2
    while os.path.exists(os.path.join(folder, name)):
        name = f"{stem}-{number}{SUFFIX}"
        number += 1
    return name


def _manifest(folder: str) -> str:
    return os.path.join(folder, "manifest.jsonl")


def _append_manifest(folder: str, backup: Backup) -> None:
    fields = {name: getattr(backup, name) for name in Backup.__slots__ if name != "rows"}
    line = json.dumps({**fields, "rows": backup.rows}) + "\n"
    handle = os.open(_manifest(folder), os.O_CREAT | os.O_APPEND | os.O_WRONLY, 0o600)
    with open(handle, "w", encoding="utf-8") as file:
        file.write(line)
        file.flush()
        os.fsync(file.fileno())


def _sha(path: str) -> str:
    with open(path, "rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
