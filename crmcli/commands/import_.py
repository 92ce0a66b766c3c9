"""`crm import`: bring in a file; nothing is lost, doubled or overwritten."""

import os

import typer

from crmcli.cli import ListCommand, verb_app
from crmcli.columns import Column
from crmcli.commands import common
from crmcli.commands.undo import say_reverted
from crmcli.context import Context
from crmcli.errors import InvalidError, PartialError, UsageError
from crmcli.files import write_file
from crmcli.i18n import tr, trn
from crmcli.interchange.read import Reading, read
from crmcli.interchange.validate import Checked, validate
from crmcli.store.import_ import File, Report, import_rows, list_imports, undo_import
from crmcli.text import clean, safe

MOST_NOTES = 10
COUNTS = ("created", "updated", "unchanged", "skipped", "rejected")
COLUMNS = (
    Column("id", "No", "number"),
    Column("at", "When", "when"),
    Column("filename", "File"),
    Column("format", "Format", wide=True),
    Column("created", "New", "number"),
    Column("updated", "Filled", "number"),
    Column("unchanged", "Same", "number"),
    Column("skipped", "Skipped", "number", wide=True),
    Column("rejected", "Bad", "number"),
    Column("undone", "Undone"),
    Column("sha256", "SHA-256", listed=False),
    Column("group_id", "Group", "number", listed=False),
)

app = verb_app()


@app.command(
    "import",
    cls=ListCommand,
    epilog="crm import contacts.csv --dry-run\ncrm import contacts.csv -t google\n"
    "crm import clients.csv --map 'Kunde=org,Nr=custom:number' --encoding cp1250\n"
    "crm export contacts -f csv | crm import -\ncrm import --list\ncrm import --undo",
)
def import_(
    ctx: typer.Context,
    file: str = typer.Argument("", help="CSV, JSON or JSONL; - is stdin."),
    dry_run: bool = typer.Option(
        False, "--dry-run", help="Count what would happen; write nothing."
    ),
    strict: bool = typer.Option(False, "--strict", help="All rows or none."),
    tags: list[str] = typer.Option([], "-t", "--tag", help="A tag for everybody; repeatable."),
    owner: str = typer.Option("", "--owner", metavar="NAME", help="Who looks after them; or me."),
    mapping: str = typer.Option("", "--map", metavar="COLUMN=FIELD,…", help="What columns mean."),
    encoding: str = typer.Option("", "--encoding", help="Such as cp1250; else it is found out."),
    delimiter: str = typer.Option("", "--delimiter", help="Such as ; or tab; else found out."),
    rejects: str = typer.Option("", "--rejects", metavar="FILE", help="Where bad rows go."),
    list_: bool = typer.Option(False, "--list", help="List the imports so far."),
    undo: bool = typer.Option(
        False, "--undo", help="Take back import N (--undo N), or the newest."
    ),
) -> None:
    """Bring in contacts: Google, LinkedIn, any CSV, or our own export of anything.

    Good rows go in, bad ones into a file with line and reason (exit 6). People already there are
    filled, never overwritten or doubled; the same file again writes nothing. One undo.
    """
    crm: Context = ctx.obj
    if list_:
        rows = list_imports(crm.store.reader, 100)
        found = crm.out.records(COLUMNS, (_batch(row) for row in rows))
        if not found and crm.out.format == "table":
            crm.out.say(tr("No imports yet. crm import FILE brings one in."))
        return
    if undo:
        _undo(crm, file)
        return
    if not file:
        raise UsageError(tr("import needs a file"), tr("crm import contacts.csv, or - for stdin"))
    with read(
        file,
        encoding=encoding or None,
        delimiter=delimiter or None,
        mapping=mapping or None,
        fields=common.own_fields(crm, "contact").named(),
    ) as reading:
        checked = validate(
            reading,
            reading.noun,
            reading.header,
            crm.region,
            tags=tags,
            owner=crm.owner(owner),
            fields=common.own_fields(crm, reading.noun),
        )
        try:
            report = _import(crm, reading, checked, dry_run, strict)
            for line, reason, cells in report.rejects:
                checked.reject(line, reason, cells)
            path = "" if dry_run else _write_rejects(checked, rejects or _rejects_path(file))
            _say(crm, reading, checked, report, dry_run)
        finally:
            checked.close()
    if checked.rejected:
        hint = tr("in {path} with the reasons; mend it and import it", path=path) if path else ""
        raise PartialError(
            trn("{count} row was rejected", "{count} rows were rejected", checked.rejected), hint
        )


