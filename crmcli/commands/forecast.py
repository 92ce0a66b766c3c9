"""`crm forecast`: what open deals are likely to bring, beside what was won."""

from dataclasses import replace

import typer

from crmcli.cli import verb_app
from crmcli.commands import listing
from crmcli.commands.figures import (
    AS_OF,
    BEHIND,
    CHART,
    PERIOD,
    PIPELINE,
    ReportCommand,
    by_option,
    names_of,
    show,
    where,
)
from crmcli.context import Context
from crmcli.errors import UsageError
from crmcli.i18n import tr
from crmcli.service.figures import Ask
from crmcli.service.forecast import BY
from crmcli.service.forecast import forecast as compute

app = verb_app()


@app.command(
    cls=ReportCommand,
    epilog="crm forecast\ncrm forecast --quarter --by owner,category\n"
    "crm forecast -p 'next quarter' --by stage\ncrm forecast --as-of 2026-09-30\n"
    "crm forecast owner:me --json\ncrm forecast --explain month=2026-12",
)
def forecast(
    ctx: typer.Context,
    terms: list[str] = listing.terms("deal"),
    by: str = by_option(BY),
    in_period: str = PERIOD,
    month: bool = typer.Option(False, "--month", help="This month."),
    quarter: bool = typer.Option(False, "--quarter", help="This quarter."),
    since: str = typer.Option("", "--since", metavar="WHEN", help="The first day; looks ahead."),
    until: str = typer.Option("", "--until", metavar="WHEN", help="The last day; looks ahead."),
    as_of: str = AS_OF,
    pipeline: str = PIPELINE,
    strict: bool = typer.Option(False, "--strict", help="What is past its close date is left out."),
    filter_: str = listing.WHERE,
    draw: bool = CHART,
    explain: str = BEHIND,
) -> None:
    """What open deals are likely to bring by month: each amount times its probability.

    Without a period all with a close date from today on. Past and missing close dates are lines
    of their own; won deals are beside it, lost ones nowhere. Amounts are of a year: a monthly one
    counts twelve times. By category each line holds what is at least that sure.
    """
    crm: Context = ctx.obj
    chosen = (in_period, "this month" if month else "", "this quarter" if quarter else "")
    named = [name for name in chosen if name]
    if len(named) > 1:
        raise UsageError(tr("-p, --month and --quarter exclude one another"))
    ask = Ask(
        period=named[0] if named else "",
        since=since,
        until=until,
        as_of=as_of,
        where=where(crm, "deal", terms, filter_),
        pipeline=pipeline,
        strict=strict,
    )
    show(crm, compute, replace(ask, by=names_of(by)), explain=explain, draw=draw)
