"""Deals added, changed, moved, won and lost, as one group each.

The command line and the full screen share these: what a stage requires is asked for in both.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Any

from crmcli import money
from crmcli.clock import instant, stamp
from crmcli.context import Context
from crmcli.errors import ConflictError, InvalidError, NotFoundError, UsageError
from crmcli.i18n import mark, tr
from crmcli.rules import deal as rules
from crmcli.rules.contact import ContactDraft, draft_contact
from crmcli.rules.field import custom_edit
from crmcli.rules.values import choice, line, note
from crmcli.service import bulk, planning
from crmcli.service.bulk import Look, Moved
from crmcli.service.choice import usage_word
from crmcli.service.log import follow_up
from crmcli.service.record import Record, own_fields
from crmcli.store import deal as store
from crmcli.store import task as task_store
from crmcli.store.contact import add_contact
from crmcli.store.deal import Deal
from crmcli.store.field import Guard
from crmcli.store.org import ensure_org
from crmcli.store.pipeline import Stage, find_pipeline, find_stage
from crmcli.store.rows import Where
from crmcli.store.search import Key, reference
from crmcli.store.tag import add_tags, remove_tags
from crmcli.store.unit import Changes, Unit
from crmcli.store.vocabulary import find_reason, source_id
from crmcli.text import fold, looks_like_id

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
# The options of `crm deal add` for it.
OPTIONS = {
    "amount": "--amount",
    "close_date": "--close",
    "contact": "--for",
    "org": "--org",
    "source": "--source",
    "competitor": "--competitor",
    "next_step": "--next",
    "note": "--note",
}
LEAST_CLOSED = 10  # closed deals that say something about the next one
EMPTIED = {"source": ("source_id",), "org": ("org_id",)}  # columns of what is dropped


class Missing(UsageError):
    """A stage requires what a deal has not; `fields` names it: keys of ASKED, or custom.KEY."""

    def __init__(
        self, deal: Deal, stage: Stage, fields: Sequence[str], *, is_new: bool = False
    ) -> None:
        self.fields = tuple(fields)
        self.stage = stage
        names = ", ".join(fields)
        ref = deal.name if is_new else f"d{deal.id}"
        known = OPTIONS if is_new else {}
        bare = [name.removeprefix("custom.") if is_new else name for name in fields]
        given = " ".join(
            known.get(name, f"--set {shown}=…") for name, shown in zip(fields, bare, strict=True)
        )
        super().__init__(
            tr("{stage} requires of {deal}: {names}", stage=stage.name, deal=ref, names=names),
            tr("give it on the way: {option}", option=given),
        )


@dataclass(frozen=True, slots=True)
class Added:
    """A new deal, and the next step that was made with it, in words."""

    id: int
    step: str
    group_id: int | None
    changes: Changes


@dataclass(frozen=True, slots=True, kw_only=True)
class New:
    """A deal that is wished for.

    Args:
        raw: its fields by the names of our JSON.
        key: whom it is with: a contact or an org.
        newcomer: the person it is with, who is added on the way.
        people: further people of it and their roles ("" for none).
        org: the org, if not where the person works.
        org_name: the org by name; made when there is none such.
        stage: the name of the open stage it begins in.
        pipeline: the name of the pipeline; "" for the default one.
        next: the next step, its date first.
        at: when it was opened, as typed; "" is now.
        lines: what it is made of.
    """

    raw: Record
    key: Key | None = None
    newcomer: ContactDraft | None = None
    people: Sequence[tuple[int, str]] = ()
    org: int | None = None
    org_name: str = ""
    stage: str = ""
    pipeline: str = ""
    next: str = ""
    at: str = ""
    lines: Sequence[Record] = ()


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
        stages: where each deal goes, by id, if not all go to `stage`.
    """

    stage: Stage
    stages: Mapping[int, Stage] = field(default_factory=dict)
    at: str = ""
    given: Mapping[str, str] = field(default_factory=dict)
    reason: str = ""
    note: str = ""
    competitor: str = ""
    next: str = ""

    def to(self, deal: Deal) -> Stage:
        """Give where a deal is to go."""
        return self.stages.get(deal.id, self.stage)


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
    wish = New(raw=raw, key=key, org=org, stage=stage, pipeline=pipeline, next=next, at=at)
    return add_all(crm, [wish])[0]


