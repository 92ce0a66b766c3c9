"""Figures drawn: a report's lines with bars, or as a heat map, and the line of reports above them.

No number is made here: texts and lengths come from `service/figures.py`. A bar or a shade always
stands beside its number.
"""

from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from itertools import accumulate
from typing import ClassVar

from rich.cells import cell_len
from rich.text import Text
from textual import events
from textual.app import RenderResult
from textual.message import Message
from textual.widget import Widget

from crmcli import chart
from crmcli.i18n import tr
from crmcli.service import figures
from crmcli.service.figures import Line, Table
from crmcli.store.figures import Label
from crmcli.text import safe
from crmcli.tui.widgets.rows import GAP, GUTTER, SAMPLE, ListRows, Row, RowList, Title

LONGEST_LABEL, SHORTEST_LABEL = 36, 8  # cells of a label that others want the room of
LONGEST_BAR, SHORTEST_BAR = 60, 6  # cells
TONES = {"late": "late", "undated": "quiet", "total": "good"}
GLUE = " · "


@dataclass(frozen=True, slots=True)
class Figure:
    """A column of figures: its text in every line, never cut."""

    key: str
    title: str
    texts: Sequence[str]
    wide: bool

    @property
    def width(self) -> int:
        """Give the cells it takes."""
        return max(map(cell_len, (self.title, *map(safe, self.texts))))


@dataclass(frozen=True, slots=True)
class Sheet:
    """A report laid out, before anybody knows how much room there is.

    Args:
        table: the report.
        names: how its lines are called.
        figures: its columns; what is drawn stands first, then what fits seldom.
        sizes: how long the bars are, in any unit; 0 for what stands apart.
    """

    table: Table
    names: Sequence[str]
    figures: Sequence[Figure]
    sizes: Sequence[int]

    @property
    def has_grid(self) -> bool:
        """Tell whether it counts in two ways, so that it can be a heat map."""
        return len(self.table.by) == 2 and self.table.name != "goals"


def sheet_of(table: Table) -> Sheet:
    """Lay out a report; on a thread."""
    lines = table.all
    columns = [column for column in figures.figure_columns(table) if column.listed]
    drawn = (table.measure, f"{table.measure}_base")
    columns.sort(key=lambda column: (column.key not in drawn, column.wide))
    shown = [
        Figure(
            column.key,
            tr(column.title),
            [figures.said_figure(table, line, column.key) for line in lines],
            column.wide,
        )
        for column in columns
    ]
    sizes = [figures.size(line.figures.get(table.measure)) for line in lines]
    sizes = [size if line.part == "line" else 0 for size, line in zip(sizes, lines, strict=True)]
    return Sheet(table, [name_of(table, line) for line in lines], shown, sizes)


def name_of(table: Table, line: Line) -> str:
    """Give how a line is called: its labels, or what stands apart."""
    if line.part != "line" or not table.by:
        return tr(figures.APART[line.part]) if line.part in figures.APART else table.title
    places = range(len(table.by))
    return GLUE.join(figures.said_label(table, line, place) for place in places)


def key_of(line: Line) -> Hashable:
    """Give what a line is known by when the report is computed again."""
    return (line.part, *line.labels)


def lines_at(table: Table, key: Hashable) -> list[Line]:
    """Give the lines that a row stands for: one, or those of a row of the heat map."""
    if isinstance(key, tuple) and key[:1] == ("row",):
        return [one for one in table.lines if one.part == "line" and one.labels[:1] == key[1:]]
    return [one for one in table.all if key_of(one) == key]


@dataclass(frozen=True, slots=True)
class Drawn:
    """Rows with the titles and the widths of their columns."""

    titles: Sequence[Title]
    rows: Sequence[Row]
    widths: Sequence[int]
    shades: bool = False


def draw(sheet: Sheet, room: int, *, ascii: bool) -> Drawn:
    """Draw a report in so many cells: as a heat map where it counts in two ways and that fits."""
    if sheet.has_grid and (grid := _grid(sheet, room, ascii=ascii)):
        return grid
    return _bars(sheet, room, ascii=ascii)


