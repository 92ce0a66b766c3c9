"""Questions in SQL, as columns and records that every output format takes."""

from collections.abc import Iterator, Sequence
from math import isinf
from typing import Any

from crmcli.columns import Column
from crmcli.context import Context
from crmcli.errors import UsageError
from crmcli.i18n import tr
from crmcli.service.record import Record
from crmcli.store.ask import ask

LARGEST = 2**63 - 1  # whole number that SQLite holds


def answer(
    crm: Context, query: str, given: Sequence[str] = (), *, plan: bool = False
) -> tuple[list[Column], Iterator[Record]]:
    """Ask the database.

    Args:
        crm: the run.
        query: one statement that reads.
        given: its parameters as typed, `name=value`.
        plan: ask how SQLite would go about it instead.

    Returns:
        The columns by their names in the answer, and the records as they come.

    Raises:
        UsageError: the statement writes or is not understood, or a parameter is none.
    """
    text = f"EXPLAIN QUERY PLAN {query}" if plan else query
    found = ask(crm.store.reader, text, parameters(given))
    columns = [Column(name, name) for name in found.names]
    records = (dict(zip(found.names, map(_value, row), strict=True)) for row in found.rows)
    return columns, records


def parameters(given: Sequence[str]) -> dict[str, Any]:
    """Read `name=value`; a value that is written as a number is one.

    Raises:
        UsageError: there is no `=`, or no name before it.
    """
    found: dict[str, Any] = {}
    for word in given:
        name, equals, value = word.partition("=")
        if not equals or not name.isidentifier():
            raise UsageError(
                tr("not a parameter: {word!r}", word=word), tr("such as --param owner=zala")
            )
        found[name] = _number(value)
    return found


def _number(text: str) -> Any:
    """Give a number for its plain form; 007, 1e3 and what SQLite cannot hold stay texts."""
    digits = text.removeprefix("-")
    if digits.isascii() and digits.isdigit() and str(int(digits[:19])) == digits:
        return int(text) if int(digits) <= LARGEST else text
    whole, point, rest = digits.partition(".")
    if point and whole.isascii() and (whole + rest).isdigit() and str(float(text)) == text:
        return float(text)
    return text


def _value(value: Any) -> Any:
    """Give a value as every format can write it: bytes as their hexadecimal digits.

    JSON has no infinite number: it is a text.
    """
    if isinstance(value, float) and isinf(value):
        return str(value)
    return value.hex() if isinstance(value, bytes) else value
