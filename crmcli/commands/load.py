"""`crm load`: a dump, brought into an empty database."""

import os

import typer

from crmcli.cli import CrmCommand, verb_app
from crmcli.context import Context
from crmcli.i18n import trn
from crmcli.service import dump as service

app = verb_app()


@app.command(
    "load",
    cls=CrmCommand,
    epilog="crm load ~/crm-dump --db new.db\ncrm load ~/crm-dump --db new.db --dry-run",
)
def load(
    ctx: typer.Context,
    folder: str = typer.Argument(..., metavar="DIR", help="What `crm dump` wrote."),
    dry_run: bool = typer.Option(False, "--dry-run", help="Check everything; write nothing."),
) -> None:
    """Bring a dump into an empty database, with every id, handle and link; all or nothing.

    Every line is checked before anything is written. What follows from the records, such as the
    last touch and the search, is made again.
    """
    crm: Context = ctx.obj
    counts = service.load(crm, os.path.expanduser(folder), dry_run=dry_run)
    total = counts.total()
    if crm.out.is_json:
        crm.out.record({"folder": folder, "dry_run": dry_run, "records": total, **counts})
    crm.out.say(
        trn("Would load {count} record", "Would load {count} records", total)
        if dry_run
        else trn("Loaded {count} record", "Loaded {count} records", total)
    )
