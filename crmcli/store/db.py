"""The only place that connects: where a database is made, opened and checked.

Light enough for the hot calls: imports sqlite3 and nothing heavy.
"""

import os
import sqlite3
import sys
import time

from crmcli.errors import StorageError
from crmcli.i18n import tr
from crmcli.store.dialect import (
    APPLICATION_ID,
    BUSY_MS,
    OLDEST_VERSION,
    SCHEMA_VERSION,
    UPGRADE_PRAGMAS,
    WRITER_PRAGMAS,
)

# What SQLite reports when it cannot make its -wal beside the file.
UNWRITABLE = (
    sqlite3.SQLITE_READONLY,
    sqlite3.SQLITE_CANTOPEN,
    sqlite3.SQLITE_IOERR,
    sqlite3.SQLITE_FULL,
)
OLDEST_SQLITE = (3, 40, 0)
NEW_PREFIX = ".crm-new-"  # a database being made; reliability.md rule 3


def connect_reader(
    path: str, *, busy_ms: int = BUSY_MS, immutable: bool = False, as_is: bool = False
) -> sqlite3.Connection:
    """Open `path` for reading.

    A path that does not exist gives an empty database in memory: reading creates nothing. A file
    on a read-only disk is opened as it stands there. One of an older release is upgraded first.

    Args:
        path: the database.
        busy_ms: how long to wait while it is locked.
        immutable: nobody writes it (a backup); it is not upgraded either.
        as_is: do not upgrade it.

    Raises:
        StorageError: not a database of ours, newer than the program, or unreadable.
    """
    if not os.path.lexists(path):
        return connect_empty()
    _refuse_folder(path)
    conn = _open(path, "mode=ro&immutable=1" if immutable else "mode=rw", busy_ms)
    try:
        if _is_older(conn, path) and not (immutable or as_is):
            conn.close()
            conn = _open_upgraded(path, busy_ms)
    except sqlite3.Error as error:
        conn.close()
        if _primary_code(error) not in UNWRITABLE:
            raise storage_error(error, path) from None
        conn = _open_frozen(path)
    except BaseException:
        conn.close()
        raise
    conn.execute("PRAGMA query_only = ON")
    return conn


def connect_writer(path: str) -> sqlite3.Connection:
    """Open `path` for writing, making the database if there is none yet.

    Raises:
        StorageError: not a database of ours, newer than the program, read-only, or unreadable.
    """
    path = os.path.realpath(path)
    if not os.path.lexists(path):
        create(path)
    _refuse_folder(path)
    _refuse_second_link(path)
    conn = _open(path, "mode=rw", BUSY_MS)
    try:
        if _is_older(conn, path):
            conn.close()
            conn = _open_upgraded(path, BUSY_MS)
        for pragma in WRITER_PRAGMAS:
            conn.execute(pragma)
    except sqlite3.Error as error:
        conn.close()
        raise storage_error(error, path) from None
    except BaseException:
        conn.close()
        raise
    return conn


def connect_empty() -> sqlite3.Connection:
    """Open an empty database in memory, for looking at one that is not there yet."""
    conn = sqlite3.connect(":memory:", isolation_level=None, check_same_thread=False)
    conn.executescript(read_schema())
    return _with_functions(conn)


def create(path: str) -> None:
    """Make an empty database at `path`, readable by its owner only.

    It is built under a temporary name and published by a hard link, so that parallel first
    commands see either no database or a whole one; who comes second uses the first one's.
    """
    folder = os.path.dirname(path) or "."
    temporary = os.path.join(folder, f"{NEW_PREFIX}{os.getpid()}-{os.urandom(4).hex()}")
    try:
        os.makedirs(folder, mode=0o700, exist_ok=True)
        os.close(os.open(temporary, os.O_CREAT | os.O_EXCL | os.O_RDWR, 0o600))
        try:
            _build(temporary)
            _publish(temporary, path)
        finally:
            _unlink(temporary)
        _remove_leftovers(folder)
    except OSError as error:
        raise StorageError(
            tr("cannot create the database {path}: {reason}", path=path, reason=error.strerror),
            tr("choose another place with --db or CRM_DB"),
        ) from None


