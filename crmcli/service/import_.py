"""An import in steps: open the files, check every row, write the good ones, keep the bad ones."""

import os
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from typing import TypeVar

from crmcli.context import Context
from crmcli.errors import InvalidError, OutputError, PartialError, UsageError
from crmcli.files import write_file
from crmcli.i18n import tr, trn
from crmcli.interchange import own
from crmcli.interchange.read import read
from crmcli.interchange.reading import How, Item, Reading
from crmcli.interchange.validate import BATCH, Checked, validate
from crmcli.service.record import own_fields
from crmcli.store.import_ import (
    COUNTS,
    File,
    Report,
    forget_nothing,
    import_rows,
    likenesses,
    undo_import,
    verify,
)
from crmcli.store.import_edit import Policy
from crmcli.store.journal import Reverted
from crmcli.store.unit import Unit
from crmcli.text import clean, safe

T = TypeVar("T")
Watch = Callable[[str, int], object]
"""Told how far an import is: the step (read, check, write, save) and its rows so far.

What it raises ends the import with nothing written.
"""
EVERY = 500  # rows between two tellings
CHUNK = 20_000  # rows of one unit of work: others wait for the write lock meanwhile
MOST_NOTES = 10
MATCHES = ("fill", "update", "skip", "new")
ORDERS = ("dmy", "mdy", "ymd")
# In which order files come in: who is pointed at comes before what points.
ORDER = {"org": 0, "contact": 1}


@dataclass(frozen=True, slots=True)
class Wish:
    """What to bring in, and how; what is "" is found out.

    Args:
        file: its path.
        encoding: such as cp1250.
        delimiter: such as ; or tab.
        mapping: what columns mean, as `--map` has it.
        tags: for everybody in it.
        owner: who looks after them; or me.
        date_order: of dates such as 3/4/2026; else as configured.
        region: how telephone numbers without + are read; else as configured.
        source: where these people come from.
        on_match: `fill` what is empty, `update`, `skip` or `new`; "" is fill, and for our own
            files what was edited in them.
        add_strangers: people nobody knows who wrote or called are added.
        is_found: it lies in a folder that was named; if it cannot be read, the others come in.
    """

    file: str
    encoding: str = ""
    delimiter: str = ""
    mapping: str = ""
    tags: tuple[str, ...] = ()
    owner: str = ""
    date_order: str = ""
    region: str = ""
    source: str = ""
    on_match: str = ""
    add_strangers: bool = False
    is_found: bool = False


@dataclass(slots=True)
class Job:
    """One file on its way in.

    Args:
        wish: what was asked for.
        reading: the opened file.
        checked: its rows, validated.
        report: what became of them.
    """

    wish: Wish
    reading: Reading
    checked: Checked
    report: Report = field(default_factory=Report)

    @property
    def rows(self) -> int:
        """How many rows were read."""
        return self.checked.valid + self.checked.skipped + self.checked.rejected

    @property
    def about(self) -> File:
        """Where the rows come from, for the list of imports."""
        reading = self.reading
        mapping = {column.name: column.target for column in reading.columns if column.target}
        name = clean(os.path.basename(reading.filename.rstrip("/")))
        return File(name, reading.sha256, f"{reading.preset} {reading.noun}", mapping)

    @property
    def policy(self) -> Policy:
        """What becomes of rows about somebody who is here already."""
        is_ours = self.reading.preset == own.PRESET.name
        on_match = self.wish.on_match or ("edited" if is_ours else "fill")
        columns = self.reading.everywhere if is_ours else frozenset[str]()
        return Policy(on_match, columns, self.wish.add_strangers)


class Jobs(list[Job]):
    """The files of one import; `left_out` are those of a folder that cannot be read, and why."""

    def __init__(self) -> None:
        super().__init__()
        self.left_out: list[tuple[str, str]] = []


@dataclass(frozen=True, slots=True)
class Outcome:
    """What an import did, or would do.

    Args:
        report: the counts, and which import it is.
        notes: how the file was read and what was odd, a line each.
        reasons: why rows were rejected, the first few, as (line, reason).
        rejects: the file of the rejected rows; "" for none.
        problem: why that file could not be written; the import is done all the same.
    """

    report: Report
    notes: tuple[str, ...]
    reasons: tuple[tuple[int, str], ...]
    rejects: str = ""
    problem: OutputError | None = None


