"""`crm goal`: what somebody, or the team, wants to reach in a period."""

import typer

from crmcli.cli import CrmCommand, ListCommand, noun_app
from crmcli.columns import Column
from crmcli.commands.figures import PERIOD
from crmcli.context import Context
from crmcli.errors import UsageError
from crmcli.i18n import tr
from crmcli.money import Money, json, text
from crmcli.rules.sales import METRICS
from crmcli.service import goal as service
from crmcli.service.figures import said_day
from crmcli.service.record import Record
from crmcli.store import goal as store
from crmcli.store.goal import Goal

COLUMNS = (
    Column("id", "No.", "id"),
    Column("owner", "Owner"),
    Column("metric", "Metric"),
    Column("target", "Goal", "money"),
    Column("from", "From", "date"),
    Column("to", "To", "date"),
)
app = noun_app(
    "Goals: an amount won, deals won, new contacts or touches, in a period.\n"
    "`crm report goals` says how much of them is reached.",
    "crm goal\ncrm goal set @me won_amount 50000 --quarter\ncrm goal set team touches 200 --month",
)


@app.command("list", cls=ListCommand, epilog="crm goal\ncrm goal list --json")
def list_(ctx: typer.Context) -> None:
    """List the goals, by their first day."""
    crm: Context = ctx.obj
    goals = store.list_goals(crm.store.reader)
    if not crm.out.records(COLUMNS, map(_json, goals)):
        crm.out.say(tr("No goal yet: crm goal set @me won_amount 50000 --quarter"))


@app.command(
    "set",
    cls=CrmCommand,
    epilog="crm goal set @me won_amount 50000 --quarter\n"
    "crm goal set ana won_count 12 -p 'next quarter'\ncrm goal set team new_contacts 40 --month",
)
def set_(
    ctx: typer.Context,
    owner: str = typer.Argument(..., metavar="OWNER", help="A name, @me, or team."),
    metric: str = typer.Argument(..., metavar="METRIC", help=f"One of {', '.join(METRICS)}."),
    target: str = typer.Argument(..., metavar="TARGET", help="A number; an amount if won_amount."),
    month: bool = typer.Option(False, "--month", help="This month."),
    quarter: bool = typer.Option(False, "--quarter", help="This quarter."),
    in_period: str = PERIOD,
) -> None:
    """Set a goal; setting it again changes its target."""
    crm: Context = ctx.obj
    named = [in_period, "this month" if month else "", "this quarter" if quarter else ""]
    chosen = [name for name in named if name]
    if len(chosen) != 1:
        raise UsageError(
            tr("a goal is for one period"), tr("give --month, --quarter or -p 'next quarter'")
        )
    id = service.set_goal(crm, owner, metric, target, chosen[0])
    _say(crm, tr("Goal"), service.find(crm, str(id)))


@app.command("rm", cls=CrmCommand, epilog="crm goal rm 3\ncrm goal rm 3 --json")
def rm(
    ctx: typer.Context,
    number: str = typer.Argument(..., metavar="NO", help="Its number in `crm goal`."),
) -> None:
    """Remove a goal."""
    crm: Context = ctx.obj
    _say(crm, tr("Removed goal"), service.remove(crm, number))


def _say(crm: Context, verb: str, goal: Goal) -> None:
    """Say a goal, and give it to the pipe."""
    record, days = _json(goal), service.days(goal)
    crm.out.say(
        tr(
            "{verb} {id}: {owner}, {metric} {target}, {first} to {last}",
            verb=verb,
            id=goal.id,
            owner=record["owner"],
            metric=tr(goal.metric).replace("_", " "),
            target=_target(goal),
            first=said_day(days[0]),
            last=said_day(days[1]),
        )
    )
    if crm.out.is_json:
        crm.out.record(record)
    elif not crm.out.is_terminal:
        crm.out.lines([str(goal.id)])


def _target(goal: Goal) -> str:
    return text(Money(goal.target, goal.currency)) if goal.currency else str(goal.target)


def _json(goal: Goal) -> Record:
    """Give a goal under its names in JSON."""
    return {
        "id": goal.id,
        "owner": goal.owner or service.TEAM,
        "metric": goal.metric,
        "target": json(Money(goal.target, goal.currency)) if goal.currency else goal.target,
        "from": goal.starts_on,
        "to": goal.ends_on,
    }
