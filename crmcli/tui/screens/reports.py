"""Forecast and reports: bars with their numbers, and the rows behind each of them."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from importlib import import_module
from typing import TYPE_CHECKING, Any, ClassVar

from textual import events, on
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Container

from crmcli import chart, period
from crmcli.context import Context
from crmcli.errors import CrmError
from crmcli.i18n import mark, tr
from crmcli.service import figures
from crmcli.service import filter as filters
from crmcli.service.figures import Ask, Line, Table
from crmcli.store.pipeline import Pipeline, list_pipelines
from crmcli.tui.acts import fetch
from crmcli.tui.binds import bindings
from crmcli.tui.modals.form import Field, Form, Values
from crmcli.tui.modals.menu import Choice, Menu
from crmcli.tui.screens.base import CrmScreen
from crmcli.tui.views import KEYS
from crmcli.tui.widgets.card import CardPane, Part
from crmcli.tui.widgets.card import Sheet as Card
from crmcli.tui.widgets.figures import FigureList, ReportStrip, Sheet, name_of, sheet_of
from crmcli.tui.widgets.filter_bar import FilterBar
from crmcli.tui.work import Loader

if TYPE_CHECKING:
    from crmcli.rules.filter import Node

FLAT = 14  # lines of a screen that has room for the list only
PERIODS = (
    *("this month", "last month", "this quarter", "last quarter", "next quarter"),
    *("this year", "last year", "last 90 days", "all"),
)
NOTHING = mark("""\
There is nothing to count here yet.

8  shows the board; there n adds a deal, L moves it on, W is won, X lost
p  asks for another period""")
NO_PEOPLE = mark("""\
Nobody is on the way here yet.

8  shows the board; there p shows a pipeline of people, n brings somebody in
p  asks for another period""")
NO_GOALS = mark("""\
There is no goal in this period.

crm goal set @me won_amount 50000 --quarter  sets one in the shell
p  asks for another period""")
NO_LEADS = mark("""\
Nobody became a lead in this period.

crm lead add NAME  adds one in the shell
p  asks for another period""")
NONE_HERE = mark("""\
Nothing here matches {text}

