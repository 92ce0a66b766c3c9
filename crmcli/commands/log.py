"""`crm log`: what happened, and the next step, in one line."""

from collections.abc import Sequence
from dataclasses import replace

import typer

from crmcli.cli import TextCommand, verb_app
from crmcli.clock import stamp
from crmcli.commands import common
from crmcli.context import Context
from crmcli.errors import NotFoundError, UsageError
from crmcli.i18n import mark, tr
from crmcli.rules.interaction import parse_kind
from crmcli.service import linked
from crmcli.service import log as service
from crmcli.service.log import Log, Logged, Plan
from crmcli.service.planning import series_news
from crmcli.service.record import name_of
from crmcli.store.search import Key, reference
from crmcli.store.task import open_tasks

app = verb_app()


@app.command(
    cls=TextCommand,
    epilog="crm log call ana-novak wants a pilot -n 'next tue send offer'\n"
    "crm log m ana-novak --with bo-li --at 'yesterday 15:00' --dur 45min 'kick-off'\n"
    "crm log c ana-novak 'likes it' --promise 'fri the offer' --waiting 'mon logo'\n"
    "crm log c ana-novak --outcome no-answer -n 'tomorrow call again'\n"
    "crm log feedback ana-novak 'price too high' --tag need\n"
    "crm log call ana-novak --deal d7 'wants a discount'\n"
    "crm log note ana-novak --edit\ncrm log --eml letter.eml -n 'tue answer'",
)
def log(
    ctx: typer.Context,
    kind: str = typer.Argument(
        "", metavar="KIND", help="call, email, meeting, text message, note, …; a letter."
    ),
    ref: str = typer.Argument(
        "", metavar="REF", help="Whom: id, handle, e-mail, phone or full name."
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
    deal: str = typer.Option("", "--deal", metavar="REF", help="The deal it is about; or none."),
    edit: bool = typer.Option(False, "--edit", help="Write the text in $EDITOR."),
    keep: bool = typer.Option(False, "--keep", help="Leave the follow-up that is due open."),
    eml: str = typer.Option("", "--eml", metavar="FILE", help="A mail message; - is stdin."),
    create: bool = typer.Option(False, "--create", help="With --eml: add an unknown sender."),
) -> None:
    """Log a call, mail, meeting, message, note, feedback or visit, with the next step.

    A follow-up that is due with this person is completed on the way; --keep leaves it open. A try
    that reached nobody completes nothing and is no touch. Of somebody with exactly one open deal it
    is about that deal, and so are the next steps; --deal says another, or none. --eml takes a
    message from a mail client: it is logged on those it names who are known (and on REF), each
    message once.
    """
    crm: Context = ctx.obj
    if inbound and outbound:
        raise UsageError(tr("--in and --out exclude one another"))
    wish = Log(
        kind=kind,
        at=at,
        dur=dur,
        inbound=inbound,
        outbound=outbound,
        outcome=outcome,
        next=next_,
        promise=promise,
        waiting=waiting,
        tags=tuple(tags),
        deal=deal,
    )
    if eml:
        if at or dur or edit:
            raise UsageError(tr("--eml brings time and text along: no --at, --dur or --edit"))
        refs = [name for name in (kind, ref, *(text or []), *with_) if name]
        _log_letter(crm, eml, refs, wish, keep=keep, create=create)
        return
    if not (kind and ref):
        raise UsageError(tr("log needs KIND and REF"), tr("crm log call ana-novak 'wants a pilot'"))
    wish = replace(wish, kind=parse_kind(kind))
    about = linked.key_for(crm, ref)
    if about[0] == "deal":
        wish = replace(wish, deal=deal or ref)
        ref = reference(linked.talk(crm, about))
    keys = _keys(crm, (ref, *with_))
    moment = service.check(crm, keys, wish)  # before somebody writes a text for nothing
    wish = replace(wish, text=read_text(crm, text or [], edit))
    plan = service.plan(crm, keys, wish, moment)
    closing = [] if keep else _closing(crm, plan)
    logged = service.write(crm, plan, closing)
    _say(crm, plan, logged, at, ref)


def _keys(crm: Context, refs: Sequence[str]) -> list[Key]:
    """Give those who took part, each once."""
    return list(dict.fromkeys(crm.resolve(ref, ("contact", "org")) for ref in refs))


def _log_letter(
    crm: Context, file: str, refs: Sequence[str], wish: Log, *, keep: bool, create: bool
) -> None:
    """Log a mail message on those it names, once; `create` adds one whom nobody knows."""
    from crmcli.service import letter as letters

    letter = letters.read(crm, file, _keys(crm, refs))
    if letter.known:
        common.announce(crm, tr("Already logged:"), ("interaction", letter.known))
        return
    newcomer = None
    if not letter.keys:
        newcomer = letters.newcomer(letter)
        if not create:
            link = letter.draft.people[0]
            raise NotFoundError(
                tr("nobody here is {name}", name=link.said),
                tr("`crm capture --yes` adds them from the message, or --create"),
            )
    plan = letters.plan(crm, letter, wish)
    closing = [] if keep or not plan.keys else _closing(crm, plan)
    logged = service.write(crm, plan, closing, newcomer)
    _say(crm, plan, logged, "mail", reference(logged.keys[0]))


def _say(crm: Context, plan: Plan, logged: Logged, at: str, ref: str) -> None:
    """Say what was logged, what that closed, and what comes next."""
    names = ", ".join(name_of(crm, key) for key in logged.keys)
    said = {"kind": plan.kind, "names": names, "when": crm.out.local(stamp(plan.moment))}
    told = mark("Logged {kind} with {names}:")
    if at:
        told = mark("Logged {kind} with {names} at {when}:")
    on = f" {logged.deal}" if logged.deal else ""
    common.announce(crm, tr(told, **said), ("interaction", logged.id), on)
    if logged.closed:
        crm.out.say(tr("also done: {tasks}", tasks=", ".join(f"t{id}" for id in logged.closed)))
    for news in series_news(crm, logged.closed):
        crm.out.say(news)
    for task_id, title, due in logged.made:
        crm.out.say(f"t{task_id} {title}, {due}")
    is_bare = not open_tasks(crm.store.reader, *logged.keys[0])
    if is_bare and plan.kind != "note" and crm.out.is_terminal:
        crm.out.say(tr("No next step yet: crm remind {ref} 'next mon' call", ref=ref))


def read_text(crm: Context, words: list[str], edit: bool) -> str:
    """Give the text: the words, stdin for `-`, or what the editor is left with."""
    text = crm.stdin().strip() if words == ["-"] else " ".join(words)
    return crm.edit(text) if edit else text


def _closing(crm: Context, plan: Plan) -> list[int]:
    """Give the follow-up that was taken care of: the one that is due; a terminal may choose."""
    due = service.due_with(crm, plan.keys[0], plan)
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
