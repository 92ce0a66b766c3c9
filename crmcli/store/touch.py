"""Staying in touch: who waits for an answer, who fell silent, whom to think of, and the pulse."""

import sqlite3
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime, time, timedelta
from itertools import islice, pairwise
from typing import Any

from crmcli.clock import Clock, instant, stamp
from crmcli.rules.cadence import QUIET_DAYS
from crmcli.store.due import due_items, who_of
from crmcli.store.item import SECTIONS, Item, Who
from crmcli.store.rows import ALL, CHUNK, Row, chunks, with_ids
from crmcli.store.sql import touch as sql

WEEKS = 12  # of the pulse
SUGGESTIONS = 5
RARE = 2_000  # taggings; up to so many they are walked instead of looked up
FEWEST_TOUCHES = 3  # that tell a rhythm
SILENCE = 1.5  # of the usual gap (formulas 4.20)
NEVER = "0001-01-01T00:00:00Z"


class Silence:
    """One person who fell silent: since when, for how long, and their usual gap if it is known."""

    __slots__ = ("days", "gap", "last_at", "limit", "who")

    def __init__(self, who: Who, last_at: str, days: int, limit: float, gap: float | None) -> None:
        self.who = who
        self.last_at = last_at
        self.days = days
        self.limit = limit
        self.gap = gap

    def json(self) -> Row:
        """Give the silence under its names in JSON."""
        id, handle, name = self.who
        return {
            "id": id,
            "handle": handle,
            "name": name,
            "last_touch": self.last_at,
            "days": self.days,
            "limit": round(self.limit, 1),
            "usual_gap": self.gap,
        }


def day_items(
    conn: sqlite3.Connection,
    clock: Clock,
    *,
    lead_days: int,
    reply_days: int,
    nudge_days: int,
    radar_days: int,
    owner: str | None = None,
    until: date | None = None,
    deals: int = ALL,
) -> list[Item]:
    """Give the first page of the day: what is due, tomorrow, letters, deals, dates; never empty.

    Of each section of deals there are `deals` at most. When fewer than five things are at hand,
    suggestions fill the page up to five. It looks ahead until tomorrow, or until a later day.
    """
    last = max(clock.today() + timedelta(days=1), until or date.min)
    items = due_items(conn, clock, until=last, owner=owner, lead_days=lead_days)
    items += radar(
        conn,
        clock,
        reply_days=reply_days,
        nudge_days=nudge_days,
        radar_days=radar_days,
        owner=owner,
    )
    items += deal_items(conn, clock, owner=owner, limit=deals)
    today = clock.today()
    at_hand = sum(item.shown_on <= today for item in items)
    if at_hand < SUGGESTIONS:
        known = {item.who_id for item in items}  # a birthday brings someone up as well
        found = suggestions(conn, clock, limit=SUGGESTIONS + len(known), owner=owner)
        new = [item for item in found if item.id not in known]
        items += new[: SUGGESTIONS - at_hand]
    return sorted(items, key=lambda item: SECTIONS.index(item.section))


def radar(
    conn: sqlite3.Connection,
    clock: Clock,
    *,
    reply_days: int,
    nudge_days: int,
    radar_days: int,
    owner: str | None = None,
) -> list[Item]:
    """Give who waits for an answer (`reply`) and from whom none came (`nudge`), oldest first.

    Args:
        conn: a reading connection.
        clock: tells now and today.
        reply_days: tell of a letter without an answer after so many days.
        nudge_days: tell of an own letter without an answer after so many days.
        radar_days: what is older than this is no news any more.
        owner: only this owner's people.
    """
    today = clock.today()
    items = []
    for side, days, section in (("in", reply_days, "reply"), ("out", nudge_days, "nudge")):
        values = {
            "side": side,
            "before": _day_end(clock, today - timedelta(days=days)),
            "after": _day_end(clock, today - timedelta(days=radar_days + 1)),
            "today": str(today),
            "owner": owner,
        }
        for id, name, handle, at in conn.execute(sql.UNANSWERED, values):
            day = _day(clock, at)
            ago = (today - day).days
            who = (f"c{id}", handle, name)
            due_on = day + timedelta(days=days)
            items.append(Item(section, f"c{id}", section, due_on, None, "", who, count=ago))
    return items


def deal_items(
    conn: sqlite3.Connection, clock: Clock, *, owner: str | None = None, limit: int = ALL
) -> list[Item]:
    """Give the open deals that want attention: those without a next step, those that rot.

    A deal without an open task may stand in both sections. Those without a step come by close
    date, those that rot (formulas 4.9) the longest idle first; at most `limit` of each.
    """
    today = clock.today()
    values: Row = {"owner": owner, "limit": limit, "today": str(today)}
    items = [_deal_item("no_step", row, clock, today) for row in conn.execute(sql.NO_STEP, values)]
    rotting = []
    for stage_id, days in conn.execute(sql.ROTTING_STAGES).fetchall():
        before = _day_end(clock, today - timedelta(days=days + 1))
        found = conn.execute(sql.ROTTING, {**values, "stage_id": stage_id, "before": before})
        rotting += [_deal_item("rotting", row, clock, today, days) for row in found]
    rotting.sort(key=lambda item: -(item.count or 0))
    return items + rotting[: None if limit == ALL else limit]


