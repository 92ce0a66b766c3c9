"""What was told already: each occurrence of something due once by each transport.

An occurrence is claimed before it is told, so that two timers never tell it twice, and released
when telling it failed.
"""

from collections.abc import Sequence

from crmcli.store.item import Item
from crmcli.store.sql import notify as sql
from crmcli.store.unit import Unit


def claim(w: Unit, items: Sequence[Item], transport: str) -> list[Item]:
    """Give those of `items` that were not told yet by `transport`, and note that they are."""
    rows = ((item, _row(item, transport, w.actor)) for item in items)
    return [item for item, row in rows if w.remember(sql.CLAIM, **row, sent_at=w.now)]


def release(w: Unit, items: Sequence[Item], transport: str) -> None:
    """Forget that `items` were told: it failed."""
    for item in items:
        w.remember(sql.RELEASE, **_row(item, transport, w.actor))


def _row(item: Item, transport: str, actor: str) -> dict[str, str]:
    """Give what names one occurrence, told to one person by one transport.

    What was put off counts again on its new day.
    """
    return {
        "item": f"{item.id} {item.kind}",
        "occurrence": f"{item.due()} {item.shown_on}",
        "transport": f"{transport} {actor}",
    }
