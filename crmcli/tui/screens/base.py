"""What every area shares: the lines above and below, reloading, and the acts on a record."""

from collections.abc import Hashable
from typing import TYPE_CHECKING, ClassVar

from textual.app import ComposeResult
from textual.binding import BindingType
from textual.screen import Screen
from textual.widgets import Static

from crmcli.i18n import mark, tr
from crmcli.tui.widgets.bars import KeyBar, TabBar, TitleBar

if TYPE_CHECKING:
    from crmcli.store.search import Key
    from crmcli.store.unit import Changes
    from crmcli.tui.app import CrmApp


class CrmScreen(Screen[None]):
    """One area, or a screen on top of it.

    Subclasses set AREA (its row in the table of keys) and NOUNS, compose their `body`, and say in
    `reload` how they read again.
    """

    AREA: ClassVar[str] = ""
    TAB: str = ""  # the area it belongs to, if it is none itself
    NOUNS: ClassVar[tuple[str, ...]] = ("contact", "org", "task", "interaction", "deal")
    BINDINGS: ClassVar[list[BindingType]] = []
    DEFAULT_CSS = """
    CrmScreen { layout: vertical; background: $background; }
    CrmScreen .panes { height: 1fr; layout: vertical; }
    CrmScreen .panes > .main { height: 3fr; }
    CrmScreen .panes > .side { height: 2fr; border-top: solid $border; }
    CrmScreen.-wide .panes, CrmScreen.-vast .panes { layout: horizontal; }
    CrmScreen.-wide .panes > .main, CrmScreen.-vast .panes > .main { width: 3fr; height: 100%; }
    CrmScreen.-wide .panes > .side, CrmScreen.-vast .panes > .side {
        width: 2fr; height: 100%; border-top: none; border-left: solid $border;
    }
    CrmScreen { layers: below above; }
    CrmScreen > .small {
        display: none; layer: above; width: 100%; height: 100%; background: $background;
    }
    CrmScreen.-tiny > .small, CrmScreen.-low > .small { display: block; }
    """
    AUTO_FOCUS = "RowList"
    TOO_SMALL = mark("too small: needs 40x10")
    seen = 0  # the number of changes that this screen has read
    wanted: Hashable | None = None  # where the cursor goes with the next reading

    @property
    def crm_app(self) -> "CrmApp":
        """Give the app by its own type."""
        from crmcli.tui.app import CrmApp

        assert isinstance(self.app, CrmApp)
        return self.app

    @property
    def part(self) -> str:
        """Give the part of the table of keys that holds here."""
        return self.AREA

    def compose(self) -> ComposeResult:
        """Lay out the lines above and below, and the body between."""
        yield TabBar(self.TAB or self.AREA)
        yield TitleBar()
        yield from self.body()
        yield KeyBar(self.part)
        yield Static(tr(self.TOO_SMALL), classes="small", markup=False)

    def body(self) -> ComposeResult:
        """Lay out what is between."""
        raise NotImplementedError

    def on_mount(self) -> None:
        """Read for the first time."""
        self.seen = self.crm_app.changes_count
        self.reload()

    def on_screen_resume(self) -> None:
        """Read again when something changed while another screen was in front."""
        self.query_one(TabBar).refresh()
        if self.seen != self.crm_app.changes_count:
            self.seen = self.crm_app.changes_count
            self.reload()

    def take(self, changes: "Changes | None") -> None:
        """Read again if it concerns this screen; None stands for anything."""
        self.seen = self.crm_app.changes_count
        self.query_one(TabBar).refresh()
        if changes is None or any(changes.ids.get(noun) for noun in self.NOUNS):
            self.reload()

    def reload(self) -> None:
        """Read what is shown again, keeping the cursor on its record."""
        raise NotImplementedError

    def say_title(self, left: str, right: str = "") -> None:
        """Show the title and the figures."""
        self.query_one(TitleBar).say(left, right)

    def leave_row(self) -> None:
        """Let the cursor go on to the next row when an act has been saved."""
        from crmcli.tui.widgets.rows import RowList

        for rows in self.query(RowList).results(RowList):
            self.wanted = rows.key_after()
            rows.marks = set()

    def take_wanted(self) -> Hashable | None:
        """Give where the cursor is to go, once."""
        wanted, self.wanted = self.wanted, None
        return wanted

    def refuse_masked(self) -> bool:
        """Say that nothing real can be had while names are masked; tell whether they are."""
        from crmcli.text import masker

        if masker():
            self.crm_app.say(tr("Names are masked: ctrl+x shows them again"))
        return masker() is not None

    # What an act works on; subclasses say it

    def people(self) -> "list[Key]":
        """Give the contacts and orgs that are marked, or under the cursor."""
        return []

    def tasks(self) -> list[int]:
        """Give the tasks that are marked, or under the cursor."""
        return []

    def deals(self) -> list[int]:
        """Give the deals that are marked, or under the cursor."""
        return []

    def targets(self) -> "list[Key]":
        """Give what a new task is for: the deals that are chosen, else the people and orgs."""
        return [("deal", id) for id in self.deals()] or self.people()

    # The acts of the daily round (keys.RECORD)

    def action_log(self) -> None:
        """Ask what happened, then log it."""
        self._act("log_something")

    def action_done(self) -> None:
        """Complete the tasks, and log what was said."""
        self._act("done")

    def action_snooze(self) -> None:
        """Hide the tasks until a day."""
        self._act("snooze")

    def action_reschedule(self) -> None:
        """Give the tasks another due date."""
        self._act("reschedule")

    def action_bump(self) -> None:
        """Let the cadence of the people count from today."""
        self._act("bump_people")

    def action_waiting(self) -> None:
        """Note what they owe, and until when."""
        self._act("waiting")

    def action_add_task(self) -> None:
        """Add a next step."""
        self._act("add_task")

    def action_new_deal(self) -> None:
        """Add a deal with whoever is under the cursor."""
        from crmcli.tui import deals

        keys = self.people()
        if keys:
            deals.begin(self, keys[0])
        else:
            self.crm_app.say(tr("There is nobody here to sell to"))

    def _act(self, name: str) -> None:
        """Do one; their module is imported with the first, not before the screen is painted."""
        from crmcli.tui import acts

        getattr(acts, name)(self)
