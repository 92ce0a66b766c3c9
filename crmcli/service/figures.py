"""Figures as the command line, the full screen and files show them: one table, computed once.

A figure is an int, a float (percent and days, one decimal), a `Purse` of money, or None ("n/a").
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from typing import Any

from crmcli import dates, period
from crmcli.clock import stamp
from crmcli.columns import Column
from crmcli.context import Context
from crmcli.errors import UsageError
from crmcli.i18n import mark, tr, trn
from crmcli.money import json as money_json
from crmcli.money import text as money_text
from crmcli.rules.sales import Purse, Rates
from crmcli.store.figures import Label, Labels, Place, Places, Question, Reader, in_order
from crmcli.store.pipeline import find_pipeline
from crmcli.store.report import check_dimensions
from crmcli.store.rows import Where
from crmcli.text import fold

DEFAULT_PERIOD = "last 90 days"
PARTS = ("line", "late", "undated", "total")
PERCENTS = ("attainment", "conversion")  # measures that are drawn
NONE = "none"  # how a label that is not there is called
# Titles and parts that stand in tables.
WORDS = (
    *(mark("Month"), mark("Owner"), mark("Stage"), mark("Category"), mark("Source")),
    *(mark("Pipeline"), mark("Industry"), mark("Org"), mark("Reason"), mark("Competitor")),
    *(mark("Part"), mark("Goal"), mark("Metric"), mark("From"), mark("To")),
    *(mark("open_pipeline"), mark("best_case"), mark("commit"), mark("closed")),
    *(mark("won_amount"), mark("won_count"), mark("new_contacts"), mark("touches"), mark("team")),
)
APART = {
    "late": mark("past close date"),
    "undated": mark("no close date"),
    "total": mark("Total"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Ask:
    """What somebody wants to know, as typed.

    Args:
        period: this quarter, 2026-Q1 …; "" for the default of the report.
        since: the first day, instead of a period.
        until: the last day.
        as_of: as it was at the end of that day.
        by: the dimensions; none for the default of the report.
        where: a compiled filter of deals, or of contacts where the report counts people.
        pipeline: only this one; "" for all, or the default one where a report needs one.
        strict: what is past its close date counts as not won, and is not expected any more.
        of: deal or contact, for funnel and stages.
    """

    period: str = ""
    since: str = ""
    until: str = ""
    as_of: str = ""
    by: Sequence[str] = ()
    where: Where | None = None
    pipeline: str = ""
    strict: bool = False
    of: str = "deal"


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a table.

    Args:
        labels: in the dimensions of the table.
        figures: by the keys of its columns.
        part: line, or what stands apart: late, undated, total.
        noun: of which records its figures are.
    """

    labels: Labels
    figures: Mapping[str, Any]
    part: str = "line"
    noun: str = "deal"


Seek = Callable[[Context, Line], list[int]]


