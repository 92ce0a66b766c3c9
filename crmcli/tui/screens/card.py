"""One record: its facts, which can be typed over where they stand, beside what was said.

What a card does stands in `tui/card/`; here it is laid out and read, and its keys are answered.
"""

from collections.abc import Hashable
from typing import ClassVar

from rich.cells import cell_len
from textual import events, on
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Container
from textual.widgets import Input

from crmcli.errors import CrmError
from crmcli.i18n import tr
from crmcli.service.fact.one import Fact
from crmcli.service.fact.stored import Gone
from crmcli.store.search import Key, reference
from crmcli.text import masker, safe
from crmcli.tui import deals
from crmcli.tui.binds import bindings
from crmcli.tui.card.editor import FactEditor
from crmcli.tui.card.fact_rows import fact_rows
from crmcli.tui.card.opening import open_current, open_said
from crmcli.tui.card.tasks import Tasks
from crmcli.tui.card.timeline import Timeline
from crmcli.tui.card.trash import trash
from crmcli.tui.card.ways import copy_current
from crmcli.tui.card.whole import Whole, read_whole
from crmcli.tui.neighbours import Neighbours
from crmcli.tui.screens.base import CrmScreen
from crmcli.tui.widgets.bars import KeyBar, TabBar
from crmcli.tui.widgets.fields import Fields
from crmcli.tui.widgets.flow import Flow
from crmcli.tui.widgets.rows import ListRows, RowList
from crmcli.tui.work import Loader