def bring_in(
    crm: Context, wish: Wish, *, dry_run: bool = False, watch: Watch | None = None
) -> Outcome:
    """Bring one file in, all steps at once and all or nothing; `dry_run` only counts.

    Raises:
        CrmError: it cannot be read or written, or `watch` ended it; nothing was written.
    """
    with checked(crm, [wish], watch=watch) as (job,):
        alike = run(crm, [job], dry_run=dry_run, chunk=0, watch=watch)
        notes = (*_oddities(job), *alike_said(alike))
        outcome = Outcome(job.report, notes, tuple(job.checked.reasons))
        if dry_run:
            return outcome
        try:
            return replace(outcome, rejects=write_rejects(job.checked, wish.file))
        except OutputError as error:
            return replace(outcome, problem=error)


def undo(crm: Context, id: int | None = None) -> Reverted:
    """Take an import back, my newest one or a given one; records edited since are kept.

    Raises:
        NotFoundError: there is no such import.
        ConflictError: it is undone already.
    """
    return crm.write("import --undo", lambda w: undo_import(w, id), source="undo").value


def watched(items: Iterable[T], step: str, watch: Watch | None) -> Iterator[T]:
    """Give the items, telling every now and then how many there were."""
    for number, item in enumerate(items, 1):
        if watch is not None and number % EVERY == 0:
            watch(step, number)
        yield item


def files_of(path: str) -> list[str]:
    """Give the files that a path stands for: itself, or those in a folder, by name.

    A folder of cards, one of mails and a Maildir are one file each.

    Raises:
        UsageError: the folder holds no file.
    """
    if path == "-" or not os.path.isdir(path):
        return [path]
    names = sorted(name for name in os.listdir(path) if name[:1] != ".")
    if {"cur", "new"} <= set(names):
        return [path]
    files = [name for name in names if os.path.isfile(os.path.join(path, name))]
    endings = {os.path.splitext(name)[1].lower() for name in files}
    if endings in ({".vcf"}, {".eml"}):
        return [path]
    found = [os.path.join(path, name) for name in files if not name.endswith(".rejected.csv")]
    if not found:
        raise UsageError(tr("{path}: holds no file to import", path=path))
    return found


def opened(crm: Context, wish: Wish, *, unknown: bool = False) -> Reading:
    """Open a file as rows; a context manager.

    Args:
        crm: the run.
        wish: which file, and how it is read.
        unknown: also a table none of whose columns is known, for somebody to map them.

    Raises:
        UsageError: the file cannot be read.
        InvalidError: it is no table, or the mapping does not fit it.
    """
    how = How(
        encoding=wish.encoding,
        delimiter=wish.delimiter,
        mapping=wish.mapping,
        date_order=wish.date_order or crm.config.get("date_order") or "",
        clock=crm.clock,
        fields=own_fields(crm, "contact").named(),
        unknown=unknown,
        emails=crm.config.emails(),
    )
    return read(wish.file, how)


@contextmanager
def checked(
    crm: Context,
    wishes: Iterable[Wish],
    *,
    watch: Watch | None = None,
    look: Callable[[Reading], Iterable[Item]] | None = None,
) -> Iterator[Jobs]:
    """Open files and validate their rows; all is closed at the end.

    Args:
        crm: the run.
        wishes: the files.
        watch: told how far each is.
        look: wraps the rows of each file, to see them pass.

    Raises:
        CrmError: a file cannot be read.
    """
    jobs = Jobs()
    try:
        for wish in wishes:
            try:
                jobs.append(_checked(crm, wish, watch, look))
            except (InvalidError, UsageError) as error:
                if not wish.is_found:
                    raise
                jobs.left_out.append((wish.file, error.message))
        if not jobs:
            raise InvalidError(tr("none of the files can be imported"))
        yield jobs
    finally:
        for job in jobs:
            job.checked.close()
            job.reading.close()


