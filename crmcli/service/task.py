"""Tasks added, changed, completed, hidden and moved, as one group each."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING, Any

from crmcli.clock import stamp
from crmcli.context import Context
from crmcli.errors import UsageError
from crmcli.i18n import tr
from crmcli.rules.interaction import InteractionDraft, draft_interaction
from crmcli.rules.task import CONTACT_KINDS, draft_task
from crmcli.service import bulk, linked, planning
from crmcli.service.bulk import Look, Moved
from crmcli.service.log import Step, direction, follow_up
from crmcli.service.record import Record
from crmcli.store import interaction as interaction_store
from crmcli.store import task as store
from crmcli.store.search import Key
from crmcli.store.task import Task
from crmcli.store.unit import Changes, Unit

if TYPE_CHECKING:
    from datetime import date

    from crmcli.dates import When


@dataclass(frozen=True, slots=True)
class Added:
    """A new task: its id, and when it is due, how it repeats and its deal, in words (`, due …`)."""

    id: int
    echo: str
    group_id: int | None
    changes: Changes


@dataclass(frozen=True, slots=True, kw_only=True)
class Completed:
    """What completing did.

    Args:
        closed: the tasks that were open until now.
        logs: the kind of the interaction that was logged, by the id of the task.
        made: the next steps: id, title, and the due date in words.
        deals: the deal of what was logged, in words, by the id of the task.
    """

    closed: list[Task]
    logs: dict[int, str]
    made: list[tuple[int, str, str]]
    deals: dict[int, str]
    group_id: int | None
    changes: Changes


@dataclass(frozen=True, slots=True)
class Edit:
    """A validated change of tasks: columns, the owner's name, the series, and what to say."""

    values: Mapping[str, Any]
    owner: str = ""
    series: Record = field(default_factory=dict)
    echo: str = ""


def add(
    crm: Context,
    title: str,
    *,
    key: Key | None = None,
    due: str = "",
    kind: str = "",
    priority: str = "",
    note: str = "",
    owner: str = "",
    every: str = "",
    from_: str = "",
    deal: str = "",
) -> Added:
    """Add a task, for a person, an org, a deal or nobody in particular; with `every` it repeats.

    It lies on `deal` as typed, else on the only open deal of whom it is for; `none` is none.
    """
    when = planning.parse_due(crm, due) if due else None
    series, when = planning.repeat_values(crm, every, from_, when)
    raw = {
        "title": title,
        "kind": kind,
        "priority": priority,
        "body": note,
        "owner": crm.owner(owner or None),
    }
    return _add(crm, "task add", raw, key, when, series, deal)


def remind(
    crm: Context, key: Key, phrase: str, *, every: str = "", from_: str = "", deal: str = ""
) -> Added:
    """Set a follow-up from `fri send the offer`: first when, then what; `deal` as in `add`."""
    when, title, series = planning.split_step(crm, phrase)
    if not series:
        series, _ = planning.repeat_values(crm, every, from_, when)
    elif every:
        raise UsageError(tr("the text says already how it repeats"), tr("leave --every out"))
    elif from_:
        series["repeat_from"] = planning.repeat_from_word(from_)
    return _add(crm, "remind", {"title": title or tr("Follow up")}, key, when, series, deal)


def add_steps(crm: Context, keys: Sequence[Key], phrase: str, kind: str = "follow_up") -> Moved:
    """Add the same next step for everybody, `fri send the offer`, as one group.

    It lies on the only open deal of each.

    Raises:
        UsageError: it begins with no date.
    """
    step = follow_up(crm, phrase, kind, "")
    if step is None:
        raise UsageError(tr("a next step needs a date"), tr("such as tue send offer"))
    draft, due = step
    placed = [_place(crm, key) for key in keys]
    done = crm.write("remind", lambda w: [store.add_task(w, draft, *place) for place in placed])
    on = linked.on_deal(crm, placed[0][2]) if len(keys) == 1 else ""
    said = ", ".join(filter(None, (draft.values["title"], due, on)))
    return Moved([True] * len(keys), said, done.group_id, done.changes)