@dataclass(frozen=True, slots=True)
class Table:
    """A report, computed.

    Args:
        name: of the report.
        title: in the user's language.
        first: the first day it is about.
        last: the last day.
        by: its dimensions.
        columns: of its figures; kind money for purses, number for others.
        lines: in order; those that stand apart come last.
        total: the whole; None where lines cannot be added up.
        notes: sentences for people.
        measure: the key of the figure that bars are drawn of.
        seek: finds the records behind a line.
        stages: names of stages in their order.
    """

    name: str
    title: str
    first: date
    last: date
    by: tuple[str, ...]
    columns: tuple[Column, ...]
    lines: Sequence[Line]
    total: Line | None
    notes: Sequence[str]
    measure: str
    seek: Seek
    stages: Sequence[str] = ()

    def behind(self, crm: Context, line: Line) -> list[int]:
        """Give the ids of the records (`line.noun`) that a line counts."""
        return self.seek(crm, line)

    @property
    def all(self) -> list[Line]:
        """Give the lines and the total."""
        return [*self.lines, *([self.total] if self.total else [])]

    @property
    def is_mixed(self) -> bool:
        """Tell whether money of several currencies is in it."""
        return len({code for purse in self._purses() for code in purse.held}) > 1

    def _purses(self) -> list[Purse]:
        values = (value for line in self.all for value in line.figures.values())
        return [value for value in values if isinstance(value, Purse)]

    @property
    def is_known(self) -> bool:
        """Tell whether all money in it is known in the base currency."""
        return all(purse.in_base is not None for purse in self._purses())

    def line(self, wanted: Mapping[str, str]) -> Line | None:
        """Give the line with these labels, in any spelling; `part` chooses one that stands apart.

        `none` stands for no label.

        Raises:
            UsageError: several lines have them, for some dimension is not named.
        """
        names = {(name, fold(value)) for name, value in wanted.items() if name != "part"}
        part = wanted.get("part", "line" if names else "total")
        found = []
        for one in self.all:
            own = zip(self.by, (fold(label or NONE) for label in one.labels), strict=False)
            if one.part == part and names <= set(own):
                found.append(one)
        if len(found) > 1:
            labels = zip(self.by, found[0].labels, strict=True)
            first = ",".join(f"{name}={label or NONE}" for name, label in labels)
            raise UsageError(
                tr("several lines have that"),
                tr("name every dimension, such as {names}", names=first),
            )
        return found[0] if found else None

    def shown_columns(self) -> list[Column]:
        """Give the columns of files: dimensions, part, figures, and the base currency at the end.

        So a second currency moves no column.
        """
        has_parts = self.total is not None or self.name == "forecast"
        found = [Column(name, name.title()) for name in self.by]
        found.append(Column("part", "Part", listed=has_parts))
        is_mixed = self.is_mixed
        hidden = is_mixed and self.is_known  # on narrow terminals, behind the base currency
        for column in self.columns:
            wide = column.wide or (hidden and column.kind == "money")
            found.append(replace(column, wide=wide))
        for column in self.columns:
            if column.kind == "money":
                title = tr("{title}, base", title=tr(column.title))
                base = replace(column, key=f"{column.key}_base", title=title)
                found.append(replace(base, listed=column.listed and is_mixed))
        return found

    def record(self, line: Line) -> dict[str, Any]:
        """Give a line under its names in JSON."""
        labels = line.labels or (None,) * len(self.by)
        found: dict[str, Any] = dict(zip(self.by, labels, strict=True))
        found["part"] = line.part
        for column in self.columns:
            value = line.figures.get(column.key)
            if column.kind != "money":
                found[column.key] = value
                continue
            purse = value if isinstance(value, Purse) else None
            found[column.key] = moneys(value)
            base = purse.in_base if purse else None
            found[f"{column.key}_base"] = money_json(base) if base else None
        return found


def moneys(value: Any) -> Any:
    """Give a money figure under its names in JSON: an amount for each currency; None for none."""
    return [money_json(money) for money in value.moneys] if isinstance(value, Purse) else value


def said(value: Any) -> str:
    """Say a figure to people: `10800.40 EUR`, `62.5`, `n/a`."""
    if value is None:
        return tr("n/a")
    if isinstance(value, Purse):
        return "; ".join(map(money_text, value.moneys)) or "-"
    return str(value)


def figure_columns(table: Table) -> list[Column]:
    """Give the columns of figures as people see them: the base currency where it is needed."""
    known = {column.key: column for column in table.shown_columns()}
    keys = (key for column in table.columns for key in (column.key, f"{column.key}_base"))
    return [known[key] for key in keys if key in known]


def said_label(table: Table, line: Line, place: int) -> str:
    """Say the label of a line in a dimension to people; a name as it is stored."""
    if line.part != "line":
        return tr(APART[line.part]) if place == 0 else ""
    return said_name(table, place, line.labels[place])


def said_name(table: Table, place: int, label: Label) -> str:
    """Say a label of a dimension to people; a name as it is stored."""
    if label is None:
        return tr(NONE)
    if table.by[place] in ("category", "metric") or label == "team":
        return tr(label).replace("_", " ")
    return label


