"""The acts of the daily round: what a key does to the records under the cursor or marked.

Imported with the first of them. Each asks what it needs, saves through the service that the
command line uses, says what was done, and lets the cursor go on to the next row.
"""

from collections.abc import Callable, Sequence
from functools import partial
from typing import TYPE_CHECKING, Any, TypeVar

from crmcli.context import Context
from crmcli.errors import InvalidError, UsageError
from crmcli.i18n import mark, tr, trn
from crmcli.service import log, planning, task
from crmcli.service.bulk import Moved
from crmcli.service.record import name_of
from crmcli.store.cadence import bump
from crmcli.store.search import Key, reference
from crmcli.store.task import Task, get_tasks
from crmcli.tui.modals.form import Field, Form, Values
from crmcli.tui.modals.menu import Choice, Menu
from crmcli.tui.work import Loader

if TYPE_CHECKING:
    from crmcli.tui.screens.base import CrmScreen

T = TypeVar("T")
KINDS = (
    ("c", "call", mark("call")),
    ("e", "email", mark("e-mail")),
    ("m", "meeting", mark("meeting")),
    ("t", "message", mark("text message")),
    ("n", "note", mark("note")),
    ("x", "missed", mark("no answer: try again tomorrow")),
)
OUTCOMES = ("reached", "no-answer", "voicemail", "busy", "wrong-number", "bounced")
DAYS = (
    ("1", "1d", mark("tomorrow")),
    ("3", "3d", mark("in 3 days")),
    ("w", "1w", mark("in a week")),
    ("m", "1m", mark("in a month")),
)


# What the keys of `keys.RECORD` do


def log_something(screen: "CrmScreen") -> None:
    """Ask what happened, then log it."""
    keys = screen.people()
    if not keys:
        screen.crm_app.say(tr("There is nobody here to log with"))
        return
    choices = [Choice(key, kind, tr(label)) for key, kind, label in KINDS]
    screen.app.push_screen(Menu(tr("Log"), choices), lambda kind: log_as(screen, keys, kind))


def done(screen: "CrmScreen") -> None:
    """Complete the tasks, and log what was said."""
    with_tasks(screen, screen.tasks(), lambda tasks: open_done(screen, tasks))


def snooze(screen: "CrmScreen") -> None:
    """Hide the tasks until a day."""
    nothing = tr("There is no task here; b bumps a person")
    move(screen, tr("Snooze until"), task.snooze, checked_ahead, nothing)


def reschedule(screen: "CrmScreen") -> None:
    """Give the tasks another due date."""
    move(screen, tr("Due"), task.reschedule, checked_due, tr("There is no task here"))


def bump_people(screen: "CrmScreen") -> None:
    """Let the cadence of the people count from today."""
    ids = [id for noun, id in screen.people() if noun == "contact"]
    if not ids:
        screen.crm_app.say(tr("There is nobody here to bump"))
        return
    screen.leave_row()
    save(
        screen,
        lambda crm: crm.write("contact bump", lambda w: sum(bump(w, id) for id in ids)).value,
        lambda count: trn(
            "Bumped {count} person: the cadence counts from today",
            "Bumped {count} people: the cadence counts from today",
            count,
        ),
    )


def waiting(screen: "CrmScreen") -> None:
    """Note what they owe, and until when."""
    add_step(screen, tr("Waiting on them"), "waiting", tr("fri signed contract"))


def add_task(screen: "CrmScreen") -> None:
    """Add a follow-up for whoever is under the cursor."""
    add_step(screen, tr("Next step"), "follow_up", tr("tue send offer"))


def log_as(screen: "CrmScreen", keys: Sequence[Key], kind: str | None) -> None:
    """Open the dialog of a kind of interaction; a missed call is logged at once."""
    if kind == "missed":
        log_missed(screen, keys)
    elif kind:
        fetch(
            screen,
            lambda crm: (names_of(crm, keys), due_tasks(crm, keys, screen.deals())),
            lambda found: open_log(screen, keys, kind, *found),
        )


def log_missed(screen: "CrmScreen", keys: Sequence[Key]) -> None:
    """Log a call that nobody answered; the task under the cursor waits until tomorrow."""
    ids, deal = screen.tasks(), deal_of(screen)
    screen.leave_row()

    def act(crm: Context) -> str:
        logged = log.missed(crm, keys, ids, deal)
        return tr("No answer; {said}", said=logged.said)

    save(screen, act, str)


