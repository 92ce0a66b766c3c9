"""`crm path`: where things lie."""

import typer

from crmcli import config
from crmcli.cli import CrmCommand, verb_app
from crmcli.context import Context
from crmcli.errors import UsageError
from crmcli.i18n import tr

app = verb_app()


@app.command("path", cls=CrmCommand, epilog="crm path\ncrm path database\ncrm path --json")
def path_(
    ctx: typer.Context,
    which: str = typer.Argument("", help="Only this one: database, config or backups."),
) -> None:
    """Show where the database, the configuration and the backups lie."""
    crm: Context = ctx.obj
    places = {
        "database": crm.config.database(),
        "config": config.path(),
        "backups": config.backups_dir(),
    }
    if which and which not in places:
        raise UsageError(
            tr("unknown place {which!r}", which=which),
            tr("one of {names}", names=", ".join(places)),
        )
    if which and not crm.out.is_json:
        crm.out.lines([places[which]])
    else:
        crm.out.record({which: places[which]} if which else places)
