"""All tasks under headings, by when they are due or for whom, with a strip of days above."""

from collections.abc import Callable, Hashable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import ClassVar, TypeVar

from textual import on
from textual.app import ComposeResult
from textual.binding import BindingType

from crmcli.context import Context
from crmcli.errors import CrmError
from crmcli.i18n import mark, tr, trn
from crmcli.service import agenda, bulk
from crmcli.service.agenda import Found, Wish
from crmcli.store import task as store
from crmcli.store.search import Key
from crmcli.store.view import SavedView
from crmcli.tui.binds import bindings
from crmcli.tui.neighbours import ListNeighbours
from crmcli.tui.screens.beside import Beside
from crmcli.tui.widgets.filter_bar import FilterBar
from crmcli.tui.widgets.parted import PartedList, PartedRows, read_pages
from crmcli.tui.widgets.rows import PLACEHOLDER, Row, Title
from crmcli.tui.widgets.strip import DayStrip
from crmcli.tui.work import Loader

T = TypeVar("T")
FREE = mark("""\
There is nothing to do.

n  adds a task: what, for whom, until when
2  shows your contacts; there a adds a follow-up
S  shows what is snoozed, D what is done""")
NONE_HERE = mark("""\
No task is here.

esc  shows all of them again""")
FEW = 20  # tasks that are looked for one by one
KEYS = {"due": "d", "person": "p", "kind": "k", "owner": "o", "stage": "s"}


@dataclass(frozen=True, slots=True)
class Before:
    """How the list stands when it is read: where the cursor is to go, and what is seen."""

    key: Hashable | None
    at: int
    high: int
    marks: frozenset[Hashable]
    again: bool
    is_typing: bool = False


@dataclass(frozen=True, slots=True)
class Listed:
    """A list as it is read; `rows` is None where nothing is to be shown yet."""

    wish: Wish
    found: Found
    rows: PartedRows | None
    at: int | None = None
    gone: frozenset[Hashable] = frozenset()


@dataclass(frozen=True, slots=True)
class TaskRow(Row):
    """A task; `who` it is for may stand in a heading instead of a column."""

    who: str = ""


@dataclass(frozen=True, slots=True)
class Fetch:
    """Reads rows; the same wish gives the same columns."""

    wish: Wish

    def __call__(self, crm: Context, ids: Sequence[int]) -> list[Row]:
        """Give a row for each id; on a thread."""
        today = crm.clock.today()
        tasks = {task.id: task for task in store.get_tasks(crm.store.reader, ids)}
        rows: list[Row] = []
        for id in ids:
            task = tasks.get(id)
            if task is None:
                rows.append(Row(id, (PLACEHOLDER,) * (2 if self.wish.by == "person" else 3)))
            else:
                tone = "late" if agenda.is_late(task, today) else ""
                cells = agenda.line(crm, self.wish, task, today)
                rows.append(TaskRow(id, cells, tone, agenda.who(task)))
        return rows


@dataclass(frozen=True, slots=True)
class Say:
    """Tells a heading; how many stand under it is known once the whole list is there."""

    crm: Context
    wish: Wish
    is_whole: bool

    def __call__(self, part: agenda.Part, count: int, first: Row | None) -> str:
        """Give what a heading says."""
        who = first.who if isinstance(first, TaskRow) else None
        name = agenda.heading(self.crm, self.wish, part, who)
        return tr("{name} ({count})", name=name, count=count) if self.is_whole else name


def read(crm: Context, wish: Wish, before: Before) -> Iterator[Listed]:
    """Read a list, the first screenful at once; on a thread."""
    for found in agenda.read(crm, wish):
        if before.again and not found.is_whole:
            continue
        if found.unknown and before.is_typing:
            yield Listed(wish, found, None)
            return
        rows = PartedRows(found.parts.ids, found.headings, Say(crm, wish, found.is_whole))
        at = rows.find(before.key) if before.key is not None else None
        here = min(before.at, len(rows)) if at is None and before.again else at or 0
        numbers = rows.lacking(here - before.high, here + before.high)
        rows.inner.take(read_pages(crm, rows, Fetch(wish), numbers))
        gone = before.marks.difference(found.parts.ids) if before.marks else frozenset()
        yield Listed(wish, found, rows, here, gone if found.is_whole else frozenset())


