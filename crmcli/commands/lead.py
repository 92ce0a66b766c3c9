"""`crm lead`: people who are not customers yet."""

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

import typer

from crmcli.cli import CrmCommand, ListCommand, TextCommand, noun_app
from crmcli.commands import common, listing
from crmcli.commands.contact import EMAIL, OWNER, PHONE, TAG
from crmcli.commands.score import say_no_rules, term_lines
from crmcli.context import Context
from crmcli.errors import UsageError
from crmcli.i18n import tr, trn
from crmcli.rules.contact import LEAD_STATUSES
from crmcli.service import filter as filters
from crmcli.service import lead as service
from crmcli.service import score as scores
from crmcli.service.choice import usage_word
from crmcli.service.record import Record, name_of
from crmcli.store import lead as store
from crmcli.store import rows
from crmcli.store.search import reference
from crmcli.store.vocabulary import list_reasons
from crmcli.text import safe

if TYPE_CHECKING:
    from rich.console import RenderableType

app = noun_app(
    "Leads: people who are not customers yet, from the first word to a deal or a no.\n\n"
    "Bare `crm lead` lists them, the highest score first.",
    "crm lead add 'Mia Zorko' -e mia@zorko.si --source fair -n 'fri call'\n"
    "crm lead qualify ana-novak --deal Pilot --amount 9000",
)
NEXT = typer.Option("", "-n", "--next", metavar="'WHEN TEXT'", help="The next step.")
DRY_RUN = typer.Option(False, "--dry-run", help="Say what would change; change nothing.")


@app.command(
    "add",
    cls=CrmCommand,
    epilog="crm lead add 'Mia Zorko' -e mia@zorko.si --org Zorko --source fair -n 'fri call'\n"
    "crm lead add --for bo-li --source referral",
)
def add(
    ctx: typer.Context,
    name: str = typer.Argument("", help="The full name."),
    ref: str = typer.Option("", "--for", metavar="REF", help="Instead: somebody who is there."),
    emails: list[str] = EMAIL,
    phones: list[str] = PHONE,
    org: str = typer.Option("", "--org", metavar="NAME", help="Where they work."),
    title: str = typer.Option("", "--title", help="As what."),
    source: str = typer.Option("", "--source", metavar="NAME", help="Where they come from."),
    owner: str = OWNER,
    tags: list[str] = TAG,
    note: str = typer.Option("", "--note", help="A note."),
    next: str = NEXT,
    force: bool = typer.Option(False, "--force", help="Add even if they are probably there."),
) -> None:
    """Add a lead. Who is probably there already is refused with exit code 4."""
    crm: Context = ctx.obj
    if bool(name) == bool(ref):
        raise UsageError(tr("who is it?"), tr("give a NAME, or --for REF"))
    if ref:
        told: dict[str, Sequence[str]] = {
            "-e": emails,
            "-p": phones,
            "--org": org,
            "--title": title,
            "-t": tags,
        }
        told |= {"--note": note, "--owner": owner}
        if given := _first_of(told):
            raise UsageError(
                tr("{option} does not go with --for", option=given),
                tr("`crm contact edit` changes who is there"),
            )
        key = crm.resolve(ref, ("contact",))
        moved = service.take(crm, key[1], source=source, next=next)
        common.say_moved(crm, [key], moved, False)
        return
    raw: Record = {"name": name, "emails": emails, "phones": phones, "org": org, "title": title}
    raw |= {"source": source, "owner": owner, "tags": tags, "note": note}
    added = common.unless_known(
        crm, lambda insist: service.add(crm, raw, next=next, force=insist), force=force
    )
    for said in (*(f"crm: {warning}" for warning in added.warnings[0]), added.orgs[0]):
        if said:
            crm.out.say(said)
    common.announce_all(crm, [(tr("Added"), ("contact", added.value[0]), "")])


def _first_of(told: Mapping[str, Sequence[str]]) -> str:
    """Give the first option that says something; "" for none."""
    return next((option for option, value in told.items() if value), "")


