"""A list whose rows take as many lines as their texts need: facts, and what was said.

Rows are laid out once for a width; a line is drawn when it is seen. One row may be a field that
is being typed into: it leaves room for the input, and for what is said below it.
"""

from collections.abc import Callable, Hashable
from dataclasses import dataclass
from typing import ClassVar

from rich.cells import cell_len
from rich.segment import Segment
from rich.style import Style
from textual import events
from textual.geometry import Region
from textual.message import Message
from textual.strip import Strip

from crmcli.text import masker, safe
from crmcli.tui.widgets.rows import GUTTER, Row, RowList, fit, wrapped

LABEL = 14  # cells of the column of labels, at least
MOST = 12  # lines of a row that is not opened
LONGEST = 4_000  # characters of a row that is not opened
Spans = tuple[tuple[str, str], ...]  # texts of a line, each with the name of its style


@dataclass(frozen=True, slots=True)
class Entry(Row):
    """A row of a flow: its cells are a label and a text.

    Args:
        link: what its text leads to, a checked address; "" for nothing.
    """

    link: str = ""


class Flow(RowList):
    """Rows of several lines.

    Posts `Shifted` when its lines stand elsewhere.

    Args:
        is_stacked: whether a label stands above its text, instead of before it.
        most: lines of a row that is not opened; 0 for all.
    """

    COMPONENT_CLASSES: ClassVar[set[str]] = {"flow--label", "flow--bad"}
    DEFAULT_CSS = """
    Flow > .flow--label { color: $text-muted; }
    Flow > .flow--bad { color: $error; }
    Flow > .rows--cursor { background: $background; }
    Flow:focus > .rows--cursor { background: $boost; color: $foreground; text-style: none; }
    """

    class Shifted(Message):
        """The lines stand elsewhere."""

        def __init__(self, rows: "Flow") -> None:
            super().__init__()
            self.rows = rows

        @property
        def control(self) -> "Flow":
            """Give the flow."""
            return self.rows

    def __init__(
        self,
        *,
        is_stacked: bool = False,
        most: int = MOST,
        empty: str = "",
        id: str | None = None,
    ) -> None:
        super().__init__(empty=empty, id=id)
        self.is_stacked = is_stacked
        self.most = most
        self.opened: set[Hashable] = set()  # rows that show all their lines
        self.markable: Callable[[Hashable], bool] = lambda _: False
        self.field: Hashable | None = None  # the row that is being typed into
        self.below: tuple[str, bool] = ("", False)  # what is said below it, and whether it is bad
        self._lines: list[tuple[int, Spans]] = []  # of every line its row and its texts
        self._starts: list[int] = []  # of every row its first line
        self._cut: set[Hashable] = set()
        self._laid: dict[Row, list[Spans]] = {}
        self._laid_for: tuple[object, ...] = ()

    # Laying out

    def measure(self) -> None:
        """Lay the rows out; those that were laid out for this width are taken as they are."""
        wanted = (self.wide, self._label_width(), masker())
        if wanted != self._laid_for:
            self._laid, self._laid_for, self._cut = {}, wanted, set()
        lines: list[tuple[int, Spans]] = []
        starts: list[int] = []
        known, self._laid = self._laid, {}
        for at in range(len(self.rows)):
            row = self.rows.row(at)
            starts.append(len(lines))
            if row is None:
                continue
            if row.key is not None and row.key == self.field:
                lines += [(at, line) for line in self._field_lines(row)]
                continue
            laid = known.get(row) if row.key is not None else self._heading_lines(row, at)
            self._laid[row] = laid = self._row_lines(row) if laid is None else laid
            lines += [(at, line) for line in laid]
        self._lines, self._starts = lines, starts
        self.set_length(len(lines))
        self.post_message(self.Shifted(self))

    def _label_width(self) -> int:
        """Give the cells of the labels' column: as wide as they need, at most two fifths."""
        labels = [row.cells[0] for row in self.rows.sample() if row.key is not None]
        widest = max((cell_len(safe(label)) for label in labels), default=0) + 2
        return max(min(max(widest, LABEL), self.wide * 2 // 5), 1)

    def _row_lines(self, row: Row) -> list[Spans]:
        label, text = (*row.cells, "")[:2]
        room = max(self.wide - GUTTER - (2 if self.is_stacked else self._label_width()), 4)
        lines = self._text_lines(row.key, text, room)
        if self.is_stacked:
            head: list[Spans] = [((safe(label), "label"),)] if label else []
            return head + [(("  " + line, ""),) for line in lines]
        width = self._label_width()
        heads = [fit(safe(label), width - 1) + " ", *([" " * width] * (len(lines) - 1))]
        return [((head, "label"), (line, "")) for head, line in zip(heads, lines, strict=True)]

    def _heading_lines(self, row: Row, at: int) -> list[Spans]:
        """Give a heading with an empty line above it; a quiet one is a sentence, wrapped."""
        style = row.tone or "heading"
        lines = wrapped(row.cells[0], max(self.wide - GUTTER, 4)) if row.cells else []
        gap: list[Spans] = [()] if at else []
        return gap + [((line, style),) for line in lines]

    def _text_lines(self, key: Hashable | None, text: str, room: int) -> list[str]:
        """Wrap a text; one that is too long is cut unless it was opened."""
        if not text and self.is_stacked:
            return []
        if not self.most or key in self.opened:
            return wrapped(text, room)
        lines = wrapped(text[:LONGEST], room)
        if len(lines) <= self.most and len(text) <= LONGEST:
            return lines
        self._cut.add(key)
        end = "..." if self.ascii else "…"
        return [*lines[: self.most - 1], fit(lines[self.most - 1], room - 4).rstrip(" …") + end]

    def _field_lines(self, row: Row) -> list[Spans]:
        """Give the lines of the field: its label, and below it what is said."""
        message, is_bad = self.below
        width = self._label_width()
        room = max(self.wide - GUTTER - width, 4)
        said = wrapped(message, room) if message else []
        style = "bad" if is_bad else "label"
        head = ((fit(safe(row.cells[0]), width - 1) + " ", "label"),)
        return [head, *(((" " * width, ""), (line, style)) for line in said)]

    @property
    def lines_below(self) -> int:
        """Give how many lines there are below those that are seen."""
        return len(self._lines) - int(self.scroll_offset.y) - self.high

    def is_cut(self, key: Hashable | None) -> bool:
        """Tell whether a row does not show all its lines."""
        return key in self._cut

    def toggle(self, key: Hashable) -> None:
        """Show all lines of a row, or the first ones again."""
        self.opened ^= {key}
        self._laid_for = ()
        self.measure()
        self._into_view()
        self.refresh()

    # The field that is typed into

    def begin(self, key: Hashable | None) -> None:
        """Let a row be a field; None ends it."""
        self.field, self.below = key, ("", False)
        self.again()

    def say(self, message: str, *, bad: bool = False) -> None:
        """Say something below the field."""
        if self.below != (message, bad):
            self.below = (message, bad)
            self.again()

    def again(self) -> None:
        """Lay out and draw again."""
        self.measure()
        self._into_view()
        self.refresh()

    def field_region(self) -> Region | None:
        """Give where the field is to be typed into, in sight or not; None while there is none."""
        at = self.rows.find(self.field) if self.field is not None else None
        if at is None or at >= len(self._starts):
            return None
        x = GUTTER + self._label_width()
        y = self._starts[at] - int(self.scroll_offset.y)
        return Region(x, y, max(self.wide - x, 4), 1)

    # Drawing

    def render_line(self, y: int) -> Strip:
        """Draw one line of the visible part."""
        width, base = self.wide, self.rich_style
        if not len(self.rows):
            return self._empty_line(y, width, base)
        number = y + int(self.scroll_offset.y)
        if number >= len(self._lines):
            return Strip.blank(width, base)
        at, spans = self._lines[number]
        return Strip(self._segments(at, spans, number, base)).adjust_cell_length(width, base)

    def _segments(self, at: int, spans: Spans, number: int, base: Style) -> list[Segment]:
        row = self.rows.row(at)
        if row is None or row.key is None:
            return [Segment(" " * GUTTER, base), *self._drawn(spans, base)]
        is_cursor = at == self.cursor
        if row.tone:
            base += self.get_component_rich_style(f"rows--{row.tone}", partial=True)
        if is_cursor:
            base += self.get_component_rich_style("rows--cursor", partial=True)
        link = row.link if isinstance(row, Entry) and not masker() else ""
        sign = self._sign() if is_cursor else " "
        mark = ("*" if self.ascii else "●") if row.key in self.marks else " "
        is_first = number == self._starts[at]
        segments = [Segment(sign + (mark if is_first else " "), base)]
        segments += self._drawn(spans, base, link)
        rest = self.wide - sum(cell_len(segment.text) for segment in segments)
        return [*segments, Segment(" " * max(rest, 0), base)]

    def _sign(self) -> str:
        """Give the sign of the cursor: a thin one while another pane has the focus."""
        if self.has_focus or self.field is not None:
            return ">" if self.ascii else "▌"
        return "|" if self.ascii else "▏"

    def _drawn(self, spans: Spans, base: Style, link: str = "") -> list[Segment]:
        segments = []
        for text, name in spans:
            style = base
            if name:
                group = "flow" if name in ("label", "bad") else "rows"
                style += self.get_component_rich_style(f"{group}--{name}", partial=True)
            elif link and text.strip():
                style += Style(link=link, underline=True)
            segments.append(Segment(text, style))
        return segments

    # Moving

    def _span(self, at: int) -> tuple[int, int]:
        """Give the first line of a row, and the line after its last."""
        if at >= len(self._starts):
            return 0, 0
        end = self._starts[at + 1] if at + 1 < len(self._starts) else len(self._lines)
        return self._starts[at], end

    def _redraw(self, at: int) -> None:
        start, end = self._span(at)
        y = max(start - int(self.scroll_offset.y), 0)
        height = min(end - int(self.scroll_offset.y), self.high) - y
        if height > 0:
            self.refresh(Region(0, y, self.wide, height))

    def _into_view(self) -> None:
        """Scroll so that the row under the cursor is seen; one that is too tall, from its top."""
        if self.high <= 0 or not self._starts:
            return
        top = int(self.scroll_offset.y)
        start, end = self._span(self.cursor)
        is_tall = end - start > self.high
        if is_tall and start < top + self.high and end > top:
            return
        above = self.cursor
        while above > 0 and self.rows.key(above - 1) is None:
            above -= 1
        if start < top or is_tall:
            wanted = self._starts[above] if end - self._starts[above] <= self.high else start
            self.scroll_to(y=wanted, animate=False, immediate=True)
        elif end > top + self.high:
            self.scroll_to(y=end - self.high, animate=False, immediate=True)

    def _scroll_by(self, lines: int) -> None:
        y = max(int(self.scroll_offset.y) + lines, 0)
        self.scroll_to(y=y, animate=False, immediate=True)

    def action_down(self) -> None:
        """Go to the next row; through one that is taller than the view line by line."""
        _, end = self._span(self.cursor)
        bottom = int(self.scroll_offset.y) + self.high
        if end > bottom or self._is_last():
            self._scroll_by(1)
        else:
            self.move_to(self.cursor + 1)

    def action_up(self) -> None:
        """Go to the row before; through one that is taller than the view line by line."""
        start, _ = self._span(self.cursor)
        if start < int(self.scroll_offset.y) or self._is_first():
            self._scroll_by(-1)
        else:
            self.move_to(self.cursor - 1, -1)

    def action_mark(self) -> None:
        """Mark a row that can be marked, and go on."""
        if self.key is not None and self.markable(self.key):
            super().action_mark()
        else:
            self.action_down()

    def action_mark_all(self) -> None:
        """Mark every row that can be marked; when some are marked, none."""
        super().action_mark_all()
        self.marks = set(filter(self.markable, self.marks))

    def _is_last(self) -> bool:
        return self._resting(self.cursor + 1, 1) <= self.cursor

    def _is_first(self) -> bool:
        return self._resting(self.cursor - 1, -1) >= self.cursor

    def action_page_down(self) -> None:
        """Go a page down."""
        self._page(1)

    def action_page_up(self) -> None:
        """Go a page up."""
        self._page(-1)

    def _page(self, way: int) -> None:
        """Scroll a page; the cursor goes to the row that stands there."""
        if not self._lines:
            return
        step = max(self.high - 1, 1)
        start, _ = self._span(self.cursor)
        top = int(self.scroll_offset.y)
        line = max(start, top) if way < 0 else start
        target = min(max(line + way * step, 0), len(self._lines) - 1)
        at = self._resting(self._lines[target][0], way)
        if at == self.cursor:
            self._scroll_by(way * step)
        else:
            self.move_to(at, way)

    def on_click(self, event: events.Click) -> None:
        """Put the cursor where the mouse is; there already, open it."""
        event.prevent_default()  # RowList counts one line a row
        number = event.y + int(self.scroll_offset.y)
        if not 0 <= number < len(self._lines):
            return
        at = self._lines[number][0]
        if self.rows.key(at) is None:
            return
        if at == self.cursor and event.chain > 1:
            self.open()
        self.move_to(at)

    def watch_scroll_y(self, old_value: float, new_value: float) -> None:
        """Tell that the lines stand elsewhere."""
        super().watch_scroll_y(old_value, new_value)
        if round(old_value) != round(new_value):
            self.post_message(self.Shifted(self))
