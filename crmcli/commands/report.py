"""`crm report`: what happened, counted; each number answers with the rows behind it."""

from collections.abc import Sequence
from dataclasses import replace

import typer

from crmcli import chart, period
from crmcli.cli import ListCommand, noun_app
from crmcli.columns import Column
from crmcli.commands import listing, sales
from crmcli.commands.figures import (
    AS_OF,
    CHART,
    EXPLAIN,
    LONGEST_BAR,
    LONGEST_LABEL,
    PERIOD,
    SHORTEST_BAR,
    SINCE,
    UNTIL,
    ReportCommand,
    Strip,
    pairs,
)
from crmcli.context import Context
from crmcli.errors import UsageError
from crmcli.i18n import mark, tr
from crmcli.service import figures
from crmcli.service import filter as filters
from crmcli.service.figures import NONE, Ask, said_days
from crmcli.service.sales import REPORTS as SALES
from crmcli.store import interaction
from crmcli.store.report import (
    DIMENSIONS,
    Cell,
    Label,
    Labels,
    Question,
    Report,
    behind,
    check_dimensions,
    count,
    in_order,
)
from crmcli.store.rows import Where
from crmcli.text import safe

REPORTS = (
    ("activity", mark("what happened, by kind, weekday, month, owner, outcome, org, tag, …")),
    ("feedback", mark("needs and concerns: feedback by its tags")),
    *SALES,
)
FIGURES = ("interactions", "touches", "others", "people", "minutes")
OF_FEEDBACK = ("feedback", "people")
TITLES = (
    *(mark("Interactions"), mark("Touches"), mark("Others"), mark("People"), mark("Minutes")),
    *(mark("Feedback"), mark("Activity"), mark("Kind"), mark("Weekday"), mark("Month")),
    *(mark("Owner"), mark("Outcome"), mark("Org"), mark("Tag"), mark("Week"), mark("Hour")),
)
LONGEST_TITLE = 12  # cells of a column's title on a terminal

app = noun_app(
    "Reports: what happened, what was sold, what was reached; with the rows behind.",
    "crm report\ncrm report activity --by weekday\ncrm report sales -p 'last quarter'\n"
    "crm report funnel --of contacts\ncrm report goals",
)
MEASURE = typer.Option("", "--measure", metavar="FIGURE", help=f"Draw {', '.join(FIGURES)}.")
for _verb, _report, _examples in sales.COMMANDS:
    app.command(_verb, cls=ReportCommand, epilog=_examples)(_report)


@app.command("list", cls=ListCommand, epilog="crm report\ncrm report list --json")
def list_(ctx: typer.Context) -> None:
    """List the reports."""
    crm: Context = ctx.obj
    columns = (Column("name", "Report"), Column("what", "What it counts"))
    is_read = crm.out.format in ("table", "md")
    said = ((name, tr(what) if is_read else what) for name, what in REPORTS)
    crm.out.records(columns, ({"id": name, "name": name, "what": what} for name, what in said))


@app.command(
    "activity",
    cls=ReportCommand,
    epilog="crm report activity\ncrm report activity --by kind,month -p 'this year'\n"
    "crm report activity --by owner,outcome --since 7d\n"
    "crm report activity contact.tag:vip --by month\n"
    "crm report activity --by weekday,hour -p 'last quarter'\n"
    "crm report activity --by month --json\n"
    "crm report activity --explain kind=call,month=2026-11",
)
def activity(
    ctx: typer.Context,
    terms: list[str] = listing.terms("interaction"),
    by: str = typer.Option(
        "kind", "--by", metavar="NAMES", help=f"One or more of {', '.join(DIMENSIONS)}."
    ),
    in_period: str = PERIOD,
    since: str = SINCE,
    until: str = UNTIL,
    as_of: str = AS_OF,
    where: str = listing.WHERE,
    measure: str = MEASURE,
    draw: bool = CHART,
    explain: str = EXPLAIN,
) -> None:
    """Count interactions, touches among them, people reached and minutes; the last 90 days.

    A touch is real contact: no note, no missed try. Days and hours are yours. With two names the
    first gives rows, the second columns; with more each line is one cell. By org and by tag (its
    own and those of its people) one interaction may count in several lines, once in the total.
    """
    crm: Context = ctx.obj
    span = figures.span(crm, Ask(period=in_period, since=since, until=until, as_of=as_of))
    found = listing.condition(crm, "interaction", filters.read(terms, where))
    question = _question(crm, span, by, found)
    if explain is not None:
        _explain(crm, question, explain)
        return
    page = _Page(crm, question, "Activity", FIGURES, measure, draw)
    page.show(count(crm.store.reader, crm.clock, question), span)


