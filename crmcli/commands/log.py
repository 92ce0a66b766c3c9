"""`crm log`: what happened, and the next step, in one line."""

import typer

from crmcli.cli import TextCommand, verb_app
from crmcli.clock import stamp
from crmcli.commands import common, planning
from crmcli.context import Context
from crmcli.errors import UsageError
from crmcli.i18n import mark, tr
from crmcli.rules.interaction import draft_interaction, is_touch, parse_kind
from crmcli.rules.task import TaskDraft, draft_task
from crmcli.store import interaction as store
from crmcli.store import task as task_store
from crmcli.store.search import Key
from crmcli.store.unit import Unit

LEADS = {
    "follow_up": mark("Follow up"),
    "promise": mark("Promised"),
    "waiting": mark("Waiting"),
}

app = verb_app()


@app.command(
    cls=TextCommand,
    epilog="crm log call ana-novak wants a pilot -n 'next tue send offer'\n"
    "crm log m ana-novak --with bo-li --at 'yesterday 15:00' --dur 45min 'kick-off'\n"
    "crm log c ana-novak 'she likes it' --promise 'fri the offer' --waiting 'mon her logo'\n"
    "crm log c ana-novak --outcome no-answer -n 'tomorrow call again'\n"
    "crm log feedback ana-novak 'price too high' --tag need\n"
    "crm log note ana-novak --edit",
)
def log(
    ctx: typer.Context,
    kind: str = typer.Argument(
        ..., metavar="KIND", help="call, email, meeting, text message, note, …; a letter."
    ),
    ref: str = typer.Argument(
        ..., metavar="REF", help="Whom: id, handle, e-mail, phone or full name."
    ),
    text: list[str] = typer.Argument(None, metavar="TEXT…", help="What was said; - reads stdin."),
    with_: list[str] = typer.Option([], "--with", metavar="REF", help="Who else; repeatable."),
    at: str = typer.Option("", "--at", metavar="WHEN", help="When; looks back. Default now."),
    dur: str = typer.Option("", "--dur", metavar="MINUTES", help="How long: 12, 45min, 1h30."),
    inbound: bool = typer.Option(False, "--in", help="They came to you."),
    outbound: bool = typer.Option(False, "--out", help="You went to them (the default)."),
    outcome: str = typer.Option("", "--outcome", help="reached, no-answer, voicemail, busy, …"),
    next_: str = typer.Option("", "-n", "--next", metavar="'WHEN TITLE'", help="Your next step."),
    promise: str = typer.Option("", "--promise", metavar="'WHEN TITLE'", help="What you owe."),
    waiting: str = typer.Option("", "--waiting", metavar="'WHEN TITLE'", help="What they owe."),
    tags: list[str] = typer.Option([], "-t", "--tag", help="A tag, such as need; repeatable."),
    edit: bool = typer.Option(False, "--edit", help="Write the text in $EDITOR."),
    keep: bool = typer.Option(False, "--keep", help="Leave the follow-up that is due open."),
) -> None:
    """Log a call, mail, meeting, message, note, feedback or visit, with the next step.

    A follow-up that is due with this person is completed on the way; --keep leaves it open. A try
    that reached nobody completes nothing and is no touch.
    """
    crm: Context = ctx.obj
    what = parse_kind(kind)
    if inbound and outbound:
        raise UsageError(tr("--in and --out exclude one another"))
    keys = list(dict.fromkeys(crm.resolve(name, ("contact", "org")) for name in (ref, *with_)))
    if sum(noun == "org" for noun, _ in keys) > 1:
        raise UsageError(
            tr("an interaction is with one org at most"), tr("log the others by themselves")
        )
    moment = planning.past_instant(crm, at, keys[0]) if at else crm.clock.now()
    body = read_text(crm, text or [], edit)
    draft = draft_interaction(
        {
            "kind": what,
            "direction": direction(what, inbound, outbound),
            "outcome": outcome,
            "occurred_at": stamp(moment),
            "duration_seconds": _seconds(dur),
            "body": body,
            "tags": tags,
        }
    )
    wanted = {"follow_up": next_, "promise": promise, "waiting": waiting}
    steps = [follow_up(crm, phrase, kind, body) for kind, phrase in wanted.items()]
    touched = is_touch(what, draft.values["outcome"]) or what == "note"
    closing = [] if keep or not touched else _closing(crm, keys[0])

    day = crm.clock.local(moment).date()

    def write(w: Unit) -> tuple[int, list[int], list[int]]:
        people = [id for noun, id in keys if noun == "contact"]
        org_id = next((id for noun, id in keys if noun == "org"), None)
        id = store.add_interaction(w, draft, people, org_id=org_id)
        closed = [task_id for task_id in closing if task_store.complete(w, task_id, day)]
        made = [task_store.add_task(w, step[0], *keys[0]) for step in steps if step]
        return id, closed, made

    id, closed, made = crm.write(f"log {what}", write).value
    names = ", ".join(common.name_of(crm, key) for key in keys)
    said = {"kind": what, "names": names, "when": crm.out.local(stamp(moment))}
    told = (
        mark("Logged {kind} with {names} at {when}:") if at else mark("Logged {kind} with {names}:")
    )
    common.announce(crm, tr(told, **said), ("interaction", id))
    if closed:
        crm.out.say(tr("also done: {tasks}", tasks=", ".join(f"t{id}" for id in closed)))
        planning.say_series(crm, closed)
    for task_id, step in zip(made, filter(None, steps), strict=True):
        crm.out.say(f"t{task_id} {step[0].values['title']}, {step[1]}")
    is_bare = not task_store.open_tasks(crm.store.reader, *keys[0])
    if is_bare and what != "note" and crm.out.is_terminal:
        crm.out.say(tr("No next step yet: crm remind {ref} 'next mon' call", ref=ref))


