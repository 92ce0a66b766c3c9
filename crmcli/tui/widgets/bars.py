"""The lines above and below every screen: the areas and figures, and the keys."""

from collections.abc import Collection, Iterable

from rich.cells import cell_len
from rich.text import Text
from textual import events
from textual.app import RenderResult
from textual.widget import Widget

from crmcli.i18n import tr
from crmcli.text import safe
from crmcli.tui.keys import APP, keys_of, shown

AREAS = tuple((key.action.split("'")[1], key.keys, key.label) for key in APP if key.keys.isdigit())
GAP = "  "
TYPING = ("_line", "_field")  # how the parts of the table end in which one types
Shown = tuple[str, str, str]  # key, action and label


class TabBar(Widget):
    """The areas with their number keys; the one that is open is told by brackets and colour."""

    DEFAULT_CSS = """
    TabBar { height: 1; background: $panel; color: $text-muted; }
    TabBar > .tab--open { background: $primary; color: $block-cursor-foreground; text-style: bold; }
    """
    COMPONENT_CLASSES = {"tab--open"}

    def __init__(self, area: str) -> None:
        super().__init__()
        self.area = area
        self._places: list[tuple[int, int, str]] = []

    def render(self) -> RenderResult:
        """Give the line."""
        text = Text(no_wrap=True, end="")
        style = self.get_component_rich_style("tab--open", partial=True)
        self._places = []
        state = self._state()
        tabs = self._tabs(self.size.width - cell_len(state))
        for (name, _, _), tab in zip(AREAS, tabs, strict=True):
            self._places.append((text.cell_len, text.cell_len + cell_len(tab), name))
            text.append(tab, style if name == self.area else "")
        text.append(" " * max(self.size.width - text.cell_len - cell_len(state), 0))
        return text.append(state, "bold")

    def _tabs(self, room: int) -> list[str]:
        """Give the areas as they fit: a blank on either side, or one between two, or numbers."""
        open = next((at for at, (name, _, _) in enumerate(AREAS) if name == self.area), -1)
        names = [f"{number} {tr(label)}" for _, number, label in AREAS]
        whole = sum(map(cell_len, names))
        tabs = [f" {name} " for name in names]
        if whole + 2 * len(names) > room:
            tabs = [name if at in (0, open + 1) else f" {name}" for at, name in enumerate(names)]
        if whole + len(names) > room:
            tabs = [f" {number} " for _, number, _ in AREAS]
        if open >= 0:
            tabs[open] = f"[{names[open]}]"
        return tabs

    def on_click(self, event: events.Click) -> None:
        """Go to the area under the mouse."""
        for first, last, name in self._places:
            if first <= event.x < last:
                self.app.run_worker(self.app.run_action(f"area('{name}')"))

    def _state(self) -> str:
        """Give what is to be known on every screen: masked names, an unsaved text."""
        return getattr(self.app, "state", "")


class TitleBar(Widget):
    """What a screen shows, and its figures."""

    DEFAULT_CSS = "TitleBar { height: 1; padding: 0 1; text-style: bold; }"

    def __init__(self, title: str = "") -> None:
        super().__init__()
        self.left = title
        self.right = ""

    def say(self, left: str, right: str = "") -> None:
        """Show a title and, flush right, figures."""
        self.left, self.right = safe(left), safe(right)
        self.refresh()

    def render(self) -> RenderResult:
        """Give the line."""
        from crmcli.tui.widgets.rows import fit

        width, gap = self.size.width, 2 if self.right else 0
        left, right = cell_len(self.left), cell_len(self.right)
        spare = width - gap - left - right
        if spare < 0 and right > left:  # the longer of the two gives way
            right = max(right + spare, 0)
        left = max(width - gap - right, 0)
        return Text(fit(self.left, left) + " " * gap + fit(self.right, right), no_wrap=True, end="")


class KeyBar(Widget):
    """The keys of the screen, as many as fit uncut; `?` has them all."""

    DEFAULT_CSS = """
    KeyBar { height: 1; background: $panel; color: $text-muted; }
    KeyBar > .keybar--key { color: $accent; text-style: bold; }
    """
    COMPONENT_CLASSES = {"keybar--key"}

    def __init__(self, screen: str) -> None:
        super().__init__()
        self.keys: list[Shown] = []
        self.part = screen
        self.show_part(screen)
        self._places: list[tuple[int, int, str]] = []

    def show_part(self, part: str, without: Collection[str] = ()) -> None:
        """Show the keys of another part of the table, without some of their actions."""
        self.part = part
        self.show(
            (key.keys.split(",")[0], key.action, tr(key.label))
            for key in keys_of(part)
            if key.footer and key.action not in without
        )

    def show(self, keys: Iterable[Shown]) -> None:
        """Show other keys: key, action and label."""
        self.keys = list(keys)
        self.refresh()

    def render(self) -> RenderResult:
        """Give the line."""
        style = self.get_component_rich_style("keybar--key", partial=True)
        last = ("question_mark", "help", tr("Help"))
        is_typing = self.part.endswith(TYPING)  # there ? is a letter
        room = self.size.width - (0 if is_typing else self._width(last)) - 1
        text = Text(" ", no_wrap=True, end="")
        self._places = []
        for key in self.keys:
            if text.cell_len + self._width(key) > room:
                break
            self._add(text, key, style)
        if not is_typing:
            self._add(text, last, style)
        return text

    def _add(self, text: Text, key: tuple[str, str, str], style: object) -> None:
        name, action, label = key
        start = text.cell_len
        text.append(shown(name), style)  # type: ignore[arg-type]
        text.append(f" {label}{GAP}")
        self._places.append((start, text.cell_len, action))

    def _width(self, key: tuple[str, str, str]) -> int:
        return cell_len(shown(key[0])) + 1 + cell_len(key[2]) + len(GAP)

    def on_click(self, event: events.Click) -> None:
        """Do what the mouse points at."""
        for first, last, action in self._places:
            if first <= event.x < last:
                self.app.run_worker(self.screen.run_action(action))
