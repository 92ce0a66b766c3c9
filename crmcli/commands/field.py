"""`crm field`: own fields of contacts and orgs."""

from dataclasses import replace

import typer

from crmcli.cli import CrmCommand, ListCommand, noun_app
from crmcli.columns import Column
from crmcli.context import Context
from crmcli.errors import ConflictError, InvalidError, NotFoundError, UsageError
from crmcli.i18n import mark, tr, trn
from crmcli.rules.field import (
    CHOSEN,
    TYPES,
    Definition,
    Fields,
    check_choices,
    text_of,
    value_of,
)
from crmcli.rules.values import custom_key, line
from crmcli.service.choice import usage_word
from crmcli.service.record import Record, own_fields
from crmcli.store import field as store
from crmcli.store.field import Misfit, Moved
from crmcli.store.unit import Unit

SHOWN = 20  # values that do not fit, named before a refusal

app = noun_app(
    "Own fields of people, orgs and deals, with types. Bare `crm field` lists them.",
    "crm field add org.budget money\ncrm org edit acme --set budget='EUR 9k'",
)
OF = typer.Option("", "--of", metavar="NOUN", help="contact (the default), org or deal.")
TITLE = typer.Option("", "--title", help="How it is called on cards.")
DRY_RUN = typer.Option(False, "--dry-run", help="Say what would change; change nothing.")
SKIP_BAD = typer.Option(False, "--skip-bad", help="Leave values that do not fit as text.")
KEY = typer.Argument(..., metavar="KEY", help="Which, such as budget or org.budget.")


@app.command(
    "add",
    cls=CrmCommand,
    epilog="crm field add org.budget money --title 'Yearly budget'\n"
    "crm field add size choice --choice S --choice M --choice L --default M\n"
    "crm field add tax_no text --of org --unique",
)
def add(
    ctx: typer.Context,
    key: str = typer.Argument(..., metavar="[contact.|org.]KEY", help="Its short name."),
    type_: str = typer.Argument(..., metavar="TYPE", help=f"One of {', '.join(TYPES)}."),
    of: str = OF,
    title: str = TITLE,
    choices: list[str] = typer.Option([], "--choice", help="A choice; repeatable."),
    required: bool = typer.Option(False, "--required", help="Nobody is added without it."),
    unique: bool = typer.Option(False, "--unique", help="No two records have the same value."),
    default: str = typer.Option("", "--default", metavar="VALUE", help="For what is added."),
    skip_bad: bool = SKIP_BAD,
    dry_run: bool = DRY_RUN,
) -> None:
    """Define a field. Values that lie under its key already are brought to its type.

    If one does not fit, nothing is changed and they are listed (exit code 3).
    """
    crm: Context = ctx.obj
    noun, name = _split(key, of)
    own = Definition(
        noun or "contact",
        custom_key(name),
        line(title, "title") or name.strip(),
        usage_word("type", type_, TYPES) or "text",
        check_choices(choices),
        required,
        unique,
    )
    fields = own_fields(crm, own.noun)
    own = _checked(own, default, fields)

    def change(w: Unit) -> Moved:
        return _accepted(crm, own, store.add_field(w, own, fields), skip_bad)

    moved = crm.write("field add", change, dry_run=dry_run).value
    _say(crm, tr("Would define") if dry_run else tr("Defined"), own, moved)
    if not dry_run:
        _give(crm, own)


@app.command("list", cls=ListCommand, epilog="crm field list\ncrm field list --of org --json")
def list_(ctx: typer.Context, of: str = OF) -> None:
    """List own fields: type, rules, how many records hold a value, how many do not fit."""
    crm: Context = ctx.obj
    found = crm.out.records(
        store.COLUMNS, (store.record(crm.store.reader, own) for own in _all(crm, _noun(of)))
    )
    if not found and crm.out.format == "table":
        crm.out.say(tr("No own fields. `crm field add --help` shows how to define one."))


@app.command("check", cls=ListCommand, epilog="crm field check\ncrm field check budget --json")
def check(
    ctx: typer.Context,
    key: str = typer.Argument("", metavar="KEY", help="Only this one."),
) -> None:
    """List the values that do not fit their field: of another type, missing, not unique."""
    crm: Context = ctx.obj
    chosen = [_find(crm, key)] if key else _all(crm)
    columns = (
        Column("id", "Id", "id"),
        Column("name", "Name"),
        Column("field", "Field"),
        Column("value", "Value"),
        Column("reason", "Why"),
    )
    found = crm.out.records(
        columns,
        (
            _misfit(one)
            for own in chosen
            for one in store.misfits(crm.store.reader, own, own_fields(crm, own.noun))
        ),
    )
    if not found and crm.out.format == "table":
        crm.out.say(tr("All values fit."))


