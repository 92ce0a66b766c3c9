"""Files on a record. The rows are here, the content lies beside the database under its SHA-256.

The folder is `<database>.files`, the content `ab/abcd…` in it; the same content is there once.
"""

import os
import re
import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass

from crmcli.columns import Column
from crmcli.store.rows import Row, fetch
from crmcli.store.search import Key
from crmcli.store.sql import attachment as sql
from crmcli.store.unit import Unit

NOUNS = ("contact", "org", "deal", "interaction")
COLUMNS = (
    Column("id", "No.", "id"),
    Column("filename", "File"),
    Column("size", "Bytes", "number"),
    Column("media_type", "Type"),
    Column("attached", "Attached", "when"),
    Column("sha256", "SHA-256", listed=False),
)
_NAME = re.compile(r"[0-9a-f]{64}")


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file on a record: `number` counts those of the record from 1."""

    id: int
    number: int
    sha256: str
    filename: str
    media_type: str | None
    size: int
    created_at: str

    def json(self) -> Row:
        """Give the attachment under its names in JSON."""
        return {
            "id": str(self.number),
            "filename": self.filename,
            "media_type": self.media_type,
            "size": self.size,
            "sha256": self.sha256,
            "attached": self.created_at,
        }


def attachments(conn: sqlite3.Connection, key: Key) -> list[Attachment]:
    """Give the files on a record, the oldest first."""
    noun, id = key
    rows = fetch(conn, sql.LIST[noun], id=id)
    return [Attachment(number=number, **row) for number, row in enumerate(rows, 1)]


def add(w: Unit, key: Key, file: Row) -> bool:
    """Put a file on a record; False when the same content lies there under the same name.

    Args:
        w: the unit of work.
        key: the record.
        file: sha256, filename, media_type and size.
    """
    noun, id = key
    same = ("sha256", "filename")
    for row in w.all(sql.LIST[noun], id=id):
        if all(row[column] == file[column] for column in same):
            return False
    w.insert("attachment", **file, **{f"{noun}_id": id})
    return True


def remove(w: Unit, id: int) -> None:
    """Take a file off its record; its content stays until `crm doctor --fix` finds it unused."""
    w.delete("attachment", id)


def folder(database: str) -> str:
    """Give the folder of the contents of a database."""
    return f"{database}.files"


def content(database: str, sha256: str) -> str:
    """Give the path of a content."""
    return os.path.join(folder(database), sha256[:2], sha256)


def missing(conn: sqlite3.Connection, database: str) -> Iterator[tuple[str, str]]:
    """Give what should lie beside the database and does not: its path, and which file it is of."""
    for row in fetch(conn, sql.CONTENTS):
        path = content(database, row["sha256"])
        if not os.path.isfile(path) or os.path.getsize(path) != row["size"]:
            noun = next(noun for noun in NOUNS if row[f"{noun}_id"])
            yield path, f"{row['filename']} of {noun[0]}{row[f'{noun}_id']}"


def unused(conn: sqlite3.Connection, database: str) -> list[str]:
    """Give the contents that belong to no row, and what a killed run left of one, by path."""
    base = folder(database)
    used = {row["sha256"] for row in fetch(conn, sql.CONTENTS)}
    found = []
    for part in _listed(base):
        for name in _listed(os.path.join(base, part)):
            is_content = _NAME.fullmatch(name.partition(".")[0]) and name[:2] == part
            if is_content and name not in used:
                found.append(os.path.join(base, part, name))
    return sorted(found)


def drop_unused(w: Unit, path: str) -> None:
    """Remove a content, unless a row has come to need it; nobody else writes meanwhile."""
    if not w.one(sql.IS_USED, sha256=os.path.basename(path)):
        os.unlink(path)


def _listed(path: str) -> list[str]:
    try:
        return os.listdir(path)
    except (FileNotFoundError, NotADirectoryError):
        return []
