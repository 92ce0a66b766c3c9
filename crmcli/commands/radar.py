"""`crm radar`: letters without an answer, theirs and yours."""

import typer

from crmcli.cli import ListCommand, verb_app
from crmcli.commands.due import COLUMNS, item_shown
from crmcli.context import Context
from crmcli.i18n import tr
from crmcli.store.item import Item
from crmcli.store.touch import radar as read_radar

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
    items = radar_items(crm, crm.owner(owner or None))
    shown = [item for item in items if not wanted or item.section in wanted]
    crm.out.records(COLUMNS, (item_shown(crm, item, today) for item in shown))
    if not shown and crm.out.format == "table":
        crm.out.say(tr("Nobody waits for an answer."))


def radar_items(crm: Context, owner: str | None) -> list[Item]:
    """Give what the radar shows under the configured thresholds."""
    return read_radar(crm.store.reader, crm.clock, **limits(crm), owner=owner)


def limits(crm: Context) -> dict[str, int]:
    """Give after how many days letters are told of, as configured."""
    return {key: crm.days(key) for key in ("reply_days", "nudge_days", "radar_days")}
