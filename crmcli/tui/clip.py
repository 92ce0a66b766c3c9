"""Copying to the clipboard of the terminal (OSC 52), over ssh too."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from crmcli.context import Context
from crmcli.i18n import tr
from crmcli.service.record import record_of
from crmcli.store.search import Key
from crmcli.tui.acts import fetch
from crmcli.tui.modals.menu import Choice, Menu

if TYPE_CHECKING:
    from crmcli.tui.screens.base import CrmScreen

NUMBERS = "123456789"


def copy_way(screen: "CrmScreen", keys: Sequence[Key]) -> None:
    """Copy the e-mail or the phone of the first of these records; of several, ask which."""
    if screen.refuse_masked():
        return
    if not keys:
        screen.crm_app.say(tr("There is nobody here to copy from"))
        return
    fetch(screen, lambda crm: ways_of(crm, keys[0]), lambda ways: choose(screen, ways))


def ways_of(crm: Context, key: Key) -> list[str]:
    """Give how somebody is reached: e-mails and phones, those that are used first."""
    record = record_of(crm, key)
    return [channel["value"] for channel in (*record["emails"], *record["phones"])]


def choose(screen: "CrmScreen", ways: Sequence[str]) -> None:
    """Copy one of them."""
    if not ways:
        screen.crm_app.say(tr("There is no e-mail and no phone"))
    elif len(ways) == 1:
        copy(screen, ways[0])
    else:
        choices = [Choice(key, way, way) for key, way in zip(NUMBERS, ways, strict=False)]
        menu = Menu(tr("Copy"), choices)
        screen.app.push_screen(menu, lambda way: copy(screen, way) if way else None)


def copy(screen: "CrmScreen", text: str) -> None:
    """Copy a text, and say so."""
    screen.app.copy_to_clipboard(text)
    screen.crm_app.say(tr("Copied: {text}", text=text))
