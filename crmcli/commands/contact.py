"""`crm contact`: people."""

from dataclasses import replace

import typer

from crmcli.cli import CrmCommand, ListCommand, noun_app
from crmcli.commands import cadence, common, listing, merge, relation
from crmcli.commands import tag as tag_command
from crmcli.context import Context
from crmcli.errors import InvalidError, NotFoundError, UsageError
from crmcli.i18n import mark, tr
from crmcli.rules.channel import VIAS
from crmcli.rules.contact import FIELDS, STAGES, DateDraft, yearly_date
from crmcli.rules.values import line
from crmcli.service import contact as service
from crmcli.service import filter as filters
from crmcli.service.choice import usage_word
from crmcli.service.party import parse_set
from crmcli.service.planning import parse_due
from crmcli.store import contact as store
from crmcli.store.party import Edit

app = noun_app(
    "People: who they are, how to reach them, what was said. Bare `crm contact` lists them.",
    "crm contact add 'Ana Novak' -e ana@acme.si --org Acme\ncrm contact show ana-novak",
)

EMAIL = typer.Option([], "-e", "--email", metavar="[LABEL:]ADDRESS", help="An e-mail; repeatable.")
PHONE = typer.Option([], "-p", "--phone", metavar="[LABEL:]NUMBER", help="A phone; repeatable.")
URL = typer.Option([], "-u", "--url", metavar="[LABEL:]URL", help="A web page; repeatable.")
ADDRESS = typer.Option([], "-a", "--address", metavar="TEXT", help="An address; repeatable.")
TAG = typer.Option([], "-t", "--tag", metavar="TAG", help="A tag; repeatable.")
SOURCE = typer.Option("", "--source", metavar="NAME", help="Where they come from.")
SET = typer.Option([], "--set", metavar="KEY=VALUE", help="A field, own or new; repeatable.")
OWNER = typer.Option("", "--owner", metavar="NAME", help="Who looks after them; or me.")


@app.command(
    "add",
    cls=CrmCommand,
    epilog="crm contact add 'Ana Novak' -e ana@acme.si -p '040 123 456' --org Acme -t vip\n"
    "crm contact add 'Bo Li' --birthday 17.5. --set tea=green\n"
    'echo \'{"name": "Eva", "emails": ["eva@kos.si"]}\' | crm contact add --input -',
)
def add(
    ctx: typer.Context,
    name: str = typer.Argument("", help="The full name."),
    emails: list[str] = EMAIL,
    phones: list[str] = PHONE,
    urls: list[str] = URL,
    addresses: list[str] = ADDRESS,
    org: str = typer.Option("", "--org", metavar="NAME", help="Where they work."),
    title: str = typer.Option("", "--title", help="As what."),
    tags: list[str] = TAG,
    birthday: str = typer.Option("", "--birthday", metavar="DATE", help="With or without year."),
    note: str = typer.Option("", "--note", help="A note."),
    stage: str = typer.Option("", "--stage", help=f"One of {', '.join(STAGES)}."),
    source: str = SOURCE,
    owner: str = OWNER,
    fields: list[str] = SET,
    input: str = typer.Option("", "--input", metavar="FILE", help="JSON or JSONL; - is stdin."),
    force: bool = typer.Option(False, "--force", help="Add even if they are probably there."),
) -> None:
    """Add a person. Who is probably there already is refused with exit code 4.

    What counts: e-mail 100 (an office's 40), phone 60, a like name 40, the same org 20, the domain
    15, another birthday -30. From 90 on a terminal asks and a pipe refuses; from 60 on it is said,
    and `crm dedupe` lists the pair.
    """
    crm: Context = ctx.obj
    if input:
        common.input_alone(ctx, "force")
        raws = common.read_input(crm, input)
    else:
        own, custom = parse_set(fields, FIELDS)
        raws = [
            {
                "name": name,
                "emails": emails,
                "phones": phones,
                "urls": urls,
                "addresses": addresses,
                "org": org,
                "title": title,
                "tags": tags,
                "birthday": birthday,
                "note": note,
                "lifecycle_stage": stage,
                "source": source,
                "owner": owner,
                "custom": custom,
                **own,
            }
        ]
    added = common.unless_known(
        crm, lambda insist: service.add(crm, raws, force=insist), force=force
    )
    for warnings, org in zip(added.warnings, added.orgs, strict=True):
        for warning in warnings:
            crm.out.say(f"crm: {warning}")
        if org:
            crm.out.say(org)
    common.announce_all(crm, [(tr("Added"), ("contact", id), "") for id in added.value])


