"""Lists of people and orgs as a screen shows them: ids in their order, then cells page by page.

A million rows are a million ids and the texts of the few pages that are looked at.
"""

from array import array
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from importlib import import_module
from typing import TYPE_CHECKING, Any

from crmcli.columns import Column
from crmcli.context import Context
from crmcli.service import filter as filters
from crmcli.service.record import Record, own_columns
from crmcli.store.rows import ALL, CHUNK, Listing, listed_ids

if TYPE_CHECKING:
    from crmcli.rules.filter import Node

SOON = 5_000  # ids that are shown before the rest is read
Cells = tuple[str, ...]
# What a screen shows unless other fields are chosen; the first ones stay where there is no room.
FIELDS = {
    "contact": ("name", "org", "last_touch", "email", "phone", "tags"),
    "org": ("name", "kind", "domain", "email", "phone", "tags"),
}


@dataclass(frozen=True, slots=True)
class Ids:
    """The ids of a list in its order, as far as they are read.

    Args:
        ids: the first of them, or all.
        is_whole: whether there are no more.
        unknown: sentences about tags and people in the filter that there are not.
    """

    ids: "array[int]"
    is_whole: bool
    unknown: tuple[str, ...] = ()


def ids(
    crm: Context, noun: str, tree: "Node | None", sort: str, *, first: int = 0
) -> Iterator[Ids]:
    """Give the ids that a filter selects: the `first` few, then SOON, then all.

    Args:
        crm: the run.
        noun: contact or org.
        tree: the filter; None for every record.
        sort: a key of the noun's ORDER or an own field, with a leading - to turn it round.
        first: so many at once, and more as they come; 0 for all in one piece.

    Raises:
        UsageError: the filter or the sort is wrong.
    """
    if first:
        chosen = filters.condition(crm, noun, tree, sort, page=True)
        unknown = tuple(chosen.unknown)
        found = array("q")
        for some in _listed(crm, noun, Listing(SOON, sort, chosen.where), first):
            is_first = not found
            found.extend(some)
            if is_first and len(found) == first:
                yield Ids(found[:], False, unknown)
        yield Ids(found, len(found) < SOON, unknown)
        if len(found) < SOON:
            return
    chosen = filters.condition(crm, noun, tree, sort)
    whole = array("q")
    for some in _listed(crm, noun, Listing(ALL, sort, chosen.where), CHUNK):
        whole.extend(some)
    yield Ids(whole, True, tuple(chosen.unknown))


def _listed(crm: Context, noun: str, listing: Listing, first: int) -> Iterator[list[int]]:
    sql = import_module(f"crmcli.store.sql.{noun}")
    return listed_ids(crm.store.reader, listing, noun, sql.LIST, sql.ORDER, first)


def columns(crm: Context, noun: str, names: Sequence[str] = ()) -> list[Column]:
    """Give the columns of these names, own fields among them; without names those of FIELDS."""
    known = {column.key: column for column in all_columns(crm, noun)}
    return [known.get(name) or Column(name, name) for name in names or FIELDS[noun]]


def all_columns(crm: Context, noun: str) -> list[Column]:
    """Give every column that a list of the noun can show."""
    return [*import_module(f"crmcli.store.{noun}").COLUMNS, *own_columns(crm, noun)]


def cells(
    crm: Context, noun: str, columns: Sequence[Column], ids: Sequence[int]
) -> dict[int, Cells]:
    """Give the texts of records under columns, by id; what is gone is left out."""
    records: Iterable[Record] = all_records(crm, noun, ids)
    if any(column.key == "pulse" for column in columns):
        from crmcli.store.touch import with_pulse

        records = with_pulse(crm.store.reader, crm.clock, records)
    return {
        int(record["id"][1:]): tuple(crm.out.shown(column, record) for column in columns)
        for record in records
    }


def all_records(
    crm: Context, noun: str, ids: Sequence[int], shape: Callable[[Any], Record] | None = None
) -> Iterator[Record]:
    """Give records in the order of `ids`, under their names in JSON or as `shape` gives them."""
    get = getattr(import_module(f"crmcli.store.{noun}"), f"get_{noun}s")
    for start in range(0, len(ids), CHUNK):
        for record in get(crm.store.reader, ids[start : start + CHUNK]):
            yield shape(record) if shape else record.json()


def sorts(crm: Context, noun: str) -> list[str]:
    """Give what a list of the noun can be sorted by: its own keys, then its own fields."""
    orders = import_module(f"crmcli.store.sql.{noun}").ORDER
    return [*orders, *(column.key for column in own_columns(crm, noun))]
