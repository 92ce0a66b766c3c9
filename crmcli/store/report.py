"""Reports of what happened: counted by its dimensions, with the rows behind each number."""

import sqlite3
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from itertools import product
from typing import Any

from crmcli.clock import Clock, instant
from crmcli.errors import UsageError
from crmcli.i18n import tr
from crmcli.period import week_of
from crmcli.store import dialect
from crmcli.store.rows import CHUNK, Where, with_ids
from crmcli.store.sql import report as sql
from crmcli.text import fold

WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
Label = str | None  # None: it has none
Labels = tuple[Label, ...]  # of a cell: one for each dimension
LONG = timedelta(days=370)  # from here on the table is read as it lies, which is faster


@dataclass(frozen=True, slots=True)
class Question:
    """What a report asks for.

    Args:
        first: the instant it begins with, in stored form.
        until: the instant it ends before.
        by: the dimensions.
        kind: only interactions of this kind.
        where: a compiled filter of interactions; None for all.
        week_start: the weekday a week begins on, Monday is 0.
    """

    first: str
    until: str
    by: tuple[str, ...] = ()
    kind: str | None = None
    where: Where | None = None
    week_start: int = 0


@dataclass(frozen=True, slots=True)
class Fact:
    """One interaction, with its labels in each dimension asked for, and who took part."""

    id: int
    is_touch: bool
    minutes: int
    people: Sequence[int]
    labels: tuple[Sequence[Label], ...]

    @property
    def cells(self) -> Iterator[Labels]:
        """Give the cells it counts in: several when a dimension has several labels for it."""
        return product(*self.labels)


@dataclass(slots=True)
class Cell:
    """What was counted; `people` are those with whom there was real contact."""

    interactions: int = 0
    touches: int = 0
    minutes: int = 0
    people: set[int] = field(default_factory=set)

    def add(self, fact: Fact) -> None:
        """Count one interaction in."""
        self.interactions += 1
        self.minutes += fact.minutes
        if fact.is_touch:
            self.touches += 1
            self.people.update(fact.people)

    def json(self) -> dict[str, int]:
        """Give the figures under their names."""
        return {
            "interactions": self.interactions,
            "touches": self.touches,
            "others": self.interactions - self.touches,
            "people": len(self.people),
            "minutes": self.minutes,
        }


@dataclass(frozen=True, slots=True)
class Report:
    """What was counted; in each of the cells an interaction counts once.

    Args:
        cells: by the labels in all dimensions.
        sides: by the labels in each dimension alone.
        total: the whole.
    """

    cells: dict[Labels, Cell]
    sides: tuple[dict[Label, Cell], ...]
    total: Cell


def count(conn: sqlite3.Connection, clock: Clock, question: Question) -> Report:
    """Count what happened, by the dimensions of the question."""
    cells: dict[Labels, Cell] = defaultdict(Cell)
    sides: tuple[dict[Label, Cell], ...] = tuple(defaultdict(Cell) for _ in question.by)
    total = Cell()
    first, until = (date.fromisoformat(edge[:10]) for edge in (question.first, question.until))
    at = "interaction.occurred_at"
    query = sql.FACTS.replace(at, dialect.unindexed(at)) if until - first > LONG else sql.FACTS
    for fact in _facts(conn, clock, question, query):
        total.add(fact)
        for labels in fact.cells:
            cells[labels].add(fact)
        for side, several in zip(sides, fact.labels if len(sides) > 1 else (), strict=False):
            for label in several:
                side[label].add(fact)
    if len(sides) == 1:
        sides = ({labels[0]: cell for labels, cell in cells.items()},)
    return Report(cells, sides, total)


def in_order(
    name: str, side: Mapping[Label, Cell], week_start: int = 0, *, filled: bool = False
) -> list[Label]:
    """Give the labels of a dimension: times as they pass, others by their count, none last.

    With `filled`, the times between the first and the last are all there.
    """
    known = [label for label in side if label is not None]
    if name == "weekday":
        days = [WEEKDAYS[(week_start + number) % 7] for number in range(7)]
        labels = days if filled and known else [day for day in days if day in side]
    elif name in TIMES:
        labels = _between(name, min(known), max(known)) if filled and known else sorted(known)
    else:
        labels = sorted(known, key=lambda label: (-side[label].interactions, label))
    return [*labels, *([None] if None in side else [])]


def _between(name: str, first: str, last: str) -> list[str]:
    """Give the hours, days, weeks or months from the first to the last."""
    if name == "hour":
        return [f"{hour:02}" for hour in range(int(first), int(last) + 1)]
    if name == "month":
        start, end = (int(month[:4]) * 12 + int(month[5:]) - 1 for month in (first, last))
        return [f"{number // 12:04}-{number % 12 + 1:02}" for number in range(start, end + 1)]
    begin, days = date.fromisoformat(first), 7 if name == "week" else 1
    span = (date.fromisoformat(last) - begin).days
    return [str(begin + timedelta(days=day)) for day in range(0, span + 1, days)]


