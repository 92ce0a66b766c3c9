"""What several commands share: input records, `--set`, announcing a write, follow-up phrases."""

import json
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from crmcli.context import Context
from crmcli.errors import InvalidError, NotFoundError, UsageError
from crmcli.i18n import mark, tr, trn

if TYPE_CHECKING:
    from crmcli.columns import Column
    from crmcli.rules.field import Fields
    from crmcli.store.search import Key
    from crmcli.store.unit import Unit

Record = dict[str, Any]
FIRST_PAGE = 100
HANDFUL = 10  # changes of one command that are told one by one
# What a field may be called besides its own name.
SHORT_NAMES = {
    "stage": "lifecycle_stage",
    "cadence": "cadence_days",
    "cadence_max": "cadence_max_days",
    "paused_until": "paused_until_on",
}


def read_input(crm: Context, path: str) -> list[Record]:
    """Give the records of `--input FILE|-`: a JSON object, an array of them, or JSONL.

    Raises:
        UsageError: the file cannot be read.
        InvalidError: not JSON, or not objects; the line is named.
    """
    if path == "-":
        text = crm.stdin()
    else:
        try:
            with open(path, encoding="utf-8-sig") as file:
                text = file.read()
        except (OSError, UnicodeDecodeError) as error:
            reason = error.strerror if isinstance(error, OSError) else tr("it is not UTF-8")
            raise UsageError(tr("cannot read {path}: {reason}", path=path, reason=reason)) from None
    records = _parse_records(text, path)
    if not all(isinstance(record, dict) for record in records):
        raise InvalidError(tr("{path}: expected JSON objects", path=path))
    return records


def _parse_records(text: str, path: str) -> list[Any]:
    """Read JSON, or JSONL when the first line is a value by itself."""
    try:
        whole = json.loads(text)
        return whole if isinstance(whole, list) else [whole]
    except (ValueError, RecursionError) as error:
        failure = error
    records = []
    for number, line in enumerate(text.splitlines(), 1):
        try:
            records += [json.loads(line)] if line.strip() else []
        except (ValueError, RecursionError) as error:
            if not records:
                raise _not_json(path, failure, getattr(failure, "lineno", 1)) from None
            raise _not_json(path, error, number) from None
    return records


def _not_json(path: str, error: Exception, line: int) -> InvalidError:
    reason = getattr(error, "msg", tr("too deep"))
    return InvalidError(
        tr(
            "{path}:{line}:{column}: not JSON: {reason}",
            path=path,
            line=line,
            column=getattr(error, "colno", 1),
            reason=reason,
        )
    )


def parse_set(items: Sequence[str], fields: Sequence[str]) -> tuple[Record, dict[str, str]]:
    """Split `--set key=value` into the record's own fields and custom ones.

    Raises:
        UsageError: no `=`.
    """
    from crmcli.rules.values import custom_key

    own: Record = {}
    custom: dict[str, str] = {}
    for item in items:
        key, equals, value = item.partition("=")
        if not equals:
            raise UsageError(
                tr("--set needs key=value, not {item!r}", item=item), tr("such as --set tea=green")
            )
        name = custom_key(key)
        name = SHORT_NAMES.get(name, name)
        if name in fields:
            own[name] = value
        else:
            custom[name] = value
    return own, custom


def own_fields(crm: Context, noun: str, *, wanted: bool = True) -> "Fields":
    """Give the own fields of a noun, and how their values are read here.

    Where no value is given (`wanted`) the database is not opened for them.
    """
    from crmcli.rules.field import Fields
    from crmcli.store.field import definitions

    has_fields = wanted and noun in ("contact", "org")
    found = definitions(crm.store.reader, noun) if has_fields else []
    return Fields(found, crm.clock.local_now(), crm.currency, crm.dates)


def own_columns(crm: Context, noun: str) -> "list[Column]":
    """Give the columns of the own fields of a noun, to be asked for with --fields."""
    from crmcli.store.field import columns, definitions

    return columns(definitions(crm.store.reader, noun)) if noun in ("contact", "org") else []


Said = tuple[str, "Key", str]  # what was done, to which record, and what to add


def announce(crm: Context, verb: str, key: "Key", note: str = "") -> None:
    """Say what a write did, and give its record to the pipe; see `announce_all`."""
    announce_all(crm, [(verb, key, note)])


def announce_all(crm: Context, changes: Sequence[Said]) -> None:
    """Say what a write did to each record, and give the records to the pipe.

    Their references, one a line; with --json the record, or the list of them.
    """
    from crmcli.store.search import reference

    shown = changes if crm.out.is_json else changes[:HANDFUL]
    records = [record_of(crm, key) for _, key, _ in shown]
    for (verb, key, note), record in zip(shown, records, strict=True):
        label = record.get("handle") or record.get("title") or ""
        crm.out.say(f"{verb} {reference(key)} {label}".rstrip() + note)
    say_rest(crm, changes[len(shown) :])
    if crm.out.is_json:
        crm.out.one_or_all(records)
    elif not crm.out.is_terminal:
        crm.out.lines(reference(key) for _, key, _ in changes)


def say_rest(crm: Context, changes: Sequence[Said]) -> None:
    """Say how many more there were of each kind of change."""
    verbs = [verb for verb, _, _ in changes]
    for verb in dict.fromkeys(verbs):
        crm.out.say(trn("{verb} {count} more", "{verb} {count} more", verbs.count(verb), verb=verb))


def org_note(crm: Context, name: str | None) -> str:
    """Say that an org will be made as a stub, with the name nearest to it; "" for a known one.

    To be asked before the write; `say_org` says it afterwards.
    """
    from crmcli.store.org import find_org, near_names

    if not name or find_org(crm.store.reader, name) is not None:
        return ""
    near = near_names(crm.store.reader, name)
    return tr(" (new; nearest: {name})", name=near[0]) if near else tr(" (new)")


