"""Generates schema.sql and tables.py from the SQLModel classes: `python -m crmcli.store.schema`.

A test compares both files with what this gives, so that the models stay the one definition.
"""

from pathlib import Path
from typing import TYPE_CHECKING

from crmcli.store import dialect
from crmcli.store.views import all_views

if TYPE_CHECKING:
    from sqlalchemy import Table
    from sqlalchemy.schema import CreateIndex, CreateTable


def build_schema() -> str:
    """Give the DDL of a new database: tables, indices, full-text, seeds, triggers, views."""
    from sqlalchemy.schema import CreateIndex, CreateTable

    parts = ["-- Generated from crmcli/store/models by `make schema`; do not edit.\n"]
    for table in _tables():
        parts.append(_ddl(CreateTable(table)))
        indices = sorted(table.indexes, key=lambda index: str(index.name))
        parts += [_ddl(CreateIndex(index)) for index in indices]
    parts.append(dialect.FULL_TEXT)
    parts.append("INSERT INTO journal_state (id, group_id) VALUES (1, NULL);\n")
    parts += seeds()
    parts += (ddl for _, ddl in dialect.all_triggers(table_columns()))
    parts += (ddl for _, ddl in all_views())
    return "\n".join(parts)


def seeds() -> list[str]:
    """Give the statements that make what every database begins with: pipelines and reasons."""
    from crmcli.rules.deal import LOST_REASONS, UNQUALIFIED_REASONS
    from crmcli.rules.pipeline import SEEDED, TEMPLATES, draft_stage
    from crmcli.text import fold

    rows: list[tuple[str, dict[str, object]]] = []
    for id, (name, holds, template) in enumerate(SEEDED, 1):
        pipeline = {"id": id, "name": name, "name_norm": fold(name)}
        rows.append(("pipeline", {**pipeline, "holds": holds, "is_default": 1}))
        for position, raw in enumerate(TEMPLATES[template], 1):
            values = {"pipeline_id": id, "position": position, **draft_stage(raw).values}
            rows.append(("stage", values))
    reasons = {"lost": LOST_REASONS, "unqualified": UNQUALIFIED_REASONS}
    for scope, names in reasons.items():
        rows += (
            ("reason", {"scope": scope, "name": name, "name_norm": fold(name)}) for name in names
        )
    return [_insert(table, values) for table, values in rows]


def _insert(table: str, values: dict[str, object]) -> str:
    """Give one INSERT; the values are ours, words and numbers."""
    said = ("NULL" if value is None else repr(value) for value in values.values())
    return f"INSERT INTO {table} ({', '.join(values)}) VALUES ({', '.join(said)});"


def build_tables() -> str:
    """Give the source of tables.py: the columns of each table, for code that imports no model."""
    lines = [
        '"""The columns of each table. Generated from crmcli/store/models by `make schema`."""',
        "",
        "COLUMNS: dict[str, tuple[str, ...]] = {",
    ]
    for name, columns in table_columns().items():
        lines.append(f'    "{name}": (')
        lines.extend(f'        "{column}",' for column in columns)
        lines.append("    ),")
    return "\n".join([*lines, "}", ""])


def table_columns() -> dict[str, list[str]]:
    """Give the column names of each table, in the order of creation."""
    return {table.name: [column.name for column in table.columns] for table in _tables()}


def main() -> None:
    """Write both files beside this one."""
    here = Path(__file__).parent
    (here / "schema.sql").write_text(build_schema(), encoding="utf-8")
    (here / "tables.py").write_text(build_tables(), encoding="utf-8")


def _tables() -> "list[Table]":
    from sqlmodel import SQLModel

    import crmcli.store.models  # noqa: F401  (registers the tables)

    return SQLModel.metadata.sorted_tables


def _ddl(statement: "CreateTable | CreateIndex") -> str:
    """Give one statement with portable TEXT columns and without trailing blanks."""
    from sqlalchemy.dialects import sqlite

    ddl = str(statement.compile(dialect=sqlite.dialect())).strip()
    lines = ddl.replace("VARCHAR", "TEXT").replace("\t", "    ").splitlines()
    return "\n".join(line.rstrip() for line in lines) + ";\n"


if __name__ == "__main__":
    main()
