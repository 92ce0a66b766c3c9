"""The list of every screen: rows drawn one line at a time, whatever their number.

DataTable measures every cell of every row: ten thousand take seconds. Here a line is made when it
is drawn, from rows that may lie in memory or come page by page from the database.
"""

from collections.abc import Hashable, Sequence
from dataclasses import dataclass, field
from typing import ClassVar, Protocol

from rich.cells import cell_len, set_cell_size
from rich.segment import Segment
from rich.style import Style
from textual import events
from textual.binding import BindingType
from textual.geometry import Region
from textual.message import Message
from textual.reactive import reactive
from textual.strip import Strip

from crmcli.render import NARROWEST, fitted, fitting
from crmcli.text import safe
from crmcli.tui.binds import bindings
from crmcli.tui.widgets.lines import Lines

GUTTER = 2  # cells: the sign of the cursor, and that of a mark
GAP = 2  # cells between columns
SAMPLE = 300  # rows that the widths of the columns are measured on
PLACEHOLDER = "…"
Cells = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Row:
    """A line of a list.

    Args:
        key: what it stands for; None for a heading, on which the cursor never rests.
        cells: its texts as they are; the list makes them safe.
        tone: how it is meant: "", late, quiet or good; always said in words too.
    """

    key: Hashable | None
    cells: Cells
    tone: str = ""


@dataclass(frozen=True, slots=True)
class Title:
    """The heading of a column.

    Args:
        text: what it says.
        fixed: whether the column is never cut.
        right: whether it is set flush right.
    """

    text: str = ""
    fixed: bool = False
    right: bool = False


class Rows(Protocol):
    """What a list shows."""

    def __len__(self) -> int: ...

    def row(self, at: int) -> Row | None:
        """Give a row; None while it is being read."""

    def key(self, at: int) -> Hashable | None:
        """Give the key of a row; None for a heading."""

    def find(self, key: Hashable) -> int | None:
        """Give where a key stands; None when it does not."""

    def keys(self) -> list[Hashable]:
        """Give every key, in order."""

    def sample(self) -> list[Row]:
        """Give some rows that are there already, to measure the columns on."""


@dataclass(slots=True)
class ListRows:
    """Rows in memory."""

    rows: Sequence[Row] = ()
    _places: dict[Hashable, int] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._places = {row.key: at for at, row in enumerate(self.rows) if row.key is not None}

    def __len__(self) -> int:
        return len(self.rows)

    def row(self, at: int) -> Row | None:
        """Give a row."""
        return self.rows[at]

    def key(self, at: int) -> Hashable | None:
        """Give the key of a row; None for a heading."""
        return self.rows[at].key

    def find(self, key: Hashable) -> int | None:
        """Give where a key stands; None when it does not."""
        return self._places.get(key)

    def keys(self) -> list[Hashable]:
        """Give every key, in order."""
        return list(self._places)

    def sample(self) -> list[Row]:
        """Give the first rows."""
        return list(self.rows[:SAMPLE])


