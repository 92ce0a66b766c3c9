"""Typing over a fact where it stands, until it is saved or left."""

from functools import partial
from typing import TYPE_CHECKING

from crmcli.errors import CrmError
from crmcli.i18n import tr
from crmcli.service.fact import amend, read
from crmcli.service.fact.amend import Changed, Saved
from crmcli.service.fact.one import Fact
from crmcli.service.fact.stored import Gone
from crmcli.service.party import Known
from crmcli.tui import deals
from crmcli.tui.card.ask import ask_address, ask_known, ask_whose
from crmcli.tui.card.kept import Typing, keep, resumed
from crmcli.tui.modals.form import BUSY, KEPT, told_error
from crmcli.tui.widgets.bars import KeyBar
from crmcli.tui.widgets.fields import fits_in_line

if TYPE_CHECKING:
    from crmcli.tui.screens.card import CardScreen


class FactEditor:
    """Types over the facts of a card, one at a time; no text is lost that is not saved.

    Args:
        screen: the card whose line it types into.
    """

    def __init__(self, screen: "CardScreen") -> None:
        self.screen = screen
        self.typing: Typing | None = None
        self.is_saving = False

    @property
    def is_changed(self) -> bool:
        """Tell whether something is typed that is not saved."""
        return self.typing is not None and self.screen.fields.is_changed

    # Beginning

    def begin(self, found: Fact | None) -> None:
        """Begin to type over a fact, with what was typed before and not saved."""
        if found is None or self.screen.refuse_masked():
            return
        if found.is_fixed:
            said = tr("This follows from other things; it cannot be typed over")
            self.screen.crm_app.say(said)
            return
        if found.name == ("stage", ""):
            deals.ask_stage(self.screen)
            return
        if found.address:
            ask_address(self.screen.crm_app, self.screen.record_key, found)
            return
        typing, text = self._resumed(found)
        if found.is_long and not fits_in_line(text):
            self._write(typing, text)
        else:
            self._begin_line(typing, text)

    def _resumed(self, found: Fact) -> tuple[Typing, str]:
        return resumed(self.screen.crm_app.drafts, self.screen.record_key, found)

    def _begin_line(self, typing: Typing, text: str) -> None:
        self.typing = typing
        fact = typing.fact
        self.screen.wanted = fact.name
        self.screen.show_facts()
        self.screen.fields.begin(
            fact.name,
            fact.value if fact.text else "",
            text=text,
            hint=fact.hint,
            words=fact.words,
        )
        needless = set() if fact.words else {"complete"}
        needless |= set() if fact.is_long else {"editor"}
        self.screen.query_one(KeyBar).show_part("card_field", needless)

    # Typing and saving

    def check(self) -> None:
        """Say below the line how its text is understood."""
        if self.typing is None or self.is_saving:
            return
        facts, text = self.screen.facts, self.screen.fields.line.text
        try:
            crm = self.screen.crm_app.crm
            facts.say(read.check(crm, self.typing.fact, text) if text else "")
        except CrmError as error:
            facts.say(f"! {error.message}", bad=True)

    def save_line(self) -> None:
        """Save what was typed; the line stays open until that is done."""
        if self.typing is None or self.is_saving:
            return
        typing = self.typing
        if not self.is_changed and typing.shown == typing.fact.value:
            self.leave()
        else:
            self._save(typing, self.screen.fields.line.text)

    def _save(self, typing: Typing, text: str, *, force: bool = False) -> None:
        self.is_saving = True
        key, fact, shown = typing.key, typing.fact, typing.shown
        self.screen.crm_app.write(
            lambda crm: amend.save(crm, key, fact, text, shown=shown, force=force),
            partial(self._saved, typing),
            partial(self._refused, typing, text),
            partial(self.screen.facts.say, tr(BUSY)),
        )

    def _saved(self, typing: Typing, saved: Saved) -> None:
        self.is_saving = False
        app = self.screen.crm_app
        app.drafts.pop(typing.name, None)
        app.crm.drop_edited()
        if self.typing and self.typing.fact.name == typing.fact.name:
            self._end()
        if saved.said:
            app.say(saved.said)

    # Refusals

    def _refused(self, typing: Typing, text: str, error: CrmError) -> None:
        """Say beside the field why it is not saved; ask where a person can choose."""
        self.is_saving = False
        if isinstance(error, Changed):
            self.screen.reload()
            self._ask_whose(typing, text, error.theirs)
        elif isinstance(error, Known):
            self._ask_known(typing, text, error.message)
        elif isinstance(error, Gone):
            self.screen.leave_gone(error)
        elif self.typing:
            message = error.message.replace(typing.fact.name[0], typing.fact.label)
            self.screen.facts.say(told_error(message, error.hint), bad=True)
        else:
            self._keep(typing, text)
            self.screen.crm_app.say_error(error)

    def _ask_whose(self, typing: Typing, text: str, theirs: str) -> None:
        again = Typing(typing.key, typing.fact, theirs)

        def answered(choice: str | None) -> None:
            if choice == "mine":
                self._save(again, text)
            elif choice == "theirs":
                self.screen.crm_app.drafts.pop(typing.name, None)
                self.leave(keep=False)
            elif self.typing:
                self.typing = again
                self.screen.facts.say(tr("theirs: {text}", text=theirs or tr("removed")))
            else:
                self._keep(again, text)

        ask_whose(self.screen.crm_app, typing.fact.label, text, theirs, answered)

    def _ask_known(self, typing: Typing, text: str, message: str) -> None:
        def answered(choice: str | None) -> None:
            if choice == "force":
                self._save(typing, text, force=True)
            else:
                self.screen.facts.say(f"! {message}", bad=True)

        ask_known(self.screen.crm_app, message, answered)

    # Leaving

    def leave(self, *, keep: bool | None = None) -> None:
        """End typing without saving.

        Args:
            keep: whether the text comes back with the next time; None for long texts only.
        """
        if self.typing is None:
            return
        if self.is_changed and (self.typing.fact.is_long if keep is None else keep):
            self.keep_text()
            self.screen.crm_app.say(tr(KEPT))
        self._end()

    def _end(self) -> None:
        self.typing = None
        self.screen.fields.end()
        self.screen.show_facts()
        self.screen.query_one(KeyBar).show_part(self.screen.part)

    def keep_text(self) -> None:
        """Keep what is being typed: nobody quits over it while another screen is in front."""
        if self.typing and self.is_changed:
            self._keep(self.typing, self.screen.fields.line.text)

    def take_text(self) -> None:
        """Go on typing what was kept."""
        if self.typing:
            self.screen.crm_app.drafts.pop(self.typing.name, None)

    def _keep(self, typing: Typing, text: str) -> None:
        keep(self.screen.crm_app.drafts, typing, text)

    def open_texts(self, *, saving: bool) -> dict[str, dict[str, str]]:
        """Give what is typed and not saved, or what is being saved, should the end come now."""
        if self.typing is None or not self.is_changed or self.is_saving != saving:
            return {}
        return {self.typing.name: {"text": self.screen.fields.line.text}}

    # $EDITOR

    def write(self, found: Fact | None) -> None:
        """Write what is being typed in $EDITOR, else a fact."""
        if self.typing:
            line = self.screen.fields.line
            typing, text = self.typing, line.text if self.is_changed else self.typing.fact.value
            self._end()
            self._write(typing, text)
        elif found is not None:
            self._write(*self._resumed(found))

    def _write(self, typing: Typing, text: str) -> None:
        """Let a text be written in $EDITOR, then save it; nothing that was written is lost."""
        written = self.screen.crm_app.edit_text(text)
        if written is None:
            if text != typing.fact.value:
                self._keep(typing, text)
        elif written.strip() == typing.fact.value.strip() == typing.shown.strip():
            self.screen.crm_app.crm.drop_edited()
        else:
            self._save(typing, written.strip())