def axes(table: Table) -> tuple[list[Label], list[Label]]:
    """Give the labels of a table of two dimensions, each in its order: rows and columns."""
    from graphlib import TopologicalSorter

    rows: dict[Label, list[Label]] = {}
    for line in table.lines:
        if line.part == "line":
            rows.setdefault(line.labels[0], []).append(line.labels[1])
    found = dict.fromkeys(label for labels in rows.values() for label in labels)
    if table.by[1] == "month":
        return list(rows), sorted(found, key=lambda label: (label is None, label or ""))
    if table.by[1] == "stage" and table.stages:
        places = {name: number for number, name in reversed(list(enumerate(table.stages)))}
        return list(rows), sorted(found, key=lambda label: places.get(label or "", len(places)))
    order: TopologicalSorter[Label] = TopologicalSorter()  # every row is in order, with gaps
    for labels in rows.values():
        for before, label in zip((None, *labels), labels, strict=False):
            order.add(label, *([before] if before is not None else []))
    return list(rows), list(order.static_order())


def said_figure(table: Table, line: Line, key: str) -> str:
    """Say a figure of a line to people; nothing where a line has none such."""
    if key.endswith("_base") and key not in line.figures:
        value = line.figures.get(key.removesuffix("_base"))
        money = table.record(line)[key]
        return f"{money['amount']} {money['currency']}" if money else "" if value is None else "n/a"
    return said(line.figures[key]) if key in line.figures else ""


def size(value: Any) -> int:
    """Give how long the bar of a figure is, in any unit; 0 where nothing can be compared."""
    if isinstance(value, Purse):
        return max(round(value.size or 0), 0)
    return max(round((value or 0) * 10), 0)


def sizes(table: Table) -> tuple[list[int], int]:
    """Give how long the bar of each line is (0 of what stands apart), and that of a whole one.

    Percents are of a hundred, unless one of them is more.
    """
    found = [
        size(line.figures.get(table.measure)) if line.part == "line" else 0 for line in table.all
    ]
    return found, max([*found, 1000 if table.measure in PERCENTS else 0])


def said_days(first: date, last: date) -> str:
    """Say a period: `Wed 1 Jul 2026 to Wed 30 Sep 2026`."""
    if last >= _ENDLESS:
        return (
            tr("all days")
            if first == period.BEGINNING
            else tr("from {day} on", day=said_day(first))
        )
    return tr(" to ").join(map(said_day, dict.fromkeys((first, last))))


def said_day(day: date) -> str:
    """Say a day: `Wed 1 Jul 2026`."""
    return dates.describe(dates.When(day), day).partition(" (")[0]


def span(
    crm: Context, ask: Ask, default: str = DEFAULT_PERIOD, *, forward: bool = False
) -> period.Period:
    """Give the first and the last day asked for; nothing after `as_of` counts, but in a forecast.

    Raises:
        UsageError: no period, two, or one that ends before it begins.
    """
    if ask.period and (ask.since or ask.until):
        raise UsageError(tr("-p and --since or --until exclude one another"))
    today = day_of(crm, ask.as_of)
    if ask.since or ask.until:
        end = _ENDLESS if forward else today
        first = _edge(crm, ask.since, today, forward)[0] if ask.since else period.BEGINNING
        last = _edge(crm, ask.until, today, forward)[1] if ask.until else end
    else:
        first, last = period.parse(ask.period or default, today, crm.dates["week_start"])
    if ask.as_of and not forward:
        last = min(last, today)
    if first > last:
        raise UsageError(
            tr("the period ends on {last}, before it begins on {first}", last=last, first=first)
        )
    return first, last


_ENDLESS = date(9000, 1, 1)


def _edge(crm: Context, text: str, today: date, forward: bool) -> period.Period:
    """Read a day, or a period whose first or last day is meant: `--since 2025`."""
    try:
        day = day_of(crm, text, forward=forward)
    except UsageError as error:
        try:
            return period.parse(text, today, crm.dates["week_start"])
        except UsageError:
            raise error from None
    return day, day


