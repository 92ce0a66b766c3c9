"""Deals: reads into frozen dataclasses, writes inside a unit of work.

A deal changes its stage only here (`move`), so that its status, its history and what follows from
winning always agree.
"""

import json
import sqlite3
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from crmcli.columns import Column
from crmcli.errors import ConflictError, InvalidError
from crmcli.i18n import tr
from crmcli.money import Money
from crmcli.money import json as money_json
from crmcli.rules.deal import YEAR, DealDraft, LineDraft
from crmcli.rules.field import json_of
from crmcli.store import field, tag
from crmcli.store.pipeline import Pipeline, Stage, get_stage, standing_in
from crmcli.store.rows import (
    CHUNK,
    NEWEST,
    Listing,
    Place,
    Row,
    Where,
    fetch,
    fetch_ids,
    grouped,
    listed_ids,
)
from crmcli.store.sql import deal as sql
from crmcli.store.stay import Track, enter
from crmcli.store.unit import Unit
from crmcli.store.vocabulary import source_id
from crmcli.text import clean, fold

COLUMNS = (
    Column("id", "Id", "id"),
    Column("name", "Deal"),
    Column("who", "Who", "who"),
    Column("stage", "Stage"),
    Column("amount", "Amount", "money"),
    Column("probability", "%", "number", wide=True),
    Column("close_date", "Closes", "date"),
    Column("next_step", "Next step", "step", wide=True),
    Column("owner", "Owner", listed=False),
    Column("status", "Status", listed=False),
    Column("pipeline", "Pipeline", listed=False),
    Column("period", "Period", listed=False),
    Column("probability_override", "Own %", "number", listed=False),
    Column("category", "Category", listed=False),
    Column("category_override", "Own category", listed=False),
    Column("org", "Org", "who", listed=False),
    Column("people", "People", "people", listed=False),
    Column("source", "Source", listed=False),
    Column("competitor", "Competitor", listed=False),
    Column("reason", "Reason", listed=False),
    Column("close_note", "Closing note", listed=False),
    Column("tags", "Tags", "list", listed=False),
    Column("note", "Note", listed=False),
    Column("custom", "Fields", "map", listed=False),
    Column("opened", "Opened", "when", listed=False),
    Column("closed", "Closed", "when", listed=False),
    Column("stage_entered", "In stage since", "when", listed=False),
    Column("last_activity", "Last activity", "when", listed=False),
    Column("rotting_days", "Rots after", "number", listed=False),
    Column("uid", "UID", listed=False),
    Column("created", "Created", "when", listed=False),
    Column("updated", "Updated", "when", listed=False),
    Column("contact_uids", "Contact UIDs", "list", listed=False),
    Column("org_uid", "Org UID", listed=False),
)
OPEN = Where(sql.OPEN)
WON = Where(sql.STATES["won"])
LOST = Where(sql.STATES["lost"])
NO_NEXT = Where(sql.STATES["no_next"])
BEFORE_OPPORTUNITY = ("subscriber", "lead", "qualified")


