"""The line in which one filters what is shown, with live results and what may come next."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, ClassVar

from rich.cells import cell_len
from rich.text import Text
from textual import events, on
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Horizontal, Vertical
from textual.message import Message
from textual.suggester import Suggester
from textual.widgets import Input, Static

from crmcli.errors import CrmError
from crmcli.i18n import tr
from crmcli.service.complete import Words, completed, words
from crmcli.text import safe
from crmcli.tui.binds import bindings
from crmcli.tui.widgets.bars import KeyBar
from crmcli.tui.work import Loader

if TYPE_CHECKING:
    from crmcli.rules.filter import Node, Place


class Completion(Suggester):
    """Suggests how the last term of a filter may go on."""

    def __init__(self) -> None:
        super().__init__(use_cache=False, case_sensitive=True)
        self.words: Words | None = None

    async def get_suggestion(self, value: str) -> str | None:
        """Give the text with what is missing behind it."""
        rest = completed(self.words, value)[0] if self.words else ""
        return value + rest if rest else None


class FilterLine(Input):
    """Where the filter is typed; the right arrow at its end takes what is suggested."""

    def action_cursor_right(self, select: bool = False) -> None:
        """Go right, or take the suggestion."""
        if self.cursor_position < len(self.value) or not self.complete():
            super().action_cursor_right(select)

    @property
    def known(self) -> Words | None:
        """Give what there is to be typed, if it is read yet."""
        assert isinstance(self.suggester, Completion)
        return self.suggester.words

    @property
    def missing(self) -> str:
        """Give what is suggested behind the text."""
        return completed(self.known, self.value)[0] if self.known else ""

    def complete(self) -> bool:
        """Take the suggestion; False when there is none."""
        whole = completed(self.known, self.value)[1] if self.known else ""
        if whole:
            self.value = whole
            self.cursor_position = len(whole)
        return bool(whole)


class FilterBar(Vertical):
    """A filter above a list; closed until it is opened.

    Posts `Changed` with every letter that leaves the filter readable, and `Closed` when one goes
    back to the list. Whoever reads what it selects answers with `accept` or `refuse`.

    Args:
        noun: of which records; None where text alone is looked for.
    """

    BINDINGS: ClassVar[list[BindingType]] = [*bindings("filter_line")]
    DEFAULT_CSS = """
    FilterBar { height: auto; display: none; }
    FilterBar.open { display: block; }
    FilterBar Horizontal { height: 1; background: $panel; }
    FilterBar .sign { width: 3; padding: 0 1; color: $accent; text-style: bold; }
    FilterBar Input, FilterBar Input:focus {
        width: 1fr; height: 1; border: none; padding: 0; background: $panel;
    }
    FilterBar .said { height: auto; max-height: 3; padding: 0 1 0 3; color: $text-muted; }
    FilterBar .said.bad { color: $error; }
    FilterBar .said.unknown { color: $warning; }
    """

    class Changed(Message):
        """Another filter was typed.

        `is_typing` tells that something is suggested behind its last word: while that selects
        nothing, or names what there is not, a list had better stay as it is.
        """

        def __init__(self, tree: "Node | None", text: str, *, is_typing: bool) -> None:
            super().__init__()
            self.tree = tree
            self.text = text
            self.is_typing = is_typing

    class Closed(Message):
        """The list has the keys again."""

    def __init__(self, noun: str, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self.noun = noun
        self.error: CrmError | None = None
        self._told = ""  # the last text that was posted
        self._message = ""  # what stands below the line
        self._words: Loader[Words] = Loader(self, self._know)

    def compose(self) -> ComposeResult:
        """Lay out the line and the room for a message below it."""
        with Horizontal():
            yield Static("/", classes="sign", markup=False)
            line = FilterLine(
                placeholder=self._hint(), suggester=Completion(), select_on_focus=False
            )
            line.cursor_blink = not self.app.is_headless
            yield line
        yield Static(Text(self._grammar()), classes="said", markup=False)

    def _grammar(self) -> str:
        return tr("words, +tag, field:value, @view; with not, or, ( )")

    def _hint(self) -> str:
        hints = {
            "contact": tr("name, +tag, owner:me, last_touch.before:-30d, @view …"),
            "org": tr("name, +tag, owner:me, kind:client, @view …"),
            "task": tr("text, owner:me, due.before:fri, kind:call, person.tag:vip, @view …"),
            "deal": tr("name, stage:lead, owner:me, amount.over:5k, next_step:none, @view …"),
            "interaction": tr("text, kind:call, outcome:reached, at.after:-30d, @view …"),
        }
        return hints[self.noun]

    def turn_to(self, noun: str) -> None:
        """Filter records of another noun; what was typed goes."""
        self.noun = noun
        self.put("")
        self.line.placeholder = self._hint()

    # What it holds

    @property
    def line(self) -> FilterLine:
        """Give where one types."""
        return self.query_one(FilterLine)

    @property
    def text(self) -> str:
        """Give the filter as it is typed."""
        return self.line.value.strip()

    @property
    def is_open(self) -> bool:
        """Tell whether it is shown."""
        return self.has_class("open")

    def open(self) -> None:
        """Show it, to type on."""
        self.add_class("open")
        self.line.focus()
        self._words.start(lambda crm: words(crm, self.noun))

    def put(self, text: str) -> None:
        """Hold a filter that was chosen elsewhere, without telling of it."""
        self._told = text
        self.line.value = text
        self.line.cursor_position = len(text)
        self._say("")

    def _know(self, known: Words) -> None:
        assert isinstance(self.line.suggester, Completion)
        self.line.suggester.words = known

    # Typing

    @on(Input.Changed)
    def _changed(self, event: Input.Changed) -> None:
        event.stop()
        if self.text != self._told:
            self._post(is_typing=bool(self.line.missing))

    def _post(self, *, is_typing: bool) -> None:
        """Tell of the filter, if it can be read; a list stays as it is where it cannot."""
        from crmcli.rules.filter import parse

        self._told = self.text
        try:
            tree = parse(self.text) if self.text else None
        except CrmError as error:
            self.refuse(error)
            return
        self._say("")
        self.post_message(self.Changed(tree, self.text, is_typing=is_typing))

    def accept(self, said: Sequence[str] = ()) -> None:
        """Take note that the list shows what was asked.

        Sentences about unknown names are shown, unless the name is just being typed.
        """
        is_coming = self.is_open and self.line.missing
        self._say("" if is_coming else "; ".join(said), "unknown")

    def refuse(self, error: CrmError) -> None:
        """Show what is wrong, unless it is a word on its way; a closed bar opens again."""
        is_coming = self.is_open and self.line.missing
        self._say("" if is_coming else self._told_error(error), "bad")
        self.error = error
        if not self.is_open:
            self.open()

    def takes(self, asked: str, error: CrmError) -> bool:
        """Show an error if it is about the filter that stands here; False when it is not."""
        is_about = bool(asked) and self.text == asked
        if is_about:
            self.refuse(error)
        return is_about

    def _told_error(self, error: CrmError) -> str:
        """Give the words of an error, with carets under its place."""
        at: Place | None = getattr(error, "at", None)
        message = f"{error.message}; {error.hint}" if error.hint else error.message
        is_ours = at is not None and at.text and at.text == self.text
        return self._placed(message, at) if at is not None and is_ours else message

    def _placed(self, message: str, at: "Place") -> str:
        """Give a message with carets below the wrong part of the line, beside it if there is room.

        So the list below does not move with every letter.
        """
        typed, room = self.line.value, max(self.line.size.width - 1, 1)
        first = len(typed) - len(typed.lstrip()) + at.start
        before = cell_len(typed[:first]) - int(self.line.scroll_x)
        start = max(min(before, room - 1), 0)
        wide = max(cell_len(at.text[at.start : at.end]), 1)
        carets = "^" * max(min(wide, room - start), 1)
        if start + len(carets) + 1 + cell_len(message) <= room:
            return f"{' ' * start}{carets} {message}"
        if cell_len(message) < start:
            return message + " " * (start - cell_len(message)) + carets
        return f"{' ' * start}{carets}\n{message}"

    def _say(self, message: str, kind: str = "") -> None:
        """Show a message below the line; without one, what can be typed."""
        self.error = None
        if message == self._message:
            return
        self._message = message
        said = self.query_one(".said", Static)
        said.update(Text(safe(message, multiline=True) or self._grammar()))
        for name in ("bad", "unknown"):
            said.set_class(bool(message) and name == kind, name)

    # Ends

    @on(Input.Submitted)
    def action_keep(self) -> None:
        """Keep the filter and go to the list; one that is wrong is not left."""
        if self.error is None:
            self._post(is_typing=False)
            self.close()
        else:
            error = self.error
            self._say(self._told_error(error), "bad")
            self.error = error

    def action_clear(self) -> None:
        """Take the filter away and go back to the list."""
        self.put("")
        self.post_message(self.Changed(None, "", is_typing=False))
        self.close()

    def action_complete(self) -> None:
        """Take the suggestion."""
        self.line.complete()

    def close(self) -> None:
        """Give the keys back to the list; the filter stays as it is."""
        self.remove_class("open")
        self.post_message(self.Closed())

    # The keys that work while one types

    def on_descendant_focus(self, _: events.DescendantFocus) -> None:
        """Show them."""
        self._show_keys("filter_line")

    def on_descendant_blur(self, _: events.DescendantBlur) -> None:
        """Show those of the list again."""
        self._show_keys(getattr(self.screen, "AREA", ""))

    def _show_keys(self, part: str) -> None:
        for bar in self.screen.query(KeyBar):
            bar.show_part(part)
