"""Spreading a backlog over the coming days (cli.md, Catch up)."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, timedelta
from typing import TypeVar

T = TypeVar("T")


def spread(
    backlog: Sequence[T], load: Mapping[date, int], today: date, per_day: int
) -> Iterator[tuple[T, date]]:
    """Give each piece of the backlog the first day with room, today first.

    Args:
        backlog: what is late, the most urgent first.
        load: how much falls due by itself on a day; that is not moved, so it takes up room.
        today: the first day.
        per_day: how much a day holds.
    """
    day, used = today, load.get(today, 0)
    for piece in backlog:
        while used >= per_day:
            day += timedelta(days=1)
            used = load.get(day, 0)
        yield piece, day
        used += 1