def say_org(crm: Context, name: str | None, note: str) -> None:
    """Say which org a person is at, and whether it was made on the way."""
    from crmcli.store.org import find_org

    if name:
        crm.out.say(
            tr(
                "At {ref} {name}{note}",
                ref=f"o{find_org(crm.store.reader, name)}",
                name=name,
                note=note,
            )
        )


def name_of(crm: Context, key: "Key") -> str:
    """Give how a record is named in messages."""
    record = record_of(crm, key)
    return str(record.get("name") or record.get("title") or record.get("kind"))


def record_of(crm: Context, key: "Key") -> Record:
    """Give a record of any noun under its names in JSON.

    Raises:
        NotFoundError: it is not there (any more).
    """
    from crmcli.store import contact, interaction, org, task

    getters: Mapping[str, Any] = {
        "contact": contact.get_contacts,
        "org": org.get_orgs,
        "task": task.get_tasks,
        "interaction": interaction.get_interactions,
    }
    noun, id = key
    found = getters[noun](crm.store.reader, [id])
    if not found:
        raise NotFoundError(tr("there is no {noun} {ref}", noun=tr(noun), ref=id))
    record: Record = found[0].json()
    return record


def first_words(text: str, limit: int = 40) -> str:
    """Give the beginning of a text, cut at a word."""
    line = " ".join(text.split())
    return line if len(line) <= limit else line[:limit].rsplit(" ", 1)[0] + " …"


def page_limit(crm: Context, limit: int | None) -> int:
    """Give how many rows to list: as asked, else a page on a terminal and all in a pipe.

    Raises:
        UsageError: a negative limit.
    """
    from crmcli.store.rows import ALL

    if limit is not None:
        return check_limit(limit) or ALL
    return FIRST_PAGE if crm.out.format == "table" else ALL


def check_limit(limit: int) -> int:
    """Give a limit back; raise UsageError when it is negative."""
    if limit < 0:
        raise UsageError(tr("--limit cannot be {limit}", limit=limit), tr("0 lists all"))
    return limit


def say_page(
    crm: Context, found: int, most: int, limit: int | None, noun: str, *, filtered: bool = False
) -> None:
    """Say on a terminal that there is more, or that there is nothing, yet or with this filter."""
    if crm.out.format != "table":
        return
    if found == most and limit is None:
        crm.out.say(tr("The first {most}; --limit 0 lists all.", most=most))
    if not found and filtered:
        crm.out.say(tr("Nothing matches the filter."))
    elif not found:
        crm.out.say(
            tr(
                "No {name} here. `crm {noun} add --help` shows how to add one.",
                name=tr(noun),
                noun=noun,
            )
        )


def change_records(
    crm: Context,
    command: str,
    keys: "Sequence[Key]",
    dry_run: bool,
    change: "Callable[[Unit, int], bool]",
    verb: str = mark("Changed"),
) -> None:
    """Apply one change to several records as one group, and say what it did to each."""
    from crmcli.store.search import reference

    keys = list(dict.fromkeys(keys))
    done = crm.write(command, lambda w: [change(w, id) for _, id in keys], dry_run=dry_run)
    change_verb = tr("Would change") if dry_run else tr(verb)
    said = [
        (change_verb if moved else tr("Unchanged"), key, "")
        for key, moved in zip(keys, done.value, strict=True)
    ]
    if not dry_run:
        announce_all(crm, said)
        return
    for verb, key, _ in said[:HANDFUL]:
        crm.out.say(f"{verb} {reference(key)}")
    say_rest(crm, said[HANDFUL:])
    if len(keys) > 1:
        crm.out.say(tr("{count} of {all} would change", count=sum(done.value), all=len(keys)))


def remove(crm: Context, noun: str, keys: "Sequence[Key]", dry_run: bool) -> None:
    """Move records to the trash; more than one asks first."""
    from crmcli.store.party import set_archived
    from crmcli.store.search import reference

    if len(keys) > 1 and not dry_run:
        crm.confirm(
            trn(
                "Move {count} record to the trash?", "Move {count} records to the trash?", len(keys)
            )
        )
    records = {key: record_of(crm, key) for key in keys}
    crm.write(
        f"{noun} rm",
        lambda w: [set_archived(w, noun, id, archived=True) for _, id in keys],
        dry_run=dry_run,
    )
    for key, record in records.items():
        name = f"{reference(key)} {record.get('handle') or record.get('title') or ''}".strip()
        told = mark("Moved {name} to the trash; `crm undo` brings it back")
        if dry_run:
            told = mark("Would move {name} to the trash; `crm undo` brings it back")
        crm.out.say(tr(told, name=name))
    if dry_run:
        return
    if crm.out.is_json:
        crm.out.one_or_all(list(records.values()))
    elif not crm.out.is_terminal:
        crm.out.lines(map(reference, keys))


def day_count(what: str, text: str) -> int:
    """Give the number of days that an option means: `90`, `90d`, `6w`.

    Raises:
        UsageError: not such a number.
    """
    from crmcli.rules.values import days

    try:
        found = days(what, text)
    except InvalidError as error:
        raise UsageError(error.message, error.hint) from None
    if found is None:
        raise UsageError(
            tr("{what} needs a number of days", what=what), tr("such as 30d, 6w or 3m")
        )
    return found


def usage_word(what: str, value: str, words: Sequence[str]) -> str | None:
    """Give the allowed word that an option's value means; None when it is empty.

    Raises:
        UsageError: not one of `words`.
    """
    from crmcli.rules.values import choice

    try:
        return choice(what, value, words)
    except InvalidError as error:
        raise UsageError(error.message, error.hint) from None
