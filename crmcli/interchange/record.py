"""What a reader yields for each row of a file: a record, a reject or a skip."""

from dataclasses import dataclass, field
from typing import Any, Protocol

Raw = dict[str, Any]
Part = tuple[str, Raw]
"""A noun and the values of one record of it, by field."""


class Origin(Protocol):
    """What a reading reads from: a file as text or bytes, or a folder."""

    @property
    def name(self) -> str:
        """The path as given, `stdin` for a pipe."""

    @property
    def sha256(self) -> str:
        """Of all bytes."""

    @property
    def encoding(self) -> str:
        """What it is read as; "" for what says so itself."""

    @property
    def guessed(self) -> bool:
        """Whether the encoding was neither given nor told by the bytes themselves."""

    def close(self) -> None:
        """Close it."""


class LeftOut(Exception):
    """A row that is understood and not brought in, such as a lead marked as junk; says why."""


@dataclass(slots=True)
class Record:
    """A row that was understood; whether its values are valid is decided later.

    Args:
        line: physical line on which the row begins.
        noun: `contact`, `org`, `task` or `interaction`.
        raw: the values by field; empty ones are absent.
        cells: the row as it stands in the file, for the list of rejects.
        more: further records that the same row holds, such as a person's org or a note.
    """

    line: int
    noun: str
    raw: Raw
    cells: list[str]
    more: list[Part] = field(default_factory=list)


@dataclass(slots=True)
class Reject:
    """A row that cannot be read; `reason` says why."""

    line: int
    reason: str
    cells: list[str]


@dataclass(slots=True)
class Skip:
    """A row that is not brought in, such as a deleted member; `reason` says why."""

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
        changed: how many of these are stored otherwise than they stand there: control characters
            are replaced, letters composed.
        dropped: how many of these were not imported.
    """

    name: str
    target: str | None
    filled: int = 0
    changed: int = 0
    dropped: int = 0
