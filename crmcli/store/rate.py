"""Rates between currencies: what one unit was worth from a day on."""

import sqlite3
from collections import defaultdict
from fractions import Fraction

from crmcli.columns import Column
from crmcli.rules.sales import Rates
from crmcli.store.rows import Row, fetch
from crmcli.store.sql import goal as sql
from crmcli.store.unit import Unit

COLUMNS = (
    Column("base", "One"),
    Column("rate", "Is", "number"),
    Column("quote", "In"),
    Column("on_date", "From", "date"),
    Column("id", "Id", listed=False),
)


def list_rates(conn: sqlite3.Connection) -> list[Row]:
    """Give the rates by currency and day: id, base, quote, on_date, rate."""
    return fetch(conn, sql.RATES)


def rates(conn: sqlite3.Connection, base: str | None) -> Rates:
    """Give the rates into (and out of) the base currency."""
    known: dict[tuple[str, str], list[tuple[str, Fraction]]] = defaultdict(list)
    for row in list_rates(conn):
        if base in (row["base"], row["quote"]):
            known[row["base"], row["quote"]].append((row["on_date"], Fraction(row["rate"])))
    return Rates(base, known)


def set_rate(w: Unit, base: str, quote: str, on_date: str, rate: str) -> bool:
    """Store a rate from a day on; False when it holds already."""
    row = w.one(sql.RATE, base=base, quote=quote, on_date=on_date)
    if row:
        return w.update("rate", row["id"], rate=rate)
    w.insert("rate", base=base, quote=quote, on_date=on_date, rate=rate)
    return True


def drop_rates(w: Unit, base: str, quote: str, on_date: str | None = None) -> int:
    """Remove the rates of a pair, all or that of a day; give how many there were."""
    rows = [
        row
        for row in w.all(sql.RATES)
        if (row["base"], row["quote"]) == (base, quote) and on_date in (None, row["on_date"])
    ]
    for row in rows:
        w.delete("rate", row["id"])
    return len(rows)