class RowList(Lines, can_focus=True):
    """A list with a cursor and marks.

    Posts `Moved` when the cursor stands on another row, `Opened` for Enter or a second click.
    """

    BINDINGS: ClassVar[list[BindingType]] = [*bindings("list")]
    COMPONENT_CLASSES: ClassVar[set[str]] = {
        "rows--title",
        "rows--heading",
        "rows--cursor",
        "rows--late",
        "rows--good",
        "rows--quiet",
        "rows--marked",
    }
    DEFAULT_CSS = """
    RowList {
        height: 1fr;
        & > .rows--title { text-style: bold; color: $text-muted; }
        & > .rows--heading { text-style: bold; color: $accent; }
        & > .rows--late { color: $warning; }
        & > .rows--good { color: $success; }
        & > .rows--quiet { color: $text-muted; }
        & > .rows--marked { color: $secondary; }
        & > .rows--cursor { background: $boost; color: $foreground; }
        &:focus > .rows--cursor {
            background: $primary; color: $block-cursor-foreground; text-style: bold;
        }
    }
    """
    cursor: reactive[int] = reactive(0, repaint=False)
    narrowest = NARROWEST  # cells of a column that may be cut; the last ones give way before

    class Moved(Message):
        """The cursor stands on another row, or the row under it changed."""

        def __init__(self, rows: "RowList", key: Hashable | None) -> None:
            super().__init__()
            self.rows = rows
            self.key = key

        @property
        def control(self) -> "RowList":
            """Give the list."""
            return self.rows

    class Opened(Moved):
        """A row was chosen."""

    def __init__(
        self,
        titles: Sequence[Title] = (),
        *,
        empty: str = "",
        id: str | None = None,
        classes: str | None = None,
    ) -> None:
        super().__init__(id=id, classes=classes)
        self.titles = titles
        self.empty = empty  # what an empty list teaches
        self.rows: Rows = ListRows()
        self.marks: set[Hashable] = set()
        self.ascii = False
        self._widths: list[int] = []
        self._told: Hashable | None = None

    def on_mount(self) -> None:
        """Draw as the app was asked to."""
        self.ascii = getattr(self.app, "ascii", False)

    # What it shows

    @property
    def head(self) -> int:
        """Give how many lines the titles take."""
        return 1 if any(title.text for title in self.titles) and len(self.rows) else 0

    @property
    def key(self) -> Hashable | None:
        """Give the key under the cursor; None when the list is empty."""
        return self.rows.key(self.cursor) if self.cursor < len(self.rows) else None

    def chosen(self) -> list[Hashable]:
        """Give the marked keys in order; the one under the cursor when nothing is marked."""
        if self.marks:
            return [key for key in self.rows.keys() if key in self.marks]  # noqa: SIM118
        return [self.key] if self.key is not None else []

    def key_after(self) -> Hashable | None:
        """Give the next key below the cursor that is not being acted on; else the one above."""
        acted = set(self.chosen())
        ways = (range(self.cursor + 1, len(self.rows)), range(self.cursor - 1, -1, -1))
        for way in ways:
            for at in way:
                key = self.rows.key(at)
                if key is not None and key not in acted:
                    return key
        return None

    def show(self, rows: Rows, *, key: Hashable | None = None, stay: bool = False) -> None:
        """Show other rows; the cursor stays on its record.

        Args:
            rows: what to show.
            key: put the cursor on this record.
            stay: when the record is gone the cursor stays where it was; else it begins anew.
        """
        places = (rows.find(one) for one in (key, self.key) if one is not None)
        at = next((place for place in places if place is not None), None)
        if at is None:
            at = min(self.cursor, max(len(rows) - 1, 0)) if stay else 0
        self.marks = {mark for mark in self.marks if rows.find(mark) is not None}
        self.put(rows, at)

    def put(self, rows: Rows, at: int) -> None:
        """Show other rows with the cursor at a place; if its record is the same, so is its line."""
        key, line = self.key, self.cursor - int(self.scroll_offset.y)
        self.rows = rows
        self.measure()
        self.set_reactive(RowList.cursor, self._resting(at, 1))
        if key is not None and self.key == key:  # rows above it may have come or gone
            self.scroll_to(y=self.cursor - line, animate=False, immediate=True)
        self._into_view()
        self.refresh()
        self._tell()

    def changed(self) -> None:
        """Draw again: rows that were being read have come."""
        if not self._widths:
            self.measure()
        self.refresh()
        if self._told is None:
            self._tell()

    def measure(self) -> None:
        """Set the widths of the columns by what the first rows hold."""
        self.set_length(len(self.rows) + self.head)
        sample = [row.cells for row in self.rows.sample() if row.key is not None]
        if not sample:
            self._widths = []
            return
        count = min(map(len, sample))
        titles = [*self.titles, *([Title()] * count)][:count]
        widths = self.natural(sample, titles)
        fixed = [title.fixed for title in titles]
        room = max(self.wide - GUTTER, 1)
        kept = fitting(widths, fixed, room, self.narrowest) if widths else 0
        self._widths = fitted(widths[:kept], fixed[:kept], room)
        self._stretch(room)

    def natural(self, sample: Sequence[Cells], titles: Sequence[Title]) -> list[int]:
        """Give how wide the columns would like to be."""
        return [
            max(
                cell_len(titles[at].text),
                *(cell_len(safe(c[at])) if at < len(c) else 0 for c in sample),
            )
            for at in range(len(titles))
        ]

    def _stretch(self, room: int) -> None:
        """Give what is left over to the widest column that may be cut: the last ends flush."""
        filled = sum(width > 0 for width in self._widths)  # an empty column takes no room
        spare = room - sum(self._widths) - GAP * (filled - 1)
        free = [at for at in range(len(self._widths)) if not self._title(at).fixed]
        if spare > 0 and free:
            self._widths[max(free, key=self._widths.__getitem__)] += spare

    def _title(self, at: int) -> Title:
        return self.titles[at] if at < len(self.titles) else Title()

    # Drawing

    def render_line(self, y: int) -> Strip:
        """Draw one line of the visible part."""
        width = self.wide
        base = self.rich_style
        if not len(self.rows):
            return self._empty_line(y, width, base)
        if y < self.head:
            style = base + self.get_component_rich_style("rows--title", partial=True)
            cells = tuple(title.text for title in self.titles)
            return one_strip(fit(" " * GUTTER + self._line(cells), width), width, style)
        at = y - self.head + int(self.scroll_offset.y)
        if at >= len(self.rows):
            return Strip.blank(width, base)
        return self._row_strip(at, width, base)

    def _row_strip(self, at: int, width: int, base: Style) -> Strip:
        row = self.rows.row(at)
        is_cursor = at == self.cursor and self.rows.key(at) is not None
        style = base
        if row is not None and row.key is None:
            style += self.get_component_rich_style("rows--heading", partial=True)
            text = safe(row.cells[0]) if row.cells else ""
            return one_strip(fit(text, width), width, style)
        is_marked = self.rows.key(at) in self.marks if self.marks else False
        if row is not None and row.tone:
            style += self.get_component_rich_style(f"rows--{row.tone}", partial=True)
        if is_marked:
            style += self.get_component_rich_style("rows--marked", partial=True)
        if is_cursor:
            style += self.get_component_rich_style("rows--cursor", partial=True)
        sign = (">" if self.ascii else "▌") if is_cursor else " "
        mark = ("*" if self.ascii else "●") if is_marked else " "
        text = self._line(row.cells) if row is not None else PLACEHOLDER
        return one_strip(fit(sign + mark + text, width), width, style)

    def _line(self, cells: Cells) -> str:
        parts = []
        for at, width in enumerate(self._widths):
            if not width:
                continue
            text = fit(safe(cells[at]) if at < len(cells) else "", width)
            if self._title(at).right:
                text = " " * (width - cell_len(text.rstrip())) + text.rstrip()
            parts.append(text)
        return (" " * GAP).join(parts)

    def _empty_line(self, y: int, width: int, base: Style) -> Strip:
        """Draw a line of what an empty list says, in the middle of it."""
        lines = wrapped(self.empty, max(width - 4, 1))
        at = y - max((self.high - len(lines)) // 2, 0)
        text = lines[at] if 0 <= at < len(lines) else ""
        style = base + self.get_component_rich_style("rows--quiet", partial=True)
        return one_strip(fit("  " + text, width), width, style)

    # Moving

    def move_to(self, at: int, way: int = 1) -> None:
        """Put the cursor on a row, or the next in this direction that is no heading."""
        if not len(self.rows):
            return
        before, self.cursor = self.cursor, self._resting(at, way)
        self._into_view()
        for changed in {before, self.cursor}:
            self._redraw(changed)
        self._tell()

    def next(self) -> None:
        """Go on to the next row."""
        self.move_to(self.cursor + 1)

    def _resting(self, at: int, way: int) -> int:
        """Give the nearest row in a direction that is no heading, turning at the end."""
        last = len(self.rows) - 1
        at = max(0, min(at, last))
        for step in (way, -way):
            here = at
            while 0 <= here <= last:
                if self.rows.key(here) is not None:
                    return here
                here += step
        return at

    def _redraw(self, at: int) -> None:
        y = at + self.head - int(self.scroll_offset.y)
        if 0 <= y < self.high:
            self.refresh(Region(0, y, self.wide, 1))

    def _into_view(self) -> None:
        """Scroll so that the cursor is seen, with the heading above the first row."""
        height = self.high - self.head
        if height <= 0:
            return
        top, at = int(self.scroll_offset.y), self.cursor
        above = at
        while above > 0 and self.rows.key(above - 1) is None:
            above -= 1
        if above < top:
            self.scroll_to(y=above, animate=False, immediate=True)
        elif at >= top + height:
            self.scroll_to(y=at - height + 1, animate=False, immediate=True)

    def _tell(self) -> None:
        self._told = self.key
        self.post_message(self.Moved(self, self.key))

    def action_down(self) -> None:
        """Go to the next row."""
        self.move_to(self.cursor + 1)

    def action_up(self) -> None:
        """Go to the row before."""
        self.move_to(self.cursor - 1, -1)

    def action_page_down(self) -> None:
        """Go a page down."""
        self.move_to(self.cursor + max(self.high - self.head - 1, 1))

    def action_page_up(self) -> None:
        """Go a page up."""
        self.move_to(self.cursor - max(self.high - self.head - 1, 1), -1)

    def action_top(self) -> None:
        """Go to the first row."""
        self.move_to(0)

    def action_bottom(self) -> None:
        """Go to the last row."""
        self.move_to(len(self.rows) - 1, -1)

    def action_mark(self) -> None:
        """Mark the row, or take its mark off, and go on."""
        if self.key is None:
            return
        self.marks ^= {self.key}
        self._redraw(self.cursor)
        self.action_down()

    def action_mark_all(self) -> None:
        """Mark every row; when some are marked, none."""
        self.marks = set() if self.marks else set(self.rows.keys())
        self.refresh()
        self._tell()

    def open(self) -> None:
        """Choose the row under the cursor."""
        if self.key is not None:
            self.post_message(self.Opened(self, self.key))

    def on_click(self, event: events.Click) -> None:
        """Put the cursor where the mouse is; there already, open it."""
        at = event.y + int(self.scroll_offset.y) - self.head
        if 0 <= at < len(self.rows) and event.y >= self.head and self.rows.key(at) is not None:
            if at == self.cursor and event.chain > 1:
                self.open()
            self.move_to(at)

    def on_resize(self) -> None:
        """Measure anew."""
        self.measure()
        self._into_view()
        self.refresh()


def one_strip(text: str, width: int, style: Style) -> Strip:
    """Give a line of one style that takes exactly so many cells already."""
    return Strip([Segment(text, style)], width)


def fit(text: str, width: int) -> str:
    """Give a text that takes exactly so many cells; what is cut ends in an ellipsis."""
    if cell_len(text) <= width:
        return set_cell_size(text, width)
    return set_cell_size(set_cell_size(text, max(width - 1, 0)).rstrip() + "…", width)


def wrapped(text: str, width: int) -> list[str]:
    """Give a text as lines of at most so many cells; what is indented stays so."""
    lines: list[str] = []
    for paragraph in safe(text, multiline=True).expandtabs(4).splitlines() or [""]:
        line = ""
        words = paragraph.lstrip(" ").split(" ")
        words[0] = " " * min(len(paragraph) - len(paragraph.lstrip(" ")), width // 2) + words[0]
        for word in words:
            while cell_len(word) > width:
                lines += [line] if line else []
                head = set_cell_size(word, width).rstrip() or word[0]
                lines.append(head)
                word, line = word[len(head) :], ""
            if line and cell_len(line) + 1 + cell_len(word) > width:
                lines.append(line)
                line = word
            else:
                line = f"{line} {word}" if line else word
        lines.append(line)
    return lines
