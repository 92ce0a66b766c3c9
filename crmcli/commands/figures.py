"""What the commands that show figures share: their options, their tables, the rows behind."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from importlib import import_module
from typing import Any

import typer

from crmcli import chart
from crmcli.cli import ListCommand
from crmcli.columns import Column
from crmcli.commands import listing
from crmcli.context import Context
from crmcli.errors import NotFoundError, UsageError
from crmcli.i18n import tr
from crmcli.service import figures
from crmcli.service import filter as filters
from crmcli.service.figures import NONE, Ask, Table
from crmcli.text import safe

LONGEST_LABEL = 20  # cells that a line's label may keep from its bar
LONGEST_BAR, SHORTEST_BAR = 30, 5  # cells


class ReportCommand(ListCommand):
    """A report: `--explain` may be followed by the cell it is to explain."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        """Join `--explain kind=call` into one argument, and a bare `--explain` with nothing."""
        queue, joined = list(args), []
        while queue:
            arg = queue.pop(0)
            if arg == "--explain":
                is_cell = bool(queue) and queue[0].partition("=")[0].isalpha() and "=" in queue[0]
                arg = f"--explain={queue.pop(0) if is_cell else ''}"
            joined.append(arg)
        return super().parse_args(ctx, joined)


PERIOD = typer.Option(
    "", "-p", "--period", metavar="PERIOD", help="this month, last quarter, 2026, 2026-11, 2026-Q3."
)
SINCE = typer.Option("", "--since", metavar="WHEN", help="The first day; looks back.")
UNTIL = typer.Option("", "--until", metavar="WHEN", help="The last day; looks back.")
AS_OF = typer.Option("", "--as-of", metavar="DATE", help="As it was at the end of that day.")
CHART = typer.Option(None, "--chart/--no-chart", help="Bars and shades; on at a terminal.")
EXPLAIN = typer.Option(
    None, "--explain", metavar="[CELL]", help="The rows behind: of all, or of kind=call,month=…"
)
BEHIND = typer.Option(
    None, "--explain", metavar="[CELL]", help="The rows behind: of all, or of owner=ana,stage=…"
)
PIPELINE = typer.Option("", "--pipeline", metavar="NAME", help="Only this one.")
OF = typer.Option("deals", "--of", metavar="NOUN", help="deals or contacts.")
COHORT = typer.Option("", "--cohort", metavar="PERIOD", help="Those that came then, as -p.")
STRICT = typer.Option(False, "--strict", help="What is past its close date counts as not won.")


def by_option(names: Sequence[str]) -> Any:
    """Give the option `--by` with its dimensions in the help."""
    return typer.Option("", "--by", metavar="NAMES", help=f"One or more of {', '.join(names)}.")


def names_of(text: str) -> tuple[str, ...]:
    """Give the dimensions that `--by` names."""
    return tuple(name for name in text.split(",") if name.strip())


def where(crm: Context, noun: str, terms: Sequence[str] | None, text: str) -> Any:
    """Give the condition of a filter."""
    return listing.condition(crm, noun, filters.read(terms, text))


Compute = Callable[[Context, Ask], Table]


def show(
    crm: Context, compute: Compute, ask: Ask, *, explain: str | None = None, draw: bool | None
) -> None:
    """Write a report, or the rows behind one of its cells.

    Args:
        crm: the run.
        compute: the report.
        ask: what is asked.
        explain: a cell, "" for the whole; None for the report itself.
        draw: whether to draw bars; None: at a terminal.
    """
    if explain is not None:
        _explain(crm, compute, ask, explain)
        return
    if draw and crm.out.format != "table":
        raise UsageError(tr("--chart draws in a table"), tr("add -f table"))
    if crm.out.format == "ids":
        raise UsageError(tr("a report has no ids"), tr("add --explain: the rows behind it"))
    table = compute(crm, ask)
    if crm.out.format != "table":
        crm.out.records(table.shown_columns(), map(table.record, table.all))
        return
    crm.out.say(f"{table.title}, {figures.said_days(table.first, table.last)}")
    if not table.all:
        crm.out.say(tr("There is nothing to count."))
    else:
        _write(crm, table, crm.out.is_terminal if draw is None else draw)
    for note in table.notes:
        crm.out.say(note)


def _explain(crm: Context, compute: Compute, ask: Ask, cell: str) -> None:
    """Write the records that a cell counts, or all of the report."""
    wanted = pairs(cell)
    names = tuple(name for name in wanted if name != "part")
    if names:
        ask = replace(ask, by=tuple(name for name in names if name not in ("stage", "goal")))
        table = _with_stage(crm, compute, ask, names)
    else:
        table = compute(crm, ask)
    for noun, ids in _behind(crm, table, wanted).items():
        store = import_module(f"crmcli.store.{noun}")
        rows = getattr(store, f"get_{noun}s")(crm.store.reader, ids)
        found = crm.out.records(store.COLUMNS, (row.json() for row in rows))
        if not found and crm.out.format == "table":
            crm.out.say(tr("There is nothing behind it."))


def _with_stage(crm: Context, compute: Compute, ask: Ask, names: tuple[str, ...]) -> Table:
    """Compute a report by the dimensions of a cell; some always count by stage, or by goal."""
    table = compute(crm, ask)
    if set(table.by) >= set(names):
        return table
    return compute(crm, replace(ask, by=names))


def _behind(crm: Context, table: Table, wanted: dict[str, str]) -> dict[str, list[int]]:
    """Give the ids of the records behind a cell, or behind the whole, by their noun."""
    if wanted:
        line = table.line(wanted)
        if line is None:
            shown = ", ".join(f"{name}={value}" for name, value in wanted.items())
            raise NotFoundError(
                tr("the report has no line {shown}", shown=shown),
                tr("name every dimension, such as {names}", names=_example(table)),
            )
        return {line.noun: table.behind(crm, line)}
    lines = [table.total] if table.total else list(table.lines)
    lines += [line for line in table.lines if table.total and line.part in ("late", "undated")]
    found: dict[str, dict[int, None]] = {}
    for line in lines:
        found.setdefault(line.noun, {}).update(dict.fromkeys(table.behind(crm, line)))
    return {noun: list(ids) for noun, ids in found.items()}


def _example(table: Table) -> str:
    """Give the first line of a table as a cell to explain."""
    for line in table.lines:
        if line.part == "line":
            labels = zip(table.by, line.labels, strict=True)
            return ",".join(f"{name}={label or NONE}" for name, label in labels)
    return ",".join(f"{name}=…" for name in table.by) or "part=total"


def pairs(cell: str, known: Sequence[str] = ()) -> dict[str, str]:
    """Read `kind=call,org=Acme, Inc`: a piece without a name belongs to the value before it.

    With `known` names, `a=b` of another name belongs to the value before it too.
    """
    found: dict[str, str] = {}
    name = ""
    for piece in cell.split(","):
        key, equals, value = piece.partition("=")
        word = key.strip().casefold()
        if equals and (not found or (word in known if known else word.isalpha())):
            name = word
            found[name] = value.strip()
        elif name:
            found[name] += "," + piece
    return found


@dataclass(frozen=True, slots=True)
class Strip:
    """A column of a table on its way out: numbers stand on the right, and are never cut."""

    key: str
    title: str
    cells: list[str]
    is_number: bool = False
    wide: bool = False

    @property
    def width(self) -> int:
        """Give the cells that its widest text takes."""
        from rich.cells import cell_len

        return max(map(cell_len, (self.title, *self.cells)))

    def aligned(self) -> list[str]:
        """Give title and cells, padded when they are numbers."""
        from rich.cells import cell_len

        texts = [self.title, *self.cells]
        if not self.is_number:
            return texts
        return [" " * (self.width - cell_len(text)) + text for text in texts]

    def column(self, key: str) -> Column:
        """Give its column for the renderer."""
        kind = "number" if self.is_number else "text"
        return Column(key, self.aligned()[0], kind, wide=self.wide)


def room_beside(crm: Context, strips: Sequence[Strip]) -> int:
    """Give the cells that are free beside these columns and a gap."""
    width = crm.out.console().width
    shown = [strip for strip in strips if width >= 100 or not strip.wide]
    widths = [
        strip.width if strip.is_number else min(strip.width, LONGEST_LABEL) for strip in shown
    ]
    return width - sum(widths) - 2 * len(widths)


def _write(crm: Context, table: Table, draw: bool) -> None:
    """Write the table, with a bar beside each line where there is room."""
    columns = [column for column in figures.figure_columns(table) if column.listed]
    strips = [
        Strip(
            name,
            tr(name.title()),
            [safe(figures.said_label(table, line, place)) for line in table.all],
        )
        for place, name in enumerate(table.by)
    ]
    if not table.by:
        strips = [Strip("part", "", [tr(figures.APART["total"])])]
    for column in columns:
        cells = [figures.said_figure(table, line, column.key) for line in table.all]
        strips.append(Strip(column.key, tr(column.title), cells, True, column.wide))
    room = min(room_beside(crm, strips), LONGEST_BAR)
    if draw and room >= SHORTEST_BAR and not crm.out.settings.get("fields"):
        strips.append(_bars(crm, table, room))
    named = [strip.column(strip.key) for strip in strips]
    rows = zip(*(strip.aligned()[1:] for strip in strips), strict=True)
    keys = [strip.key for strip in strips]
    crm.out.records(named, (dict(zip(keys, row, strict=True)) for row in rows))


def _bars(crm: Context, table: Table, room: int) -> Strip:
    """Give the bars of the measure; lines that stand apart have none."""
    sizes = [
        figures.size(line.figures.get(table.measure)) if line.part == "line" else 0
        for line in table.all
    ]
    bars = [chart.bar(size, max(sizes), room, ascii=crm.out.ascii) for size in sizes]
    return Strip("bar", "", [bar.ljust(room) for bar in bars], is_number=True)
