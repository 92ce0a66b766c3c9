"""The full screen: areas that share one desk, one table of keys and one way to write."""

import os
import signal
from collections.abc import Callable, Iterable
from contextlib import suppress
from functools import partial
from importlib import import_module
from threading import Event, Timer
from typing import TYPE_CHECKING, Any, ClassVar, TypeVar

from textual import events
from textual.app import App, ScreenStackError, SystemCommand
from textual.geometry import Size
from textual.screen import Screen

from crmcli.context import Context
from crmcli.errors import INTERRUPT, CrmError
from crmcli.i18n import tr
from crmcli.text import mask_with, masker, safe
from crmcli.tui import theme
from crmcli.tui.binds import bindings
from crmcli.tui.keyboard import Keyboard
from crmcli.tui.terminal import (
    NoColour,
    driver_for,
    has_terminal,
    refuse_without_terminal,
)
from crmcli.tui.work import Desk

if TYPE_CHECKING:
    from textual.command import Provider

    from crmcli.store.search import Key
    from crmcli.store.unit import Changes
    from crmcli.tui.neighbours import Neighbours

T = TypeVar("T")
MOST_RECENT = 12
VIEWED = {"contact": "contacts", "org": "orgs", "task": "tasks", "deal": "board"}  # noun -> area
GRACE = 20.0  # seconds that an ending may take when a signal asked for it
POLL = 1.0  # seconds between two looks at what other processes wrote
# area -> module and class; a module is imported when its area is opened.
AREAS = {
    "today": ("today", "TodayScreen"),
    "tasks": ("task", "TasksScreen"),
    "contacts": ("party", "ContactsScreen"),
    "orgs": ("party", "OrgsScreen"),
    "search": ("search", "SearchScreen"),
    "history": ("history", "HistoryScreen"),
    "board": ("board", "BoardScreen"),
    "reports": ("reports", "ReportsScreen"),
    "import": ("import_", "ImportScreen"),
}


def records() -> "type[Provider]":
    """Give what finds records for the command palette."""
    from crmcli.tui.palette import Records

    return Records


def opened(area: str) -> Callable[[], Screen[None]]:
    """Give what makes the screen of an area."""
    module, name = AREAS[area]

    def make() -> Screen[None]:
        screen: Screen[None] = getattr(import_module(f"crmcli.tui.screens.{module}"), name)()
        return screen

    return make


