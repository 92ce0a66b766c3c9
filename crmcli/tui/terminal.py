"""The terminal behind the full screen: where it is drawn, without colour, and in ASCII."""

import os
import sys
from typing import Any

from rich.segment import Segment
from textual.color import Color
from textual.driver import Driver
from textual.filter import LineFilter

from crmcli.errors import UsageError
from crmcli.i18n import tr


class NoColour(LineFilter):
    """Takes every colour away; bold, underlined and reverse stay."""

    def apply(self, segments: list[Segment], background: Color) -> list[Segment]:  # noqa: ARG002
        """Give the segments without colour."""
        return [
            Segment(text, style.without_color if style else None, control)
            for text, style, control in segments
        ]


def _in_ascii() -> dict[int, str]:
    """Give what stands for the signs that the program draws, one cell each."""
    table = dict.fromkeys(range(0x2500, 0x2580), "+")  # corners and crossings of lines
    table |= dict.fromkeys(range(0x2580, 0x25A0), "#")  # blocks
    groups = {
        "-": "─━┄┅┈┉╌╍═╴╶╸╺‐‑‒–—―⁃",
        "|": "│┃┆┇┊┋╎╏║╵╷╹╻▏▎▍▕▐",
        ">": "▌▶►→⟩›",
        "<": "◀◄←‹⟨",
        "^": "▲↑△",
        "v": "▼↓▽",
        "*": "●•◦○◆■□▪★☆·✓✔",
        "x": "✗✘×",
        ".": "…",
        "/": "⏎↵",
        " ": "\u00a0",
        "/ ": "🔎",
        "'": "‘’",
        '"': "“”",
    }
    for plain, signs in groups.items():
        table |= dict.fromkeys(map(ord, signs), plain)
    table |= dict.fromkeys(range(10240, 10496), ".")  # dots of a spinner
    return table


IN_ASCII = _in_ascii()


def driver_for(base: type[Driver]) -> type[Driver]:
    """Give a driver that draws on stdout, whatever became of stderr, and in ASCII if asked to."""

    class Screen(base):  # type: ignore[misc, valid-type]
        """Draws the full screen of crm."""

        def __init__(self, app: Any, **options: Any) -> None:
            super().__init__(app, **options)
            if getattr(self, "_file", None) is sys.__stderr__:
                self._file = sys.__stdout__

        def write(self, data: str) -> None:
            """Write what is drawn."""
            super().write(data.translate(IN_ASCII) if self._app.ascii else data)

    return Screen


def has_terminal() -> bool:
    """Tell whether somebody can still see and type: a window may be closed without a signal."""
    return os.isatty(0) and os.isatty(1)


def refuse_without_terminal() -> None:
    """Refuse at once where nothing can be drawn, or nobody types.

    Raises:
        UsageError: no terminal, or one that cannot move its cursor.
    """
    if not has_terminal():
        raise UsageError(
            tr("crm tui needs a terminal"), tr("`crm today` prints the day, `crm due` what is late")
        )
    term = os.environ.get("TERM", "")
    if term in ("", "dumb"):
        raise UsageError(
            tr("this terminal cannot show a full screen (TERM is {term!r})", term=term),
            tr("`crm today` prints the day"),
        )