@app.command(
    "list",
    cls=ListCommand,
    epilog="crm contact list owner:me +vip last_touch.before:-30d --sort -last_touch\n"
    "crm contact list '(city:Kranj or city:Celje)' not +dormant --count\n"
    "crm contact list -t vip --fields name,email,last_touch --csv",
)
def list_(
    ctx: typer.Context,
    terms: list[str] = listing.terms("contact"),
    where: str = listing.WHERE,
    tag: str = typer.Option("", "-t", "--tag", help="Only with this tag."),
    org: str = typer.Option("", "--org", metavar="REF", help="Only of this org."),
    owner: str = typer.Option("", "--owner", metavar="NAME", help="Only this owner's; or me."),
    sort: str = listing.sort_option("contact"),
    limit: int = listing.LIMIT,
    count: bool = listing.COUNT,
) -> None:
    """List people by name. A terminal shows the first 100, a pipe gets all."""
    crm: Context = ctx.obj
    at = f"o{crm.resolve(org, ('org',))[1]}" if org else ""
    added = (filters.tag_term(tag), filters.term("org.id", at), filters.term("owner", owner))
    tree = filters.read(terms, where, *added)
    listing.show(crm, "contact", tree, sort=sort, limit=limit, count=count)


@app.command(
    "show", cls=ListCommand, epilog="crm contact show ana-novak\ncrm contact show c12 --json"
)
def show(
    ctx: typer.Context,
    ref: str = typer.Argument(..., metavar="REF", help="Id, handle, e-mail, name …"),
) -> None:
    """Show the card: channels, org and role, tags, last touch, open follow-ups, timeline."""
    from crmcli.commands.show import show_ref

    show_ref(ctx.obj, ref, ("contact",))


@app.command(
    "edit",
    cls=CrmCommand,
    epilog="crm contact edit ana-novak -e home:ana@home.si --title CEO\n"
    "crm contact edit ana-novak --drop ana@old.si --set tea=\n"
    "crm contact edit --where '+fair stage:lead' -t followed-up --dry-run",
)
def edit(
    ctx: typer.Context,
    refs: list[str] = typer.Argument(
        None, metavar="[REF…]", help="Whom; - reads references from stdin."
    ),
    where: str = listing.CHOICE,
    name: str = typer.Option("", "--name", help="Another full name; the old handle still works."),
    emails: list[str] = EMAIL,
    phones: list[str] = PHONE,
    urls: list[str] = URL,
    addresses: list[str] = ADDRESS,
    org: str = typer.Option("", "--org", metavar="NAME", help="Where they work now."),
    title: str = typer.Option("", "--title", help="As what."),
    tags: list[str] = TAG,
    birthday: str = typer.Option("", "--birthday", metavar="DATE", help="With or without year."),
    note: str = typer.Option("", "--note", help="Replaces the note."),
    stage: str = typer.Option("", "--stage", help=f"One of {', '.join(STAGES)}."),
    source: str = SOURCE,
    owner: str = OWNER,
    fields: list[str] = SET,
    drop: list[str] = typer.Option(
        [], "--drop", metavar="VALUE", help="An e-mail, phone, URL or +tag to remove."
    ),
    force: bool = typer.Option(False, "--force", help="Even if it makes them somebody known."),
    dry_run: bool = typer.Option(False, "--dry-run", help="Say what would change; change nothing."),
) -> None:
    """Change a person. What repeats is added; `--drop` removes; `--set key=` empties a field."""
    crm: Context = ctx.obj
    own, custom = parse_set(fields, FIELDS)
    given = {
        "name": name,
        "org": org,
        "title": title,
        "birthday": birthday,
        "note": note,
        "lifecycle_stage": stage,
        "source": source,
        "owner": owner,
    }
    raw = {key: value for key, value in given.items() if value} | own
    lists = {"emails": emails, "phones": phones, "urls": urls, "addresses": addresses, "tags": tags}
    change = service.edit(crm, raw, lists, custom, drop)
    for warning in change.warnings:
        crm.out.say(f"crm: {warning}")
    keys = listing.chosen(crm, "contact", refs, where, lambda ref: crm.resolve(ref, ("contact",)))
    listing.confirm(crm, "contact", keys, where, dry_run)
    ids = [id for _, id in keys]
    moved = common.unless_known(
        crm,
        lambda insist: service.save(crm, ids, change, force=insist, dry_run=dry_run),
        force=force,
    )
    common.say_moved(crm, keys, moved, dry_run)


