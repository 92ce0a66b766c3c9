"""`crm org`: organizations."""

import typer

from crmcli.cli import CrmCommand, ListCommand, noun_app
from crmcli.commands import common, listing
from crmcli.commands.contact import ADDRESS, EMAIL, OWNER, PHONE, SET, TAG, URL, dropped
from crmcli.context import Context
from crmcli.errors import ConflictError, InvalidError
from crmcli.i18n import tr
from crmcli.rules.field import Fields, custom_edit
from crmcli.rules.org import FIELDS, KINDS, OrgDraft, draft_org
from crmcli.store import org as store
from crmcli.store.party import Edit, edit_party
from crmcli.store.unit import Unit

app = noun_app(
    "Organizations: clients, prospects, partners, suppliers. Bare `crm org` lists them.",
    "crm org add 'Acme d.o.o.' --domain acme.si --kind client\ncrm org show acme-d-o-o",
)
KIND = typer.Option("", "--kind", help=f"One of {', '.join(KINDS)}.")
DOMAIN = typer.Option("", "--domain", help="Web and mail domain, such as acme.si.")
INDUSTRY = typer.Option("", "--industry", help="What they do.")


@app.command(
    "add",
    cls=CrmCommand,
    epilog="crm org add 'Acme d.o.o.' --domain acme.si --kind client\n"
    "crm org add 'Kos & Co' -p '01 234 56 78' --industry retail",
)
def add(
    ctx: typer.Context,
    name: str = typer.Argument("", help="The name."),
    kind: str = KIND,
    domain: str = DOMAIN,
    industry: str = INDUSTRY,
    emails: list[str] = EMAIL,
    phones: list[str] = PHONE,
    urls: list[str] = URL,
    addresses: list[str] = ADDRESS,
    tags: list[str] = TAG,
    note: str = typer.Option("", "--note", help="A note."),
    owner: str = OWNER,
    fields: list[str] = SET,
    input: str = typer.Option("", "--input", metavar="FILE", help="JSON or JSONL; - is stdin."),
    force: bool = typer.Option(False, "--force", help="Add even if name or domain is known."),
) -> None:
    """Add an org. A known name, domain, e-mail or phone is refused with exit code 4."""
    crm: Context = ctx.obj
    if input:
        raws = common.read_input(crm, input)
    else:
        own, custom = common.parse_set(fields, FIELDS)
        raws = [
            {
                "name": name,
                "kind": kind,
                "domain": domain,
                "industry": industry,
                "emails": emails,
                "phones": phones,
                "urls": urls,
                "addresses": addresses,
                "tags": tags,
                "note": note,
                "owner": owner,
                "custom": custom,
                **own,
            }
        ]
    has_custom = any(raw.get("custom") for raw in raws)
    own_fields = common.own_fields(crm, "org", wanted=has_custom)
    drafts = [_draft(crm, raw, own_fields) for raw in raws]
    done = crm.write("org add", lambda w: [_add(w, draft, force) for draft in drafts])
    for draft in drafts:
        for warning in draft.warnings:
            crm.out.say(f"crm: {warning}")
    common.announce_all(crm, [(tr("Added"), ("org", id), "") for id in done.value])


def _draft(crm: Context, raw: common.Record, fields: Fields) -> OrgDraft:
    raw = {key: value for key, value in raw.items() if key != "uid"}  # a new record, a new uid
    draft = draft_org(raw, crm.region, fields=fields)
    draft.owner = crm.owner(draft.owner)
    return draft


def _add(w: Unit, draft: OrgDraft, force: bool) -> int:
    """Add one org, unless one with the same name, domain, e-mail or phone is there."""
    known = {} if force else store.same_org(w.conn, draft)
    for org in store.get_orgs(w.conn, list(known)):
        touch = store.last_touch(w.conn, org.id) or tr("never")
        raise ConflictError(
            tr(
                "{address} belongs to {ref} {handle}, {name} (owner {owner}, last touch {touch})",
                address=known[org.id],
                ref=f"o{org.id}",
                handle=org.handle,
                name=org.name,
                owner=org.owner,
                touch=touch[:10],
            ),
            tr("`--force` adds a second one; `crm org edit` changes the first"),
        )
    return store.add_org(w, draft)


