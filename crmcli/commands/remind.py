"""`crm remind`: a follow-up in one line."""

import typer

from crmcli.cli import TextCommand, verb_app
from crmcli.commands import common
from crmcli.commands.log import follow_up
from crmcli.context import Context
from crmcli.store.task import add_task

app = verb_app()


@app.command(
    cls=TextCommand,
    epilog="crm remind ana-novak fri send the offer\ncrm remind acme 'in 2 weeks' renewal\n"
    "crm remind c12 tomorrow 9:00 call about the pilot",
)
def remind(
    ctx: typer.Context,
    ref: str = typer.Argument(..., help="Whom: id, handle, e-mail, phone or full name."),
    words: list[str] = typer.Argument(..., metavar="WHEN TEXT", help="When, then what."),
) -> None:
    """Set a follow-up: the longest run of first words that is a date is the date."""
    crm: Context = ctx.obj
    key = crm.resolve(ref, ("contact", "org"))
    step = follow_up(crm, " ".join(words), "follow_up", "")
    assert step is not None
    draft, due = step
    id = crm.write("remind", lambda w: add_task(w, draft, *key)).value
    name = common.name_of(crm, key)
    common.announce(crm, "Added", ("task", id), f" for {name}, {due}")
