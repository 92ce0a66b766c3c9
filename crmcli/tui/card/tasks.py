"""Which open tasks of a card the acts work on."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from crmcli.store.search import Key, key_of
from crmcli.tui.card.ask import ask_task

if TYPE_CHECKING:
    from crmcli.tui.screens.card import CardScreen


class Tasks:
    """Finds the tasks for an act: the card's own, those marked or at the cursor, or asks for one.

    Args:
        screen: the card.
    """

    def __init__(self, screen: "CardScreen") -> None:
        self.screen = screen
        self.picked: list[int] = []  # the one that was chosen for the act under way

    @property
    def chosen(self) -> list[Key]:
        """Give the tasks that are marked, else the one under the cursor."""
        keys = self.screen.facts.chosen()
        return [key for key in keys if isinstance(key, tuple) and key[0] == "task"]

    @property
    def ids(self) -> list[int]:
        """Give the tasks that an act works on by now."""
        noun, id = self.screen.record_key
        return [id] if noun == "task" else self.picked or [id for _, id in self.chosen]

    def let(self, act: Callable[[], None]) -> None:
        """Act on the task under the cursor, else the only one, else one that is chosen."""
        found = self.screen.whole.tasks if self.screen.whole else []
        if self.ids or not found:
            act()
        elif len(found) == 1:
            self._pick(act, found[0].ref)
        else:
            ask_task(self.screen.crm_app, found, lambda ref: self._pick(act, ref))

    def _pick(self, act: Callable[[], None], ref: str | None) -> None:
        if ref:
            self.picked = [key_of(ref)[1]]
            act()
            self.picked = []