def behind(
    conn: sqlite3.Connection, clock: Clock, question: Question, wanted: Labels
) -> Iterator[list[int]]:
    """Give the ids of the interactions that one cell counts, newest first, in chunks.

    Args:
        conn: a reading connection.
        clock: tells the user's days.
        question: whose dimensions those of the cell are; none for everything.
        wanted: the label of the cell in each of them, in any spelling; None for no label.
    """
    folded = _folded(wanted)
    ids: list[int] = []
    for fact in _facts(conn, clock, question, sql.FACTS_NEWEST_FIRST):
        if any(_folded(labels) == folded for labels in fact.cells):
            ids.append(fact.id)
        if len(ids) == CHUNK:
            yield ids
            ids = []
    if ids:
        yield ids


def _folded(labels: Labels) -> list[Label]:
    return [None if label is None else fold(label) for label in labels]


def check_dimensions(names: Sequence[str], known: Sequence[str]) -> tuple[str, ...]:
    """Give dimensions in their known spelling.

    Raises:
        UsageError: an unknown one, or none.
    """
    found = tuple(dict.fromkeys(name.strip().casefold() for name in names if name.strip()))
    for name in found:
        if name not in known:
            raise UsageError(
                tr("cannot count by {name!r}", name=name),
                tr("one of {names}", names=", ".join(known)),
            )
    if not found:
        raise UsageError(
            tr("a report counts by at least one thing"),
            tr("of {names}", names=", ".join(known)),
        )
    return found


def _facts(
    conn: sqlite3.Connection, clock: Clock, question: Question, query: str
) -> Iterator[Fact]:
    """Give what happened in the period, without holding it all."""
    where = question.where or Where("")
    query = query.replace("{filter}", f"AND ({where.sql})" if where.sql else "")
    values = {"first": question.first, "until": question.until, "kind": question.kind}
    cursor = conn.execute(query, {**where.values, **values})
    places = {column[0]: place for place, column in enumerate(cursor.description)}
    while rows := cursor.fetchmany(CHUNK):
        yield from _labelled(conn, clock, question, rows, places)


def _labelled(
    conn: sqlite3.Connection,
    clock: Clock,
    question: Question,
    rows: list[tuple[Any, ...]],
    places: dict[str, int],
) -> Iterator[Fact]:
    """Give the facts that rows hold, their columns at these places."""
    ids = [row[0] for row in rows]
    people = _many(conn, (sql.PEOPLE,), ids)
    looks = [_look(conn, clock, question, name, ids, places) for name in question.by]
    seconds, touch = places["duration_seconds"], places["counts_as_touch"]
    for row in rows:
        labels = tuple([look(row) for look in looks])
        minutes = ((row[seconds] or 0) + 30) // 60
        yield Fact(row[0], bool(row[touch]), minutes, people.get(row[0], ()), labels)


def _look(
    conn: sqlite3.Connection,
    clock: Clock,
    question: Question,
    name: str,
    ids: Sequence[int],
    places: dict[str, int],
) -> Callable[[tuple[Any, ...]], Sequence[Label]]:
    """Give what tells the labels of a row in a dimension."""
    if name in TIMES:
        at = places["occurred_at"]
        return lambda row: (_time(clock, row[at], name, question.week_start),)
    if name in MANY:
        # Feedback is told apart by its own tags only.
        found = _many(conn, MANY[name][:1] if question.kind else MANY[name], ids)
        return lambda row: found.get(row[0], (None,))
    place = places[name]
    return lambda row: (row[place],)


def _many(
    conn: sqlite3.Connection, queries: Sequence[str], ids: Sequence[int]
) -> dict[int, list[Any]]:
    """Give what several may belong to one interaction, each once."""
    found: dict[int, list[Any]] = defaultdict(list)
    for query in queries:
        for id, value in conn.execute(*with_ids(query, ids)):
            if value not in found[id]:
                found[id].append(value)
    return found


def _time(clock: Clock, stamp: str, name: str, week_start: int) -> Label:
    """Give the label of an instant in the user's zone; none for what is no instant."""
    try:
        return TIMES[name](clock.local(instant(stamp)), week_start)
    except ValueError:  # written by another program
        return None


def _week(local: datetime, week_start: int) -> str:
    return str(week_of(date(local.year, local.month, local.day), week_start))


TIMES: dict[str, Callable[[datetime, int], str]] = {
    "month": lambda local, _: f"{local.year:04}-{local.month:02}",
    "week": _week,  # by its first day
    "day": lambda local, _: f"{local.year:04}-{local.month:02}-{local.day:02}",
    "weekday": lambda local, _: WEEKDAYS[local.weekday()],
    "hour": lambda local, _: f"{local.hour:02}",
}
MANY = {"org": (sql.ORGS,), "tag": (sql.TAGS, sql.TAGS_OF_PEOPLE)}
PLAIN = ("kind", "direction", "outcome", "owner")
DIMENSIONS = (*PLAIN, *TIMES, *MANY)
