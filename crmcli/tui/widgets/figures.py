"""Figures drawn: a report's lines with bars, or as a heat map, and the line of reports above them.

No number is made here: texts and lengths come from `service/figures.py`. A bar or a shade always
stands beside its number.
"""

from collections.abc import Collection, Hashable, Mapping, Sequence
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
from crmcli.render import NARROWEST, fitted, fitting
from crmcli.service import figures
from crmcli.service.figures import Line, Table
from crmcli.store.figures import Label, Labels
from crmcli.text import safe
from crmcli.tui.widgets.rows import GAP, GUTTER, SAMPLE, ListRows, Row, RowList, Title

LONGEST_LABEL = 36  # cells of a label that others want the room of
LONGEST_BAR, SHORTEST_BAR = 60, 6  # cells
TONES = {"late": "late", "undated": "quiet", "total": "good"}
GLUE = " · "
UNSEEN = ("goal",)  # its number is told below the list only


@dataclass(frozen=True, slots=True)
class Texts:
    """A column: its text in every line.

    Args:
        key: the figure, or the dimension.
        title: what stands above.
        texts: as they are.
    """

    key: str
    title: str
    texts: Sequence[str]

    @property
    def width(self) -> int:
        """Give the cells it takes, as far as many lines tell."""
        return max(map(cell_len, (self.title, *map(safe, self.texts[:SAMPLE]))))


@dataclass(frozen=True, slots=True)
class Sheet:
    """A report laid out, before anybody knows how much room there is.

    Args:
        table: the report.
        labels: what its lines are called, in each dimension; may be cut.
        figures: never cut; what is drawn stands first, then what fits seldom.
        sizes: how long the bars are, in any unit; 0 for what stands apart.
        most: how long a whole one is.
    """

    table: Table
    labels: Sequence[Texts]
    figures: Sequence[Texts]
    sizes: Sequence[int]
    most: int


def sheet_of(table: Table) -> Sheet:
    """Lay out a report; on a thread."""
    lines = table.all
    columns = [column for column in figures.figure_columns(table) if column.listed]
    drawn = (table.measure, f"{table.measure}_base")
    columns.sort(key=lambda column: (column.key not in drawn, column.wide))
    labels = [
        Texts(name, tr(name.title()), [figures.said_label(table, line, place) for line in lines])
        for place, name in enumerate(table.by)
        if name not in UNSEEN
    ]
    told = [
        Texts(
            column.key,
            tr(column.title),
            [figures.said_figure(table, line, column.key) for line in lines],
        )
        for column in columns
    ]
    names = Texts("", "", [name_of(table, line) for line in lines])
    return Sheet(table, labels or [names], told, *figures.sizes(table))


def name_of(table: Table, line: Line) -> str:
    """Give what a line is called in one text."""
    if line.part != "line":
        return tr(figures.APART[line.part])
    return GLUE.join(figures.said_label(table, line, place) for place in range(len(table.by)))


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
    """Rows with the titles and the widths of their columns.

    Args:
        titles, rows, widths: of the list.
        keys: of the figures that had room.
        has_shades: whether it is a heat map.
    """

    titles: Sequence[Title] = ()
    rows: Sequence[Row] = ()
    widths: Sequence[int] = ()
    keys: Collection[str] = ()
    has_shades: bool = False


def draw(sheet: Sheet, room: int, *, ascii: bool) -> Drawn:
    """Draw a report in so many cells: as a heat map where it counts in two ways and that fits."""
    return _grid(sheet, room, ascii=ascii) or _bars(sheet, room, ascii=ascii)


