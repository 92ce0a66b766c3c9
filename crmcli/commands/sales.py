"""The reports of sales below `crm report`: their options; `service.sales` computes them."""

from collections.abc import Sequence
from typing import Any

import typer

from crmcli.columns import Column
from crmcli.commands import listing
from crmcli.commands.figures import (
    AS_OF,
    BEHIND,
    CHART,
    COHORT,
    OF,
    PERIOD,
    PIPELINE,
    SINCE,
    STRICT,
    UNTIL,
    by_option,
    names_of,
    show,
    where,
)
from crmcli.context import Context
from crmcli.errors import UsageError
from crmcli.i18n import tr
from crmcli.service import goal, sales
from crmcli.service.choice import usage_word
from crmcli.service.figures import Ask, Line

DEALS = listing.terms("deal")
PEOPLE = listing.terms("contact")
NOUNS = ("deal", "contact")


def report_sales(
    ctx: typer.Context,
    terms: list[str] = DEALS,
    by: str = by_option(sales.BY),
    in_period: str = PERIOD,
    since: str = SINCE,
    until: str = UNTIL,
    as_of: str = AS_OF,
    pipeline: str = PIPELINE,
    strict: bool = STRICT,
    filter_: str = listing.WHERE,
    draw: bool = CHART,
    explain: str = BEHIND,
) -> None:
    """Deals won and lost, win rate, days to win; beside the period before; the last 90 days.

    The win rate is won of all that closed. Open deals never count in it, unless --strict counts
    those whose close date was in the period; they are shown beside it. A stage is the one a deal
    came from.
    """
    crm: Context = ctx.obj
    ask = Ask(
        period=in_period,
        since=since,
        until=until,
        as_of=as_of,
        by=names_of(by),
        where=where(crm, "deal", terms, filter_),
        pipeline=pipeline,
        strict=strict,
    )
    show(crm, sales.sales, ask, explain=explain, draw=draw)


def report_lost(
    ctx: typer.Context,
    terms: list[str] = DEALS,
    by: str = by_option(sales.BY_LOST),
    in_period: str = PERIOD,
    since: str = SINCE,
    until: str = UNTIL,
    as_of: str = AS_OF,
    pipeline: str = PIPELINE,
    filter_: str = listing.WHERE,
    draw: bool = CHART,
    explain: str = BEHIND,
) -> None:
    """Why, from which stage and to whom deals were lost; the last 90 days."""
    crm: Context = ctx.obj
    ask = Ask(
        period=in_period,
        since=since,
        until=until,
        as_of=as_of,
        by=names_of(by),
        where=where(crm, "deal", terms, filter_),
        pipeline=pipeline,
    )
    show(crm, sales.lost, ask, explain=explain, draw=draw)


def report_velocity(
    ctx: typer.Context,
    terms: list[str] = DEALS,
    by: str = by_option(sales.BY),
    in_period: str = PERIOD,
    since: str = SINCE,
    until: str = UNTIL,
    as_of: str = AS_OF,
    pipeline: str = PIPELINE,
    filter_: str = listing.WHERE,
    draw: bool = CHART,
    explain: str = BEHIND,
) -> None:
    """What sales bring in a day: open deals x average won x win rate / days to win.

    Open deals are those past the first stage; the rest is of the deals closed in the period.
    """
    crm: Context = ctx.obj
    ask = Ask(
        period=in_period,
        since=since,
        until=until,
        as_of=as_of,
        by=names_of(by),
        where=where(crm, "deal", terms, filter_),
        pipeline=pipeline,
    )
    show(crm, sales.velocity, ask, explain=explain, draw=draw)


def report_slippage(
    ctx: typer.Context,
    terms: list[str] = DEALS,
    by: str = by_option(sales.BY),
    in_period: str = PERIOD,
    since: str = SINCE,
    until: str = UNTIL,
    as_of: str = AS_OF,
    pipeline: str = PIPELINE,
    filter_: str = listing.WHERE,
    draw: bool = CHART,
    explain: str = BEHIND,
) -> None:
    """How often, and how far, close dates were put off or brought forward; the last 90 days."""
    crm: Context = ctx.obj
    ask = Ask(
        period=in_period,
        since=since,
        until=until,
        as_of=as_of,
        by=names_of(by),
        where=where(crm, "deal", terms, filter_),
        pipeline=pipeline,
    )
    show(crm, sales.slippage, ask, explain=explain, draw=draw)


def report_funnel(
    ctx: typer.Context,
    terms: list[str] = DEALS,
    of: str = OF,
    by: str = by_option(sales.BY_FUNNEL),
    in_period: str = PERIOD,
    cohort: str = COHORT,
    since: str = SINCE,
    until: str = UNTIL,
    as_of: str = AS_OF,
    pipeline: str = PIPELINE,
    filter_: str = listing.WHERE,
    draw: bool = CHART,
    explain: str = BEHIND,
) -> None:
    """How far those came that were opened in the period; the last 90 days.

    A bar holds all that ever stood there or further on. Lost ones stay in, what came back counts
    once, and no bar is longer than the one before.
    """
    ask = _ask_of(ctx.obj, terms, of, in_period, cohort, since, until, as_of, pipeline, filter_)
    ask = ask_by(ask, by)
    show(ctx.obj, sales.funnel, ask, explain=explain, draw=draw)