class TasksScreen(Beside):
    """The tasks."""

    AREA = "tasks"
    AUTO_FOCUS = "PartedList"
    BINDINGS: ClassVar[list[BindingType]] = [*bindings("tasks")]
    DEFAULT_CSS = """
    TasksScreen.-narrow.month .panes > .side { display: none; }
    TasksScreen.done DayStrip { display: none; }
    """

    def __init__(self) -> None:
        super().__init__()
        self.wish = Wish()
        self.filter_text = ""
        self.listed: Listed | None = None
        self.lists: Loader[Listed] = Loader(self, self.show_list, self.refuse)
        self.counts: Loader[Mapping[str, int]] = Loader(self, self.show_counts, self.ignore)

    def body(self) -> ComposeResult:
        """Lay out the filter, the days, the list and the card."""
        crm = self.crm_app.crm
        calendar = crm.config.get("calendar") or "gregorian"
        yield FilterBar("task")
        yield DayStrip(crm.clock.today(), crm.dates["week_start"], calendar)
        yield from self.panes(PartedList(classes="main"))

    @property
    def rows(self) -> PartedList:
        """Give the list."""
        return self.query_one(PartedList)

    @property
    def strip(self) -> DayStrip:
        """Give the days."""
        return self.query_one(DayStrip)

    # Reading

    def reload(self) -> None:
        """Read the list again; the cursor stays on its task, or goes where an act sends it."""
        key = self.take_wanted() or self.rows.key
        self.read(self._before(key, again=self.listed is not None))

    def ask(self, *, is_typing: bool = False, **changes: object) -> None:
        """List something else, from its first row on."""
        self.wish = replace(self.wish, **changes)  # type: ignore[arg-type]
        self.read(self._before(None, again=False, is_typing=is_typing))

    def _before(self, key: Hashable | None, *, again: bool, is_typing: bool = False) -> Before:
        rows = self.rows
        high = max(rows.high, self.app.size.height)
        return Before(key, rows.cursor, high, frozenset(rows.marks), again, is_typing)

    def read(self, before: Before) -> None:
        """Read the list, and how many tasks there are on each day."""
        wish = self.wish
        self.lists.stream(lambda crm: read(crm, wish, before))
        self.read_counts()

    @on(DayStrip.Turned)
    def read_counts(self) -> None:
        """Read how many tasks are due on the days that are shown."""
        wish, days = self.wish, self.strip.shown
        if wish.state != "done":
            self.counts.start(lambda crm: agenda.per_day(crm, wish, days[0], days[-1]))

    def show_counts(self, counts: Mapping[str, int]) -> None:
        """Show the numbers of tasks above the list."""
        self.strip.tell(counts)

    def ignore(self, error: CrmError) -> None:
        """Leave it to the list to tell what is wrong."""

    def refuse(self, error: CrmError) -> None:
        """Tell what is wrong where the filter is typed."""
        self.query_one(FilterBar).refuse(error)

    def show_list(self, listed: Listed) -> None:
        """Show a list."""
        self.query_one(FilterBar).accept(listed.found.unknown)
        if listed.rows is None:
            return
        self.listed = listed
        rows = self.rows
        is_limited = self.wish != Wish(by=self.wish.by)
        rows.empty = tr(NONE_HERE) if is_limited else tr(FREE)
        rows.titles = [Title(), Title(), Title(fixed=True, right=True)][-listed_columns(listed) :]
        rows.marks -= listed.gone
        self.set_class(self.wish.state == "done", "done")
        self.say_title(self._told(), self._figures(listed))
        rows.take(listed.rows, listed.at, Fetch(listed.wish))

    def _figures(self, listed: Listed) -> str:
        return agenda.figures(listed.wish, listed.found.parts) if listed.found.is_whole else "…"

    def _told(self) -> str:
        """Say what is listed."""
        wish, crm = self.wish, self.crm_app.crm
        states = {"snoozed": tr("Snoozed tasks"), "done": tr("Done tasks")}
        said = [states.get(wish.state, tr("Tasks"))]
        if wish.day:
            said[0] += " " + tr("due {day}", day=agenda.day_said(crm, wish.day))
        if (not wish.day and wish.state != "done") or wish.by != "due":
            said[0] += " " + tr(agenda.BY[wish.by])
        said += [tr("only mine")] if wish.mine else []
        said += [f"/{self.filter_text}"] if self.filter_text else []
        return ", ".join(said)

    def about(self) -> Key | None:
        """Give whom the task under the cursor is for, else the task."""
        key = self.rows.key
        if key is None:
            return None
        people = self.people_of([key])
        return people[0] if people else ("task", int(str(key)))

    # The filter

    def action_filter(self) -> None:
        """Type a filter."""
        self.query_one(FilterBar).open()

    @on(FilterBar.Changed)
    def filtered(self, event: FilterBar.Changed) -> None:
        """List what the filter selects."""
        self.filter_text = event.text
        self.ask(tree=event.tree, is_typing=event.is_typing)

    @on(FilterBar.Closed)
    def back_to_list(self) -> None:
        """Give the keys to the list again."""
        self.rows.focus()

    def action_view(self) -> None:
        """Ask for a saved view."""
        from crmcli.tui.views import ask_view

        ask_view(self, "task", self.take_view)

    def take_view(self, view: SavedView | None) -> None:
        """List what a view selects; None for everything."""
        from crmcli.rules.filter import View, format

        self.filter_by(format(View(view.name)) if view else "")

    def filter_by(self, text: str) -> None:
        """List what a filter selects that was chosen elsewhere."""
        from crmcli.rules.filter import parse

        self.query_one(FilterBar).put(text)
        self.filter_text = text
        self.ask(tree=parse(text) if text else None)

    # What is listed

    def action_part_by(self) -> None:
        """Ask what the list is to be grouped by."""
        from crmcli.tui.modals.menu import Choice, Menu

        choices = [Choice(KEYS[by], by, tr(said)) for by, said in agenda.BY.items()]
        self.app.push_screen(Menu(tr("Tasks"), choices), lambda by: self.ask(by=by) if by else None)

    def action_only_mine(self) -> None:
        """List only my own, or everybody's."""
        self.ask(mine=not self.wish.mine)

    def action_snoozed(self) -> None:
        """List what is snoozed, or what is open."""
        self.ask(state="open" if self.wish.state == "snoozed" else "snoozed")

    def action_done_ones(self) -> None:
        """List what is done, or what is open."""
        self.strip.chosen = None
        self.ask(state="open" if self.wish.state == "done" else "done", day=None)

    def action_back(self) -> None:
        """Take marks off, then what limits the list, then go back to where one came from."""
        if self.rows.marks:
            self.rows.action_mark_all()
        elif self.wish.day:
            self.strip.choose(None)
        elif self.filter_text:
            self.query_one(FilterBar).action_clear()
        elif self.wish.state != "open" or self.wish.mine:
            self.ask(state="open", mine=False)
        else:
            self.crm_app.go_back()

    # Days

    def action_day(self, days: int) -> None:
        """Choose the day before or after."""
        if self.wish.state != "done":
            self.strip.step(days)

    def action_turn(self, way: int) -> None:
        """Show the week or month before or after."""
        self.strip.turn(way)

    def action_month(self) -> None:
        """Show the month, or the week."""
        self.strip.change()
        self.set_class(self.strip.is_month, "month")

    @on(DayStrip.Chosen)
    def chosen_day(self, event: DayStrip.Chosen) -> None:
        """List what is due on the day; all days when none is chosen."""
        self.ask(day=event.day)

    # What the acts work on

    def tasks(self) -> list[int]:
        """Give the marked tasks, else the one under the cursor."""
        return [int(str(key)) for key in self.rows.chosen()]

    def people(self) -> list[Key]:
        """Give whom the chosen tasks are for, each once."""
        return self.people_of(self.rows.chosen())

    def people_of(self, ids: Sequence[Hashable]) -> list[Key]:
        """Give whom tasks are for, each once."""
        if self.listed is None or self.listed.rows is None:
            return []
        parts, inner = self.listed.found.parts, self.listed.rows.inner
        if len(ids) <= FEW:
            places = (inner.find(id) for id in ids)
            found = dict.fromkeys(parts.who[at] for at in places if at is not None)
        else:
            whose = dict(zip(parts.ids, parts.who, strict=True))
            found = dict.fromkeys(whose.get(int(str(id)), 0) for id in ids)
        return [("contact", who) if who > 0 else ("org", -who) for who in found if who]

    def action_done(self) -> None:
        """Complete the tasks, unless they are done."""
        if self.wish.state == "done":
            self.crm_app.say(tr("They are done; R opens them again"))
        else:
            super().action_done()

    @on(PartedList.Opened)
    def action_open(self) -> None:
        """Open the card of whom the task is for, else that of the task."""
        key = self.about()
        if key is not None:
            around = self.people_of(self.rows.rows.keys()) if key[0] != "task" else []
            self.crm_app.open_record(key, ListNeighbours(around))

    def action_new(self) -> None:
        """Add a task."""
        from crmcli.tui import task_form

        def saved(id: int) -> None:
            self.wanted = id
            self.reload()

        task_form.add(self, self.wish.day, saved)

    def action_edit(self) -> None:
        """Change the task under the cursor."""
        from crmcli.tui import task_form

        if self.rows.key is not None and not self.refuse_masked():
            task_form.edit(self, int(str(self.rows.key)))

    def action_trash(self) -> None:
        """Move the tasks to the trash."""
        keys = [("task", id) for id in self.tasks()]
        self.change(
            lambda crm: bulk.remove(crm, "task", keys).count,
            lambda count: trn(
                "Moved {count} task to the trash; u brings it back",
                "Moved {count} tasks to the trash; u brings them back",
                count,
            ),
        )

    def action_skip(self) -> None:
        """Leave out this occurrence of tasks that repeat."""
        from crmcli.service.planning import series_news

        ids = self.tasks()

        def skip(crm: Context) -> str:
            bulk.change(crm, "task skip", ids, store.skip)
            return "\n".join([tr("Skipped"), *series_news(crm, ids)])

        self.change(skip, str)

    def action_reopen(self) -> None:
        """Open tasks again that are done."""
        ids = self.tasks()
        self.change(
            lambda crm: bulk.change(crm, "task reopen", ids, store.reopen).count,
            lambda count: trn("Opened {count} task again", "Opened {count} tasks again", count),
        )

    def change(self, act: Callable[[Context], T], say: Callable[[T], str]) -> None:
        """Write for the chosen tasks, say what was done, and go on to the next row."""
        if self.rows.key is None:
            self.crm_app.say(tr("There is no task here"))
            return

        def acted(crm: Context) -> T:
            result = act(crm)
            self.app.call_later(self.leave_row)
            return result

        self.crm_app.write(acted, lambda result: self.crm_app.say(say(result)))


def listed_columns(listed: Listed) -> int:
    """Give how many columns a list has: none for whom, where the headings say it."""
    return 2 if listed.wish.by == "person" else 3
