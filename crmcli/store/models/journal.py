"""The journal: who changed what, when. `change` is written by triggers only (store/dialect.py)."""

from sqlmodel import Field, SQLModel

from crmcli.store.models.base import Row, check, foreign, index, one_of, table

SOURCES = ("cli", "tui", "import", "cron", "hook", "migration", "undo", "outside")


class ChangeGroup(Row, table=True):
    """One unit of work: what one command did, and what `undo` takes back."""

    __tablename__ = "change_group"

    at: str
    actor: str
    source: str
    command: str | None = None
    undone_by_id: int | None = foreign("change_group.id")
    part_of_id: int | None = Field(
        default=None,
        foreign_key="change_group.id",
        description="the first group of an import that took several; they are undone together",
    )

    __table_args__ = table(
        one_of("source", SOURCES),
        index("ix_change_group_part", "part_of_id", where="part_of_id IS NOT NULL"),
        index("ix_change_group_undone", "undone_by_id", where="undone_by_id IS NOT NULL"),
    )


class Change(Row, table=True):
    """One row's change, or one range of rows made by a bulk import (`last_row_id`)."""

    group_id: int = Field(foreign_key="change_group.id")
    table_name: str
    row_id: int
    last_row_id: int | None = None
    op: str = Field(description="I insert, U update, D delete")
    old: str | None = Field(default=None, description="JSON of the changed columns before")
    new: str | None = Field(default=None, description="JSON of the changed columns after")

    __table_args__ = table(
        one_of("op", ("I", "U", "D")),
        check("old IS NULL OR json_valid(old)"),
        check("new IS NULL OR json_valid(new)"),
        index("ix_change_row", "table_name", "row_id", "id"),
        index("ix_change_group", "group_id", "id"),
    )


class JournalState(SQLModel, table=True):
    """One row: the group of the running unit of work; empty while another program writes."""

    __tablename__ = "journal_state"

    id: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    group_id: int | None = foreign("change_group.id")

    __table_args__ = (check("id = 1"),)
