"""The history: who changed what, when and from where; beside it each change, before and after."""

from collections.abc import Callable, Hashable, Iterator, Sequence
from dataclasses import dataclass
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Container

from crmcli.context import Context
from crmcli.errors import ConflictError, CrmError
from crmcli.i18n import mark, tr, trn
from crmcli.service import changes, history
from crmcli.service.card import day_words
from crmcli.service.history import Entry
from crmcli.store.journal import Reverted
from crmcli.store.search import Key
from crmcli.tui.binds import bindings
from crmcli.tui.screens.base import CrmScreen
from crmcli.tui.widgets.card import CardPane, Part, Sheet
from crmcli.tui.widgets.rows import ListRows, Row, RowList, Title
from crmcli.tui.work import Loader

PAGE = 200  # groups that are read at once
AHEAD = 50  # rows before the end at which the next page is read
EMPTY = mark("""\
Nothing was changed yet.

Every change stands here: who made it, when, from where; u takes back your last one, x any.""")
NONE_HERE = mark("""\
Nothing was changed here.

esc  shows everything again""")


@dataclass(frozen=True, slots=True)
class Only:
    """What the history is limited to: a record, an actor, and how that is said."""

    record: Key | None = None
    actor: str | None = None
    said: str = ""


@dataclass(frozen=True, slots=True)
class Page:
    """Groups as they are read, and whether there are older ones."""

    entries: list[Entry]
    has_more: bool


def read_page(crm: Context, only: Only, limit: int, before: int = history.NEWEST) -> Page:
    """Read groups; on a thread."""
    found = history.entries(crm, limit + 1, record=only.record, actor=only.actor, before=before)
    return Page(found[:limit], len(found) > limit)


def read_changes(crm: Context, entry: Entry, arrow: str) -> Sheet:
    """Read what a group changed; on a thread."""
    told = changes.read(crm, entry.id, arrow=arrow)
    return Sheet(("change", entry.id), {}, tuple(_parts(entry, told)))


def _parts(entry: Entry, told: changes.Told) -> Iterator[Part]:
    yield Part("head", f"#{entry.id}", entry.command or entry.source)
    yield Part("fact", entry.actor, f"{entry.day} {entry.time}, {entry.source}")
    if entry.undone:
        yield Part("late", "", tr("undone"))
    for block in told.blocks:
        yield Part("heading", "", f"{block.name}: {block.verb}")
        yield from (Part("fact", label, text) for label, text in block.lines)
    if told.more:
        yield Part(
            "hint", "", trn("and {count} more change", "and {count} more changes", told.more)
        )


class Growing(ListRows):
    """Rows that ask for more when the last of them come into sight."""

    def __init__(self, rows: Sequence[Row], more: Callable[[], object]) -> None:
        super().__init__(rows)
        self.more = more

    def row(self, at: int) -> Row:
        """Give a row."""
        if at >= len(self.rows) - AHEAD:
            self.more()
        return self.rows[at]


def rows_of(crm: Context, entries: Sequence[Entry]) -> Iterator[Row]:
    """Give the rows, with a heading for each day."""
    day = ""
    for entry in entries:
        if entry.day != day:
            day = entry.day
            yield Row(None, (day_said(crm, day),))
        what = tr("undone: {what}", what=entry.what) if entry.undone else entry.what
        cells = (entry.time, entry.actor, entry.source, entry.command, what)
        yield Row(entry.id, cells, "quiet" if entry.undone else "")


def day_said(crm: Context, day: str) -> str:
    """Say a day; what another program wrote instead of one is shown as it is."""
    try:
        return day_words(crm, day)
    except ValueError:
        return day


