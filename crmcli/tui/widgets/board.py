"""The board: the stages of a pipeline beside one another, with what stands in each.

Lines are made when they are drawn. Where not all stages fit, those around the cursor are shown.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import ClassVar

from rich.cells import cell_len
from rich.segment import Segment
from rich.style import Style
from textual import events
from textual.binding import BindingType
from textual.message import Message
from textual.strip import Strip
from textual.widget import Widget

from crmcli.i18n import tr
from crmcli.money import Money
from crmcli.money import text as money_text
from crmcli.service.deal import amount_words
from crmcli.service.pipeline import Board, Card, Column, Sums, Tally
from crmcli.store.search import Key, key_of
from crmcli.text import safe
from crmcli.tui.binds import bindings
from crmcli.tui.widgets.rows import GUTTER, fit, wrapped

NARROWEST = 19  # cells of a stage
LOW = 10  # lines of a board that has none to spare
LONGEST = 200  # characters of a name that are looked at
RULE = 1  # cells between two stages


@dataclass(frozen=True, slots=True)
class Line:
    """A line of a stage: which card it belongs to, how it is meant, left and right; safe."""

    card: int | None
    tone: str
    left: str
    right: str = ""


class BoardView(Widget, can_focus=True):
    """The stages with a cursor and marks.

    Posts `Moved` when the cursor stands elsewhere, `Opened` for a second click, `Dropped` when a
    card was drawn to another stage.
    """

    BINDINGS: ClassVar[list[BindingType]] = [*bindings("list")]
    COMPONENT_CLASSES: ClassVar[set[str]] = {
        "board--heading",
        "board--name",
        "board--late",
        "board--quiet",
        "board--marked",
        "board--cursor",
        "board--rule",
    }
    DEFAULT_CSS = """
    BoardView {
        height: 1fr;
        & > .board--heading { text-style: bold; color: $accent; }
        & > .board--name { text-style: bold; }
        & > .board--late { color: $warning; }
        & > .board--quiet { color: $text-muted; }
        & > .board--marked { color: $secondary; }
        & > .board--rule { color: $border; }
        & > .board--cursor { background: $boost; }
        &:focus > .board--cursor { background: $boost; text-style: bold; }
    }
    """

    class Moved(Message):
        """The cursor stands elsewhere, or what it stands on changed."""

    class Opened(Message):
        """A card was chosen."""

    class Dropped(Message):
        """A card was drawn to the stage in this column."""

        def __init__(self, column: int) -> None:
            super().__init__()
            self.column = column

    def __init__(self) -> None:
        super().__init__()
        self.board: Board | None = None
        self.empty = ""  # what an empty board teaches
        self.ascii = False
        self.at = 0  # the column of the cursor
        self.left = 0  # the first column that is seen
        self.rows: dict[int, int] = {}  # of a stage, the card of the cursor
        self.tops: dict[int, int] = {}  # of a stage, the first line that is seen
        self.marks: set[int] = set()
        self.drawn: int | None = None  # the column over which a card is drawn
        self._lines: list[list[Line]] = []

    def on_mount(self) -> None:
        """Draw as the app was asked to."""
        self.ascii = getattr(self.app, "ascii", False)

    # What it shows

    @property
    def columns(self) -> Sequence[Column]:
        """Give the stages."""
        return self.board.columns if self.board else ()

    @property
    def column(self) -> Column | None:
        """Give the stage of the cursor."""
        return self.columns[self.at] if self.at < len(self.columns) else None

    @property
    def card(self) -> Card | None:
        """Give the card under the cursor."""
        column = self.column
        if column is None or not column.cards:
            return None
        return column.cards[self._row(column)]

    @property
    def key(self) -> Key | None:
        """Give the record under the cursor."""
        return key_of(self.card.ref) if self.card else None

    @property
    def is_at_end(self) -> bool:
        """Tell whether the cursor stands on the last card that was read of a longer stage."""
        column = self.column
        return bool(column and column.more and self._row(column) == len(column.cards) - 1)

    def chosen(self) -> list[Card]:
        """Give the marked cards in order; the one under the cursor when nothing is marked."""
        if self.marks:
            return [card for one in self.columns for card in one.cards if card.id in self.marks]
        return [self.card] if self.card else []

    def show(self, board: Board, key: Key | None = None) -> None:
        """Show a board; the cursor goes to a record, or stays on its own."""
        keys = (one for one in (key, self.key) if one)
        if self.board is None or self.board.pipeline.id != board.pipeline.id:
            filled = (at for at, column in enumerate(board.columns) if column.cards)
            self.at, self.rows, self.tops, self.marks = next(filled, 0), {}, {}, set()
        found = next((place for one in keys if (place := _place(board, one))), None)
        self.board = board
        known = {card.id for column in board.columns for card in column.cards}
        self.marks &= known
        if found:
            self.at, row = found
            self.rows[board.columns[self.at].stage.id] = row
        self.at = min(self.at, max(len(board.columns) - 1, 0))
        self._lay_out()
        self._into_view()
        self.post_message(self.Moved())

    def _row(self, column: Column) -> int:
        return max(min(self.rows.get(column.stage.id, 0), len(column.cards) - 1), 0)

    # Laying out

    @property
    def head(self) -> int:
        """Give how many lines the head of a stage takes: its name, the sum, and weighted."""
        has_sums = self.board is not None and self.board.pipeline.holds == "deal"
        return 3 if has_sums and self.size.height >= LOW else 1

    @property
    def high(self) -> int:
        """Give the lines of cards that can be seen, above what was won and lost."""
        return max(self.size.height - self.head - 1, 1)

    def widths(self) -> list[int]:
        """Give the cells of the stages that are seen."""
        room = self.size.width
        count = max(min((room + RULE) // (NARROWEST + RULE), len(self.columns)), 1)
        each, over = divmod(room - RULE * (count - 1), count)
        return [each + (1 if at < over else 0) for at in range(count)]

    def _lay_out(self) -> None:
        is_loose = self.size.height >= LOW
        self._lines = [list(self._column_lines(column, is_loose)) for column in self.columns]
        self.refresh()

    def _column_lines(self, column: Column, is_loose: bool) -> Iterator[Line]:
        for at, card in enumerate(column.cards):
            yield from self._card_lines(at, card)
            if is_loose:
                yield Line(None, "", "")
        if column.more:
            yield Line(None, "quiet", tr("… {count} more", count=f"{column.more:,}"))

    def _card_lines(self, at: int, card: Card) -> Iterator[Line]:
        for line in self._name_lines(card.name):
            yield Line(at, "name", line)
        who = safe(str(card.who["name"])) if card.who else ""
        yield Line(at, "quiet", who, tr("{count} d", count=card.age))
        if card.amount:
            yield Line(at, "", safe(amount_words(card.amount, card.period)))
        if card.next_step is None:
            yield Line(at, "late", tr("! no next step"))
        else:
            today = self.app.crm.clock.today()  # type: ignore[attr-defined]
            step = " ".join(filter(None, (_when(card, today), safe(card.next_step["title"]))))
            yield Line(at, "late" if card.is_late else "", step)
        if card.is_rotten:
            yield Line(at, "late", tr("! rots, {count} d", count=card.idle))

    def _name_lines(self, name: str) -> list[str]:
        """Give a name on two lines at most, on one where there is little room."""
        room = min(self.widths()) - GUTTER - 1
        lines = wrapped(name[:LONGEST], room) if self.size.height >= LOW else [safe(name)]
        return [lines[0], fit(" ".join(lines[1:]), room)] if len(lines) > 2 else lines

    def _into_view(self) -> None:
        """Scroll so that the card of the cursor is seen."""
        count = len(self.widths())
        self.left = max(min(self.left, self.at, len(self.columns) - count), self.at - count + 1, 0)
        column = self.column
        if column and column.cards and self.at < len(self._lines):
            row = self._row(column)
            own = [at for at, line in enumerate(self._lines[self.at]) if line.card == row]
            top = self.tops.get(column.stage.id, 0)
            top = max(top, own[-1] - self.high + 1)
            self.tops[column.stage.id] = min(top, own[0])
        self.refresh()

    def on_resize(self) -> None:
        """Lay out anew."""
        self._lay_out()
        self._into_view()

    # Drawing

    def render_line(self, y: int) -> Strip:
        """Draw one line."""
        width, base = self.size.width, self.rich_style
        if self.board is None:
            return Strip.blank(width, base)
        if y == self.size.height - 1:
            style = base + self._style("quiet")
            seen = self._seen()
            room = width - 2 - cell_len(seen)
            return Strip([Segment(" " + apart(self._foot(room), seen, width - 1), style)], width)
        if y >= self.head and not self.board.total.count and self.empty:
            return self._empty_line(y - self.head, width, base)
        segments: list[Segment] = []
        for place, wide in enumerate(self.widths()):
            if place:
                rule = "|" if self.ascii else "│"
                segments.append(Segment(rule, base + self._style("rule")))
            segments.append(self._segment(self.left + place, y, wide, base))
        return Strip(segments, width)

    def _style(self, name: str) -> Style:
        return self.get_component_rich_style(f"board--{name}", partial=True) if name else Style()

    def _segment(self, at: int, y: int, wide: int, base: Style) -> Segment:
        """Give what a line of the board holds of one stage."""
        column = self.columns[at] if at < len(self.columns) else None
        if column is None:
            return Segment(" " * wide, base)
        if y < self.head:
            return Segment(self._head_text(at, column, y, wide), base + self._style("heading"))
        number = y - self.head + self.tops.get(column.stage.id, 0)
        lines = self._lines[at]
        if number >= len(lines):
            return Segment(" " * wide, base)
        line = lines[number]
        is_cursor = at == self.at and line.card is not None and line.card == self._row(column)
        is_marked = line.card is not None and column.cards[line.card].id in self.marks
        style = base + self._style(line.tone)
        style += self._style("marked") if is_marked else Style()
        style += self._style("cursor") if is_cursor else Style()
        sign = (">" if self.ascii else "▌") if is_cursor else " "
        mark = ("*" if self.ascii else "●") if is_marked and line.tone == "name" else " "
        return Segment(sign + mark + apart(line.left, line.right, wide - GUTTER - 1) + " ", style)

    def _head_text(self, at: int, column: Column, y: int, wide: int) -> str:
        sign = (">" if self.ascii else "▌") if at == self.at else " "
        if at == self.drawn:
            sign = "+"
        room = wide - GUTTER - 1
        if y == 0:
            text = apart(safe(column.stage.name), f"{column.count:,}", room)
        elif y == 1:
            text = fit(sums_within(column.sums, room) or ("-" if self.ascii else "–"), room)
        else:
            text = fit(self._weighted(column.tally, room), room)
        return f"{sign} {text} "

    def _weighted(self, tally: Tally, room: int) -> str:
        if not tally.weighted:
            return ""
        whole = tr("weighted {sum}", sum=sums_text(tally.weighted))
        if cell_len(whole) <= room:
            return whole
        return f"{'~' if self.ascii else '≈'} {sums_within(tally.weighted, room - 2)}"

    def _foot(self, room: int) -> str:
        """Say what came to an end since the month began: by the names of the last stages."""
        assert self.board is not None
        pipeline, ends = self.board.pipeline, (("won", self.board.won), ("lost", self.board.lost))
        said = [
            (safe(stages[0].name), tally)
            for kind, tally in ends
            if (stages := pipeline.of_kind(kind))
        ]
        long = [f"{name} {tally.count:,} {sums_text(tally.sums)}".strip() for name, tally in said]
        short = [f"{name} {tally.count:,}" for name, tally in said]
        whole = tr("This month: {ends}", ends=", ".join(long))
        return whole if cell_len(whole) <= room else tr("This month: {ends}", ends=", ".join(short))

    def _seen(self) -> str:
        """Say which stages are seen, where not all fit."""
        count, last = len(self.widths()), len(self.columns)
        if count >= last:
            return ""
        return tr(
            "{first}-{last} of {count}", first=self.left + 1, last=self.left + count, count=last
        )

    def _empty_line(self, y: int, width: int, base: Style) -> Strip:
        lines = ["", *wrapped(self.empty, max(width - 2, 4))]
        text = lines[y] if y < len(lines) else ""
        return Strip([Segment(fit(f" {text}", width), base + self._style("quiet"))], width)

    # The cursor

    def go(self, column: int, row: int | None = None) -> None:
        """Put the cursor into a stage, on a card if one is given."""
        if not self.columns:
            return
        self.at = max(0, min(column, len(self.columns) - 1))
        here = self.columns[self.at]
        if row is not None:
            self.rows[here.stage.id] = max(0, min(row, len(here.cards) - 1))
        self._into_view()
        self.post_message(self.Moved())

    def _step(self, rows: int) -> None:
        if self.column:
            self.go(self.at, self._row(self.column) + rows)

    def action_down(self) -> None:
        """Go to the next card."""
        self._step(1)

    def action_up(self) -> None:
        """Go to the card before."""
        self._step(-1)

    def action_page_down(self) -> None:
        """Go a page down."""
        self._step(max(self.high // 5, 1))

    def action_page_up(self) -> None:
        """Go a page up."""
        self._step(-max(self.high // 5, 1))

    def action_top(self) -> None:
        """Go to the first card."""
        self.go(self.at, 0)

    def action_bottom(self) -> None:
        """Go to the last card that is there."""
        if self.column:
            self.go(self.at, len(self.column.cards) - 1)

    def action_mark(self) -> None:
        """Mark the card, or take its mark off, and go on."""
        if self.card:
            self.marks ^= {self.card.id}
            self._step(1)

    def action_mark_all(self) -> None:
        """Mark every card of the stage; when some are marked, none."""
        cards = self.column.cards if self.column else ()
        self.marks = set() if self.marks else {card.id for card in cards}
        self.refresh()
        self.post_message(self.Moved())

    # The mouse

    def place_at(self, x: int, y: int) -> tuple[int, int | None]:
        """Give the column under a point, and the card there, if there is one."""
        at = self._column_at(x)
        number = y - self.head + self.tops.get(self.columns[at].stage.id, 0)
        lines = self._lines[at]
        is_card = self.head <= y < self.head + self.high and number < len(lines)
        return at, lines[number].card if is_card else None

    def _column_at(self, x: int) -> int:
        widths, end = self.widths(), 0
        for place, wide in enumerate(widths):
            end += wide + RULE
            if x < end:
                return self.left + place
        return self.left + len(widths) - 1

    def on_mouse_down(self, event: events.MouseDown) -> None:
        """Put the cursor there, and take the card along."""
        if not self.columns:
            return
        at, row = self.place_at(event.x, event.y)
        self.go(at, row)
        if row is not None:
            self.drawn = at
            self.capture_mouse()

    def on_mouse_move(self, event: events.MouseMove) -> None:
        """Show over which stage the card is."""
        if self.drawn is not None:
            self.drawn = self.place_at(event.x, event.y)[0]
            self.refresh()

    def on_mouse_up(self, event: events.MouseUp) -> None:
        """Let the card go."""
        if self.drawn is None:
            return
        self.release_mouse()
        self.drawn, at = None, self.place_at(event.x, event.y)[0]
        self.refresh()
        if at != self.at:
            self.post_message(self.Dropped(at))

    def on_click(self, event: events.Click) -> None:
        """Open the card with the second click."""
        is_second = event.chain > 1 and bool(self.columns)
        if is_second and self.place_at(event.x, event.y)[1] is not None:
            self.post_message(self.Opened())

    def on_mouse_scroll_down(self) -> None:
        """Go on with the wheel."""
        self.action_down()

    def on_mouse_scroll_up(self) -> None:
        """Go back with the wheel."""
        self.action_up()


def _place(board: Board, key: Key) -> tuple[int, int] | None:
    """Give the column and the row of a record."""
    if key[0] != board.pipeline.holds:
        return None
    for at, column in enumerate(board.columns):
        for row, card in enumerate(column.cards):
            if card.id == key[1]:
                return at, row
    return None


def sums_text(sums: Sums) -> str:
    """Give sums as one text: `9000.00 EUR, 500 JPY`; "" for nothing."""
    return safe(", ".join(money_text(Money(minor, currency)) for currency, minor in sums.items()))


def sums_within(sums: Sums, room: int) -> str:
    """Give as many sums as there is room for, none of them cut, and how many there are besides."""
    for count in range(len(sums), 0, -1):
        some = sums_text(dict(list(sums.items())[:count]))
        rest = f" +{len(sums) - count}" if count < len(sums) else ""
        if cell_len(some + rest) <= room:
            return some + rest
    return f"{len(sums)} × …" if len(sums) > 1 else sums_text(sums)


def _when(card: Card, today: date) -> str:
    """Say when the next step is due: how late it is, or the day."""
    from crmcli.dates import say_day

    due = card.next_step and card.next_step["due"]
    if not due:
        return ""
    on = date.fromisoformat(due)
    if on < today:
        return tr("! {count} d late:", count=(today - on).days)
    near = {0: tr("today"), 1: tr("tomorrow")}
    return near.get((on - today).days, say_day(on, with_year=on.year != today.year))


def apart(left: str, right: str, width: int) -> str:
    """Give two texts at the ends of a line; the left one gives way."""
    room = width - cell_len(right) - (1 if right else 0)
    if room < 1:
        return fit(right, width)
    return fit(left, room) + (" " + right if right else "")