def add_all(crm: Context, wishes: Sequence[New]) -> list[Added]:
    """Add deals as one group.

    Raises:
        Missing: the stage that one begins in requires what it does not have.
        InvalidError: a value is wrong, or a stage is not open.
        NotFoundError: there is no such stage or pipeline.
    """
    plans = [_Plan(crm, wish) for wish in wishes]
    done = crm.write("deal add", lambda w: [plan.write(w) for plan in plans])
    return [
        Added(id, plan.step_said, done.group_id, done.changes)
        for id, plan in zip(done.value, plans, strict=True)
    ]


class _Plan:
    """A new deal, validated before anything is written."""

    def __init__(self, crm: Context, wish: New) -> None:
        self.wish = wish
        self.place = first_stage(crm, wish.stage, wish.pipeline)
        self.draft = draft_of(crm, wish.raw)
        if wish.at:
            self.draft.values["opened_at"] = stamp(moment(crm, wish.at))
        opened = self.draft.values["opened_at"]
        if opened and opened > stamp(crm.clock.now()):
            raise InvalidError(tr("{text!r} is in the future", text=opened))
        self.step = follow_up(crm, wish.next, "follow_up", "") if wish.next else None
        self.step_said = _step_words(self.step)
        self.currency = self.draft.values["currency"] or _currency_of(crm, wish.lines)
        self.lines = [rules.draft_line(raw, self.currency) for raw in wish.lines]
        self.org_name = line(wish.org_name)
        self.people = [(id, choice("role", role, rules.ROLES)) for id, role in wish.people]

    def write(self, w: Unit) -> int:
        """Write it; give its id."""
        wish, key = self.wish, self.wish.key
        if wish.newcomer:
            key = ("contact", add_contact(w, wish.newcomer))
        contact_id = key[1] if key and key[0] == "contact" else None
        org_id = wish.org or (key[1] if key and key[0] == "org" else None)
        if self.org_name:
            org_id = ensure_org(w, self.org_name)
        id = store.add_deal(w, self.draft, self.place, contact_id=contact_id, org_id=org_id)
        for person, role in self.people:
            store.add_person(w, id, person, role)
        for draft in self.lines:
            store.add_line(w, id, draft, self.currency)
        if self.step:
            add_step(w, store.get_deal(w.conn, id), self.step[0])
        if self.place.required:
            deal = store.get_deal(w.conn, id)
            if lacking := missing(deal, self.place):
                raise Missing(deal, self.place, lacking, is_new=True)
        return id


def _currency_of(crm: Context, lines: Sequence[Record]) -> str:
    """Give the currency of lines: that of the first price, or the usual one; "" without lines."""
    prices = [raw.get("price") for raw in lines]
    named = rules.amount(prices[0], crm.currency)[1] if prices else None
    return named or crm.currency or ""


def _step_words(step: tuple[Any, str] | None) -> str:
    """Say a next step: `send offer, due Fri 27 Nov 2026 (in 4 days)`; "" for none."""
    return f"{step[0].values['title']}, {step[1]}" if step else ""


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
    return [
        name
        for name in stage.required
        if held.get(name) in (None, "", []) and not (given or {}).get(name)  # 0 and no are values
    ]