def copy_into(source: sqlite3.Connection, path: str) -> None:
    """Copy the database behind `source` over the one at `path`, through SQLite's backup API.

    Raises:
        sqlite3.Error: busy, full or unwritable; `path` is as it was.
    """
    target = sqlite3.connect(path, timeout=BUSY_MS / 1000, isolation_level=None)
    deadline = time.monotonic() + BUSY_MS / 1000

    def give_up(status: int, remaining: int, total: int) -> None:  # noqa: ARG001
        """End the waiting: sqlite3 itself would try a busy database for ever."""
        is_busy = status & 0xFF in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED)
        if is_busy and time.monotonic() > deadline:
            error = sqlite3.OperationalError("database is locked")
            error.sqlite_errorcode = sqlite3.SQLITE_BUSY
            raise error

    try:
        target.execute("PRAGMA synchronous = FULL")
        source.backup(target, progress=give_up)
    finally:
        target.close()


def storage_error(error: sqlite3.Error, path: str) -> StorageError:
    """Say in a person's words what SQLite reports about the database at `path`."""
    code = _primary_code(error)
    if code in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED):
        return StorageError(
            tr("the database {path} is busy: another crm is writing, perhaps an import", path=path),
            tr("nothing was written; try again when it has finished"),
        )
    if code == sqlite3.SQLITE_READONLY:
        return StorageError(tr("the database {path} is read-only; nothing was written", path=path))
    if code == sqlite3.SQLITE_FULL:
        return StorageError(
            tr("the disk is full"), tr("nothing was written; make room and try again")
        )
    if code in (sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_IOERR):
        return StorageError(
            tr("the database {path} cannot be used: {error}", path=path, error=error),
            tr("is its folder read-only, or the disk full? nothing was written"),
        )
    if code in (sqlite3.SQLITE_NOTADB, sqlite3.SQLITE_CORRUPT):
        return StorageError(
            tr("{path} is damaged or not a crm database", path=path),
            tr("restore with `crm backup restore latest`, or choose another with --db"),
        )
    return StorageError(
        tr("the database {path} cannot be used: {error}", path=path, error=error),
        tr("restore with `crm backup restore latest`, or choose another with --db"),
    )


def read_schema() -> str:
    """Give the generated DDL that ships with the package."""
    with open(os.path.join(os.path.dirname(__file__), "schema.sql"), encoding="utf-8") as file:
        return file.read()


def _open(path: str, mode: str, busy_ms: int) -> sqlite3.Connection:
    whole = "/" + os.path.abspath(path).lstrip("/")
    quoted = whole.replace("%", "%25").replace("?", "%3f").replace("#", "%23")
    try:
        conn = sqlite3.connect(
            f"file:{quoted}?{mode}",
            uri=True,
            timeout=busy_ms / 1000,
            isolation_level=None,
            check_same_thread=False,
        )
    except sqlite3.Error as error:
        raise storage_error(error, path) from None
    return _with_functions(conn)


def _with_functions(conn: sqlite3.Connection) -> sqlite3.Connection:
    """Let SQL fold text as Python does: `fold(column)`; no index and no trigger may use it."""
    conn.create_function("fold", 1, _fold, deterministic=True)
    return conn


_FOLDED: dict[str, str] = {}  # of short texts: a column says the same again and again
_SHORT, _MOST_FOLDED = 64, 50_000


def _fold(value: object) -> str | None:
    if value is None:
        return None
    text = str(value)
    found = _FOLDED.get(text)
    if found is None:
        from crmcli.text import fold

        found = fold(text)
        if len(text) <= _SHORT and len(_FOLDED) < _MOST_FOLDED:
            _FOLDED[text] = found
    return found


def _open_frozen(path: str) -> sqlite3.Connection:
    """Open a database whose disk is full or read-only as it stands there, with a warning."""
    conn = _open(path, "mode=ro&immutable=1", 0)
    try:
        if _is_older(conn, path):
            raise unwritable(path)
    except sqlite3.Error as error:
        conn.close()
        raise storage_error(error, path) from None
    except BaseException:
        conn.close()
        raise
    from crmcli.text import safe

    said = f"crm: {path} cannot be written; what you see may not be the newest"
    sys.stderr.write(safe(said) + "\n")
    return conn


def _open_upgraded(path: str, busy_ms: int) -> sqlite3.Connection:
    """Open a database that an older release made, after it was brought to this one's format."""
    from crmcli.store.upgrade import upgrade

    upgrade(path)
    return _open(path, "mode=rw", busy_ms)


def connect_upgrade(path: str) -> sqlite3.Connection:
    """Open a database of ours for its upgrade: without foreign keys, so that a table can be
    replaced by its rebuilt self and keeps what points at it.

    Raises:
        StorageError: unreadable.
    """
    conn = _open(path, "mode=rw", BUSY_MS)
    for pragma in (*WRITER_PRAGMAS, *UPGRADE_PRAGMAS):
        conn.execute(pragma)
    return conn