@app.command(
    "edit",
    cls=CrmCommand,
    epilog="crm field edit org.budget --title 'Budget a year' --required\n"
    "crm field edit size --add-choice XL --default L\n"
    "crm field edit size --key shirt_size",
)
def edit(
    ctx: typer.Context,
    key: str = KEY,
    new_key: str = typer.Option("", "--key", metavar="NEW", help="Another key; values move."),
    type_: str = typer.Option("", "--type", help=f"One of {', '.join(TYPES)}."),
    title: str = TITLE,
    add_choice: list[str] = typer.Option([], "--add-choice", help="A choice; repeatable."),
    drop_choice: list[str] = typer.Option([], "--drop-choice", help="Remove one; repeatable."),
    required: bool = typer.Option(False, "--required", help="Nobody is added without it."),
    optional: bool = typer.Option(False, "--optional", help="It may be empty again."),
    unique: bool = typer.Option(False, "--unique", help="No two records have the same value."),
    not_unique: bool = typer.Option(False, "--not-unique", help="Values may repeat again."),
    default: str = typer.Option(None, "--default", metavar="VALUE", help="'' removes it."),
    skip_bad: bool = SKIP_BAD,
    dry_run: bool = DRY_RUN,
) -> None:
    """Change a field. Its values are brought to another type, or move to another key."""
    crm: Context = ctx.obj
    old = _find(crm, key)
    if (required and optional) or (unique and not_unique):
        raise UsageError(tr("these options exclude one another"))
    fields = own_fields(crm, old.noun)
    new = replace(
        old,
        key=custom_key(new_key) if new_key else old.key,
        type=usage_word("type", type_, TYPES) or old.type,
        title=line(title, "title") or old.title,
        required=(old.required or required) and not optional,
        unique=(old.unique or unique) and not not_unique,
        choices=_choices(old, add_choice, drop_choice),
    )
    kept = "" if old.default is None else text_of(old.default)
    new = _checked(new, kept if default is None else default, fields)

    def change(w: Unit) -> Moved:
        return _accepted(crm, new, store.edit_field(w, old, new, fields), skip_bad)

    moved = crm.write("field edit", change, dry_run=dry_run).value
    verb = tr("Would change") if dry_run else tr("Changed")
    _say(crm, tr("Unchanged") if new == old and not moved.values else verb, new, moved)
    if not dry_run:
        _give(crm, new)


@app.command("rm", cls=CrmCommand, epilog="crm field rm size --dry-run\ncrm field rm org.budget")
def rm(
    ctx: typer.Context,
    key: str = KEY,
    drop_values: bool = typer.Option(False, "--drop-values", help="Remove its values too."),
    dry_run: bool = DRY_RUN,
) -> None:
    """Remove a field. Its values stay as texts, unless --drop-values removes them too."""
    crm: Context = ctx.obj
    own = _find(crm, key)
    before = store.record(crm.store.reader, own)
    count = crm.write(
        "field rm",
        lambda w: store.remove_field(w, own, drop_values=drop_values),
        dry_run=dry_run,
    ).value
    parts = [
        tr(mark("Would remove {name}") if dry_run else mark("Removed {name}"), name=before["id"])
    ]
    if count and drop_values:
        parts.append(trn("{count} value removed too", "{count} values removed too", count))
    elif count:
        parts.append(trn("{count} value kept as text", "{count} values kept as text", count))
    parts.append(tr("`crm undo` brings it back"))
    crm.out.say("; ".join(parts))
    if dry_run:
        return
    if crm.out.is_json:
        crm.out.record(before)
    elif not crm.out.is_terminal:
        crm.out.lines([before["id"]])


def _split(key: str, of: str) -> tuple[str, str]:
    """Split `org.budget` into noun and key; the noun is "" when nothing names it."""
    head, dot, name = key.partition(".")
    noun = _noun(head) if dot else ""
    if noun and of and noun != _noun(of):
        raise UsageError(tr("{key} is not --of {of}", key=key, of=of))
    return noun or _noun(of), name if dot else key


def _noun(word: str) -> str:
    """Give the noun a word means; "" for none."""
    return usage_word("noun", word.removesuffix("s"), store.NOUNS) or ""


