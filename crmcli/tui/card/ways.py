"""The channels of a card: copied, opened with the system's handler, or shown large."""

from functools import partial
from typing import TYPE_CHECKING

from crmcli.errors import CrmError
from crmcli.i18n import tr
from crmcli.service.fact.one import Fact
from crmcli.service.handler import handler, open_link
from crmcli.tui.modals.large import Large

if TYPE_CHECKING:
    from crmcli.tui.screens.card import CardScreen

LONGEST = 60  # characters of a copied text that are said


def copy_current(screen: "CardScreen") -> None:
    """Copy the channel or text under the cursor, else the first channel."""
    if screen.refuse_masked() or screen.whole is None:
        return
    if screen.said.has_focus and screen.said.key is not None:
        row = screen.said.rows.row(screen.said.cursor)
        if row is not None:
            copy(screen, row.cells[1])
        return
    found = screen.current
    if found is None or not found.copies:
        found = next((one for one in screen.whole.facts if one.channel), None)
    if found is None:
        screen.crm_app.say(tr("There is no e-mail and no phone to copy"))
    else:
        copy(screen, found.copies)


def copy(screen: "CardScreen", text: str) -> None:
    """Copy a text, and say which."""
    screen.app.copy_to_clipboard(text)
    first = text.partition("\n")[0][:LONGEST]
    told = first if first == text else f"{first} …"
    screen.crm_app.say(tr("Copied: {text}", text=told))


def open_way(screen: "CardScreen", found: Fact) -> None:
    """Open a channel with the system's handler; where there is none show it large."""
    if screen.refuse_masked():
        return
    program = handler()
    if program and found.link:
        screen.run_worker(lambda: _open_link(screen, found, program), thread=True)
    else:
        _show_large(screen, found)


def _open_link(screen: "CardScreen", found: Fact, program: list[str]) -> None:
    """Open a link; on a thread."""
    app = screen.crm_app
    app.call_later(partial(app.say, tr("Opening {text} …", text=found.copies)))
    try:
        open_link(found.link, program)
    except CrmError as error:
        app.call_later(app.say_error, error)


def _show_large(screen: "CardScreen", found: Fact) -> None:
    is_number = found.channel is not None and found.channel.kind == "phone"
    title = f"{found.label} {screen.whole.name if screen.whole else ''}"
    large = Large(title, found.copies, found.link, is_number=is_number)
    screen.app.push_screen(large, lambda copied: copy(screen, found.copies) if copied else None)
