"""What a reader yields for each row of a file: a record, a reject or a skip."""

from dataclasses import dataclass
from typing import Any


@dataclass(slots=True)
class Record:
    """A row that was understood; whether its values are valid is decided later.

    Args:
        line: physical line on which the row begins.
        noun: `contact`, `org`, `task` or `interaction`.
        raw: the values by field; empty ones are absent.
        cells: the row as it stands in the file, for the list of rejects.
    """

    line: int
    noun: str
    raw: dict[str, Any]
    cells: list[str]


@dataclass(slots=True)
class Reject:
    """A row that cannot be read; `reason` says why."""

    line: int
    reason: str
    cells: list[str]


@dataclass(slots=True)
class Skip:
    """A row that holds nobody, such as a deleted member; `reason` says so."""

    line: int
    reason: str
    cells: list[str]


@dataclass(slots=True)
class Column:
    """A column of the file and what became of it.

    Args:
        name: its header; a repeated one is numbered, `Tags (2)`.
        target: the field it feeds; None when it is not imported.
        filled: how many of its cells hold something.
        dropped: how many of these were not imported.
    """

    name: str
    target: str | None
    filled: int = 0
    dropped: int = 0
