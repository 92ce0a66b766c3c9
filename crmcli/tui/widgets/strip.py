"""The days above the tasks: a week or a month, with how many tasks are due on each."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date, timedelta

from rich.cells import cell_len
from rich.style import Style
from rich.text import Text
from textual import events
from textual.app import RenderResult
from textual.geometry import Size
from textual.message import Message
from textual.widget import Widget

from crmcli.dates import MONTHS_SAID, WEEKDAYS_SAID
from crmcli.i18n import tr
from crmcli.tui.widgets.rows import fit

WEEK = 7
FEW = 4  # tasks up to which each is a dot


class DayStrip(Widget):
    """Shows days and posts `Chosen` for the day that is chosen, or none; `Turned` for other days.

    Args:
        today: the day that is marked.
        start: the weekday a week begins on, Monday is 0.
        calendar: gregorian or jalali.
    """

    COMPONENT_CLASSES = {"strip--today", "strip--chosen", "strip--late", "strip--other"}
    DEFAULT_CSS = """
    DayStrip {
        height: auto; padding: 0 1; background: $surface;
        & > .strip--today { color: $primary; text-style: bold underline; }
        & > .strip--chosen { background: $boost; text-style: bold; }
        & > .strip--late { color: $warning; }
        & > .strip--other { color: $text-muted; }
    }
    """

    class Chosen(Message):
        """A day was chosen; None for all days."""

        def __init__(self, day: date | None) -> None:
            super().__init__()
            self.day = day

    class Turned(Message):
        """Other days are shown."""

    def __init__(self, today: date, start: int = 0, calendar: str = "gregorian") -> None:
        super().__init__()
        self.today = today
        self.start = start
        self.calendar = calendar
        self.day = today  # one of those that are shown
        self.chosen: date | None = None
        self.is_month = False
        self.counts: Mapping[str, int] = {}
        self.shown = self.days()

    # Days

    def week_of(self, day: date) -> date:
        """Give the first day of a week."""
        return day - timedelta((day.weekday() - self.start) % WEEK)

    def parts(self, day: date) -> tuple[int, str, int]:
        """Give day, month and year in the calendar of the configuration."""
        if self.calendar != "jalali":
            return day.day, tr(MONTHS_SAID[day.month - 1]), day.year
        from crmcli.jalali import describe

        number, month, year = describe(day).split(" ")
        return int(number), month, int(year)

    def days(self) -> list[date]:
        """Give the days that are shown, whole weeks."""
        first = last = self.day
        if self.is_month:
            first -= timedelta(self.parts(first)[0] - 1)
            last = self._month_after(first) - timedelta(1)
        first, last = self.week_of(first), self.week_of(last) + timedelta(WEEK - 1)
        return [first + timedelta(at) for at in range((last - first).days + 1)]

    def _month_after(self, first: date) -> date:
        """Give the first day of the month after the one that begins on a day."""
        day = first + timedelta(27)
        while self.parts(day)[0] != 1:
            day += timedelta(1)
        return day

    # Moving

    def step(self, days: int) -> None:
        """Choose the day so many after the chosen one; the first step is to today."""
        if self.chosen is None:
            self.choose(self.today if self.today in self.shown else self.shown[0])
        else:
            self.choose(self.chosen + timedelta(days))

    def turn(self, way: int) -> None:
        """Show the week or month before or after; the chosen day moves along."""
        if self.is_month:
            first = self.day - timedelta(self.parts(self.day)[0] - 1)
            after = self._month_after(first) if way > 0 else first - timedelta(1)
            day = after - timedelta(self.parts(after)[0] - 1)
        else:
            day = self.day + timedelta(WEEK * way)
        if self.chosen is not None:
            self.choose(day)
        else:
            self._show(day)

    def choose(self, day: date | None) -> None:
        """Choose a day, or all."""
        self.chosen = day
        self._show(day or self.day)
        self.post_message(self.Chosen(day))

    def change(self) -> None:
        """Show the month instead of the week, or the other way round."""
        self.is_month = not self.is_month
        self._show(self.day)

    def _show(self, day: date) -> None:
        """Show the week or month of a day."""
        self.day = day
        days = self.days()
        if days != self.shown:
            self.shown = days
            self.refresh(layout=True)
            self.post_message(self.Turned())
        self.refresh()

    def tell(self, counts: Mapping[str, int]) -> None:
        """Show how many tasks are due on which day."""
        self.counts = counts
        self.refresh()

    # Drawing

    @property
    def wide(self) -> int:
        """Give the cells of a day."""
        return max(self.content_size.width // WEEK, 1)

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:  # noqa: ARG002
        """Give the lines it takes: a week has its tasks below the days."""
        return 1 + len(self.shown) // WEEK

    def render(self) -> RenderResult:
        """Give the lines."""
        return Text("\n", end="").join(self._month() if self.is_month else self._week())

    def _week(self) -> Iterator[Text]:
        yield self._line(self.shown, self._named)
        yield self._line(self.shown, lambda day: " " + self.dots(day))

    def _month(self) -> Iterator[Text]:
        names = (tr(WEEKDAYS_SAID[day.weekday()]) for day in self.shown[:WEEK])
        muted = self._styled("other")
        yield Text("".join(fit(f" {name}", self.wide) for name in names), muted, end="")
        for at in range(0, len(self.shown), WEEK):
            yield self._line(self.shown[at : at + WEEK], self._numbered)

    def _line(self, days: Sequence[date], say: Callable[[date], str]) -> Text:
        text = Text(no_wrap=True, end="")
        for day in days:
            said = fit(say(day), self.wide)
            shown = said.rstrip()
            text.append(shown, self._style(day))
            text.append(" " * (len(said) - len(shown)))
        return text

    def _named(self, day: date) -> str:
        """Give a day of the week: `Mon 23 Nov`, without the month where there is no room."""
        number, month, _ = self.parts(day)
        name = f"{tr(WEEKDAYS_SAID[day.weekday()])} {number}"
        whole = self._signed(day, f"{name} {month}")
        return whole if cell_len(whole) < self.wide else self._signed(day, name)

    def _numbered(self, day: date) -> str:
        """Give a day of the month with its tasks; the first of a month and of the page name it."""
        number, month, year = self.parts(day)
        name = f"{number} {month}" if number == 1 or day == self.shown[0] else str(number)
        if number == 1 and year != self.parts(self.today)[2] and self.wide > cell_len(name) + 8:
            name = f"{name} {year}"
        return f"{self._signed(day, name)} {self.dots(day)}"

    def _signed(self, day: date, text: str) -> str:
        """Give a day with its signs: * is today, brackets are the chosen day."""
        today = "*" if day == self.today else ""
        return f"[{text}{today}]" if day == self.chosen else f" {text}{today} "

    def dots(self, day: date) -> str:
        """Give the number of tasks of a day: a dot for each of a few, else the number."""
        count = self.counts.get(str(day), 0)
        dot = "." if getattr(self.app, "ascii", False) else "•"
        return dot * count if count <= FEW else f"{dot}{count}"

    def _style(self, day: date) -> Style:
        style = Style()
        if self.is_month and self.parts(day)[1] != self.parts(self.day)[1]:
            style += self._styled("other")
        if day < self.today and self.counts.get(str(day)):
            style += self._styled("late")
        if day == self.today:
            style += self._styled("today")
        return style + self._styled("chosen") if day == self.chosen else style

    def _styled(self, name: str) -> Style:
        return self.get_component_rich_style(f"strip--{name}", partial=True)

    def on_click(self, event: events.Click) -> None:
        """Choose the day under the mouse; the chosen one again chooses all."""
        column, row = (event.x - self.gutter.left) // self.wide, event.y
        at = column + WEEK * (row - 1 if self.is_month else 0)
        if 0 <= column < WEEK and 0 <= at < len(self.shown):
            day = self.shown[at]
            self.choose(None if day == self.chosen else day)
