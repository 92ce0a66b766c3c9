"""Several records changed alike, as one group that one undo takes back."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from crmcli.context import Context
from crmcli.store.party import set_archived
from crmcli.store.tag import add_tags, remove_tags
from crmcli.store.unit import Changes, Unit

if TYPE_CHECKING:
    from crmcli.store.search import Key

Change = Callable[[Unit, int], bool]
Look = Callable[[Unit], object]


@dataclass(frozen=True, slots=True)
class Moved:
    """What a change did to the records asked for.

    Args:
        moved: of each record, whether it changed.
        said: how the change was understood; "" where nothing needs to be said.
    """

    moved: list[bool]
    said: str
    group_id: int | None
    changes: Changes

    @property
    def count(self) -> int:
        """Give how many records changed."""
        return sum(self.moved)


def change(
    crm: Context,
    command: str,
    ids: Sequence[int],
    change: Change,
    *,
    dry_run: bool = False,
    said: str = "",
    before: Look | None = None,
) -> Moved:
    """Apply one change to several records as one group; `before` may look first, and refuse."""

    def write(w: Unit) -> list[bool]:
        if before:
            before(w)
        return [change(w, id) for id in ids]

    done = crm.write(command, write, dry_run=dry_run)
    return Moved(done.value, said, done.group_id, done.changes)


def tag(
    crm: Context,
    noun: str,
    ids: Sequence[int],
    on: Sequence[str],
    off: Sequence[str] = (),
    *,
    dry_run: bool = False,
) -> Moved:
    """Put tags on records of a noun and take others off."""

    def sign(w: Unit, id: int) -> bool:
        removed = remove_tags(w, noun, id, off)
        return bool(add_tags(w, noun, id, on) + removed)

    return change(crm, f"{noun} tag", ids, sign, dry_run=dry_run)


def remove(crm: Context, noun: str, keys: "Sequence[Key]", *, dry_run: bool = False) -> Moved:
    """Move records to the trash; the history calls it the `rm` of the noun."""
    done = crm.write(
        f"{noun} rm",
        lambda w: [set_archived(w, what, id, archived=True) for what, id in keys],
        dry_run=dry_run,
    )
    return Moved(done.value, "", done.group_id, done.changes)