@app.command(
    "list",
    cls=ListCommand,
    epilog="crm lead list owner:me source:fair --sort -score\n"
    "crm lead list 'score>50' idle.over:14d --csv\n"
    "crm lead list --unqualified unqualified_reason:budget",
)
def list_(
    ctx: typer.Context,
    terms: list[str] = listing.terms("contact"),
    where: str = listing.WHERE,
    status: str = typer.Option("", "--status", help=f"One of {', '.join(LEAD_STATUSES)}."),
    unqualified: bool = typer.Option(False, "--unqualified", help="Those given up, instead."),
    sort: str = typer.Option("-score", "--sort", metavar="FIELD", help="score, name …; or -FIELD."),
    limit: int = listing.LIMIT,
    count: bool = listing.COUNT,
) -> None:
    """List leads that are neither customers nor given up, the highest score first."""
    crm: Context = ctx.obj
    status = usage_word("--status", status, LEAD_STATUSES) or ""
    tree = filters.read(terms, where, filters.term("lead_status", status))
    is_off = unqualified or status == "unqualified"
    default = store.GIVEN_UP if is_off else store.LIVING
    chosen = listing.condition(crm, "contact", tree, "", default)
    if count:
        crm.out.lines([str(rows.count(crm.store.reader, "contact", chosen))])
        return
    most = common.page_limit(crm, limit)
    found = scores.ranked(crm, chosen, sort, most)
    crm.out.records(store.COLUMNS, found)
    common.say_page(crm, len(found), most, limit, "lead", filtered=tree is not None)
    say_no_rules(crm)


@app.command("show", cls=ListCommand, epilog="crm lead show ana-novak\ncrm lead show c12 --json")
def show(
    ctx: typer.Context,
    ref: str = typer.Argument(..., metavar="REF", help="Whom."),
) -> None:
    """Show the card with the score explained, the source, and what they were so far."""
    crm: Context = ctx.obj
    record = service.read(crm, crm.resolve(ref, ("contact",))[1])
    crm.out.record(record, lambda: _card(crm, record))


def _card(crm: Context, record: Record) -> "Iterator[RenderableType]":
    from rich.text import Text

    from crmcli.commands.show import card

    yield from card(crm, "contact", record)
    lead = {
        tr("lead"): record["lead_status"],
        tr("reason"): record["unqualified_reason"],
        tr("source"): record["source"],
    }
    said = "  ".join(f"{name} {value}" for name, value in lead.items() if value)
    head = tr("Score {score}, grade {grade}", score=record["score"], grade=record["grade"])
    yield Text(f"\n{head}", style="bold")
    if said:
        yield Text(f"  {safe(said)}")
    found = scores.score_of(crm, int(record["id"][1:]))
    yield Text(safe("\n".join(term_lines(found)), multiline=True))
    if record["history"]:
        heading = tr("So far")
        yield Text(f"\n{heading}", style="bold")
    for stay in record["history"]:
        line = f"  {crm.clock.wall(stay['since'])[:10]}  {stay['pipeline']}: {stay['stage']}"
        yield Text(safe(line))


@app.command(
    "qualify",
    cls=TextCommand,
    epilog="crm lead qualify ana-novak\n"
    "crm lead qualify ana-novak --deal Pilot --amount 9000 --close fri -n 'mon send offer'",
)
def qualify(
    ctx: typer.Context,
    ref: str = typer.Argument(..., metavar="REF", help="Whom."),
    deal: str = typer.Option("", "--deal", metavar="NAME", help="With a deal of this name."),
    amount: str = typer.Option("", "--amount", metavar="AMOUNT", help="What it is worth."),
    close: str = typer.Option("", "--close", metavar="WHEN", help="When it is to be closed."),
    next: str = NEXT,
) -> None:
    """Qualify a lead, with a deal if there is one already; their history stays.

    Who was given up is taken up again.
    """
    from crmcli.service.deal import close_day

    crm: Context = ctx.obj
    if (amount or close) and not deal:
        raise UsageError(tr("--amount and --close are of a deal"), tr("give --deal NAME"))
    key = crm.resolve(ref, ("contact",))
    raw: Record = {"name": deal, "amount": amount}
    if close:
        raw["close_date"] = str(close_day(crm, close))
    done = service.qualify(crm, key[1], deal=raw if deal else None, next=next)
    said: list[common.Said] = [(tr("Qualified") if done.count else tr("Unchanged"), key, "")]
    if done.deal_id:
        said.append((tr("Added"), ("deal", done.deal_id), ""))
    common.announce_all(crm, said)
    _say_step(crm, done.said)


