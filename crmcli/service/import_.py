"""An import in steps: open the file, check every row, write the good ones, keep the bad ones."""

import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import TypeVar

from crmcli.context import Context
from crmcli.errors import InvalidError, OutputError, PartialError
from crmcli.files import write_file
from crmcli.i18n import tr, trn
from crmcli.interchange.read import read
from crmcli.interchange.reading import How, Reading
from crmcli.interchange.validate import Checked, validate
from crmcli.service.record import own_fields
from crmcli.store.import_ import File, Report, import_rows, undo_import
from crmcli.store.journal import Reverted
from crmcli.text import clean, safe

T = TypeVar("T")
Watch = Callable[[str, int], object]
"""Told how far an import is: the step (read, check, write, save) and its rows so far.

What it raises ends the import with nothing written.
"""
EVERY = 500  # rows between two tellings
MOST_NOTES = 10
COUNTS = ("created", "updated", "unchanged", "skipped", "rejected")


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
    """

    file: str
    encoding: str = ""
    delimiter: str = ""
    mapping: str = ""
    tags: tuple[str, ...] = ()
    owner: str = ""


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
    """Bring a file in, all steps at once; `dry_run` rolls back and only counts.

    Raises:
        CrmError: it cannot be read or written, or `watch` ended it; nothing was written.
    """
    with opened(
        *(crm, wish.file),
        encoding=wish.encoding,
        delimiter=wish.delimiter,
        mapping=wish.mapping,
    ) as reading:
        checked = check(crm, reading, tags=wish.tags, owner=wish.owner, watch=watch)
        try:
            report = run(crm, reading, checked, dry_run=dry_run, watch=watch)
            said = tuple(_oddities(reading, checked, report))
            outcome = Outcome(report, said, tuple(checked.reasons))
            return outcome if dry_run else _with_rejects(outcome, checked, wish.file)
        finally:
            checked.close()


def _with_rejects(outcome: Outcome, checked: Checked, file: str) -> Outcome:
    try:
        return replace(outcome, rejects=write_rejects(checked, file))
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


def opened(
    crm: Context,
    file: str,
    *,
    encoding: str = "",
    delimiter: str = "",
    mapping: str = "",
    unknown: bool = False,
) -> Reading:
    """Open a file as rows; a context manager. What is "" is found out.

    Args:
        crm: the run.
        file: its path.
        encoding: such as cp1250.
        delimiter: such as ; or tab.
        mapping: what columns mean, as `--map` has it.
        unknown: also a table none of whose columns is known, for somebody to map them.

    Raises:
        UsageError: the file cannot be read.
        InvalidError: it is no table, or the mapping does not fit it.
    """
    how = How(
        encoding=encoding,
        delimiter=delimiter,
        mapping=mapping,
        date_order=crm.config.get("date_order") or "",
        clock=crm.clock,
        fields=own_fields(crm, "contact").named(),
        unknown=unknown,
    )
    return read(file, how)


def check(
    crm: Context,
    reading: Reading,
    *,
    tags: Sequence[str] = (),
    owner: str = "",
    watch: Watch | None = None,
) -> Checked:
    """Validate every row; the caller closes what is given.

    Args:
        crm: the run.
        reading: the opened file.
        tags: for everybody in it.
        owner: who looks after them; or me.
        watch: told how far it is.
    """
    return validate(
        watched(reading, "check", watch),
        reading.noun,
        reading.header,
        crm.region,
        tags=list(tags),
        owner=crm.owner(owner),
        fields=own_fields(crm, reading.noun),
    )


def run(
    crm: Context,
    reading: Reading,
    checked: Checked,
    *,
    dry_run: bool = False,
    strict: bool = False,
    watch: Watch | None = None,
) -> Report:
    """Bring in the good rows as one group; those that the store rejects join the bad ones.

    So what was checked is good for one run: after a dry one, check again.

    Raises:
        InvalidError: with `strict`, a row is bad; nothing is written.
    """
    if strict and checked.rejected:
        line, reason = checked.reasons[0]
        raise InvalidError(
            f"{reading.filename}:{line}: {reason}", tr("nothing was written (--strict)")
        )
    about = _about(reading)
    progress = partial(watch, "write") if watch else None
    report = crm.write(
        f"import {about.name}",
        lambda w: import_rows(w, checked, about, strict=strict, progress=progress),
        source="import",
        dry_run=dry_run,
        last=partial(watch, "save", checked.valid) if watch else None,
    ).value
    for line, reason, cells in report.rejects:
        checked.reject(line, reason, cells)
    return report


def _about(reading: Reading) -> File:
    mapping = {column.name: column.target for column in reading.columns if column.target}
    name = clean(os.path.basename(reading.filename))
    return File(name, reading.sha256, f"{reading.preset} {reading.noun}", mapping)


def rejects_path(file: str) -> str:
    """Give where the rejected rows of a file go, unless it is said."""
    return "stdin.rejected.csv" if file == "-" else f"{os.path.splitext(file)[0]}.rejected.csv"


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


def refuse_partial(checked: Checked, path: str) -> None:
    """Tell of rejected rows, kept in the file `path`.

    Raises:
        PartialError: there are some.
    """
    if checked.rejected:
        hint = tr("in {path} with the reasons; mend it and import it", path=path) if path else ""
        raise PartialError(
            trn("{count} row was rejected", "{count} rows were rejected", checked.rejected), hint
        )


def notes(reading: Reading, checked: Checked, report: Report) -> Iterator[str]:
    """Say how the file was read, what was odd, and which rows are bad, a line each."""
    name = safe(reading.filename)
    yield from _reading_notes(reading, name)
    yield from _oddities(reading, checked, report)
    for line, reason in checked.reasons:
        yield tr("{name}:{line}: rejected: {reason}", name=name, line=line, reason=reason)


def _oddities(reading: Reading, checked: Checked, report: Report) -> Iterator[str]:
    """Say which good rows are odd."""
    name = safe(reading.filename)
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


def counts_said(report: Report) -> str:
    """Give the counts of an import: `3 created, 1 updated, …`."""
    return tr(
        "{created} created, {updated} updated, {unchanged} unchanged, {skipped} skipped,"
        " {rejected} rejected",
        **{count: report.counts[count] for count in COUNTS},
    )
