"""From the table of keys to Textual's bindings."""

from textual.binding import Binding

from crmcli.i18n import tr
from crmcli.tui.keys import keys_of


def bindings(*screens: str) -> list[Binding]:
    """Give the bindings of these parts of the table."""
    return [
        Binding(
            key.keys,
            key.action,
            tr(key.label),
            show=key.footer,
            priority=key.priority,
            id=f"{screen}.{key.action.partition('(')[0]}" if "(" not in key.action else None,
        )
        for screen in screens
        for key in keys_of(screen)
    ]
