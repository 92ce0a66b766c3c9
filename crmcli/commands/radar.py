"""`crm radar`: letters without an answer, theirs and yours."""

import typer

from crmcli.cli import ListCommand, verb_app
from crmcli.commands.due import COLUMNS, item_shown
from crmcli.context import Context
from crmcli.i18n import tr
from crmcli.service import today as service

app = verb_app()


@app.command(cls=ListCommand, epilog="crm radar\ncrm radar --reply --owner me\ncrm radar --json")
def radar(
    ctx: typer.Context,
    reply: bool = typer.Option(False, "--reply", help="Only who waits for your answer."),
    nudge: bool = typer.Option(False, "--nudge", help="Only from whom no answer came."),
    owner: str = typer.Option("", "--owner", metavar="NAME", help="Only this owner's; or me."),
) -> None:
    """Show who wrote last and waits for you, and who never answered you.

    A letter is a mail, a message, or a call of theirs that you missed. A call or a meeting settles
    it. When to tell: reply_days, nudge_days and radar_days of `crm config`.
    """
    crm: Context = ctx.obj
    today = crm.clock.today()
    wanted = {name for name, asked in (("reply", reply), ("nudge", nudge)) if asked}
    items = service.radar(crm, crm.owner(owner or None))
    shown = [item for item in items if not wanted or item.section in wanted]
    crm.out.records(COLUMNS, (item_shown(crm, item, today) for item in shown))
    if not shown and crm.out.format == "table":
        crm.out.say(tr("Nobody waits for an answer."))
