"""The day: who is due, beside the card of whoever the cursor stands on."""

from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import BindingType

from crmcli.context import Context
from crmcli.i18n import mark, tr
from crmcli.service import today
from crmcli.store.item import Item
from crmcli.tui.binds import bindings
from crmcli.tui.screens.beside import Beside
from crmcli.tui.widgets.bars import TitleBar
from crmcli.tui.widgets.rows import SAMPLE, Row, RowList, Title
from crmcli.tui.work import Loader

if TYPE_CHECKING:
    from crmcli.errors import CrmError
    from crmcli.rules.filter import Node
    from crmcli.store.search import Key
    from crmcli.tui.widgets.filter_bar import FilterBar

FIRST = 60  # lines that are shown before the whole day is read
TONES = {"overdue": "late", "no_step": "late", "rotting": "late", "suggestion": "quiet"}
WELCOME = mark("""\
Welcome. There is nobody in your crm yet.

i  brings in the file you have: Google, LinkedIn, any CSV
2  shows your contacts; n adds one there
?  has all keys""")
FREE = mark("""\
Nothing is due.

2  your contacts: c logs what happened, a adds a follow-up
5  finds anyone
?  has all keys""")
NOTHING = mark("""\
Nothing of the day matches {text}

/  changes the filter
esc  shows everything again""")


@dataclass(frozen=True, slots=True)
class Wish:
    """A filter as it was typed; `is_typing` tells that its last word may become longer."""

    tree: "Node | None" = None
    text: str = ""
    is_typing: bool = False


@dataclass(frozen=True, slots=True)
class Day:
    """The day as it is read.

    Args:
        heading: the day in words.
        figures: how much is late and due.
        rows: what the filter selects.
        is_empty: whether there is nobody yet.
        items: the whole day.
        wish: the filter.
        unknown: sentences about tags and people in the filter that there are not.
    """

    heading: str
    figures: str
    rows: "DayRows"
    is_empty: bool = False
    items: Sequence[Item] = ()
    wish: Wish = Wish()
    unknown: tuple[str, ...] = ()


class DayRows:
    """The rows of a day: its items under the headings of their sections, told when drawn."""

    def __init__(self, crm: Context, items: Sequence[Item] = ()) -> None:
        self.crm = crm
        self.today = crm.clock.today()
        self.entries: list[str | Item] = []
        for section, heading in today.HEADINGS.items():
            chosen = [item for item in items if item.section == section]
            self.entries += [tr(heading), *chosen] if chosen else []
        self.places: dict[Hashable, int] = {
            row_key(entry): at for at, entry in enumerate(self.entries) if isinstance(entry, Item)
        }

    def __len__(self) -> int:
        return len(self.entries)

    def item(self, key: Hashable) -> Item | None:
        """Give an item by its key."""
        at = self.places.get(key)
        entry = None if at is None else self.entries[at]
        return entry if isinstance(entry, Item) else None

    def row(self, at: int) -> Row:
        """Give a row."""
        entry = self.entries[at]
        if not isinstance(entry, Item):
            return Row(None, (entry,))
        title, when = today.said(self.crm, entry, self.today)
        return Row(row_key(entry), (entry.who_name, title, when), TONES.get(entry.section, ""))

    def key(self, at: int) -> Hashable | None:
        """Give the key of a row; None for a heading."""
        entry = self.entries[at]
        return row_key(entry) if isinstance(entry, Item) else None

    def find(self, key: Hashable) -> int | None:
        """Give where a key stands; None when it does not."""
        return self.places.get(key)

    def keys(self) -> list[Hashable]:
        """Give every key, in order."""
        return list(self.places)

    def sample(self) -> list[Row]:
        """Give the first rows."""
        return [self.row(at) for at in range(min(len(self), SAMPLE))]


def read_first(crm: Context, owner: str | None) -> Day:
    """Read the first lines of the day; on a thread."""
    items = today.first(crm, owner, FIRST)
    return Day(today.heading(crm, crm.clock.today()), "…", DayRows(crm, items))


def read_day(crm: Context, owner: str | None, wish: Wish) -> Day:
    """Read what is due; on a thread."""
    return told_day(crm, today.items(crm, owner, week=True), wish)


def told_day(crm: Context, items: Sequence[Item], wish: Wish) -> Day:
    """Tell what a filter selects of the day; on a thread."""
    chosen, unknown = today.matching(crm, items, wish.tree, wish.text)
    nobody = not items and _is_empty(crm)
    figures = "" if nobody else today.figures(chosen)
    heading = today.heading(crm, crm.clock.today())
    if wish.tree:
        heading = tr("{nouns}: {filter}", nouns=heading, filter=wish.text)
    return Day(heading, figures, DayRows(crm, chosen), nobody, items, wish, unknown)


def _is_empty(crm: Context) -> bool:
    from crmcli.store.contact import is_empty

    return is_empty(crm.store.reader)


def row_key(item: Item) -> Hashable:
    """Give what an item is known by from one reading to the next."""
    return item.id if item.id[0] == "t" else (item.id, item.section, item.kind)


def whom(item: Item) -> "Key":
    """Give what an item is about: the deal, the person, the org, else the task itself."""
    from crmcli.store.search import key_of

    return key_of(item.id if item.id[0] == "d" else item.who_id or item.id)