def open_log(
    screen: "CrmScreen", keys: Sequence[Key], kind: str, names: str, due: list[tuple[int, str]]
) -> None:
    """Show the dialog that logs."""
    crm = screen.crm_app.crm
    mine = set(screen.tasks())
    closing = [f"t{id}" for id, _ in due if id in mine or len(due) == 1]
    words = {kind: tr(label) for _, kind, label in KINDS}
    fields = [*spoken_fields(crm), Field("dur", tr("How long"), hint=tr("45min"))]
    if due:
        fields.append(
            Field("closing", tr("Completes"), " ".join(closing), hint=tr("t9 …, or nothing"))
        )
    note = "\n".join(f"t{id} {title}" for id, title in due)
    deal = deal_of(screen)

    def act(crm: Context, values: Values) -> log.Logged:
        ids = read_tasks(values.get("closing", ""), [id for id, _ in due])
        wish = log.Log(
            kind=kind,
            text=values["text"],
            next=values["next"],
            outcome=values["outcome"],
            at=values["at"],
            dur=values["dur"],
            deal=deal,
        )
        return log.write(crm, log.plan(crm, keys, wish), ids)

    def saved(done: log.Logged | None) -> None:
        if done is not None:
            screen.crm_app.say(said_logged(kind, names, done))

    title = tr("Log {kind} with {names}", kind=words[kind], names=names)
    draft = f"{kind} {' '.join(map(reference, keys))}"
    show(screen, Form(title, fields, act, note=note, draft=draft, last="next"), saved)


def spoken_fields(crm: Context) -> list[Field]:
    """Give the fields that say what happened and what comes next."""
    return [
        Field("text", tr("Said"), long=True, hint=tr("what was said")),
        Field("next", tr("Next step"), hint=tr("tue send offer"), check=partial(checked_step, crm)),
        Field("outcome", tr("Outcome"), hint=", ".join(OUTCOMES[:3]) + " …", words=OUTCOMES),
        Field(
            "at",
            tr("When"),
            hint=tr("now, or 15:30, yesterday 9:00"),
            check=partial(checked_past, crm),
        ),
    ]


def said_logged(kind: str, names: str, done: log.Logged) -> str:
    """Say what logging did."""
    lines = [tr("Logged {kind} with {names}", kind=tr(kind), names=names)]
    lines += [done.deal] if done.deal else []
    if done.closed:
        lines.append(tr("also done: {tasks}", tasks=", ".join(f"t{id}" for id in done.closed)))
    lines += [f"t{id} {title}, {due}" for id, title, due in done.made]
    return "\n".join(lines)


def open_done(screen: "CrmScreen", tasks: list[Task]) -> None:
    """Show the dialog that completes tasks."""
    crm = screen.crm_app.crm

    def act(crm: Context, values: Values) -> task.Completed:
        return task.done(
            *(crm, tasks),
            text=values["text"],
            next=values["next"],
            outcome=values["outcome"],
            at=values["at"],
        )

    def saved(done: task.Completed | None) -> None:
        if done is not None:
            screen.crm_app.say(said_done(tasks, done))

    first = tasks[0]
    about = first.title if len(tasks) == 1 else trn("{count} task", "{count} tasks", len(tasks))
    who = first.contact_name or first.org_name
    title = tr("Done: {title}", title=about) + (f" ({who})" if who and len(tasks) == 1 else "")
    draft = "done " + " ".join(f"t{one.id}" for one in tasks)
    show(screen, Form(title, spoken_fields(crm), act, draft=draft, last="next"), saved)


def said_done(tasks: list[Task], done: task.Completed) -> str:
    """Say what completing did; what was closed meanwhile is named."""
    closed = {one.id for one in done.closed}
    lines = [tr("Done: {title}", title=one.title) for one in done.closed[:3]]
    lines += [
        tr("t{id} {title} is closed already", id=one.id, title=one.title)
        for one in tasks
        if one.id not in closed
    ]
    lines += [f"t{id} {title}, {due}" for id, title, due in done.made]
    return "\n".join(lines)


def add_step(screen: "CrmScreen", label: str, kind: str, hint: str) -> None:
    """Ask for a task with its date first, for everybody under the cursor or marked."""
    keys = screen.targets()
    if not keys:
        screen.crm_app.say(tr("There is nobody here to add a task for"))
        return
    crm = screen.crm_app.crm
    field = Field("step", label, hint=hint, check=partial(checked_step, crm))

    def act(crm: Context, values: Values) -> str:
        return task.add_steps(crm, keys, values["step"], kind).said

    def saved(said: str | None) -> None:
        if said is not None:
            screen.crm_app.say(said)

    show(screen, Form(label, [field], act, draft=f"{kind} {' '.join(map(reference, keys))}"), saved)


def move(
    screen: "CrmScreen",
    title: str,
    act: Callable[[Context, Sequence[int], str], Moved],
    check: Callable[[Context, str], str],
    nothing: str,
) -> None:
    """Ask for a day, and do something with it to the tasks; `nothing` says that there are none."""
    ids = screen.tasks()
    if ids:
        checked = partial(check, screen.crm_app.crm)
        ask_day(screen, title, lambda crm, text: act(crm, ids, text).said, checked)
    else:
        screen.crm_app.say(nothing)


