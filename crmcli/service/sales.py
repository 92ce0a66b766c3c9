"""Reports of sales: what was won and lost, how far deals and people came, how long it took.

Formulas 4.4 to 4.8 and 4.11. Each gives a `Table`; the numbers are computed here only.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

from crmcli.columns import Column
from crmcli.context import Context
from crmcli.i18n import mark, tr
from crmcli.period import Period
from crmcli.rules import sales as rules
from crmcli.rules.sales import Purse, Rates
from crmcli.service import figures
from crmcli.service.figures import Ask, Line, Table
from crmcli.store import figures as store
from crmcli.store.figures import Closed, Labels, Place, Track
from crmcli.store.pipeline import find_pipeline
from crmcli.store.rate import rates as read_rates

REPORTS = (
    ("sales", mark("won and lost, win rate, how long it took")),
    ("funnel", mark("how far deals, or people, came")),
    ("stages", mark("how many went on from each stage, and how long they stayed")),
    ("lost", mark("why and where deals were lost")),
    ("velocity", mark("what sales bring in a day")),
    ("leads", mark("who became a customer, and what it cost")),
    ("slippage", mark("how often and how far close dates were moved")),
    ("goals", mark("what was to be reached, and what was")),
)
BY = ("owner", "source", "industry", "org", "stage", "pipeline", "month")
BY_LOST = ("reason", "stage", "competitor", *(name for name in BY if name != "stage"))
BY_LEADS = ("source", "owner", "industry", "org", "month")
BY_FUNNEL = ("owner", "source", "industry", "org")

SALES = (
    Column("won", "Won", "number"),
    Column("lost", "Lost", "number"),
    Column("open_late", "Open, late", "number", wide=True),
    Column("win_rate", "Win rate %", "number"),
    Column("won_amount", "Won amount", "money"),
    Column("change", "Change %", "number"),
    Column("lost_amount", "Lost amount", "money", wide=True),
    Column("value_rate", "By value %", "number", wide=True),
    Column("average", "Average won", "money", wide=True),
    Column("cycle_mean", "Days to win", "number", wide=True),
    Column("cycle_median", "Median", "number", wide=True),
    Column("lost_mean", "Days to lose", "number", wide=True),
    Column("lost_median", "Median lost", "number", wide=True),
    Column("won_before", "Won before", "number", listed=False),
    Column("win_rate_before", "Win rate before %", "number", listed=False),
    Column("amount_before", "Amount before", "money", listed=False),
)
FUNNEL = (
    Column("reached", "Reached", "number"),
    Column("share", "Of all %", "number"),
    Column("step", "Of the last %", "number"),
)
STAGES = (
    Column("entered", "Entered", "number"),
    Column("advanced", "Went on", "number"),
    Column("dropped", "Lost", "number"),
    Column("pending", "Pending", "number"),
    Column("conversion", "Conversion %", "number"),
    Column("stays", "Stays over", "number", wide=True),
    Column("days_mean", "Days", "number"),
    Column("days_median", "Median", "number", wide=True),
    Column("running", "Still there", "number", wide=True),
    Column("age", "Oldest, days", "number", wide=True),
)
LOST = (
    Column("lost", "Lost", "number"),
    Column("share", "Of all %", "number"),
    Column("lost_amount", "Amount", "money"),
    Column("change", "Change", "number"),
    Column("days_mean", "Days to lose", "number", wide=True),
)
VELOCITY = (
    Column("open", "Open, qualified", "number"),
    Column("average", "Average won", "money"),
    Column("win_rate", "Win rate %", "number"),
    Column("cycle", "Days to win", "number"),
    Column("velocity", "A day", "money"),
)
LEADS = (
    Column("leads", "Leads", "number"),
    Column("customers", "Customers", "number"),
    Column("conversion", "Conversion %", "number"),
)
COSTS = (
    Column("cost", "Cost", "money"),
    Column("per_lead", "Per lead", "money"),
    Column("per_customer", "Per customer", "money"),
)
SLIPPAGE = (
    Column("deals", "Deals", "number"),
    Column("later", "Put off", "number"),
    Column("earlier", "Brought forward", "number"),
    Column("days_mean", "Days put off, mean", "number"),
    Column("days", "Days in all", "number"),
)


@dataclass(slots=True)
class Results:
    """Deals won and lost, added up."""

    base: str | None
    counts: dict[str, int] = field(default_factory=lambda: {"won": 0, "lost": 0})
    late: int = 0
    priced: int = 0  # won ones that have an amount
    seconds: dict[str, list[int]] = field(default_factory=lambda: {"won": [], "lost": []})
    money: dict[str, Purse] = field(init=False)

    def __post_init__(self) -> None:
        self.money = {status: Purse(self.base) for status in ("won", "lost")}

    def add(self, rates: Rates, deal: Closed) -> None:
        """Add a deal, its money with the rate of the day it was closed."""
        self.counts[deal.status] += 1
        self.seconds[deal.status].append(deal.seconds)
        if deal.minor is not None and deal.currency:
            self.priced += deal.status == "won"
            self.money[deal.status].add(rates, deal.minor, deal.currency, deal.day)

    @property
    def closed(self) -> int:
        """Give how many were won or lost."""
        return self.counts["won"] + self.counts["lost"]

    @property
    def average(self) -> Purse | None:
        """Give the amount of a won deal; None without one."""
        return self.money["won"].times(Fraction(1, self.priced)) if self.priced else None

    def days(self, status: str) -> Sequence[Fraction]:
        """Give how long they took, in days."""
        return rules.days(self.seconds[status])

    def rate(self, strict: bool) -> float | None:
        """Give the win rate."""
        late = self.late if strict else 0
        return rules.win_rate(self.counts["won"], self.counts["lost"], late)


def sales(crm: Context, ask: Ask) -> Table:
    """Compute what was won and lost in a period, beside the period before.

    The win rate is won of all closed (formulas 4.4), by count and by value; open deals never
    count, unless `strict` counts those whose close date was in the period. The cycle is from the
    opening to the end, of won and lost deals apart (4.5).
    """
    by = figures.dimensions(ask, BY, ("owner",))
    days = figures.span(crm, ask)
    now, rates, read = _results(crm, ask, days, by)
    then = _before(crm, ask, days, by)
    for one in read.standing():
        if one.is_late:
            for labels in {one.labels, ()}:
                now[labels].late += 1
    whole = now.pop(())

    def line(labels: Labels, one: Results, earlier: Results | None, part: str = "line") -> Line:
        return Line(labels, _sales(one, earlier, ask.strict), part)

    order = figures.ordered(by, {labels: one.closed for labels, one in now.items()}, read.places)
    return Table(
        "sales",
        tr("Sales"),
        *days,
        by,
        SALES,
        [line(labels, now[labels], then.get(labels)) for labels in order],
        line((), whole, then.get(()), "total"),
        figures.rate_notes([whole.money["won"], whole.money["lost"]], rates),
        "won_amount",
        lambda crm, line: _behind_closed(crm, ask, by, line),
        [place.name for place in read.places.values()],
    )


def _results(
    crm: Context, ask: Ask, days: Period, by: tuple[str, ...]
) -> tuple[dict[Labels, Results], Rates, store.Reader]:
    """Give what was won and lost by labels, and under () the whole."""
    read = figures.reader(crm, figures.question(crm, ask, days, by))
    rates = read_rates(crm.store.reader, crm.currency)
    found: dict[Labels, Results] = defaultdict(lambda: Results(rates.base))
    found[()] = Results(rates.base)
    for deal in read.closed():
        for labels in {deal.labels, ()}:
            found[labels].add(rates, deal)
    return found, rates, read


def _before(crm: Context, ask: Ask, days: Period, by: tuple[str, ...]) -> dict[Labels, Results]:
    """Give the same of the period before; nothing where there is none."""
    earlier = figures.before(days)
    return _results(crm, ask, earlier, by)[0] if earlier else {}


def _sales(one: Results, earlier: Results | None, strict: bool) -> dict[str, Any]:
    """Give the figures of a line."""
    won, lost = one.money["won"], one.money["lost"]
    return {
        **one.counts,
        "open_late": one.late,
        "win_rate": one.rate(strict),
        "won_amount": won,
        "change": _change(won, earlier.money["won"]) if earlier else None,
        "lost_amount": lost,
        "value_rate": rules.money_share(won, won + lost),
        "average": one.average,
        "cycle_mean": rules.tenths(rules.mean(one.days("won"))),
        "cycle_median": rules.tenths(rules.median(one.days("won"))),
        "lost_mean": rules.tenths(rules.mean(one.days("lost"))),
        "lost_median": rules.tenths(rules.median(one.days("lost"))),
        "won_before": earlier.counts["won"] if earlier else None,
        "win_rate_before": earlier.rate(strict=False) if earlier else None,
        "amount_before": earlier.money["won"] if earlier else None,
    }


def _change(now: Purse, then: Purse) -> float | None:
    """Give the change in percent; None from nothing, or between currencies without a rate."""
    found = rules.money_share(now, then)
    return None if found is None else round(found - 100, 1)


def _behind_closed(crm: Context, ask: Ask, by: tuple[str, ...], line: Line) -> list[int]:
    """Give the won and lost deals of a line, the newest first."""
    asked = figures.question(crm, ask, figures.span(crm, ask), by)
    only_lost = line.figures.keys() == {column.key for column in LOST}
    return [
        deal.id
        for deal in figures.reader(crm, asked).closed()
        if (line.part == "total" or deal.labels == line.labels)
        and not (only_lost and deal.status == "won")
    ]


def lost(crm: Context, ask: Ask) -> Table:
    """Compute why, where and to whom deals were lost; a stage is the one they came from."""
    by = figures.dimensions(ask, BY_LOST, ("reason",))
    days = figures.span(crm, ask)
    now, rates, read = _results(crm, ask, days, by)
    then = _before(crm, ask, days, by)
    whole = now.pop(())
    counts = {labels: one.counts["lost"] for labels, one in now.items() if one.counts["lost"]}

    def line(labels: Labels, one: Results, part: str = "line") -> Line:
        many, earlier = one.counts["lost"], then.get(labels)
        found = {
            "lost": many,
            "share": rules.share(many, whole.counts["lost"]),
            "lost_amount": one.money["lost"],
            "change": many - (earlier.counts["lost"] if earlier else 0) if then else None,
            "days_mean": rules.tenths(rules.mean(one.days("lost"))),
        }
        return Line(labels, found, part)

    return Table(
        "lost",
        tr("Lost deals"),
        *days,
        by,
        LOST,
        [line(labels, now[labels]) for labels in figures.ordered(by, counts, read.places)],
        line((), whole, "total"),
        figures.rate_notes([whole.money["lost"]], rates),
        "lost",
        lambda crm, line: _behind_closed(crm, ask, by, line),
        [place.name for place in read.places.values()],
    )


def velocity(crm: Context, ask: Ask) -> Table:
    """Compute what sales bring in a day (formulas 4.11).

    Open deals are those past the first stage of their pipeline (all where it has but one), as they
    stand; average, win rate and cycle are of the deals closed in the period.
    """
    by = figures.dimensions(ask, BY)
    days = figures.span(crm, ask)
    now, rates, read = _results(crm, ask, days, by)
    qualified: dict[Labels, int] = defaultdict(int)
    for one in read.standing():
        if one.is_qualified:
            for labels in {one.labels, ()}:
                qualified[labels] += 1
                now[labels].late += 0  # so that there is a line for it

    def line(labels: Labels, one: Results, part: str = "line") -> Line:
        cycle, average = rules.mean(one.days("won")), one.average
        speed = average and rules.velocity(
            qualified[labels], average, one.counts["won"], one.closed, cycle
        )
        found = {
            "open": qualified[labels],
            "average": average,
            "win_rate": one.rate(strict=False),
            "cycle": rules.tenths(cycle),
            "velocity": speed,
        }
        return Line(labels, found, part)

    notes = figures.rate_notes([now[()].money["won"]], rates)
    whole = line((), now.pop(()), "total")
    counts = {labels: one.closed for labels, one in now.items()}
    order = figures.ordered(by, counts, read.places)
    return Table(
        "velocity",
        tr("Sales velocity"),
        *days,
        by,
        VELOCITY,
        [line(labels, now[labels]) for labels in order],
        whole,
        notes,
        "velocity",
        lambda crm, line: _behind_velocity(crm, ask, by, line),
        [place.name for place in read.places.values()],
    )


def _behind_velocity(crm: Context, ask: Ask, by: tuple[str, ...], line: Line) -> list[int]:
    """Give the open qualified deals of a line, then those closed in the period."""
    asked = figures.question(crm, ask, figures.span(crm, ask), by)
    found = [
        one.id
        for one in figures.reader(crm, asked).standing()
        if one.is_qualified and (line.part == "total" or one.labels == line.labels)
    ]
    return [*found, *_behind_closed(crm, ask, by, line)]


def funnel(crm: Context, ask: Ask) -> Table:
    """Compute how far those came that were opened, or entered the pipeline first, in the period.

    A bar holds all whose highest stage ever is that one or a later one (formulas 4.7): skips count,
    what came back counts once, lost deals stay in, and bars never grow.
    """
    by = figures.dimensions(ask, BY_FUNNEL)
    days = figures.span(crm, ask)
    pipeline = find_pipeline(crm.store.reader, ask.pipeline, ask.of)
    read = figures.reader(crm, figures.question(crm, ask, days, by, pipeline.id))
    steps = _steps(read.places.values(), pipeline.id)
    cells: dict[Labels, dict[int, int]] = defaultdict(lambda: defaultdict(int))
    for labels, rank, many in read.funnel(ask.of):
        cells[labels][rank] += many
    if not by:
        cells.setdefault((), {})
    counts = {labels: sum(reached.values()) for labels, reached in cells.items()}
    lines = [
        line
        for labels in figures.ordered(by, counts, read.places)
        for line in _bars(labels, cells[labels], steps, ask.of)
    ]
    return Table(
        "funnel",
        tr("Funnel: {name}", name=pipeline.name),
        *days,
        (*by, "stage"),
        FUNNEL,
        lines,
        None,
        (),
        "reached",
        lambda crm, line: _behind_funnel(crm, ask, by, steps, line),
        list(steps.values()),
    )


def _steps(places: Iterable[Place], pipeline_id: int) -> dict[int, str]:
    """Give the bars of a funnel: ranks, ascending, with the name of their stage."""
    own = [
        place
        for place in places
        if place.pipeline_id == pipeline_id and place.kind != "lost" and not place.is_removed
    ]
    steps: dict[int, str] = {}
    for place in sorted(own, key=lambda place: place.rank):
        steps.setdefault(place.rank, place.name)
    return steps


def _bars(
    labels: Labels, reached: dict[int, int], steps: dict[int, str], noun: str
) -> Iterable[Line]:
    """Give the lines of one funnel."""
    bars = rules.bars(reached, list(steps))
    last: int | None = None
    for name, bar in zip(steps.values(), bars, strict=True):
        found = {
            "reached": bar,
            "share": rules.share(bar, bars[0]),
            "step": None if last is None else rules.share(bar, last),
        }
        yield Line((*labels, name), found, noun=noun)
        last = bar


def _behind_funnel(
    crm: Context, ask: Ask, by: tuple[str, ...], steps: dict[int, str], line: Line
) -> list[int]:
    """Give those that came at least as far as a bar."""
    pipeline = find_pipeline(crm.store.reader, ask.pipeline, ask.of)
    asked = figures.question(crm, ask, figures.span(crm, ask), by, pipeline.id)
    least = next(rank for rank, name in steps.items() if name == line.labels[-1])
    read = figures.reader(crm, asked)
    return [
        id
        for id, labels, rank in read.reached(ask.of)
        if rank >= least and labels == line.labels[:-1]
    ]


@dataclass(slots=True)
class _Passing:
    """What became of those that entered one stage."""

    fates: dict[str, int] = field(
        default_factory=lambda: {"advanced": 0, "dropped": 0, "pending": 0}
    )
    over: list[int] = field(default_factory=list)  # seconds
    running: list[int] = field(default_factory=list)

    def add(self, track: Track, stage_id: int, first: int, until: int, now: int) -> None:
        """Add a deal or a person, if it entered the stage in the window."""
        fate = rules.fate(track.stays, stage_id, first, until)
        if fate is None:
            return
        self.fates[fate] += 1
        for stay in track.stays:
            if stay.stage_id == stage_id and first <= stay.entered < until:
                if stay.exited is None:
                    self.running.append(now - stay.entered)
                else:
                    self.over.append(stay.exited - stay.entered)

    def figures(self) -> dict[str, Any]:
        """Give the figures of the line: only stays that are over are averaged."""
        done = rules.days(self.over)
        sure = self.fates["advanced"] + self.fates["dropped"]
        ages = rules.days(self.running)
        return {
            "entered": sum(self.fates.values()),
            **self.fates,
            "conversion": rules.share(self.fates["advanced"], sure),
            "stays": len(done),
            "days_mean": rules.tenths(rules.mean(done)),
            "days_median": rules.tenths(rules.median(done)),
            "running": len(ages),
            "age": rules.tenths(max(ages, default=None)),
        }


def stages(crm: Context, ask: Ask) -> Table:
    """Compute what became of those that entered each open stage in the period, and when.

    Conversion is of those decided (formulas 4.7), the pending ones are beside it; stays that are
    over are averaged, those that go on are counted with the age of the oldest (4.8).
    """
    figures.dimensions(ask, ("stage",))
    days = figures.span(crm, ask)
    pipeline = find_pipeline(crm.store.reader, ask.pipeline, ask.of)
    read = figures.reader(crm, figures.question(crm, ask, days, (), pipeline.id))
    window, now = _window(crm, read)
    tracks = read.tracks(ask.of)
    lines = []
    for stage in pipeline.of_kind("open"):
        passing = _Passing()
        for track in tracks:
            passing.add(track, stage.id, *window, now)
        lines.append(Line((stage.name,), passing.figures(), noun=ask.of))
    return Table(
        "stages",
        tr("Stages: {name}", name=pipeline.name),
        *days,
        ("stage",),
        STAGES,
        lines,
        None,
        (),
        "conversion",
        lambda crm, line: [row.id for row in times(crm, ask, line.labels[0] or "")],
    )


def _window(crm: Context, read: store.Reader) -> tuple[tuple[int, int], int]:
    """Give the seconds a period begins with and ends before, and the second it is by then."""
    values = read.question.values
    as_of = read.question.as_of
    now = store.seconds(as_of) if as_of else int(crm.clock.now().timestamp())
    return (store.seconds(values["begin"]), store.seconds(values["end"])), now


@dataclass(frozen=True, slots=True)
class Time:
    """How long one deal or person was in a stage (formulas 4.8), in days.

    Args:
        id: of the deal or contact.
        fate: advanced, dropped or pending.
        cumulative: over all visits, one that goes on until now.
        latest: of the last visit that is over; None for none.
        age: of the one that goes on; None when it is over.
    """

    id: int
    fate: str
    cumulative: float | None
    latest: float | None
    age: float | None


def times(crm: Context, ask: Ask, stage: str) -> list[Time]:
    """Give how long each of those was in a stage that entered it in the period."""
    pipeline = find_pipeline(crm.store.reader, ask.pipeline, ask.of)
    place = next(one for one in pipeline.stages if one.name == stage)
    days = figures.span(crm, ask)
    read = figures.reader(crm, figures.question(crm, ask, days, (), pipeline.id))
    window, now = _window(crm, read)
    found = []
    for track in read.tracks(ask.of):
        fate = rules.fate(track.stays, place.id, *window)
        if fate:
            found.append(_time(track, place.id, fate, now))
    return found


def _time(track: Track, stage_id: int, fate: str, now: int) -> Time:
    spent, last = rules.time_in(track.stays, stage_id, now)
    running = [stay for stay in track.stays if stay.stage_id == stage_id and stay.exited is None]
    age = now - running[0].entered if running else None
    in_days = [None if one is None else rules.days([one])[0] for one in (spent, last, age)]
    return Time(track.id, fate, *map(rules.tenths, in_days))


def leads(crm: Context, ask: Ask) -> Table:
    """Compute how many of those who became leads in the period were customers later (4.6).

    By source, what was spent on it in the period is divided by its leads and its customers.
    """
    by = figures.dimensions(ask, BY_LEADS, ("source",))
    days = figures.span(crm, ask)
    read = figures.reader(crm, figures.question(crm, ask, days, by))
    rates = read_rates(crm.store.reader, crm.currency)
    many: dict[Labels, int] = defaultdict(int)
    bought: dict[Labels, int] = defaultdict(int)
    for one in read.leads():
        for labels in {one.labels, ()}:
            many[labels] += 1
            bought[labels] += one.is_customer
    costs: dict[Labels, Purse] = defaultdict(lambda: Purse(rates.base))
    for row in read.costs():
        for labels in ((row["source"],), ()) if by == ("source",) else ((),):
            costs[labels].add(rates, row["amount_minor"], row["currency"], row["spent_on"])
            many[labels] += 0

    def line(labels: Labels, part: str = "line") -> Line:
        cost = costs.get(labels)
        found = {
            "leads": many[labels],
            "customers": bought[labels],
            "conversion": rules.share(bought[labels], many[labels]),
            "cost": cost,
            "per_lead": _each(cost, many[labels]),
            "per_customer": _each(cost, bought[labels]),
        }
        return Line(labels, found, part, "contact")

    order = figures.ordered(by, {labels: n for labels, n in many.items() if labels}, read.places)
    return Table(
        "leads",
        tr("Leads"),
        *days,
        by,
        (*LEADS, *COSTS) if by == ("source",) else LEADS,
        [line(labels) for labels in order],
        line((), "total"),
        figures.rate_notes(list(costs.values()), rates),
        "leads",
        lambda crm, line: _behind_leads(crm, ask, by, line),
    )


def _each(cost: Purse | None, many: int) -> Purse | None:
    return cost.times(Fraction(1, many)) if cost and many else None


def _behind_leads(crm: Context, ask: Ask, by: tuple[str, ...], line: Line) -> list[int]:
    """Give the people of a line, the newest leads first."""
    asked = figures.question(crm, ask, figures.span(crm, ask), by)
    return [
        lead.id
        for lead in figures.reader(crm, asked).leads()
        if line.part == "total" or lead.labels == line.labels
    ]


def slippage(crm: Context, ask: Ask) -> Table:
    """Compute how often, and how far, close dates were moved in the period."""
    by = figures.dimensions(ask, BY, ("owner",))
    days = figures.span(crm, ask)
    read = figures.reader(crm, figures.question(crm, ask, days, by))
    moved: dict[Labels, list[int]] = defaultdict(list)
    deals: dict[Labels, set[int]] = defaultdict(set)
    moved[()] = []
    for slip in read.slips():
        for labels in {slip.labels, ()}:
            moved[labels].append(slip.days)
            deals[labels].add(slip.id)

    def line(labels: Labels, part: str = "line") -> Line:
        later = [many for many in moved[labels] if many > 0]
        found = {
            "deals": len(deals[labels]),
            "later": len(later),
            "earlier": len(moved[labels]) - len(later),
            "days_mean": rules.tenths(rules.mean(later)),
            "days": sum(moved[labels]),
        }
        return Line(labels, found, part)

    counts = {labels: len(found) for labels, found in moved.items() if labels}
    return Table(
        "slippage",
        tr("Close dates that were moved"),
        *days,
        by,
        SLIPPAGE,
        [line(labels) for labels in figures.ordered(by, counts, read.places)],
        line((), "total"),
        (),
        "later",
        lambda crm, line: _behind_slips(crm, ask, by, line),
        [place.name for place in read.places.values()],
    )


def _behind_slips(crm: Context, ask: Ask, by: tuple[str, ...], line: Line) -> list[int]:
    """Give the deals of a line, each once, the last moved first."""
    asked = figures.question(crm, ask, figures.span(crm, ask), by)
    found = (
        slip.id
        for slip in figures.reader(crm, asked).slips()
        if line.part == "total" or slip.labels == line.labels
    )
    return list(dict.fromkeys(found))