def _add(
    crm: Context,
    command: str,
    raw: Record,
    key: Key | None,
    when: "When | None",
    series: Record,
    deal: str,
) -> Added:
    due = planning.due_values(crm, when) if when else {}
    draft = draft_task({**raw, **due, **series})
    place = _place(crm, key, deal)
    done = crm.write(command, lambda w: store.add_task(w, draft, *place))
    on = linked.on_deal(crm, place[2])
    echo = planning.series_echo(crm, when, series) + (f", {on}" if on else "")
    return Added(done.value, echo, done.group_id, done.changes)


def _place(
    crm: Context, key: Key | None, deal: str = ""
) -> tuple[str | None, int | None, int | None]:
    """Give where a new task belongs: the noun and id of whom it is for, and its deal."""
    deal_id = linked.deal_for(crm, key, deal)
    if key is None and deal_id:
        key = "deal", deal_id
    noun, id = (linked.party(crm, key) if key else None) or (None, None)
    return noun, id, deal_id


def edit(
    crm: Context,
    *,
    title: str = "",
    key: Key | None = None,
    due: str = "",
    kind: str = "",
    priority: str = "",
    note: str = "",
    owner: str = "",
    every: str = "",
    from_: str = "",
    deal: str = "",
) -> Edit:
    """Give the change that is asked for; what is "" stays as it is, `none` takes a deal away."""
    when = planning.parse_due(crm, due) if due else None
    series, _ = planning.repeat_values(crm, every, from_, when)
    given = {"title": title, "kind": kind, "priority": priority, "body": note}
    given = {name: value for name, value in given.items() if value}
    draft = draft_task({"title": "x", **given})
    values = {name: draft.values[name] for name in given}
    if when:
        values |= planning.due_values(crm, when)
    if key:
        noun, id, deal_id = _place(crm, key, deal)
        values |= {"contact_id": None, "org_id": None}
        values |= {f"{noun}_id": id} if noun else {}
        values |= {"deal_id": deal_id} if key[0] == "deal" else {}
    if deal:
        values["deal_id"] = linked.deal_for(crm, None, deal)
    echo = planning.series_echo(crm, when, series).removeprefix(", ")
    return Edit(values, crm.owner(owner) or "", series, echo)


def joined(edits: Sequence[Edit]) -> Edit:
    """Give several changes as one."""
    values: Record = {}
    series: Record = {}
    for edit in edits:
        values |= edit.values
        series |= edit.series
    owner = next((edit.owner for edit in edits if edit.owner), "")
    return Edit(values, owner, series, ", ".join(edit.echo for edit in edits if edit.echo))


def save(
    crm: Context,
    ids: Sequence[int],
    edit: Edit,
    *,
    dry_run: bool = False,
    before: Look | None = None,
) -> Moved:
    """Apply a change to tasks; `before` may look first, and refuse."""

    def change(w: Unit, id: int) -> bool:
        who = {"owner_id": w.user_id(edit.owner)} if edit.owner else {}
        moved = w.update("task", id, **edit.values, **who)
        return store.set_repeat(w, id, **edit.series) or moved if edit.series else moved

    return bulk.change(
        *(crm, "task edit", ids, change), dry_run=dry_run, said=edit.echo, before=before
    )