def _all(crm: Context, noun: str = "") -> list[Definition]:
    nouns = [noun] if noun else store.NOUNS
    return [own for one in nouns for own in store.definitions(crm.store.reader, one)]


def _find(crm: Context, key: str) -> Definition:
    """Give the field a key means.

    Raises:
        NotFoundError: there is none.
        ConflictError: contacts and orgs both have it.
    """
    from difflib import get_close_matches

    noun, name = _split(key, "")
    known = _all(crm, noun)
    found = [own for own in known if own.key == custom_key(name)]
    if not found:
        near = get_close_matches(custom_key(name), [own.key for own in known], 1)
        hint = tr("did you mean {name}?", name=near[0]) if near else tr("`crm field` lists them")
        raise NotFoundError(tr("there is no field {key!r}", key=key), hint)
    if len(found) > 1:
        both = tr(" and ").join(f"{own.noun}.{own.key}" for own in found)
        raise ConflictError(
            tr("{key!r} is ambiguous: {both}", key=key, both=both), tr("write it with its noun")
        )
    return found[0]


def _checked(own: Definition, default: str, fields: Fields) -> Definition:
    """Give the definition with its default in stored form; refuse what makes no sense."""
    if own.type not in CHOSEN:
        own = replace(own, choices=())
    elif not own.choices:
        raise UsageError(tr("a {type} needs choices", type=own.type), "--choice A --choice B")
    if own.unique and own.type in (*CHOSEN, "bool"):
        raise UsageError(tr("a {type} cannot be unique", type=own.type))
    if own.unique and default:
        raise UsageError(tr("a unique field has no default"))
    try:
        return replace(own, default=value_of(own, default, fields))
    except InvalidError as error:
        raise UsageError(tr("--default: {message}", message=error.message), error.hint) from None


def _choices(old: Definition, added: list[str], dropped: list[str]) -> tuple[str, ...]:
    """Give the choices after an edit, in their order."""
    from crmcli.text import fold

    gone = {fold(choice) for choice in dropped}
    if unknown := gone - {fold(choice) for choice in old.choices}:
        raise UsageError(tr("{choice!r} is no choice of {key}", choice=unknown.pop(), key=old.key))
    return check_choices([*(one for one in old.choices if fold(one) not in gone), *added])


def _accepted(crm: Context, own: Definition, moved: Moved, skip_bad: bool) -> Moved:
    """Refuse values that do not fit, and list them; with `skip_bad` they stay as text."""
    if not moved.unfit or skip_bad:
        return moved
    for one in moved.unfit[:SHOWN]:
        crm.out.say(f"{one.noun[0]}{one.id} {one.name}: {one.value!r}: {one.reason}")
    if len(moved.unfit) > SHOWN:
        crm.out.say(trn("… and {count} more", "… and {count} more", len(moved.unfit) - SHOWN))
    raise InvalidError(
        trn(
            "{count} value of {key} does not fit {type}; nothing was changed",
            "{count} values of {key} do not fit {type}; nothing was changed",
            len(moved.unfit),
            key=own.key,
            type=own.type,
        ),
        tr("mend them, or leave them as text with --skip-bad"),
    )


def _say(crm: Context, verb: str, own: Definition, moved: Moved) -> None:
    """Say what a change of a definition did, and to how many values."""
    rules = [
        word
        for word, holds in ((tr("required"), own.required), (tr("unique"), own.unique))
        if holds
    ]
    crm.out.say(f"{verb} {own.noun}.{own.key}: {', '.join([own.type, *rules])}")
    if moved.values:
        crm.out.say(
            trn(
                "{count} value read as {type}",
                "{count} values read as {type}",
                moved.values,
                type=own.type,
            )
        )
    if moved.unfit:
        crm.out.say(
            trn(
                "{count} value left as text; `crm field check` lists them",
                "{count} values left as text; `crm field check` lists them",
                len(moved.unfit),
            )
        )


def _give(crm: Context, own: Definition) -> None:
    """Give a field to the pipe: its name, or with --json the record."""
    stored = store.definition(crm.store.reader, own.noun, own.key) or own
    if crm.out.is_json:
        crm.out.record(store.record(crm.store.reader, stored))
    elif not crm.out.is_terminal:
        crm.out.lines([f"{own.noun}.{own.key}"])


def _misfit(one: Misfit) -> Record:
    return {
        "id": f"{one.noun[0]}{one.id}",
        "name": one.name,
        "field": f"{one.noun}.{one.key}",
        "value": one.value,
        "reason": one.reason,
    }
