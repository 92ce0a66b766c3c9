"""`crm remind`: a follow-up in one line."""

import typer

from crmcli.cli import TextCommand, verb_app
from crmcli.commands import common
from crmcli.commands.task import DEAL, EVERY, FROM
from crmcli.context import Context
from crmcli.i18n import tr
from crmcli.service import linked
from crmcli.service import task as service
from crmcli.service.record import name_of

app = verb_app()


@app.command(
    cls=TextCommand,
    epilog="crm remind ana-novak fri send the offer\ncrm remind acme 'in 2 weeks' renewal\n"
    "crm remind c12 tomorrow 9:00 call about the pilot\n"
    "crm remind ana-novak every fri weekly call\ncrm remind d7 'next tue' 'send the contract'",
)
def remind(
    ctx: typer.Context,
    ref: str = typer.Argument(
        ..., metavar="REF", help="Whom: id, handle, e-mail, phone or full name; or a deal."
    ),
    words: list[str] = typer.Argument(..., metavar="WHEN TEXT", help="When, then what."),
    every: str = EVERY,
    from_: str = FROM,
    deal: str = DEAL,
) -> None:
    """Set a follow-up: the longest run of first words that is a date is the date.

    Of somebody with exactly one open deal it lies on that deal.
    """
    crm: Context = ctx.obj
    key = linked.key_for(crm, ref)
    added = service.remind(crm, key, " ".join(words), every=every, from_=from_, deal=deal)
    note = tr(" for {name}", name=name_of(crm, key)) + added.echo
    common.announce(crm, tr("Added"), ("task", added.id), note)