class CardScreen(CrmScreen):
    """The card of a person, an org, a task, an interaction or a deal.

    Args:
        key: which one.
        around: the list it was opened from, for the next and the previous one.
        edits: begin to type over it as soon as it is read.
    """

    AREA = "card"
    BINDINGS: ClassVar[list[BindingType]] = [*bindings("card_deal")]
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
        self.is_gone = False
        self.wholes: Loader[Whole] = Loader(self, self.show_whole, self._unreadable)
        self.timeline = Timeline(self)
        self.editor = FactEditor(self)
        self.tasks_of = Tasks(self)

    @property
    def part(self) -> str:
        """Give the part of the table of keys that holds here."""
        return "card_deal" if self.record_key[0] == "deal" else "card"

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
        """Give the pane of the timeline."""
        return self.query_one("#said", Flow)

    # Reading

    def reload(self) -> None:
        """Read again, as much of the timeline as was read before."""
        if masker():
            self.editor.leave(keep=True)
        key, count, ascii = self.record_key, self.timeline.wanted, self.crm_app.ascii
        self.timeline.stop()
        self.wholes.start(lambda crm: read_whole(crm, key, count, ascii=ascii))

    def show_whole(self, whole: Whole) -> None:
        """Show a record; the cursors stay where they stand, and what is typed stays typed."""
        is_other = self.whole is None or self.whole.key != whole.key
        self.whole = whole
        if is_other:
            self.query_one(KeyBar).show_part(self.part)
        self.show_facts(is_other=is_other)
        self.timeline.show(whole, stay=not is_other)
        self._say_title(whole)
        if self.edits:
            self.edits = False
            self.action_edit()

    def show_facts(self, *, is_other: bool = False) -> None:
        """Show the facts; of another record from its name on."""
        if self.whole is None:
            return
        typing = self.editor.typing
        at = self.facts.rows.find(typing.fact.name) if typing else None
        self.facts.show(
            ListRows(list(fact_rows(self.whole, typing.fact if typing else None, at))),
            key=("name", "") if is_other else self.take_wanted(),
            stay=not is_other,
        )

    def _say_title(self, whole: Whole) -> None:
        place = self.around.place(self.record_key) if self.around else None
        where = tr("{at} of {count}", at=place[0], count=place[1]) if place else ""
        known_as = whole.known_as
        if cell_len(safe(whole.name + known_as + where)) + 8 > self.size.width:
            known_as = reference(self.record_key)  # the handle is seldom needed, the name is
        self.say_title(whole.name, "   ".join(filter(None, (known_as, where))))

    @on(Flow.Shifted, "#said")
    @on(RowList.Moved, "#said")
    def read_on(self) -> None:
        """Read the next part of the timeline when its end comes into sight."""
        self.timeline.read_on(self.whole.whom if self.whole else None)

    # What is gone

    def _unreadable(self, error: CrmError) -> None:
        """Say why a record cannot be read; one that is gone is left."""
        if isinstance(error, Gone):
            self.leave_gone(error)
        else:
            self.crm_app.say_error(error)

    def leave_gone(self, error: CrmError) -> None:
        """Say that the record is gone, and go back; a text that was typed is kept."""
        if self.is_gone:
            return
        self.is_gone = True
        self.editor.leave(keep=True)
        self.crm_app.say_error(error)
        self._leave_if_gone()

    def _leave_if_gone(self) -> None:
        if self.is_gone and self.app.screen is self:
            self.dismiss()

    def on_screen_resume(self) -> None:
        """Read again if something changed; leave what is gone."""
        self.editor.take_text()
        self._leave_if_gone()
        if not self.is_gone:
            super().on_screen_resume()

    def on_screen_suspend(self) -> None:
        """Keep what is being typed while another screen is in front."""
        self.editor.keep_text()

    # What the acts work on

    def fact_of(self, name: Hashable) -> Fact | None:
        """Give the fact of a row."""
        facts = self.whole.facts if self.whole else ()
        return next((one for one in facts if one.name == name), None)

    @property
    def current(self) -> Fact | None:
        """Give the fact under the cursor."""
        return self.fact_of(self.facts.key)

    def people(self) -> list[Key]:
        """Give the person or org that the card is about."""
        return list(self.whole.people) if self.whole else []

    def deals(self) -> list[int]:
        """Give the deal that the card is of."""
        noun, id = self.record_key
        return [id] if noun == "deal" else []

    def tasks(self) -> list[int]:
        """Give the task of the card, the one that was chosen, or those marked or at the cursor."""
        return self.tasks_of.ids

    def leave_row(self) -> None:
        """Let the cursor go on from a task that was dealt with; elsewhere it stays."""
        self.wanted = self.facts.key_after() if self.tasks_of.chosen else None
        self.facts.marks = set()

    def action_done(self) -> None:
        """Complete a task, and log what was said."""
        self.tasks_of.let(super().action_done)

    def action_snooze(self) -> None:
        """Hide a task until a day."""
        self.tasks_of.let(super().action_snooze)

    def action_reschedule(self) -> None:
        """Give a task another due date."""
        self.tasks_of.let(super().action_reschedule)

    def action_trash(self) -> None:
        """Put the record into the trash and go back; on a task or an interaction, that one."""
        trash(self)

    # What becomes of a deal

    def action_stage(self, way: int) -> None:
        """Move the deal to the stage before or after."""
        deals.step(self, way)

    def action_win(self) -> None:
        """Win the deal."""
        deals.close(self, "won")

    def action_lose(self) -> None:
        """Lose the deal; the reason is asked for."""
        deals.close(self, "lost")

    def action_reopen(self) -> None:
        """Open the deal again."""
        deals.reopen(self)

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
        self.timeline.leave()
        self.facts.opened = set()
        self.crm_app.remember(key)
        self.reload()

    @on(RowList.Opened)
    def action_open(self) -> None:
        """Open what the cursor stands on: a record, a channel, all of a text; else type over it."""
        open_current(self)

    def action_copy(self) -> None:
        """Copy the channel or text under the cursor, else the first channel."""
        copy_current(self)

    def action_back(self) -> None:
        """Leave what is being typed, then the card."""
        self.leave()

    def leave(self) -> None:
        """Leave what is being typed, then the card; quitting means that too."""
        if self.editor.typing:
            self.editor.leave()
        else:
            self.dismiss()

    # Typing over a fact

    def action_edit(self) -> None:
        """Type over the fact under the cursor; of a task, a deal or what was said open its card."""
        key = self.facts.key
        if not self.said.has_focus:
            is_other = isinstance(key, tuple) and key[0] in ("task", "deal")
            open_current(self) if is_other else self.editor.begin(self.current)
        elif self.whole and self.whole.text is not None:
            self.editor.begin(self.fact_of(("body", "")))
        else:
            open_said(self)

    def action_tag(self) -> None:
        """Type over the tags."""
        found = self.fact_of(("tags", ""))
        if found is None or found.is_fixed:
            self.crm_app.say(tr("Only people, orgs and deals have tags here"))
        else:
            self.editor.begin(found)

    def action_editor(self) -> None:
        """Write the long text under the cursor in $EDITOR, else the note."""
        if self.refuse_masked():
            return
        found = self.current if self.facts.has_focus else None
        if found is None or not found.is_long or found.name[0].startswith("+"):
            found = self.fact_of(("note", "")) or self.fact_of(("body", ""))
        self.editor.write(found)

    @on(Input.Changed)
    def check_typed(self) -> None:
        """Say below the line how its text is understood."""
        self.editor.check()

    def action_complete(self) -> None:
        """Take what the line suggests."""
        self.fields.complete()

    def action_save_field(self) -> None:
        """Save what was typed."""
        self.editor.save_line()

    def on_descendant_focus(self, event: events.DescendantFocus) -> None:
        """Leave what is typed when somebody clicks elsewhere; the text comes back."""
        if not self.editor.is_saving and isinstance(event.widget, Flow):
            self.editor.leave(keep=True)

    def open_texts(self, *, saving: bool = False) -> dict[str, dict[str, str]]:
        """Give what is typed and not saved, or what is being saved, should the end come now."""
        return self.editor.open_texts(saving=saving)
