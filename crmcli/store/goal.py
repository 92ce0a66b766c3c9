"""Goals: what somebody, or the team, wants to reach in a period."""

import sqlite3
from dataclasses import dataclass

from crmcli.store.rows import fetch
from crmcli.store.sql import goal as sql
from crmcli.store.unit import Unit


@dataclass(frozen=True, slots=True)
class Goal:
    """A goal; without an owner it is the team's. The target is a count, or minor units."""

    id: int
    owner_id: int | None
    owner: str | None
    metric: str
    starts_on: str
    ends_on: str
    target: int
    currency: str | None


def list_goals(
    conn: sqlite3.Connection, first: str | None = None, last: str | None = None
) -> list[Goal]:
    """Give the goals whose period touches these days, or all, by their first day."""
    return [Goal(**row) for row in fetch(conn, sql.GOALS, first=first, last=last)]


def set_goal(
    w: Unit,
    owner_id: int | None,
    metric: str,
    starts_on: str,
    ends_on: str,
    target: int,
    currency: str | None,
) -> int:
    """Store a goal, or another target of one; give its id."""
    key = {"owner_id": owner_id, "metric": metric, "starts_on": starts_on, "ends_on": ends_on}
    row = w.one(sql.GOAL, **key)
    if row:
        w.update("goal", row["id"], target=target, currency=currency)
        return int(row["id"])
    return w.insert("goal", **key, target=target, currency=currency)


def drop_goal(w: Unit, id: int) -> None:
    """Remove a goal."""
    w.delete("goal", id)
