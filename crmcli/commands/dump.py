"""`crm dump`: everything as sorted lines of JSON, for git and diff."""

import os

import typer

from crmcli.cli import CrmCommand, verb_app
from crmcli.context import Context
from crmcli.i18n import tr, trn
from crmcli.service import dump as service

app = verb_app()


@app.command(
    "dump",
    cls=CrmCommand,
    epilog="crm dump ~/crm-dump\ncrm dump ~/crm-dump && ls ~/crm-dump",
)
def dump(
    ctx: typer.Context,
    folder: str = typer.Argument(..., metavar="DIR", help="Made for you only, if it is new."),
) -> None:
    """Write all that you made into a folder: a file a table, a line a record, the trash too.

    The same records give the same bytes, and one edit changes one line. `crm load` brings it back
    with every id. The history is not in it: for that there is `crm backup`.
    """
    crm: Context = ctx.obj
    files = service.dump(crm, os.path.expanduser(folder))
    count = sum(file.count for file in files)
    changed = sum(file.changed for file in files)
    if crm.out.is_json:
        names = ("table", "count", "changed")
        listed = [{name: getattr(file, name) for name in names} for file in files]
        crm.out.record({"folder": folder, "records": count, "files": listed})
    crm.out.say(
        trn("Wrote {count} record to {path}", "Wrote {count} records to {path}", count, path=folder)
        if changed
        else tr("{path} is up to date", path=folder)
    )
