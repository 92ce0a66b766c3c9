"""Questions in SQL: one statement that reads, from people who know what they ask."""

import re
import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Any

from crmcli.errors import UsageError
from crmcli.i18n import tr
from crmcli.store.tables import COLUMNS
from crmcli.store.views import VIEWS
from crmcli.text import clean

ALLOWED = {
    *(sqlite3.SQLITE_SELECT, sqlite3.SQLITE_READ, sqlite3.SQLITE_FUNCTION),
    sqlite3.SQLITE_RECURSIVE,
}
# What full-text asks itself, and what tells how tables look.
PRAGMAS = {
    *("data_version", "table_info", "table_xinfo", "table_list", "index_list", "index_info"),
    *("foreign_key_list", "user_version", "application_id"),
}
FORBIDDEN = {"load_extension", "readfile", "writefile", "edit", "fts3_tokenizer"}
LONGEST = 100_000_000  # bytes of one value
# They may not declare their columns later.
OPENED = (
    "SELECT 1 FROM search_text LIMIT 0",
    "SELECT 1 FROM json_each('[]'), json_tree('[]')",
)
STEPS = 100_000  # of SQLite's machine between two looks at the keyboard

_TOKEN = re.compile(r'near "(.+)": |no such (?:column|table|function): (\S+)', re.DOTALL)


@dataclass(frozen=True, slots=True)
class Answer:
    """The names of the columns, each its own, and the rows as they come."""

    names: tuple[str, ...]
    rows: Iterator[tuple[Any, ...]]


def ask(conn: sqlite3.Connection, query: str, values: Mapping[str, Any]) -> Answer:
    """Run one statement that reads.

    Args:
        conn: a reading connection; it is good for questions only afterwards.
        query: the statement.
        values: its parameters by name.

    Raises:
        UsageError: it writes, is no statement or several, or SQLite does not understand it.
    """
    for opened in OPENED:
        conn.execute(opened)
    conn.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, LONGEST)
    conn.set_authorizer(_judge)
    conn.set_progress_handler(_go_on, STEPS)
    conn.text_factory = _text
    with _understood(query):
        cursor = conn.execute(query, dict(values))
    if cursor.description is None:
        raise UsageError(tr("there is no question in it"), tr('such as "SELECT * FROM v_deal"'))
    return Answer(_names([column[0] for column in cursor.description]), _rows(cursor, query))


def _rows(cursor: sqlite3.Cursor, query: str) -> Iterator[tuple[Any, ...]]:
    with _understood(query):
        # What is not read to its end would close the cursor, perhaps after its database.
        yield from iter(cursor.fetchone, None)


def _judge(action: int, first: str | None, second: str | None, *_: str | None) -> int:
    """Tell SQLite whether a statement may do something."""
    is_allowed = action in ALLOWED or (action == sqlite3.SQLITE_PRAGMA and first in PRAGMAS)
    if action == sqlite3.SQLITE_PRAGMA and first in ("user_version", "application_id"):
        is_allowed = second is None  # with a value it would be set
    if action == sqlite3.SQLITE_FUNCTION:
        is_allowed = (second or "").casefold() not in FORBIDDEN
    return sqlite3.SQLITE_OK if is_allowed else sqlite3.SQLITE_DENY


def _go_on() -> int:
    """Let Python look whether somebody broke it off."""
    return 0


def _text(raw: bytes) -> str:
    return raw.decode("utf-8", "replace")  # as another program may have written it


@contextmanager
def _understood(query: str) -> Iterator[None]:
    """Say what SQLite refuses as an error of the command line, with its place."""
    try:
        yield
    except (sqlite3.ProgrammingError, sqlite3.Warning, ValueError) as error:
        hint = tr("`--param name=value` fills :name") if "binding" in str(error) else ""
        raise UsageError(_said(str(error)), hint) from None
    except sqlite3.DatabaseError as error:
        code = getattr(error, "sqlite_errorcode", 0) & 0xFF
        if code == sqlite3.SQLITE_INTERRUPT:
            raise KeyboardInterrupt from None
        if code == sqlite3.SQLITE_AUTH or "not authorized" in str(error):
            raise UsageError(
                tr("crm sql only reads: {reason}", reason=str(error)),
                tr("`crm` itself writes, so that everything can be undone"),
            ) from None
        if code not in (sqlite3.SQLITE_ERROR, sqlite3.SQLITE_TOOBIG, sqlite3.SQLITE_MISMATCH):
            raise
        raise UsageError(_said(str(error)) + _place(query, str(error)), _hint(str(error))) from None


def _said(reason: str) -> str:
    return tr("SQL: {reason}", reason=" ".join(reason.split()))


def _place(query: str, reason: str) -> str:
    """Give the place of what an error names, if it stands in the query just once."""
    match = _TOKEN.search(reason)
    token = (match[1] or match[2]) if match else ""
    start = query.find(token)
    if not token or start < 0 or query.find(token, start + 1) >= 0:
        return ""
    line = query.count("\n", 0, start) + 1
    column = start - (query.rfind("\n", 0, start) + 1) + 1
    return tr(" (line {line}, column {column})", line=line, column=column)


def _hint(reason: str) -> str:
    """Name what is likely meant instead of a table that there is not."""
    match = re.search(r"no such table: (?:\w+\.)?(\w+)", reason)
    if not match:
        return ""
    near = get_close_matches(match[1], [*VIEWS, *COLUMNS], 1, 0.5)
    if near:
        return tr("did you mean {name}?", name=near[0])
    return tr("the views are {names}", names=", ".join(VIEWS))


def _names(found: list[str]) -> tuple[str, ...]:
    """Give each column a name of its own: a second `id` is `id_2`."""
    names: list[str] = []
    for position, raw in enumerate(found, 1):
        name = clean(raw) or f"column_{position}"
        number, free = 2, name
        while free in names:
            free, number = f"{name}_{number}", number + 1
        names.append(free)
    return tuple(names)