@app.command(
    "feedback",
    cls=ReportCommand,
    epilog="crm report feedback -p 'this year'\ncrm report feedback --by tag,month\n"
    "crm report feedback --explain tag=price",
)
def feedback(
    ctx: typer.Context,
    terms: list[str] = listing.terms("interaction"),
    by: str = typer.Option(
        "tag", "--by", metavar="NAMES", help=f"One or more of {', '.join(DIMENSIONS)}."
    ),
    in_period: str = PERIOD,
    since: str = SINCE,
    until: str = UNTIL,
    as_of: str = AS_OF,
    where: str = listing.WHERE,
    measure: str = MEASURE,
    draw: bool = CHART,
    explain: str = EXPLAIN,
) -> None:
    """Count needs and concerns: interactions of kind feedback, by their own tags.

    Feedback with several tags counts in each of their lines; the total counts it once.
    """
    crm: Context = ctx.obj
    span = figures.span(crm, Ask(period=in_period, since=since, until=until, as_of=as_of))
    found = listing.condition(crm, "interaction", filters.read(terms, where))
    question = _question(crm, span, by, found, "feedback")
    if explain is not None:
        _explain(crm, question, explain)
        return
    page = _Page(crm, question, "Feedback", OF_FEEDBACK, measure, draw)
    page.show(count(crm.store.reader, crm.clock, question), span)


def _question(
    crm: Context, span: period.Period, by: str, where: Where | None, kind: str | None = None
) -> Question:
    first, last = span
    return Question(
        figures.midnight(crm, first),
        figures.midnight(crm, last, 1),
        by=check_dimensions(by.split(","), DIMENSIONS),
        kind=kind,
        where=where,
        week_start=crm.dates["week_start"],
    )


def _explain(crm: Context, question: Question, cell: str) -> None:
    """Write the interactions that a cell counts, or all of the report."""
    named = pairs(cell, DIMENSIONS)
    by = check_dimensions(list(named), DIMENSIONS) if named else ()
    wanted = tuple(_typed(name, value) for name, value in zip(by, named.values(), strict=True))
    reader = crm.store.reader
    chunks = behind(reader, crm.clock, replace(question, by=by), wanted)
    rows = (row for ids in chunks for row in interaction.get_interactions(reader, ids))
    found = crm.out.records(interaction.COLUMNS, (row.json() for row in rows))
    if not found and crm.out.format == "table":
        crm.out.say(tr("Nothing was logged there."))


def _typed(name: str, value: str) -> Label:
    """Give the label that was typed: `none` for none, and the first letters of a weekday."""
    if value.casefold() == NONE:
        return None
    return value[:3] if name == "weekday" else value