@dataclass(frozen=True, slots=True)
class Deal:
    """A deal, with everything that hangs on it."""

    id: int
    uid: str
    version: int
    name: str
    pipeline_id: int
    pipeline: str
    stage_id: int
    stage: str
    stage_position: int
    stage_probability: int
    stage_category: str
    rotting_days: int | None
    status: str
    amount_minor: int | None
    currency: str | None
    value_period: str
    probability_override: int | None
    forecast_override: str | None
    close_date: str | None
    opened_at: str
    closed_at: str | None
    stage_entered_at: str
    last_activity_at: str | None
    org_id: int | None
    org_name: str | None
    org_handle: str | None
    org_uid: str | None
    owner: str | None
    source: str | None
    competitor: str | None
    reason: str | None
    close_note: str | None
    note: str | None
    custom: Mapping[str, Any]
    next_id: int | None
    next_title: str | None
    next_due: str | None
    last_task_day: str | None
    created_at: str
    updated_at: str
    archived_at: str | None
    people: tuple[Row, ...]
    lines: tuple[Row, ...]
    tags: tuple[str, ...]
    attachments: tuple[Row, ...]

    @property
    def is_open(self) -> bool:
        """Tell whether it is still under way."""
        return self.status == "open"

    @property
    def amount(self) -> Money | None:
        """Give what it is worth, as it was given."""
        return None if self.amount_minor is None else Money(self.amount_minor, self.currency or "")

    @property
    def value(self) -> Money | None:
        """Give what it is worth in figures: a monthly amount counts twelve times."""
        if self.amount_minor is None:
            return None
        return Money(self.amount_minor * YEAR[self.value_period], self.currency or "")

    @property
    def probability(self) -> int:
        """Give the percent it is won with: its own, else its stage's; of a closed one 100 or 0."""
        own = self.probability_override if self.is_open else None
        return self.stage_probability if own is None else own

    @property
    def category(self) -> str:
        """Give its forecast category: its own while it is open, else its stage's."""
        return (self.is_open and self.forecast_override) or self.stage_category

    @property
    def moved_at(self) -> str:
        """Give when something happened to it last: a move, or somebody spoke of it."""
        return max(self.stage_entered_at, self.last_activity_at or "")

    @property
    def primary(self) -> Row | None:
        """Give the person to talk to: id, handle, name, role."""
        return self.people[0] if self.people else None

    def org(self) -> Row | None:
        """Give the org: id, handle, name."""
        if not self.org_id:
            return None
        return {"id": f"o{self.org_id}", "handle": self.org_handle, "name": self.org_name}

    def who(self) -> Row | None:
        """Give whom it is with: the person to talk to, else the org."""
        if self.primary is None:
            return self.org()
        return {key: self.primary[key] for key in ("id", "handle", "name")}

    def next_step(self) -> Row | None:
        """Give the open task on it that comes first: id, title, due."""
        if self.next_id is None:
            return None
        return {"id": f"t{self.next_id}", "title": self.next_title, "due": self.next_due}

    def json(self) -> Row:
        """Give the deal under its names in JSON, `--fields` and CSV."""
        return {
            "id": f"d{self.id}",
            "name": self.name,
            "status": self.status,
            "pipeline": self.pipeline,
            "stage": self.stage,
            "amount": money_json(self.amount) if self.amount else None,
            "period": self.value_period,
            "probability": self.probability,
            "probability_override": self.probability_override,
            "category": self.category,
            "category_override": self.forecast_override,
            "close_date": self.close_date,
            "who": self.who(),
            "org": self.org(),
            "people": [dict(person) for person in self.people],
            "next_step": self.next_step(),
            "owner": self.owner,
            "source": self.source,
            "competitor": self.competitor,
            "reason": self.reason,
            "close_note": self.close_note,
            "opened": self.opened_at,
            "closed": self.closed_at,
            "stage_entered": self.stage_entered_at,
            "last_activity": self.last_activity_at,
            "rotting_days": self.rotting_days,
            "lines": [dict(line) for line in self.lines],
            "attachments": [dict(file) for file in self.attachments],
            "tags": list(self.tags),
            "note": self.note,
            "custom": {key: json_of(stored) for key, stored in self.custom.items()},
            "uid": self.uid,
            "created": self.created_at,
            "updated": self.updated_at,
            "contact_uids": [person["uid"] for person in self.people],
            "org_uid": self.org_uid,
        }


def list_deals(conn: sqlite3.Connection, listing: Listing) -> Iterator[Deal]:
    """Give the deals a listing asks for, in its order."""
    for ids in listed_ids(conn, listing, "deal", sql.LIST, sql.ORDER):
        yield from get_deals(conn, ids)


def get_deals(conn: sqlite3.Connection, ids: Sequence[int]) -> list[Deal]:
    """Give deals by id, in the order of `ids`; missing ones are left out."""
    if len(ids) > CHUNK:
        parts_of = (ids[start : start + CHUNK] for start in range(0, len(ids), CHUNK))
        return [deal for part in parts_of for deal in get_deals(conn, part)]
    parts = {
        name: grouped(conn, query, ids, "deal_id")
        for name, query in (
            ("people", sql.PEOPLE),
            ("lines", sql.LINES),
            ("tags", sql.TAGS),
            ("attachments", sql.ATTACHMENTS),
        )
    }
    rows = {row["id"]: row for row in fetch_ids(conn, sql.ROWS, ids)}
    return [
        _deal(rows[id], {name: found.get(id, []) for name, found in parts.items()})
        for id in ids
        if id in rows
    ]


def get_deal(conn: sqlite3.Connection, id: int) -> Deal:
    """Give one deal by id."""
    return get_deals(conn, [id])[0]


def named(conn: sqlite3.Connection, name: str) -> list[int]:
    """Give the ids of the living deals of exactly this name."""
    return [row["id"] for row in fetch(conn, sql.NAMED, name_norm=fold(clean(name)))]


def open_deals(conn: sqlite3.Connection, noun: str, id: int) -> list[int]:
    """Give the ids of the open deals of a contact or an org, the next to close first."""
    query = sql.OPEN_OF_CONTACT if noun == "contact" else sql.OPEN_OF_ORG
    return [row["id"] for row in fetch(conn, query, id=id)]


