"""What the figures of sales are made of: deals as they are, or as they were at the end of a day."""

import sqlite3
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import cache
from typing import Any

from crmcli.clock import Clock, instant
from crmcli.rules.deal import YEAR
from crmcli.rules.pipeline import CATEGORIES
from crmcli.rules.sales import Stay
from crmcli.store.rows import Where, fetch, whole
from crmcli.store.sql import figures as sql

Label = str | None  # None: it has none
Labels = tuple[Label, ...]
WON_RANK = 1_000_000  # a won stage lies beyond every open one


@dataclass(frozen=True, slots=True)
class Place:
    """A stage as figures see it; `rank` is its position, that of a won one beyond all others."""

    id: int
    pipeline_id: int
    pipeline: str
    holds: str
    name: str
    kind: str
    rank: int
    probability: int
    category: str
    is_removed: bool


Places = Mapping[int, Place]


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """What is asked for.

    Args:
        first: the first day of the period.
        last: its last day.
        begin: the instant the period begins with, in stored form.
        end: the instant it ends before.
        today: the day that it is, or was.
        as_of: the instant that day ended; None for now.
        by: the dimensions.
        where: a compiled filter of deals, or of contacts, as they are now.
        pipeline_id: only what stands in this pipeline.
        strict: what is late is not due any more.
    """

    first: date
    last: date
    begin: str
    end: str
    today: date
    as_of: str | None = None
    by: tuple[str, ...] = ()
    where: Where | None = None
    pipeline_id: int | None = None
    strict: bool = False

    @property
    def values(self) -> dict[str, Any]:
        """Give what is bound in every query."""
        return {
            **(self.where.values if self.where else {}),
            "first": str(self.first),
            "last": str(self.last),
            "begin": self.begin,
            "end": self.end if self.as_of is None else min(self.end, self.as_of),
            "today": str(self.today),
            "as_of": self.as_of,
            "pipeline_id": self.pipeline_id,
            "strict": self.strict,
        }


@dataclass(frozen=True, slots=True)
class Open:
    """Open deals that are alike in all that figures ask for.

    Args:
        part: due (in the period), late (past their close date) or undated.
        labels: in the dimensions of the question.
        deals: how many.
        minor: what they are worth in a year, in minor units.
        currency: of that; None without an amount.
        percent: the probability of each.
        category: of the forecast.
    """

    part: str
    labels: Labels
    deals: int
    minor: int
    currency: str | None
    percent: int
    category: str


@dataclass(frozen=True, slots=True)
class Closed:
    """A deal that was won or lost.

    Args:
        id: of the deal.
        status: won or lost.
        labels: in the dimensions of the question.
        minor: what it was worth in a year, in minor units; None without an amount.
        currency: of that.
        day: the user's day it was closed.
        seconds: from its opening to its end.
    """

    id: int
    status: str
    labels: Labels
    minor: int | None
    currency: str | None
    day: str
    seconds: int


@dataclass(frozen=True, slots=True)
class Standing:
    """An open deal.

    Args:
        id: of the deal.
        labels: in the dimensions of the question.
        percent: its probability.
        is_qualified: it stands past the first stage of its pipeline, or that has but one.
        is_late: its close date lies in the period, and is past.
    """

    id: int
    labels: Labels
    percent: int
    is_qualified: bool
    is_late: bool


@dataclass(frozen=True, slots=True)
class Slip:
    """A close date that was moved by so many days, later or earlier."""

    id: int
    labels: Labels
    days: int


@dataclass(frozen=True, slots=True)
class Lead:
    """Somebody who became a lead in the period, and whether they bought later."""

    id: int
    labels: Labels
    is_customer: bool


@dataclass(frozen=True, slots=True)
class Track:
    """The stays of one deal or contact, in order."""

    id: int
    stays: list[Stay] = field(default_factory=list)


def places(conn: sqlite3.Connection) -> dict[int, Place]:
    """Give every stage there is or was, in the order of pipelines and positions."""
    return {
        row["id"]: Place(
            row["id"],
            row["pipeline_id"],
            row["pipeline"],
            row["holds"],
            row["name"],
            row["kind"],
            WON_RANK if row["kind"] == "won" else row["position"],
            row["probability"],
            row["category"],
            row["archived_at"] is not None,
        )
        for row in fetch(conn, sql.STAGES)
    }


