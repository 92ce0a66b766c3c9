"""`crm remind`: a follow-up in one line."""

import typer

from crmcli.cli import TextCommand, verb_app
from crmcli.commands import common
from crmcli.commands.task import EVERY, FROM
from crmcli.context import Context
from crmcli.i18n import tr
from crmcli.service import task as service
from crmcli.service.record import name_of

app = verb_app()


@app.command(
    cls=TextCommand,
    epilog="crm remind ana-novak fri send the offer\ncrm remind acme 'in 2 weeks' renewal\n"
    "crm remind c12 tomorrow 9:00 call about the pilot\n"
    "crm remind ana-novak every fri weekly call",
)
def remind(
    ctx: typer.Context,
    ref: str = typer.Argument(
        ..., metavar="REF", help="Whom: id, handle, e-mail, phone or full name."
    ),
    words: list[str] = typer.Argument(..., metavar="WHEN TEXT", help="When, then what."),
    every: str = EVERY,
    from_: str = FROM,
) -> None:
    """Set a follow-up: the longest run of first words that is a date is the date."""
    crm: Context = ctx.obj
    key = crm.resolve(ref, ("contact", "org"))
    added = service.remind(crm, key, " ".join(words), every=every, from_=from_)
    note = tr(" for {name}", name=name_of(crm, key)) + added.echo
    common.announce(crm, tr("Added"), ("task", added.id), note)
