"""The list that a card was opened from, as far as the card needs it: who comes next."""

from collections.abc import Sequence
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


class ListNeighbours:
    """The records of a list in memory, each once, as they stood when the card was opened."""

    def __init__(self, keys: Sequence[Key]) -> None:
        self.keys = list(dict.fromkeys(keys))
        self.places = {key: at for at, key in enumerate(self.keys)}

    def next(self, key: Key) -> Key | None:
        """Give the record below."""
        return self._at(self.places.get(key, len(self.keys)) + 1)

    def previous(self, key: Key) -> Key | None:
        """Give the record above."""
        return self._at(self.places.get(key, 0) - 1)

    def place(self, key: Key) -> tuple[int, int] | None:
        """Give the place of a record, and how many there are."""
        at = self.places.get(key)
        return None if at is None else (at + 1, len(self.keys))

    def _at(self, at: int) -> Key | None:
        return self.keys[at] if 0 <= at < len(self.keys) else None
