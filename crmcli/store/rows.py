"""From named SQL to rows: what the reads of every noun share."""

import sqlite3
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from crmcli.errors import UsageError
from crmcli.i18n import tr

CHUNK = 500
DOC_NOUNS = ("contact", "org", "task", "interaction", "deal")
DOC_SPAN = 2**48
ALL = -1  # no limit, as SQLite writes it
Row = dict[str, Any]
Place = tuple[str, int]  # where a row stands in an order by time: its stamp and its id
NEWEST: Place = ("~", 0)  # before every stamp when the newest come first
Orders = dict[str, str]  # what a list can be sorted by: key -> ORDER BY terms


@dataclass(frozen=True, slots=True)
class Where:
    """A condition on the rows of a noun: SQL made of constants, and the values bound in it."""

    sql: str
    values: Row = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Listing:
    """What a list asks for.

    Args:
        limit: at most so many; ALL for every one.
        sort: a key of the noun's ORDER or an own field, with a leading - for descending; "" for
            the noun's default.
        where: a compiled filter; None for every record.
        trash: list what is in the trash instead.
    """

    limit: int = ALL
    sort: str = ""
    where: Where | None = None
    trash: bool = False


def whole(millions: int | None, rest: int | None) -> int | None:
    """Give a sum that SQL gave in two halves, for many of the largest amounts would not fit."""
    return None if millions is None else millions * 1_000_000 + (rest or 0)


def doc_id(noun: str, id: int) -> int:
    """Give the id of a record's search text: those of one noun lie side by side.

    So full-text search reads the hits of the nouns asked for and skips the many of the others.
    """
    return DOC_NOUNS.index(noun) * DOC_SPAN + id


def doc_range(nouns: Sequence[str]) -> tuple[int, int]:
    """Give the first and the last id that search texts of these nouns may have."""
    numbers = [DOC_NOUNS.index(noun) for noun in nouns]
    return min(numbers) * DOC_SPAN, (max(numbers) + 1) * DOC_SPAN - 1


def fetch(conn: sqlite3.Connection, query: str, **values: Any) -> list[Row]:
    """Give all rows of a named SQL constant as dicts."""
    cursor = conn.execute(query, values)
    names = [column[0] for column in cursor.description]
    return [dict(zip(names, row, strict=True)) for row in cursor]


def listed_ids(
    conn: sqlite3.Connection,
    listing: Listing,
    noun: str,
    template: str,
    order: Orders,
    first: int = CHUNK,
) -> Iterator[list[int]]:
    """Give the ids a listing asks for, in its order, in chunks; `first` is the size of the first.

    Raises:
        UsageError: an unknown sort key.
    """
    terms, values = sort_terms(conn, noun, listing.sort, order)
    where = listing.where or Where("")
    query = template.format(
        trash="NOT" if listing.trash else "",
        where=f"AND {where.sql}" if where.sql else "",
        order=terms.format(way="DESC" if listing.sort.startswith("-") else "ASC"),
    )
    cursor = conn.execute(query, {**where.values, **values, "limit": listing.limit})
    size = first
    while rows := cursor.fetchmany(size):
        yield [row[0] for row in rows]
        size = CHUNK


def sort_terms(conn: sqlite3.Connection, noun: str, sort: str, order: Orders) -> tuple[str, Row]:
    """Give the ORDER BY terms of a sort key, with `{way}` to fill, and the values bound in them.

    Raises:
        UsageError: neither a key of `order` nor an own field; the hint names the nearest.
    """
    key = sort.removeprefix("-") or next(iter(order))
    if key in order:
        return order[key], {}
    from difflib import get_close_matches

    from crmcli.store.filter import custom_order

    if own := custom_order(conn, noun, key):
        return own
    near = get_close_matches(key, order, 1)
    hint = tr("did you mean {name}? ", name=near[0]) if near else ""
    raise UsageError(
        tr("cannot sort by {key!r}", key=key),
        tr("{hint}one of {names}", hint=hint, names=", ".join(order)),
    )


def count(conn: sqlite3.Connection, noun: str, where: Where | None) -> int:
    """Give how many living records of a noun there are, those of a filter if there is one."""
    more = f"AND {where.sql}" if where and where.sql else ""
    query = f"SELECT count(*) FROM {noun} WHERE archived_at IS NULL {more}"
    return int(conn.execute(query, where.values if where else {}).fetchone()[0])


def ids(conn: sqlite3.Connection, noun: str, where: Where | None) -> list[int]:
    """Give the ids of the living records of a noun that a filter selects."""
    more = f"AND {where.sql}" if where and where.sql else ""
    query = f"SELECT id FROM {noun} WHERE archived_at IS NULL {more} ORDER BY id"
    return [row[0] for row in conn.execute(query, where.values if where else {})]


def among(
    conn: sqlite3.Connection, noun: str, some: Iterable[int], where: Where | None
) -> set[int]:
    """Give which of some living records of a noun a filter selects."""
    more = f"AND {where.sql}" if where and where.sql else ""
    query = f"SELECT id FROM {noun} WHERE archived_at IS NULL AND id IN ({{ids}}) {more}"
    found: set[int] = set()
    for chunk in chunks(some):
        filled, values = with_ids(query, chunk)
        bound = where.values if where else {}
        found.update(row[0] for row in conn.execute(filled, {**bound, **values}))
    return found


def chunks(ids: Iterable[int]) -> Iterator[list[int]]:
    """Give `ids` sorted, in lists short enough for one statement."""
    ordered = sorted(ids)
    for start in range(0, len(ordered), CHUNK):
        yield ordered[start : start + CHUNK]


def with_ids(query: str, ids: Sequence[int]) -> tuple[str, dict[str, int]]:
    """Give `query` with its `({ids})` filled by parameters, and their values."""
    values = {f"i{number}": id for number, id in enumerate(ids)}
    marks = ", ".join(f":{name}" for name in values)
    return query.replace("{ids}", marks), values


def fetch_ids(conn: sqlite3.Connection, query: str, ids: Sequence[int]) -> list[Row]:
    """Give all rows of a query over `({ids})` as dicts."""
    filled, values = with_ids(query, ids)
    return fetch(conn, filled, **values)


def grouped(
    conn: sqlite3.Connection, query: str, ids: Sequence[int], key: str
) -> dict[int, list[Row]]:
    """Give the rows of a query over `({ids})`, grouped by the column `key`."""
    found: dict[int, list[Row]] = defaultdict(list)
    for row in fetch_ids(conn, query, ids):
        found[row[key]].append(row)
    return found
