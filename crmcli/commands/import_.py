"""`crm import`: bring in files; nothing is lost, doubled or overwritten."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from contextlib import ExitStack
from dataclasses import dataclass, field, replace
from typing import Any

import typer

from crmcli.cli import ListCommand, verb_app
from crmcli.columns import Column
from crmcli.commands.progress import progress
from crmcli.commands.undo import say_reverted
from crmcli.context import Context
from crmcli.errors import UsageError
from crmcli.i18n import tr, trn
from crmcli.interchange.fields import IGNORE
from crmcli.interchange.reading import Item, Reading
from crmcli.interchange.record import Record
from crmcli.service import import_ as service
from crmcli.service.choice import usage_word
from crmcli.service.import_ import Job, Wish
from crmcli.service.preview import read_as
from crmcli.store import profile as profiles
from crmcli.store.import_ import COUNTS, list_imports

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

PROFILED = ("encoding", "delimiter", "mapping", "date_order", "region", "on_match", "source")
"""Options that a profile keeps."""
SAMPLES, LONGEST = 3, 30  # values of a column that are shown before an import, and their length
LOOKED_AT = 1_000  # rows from which these are taken

app = verb_app()


@app.command(
    "import",
    cls=ListCommand,
    epilog="crm import contacts.csv --dry-run\ncrm import contacts.csv -t google\n"
    "crm import Accounts.csv Contacts.csv Notes.csv\n"
    "crm import clients.csv --map 'Kunde=org,Nr=custom:number' --encoding cp1250\n"
    "crm import march.csv --map Kunde=org --save-profile bank\n"
    "crm import april.csv --profile bank\n"
    "crm export contacts -f csv | crm import -\ncrm import --list\ncrm import --undo",
)
def import_(
    ctx: typer.Context,
    files: list[str] = typer.Argument(
        None, metavar="FILE…", help="CSV, JSON, vCard, mail …, or a folder of them; - is stdin."
    ),
    dry_run: bool = typer.Option(
        False, "--dry-run", help="Count what would happen; write nothing."
    ),
    strict: bool = typer.Option(False, "--strict", help="All rows or none."),
    on_match: str = typer.Option(
        "", "--on-match", metavar="WHAT", help="With people here already: fill, update, skip, new."
    ),
    tags: list[str] = typer.Option([], "-t", "--tag", help="A tag for everybody; repeatable."),
    owner: str = typer.Option("", "--owner", metavar="NAME", help="Who looks after them; or me."),
    source: str = typer.Option("", "--source", metavar="TEXT", help="Where they come from."),
    mapping: str = typer.Option(
        "",
        "--map",
        metavar="COLUMN=FIELD,…",
        help="What columns mean: name, email, org, note …, custom:KEY, ignore.",
    ),
    encoding: str = typer.Option("", "--encoding", help="Such as cp1250; else it is found out."),
    delimiter: str = typer.Option("", "--delimiter", help="Such as ; or tab; else found out."),
    date_order: str = typer.Option(
        "", "--date-order", metavar="ORDER", help="How 3/4/2026 is read: dmy, mdy or ymd."
    ),
    region: str = typer.Option(
        "", "--region", metavar="CC", help="Country of numbers without +, such as SI."
    ),
    create: bool = typer.Option(
        False, "--create", help="Of mail and calls: add who is not here yet."
    ),
    profile: str = typer.Option("", "--profile", metavar="NAME", help="Read it as saved."),
    save_profile: str = typer.Option(
        "", "--save-profile", metavar="NAME", help="Keep these options under a name."
    ),
    list_profiles: bool = typer.Option(False, "--profiles", help="List the profiles."),
    drop_profile: str = typer.Option("", "--drop-profile", metavar="NAME", help="Forget one."),
    chunk: int = typer.Option(
        service.CHUNK, "--chunk", metavar="N", help="Rows written at a time; 0 for all at once."
    ),
    rejects: str = typer.Option("", "--rejects", metavar="FILE", help="Where bad rows go."),
    list_: bool = typer.Option(False, "--list", help="List the imports so far."),
    undo: bool = typer.Option(
        False, "--undo", help="Take back import N (--undo N), or the newest."
    ),
) -> None:
    """Bring in people and what is known of them; the kind of file is found out.

    CSV of Google, Outlook, LinkedIn, HubSpot, Salesforce, Pipedrive, Zoho, Thunderbird, mailing
    tools or anything else, vCards, mail, calendars, calls, our own exports. Good rows go in, bad
    ones into a file with line and reason (exit 6). People already there are filled, never
    overwritten or doubled; the same file again writes nothing. Several files are one undo.
    """
    crm: Context = ctx.obj
    if list_:
        _list(crm)
    elif list_profiles:
        crm.out.records(
            profiles.COLUMNS, (one.json() for one in profiles.list_profiles(crm.store.reader))
        )
    elif drop_profile:
        found = profiles.get_profile(crm.store.reader, drop_profile)
        crm.write("import --drop-profile", lambda w: profiles.drop_profile(w, found.id))
        crm.out.say(tr("Dropped the profile {name}", name=found.name))
    elif undo:
        _undo(crm, files)
    else:
        how = {
            "encoding": encoding,
            "delimiter": delimiter,
            "mapping": mapping,
            "date_order": usage_word("--date-order", date_order, service.ORDERS) or "",
            "region": region,
            "on_match": usage_word("--on-match", on_match, service.MATCHES) or "",
            "source": source,
        }
        options = _options(crm, how, profile, save_profile)
        wish = Wish("", tags=tuple(tags), owner=owner, add_strangers=create, **options)
        wishes = [
            replace(wish, file=file, is_found=file not in files) for file in _files(files, rejects)
        ]
        _import(crm, wishes, dry_run=dry_run, strict=strict, chunk=_chunk(chunk), rejects=rejects)


def _options(
    crm: Context, how: Mapping[str, str], profile: str, save_profile: str
) -> dict[str, Any]:
    """Give the options with those of a profile, and keep them as one if that is asked for."""
    kept = profiles.get_profile(crm.store.reader, profile).options if profile else {}
    options = {key: how[key] or kept.get(key, "") for key in PROFILED}
    if save_profile:
        told = {key: text for key, text in options.items() if text}
        if not told:
            raise UsageError(
                tr("there is nothing to keep as a profile"),
                tr("give --map, --encoding or another option with it"),
            )
        crm.write("import --save-profile", lambda w: profiles.save_profile(w, save_profile, told))
        crm.out.say(tr("Saved the profile {name}", name=save_profile))
    return options


def _files(files: list[str] | None, rejects: str) -> list[str]:
    """Give the files, those of folders among them.

    Raises:
        UsageError: there is none, or --rejects is to take the rows of several.
    """
    if not files:
        raise UsageError(tr("import needs a file"), tr("crm import contacts.csv, or - for stdin"))
    found: list[str] = []
    for path in files:
        found += service.files_of(path)
    if rejects and len(found) > 1:
        raise UsageError(tr("--rejects takes the bad rows of one file"))
    return found


def _chunk(rows: int) -> int:
    if rows < 0:
        raise UsageError(tr("--chunk cannot be {rows}", rows=rows), tr("0 writes all at once"))
    return rows


def _import(
    crm: Context, wishes: list[Wish], *, dry_run: bool, strict: bool, chunk: int, rejects: str
) -> None:
    looks: dict[str, Look] = {}

    def look(reading: Reading) -> Iterable[Item]:
        looks[reading.filename] = Look()
        return looks[reading.filename].pass_on(reading)

    with ExitStack() as stack:
        with progress(crm) as watch:
            jobs = stack.enter_context(service.checked(crm, wishes, watch=watch, look=look))
        for name, reason in jobs.left_out:
            crm.out.say(tr("{name}: left out: {reason}", name=name, reason=reason))
        if dry_run or crm.is_interactive:
            for job in jobs:
                _show_columns(crm, job, looks[job.reading.filename])
        if not dry_run:
            _ask(crm, jobs)
        with progress(crm, sum(job.checked.valid for job in jobs)) as watch:
            alike = service.run(crm, jobs, dry_run=dry_run, strict=strict, chunk=chunk, watch=watch)
        paths = [
            "" if dry_run else service.write_rejects(job.checked, job.wish.file, rejects)
            for job in jobs
        ]
        _say(crm, jobs, alike, dry_run)
        rejected = sum(job.checked.rejected for job in jobs)
        where = ", ".join(filter(None, paths))
    service.refuse_partial(rejected, where)


@dataclass(slots=True)
class Look:
    """Keeps the first values of each column of the rows that pass."""

    values: list[list[str]] = field(default_factory=list)
    rows: int = 0

    def pass_on(self, items: Iterable[Item]) -> Iterator[Item]:
        """Give the rows as they come."""
        for item in items:
            if self.rows < LOOKED_AT and isinstance(item, Record):
                self.rows += 1
                self.take(item.cells)
            yield item

    def take(self, cells: list[str]) -> None:
        """Keep what of a row is new."""
        self.values += [[] for _ in cells[len(self.values) :]]
        for cell, kept in zip(cells, self.values, strict=False):
            text = " ".join(cell[: 2 * LONGEST].split())[:LONGEST]
            if text and len(kept) < SAMPLES and text not in kept:
                kept.append(text)


def _show_columns(crm: Context, job: Job, look: Look) -> None:
    """Say how a file was read, and what each column becomes, with its first values."""
    reading = job.reading
    how = read_as(reading.encoding, reading.delimiter)
    kind = f"{reading.preset} {reading.noun}"
    crm.out.say_line(f"{reading.filename}: {', '.join(filter(None, (kind, how)))}")
    read = job.checked.valid
    values = [*look.values, *([] for _ in job.reading.columns[len(look.values) :])]
    for column, some in zip(job.reading.columns, values, strict=False):
        if not column.filled:
            continue
        said = {
            "empty": max(read - column.filled, 0),
            "changed": column.changed,
            "dropped": column.dropped,
        }
        counts = [tr("{count} filled", count=column.filled)]
        counts += [f"{count} {tr(word)}" for word, count in said.items() if count]
        target = tr("left out") if column.target in (None, IGNORE) else column.target
        crm.out.say_line(f"  {column.name} → {target} ({', '.join(counts)}): {' | '.join(some)}")


def _ask(crm: Context, jobs: list[Job]) -> None:
    """Ask at a terminal whether what was shown is right."""
    rows = sum(job.checked.valid for job in jobs)
    if crm.is_interactive and rows:
        bad = sum(job.checked.rejected for job in jobs)
        question = trn("Import {count} row?", "Import {count} rows?", rows)
        note = trn("{count} is bad. ", "{count} are bad. ", bad) if bad else ""
        crm.confirm(note + question)


def _list(crm: Context) -> None:
    rows = list_imports(crm.store.reader, 100)
    found = crm.out.records(COLUMNS, (_batch(row) for row in rows))
    if not found and crm.out.format == "table":
        crm.out.say(tr("No imports yet. crm import FILE brings one in."))


def _undo(crm: Context, numbers: list[str] | None) -> None:
    number = (numbers or [""])[0]
    if len(numbers or ()) > 1 or (number and not (number.isascii() and number.isdigit())):
        raise UsageError(
            tr("not an import: {number!r}", number=" ".join(numbers or ())),
            tr("`crm import --list` numbers them"),
        )
    reverted = service.undo(crm, int(number) if number else None)
    say_reverted(crm, tr("Undone"), reverted, tr("`crm redo` brings it back"))


def _say(crm: Context, jobs: list[Job], alike: Mapping[str, int], dry_run: bool) -> None:
    """Say how the files were read, what was odd, and the counts."""
    if crm.out.is_json:
        crm.out.one_or_all([_json(job, dry_run) for job in jobs])
    for job in jobs:
        for note in service.notes(job):
            crm.out.say(note)
        if len(jobs) > 1:
            crm.out.say(f"{job.reading.filename}: {service.counts_said(job.report.counts)}")
    counts = service.counts_said(sum((job.report.counts for job in jobs), Counter()))
    if len(jobs) > 1:
        counts = tr("{count} files: {counts}", count=len(jobs), counts=counts)
    crm.out.say(tr("Would be: {counts}", counts=counts) if dry_run else counts)
    for said in service.alike_said(alike):
        crm.out.say(said)
    written = sorted(job.report.batch_id for job in jobs if job.report.batch_id)
    if written and not dry_run:
        first, last = written[0], written[-1]
        batch_id = f"{first}" if first == last else f"{first}-{last}"
        crm.out.say(tr("Import {batch_id}; `crm import --undo` takes it back", batch_id=batch_id))


def _json(job: Job, dry_run: bool) -> dict[str, object]:
    reading, report = job.reading, job.report
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
                "empty": max(job.checked.valid - column.filled, 0),
                "changed": column.changed,
            }
            for column in reading.columns
        ],
        "notes": reading.notes,
        "rejects": [{"line": line, "reason": reason} for line, reason in job.checked.reasons],
    }


def _batch(row: dict[str, object]) -> dict[str, object]:
    return {**row, "undone": "undone" if row["undone"] else None}