def move(crm: Context, ids: Sequence[int], wish: Move, *, dry_run: bool = False) -> Moved:
    """Move deals to a stage, and write on the way what it requires.

    Raises:
        Missing: the stage requires something that is not given.
        InvalidError: a value is wrong; lost without a reason; before the deal was opened.
        ConflictError: the deal is closed, and not only its history is completed; or it was
            changed meanwhile.
    """
    deals = store.get_deals(crm.store.reader, ids)
    at = stamp(moment(crm, wish.at)) if wish.at else None
    for deal in deals:
        _check_move(deal, wish.to(deal), wish, at)
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
        w.update("deal", deal.id, version=deal.version)  # what was checked still holds
        fill.write(w, deal)
        moved = store.move(
            *(w, deal.id, wish.to(deal), at),
            reason_id=reason,
            note=note(wish.note),
            competitor=line(wish.competitor),
        )
        if step:
            add_step(w, deal, step[0])
        return moved

    command = {"won": "deal win", "lost": "deal lose"}.get(wish.stage.kind, "deal move")
    done = crm.write(command, write, dry_run=dry_run)
    return Moved(done.value, _step_words(step), done.group_id, done.changes)


def _check_move(deal: Deal, stage: Stage, wish: Move, at: str | None) -> None:
    """Refuse a move that lacks what the stage requires, or of a deal that is closed by then."""
    is_over = not deal.is_open and (at is None or at >= deal.stage_entered_at)
    if is_over and stage.id != deal.stage_id:
        raise ConflictError(
            tr("d{id} {name} is {status}", id=deal.id, name=deal.name, status=tr(deal.status)),
            tr("`crm deal reopen d{id}` opens it again", id=deal.id),
        )
    given = {**wish.given, **({"next_step": wish.next} if wish.next else {})}
    given |= {"competitor": wish.competitor} if wish.competitor else {}
    if lacking := missing(deal, stage, given):
        raise Missing(deal, stage, lacking)


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
    off_tags: Sequence[str] = (),
    dry_run: bool = False,
    before: Look | None = None,
) -> Moved:
    """Change deals alike.

    Args:
        crm: the run.
        ids: of the deals.
        raw: fields by the names of our JSON, as typed; close_date as a date; org as an id.
        drop: names of fields to empty.
        off_tags: tags to take off.
        dry_run: roll back at the end.
        before: may look first, and refuse.

    Raises:
        InvalidError: a value is wrong.
        ConflictError: the amount is that of the deal's lines.
    """
    raw = dict(raw)
    if "currency" in raw and not raw.get("amount"):
        raise InvalidError(tr("a currency comes with its amount"), tr("such as amount=USD 9000"))
    org_id = raw.pop("org_id", None)
    own = raw.pop("custom", None) or {}
    custom = custom_edit(own, own_fields(crm, "deal", wanted=bool(own)))
    draft = draft_of(crm, {"name": "x", **raw})
    columns = {
        "name": ("name", "name_norm"),
        "amount": ("amount_minor", "currency"),
        "period": ("value_period",),
        "category_override": ("forecast_override",),
        **dict.fromkeys(("owner", "source", "tags", "custom", "currency"), ()),
    }
    values = {column: draft.values[column] for key in raw for column in columns.get(key, (key,))}
    for name in drop:
        values |= dict.fromkeys(EMPTIED.get(name) or columns.get(name, (name,)))
    if org_id:
        values["org_id"] = org_id

    def change(w: Unit, id: int) -> bool:
        moved = bool(values) and store.edit_deal(w, id, values)
        if "owner" in raw and draft.owner:
            moved |= w.update("deal", id, owner_id=w.user_id(draft.owner))
        if draft.source:
            moved |= w.update("deal", id, source_id=source_id(w, draft.source))
        if custom:
            moved |= store.set_custom(w, id, custom, Guard(w.conn, "deal"))
        changed = add_tags(w, "deal", id, draft.tags) + remove_tags(w, "deal", id, off_tags)
        return bool(changed) or moved

    return bulk.change(crm, "deal edit", ids, change, dry_run=dry_run, before=before)


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


