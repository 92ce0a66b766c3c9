"""From named SQL to rows: what the reads of every noun share."""

import sqlite3
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from crmcli.errors import UsageError

CHUNK = 500
ALL = -1  # no limit, as SQLite writes it
Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Listing:
    """What a list asks for.

    Args:
        limit: at most so many; ALL for every one.
        sort: a key of the noun's ORDER, with a leading - for descending; "" for its default.
        where: values of the noun's WHERE terms, by name.
        trash: list what is in the trash instead.
    """

    limit: int = ALL
    sort: str = ""
    where: Row | None = None
    trash: bool = False


def fetch(conn: sqlite3.Connection, query: str, **values: Any) -> list[Row]:
    """Give all rows of a named SQL constant as dicts."""
    cursor = conn.execute(query, values)
    names = [column[0] for column in cursor.description]
    return [dict(zip(names, row, strict=True)) for row in cursor]


def listed_ids(
    conn: sqlite3.Connection, listing: Listing, template: str, terms: Row, order: dict[str, str]
) -> Iterator[list[int]]:
    """Give the ids a listing asks for, in its order, in chunks.

    Raises:
        UsageError: an unknown sort key.
    """
    key = listing.sort.removeprefix("-") or next(iter(order))
    if key not in order:
        raise UsageError(f"cannot sort by {key!r}", f"one of {', '.join(order)}")
    way = "DESC" if listing.sort.startswith("-") else "ASC"
    where = {name: value for name, value in (listing.where or {}).items() if value is not None}
    query = template.format(
        trash="NOT" if listing.trash else "",
        where=" ".join(terms[name] for name in where),
        order=order[key].format(way=way),
    )
    cursor = conn.execute(query, {**where, "limit": listing.limit})
    while rows := cursor.fetchmany(CHUNK):
        yield [row[0] for row in rows]


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