class _Page:
    """Writes a report: a table with bars or shades at a terminal, its cells in a pipe.

    Args:
        crm: this run.
        question: what was asked.
        title: of the report.
        figures: what is shown of each cell.
        measure: the figure that is drawn, and shown where there is room for one; "": the first.
        draw: whether to draw; None: at a terminal.
    """

    def __init__(
        self,
        crm: Context,
        question: Question,
        title: str,
        figures: Sequence[str],
        measure: str,
        draw: bool | None,
    ) -> None:
        self.out = crm.out
        if measure and measure not in figures:
            raise UsageError(
                tr("no figure {measure!r}", measure=measure),
                tr("one of {names}", names=", ".join(figures)),
            )
        if draw and self.out.format != "table":
            raise UsageError(tr("--chart draws in a table"), tr("add -f table"))
        if self.out.format == "ids":
            raise UsageError(
                tr("a report has no ids"), tr("add --explain: the interactions behind it")
            )
        self.question = question
        self.by = question.by
        self.title = title
        self.figures = figures
        self.measure = measure or figures[0]
        self.draw = self.out.is_terminal if draw is None else draw

    def show(self, report: Report, span: period.Period) -> None:
        """Write the report of a period."""
        if self.out.format != "table":
            self._write_cells(report)
            return
        days = said_days(*span)
        if not report.cells:
            self.out.say(
                tr("{title}: nothing was logged, {days}.", title=tr(self.title), days=days)
            )
            return
        self.out.say(f"{tr(self.title)}, {days}")
        grid = None
        if len(self.by) == 2 and not self.out.settings.get("fields"):
            grid = self._grid(report) or self._grid(report, turned=True)
        self._write_table(grid or self._lines(report))
        if grid and self.draw:
            self.out.say(f"{tr(self.measure.title())}. {chart.legend(ascii=self.out.ascii)}.")
        if sum(cell.interactions for cell in report.cells.values()) > report.total.interactions:
            self.out.say(
                tr("What has several labels counts in each of them, and once in the total.")
            )

    def _write_cells(self, report: Report) -> None:
        columns = [Column(name, name.title()) for name in self.by]
        columns += [Column(name, name.title(), "number") for name in self.figures]
        records = (
            dict(zip(self.by, labels, strict=True)) | self._figures(cell)
            for labels, cell in self._in_order(report)
        )
        self.out.records(columns, records)

    def _lines(self, report: Report) -> list[Strip]:
        """Lay out a line for each cell, with a bar, and one for the whole."""
        lines = self._in_order(report, filled=len(self.by) == 1)
        names = list(zip(*(labels for labels, _ in lines), strict=True))
        strips = [
            Strip(name, tr(name.title()), [_name(name, label) for label in labels])
            for name, labels in zip(self.by, names, strict=True)
        ]
        for number, strip in enumerate(strips):
            strip.cells.append("" if number else tr("Total"))
        figures = [self._figures(cell) for cell in [*(cell for _, cell in lines), report.total]]
        for name in self.figures:
            cells = [str(figure[name]) for figure in figures]
            strips.append(Strip(name, tr(name.title()), cells, is_number=True))
        room = min(self._room_beside(strips), LONGEST_BAR)
        if self.draw and room >= SHORTEST_BAR:
            values = [figure[self.measure] for figure in figures[:-1]]
            bars = [chart.bar(value, max(values), room, ascii=self.out.ascii) for value in values]
            strips.append(
                Strip("bar", "", [bar.ljust(room) for bar in (*bars, "")], is_number=True)
            )
        return strips

    def _grid(self, report: Report, *, turned: bool = False) -> list[Strip] | None:
        """Lay out rows by columns, with the sum of each; None when it is too wide."""
        down, across = (1, 0) if turned else (0, 1)
        rows, columns = self._axis(report, down), self._axis(report, across)
        values = {
            (labels[down], labels[across]): self._figure(cell)
            for labels, cell in report.cells.items()
        }
        most = max(values.values())
        names = [_name(self.by[down], label) for label in rows]
        strips = [Strip("", tr(self.by[down].title()), [*names, tr("Total")])]
        for column in columns:
            cells = [self._shaded(values.get((row, column), 0), most) for row in rows]
            cells.append(self._shaded(self._side(report, across, column), 0))
            title = self._cut(_name(self.by[across], column))
            strips.append(Strip("", title, cells, is_number=True))
        sums = [self._side(report, down, row) for row in rows]
        ends = [str(figure) for figure in (*sums, self._figure(report.total))]
        strips.append(Strip("", tr("Total"), ends, is_number=True))
        return strips if self._room_beside(strips) >= 0 else None

    def _in_order(self, report: Report, *, filled: bool = False) -> list[tuple[Labels, Cell]]:
        """Give the cells by the order of their labels in each dimension."""
        axes = [self._axis(report, number, filled=filled) for number in range(len(self.by))]
        if filled:
            return [((label,), report.cells.get((label,), Cell())) for label in axes[0]]
        places = [{label: place for place, label in enumerate(axis)} for axis in axes]

        def place(labels: Labels) -> list[int]:
            return [spots[label] for spots, label in zip(places, labels, strict=True)]

        return [(labels, report.cells[labels]) for labels in sorted(report.cells, key=place)]

    def _axis(self, report: Report, number: int, *, filled: bool = True) -> list[Label]:
        week_start = self.question.week_start
        return in_order(self.by[number], report.sides[number], week_start, filled=filled)

    def _side(self, report: Report, number: int, label: Label) -> int:
        """Give the figure of a whole row or column."""
        return self._figure(report.sides[number].get(label, Cell()))

    def _figures(self, cell: Cell) -> dict[str, int]:
        known = {"feedback": cell.interactions, **cell.json()}
        return {name: known[name] for name in self.figures}

    def _figure(self, cell: Cell) -> int:
        return self._figures(cell)[self.measure]

    def _shaded(self, value: int, most: int) -> str:
        """Give a number, with its shade where there is a largest one to compare it with."""
        number = str(value or "-")
        if not self.draw:
            return number
        return f"{number} {chart.shade(value, most, ascii=self.out.ascii) if most else ' '}"

    def _cut(self, title: str) -> str:
        """Give the title of a column, not too long for a terminal."""
        from rich.cells import cell_len, set_cell_size

        if not self.out.is_terminal or cell_len(title) <= LONGEST_TITLE:
            return title
        return set_cell_size(title, LONGEST_TITLE - 1) + "…"

    def _room_beside(self, strips: list[Strip]) -> int:
        """Give the cells that are free beside these columns and a gap."""
        widths = [
            strip.width if strip.is_number else min(strip.width, LONGEST_LABEL) for strip in strips
        ]
        return self.out.console().width - sum(widths) - 2 * len(widths)

    def _write_table(self, strips: list[Strip]) -> None:
        keys = [strip.key or f"column {number}" for number, strip in enumerate(strips)]
        columns = [strip.column(key) for key, strip in zip(keys, strips, strict=True)]
        rows = zip(*(strip.aligned()[1:] for strip in strips), strict=True)
        self.out.records(columns, (dict(zip(keys, row, strict=True)) for row in rows))


def _name(name: str, label: Label) -> str:
    """Give how a table calls a label."""
    if label is None:
        return tr(NONE)
    return tr(label.title()) if name == "weekday" else safe(label)
