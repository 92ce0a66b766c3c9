"""`crm tag`: tags of people, orgs, deals and interactions."""

import typer

from crmcli.cli import CrmCommand, ListCommand, TextCommand, noun_app
from crmcli.commands import common, listing
from crmcli.context import Context
from crmcli.errors import InvalidError, UsageError
from crmcli.i18n import mark, tr, trn
from crmcli.rules.values import tags
from crmcli.service import bulk
from crmcli.service.choice import usage_word
from crmcli.service.party import signed_tags
from crmcli.store import tag as store
from crmcli.store.rows import ALL
from crmcli.store.tag import Key

app = noun_app(
    "Tags of people, orgs, deals and interactions. Bare `crm tag` lists them.",
    "crm tag add vip ana-novak bo-li\ncrm contact list -t vip -f ids | crm tag add vip-2027 -",
)
TAG = typer.Argument(..., metavar="TAG", help="The tag, with or without +.")
REFS = typer.Argument(None, metavar="[REF…]", help="People, orgs or interactions; - reads stdin.")
OF = typer.Option("contact", "--of", metavar="NOUN", help="What --where selects: contact, org, …")
DRY_RUN = typer.Option(False, "--dry-run", help="Say what would change; change nothing.")


@app.command("list", cls=ListCommand, epilog="crm tag list\ncrm tag list --json")
def list_(
    ctx: typer.Context,
    limit: int = typer.Option(
        None, "--limit", metavar="N", show_default=False, help="At most so many; 0 for all."
    ),
) -> None:
    """List tags with how many people, orgs, deals and interactions wear them, and their cadence."""
    crm: Context = ctx.obj
    most = ALL if limit is None else common.check_limit(limit) or ALL
    found = crm.out.records(store.COLUMNS, store.list_tags(crm.store.reader, most))
    if not found and crm.out.format == "table":
        crm.out.say(tr("No tags yet. crm tag add TAG REF puts one on."))


@app.command(
    "add",
    cls=CrmCommand,
    epilog="crm tag add vip ana-novak acme\n"
    "crm contact list -t fair -f ids | crm tag add fair-2027 -\n"
    "crm tag add fair-2027 --where '+fair not +vip' --dry-run",
)
def add(
    ctx: typer.Context,
    name: str = TAG,
    refs: list[str] = REFS,
    where: str = listing.CHOICE,
    of: str = OF,
    dry_run: bool = DRY_RUN,
) -> None:
    """Put a tag on people, orgs, deals and interactions; a new tag is made."""
    crm: Context = ctx.obj
    name, keys = _name(name), _keys(crm, refs, where, of, dry_run)
    added = crm.write("tag add", lambda w: store.put_on(w, name, keys), dry_run=dry_run).value
    others = len(keys) - len(added)
    told = mark("Would put +{name} on {records}") if dry_run else mark("Put +{name} on {records}")
    had = trn("{count} had it already", "{count} had it already", others) if others else ""
    _say(crm, tr(told, name=name, records=_records(len(added))), had)
    _give(crm, name, added, others, dry_run)


@app.command("rm", cls=CrmCommand, epilog="crm tag rm vip ana-novak\ncrm tag rm vip c12 c15")
def rm(
    ctx: typer.Context,
    name: str = TAG,
    refs: list[str] = REFS,
    where: str = listing.CHOICE,
    of: str = OF,
    dry_run: bool = DRY_RUN,
) -> None:
    """Take a tag off people, orgs, deals and interactions; the tag itself stays."""
    crm: Context = ctx.obj
    tag = store.get_tag(crm.store.reader, name)
    keys = _keys(crm, refs, where, of, dry_run)
    removed = crm.write("tag rm", lambda w: store.take_off(w, tag.id, keys), dry_run=dry_run).value
    others = len(keys) - len(removed)
    told = (
        mark("Would take +{name} off {records}") if dry_run else mark("Took +{name} off {records}")
    )
    had = trn("{count} did not have it", "{count} did not have it", others) if others else ""
    _say(crm, tr(told, name=tag.name, records=_records(len(removed))), had)
    _give(crm, tag.name, removed, others, dry_run)


@app.command(
    "rename", cls=CrmCommand, epilog="crm tag rename vip key-account\ncrm tag rename fair Fair"
)
def rename(
    ctx: typer.Context,
    old: str = TAG,
    new: str = typer.Argument(..., metavar="NEW", help="Its new name."),
) -> None:
    """Give a tag another name, on all that wear it."""
    crm: Context = ctx.obj
    tag, name = store.get_tag(crm.store.reader, old), _name(new)
    moved = crm.write("tag rename", lambda w: store.rename_tag(w, tag, name)).value
    crm.out.say(
        tr("Renamed +{name} to +{new}", name=tag.name, new=name)
        if moved
        else tr("Unchanged +{name}", name=name)
    )
    _give_tag(crm, name)


