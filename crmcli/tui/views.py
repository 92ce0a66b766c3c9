"""Saved views, chosen by one key."""

from collections.abc import Callable, Sequence
from functools import partial
from typing import TYPE_CHECKING

from crmcli.i18n import tr
from crmcli.store.view import SavedView, list_views
from crmcli.tui.acts import fetch
from crmcli.tui.modals.menu import Choice, Menu

if TYPE_CHECKING:
    from crmcli.tui.screens.base import CrmScreen

KEYS = "123456789abcdefghijklmnopqrstuvwxyz"  # of menus


def ask_view(screen: "CrmScreen", noun: str, take: Callable[[SavedView | None], None]) -> None:
    """Ask for a saved view of a noun; `take` gets it, or None for everything."""
    fetch(screen, lambda crm: list_views(crm.store.reader), partial(_ask, screen, noun, take))


def _ask(
    screen: "CrmScreen",
    noun: str,
    take: Callable[[SavedView | None], None],
    views: Sequence[SavedView],
) -> None:
    own = {view.name: view for view in views if view.noun == noun}
    if not own:
        screen.crm_app.say(tr("No views yet: `crm view save NAME FILTER` makes one"))
        return
    choices = [
        Choice(key, name, f"@{name}  {own[name].filter}")
        for key, name in zip(KEYS, own, strict=False)
    ]
    choices.append(Choice("0", "", tr("everything")))

    def answered(name: str | None) -> None:
        if name is not None:
            take(own.get(name))

    screen.app.push_screen(Menu(tr("Views"), choices), answered)
