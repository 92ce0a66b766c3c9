"""Goals: what somebody, or the team, wants to reach in a period, and how much of it they have."""

from dataclasses import replace
from datetime import date

from crmcli import money
from crmcli.columns import Column
from crmcli.context import Context
from crmcli.errors import InvalidError, NotFoundError, UsageError
from crmcli.i18n import tr
from crmcli.period import Period
from crmcli.period import parse as parse_period
from crmcli.rules import sales as rules
from crmcli.rules.deal import amount
from crmcli.rules.sales import METRICS, Purse, Rates
from crmcli.service import figures
from crmcli.service.choice import usage_word
from crmcli.service.figures import Ask, Line, Table
from crmcli.store import figures as figures_store
from crmcli.store import goal as store
from crmcli.store.figures import Closed
from crmcli.store.goal import Goal
from crmcli.store.rate import rates as read_rates
from crmcli.store.rows import Where

TEAM = "team"
NOUNS = {"new_contacts": "contact", "touches": "interaction"}
BY = ("goal", "owner", "metric", "from", "to")
COLUMNS = (
    Column("attainment", "Reached %", "number"),  # first: it stands on the narrowest terminal
    Column("actual", "So far", "money"),
    Column("target", "Goal", "money"),
    Column("elapsed", "Time gone %", "number"),
)


def set_goal(crm: Context, owner: str, metric: str, target: str, period: str) -> int:
    """Set a goal, or another target of one; give its id.

    Args:
        crm: the run.
        owner: a name, me, @me, or team for everybody.
        metric: one of METRICS, or the beginning of one.
        target: a number, or an amount for won_amount.
        period: this quarter, next month, 2026-Q4 …

    Raises:
        UsageError: no such metric or period.
        InvalidError: no target.
    """
    word = usage_word("metric", metric.replace("-", "_"), METRICS) or ""
    first, last = parse_period(period, crm.clock.today(), crm.dates["week_start"])
    if word == "won_amount":
        minor, currency = amount(target, crm.currency)
    else:
        minor, currency = _count(target), None
    if not minor:
        raise InvalidError(tr("a goal is above zero"), tr("such as 50000, or 20 for a count"))
    name = owner_name(crm, owner)
    return crm.write(
        "goal set",
        lambda w: store.set_goal(
            w, w.user_id(name) if name else None, word, str(first), str(last), minor, currency
        ),
    ).value


def owner_name(crm: Context, owner: str) -> str | None:
    """Give whose goal is meant; None for the team's."""
    name = owner.strip().removeprefix("@")
    if not name:
        raise UsageError(tr("whose goal?"), tr("a name, @me or team"))
    return None if name.casefold() == TEAM else crm.owner(name)


def _count(text: str) -> int:
    sign, whole, decimals = money.plain_number(text)
    if sign or decimals.strip("0") or len(whole) > 12:
        raise InvalidError(
            tr("{text!r} is no number to reach", text=text), tr("a whole one, such as 20")
        )
    return int(whole)


def find(crm: Context, ref: str) -> Goal:
    """Give the goal with an id, as `goal list` shows it.

    Raises:
        NotFoundError: there is none.
    """
    for goal in store.list_goals(crm.store.reader):
        if str(goal.id) == ref.strip():
            return goal
    raise NotFoundError(
        tr("there is no goal {ref!r}", ref=ref), tr("`crm goal` lists them with their numbers")
    )


def remove(crm: Context, ref: str) -> Goal:
    """Remove a goal."""
    goal = find(crm, ref)
    crm.write("goal rm", lambda w: store.drop_goal(w, goal.id))
    return goal


def attainment(crm: Context, ask: Ask, *, default: str = "this quarter") -> Table:
    """Compute how much of each goal is reached whose period touches the one asked for.

    What is won counts in the currency of the goal, with the rate of the day it was closed; where
    a rate is missing, what was reached is not known.
    """
    span = figures.span(crm, ask, default)
    goals = store.list_goals(crm.store.reader, *map(str, span))
    notes: list[str] = []
    lines = [_line(crm, ask, goal, notes) for goal in goals]
    return Table(
        "goals",
        tr("Goals"),
        *span,
        BY,
        COLUMNS,
        lines,
        None,
        list(dict.fromkeys(notes)),
        "attainment",
        lambda crm, line: _behind(crm, ask, goals, line),
    )


def _line(crm: Context, ask: Ask, goal: Goal, notes: list[str]) -> Line:
    first, last = days(goal)
    length = (last - first).days + 1
    gone = max(0, min((figures.day_of(crm, ask.as_of) - first).days + 1, length))
    labels = (str(goal.id), goal.owner or TEAM, goal.metric, goal.starts_on, goal.ends_on)
    target: Purse | int = goal.target
    reached: Purse | int
    if goal.metric == "won_amount":
        rates = read_rates(crm.store.reader, goal.currency)
        target, reached = _target(rates, goal), _amount(crm, ask, goal, rates)
        notes += figures.rate_notes([target, reached], rates)
    else:
        reached = len(_ids(crm, ask, goal))
    found = {
        "target": target,
        "actual": reached,
        "attainment": rules.share(
            reached.worth if isinstance(reached, Purse) else reached, goal.target
        ),
        "elapsed": rules.share(gone, length),
    }
    return Line(labels, found, noun=NOUNS.get(goal.metric, "deal"))


def days(goal: Goal) -> Period:
    """Give the first and the last day of a goal."""
    return date.fromisoformat(goal.starts_on), date.fromisoformat(goal.ends_on)


def _won(crm: Context, ask: Ask, goal: Goal) -> list[Closed]:
    """Give the deals won in the period of a goal, by its owner."""
    asked = figures.question(crm, replace(ask, period="", since="", until=""), days(goal), ())
    if goal.owner_id:
        where = Where("deal.owner_id = :goal_owner", {"goal_owner": goal.owner_id})
        asked = replace(asked, where=where)
    return [deal for deal in figures.reader(crm, asked).closed() if deal.status == "won"]


def _amount(crm: Context, ask: Ask, goal: Goal, rates: Rates) -> Purse:
    """Give what was won, each deal with the rate of the day it was closed."""
    won = Purse(rates.base)
    for deal in _won(crm, ask, goal):
        if deal.minor is not None and deal.currency:
            won.add(rates, deal.minor, deal.currency, deal.day)
    return won


def _target(rates: Rates, goal: Goal) -> Purse:
    target = Purse(rates.base)
    target.add(rates, goal.target, goal.currency or "", goal.starts_on)
    return target


def _ids(crm: Context, ask: Ask, goal: Goal) -> list[int]:
    """Give the records that a goal counts."""
    if goal.metric.startswith("won"):
        return [deal.id for deal in _won(crm, ask, goal)]
    first, last = days(goal)
    last = min(last, figures.day_of(crm, ask.as_of)) if ask.as_of else last
    begin, end = figures.midnight(crm, first), figures.midnight(crm, last, 1)
    owner = goal.owner_id
    return figures_store.counted(crm.store.reader, goal.metric, owner, begin, end)


def _behind(crm: Context, ask: Ask, goals: list[Goal], line: Line) -> list[int]:
    return next(_ids(crm, ask, goal) for goal in goals if str(goal.id) == line.labels[0])
