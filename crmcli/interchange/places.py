"""Formats with a fixed number of places get what fits; the rest goes into the note."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

Item = Mapping[str, Any]


def placed(
    items: Iterable[Item], by_label: Mapping[str, Sequence[str]], free: Sequence[str]
) -> tuple[dict[str, Item], list[Item]]:
    """Give each item the first free column of its label, else any; give what found none too.

    Args:
        items: things with a `label`, in their order.
        by_label: the columns of a label, in lower case.
        free: the columns that anything may have, in this order.
    """
    found: dict[str, Item] = {}
    waiting: list[Item] = []
    for item in items:
        label = (item.get("label") or "").casefold()
        own = (column for column in by_label.get(label, ()) if column not in found)
        if column := next(own, None):
            found[column] = item
        else:
            waiting.append(item)
    left = [column for column in free if column not in found]
    found.update(zip(left, waiting, strict=False))
    return found, waiting[len(left) :]


def noted(note: str | None, lines: Iterable[tuple[str, str]], joint: str = "\n") -> str:
    """Give a note with what found no place below it, `what: value` each."""
    more = [f"{what}: {value}" for what, value in lines]
    return joint.join(filter(None, (note, *more)))
