"""The one form: fields with a message beside each; what is typed outlives every error."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar, Generic, TypeVar

from rich.text import Text
from textual import events, on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical, VerticalScroll
from textual.screen import ModalScreen
from textual.suggester import Suggester, SuggestFromList
from textual.widgets import Input, Static

from crmcli.context import Context
from crmcli.errors import CrmError
from crmcli.i18n import mark, tr
from crmcli.service.party import Known
from crmcli.text import printable, safe

T = TypeVar("T")
Values = dict[str, str]
BREAK = "⏎"  # how the end of a line looks in a field of one line
BUSY = mark("The database is busy; your text is kept, trying again …")
KEPT = mark("Not saved; your text is kept and comes back with the same key")


class Line(Input):
    """A field of one line that keeps the lines of what is pasted or edited."""

    def set_text(self, text: str) -> None:
        """Show a text; the ends of its lines become signs."""
        self.value = one_line(text)

    @property
    def text(self) -> str:
        """Give what was typed, with its lines."""
        return "\n".join(part.strip() for part in self.value.split(BREAK)).strip()

    def _on_paste(self, event: events.Paste) -> None:
        """Take all lines of what is pasted, not the first alone."""
        event.prevent_default()
        event.stop()
        self.insert_text_at_cursor(one_line(event.text))


def one_line(text: str) -> str:
    """Give a text on one line, safe to show; never masked, for it will be saved."""
    return printable(f" {BREAK} ".join(text.strip().splitlines()))


def told_error(message: str, hint: str | None) -> str:
    """Give how an error is told below what it is about."""
    return f"! {message}" + (f"\n  {hint}" if hint else "")


class LastWord(Suggester):
    """Completes the last of several words.

    Args:
        words: what there is.
        apart: what stands between words.
    """

    def __init__(self, words: Sequence[str], apart: str = " ,") -> None:
        super().__init__(use_cache=False, case_sensitive=True)
        self.words = words
        self.apart = apart

    async def get_suggestion(self, value: str) -> str | None:
        """Give the text with its last word completed."""
        start = max(value.rfind(sign) for sign in self.apart) + 1
        begun = value[start:].lstrip()
        fits = (one for one in self.words if one.casefold().startswith(begun.casefold()))
        found = next(fits, None)
        return value + found[len(begun) :] if begun and found else None


@dataclass(frozen=True, slots=True)
class Field:
    """One line of a form.

    Args:
        name: its key in the values.
        label: what stands before it.
        value: what it begins with.
        hint: what an empty one shows.
        check: says how a text is understood, or raises CrmError; quick, without the database.
        words: what may be completed (right arrow takes the suggestion).
        suggester: completes what is not in memory, instead of `words`.
        long: whether $EDITOR may take over (ctrl+e).
    """

    name: str
    label: str
    value: str = ""
    hint: str = ""
    check: Callable[[str], str] | None = None
    words: Sequence[str] = ()
    suggester: Suggester | None = None
    long: bool = False


class Form(ModalScreen[T | None], Generic[T]):
    """Asks for a few texts and saves them; closes only when they are saved, or left.

    Args:
        title: what is being done.
        fields: the lines, in order.
        act: saves the values in a unit of work, on a thread; an error is shown and nothing closes.
        note: a line below the fields.
        draft: under which key what was typed is kept when the form is left; "" for never.
        last: the field in which Enter saves; the fields below it are seldom needed.
        begin: the field to begin in; without one the first that is empty.
        insist: saves what was refused because somebody is known already, as a second step.
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("ctrl+s", "save", show=False, priority=True),
        Binding("ctrl+e", "edit", show=False, priority=True),
        Binding("ctrl+o", "insist", show=False, priority=True),
        Binding("escape", "leave", show=False, priority=True),
        Binding("down", "app.focus_next", show=False),
        Binding("up", "app.focus_previous", show=False),
    ]
    DEFAULT_CSS = """
    Form { align: center middle; background: $background 60%; }
    Form > Vertical {
        width: 76; max-width: 98%; height: auto; max-height: 96%; border: round $primary;
        padding: 0 1; background: $surface;
    }
    Form VerticalScroll { height: auto; max-height: 16; scrollbar-size-vertical: 1; }
    Form .line { height: 1; }
    Form .label { width: 16; color: $text-muted; }
    Form Input, Form Input:focus {
        width: 1fr; height: 1; border: none; padding: 0 1; background: $panel;
    }
    Form Input:focus { background: $boost; }
    Form Input > .input--placeholder, Form Input > .input--suggestion { color: $text-muted; }
    Form .said { height: auto; padding: 0 0 0 16; color: $text-muted; display: none; }
    Form .said.shown { display: block; }
    Form .said.bad { color: $error; }
    Form .note { height: auto; color: $text-muted; }
    Form #keys { height: 1; color: $text-muted; margin: 0; }
    Form #error { height: auto; color: $error; display: none; }
    Form #error.shown { display: block; }
    """

    def __init__(
        self,
        title: str,
        fields: Sequence[Field],
        act: Callable[[Context, Values], T],
        *,
        note: str = "",
        draft: str = "",
        last: str = "",
        begin: str = "",
        insist: Callable[[Context, Values], T] | None = None,
    ) -> None:
        super().__init__()
        self.insist = insist
        self.may_insist = False  # the last refusal was that somebody is known already
        self.last = last
        self.begin = begin
        self.title_text = title
        self.fields = list(fields)
        self.act = act
        self.note = note
        self.draft = draft
        self.is_saving = False

    # Layout

    def compose(self) -> ComposeResult:
        """Lay out the fields, each with room for a message."""
        kept = self._drafts().get(self.draft, {}) if self.draft else {}
        with Vertical() as box:
            box.border_title = Text(safe(self.title_text))
            with VerticalScroll(can_focus=False):
                for field in self.fields:
                    value = kept.get(field.name, field.value)
                    with Horizontal(classes="line"):
                        yield Static(Text(field.label), classes="label", markup=False)
                        yield self._input(field, value)
                    yield Static("", id=f"said-{field.name}", classes="said", markup=False)
            if self.note:
                yield Static(Text(safe(self.note, multiline=True)), classes="note", markup=False)
            yield Static("", id="error", markup=False)
            yield Static(Text(self._keys()), id="keys", markup=False)

    def _input(self, field: Field, value: str) -> Line:
        suggester = (
            SuggestFromList(list(field.words), case_sensitive=False) if field.words else None
        )
        found = Line(
            one_line(value),
            placeholder=field.hint,
            id=f"in-{field.name}",
            suggester=field.suggester or suggester,
            select_on_focus=False,
        )
        found.cursor_blink = not self.app.is_headless
        return found

    def _keys(self) -> str:
        enter = tr("enter next, then save") if len(self.fields) > 1 else tr("enter saves")
        editor = tr("^e editor") if any(field.long for field in self.fields) else ""
        return "  ".join(filter(None, (enter, tr("^s save"), editor, tr("esc back"))))

    def on_mount(self) -> None:
        """Begin in the field that is given, else in the first that is empty, else in the first."""
        empty = (field for field in self.fields if not self.value(field.name))
        begin = self.begin or next(empty, self.fields[0]).name
        self.query_one(f"#in-{begin}", Input).focus()

    # Values

    def value(self, name: str) -> str:
        """Give what a field holds."""
        return self.query_one(f"#in-{name}", Line).text

    def values(self) -> Values:
        """Give what every field holds."""
        return {field.name: self.value(field.name) for field in self.fields}

    @property
    def is_changed(self) -> bool:
        """Tell whether something was typed that is not saved."""
        return any(self.value(field.name) != field.value.strip() for field in self.fields)

    @on(Input.Changed)
    def _check(self, event: Input.Changed) -> None:
        """Say beside the field how its text is understood."""
        self.may_insist = False
        field = self._field_of(event.input)
        if field.check is None:
            return
        text = event.value.strip()
        try:
            self.say(field.name, field.check(text) if text else "")
        except CrmError as error:
            self.say(field.name, error.message, bad=True)

    @on(Input.Submitted)
    def _next(self, event: Input.Submitted) -> None:
        """Go on to the next field; from the last one that is usually filled in, save."""
        at = self.fields.index(self._field_of(event.input))
        if at + 1 < len(self.fields) and self.fields[at].name != self.last:
            self.query_one(f"#in-{self.fields[at + 1].name}", Line).focus()
        else:
            self.action_save()

    def _field_of(self, input: Input) -> Field:
        return next(field for field in self.fields if f"in-{field.name}" == input.id)

    def say(self, name: str, message: str, *, bad: bool = False) -> None:
        """Show a message beside a field; an empty one takes it away."""
        line = self.query_one(f"#said-{name}", Static)
        line.update(Text(safe(("! " if bad else "") + message) if message else ""))
        line.set_class(bool(message), "shown")
        line.set_class(bad, "bad")

    # Ends

    def action_save(self) -> None:
        """Save; the form stays open until that is done."""
        self._save(self.act)

    def action_insist(self) -> None:
        """Save what was refused because somebody is known already."""
        if self.insist is not None and self.may_insist:
            self._save(self.insist)

    def _save(self, act: Callable[[Context, Values], T]) -> None:
        if self.is_saving:
            return
        self.is_saving = True
        values = self.values()
        self._tell("")
        self.app.write(lambda crm: act(crm, values), self._saved, self._refused, self._busy)  # type: ignore[attr-defined]

    def _saved(self, result: T) -> None:
        self._drafts().pop(self.draft, None)
        self.dismiss(result)

    def _refused(self, error: CrmError) -> None:
        self.is_saving = False
        self.may_insist = self.insist is not None and isinstance(error, Known)
        hint = tr("^o saves it all the same") if self.may_insist else error.hint
        self._tell(told_error(error.message, hint))

    def _busy(self) -> None:
        self._tell(tr(BUSY))

    def _tell(self, message: str) -> None:
        line = self.query_one("#error", Static)
        line.update(Text(safe(message, multiline=True)))
        line.set_class(bool(message), "shown")

    def action_leave(self) -> None:
        """Leave without saving; what was typed is kept for the next time."""
        if self.is_saving:
            return
        if self.draft and self.is_changed:
            self._drafts()[self.draft] = self.values()
            self.app.say(tr(KEPT))  # type: ignore[attr-defined]
        elif self.draft:
            self._drafts().pop(self.draft, None)
        self.dismiss(None)

    def action_edit(self) -> None:
        """Write the long text in $EDITOR; an error of it loses nothing."""
        field = next((field for field in self.fields if field.long), None)
        if field is None:
            return
        text = self.app.edit_text(self.value(field.name))  # type: ignore[attr-defined]
        if text is not None:
            self.query_one(f"#in-{field.name}", Line).set_text(text)
            self.app.crm.drop_edited()  # type: ignore[attr-defined]  # the form keeps it now

    def _drafts(self) -> dict[str, dict[str, Any]]:
        return self.app.drafts  # type: ignore[attr-defined,no-any-return]