@app.command(
    "disqualify",
    cls=CrmCommand,
    epilog="crm lead disqualify ana-novak --reason 'no budget' --revisit 6m\n"
    "crm lead disqualify c12 --reason 'wrong person' --note 'Bo decides'",
)
def disqualify(
    ctx: typer.Context,
    ref: str = typer.Argument(..., metavar="REF", help="Whom."),
    reason: str = typer.Option("", "--reason", metavar="REASON", help="Why; `crm reason` lists."),
    revisit: str = typer.Option("", "--revisit", metavar="WHEN", help="Look again then, as 6m."),
    note: str = typer.Option("", "--note", help="What there is to say; logged with them."),
) -> None:
    """Give a lead up, for a reason; `crm lead qualify` takes them up again."""
    crm: Context = ctx.obj
    key = crm.resolve(ref, ("contact",))
    done = service.disqualify(crm, key[1], reason or _pick(crm), revisit=revisit, note=note)
    verb = tr("Not qualified:") if done.count else tr("Unchanged")
    common.announce(crm, verb, key)
    _say_step(crm, done.said)


def _pick(crm: Context) -> str:
    """Let the person at the terminal choose a reason.

    Raises:
        UsageError: there is nobody to ask, or nothing was chosen.
    """
    names = [row["name"] for row in list_reasons(crm.store.reader, "unqualified")]
    if not crm.is_interactive:
        raise UsageError(
            tr("why is it none?"), tr("give --reason, one of {names}", names=", ".join(names))
        )
    for number, name in enumerate(names, 1):
        crm.out.say(f"{number:3}  {name}")
    answer = crm.ask(tr("Why? A number, or a reason: ")).strip()
    if answer.isascii() and answer.isdigit() and 1 <= int(answer) <= len(names):
        return str(names[int(answer) - 1])
    if not answer:
        raise UsageError(tr("nothing was changed"))
    return answer


def _say_step(crm: Context, said: str) -> None:
    if said:
        crm.out.say(tr("next {step}", step=said))


@app.command(
    "sweep",
    cls=CrmCommand,
    epilog="crm lead sweep 'score<10 idle>180d' --dry-run\n"
    "crm lead sweep 'source:fair lead_status:attempted idle>1y' --yes",
)
def sweep(
    ctx: typer.Context,
    filter: str = typer.Argument(..., metavar="FILTER", help="Which leads; in quotes."),
    dry_run: bool = DRY_RUN,
) -> None:
    """Move the leads a filter selects to the trash. `score` and `idle` can be asked for.

    Customers and people who were never leads stay. One undo brings all back.
    """
    crm: Context = ctx.obj
    ids = filters.ids(crm, "contact", filter, store.LIVING)
    if not ids:
        crm.out.say(tr("No lead is selected."))
        return
    question = trn("Move {count} lead to the trash?", "Move {count} leads to the trash?", len(ids))
    told = [f"{reference(('contact', id))} {name_of(crm, ('contact', id))}" for id in ids[:10]]
    if not dry_run:
        crm.confirm(question)
    moved = service.sweep(crm, ids, dry_run=dry_run)
    verb = tr("Would move") if dry_run else tr("Moved")
    for line in told:
        crm.out.say(f"{verb} {line}")
    all_of = trn("{count} lead", "{count} leads", moved.count)
    if dry_run:
        crm.out.say(tr("{leads} would go to the trash", leads=all_of))
        return
    crm.out.say(tr("{leads} in the trash; `crm undo` brings them back", leads=all_of))
    if not crm.out.is_terminal:
        crm.out.lines(reference(("contact", id)) for id in ids)