def day_of(crm: Context, text: str, *, forward: bool = False) -> date:
    """Give the day that a text means, looking back unless forward; today for none."""
    if not text:
        return crm.clock.today()
    return dates.parse(text, crm.clock.local_now(), forward=forward, **crm.dates).on


def midnight(crm: Context, day: date, days: int = 0) -> str:
    """Give the instant a day (or one some days later) begins with, in stored form.

    Raises:
        UsageError: it is beyond what can be stored.
    """
    try:
        return stamp(crm.clock.instant(datetime.combine(day + timedelta(days=days), time())))
    except OverflowError:
        raise UsageError(tr("{last} is beyond what can be stored", last=day)) from None


def question(
    crm: Context, ask: Ask, days: period.Period, by: tuple[str, ...], pipeline_id: int | None = None
) -> Question:
    """Give what is asked of the store.

    Raises:
        UsageError: it cannot be stored, or is still to come.
        NotFoundError: there is no such pipeline.
    """
    today = day_of(crm, ask.as_of)
    if today > crm.clock.today():
        raise UsageError(tr("{day} is yet to come", day=today), tr("--as-of looks back"))
    if pipeline_id is None and ask.pipeline:
        pipeline_id = find_pipeline(crm.store.reader, ask.pipeline, ask.of).id
    return Question(
        first=days[0],
        last=days[1],
        begin=midnight(crm, days[0]),
        end=midnight(crm, days[1], 1),
        today=today,
        as_of=midnight(crm, today, 1) if today < crm.clock.today() else None,
        by=by,
        where=ask.where,
        pipeline_id=pipeline_id,
        strict=ask.strict,
    )


def reader(crm: Context, asked: Question) -> Reader:
    """Give what reads it."""
    return Reader(crm.store.reader, crm.clock, asked)


def dimensions(ask: Ask, known: Sequence[str], default: Sequence[str] = ()) -> tuple[str, ...]:
    """Give the dimensions asked for, or the default ones.

    Raises:
        UsageError: an unknown one.
    """
    return check_dimensions(list(ask.by), known) if ask.by else tuple(default)


def before(days: period.Period) -> period.Period | None:
    """Give the period of the same length before one: as many whole months, else as many days.

    None before one without a beginning.
    """
    first, last = days
    if first == period.BEGINNING:
        return None
    after = last + timedelta(days=1)
    if first.day == after.day == 1:
        months = (after.year - first.year) * 12 + after.month - first.month
        number = first.year * 12 + first.month - 1 - months
        return date(number // 12, number % 12 + 1, 1), first - timedelta(days=1)
    return first - (after - first), first - timedelta(days=1)


def ordered(
    by: Sequence[str], cells: Mapping[Labels, int], stages: Places | Sequence[Place] = ()
) -> list[Labels]:
    """Give the labels of cells in the order of each dimension; the cells say how many they have."""
    places: list[dict[Label, int]] = []
    for number, name in enumerate(by):
        counts: dict[Label, int] = {}
        for labels, many in cells.items():
            counts[labels[number]] = counts.get(labels[number], 0) + many
        found = in_order(name, counts, stages)
        places.append({label: place for place, label in enumerate(found)})

    def place(labels: Labels) -> list[int]:
        return [spots[label] for spots, label in zip(places, labels, strict=True)]

    return sorted(cells, key=place)


def rate_notes(purses: Iterable[Purse], rates: Rates) -> list[str]:
    """Say which rates are missing for sums over several currencies."""
    found = list(purses)
    codes = {code for purse in found for code in purse.held}
    if len(codes) < 2:
        return []
    if rates.base is None:
        return [tr("No base currency: `crm config set currency EUR` lets sums be added up.")]
    missing = sorted({gap for purse in found for gap in purse.missing})
    if not missing:
        return []
    currency, day = missing[0]
    more = trn(" and {count} more", " and {count} more", len(missing) - 1)
    return [
        tr(
            "No rate of {currency} up to {day}{more}: `crm rate set {currency} {base} RATE --on"
            " {day}` lets sums be added up in {base}.",
            currency=currency,
            base=rates.base,
            day=day,
            more=more if len(missing) > 1 else "",
        )
    ]
