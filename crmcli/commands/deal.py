"""`crm deal`: what may be sold, and how it goes through its stages."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import typer

from crmcli.cli import CrmCommand, ListCommand, noun_app
from crmcli.commands import common, listing
from crmcli.commands.contact import SET, TAG
from crmcli.context import Context
from crmcli.errors import InvalidError, NotFoundError, UsageError
from crmcli.i18n import mark, tr, trn
from crmcli.rules.deal import FIELDS, KEYS, OVERRIDES, ROLES
from crmcli.rules.values import line
from crmcli.service import contact as people
from crmcli.service import deal as service
from crmcli.service import filter as filters
from crmcli.service.bulk import Moved
from crmcli.service.choice import day_count
from crmcli.service.deal import Missing, Move, New
from crmcli.service.party import parse_set, split_tags, without_uid
from crmcli.service.record import Record
from crmcli.store import deal as store
from crmcli.store import task as task_store
from crmcli.store.deal import Deal
from crmcli.store.pipeline import Stage, find_pipeline, find_stage
from crmcli.store.rows import Where
from crmcli.store.search import Key, reference
from crmcli.store.vocabulary import list_reasons
from crmcli.text import fold, looks_like_id

app = noun_app(
    "Deals: what may be sold, to whom, for how much. Bare `crm deal` lists the open ones.",
    "crm deal add Pilot --for ana-novak --amount 9k --close 'next fri' -n 'tue send offer'\n"
    "crm deal move d7 proposal\ncrm deal win d7",
)
FOR = typer.Option("", "--for", metavar="REF", help="The person or org it is with.")
ORG = typer.Option("", "--org", metavar="ORG", help="The org, if not where the person works.")
AMOUNT = typer.Option("", "--amount", help="What it is worth: 9k, EUR 9000, 9.000,50.")
PERIOD = typer.Option("", "--period", help="How often that is paid: once, monthly or annual.")
CLOSE = typer.Option("", "--close", metavar="WHEN", help="When it is to close; looks ahead.")
STAGE = typer.Option("", "--stage", help="The stage.")
PIPELINE = typer.Option("", "--pipeline", help="The pipeline, if not the default one.")
PROBABILITY = typer.Option("", "--probability", help="Its own percent, instead of its stage's.")
CATEGORY = typer.Option("", "--category", help=f"Of the forecast: {', '.join(OVERRIDES)}.")
SOURCE = typer.Option("", "--source", help="Where it comes from, such as a fair.")
COMPETITOR = typer.Option("", "--competitor", help="Who else wants it.")
OWNER = typer.Option("", "--owner", metavar="NAME", help="Whose it is; or me.")
NEXT = typer.Option("", "-n", "--next", metavar="'WHEN TITLE'", help="Your next step.")
AT = typer.Option("", "--at", metavar="WHEN", help="When it happened; looks back.")
NOTE = typer.Option("", "--note", help="What there is to say about it.")
DRY_RUN = typer.Option(False, "--dry-run", help="Say what would change; change nothing.")
REQUIRED = typer.Option(
    [], "--set", metavar="KEY=VALUE", help="What the stage requires; repeatable."
)
REF = typer.Argument(
    ..., metavar="REF", help="The deal (d7), or a person or org with one open deal."
)
SOME = typer.Argument(
    None, metavar="[REF…]", help="Deals (d7), or people or orgs with one open deal; or -."
)
# What a field may be called besides its own name.
SHORT_NAMES = {
    "probability": "probability_override",
    "category": "category_override",
    "close": "close_date",
}
DROPPED = (
    *("amount", "close_date", "probability_override", "category_override", "competitor"),
    *("note", "source", "org"),
)


@app.command(
    "add",
    cls=CrmCommand,
    epilog="crm deal add Pilot --for ana-novak --amount 9k --close 'next fri'\n"
    "crm deal add Pilot --for ana@new.si --new --amount 'USD 500' --period monthly\n"
    "crm deal add 'Old order' --for acme --stage proposal --at 2026-03-01 -n 'fri call'",
)
def add(
    ctx: typer.Context,
    name: str = typer.Argument("", help="What it is called."),
    for_: str = FOR,
    new: bool = typer.Option(False, "--new", help="Add the person of --for if they are unknown."),
    with_: list[str] = typer.Option([], "--with", metavar="REF", help="Who else; repeatable."),
    org: str = ORG,
    amount: str = AMOUNT,
    period: str = PERIOD,
    close: str = CLOSE,
    stage: str = STAGE,
    pipeline: str = PIPELINE,
    probability: str = PROBABILITY,
    category: str = CATEGORY,
    source: str = SOURCE,
    competitor: str = COMPETITOR,
    owner: str = OWNER,
    tags: list[str] = TAG,
    fields: list[str] = SET,
    note: str = NOTE,
    next_: str = NEXT,
    at: str = AT,
    input: str = typer.Option("", "--input", metavar="FILE", help="JSON or JSONL; - is stdin."),
) -> None:
    """Add a deal with a person or an org. It begins in the first stage unless --stage names one.

    The first person is the one to talk to; `crm deal contact` gives roles. An org that does not
    exist is made, and said.
    """
    crm: Context = ctx.obj
    if input:
        common.input_alone(ctx)
        wishes = [_from_json(crm, raw) for raw in common.read_input(crm, input)]
    else:
        own, custom = _own(fields)
        raw = {
            "name": name,
            "amount": amount,
            "period": period,
            "close_date": str(service.close_day(crm, close)) if close else "",
            "probability_override": probability,
            "category_override": category,
            "source": source,
            "competitor": competitor,
            "owner": owner,
            "tags": tags,
            "note": note,
            "custom": custom,
            **_typed(crm, own),
        }
        wish = New(raw=raw, stage=stage, pipeline=pipeline, next=next_, at=at)
        wish = _with(crm, wish, for_, new) if for_ else wish
        others = [(crm.resolve(ref, ("contact",))[1], "") for ref in with_]
        wishes = [replace(_at_org(crm, wish, org), people=others)]
    _add(crm, wishes)


def _add(crm: Context, wishes: Sequence[New]) -> None:
    """Add the deals, and say how they were understood."""
    notes = [people.org_note(crm, wish.org_name) for wish in wishes]
    try:
        added = service.add_all(crm, wishes)
    except Missing as lack:
        if not crm.is_interactive or len(wishes) > 1:
            raise
        wishes = [_filled(crm, wishes[0], _asked(crm, lack))]
        notes = [people.org_note(crm, wishes[0].org_name)]
        added = service.add_all(crm, wishes)
    deals = store.get_deals(crm.store.reader, [one.id for one in added])
    said = []
    for deal in deals:
        who = deal.who()
        whom = tr(" for {name}", name=who["name"]) if who else ""
        said.append((tr("Added"), ("deal", deal.id), f"{whom}: {service.described(crm, deal)}"))
    common.announce_all(crm, said)
    for wish, deal, one, note in zip(wishes, deals, added, notes, strict=True):
        if wish.newcomer and deal.primary:
            crm.out.say(
                tr("{ref} {name} is new", ref=deal.primary["id"], name=deal.primary["name"])
            )
        if wish.org_name:
            crm.out.say(people.at_org(crm, wish.org_name, note))
        if one.step:
            crm.out.say(tr("next: {step}", step=one.step))


def _filled(crm: Context, wish: New, given: Mapping[str, str]) -> New:
    """Give the wish with what its stage requires, as it was answered."""
    own = {key.removeprefix("custom."): value for key, value in given.items() if "." in key}
    raw: Record = {key: value for key, value in given.items() if key in FIELDS}
    raw["custom"] = {**(wish.raw.get("custom") or {}), **own}
    wish = replace(wish, raw={**wish.raw, **_typed(crm, raw)})
    wish = replace(wish, next=given.get("next_step", wish.next))
    wish = _with(crm, wish, given["contact"], new=False) if "contact" in given else wish
    return _at_org(crm, wish, given.get("org", ""))


def _with(crm: Context, wish: New, ref: str, new: bool) -> New:
    """Give the wish with whom it is for; who is unknown is to be added if that was said.

    Raises:
        NotFoundError: unknown, and not to be added.
    """
    try:
        return replace(wish, key=crm.resolve(ref, ("contact", "org")))
    except NotFoundError as error:
        if not new or looks_like_id(fold(ref)):
            end = "" if error.hint.endswith("?") else ";"
            hint = tr("{hint} --new adds them", hint=error.hint + end)
            raise NotFoundError(error.message, hint) from None
    return replace(wish, newcomer=service.stub(crm, ref))


def _at_org(crm: Context, wish: New, org: str) -> New:
    """Give the wish with its org, which is made when there is none of the name."""
    if not org:
        return wish
    try:
        return replace(wish, org=crm.resolve(org, ("org",), strict=True)[1])
    except NotFoundError:
        if looks_like_id(fold(org)):
            raise
    return replace(wish, org_name=line(org) or "")


def _own(fields: Sequence[str]) -> tuple[Record, dict[str, str]]:
    """Split `--set` into fields of the deal and own fields.

    Raises:
        UsageError: what only other commands change, such as its status.
    """
    own, custom = parse_set(fields, FIELDS, SHORT_NAMES)
    for key in custom:
        if key in KEYS:
            raise UsageError(
                tr("{key} cannot be set so", key=key),
                tr("`crm deal move`, `win`, `lose`, `contact` and `line` change the rest"),
            )
    return own, custom


def _typed(crm: Context, own: Mapping[str, Any]) -> Record:
    """Give fields from `--set` as raw values: days are read."""
    close = own.get("close_date")
    return {**own, "close_date": str(service.close_day(crm, close))} if close else dict(own)


def _from_json(crm: Context, raw: Record) -> New:
    """Give the deal that a JSON object asks for, such as `crm deal show --json` gives."""
    raw = without_uid(raw)
    wish = New(raw=raw, stage=str(raw.get("stage") or ""), pipeline=str(raw.get("pipeline") or ""))
    wish = replace(wish, lines=_objects(raw, "lines"))
    if who := _ref(raw.get("who")):
        wish = _with(crm, wish, who, new=False)
    others = [
        (crm.resolve(_ref(person), ("contact",))[1], str(person.get("role") or ""))
        for person in _objects(raw, "people")
    ]
    return replace(_at_org(crm, wish, _ref(raw.get("org"))), people=others)


def _objects(raw: Record, key: str) -> list[Record]:
    """Give a list of JSON objects.

    Raises:
        InvalidError: it is none.
    """
    found = raw.get(key) or []
    if not isinstance(found, list) or not all(isinstance(one, dict) for one in found):
        raise InvalidError(tr("{key} must be a list of objects", key=key))
    return found


def _ref(value: Any) -> str:
    """Give the reference that a JSON value holds: a text, or an object with id or name."""
    if isinstance(value, Mapping):
        return str(value.get("id") or value.get("handle") or value.get("name") or "")
    return str(value or "")


@app.command(
    "list",
    cls=ListCommand,
    epilog="crm deal list amount.over:5000 close_date.before:eom --sort -amount\n"
    "crm deal list --rotting\ncrm deal list --won closed.after:-30d --json\n"
    "crm deal list --for acme --all",
)
def list_(
    ctx: typer.Context,
    terms: list[str] = listing.terms("deal"),
    where: str = listing.WHERE,
    for_: str = FOR,
    stage: str = STAGE,
    pipeline: str = PIPELINE,
    owner: str = OWNER,
    tag: str = typer.Option("", "-t", "--tag", help="Only with this tag."),
    won: bool = typer.Option(False, "--won", help="The won ones."),
    lost: bool = typer.Option(False, "--lost", help="The lost ones."),
    all_: bool = typer.Option(False, "--all", help="Open and closed ones."),
    rotting: bool = typer.Option(False, "--rotting", help="Idle longer than their stage allows."),
    idle: str = typer.Option("", "--idle", metavar="DAYS", help="Idle for so long: 30d, 6w."),
    no_next: bool = typer.Option(False, "--no-next", help="Without a next step."),
    sort: str = listing.sort_option("deal"),
    limit: int = listing.LIMIT,
    count: bool = listing.COUNT,
) -> None:
    """List open deals, the next to close first; others when the filter asks for a status.

    A deal rots when nothing happened on it for longer than its stage allows, and no task is to
    come. A terminal shows the first 100, a pipe gets all.
    """
    crm: Context = ctx.obj
    whose = crm.resolve(for_, ("contact", "org")) if for_ else None
    added = (
        filters.term(f"{whose[0]}.id", reference(whose)) if whose else None,
        filters.term("owner", owner),
        filters.tag_term(tag),
    )
    tree = filters.read(terms, where, *added)
    chosen: list[Where] = []
    is_open = not (won or lost or all_ or filters.mentions(crm, tree, "status"))
    if stage or pipeline:
        place = _place(crm, stage, pipeline)
        is_open = is_open and not (isinstance(place, Stage) and not place.is_open)
        chosen.append(store.standing(place))
    chosen += [store.OPEN] if is_open else []
    chosen += [store.NO_NEXT] if no_next else []
    if won != lost:
        chosen.append(store.WON if won else store.LOST)
    chosen += [service.rotting(crm)] if rotting else []
    chosen += [service.idle_for(crm, day_count("--idle", idle))] if idle else []
    default = store.every(chosen)
    listing.show(crm, "deal", tree, sort=sort, limit=limit, count=count, default=default)


def _place(crm: Context, stage: str, pipeline: str) -> Any:
    """Give the stage, or the pipeline, that options name."""
    chosen = find_pipeline(crm.store.reader, pipeline, "deal") if pipeline else None
    if not stage:
        return chosen
    return find_stage(crm.store.reader, stage, "deal", chosen.id if chosen else None)


@app.command("show", cls=ListCommand, epilog="crm deal show d7\ncrm deal show d7 --json")
def show(ctx: typer.Context, ref: str = REF) -> None:
    """Show a deal: facts, people, lines, next step, stays in stages, timeline, attachments."""
    from crmcli.commands.show import show_record

    crm: Context = ctx.obj
    show_record(crm, ("deal", service.resolve(crm, ref)))


@app.command(
    "edit",
    cls=CrmCommand,
    epilog="crm deal edit d7 --amount 12k --close eom\n"
    "crm deal edit d7 --drop probability --drop +hot\n"
    "crm deal edit --where 'stage:lead owner:none' --owner me --dry-run",
)
def edit(
    ctx: typer.Context,
    refs: list[str] = SOME,
    where: str = listing.CHOICE,
    name: str = typer.Option("", "--name", help="Another name."),
    org: str = typer.Option("", "--org", metavar="REF", help="Another org."),
    amount: str = AMOUNT,
    period: str = PERIOD,
    close: str = CLOSE,
    probability: str = PROBABILITY,
    category: str = CATEGORY,
    source: str = SOURCE,
    competitor: str = COMPETITOR,
    owner: str = OWNER,
    tags: list[str] = TAG,
    fields: list[str] = SET,
    note: str = typer.Option("", "--note", help="Replaces the note."),
    drop: list[str] = typer.Option(
        [], "--drop", metavar="FIELD", help=f"Empty it: {', '.join(DROPPED)}; or a +tag."
    ),
    dry_run: bool = DRY_RUN,
) -> None:
    """Change deals; stages change with `crm deal move`, `win` and `lose`.

    `--drop probability` brings back that of the stage. Tags are added; `--drop +tag` takes one off.
    """
    crm: Context = ctx.obj
    own, custom = _own(fields)
    given = {
        "name": name,
        "amount": amount,
        "period": period,
        "close_date": close,
        "probability_override": probability,
        "category_override": category,
        "source": source,
        "competitor": competitor,
        "owner": owner,
        "note": note,
        "tags": tags,
        "custom": custom,
        "org_id": crm.resolve(org, ("org",))[1] if org else None,
    }
    raw = {key: value for key, value in {**given, **own}.items() if value}
    dropped, off = _dropped([*drop, *(key for key, value in own.items() if not value)])
    ids = _chosen(crm, refs, where, dry_run)
    moved = service.edit(crm, ids, _typed(crm, raw), drop=dropped, off_tags=off, dry_run=dry_run)
    _say(crm, ids, moved, dry_run)


def _dropped(words: Sequence[str]) -> tuple[list[str], list[str]]:
    """Sort what is to be dropped into names of fields and tags.

    Raises:
        UsageError: a field that cannot be emptied.
    """
    _, off = split_tags([f"-{word[1:]}" for word in words if word[:1] in "+-"])
    names = [word.replace("-", "_").casefold() for word in words if word[:1] not in "+-"]
    names = [SHORT_NAMES.get(name, name) for name in names]
    for name in names:
        if name not in DROPPED:
            raise UsageError(
                tr("{name!r} cannot be emptied", name=name),
                tr("one of {names}, or a +tag", names=", ".join(DROPPED)),
            )
    return names, off


@app.command(
    "move",
    cls=CrmCommand,
    epilog="crm deal move d7 proposal -n 'fri ask again'\n"
    "crm deal move d7 negotiation --set amount=9k --set close_date=eom\n"
    "crm deal move d7 qualified --at 2026-03-05\n"
    "crm deal move --where 'stage:lead +fair' qualified --dry-run",
)
def move(
    ctx: typer.Context,
    words: list[str] = typer.Argument(..., metavar="[REF…] STAGE", help="Deals, and where to."),
    where: str = listing.CHOICE,
    pipeline: str = typer.Option("", "--pipeline", help="The stage is of this pipeline."),
    at: str = AT,
    fields: list[str] = REQUIRED,
    reason: str = typer.Option("", "--reason", help="Why, when the stage is a lost one."),
    note: str = typer.Option("", "--note", help="About its end."),
    next_: str = NEXT,
    dry_run: bool = DRY_RUN,
) -> None:
    """Move deals to a stage. What the stage requires is asked for, or given with --set.

    With --at a move is entered afterwards; before the newest one it completes the history, and
    the deal stays where it stands.
    """
    crm: Context = ctx.obj
    *refs, name = words
    ids = _chosen(crm, refs, where, dry_run)
    if not ids:
        _say_none(crm)
        return
    deals = store.get_deals(crm.store.reader, ids)
    stages = {deal.id: service.target(crm, deal, name, pipeline) for deal in deals}
    wish = Move(
        stage=stages[ids[0]],
        stages=stages,
        at=at,
        given=_required(fields),
        reason=reason,
        note=note,
        next=next_,
    )
    _move(crm, ids, wish, dry_run, mark("Moved"))


@app.command(
    "win",
    cls=CrmCommand,
    epilog="crm deal win d7\ncrm deal win d7 --at fri --note 'signed by both'\n"
    "crm deal win --where 'stage:negotiation +fair' --dry-run",
)
def win(
    ctx: typer.Context,
    refs: list[str] = SOME,
    where: str = listing.CHOICE,
    at: str = AT,
    note: str = NOTE,
    fields: list[str] = REQUIRED,
    next_: str = NEXT,
    dry_run: bool = DRY_RUN,
) -> None:
    """Win deals. Who one talks to becomes a customer, an org that is a prospect a client."""
    crm: Context = ctx.obj
    ids = _chosen(crm, refs, where, dry_run)
    _close(crm, "won", ids, dry_run, given=_required(fields), at=at, note=note, next=next_)


@app.command(
    "lose",
    cls=CrmCommand,
    epilog="crm deal lose d7 --reason price --competitor Umbrella\n"
    "crm deal lose d7 d9 --reason 'no budget' --at 'last fri' -n 'in 6 months ask again'",
)
def lose(
    ctx: typer.Context,
    refs: list[str] = SOME,
    where: str = listing.CHOICE,
    reason: str = typer.Option("", "--reason", help="Why; `crm reason` lists what there is."),
    competitor: str = typer.Option("", "--competitor", help="Who got it."),
    at: str = AT,
    note: str = NOTE,
    fields: list[str] = REQUIRED,
    next_: str = NEXT,
    dry_run: bool = DRY_RUN,
) -> None:
    """Lose deals, for a reason. A terminal offers the reasons when none is given."""
    crm: Context = ctx.obj
    ids = _chosen(crm, refs, where, dry_run)
    reason, note = _reason(crm, reason, note)
    told = {"reason": reason, "competitor": competitor, "note": note, "at": at, "next": next_}
    _close(crm, "lost", ids, dry_run, given=_required(fields), **told)


@app.command(
    "reopen", cls=CrmCommand, epilog="crm deal reopen d7\ncrm deal reopen d7 --stage proposal"
)
def reopen(
    ctx: typer.Context,
    refs: list[str] = typer.Argument(..., metavar="REF…", help="Deals, such as d7; or -."),
    stage: str = typer.Option("", "--stage", help="Where, if not the stage it came from."),
    dry_run: bool = DRY_RUN,
) -> None:
    """Open closed deals again, in the stage they came from."""
    crm: Context = ctx.obj
    ids = [service.resolve(crm, ref, strict=True) for ref in crm.references(refs)]
    ids = list(dict.fromkeys(ids))
    _say(crm, ids, service.reopen(crm, ids, stage, dry_run=dry_run), dry_run, mark("Reopened"))


@app.command("rm", cls=CrmCommand, epilog="crm deal rm d7\ncrm deal rm d7 d9 --yes")
def rm(
    ctx: typer.Context,
    refs: list[str] = typer.Argument(None, metavar="[REF…]", help="Deals, such as d7; or -."),
    where: str = listing.CHOICE,
    dry_run: bool = DRY_RUN,
) -> None:
    """Move deals to the trash; `crm undo` or `crm trash restore` brings them back."""
    crm: Context = ctx.obj

    def key(ref: str) -> Key:
        return "deal", service.resolve(crm, ref, strict=True)

    common.remove(crm, "deal", listing.chosen(crm, "deal", refs, where, key), dry_run)


@app.command(
    "contact",
    cls=CrmCommand,
    epilog="crm deal contact d7 bo-li --role decision_maker\n"
    "crm deal contact d7 ana-novak --primary\ncrm deal contact d7 bo-li --drop",
)
def contact(
    ctx: typer.Context,
    ref: str = REF,
    person: str = typer.Argument(..., metavar="PERSON", help="Who has a say in it."),
    role: str = typer.Option("", "--role", help=f"One of {', '.join(ROLES)}."),
    primary: bool = typer.Option(False, "--primary", help="The one to talk to."),
    drop: bool = typer.Option(False, "--drop", help="No longer on the deal."),
) -> None:
    """Add a person to a deal, give them a role, or take them off."""
    crm: Context = ctx.obj
    id = service.resolve(crm, ref)
    key = crm.resolve(person, ("contact",))
    if drop and (role or primary):
        raise UsageError(tr("--drop stands alone"))
    if drop:
        moved = service.drop_person(crm, id, key[1])
    else:
        moved = service.set_person(crm, id, key[1], role, primary=primary)
    deal = store.get_deal(crm.store.reader, id)
    note = ": " + (_people(deal) or tr("nobody"))
    common.announce(crm, tr("Changed") if moved.count else tr("Unchanged"), ("deal", id), note)


def _people(deal: Deal) -> str:
    """Say who is on a deal: `Ana Novak (decision maker), Bo Li`."""
    named = []
    for person in deal.people:
        role = str(person["role"] or "").replace("_", " ")
        named.append(f"{person['name']} ({tr(role)})" if role else str(person["name"]))
    return ", ".join(named)


@app.command(
    "line",
    cls=CrmCommand,
    epilog="crm deal line d7 'Licence, a year' --qty 3 --price 19.99 --discount 10\n"
    "crm deal line d7 --drop 2",
)
def line_(
    ctx: typer.Context,
    ref: str = REF,
    name: str = typer.Argument("", metavar="[NAME]", help="What is sold."),
    quantity: str = typer.Option("1", "--qty", help="How many; 2.5 too."),
    price: str = typer.Option("", "--price", help="Of one."),
    discount: str = typer.Option("", "--discount", metavar="PERCENT", help="Off the price."),
    drop: int = typer.Option(None, "--drop", metavar="N", help="Take line N off."),
) -> None:
    """Add a line to a deal, or take one off. Its lines together are its amount.

    Each line is quantity times price less discount, rounded half up.
    """
    crm: Context = ctx.obj
    id = service.resolve(crm, ref)
    deal = store.get_deal(crm.store.reader, id)
    if drop is not None:
        service.drop_line(crm, deal, drop)
    else:
        raw = {"name": name, "quantity": quantity, "price": price, "discount": discount}
        service.add_line(crm, deal, raw)
    deal = store.get_deal(crm.store.reader, id)
    shown = [
        f"{number}. {one['name']}, {one['quantity']} x {one['price']['amount']}"
        + (f" - {one['discount']:g} %" if one["discount"] else "")
        + f" = {one['net']['amount']}"
        for number, one in enumerate(deal.lines, 1)
    ]
    common.announce(crm, tr("Changed"), ("deal", id), f": {service.described(crm, deal)}")
    for told in shown:
        crm.out.say(told)


@app.command(
    "probability",
    cls=ListCommand,
    epilog="crm deal probability d7 --set 60\ncrm deal probability d7 --clear\n"
    "crm deal probability d7 --suggest --json",
)
def probability(
    ctx: typer.Context,
    ref: str = REF,
    value: str = typer.Option("", "--set", metavar="PERCENT", help="Its own, from now on."),
    clear: bool = typer.Option(False, "--clear", help="That of its stage again."),
    suggest: bool = typer.Option(False, "--suggest", help="What closed deals say; the default."),
) -> None:
    """Show with what probability a deal is won, and what closed deals say; or set it.

    Suggested is the part that was won of the closed deals that ever came as far as its stage; fewer
    than ten say nothing.
    """
    crm: Context = ctx.obj
    id = service.resolve(crm, ref)
    if sum((bool(value), clear, suggest)) > 1:
        raise UsageError(tr("these options exclude one another"))
    if value or clear:
        raw = {"probability_override": value} if value else {}
        drop = ["probability_override"] if clear else []
        _say(crm, [id], service.edit(crm, [id], raw, drop=drop), False)
        return
    deal = store.get_deal(crm.store.reader, id)
    found = service.suggestion(crm, deal)
    crm.out.record(
        {
            "id": f"d{id}",
            "name": deal.name,
            "probability": deal.probability,
            "own": deal.probability_override,
            "stage": deal.stage,
            "of_stage": deal.stage_probability,
            "suggested": found.percent,
            "won": found.won,
            "closed": found.closed,
        }
    )
    if deal.is_open and found.percent is None:
        crm.out.say(
            tr(
                "{count} closed deals came as far as {stage}; it takes {least} to suggest anything",
                count=found.closed,
                stage=deal.stage,
                least=service.LEAST_CLOSED,
            )
        )


def _chosen(crm: Context, refs: Sequence[str] | None, where: str, dry_run: bool) -> list[int]:
    """Give the deals that references or a filter choose, open ones unless it asks for a status."""
    tree = filters.read((), where)
    default = None if filters.mentions(crm, tree, "status") else store.OPEN

    def key(ref: str) -> Key:
        return "deal", service.resolve(crm, ref)

    keys = listing.chosen(crm, "deal", refs, where, key, default=default)
    listing.confirm(crm, "deal", keys, where, dry_run)
    return [id for _, id in keys]


def _required(fields: Sequence[str]) -> dict[str, str]:
    """Give what `--set` says of what a stage requires: keys of ASKED, or custom.KEY."""
    own, custom = parse_set(fields, tuple(service.ASKED), SHORT_NAMES)
    return {**own, **{f"custom.{key}": value for key, value in custom.items()}}


def _close(
    crm: Context,
    kind: str,
    ids: Sequence[int],
    dry_run: bool,
    *,
    given: Mapping[str, str],
    at: str,
    note: str,
    next: str,
    reason: str = "",
    competitor: str = "",
) -> None:
    """Win or lose deals, each in the closing stage of its pipeline."""
    if not ids:
        _say_none(crm)
        return
    deals = store.get_deals(crm.store.reader, ids)
    stages = {deal.id: service.closing_stage(crm, deal, kind) for deal in deals}
    wish = Move(
        stage=stages[ids[0]],
        stages=stages,
        at=at,
        given=given,
        reason=reason,
        note=note,
        competitor=competitor,
        next=next,
    )
    _move(crm, ids, wish, dry_run, mark("Won") if kind == "won" else mark("Lost"))
    if not dry_run:
        _say_open_tasks(crm, ids)


def _say_open_tasks(crm: Context, ids: Sequence[int]) -> None:
    """Say which tasks a deal that is over leaves to be done."""
    found = [task for id in ids for task in store.open_tasks(crm.store.reader, id)]
    tasks = task_store.get_tasks(crm.store.reader, found[: common.HANDFUL])
    shown = "; ".join(f"t{task.id} {task.title}" for task in tasks)
    if tasks:
        crm.out.say(
            trn(
                "{count} task of it is still open: {tasks}",
                "{count} tasks of it are still open: {tasks}",
                len(found),
                tasks=shown,
            )
        )


def _move(crm: Context, ids: Sequence[int], wish: Move, dry_run: bool, verb: str) -> None:
    """Move deals; at a terminal what the stage requires of one deal is asked for."""
    try:
        moved = service.move(crm, ids, wish, dry_run=dry_run)
    except Missing as lack:
        if not crm.is_interactive or len(ids) > 1:
            raise
        wish = replace(wish, given={**wish.given, **_asked(crm, lack)})
        moved = service.move(crm, ids, wish, dry_run=dry_run)
    stages = {id: wish.stages.get(id, wish.stage).id for id in ids}
    _say(crm, ids, moved, dry_run, verb, stages)
    if not dry_run and wish.next:
        crm.out.say(tr("next: {step}", step=moved.said))


def _asked(crm: Context, lack: Missing) -> dict[str, str]:
    """Ask for what a stage requires, one after the other.

    Raises:
        UsageError: an answer is empty.
    """
    given = {}
    for name in lack.fields:
        title = tr(service.ASKED.get(name, name.removeprefix("custom.")))
        given[name] = crm.ask(f"{title}: ").strip()
        if not given[name]:
            raise UsageError(tr("nothing was changed"), lack.message)
    return given


def _reason(crm: Context, reason: str, note: str) -> tuple[str, str]:
    """Give why it was lost, and the note; a terminal offers the reasons when none is given."""
    known = list_reasons(crm.store.reader, "lost")
    if not reason and crm.is_interactive:
        for number, row in enumerate(known, 1):
            crm.out.say(f"{number:3}  {row['name']}")
        answer = crm.ask(tr("Why was it lost? ")).strip()
        is_number = answer.isascii() and answer.isdigit() and 1 <= int(answer) <= len(known)
        reason = known[int(answer) - 1]["name"] if is_number else answer
        chosen = [row for row in known if row["name"] == reason]
        if chosen and chosen[0]["needs_note"] and not note:
            note = crm.ask(tr("Note: ")).strip()
    return reason, note


def _say(
    crm: Context,
    ids: Sequence[int],
    moved: Moved,
    dry_run: bool,
    verb: str = mark("Changed"),
    stages: Mapping[int, int] | None = None,
) -> None:
    """Say what was done to each deal, and how it was understood.

    Args:
        crm: the run.
        ids: of the deals.
        moved: what the change did.
        dry_run: nothing was changed.
        verb: what was done.
        stages: where each was to go; one that stands elsewhere got its history completed.
    """
    keys = [("deal", id) for id in ids]
    if dry_run:
        common.say_moved(crm, keys, replace(moved, said=""), dry_run)
        return
    deals = store.get_deals(crm.store.reader, ids)
    said = []
    for deal, has_moved in zip(deals, moved.moved, strict=True):
        is_there = stages is None or stages[deal.id] == deal.stage_id
        told = tr(verb) if is_there else tr("Completed the history of")
        told = told if has_moved else tr("Unchanged")
        said.append((told, ("deal", deal.id), f": {service.described(crm, deal)}"))
    common.announce_all(crm, said)
    if not ids:
        _say_none(crm)


def _say_none(crm: Context) -> None:
    crm.out.say(tr("The filter selects nothing."))