def _deal_item(
    section: str, row: tuple[Any, ...], clock: Clock, today: date, allowed: int = 0
) -> Item:
    """Give the item of a deal; one that rots was due on the last day its stage allows."""
    id, name, stage, entered_at, last_at = row[:5]
    idle = (today - _day(clock, max(entered_at, last_at or ""))).days
    is_rotting = section == "rotting"
    return Item(
        section,
        f"d{id}",
        section,
        today - timedelta(days=idle - allowed) if is_rotting else today,
        None,
        f"{name} ({stage})",
        who_of(row[5:]),
        late=is_rotting,
        count=idle,
    )


def dormant(
    conn: sqlite3.Connection,
    clock: Clock,
    *,
    days: int,
    adaptive: bool = False,
    owner: str | None = None,
    where: tuple[str, Row] = ("", {}),
) -> Iterator[Silence]:
    """Give who was in touch once but not for `days`, the longest silence first (formulas 4.20).

    Args:
        conn: a reading connection.
        clock: tells today.
        days: silence longer than this is dormant.
        adaptive: measure each person with at least three touches by 1.5 times their own median
            gap instead; `days` holds for nobody then.
        owner: only this owner's people.
        where: a compiled filter of contacts: SQL that begins with AND, and its values.
    """
    today = clock.today()
    before = _day_end(clock, today - timedelta(days=2 if adaptive else days + 1))
    terms, values = where
    query = sql.DORMANT.replace("{filter}", terms)
    cursor = conn.execute(query, {**values, "before": before, "owner": owner})
    while rows := cursor.fetchmany(CHUNK):
        gaps = _gaps(conn, clock, [row[0] for row in rows]) if adaptive else {}
        for id, name, handle, at in rows:
            silent = (today - _day(clock, at)).days
            gap = gaps.get(id)
            limit = days if not adaptive else SILENCE * gap if gap else None
            if limit is not None and silent > limit:
                yield Silence((f"c{id}", handle, name), at, silent, limit, gap)


def suggestions(
    conn: sqlite3.Connection, clock: Clock, *, limit: int, owner: str | None = None
) -> list[Item]:
    """Give up to `limit` people whom nothing else brings up: tagged first, longest silence first.

    Whoever was in touch within 30 days, or has a cadence, a follow-up or a letter on the way, is
    left out; people who were never in touch come after those who were.
    """
    today = clock.today()
    values: Row = {
        "before": _day_end(clock, today - timedelta(days=QUIET_DAYS)),
        "today": str(today),
        "owner": owner,
    }
    items: list[Item] = []
    few = conn.execute(sql.TAGGINGS, {"cap": RARE + 1}).fetchone()[0] <= RARE
    for tags in ("rare" if few else "common", "none"):
        for touch in ("touched", "untouched"):
            query = sql.SUGGESTED[tags, touch]
            rows = conn.execute(query, {**values, "limit": limit - len(items)})
            items += [_suggestion(clock, today, *row) for row in rows]
    return items


def pulses(conn: sqlite3.Connection, clock: Clock, ids: Sequence[int]) -> dict[int, list[int]]:
    """Give, by contact, the touches of the last 12 weeks; the last number is of the last 7 days."""
    today = clock.today()
    after = _day_end(clock, today - timedelta(days=7 * WEEKS))
    found: dict[int, list[int]] = {id: [0] * WEEKS for id in ids}
    for chunk in chunks(set(ids)):
        query, values = with_ids(sql.TOUCHES, chunk)
        for id, at in conn.execute(query, {**values, "after": after}):
            week = (today - _day(clock, at)).days // 7
            if 0 <= week < WEEKS:
                found[id][WEEKS - 1 - week] += 1
    return found


def with_pulse(conn: sqlite3.Connection, clock: Clock, records: Iterable[Row]) -> Iterator[Row]:
    """Add the pulse to contacts given under their names in JSON, a few hundred at a time."""
    source = iter(records)
    while chunk := list(islice(source, CHUNK)):
        found = pulses(conn, clock, [int(record["id"][1:]) for record in chunk])
        for record in chunk:
            yield {**record, "pulse": found[int(record["id"][1:])]}


def _gaps(conn: sqlite3.Connection, clock: Clock, ids: Sequence[int]) -> dict[int, float]:
    """Give the median gap in days between the touches of those who have at least three."""
    from statistics import median  # costs as much as all of `crm today`

    touched: dict[int, list[date]] = defaultdict(list)
    query, values = with_ids(sql.TOUCHES, ids)
    for id, at in conn.execute(query, {**values, "after": NEVER}):
        touched[id].append(_day(clock, at))
    found = {}
    for id, days in touched.items():
        dates = sorted(set(days))
        if len(dates) >= FEWEST_TOUCHES:
            found[id] = float(median((later - day).days for day, later in pairwise(dates)))
    return found


def _suggestion(
    clock: Clock, today: date, id: int, name: str, handle: str, last_at: str | None
) -> Item:
    ago = (today - _day(clock, last_at)).days if last_at else None
    who = (f"c{id}", handle, name)
    return Item("suggestion", f"c{id}", "suggestion", today, None, "", who, count=ago)


def _day(clock: Clock, at: str) -> date:
    """Give the user's day of a stored instant."""
    return clock.local(instant(at)).date()


def _day_end(clock: Clock, day: date) -> str:
    """Give the last second of the user's `day` in stored form."""
    midnight = datetime.combine(day + timedelta(days=1), time())
    return stamp(clock.instant(midnight) - timedelta(seconds=1))