def _import(
    crm: Context, reading: Reading, checked: Checked, dry_run: bool, strict: bool
) -> Report:
    if strict and checked.rejected:
        line, reason = checked.reasons[0]
        raise InvalidError(
            f"{reading.filename}:{line}: {reason}", tr("nothing was written (--strict)")
        )
    mapping = {column.name: column.target for column in reading.columns if column.target}
    about = File(
        clean(os.path.basename(reading.filename)),
        reading.sha256,
        f"{reading.preset} {reading.noun}",
        mapping,
    )
    return crm.write(
        f"import {about.name}",
        lambda w: import_rows(w, checked, about, strict=strict),
        source="import",
        dry_run=dry_run,
    ).value


def _undo(crm: Context, number: str) -> None:
    if number and not (number.isascii() and number.isdigit()):
        raise UsageError(
            tr("not an import: {number!r}", number=number), tr("`crm import --list` numbers them")
        )
    id = int(number) if number else None
    reverted = crm.write("import --undo", lambda w: undo_import(w, id), source="undo").value
    say_reverted(crm, tr("Undone"), reverted, tr("`crm redo` brings it back"))


def _rejects_path(file: str) -> str:
    return "stdin.rejected.csv" if file == "-" else f"{os.path.splitext(file)[0]}.rejected.csv"


def _write_rejects(checked: Checked, path: str) -> str:
    """Write the rejected rows beside the file; give where, or nothing when there are none."""
    if not checked.rejected:
        return ""
    content = checked.rejected_rows().encode("utf-8", "replace")
    path = _free_path(path, content)
    write_file(path, content)
    return path


def _free_path(path: str, content: bytes) -> str:
    """Give `path`, or a numbered one when another file has that name: it may be being mended."""
    stem, ending = os.path.splitext(path)
    number = 1
    while os.path.isfile(path):
        with open(path, "rb") as file:
            if file.read() == content:
                return path
        number += 1
        path = f"{stem}-{number}{ending}"
    return path


def _say(crm: Context, reading: Reading, checked: Checked, report: Report, dry_run: bool) -> None:
    """Say how the file was read, what was odd, and the counts."""
    name = safe(reading.filename)
    if crm.out.is_json:
        crm.out.record(_json(reading, checked, report, dry_run))
    for note in reading.notes[:MOST_NOTES]:
        crm.out.say(f"{name}: {note}")
    if len(reading.notes) > MOST_NOTES:
        more = len(reading.notes) - MOST_NOTES
        crm.out.say(
            trn(
                "… and {count} more note; --json has them all",
                "… and {count} more notes; --json has them all",
                more,
            )
        )
    for line, warning in checked.warnings:
        crm.out.say(f"{name}:{line}: {warning}")
    if checked.warned > len(checked.warnings):
        more = checked.warned - len(checked.warnings)
        crm.out.say(trn("… and {count} more warning", "… and {count} more warnings", more))
    for line, message in report.messages:
        crm.out.say(f"{name}:{line}: {message}")
    for line, reason in checked.reasons:
        crm.out.say(tr("{name}:{line}: rejected: {reason}", name=name, line=line, reason=reason))
    counts = tr(
        "{created} created, {updated} updated, {unchanged} unchanged, {skipped} skipped,"
        " {rejected} rejected",
        **{count: report.counts[count] for count in COUNTS},
    )
    crm.out.say(tr("Would be: {counts}", counts=counts) if dry_run else counts)
    if report.batch_id and not dry_run:
        crm.out.say(
            tr("Import {batch_id}; `crm import --undo` takes it back", batch_id=report.batch_id)
        )


def _json(reading: Reading, checked: Checked, report: Report, dry_run: bool) -> dict[str, object]:
    return {
        "id": None if dry_run else report.batch_id,
        "file": reading.filename,
        "format": f"{reading.preset} {reading.noun}",
        "encoding": reading.encoding,
        "dry_run": dry_run,
        **{count: report.counts[count] for count in COUNTS},
        "columns": [
            {
                "name": column.name,
                "field": column.target,
                "filled": column.filled,
                "dropped": column.dropped,
            }
            for column in reading.columns
        ],
        "notes": reading.notes,
        "rejects": [{"line": line, "reason": reason} for line, reason in checked.reasons],
    }


def _batch(row: dict[str, object]) -> dict[str, object]:
    return {**row, "undone": "undone" if row["undone"] else None}
