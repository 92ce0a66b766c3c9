"""What the commands that show figures share: their options, their tables, the rows behind."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from importlib import import_module
from typing import Any

import typer

from crmcli import chart
from crmcli.cli import ListCommand
from crmcli.columns import Column
from crmcli.commands import listing
from crmcli.context import Context
from crmcli.errors import UsageError
from crmcli.i18n import tr
from crmcli.service import figures
from crmcli.service import filter as filters
from crmcli.service.figures import NONE, Ask, Line, Table
from crmcli.store.figures import Label, Labels
from crmcli.store.rows import CHUNK
from crmcli.text import safe

LONGEST_LABEL = 20  # cells that a line's label may keep from its bar
LONGEST_BAR, SHORTEST_BAR = 30, 5  # cells
DAYS = ("from", "to")  # dimensions that are days; they are never cut


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
More = Callable[[Context, Ask, Line], tuple[Sequence[Column], Mapping[int, dict[str, Any]]]]


def show(
    crm: Context,
    compute: Compute,
    ask: Ask,
    *,
    explain: str | None = None,
    draw: bool | None,
    more: More | None = None,
) -> None:
    """Write a report, or the rows behind one of its cells.

    Args:
        crm: the run.
        compute: the report.
        ask: what is asked.
        explain: a cell, "" for the whole; None for the report itself.
        draw: whether to draw bars; None: at a terminal.
        more: gives columns more for the rows behind a line, and their values by id.
    """
    if explain is not None:
        _explain(crm, compute, ask, explain, more)
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


def _explain(crm: Context, compute: Compute, ask: Ask, cell: str, more: More | None) -> None:
    """Write the records that a cell counts, or all of the report."""
    wanted = pairs(cell)
    names = tuple(name for name in wanted if name != "part")
    table = compute(crm, replace(ask, by=_asked(names)) if names else ask)
    if not set(names) <= set(table.by):
        table = compute(crm, replace(ask, by=names))
    noun, ids, line = _behind(crm, table, wanted)
    store = import_module(f"crmcli.store.{noun}")
    get = getattr(store, f"get_{noun}s")
    chunks = (ids[start : start + CHUNK] for start in range(0, len(ids), CHUNK))
    rows = (row.json() for chunk in chunks for row in get(crm.store.reader, chunk))
    columns, own = more(crm, ask, line) if more and line else ((), {})
    found = crm.out.records(
        (*store.COLUMNS, *columns), (row | own.get(int(row["id"][1:]), {}) for row in rows)
    )
    if not found and crm.out.format == "table":
        crm.out.say(tr("There is nothing behind it."))


def _asked(names: Sequence[str]) -> tuple[str, ...]:
    """Give the dimensions of a cell without those that some reports always have."""
    return tuple(name for name in names if name not in ("stage", "goal"))


def _behind(
    crm: Context, table: Table, wanted: Mapping[str, str]
) -> tuple[str, list[int], Line | None]:
    """Give noun and ids of the records behind a cell, and its line; or those of the whole.

    Raises:
        UsageError: there are several such lines, or several kinds of records.
    """
    nouns = list(dict.fromkeys(line.noun for line in table.all)) or ["deal"]
    if wanted:
        line = table.line(wanted)
        return (line.noun, table.behind(crm, line), line) if line else (nouns[0], [], None)
    if len(nouns) > 1:
        raise UsageError(
            tr("there are several kinds of records behind it"),
            tr("choose a line, such as --explain {name}=…", name=table.by[0]),
        )
    lines = [table.total] if table.total else []
    lines += [one for one in table.lines if table.total is None or one.part != "line"]
    ids = dict.fromkeys(id for one in lines for id in table.behind(crm, one))
    return nouns[0], list(ids), None


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
            is_number=name in DAYS,
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
    _put(crm, strips)
    if draw and len(table.by) == 2 and table.name != "goals" and not crm.out.file:
        _heat(crm, table)


def _heat(crm: Context, table: Table) -> None:
    """Write the measure of each cell of two dimensions, with its shade, where there is room."""
    rows, columns = figures.axes(table)
    sizes, most = figures.sizes(table)
    cells: dict[Labels, str] = {}
    for line, size in zip(table.all, sizes, strict=True):
        if line.part == "line":
            shade = chart.shade(size, most, ascii=crm.out.ascii)
            cells[line.labels] = f"{figures.said_figure(table, line, table.measure)} {shade}"
    strips = [Strip("row", tr(table.by[0].title()), [_named(label) for label in rows])]
    for number, column in enumerate(columns):
        texts = [cells.get((row, column), "-  ") for row in rows]
        strips.append(Strip(f"column {number}", _named(column), texts, is_number=True))
    if room_beside(crm, strips) < 0 or not any(sizes):
        return
    measure = next(column for column in table.columns if column.key == table.measure)
    crm.out.say(f"{tr(measure.title)}. {chart.legend(ascii=crm.out.ascii)}.")
    _put(crm, strips)


def _named(label: Label) -> str:
    return tr(NONE) if label is None else safe(label)


def _put(crm: Context, strips: Sequence[Strip]) -> None:
    """Write columns that are laid out."""
    named = [strip.column(strip.key) for strip in strips]
    rows = zip(*(strip.aligned()[1:] for strip in strips), strict=True)
    keys = [strip.key for strip in strips]
    crm.out.records(named, (dict(zip(keys, row, strict=True)) for row in rows))


def _bars(crm: Context, table: Table, room: int) -> Strip:
    """Give the bars of the measure; lines that stand apart have none."""
    sizes, most = figures.sizes(table)
    bars = [chart.bar(size, most, room, ascii=crm.out.ascii) for size in sizes]
    return Strip("bar", "", [bar.ljust(room) for bar in bars], is_number=True)