def ask_day(
    screen: "CrmScreen",
    title: str,
    act: Callable[[Context, str], str],
    check: Callable[[str], str],
) -> None:
    """Ask for a day by one key, or as a date."""
    choices = [Choice(key, text, tr(label)) for key, text, label in DAYS]
    choices.append(Choice("d", "date", tr("a date …")))

    def answered(choice: str | None) -> None:
        if choice == "date":
            field = Field("when", tr("When"), hint=tr("next mon, 24 dec"), check=check)
            form = Form(title, [field], lambda crm, values: act(crm, values["when"]))
            show(screen, form, lambda said: screen.crm_app.say(said) if said else None)
        elif choice:
            screen.leave_row()
            save(screen, lambda crm: act(crm, choice), str)

    screen.app.push_screen(Menu(title, choices), answered)


def show(screen: "CrmScreen", form: Form[Any], saved: Callable[[Any], None]) -> None:
    """Show a form; when it is saved the cursor goes on."""
    act = form.act

    def acted(crm: Context, values: Values) -> Any:
        result = act(crm, values)
        screen.app.call_later(screen.leave_row)
        return result

    form.act = acted
    screen.app.push_screen(form, saved)


def deal_of(screen: "CrmScreen") -> str:
    """Give the deal that is spoken of here, as it is typed; "" for none, or for more than it."""
    keys = screen.targets()
    return reference(keys[0]) if len(keys) == 1 and keys[0][0] == "deal" else ""


def save(screen: "CrmScreen", act: Callable[[Context], Any], say: Callable[[Any], str]) -> None:
    """Write without a dialog, and say what was done."""
    screen.crm_app.write(act, lambda result: screen.crm_app.say(say(result)))


def with_tasks(screen: "CrmScreen", ids: Sequence[int], then: Callable[[list[Task]], None]) -> None:
    """Read tasks, then go on with those there are."""
    if not ids:
        screen.crm_app.say(tr("There is no task here; c logs what happened"))
        return
    fetch(
        screen,
        lambda crm: get_tasks(crm.store.reader, ids),
        lambda tasks: then(tasks) if tasks else None,
    )


def fetch(screen: "CrmScreen", read: Callable[[Context], T], then: Callable[[T], object]) -> None:
    """Read on a thread, then go on; keys wait for it."""
    desk = screen.crm_app.desk
    Loader(screen, then).start(read)
    screen.crm_app.keyboard.wait_while(lambda: desk.reading)


def names_of(crm: Context, keys: Sequence[Key]) -> str:
    """Give how people are named in a title: the first few."""
    names = [name_of(crm, key) for key in keys[:3]]
    more = tr("{count} more", count=len(keys) - 3) if len(keys) > 3 else ""
    return ", ".join(filter(None, (*names, more)))


def due_tasks(
    crm: Context, keys: Sequence[Key], deals: Sequence[int] = ()
) -> list[tuple[int, str]]:
    """Give id and title of what is due with one person; where a deal is in sight, not on others."""
    from crmcli.store.task import due_tasks as due

    if len(keys) != 1:
        return []
    rows = due(crm.store.reader, *keys[0], str(crm.clock.today()))
    found = get_tasks(crm.store.reader, [row["id"] for row in rows])
    return [(one.id, one.title) for one in found if not deals or one.deal_id in (None, *deals)]


def read_tasks(text: str, allowed: Sequence[int]) -> list[int]:
    """Give the tasks that `t9 t12` names.

    Raises:
        InvalidError: one that is not among those that are due.
    """
    words = text.replace(",", " ").split()
    unknown = [word for word in words if word.lstrip("t") not in map(str, allowed)]
    if unknown:
        raise InvalidError(tr("{words} is none of them", words=", ".join(unknown)))
    return [int(word.lstrip("t")) for word in words]


def checked_step(crm: Context, text: str) -> str:
    """Say how a next step is understood."""
    when, title, series = planning.split_step(crm, text)
    echo = planning.series_echo(crm, when, series).removeprefix(", ")
    return f"{title}: {echo}" if title else echo


def checked_due(crm: Context, text: str) -> str:
    """Say how a due date is understood."""
    return planning.due_echo(crm, planning.parse_due(crm, text))


def checked_ahead(crm: Context, text: str) -> str:
    """Say until when something is hidden."""
    return tr("hidden until {date}", date=crm.describe(planning.ahead(crm, text)))


def checked_past(crm: Context, text: str) -> str:
    """Say how the time of something that happened is understood."""
    from crmcli import dates

    now = crm.clock.local_now().replace(tzinfo=None)
    moment = dates.moment(text, now, **crm.dates)
    if moment > now:
        raise UsageError(tr("{text!r} is in the future", text=text))
    return moment.strftime("%Y-%m-%d %H:%M")
