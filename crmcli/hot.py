"""The hot calls on plain sqlite3: `due`, completion, `query`; for cron, prompts, Tab, mail clients.

Imports only what is as light as sqlite3 itself. What is not answered here goes to `cli`, whose
commands give the same bytes; a test compares both ways.
"""

import os
import sys
from datetime import timedelta

from crmcli.config import Config
from crmcli.errors import CrmError
from crmcli.i18n import tr

# Options of `due` that are answered here; the number of values each takes.
DUE_OPTIONS = {
    "--count": 0,
    "--exit-code": 0,
    "--overdue": 0,
    "--tomorrow": 0,
    "--within": 1,
    "--owner": 1,
    "--db": 1,
}
MOST_WORDS = 50


def run(args: list[str]) -> int | None:
    """Answer a hot call and give its exit code; None when `cli` must do it."""
    if os.environ.get("CRM_MASK"):
        return None  # names are masked there; it completes nothing
    if args[:2] == ["completion", "--words"] and len(args) == 4:
        return _complete(args[2], args[3])
    if args[:1] not in (["due"], ["query"]) or sys.stdout.isatty():
        return None
    try:
        return _due(args[1:]) if args[0] == "due" else _query(args[1:])
    except UnicodeEncodeError:
        return None  # an argument that is no text: `cli` says so
    except BrokenPipeError:
        raise
    except CrmError as error:
        from crmcli.render import report_error

        report_error(error.message, error.hint, error.code, as_json=False)
        return error.code
    except Exception:
        return None  # a fault of ours: `cli` has it again and says so


def _flags(args: list[str]) -> dict[str, str] | None:
    """Give the options of `due` by name; None when one is not answered here."""
    flags: dict[str, str] = {}
    queue = list(args)
    while queue:
        name, equals, value = queue.pop(0).partition("=")
        values = DUE_OPTIONS.get(name)
        if values is None or (equals and not values) or (values and not equals and not queue):
            return None
        flags[name] = (value if equals else queue.pop(0)) if values else "yes"
    return flags


def _days(within: str) -> str:
    """Give the number of `7d`, or nothing when the date grammar must read it."""
    number = within.removesuffix("d")
    is_plain = within.endswith("d") and number.isascii() and number.isdigit() and len(number) < 5
    return number if is_plain else ""


def _due(args: list[str]) -> int | None:
    import sqlite3

    flags = _flags(args)
    if flags is None or not _days(flags.get("--within", "0d")):
        return None
    if sum(name in flags for name in ("--overdue", "--tomorrow", "--within")) > 1:
        return None
    from crmcli.clock import Clock
    from crmcli.store import db
    from crmcli.store.due import cells, select

    config = Config({"db": flags["--db"]} if "--db" in flags else {})
    clock = Clock.from_env(config.get("timezone"))
    owner = flags.get("--owner") or None
    path = config.database()
    today = clock.today()
    until, only = today + timedelta(days=int(_days(flags.get("--within", "0d")))), None
    if "--tomorrow" in flags:
        until, only = today + timedelta(days=1), "tomorrow"
    elif "--overdue" in flags:
        only = "overdue"
    conn = db.connect_reader(path)
    try:
        me = config.actor() if owner == "me" else owner
        items = select(conn, clock, until=until, only=only, owner=me)
    except sqlite3.Error as error:
        raise db.storage_error(error, path) from None
    finally:
        conn.close()
    lines = [str(len(items))] if "--count" in flags else [_line(cells(i, today)) for i in items]
    _print(lines)
    return 1 if items and "--exit-code" in flags else 0


def _query(args: list[str]) -> int | None:
    """Answer `query --mutt TEXT` and `query --aerc TEXT`."""
    import sqlite3

    client = args[0].removeprefix("--") if args else ""
    if client not in ("mutt", "aerc") or len(args) < 2 or any(a.startswith("-") for a in args[1:]):
        return None
    text = " ".join(args[1:])
    text.encode()  # one that is no text: `cli` says so

    from crmcli.store import db
    from crmcli.store.query import answers, lines

    path = Config().database()
    conn = db.connect_reader(path)
    try:
        found = answers(conn, text)
    except sqlite3.Error as error:
        raise db.storage_error(error, path) from None
    finally:
        conn.close()
    _print(lines(found, client))
    return 0 if found else 1


def _line(cells: tuple[str, ...]) -> str:
    from crmcli.text import tsv_cell

    return "\t".join(map(tsv_cell, cells))


def _print(lines: list[str]) -> None:
    try:
        sys.stdout.write("".join(line + "\n" for line in lines))
        sys.stdout.flush()
    except BrokenPipeError:
        raise
    except OSError as error:
        from crmcli.errors import OutputError

        raise OutputError(tr("cannot write output: {reason}", reason=error.strerror)) from None


def _complete(kind: str, prefix: str) -> int:
    """Print what begins with `prefix`: handles, tags or views, these with the @ that is there.

    Never an error, never a new database.
    """
    try:
        from crmcli.store import db
        from crmcli.store.sql.search import HANDLES_LIKE, TAGS_LIKE
        from crmcli.store.sql.view import NAMES_LIKE
        from crmcli.text import fold, tsv_cell

        conn = db.connect_reader(Config().database(), busy_ms=200, as_is=True)
        query = {"tags": TAGS_LIKE, "views": NAMES_LIKE}.get(kind, HANDLES_LIKE)
        mark = "@" if kind == "views" and prefix.startswith("@") else ""
        low = fold(prefix.removeprefix(mark))
        values = {"low": low, "high": low + "\U0010ffff", "limit": MOST_WORDS}
        _print([mark + tsv_cell(row[0]) for row in conn.execute(query, values)])
    except Exception:
        return 0
    return 0
