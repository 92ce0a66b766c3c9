"""Putting what a card shows into the trash: the record, or a task or an interaction of it."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from crmcli.i18n import tr, trn
from crmcli.service import bulk
from crmcli.store.search import Key

if TYPE_CHECKING:
    from crmcli.tui.screens.card import CardScreen


def trash(screen: "CardScreen") -> None:
    """Put what the cursor means into the trash, and say so; when it is the record, leave it."""
    keys = _meant(screen)
    own = screen.record_key in keys
    said = _told(screen, keys)

    def removed(_: int) -> None:
        screen.crm_app.say(said)
        if own and screen.app.screen is screen:
            screen.is_gone = True
            screen.dismiss()

    screen.crm_app.write(lambda crm: bulk.remove(crm, keys[0][0], keys).count, removed)


def _meant(screen: "CardScreen") -> Sequence[Key]:
    """Give the interaction or the tasks under the cursor, else the record."""
    said = screen.timeline.current
    if screen.said.has_focus and said:
        return [said]
    tasks = screen.tasks_of.chosen if screen.facts.has_focus else []
    if tasks:
        screen.leave_row()
    return tasks or [screen.record_key]


def _told(screen: "CardScreen", keys: Sequence[Key]) -> str:
    if screen.record_key in keys:
        name = screen.whole.name if screen.whole else ""
        return tr("{name} is in the trash; u brings it back", name=name)
    if keys[0][0] != "task":
        return tr("It is in the trash; u brings it back")
    one = "{count} task is in the trash; u brings it back"
    return trn(one, "{count} tasks are in the trash; u brings them back", len(keys))
