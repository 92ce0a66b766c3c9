"""One record: its facts, which can be typed over where they stand, beside what was said."""

from collections.abc import Callable, Hashable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from typing import ClassVar

from rich.cells import cell_len
from textual import events, on
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Container
from textual.widgets import Input

from crmcli.context import Context
from crmcli.errors import CrmError
from crmcli.i18n import mark, tr, trn
from crmcli.rules.channel import PARTS
from crmcli.service import bulk, card
from crmcli.service.card import FollowUp, Page, Said
from crmcli.service.fact import amend, read, shown
from crmcli.service.fact.amend import Changed, Saved
from crmcli.service.fact.one import Fact
from crmcli.service.fact.stored import Gone, require_living
from crmcli.service.handler import handler, open_link
from crmcli.service.party import Known
from crmcli.store.rows import Place
from crmcli.store.search import Key, reference
from crmcli.text import masker, safe
from crmcli.tui.binds import bindings
from crmcli.tui.keys import keys_of
from crmcli.tui.modals.form import Field, Form
from crmcli.tui.modals.large import Large
from crmcli.tui.modals.menu import Choice, Menu
from crmcli.tui.neighbours import ListNeighbours, Neighbours
from crmcli.tui.screens.base import CrmScreen
from crmcli.tui.widgets.bars import KeyBar, TabBar
from crmcli.tui.widgets.fields import Fields, fits_in_line
from crmcli.tui.widgets.flow import Entry, Flow
from crmcli.tui.widgets.rows import ListRows, Row, RowList
from crmcli.tui.work import Loader

PAGE = 50  # interactions that are read at once
PARTIES = ("contact", "org")
NO_STEP = mark("No next step yet: a adds a task, c logs with a next step")
NOTHING_SAID = mark("""\
Nothing was said yet.

c  logs a call, an e-mail, a meeting or a note
a  adds a next step""")
NOTHING_OF_ORG = mark("""\
Nothing was logged with the organization itself.
What was said with its people stands on their cards.

c  logs a call, an e-mail, a meeting or a note
a  adds a next step""")
NO_TEXT = mark("No text. e writes one.")
ADDRESS = {
    "label": mark("Label"),
    "street": mark("Street"),
    "extended": mark("Extended"),
    "locality": mark("City"),
    "region": mark("Region"),
    "postal_code": mark("Post code"),
    "country": mark("Country"),
}
NUMBERS = "123456789"


@dataclass(frozen=True, slots=True)
class Whole:
    """A record as it is read.

    Args:
        key: which one.
        name: what it is called.
        known_as: its reference, and its handle.
        facts: what is known, and what can be filled in.
        groups: open tasks under their headings.
        whom: the person or org that it is about, whose timeline is shown.
        page: the newest part of the timeline.
        text: what was said, of an interaction.
    """

    key: Key
    name: str
    known_as: str
    facts: tuple[Fact, ...]
    groups: tuple[tuple[str, list[FollowUp]], ...]
    whom: Key | None
    page: Page
    text: str | None

    @property
    def tasks(self) -> list[FollowUp]:
        """Give the open tasks in the order they are shown in."""
        return [task for _, tasks in self.groups for task in tasks]


@dataclass(frozen=True, slots=True)
class Typing:
    """A fact that is being typed over: whose, and what it held when that began."""

    key: Key
    fact: Fact
    shown: str

    @property
    def name(self) -> str:
        """Give under which name the text is kept while it is not saved."""
        return f"{self.fact.label} {reference(self.key)}"


