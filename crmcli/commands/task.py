"""`crm task`: what is to be done, and the verbs that close it."""

import typer

from crmcli.cli import CrmCommand, ListCommand, TextCommand, noun_app
from crmcli.commands import common, listing
from crmcli.context import Context
from crmcli.errors import ConflictError, NotFoundError, UsageError
from crmcli.i18n import mark, tr
from crmcli.rules.digits import looks_like_phone
from crmcli.rules.task import KINDS
from crmcli.service import filter as filters
from crmcli.service import linked, planning
from crmcli.service import task as service
from crmcli.service.choice import usage_word
from crmcli.service.record import name_of
from crmcli.service.task import Completed
from crmcli.store import task as store
from crmcli.store.search import Key, reference
from crmcli.store.task import Task

app = noun_app(
    "Tasks and follow-ups. Bare `crm task` lists the open ones.",
    "crm task add send contract --for ana-novak --due 'fri 14:00'\ncrm task done t9",
)
KIND = typer.Option("", "--kind", help=f"One of {', '.join(KINDS)}.")
FOR = typer.Option("", "--for", metavar="REF", help="The person, org or deal it belongs to.")
DEAL = typer.Option("", "--deal", metavar="REF", help="The deal it lies on; or none.")
DUE = typer.Option("", "--due", metavar="WHEN", help="Such as fri, 3d, 24.12., 'tue 14:00'.")
EVERY = typer.Option("", "--every", metavar="RULE", help="Repeats: '2 weeks', 'last fri', …")
FROM = typer.Option("", "--from", help="Counts from the due date (due) or the completion (done).")
PRIORITY = typer.Option("", "--priority", help="1 is highest, 9 lowest, 0 none.")
OWNER = typer.Option("", "--owner", metavar="NAME", help="Who does it; or me.")
REFS = typer.Argument(
    ..., metavar="REF…", help="Tasks (t9), or a person with one open task; - reads stdin."
)
SOME = typer.Argument(None, metavar="[REF…]", help="Tasks (t9), or a person with one; or -.")
IDS = typer.Argument(..., metavar="REF…", help="Tasks, such as t9; - reads stdin.")
DRY_RUN = typer.Option(False, "--dry-run", help="Say what would change; change nothing.")


@app.command(
    "add",
    cls=TextCommand,
    epilog="crm task add send contract --for ana-novak --due 'fri 14:00'\n"
    "crm task add --kind call 'ask about budget' --for acme --due 3d\n"
    "crm task add send the contract --for d7 --due fri\n"
    "crm task add pay the rent --every 'month on the last day'\n"
    "crm task add 'water the plants' --every 3d --from done",
)
def add(
    ctx: typer.Context,
    title: list[str] = typer.Argument(..., metavar="TITLE…", help="What is to be done."),
    for_: str = FOR,
    due: str = DUE,
    kind: str = KIND,
    priority: str = PRIORITY,
    note: str = typer.Option("", "--note", help="More about it."),
    owner: str = OWNER,
    every: str = EVERY,
    from_: str = FROM,
    deal: str = DEAL,
) -> None:
    """Add a task, for a person, an org, a deal or nobody in particular. With --every it repeats.

    Of somebody with exactly one open deal it lies on that deal; --deal says another, or none.
    Of a series one task is open at a time; completing it makes the next, and what was missed
    meanwhile collapses into one.
    """
    crm: Context = ctx.obj
    key = linked.key_for(crm, for_) if for_ else None
    added = service.add(
        crm,
        " ".join(title),
        key=key,
        due=due,
        kind=kind,
        priority=priority,
        note=note,
        owner=owner,
        every=every,
        from_=from_,
        deal=deal,
    )
    name = tr(" for {name}", name=name_of(crm, key)) if key else ""
    common.announce(crm, tr("Added"), ("task", added.id), name + added.echo)


