"""Saved views: a filter with a name, and how its list is sorted and which columns it shows."""

import sqlite3
from contextlib import suppress
from dataclasses import dataclass

from crmcli.columns import Column
from crmcli.store.rows import Row, fetch
from crmcli.store.sql import view as sql
from crmcli.store.unit import Unit
from crmcli.text import fold

COLUMNS = (
    Column("name", "View"),
    Column("noun", "Of"),
    Column("filter", "Filter"),
    Column("sort", "Sort"),
    Column("fields", "Fields"),
)


@dataclass(frozen=True, slots=True)
class SavedView:
    """A view as stored."""

    id: int
    noun: str
    name: str
    filter: str
    sort: str | None
    fields: str | None

    def json(self) -> Row:
        """Give the view under its names in JSON."""
        return {
            "id": f"@{self.name}",
            "name": self.name,
            "noun": self.noun,
            "filter": self.filter,
            "sort": self.sort,
            "fields": self.fields,
        }


def list_views(conn: sqlite3.Connection) -> list[SavedView]:
    """Give all views by name."""
    return [_view(row) for row in fetch(conn, sql.LIST)]


def view_names(conn: sqlite3.Connection) -> list[str]:
    """Give the names of all views."""
    return [view.name for view in list_views(conn)]


def find_view(conn: sqlite3.Connection, name: str) -> SavedView | None:
    """Give the view of this name, case and marks aside; None when there is none."""
    rows = fetch(conn, sql.BY_NAME, name_norm=fold(name))
    return _view(rows[0]) if rows else None


def rename_tag(w: Unit, old: str, new: str) -> None:
    """Let saved views and score rules that ask for a tag ask for it by its new name."""
    from crmcli.rules.filter import FilterError, format, parse, renamed_tag
    from crmcli.store.sql.score import RULES

    stored = [("saved_view", row) for row in w.all(sql.LIST)]
    stored += [("score_rule", row) for row in w.all(RULES)]
    for table, row in stored:
        with suppress(FilterError):  # a view that cannot be read says so when it is used
            tree = parse(row["filter"])
            changed = renamed_tag(tree, old, new)
            if changed != tree:
                w.update(table, row["id"], filter=format(changed))


def save_view(w: Unit, name: str, noun: str, filter: str, sort: str, fields: str) -> bool:
    """Store a view, in place of the one that has its name; False when nothing changes.

    Takes the name and what the view holds, checked before; an empty sort or fields is none.
    """
    values: Row = {"name": name, "noun": noun, "filter": filter}
    values |= {"sort": sort or None, "fields": fields or None}
    row = w.one(sql.BY_NAME, name_norm=fold(name))
    if row:
        return w.update("saved_view", row["id"], **values)
    w.insert("saved_view", name_norm=fold(name), **values)
    return True


def drop_view(w: Unit, id: int) -> None:
    """Remove a view."""
    w.delete("saved_view", id)


def _view(row: Row) -> SavedView:
    return SavedView(**{name: row[name] for name in SavedView.__slots__})
