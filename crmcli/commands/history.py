"""`crm history`: who changed what, and when."""

import json

import typer

from crmcli.cli import ListCommand, verb_app
from crmcli.columns import Column
from crmcli.context import Context
from crmcli.errors import UsageError
from crmcli.store import journal

COLUMNS = (
    Column("id", "Group", "number"),
    Column("at", "When", "when"),
    Column("actor", "Who"),
    Column("source", "From"),
    Column("command", "Command"),
    Column("undone", "Undone"),
    Column("summary", "What"),
)
CHANGE_COLUMNS = (
    Column("table", "Table"),
    Column("row", "Row", "number"),
    Column("op", "Op"),
    Column("old", "Before"),
    Column("new", "After"),
)

app = verb_app()


@app.command(
    "history", cls=ListCommand, epilog="crm history\ncrm history ana-novak\ncrm history --group 12"
)
def history_(
    ctx: typer.Context,
    ref: str = typer.Argument("", help="Only what touched this record."),
    group: int = typer.Option(None, "--group", metavar="N", help="One change in detail."),
    limit: int = typer.Option(20, "--limit", help="At most so many."),
) -> None:
    """List changes, newest first: who, when, by which command. `crm undo N` takes one back."""
    crm: Context = ctx.obj
    if limit < 1:
        raise UsageError("--limit must be at least 1")
    if group is not None:
        rows = journal.changes(crm.store.reader, group)
        crm.out.records(CHANGE_COLUMNS, (_change(row) for row in rows))
        return
    record = crm.resolve(ref, ("contact", "org", "task", "interaction")) if ref else None
    groups = journal.history(crm.store.reader, limit, record)
    crm.out.records(
        COLUMNS,
        (
            {
                "id": group.id,
                "at": group.at,
                "actor": group.actor,
                "source": group.source,
                "command": group.command,
                "undone": "undone" if group.undone else None,
                "summary": group.summary,
            }
            for group in groups
        ),
    )


def _change(row: dict[str, object]) -> dict[str, object]:
    last = row["last_row_id"]
    return {
        "id": row["id"],
        "table": row["table_name"],
        "row": f"{row['row_id']}-{last}" if last else str(row["row_id"]),
        "op": row["op"],
        "old": json.loads(str(row["old"] or "null")),
        "new": json.loads(str(row["new"] or "null")),
    }
