"""`crm import`: bring in a file; nothing is lost, doubled or overwritten."""

import typer

from crmcli.cli import ListCommand, verb_app
from crmcli.columns import Column
from crmcli.commands.undo import say_reverted
from crmcli.context import Context
from crmcli.errors import UsageError
from crmcli.i18n import tr
from crmcli.interchange.reading import Reading
from crmcli.interchange.validate import Checked
from crmcli.service import import_ as service
from crmcli.store.import_ import Report, list_imports

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
    with service.opened(
        crm, file, encoding=encoding, delimiter=delimiter, mapping=mapping
    ) as reading:
        checked = service.check(crm, reading, tags=tags, owner=owner)
        try:
            report = service.run(crm, reading, checked, dry_run=dry_run, strict=strict)
            path = "" if dry_run else service.write_rejects(checked, file, rejects)
            _say(crm, reading, checked, report, dry_run)
        finally:
            checked.close()
    service.refuse_partial(checked, path)


def _undo(crm: Context, number: str) -> None:
    if number and not (number.isascii() and number.isdigit()):
        raise UsageError(
            tr("not an import: {number!r}", number=number), tr("`crm import --list` numbers them")
        )
    reverted = service.undo(crm, int(number) if number else None)
    say_reverted(crm, tr("Undone"), reverted, tr("`crm redo` brings it back"))


def _say(crm: Context, reading: Reading, checked: Checked, report: Report, dry_run: bool) -> None:
    """Say how the file was read, what was odd, and the counts."""
    if crm.out.is_json:
        crm.out.record(_json(reading, checked, report, dry_run))
    for note in service.notes(reading, checked, report):
        crm.out.say(note)
    counts = service.counts_said(report)
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
        **{count: report.counts[count] for count in service.COUNTS},
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