def _bars(sheet: Sheet, room: int, *, ascii: bool) -> Drawn:
    """Draw a line each: its name, as many figures as fit, a bar."""
    table = sheet.table
    title = GLUE.join(tr(name.title()) for name in table.by)
    named = max([cell_len(title), *(cell_len(safe(name)) for name in sheet.names[:SAMPLE])])
    label = min(named, max(LONGEST_LABEL, room // 3))
    kept, left = _fitting(sheet, room, label)
    if left < 0:  # not even one: the name gives way
        label, left = max(label + left, SHORTEST_LABEL), 0
    long = min(left - GAP, LONGEST_BAR) if left - GAP >= SHORTEST_BAR else 0
    most = max(sheet.sizes, default=0)
    rows = []
    for at, (line, name) in enumerate(zip(table.all, sheet.names, strict=True)):
        bar = chart.bar(sheet.sizes[at], most, long, ascii=ascii) if long else ""
        texts = (one.texts[at] for one in kept)
        rows.append(Row(key_of(line), (name, *texts, bar), TONES.get(line.part, "")))
    titles = [Title(title), *(Title(one.title, fixed=True, right=True) for one in kept), Title()]
    return Drawn(titles, rows, [label, *(one.width for one in kept), long])


def _fitting(sheet: Sheet, room: int, label: int) -> tuple[list[Figure], int]:
    """Give the figures that fit beside the names and a short bar, in the report's order.

    Returns:
        The figures, at least the one that is drawn, and the cells that are left.
    """
    left = room - label
    kept: list[Figure] = []
    for one in sheet.figures:
        need = one.width + GAP
        if kept and left - need < SHORTEST_BAR + GAP:
            continue
        kept.append(one)
        left -= need
    order = {column.key: at for at, column in enumerate(sheet.table.shown_columns())}
    return sorted(kept, key=lambda one: order[one.key]), left


def _grid(sheet: Sheet, room: int, *, ascii: bool) -> Drawn | None:
    """Draw a heat map of what is drawn otherwise as bars; None where it does not fit."""
    table, drawn = sheet.table, sheet.figures[0]
    lines = [(at, line) for at, line in enumerate(table.all) if line.part == "line"]
    cells = {line.labels: at for at, line in lines}
    down = list(dict.fromkeys(line.labels[0] for _, line in lines))
    across = list(dict.fromkeys(line.labels[1] for _, line in lines))
    if len(down) < 2 or len(across) < 2 or len(across) * (GAP + 3) > room:
        return None
    most = max(sheet.sizes, default=0)
    names = {line.labels[place]: figures.said_label(table, line, place)
             for _, line in lines for place in (0, 1)}  # fmt: skip

    room_of = {
        other: max(len(drawn.texts[at]) for labels, at in cells.items() if labels[1] == other)
        for other in across
    }

    def cell(at: int | None, other: Label) -> str:
        text = "-" if at is None else drawn.texts[at]
        shade = "" if at is None else chart.shade(sheet.sizes[at], most, ascii=ascii)
        return f"{text.rjust(room_of[other])} {shade or ' '}"

    rows = [
        Row(
            ("row", one),
            (names[one], *(cell(cells.get((one, other)), other) for other in across), ""),
        )
        for one in down
    ]
    blank = ("",) * len(across)
    apart = [(at, line) for at, line in enumerate(table.all) if line.part != "line"]
    rows += [
        Row(key_of(line), (sheet.names[at], *blank, drawn.texts[at]), TONES[line.part])
        for at, line in apart
    ]
    titles = [Title(tr(table.by[0].title()))]
    titles += [Title(names[one].rjust(room_of[one]), fixed=True) for one in across]
    titles.append(Title(drawn.title if apart else "", fixed=True, right=True))
    widths = [
        max(cell_len(safe(text)) for text in (title.text, *(row.cells[at] for row in rows)))
        for at, title in enumerate(titles)
    ]
    widths[0] = min(widths[0], LONGEST_LABEL)
    wide = sum(widths) + GAP * (len(widths) - 1)
    return Drawn(titles, rows, widths, shades=True) if wide <= room else None


class FigureList(RowList):
    """Shows a report, and draws it anew for every width."""

    DEFAULT_CSS = """
    FigureList > .rows--good { color: $foreground; text-style: bold; }
    """

    def __init__(self, *, id: str | None = None, classes: str | None = None) -> None:
        super().__init__(id=id, classes=classes)
        self.sheet: Sheet | None = None
        self.shades = False  # a heat map is shown

    def take(self, sheet: Sheet | None, *, stay: bool) -> None:
        """Show a report; None for nothing but what `empty` says."""
        self.sheet = sheet
        rows = self._drawn().rows if sheet else ()
        self.show(ListRows(rows), stay=stay)

    def lines(self) -> list[Line]:
        """Give the lines that the row under the cursor stands for."""
        return lines_at(self.sheet.table, self.key) if self.sheet and self.key else []

    def measure(self) -> None:
        """Draw for the width there is."""
        if self.sheet is None:
            super().measure()
            return
        drawn = self._drawn()
        self.rows = ListRows(drawn.rows)
        self.titles = drawn.titles
        self.shades = drawn.shades
        self._widths = list(drawn.widths)
        self.set_length(len(self.rows) + self.head)

    def _drawn(self) -> Drawn:
        assert self.sheet is not None
        return draw(self.sheet, max(self.wide - GUTTER, 1), ascii=self.ascii)


class ReportStrip(Widget):
    """The reports by name, in one line; the one that is shown is told by brackets and colour.

    Posts `Chosen` for a click. Where they do not fit, those around the shown one are seen.
    """

    DEFAULT_CSS = """
    ReportStrip { height: 1; color: $text-muted; }
    ReportStrip > .strip--shown { color: $foreground; text-style: bold; }
    """
    COMPONENT_CLASSES: ClassVar[set[str]] = {"strip--shown"}

    class Chosen(Message):
        """A report was chosen."""

        def __init__(self, name: str) -> None:
            super().__init__()
            self.name = name

    def __init__(self, reports: Sequence[tuple[str, str]]) -> None:
        super().__init__()
        self.reports = reports
        self.shown = reports[0][0]
        self._places: list[tuple[int, int, str]] = []

    def tell(self, name: str) -> None:
        """Show which report is shown."""
        self.shown = name
        self.refresh()

    def render(self) -> RenderResult:
        """Give the line."""
        names = [name for name, _ in self.reports]
        tabs = [f"[{tr(t)}]" if name == self.shown else f" {tr(t)} " for name, t in self.reports]
        starts = [0, *accumulate(map(cell_len, tabs))]
        at = names.index(self.shown)
        needed = starts[min(at + 2, len(tabs))]  # the one after it is seen too
        first = next(n for n in range(at + 1) if n == at or needed - starts[n] <= self.size.width)
        text = Text(no_wrap=True, end="", overflow="ellipsis")
        style = self.get_component_rich_style("strip--shown", partial=True)
        self._places = []
        for name, tab in list(zip(names, tabs, strict=True))[first:]:
            start = text.cell_len
            text.append(tab, style if name == self.shown else "")
            self._places.append((start, text.cell_len, name))
        return text

    def on_click(self, event: events.Click) -> None:
        """Choose the report under the mouse."""
        for first, last, name in self._places:
            if first <= event.x < last:
                self.post_message(self.Chosen(name))