def timeline(
    conn: sqlite3.Connection, id: int, limit: int, before: Place | None = None
) -> list[Row]:
    """Give the newest `limit` interactions on a deal, or those before a place."""
    at, before_id = before or NEWEST
    values = {"before_at": at, "before_id": before_id, "limit": limit}
    return fetch(conn, sql.TIMELINE, deal_id=id, **values)


def open_tasks(conn: sqlite3.Connection, id: int) -> list[int]:
    """Give the ids of the open tasks on a deal, by due date."""
    return [row["id"] for row in fetch(conn, sql.OPEN_TASKS, deal_id=id)]


def stays(conn: sqlite3.Connection, id: int) -> list[Row]:
    """Give the stays of a deal in order: stage, pipeline, kind, entered_at, exited_at."""
    return fetch(conn, sql.STAYS, id=id)


def closed_from(conn: sqlite3.Connection, pipeline_id: int, position: int) -> tuple[int, int]:
    """Give how many deals that came as far as a position were won, and how many closed."""
    row = fetch(conn, sql.CLOSED_FROM, pipeline_id=pipeline_id, position=position)[0]
    return row["won"], row["closed"]


def rotting_limits(conn: sqlite3.Connection) -> list[int]:
    """Give the days after which deals rot, of all stages, each once."""
    return [row["rotting_days"] for row in fetch(conn, sql.ROTTING_LIMITS)]


def standing(place: Stage | Pipeline) -> Where:
    """Give the condition that a deal stands in a stage, or anywhere in a pipeline."""
    noun = "stage" if isinstance(place, Stage) else "pipeline"
    return Where(sql.STATES[noun], {f"{noun}_id": place.id})


def every(conditions: Sequence[Where]) -> Where | None:
    """Give the condition that several hold; None for none."""
    if not conditions:
        return None
    values = {key: value for one in conditions for key, value in one.values.items()}
    return Where(" AND ".join(one.sql for one in conditions), values)


def idle_since(stamp: str) -> Where:
    """Give the condition that nothing happened on a deal since an instant."""
    return Where(sql.STATES["idle"], {"idle_since": stamp})


def rotting(today: str, since: Mapping[int, str]) -> Where:
    """Give the condition that an open deal rots (formulas 4.9).

    Args:
        today: tasks from this day on keep it from rotting.
        since: for each limit in days, since when nothing may have happened.
    """
    values: Row = {"today": today}
    for number, (days, stamp) in enumerate(since.items()):
        values |= {f"limit{number}": days, f"since{number}": stamp}
    slow = " OR ".join(sql.STATES["slow"].format(n=number) for number in range(len(since)))
    return Where(sql.STATES["rotting"].format(slow=slow or "0"), values)


def add_deal(
    w: Unit,
    draft: DealDraft,
    stage: Stage,
    *,
    contact_id: int | None = None,
    org_id: int | None = None,
    guard: field.Guard | None = None,
) -> int:
    """Store a new deal in an open stage; give its id.

    Args:
        w: the unit of work.
        draft: the deal; `opened_at` is when it entered the stage, now without one.
        stage: where it begins.
        contact_id: the person to talk to.
        org_id: whom it is with; without one, where the person works.
        guard: the own fields of deals.

    Raises:
        InvalidError, ConflictError: its own fields do not hold to their definitions.
    """
    if contact_id and not org_id:
        job = w.one(sql.CURRENT_ORG, id=contact_id)
        org_id = job["org_id"] if job else None
    opened = draft.values.get("opened_at") or w.now
    custom = field.merged("{}", (guard or field.Guard(w.conn, "deal")).new(draft.custom))
    values = {**draft.values, "opened_at": opened}
    id = w.insert(
        "deal",
        **values,
        pipeline_id=stage.pipeline_id,
        stage_id=stage.id,
        status=stage.kind,
        stage_entered_at=opened,
        org_id=org_id,
        custom=custom,
        owner_id=w.user_id(draft.owner) if draft.owner else w.actor_id(),
        source_id=source_id(w, draft.source) if draft.source else _source_of(w, contact_id),
    )
    enter(w, Track("deal", id), stage.id, opened)
    if contact_id:
        add_person(w, id, contact_id)
        _advance(w, contact_id, "opportunity", BEFORE_OPPORTUNITY, opened)
    tag.add_tags(w, "deal", id, draft.tags)
    return id


