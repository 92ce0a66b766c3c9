"""Facts that are typed over where they stand: a flow, and the one line that is typed into."""

from collections.abc import Hashable, Sequence
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Container

from crmcli.i18n import tr
from crmcli.tui.keys import keys_of
from crmcli.tui.modals.form import BREAK, LastWord, Line, one_line
from crmcli.tui.widgets.flow import Flow

LONGEST = 2_000  # characters that one line can be asked to hold
SEMICOLON = ";"  # stands between several choices of one field


class Typed(Line):
    """The line that is typed into; its keys are those of the card while typing."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding(key.keys, f"screen.{key.action}", tr(key.label), show=False)
        for key in keys_of("card_field")
    ]


class Fields(Container):
    """A flow, one row of which can be typed over."""

    DEFAULT_CSS = """
    Fields { layers: below above; }
    Fields > Flow { layer: below; }
    Fields > Typed, Fields > Typed:focus {
        layer: above; position: absolute; display: none; height: 1; border: none; padding: 0;
        background: $panel;
    }
    Fields > Typed.shown { display: block; }
    """

    def __init__(self, *, empty: str = "", id: str | None = None) -> None:
        super().__init__(id=id)
        self.flow = Flow(empty=empty)
        self.began = ""  # what the line held when typing began

    def compose(self) -> ComposeResult:
        """Lay out the rows, and the line above them."""
        yield self.flow
        line = Typed(select_on_focus=False)
        line.cursor_blink = not self.app.is_headless
        yield line

    @property
    def line(self) -> Typed:
        """Give the line."""
        return self.query_one(Typed)

    @property
    def is_typing(self) -> bool:
        """Tell whether a row is being typed over."""
        return self.flow.field is not None

    @property
    def is_changed(self) -> bool:
        """Tell whether something else was typed than what was there."""
        return self.is_typing and self.line.value != self.began

    def begin(
        self, key: Hashable, value: str, *, text: str, hint: str, words: Sequence[str]
    ) -> None:
        """Let a row be typed over.

        Args:
            key: which row.
            value: what it holds.
            text: what the line begins with: the value, or what was typed before.
            hint: what an empty line shows.
            words: what may be completed.
        """
        self.began = one_line(value)
        line = self.line
        line.suggester = LastWord(words, SEMICOLON) if words else None
        line.placeholder = hint
        line.value = one_line(text)
        line.cursor_position = len(line.value)
        self.flow.begin(key)
        self.place()
        line.focus()

    def end(self) -> None:
        """End typing."""
        if self.line.has_focus:
            self.flow.focus()
        self.flow.begin(None)
        self.place()

    @on(Flow.Shifted)
    def place(self) -> None:
        """Put the line where its row is."""
        line, region = self.line, self.flow.field_region()
        line.set_class(region is not None, "shown")
        if region is not None:
            line.styles.offset = (region.x, region.y)
            line.styles.width = region.width

    def complete(self) -> None:
        """Take what the line suggests."""
        self.line.action_end()
        self.line.action_cursor_right()


def fits_in_line(text: str) -> bool:
    """Tell whether a text outlives being typed over in one line: no indents, not too long."""
    shown = "\n".join(part.strip() for part in one_line(text).split(BREAK))
    return len(text) <= LONGEST and shown.strip() == text.strip()
