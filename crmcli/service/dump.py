"""A dump: every record as a line of JSON in a folder, a file a table, for git and diff.

The same database gives the same bytes; one edit changes one line. Why ids, and what is left out:
docs/decisions/0020-dump.md.
"""

import json
import os
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import chain
from typing import Any

from crmcli.context import Context
from crmcli.errors import ConflictError, InvalidError, NotFoundError, StorageError, UsageError
from crmcli.files import make_folder, remove_file, write_file
from crmcli.i18n import tr
from crmcli.render import json_text
from crmcli.store import dump as store
from crmcli.store.dialect import SCHEMA_VERSION
from crmcli.store.unit import Unit
from crmcli.text import masker

MARK = "crm.json"  # tells that a folder is a dump, and of which schema
ENDING = ".jsonl"
LINE_LIMIT = 1 << 26  # bytes; a note has at most 1 << 20 characters


@dataclass(frozen=True, slots=True)
class File:
    """A file of a dump: its table, how many records, and whether it was written anew."""

    table: str
    count: int
    changed: bool


def dump(crm: Context, folder: str) -> list[File]:
    """Write everything into a folder; a file that stays the same is left alone.

    Raises:
        UsageError: masked, it would not be what there is.
        StorageError: there is no database.
        ConflictError: the folder holds such files, and they are no dump of ours.
        OutputError: it cannot be written.
    """
    if masker():
        raise UsageError(tr("a dump is never masked"), tr("export masks; or leave out --mask"))
    database = crm.config.database()
    if not os.path.exists(database):
        raise StorageError(
            tr("there is no database at {database}", database=database), tr("add someone first")
        )
    _refuse_foreign(folder)
    reader = crm.store.reader  # a database that cannot be read leaves no folder behind
    make_folder(folder)
    mark = json.dumps({"format": "crm dump", "schema": SCHEMA_VERSION}) + "\n"
    write_file(os.path.join(folder, MARK), mark.encode(), keep_same=True)
    with store.snapshot(reader):
        return [_write(crm, folder, table) for table in store.TABLES]


def _write(crm: Context, folder: str, table: str) -> File:
    """Write one table; without records it has no file."""
    path = os.path.join(folder, table + ENDING)
    count = 0

    def lines() -> Iterator[bytes]:
        nonlocal count
        for record in store.records(crm.store.reader, table):
            count += 1
            yield json_text(record).encode() + b"\n"

    pieces = lines()
    first = next(pieces, None)
    if first is None:
        return File(table, 0, remove_file(path))
    changed = write_file(path, chain([first], pieces), keep_same=True)
    return File(table, count, changed)


def _refuse_foreign(folder: str) -> None:
    """Refuse a folder with files named like ours that no dump of ours made."""
    if not os.path.isdir(folder):
        return
    if os.path.lexists(os.path.join(folder, MARK)):
        read_mark(folder)
        return
    names = {table + ENDING for table in store.TABLES}
    for name in sorted(names.intersection(os.listdir(folder))):
        raise ConflictError(
            tr("{path} is no dump of crm, but has a file {name}", path=folder, name=name),
            tr("choose an empty folder"),
        )


def read_mark(folder: str) -> None:
    """Look whether a folder is a dump that this program knows.

    Raises:
        NotFoundError: there is no such folder.
        InvalidError: it is no dump, or one of a newer program.
    """
    path = os.path.join(folder, MARK)
    if not os.path.isdir(folder):
        raise NotFoundError(tr("there is no folder {path}", path=folder))
    try:
        with open(path, encoding="utf-8") as file:
            mark = json.loads(file.read(1_000))
        is_ours = mark["format"] == "crm dump"
        schema = int(mark["schema"])
    except (OSError, ValueError, TypeError, KeyError, RecursionError):
        is_ours, schema = False, 0
    if not is_ours:
        raise InvalidError(
            tr("{path} is no dump of crm", path=folder),
            tr("`crm dump` writes one, with a file {name}", name=MARK),
        )
    if schema > SCHEMA_VERSION:
        raise InvalidError(
            tr(
                "{path} was made by a newer crm (format {version}, this one knows {known})",
                path=folder,
                version=schema,
                known=SCHEMA_VERSION,
            ),
            tr("nothing was changed; update crm"),
        )


def load(crm: Context, folder: str, *, dry_run: bool = False) -> Counter[str]:
    """Bring a dump into an empty database, as one group; give how many records of each table.

    Raises:
        NotFoundError: there is no such folder.
        ConflictError: the database is not empty; it is as it was.
        InvalidError: a bad line, named with its file; nothing was written.
    """
    read_mark(folder)
    if not store.is_untouched(crm.store.reader):
        raise ConflictError(
            tr("the database {path} is not empty", path=crm.config.database()),
            tr("name a new one with --db, or CRM_DB"),
        )
    paths = _paths(folder)
    _check(crm, paths)
    path, line = "", 0

    def items() -> Iterator[tuple[str, Any]]:
        nonlocal path, line
        for table, path in paths.items():
            for number, record in _lines(path):
                line = number
                yield table, record

    def bring(w: Unit) -> Counter[str]:
        try:
            return store.load(w, items)
        except _BadLine:
            raise
        except InvalidError as error:
            raise _BadLine(path, line, error.message) from None

    return crm.write("load", bring, source="import", dry_run=dry_run).value


def _paths(folder: str) -> dict[str, str]:
    """Give the files of a dump by table, in the order of the schema.

    Raises:
        InvalidError: there is one more, of whatever program.
    """
    known = {table + ENDING: table for table in store.TABLES}
    names = [name for name in os.listdir(folder) if name.endswith(ENDING)]
    for name in sorted(names):
        if name not in known:
            raise InvalidError(
                tr("{path} is no part of a dump", path=os.path.join(folder, name)),
                tr("move it away if it is not needed; nothing was written"),
            )
    return {table: os.path.join(folder, name) for name, table in known.items() if name in names}


def _check(crm: Context, paths: dict[str, str]) -> None:
    """Look at every line before the database is opened for writing."""
    check = store.Check(crm.store.reader)
    for table, path in paths.items():
        for number, record in _lines(path):
            try:
                check.take(table, record, number)
            except InvalidError as error:
                raise _BadLine(path, number, error.message) from None
    if broken := check.broken():
        table, line, target, id = broken
        raise _BadLine(
            paths[table], line, tr("points at {table} {id}, which is missing", table=target, id=id)
        )


def _lines(path: str) -> Iterator[tuple[int, Any]]:
    """Give the lines of a file with their numbers, as what their JSON says.

    Raises:
        InvalidError: the file cannot be read, or a line is no JSON.
    """
    try:
        if not os.path.isfile(path):
            raise InvalidError(tr("{path} is not a file", path=path))
        with open(path, "rb") as file:
            number = 0
            while line := file.readline(LINE_LIMIT + 1):
                number += 1
                if len(line) > LINE_LIMIT:
                    raise _BadLine(path, number, tr("the line is too long"))
                if line.strip():
                    yield number, _parsed(path, number, line)
    except OSError as error:
        raise InvalidError(
            tr("cannot read {path}: {reason}", path=path, reason=error.strerror)
        ) from None


def _parsed(path: str, number: int, line: bytes) -> Any:
    try:
        return json.loads(line.decode())
    except (ValueError, RecursionError):
        raise _BadLine(path, number, tr("is not JSON")) from None


class _BadLine(InvalidError):
    """A line that cannot be loaded, named by file and number."""

    def __init__(self, path: str, line: int, what: str) -> None:
        super().__init__(f"{path}:{line}: {what}", tr("nothing was written"))
