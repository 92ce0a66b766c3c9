"""The board: what stands in each stage of a pipeline, and what it is worth.

The command line and the full screen show it from here, so that both have the same numbers.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time

from crmcli.clock import instant, stamp
from crmcli.context import Context
from crmcli.money import Money
from crmcli.money import json as money_json
from crmcli.rules import deal as rules
from crmcli.service.deal import idle_days, is_rotten
from crmcli.service.record import Record
from crmcli.store import deal as deal_store
from crmcli.store import pipeline as store
from crmcli.store.deal import Deal
from crmcli.store.pipeline import Pipeline, Stage
from crmcli.store.rows import Row, Where

Sums = Mapping[str, int]  # minor units by currency
PER_STAGE = 50


@dataclass(frozen=True, slots=True)
class Card:
    """A deal, or a person, on a board.

    Args:
        ref: its reference, such as d7 or c12.
        name: of the deal, or of the person.
        who: the person or org a deal is with, a person's org: id, handle, name; None for nobody.
        amount: what a deal is worth, as it was given.
        period: how often that is paid: one_time, monthly or annual.
        probability: percent.
        close_date: when a deal is expected to close.
        entered_at: since when it stands in the stage, stored form.
        age: the same in days.
        idle: for how many days nothing happened.
        is_rotten: whether it is idle for longer than its stage allows.
        next_step: the open task that comes first: id, title, due; None for no task.
        is_late: whether that task is overdue.
        owner: whose it is.
    """

    ref: str
    name: str
    who: Row | None
    amount: Money | None
    period: str
    probability: int
    close_date: str | None
    entered_at: str
    age: int
    idle: int
    is_rotten: bool
    next_step: Row | None
    is_late: bool
    owner: str | None

    @property
    def id(self) -> int:
        """Give the number of its reference."""
        return int(self.ref[1:])

    @property
    def flags(self) -> list[str]:
        """Give what is wrong with it: rotting, no_next_step, late."""
        said = {
            "rotting": self.is_rotten,
            "no_next_step": self.next_step is None,
            "late": self.is_late,
        }
        return [name for name, holds in said.items() if holds]

    def json(self) -> Record:
        """Give the card under its names in JSON."""
        return {
            "id": self.ref,
            "name": self.name,
            "who": self.who,
            "amount": money_json(self.amount) if self.amount else None,
            "period": self.period,
            "probability": self.probability,
            "close_date": self.close_date,
            "stage_entered": self.entered_at,
            "age_days": self.age,
            "idle_days": self.idle,
            "next_step": self.next_step,
            "owner": self.owner,
            "flags": self.flags,
        }


@dataclass(frozen=True, slots=True)
class Tally:
    """How many there are, and what they are worth by currency: a monthly amount counts as a year.

    Args:
        count: how many.
        sums: what they are worth together.
        weighted: the same, each times its probability (formulas 4.2).
    """

    count: int = 0
    sums: Sums = field(default_factory=dict)
    weighted: Sums = field(default_factory=dict)

    def json(self) -> Record:
        """Give the tally under its names in JSON."""
        return {
            "count": self.count,
            "total": in_json(self.sums),
            "weighted": in_json(self.weighted),
        }


@dataclass(frozen=True, slots=True)
class Column:
    """A stage of a board with what stands in it; `cards` may be only the first of them."""

    stage: Stage
    tally: Tally
    cards: tuple[Card, ...]

    @property
    def count(self) -> int:
        """Give how many stand in the stage."""
        return self.tally.count

    @property
    def sums(self) -> Sums:
        """Give what they are worth together, by currency."""
        return self.tally.sums

    @property
    def weighted(self) -> Sums:
        """Give what they are worth, each times its probability, by currency."""
        return self.tally.weighted

    @property
    def more(self) -> int:
        """Give how many stand in the stage besides the cards."""
        return self.count - len(self.cards)

    def json(self, noun: str) -> Record:
        """Give the column under its names in JSON."""
        cards = [card.json() for card in self.cards]
        return {**self.stage.json(), **self.tally.json(), f"{noun}s": cards}


@dataclass(frozen=True, slots=True)
class Board:
    """A pipeline with what stands in its open stages.

    Args:
        pipeline: which.
        columns: its open stages in order.
        total: of all open stages.
        won: what was won since the month began; of people, who came to a won stage.
        lost: what was lost since then.
    """

    pipeline: Pipeline
    columns: tuple[Column, ...]
    total: Tally
    won: Tally
    lost: Tally

    def json(self) -> Record:
        """Give the board under its names in JSON."""
        holds = self.pipeline.holds
        return {
            **self.pipeline.json(),
            "stages": [column.json(holds) for column in self.columns],
            "open": self.total.json(),
            "won_this_month": self.won.json(),
            "lost_this_month": self.lost.json(),
        }


def in_json(sums: Sums) -> list[Record]:
    """Give sums as a list of amounts, one for each currency."""
    return [money_json(Money(minor, currency)) for currency, minor in sums.items()]


def board(
    crm: Context, pipeline: Pipeline, *, limit: int = PER_STAGE, where: Where | None = None
) -> Board:
    """Give the board of a pipeline of deals or of people.

    Args:
        crm: the run.
        pipeline: which.
        limit: at most so many cards in a stage; rows.ALL for every one.
        where: only what a filter of deals, or of contacts, selects.
    """
    kind = _People if pipeline.holds == "contact" else _Deals
    made = kind(crm, pipeline, where)
    columns = tuple(
        Column(stage, made.tally(stage), tuple(made.cards(stage, limit)) if limit else ())
        for stage in made.stages()
    )
    return Board(pipeline, columns, made.total(), made.closed("won"), made.closed("lost"))


def month_began(crm: Context) -> str:
    """Give when the month began, stored form."""
    return stamp(crm.clock.instant(datetime.combine(crm.clock.today().replace(day=1), time())))


def deal_card(crm: Context, deal: Deal) -> Card:
    """Give an open deal as a card."""
    today = crm.clock.today()
    step = deal.next_step()
    return Card(
        ref=f"d{deal.id}",
        name=deal.name,
        who=deal.who(),
        amount=deal.amount,
        period=deal.value_period,
        probability=deal.probability,
        close_date=deal.close_date,
        entered_at=deal.stage_entered_at,
        age=(today - _day(crm, deal.stage_entered_at)).days,
        idle=idle_days(crm, deal),
        is_rotten=is_rotten(crm, deal),
        next_step=step,
        is_late=_is_late(step, today),
        owner=deal.owner,
    )


def _contact_card(crm: Context, stage: Stage, entered_at: str, row: Row) -> Card:
    today = crm.clock.today()
    idle = rules.idle_days(today, _day(crm, max(entered_at, row["last_touch_at"] or "")))
    step = None
    if row["next_id"]:
        step = {"id": f"t{row['next_id']}", "title": row["next_title"], "due": row["next_due"]}
    return Card(
        ref=f"c{row['id']}",
        name=row["name"],
        who={"id": f"o{row['org_id']}", "handle": None, "name": row["org"]}
        if row["org_id"]
        else None,
        amount=None,
        period="one_time",
        probability=stage.probability,
        close_date=None,
        entered_at=entered_at,
        age=(today - _day(crm, entered_at)).days,
        idle=idle,
        is_rotten=rules.is_rotten(
            stage.rotting_days, idle, (row["last_task_day"] or "") >= str(today)
        ),
        next_step=step,
        is_late=_is_late(step, today),
        owner=row["owner"],
    )


def _day(crm: Context, stamp: str) -> date:
    return crm.clock.local(instant(stamp)).date()


def _is_late(step: Row | None, today: date) -> bool:
    return step is not None and bool(step["due"]) and step["due"] < str(today)


class _Board:
    """What the boards of deals and of people have in common: the stages, and the tallies."""

    def __init__(self, crm: Context, pipeline: Pipeline, where: Where | None) -> None:
        self.crm = crm
        self.pipeline = pipeline
        self.where = where
        self.reader = crm.store.reader
        self.since = month_began(crm)
        self.rows: Sequence[Row] = ()

    def stages(self) -> list[Stage]:
        """Give the open stages; one that was removed counts while something stands in it.

        Nothing should, but undo may bring it back there.
        """
        known = {stage.id for stage in self.pipeline.stages}
        standing = sorted({row["stage_id"] for row in self.rows} - known)
        gone = [store.get_stage(self.reader, id) for id in standing]
        return [*self.pipeline.of_kind("open"), *(stage for stage in gone if stage.is_open)]


class _Deals(_Board):
    def __init__(self, crm: Context, pipeline: Pipeline, where: Where | None) -> None:
        super().__init__(crm, pipeline, where)
        self.rows = store.deal_sums(self.reader, pipeline.id, where)
        self.ended = store.closed_sums(self.reader, pipeline.id, self.since, where)

        chances = {stage.id: stage.probability for stage in self.stages()}
        for row in self.rows:
            own = row["own"]
            row["percent"] = chances[row["stage_id"]] if own is None else own

    def tally(self, stage: Stage) -> Tally:
        return _tally(row for row in self.rows if row["stage_id"] == stage.id)

    def total(self) -> Tally:
        return _tally(self.rows)

    def closed(self, kind: str) -> Tally:
        return _tally({**row, "percent": 100} for row in self.ended if row["kind"] == kind)

    def cards(self, stage: Stage, limit: int) -> Iterable[Card]:
        ids = store.deals_on_board(self.reader, stage.id, limit, self.where)
        return (deal_card(self.crm, deal) for deal in deal_store.get_deals(self.reader, ids))


class _People(_Board):
    def __init__(self, crm: Context, pipeline: Pipeline, where: Where | None) -> None:
        super().__init__(crm, pipeline, where)
        self.rows = store.people_counts(self.reader, pipeline.id, self.since, where)

    def tally(self, stage: Stage) -> Tally:
        return Tally(sum(row["count"] for row in self.rows if row["stage_id"] == stage.id))

    def total(self) -> Tally:
        return Tally(sum(row["count"] for row in self.rows if row["kind"] == "open"))

    def closed(self, kind: str) -> Tally:
        return Tally(sum(row["recent"] for row in self.rows if row["kind"] == kind))

    def cards(self, stage: Stage, limit: int) -> Iterable[Card]:
        standing = store.people_on_board(self.reader, stage.id, limit, self.where)
        known = {row["id"]: row for row in store.people(self.reader, list(standing))}
        return (
            _contact_card(self.crm, stage, entered_at, known[id])
            for id, entered_at in standing.items()
        )


def _tally(rows: Iterable[Row]) -> Tally:
    """Add rows up by currency; weighted sums are rounded once, at the end, half to even."""
    count = 0
    sums: dict[str, int] = {}
    weights: dict[str, int] = {}
    for row in rows:
        count += row["count"]
        if row["minor"] is not None:
            value = row["minor"] * rules.YEAR[row["value_period"]]
            sums[row["currency"]] = sums.get(row["currency"], 0) + value
            weight = value * row["percent"]
            weights[row["currency"]] = weights.get(row["currency"], 0) + weight
    ordered = sorted(sums)
    return Tally(
        count,
        {currency: sums[currency] for currency in ordered},
        {currency: rules.percent_of(weights[currency]) for currency in ordered},
    )
