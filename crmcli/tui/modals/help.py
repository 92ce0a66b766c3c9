"""The keys of the screen in front, then all others."""

from typing import ClassVar

from rich.text import Text
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical, VerticalScroll
from textual.screen import ModalScreen
from textual.widgets import Static

from crmcli.i18n import tr
from crmcli.tui.keys import SCREENS, shown


class Help(ModalScreen[None]):
    """Shows the table of keys.

    Args:
        area: the screen it was asked on; its keys come first.
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,q,question_mark", "dismiss", show=False),
        Binding("j,down", "scroll('down')", show=False),
        Binding("k,up", "scroll('up')", show=False),
        Binding("ctrl+d,pagedown,space", "scroll('page_down')", show=False),
        Binding("ctrl+u,pageup", "scroll('page_up')", show=False),
        Binding("g,home", "scroll('home')", show=False),
        Binding("G,end", "scroll('end')", show=False),
    ]
    DEFAULT_CSS = """
    Help { align: center middle; background: $background 60%; }
    Help > Vertical {
        width: 64; max-width: 98%; height: auto; max-height: 96%; border: round $primary;
        background: $surface; padding: 0 1;
    }
    Help VerticalScroll { height: auto; max-height: 100%; scrollbar-size-vertical: 1; }
    Help Static { width: 1fr; height: auto; }
    """

    def __init__(self, area: str) -> None:
        super().__init__()
        self.area = area

    def compose(self) -> ComposeResult:
        """Lay out the keys."""
        parts = dict.fromkeys(
            part for part in (self.area, "list", "app", *SCREENS) if part in SCREENS
        )
        text = Text(end="")
        for part in parts:
            title, keys = SCREENS[part]
            text.append(f"{tr(title)}\n", "bold")
            for key in keys:
                names = " ".join(map(shown, key.keys.split(",")))
                text.append(f"  {names:<14}{tr(key.label)}\n")
            text.append("\n")
        with Vertical() as box:
            box.border_title = Text(tr("Keys"))
            box.border_subtitle = Text(tr("esc back"))
            with VerticalScroll(can_focus=False):
                yield Static(text, markup=False)

    def action_scroll(self, way: str) -> None:
        """Scroll the keys."""
        getattr(self.query_one(VerticalScroll), f"scroll_{way}")(animate=False)
