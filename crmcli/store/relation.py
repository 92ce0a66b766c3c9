"""Relations between people, and the words for them."""

import sqlite3

from crmcli.columns import Column
from crmcli.rules.relation import SHIPPED, Pair
from crmcli.store.rows import Row, fetch
from crmcli.store.sql import relation as sql
from crmcli.store.unit import Unit
from crmcli.text import fold

COLUMNS = (
    Column("name", "Relation"),
    Column("inverse", "Inverse"),
    Column("relations", "Used", "number"),
    Column("id", "Id", listed=False),
)


def list_pairs(conn: sqlite3.Connection) -> list[Row]:
    """Give all words with how often they are used: the own ones, and those that come along."""
    rows = [{**row, "id": row["name"]} for row in fetch(conn, sql.TYPES)]
    known = {fold(word) for row in rows for word in (row["name"], row["inverse"])}
    unused = [pair for pair in SHIPPED if not known & {fold(pair.name), fold(pair.inverse)}]
    return rows + [
        {"id": pair.name, "name": pair.name, "inverse": pair.inverse, "relations": 0}
        for pair in unused
    ]


def pairs(conn: sqlite3.Connection) -> list[Pair]:
    """Give all words that may be used."""
    return [Pair(row["name"], row["inverse"]) for row in list_pairs(conn)]


def relations(conn: sqlite3.Connection, id: int) -> list[Row]:
    """Give whom a contact knows as what, from their side; nobody who is in the trash."""
    return [
        {
            "as": row["word"],
            "id": f"c{row['id']}",
            "handle": row["handle"],
            "name": row["display_name"],
        }
        for row in fetch(conn, sql.OF_CONTACT, id=id)
    ]


def relate(w: Unit, one: int, other: int, pair: Pair) -> bool:
    """Store that contact `one` is `pair.name` contact `other`; False when it is so already."""
    if _between(w, one, other, pair):
        return False
    type_id = _type_id(w, pair)
    w.insert("relationship", from_contact_id=one, to_contact_id=other, type_id=type_id)
    return True


def unrelate(w: Unit, one: int, other: int, pair: Pair | None) -> int:
    """Remove a relation of two contacts, or with None all between them; give how many."""
    rows = _between(w, one, other, pair)
    for row in rows:
        w.delete("relationship", row["id"])
    return len(rows)


def rename_pair(w: Unit, old: Pair, new: Pair) -> bool:
    """Give a pair of words other names, in all relations that use them."""
    return w.update("relationship_type", _type_id(w, old), **_values(new))


def _between(w: Unit, one: int, other: int, pair: Pair | None) -> list[Row]:
    """Give the relations of two contacts; a symmetric one counts from either side."""
    rows = w.all(sql.BETWEEN, one=one, other=other)
    if pair is None:
        return rows
    type = w.one(sql.TYPE, name_norm=fold(pair.name)) or {"id": 0}
    return [
        row
        for row in rows
        if row["type_id"] == type["id"] and (pair.is_symmetric or row["from_contact_id"] == one)
    ]


def _type_id(w: Unit, pair: Pair) -> int:
    """Give the row of a pair of words, made with its first use."""
    row = w.one(sql.TYPE, name_norm=fold(pair.name))
    return row["id"] if row else w.insert("relationship_type", **_values(pair))


def _values(pair: Pair) -> Row:
    return {
        "name": pair.name,
        "name_norm": fold(pair.name),
        "inverse": pair.inverse,
        "inverse_norm": fold(pair.inverse),
    }
