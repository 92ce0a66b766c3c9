"""`crm dormant`: who fell silent."""

import typer

from crmcli.cli import ListCommand, verb_app
from crmcli.columns import Column
from crmcli.commands import common, listing
from crmcli.context import Context
from crmcli.i18n import tr
from crmcli.service import filter as filters
from crmcli.service.choice import day_count
from crmcli.store.touch import dormant as read

COLUMNS = (
    Column("id", "Id", "id"),
    Column("handle", "Handle", wide=True),
    Column("name", "Name"),
    Column("last_touch", "Last touch", "day"),
    Column("days", "Days", "number"),
    Column("limit", "Limit", "number"),
    Column("usual_gap", "Usual gap", "number"),
)
DEFAULT_DAYS = "90d"

app = verb_app()


@app.command(
    cls=ListCommand,
    epilog="crm dormant --days 90\ncrm dormant +client owner:me\n"
    "crm dormant --adaptive --limit 20\ncrm dormant -f ids | crm tag add dormant -",
)
def dormant(
    ctx: typer.Context,
    terms: list[str] = listing.terms("contact"),
    where: str = listing.WHERE,
    days: str = typer.Option(DEFAULT_DAYS, "--days", metavar="DAYS", help="Silent for so long."),
    adaptive: bool = typer.Option(
        False, "--adaptive", help="Measure each by 1.5 of their own usual gaps; needs 3 touches."
    ),
    owner: str = typer.Option("", "--owner", metavar="NAME", help="Only this owner's; or me."),
    limit: int = typer.Option(
        None, "--limit", metavar="N", show_default=False, help="At most so many; 0 for all."
    ),
) -> None:
    """List people who were in touch once and fell silent, the longest silence first."""
    from itertools import islice

    crm: Context = ctx.obj
    silent = day_count("--days", days)
    most = common.page_limit(crm, limit)
    name = crm.owner(owner or None)
    condition = listing.condition(crm, "contact", filters.read(terms, where))
    chosen = (f"AND {condition.sql}", condition.values) if condition else ("", {})
    found = read(
        crm.store.reader, crm.clock, days=silent, adaptive=adaptive, owner=name, where=chosen
    )
    rows = found if most < 0 else islice(found, most)
    count = crm.out.records(COLUMNS, (row.json() for row in rows))
    if crm.out.format == "table" and count == most and limit is None:
        crm.out.say(tr("The first {most}; --limit 0 lists all.", most=most))
    if crm.out.format == "table" and not count:
        crm.out.say(tr("Nobody fell silent."))