@app.command(
    "list",
    cls=ListCommand,
    epilog="crm org list kind:client person.last_touch.before:-90d\n"
    "crm org list -t partner --fields name,domain",
)
def list_(
    ctx: typer.Context,
    terms: list[str] = listing.terms("org"),
    where: str = listing.WHERE,
    tag: str = typer.Option("", "-t", "--tag", help="Only with this tag."),
    owner: str = typer.Option("", "--owner", metavar="NAME", help="Only this owner's; or me."),
    sort: str = listing.sort_option("org"),
    limit: int = listing.LIMIT,
    count: bool = listing.COUNT,
) -> None:
    """List orgs by name. A terminal shows the first 100, a pipe gets all."""
    crm: Context = ctx.obj
    added = (listing.tag_term(tag), listing.term("owner", owner))
    found = listing.condition(crm, "org", listing.read(terms, where, *added), sort)
    listing.show(crm, "org", found, sort=sort, limit=limit, count=count)


@app.command("show", cls=ListCommand, epilog="crm org show acme\ncrm org show o3 --json")
def show(
    ctx: typer.Context,
    ref: str = typer.Argument(..., metavar="REF", help="Id, handle, e-mail, name …"),
) -> None:
    """Show an org: people, channels, last touch, open follow-ups, timeline."""
    from crmcli.commands.show import show_record

    crm: Context = ctx.obj
    show_record(crm, crm.resolve(ref, ("org",)))


@app.command(
    "edit",
    cls=CrmCommand,
    epilog="crm org edit acme --name 'Acme Europe' --kind client\n"
    "crm org edit acme --drop info@acme.si --set vat=SI12345678\n"
    "crm org edit --where 'industry:none domain:shop' --industry retail --dry-run",
)
def edit(
    ctx: typer.Context,
    refs: list[str] = typer.Argument(
        None, metavar="[REF…]", help="Which; - reads references from stdin."
    ),
    where: str = listing.CHOICE,
    name: str = typer.Option("", "--name", help="Another name; the old handle still works."),
    kind: str = KIND,
    domain: str = DOMAIN,
    industry: str = INDUSTRY,
    emails: list[str] = EMAIL,
    phones: list[str] = PHONE,
    urls: list[str] = URL,
    addresses: list[str] = ADDRESS,
    tags: list[str] = TAG,
    note: str = typer.Option("", "--note", help="Replaces the note."),
    owner: str = OWNER,
    fields: list[str] = SET,
    drop: list[str] = typer.Option(
        [], "--drop", metavar="VALUE", help="An e-mail, phone, URL or +tag to remove."
    ),
    dry_run: bool = typer.Option(False, "--dry-run", help="Say what would change; change nothing."),
) -> None:
    """Change an org. What repeats is added; `--drop` removes; `--set key=` empties a field."""
    crm: Context = ctx.obj
    own, custom = common.parse_set(fields, (*FIELDS, "owner"))
    given = {
        "name": name,
        "kind": kind,
        "domain": domain,
        "industry": industry,
        "note": note,
        "owner": owner,
    }
    raw = {key: value for key, value in given.items() if value} | own
    if "name" in raw and not str(raw["name"]).strip():
        raise InvalidError(tr("an org needs a name"))
    lists = {"emails": emails, "phones": phones, "urls": urls, "addresses": addresses, "tags": tags}
    draft = draft_org({"name": "x", **raw, **lists}, crm.region)
    off = draft_org({"name": "x", **dropped(drop)}, crm.region, lenient=True)
    columns = {"name": ("name", "name_norm"), "owner": ()}
    change = Edit(
        values={col: draft.values[col] for key in raw for col in columns.get(key, (key,))},
        custom=custom_edit(custom, common.own_fields(crm, "org", wanted=bool(custom))),
        owner=crm.owner(draft.owner),
        channels=draft.channels,
        off_channels=off.channels,
        addresses=draft.addresses,
        tags=draft.tags,
        off_tags=off.tags,
    )
    keys = listing.chosen(crm, "org", refs, where, lambda ref: crm.resolve(ref, ("org",)))
    listing.confirm(crm, "org", keys, where, dry_run)
    common.change_records(
        crm, "org edit", keys, dry_run, lambda w, id: edit_party(w, "org", id, change)
    )


@app.command("rm", cls=CrmCommand, epilog="crm org rm acme\ncrm org rm o3 o4 --yes")
def rm(
    ctx: typer.Context,
    refs: list[str] = typer.Argument(
        None, metavar="[REF…]", help="Which, by id, handle, e-mail or full name; or -."
    ),
    where: str = listing.CHOICE,
    dry_run: bool = typer.Option(False, "--dry-run", help="Say what would go; remove nothing."),
) -> None:
    """Move orgs to the trash; `crm undo` or `crm trash restore` brings them back."""
    listing.remove(ctx.obj, "org", refs, where, dry_run)