def move(
    w: Unit,
    id: int,
    stage: Stage,
    at: str | None = None,
    *,
    reason_id: int | None = None,
    note: str | None = None,
    competitor: str | None = None,
) -> bool:
    """Let a deal enter a stage, now or at an instant; False when it stood there already.

    At an instant before its newest stay the history is completed; where it stands does not change.

    Args:
        w: the unit of work.
        id: the deal.
        stage: of any pipeline of deals; a won or lost one closes it, an open one opens it again.
        at: when it happened, stored form.
        reason_id: why it was lost.
        note: what there is to say about its end.
        competitor: who got it.

    Raises:
        InvalidError: before the deal was opened; lost without a reason; it cannot end in between.
    """
    row = w.get("deal", id)
    assert row is not None
    track = Track("deal", id)
    at = at or track.next(w)
    stays = track.rows(w)
    is_newest = not stays or at >= stays[-1]["entered_at"]
    if not is_newest and not stage.is_open:
        raise InvalidError(
            tr("d{id} moved on after that", id=id), tr("only its last stage can be won or lost")
        )
    if stage.kind == "lost" and reason_id is None and row["stage_id"] != stage.id:
        raise InvalidError(tr("a lost deal needs a reason"), tr("`crm reason` lists them"))
    if not enter(w, track, stage.id, at):
        return False
    if not is_newest:
        _settle_entered(w, id)
        return True
    closing: Row = {
        "closed_at": None if stage.is_open else at,
        "lost_reason_id": reason_id if stage.kind == "lost" else None,
        "close_note": note if not stage.is_open else None,
        **({"competitor": competitor} if competitor else {}),
    }
    w.update(
        "deal",
        id,
        pipeline_id=stage.pipeline_id,
        stage_id=stage.id,
        status=stage.kind,
        stage_entered_at=at,
        **closing,
    )
    if stage.kind == "won":
        _won(w, id, row["org_id"], at)
    return True


def empty_stage(w: Unit, stage: Stage, target: Stage) -> int:
    """Move all that stands in a stage to another one of its kind; give how many.

    What is closed stays closed since when, and why, it was.
    """
    standing = standing_in(w.conn, stage)
    for id in standing:
        if stage.holds == "contact":
            move_contact(w, id, target)
            continue
        track = Track("deal", id)
        at = track.next(w)
        if enter(w, track, target.id, at):
            w.update("deal", id, stage_id=target.id, stage_entered_at=at)
    return len(standing)


def _settle_entered(w: Unit, id: int) -> None:
    """Bring the day a deal entered its stage up to its history."""
    newest = Track("deal", id).rows(w)[-1]
    w.update("deal", id, stage_entered_at=newest["entered_at"])


def _won(w: Unit, id: int, org_id: int | None, at: str) -> None:
    """Make customers of the person to talk to and of the org."""
    primary = w.one(sql.PRIMARY, deal_id=id)
    if primary:
        earlier = (*BEFORE_OPPORTUNITY, "opportunity", "other")
        _advance(w, primary["contact_id"], "customer", earlier, at)
    org = w.get("org", org_id) if org_id else None
    if org and org["kind"] == "prospect":
        w.update("org", org["id"], kind="client")


def _advance(w: Unit, contact_id: int, stage: str, earlier: Sequence[str], at: str) -> None:
    """Bring a contact's lifecycle on since an instant, never back."""
    row = w.get("contact", contact_id)
    if row and row["lifecycle_stage"] in earlier:
        w.update("contact", contact_id, lifecycle_stage=stage)
        last = w.one(sql.LAST_LIFECYCLE, id=contact_id)
        since = max(at, last["entered_at"]) if last else at
        w.insert("lifecycle_history", contact_id=contact_id, stage=stage, entered_at=since)


def _source_of(w: Unit, contact_id: int | None) -> int | None:
    """Give where the person came from: the deal came from there too."""
    row = w.get("contact", contact_id) if contact_id else None
    return row["source_id"] if row else None


def edit_deal(w: Unit, id: int, values: Row) -> bool:
    """Change columns of a deal, but those that only `move` writes.

    Raises:
        ConflictError: the amount is that of its lines.
    """
    if {"amount_minor", "currency"} & set(values) and w.one(sql.LINES_OF, deal_id=id):
        raise ConflictError(
            tr("the amount of d{id} is that of its lines", id=id),
            tr("`crm deal line d{id}` changes them", id=id),
        )
    return w.update("deal", id, **values)


def set_custom(w: Unit, id: int, custom: Mapping[str, Any], guard: field.Guard) -> bool:
    """Change own fields of a deal; an empty value takes one away."""
    row = w.get("deal", id)
    assert row is not None
    guard.change(custom, id)
    return w.update("deal", id, custom=field.merged(row["custom"], custom))