def done(
    crm: Context,
    tasks: list[Task],
    *,
    text: str = "",
    outcome: str = "",
    next: str = "",
    at: str = "",
    inbound: bool = False,
    no_log: bool = False,
    dry_run: bool = False,
) -> Completed:
    """Complete tasks; contact, or a text or outcome, is logged with whom the task is for.

    Raises:
        UsageError: a date or an outcome is wrong.
        InvalidError: it lies in the future.
    """
    moment = planning.past_instant(crm, at, *_parties(tasks)[:1]) if at else crm.clock.now()
    step = follow_up(crm, next, "follow_up", text or (tasks[0].title if tasks else ""))
    raw = {"direction": "inbound" if inbound else "", "outcome": outcome, "body": text}
    raw["occurred_at"] = stamp(moment)
    drafts = {} if no_log else {task.id: _log_of(task, raw) for task in tasks}
    places = {task.id: _next_place(crm, task) for task in tasks} if step else {}
    closing = partial(_close, tasks, crm.clock.local(moment).date(), drafts, step, places)
    written = crm.write("done", closing, dry_run=dry_run)
    closed, made = written.value
    logs = {task.id: log.values["kind"] for task in closed if (log := drafts.get(task.id))}
    return Completed(
        closed=closed,
        logs=logs,
        made=[(id, step[0].values["title"], step[1]) for id in made] if step else [],
        deals={task.id: linked.on_deal(crm, task.deal_id) for task in closed if task.deal_id},
        group_id=written.group_id,
        changes=written.changes,
    )


def _close(
    tasks: Sequence[Task],
    day: "date",
    logs: Mapping[int, InteractionDraft | None],
    step: Step | None,
    places: Mapping[int, tuple[str | None, int | None, int | None]],
    w: Unit,
) -> tuple[list[Task], list[int]]:
    """Complete, log and add the next step; give the tasks that were open, and the new ids."""
    closed = [task for task in tasks if store.complete(w, task.id, day)]
    for task in closed:
        if log := logs.get(task.id):
            _add_log(w, log, task)
    return closed, [store.add_task(w, step[0], *places[task.id]) for task in closed] if step else []


def _next_place(crm: Context, task: Task) -> tuple[str | None, int | None, int | None]:
    """Give where the step after a task belongs: with whom the task was, and on its deal."""
    noun, id = party(task)
    whom = (noun, id) if noun and id else None
    return noun, id, task.deal_id or linked.deal_for(crm, whom)


def _add_log(w: Unit, log: InteractionDraft, task: Task) -> None:
    people = [task.contact_id] if task.contact_id else []
    org_id = None if people else task.org_id
    interaction_store.add_interaction(
        w, log, people, org_id=org_id, task_id=task.id, deal_id=task.deal_id
    )


def _log_of(task: Task, raw: Record) -> InteractionDraft | None:
    """Give the interaction that completing `task` records, if it is contact or text was given."""
    is_contact = task.kind in CONTACT_KINDS
    tells = is_contact or raw["body"] or raw["outcome"]
    if not (task.contact_id or task.org_id) or not tells:
        return None
    kind = task.kind if is_contact else "call" if raw["outcome"] else "note"
    return draft_interaction(
        {
            **raw,
            "kind": kind,
            "direction": raw["direction"] or direction(kind, False, False),
            "body": raw["body"] or task.title,
        }
    )


def party(task: Task) -> tuple[str | None, int | None]:
    """Give whom a task is for, as noun and id."""
    if task.contact_id:
        return "contact", task.contact_id
    return ("org", task.org_id) if task.org_id else (None, None)


def _parties(tasks: Sequence[Task]) -> list[Key]:
    """Give whom the tasks are for."""
    return [(noun, id) for noun, id in map(party, tasks) if noun and id]


def snooze(
    crm: Context, ids: Sequence[int], until: "str | When", *, dry_run: bool = False
) -> Moved:
    """Hide tasks until a day ahead; their due date and their age stay."""
    from crmcli.dates import When

    day = (planning.ahead(crm, until) if isinstance(until, str) else until).on
    said = tr("hidden until {date}", date=crm.describe(When(day)))
    return bulk.change(
        *(crm, "snooze", ids, lambda w, id: store.snooze(w, id, str(day))),
        dry_run=dry_run,
        said=said,
    )


def reschedule(
    crm: Context, ids: Sequence[int], due: "str | When", *, dry_run: bool = False
) -> Moved:
    """Give tasks another due date."""
    when = planning.parse_due(crm, due) if isinstance(due, str) else due
    values = planning.due_values(crm, when)
    return bulk.change(
        *(crm, "task reschedule", ids, lambda w, id: store.reschedule(w, id, values)),
        dry_run=dry_run,
        said=planning.due_echo(crm, when),
    )
