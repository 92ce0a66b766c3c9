"""The list that a card was opened from, as far as the card needs it: who comes next."""

from typing import Protocol

from crmcli.store.search import Key


class Neighbours(Protocol):
    """The records of a list in their order, as they stand when they are asked for."""

    def next(self, key: Key) -> Key | None:
        """Give the record below; None for the last one, or one that is not in the list."""

    def previous(self, key: Key) -> Key | None:
        """Give the record above; None for the first one, or one that is not in the list."""

    def place(self, key: Key) -> tuple[int, int] | None:
        """Give the place of a record, counted from 1, and how many there are; None if not there."""
