"""The smallest program with a full screen: what Textual itself takes."""

from typing import ClassVar

from textual.app import App, ComposeResult
from textual.binding import BindingType
from textual.widgets import Static


class Hello(App[None]):
    """Says hello until q."""

    BINDINGS: ClassVar[list[BindingType]] = [("q", "quit", "Quit")]

    def compose(self) -> ComposeResult:
        """Lay out the text."""
        yield Static("hello, world")


if __name__ == "__main__":
    Hello().run()