@app.command(
    "list",
    cls=ListCommand,
    epilog="crm task list\ncrm task list due.before:today person.owner:me --sort -priority\n"
    "crm task list --for ana-novak --all\ncrm task list --owner me --json",
)
def list_(
    ctx: typer.Context,
    terms: list[str] = listing.terms("task"),
    where: str = listing.WHERE,
    for_: str = FOR,
    kind: str = KIND,
    owner: str = OWNER,
    done: bool = typer.Option(False, "--done", help="The completed ones."),
    all_: bool = typer.Option(False, "--all", help="Open and closed ones."),
    snoozed: bool = typer.Option(False, "--snoozed", help="Only those snoozed away."),
    sort: str = listing.sort_option("task"),
    limit: int = listing.LIMIT,
    count: bool = listing.COUNT,
) -> None:
    """List open tasks by due date; others when the filter asks for a status.

    A terminal shows the first 100, a pipe gets all.
    """
    crm: Context = ctx.obj
    whose = linked.key_for(crm, for_) if for_ else None
    added = (
        filters.term(f"{whose[0]}.id", reference(whose)) if whose else None,
        filters.term("kind", usage_word("kind", kind, KINDS) or ""),
        filters.term("owner", owner),
        filters.term("status", "done" if done else ""),
        filters.term("hidden", "today" if snoozed else "", "after"),
    )
    tree = filters.read(terms, where, *added)
    default = None if all_ else filters.open_only(crm, tree)
    listing.show(crm, "task", tree, sort=sort, limit=limit, count=count, default=default)


@app.command("show", cls=ListCommand, epilog="crm task show t9\ncrm task show t9 --json")
def show(
    ctx: typer.Context, ref: str = typer.Argument(..., metavar="REF", help="The task, such as t9.")
) -> None:
    """Show one task with everything in it."""
    from crmcli.commands.show import show_record

    crm: Context = ctx.obj
    show_record(crm, crm.resolve(ref, ("task",)))


@app.command(
    "edit",
    cls=CrmCommand,
    epilog="crm task edit t9 --title 'send the contract' --priority 1\n"
    "crm task edit t9 --for bo-li --due mon\n"
    "crm task edit --where 'kind:call due.before:today' --priority 1 --dry-run",
)
def edit(
    ctx: typer.Context,
    refs: list[str] = SOME,
    where: str = listing.CHOICE,
    title: str = typer.Option("", "--title", help="Another title."),
    for_: str = FOR,
    due: str = DUE,
    kind: str = KIND,
    priority: str = PRIORITY,
    note: str = typer.Option("", "--note", help="Replaces the text."),
    owner: str = OWNER,
    every: str = EVERY,
    from_: str = FROM,
    deal: str = DEAL,
    dry_run: bool = DRY_RUN,
) -> None:
    """Change a task. With --every it repeats from its due date on; `crm task end` stops that."""
    crm: Context = ctx.obj
    key = linked.key_for(crm, for_) if for_ else None
    change = service.edit(
        crm,
        title=title,
        key=key,
        due=due,
        kind=kind,
        priority=priority,
        note=note,
        owner=owner,
        every=every,
        from_=from_,
        deal=deal,
    )
    keys = _chosen(crm, refs, where, dry_run)
    moved = service.save(crm, [id for _, id in keys], change, dry_run=dry_run)
    common.say_moved(crm, keys, moved, dry_run)


DONE_EXAMPLES = (
    "crm done t9\ncrm done ana-novak --text 'signed' -n 'in 3 months check in'\n"
    "crm done t9 --outcome no-answer -n 'tomorrow try again'"
)