def _bars(sheet: Sheet, room: int, *, ascii: bool) -> Drawn:
    """Draw a line each: its name, as many figures as fit, a bar."""
    table = sheet.table
    first = _first(sheet, room - GAP - NARROWEST)
    free = room - GAP - first.width
    wishes = [min(one.width, max(LONGEST_LABEL, room // 3)) for one in sheet.labels]
    count = fitting(wishes, [False] * len(wishes), free)
    labels = fitted(wishes[:count], [False] * count, free)
    kept, left = _fitting(sheet, first, room - sum(labels) - GAP * (count - 1))
    long = min(left - GAP, LONGEST_BAR) if left - GAP >= SHORTEST_BAR else 0
    shown = [*sheet.labels[:count], *kept]
    rows = []
    for at, line in enumerate(table.all):
        bar = chart.bar(sheet.sizes[at], sheet.most, long, ascii=ascii) if long else ""
        rows.append(
            Row(key_of(line), (*(one.texts[at] for one in shown), bar), TONES.get(line.part, ""))
        )
    titles = [Title(one.title) for one in sheet.labels[:count]]
    titles += [Title(one.title, fixed=True, right=True) for one in kept]
    widths = [*labels, *(one.width for one in kept), long]
    return Drawn([*titles, Title()], rows, widths, {one.key for one in kept})


def _first(sheet: Sheet, room: int) -> Texts:
    """Give the figure that is shown in any case: the one that is drawn, if it fits."""
    fits = (one for one in sheet.figures if one.width <= room)
    return next(fits, None) or min(sheet.figures, key=lambda one: one.width)


def _fitting(sheet: Sheet, first: Texts, room: int) -> tuple[list[Texts], int]:
    """Give the figures that fit beside a short bar, in the report's order.

    Returns:
        The figures, one of them in any case, and the cells that are left.
    """
    kept = [first]
    room -= first.width + GAP
    for one in sheet.figures:
        need = one.width + GAP
        if one is not first and room - need >= SHORTEST_BAR + GAP:
            kept.append(one)
            room -= need
    order = {column.key: at for at, column in enumerate(sheet.table.shown_columns())}
    return sorted(kept, key=lambda one: order[one.key]), room


def _grid(sheet: Sheet, room: int, *, ascii: bool) -> Drawn | None:
    """Draw a heat map of what is drawn otherwise as bars; None where it does not fit."""
    table, drawn = sheet.table, sheet.figures[0]
    if len(table.by) != 2 or not any(sheet.sizes):
        return None
    down, across = figures.axes(table)
    if len(down) < 2 or len(across) < 2:
        return None
    cells = {line.labels: at for at, line in enumerate(table.all) if line.part == "line"}
    apart = [(at, line) for at, line in enumerate(table.all) if line.part != "line"]
    columns = [_column(sheet, cells, down, label, ascii=ascii) for label in across]
    blank = [""] * len(apart)
    columns = [Texts("", one.title, [*one.texts, *blank]) for one in columns]
    names = [figures.said_name(table, 0, label) for label in down]
    columns.insert(
        0, Texts("", tr(table.by[0].title()), names + [name_of(table, line) for _, line in apart])
    )
    if apart:
        columns.append(
            Texts("", drawn.title, [""] * len(down) + [drawn.texts[at] for at, _ in apart])
        )
    keys: list[Hashable] = [("row", label) for label in down]
    keys += [key_of(line) for _, line in apart]
    tones = [""] * len(down) + [TONES[line.part] for _, line in apart]
    widths = [one.width for one in columns]
    widths[0] = min(widths[0], LONGEST_LABEL)
    if sum(widths) + GAP * (len(widths) - 1) > room:
        return None
    titles = [Title(one.title, right=bool(apart) and one is columns[-1]) for one in columns]
    texts = zip(*(one.texts for one in columns), strict=True)
    rows = [Row(*row) for row in zip(keys, texts, tones, strict=True)]
    return Drawn(titles, rows, widths, {drawn.key}, has_shades=True)


def _column(
    sheet: Sheet, cells: Mapping[Labels, int], down: Sequence[Label], label: Label, *, ascii: bool
) -> Texts:
    """Give a column of a heat map: numbers flush right, a shade beside each."""
    found = [cells.get((row, label)) for row in down]
    texts = ["-" if at is None else sheet.figures[0].texts[at] for at in found]
    sizes = [0 if at is None else sheet.sizes[at] for at in found]
    wide = max(map(len, texts))
    shades = (chart.shade(size, sheet.most, ascii=ascii) for size in sizes)
    return Texts(
        "",
        figures.said_name(sheet.table, 1, label).rjust(wide),
        [f"{text.rjust(wide)} {shade}" for text, shade in zip(texts, shades, strict=True)],
    )


class FigureList(RowList):
    """Shows a report, and draws it anew for every width."""

    DEFAULT_CSS = """
    FigureList > .rows--good { color: $foreground; text-style: bold; }
    """

    def __init__(self, *, id: str | None = None, classes: str | None = None) -> None:
        super().__init__(id=id, classes=classes)
        self.sheet: Sheet | None = None
        self.drawn = Drawn()
        self._drawn_for: tuple[Sheet | None, int] = (None, 0)  # which report, in how much room

    def take(self, sheet: Sheet | None, *, stay: bool) -> None:
        """Show a report; None for nothing but what `empty` says.

        Args:
            sheet: the report.
            stay: the cursor is to stay on its line; else it begins at the first.
        """
        self.sheet = sheet
        self._draw()
        self.styles.max_height = len(self.drawn.rows) + 1 if sheet else None
        rows = self.drawn.rows
        self.show(ListRows(rows), key=rows[0].key if rows and not stay else None, stay=stay)

    def lines(self) -> list[Line]:
        """Give the lines that the row under the cursor stands for."""
        return lines_at(self.sheet.table, self.key) if self.sheet and self.key else []

    def action_mark(self) -> None:
        """Mark nothing: lines overlap, so that several of them are no sum."""

    def action_mark_all(self) -> None:
        """Mark nothing either."""

    def measure(self) -> None:
        """Draw for the width there is."""
        if self.sheet is None:
            super().measure()
            return
        self._draw()
        self.rows, self.titles = ListRows(self.drawn.rows), self.drawn.titles
        self._widths = list(self.drawn.widths)
        self.set_reactive(RowList.cursor, max(min(self.cursor, len(self.rows) - 1), 0))
        self.set_length(len(self.rows) + self.head)

    def _draw(self) -> None:
        """Draw, unless that is done already."""
        sheet, room = self.sheet, max(self.wide - GUTTER, 1)
        if sheet is None:
            self.drawn = Drawn()
        elif self._drawn_for[0] is not sheet or self._drawn_for[1] != room:
            self.drawn = draw(sheet, room, ascii=self.ascii)
        self._drawn_for = (sheet, room)


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