@app.command("rm", cls=CrmCommand, epilog="crm contact rm ana-novak\ncrm contact rm c12 c15 --yes")
def rm(
    ctx: typer.Context,
    refs: list[str] = typer.Argument(
        None, metavar="[REF…]", help="Whom, by id, handle, e-mail or full name; or -."
    ),
    where: str = listing.CHOICE,
    dry_run: bool = typer.Option(False, "--dry-run", help="Say what would go; remove nothing."),
) -> None:
    """Move people to the trash; `crm undo` or `crm trash restore` brings them back."""
    listing.remove(ctx.obj, "contact", refs, where, dry_run)


@app.command(
    "open",
    cls=CrmCommand,
    epilog="crm contact open ana-novak --print\ncrm contact open ana-novak --via mail",
)
def open_(
    ctx: typer.Context,
    ref: str = typer.Argument(..., metavar="REF", help="Whom."),
    via: str = typer.Option("mail", "--via", metavar="HOW", help=", ".join(VIAS)),
    only_print: bool = typer.Option(False, "--print", help="Print the link; open nothing."),
) -> None:
    """Write to somebody or call them with the program this machine has for it.

    Without a desktop, and in a pipe, the link is printed.
    """
    from crmcli.rules.channel import link_via
    from crmcli.service.handler import handler, open_link

    crm: Context = ctx.obj
    way = usage_word("--via", via, tuple(VIAS)) or "mail"
    who = store.get_contact(crm.store.reader, crm.resolve(ref, ("contact",))[1])
    links = (link_via(way, one.kind, one.value, one.norm) for one in who.channels)
    found = next(filter(None, links), None)
    if found is None:
        raise NotFoundError(
            tr("{name} cannot be reached via {way}", name=who.name, way=way),
            tr("`crm contact show {ref}` has what is known", ref=who.handle),
        )
    program = None if only_print or not crm.out.is_terminal else handler()
    if crm.out.is_json:
        crm.out.record({"id": f"c{who.id}", "via": way, "link": found})
    elif program is None:
        crm.out.lines([found])
    if program is not None:
        open_link(found, program)
        crm.out.say(tr("Opened {link}", link=found))


@app.command(
    "date",
    cls=CrmCommand,
    epilog="crm contact date ana-novak birthday 17.5.1990\n"
    "crm contact date ana-novak 'name day' 26 july --lead 14d\n"
    "crm contact date ana-novak 'name day' --drop",
)
def date_(
    ctx: typer.Context,
    ref: str = typer.Argument(..., metavar="REF", help="Whom."),
    kind: str = typer.Argument(..., metavar="KIND", help="birthday, anniversary, or your word."),
    words: list[str] = typer.Argument(
        None, metavar="DATE", help="With or without year, such as 17.5. or 12-10."
    ),
    lead: str = typer.Option("", "--lead", metavar="14d", help="How early `today` tells so."),
    drop: bool = typer.Option(False, "--drop", help="Remove it."),
) -> None:
    """Set a yearly date of a person, such as a birthday."""
    from crmcli.text import fold

    crm: Context = ctx.obj
    key, text = crm.resolve(ref, ("contact",)), " ".join(words or [])
    name = fold(line(kind, "kind") or "")
    if not name:
        raise InvalidError(tr("a date needs a kind"), tr("such as birthday"))
    if drop == bool(text):
        raise UsageError(tr("date needs a DATE, or --drop"))
    if drop:
        change = Edit({}, {}, off_dates=[name])
    else:
        date = yearly_date(name, text, crm.dates["date_order"])
        change = Edit({}, {}, dates=[replace(date, lead_days=_lead(crm, lead))])
    common.change_records(
        crm, "contact date", [key], False, lambda w, id: store.edit_contact(w, id, change)
    )
    if not drop:
        crm.out.say(_date_echo(crm, change.dates[0]))