@app.command("done", cls=TextCommand, epilog=DONE_EXAMPLES)
def done(
    ctx: typer.Context,
    refs: list[str] = SOME,
    where: str = listing.CHOICE,
    next_: str = typer.Option("", "-n", "--next", metavar="'WHEN TITLE'", help="Your next step."),
    text: str = typer.Option("", "--text", help="What was said; logged."),
    outcome: str = typer.Option("", "--outcome", help="reached, no-answer, voicemail, busy, …"),
    at: str = typer.Option("", "--at", metavar="WHEN", help="When it happened; looks back."),
    inbound: bool = typer.Option(False, "--in", help="They came to you."),
    no_log: bool = typer.Option(False, "--no-log", help="Record no interaction."),
    dry_run: bool = DRY_RUN,
) -> None:
    """Complete tasks. A call, email, meeting, message or visit is logged: no touch is lost."""
    crm: Context = ctx.obj
    keys = _chosen(crm, refs, where, dry_run)
    tasks = store.get_tasks(crm.store.reader, [id for _, id in keys])
    completed = service.done(
        crm,
        tasks,
        text=text,
        outcome=outcome,
        next=next_,
        at=at,
        inbound=inbound,
        no_log=no_log,
        dry_run=dry_run,
    )
    _say_done(crm, tasks, completed, dry_run)


def _say_done(crm: Context, tasks: list[Task], done: Completed, dry_run: bool) -> None:
    """Say which tasks were completed, what was logged with them, and what comes next."""
    for task in tasks:
        if task not in done.closed:
            crm.out.say(tr("t{id} {title} is closed already", id=task.id, title=task.title))
        elif dry_run:
            crm.out.say(tr("Would complete t{id} {title}", id=task.id, title=task.title))
    if dry_run:
        return
    common.announce_all(
        crm, [(tr("Done"), ("task", task.id), _logged(done, task)) for task in done.closed]
    )
    for id, title, due in done.made:
        crm.out.say(f"t{id} {title}, {due}")
    _say_series(crm, [task.id for task in done.closed])


def _say_series(crm: Context, closed: list[int]) -> None:
    for news in planning.series_news(crm, closed):
        crm.out.say(news)


def _logged(done: Completed, task: Task) -> str:
    kind = done.logs.get(task.id)
    if not kind:
        return ""
    on = done.deals.get(task.id)
    return tr(", logged {kind}", kind=kind) + (f" {on}" if on else "")


SNOOZE_EXAMPLES = (
    "crm snooze t9 3d\ncrm snooze ana-novak next mon\n"
    "crm snooze --where 'kind:call due.before:today' mon --dry-run"
)


@app.command("snooze", cls=CrmCommand, epilog=SNOOZE_EXAMPLES)
def snooze(
    ctx: typer.Context,
    ref: str = typer.Argument(
        ..., metavar="REF", help="The task, or a person with one open task; - is stdin."
    ),
    when: list[str] = typer.Argument(
        None, metavar="WHEN", help="Until when, such as 3d or next mon."
    ),
    where: str = listing.CHOICE,
    dry_run: bool = DRY_RUN,
) -> None:
    """Hide a task until a day. Its due date and its age stay."""
    crm: Context = ctx.obj
    refs, words = _split_when(ref, when, where)
    until = planning.ahead(crm, words)
    keys = _chosen(crm, refs, where, dry_run)
    moved = service.snooze(crm, [id for _, id in keys], until, dry_run=dry_run)
    common.say_moved(crm, keys, moved, dry_run)


@app.command(
    "reschedule",
    cls=CrmCommand,
    epilog="crm task reschedule t9 fri\ncrm task reschedule t9 'next mon 10:00'",
)
def reschedule(
    ctx: typer.Context,
    ref: str = typer.Argument(
        ..., metavar="REF", help="The task, or a person with one open task; - is stdin."
    ),
    when: list[str] = typer.Argument(None, metavar="WHEN", help="The new due date."),
    where: str = listing.CHOICE,
    dry_run: bool = DRY_RUN,
) -> None:
    """Give a task another due date."""
    crm: Context = ctx.obj
    refs, words = _split_when(ref, when, where)
    due = planning.parse_due(crm, words)
    keys = _chosen(crm, refs, where, dry_run)
    moved = service.reschedule(crm, [id for _, id in keys], due, dry_run=dry_run)
    common.say_moved(crm, keys, moved, dry_run)


