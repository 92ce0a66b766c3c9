"""Deals added, changed, moved, won and lost, as one group each.

The command line and the full screen share these: what a stage requires is asked for in both.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from crmcli.clock import instant, stamp
from crmcli.context import Context
from crmcli.errors import ConflictError, InvalidError, UsageError
from crmcli.i18n import mark, tr
from crmcli.rules import deal as rules
from crmcli.rules.values import line, note
from crmcli.service import planning
from crmcli.service.bulk import Moved
from crmcli.service.log import follow_up
from crmcli.service.record import Record, own_fields
from crmcli.store import deal as store
from crmcli.store import task as task_store
from crmcli.store.deal import Deal
from crmcli.store.field import Guard
from crmcli.store.pipeline import Stage, find_pipeline, find_stage, get_stage
from crmcli.store.search import Key
from crmcli.store.tag import add_tags
from crmcli.store.unit import Changes, Unit
from crmcli.store.vocabulary import find_reason, source_id

# What a stage may require, as it is asked for.
ASKED = {
    "amount": mark("Amount"),
    "close_date": mark("Close date"),
    "contact": mark("Person"),
    "org": mark("Org"),
    "source": mark("Source"),
    "competitor": mark("Competitor"),
    "next_step": mark("Next step, its date first"),
    "note": mark("Note"),
}


class Missing(UsageError):
    """A stage requires what a deal has not; `fields` names it: keys of ASKED, or custom.KEY."""

    def __init__(self, deal: Deal, stage: Stage, fields: Sequence[str]) -> None:
        self.fields = tuple(fields)
        self.stage = stage
        shown = ", ".join(f"{name}=…" for name in fields)
        super().__init__(
            tr(
                "{stage} requires of d{id}: {names}",
                stage=stage.name,
                id=deal.id,
                names=", ".join(fields),
            ),
            tr("give it on the way: {option}", option=f"--set {shown}"),
        )


@dataclass(frozen=True, slots=True)
class Added:
    """A new deal, and the next step that was made with it, in words."""

    id: int
    step: str
    group_id: int | None
    changes: Changes


@dataclass(frozen=True, slots=True, kw_only=True)
class Move:
    """A move that is wished for.

    Args:
        stage: where to.
        at: when it happened, as typed; "" is now.
        given: what the stage requires, as typed: keys of ASKED or custom.KEY.
        reason: why it was lost, as typed.
        note: what there is to say about its end.
        competitor: who got it.
        next: the next step, its date first.
    """

    stage: Stage
    at: str = ""
    given: Mapping[str, str] = field(default_factory=dict)
    reason: str = ""
    note: str = ""
    competitor: str = ""
    next: str = ""


def add(
    crm: Context,
    raw: Record,
    *,
    key: Key | None = None,
    org: int | None = None,
    stage: str = "",
    pipeline: str = "",
    next: str = "",
    at: str = "",
) -> Added:
    """Add a deal with a person or an org, in the first open stage unless another is named.

    Args:
        crm: the run.
        raw: its fields by the names of our JSON.
        key: whom it is with: a contact or an org.
        org: the org, if not where the person works.
        stage: the name of the open stage it begins in.
        pipeline: the name of the pipeline; "" for the default one.
        next: the next step, its date first.
        at: when it was opened, as typed; "" is now.

    Raises:
        InvalidError: a value is wrong, or the stage is not open.
        NotFoundError: there is no such stage or pipeline.
    """
    place = first_stage(crm, stage, pipeline)
    draft = draft_of(crm, raw)
    if at:
        draft.values["opened_at"] = stamp(planning.past_instant(crm, at, None))
    step = follow_up(crm, next, "follow_up", "") if next else None
    contact_id = key[1] if key and key[0] == "contact" else None
    org_id = org or (key[1] if key and key[0] == "org" else None)

    def write(w: Unit) -> int:
        id = store.add_deal(w, draft, place, contact_id=contact_id, org_id=org_id)
        if step:
            task = task_store.add_task(w, step[0], *(key or (None, None)))
            w.update("task", task, deal_id=id)
        return id

    done = crm.write("deal add", write)
    said = f"{step[0].values['title']}, {step[1]}" if step else ""
    return Added(done.value, said, done.group_id, done.changes)


def draft_of(crm: Context, raw: Record) -> rules.DealDraft:
    """Give a deal as it would be added, validated."""
    fields = own_fields(crm, "deal", wanted=bool(raw.get("custom")))
    draft = rules.draft_deal(raw, crm.currency, fields=fields)
    draft.owner = crm.owner(draft.owner)
    return draft


def first_stage(crm: Context, stage: str, pipeline: str) -> Stage:
    """Give the open stage that a new deal begins in.

    Raises:
        InvalidError: it is not open.
    """
    found = find_pipeline(crm.store.reader, pipeline, "deal")
    if not stage:
        return found.of_kind("open")[0]
    place = find_stage(crm.store.reader, stage, "deal", found.id if pipeline else None)
    if not place.is_open:
        raise InvalidError(
            tr("a new deal begins in an open stage, not in {name}", name=place.name),
            tr("`crm deal win` and `crm deal lose` close it afterwards"),
        )
    return place


def target(crm: Context, deal: Deal, name: str, pipeline: str = "") -> Stage:
    """Give the stage a deal is to be moved to: of its own pipeline, unless another is named."""
    chosen = find_pipeline(crm.store.reader, pipeline, "deal").id if pipeline else deal.pipeline_id
    return find_stage(crm.store.reader, name, "deal", chosen)


def closing_stage(crm: Context, deal: Deal, kind: str) -> Stage:
    """Give the won or lost stage of a deal's pipeline.

    Raises:
        InvalidError: it has none.
    """
    pipelines = find_pipeline(crm.store.reader, deal.pipeline, "deal")
    found = pipelines.of_kind(kind)
    if not found:
        raise InvalidError(
            tr("{name} has no {kind} stage", name=deal.pipeline, kind=kind),
            tr("`crm pipeline stage add` makes one"),
        )
    return found[0]


def missing(deal: Deal, stage: Stage, given: Mapping[str, str] | None = None) -> list[str]:
    """Give what a stage requires and a deal does not have: keys of ASKED, or custom.KEY."""
    held = {
        "amount": deal.amount,
        "close_date": deal.close_date,
        "contact": deal.primary,
        "org": deal.org_id,
        "source": deal.source,
        "competitor": deal.competitor,
        "next_step": deal.next_id,
        "note": deal.note,
        **{f"custom.{key}": value for key, value in deal.custom.items()},
    }
    return [name for name in stage.required if not held.get(name) and not (given or {}).get(name)]


def move(crm: Context, ids: Sequence[int], wish: Move, *, dry_run: bool = False) -> Moved:
    """Move deals to a stage, and write on the way what it requires.

    Raises:
        Missing: the stage requires something that is not given.
        InvalidError: a value is wrong; lost without a reason; before the deal was opened.
        ConflictError: the deal is closed.
    """
    deals = store.get_deals(crm.store.reader, ids)
    for deal in deals:
        if lacking := missing(deal, wish.stage, wish.given):
            raise Missing(deal, wish.stage, lacking)
        if not deal.is_open and wish.stage.id != deal.stage_id and not wish.at:
            raise ConflictError(
                tr("d{id} {name} is {status}", id=deal.id, name=deal.name, status=tr(deal.status)),
                tr("`crm deal reopen d{id}` opens it again", id=deal.id),
            )
    at = stamp(moment(crm, wish.at)) if wish.at else None
    reason = None
    if wish.stage.kind == "lost":
        if not wish.reason:
            raise UsageError(
                tr("why was it lost?"), tr("give --reason; `crm reason` lists what there is")
            )
        reason = find_reason(crm.store.reader, "lost", wish.reason, wish.note)
    step = follow_up(crm, wish.next, "follow_up", "") if wish.next else None
    fill = _Fill(crm, wish.given)

    def write(w: Unit) -> list[bool]:
        return [_move(w, deal, at, reason) for deal in deals]

    def _move(w: Unit, deal: Deal, at: str | None, reason: int | None) -> bool:
        fill.write(w, deal)
        moved = store.move(
            *(w, deal.id, wish.stage, at),
            reason_id=reason,
            note=note(wish.note),
            competitor=line(wish.competitor),
        )
        if step:
            add_step(w, deal, step[0])
        return moved

    command = {"won": "deal win", "lost": "deal lose"}.get(wish.stage.kind, "deal move")
    done = crm.write(command, write, dry_run=dry_run)
    said = f"{step[0].values['title']}, {step[1]}" if step else ""
    return Moved(done.value, said, done.group_id, done.changes)


def add_step(w: Unit, deal: Deal, draft: Any) -> int:
    """Add a task that is the next step of a deal, for the person to talk to or the org."""
    whom: tuple[str | None, int | None] = (None, None)
    if deal.primary:
        whom = ("contact", int(deal.primary["id"][1:]))
    elif deal.org_id:
        whom = ("org", deal.org_id)
    task = task_store.add_task(w, draft, *whom)
    w.update("task", task, deal_id=deal.id)
    return task


def moment(crm: Context, text: str) -> datetime:
    """Give the past instant that a text means; a day alone means the clock time of now on it."""
    return planning.past_instant(crm, text, None)


def reopen(crm: Context, ids: Sequence[int], stage: str = "", *, dry_run: bool = False) -> Moved:
    """Open closed deals again, in the open stage they came from unless another is named.

    Raises:
        ConflictError: one of them is open.
    """
    deals = store.get_deals(crm.store.reader, ids)
    places: dict[int, Stage] = {}
    for deal in deals:
        if deal.is_open:
            raise ConflictError(tr("d{id} {name} is open", id=deal.id, name=deal.name))
        places[deal.id] = target(crm, deal, stage) if stage else _before_end(crm, deal)
        if not places[deal.id].is_open:
            raise InvalidError(tr("{name} is no open stage", name=places[deal.id].name))

    def write(w: Unit) -> list[bool]:
        return [store.move(w, deal.id, places[deal.id]) for deal in deals]

    done = crm.write("deal reopen", write, dry_run=dry_run)
    return Moved(done.value, "", done.group_id, done.changes)


def _before_end(crm: Context, deal: Deal) -> Stage:
    """Give the last open stage a closed deal stood in."""
    pipeline = find_pipeline(crm.store.reader, deal.pipeline, "deal")
    names = [stay["stage"] for stay in store.stays(crm.store.reader, deal.id)]
    for name in reversed(names):
        for stage in pipeline.of_kind("open"):
            if stage.name == name:
                return stage
    return pipeline.of_kind("open")[0]


class _Fill:
    """Writes into deals what a stage requires, validated before anything is written."""

    def __init__(self, crm: Context, given: Mapping[str, str]) -> None:
        self.crm = crm
        self.given = {name: value for name, value in given.items() if value}
        self.values: Record = {}
        self.custom: dict[str, Any] = {}
        self.keys: dict[str, Key] = {}
        raw = {name: value for name, value in self.given.items() if name in ("competitor", "note")}
        if "close_date" in self.given:
            raw["close_date"] = str(close_day(crm, self.given["close_date"]))
        if "amount" in self.given:
            raw["amount"] = self.given["amount"]
        own = {
            name.removeprefix("custom."): value
            for name, value in self.given.items()
            if name.startswith("custom.")
        }
        draft = draft_of(crm, {"name": "x", **raw, **({"custom": own} if own else {})})
        columns = {"amount": ("amount_minor", "currency")}
        self.values = {
            column: draft.values[column] for name in raw for column in columns.get(name, (name,))
        }
        self.custom = draft.custom
        self.step = (
            follow_up(crm, self.given["next_step"], "follow_up", "")
            if "next_step" in self.given
            else None
        )
        for name in ("contact", "org"):
            if name in self.given:
                self.keys[name] = crm.resolve(self.given[name], (name,))

    def write(self, w: Unit, deal: Deal) -> None:
        """Write it into one deal."""
        if self.values:
            store.edit_deal(w, deal.id, self.values)
        if self.custom:
            store.set_custom(w, deal.id, self.custom, Guard(w.conn, "deal"))
        if "source" in self.given:
            w.update("deal", deal.id, source_id=source_id(w, self.given["source"]))
        if "org" in self.keys:
            w.update("deal", deal.id, org_id=self.keys["org"][1])
        if "contact" in self.keys:
            store.add_person(w, deal.id, self.keys["contact"][1])
        if self.step:
            add_step(w, deal, self.step[0])


def close_day(crm: Context, text: str) -> date:
    """Give the day a deal is expected to close; a day without a year looks forward."""
    return planning.parse_due(crm, text).on


def edit(
    crm: Context,
    ids: Sequence[int],
    raw: Record,
    *,
    drop: Sequence[str] = (),
    dry_run: bool = False,
) -> Moved:
    """Change deals alike.

    Args:
        crm: the run.
        ids: of the deals.
        raw: fields by the names of our JSON, as typed; close_date as a date; org as an id.
        drop: names of fields to empty.
        dry_run: roll back at the end.

    Raises:
        InvalidError: a value is wrong.
        ConflictError: the amount is that of the deal's lines.
    """
    raw = dict(raw)
    org_id = raw.pop("org_id", None)
    draft = draft_of(crm, {"name": "x", **raw})
    columns = {
        "name": ("name", "name_norm"),
        "amount": ("amount_minor", "currency"),
        "period": ("value_period",),
        "category_override": ("forecast_override",),
        **dict.fromkeys(("owner", "source", "tags", "custom"), ()),
    }
    values = {column: draft.values[column] for key in raw for column in columns.get(key, (key,))}
    for name in drop:
        values |= dict.fromkeys(columns.get(name, (name,)))
    if org_id:
        values["org_id"] = org_id

    def change(w: Unit, id: int) -> bool:
        moved = bool(values) and store.edit_deal(w, id, values)
        if "owner" in raw and draft.owner:
            moved |= w.update("deal", id, owner_id=w.user_id(draft.owner))
        if draft.source:
            moved |= w.update("deal", id, source_id=source_id(w, draft.source))
        if draft.custom:
            moved |= store.set_custom(w, id, draft.custom, Guard(w.conn, "deal"))
        return bool(add_tags(w, "deal", id, draft.tags)) or moved

    done = crm.write("deal edit", lambda w: [change(w, id) for id in ids], dry_run=dry_run)
    return Moved(done.value, "", done.group_id, done.changes)


def only_open(crm: Context, key: Key) -> int | None:
    """Give the one open deal of a person or an org; None when there is none, or several.

    What is logged with somebody, and the next step, belong to it.
    """
    found = store.open_deals(crm.store.reader, *key)
    return found[0] if len(found) == 1 else None


def idle_days(crm: Context, deal: Deal) -> int:
    """Give for how many days nothing happened on a deal."""
    day = crm.clock.local(instant(deal.moved_at)).date()
    return rules.idle_days(crm.clock.today(), day)


def is_rotten(crm: Context, deal: Deal) -> bool:
    """Tell whether an open deal rots (formulas 4.9)."""
    coming = (deal.last_task_day or "") >= str(crm.clock.today())
    return deal.is_open and rules.is_rotten(deal.rotting_days, idle_days(crm, deal), coming)


def move_people(
    crm: Context, ids: Sequence[int], stage: Stage, at: str = "", *, dry_run: bool = False
) -> Moved:
    """Move people to a stage of a pipeline for people.

    Raises:
        InvalidError: before they entered it first.
    """
    when = stamp(moment(crm, at)) if at else None
    done = crm.write(
        "contact move",
        lambda w: [store.move_contact(w, id, stage, when) for id in ids],
        dry_run=dry_run,
    )
    return Moved(done.value, "", done.group_id, done.changes)


def stage_by_id(crm: Context, id: int) -> Stage:
    """Give a stage by id, removed or not."""
    return get_stage(crm.store.reader, id)