def read_text(crm: Context, words: list[str], edit: bool) -> str:
    """Give the text: the words, stdin for `-`, or what the editor is left with."""
    text = crm.stdin().strip() if words == ["-"] else " ".join(words)
    return crm.edit(text) if edit else text


def direction(kind: str, inbound: bool, outbound: bool) -> str | None:
    """Give who went to whom; a note goes nowhere."""
    if kind == "note" and not (inbound or outbound):
        return None
    return "inbound" if inbound else "outbound"


def follow_up(crm: Context, phrase: str, kind: str, text: str) -> tuple[TaskDraft, str] | None:
    """Give the task that `--next` or `--waiting` asks for, and its due date in words."""
    if not phrase:
        return None
    when, title, series = planning.split_step(crm, phrase)
    if not title:
        lead = tr(LEADS[kind])
        title = f"{lead}: {common.first_words(text)}" if text.strip() else lead
    due = planning.due_values(crm, when)
    draft = draft_task({"title": title, "kind": kind, **due, **series})
    return draft, planning.series_echo(crm, when, series).removeprefix(", ")


def _seconds(dur: str) -> int | None:
    from crmcli import dates

    return dates.minutes(dur) * 60 if dur else None


def _closing(crm: Context, key: Key) -> list[int]:
    """Give the follow-up that was taken care of: the one that is due; a terminal may choose."""
    due = task_store.due_tasks(crm.store.reader, *key, str(crm.clock.today()))
    if len(due) == 1:
        return [due[0]["id"]]
    if len(due) > 1 and crm.is_interactive:
        for task in due:
            crm.out.say(f"t{task['id']:<5} {task['title']}")
        return _picked(crm, [task["id"] for task in due])
    return []


def _picked(crm: Context, ids: list[int]) -> list[int]:
    """Ask which of several tasks are done, until the answer names some of them or none."""
    while True:
        answer = crm.ask(tr("Which of these are done? (ids, Enter for none) "))
        words = {word.lstrip("t") for word in answer.replace(",", " ").split()}
        if unknown := words - set(map(str, ids)):
            crm.out.say(tr("{words} is none of them", words=", ".join(sorted(unknown))))
            continue
        return [id for id in ids if str(id) in words]