def add_person(w: Unit, id: int, contact_id: int, role: str | None = None) -> bool:
    """Add a person to a deal, or give them another role; the first one is the one to talk to."""
    link = w.one(sql.LINK, deal_id=id, id=contact_id)
    if link:
        return bool(role) and w.update("deal_contact", link["id"], role=role)
    is_first = w.one(sql.PRIMARY, deal_id=id) is None
    w.insert("deal_contact", deal_id=id, contact_id=contact_id, role=role, is_primary=int(is_first))
    return True


def make_primary(w: Unit, id: int, contact_id: int) -> bool:
    """Make a person of a deal the one to talk to."""
    before = w.one(sql.PRIMARY, deal_id=id)
    link = w.one(sql.LINK, deal_id=id, id=contact_id)
    if link is None or (before and before["contact_id"] == contact_id):
        return False
    if before:
        w.update("deal_contact", before["id"], is_primary=0)
    return w.update("deal_contact", link["id"], is_primary=1)


def drop_person(w: Unit, id: int, contact_id: int) -> bool:
    """Take a person off a deal; the next one becomes the one to talk to."""
    link = w.one(sql.LINK, deal_id=id, id=contact_id)
    if link is None:
        return False
    w.delete("deal_contact", link["id"])
    rest = w.all(sql.LINKS, deal_id=id)
    if link["is_primary"] and rest:
        w.update("deal_contact", rest[0]["id"], is_primary=1)
    return True


def add_line(w: Unit, id: int, draft: LineDraft, currency: str) -> int:
    """Add a line to a deal; its amount becomes that of its lines."""
    lines = w.all(sql.LINES_OF, deal_id=id)
    line_id = w.insert(
        "deal_line",
        deal_id=id,
        position=len(lines) + 1,
        name=draft.name,
        quantity=draft.quantity,
        unit_minor=draft.unit_minor,
        discount_bp=draft.discount_bp,
        net_minor=draft.net_minor,
    )
    _add_up(w, id, currency)
    return line_id


def drop_line(w: Unit, id: int, line_id: int) -> None:
    """Take a line off a deal; the amount stays that of the last line when none is left."""
    row = w.get("deal", id)
    w.delete("deal_line", line_id)
    for position, line in enumerate(w.all(sql.LINES_OF, deal_id=id), 1):
        w.update("deal_line", line["id"], position=position)
    if row and w.one(sql.LINES_OF, deal_id=id):
        _add_up(w, id, row["currency"])


def _add_up(w: Unit, id: int, currency: str) -> None:
    total = sum(line["net_minor"] for line in w.all(sql.LINES_OF, deal_id=id))
    w.update("deal", id, amount_minor=total, currency=currency)


def move_contact(w: Unit, contact_id: int, stage: Stage, at: str | None = None) -> bool:
    """Let a person enter a stage of a pipeline for people; False when they stood there already."""
    track = Track("contact", contact_id, stage.pipeline_id)
    return enter(w, track, stage.id, at or track.next(w))


def places(conn: sqlite3.Connection, ids: Sequence[int]) -> dict[int, list[Row]]:
    """Give where contacts stand: stage_id, stage, pipeline, is_default, entered_at by contact."""
    return grouped(conn, sql.PLACES, ids, "contact_id")


def stage_of(conn: sqlite3.Connection, deal: Deal) -> Stage:
    """Give the stage a deal stands in."""
    return get_stage(conn, deal.stage_id)


def names_of(deals: Iterable[Deal]) -> str:
    """Say a few deals: `d7 Pilot, d9 Renewal`."""
    return ", ".join(f"d{deal.id} {deal.name}" for deal in deals)


def _deal(row: Row, parts: Mapping[str, list[Row]]) -> Deal:
    people = tuple(
        {
            "id": f"c{person['id']}",
            "handle": person["handle"],
            "name": person["name"],
            "role": person["role"],
            "uid": person["uid"],
        }
        for person in parts["people"]
    )
    currency = row["currency"] or ""
    lines = tuple(
        {
            "id": line["id"],
            "name": line["name"],
            "quantity": line["quantity"],
            "price": money_json(Money(line["unit_minor"], currency)),
            "discount": line["discount_bp"] / 100,
            "net": money_json(Money(line["net_minor"], currency)),
        }
        for line in parts["lines"]
    )
    own = {
        "custom": json.loads(row["custom"]),
        "people": people,
        "lines": lines,
        "tags": tuple(found["name"] for found in parts["tags"]),
        "attachments": tuple(
            {key: file[key] for key in ("id", "filename", "media_type", "size", "sha256")}
            for file in parts["attachments"]
        ),
    }
    kept = {name: row[name] for name in Deal.__slots__ if name not in own}
    return Deal(**kept, **own)
