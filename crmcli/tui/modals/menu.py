"""A few choices, each one key."""

from collections.abc import Sequence
from dataclasses import dataclass

from rich.cells import cell_len
from rich.text import Text
from textual import events
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.screen import ModalScreen
from textual.widgets import Static

from crmcli.i18n import tr
from crmcli.text import safe
from crmcli.tui.keys import shown


@dataclass(frozen=True, slots=True)
class Choice:
    """One choice: its key, what it gives, and what it says."""

    key: str
    value: str
    label: str


class Menu(ModalScreen[str | None]):
    """Asks for one of a few; gives its value, or None when it is left.

    Args:
        title: what is asked.
        choices: in order; the first is what Enter takes.
        note: what there is to know before one chooses.
    """

    DEFAULT_CSS = """
    Menu { align: center middle; background: $background 60%; }
    Menu > Vertical {
        width: auto; max-width: 90%; height: auto; border: round $primary; padding: 0 2;
        background: $surface;
    }
    Menu Static { width: auto; height: auto; }
    """

    def __init__(self, title: str, choices: Sequence[Choice], note: str = "") -> None:
        super().__init__()
        self.note = note
        self.title_text = title
        self.choices = choices

    def compose(self) -> ComposeResult:
        """Lay out the choices below one another."""
        lines = Text(end="")
        for choice in self.choices:
            lines.append(f" {shown(choice.key):<3}", "bold")
            lines.append(f"{safe(choice.label)}\n")
        lines.append(f" {tr('esc'):<3}", "bold")
        lines.append(" " + tr("back"))
        with Vertical() as box:
            box.border_title = Text(title := safe(self.title_text))
            box.styles.min_width = cell_len(title) + 6
            if self.note:
                yield Static(Text(safe(self.note, multiline=True) + "\n"), markup=False)
            yield Static(lines, markup=False)

    def on_key(self, event: events.Key) -> None:
        """Take a choice by its key, the first by Enter; Esc leaves."""
        event.stop()
        if event.key == "escape":
            self.dismiss(None)
        elif event.key == "enter":
            self.dismiss(self.choices[0].value)
        for choice in self.choices:
            if choice.key in (event.key, event.character):
                self.dismiss(choice.value)
                return