@app.command("skip", cls=CrmCommand, epilog="crm task skip t9\ncrm task skip ana-novak")
def skip(ctx: typer.Context, refs: list[str] = REFS, dry_run: bool = DRY_RUN) -> None:
    """Leave out one occurrence of a task that repeats; the next one comes by its rule."""
    crm: Context = ctx.obj
    keys = [_task_key(crm, ref) for ref in crm.references(refs)]
    common.change_records(crm, "task skip", keys, dry_run, store.skip, mark("Skipped"))
    if not dry_run:
        _say_series(crm, [id for _, id in keys])


@app.command("end", cls=CrmCommand, epilog="crm task end t9\ncrm task end t9 --keep")
def end(
    ctx: typer.Context,
    refs: list[str] = REFS,
    keep: bool = typer.Option(False, "--keep", help="The open task stays, as the last one."),
    dry_run: bool = DRY_RUN,
) -> None:
    """End a series: its open task is cancelled, and no other follows."""
    crm: Context = ctx.obj
    keys = [_task_key(crm, ref) for ref in crm.references(refs)]
    common.change_records(
        *(crm, "task end", keys, dry_run),
        lambda w, id: store.end_series(w, id, keep=keep),
        mark("Ended the series of"),
    )


@app.command("reopen", cls=CrmCommand, epilog="crm task reopen t9\ncrm task reopen t9 t12")
def reopen(ctx: typer.Context, refs: list[str] = IDS, dry_run: bool = DRY_RUN) -> None:
    """Make closed tasks open again."""
    crm: Context = ctx.obj
    keys = [crm.resolve(ref, ("task",)) for ref in crm.references(refs)]
    common.change_records(crm, "task reopen", keys, dry_run, store.reopen)


@app.command("rm", cls=CrmCommand, epilog="crm task rm t9\ncrm task rm t9 t12 --yes")
def rm(
    ctx: typer.Context,
    refs: list[str] = SOME,
    where: str = listing.CHOICE,
    dry_run: bool = DRY_RUN,
) -> None:
    """Move tasks to the trash; `crm undo` or `crm trash restore` brings them back."""
    listing.remove(ctx.obj, "task", refs, where, dry_run)


def _chosen(crm: Context, refs: list[str] | None, where: str, dry_run: bool) -> list[Key]:
    """Give the tasks that references or a filter choose, open ones unless it asks for a status."""
    default = filters.open_only(crm, filters.read((), where))
    keys = listing.chosen(
        crm, "task", refs, where, lambda ref: _task_key(crm, ref), default=default
    )
    listing.confirm(crm, "task", keys, where, dry_run)
    return keys


def _split_when(ref: str, when: list[str] | None, where: str) -> tuple[list[str], str]:
    """Split the words into reference and date; with a filter all of them are the date."""
    if where:
        return [], " ".join([ref, *(when or ())])
    if not when:
        raise UsageError(tr("{ref}, and until when?", ref=ref), tr("give a date: 3d, fri, 24 dec"))
    return [ref], " ".join(when)


def _task_key(crm: Context, ref: str) -> Key:
    """Give the task a reference means: its id, or the one open task of a person or org.

    Raises:
        NotFoundError: the person has no open task.
        ConflictError: the person has several.
    """
    is_number = ref.isdigit() and not looks_like_phone(ref)
    key = crm.resolve(f"t{ref}" if is_number else ref, ("task", "contact", "org"))
    if key[0] == "task":
        return key
    tasks = store.open_tasks(crm.store.reader, *key)
    if not tasks:
        raise NotFoundError(tr("{ref} ({id}) has no open task", ref=ref, id=reference(key)))
    if len(tasks) > 1:
        shown = "; ".join(f"t{task.id} {task.title}" for task in tasks[:5])
        raise ConflictError(
            tr("{ref} has several open tasks: {shown}", ref=ref, shown=shown),
            tr("name one of them"),
        )
    return "task", tasks[0].id