class Reader:
    """Reads what a question asks for.

    Args:
        conn: a reading connection.
        clock: tells the user's days.
        question: what is asked for.
    """

    def __init__(self, conn: sqlite3.Connection, clock: Clock, question: Question) -> None:
        self.conn = conn
        self.clock = clock
        self.question = question
        self.places = places(conn)
        self.names = {
            name: dict(conn.execute(sql.NAMES[name]).fetchall())
            for name in question.by
            if name in sql.NAMES
        }
        self.day_of = cache(self._day_of)

    def open_sums(self) -> Iterator[Open]:
        """Give the open deals that are due, late or undated, as sums of those that are alike."""
        for row in self._fetch(sql.OPEN_SUMS, self._parts()):
            place = self.places[row["stage_id"]]
            category = row["forecast_override"] or place.category
            percent = self._percent(row)
            for part in ("due", "late", "undated"):
                if deals := row[f"{part}_deals"]:
                    summed = whole(row[f"{part}_millions"], row[f"{part}_rest"]) or 0
                    minor = summed * YEAR[row["value_period"]]
                    labels = self._labels(row, category)
                    yield Open(part, labels, deals, minor, row["currency"], percent, category)

    def open_deals(self) -> Iterator[tuple[int, str, Labels, str]]:
        """Give id, part, labels and category of the open deals, the next to close first."""
        for row in self._fetch(sql.OPEN_DEALS, self._parts()):
            category = row["forecast_override"] or self.places[row["stage_id"]].category
            yield row["id"], row["part"] or "later", self._labels(row, category), category

    def standing(self) -> Iterator[Standing]:
        """Give all open deals, whatever their close date."""
        firsts: dict[int, int] = {}
        for place in self.places.values():
            if place.kind == "open" and not place.is_removed:
                firsts.setdefault(place.pipeline_id, place.rank)
        alone = self._alone()
        yesterday = self.question.today - timedelta(days=1)
        first, last = str(self.question.first), str(min(self.question.last, yesterday))
        for row in self._fetch(sql.STANDING, self._parts()):
            place = self.places[row["stage_id"]]
            yield Standing(
                row["id"],
                self._labels(row, row["forecast_override"] or place.category),
                self._percent(row),
                place.rank > firsts.get(place.pipeline_id, 0) or place.pipeline_id in alone,
                first <= (row["close_date"] or "") <= last,
            )

    def closed(self, *, came_from: bool = True) -> list[Closed]:
        """Give the deals won and lost in the period, the newest first.

        Args:
            came_from: label them with the open stage they came from, not with that of their end.
        """
        stage = sql.LAST_OPEN_STAGE if came_from else sql.PARTS["stage"]
        parts = self._parts(stage=stage, month="deal.closed_at")
        found = []
        for row in self._fetch(sql.CLOSED, parts):
            minor = row["amount_minor"]
            found.append(
                Closed(
                    row["id"],
                    row["status"],
                    self._labels(row, self.places[row["stage_id"]].category),
                    None if minor is None else minor * YEAR[row["value_period"]],
                    row["currency"],
                    self.day_of(row["closed_at"]),
                    seconds(row["closed_at"]) - seconds(row["opened_at"]),
                )
            )
        return found

    def funnel(self, noun: str) -> Iterator[tuple[Labels, int, int]]:
        """Give labels, the highest rank ever reached, and how many, of a cohort."""
        parts = self._parts(noun)
        for row in self._fetch(sql.FUNNEL[noun], parts):
            if row["rank"] is not None:
                yield self._labels(row, ""), row["rank"], row["records"]

    def reached(self, noun: str) -> Iterator[tuple[int, Labels, int]]:
        """Give id, labels and the highest rank ever reached of each in a cohort."""
        for row in self._fetch(sql.REACHED[noun], self._parts(noun)):
            yield row["id"], self._labels(row, ""), row["rank"] or 0

    def tracks(self, noun: str) -> list[Track]:
        """Give the stays of all that entered a stage of the pipeline in the period."""
        found: dict[int, Track] = {}
        pipeline, as_of = self.question.pipeline_id, self.question.as_of
        for row in self._fetch(sql.STAYS[noun], {}):
            place = self.places[row["stage_id"]]
            rank = place.rank if place.pipeline_id == pipeline else 0
            exited = row["exited_at"]
            if exited and as_of and exited >= as_of:
                exited = None
            track = found.setdefault(row["id"], Track(row["id"]))
            over = seconds(exited) if exited else None
            track.stays.append(Stay(place.id, place.kind, rank, seconds(row["entered_at"]), over))
        return list(found.values())

    def slips(self) -> Iterator[Slip]:
        """Give the close dates moved in the period."""
        parts = self._parts(month="slip.changed_at")
        for row in self._fetch(sql.SLIPS, parts, is_dated=False):
            place = self.places[row["stage_id"]]
            yield Slip(row["id"], self._labels(row, place.category), row["days"])

    def leads(self) -> Iterator[Lead]:
        """Give who became a lead in the period."""
        for row in self._fetch(sql.LEADS, self._parts("contact", month="min(lead.entered_at)")):
            yield Lead(row["id"], self._labels(row, ""), row["bought"] is not None)

    def costs(self) -> list[dict[str, Any]]:
        """Give what was spent on sources in the period: source, spent_on, amount_minor, …"""
        return self._fetch(sql.COSTS, {})

    def _fetch(
        self, query: str, parts: Mapping[str, str], *, is_dated: bool = True
    ) -> list[dict[str, Any]]:
        """Give the rows of a query, its labels and its filter filled in."""
        question = self.question
        named = [f"{part} AS {name}_label" for name, part in parts.items()]
        as_it_was = question.as_of is not None and is_dated
        more = []
        if question.where and question.where.sql:
            # What a filter chooses is what it chooses now, or an index would give other deals.
            chosen = f"deal.id IN (SELECT deal.id FROM deal WHERE {question.where.sql})"
            more.append(chosen if as_it_was and "{source}" in query else f"({question.where.sql})")
        if question.pipeline_id and "deal.stage_id" in query:
            more.append("deal.stage_id IN (SELECT id FROM stage WHERE pipeline_id = :pipeline_id)")
        filled = (
            query.replace("{source}", sql.AS_OF if as_it_was else "deal")
            .replace("{labels}", "".join(f", {part}" for part in named))
            .replace("{names}", "".join(f", {name}_label" for name in parts))
            .replace("{filter}", "".join(f" AND {condition}" for condition in more))
        )
        return fetch(self.conn, filled, **question.values)

    def _parts(self, noun: str = "deal", **other: str) -> dict[str, str]:
        """Give the dimensions that are asked of the database, and how."""
        known = sql.PARTS if noun == "deal" else sql.PARTS_OF_CONTACTS
        return {
            name: {**known, **other}[name]
            for name in self.question.by
            if name in known or name in other
        }

    def _labels(self, row: Mapping[str, Any], category: str) -> Labels:
        """Give the labels of a row in the dimensions of the question."""
        return tuple(self._label(name, row, category) for name in self.question.by)

    def _label(self, name: str, row: Mapping[str, Any], category: str) -> Label:
        value = row.get(f"{name}_label")
        if name == "category":
            return category
        if name == "stage":
            place = self.places.get(value or row["stage_id"])
            return place.name if place else None
        if name == "month":
            return None if value is None else self.day_of(value)[:7]
        if name in self.names:
            return None if value is None else self.names[name].get(value)
        return None if value is None else str(value)

    def _percent(self, row: Mapping[str, Any]) -> int:
        """Give the probability of an open deal: its own, else that of its stage."""
        own: int | None = row["probability_override"]
        return self.places[row["stage_id"]].probability if own is None else own

    def _alone(self) -> set[int]:
        """Give the pipelines with one open stage only: all that stands there is qualified."""
        count: dict[int, int] = defaultdict(int)
        for place in self.places.values():
            count[place.pipeline_id] += place.kind == "open" and not place.is_removed
        return {id for id, stages in count.items() if stages == 1}

    def _day_of(self, stamp: str) -> str:
        """Give the user's day of an instant; a day or a month is one already."""
        if "T" not in stamp:
            return stamp
        return str(self.clock.local(instant(stamp)).date())


