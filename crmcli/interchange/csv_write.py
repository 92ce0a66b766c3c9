"""CSV as it goes out: one line a row, and the guard against what a spreadsheet would run."""

import csv
import io
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import islice

BOM = "\ufeff"
"""Tells Excel that a file is UTF-8. A `sep=` line would tell it the delimiter, but then it reads
the rest in the code page of Windows; so the delimiter is chosen instead."""
_AT_ONCE = 100
_TYPED = ("id", "when", "day", "date", "number")  # kinds of columns that hold no free text
_PHONE = frozenset("+0123456789 ()./;-")


def rows(table: Iterable[Sequence[str]], delimiter: str = ",") -> Iterator[str]:
    """Give rows of cells as lines, some at a time."""
    buffer = io.StringIO()
    writer = csv.writer(buffer, delimiter=delimiter, lineterminator="\n")
    given = iter(table)
    while some := list(islice(given, _AT_ONCE)):
        writer.writerows(some)
        yield buffer.getvalue()
        buffer.seek(0)
        buffer.truncate()


def keep(text: str, kind: str = "text") -> str:  # noqa: ARG001
    """Give a cell as it is."""
    return text


def guard(text: str, kind: str = "text") -> str:
    """Give a cell that no spreadsheet runs: what looks like a formula gets one ' in front.

    Args:
        text: the cell.
        kind: of its column; ids, dates, numbers and telephone numbers stay as they are.
    """
    stem = text.lstrip("'")
    if not stem or stem[0] not in "=+-@\t\r" or kind in _TYPED:
        return text
    if kind == "phone" and text[0] == "+" and _PHONE.issuperset(text):
        return text
    return "'" + text


Guard = Callable[[str, str], str]
"""`guard`, or `keep` for --raw."""
