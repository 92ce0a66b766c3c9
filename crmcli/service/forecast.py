"""The forecast: what open deals are likely to bring, beside what was won.

Formulas 4.2, 4.3, and 4.24 for what was expected.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from crmcli import period
from crmcli.columns import Column
from crmcli.context import Context
from crmcli.i18n import tr, trn
from crmcli.rules.sales import CUMULATED, Purse, Rates, weighted
from crmcli.service import figures
from crmcli.service.figures import Ask, Line, Table
from crmcli.store.figures import Closed, Labels, Open, Question, Reader
from crmcli.store.rate import rates as read_rates

BY = ("month", "owner", "stage", "category", "source", "pipeline", "industry", "org")
FOREVER = date(9000, 1, 1)
COLUMNS = (
    Column("deals", "Deals", "number"),
    Column("open", "Open", "money"),
    Column("weighted", "Weighted", "money"),
    Column("won_deals", "Won", "number", wide=True),
    Column("won", "Won amount", "money"),
    Column("total", "Total", "money"),
)
EXPECTED = (
    Column("expected", "Expected wins", "number", wide=True),
    Column("happened", "Of them won", "number", wide=True),
)
OF_CATEGORIES = (Column("deals", "Deals", "number"), Column("open", "Amount", "money"))


@dataclass(slots=True)
class _Cell:
    """What a line of the forecast adds up."""

    base: str | None
    deals: int = 0
    won_deals: int = 0
    percents: int = 0  # of what was open when the period began
    happened: int = 0
    open: Purse = field(init=False)
    weighted: Purse = field(init=False)
    won: Purse = field(init=False)

    def __post_init__(self) -> None:
        self.open, self.weighted, self.won = (Purse(self.base) for _ in range(3))

    def add_open(self, rates: Rates, one: Open, day: str) -> None:
        """Add open deals, with the newest rate up to a day."""
        self.deals += one.deals
        if one.currency:
            self.open.add(rates, one.minor, one.currency, day)
            self.weighted.add(rates, weighted(one.minor, one.percent), one.currency, day)

    def add_won(self, rates: Rates, deal: Closed) -> None:
        """Add a won deal, with the rate of the day it was closed."""
        self.won_deals += 1
        if deal.minor is not None and deal.currency:
            self.won.add(rates, deal.minor, deal.currency, deal.day)

    def figures(self) -> dict[str, Any]:
        """Give the figures of the line."""
        return {
            "deals": self.deals,
            "open": self.open,
            "weighted": self.weighted,
            "won_deals": self.won_deals,
            "won": self.won,
            "total": self.won + self.weighted,
            "expected": round(self.percents / 100, 2),
            "happened": self.happened,
        }

    def apart(self) -> dict[str, Any]:
        """Give the figures of a line that stands apart: nothing of it counts in the total."""
        return {"deals": self.deals, "open": self.open, "weighted": self.weighted}


def forecast(crm: Context, ask: Ask) -> Table:
    """Compute the forecast.

    Without a period it is of all open deals with a close date from today on. What is past its
    close date and lies outside the period, and what has none, are lines of their own; with
    `strict` all that is late is. Won deals count by the day they closed, lost ones nowhere. Where
    the period has begun, the wins that were expected of what stood open then are beside those
    that came true.

    Raises:
        UsageError: no such period or dimension.
    """
    by = figures.dimensions(ask, BY, ("month",))
    asked = _question(crm, ask, by)
    read = figures.reader(crm, asked)
    rates = read_rates(crm.store.reader, crm.currency)
    if "category" in by:
        return _categories(ask, read, rates)
    cells: dict[Labels, _Cell] = defaultdict(lambda: _Cell(rates.base))
    parts = {part: _Cell(rates.base) for part in ("late", "undated")}
    whole = _Cell(rates.base)
    for one in read.open_sums():
        due = one.part == "due"
        for cell in (cells[one.labels], whole) if due else (parts[one.part],):
            cell.add_open(rates, one, str(asked.today))
    won = [deal for deal in read.closed(came_from=False) if deal.status == "won"]
    for deal in won:
        for cell in (cells[deal.labels], whole):
            cell.add_won(rates, deal)
    begun = _add_expected(crm, asked, cells, whole)
    counts = {labels: cell.deals + cell.won_deals for labels, cell in cells.items()}
    order = figures.ordered(by, counts, read.places)
    lines = [Line(labels, cells[labels].figures()) for labels in order]
    lines += [Line((), cell.apart(), part) for part, cell in parts.items() if cell.deals]
    purses = [purse for cell in (whole, *parts.values()) for purse in (cell.open, cell.won)]
    return Table(
        "forecast",
        tr("Forecast"),
        asked.first,
        asked.last,
        by,
        (*COLUMNS, *EXPECTED) if begun else COLUMNS,
        lines,
        Line((), whole.figures(), "total"),
        [*_late_notes(crm, asked), *figures.rate_notes(purses, rates)],
        "total",
        lambda crm, line: _behind(crm, ask, line),
        [place.name for place in read.places.values()],
    )


def _question(crm: Context, ask: Ask, by: tuple[str, ...]) -> Question:
    """Give what is asked: without a period, from today on."""
    today = figures.day_of(crm, ask.as_of)
    if ask.period.strip().casefold() == "all":
        days = (period.BEGINNING, FOREVER)
    elif ask.period or ask.since or ask.until:
        days = figures.span(crm, ask, forward=True)
    else:
        days = (today, FOREVER)
    return figures.question(crm, ask, days, by)


def _add_expected(crm: Context, asked: Question, cells: dict[Labels, _Cell], whole: _Cell) -> bool:
    """Add what was expected of the deals open when the period began (formulas 4.24).

    Returns:
        Whether the period has begun, and has a beginning.
    """
    if not period.BEGINNING < asked.first < asked.today:
        return False
    then = replace(asked, as_of=asked.begin)
    won = {
        deal.id
        for deal in figures.reader(crm, replace(asked, by=())).closed()
        if deal.status == "won"
    }
    for deal in figures.reader(crm, then).standing():
        for cell in (cells[deal.labels], whole):
            cell.percents += deal.percent
            cell.happened += deal.id in won
    return True


def _late_notes(crm: Context, asked: Question) -> list[str]:
    """Say how many deals of the period are past their close date, where they count as due."""
    if asked.strict or asked.first >= asked.today:
        return []
    days = replace(asked, by=(), strict=True)
    strictly = sum(one.deals for one in figures.reader(crm, days).open_sums() if one.part == "due")
    plainly = sum(
        one.deals
        for one in figures.reader(crm, replace(days, strict=False)).open_sums()
        if one.part == "due"
    )
    late = plainly - strictly
    if not late:
        return []
    return [
        trn(
            "{count} deal of the period is past its close date; --strict leaves it out.",
            "{count} deals of the period are past their close date; --strict leaves them out.",
            late,
        )
    ]


def _categories(ask: Ask, read: Reader, rates: Rates) -> Table:
    """Compute the forecast by category: each line holds what is at least that sure."""
    asked = read.question
    place = asked.by.index("category")
    cells: dict[Labels, _Cell] = defaultdict(lambda: _Cell(rates.base))
    parts = {part: _Cell(rates.base) for part in ("late", "undated")}
    omitted = 0

    def cells_of(labels: Labels, category: str) -> Iterable[_Cell]:
        for name, held in CUMULATED.items():
            if category in held:
                yield cells[(*labels[:place], name, *labels[place + 1 :])]

    for one in read.open_sums():
        if one.part != "due":
            parts[one.part].add_open(rates, one, str(asked.today))
            continue
        omitted += one.deals if one.category == "omitted" else 0
        for cell in cells_of(one.labels, one.category):
            cell.add_open(rates, one, str(asked.today))
    for deal in read.closed(came_from=False):
        if deal.status != "won":
            continue
        for cell in cells_of(deal.labels, "closed"):
            cell.add_won(rates, deal)
    order = figures.ordered(
        [name for name in asked.by if name != "category"],
        _without(cells, place),
        read.places,
    )
    lines = [
        Line(labels, _of_category(cells[labels]))
        for rest in order
        for name in CUMULATED
        if (labels := (*rest[:place], name, *rest[place:])) in cells
    ]
    lines += [Line((), cell.apart(), part) for part, cell in parts.items() if cell.deals]
    notes = [tr("Each line holds what is at least that sure; closed is what was won.")]
    if omitted:
        notes.append(trn("{count} omitted deal.", "{count} omitted deals.", omitted))
    purses = [cell.open + cell.won for cell in (*cells.values(), *parts.values())]
    return Table(
        "forecast",
        tr("Forecast"),
        asked.first,
        asked.last,
        asked.by,
        OF_CATEGORIES,
        lines,
        None,
        [*notes, *figures.rate_notes(purses, rates)],
        "open",
        lambda crm, line: _behind(crm, ask, line),
        [place.name for place in read.places.values()],
    )


def _without(cells: dict[Labels, _Cell], place: int) -> dict[Labels, int]:
    """Give how many deals there are for the labels without that of the category."""
    found: dict[Labels, int] = defaultdict(int)
    for labels, cell in cells.items():
        found[(*labels[:place], *labels[place + 1 :])] += cell.deals + cell.won_deals
    return found


def _of_category(cell: _Cell) -> dict[str, Any]:
    return {"deals": cell.deals + cell.won_deals, "open": cell.open + cell.won}


def _behind(crm: Context, ask: Ask, line: Line) -> list[int]:
    """Give the deals that a line counts: the open ones, the next to close first, then the won."""
    by = figures.dimensions(ask, BY, ("month",))
    read = figures.reader(crm, _question(crm, ask, by))
    place = by.index("category") if "category" in by else None

    def is_in(labels: Labels, category: str) -> bool:
        if line.part == "total":
            return True
        if place is None:
            return labels == line.labels
        rest = (*labels[:place], line.labels[place], *labels[place + 1 :])
        return rest == line.labels and category in CUMULATED[line.labels[place] or ""]

    wanted = "due" if line.part in ("line", "total") else line.part
    found = [
        id
        for id, part, labels, category in read.open_deals()
        if part == wanted and (wanted != "due" or is_in(labels, category))
    ]
    if wanted != "due":
        return found
    won = (deal for deal in read.closed(came_from=False) if deal.status == "won")
    return [*found, *(deal.id for deal in won if is_in(deal.labels, "closed"))]
