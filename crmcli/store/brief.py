"""What one wants to know before a meeting, beside what the nouns themselves give."""

import sqlite3
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from crmcli.store.due import next_yearly
from crmcli.store.rows import Row, fetch, fetch_ids, whole
from crmcli.store.search import Key
from crmcli.store.sql import brief as sql


@dataclass(frozen=True, slots=True)
class Closed:
    """Closed deals of one kind: how many, and what they were worth a year, by currency."""

    status: str
    count: int
    minor: dict[str, int]


def touches(conn: sqlite3.Connection, keys: Sequence[Key], limit: int) -> list[Row]:
    """Give the newest touches of people, orgs and deals together, each once."""
    found: dict[int, Row] = {}
    for noun, id in keys:
        rows = fetch(conn, sql.TOUCHES[noun], id=id, limit=limit)
        found |= {row["id"]: row for row in rows}
    newest = sorted(found.values(), key=lambda row: (row["occurred_at"], row["id"]), reverse=True)
    return newest[:limit]


def closed(conn: sqlite3.Connection, noun: str, id: int) -> list[Closed]:
    """Give the won and the lost deals of a contact or an org; a monthly amount counts 12 times."""
    from crmcli.rules.deal import YEAR

    counts: Counter[str] = Counter()
    sums: dict[str, Counter[str]] = defaultdict(Counter)
    for row in fetch(conn, sql.CLOSED[noun], id=id):
        counts[row["status"]] += row["count"]
        minor = whole(row["millions"], row["rest"])
        if row["currency"] and minor is not None:
            sums[row["status"]][row["currency"]] += minor * YEAR[row["period"]]
    return [Closed(status, count, dict(sums[status])) for status, count in counts.items()]


def org_of(conn: sqlite3.Connection, contact_id: int) -> int | None:
    """Give the org where a person works."""
    rows = fetch(conn, sql.ORG_OF, id=contact_id)
    return int(rows[0]["id"]) if rows else None


def dates(
    conn: sqlite3.Connection, ids: Iterable[int], today: date, until: date
) -> list[tuple[date, str, int, int | None]]:
    """Give the yearly dates of people from today until a day, in order.

    Returns:
        Of each the day, what it is, whose, and the year it is the anniversary of.
    """
    found = []
    for row in fetch_ids(conn, sql.DATES, sorted(set(ids))):
        on = next_yearly(row["month"], row["day"], today)
        if on <= until:
            found.append((on, row["kind"], row["contact_id"], row["year"]))
    return sorted(found, key=lambda found: found[:3])


def spoken_to(conn: sqlite3.Connection, day: date, owner: str | None = None) -> list[Key]:
    """Give with whom a meeting, a call or a visit is due on a day: the earliest first, each once.

    A task for nobody is about its deal; without one it is left out.
    """
    keys: dict[Key, None] = {}
    for row in fetch(conn, sql.SPOKEN_TO, day=str(day), owner=owner):
        for noun in ("contact", "org", "deal"):
            if row[f"{noun}_id"]:
                keys[noun, row[f"{noun}_id"]] = None
                break
    return list(keys)