def around(crm: Context, id: int) -> Record:
    """Give what stands around a deal: its stays in stages with their days, how it stands, guidance.

    Returns:
        `history` (stage, pipeline, kind, entered, exited, days with one decimal; of the stay that
        goes on the days so far), `idle_days`, `rotting`, and of its stage `guidance`, `required`.
    """
    deal = store.get_deal(crm.store.reader, id)
    stage = store.stage_of(crm.store.reader, deal)
    return {
        "history": [_stay(crm, row) for row in store.stays(crm.store.reader, id)],
        "idle_days": idle_days(crm, deal),
        "rotting": is_rotten(crm, deal),
        "guidance": stage.guidance,
        "required": list(stage.required),
    }


def _stay(crm: Context, row: Record) -> Record:
    end = instant(row["exited_at"]) if row["exited_at"] else crm.clock.now()
    seconds = (end - instant(row["entered_at"])).total_seconds()
    return {
        "stage": row["stage"],
        "pipeline": row["pipeline"],
        "kind": row["kind"],
        "entered": row["entered_at"],
        "exited": row["exited_at"],
        "days": round(seconds / 86_400, 1),
    }


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
    said = tr("now in {stage} ({pipeline})", stage=stage.name, pipeline=stage.pipeline)
    return Moved(done.value, said, done.group_id, done.changes)


def stub(crm: Context, text: str) -> ContactDraft:
    """Give the person that an unknown e-mail address or a name stands for, to be added.

    Raises:
        InvalidError: it is no name.
    """
    head, at, _ = text.partition("@")
    words = [word for word in head.replace(".", " ").replace("_", " ").split() if word.isalpha()]
    name = " ".join(word.capitalize() for word in words) if at else text
    raw = {"name": name or text, "emails": [("", text)] if at else [], "lifecycle_stage": "lead"}
    draft = draft_contact(raw, crm.region)
    draft.owner = crm.config.actor()
    return draft


def described(crm: Context, deal: Deal) -> str:
    """Say how a deal was understood: `9000.00 EUR, in Lead (10 %), closes Thu 24 Dec 2026 (…)`."""
    parts = [amount_words(deal.amount, deal.value_period) if deal.amount else ""]
    if deal.is_open:
        parts.append(tr("in {stage} ({percent} %)", stage=deal.stage, percent=deal.probability))
        parts.append(close_words(crm, deal.close_date))
    else:
        parts.append(end_words(crm, deal))
    return ", ".join(filter(None, parts))


def amount_words(amount: money.Money, period: str) -> str:
    """Say an amount and how often it is paid: `90.00 EUR a month`."""
    said = {"monthly": mark("{amount} a month"), "annual": mark("{amount} a year")}
    text = money.text(amount)
    return tr(said[period], amount=text) if period in said else text


def close_words(crm: Context, close_date: str | None) -> str:
    """Say when an open deal is to close; a day in the past is warned about; "" for none."""
    if not close_date:
        return ""
    said = tr("closes {date}", date=_day_words(crm, close_date))
    is_past = close_date < str(crm.clock.today())
    return tr("{closes}; that is in the past", closes=said) if is_past else said


def end_words(crm: Context, deal: Deal) -> str:
    """Say how and when a closed deal ended: `lost Thu 24 Dec 2026 (today): price`."""
    ended = crm.clock.local(instant(deal.closed_at or "")).date()
    day = _day_words(crm, str(ended))
    if deal.status == "won":
        return tr("won {date}", date=day)
    said = tr("lost {date}: {reason}", date=day, reason=deal.reason)
    return tr("{lost}, to {name}", lost=said, name=deal.competitor) if deal.competitor else said


def _day_words(crm: Context, day: str) -> str:
    from crmcli.dates import When

    return crm.describe(When(date.fromisoformat(day)))


def resolve(crm: Context, ref: str, *, strict: bool = False) -> int:
    """Give the deal a reference means: its id or name, or the one open deal of a person or org.

    Args:
        crm: the run.
        ref: as typed; what is shaped like an id is one, whatever deals are called.
        strict: only by its id or its name.

    Raises:
        NotFoundError: the person has no open deal.
        ConflictError: they have several.
    """
    text = ref.strip()
    text = f"d{text}" if text.isascii() and text.isdigit() else text
    if not looks_like_id(fold(text)) and (ids := store.named(crm.store.reader, text)):
        return _only(crm, ids, tr("several deals are called {ref}", ref=ref))
    key = crm.resolve(text, ("deal",) if strict else ("deal", "contact", "org"), strict=strict)
    if key[0] == "deal":
        return key[1]
    ids = store.open_deals(crm.store.reader, *key)
    if not ids:
        raise NotFoundError(tr("{ref} ({id}) has no open deal", ref=ref, id=reference(key)))
    return _only(crm, ids, tr("{ref} has several open deals", ref=ref))