/  changes the filter
esc  counts everything again""")


@dataclass(frozen=True, slots=True)
class Report:
    """One of the reports.

    Args:
        title: what it is called.
        place: the module of `service` and the function that computes it.
        by: the name there of what it can be grouped by; "" for nothing.
        noun: of which records it is, and so what filters it; "" where nothing does.
        of_people: whether it can count people in a pipeline of theirs too.
        has_pipeline: whether one pipeline can be chosen.
        empty: what an empty one teaches.
    """

    title: str
    place: tuple[str, str]
    by: str = ""
    noun: str = "deal"
    of_people: bool = False
    has_pipeline: bool = True
    empty: str = NOTHING

    @property
    def dimensions(self) -> Sequence[str]:
        """Give what it can be grouped by."""
        return getattr(self._module, self.by) if self.by else ()

    @property
    def compute(self) -> Callable[[Context, Ask], Table]:
        """Give what computes it."""
        found: Callable[[Context, Ask], Table] = getattr(self._module, self.place[1])
        return found

    @property
    def _module(self) -> Any:
        return import_module(f"crmcli.service.{self.place[0]}")


REPORTS: Mapping[str, Report] = {
    "forecast": Report(mark("Forecast"), ("forecast", "forecast"), "BY"),
    "sales": Report(mark("Sales"), ("sales", "sales"), "BY"),
    "funnel": Report(mark("Funnel"), ("sales", "funnel"), "BY_FUNNEL", of_people=True),
    "stages": Report(mark("Stages"), ("sales", "stages"), of_people=True),
    "lost": Report(mark("Lost"), ("sales", "lost"), "BY_LOST"),
    "velocity": Report(mark("Velocity"), ("sales", "velocity"), "BY"),
    "leads": Report(
        mark("Leads"),
        ("sales", "leads"),
        "BY_LEADS",
        noun="contact",
        has_pipeline=False,
        empty=NO_LEADS,
    ),
    "goals": Report(
        mark("Goals"), ("goal", "attainment"), noun="", has_pipeline=False, empty=NO_GOALS
    ),
    "slippage": Report(mark("Slippage"), ("sales", "slippage"), "BY"),
}


@dataclass(frozen=True, slots=True)
class Wish:
    """What is to be shown.

    Args:
        name: of the report.
        ask: its question, without the filter.
        tree, text: a filter.
    """

    name: str
    ask: Ask = field(default_factory=Ask)
    tree: "Node | None" = None
    text: str = ""

    @property
    def report(self) -> Report:
        """Give the report."""
        return REPORTS[self.name]

    @property
    def noun(self) -> str:
        """Give of which records the filter is; "" where nothing can be filtered."""
        return self.ask.of if self.report.of_people else self.report.noun

    def usual(self) -> "Wish":
        """Give the report as it is when nothing is asked for."""
        return Wish(self.name)


@dataclass(frozen=True, slots=True)
class Found:
    """A report as it is read, and what in the filter there is not."""

    wish: Wish
    sheet: Sheet
    unknown: Sequence[str]


def compute(crm: Context, wish: Wish) -> tuple[Table, Sequence[str]]:
    """Compute a report; on a thread.

    Returns:
        The report, and sentences about what in the filter there is not.

    Raises:
        UsageError: the filter, the period or what it is grouped by is wrong.
        NotFoundError: there is no such pipeline.
    """
    if not wish.noun:
        return wish.report.compute(crm, wish.ask), ()
    chosen = filters.condition(crm, wish.noun, wish.tree)
    table = wish.report.compute(crm, replace(wish.ask, where=chosen.where))
    return table, chosen.unknown


def read(crm: Context, wish: Wish) -> Found:
    """Compute a report and lay it out; on a thread."""
    table, unknown = compute(crm, wish)
    return Found(wish, sheet_of(table), unknown)


class ReportsScreen(CrmScreen):
    """The reports."""

    AREA = "reports"
    AUTO_FOCUS = "FigureList"
    BINDINGS: ClassVar[list[BindingType]] = [*bindings("reports")]
    DEFAULT_CSS = """
    ReportsScreen .panes, ReportsScreen.-wide .panes, ReportsScreen.-vast .panes {
        layout: vertical;
        & > .main { width: 100%; height: 3fr; }
        & > .side { width: 100%; height: 2fr; border-left: none; border-top: solid $border; }
    }
    ReportsScreen.flat .panes > .side { display: none; }
    """

    def __init__(self) -> None:
        super().__init__()
        self.wishes = {name: Wish(name) for name in REPORTS}
        self.name_shown = next(iter(REPORTS))
        self.found: Found | None = None
        self.reports: Loader[Found] = Loader(self, self.show_report, self.refuse)

    def body(self) -> ComposeResult:
        """Lay out the filter, the names of the reports, the lines, and what is known of one."""
        yield FilterBar("deal")
        yield ReportStrip([(name, report.title) for name, report in REPORTS.items()])
        with Container(classes="panes"):
            yield FigureList(classes="main")
            with Container(classes="side"):
                yield CardPane()

    def on_resize(self, event: events.Resize) -> None:
        """Leave all the room to the list where there is little."""
        self.set_class(event.size.height < FLAT, "flat")

    @property
    def view(self) -> FigureList:
        """Give the lines."""
        return self.query_one(FigureList)

    @property
    def bar(self) -> FilterBar:
        """Give the filter."""
        return self.query_one(FilterBar)

    @property
    def wish(self) -> Wish:
        """Give what is to be shown."""
        return self.wishes[self.name_shown]

    # Reading

    def reload(self) -> None:
        """Compute again; the cursor stays on its line."""
        wish = self.wish
        self.reports.start(lambda crm: read(crm, wish))

    def ask(self, **changes: Any) -> None:
        """Show the report otherwise."""
        wish = self.wish
        self.wishes[wish.name] = replace(wish, ask=replace(wish.ask, **changes))
        self.reload()

    def show_report(self, found: Found) -> None:
        """Show a report."""
        stay = self.found is not None and self.found.wish.name == found.wish.name
        self.found = found
        self.bar.accept(found.unknown)
        table, view = found.sheet.table, self.view
        view.empty = tr(NO_PEOPLE if found.wish.ask.of == "contact" else found.wish.report.empty)
        if found.wish.text:
            view.empty = tr(NONE_HERE, text=found.wish.text)
        view.take(found.sheet if _counts(table) else None, stay=stay)
        self._say_report(found.wish, table)

    def _say_report(self, wish: Wish, table: Table) -> None:
        title = table.title
        if wish.ask.pipeline and not wish.report.of_people:
            title = f"{title}, {wish.ask.pipeline}"
        if wish.text:
            title = tr("{name}: {filter}", name=title, filter=wish.text)
        days = figures.said_days(table.first, table.last)
        if wish.ask.as_of:
            day = figures.said_day(figures.day_of(self.crm_app.crm, wish.ask.as_of))
            days = tr("{days}, as of {day}", days=days, day=day)
        self.say_title(title, days)

    def refuse(self, error: CrmError) -> None:
        """Tell what is wrong where the filter is typed; anything else in a corner."""
        if not self.bar.takes(self.wish.text, error):
            self.crm_app.say_error(error)

    @on(FigureList.Moved)
    def show_line(self) -> None:
        """Show all figures of the line under the cursor, and what is to be known."""
        pane, view = self.query_one(CardPane), self.view
        if view.sheet is None:
            pane.show(None)
            return
        parts = parts_of(view.sheet.table, view.lines(), view.drawn.keys)
        if view.drawn.has_shades:
            parts.append(Part("hint", "", chart.legend(ascii=self.crm_app.ascii)))
        pane.show(Card(("figures", 0), {}, tuple(parts)))

    # Which report

    def action_report(self, way: int) -> None:
        """Go to the report beside it; after the last comes the first."""
        names = list(REPORTS)
        self.choose(names[(names.index(self.name_shown) + way) % len(names)])

    @on(ReportStrip.Chosen)
    def chosen(self, event: ReportStrip.Chosen) -> None:
        """Show the report that was clicked at."""
        self.choose(event.name)

    def choose(self, name: str) -> None:
        """Show another report; the period goes along."""
        before, self.name_shown = self.wish, name
        asked = replace(self.wish.ask, period=before.ask.period, as_of=before.ask.as_of)
        self.wishes[name] = replace(self.wish, ask=asked)
        self.query_one(ReportStrip).tell(name)
        self.say_title(f"{tr(self.wish.report.title)} …")
        self._turn_bar()
        self.reload()

    def _turn_bar(self) -> None:
        """Let the filter be that of the report which is shown."""
        wish = self.wish
        if wish.noun and self.bar.noun != wish.noun:
            self.bar.turn_to(wish.noun)
        self.bar.put(wish.text)

    # What of it

    def action_filter(self) -> None:
        """Type a filter."""
        if self.wish.noun:
            self.bar.open()
        else:
            self.crm_app.say(tr("Goals count all there is: no filter here"))

    @on(FilterBar.Changed)
    def filtered(self, event: FilterBar.Changed) -> None:
        """Count what the filter selects, in every report of the same records."""
        noun = self.wish.noun
        for name, wish in self.wishes.items():
            if wish.noun == noun:
                self.wishes[name] = replace(wish, tree=event.tree, text=event.text)
        self.reload()

    @on(FilterBar.Closed)
    def back_to_list(self) -> None:
        """Give the keys to the list again."""
        self.view.focus()

    def action_period(self) -> None:
        """Ask for a period, and for the day as of which it is counted."""
        crm, ask = self.crm_app.crm, self.wish.ask
        week_start = crm.dates["week_start"]

        def said_period(text: str) -> str:
            return figures.said_days(*period.parse(text, crm.clock.today(), week_start))

        def said_day(text: str) -> str:
            return figures.said_day(figures.day_of(crm, text))

        fields = [
            Field("period", tr("Period"), ask.period, tr("as usual"), said_period, words=PERIODS),
            Field("as_of", tr("As of"), ask.as_of, tr("today"), said_day),
        ]
        form = Form(
            tr("Which period?"),
            fields,
            checked,
            last="period",
            note=tr(period.HINT),
            begin="period",
        )
        self.app.push_screen(form, lambda asked: self.ask(**asked) if asked else None)

    def action_part_by(self) -> None:
        """Ask what it is grouped by."""
        names = self.wish.report.dimensions
        if not names:
            self.crm_app.say(tr("This report is grouped by nothing else"))
            return
        choices = [
            Choice(key, name, tr(name.title())) for key, name in zip(KEYS, names, strict=False)
        ]
        first = self._first_dimension()
        if first:
            said = tr("{name}, and by another", name=tr(first.title()))
            choices.append(Choice("plus", "+", said))
        choices.append(Choice("0", "", tr("as usual")))

        def answered(name: str | None) -> None:
            if name == "+":
                self._ask_second(first, names)
            elif name is not None:
                self.ask(by=(name,) if name else ())

        self.app.push_screen(Menu(tr("Group by"), choices), answered)

    def _first_dimension(self) -> str:
        """Give what it is grouped by first; "" where a second one has no place."""
        table = self.found.sheet.table if self.found else None
        return table.by[0] if table and table.by and self.name_shown != "funnel" else ""

    def _ask_second(self, first: str, names: Sequence[str]) -> None:
        rest = [name for name in names if name != first]
        choices = [
            Choice(key, name, tr(name.title())) for key, name in zip(KEYS, rest, strict=False)
        ]
        title = tr("{name}, and by another", name=tr(first.title()))

        def answered(name: str | None) -> None:
            if name:
                self.ask(by=(first, name))

        self.app.push_screen(Menu(title, choices), answered)

    def action_pipeline(self) -> None:
        """Ask for a pipeline: of deals, and of people where those can be counted."""
        if self.wish.report.has_pipeline:
            fetch(self, lambda crm: list_pipelines(crm.store.reader), self._ask_pipeline)
        else:
            self.crm_app.say(tr("This report counts no pipeline"))

    def _ask_pipeline(self, known: Sequence[Pipeline]) -> None:
        held = {"deal": tr("deals"), "contact": tr("people")}
        of_people = self.wish.report.of_people
        fitting = {str(one.id): one for one in known if of_people or one.holds == "deal"}
        choices = [
            Choice(key, id, f"{one.name}  ({held[one.holds]})")
            for key, (id, one) in zip(KEYS, fitting.items(), strict=False)
        ]
        choices.append(Choice("0", "", tr("as usual") if of_people else tr("all of them")))

        def answered(id: str | None) -> None:
            if id is None:
                return
            one = fitting.get(id)
            noun = one.holds if one else "deal"
            if noun != self.wish.noun:  # what was typed filters others
                self.wishes[self.name_shown] = replace(self.wish, tree=None, text="")
            self.ask(pipeline=one.name if one else "", of=noun)
            self._turn_bar()

        self.app.push_screen(Menu(tr("Pipeline"), choices), answered)

    def action_back(self) -> None:
        """Take the filter away, then all that was asked for, then go back where one came from."""
        if self.wish.text:
            self.bar.action_clear()
        elif self.wish != self.wish.usual():
            self.wishes[self.name_shown] = self.wish.usual()
            self._turn_bar()
            self.reload()
        else:
            self.crm_app.go_back()

    # The rows behind

    @on(FigureList.Opened)
    def action_open(self) -> None:
        """List what the line under the cursor counts."""
        from crmcli.tui.screens.behind import BehindScreen

        key = self.view.key
        if self.found is not None and key is not None:
            self.app.push_screen(BehindScreen(self.found.wish, key))


def checked(crm: Context, values: Values) -> Values:
    """Give a period and a day as they were typed, when they can be read.

    Raises:
        UsageError: one of them cannot.
    """
    figures.span(crm, Ask(period=values["period"], as_of=values["as_of"]), forward=True)
    return values


def _counts(table: Table) -> bool:
    """Tell whether there is anything in a report."""
    return any(_is_something(value) for line in table.all for value in line.figures.values())


def _is_something(value: Any) -> bool:
    return bool(getattr(value, "held", value))


def parts_of(table: Table, lines: Sequence[Line], seen: Collection[str]) -> list[Part]:
    """Give what stands below the list: the figures of a line that are not seen there, the notes."""
    columns = [
        column
        for column in figures.figure_columns(table)
        if column.key not in seen and (column.listed or not column.key.endswith("_base"))
    ]
    parts: list[Part] = []
    if len(lines) == 1:
        parts.append(Part("head", "", name_of(table, lines[0])))
        for column in columns:
            if text := figures.said_figure(table, lines[0], column.key):
                parts.append(Part("fact", tr(column.title), text))
    elif lines:
        parts.append(Part("head", "", figures.said_label(table, lines[0], 0)))
        for line in lines:
            said = [
                f"{tr(column.title)} {figures.said_figure(table, line, column.key)}"
                for column in columns
                if column.listed
            ]
            parts.append(Part("fact", figures.said_label(table, line, 1), ", ".join(said)))
    return [*parts, *(Part("hint", "", note) for note in table.notes)]
