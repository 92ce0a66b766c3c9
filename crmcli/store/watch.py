"""Tells whether another process wrote; for a screen that stays open."""

import os
import sqlite3

from crmcli.errors import StorageError
from crmcli.store import db
from crmcli.store.dialect import DATA_VERSION


def identity(path: str) -> tuple[int, int] | None:
    """Tell one file from another that takes its name; None when there is none."""
    try:
        status = os.stat(path)
    except OSError:
        return None
    return status.st_dev, status.st_ino


class Watcher:
    """Looks at one database from a connection of its own, which holds no transaction.

    Args:
        path: the database; it may not be there yet.
    """

    def __init__(self, path: str) -> None:
        self.path = path
        self._conn: sqlite3.Connection | None = None
        self._file: tuple[int, int] | None = None  # which file it is connected to
        self._seen: object = None

    def has_changed(self) -> bool:
        """Tell whether another connection wrote since the last question; costs microseconds."""
        version = self._version()
        changed, self._seen = version != self._seen, version
        return changed

    def close(self) -> None:
        """Close the connection; the next question opens another."""
        if self._conn is not None:
            self._conn.close()
        self._conn = self._file = None

    def _version(self) -> object:
        file = identity(self.path)
        if file != self._file:
            self.close()
        if file is None:
            return None
        try:
            if self._conn is None:
                self._conn, self._file = db.connect_reader(self.path), file
            return file, self._conn.execute(DATA_VERSION).fetchone()[0]
        except (sqlite3.Error, StorageError):  # whoever reads next will say what is wrong
            self.close()
            return None