@cache
def _order() -> dict[str, int]:
    return {category: number for number, category in enumerate(CATEGORIES)}


def in_order(
    name: str, counts: Mapping[Label, int], stages: Sequence[Place] | Places = ()
) -> list[Label]:
    """Give the labels of a dimension: months as they pass, stages and categories in their order.

    Others come by how many they have; none comes last.
    """
    known = [label for label in counts if label is not None]
    if name == "month":
        labels = sorted(known)
    elif name == "category":
        labels = sorted(known, key=lambda label: _order().get(label, len(_order())))
    elif name == "stage":
        found = stages.values() if isinstance(stages, Mapping) else stages
        places = {place.name: number for number, place in reversed(list(enumerate(found)))}
        labels = sorted(known, key=lambda label: places.get(label, len(places)))
    else:
        labels = sorted(known, key=lambda label: (-counts[label], label))
    return [*labels, *([None] if None in counts else [])]


def seconds(stamp: str) -> int:
    """Give an instant as whole seconds."""
    return int(instant(stamp).timestamp())


def counted(
    conn: sqlite3.Connection, metric: str, owner_id: int | None, begin: str, end: str
) -> list[int]:
    """Give the ids of the people added, or of the touches made, between two instants."""
    query = sql.NEW_CONTACTS if metric == "new_contacts" else sql.TOUCHES
    values = {"owner_id": owner_id, "begin": begin, "end": end}
    return [row["id"] for row in fetch(conn, query, **values)]