def _checked(
    crm: Context,
    wish: Wish,
    watch: Watch | None,
    look: Callable[[Reading], Iterable[Item]] | None,
) -> Job:
    reading = opened(crm, wish)
    try:
        return Job(wish, reading, check(crm, reading, wish, watch=watch, look=look))
    except BaseException:
        reading.close()
        raise


def check(
    crm: Context,
    reading: Reading,
    wish: Wish,
    *,
    watch: Watch | None = None,
    look: Callable[[Reading], Iterable[Item]] | None = None,
) -> Checked:
    """Validate every row of an opened file; the caller closes what is given."""
    rows = look(reading) if look else reading
    return validate(
        watched(rows, "check", watch),
        reading.noun,
        reading.header,
        (wish.region or "").upper() or crm.region,
        tags=wish.tags,
        owner=crm.owner(wish.owner),
        source=wish.source,
        fields={noun: own_fields(crm, noun) for noun in ("contact", "org", "deal")},
    )


def run(
    crm: Context,
    jobs: Sequence[Job],
    *,
    dry_run: bool = False,
    strict: bool = False,
    chunk: int = CHUNK,
    watch: Watch | None = None,
) -> dict[str, int]:
    """Bring in the good rows, so that one undo takes all files back; bad rows join the rejects.

    Gives how many pairs look like one now, with somebody or an org that came in, by noun.

    What was checked is good for one run: after a dry one, check again.

    Args:
        crm: the run.
        jobs: the checked files.
        dry_run: roll back at the end.
        strict: all rows or none.
        chunk: rows of one unit of work; 0 for all files in one. A dry or strict run is one.
        watch: told how far it is.

    Raises:
        InvalidError: with `strict`, a row is bad; nothing is written.
    """
    for job in jobs if strict else ():
        if job.checked.rejected:
            raise _strict(job, *job.checked.reasons[0])
    for job in jobs:
        counts = {"skipped": job.checked.skipped, "rejected": job.checked.rejected}
        job.report.counts.update(counts)
    ordered = sorted(jobs, key=lambda job: ORDER.get(job.reading.noun, 2))
    ordered = [job for job in ordered if job.checked.valid]
    if dry_run or strict or not chunk:
        alike = _run_at_once(crm, ordered, dry_run=dry_run, strict=strict, watch=watch)
    else:
        group_id = None
        for job in ordered:
            job.report.group_id = group_id
            for first in range(0, job.checked.valid, _whole(chunk)):
                _run_chunk(crm, job, first, _whole(chunk), watch)
            group_id = job.report.group_id
        alike = likenesses(crm.store.reader, (job.report for job in ordered))
    for job in ordered:
        for line, reason, cells in job.report.rejects:
            job.checked.reject(line, reason, cells)
    return alike


def _strict(job: Job, line: int, reason: str) -> InvalidError:
    name = job.reading.filename
    return InvalidError(f"{name}:{line}: {reason}", tr("nothing was written (--strict)"))


