"""`crm org`: organizations."""

from itertools import chain

import typer

from crmcli.cli import CrmCommand, ListCommand, noun_app
from crmcli.commands import common, listing, merge
from crmcli.commands.contact import ADDRESS, EMAIL, OWNER, PHONE, SET, TAG, URL
from crmcli.context import Context
from crmcli.i18n import tr
from crmcli.rules.org import FIELDS, KINDS
from crmcli.service import filter as filters
from crmcli.service import org as service
from crmcli.service.party import parse_set

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
    force: bool = typer.Option(False, "--force", help="Add even if it is probably there."),
) -> None:
    """Add an org. One that is probably there already is refused with exit code 4.

    Names count without their legal form, also one inside the other: Acme and Acme d.o.o., 华为 and
    华为技术有限公司; so do the domain and an e-mail. The same phone alone is said.
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
    added = common.unless_known(
        crm, lambda insist: service.add(crm, raws, force=insist), force=force
    )
    for warning in chain.from_iterable(added.warnings):
        crm.out.say(f"crm: {warning}")
    common.announce_all(crm, [(tr("Added"), ("org", id), "") for id in added.value])


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
    added = (filters.tag_term(tag), filters.term("owner", owner))
    tree = filters.read(terms, where, *added)
    listing.show(crm, "org", tree, sort=sort, limit=limit, count=count)


@app.command("show", cls=ListCommand, epilog="crm org show acme\ncrm org show o3 --json")
def show(
    ctx: typer.Context,
    ref: str = typer.Argument(..., metavar="REF", help="Id, handle, e-mail, name …"),
) -> None:
    """Show an org: people, channels, last touch, open follow-ups, timeline."""
    from crmcli.commands.show import show_ref

    show_ref(ctx.obj, ref, ("org",))


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
    force: bool = typer.Option(False, "--force", help="Even if it makes it a known one."),
    dry_run: bool = typer.Option(False, "--dry-run", help="Say what would change; change nothing."),
) -> None:
    """Change an org. What repeats is added; `--drop` removes; `--set key=` empties a field."""
    crm: Context = ctx.obj
    own, custom = parse_set(fields, (*FIELDS, "owner"))
    given = {
        "name": name,
        "kind": kind,
        "domain": domain,
        "industry": industry,
        "note": note,
        "owner": owner,
    }
    raw = {key: value for key, value in given.items() if value} | own
    lists = {"emails": emails, "phones": phones, "urls": urls, "addresses": addresses, "tags": tags}
    change = service.edit(crm, raw, lists, custom, drop)
    keys = listing.chosen(crm, "org", refs, where, lambda ref: crm.resolve(ref, ("org",)))
    listing.confirm(crm, "org", keys, where, dry_run)
    ids = [id for _, id in keys]
    moved = common.unless_known(
        crm,
        lambda insist: service.save(crm, ids, change, force=insist, dry_run=dry_run),
        force=force,
    )
    common.say_moved(crm, keys, moved, dry_run)


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


app.command(
    "merge",
    cls=CrmCommand,
    epilog="crm org merge acme acme-d-o-o\ncrm org merge o4 o5 --keep domain=B --dry-run",
)(merge.of_org)
