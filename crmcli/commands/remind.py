"""`crm remind`: a follow-up in one line."""

import typer

from crmcli.cli import TextCommand, verb_app
from crmcli.commands import common, planning
from crmcli.commands.task import EVERY, FROM
from crmcli.context import Context
from crmcli.errors import UsageError
from crmcli.i18n import tr
from crmcli.rules.task import draft_task
from crmcli.store.task import add_task

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
    when, title, series = planning.split_step(crm, " ".join(words))
    if not series:
        series, _ = planning.repeat_values(crm, every, from_, when)
    elif every:
        raise UsageError(tr("the text says already how it repeats"), tr("leave --every out"))
    elif from_:
        series["repeat_from"] = planning.repeat_from_word(from_)
    raw = {"title": title or tr("Follow up"), **planning.due_values(crm, when), **series}
    draft = draft_task(raw)
    id = crm.write("remind", lambda w: add_task(w, draft, *key)).value
    name = common.name_of(crm, key)
    echo = planning.series_echo(crm, when, series)
    note = tr(" for {name}", name=name) + echo
    common.announce(crm, tr("Added"), ("task", id), note)
