"""`crm redo`: do again what was undone last."""

import typer

from crmcli.cli import CrmCommand, verb_app
from crmcli.commands.undo import say_reverted
from crmcli.context import Context
from crmcli.i18n import tr
from crmcli.store import journal

app = verb_app()


@app.command(cls=CrmCommand, epilog="crm redo\ncrm redo --any")
def redo(
    ctx: typer.Context,
    any_: bool = typer.Option(False, "--any", help="The newest undo, whoever's it is."),
) -> None:
    """Do again what you undid last."""
    crm: Context = ctx.obj
    reverted = crm.write("redo", lambda w: journal.redo(w, anyone=any_), source="undo").value
    say_reverted(crm, tr("Done again"), reverted, tr("`crm undo` takes it back"))
