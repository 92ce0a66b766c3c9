"""Reports of what happened: counted by one dimension or two, with the rows behind each number."""

import sqlite3
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from itertools import product
from typing import Any

from crmcli.clock import Clock, instant
from crmcli.errors import UsageError
from crmcli.period import week_of
from crmcli.store.rows import CHUNK, Where, with_ids
from crmcli.store.sql import report as sql
from crmcli.text import fold

WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
Label = str | None  # None: it has none
Labels = tuple[Label, ...]  # of a cell: one for each dimension
Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Question:
    """What a report asks for.

    Args:
        first: the instant it begins with, in stored form.
        until: the instant it ends before.
        by: the dimensions, at most two.
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
    report = Report(defaultdict(Cell), tuple(defaultdict(Cell) for _ in question.by), Cell())
    for fact in _facts(conn, clock, question):
        report.total.add(fact)
        for labels in fact.cells:
            report.cells[labels].add(fact)
        for side, several in zip(report.sides, fact.labels, strict=True):
            for label in several:
                side[label].add(fact)
    return report


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
    for fact in _facts(conn, clock, question):
        if any(_folded(labels) == folded for labels in fact.cells):
            ids.append(fact.id)
        if len(ids) == CHUNK:
            yield ids
            ids = []
    if ids:
        yield ids


def _folded(labels: Labels) -> list[Label]:
    return [None if label is None else fold(label) for label in labels]


def check_dimensions(names: Sequence[str], known: Sequence[str], most: int) -> tuple[str, ...]:
    """Give dimensions in their known spelling.

    Raises:
        UsageError: an unknown one, one twice, or more than `most`.
    """
    found = tuple(dict.fromkeys(name.strip().casefold() for name in names if name.strip()))
    for name in found:
        if name not in known:
            raise UsageError(f"cannot count by {name!r}", f"one of {', '.join(known)}")
    if not 1 <= len(found) <= most:
        raise UsageError(f"a report counts by one thing or {most}", f"of {', '.join(known)}")
    return found


def _facts(conn: sqlite3.Connection, clock: Clock, question: Question) -> Iterator[Fact]:
    """Give what happened in the period, newest first, without holding it all."""
    where = question.where or Where("")
    query = sql.FACTS.replace("{filter}", f"AND ({where.sql})" if where.sql else "")
    values = {"first": question.first, "until": question.until, "kind": question.kind}
    cursor = conn.execute(query, {**where.values, **values})
    names = [column[0] for column in cursor.description]
    while rows := cursor.fetchmany(CHUNK):
        records = [dict(zip(names, row, strict=True)) for row in rows]
        yield from _labelled(conn, clock, question, records)


def _labelled(
    conn: sqlite3.Connection, clock: Clock, question: Question, rows: list[Row]
) -> Iterator[Fact]:
    ids = [row["id"] for row in rows]
    people = _many(conn, (sql.PEOPLE,), ids)
    lookups = {
        name: _many(conn, _queries(name, question), ids) for name in question.by if name in MANY
    }
    times = [name for name in question.by if name in TIMES]
    for row in rows:
        if times:
            row |= _times(clock, row["occurred_at"], times, question.week_start)
        labels = tuple(
            lookups[name].get(row["id"], (None,)) if name in lookups else (row[name],)
            for name in question.by
        )
        minutes = ((row["duration_seconds"] or 0) + 30) // 60
        who = people.get(row["id"], ())
        yield Fact(row["id"], bool(row["counts_as_touch"]), minutes, who, labels)


def _queries(name: str, question: Question) -> tuple[str, ...]:
    """Give the queries of a dimension; feedback is told apart by its own tags only."""
    return MANY[name][:1] if question.kind else MANY[name]


def _many(
    conn: sqlite3.Connection, queries: Sequence[str], ids: Sequence[int]
) -> dict[int, list[Any]]:
    """Give what several may belong to one interaction, each once."""
    found: dict[int, dict[Any, None]] = defaultdict(dict)
    for query in queries:
        for id, value in conn.execute(*with_ids(query, ids)):
            found[id][value] = None
    return {id: list(values) for id, values in found.items()}


def _times(clock: Clock, stamp: str, names: Sequence[str], week_start: int) -> dict[str, Label]:
    """Give the labels of an instant in the user's zone; none for what is no instant."""
    try:
        local = clock.local(instant(stamp))
    except ValueError:  # written by another program
        return dict.fromkeys(names)
    return {name: TIMES[name](local, week_start) for name in names}


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