def unwritable(path: str) -> StorageError:
    """Say that a database must be upgraded, and cannot be."""
    return StorageError(
        tr("{path} was made by an older crm and must be upgraded, but is read-only", path=path),
        tr("nothing was changed; make a copy that can be written and name it with --db"),
    )


def _primary_code(error: sqlite3.Error) -> int:
    return int(getattr(error, "sqlite_errorcode", 0)) & 0xFF


def _is_older(conn: sqlite3.Connection, path: str) -> bool:
    """Tell whether an older release made the database (reliability.md rule 4).

    Raises:
        StorageError: it is not ours, newer, or older than any release; nothing else is read.
    """
    if sqlite3.sqlite_version_info < OLDEST_SQLITE:
        raise StorageError(
            tr("SQLite {version} is too old", version=sqlite3.sqlite_version),
            tr("crm needs SQLite 3.40 or newer"),
        )
    (ours,) = conn.execute("PRAGMA application_id").fetchone()
    version = version_of(conn)
    if ours != APPLICATION_ID:
        raise StorageError(
            tr("{path} is not a crm database", path=path),
            tr("nothing was changed; choose another with --db"),
        )
    if version > SCHEMA_VERSION:
        raise StorageError(
            tr(
                "{path} was made by a newer crm (format {version}, this one knows {known})",
                path=path,
                version=version,
                known=SCHEMA_VERSION,
            ),
            tr("nothing was changed; update crm"),
        )
    if version < OLDEST_VERSION:
        raise StorageError(
            tr(
                "{path} was made by an older development version (format {version})",
                path=path,
                version=version,
            ),
            tr("nothing was changed; export with that version and import here"),
        )
    return version < SCHEMA_VERSION


def version_of(conn: sqlite3.Connection) -> int:
    """Give the format of a database."""
    return int(conn.execute("PRAGMA user_version").fetchone()[0])


def _refuse_folder(path: str) -> None:
    if os.path.isdir(path):
        raise StorageError(
            tr("{path} is a folder, not a database", path=path),
            tr("name a file with --db or CRM_DB"),
        )


def _refuse_second_link(path: str) -> None:
    """Refuse a file with two names: a copy made by hard link would be written too.

    The second name of an unfinished creation (ours, killed between link and unlink) is removed.
    """
    try:
        status = os.stat(path)
    except OSError as error:
        raise StorageError(
            tr("cannot open the database {path}: {reason}", path=path, reason=error.strerror)
        ) from None
    if status.st_nlink == 1:
        return
    folder = os.path.dirname(path) or "."
    with os.scandir(folder) as entries:
        for entry in entries:
            if entry.name.startswith(NEW_PREFIX) and entry.inode() == status.st_ino:
                _unlink(entry.path)
    _remove_leftovers(folder)
    if os.stat(path).st_nlink > 1:
        raise StorageError(
            tr("{path} has a second name (hard link)", path=path),
            tr("nothing was written; make a real copy with `crm backup now` and remove one name"),
        )


def _remove_leftovers(folder: str) -> None:
    """Remove what first runs that were killed left behind; those still running are left alone."""
    for name in os.listdir(folder):
        owner = name.removeprefix(NEW_PREFIX).partition("-")[0]
        if not name.startswith(NEW_PREFIX) or not owner.isdigit():
            continue
        try:
            os.kill(int(owner), 0)
        except ProcessLookupError:
            _unlink(os.path.join(folder, name))
        except OSError:
            continue


def _build(path: str) -> None:
    conn = sqlite3.connect(path, isolation_level=None)
    try:
        conn.execute("PRAGMA synchronous = FULL")
        conn.executescript(
            f"BEGIN;\n{read_schema()}\nPRAGMA application_id = {APPLICATION_ID};\n"
            f"PRAGMA user_version = {SCHEMA_VERSION};\nCOMMIT;"
        )
        conn.execute("PRAGMA journal_mode = WAL")
    except sqlite3.Error as error:
        raise storage_error(error, path) from None
    finally:
        conn.close()


def _publish(temporary: str, path: str) -> None:
    try:
        os.link(temporary, path)
    except FileExistsError:
        return  # another first command was faster; its database is as good
    except OSError:  # a file system without hard links
        if not os.path.exists(path):
            os.rename(temporary, path)
    folder = os.open(os.path.dirname(path) or ".", os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)


def _unlink(path: str) -> None:
    try:
        os.unlink(path)
    except FileNotFoundError:
        pass
