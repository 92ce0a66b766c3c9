"""A number or an address shown large, to be read off or clicked where nothing can open it."""

from typing import ClassVar

from rich.style import Style
from rich.text import Text
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.screen import ModalScreen
from textual.widgets import Static

from crmcli.i18n import tr
from crmcli.text import safe
from crmcli.tui.widgets.rows import wrapped

ROOM = 70  # cells of a line
# Three cells wide, five lines high; read from the top, one digit of a number for each line.
GLYPHS = {
    "0": "75557",
    "1": "26227",
    "2": "71747",
    "3": "71717",
    "4": "55711",
    "5": "74717",
    "6": "74757",
    "7": "71122",
    "8": "75757",
    "9": "75717",
    "+": "02720",
    "-": "00700",
    " ": "00000",
}


def large(text: str, sign: str) -> list[str]:
    """Give a number as lines of block digits, in as many rows of them as it needs.

    Args:
        text: digits, plus, minus and blanks; what else there is becomes a blank.
        sign: what the digits are drawn with.
    """
    most = ROOM // 4
    rows: list[str] = [""]
    for word in text.split():
        joined = f"{rows[-1]} {word}".strip()
        rows[-1:] = [joined] if len(joined) <= most else [*filter(None, rows[-1:]), word]
    parts = [row[at : at + most] for row in rows for at in range(0, len(row), most)]
    return [line for part in parts for line in (*_drawn(part, sign), "")][:-1]


def _drawn(text: str, sign: str) -> list[str]:
    glyphs = [GLYPHS.get(char, GLYPHS[" "]) for char in text]
    lines = []
    for y in range(5):
        cells = (f"{int(glyph[y]):03b}" for glyph in glyphs)
        line = " ".join(cells).replace("0", " ").replace("1", sign)
        lines.append(line.rstrip())
    return lines


class Large(ModalScreen[bool]):
    """Shows how somebody is reached; gives whether it is to be copied.

    Args:
        title: whose.
        text: the number or address.
        link: what a click in a terminal that knows links opens; checked, "" for nothing.
        is_number: whether it is drawn in block digits.
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,q,enter", "dismiss(False)", show=False),
        Binding("y", "dismiss(True)", show=False),
    ]
    DEFAULT_CSS = """
    Large { align: center middle; background: $background 60%; }
    Large > Vertical {
        width: auto; max-width: 98%; height: auto; max-height: 96%; border: round $primary;
        background: $surface; padding: 1 2 0 2;
    }
    Large Static { width: auto; height: auto; }
    Large #blocks { color: $accent; margin: 0 0 1 0; }
    Large #keys { color: $text-muted; margin: 1 0 0 0; }
    """

    def __init__(self, title: str, text: str, link: str, *, is_number: bool) -> None:
        super().__init__()
        self.title_text = title
        self.text = text
        self.link = link
        self.is_number = is_number

    def compose(self) -> ComposeResult:
        """Lay out the digits, and the text itself as a link."""
        room = min(ROOM, max(self.app.size.width - 10, 10))
        style = Style(link=self.link, underline=True, bold=True) if self.link else Style(bold=True)
        with Vertical() as box:
            box.border_title = Text(safe(self.title_text))
            if self.is_number and room == ROOM:
                sign = "#" if getattr(self.app, "ascii", False) else "█"
                lines = large(self.text, sign)
                yield Static(Text("\n".join(lines)), id="blocks", markup=False)
            yield Static(Text("\n".join(wrapped(self.text, room)), style), markup=False)
            yield Static(Text(tr("y copy  esc back")), id="keys", markup=False)
