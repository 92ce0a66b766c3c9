"""What happened, and the next step: validated first, then written as one group."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from crmcli.clock import stamp
from crmcli.context import Context
from crmcli.errors import UsageError
from crmcli.i18n import mark, tr
from crmcli.rules.contact import ContactDraft
from crmcli.rules.interaction import InteractionDraft, draft_interaction, is_touch, parse_kind
from crmcli.rules.task import TaskDraft, draft_task
from crmcli.rules.values import note
from crmcli.service import bulk, linked, planning
from crmcli.service.bulk import Look, Moved
from crmcli.service.record import Record
from crmcli.store import contact
from crmcli.store import interaction as store
from crmcli.store import task as task_store
from crmcli.store.search import Key
from crmcli.store.unit import Changes, Unit

LEADS = {
    "follow_up": mark("Follow up"),
    "promise": mark("Promised"),
    "waiting": mark("Waiting"),
}
SLACK = timedelta(days=1)  # clocks of other machines
Step = tuple[TaskDraft, str]  # a task to make, and its due date in words


@dataclass(frozen=True, slots=True, kw_only=True)
class Log:
    """What is to be logged, as typed.

    Args:
        kind: call, email …; or its letter.
        text: what was said.
        at: when; looks back. "" is now.
        dur: how long: 12, 45min, 1h30.
        inbound: they came to you.
        outbound: you went to them, said of a note too.
        next: the next step, its date first; so are `promise` (what you owe) and `waiting`.
        deal: what it is about; "" for the only open deal of the first, `none` for none.
    """

    kind: str
    text: str = ""
    at: str = ""
    dur: str = ""
    inbound: bool = False
    outbound: bool = False
    outcome: str = ""
    next: str = ""
    promise: str = ""
    waiting: str = ""
    tags: tuple[str, ...] = ()
    deal: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """A validated wish: with whom, what, when, and the tasks that follow; nothing is written yet.

    Args:
        day: the user's day on which it happened.
        closes: it takes care of a follow-up that is due; a try that reached nobody does not.
        deal_id: the deal that it and the next steps are on.
    """

    keys: tuple[Key, ...]
    kind: str
    draft: InteractionDraft
    moment: datetime
    day: date
    steps: tuple[Step, ...]
    closes: bool
    deal_id: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Logged:
    """What was written: the interaction, the tasks it closed, and the ones it made.

    Args:
        keys: with whom.
        made: id, title, and the due date in words.
        deal: which deal it is on, in words; "" for none.
    """

    id: int
    keys: tuple[Key, ...]
    group_id: int | None
    changes: Changes
    closed: list[int]
    made: list[tuple[int, str, str]]
    deal: str = ""


def check(crm: Context, keys: Sequence[Key], wish: Log) -> datetime:
    """Give when it happened; refuse what no text could mend, before one is written.

    Raises:
        UsageError: no such kind, more than one org, or no date.
        InvalidError: it lies in the future.
    """
    parse_kind(wish.kind)
    if sum(noun == "org" for noun, _ in keys) > 1:
        raise UsageError(
            tr("an interaction is with one org at most"), tr("log the others by themselves")
        )
    return planning.past_instant(crm, wish.at, keys[0]) if wish.at else crm.clock.now()


def plan(crm: Context, keys: Sequence[Key], wish: Log, moment: datetime | None = None) -> Plan:
    """Validate a wish.

    Args:
        crm: the run.
        keys: with whom; the next steps belong to the first.
        wish: what is to be logged.
        moment: what `check` gave, when it was asked before.

    Raises:
        UsageError: no such kind, no date, more than one org.
        InvalidError: it lies in the future, or a value is wrong.
    """
    moment = moment or check(crm, keys, wish)
    kind = parse_kind(wish.kind)
    draft = draft_interaction(_raw(wish, kind, moment))
    outcome = draft.values["outcome"]
    return Plan(
        keys=tuple(keys),
        kind=kind,
        draft=draft,
        moment=moment,
        day=crm.clock.local(moment).date(),
        steps=tuple(_steps(crm, wish)),
        closes=is_touch(kind, outcome) or kind == "note",
        deal_id=linked.deal_for(crm, next(iter(keys), None), wish.deal),
    )


def _raw(wish: Log, kind: str, moment: datetime) -> Record:
    from crmcli import dates

    return {
        "kind": kind,
        "direction": direction(kind, wish.inbound, wish.outbound),
        "outcome": wish.outcome,
        "occurred_at": stamp(moment),
        "duration_seconds": dates.minutes(wish.dur) * 60 if wish.dur else None,
        "body": wish.text,
        "tags": list(wish.tags),
    }


def _steps(crm: Context, wish: Log) -> list[Step]:
    wanted = {"follow_up": wish.next, "promise": wish.promise, "waiting": wish.waiting}
    steps = [follow_up(crm, phrase, kind, wish.text) for kind, phrase in wanted.items()]
    return [step for step in steps if step]


def due_with(crm: Context, key: Key, plan: Plan) -> list[Record]:
    """Give id and title of the follow-ups due with `key`: what logging may complete."""
    if not plan.closes:
        return []
    return task_store.due_tasks(crm.store.reader, *key, str(crm.clock.today()))


def write(
    crm: Context, plan: Plan, closing: Sequence[int] = (), newcomer: ContactDraft | None = None
) -> Logged:
    """Store the interaction, complete the tasks `closing`, and make the next steps.

    A `newcomer` is added first, and took part.
    """

    def write(w: Unit) -> tuple[int, tuple[Key, ...], list[int], list[int]]:
        keys = plan.keys
        if newcomer:
            keys = (("contact", contact.add_contact(w, newcomer)), *keys)
        people, org_id = _whom(keys)
        id = store.add_interaction(w, plan.draft, people, org_id=org_id, deal_id=plan.deal_id)
        closed = [task_id for task_id in closing if task_store.complete(w, task_id, plan.day)]
        made = [task_store.add_task(w, draft, *keys[0], plan.deal_id) for draft, _ in plan.steps]
        return id, keys, closed, made

    done = crm.write(f"log {plan.kind}", write)
    id, keys, closed, made = done.value
    return Logged(
        id=id,
        keys=keys,
        group_id=done.group_id,
        changes=done.changes,
        closed=closed,
        made=[
            (task_id, str(draft.values["title"]), due)
            for task_id, (draft, due) in zip(made, plan.steps, strict=True)
        ],
        deal=linked.on_deal(crm, plan.deal_id),
    )


@dataclass(frozen=True, slots=True)
class Missed:
    """A call that reached nobody: what is tried again tomorrow, in words."""

    id: int
    said: str
    group_id: int | None
    changes: Changes


def missed(
    crm: Context, keys: Sequence[Key], task_ids: Sequence[int] = (), deal: str = ""
) -> Missed:
    """Log a call without an answer: the tasks wait until tomorrow, or a new one is due then."""
    from crmcli.dates import When

    asked = plan(crm, keys, Log(kind="call", outcome="no-answer", deal=deal))
    tomorrow = crm.clock.today() + timedelta(days=1)
    again = draft_task({"title": tr("Call again"), "kind": "call", "due_on": str(tomorrow)})

    def write(w: Unit) -> int:
        people, org_id = _whom(asked.keys)
        id = store.add_interaction(w, asked.draft, people, org_id=org_id, deal_id=asked.deal_id)
        for task_id in task_ids:
            task_store.snooze(w, task_id, str(tomorrow))
        if not task_ids:
            task_store.add_task(w, again, *asked.keys[0], asked.deal_id)
        return id

    done = crm.write("log call", write)
    said = tr("again {date}", date=crm.describe(When(tomorrow)))
    return Missed(done.value, said, done.group_id, done.changes)


def _whom(keys: Sequence[Key]) -> tuple[list[int], int | None]:
    """Split those who took part into people and the org."""
    people = [id for noun, id in keys if noun == "contact"]
    return people, next((id for noun, id in keys if noun == "org"), None)


def direction(kind: str, inbound: bool, outbound: bool) -> str | None:
    """Give who went to whom; a note goes nowhere."""
    if kind == "note" and not (inbound or outbound):
        return None
    return "inbound" if inbound else "outbound"


def follow_up(crm: Context, phrase: str, kind: str, text: str) -> Step | None:
    """Give the task that `--next` or `--waiting` asks for, and its due date in words."""
    if not phrase:
        return None
    when, title, series = planning.split_step(crm, phrase)
    if not title:
        lead = tr(LEADS[kind])
        title = f"{lead}: {_first_words(text)}" if text.strip() else lead
    due = planning.due_values(crm, when)
    draft = draft_task({"title": title, "kind": kind, **due, **series})
    return draft, planning.series_echo(crm, when, series).removeprefix(", ")


def _first_words(text: str, limit: int = 40) -> str:
    """Give the beginning of a text, cut at a word."""
    line = " ".join(text.split())
    return line if len(line) <= limit else line[:limit].rsplit(" ", 1)[0] + " …"


def retell(crm: Context, id: int, text: str, before: Look | None = None) -> Moved:
    """Replace the text of an interaction; `before` may look first, and refuse."""
    body = note(text, "text")
    return bulk.change(
        *(crm, "log edit", [id], lambda w, id: w.update("interaction", id, body=body)),
        before=before,
    )
