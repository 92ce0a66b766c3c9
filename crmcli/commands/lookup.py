"""`crm lookup`: who calls."""

import typer

from crmcli.cli import ListCommand, verb_app
from crmcli.columns import Column
from crmcli.context import Context
from crmcli.errors import ConflictError, NotFoundError
from crmcli.i18n import tr
from crmcli.service import lookup as service
from crmcli.store.search import Key, reference

COLUMNS = (
    Column("id", "Id", "id"),
    Column("handle", "Handle", wide=True),
    Column("name", "Name"),
    Column("org", "Org"),
    Column("title", "Title", wide=True),
    Column("phone", "Phone", "phone"),
    Column("owner", "Owner"),
    Column("last_touch", "Last touch", "day"),
    Column("tasks", "Open tasks", "list"),
    Column("do_not_contact", "Do not contact", listed=False),
)

app = verb_app()


@app.command(
    cls=ListCommand,
    epilog="crm lookup 4567\ncrm lookup '+386 40 123 456' --json\n"
    "crm lookup 01 555 44 33 --create-lead --name 'Jan Kos' --log",
)
def lookup(
    ctx: typer.Context,
    words: list[str] = typer.Argument(..., metavar="NUMBER", help="Any four digits of it, or all."),
    create: bool = typer.Option(False, "--create-lead", help="Add who is unknown as a lead."),
    name: str = typer.Option("", "--name", help="What the lead is called; else the number."),
    log: bool = typer.Option(False, "--log", help="Log their call."),
) -> None:
    """Show who calls: name, org, owner, last touch and open tasks.

    Any part of the number will do, with or without the country. Exit code 1 when nobody has it.
    """
    crm: Context = ctx.obj
    number = " ".join(words)
    keys = service.who(crm, number)
    if not keys and create:
        keys = [service.add_lead(crm, number, name)]
        crm.out.say(tr("Added {ref} as a lead", ref=reference(keys[0])))
    _print(crm, keys)
    if not keys:
        raise NotFoundError(
            tr("nobody has the number {number}", number=number),
            tr("--create-lead adds who calls"),
        )
    if log:
        _log(crm, number, keys)


def _print(crm: Context, keys: list[Key]) -> None:
    records = [service.head(crm, key) for key in keys]
    if len(records) == 1 and crm.out.format == "table":
        crm.out.record(records[0])
    elif records or crm.out.is_json:
        crm.out.records(COLUMNS, records)


def _log(crm: Context, number: str, keys: list[Key]) -> None:
    if len(keys) > 1:
        refs = ", ".join(map(reference, keys))
        raise ConflictError(
            tr("several have the number {number}: {refs}", number=number, refs=refs),
            tr("`crm log call REF --in` logs it on one"),
        )
    id = service.log_call(crm, keys)
    crm.out.say(tr("Logged their call: {ref}", ref=f"i{id}"))
