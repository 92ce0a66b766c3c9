"""The fourth step of an import: every row through the one validation of its noun.

Valid rows wait on disk until the database is open for writing, so that neither the memory nor the
write lock grows with the file; rejected rows wait in a file of their own.
"""

import csv
import io
import pickle
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import IO, Any

from crmcli.errors import InvalidError
from crmcli.interchange.record import Record, Reject, Skip
from crmcli.rules.contact import draft_contact
from crmcli.rules.field import Fields
from crmcli.rules.interaction import draft_interaction
from crmcli.rules.org import draft_org
from crmcli.rules.task import draft_task

BATCH = 1_000
SHOWN = 5  # rejected rows named in the report

Draft = Any  # one of the drafts of rules/
# Line, draft, and the cells where the store may still reject the row.
Line = tuple[int, Draft, list[str] | None]


@dataclass(slots=True)
class Checked:
    """A file after validation: the good rows on disk, the others with their reasons.

    Args:
        noun: what the rows are.
        valid: how many rows are good.
        skipped: how many hold nobody.
        rejected: how many are bad; the first few in `reasons` as (line, reason).
        warnings: oddities that were kept, as (line, what).
    """

    noun: str
    header: list[str]
    valid: int = 0
    skipped: int = 0
    rejected: int = 0
    reasons: list[tuple[int, str]] = field(default_factory=list)
    warnings: list[tuple[int, str]] = field(default_factory=list)
    warned: int = 0
    spool: IO[bytes] = field(default_factory=tempfile.TemporaryFile)
    rejects: IO[str] = field(default_factory=lambda: _text_file())

    def batches(self) -> Iterator[list[Line]]:
        """Give the good rows in file order, a batch at a time."""
        self.spool.seek(0)
        for _ in range(-(-self.valid // BATCH)):
            yield pickle.load(self.spool)

    def reject(self, line: int, reason: str, cells: list[str]) -> None:
        """Set a row aside with its reason."""
        self.rejected += 1
        if len(self.reasons) < SHOWN:
            self.reasons.append((line, reason))
        width = len(self.header)
        row = cells[:width] + [""] * (width - len(cells))
        surplus = cells[width:]  # behind the reason, so that an unmended row is too long again
        csv.writer(self.rejects).writerow([*row, line, reason, *surplus])

    def rejected_rows(self) -> str:
        """Give the rejected rows as CSV: the file's own columns, then line and reason."""
        head = io.StringIO()
        csv.writer(head).writerow([*self.header, "line", "reason"])
        self.rejects.seek(0)
        return head.getvalue() + self.rejects.read()

    def close(self) -> None:
        """Give the disk space back."""
        self.spool.close()
        self.rejects.close()


def _text_file() -> IO[str]:
    return tempfile.TemporaryFile("w+", encoding="utf-8", newline="")


def validate(
    items: Iterable[Record | Reject | Skip],
    noun: str,
    header: list[str],
    region: str | None,
    *,
    tags: Sequence[str] = (),
    owner: str | None = None,
    fields: Fields | None = None,
) -> Checked:
    """Check every row.

    Args:
        items: what the reader gives.
        noun: what the rows are.
        header: the column names, for the file of rejects.
        region: how telephone numbers without + are read.
        tags: put on every contact and org.
        owner: of every record that names none.
        fields: the own fields of the noun.
    """
    checked = Checked(noun, header)
    about = {"tags": list(tags) if noun in ("contact", "org") else [], "owner": owner}
    try:
        _take(checked, items, region, fields or Fields(), about)
    except BaseException:
        checked.close()
        raise
    return checked


def _take(
    checked: Checked,
    items: Iterable[Record | Reject | Skip],
    region: str | None,
    fields: Fields,
    about: dict[str, Any],
) -> None:
    batch: list[Line] = []
    for item in items:
        if isinstance(item, Reject):
            checked.reject(item.line, item.reason, item.cells)
        elif isinstance(item, Skip):
            checked.skipped += 1
        else:
            if about["tags"]:
                item.raw["tags"] = [*item.raw.get("tags", ()), *about["tags"]]
            if about["owner"]:
                item.raw.setdefault("owner", about["owner"])
            _check(checked, batch, item, region, fields)
            if len(batch) == BATCH:
                pickle.dump(batch, checked.spool, pickle.HIGHEST_PROTOCOL)
                batch.clear()
    if batch:
        pickle.dump(batch, checked.spool, pickle.HIGHEST_PROTOCOL)


def _check(
    checked: Checked, batch: list[Line], record: Record, region: str | None, fields: Fields
) -> None:
    try:
        draft = draft_of(record.noun, record.raw, region, fields)
    except InvalidError as error:
        reason = error.message + (f" ({error.hint})" if error.hint else "")
        checked.reject(record.line, reason, record.cells)
        return
    may_reject = record.noun in ("task", "interaction") or fields.definitions
    batch.append((record.line, draft, record.cells if may_reject else None))
    checked.valid += 1
    for warning in getattr(draft, "warnings", ()):
        checked.warned += 1
        if len(checked.warnings) < SHOWN:
            checked.warnings.append((record.line, warning))


def draft_of(
    noun: str, raw: dict[str, Any], region: str | None, fields: Fields | None = None
) -> Draft:
    """Validate one raw record of any noun, keeping what only looks wrong.

    Raises:
        InvalidError: it cannot be stored.
    """
    if noun == "contact":
        return draft_contact(raw, region, lenient=True, fields=fields)
    if noun == "org":
        return draft_org(raw, region, lenient=True, fields=fields)
    return draft_task(raw) if noun == "task" else draft_interaction(raw)
