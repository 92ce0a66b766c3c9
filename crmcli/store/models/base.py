"""What every table shares. SQLModel classes are the one definition of the schema."""

from typing import Any, ClassVar

from sqlalchemy import CheckConstraint, Index, text
from sqlmodel import Field, SQLModel


class Row(SQLModel):
    """A table with a permanent id: AUTOINCREMENT, so that an id is never used again."""

    id: int | None = Field(default=None, primary_key=True)
    __table_args__: ClassVar[Any] = {"sqlite_autoincrement": True}


class Editable(Row):
    """A row that people edit: `version` grows with each change and guards against overwriting."""

    version: int = Field(default=1, sa_column_kwargs={"server_default": "1"})


def table(*rules: Any) -> tuple[Any, ...]:
    """Give the table arguments for check constraints and indices."""
    return (*rules, {"sqlite_autoincrement": True})


def check(rule: str) -> CheckConstraint:
    """Give a CHECK constraint: the last wall behind the validation in `rules`."""
    return CheckConstraint(rule)


def index(name: str, *columns: str, where: str = "", unique: bool = False) -> Index:
    """Give an index, partial when `where` is given; `columns` may end in ` DESC`."""
    terms = [text(column) if " " in column else column for column in columns]
    return Index(name, *terms, unique=unique, sqlite_where=text(where) if where else None)


def one_of(column: str, words: tuple[str, ...], *, null: bool = False) -> CheckConstraint:
    """Give the CHECK that `column` holds one of `words` (or nothing, with `null`)."""
    quoted = ", ".join(f"'{word}'" for word in words)
    rule = f"{column} IN ({quoted})"
    return CheckConstraint(f"{column} IS NULL OR {rule}" if null else rule)


def exactly_one(*columns: str) -> CheckConstraint:
    """Give the CHECK of an exclusive arc: the row belongs to exactly one of its owners."""
    return CheckConstraint(" + ".join(f"({column} IS NOT NULL)" for column in columns) + " = 1")


def flag(default: int = 0) -> Any:
    """Give a yes/no column: a checked integer, for portable SQL."""
    return Field(default=default, sa_column_kwargs={"server_default": str(default)})


def json_text() -> Any:
    """Give a column that holds a JSON object as text."""
    return Field(default="{}", sa_column_kwargs={"server_default": "{}"})


def foreign(target: str) -> Any:
    """Give an optional link. No cascades: nothing disappears without the journal's say."""
    return Field(default=None, foreign_key=target)
