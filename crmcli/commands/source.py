"""`crm source`: where people and deals come from."""

import typer

from crmcli.cli import CrmCommand, ListCommand, noun_app
from crmcli.context import Context
from crmcli.errors import UsageError
from crmcli.i18n import tr
from crmcli.service import source as service
from crmcli.store import source as store

app = noun_app(
    "Where people and deals come from: a fair, the website, a referral. Bare `crm source` lists.",
    "crm source add fair --medium event\ncrm source cost fair 1200 --on 3.11.",
)
NAME = typer.Argument(..., metavar="NAME", help="Its name, or the beginning of it.")
MEDIUM = typer.Option("", "--medium", metavar="WORD", help="What sort: event, web, partner …")


@app.command("list", cls=ListCommand, epilog="crm source list\ncrm source --json")
def list_(ctx: typer.Context) -> None:
    """List sources: how many people and deals came from each, and what was spent."""
    crm: Context = ctx.obj
    found = crm.out.records(store.COLUMNS, store.list_sources(crm.store.reader))
    if not found and crm.out.format == "table":
        crm.out.say(tr("No sources yet. `crm source add NAME` makes one."))


@app.command(
    "add", cls=CrmCommand, epilog="crm source add fair --medium event\ncrm source add website"
)
def add(
    ctx: typer.Context,
    name: str = typer.Argument(..., metavar="NAME", help="How it is called."),
    medium: str = MEDIUM,
) -> None:
    """Add a source. `--source NAME` of a lead or a deal makes a new one too."""
    crm: Context = ctx.obj
    done = service.add(crm, name, medium)
    _announce(crm, tr("Added"), done.value)


@app.command(
    "edit",
    cls=CrmCommand,
    epilog="crm source edit fair --name 'Spring fair'\ncrm source edit web --medium online",
)
def edit(
    ctx: typer.Context,
    ref: str = NAME,
    name: str = typer.Option("", "--name", metavar="NAME", help="Another name."),
    medium: str = MEDIUM,
) -> None:
    """Rename a source, or say what sort it is."""
    crm: Context = ctx.obj
    values = {key: text for key, text in (("name", name), ("medium", medium)) if text}
    if not values:
        raise UsageError(tr("nothing to change"), tr("give --name or --medium"))
    id, moved = service.edit(crm, ref, values)
    _announce(crm, tr("Changed") if moved else tr("Unchanged"), id)


@app.command(
    "rm", cls=CrmCommand, epilog="crm source rm fair\ncrm source rm 'the fair' --into fair"
)
def rm(
    ctx: typer.Context,
    ref: str = NAME,
    into: str = typer.Option("", "--into", metavar="NAME", help="What came from it goes there."),
) -> None:
    """Remove a source that nothing came from, or make one of two; `crm undo` brings it back."""
    crm: Context = ctx.obj
    source = service.remove(crm, ref, into)
    crm.out.say(tr("Removed the source {name}", name=source["name"]))
    if crm.out.is_json:
        crm.out.record(source)


@app.command(
    "cost",
    cls=CrmCommand,
    epilog="crm source cost fair 1200 --on 3.11. --note 'the stand'\n"
    "crm source cost website 'USD 90'",
)
def cost(
    ctx: typer.Context,
    ref: str = NAME,
    amount: str = typer.Argument(..., metavar="AMOUNT", help="What was spent."),
    on: str = typer.Option("", "--on", metavar="DATE", help="When; else today."),
    note: str = typer.Option("", "--note", help="What for."),
) -> None:
    """Add what was spent on a source. `crm undo` takes it back."""
    crm: Context = ctx.obj
    record = service.add_cost(crm, ref, amount, on, note)
    spent = record["amount"]
    crm.out.say(
        tr(
            "Spent {amount} on {name}, {day}",
            amount=f"{spent['amount']} {spent['currency']}",
            name=record["source"],
            day=record["spent_on"],
        )
    )
    if crm.out.is_json:
        crm.out.record(record)


@app.command("costs", cls=ListCommand, epilog="crm source costs fair\ncrm source costs fair --csv")
def costs(ctx: typer.Context, ref: str = NAME) -> None:
    """List what was spent on a source, and when."""
    crm: Context = ctx.obj
    source = store.find_source(crm.store.reader, ref)
    crm.out.records(store.COST_COLUMNS, store.costs(crm.store.reader, source["id"]))


def _announce(crm: Context, verb: str, id: int) -> None:
    """Say what became of a source, and give it to the pipe."""
    found = next(row for row in store.list_sources(crm.store.reader) if row["id"] == id)
    crm.out.say(f"{verb} {found['name']}")
    if crm.out.is_json:
        crm.out.record(found)
    elif not crm.out.is_terminal:
        crm.out.lines([found["name"]])