def _whole(chunk: int) -> int:
    """Give a number of rows that is whole batches."""
    return -(-chunk // BATCH) * BATCH


def _run_at_once(
    crm: Context, jobs: Sequence[Job], *, dry_run: bool, strict: bool, watch: Watch | None
) -> dict[str, int]:
    """Bring all files in as one unit of work; give how many pairs look like one."""
    if not jobs:
        return {}

    def bring(w: Unit) -> tuple[list[Report], dict[str, int]]:
        reports: list[Report] = []
        for job in jobs:
            before = replace(job.report, group_id=reports[-1].group_id if reports else None)
            after = _import(w, job, before, 0, job.checked.valid, watch)
            if strict and after.rejects:
                raise _strict(job, *after.rejects[0][:2])
            reports.append(after)
        alike = likenesses(w.conn, reports)
        if not any(report.has_moved for report in reports):
            return [forget_nothing(w, Report(), report) for report in reports], alike
        return reports, alike

    command = f"import {jobs[0].about.name}"
    last = (lambda: watch("save", jobs[-1].checked.valid)) if watch else None
    done = crm.write(command, bring, source="import", dry_run=dry_run, last=last)
    reports, alike = done.value
    for job, report in zip(jobs, reports, strict=True):
        job.report = report
    return alike


def _run_chunk(crm: Context, job: Job, first: int, rows: int, watch: Watch | None) -> None:
    """Bring some rows of a file in as one unit of work; it follows on those before."""
    rows = min(rows, job.checked.valid - first)

    def bring(w: Unit) -> Report:
        return forget_nothing(w, job.report, _import(w, job, job.report, first, rows, watch))

    last = (lambda: watch("save", first + rows)) if watch else None
    job.report = crm.write(f"import {job.about.name}", bring, source="import", last=last).value


def _import(
    w: Unit, job: Job, before: Report, first: int, rows: int, watch: Watch | None
) -> Report:
    """Bring some rows of a file in; the last ones are counted against what was read."""
    is_last = first + rows == job.checked.valid
    report = import_rows(
        *(w, job.checked.batches(first, rows), job.about, before),
        policy=job.policy,
        amount=rows,
        has_deals=job.checked.has_deals,
        is_last=is_last,
        progress=(lambda done: watch("write", first + done)) if watch else None,
    )
    if is_last:
        verify(report, job.rows)
    return report


def rejects_path(file: str) -> str:
    """Give where the rejected rows of a file go, unless it is said."""
    if file == "-":
        return "stdin.rejected.csv"
    return f"{os.path.splitext(file.rstrip('/'))[0]}.rejected.csv"


def write_rejects(checked: Checked, file: str, path: str = "") -> str:
    """Write the rejected rows to `path`, else beside the file; give where, "" for no such rows."""
    if not checked.rejected:
        return ""
    content = checked.rejected_rows().encode("utf-8", "replace")
    path = _free_path(path or rejects_path(file), content)
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


def refuse_partial(rejected: int, path: str) -> None:
    """Tell how many rows were rejected, kept in the file `path`.

    Raises:
        PartialError: there are some.
    """
    if rejected:
        hint = tr("in {path} with the reasons; mend it and import it", path=path) if path else ""
        raise PartialError(
            trn("{count} row was rejected", "{count} rows were rejected", rejected), hint
        )


def notes(job: Job) -> Iterator[str]:
    """Say how the file was read, what was odd, and which rows are bad, a line each."""
    name = safe(job.reading.filename)
    yield from _reading_notes(job.reading, name)
    yield from _oddities(job)
    for line, reason in job.checked.reasons:
        yield tr("{name}:{line}: rejected: {reason}", name=name, line=line, reason=reason)


def _oddities(job: Job) -> Iterator[str]:
    """Say which good rows are odd."""
    checked, report = job.checked, job.report
    name = safe(job.reading.filename)
    for line, warning in checked.warnings:
        yield f"{name}:{line}: {warning}"
    if checked.warned > len(checked.warnings):
        more = checked.warned - len(checked.warnings)
        yield trn("… and {count} more warning", "… and {count} more warnings", more)
    for line, message in report.messages:
        yield f"{name}:{line}: {message}"


def _reading_notes(reading: Reading, name: str) -> Iterator[str]:
    for note in reading.notes[:MOST_NOTES]:
        yield f"{name}: {note}"
    more = len(reading.notes) - MOST_NOTES
    if more > 0:
        yield trn(
            "… and {count} more note; --json has them all",
            "… and {count} more notes; --json has them all",
            more,
        )


def alike_said(alike: Mapping[str, int]) -> Iterator[str]:
    """Say how many pairs look like one, and where they are shown."""
    for noun, count in alike.items():
        if count:
            command = f"crm dedupe {noun}s".replace(" contacts", "")
            yield trn(
                "{count} pair of {nouns} looks like one: `{command}`",
                "{count} pairs of {nouns} look like one: `{command}`",
                count,
                nouns=tr(f"{noun}s"),
                command=command,
            )


def counts_said(counts: Counter[str]) -> str:
    """Give the counts of an import: `3 created, 1 updated, …`."""
    return tr(
        "{created} created, {updated} updated, {unchanged} unchanged, {skipped} skipped,"
        " {rejected} rejected",
        **{name: counts[name] for name in COUNTS},
    )