def report_stages(
    ctx: typer.Context,
    terms: list[str] = DEALS,
    of: str = OF,
    in_period: str = PERIOD,
    cohort: str = COHORT,
    since: str = SINCE,
    until: str = UNTIL,
    as_of: str = AS_OF,
    pipeline: str = PIPELINE,
    filter_: str = listing.WHERE,
    draw: bool = CHART,
    explain: str = BEHIND,
) -> None:
    """How many went on from each stage they entered in the period, and how long they stayed.

    Conversion is of those that went on or were lost; the pending ones are shown beside it. Days
    are of the stays that are over; of the others there is the age of the oldest. --explain
    stage=NAME lists how long each one was there.
    """
    ask = _ask_of(ctx.obj, terms, of, in_period, cohort, since, until, as_of, pipeline, filter_)
    show(ctx.obj, sales.stages, ask, explain=explain, draw=draw, more=_times)


TIMES = (
    Column("fate", "Went on"),
    Column("days", "Days there", "number"),
    Column("latest", "Last visit, days", "number"),
    Column("age", "There since, days", "number"),
)


def _times(
    crm: Context, ask: Ask, line: Line
) -> tuple[Sequence[Column], dict[int, dict[str, Any]]]:
    """Give how long each was in a stage: in all, in the last visit, in the one that goes on."""
    found = sales.times(crm, ask, line.labels[0] or "")
    own = {
        one.id: {
            "fate": one.fate,
            "days": one.cumulative,
            "latest": one.latest,
            "age": one.age,
        }
        for one in found
    }
    return TIMES, own


def report_leads(
    ctx: typer.Context,
    terms: list[str] = PEOPLE,
    by: str = by_option(sales.BY_LEADS),
    in_period: str = PERIOD,
    cohort: str = COHORT,
    since: str = SINCE,
    until: str = UNTIL,
    as_of: str = AS_OF,
    filter_: str = listing.WHERE,
    draw: bool = CHART,
    explain: str = BEHIND,
) -> None:
    """Who became a lead in the period, and a customer since; by source with its cost."""
    crm: Context = ctx.obj
    ask = Ask(
        period=_one_of(in_period, cohort),
        since=since,
        until=until,
        as_of=as_of,
        by=names_of(by),
        where=where(crm, "contact", terms, filter_),
    )
    show(crm, sales.leads, ask, explain=explain, draw=draw)


def report_goals(
    ctx: typer.Context,
    in_period: str = PERIOD,
    since: str = SINCE,
    until: str = UNTIL,
    as_of: str = AS_OF,
    draw: bool = CHART,
    explain: str = BEHIND,
) -> None:
    """How much of each goal is reached, and how much of its time is gone; this quarter."""
    ask = Ask(period=in_period, since=since, until=until, as_of=as_of)
    show(ctx.obj, goal.attainment, ask, explain=explain, draw=draw)


def _ask_of(
    crm: Context,
    terms: list[str],
    of: str,
    in_period: str,
    cohort: str,
    since: str,
    until: str,
    as_of: str,
    pipeline: str,
    filter_: str,
) -> Ask:
    """Give what is asked of deals or of contacts."""
    noun = usage_word("--of", of.strip().removesuffix("s"), NOUNS) or "deal"
    return Ask(
        period=_one_of(in_period, cohort),
        since=since,
        until=until,
        as_of=as_of,
        where=where(crm, noun, terms, filter_),
        pipeline=pipeline,
        of=noun,
    )


def ask_by(ask: Ask, by: str) -> Ask:
    """Give the same by these dimensions."""
    from dataclasses import replace

    return replace(ask, by=names_of(by))


def _one_of(in_period: str, cohort: str) -> str:
    """Give the period that `-p` or `--cohort` names.

    Raises:
        UsageError: both are given.
    """
    if in_period and cohort:
        raise UsageError(tr("-p and --cohort exclude one another"))
    return in_period or cohort


COMMANDS = (
    (
        "sales",
        report_sales,
        "crm report sales -p 'last quarter'\ncrm report sales --by source,owner -p 'this year'\n"
        "crm report sales org.industry:retail --strict\ncrm report sales --explain owner=ana",
    ),
    (
        "funnel",
        report_funnel,
        "crm report funnel --cohort 2026-Q1\ncrm report funnel --of contacts -p 'this year'\n"
        "crm report funnel --by source\ncrm report funnel --explain stage=proposal",
    ),
    (
        "stages",
        report_stages,
        "crm report stages -p 'last quarter'\ncrm report stages --of contacts\n"
        "crm report stages --explain stage=proposal",
    ),
    (
        "lost",
        report_lost,
        "crm report lost --by reason\ncrm report lost --by stage,competitor -p 'this year'\n"
        "crm report lost --explain reason=price",
    ),
    (
        "velocity",
        report_velocity,
        "crm report velocity\ncrm report velocity --by owner -p 'last 12 months'",
    ),
    (
        "leads",
        report_leads,
        "crm report leads --cohort 2026-Q1\ncrm report leads --by industry\n"
        "crm report leads --explain source=fair",
    ),
    (
        "slippage",
        report_slippage,
        "crm report slippage\ncrm report slippage --by owner -p 'this quarter'",
    ),
    (
        "goals",
        report_goals,
        "crm report goals\ncrm report goals -p 'last quarter'\ncrm report goals --json",
    ),
)
