"""`crm history`: who changed what, and when."""

import json
from typing import Any

import typer

from crmcli.cli import ListCommand, verb_app
from crmcli.columns import Column
from crmcli.commands.common import check_limit
from crmcli.context import Context
from crmcli.errors import NotFoundError
from crmcli.i18n import tr
from crmcli.store import journal
from crmcli.store.rows import ALL
from crmcli.store.search import NOUNS

COLUMNS = (
    Column("id", "Group", "number"),
    Column("at", "When", "when"),
    Column("actor", "Who"),
    Column("source", "From", wide=True),
    Column("command", "Command"),
    Column("undone", "Undone", wide=True),
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
    limit: int = typer.Option(
        20, "--limit", metavar="N", show_default=False, help="At most so many; 0 for all."
    ),
) -> None:
    """List changes, newest first: who, when, by which command. `crm undo N` takes one back."""
    crm: Context = ctx.obj
    if group is not None:
        rows = journal.changes(crm.store.reader, group)
        if not rows:
            raise NotFoundError(
                tr("there is no change {group}", group=group), tr("`crm history` lists them")
            )
        crm.out.records(CHANGE_COLUMNS, (_change(row, crm.out.is_json) for row in rows))
        return
    record = crm.resolve(ref, NOUNS, trash=True) if ref else None
    groups = journal.history(crm.store.reader, check_limit(limit) or ALL, record)
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


def _change(row: dict[str, Any], as_json: bool) -> dict[str, object]:
    """Give one change with its columns before and after: as objects, or as `column=value`."""
    before, after = json.loads(row["old"] or "null"), json.loads(row["new"] or "null")
    if not as_json:
        before, after = _shown(before), _shown(after)
    last = row["last_row_id"]
    return {
        "id": row["id"],
        "table": row["table_name"],
        "row": f"{row['row_id']}-{last}" if last else str(row["row_id"]),
        "op": row["op"],
        "old": before,
        "new": after,
    }


def _shown(values: dict[str, object] | None) -> str:
    filled = {key: value for key, value in (values or {}).items() if value not in (None, "")}
    return "; ".join(f"{key}={value}" for key, value in filled.items())