def read_whole(crm: Context, key: Key, count: int, *, ascii: bool) -> Whole:
    """Read a record with so much of its timeline; on a thread.

    Raises:
        Gone: it is not there (any more).
    """
    require_living(crm.store.reader, key)
    noun, _ = key
    record = card.read(crm, key, timeline=0)
    whom = shown.whom(noun, record)
    is_party = noun in PARTIES
    return Whole(
        key=key,
        name=str(record.get("name") or record.get("title") or _happened(record)),
        known_as=" ".join(filter(None, (reference(key), record.get("handle")))),
        facts=tuple(shown.facts(crm, key, record, ascii=ascii)),
        groups=tuple(card.follow_ups(crm, record)) if is_party else (),
        whom=whom,
        page=card.page(crm, whom, count) if whom and noun != "interaction" else Page(),
        text=(record["body"] or "") if noun == "interaction" else None,
    )


def _happened(record: card.Record) -> str:
    """Say what an interaction was, and with whom."""
    names = ", ".join(str(person["name"]) for person in record["people"]) or record["org"] or ""
    kind = tr(card.KINDS[record["kind"]])
    return tr("{names}: {kind}", names=names, kind=kind) if names else kind


class CardScreen(CrmScreen):
    """The card of a person, an org, a task or an interaction.

    Args:
        key: which one.
        around: the list it was opened from, for the next and the previous one.
        edits: begin to type over it as soon as it is read.
    """

    AREA = "card"
    BINDINGS: ClassVar[list[BindingType]] = [*bindings("card")]
    DEFAULT_CSS = """
    CardScreen .panes > Fields { height: 2fr; }
    CardScreen .panes > #said { height: 2fr; border-top: solid $border; }
    CardScreen .panes > Fields:focus-within, CardScreen .panes > #said:focus { height: 3fr; }
    CardScreen.-wide .panes, CardScreen.-vast .panes { layout: horizontal; }
    CardScreen.-wide .panes > *, CardScreen.-vast .panes > * { width: 1fr; height: 100%; }
    CardScreen.-wide .panes > #said, CardScreen.-vast .panes > #said {
        height: 100%; border-top: none; border-left: solid $border;
    }
    CardScreen.-vast .panes > Fields { width: 2fr; height: 100%; }
    CardScreen.-vast .panes > #said { width: 3fr; }
    """

    def __init__(self, key: Key, around: Neighbours | None = None, *, edits: bool = False) -> None:
        super().__init__()
        self.record_key = key
        self.around = around
        self.edits = edits
        self.whole: Whole | None = None
        self.said_rows: list[Row] = []  # of the timeline, as far as it was read
        self.said_count = 0
        self.said_day = ""
        self.after: Place | None = None  # where the next part of the timeline begins
        self.asked: Place | None = None  # where the part begins that is being read
        self.typing: Typing | None = None
        self.is_saving = False
        self.is_gone = False
        self.picked: list[int] = []  # the task that was chosen for the act under way
        self.wholes: Loader[Whole] = Loader(self, self.show_whole, self._unreadable)
        self.pages: Loader[Page] = Loader(self, self.show_page, self._page_unread)

    # Layout

    def body(self) -> ComposeResult:
        """Lay out the facts and the timeline."""
        with Container(classes="panes"):
            yield Fields()
            yield Flow(is_stacked=True, id="said")

    def on_mount(self) -> None:
        """Read; the tab of the area it was opened from stays lit."""
        self.query_one(TabBar).area = self.app.current_mode
        self.facts.markable = lambda key: isinstance(key, tuple) and key[0] == "task"
        if self.record_key[0] == "interaction":  # its text is what one wants to read
            self.said.focus()
        super().on_mount()

    @property
    def fields(self) -> Fields:
        """Give the pane of the facts."""
        return self.query_one(Fields)

    @property
    def facts(self) -> Flow:
        """Give the rows of the facts."""
        return self.fields.flow

    @property
    def said(self) -> Flow:
        """Give the timeline."""
        return self.query_one("#said", Flow)

    # Reading

    def reload(self) -> None:
        """Read again, as much of the timeline as was read before."""
        if masker() and self.typing:
            self.leave_typing(keep=True)
        key, count, ascii = self.record_key, max(PAGE, self.said_count), self.crm_app.ascii
        self.pages.cancel()
        self.asked = None
        self.wholes.start(lambda crm: read_whole(crm, key, count, ascii=ascii))

    def show_whole(self, whole: Whole) -> None:
        """Show a record; the cursors stay where they stand, and what is typed stays typed."""
        is_other = self.whole is None or self.whole.key != whole.key
        self.whole = whole
        self._show_facts(is_other=is_other)
        self._show_said(whole, is_other=is_other)
        self._say_title()
        if self.edits:
            self.edits = False
            self.action_edit()

    def _show_facts(self, *, is_other: bool = False) -> None:
        if self.whole is not None:
            self.facts.show(
                ListRows(list(self._fact_rows(self.whole))),
                key=("name", "") if is_other else self.take_wanted(),
                stay=not is_other,
            )

    def _say_title(self) -> None:
        if self.whole is None:
            return
        place = self.around.place(self.record_key) if self.around else None
        where = tr("{at} of {count}", at=place[0], count=place[1]) if place else ""
        name, known_as = self.whole.name, self.whole.known_as
        if cell_len(safe(name + known_as + where)) + 8 > self.size.width:
            known_as = reference(self.record_key)  # the handle is seldom needed, the name is
        self.say_title(name, "   ".join(filter(None, (known_as, where))))

    def _show_said(self, whole: Whole, *, is_other: bool) -> None:
        """Show the timeline from its newest end; of an interaction its whole text."""
        self.said_rows, self.said_count, self.said_day, self.after = [], 0, "", None
        if whole.text is not None:
            self.said.most = 0
            self.said.empty = tr(NO_TEXT)
            rows = [Row("text", ("", whole.text))] if whole.text else []
            self.said.show(ListRows(rows), stay=not is_other)
            return
        self.said.empty = tr(NOTHING_OF_ORG if whole.key[0] == "org" else NOTHING_SAID)
        self._add_page(whole.page)
        self.said.show(ListRows(list(self.said_rows)), stay=not is_other)

    def show_page(self, page: Page) -> None:
        """Show an older part of the timeline below the others."""
        self._add_page(page)
        self.said.show(ListRows(list(self.said_rows)), stay=True)

    def _add_page(self, page: Page) -> None:
        if self.after is not None:
            self.said_rows.pop()  # the line that says that there is more
        for one in page.said:
            if one.day != self.said_day:
                self.said_day = one.day
                self.said_rows.append(Row(None, (self._day(one),)))
            label = f"{one.time} {one.kind}"
            self.said_rows.append(Row(one.id, (label, one.text)))
        self.said_count += len(page.said)
        self.after = page.after
        if page.after is not None:
            self.said_rows.append(Row(None, (tr("There is more: go on down"),), "quiet"))

    def _day(self, one: Said) -> str:
        """Say a day; one that another program wrote is shown as it is."""
        try:
            return card.day_words(self.crm_app.crm, one.day)
        except ValueError:
            return one.day

    @on(Flow.Shifted, "#said")
    @on(RowList.Moved, "#said")
    def read_on(self) -> None:
        """Read the next part of the timeline when its end comes into sight."""
        whole, before = self.whole, self.after
        if whole is None or whole.whom is None or before is None or before == self.asked:
            return
        whom = whole.whom
        if self.said.lines_below < self.said.high:
            self.asked = before
            self.pages.start(lambda crm: card.page(crm, whom, PAGE, before))

    def _page_unread(self, error: CrmError) -> None:
        """Say why it cannot be read; it is tried again with the next step down."""
        self.asked = None
        self.crm_app.say_error(error)

    def _unreadable(self, error: CrmError) -> None:
        """Say why a record cannot be read; one that is gone is left."""
        if isinstance(error, Gone):
            self._gone(error)
        else:
            self.crm_app.say_error(error)

    def _gone(self, error: CrmError) -> None:
        """Say that the record is gone, and go back; a text that was typed is kept."""
        if self.is_gone:
            return
        self.is_gone = True
        self.leave_typing(keep=True)
        self.crm_app.say_error(error)
        self._leave_if_gone()

    def _leave_if_gone(self) -> None:
        if self.is_gone and self.app.screen is self:
            self.dismiss()

    def on_screen_resume(self) -> None:
        """Read again if something changed; leave what is gone."""
        if self.typing:
            self.crm_app.drafts.pop(self.typing.name, None)
        self._leave_if_gone()
        if not self.is_gone:
            super().on_screen_resume()

    def on_screen_suspend(self) -> None:
        """Keep what is being typed while another screen is in front: nobody quits over it."""
        if self.typing and self.fields.is_changed:
            self._keep_draft(self.typing)

    # Rows

    def _fact_rows(self, whole: Whole) -> Iterator[Row]:
        given = [one for one in whole.facts if one.name != ("body", "") or whole.text is None]
        known = [one for one in given if one.text]
        empty = [one for one in whole.facts if not one.text]
        yield from (self._row(one) for one in self._with_typed(whole, known))
        for heading, tasks in whole.groups:
            yield Row(None, (heading,))
            for task in tasks:
                key = ("task", int(task.ref[1:]))
                yield Row(key, (task.due, task.title), "late" if task.late else "")
        if not whole.groups and whole.key[0] in PARTIES:
            yield Row(None, (tr(NO_STEP),), "quiet")
        if empty:
            yield Row(None, (tr("To fill in"),))
            yield from (Row(one.name, (f"+ {one.label}", ""), "quiet") for one in empty)

    def _with_typed(self, whole: Whole, known: list[Fact]) -> list[Fact]:
        """Give the facts with the one that is being typed over, should it not be among them."""
        empty = [one for one in whole.facts if not one.text]
        if not self.typing or any(one.name == self.typing.fact.name for one in (*known, *empty)):
            return known
        at = self.facts.rows.find(self.typing.fact.name)
        at = len(known) if at is None else at
        return [*known[:at], self.typing.fact, *known[at:]]

    def _row(self, one: Fact) -> Row:
        return Entry(one.name, (one.label, one.text), link=one.link)

    def fact_of(self, name: Hashable) -> Fact | None:
        """Give the fact of a row."""
        facts = self.whole.facts if self.whole else ()
        return next((one for one in facts if one.name == name), None)

    @property
    def current(self) -> Fact | None:
        """Give the fact under the cursor."""
        return self.fact_of(self.facts.key)

    # What the acts work on

    def people(self) -> list[Key]:
        """Give the person or org that the card is about."""
        return [self.whole.whom] if self.whole and self.whole.whom else []

    def tasks(self) -> list[int]:
        """Give the task of the card, the one that was chosen, or those marked or at the cursor."""
        if self.record_key[0] == "task":
            return [self.record_key[1]]
        return self.picked or [id for kind, id in self._chosen_tasks() if kind == "task"]

    def _chosen_tasks(self) -> list[Key]:
        keys = self.facts.chosen()
        return [key for key in keys if isinstance(key, tuple) and key[0] == "task"]

    def leave_row(self) -> None:
        """Let the cursor go on from a task that was dealt with; elsewhere it stays."""
        self.wanted = self.facts.key_after() if self._chosen_tasks() else None
        self.facts.marks = set()

    def action_done(self) -> None:
        """Complete a task, and log what was said."""
        self._with_task(super().action_done)

    def action_snooze(self) -> None:
        """Hide a task until a day."""
        self._with_task(super().action_snooze)

    def action_reschedule(self) -> None:
        """Give a task another due date."""
        self._with_task(super().action_reschedule)

    def _with_task(self, act: Callable[[], None]) -> None:
        """Act on the task under the cursor, else the only one, else one that is chosen."""
        found = self.whole.tasks if self.whole else []
        if self.tasks() or not found:
            act()
        elif len(found) == 1:
            self._picked(act, found[0].ref)
        else:
            choices = [
                Choice(key, task.ref, f"{task.due}  {task.title}")
                for key, task in zip(NUMBERS, found, strict=False)
            ]
            self.app.push_screen(
                Menu(tr("Which task?"), choices), lambda ref: self._picked(act, ref)
            )

    def _picked(self, act: Callable[[], None], ref: str | None) -> None:
        if ref:
            self.picked = [int(ref[1:])]
            act()
            self.picked = []

    # Moving

    def action_pane(self) -> None:
        """Go to the other pane."""
        (self.said if self.facts.has_focus else self.facts).focus()

    def action_next(self) -> None:
        """Go to the next record of the list."""
        self._go(self.around.next(self.record_key) if self.around else None, tr("the last one"))

    def action_previous(self) -> None:
        """Go to the previous record of the list."""
        found = self.around.previous(self.record_key) if self.around else None
        self._go(found, tr("the first one"))

    def _go(self, key: Key | None, end: str) -> None:
        if key is None:
            alone = self.around is None or self.around.place(self.record_key) is None
            self.crm_app.say(
                tr("It was not opened from a list") if alone else tr("This is {end}", end=end)
            )
            return
        self.record_key = key
        self.said_count = 0
        self.facts.opened, self.said.opened = set(), set()
        self.crm_app.remember(key)
        self.reload()

    def action_back(self) -> None:
        """Leave what is being typed, then the card."""
        self.leave()

    def leave(self) -> None:
        """Leave what is being typed, then the card; quitting means that too."""
        if self.typing:
            self.leave_typing()
        else:
            self.dismiss()

    @on(RowList.Opened)
    def action_open(self) -> None:
        """Open what the cursor stands on: a record, a channel, all of a text; else type over it."""
        if self.said.has_focus:
            self._open_said()
            return
        key, found = self.facts.key, self.current
        if isinstance(key, tuple) and key[0] == "task":
            around = ListNeighbours([("task", int(one.ref[1:])) for one in self._tasks_shown()])
            self.crm_app.open_record(key, around)
        elif found and found.opens:
            self.crm_app.open_record(found.opens)
        elif found and (found.channel or found.link):
            self.open_way(found)
        elif self.facts.is_cut(key) or key in self.facts.opened:
            self.facts.toggle(key)
        elif found:
            self.action_edit()

    def _tasks_shown(self) -> list[FollowUp]:
        return self.whole.tasks if self.whole else []

    def _open_said(self) -> None:
        """Open an interaction; the next ones are those below it."""
        if isinstance(self.said.key, str) and self.said.key[1:].isdigit():
            refs = [str(row.key) for row in self.said_rows if row.key is not None]
            keys = [("interaction", int(ref[1:])) for ref in refs]
            self.crm_app.open_record(("interaction", int(self.said.key[1:])), ListNeighbours(keys))

    # Copying and opening

    def _refuse_masked(self) -> bool:
        """Say that nothing real can be had while names are masked."""
        if masker():
            self.crm_app.say(tr("Names are masked: ctrl+x shows them again"))
        return masker() is not None

    def action_copy(self) -> None:
        """Copy the channel or text under the cursor, else the first channel."""
        if self._refuse_masked() or self.whole is None:
            return
        if self.said.has_focus and self.said.key is not None:
            self._copy_said()
            return
        found = self.current
        if found is None or not found.copies:
            ways = (one for one in self.whole.facts if one.channel)
            found = next(ways, None)
        if found is None:
            self.crm_app.say(tr("There is no e-mail and no phone to copy"))
        else:
            self.copy(found.copies)

    def _copy_said(self) -> None:
        row = self.said.rows.row(self.said.cursor)
        if row is not None:
            self.copy(row.cells[1])

    def copy(self, text: str) -> None:
        """Copy a text, and say which."""
        self.app.copy_to_clipboard(text)
        first = text.partition("\n")[0][:60]
        told = first if first == text else f"{first} …"
        self.crm_app.say(tr("Copied: {text}", text=told))

    def open_way(self, found: Fact) -> None:
        """Open a channel with the system's handler; where there is none show it large."""
        if self._refuse_masked():
            return
        program = handler()
        if program and found.link:
            self.run_worker(lambda: self._open_link(found, program), thread=True)
            return
        is_number = found.channel is not None and found.channel.kind == "phone"
        title = f"{found.label} {self.whole.name if self.whole else ''}"
        large = Large(title, found.copies, found.link, is_number=is_number)
        self.app.push_screen(large, lambda copied: self.copy(found.copies) if copied else None)

    def _open_link(self, found: Fact, program: list[str]) -> None:
        say = partial(self.crm_app.say, tr("Opening {text} …", text=found.copies))
        self.app.call_later(say)
        try:
            open_link(found.link, program)
        except CrmError as error:
            self.app.call_later(self.crm_app.say_error, error)

    # Typing over a fact

    def action_edit(self) -> None:
        """Type over the fact under the cursor; of a task or an interaction its card is opened."""
        if self.said.has_focus:
            if self.whole and self.whole.text is not None:
                self.begin(self.fact_of(("body", "")))
            else:
                self._open_said()
            return
        key = self.facts.key
        if isinstance(key, tuple) and key[0] == "task":
            self.action_open()
            return
        self.begin(self.current)

    def action_tag(self) -> None:
        """Type over the tags."""
        found = self.fact_of(("tags", ""))
        if found is None or found.is_fixed:
            self.crm_app.say(tr("Only people and orgs have tags here"))
        else:
            self.begin(found)

    def begin(self, found: Fact | None) -> None:
        """Begin to type over a fact, with what was typed before and not saved."""
        if found is None or self._refuse_masked():
            return
        if found.is_fixed:
            self.crm_app.say(tr("This follows from other things; it cannot be typed over"))
            return
        if found.address:
            self._edit_address(found)
            return
        typing, text = self._resumed(found)
        if found.is_long and not fits_in_line(text):
            self._edit_long(typing, text)
            return
        self.typing = typing
        self.wanted = found.name
        self._show_facts()
        self.fields.begin(
            found.name,
            found.value if found.text else "",
            text=text,
            hint=found.hint,
            words=found.words,
        )
        self._show_keys("card_field")

    def _resumed(self, found: Fact) -> tuple[Typing, str]:
        """Give what typing begins with: the fact, or a text that was kept and what it was over."""
        typing = Typing(self.record_key, found, found.value)
        kept = self.crm_app.drafts.pop(typing.name, None)
        if kept:
            return Typing(self.record_key, found, kept["shown"]), kept["text"]
        return typing, found.value if found.text else ""

    def _show_keys(self, part: str) -> None:
        """Show other keys in the footer."""
        shown = [key for key in keys_of(part) if key.footer]
        if part == "card_field" and self.typing:
            needless = {"complete"} if not self.typing.fact.words else set()
            needless |= {"editor"} if not self.typing.fact.is_long else set()
            shown = [key for key in shown if key.action not in needless]
        self.query_one(KeyBar).show(
            (key.keys.split(",")[0], key.action, tr(key.label)) for key in shown
        )

    @on(Input.Changed)
    def check_typed(self) -> None:
        """Say below the field how its text is understood."""
        if self.typing is None or self.is_saving:
            return
        text = self.fields.line.text
        try:
            said = read.check(self.crm_app.crm, self.typing.fact, text) if text else ""
            self.facts.say(said)
        except CrmError as error:
            self.facts.say(f"! {error.message}", bad=True)

    def action_complete(self) -> None:
        """Take what the field suggests."""
        self.fields.complete()

    def action_save_field(self) -> None:
        """Save what was typed; the field stays open until that is done."""
        if self.typing is None or self.is_saving:
            return
        typing, text = self.typing, self.fields.line.text
        if not self.fields.is_changed and typing.shown == typing.fact.value:
            self.leave_typing()
            return
        self.save(typing, text)

    def save(self, typing: Typing, text: str, *, force: bool = False) -> None:
        """Save a text over a fact."""
        self.is_saving = True
        key, found, shown = typing.key, typing.fact, typing.shown
        self.crm_app.write(
            lambda crm: amend.save(crm, key, found, text, shown=shown, force=force),
            partial(self._saved, typing),
            partial(self._refused, typing, text),
            partial(self.facts.say, tr("The database is busy; your text is kept, trying again …")),
        )

    def _saved(self, typing: Typing, saved: Saved) -> None:
        self.is_saving = False
        self.crm_app.drafts.pop(typing.name, None)
        self.crm_app.crm.drop_edited()
        if self.typing and self.typing.fact.name == typing.fact.name:
            self._end_typing()
        if saved.said:
            self.crm_app.say(saved.said)

    def _refused(self, typing: Typing, text: str, error: CrmError) -> None:
        """Say beside the field why it is not saved; ask where a person can choose."""
        self.is_saving = False
        if isinstance(error, Changed):
            self.reload()
            self._ask_whose(typing, text, error.theirs)
        elif isinstance(error, Known):
            self._ask_known(typing, text, error)
        elif isinstance(error, Gone):
            self._gone(error)
        elif self.typing:
            message = error.message.replace(typing.fact.name[0], typing.fact.label)
            hint = f"\n  {error.hint}" if error.hint else ""
            self.facts.say(f"! {message}{hint}", bad=True)
        else:
            self._keep_text(typing, text)
            self.crm_app.say_error(error)

    def _ask_whose(self, typing: Typing, text: str, theirs: str) -> None:
        """Show what was typed beside what somebody else saved meanwhile, and let choose."""
        again = Typing(typing.key, typing.fact, theirs)

        def answered(choice: str | None) -> None:
            if choice == "mine":
                self.save(again, text)
            elif choice == "theirs":
                self.crm_app.drafts.pop(typing.name, None)
                self.leave_typing(keep=False)
            elif self.typing:
                self.typing = again
                self.facts.say(tr("theirs: {text}", text=theirs or tr("removed")))
            else:
                self._keep_text(again, text)

        choices = [
            Choice("m", "mine", tr("save mine")),
            Choice("t", "theirs", tr("keep theirs")),
            Choice("e", "edit", tr("go on typing")),
        ]
        said = [
            tr("mine:    {text}", text=_short(text) or tr("removed")),
            tr("theirs:  {text}", text=_short(theirs) or tr("removed")),
        ]
        title = tr("{label} was changed meanwhile", label=typing.fact.label)
        self.app.push_screen(Menu(title, choices, "\n".join(said)), answered)

    def _ask_known(self, typing: Typing, text: str, error: CrmError) -> None:
        """Say who has it already, and let the person go on all the same."""

        def answered(choice: str | None) -> None:
            if choice == "force":
                self.save(typing, text, force=True)
            else:
                self.facts.say(f"! {error.message}", bad=True)

        choices = [
            Choice("b", "back", tr("go on typing")),
            Choice("f", "force", tr("save it all the same")),
        ]
        self.app.push_screen(Menu(tr("Known already"), choices, error.message), answered)

    def leave_typing(self, *, keep: bool | None = None) -> None:
        """End typing without saving.

        Args:
            keep: whether the text comes back with the next time; None for long texts only.
        """
        typing = self.typing
        if typing is None:
            return
        if self.fields.is_changed and (typing.fact.is_long if keep is None else keep):
            self._keep_draft(typing)
            self.crm_app.say(tr("Not saved; your text is kept and comes back with the same key"))
        self._end_typing()

    def _end_typing(self) -> None:
        self.typing = None
        self.fields.end()
        self._show_facts()
        self._show_keys("card")

    def on_descendant_focus(self, event: events.DescendantFocus) -> None:
        """Leave what is typed when somebody clicks elsewhere; the text comes back."""
        if self.typing and not self.is_saving and isinstance(event.widget, Flow):
            self.leave_typing(keep=True)

    def _keep_draft(self, typing: Typing) -> None:
        self._keep_text(typing, self.fields.line.text)

    def _keep_text(self, typing: Typing, text: str) -> None:
        self.crm_app.drafts[typing.name] = {"text": text, "shown": typing.shown}

    def open_texts(self, *, saving: bool = False) -> dict[str, dict[str, str]]:
        """Give what is typed and not saved, or what is being saved, should the end come now."""
        if self.typing is None or not self.fields.is_changed or self.is_saving != saving:
            return {}
        return {self.typing.name: {"text": self.fields.line.text}}

    def _edit_address(self, found: Fact) -> None:
        """Ask for the parts of an address."""
        key, old = self.record_key, found.address or {}
        fields = [Field(part, tr(ADDRESS[part]), old.get(part, "")) for part in PARTS]
        form = Form(
            found.label,
            fields,
            lambda crm, values: amend.save_address(crm, key, old, values),
            draft=f"{found.label} {reference(key)}",
        )
        self.app.push_screen(form)

    # $EDITOR

    def action_editor(self) -> None:
        """Write the long text under the cursor in $EDITOR, else the note."""
        if self._refuse_masked():
            return
        if self.typing:
            typing, text = self.typing, self.fields.line.text
            if not self.fields.is_changed:
                text = typing.fact.value
            self._end_typing()
            self._edit_long(typing, text)
            return
        found = self.current if self.facts.has_focus else None
        if found is None or not found.is_long or found.name[0].startswith("+"):
            found = self.fact_of(("note", "")) or self.fact_of(("body", ""))
        if found is not None:
            self._edit_long(*self._resumed(found))

    def _edit_long(self, typing: Typing, text: str) -> None:
        """Let a text be written in $EDITOR, then save it; nothing that was written is lost."""
        written = self.crm_app.edit_text(text)
        if written is None:
            if text != typing.fact.value:
                self._keep_text(typing, text)
        elif written.strip() == typing.fact.value.strip() == typing.shown.strip():
            self.crm_app.crm.drop_edited()
        else:
            self.save(typing, written.strip())

    # The trash

    def action_trash(self) -> None:
        """Put the record into the trash and go back; on a task or an interaction, that one."""
        keys = self._to_trash()
        own = self.record_key in keys
        name = self.whole.name if self.whole else ""
        noun = keys[0][0]
        if own:
            said = tr("{name} is in the trash; u brings it back", name=name)
        elif noun == "task":
            told = "{count} task is in the trash; u brings it back"
            many = "{count} tasks are in the trash; u brings them back"
            said = trn(told, many, len(keys))
        else:
            said = tr("It is in the trash; u brings it back")

        def removed(_: int) -> None:
            self.crm_app.say(said)
            if own and self.app.screen is self:
                self.is_gone = True
                self.dismiss()

        self.crm_app.write(lambda crm: bulk.remove(crm, noun, keys).count, removed)

    def _to_trash(self) -> Sequence[Key]:
        """Give what x means here."""
        if self.said.has_focus and isinstance(self.said.key, str) and self.said.key[1:].isdigit():
            return [("interaction", int(self.said.key[1:]))]
        if self.facts.has_focus and self._chosen_tasks():
            found = self._chosen_tasks()
            self.leave_row()
            return found
        return [self.record_key]


def _short(text: str) -> str:
    """Give the beginning of a text on one line."""
    line = " / ".join(text.split("\n"))
    return line if len(line) <= 160 else line[:160] + " …"
