"""`crm sql`: a question in SQL, answered in every output format."""

import typer

from crmcli.cli import ListCommand, verb_app
from crmcli.context import Context
from crmcli.errors import UsageError
from crmcli.i18n import tr
from crmcli.service.sql import answer

app = verb_app()


@app.command(
    "sql",
    cls=ListCommand,
    epilog='crm sql "SELECT ref, name, amount, currency FROM v_deal ORDER BY close_date"\n'
    'crm sql "SELECT name, email FROM v_contact WHERE owner = :who" --param who=zala --csv\n'
    'echo "SELECT count(*) AS people FROM v_contact" | crm sql - --json',
)
def sql_(
    ctx: typer.Context,
    query: str = typer.Argument(..., metavar="QUERY", help="One SELECT; - reads it from stdin."),
    param: list[str] = typer.Option(
        [], "--param", metavar="NAME=VALUE", help="Fill :NAME; give it several times."
    ),
    explain: bool = typer.Option(False, "--explain", help="Show how SQLite would go about it."),
) -> None:
    """Ask the database in SQL; it is only read. The views v_… stay what they are (docs/views.md).

    Times are UTC. fold(text) makes names comparable whatever their marks and case.
    """
    crm: Context = ctx.obj
    text = crm.stdin() if query == "-" else query
    columns, records = answer(crm, text, param, plan=explain)
    if crm.out.format == "ids" and "id" not in {column.key for column in columns}:
        raise UsageError(tr("--format ids needs a column called id"))
    crm.out.records(columns, records)