class CrmApp(App[None]):
    """The full screen of one run.

    Args:
        crm: the run; its clock, database and settings.
        ascii: draw with signs of ASCII only.
    """

    TITLE = "crm"
    ENABLE_COMMAND_PALETTE = True
    COMMANDS = App.COMMANDS | {records}
    MODES: ClassVar[dict[str, Any]] = {area: opened(area) for area in AREAS}
    DEFAULT_MODE = "today"
    HORIZONTAL_BREAKPOINTS = [(0, "-tiny"), (40, "-narrow"), (100, "-wide"), (150, "-vast")]
    VERTICAL_BREAKPOINTS = [(0, "-low"), (10, "-high")]
    CSS = """
    Toast { max-width: 76; }
    Screen { scrollbar-color: $border; scrollbar-background: $background; }
    """

    def __init__(self, crm: Context, *, ascii: bool = False) -> None:
        super().__init__()
        self.crm = crm
        self.ascii = ascii
        self.desk = Desk(crm)
        self.keyboard = Keyboard(self, super().on_event)
        self.drafts: dict[str, dict[str, str]] = {}  # texts of forms that were left unsaved
        self.unsaved: dict[str, Any] = {}  # what was typed when the end came
        self.saving: dict[str, Any] = {}  # what was being saved then, until it is
        self.last_words: list[str] = []  # what became of that which was being written then
        self.jobs: dict[str, Event] = {}  # what runs on and can be broken off: its name, how
        self.changes_count = 0
        self.came_from = self.DEFAULT_MODE
        self.recent: list[Key] = []  # the records that were opened last, the newest first
        for one in theme.themes():
            self.register_theme(one)
        self.theme = theme.chosen(crm)
        if self.no_color or crm.config.get("color") == "never":
            self._filters[:] = [NoColour()]  # Textual's own turns colours into greys
        self._bind(bindings("app"))

    def _bind(self, table: Iterable[Any]) -> None:
        """Bind the keys of the app; Textual's own are replaced."""
        self._bindings.key_to_bindings.pop("ctrl+c", None)
        self._bindings.key_to_bindings.pop("ctrl+q", None)
        for key in table:
            for name in key.key.split(","):
                self._bindings.bind(
                    name.strip(), key.action, key.description, show=False, priority=key.priority
                )

    # Life

    def get_driver_class(self) -> Any:
        """Give what draws."""
        return driver_for(super().get_driver_class())

    async def on_event(self, event: events.Event) -> None:
        """Let keys wait for their turn."""
        if self.keyboard.takes(event):
            return
        try:
            await super().on_event(event)
        except ScreenStackError:  # a key on its way while the screens are taken down
            if not self._exit:
                raise

    def on_mount(self) -> None:
        """Listen to the system, and watch what other processes write."""
        self.keyboard.start()
        self.desk.watcher.has_changed()
        self.set_interval(POLL, self.poll)
        if not self.is_headless:
            self._listen()

    def _listen(self) -> None:
        import asyncio

        loop = asyncio.get_running_loop()
        for name in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            loop.add_signal_handler(name, partial(self.end, name))

    def end(self, number: int) -> None:
        """End by a signal; for sure, also when the terminal takes and gives nothing any more."""
        code = 128 + number
        last_resort = Timer(GRACE, os._exit, [code])
        last_resort.daemon = True
        last_resort.start()
        self.exit(return_code=code)

    def poll(self) -> None:
        """Show what another process wrote; end when the terminal is gone and nobody said so."""
        if not self.is_headless:
            if not has_terminal():
                self.end(signal.SIGHUP)
                return
            self._keep_size()
        if self.desk.watcher.has_changed():
            self.publish(None)

    def _keep_size(self) -> None:
        """Take the terminal's size; of two changes in a row the driver may tell the first last."""
        if {"COLUMNS", "LINES"} & os.environ.keys():
            return  # the driver believes these
        with suppress(OSError):
            size = Size(*os.get_terminal_size())
            if size and size != self.size:
                self.post_message(events.Resize(size, size))

    def publish(self, changes: "Changes | None") -> None:
        """Let the screen in front read again; the others do when they come to the front."""
        self.changes_count += 1
        if hiding := masker():
            hiding.forget()
        for screen in self.screen_stack:
            take = getattr(screen, "take", None)
            if take:
                take(changes)

    def on_unmount(self) -> None:
        """Close the database."""
        self.keyboard.stop()
        self.desk.close()

    def _fatal_error(self) -> None:
        """End on a fault of ours; `run` says it, without values on the screen."""
        self._part()
        self._close_messages_no_wait()

    # The end

    def exit(self, *args: Any, **options: Any) -> None:
        """End; what runs on is broken off, what was typed is kept."""
        self._part()
        super().exit(*args, **options)

    def _part(self) -> None:
        """Break off what runs on, and take the texts of open forms along."""
        for stop in self.jobs.values():
            stop.set()
        self.desk.is_closing = True
        from crmcli.tui.unsaved import open_texts

        screens = [screen for stack in self._screen_stacks.values() for screen in stack]
        self.unsaved = {**self.drafts, **open_texts(screens)}
        self.saving = open_texts(screens, saving=True)

    def take_leave(self) -> None:
        """Say on the terminal, which is as it was, what became of what was not finished."""
        lines = list(self.last_words)
        if texts := {**self.unsaved, **self.saving}:
            from crmcli.tui.unsaved import keep, told

            try:
                path = keep(texts, self.crm.clock)
                lines.append(tr("your text is not saved; it is kept in {path}", path=path))
            except (CrmError, OSError):
                lines.append(tr("your text is not saved:") + "\n" + told(texts))
        with suppress(CrmError, OSError):  # the terminal may be gone
            for line in lines:
                self.crm.out.say(line)

    # Writing

    def write(
        self,
        act: Callable[[Context], T],
        then: Callable[[T], None],
        fail: Callable[[CrmError], None] | None = None,
        busy: Callable[[], None] | None = None,
        *,
        is_long: bool = False,
    ) -> None:
        """Run what writes on a thread; keys wait until the screen shows what it did.

        Args:
            act: a unit of work, by `crm.write`.
            then: takes what it gave; screens have been told by then.
            fail: takes the error; without it the error is said.
            busy: told when the database is busy and it is tried again.
            is_long: keys do not wait for it.
        """
        ended = Event()
        if not is_long:
            self.keyboard.wait_while(lambda: not ended.is_set() or self.desk.reading)
        self.desk.pending += 1
        told = busy or (lambda: self.say(tr("The database is busy; trying again …")))
        self.run_worker(
            lambda: self._write(act, then, fail or self.say_error, told, ended),
            thread=True,
            group="write",
        )

    def _write(
        self,
        act: Callable[[Context], T],
        then: Callable[[T], None],
        fail: Callable[[CrmError], None],
        busy: Callable[[], None],
        ended: Event,
    ) -> None:
        end: Callable[[], None] = lambda: None  # noqa: E731
        said = tr("what was being saved is saved")
        try:
            result = self.desk.write(act, lambda: self.call_later(busy))
            self.saving = {}
            end = partial(self._written, then, result)
        except CrmError as error:
            said = error.message
            end = partial(fail, error)
        finally:
            if self.desk.is_closing:
                self.last_words.append(said)
            self.call_later(self._ended, end, ended)

    def _ended(self, end: Callable[[], None], ended: Event) -> None:
        self.desk.pending -= 1
        try:
            end()
        finally:
            ended.set()

    def _written(self, then: Callable[[T], None], result: T) -> None:
        then(result)
        self.desk.watcher.has_changed()  # our own change is no news
        self.publish(None)

    # Saying

    def say(self, message: str, *, bad: bool = False) -> None:
        """Say something in a corner for some seconds; what was said before makes room."""
        for before in [one for one in self._notifications if one.severity == "information"]:
            self._unnotify(before, refresh=False)
        self.notify(
            safe(message, multiline=True), severity="error" if bad else "information", markup=False
        )

    def say_error(self, error: CrmError) -> None:
        """Say what went wrong and how to mend it."""
        self.say("\n".join(filter(None, (error.message, error.hint))), bad=True)

    @property
    def state(self) -> str:
        """Give what every screen tells at its top: that names are masked, that a text is kept."""
        parts = [tr("masked")] if masker() else []
        parts += [tr("unsaved text")] if self.drafts else []
        return " ".join(f"{part} " for part in parts)

    # Keys

    def action_area(self, area: str) -> None:
        """Go to an area."""
        if area in AREAS and self.current_mode != area and not self._asks():
            self.came_from = self.current_mode
            self.switch_mode(area)

    def go_back(self) -> None:
        """Go back to the area one came from."""
        self.action_area(self.came_from)

    def action_search(self) -> None:
        """Go to the search, and type."""
        self.action_area("search")
        begin = getattr(self.screen, "action_type", None)
        if begin:
            begin()

    def action_undo(self) -> None:
        """Take back my last change."""
        from crmcli.store import journal

        self.write(
            lambda crm: crm.write("undo", journal.undo, source="undo").value,
            lambda done: self.say(tr("Undone: {command}; U brings it back", command=done.command)),
        )

    def action_redo(self) -> None:
        """Do again what was undone last."""
        from crmcli.store import journal

        self.write(
            lambda crm: crm.write("redo", journal.redo, source="undo").value,
            lambda done: self.say(tr("Done again: {command}", command=done.command)),
        )

    def action_mask(self) -> None:
        """Show fake names, or the real ones again."""
        mask_with(None if masker() else self.crm.masker())
        self.publish(None)
        self.say(tr("Names are masked") if masker() else tr("Names are shown"))

    def action_help(self) -> None:
        """Show the keys."""
        from crmcli.tui.modals.help import Help

        if not self._asks():
            self.push_screen(Help(getattr(self.screen, "part", "")))

    def action_leave(self) -> None:
        """Quit, from an area only and never over unsaved text."""
        if self._asks():
            return
        if len(self.screen_stack) > 1:
            getattr(self.screen, "leave", self.screen.dismiss)()
        elif self.drafts or self.jobs:
            self._ask_drafts()
        else:
            self.exit()

    def action_interrupt(self) -> None:
        """End at once, as Ctrl-C does elsewhere."""
        self.exit(return_code=INTERRUPT)

    def _asks(self) -> bool:
        """Tell whether a dialog is in front."""
        return self.screen.is_modal

    def _ask_drafts(self) -> None:
        """Ask what is to become of texts that are not saved."""
        from crmcli.tui.modals.menu import Choice, Menu

        def answered(choice: str | None) -> None:
            if choice == "drop":
                self.drafts.clear()
                self.exit()

        texts = [
            f"{name}: {next(filter(None, fields.values()), '')[:50]}"
            for name, fields in self.drafts.items()
        ]
        choices = [Choice("s", "stay", tr("stay")), Choice("d", "drop", tr("discard it and quit"))]
        note = "\n".join((*texts, *self.jobs))
        title = tr("Not saved yet") if self.drafts else tr("Not finished")
        self.push_screen(Menu(title, choices, note), answered)

    def get_system_commands(self, screen: Screen[Any]) -> Iterable[SystemCommand]:
        """Give what the command palette offers: the keys' own words."""
        from crmcli.tui.palette import commands

        return commands(self, screen)

    def open_record(
        self, key: "Key", around: "Neighbours | None" = None, *, edits: bool = False
    ) -> None:
        """Open the card of a record.

        Args:
            key: which one.
            around: the records of the list it is opened from.
            edits: begin to type over it at once.
        """
        from crmcli.tui.screens.card import CardScreen

        self.remember(key)
        self.push_screen(CardScreen(key, around, edits=edits))

    def open_view(self, noun: str, name: str) -> None:
        """List what a saved view selects, in the area of its records."""
        from crmcli.rules.filter import View, format

        area = VIEWED.get(noun, "")
        self.action_area(area)
        show = getattr(self.screen, "filter_by", None)
        if self.current_mode == area and show:
            self.screen.call_after_refresh(show, format(View(name)))
        else:
            self.say(tr("No area lists {nouns}", nouns=tr(f"{noun}s")))

    def remember(self, key: "Key") -> None:
        """Note that a person, an org or a deal was opened."""
        if key[0] in ("contact", "org", "deal"):
            self.recent = [key, *(other for other in self.recent if other != key)][:MOST_RECENT]

    # $EDITOR

    def edit_text(self, text: str) -> str | None:
        """Let the person write in $EDITOR while the screen is away; None if that failed."""
        try:
            with self.suspend():
                return self.crm.edit(text)
        except CrmError as error:
            self.say_error(error)
            return None


def run(crm: Context, *, ascii: bool = False) -> int:
    """Show the full screen until it is left; give the exit code.

    Raises:
        UsageError: there is no terminal to draw on.
        StorageError: what lies there is no database of ours.
    """
    refuse_without_terminal()
    crm.store.check()  # said here, not on the screen
    app = CrmApp(crm, ascii=ascii)
    try:
        app.run()
    finally:
        app.take_leave()
    if app._exception is not None:
        raise getattr(app._exception, "error", app._exception)
    crm.finish()
    return app.return_code or 0
