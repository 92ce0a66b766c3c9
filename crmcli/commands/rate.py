"""`crm rate`: what one unit of a currency is worth in another, from a day on."""

import typer

from crmcli.cli import CrmCommand, ListCommand, noun_app
from crmcli.context import Context
from crmcli.i18n import tr, trn
from crmcli.service import rate as service
from crmcli.store import rate as store

app = noun_app(
    "Rates between currencies. Sums over several currencies are added up in the base currency\n"
    "(`currency` in the configuration) once every rate they need is here; what was closed counts\n"
    "with the rate of that day.",
    "crm rate\ncrm rate set USD EUR 0.92\ncrm rate set USD EUR 0.95 --on 2026-01-01",
)
BASE = typer.Argument(..., metavar="FROM", help="One unit of this, such as USD …")
QUOTE = typer.Argument(..., metavar="TO", help="… is worth so many of this, such as EUR.")


@app.command("list", cls=ListCommand, epilog="crm rate\ncrm rate list --json")
def list_(ctx: typer.Context) -> None:
    """List the rates, by currency and day."""
    crm: Context = ctx.obj
    if not crm.out.records(store.COLUMNS, store.list_rates(crm.store.reader)):
        crm.out.say(tr("No rate yet: crm rate set USD EUR 0.92"))


@app.command(
    "set",
    cls=CrmCommand,
    epilog="crm rate set USD EUR 0.92\ncrm rate set JPY EUR 0.0061 --on 2026-01-01",
)
def set_(
    ctx: typer.Context,
    base: str = BASE,
    quote: str = QUOTE,
    rate: str = typer.Argument(..., metavar="RATE", help="Such as 0.92."),
    on: str = typer.Option("", "--on", metavar="DATE", help="From that day on; else from today."),
) -> None:
    """Store a rate from a day on. It holds until a newer one, and for that way and back."""
    crm: Context = ctx.obj
    found = service.set_rate(crm, base, quote, rate, on)
    crm.out.say(tr("From {on_date} on 1 {base} is {rate} {quote}", **found))
    if crm.out.is_json:
        crm.out.record(found)


@app.command(
    "rm", cls=CrmCommand, epilog="crm rate rm USD EUR --on 2026-01-01\ncrm rate rm USD EUR"
)
def rm(
    ctx: typer.Context,
    base: str = BASE,
    quote: str = QUOTE,
    on: str = typer.Option("", "--on", metavar="DATE", help="Only that of this day."),
) -> None:
    """Remove the rates of a pair, all or that of a day."""
    crm: Context = ctx.obj
    gone = service.remove(crm, base, quote, on)
    crm.out.say(trn("Removed {count} rate", "Removed {count} rates", gone))
    if crm.out.is_json:
        crm.out.record({"removed": gone})
