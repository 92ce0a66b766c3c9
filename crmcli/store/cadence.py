"""Cadences: own, of a tag, of everyone; bump, pause, and spreading a backlog."""

import sqlite3
from collections import Counter
from dataclasses import dataclass
from datetime import date

from crmcli.clock import Clock
from crmcli.rules.catchup import spread
from crmcli.store.due import due_items
from crmcli.store.item import Item
from crmcli.store.rows import Row, fetch
from crmcli.store.sql import cadence as sql
from crmcli.store.tag import tag_id
from crmcli.store.unit import Unit
from crmcli.text import fold

# How a late thing is put off, by the letter of its reference.
HIDING = {"t": ("task", "hidden_until_on"), "c": ("contact", "paused_until_on")}


@dataclass(frozen=True, slots=True)
class Move:
    """One late thing and the day it will be shown on."""

    item: Item
    day: date


def list_cadences(conn: sqlite3.Connection) -> list[Row]:
    """Give the cadences of tags, the shortest first, then everyone's."""
    return fetch(conn, sql.LIST)


def set_cadence(w: Unit, tag: str | None, days: int, max_days: int | None) -> bool:
    """Set the cadence of whoever wears a tag, of everyone without one; False when it is so."""
    owner = tag_id(w, tag) if tag else None
    row = w.one(sql.OF_TAG, tag_id=owner) if owner else w.one(sql.DEFAULT)
    if row:
        return w.update("cadence", row["id"], days=days, max_days=max_days)
    w.insert("cadence", tag_id=owner, days=days, max_days=max_days)
    return True


def drop_cadence(w: Unit, tag: str | None) -> bool:
    """Remove the cadence of a tag, or everyone's; False when there is none."""
    row = w.one(sql.OF_TAG_NAME, name_norm=fold(tag)) if tag else w.one(sql.DEFAULT)
    if row:
        w.delete("cadence", row["id"])
    return row is not None


def bump(w: Unit, id: int) -> bool:
    """Let a contact's cadence count from today without pretending contact; a pause ends."""
    return w.update("contact", id, bumped_on=str(w.clock.today()), paused_until_on=None)


def plan(conn: sqlite3.Connection, clock: Clock, per_day: int, owner: str | None) -> list[Move]:
    """Give a day to each late task and each person to keep in touch with, the latest first.

    Today is the first day; what falls due by itself on a day is not moved and takes up room.
    """
    today = clock.today()
    items = due_items(conn, clock, until=today, owner=owner)
    backlog = [item for item in items if _is_backlog(item)]
    backlog.sort(key=lambda item: (item.due_on, item.id[0] != "t", int(item.id[1:])))
    load: Counter[date] = Counter()
    load[today] = sum(map(_is_of_today, items))
    values = {"today": str(today), "owner": owner}
    for query in (sql.TASK_LOAD, sql.TOUCH_LOAD):
        for day, count in conn.execute(query, values):
            load[date.fromisoformat(day)] += count
    return [Move(item, day) for item, day in spread(backlog, load, today, per_day)]


def catch_up(w: Unit, moves: list[Move]) -> int:
    """Hide the tasks and pause the people of a plan until their days; give how many moved.

    No due date changes and no touch is pretended.
    """
    today = w.clock.today()
    moved = 0
    for move in moves:
        if move.day > today:
            table, column = HIDING[move.item.id[0]]
            moved += w.update(table, int(move.item.id[1:]), None, **{column: str(move.day)})
    return moved


def _is_backlog(item: Item) -> bool:
    """Tell what is late: overdue tasks, and whoever is due to be kept in touch with."""
    return item.kind == "keep_in_touch" or (item.late and item.section != "date")


def _is_of_today(item: Item) -> bool:
    """Tell what falls due today by itself: it stays, and takes up today's room."""
    return item.section != "date" and not _is_backlog(item)
