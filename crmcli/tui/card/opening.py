"""Opening what the cursor of a card stands on."""

from typing import TYPE_CHECKING

from crmcli.store.search import key_of
from crmcli.tui.card.ways import open_way
from crmcli.tui.neighbours import ListNeighbours

if TYPE_CHECKING:
    from crmcli.tui.screens.card import CardScreen


def open_current(screen: "CardScreen") -> None:
    """Open a record, a channel, or all of a text; else type over the fact."""
    if screen.said.has_focus:
        open_said(screen)
        return
    key, found = screen.facts.key, screen.current
    if isinstance(key, tuple) and key[0] == "task":
        tasks = screen.whole.tasks if screen.whole else []
        around = ListNeighbours([key_of(task.ref) for task in tasks])
        screen.crm_app.open_record(key, around)
    elif isinstance(key, tuple) and key[0] == "deal":
        deals = screen.whole.deals if screen.whole else ()
        screen.crm_app.open_record(key, ListNeighbours([key_of(ref) for ref, _, _ in deals]))
    elif found and found.opens:
        screen.crm_app.open_record(found.opens)
    elif found and (found.channel or found.link):
        open_way(screen, found)
    elif screen.facts.is_cut(key) or key in screen.facts.opened:
        screen.facts.toggle(key)
    elif found:
        screen.editor.begin(found)


def open_said(screen: "CardScreen") -> None:
    """Open an interaction; the next ones are those below it."""
    key = screen.timeline.current
    if key is not None:
        screen.crm_app.open_record(key, screen.timeline.neighbours)