@app.command(
    "merge", cls=CrmCommand, epilog="crm tag merge fair vip\ncrm tag merge fair vip --json"
)
def merge(
    ctx: typer.Context,
    name: str = TAG,
    into: str = typer.Argument(..., metavar="INTO", help="The tag that stays."),
    dry_run: bool = DRY_RUN,
) -> None:
    """Join two tags: whoever wears TAG wears INTO, and TAG goes.

    The cadence of INTO stays; when it has none, that of TAG goes over to it.
    """
    crm: Context = ctx.obj
    tag, kept = (store.get_tag(crm.store.reader, one) for one in (name, into))
    if tag.id == kept.id:
        raise UsageError(tr("+{name} is one tag already", name=tag.name))
    count = crm.write("tag merge", lambda w: store.merge_tags(w, tag, kept), dry_run=dry_run).value
    told = mark("Merged +{name} ({records}) into +{kept}")
    if dry_run:
        told = mark("Would merge +{name} ({records}) into +{kept}")
    crm.out.say(tr(told, name=tag.name, records=_records(count), kept=kept.name))
    if not dry_run:
        _give_tag(crm, kept.name)


@app.command("drop", cls=CrmCommand, epilog="crm tag drop fair --yes\ncrm tag drop vip --dry-run")
def drop(ctx: typer.Context, name: str = TAG, dry_run: bool = DRY_RUN) -> None:
    """Remove a tag from all that wear it, and itself; more than one asks first."""
    crm: Context = ctx.obj
    tag = store.get_tag(crm.store.reader, name)
    wearers = store.count_wearers(crm.store.reader, tag)
    if wearers > 1 and not dry_run:
        crm.confirm(tr("Take +{name} off {records}?", name=tag.name, records=_records(wearers)))
    count = crm.write("tag drop", lambda w: store.drop_tag(w, tag), dry_run=dry_run).value
    told = mark("Dropped +{name}, off {records}; `crm undo` brings it back")
    if dry_run:
        told = mark("Would drop +{name}, off {records}; `crm undo` brings it back")
    crm.out.say(tr(told, name=tag.name, records=_records(count)))
    if dry_run:
        return
    if crm.out.is_json:
        crm.out.record({"tag": tag.name, "records": count})
    elif not crm.out.is_terminal:
        crm.out.lines([tag.name])


class SignedCommand(TextCommand):
    """A command whose words may begin with a minus: `-old` takes a tag off."""

    def is_text(self, arg: str) -> bool:
        """Tell whether an argument is a word and no option."""
        return arg[:1] == "-" and arg[:2] != "--" and arg not in ("-", "-h", "-y")


def of_contact(
    ctx: typer.Context,
    ref: str = typer.Argument(..., metavar="REF", help="Whom; - reads references from stdin."),
    words: list[str] = typer.Argument(..., metavar="±TAG…", help="+vip puts on, -old takes off."),
    dry_run: bool = DRY_RUN,
) -> None:
    """Put tags on a person and take others off."""
    crm: Context = ctx.obj
    on, off = signed_tags(words)
    keys = [crm.resolve(text, ("contact",)) for text in crm.references([ref])]
    keys = list(dict.fromkeys(keys))
    moved = bulk.tag(crm, "contact", [id for _, id in keys], on, off, dry_run=dry_run)
    common.say_moved(crm, keys, moved, dry_run)


def _name(word: str) -> str:
    """Give a tag's name in stored form.

    Raises:
        InvalidError: there is nothing left of it.
    """
    found = tags([word])
    if not found:
        raise InvalidError(tr("not a tag: {word!r}", word=word), tr("a word, such as vip"))
    return found[0]


def _keys(crm: Context, refs: list[str], where: str, of: str, dry_run: bool) -> list[Key]:
    """Give the records that references mean or a filter selects, each once."""
    noun = usage_word("noun", of.removesuffix("s"), store.NOUNS) or "contact"
    keys = listing.chosen(crm, noun, refs, where, lambda ref: crm.resolve(ref, store.NOUNS))
    listing.confirm(crm, noun, keys, where, dry_run)
    return keys


def _give(crm: Context, name: str, moved: list[Key], others: int, dry_run: bool) -> None:
    """Give the records that changed to the pipe; thousands of them are not read for that."""
    if dry_run:
        return
    from crmcli.store.search import reference

    ids = list(map(reference, moved))
    if crm.out.is_json:
        crm.out.record({"tag": name, "changed": len(moved), "unchanged": others, "ids": ids})
    elif not crm.out.is_terminal:
        crm.out.lines(ids)


def _give_tag(crm: Context, name: str) -> None:
    """Give a tag to the pipe: its name, or with --json the record."""
    if crm.out.is_json:
        rows = store.list_tags(crm.store.reader, ALL)
        crm.out.record(next(row for row in rows if row["name"] == name))
    elif not crm.out.is_terminal:
        crm.out.lines([name])


def _say(crm: Context, told: str, more: str) -> None:
    """Say what was done, and what needed nothing."""
    crm.out.say(f"{told}; {more}" if more else told)


def _records(count: int) -> str:
    return trn("{count} record", "{count} records", count)