def _date_echo(crm: Context, date: DateDraft) -> str:
    """Say a yearly date as it was understood: when it comes next, and how early it is told."""
    from crmcli.dates import When
    from crmcli.store.due import next_yearly

    on = crm.describe(When(next_yearly(date.month, date.day, crm.clock.today())))
    lead = crm.days("date_lead_days") if date.lead_days is None else date.lead_days
    return tr(
        "{kind} {date}, next {on}; `crm today` tells {days} days ahead",
        kind=date.kind,
        date=store.date_text(date),
        on=on,
        days=lead,
    )


def _lead(crm: Context, text: str) -> int | None:
    """Give the days of `14d`, `2w` or `14`; None for nothing.

    Raises:
        UsageError: not from 0 to 365 days.
    """
    if not text:
        return None
    span = f"{text}d" if text.isascii() and text.isdigit() else text
    days = 0 if span == "0d" else (parse_due(crm, span).on - crm.clock.today()).days
    if not 0 <= days <= 365:
        raise UsageError(
            tr("--lead cannot be {text!r}", text=text), tr("such as 14d; at most 365 days")
        )
    return days


@app.command(
    "move",
    cls=CrmCommand,
    epilog="crm contact move ana-novak interest\n"
    "crm contact move ana-novak bo-li decision --at -3d\n"
    "crm contact move --where '+fair step:awareness' interest --dry-run\n"
    "crm contact move ana-novak --out",
)
def move(
    ctx: typer.Context,
    words: list[str] = typer.Argument(
        None, metavar="[REF…] STAGE", help="Whom, and the stage; - reads references from stdin."
    ),
    pipeline: str = typer.Option("", "--pipeline", metavar="NAME", help="Of people; or the usual."),
    at: str = typer.Option("", "--at", metavar="WHEN", help="When it was; else now."),
    where: str = listing.CHOICE,
    out: bool = typer.Option(False, "--out", help="Leave the pipeline; give no STAGE."),
    dry_run: bool = typer.Option(False, "--dry-run", help="Say what would change; change nothing."),
) -> None:
    """Move people to a stage of their pipeline; where they stood is kept."""
    from crmcli.service import deal, lead
    from crmcli.store.pipeline import find_pipeline, find_stage

    crm: Context = ctx.obj
    *refs, name = [*(words or []), ""] if out else (words or [""])
    if not (out or name):
        raise UsageError(tr("to which stage?"), tr("`crm pipeline stage list` has them"))
    reader = crm.store.reader
    of = find_pipeline(reader, pipeline, "contact").id if pipeline else None
    stage = None if out else find_stage(reader, name, "contact", of)
    keys = listing.chosen(crm, "contact", refs, where, lambda ref: crm.resolve(ref, ("contact",)))
    listing.confirm(crm, "contact", keys, where, dry_run)
    ids = [id for _, id in keys]
    if stage is None:
        moved = lead.leave_pipeline(crm, ids, pipeline, at, dry_run=dry_run)
    else:
        moved = deal.move_people(crm, ids, stage, at, dry_run=dry_run)
    common.say_moved(crm, keys, moved, dry_run, mark("Moved"))


app.command(
    "merge",
    cls=CrmCommand,
    epilog="crm contact merge ana-novak ana-kos\n"
    "crm contact merge c12 c16 --keep email=B --dry-run",
)(merge.of_contact)
app.command(
    "tag",
    cls=tag_command.SignedCommand,
    epilog="crm contact tag ana-novak +key-account -fair\ncrm contact tag c12 vip",
)(tag_command.of_contact)
app.command(
    "relate",
    cls=CrmCommand,
    epilog="crm contact relate ana-novak --as 'referred by' bo-li\n"
    "crm contact relate ana-novak --as 'investor of' --inverse 'backed by' bo-li",
)(relation.relate)
app.command(
    "cadence",
    cls=ListCommand,
    epilog="crm contact cadence ana-novak 30d\ncrm contact cadence ana-novak 30d --max 45d\n"
    "crm contact cadence ana-novak",
)(cadence.of_contact)
app.command("bump", cls=CrmCommand, epilog="crm contact bump ana-novak\ncrm contact bump c3 c5")(
    cadence.bump
)
app.command(
    "pause",
    cls=CrmCommand,
    epilog="crm contact pause ana-novak 2w\ncrm contact pause ana-novak --off",
)(cadence.pause)
