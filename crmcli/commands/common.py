"""What several commands share: input records, `--set`, announcing a write."""

import json
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any, TypeVar

from crmcli.context import Context
from crmcli.errors import InvalidError, UsageError
from crmcli.i18n import mark, tr, trn
from crmcli.service.record import Record, record_of

if TYPE_CHECKING:
    import typer

    from crmcli.service.bulk import Moved
    from crmcli.store.search import Key
    from crmcli.store.unit import Unit

T = TypeVar("T")
FIRST_PAGE = 100
HANDFUL = 10  # changes of one command that are told one by one


def input_alone(ctx: "typer.Context", *beside: str) -> None:
    """Refuse what is given besides `--input`, which tells everything; `beside` may be.

    Raises:
        UsageError: it would be left out in silence.
    """
    for param in ctx.command.params:
        name = param.name or ""
        source = ctx.get_parameter_source(name) if name in ctx.params else None
        if source and source.name == "COMMANDLINE" and name not in ("input", *beside):
            raise UsageError(
                tr("{option} cannot stand beside --input", option=param.opts[-1]),
                tr("write it into the file, or do without the file"),
            )


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


def unless_known(crm: Context, act: "Callable[[bool], T]", *, force: bool) -> T:
    """Write what is probably there already only if somebody insists.

    A person at a terminal sees who it probably is, and is asked; a pipe needs `--force`.

    Args:
        crm: the run.
        act: writes; it is given whether to go on all the same.
        force: whether that was said already.

    Raises:
        Known: it is probably there, and nobody can be asked.
        UsageError: the answer is no.
    """
    from crmcli.service.party import Known

    try:
        return act(force)
    except Known as known:
        if not crm.is_interactive:
            raise
        crm.out.say(tr("Probably known already:"))
        for line in known.candidates:
            crm.out.say(f"  {line}")
        crm.confirm(known.question, "--force")
        return act(True)


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
        crm.out.say(f"{verb} {reference(key)} {_label(record)}".rstrip() + note)
    say_rest(crm, changes[len(shown) :])
    if crm.out.is_json:
        crm.out.one_or_all(records)
    elif not crm.out.is_terminal:
        crm.out.lines(reference(key) for _, key, _ in changes)


def _label(record: Record) -> str:
    """Give how a record is called in messages: by handle, title or name."""
    return str(record.get("handle") or record.get("title") or record.get("name") or "")


def say_rest(crm: Context, changes: Sequence[Said]) -> None:
    """Say how many more there were of each kind of change."""
    verbs = [verb for verb, _, _ in changes]
    for verb in dict.fromkeys(verbs):
        crm.out.say(trn("{verb} {count} more", "{verb} {count} more", verbs.count(verb), verb=verb))


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
    from crmcli.service import bulk

    keys = list(dict.fromkeys(keys))
    ids = [id for _, id in keys]
    say_moved(crm, keys, bulk.change(crm, command, ids, change, dry_run=dry_run), dry_run, verb)


def say_moved(
    crm: Context, keys: "Sequence[Key]", done: "Moved", dry_run: bool, verb: str = mark("Changed")
) -> None:
    """Say what a change did to each record, and then how it was understood."""
    from crmcli.store.search import reference

    change_verb = tr("Would change") if dry_run else tr(verb)
    said = [
        (change_verb if moved else tr("Unchanged"), key, "")
        for key, moved in zip(keys, done.moved, strict=True)
    ]
    if dry_run:
        for told, key, _ in said[:HANDFUL]:
            crm.out.say(f"{told} {reference(key)}")
        say_rest(crm, said[HANDFUL:])
        if len(keys) > 1:
            crm.out.say(tr("{count} of {all} would change", count=done.count, all=len(keys)))
    else:
        announce_all(crm, said)
    if done.said:
        crm.out.say(done.said)


def remove(crm: Context, noun: str, keys: "Sequence[Key]", dry_run: bool) -> None:
    """Move records to the trash; more than one asks first."""
    from crmcli.service import bulk
    from crmcli.store.search import reference

    if len(keys) > 1 and not dry_run:
        crm.confirm(
            trn(
                "Move {count} record to the trash?", "Move {count} records to the trash?", len(keys)
            )
        )
    records = {key: record_of(crm, key) for key in keys}
    bulk.remove(crm, noun, keys, dry_run=dry_run)
    for key, record in records.items():
        name = f"{reference(key)} {_label(record)}".strip()
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
