"""What several commands share: input records, `--set`, announcing a write, follow-up phrases."""

import json
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any

from crmcli.context import Context
from crmcli.errors import InvalidError, NotFoundError, UsageError

if TYPE_CHECKING:
    from crmcli.dates import When
    from crmcli.store.search import Key
    from crmcli.store.unit import Unit

Record = dict[str, Any]
FIRST_PAGE = 100


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
            raise UsageError(f"cannot read {path}: {error}") from None
    records = _parse_records(text, path)
    if not all(isinstance(record, dict) for record in records):
        raise InvalidError(f"{path}: expected JSON objects")
    return records


def _parse_records(text: str, path: str) -> list[Any]:
    try:
        whole = json.loads(text)
        return whole if isinstance(whole, list) else [whole]
    except (ValueError, RecursionError):
        pass
    records = []
    for number, line in enumerate(text.splitlines(), 1):
        try:
            records += [json.loads(line)] if line.strip() else []
        except (ValueError, RecursionError) as error:
            reason = getattr(error, "msg", "too deep")
            column = getattr(error, "colno", 1)
            raise InvalidError(f"{path}:{number}:{column}: not JSON: {reason}") from None
    return records


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
            raise UsageError(f"--set needs key=value, not {item!r}", "such as --set tea=green")
        name = custom_key(key)
        name = "lifecycle_stage" if name == "stage" else name
        if name in fields:
            own[name] = value
        else:
            custom[name] = value
    return own, custom


def announce(crm: Context, verb: str, key: "Key", note: str = "") -> None:
    """Say what a write did, and give its record to the pipe: the reference, or the JSON."""
    from crmcli.store.search import reference

    record = record_of(crm, key)
    label = record.get("handle") or record.get("title") or ""
    crm.out.say(f"{verb} {reference(key)} {label}".rstrip() + note)
    if crm.out.is_json:
        crm.out.record(record)
    elif not crm.out.is_terminal:
        crm.out.lines([reference(key)])


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
        raise NotFoundError(f"there is no {noun} {id}")
    record: Record = found[0].json()
    return record


def parse_due(crm: Context, text: str) -> "When":
    """Read a due date; the direction is forward."""
    from crmcli import dates

    return dates.parse(text, crm.clock.local_now(), forward=True, **crm.dates)


def split_due(crm: Context, phrase: str) -> "tuple[When, str]":
    """Split `tue send offer` into date and title.

    Raises:
        UsageError: it does not begin with a date.
    """
    from crmcli import dates

    when, rest = dates.split_leading(phrase, crm.clock.local_now(), forward=True, **crm.dates)
    if when is None:
        first = phrase.split()[0] if phrase.split() else ""
        when = dates.parse(first, crm.clock.local_now(), forward=True, **crm.dates)
    return when, rest


def due_values(crm: Context, when: "When") -> Record:
    """Give a due date as columns: due_on, due_time, tz."""
    if when.at is None:
        return {"due_on": str(when.on), "due_time": None, "tz": None}
    return {
        "due_on": str(when.on),
        "due_time": when.at.strftime("%H:%M"),
        "tz": crm.clock.zone_name(),
    }


def due_echo(crm: Context, when: "When") -> str:
    """Say a due date as it was understood; one in the past is warned about."""
    from crmcli.dates import describe

    today = crm.clock.today()
    past = "; that is in the past" if when.on < today else ""
    return f"due {describe(when, today)}{past}"


def past_instant(crm: Context, text: str) -> datetime:
    """Read when something happened; the direction is back, the clock time of now fills in.

    Raises:
        InvalidError: it lies in the future.
    """
    from crmcli import dates

    now = crm.clock.local_now().replace(tzinfo=None)
    moment = crm.clock.instant(dates.moment(text, now, **crm.dates))
    if moment > crm.clock.now():
        raise InvalidError(f"{text!r} is in the future", "`crm remind` plans what is to come")
    return moment


def first_words(text: str, limit: int = 40) -> str:
    """Give the beginning of a text, cut at a word."""
    line = " ".join(text.split())
    return line if len(line) <= limit else line[:limit].rsplit(" ", 1)[0] + " …"


def page_limit(crm: Context, limit: int) -> int:
    """Give how many rows to list: as asked, else a page on a terminal and all in a pipe."""
    if limit > 0:
        return limit
    from crmcli.store.rows import ALL

    return FIRST_PAGE if limit < 0 and crm.out.format == "table" else ALL


def say_page(crm: Context, found: int, most: int, limit: int, noun: str) -> None:
    """Say on a terminal that there is more, or that there is nothing yet."""
    if crm.out.format != "table":
        return
    if found == most and limit < 0:
        crm.out.say(f"The first {most}; --limit 0 lists all.")
    if not found:
        crm.out.say(f"No {noun} here. `crm {noun} add --help` shows how to add one.")


def change_records(
    crm: Context,
    command: str,
    keys: "Sequence[Key]",
    dry_run: bool,
    change: "Callable[[Unit, int], bool]",
) -> None:
    """Apply one change to several records as one group, and say what it did to each."""
    from crmcli.store.search import reference

    keys = list(dict.fromkeys(keys))
    done = crm.write(command, lambda w: [change(w, id) for _, id in keys], dry_run=dry_run)
    for key, moved in zip(keys, done.value, strict=True):
        if dry_run:
            crm.out.say(f"{'Would change' if moved else 'Unchanged'} {reference(key)}")
        else:
            announce(crm, "Changed" if moved else "Unchanged", key)


def remove(crm: Context, noun: str, refs: list[str], dry_run: bool) -> None:
    """Move records to the trash; more than one asks first."""
    from crmcli.store.party import set_archived
    from crmcli.store.search import reference

    texts = crm.references(refs)
    keys = list(dict.fromkeys(crm.resolve(ref, (noun,), strict=True) for ref in texts))
    if len(keys) > 1 and not dry_run:
        crm.confirm(f"Move {len(keys)} records to the trash?")
    names = {key: _label(crm, key) for key in keys}
    crm.write(
        f"{noun} rm",
        lambda w: [set_archived(w, noun, id, archived=True) for _, id in keys],
        dry_run=dry_run,
    )
    for key in keys:
        verb = "Would move" if dry_run else "Moved"
        crm.out.say(f"{verb} {names[key]} to the trash; `crm undo` brings it back")
        if not crm.out.is_terminal and not dry_run:
            crm.out.lines([reference(key)])


def _label(crm: Context, key: "Key") -> str:
    from crmcli.store.search import reference

    record = record_of(crm, key)
    return f"{reference(key)} {record.get('handle') or record.get('title') or ''}".strip()