class TodayScreen(Beside):
    """The home screen."""

    AREA = "today"
    BINDINGS: ClassVar[list[BindingType]] = [*bindings("today")]

    def __init__(self) -> None:
        super().__init__()
        self.day: Day | None = None
        self.only_mine = False
        self.first: Loader[Day] = Loader(self, self.show_first)
        self.days: Loader[Day] = Loader(self, self.show_day, self.refuse)
        self.narrowed: Loader[Day] = Loader(self, self.show_day, self.refuse)
        self.wish = Wish()
        self.bar: FilterBar | None = None

    def body(self) -> ComposeResult:
        """Lay out the list and the card."""
        titles = [Title(), Title(), Title(fixed=True, right=True)]
        yield from self.panes(RowList(titles, classes="main"))

    def reload(self) -> None:
        """Read the day again; at the beginning its first lines are shown before the rest."""
        owner = self.crm_app.crm.config.actor() if self.only_mine else None
        if self.day is None:
            self.first.start(lambda crm: read_first(crm, owner))
        else:
            wish = self.wish
            self.days.start(lambda crm: read_day(crm, owner, wish))

    def show_first(self, day: Day) -> None:
        """Show the first lines, and read the rest when they are painted."""
        self.day = day
        if len(day.rows):
            self.show_day(day)
        self.call_after_refresh(self.reload)

    def show_day(self, day: Day) -> None:
        """Show the day; the cursor stays on its record, or takes the next one."""
        if day.wish != self.wish:  # the filter was changed meanwhile
            self.narrow(day.items)
            return
        if self.bar is not None:
            self.bar.accept(day.unknown)
        if day.wish.is_typing and not len(day.rows):
            return
        self.day = day
        rows = self.query_one(RowList)
        rows.empty = tr(WELCOME) if day.is_empty else tr(FREE)
        if day.wish.tree:
            rows.empty = tr(NOTHING, text=day.wish.text)
        self.say_title(day.heading, day.figures)
        rows.show(day.rows, key=self.take_wanted(), stay=True)

    # The filter: mounted when it is first asked for, since the first frame does without it

    async def action_filter(self) -> None:
        """Type a filter: of people, or any text of the day."""
        if self.bar is None:
            from crmcli.tui.widgets.filter_bar import FilterBar

            self.bar = FilterBar("contact")
            await self.mount(self.bar, after=self.query_one(TitleBar))
        self.bar.open()

    def on_filter_bar_changed(self, event: "FilterBar.Changed") -> None:
        """Show what of the day the filter selects."""
        self.wish = Wish(event.tree, event.text, event.is_typing)
        self.narrow(self.day.items if self.day else ())

    def narrow(self, items: Sequence[Item]) -> None:
        """Choose from the items of the day, read before."""
        wish = self.wish
        self.narrowed.start(lambda crm: told_day(crm, items, wish))

    def on_filter_bar_closed(self) -> None:
        """Go on in the list."""
        self.query_one(RowList).focus()

    def refuse(self, error: "CrmError") -> None:
        """Tell what is wrong with the filter, below it; anything else in a corner."""
        if self.bar is not None and self.bar.text == self.wish.text:
            self.bar.refuse(error)
            self.wish = self.day.wish if self.day else Wish()
        else:
            self.crm_app.say_error(error)

    def action_back(self) -> None:
        """Show the whole day again."""
        if self.bar is not None and self.wish.tree is not None:
            self.bar.action_clear()

    # What the acts work on

    def chosen(self) -> list[Item]:
        """Give the marked items, else the one under the cursor."""
        if self.day is None:
            return []
        found = map(self.day.rows.item, self.query_one(RowList).chosen())
        return [item for item in found if item is not None]

    def about(self) -> "Key | None":
        """Give what the row under the cursor is about: the deal, whoever it is with, the task."""
        key = self.query_one(RowList).key
        item = self.day.rows.item(key) if self.day else None
        return whom(item) if item else None

    def people(self) -> "list[Key]":
        """Give the people and orgs of the chosen items, each once."""
        from crmcli.store.search import key_of

        return list(dict.fromkeys(key_of(item.who_id) for item in self.chosen() if item.who_id))

    def deals(self) -> list[int]:
        """Give the deals among the chosen items."""
        return [int(item.id[1:]) for item in self.chosen() if item.id[0] == "d"]

    def targets(self) -> "list[Key]":
        """Give the deals that are chosen, and whom the other items are about."""
        about = (whom(item) for item in self.chosen())
        return list(dict.fromkeys(key for key in about if key[0] != "task"))

    def tasks(self) -> list[int]:
        """Give the tasks among the chosen items."""
        return [int(item.id[1:]) for item in self.chosen() if item.id[0] == "t"]

    def action_only_mine(self) -> None:
        """Show only what is mine, or everybody's."""
        self.only_mine = not self.only_mine
        self.reload()

    @on(RowList.Opened)
    def action_open(self) -> None:
        """Open the card."""
        from crmcli.tui.neighbours import ListNeighbours

        key = self.about()
        if key is not None and self.day is not None:
            items = map(self.day.rows.item, self.day.rows.keys())
            self.crm_app.open_record(key, ListNeighbours([whom(item) for item in items if item]))