def _only(crm: Context, ids: Sequence[int], several: str) -> int:
    """Give the one deal there is.

    Raises:
        ConflictError: there are several.
    """
    if len(ids) == 1:
        return ids[0]
    shown = store.names_of(store.get_deals(crm.store.reader, ids[:5]))
    raise ConflictError(f"{several}: {shown}", tr("use the id of one of them"))


def set_person(
    crm: Context, id: int, contact_id: int, role: str = "", *, primary: bool = False
) -> Moved:
    """Add a person to a deal, or give them another role, or make them the one to talk to."""
    word = usage_word("role", role, rules.ROLES)

    def change(w: Unit, id: int) -> bool:
        changed = store.add_person(w, id, contact_id, word)
        return (primary and store.make_primary(w, id, contact_id)) or changed

    return bulk.change(crm, "deal contact", [id], change)


def drop_person(crm: Context, id: int, contact_id: int) -> Moved:
    """Take a person off a deal."""
    change = bulk.change
    return change(crm, "deal contact", [id], lambda w, id: store.drop_person(w, id, contact_id))


def add_line(crm: Context, deal: Deal, raw: Record) -> int:
    """Add a line to a deal, whose amount becomes that of its lines; give its number.

    Raises:
        InvalidError: a value is wrong, or of another currency than the deal.
    """
    currency = deal.currency or _currency_of(crm, [raw])
    draft = rules.draft_line(raw, currency)
    crm.write("deal line", lambda w: store.add_line(w, deal.id, draft, currency))
    return len(deal.lines) + 1


def drop_line(crm: Context, deal: Deal, number: int) -> None:
    """Take a line off a deal, by its number from 1.

    Raises:
        NotFoundError: there is no such line.
    """
    if not 1 <= number <= len(deal.lines):
        raise NotFoundError(
            tr("d{id} has no line {number}", id=deal.id, number=number),
            tr("`crm deal show d{id}` numbers them", id=deal.id),
        )
    line_id = deal.lines[number - 1]["id"]
    crm.write("deal line", lambda w: store.drop_line(w, deal.id, line_id))


@dataclass(frozen=True, slots=True)
class Suggestion:
    """How many of the closed deals that came as far as a stage were won (formulas 4.12)."""

    won: int
    closed: int

    @property
    def percent(self) -> float | None:
        """Give the percent with one decimal; None for too few to tell."""
        if self.closed < LEAST_CLOSED:
            return None
        return (2000 * self.won + self.closed) // (2 * self.closed) / 10


def suggestion(crm: Context, deal: Deal) -> Suggestion:
    """Give what the closed deals of its pipeline say about an open one's probability."""
    counted = store.closed_from(crm.store.reader, deal.pipeline_id, deal.stage_position)
    return Suggestion(*counted)


def idle_for(crm: Context, days: int) -> Where:
    """Give the condition that for so many days, or more, nothing happened on a deal."""
    return store.idle_since(_midnight(crm, days - 1))


def rotting(crm: Context) -> Where:
    """Give the condition that an open deal rots (formulas 4.9); see `is_rotten`."""
    limits = store.rotting_limits(crm.store.reader)
    return store.rotting(str(crm.clock.today()), {days: _midnight(crm, days) for days in limits})


def _midnight(crm: Context, days_ago: int) -> str:
    """Give when a day began so many days ago, stored form."""
    day = crm.clock.today() - timedelta(days=days_ago)
    return stamp(crm.clock.instant(datetime.combine(day, time())))
