"""Sources: where people and deals come from, and what was spent on that."""

import sqlite3
from datetime import date
from difflib import get_close_matches

from crmcli.columns import Column
from crmcli.errors import ConflictError, NotFoundError
from crmcli.i18n import tr
from crmcli.money import Money
from crmcli.money import json as money_json
from crmcli.store import vocabulary
from crmcli.store.rows import Row, fetch
from crmcli.store.sql import pipeline as vocabulary_sql
from crmcli.store.sql import source as sql
from crmcli.store.unit import Unit
from crmcli.text import fold

*_FIRST, _LAST = vocabulary.SOURCE_COLUMNS
COLUMNS = (*_FIRST, Column("spent", "Spent", "list"), _LAST)
COST_COLUMNS = (
    Column("spent_on", "On", "date"),
    Column("amount", "Amount", "money"),
    Column("note", "Note"),
    Column("id", "Id", listed=False),
)


def list_sources(conn: sqlite3.Connection) -> list[Row]:
    """Give the sources by name: how many came from each, and what was spent, by currency."""
    spent: dict[int, list[Row]] = {}
    for row in fetch(conn, sql.SPENT):
        amount = money_json(Money(row["minor"], row["currency"]))
        spent.setdefault(row["source_id"], []).append(dict(amount))
    return [{**row, "spent": spent.get(row["id"], [])} for row in vocabulary.list_sources(conn)]


def find_source(conn: sqlite3.Connection, name: str) -> Row:
    """Give the source of a name, or the beginning of one.

    Raises:
        NotFoundError: there is none such; the hint names the nearest.
        ConflictError: the beginning fits several.
    """
    known, folded = list_sources(conn), fold(name)
    found = [row for row in known if fold(row["name"]) == folded]
    found = found or [row for row in known if folded and fold(row["name"]).startswith(folded)]
    if len(found) == 1:
        return found[0]
    if found:
        shown = ", ".join(row["name"] for row in found)
        raise ConflictError(
            tr("{name!r} may be {shown}", name=name, shown=shown), tr("write more of it")
        )
    names = {fold(row["name"]): row["name"] for row in known}
    near = get_close_matches(folded, names, 1)
    hint = tr("did you mean {name}?", name=names[near[0]]) if near else ""
    raise NotFoundError(
        tr("there is no source {name!r}", name=name), hint or tr("`crm source add` makes one")
    )


def add_source(w: Unit, name: str, medium: str | None) -> int:
    """Store a source; give its id.

    Raises:
        ConflictError: there is one of this name.
    """
    _refuse_twin(w, name)
    return w.insert("source", name=name, name_norm=fold(name), medium=medium)


def edit_source(w: Unit, id: int, values: Row) -> bool:
    """Change name and medium of a source.

    Raises:
        ConflictError: another one has the name.
    """
    if "name" in values:
        _refuse_twin(w, values["name"], id)
        values = {**values, "name_norm": fold(values["name"])}
    return w.update("source", id, **values)


def _refuse_twin(w: Unit, name: str, id: int | None = None) -> None:
    row = w.one(vocabulary_sql.SOURCE_BY_NAME, name_norm=fold(name))
    if row and row["id"] != id:
        raise ConflictError(
            tr("there is a source {name} already", name=row["name"]),
            tr("`crm source rm OTHER --into NAME` makes one of two"),
        )


def remove_source(w: Unit, source: Row, into: int | None) -> None:
    """Remove a source; what hangs on it goes over to another.

    Raises:
        ConflictError: something hangs on it, and no other is given.
    """
    for table, query in sql.HANGS.items():
        hanging = w.all(query, source_id=source["id"])
        if hanging and into is None:
            raise ConflictError(
                tr("{name} is in use", name=source["name"]),
                tr("`--into NAME` gives what came from it to another source"),
            )
        for row in hanging:
            w.update(table, row["id"], source_id=into)
    w.delete("source", source["id"])


def add_cost(w: Unit, source_id: int, amount: Money, on: date, note: str | None) -> int:
    """Store what was spent on a source on a day; give its id."""
    return w.insert(
        "source_cost",
        source_id=source_id,
        spent_on=str(on),
        amount_minor=amount.minor,
        currency=amount.currency,
        note=note,
    )


def costs(conn: sqlite3.Connection, source_id: int) -> list[Row]:
    """Give what was spent on a source, the first first."""
    return [
        {
            "id": row["id"],
            "spent_on": row["spent_on"],
            "amount": money_json(Money(row["amount_minor"], row["currency"])),
            "note": row["note"],
        }
        for row in fetch(conn, sql.COSTS, source_id=source_id)
    ]