class HistoryScreen(CrmScreen):
    """What was done, the newest first."""

    AREA = "history"
    BINDINGS: ClassVar[list[BindingType]] = [*bindings("history")]

    def __init__(self) -> None:
        super().__init__()
        self.only = Only()
        self.page = Page([], False)
        self.known: dict[Hashable, Entry] = {}
        self.pages: Loader[Page] = Loader(self, self.show_page)
        self.older: Loader[Page] = Loader(self, self.show_older)
        self.is_growing = False
        self.sheets: Loader[Sheet] = Loader(self, self.show_changes)

    def body(self) -> ComposeResult:
        """Lay out the list and what the group under the cursor changed."""
        titles = [
            Title(tr("Time"), fixed=True),
            Title(tr("Who")),
            Title(tr("From"), fixed=True),
            Title(tr("Command"), fixed=True),
            Title(tr("What")),
        ]
        with Container(classes="panes"):
            yield RowList(titles, classes="main")
            with Container(classes="side"):
                yield CardPane()

    # Reading

    def reload(self) -> None:
        """Read again as many groups as are shown."""
        only, limit = self.only, max(len(self.page.entries), PAGE)
        self.older.cancel()
        self.is_growing = False
        self.pages.start(lambda crm: read_page(crm, only, limit))

    def read_older(self) -> None:
        """Read the next page, once."""
        if self.is_growing or not self.page.has_more:
            return
        self.is_growing = True
        only, before = self.only, self.page.entries[-1].id
        self.older.start(lambda crm: read_page(crm, only, PAGE, before))

    def show_older(self, page: Page) -> None:
        """Show one more page."""
        self.is_growing = False
        self.show_page(Page([*self.page.entries, *page.entries], page.has_more))

    def show_page(self, page: Page) -> None:
        """Show the groups; the cursor stays on its own."""
        self.page = page
        self.known = {entry.id: entry for entry in page.entries}
        rows = self.query_one(RowList)
        rows.empty = tr(NONE_HERE) if self.only.said else tr(EMPTY)
        count = trn("{count} change", "{count} changes", len(page.entries))
        figures = tr("{count} and older ones", count=count) if page.has_more else count
        self.say_title(self.only.said or tr("History"), figures if page.entries else "")
        found = list(rows_of(self.crm_app.crm, page.entries))
        more = Growing(found, lambda: self.call_later(self.read_older))
        rows.show(more, key=self.take_wanted(), stay=True)

    def entry(self) -> Entry | None:
        """Give the group under the cursor."""
        return self.known.get(self.query_one(RowList).key)

    @on(RowList.Moved)
    def read_changes(self) -> None:
        """Read what the group under the cursor changed."""
        entry = self.entry()
        if entry is None:
            self.sheets.cancel()
            self.query_one(CardPane).show(None)
            return
        arrow = "->" if self.crm_app.ascii else "→"
        self.sheets.start(lambda crm: read_changes(crm, entry, arrow))

    def show_changes(self, sheet: Sheet) -> None:
        """Show the changes beside the list."""
        pane = self.query_one(CardPane)
        pane.show(sheet, keep=pane.sheet is not None and pane.sheet.key == sheet.key)

    # What is shown

    def limit(self, only: Only) -> None:
        """Show only a part of the history, from its newest group on."""
        self.only, self.page = only, Page([], False)
        self.reload()

    def action_only_mine(self) -> None:
        """Show only what I did, or everything."""
        me = self.crm_app.crm.config.actor()
        mine = Only(actor=me, said=tr("History: {name}", name=me))
        self.limit(Only() if self.only.actor == me else mine)

    def action_back(self) -> None:
        """Show everything again, then go back to where one came from."""
        if self.only.said:
            self.limit(Only())
        else:
            self.crm_app.go_back()

    def action_filter(self) -> None:
        """Ask for a record or an actor."""
        from crmcli.tui.modals.form import Field, Form

        field = Field("text", tr("Record, or who"), hint=tr("ana-novak, c12, or a colleague"))
        form = Form(
            tr("Only what touched"), [field], lambda crm, values: only_of(crm, values["text"])
        )
        self.app.push_screen(form, lambda only: self.limit(only) if only else None)

    # What is done

    @on(RowList.Opened)
    def action_open(self) -> None:
        """Open the card of whom the group touched."""
        entry = self.entry()
        if entry is not None and entry.opens:
            self.crm_app.open_record(entry.opens)
        elif entry is not None:
            self.crm_app.say(tr("It touched nobody whose card could be opened"))

    def action_take_back(self) -> None:
        """Take back the group under the cursor."""
        entry = self.entry()
        if entry is None:
            return
        if entry.is_undo:
            self.crm_app.say(tr("This took something back itself; U does that again"))
        elif entry.undone:
            self.crm_app.say(tr("It is undone already; U does it again"))
        else:
            self.crm_app.write(
                lambda crm: history.undo(crm, entry.id),
                self.say_undone,
                lambda error: self.ask_rest(entry, error),
            )

    def say_undone(self, done: Reverted) -> None:
        """Say what was taken back, and what was left."""
        lines = [tr("Undone: {command}; U brings it back", command=done.command)]
        lines += [tr("kept, changed since: {name}", name=name) for name in done.kept]
        self.crm_app.say("\n".join(lines))

    def ask_rest(self, entry: Entry, error: CrmError) -> None:
        """Ask whether to take back what was not changed since."""
        from crmcli.tui.modals.menu import Choice, Menu

        if not isinstance(error, ConflictError):
            self.crm_app.say_error(error)
            return

        def answered(choice: str | None) -> None:
            if choice == "rest":
                self.crm_app.write(
                    lambda crm: history.undo(crm, entry.id, skip_changed=True), self.say_undone
                )

        choices = [
            Choice("n", "no", tr("undo nothing")),
            Choice("s", "rest", tr("undo the rest, skip what changed since")),
        ]
        menu = Menu(tr("Not undone"), choices, note=error.message)
        self.app.push_screen(menu, answered)


def only_of(crm: Context, text: str) -> Only:
    """Give what a text limits the history to: an actor, else a record.

    Raises:
        NotFoundError: it is neither.
        ConflictError: it may be several records.
    """
    from crmcli.service.record import meant, name_of
    from crmcli.store import journal
    from crmcli.store.search import NOUNS
    from crmcli.text import fold

    for actor in journal.actors(crm.store.reader):
        if fold(actor) == fold(text):
            return Only(actor=actor, said=tr("History: {name}", name=actor))
    key = meant(crm, text, NOUNS, trash=True)
    return Only(record=key, said=tr("History of {name}", name=name_of(crm, key)))
