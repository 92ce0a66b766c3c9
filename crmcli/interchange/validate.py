"""The fourth step of an import: every row through the one validation of its noun.

Valid rows wait on disk until the database is open for writing, so that neither the memory nor the
write lock grows with the file; rejected rows wait in a file of their own.
"""

import csv
import io
import pickle
import tempfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from typing import IO, Any

from crmcli.errors import InvalidError, StorageError
from crmcli.i18n import tr
from crmcli.interchange.record import Record, Reject, Skip
from crmcli.rules.contact import draft_contact
from crmcli.rules.deal_import import draft_import
from crmcli.rules.field import Fields
from crmcli.rules.interaction import draft_interaction
from crmcli.rules.org import draft_org
from crmcli.rules.task import draft_task

BATCH = 1_000
_IN_MEMORY = 1 << 16  # bytes
SHOWN = 5  # rejected rows named in the report

Draft = Any  # one of the drafts of rules/
Line = tuple[int, list[Draft], list[str] | None]
"""Line, the drafts of what the row holds, and its cells where the store may still reject it."""


@dataclass(slots=True)
class Checked:
    """A file after validation: the good rows on disk, the others with their reasons.

    Args:
        noun: what the rows are.
        valid: how many rows are good.
        skipped: how many hold nobody.
        rejected: how many are bad; the first few in `reasons` as (line, reason).
        warnings: oddities that were kept, as (line, what).
        has_deals: whether any of the good rows holds a deal.
    """

    noun: str
    header: list[str]
    valid: int = 0
    skipped: int = 0
    rejected: int = 0
    reasons: list[tuple[int, str]] = field(default_factory=list)
    warnings: list[tuple[int, str]] = field(default_factory=list)
    warned: int = 0
    has_deals: bool = False
    spool: IO[bytes] = field(default_factory=lambda: _bytes_file())
    rejects: IO[str] = field(default_factory=lambda: _text_file())

    places: list[int] = field(default_factory=list)  # where each batch begins in the spool

    def batches(self, first: int = 0, rows: int | None = None) -> Iterator[list[Line]]:
        """Give good rows in file order, a batch at a time.

        Args:
            first: the first of them, counted from 0; it begins a batch.
            rows: how many; None for all from there on.
        """
        last = self.valid if rows is None else first + rows
        for place in self.places[first // BATCH : -(-last // BATCH)]:
            self.spool.seek(place)
            yield pickle.load(self.spool)

    def keep(self, batch: list[Line]) -> None:
        """Lay good rows aside."""
        self.places.append(self.spool.tell())
        pickle.dump(batch, self.spool, pickle.HIGHEST_PROTOCOL)

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
        """Give the rejected rows as CSV: the file's own columns, then line and reason.

        Of deals it is called otherwise: theirs have a reason of their own, why they were lost.
        """
        head = io.StringIO()
        reason = "rejected" if self.noun == "deal" else "reason"
        csv.writer(head).writerow([*self.header, "line", reason])
        self.rejects.seek(0)
        return head.getvalue() + self.rejects.read()

    def close(self) -> None:
        """Give the disk space back."""
        for file in (self.spool, self.rejects):
            with suppress(OSError):  # it cannot be flushed: the disk is full
                file.close()


# Small ones stay in memory: a folder may hold more files than a process may open.


def _bytes_file() -> IO[bytes]:
    return tempfile.SpooledTemporaryFile(_IN_MEMORY)


def _text_file() -> IO[str]:
    return tempfile.SpooledTemporaryFile(_IN_MEMORY, "w+", encoding="utf-8", newline="")


def validate(
    items: Iterable[Record | Reject | Skip],
    noun: str,
    header: list[str],
    region: str | None,
    *,
    tags: Sequence[str] = (),
    owner: str | None = None,
    source: str = "",
    fields: Mapping[str, Fields] | None = None,
) -> Checked:
    """Check every row.

    Args:
        items: what the reader gives.
        noun: what the rows are, most of them at least.
        header: the column names, for the file of rejects.
        region: how telephone numbers without + are read.
        tags: put on every contact, and on every org where the rows are orgs.
        owner: of every record that names none.
        source: where people and deals come from that say nothing else.
        fields: the own fields by noun.

    Raises:
        StorageError: there is no room for the rows until they are written.
    """
    checked = Checked(noun, header)
    about = _About(list(tags), owner, source, region, fields or {})
    try:
        _take(checked, items, about)
    except OSError as error:
        checked.close()
        where = tempfile.gettempdir()
        said = tr("cannot write {path}: {reason}", path=where, reason=error.strerror)
        raise StorageError(said) from None
    except BaseException:
        checked.close()
        raise
    return checked


@dataclass(frozen=True, slots=True)
class _About:
    """What holds for every row of a file; see `validate`."""

    tags: list[str]
    owner: str | None
    source: str
    region: str | None
    fields: Mapping[str, Fields]

    def draft(self, noun: str, raw: dict[str, Any], row_noun: str) -> Draft:
        """Validate one record, with what holds for all."""
        if self.tags and noun in ("contact", row_noun) and noun in ("contact", "org"):
            raw["tags"] = [*raw.get("tags", ()), *self.tags]
        if self.owner:
            raw.setdefault("owner", self.owner)
        if self.source and noun in ("contact", "deal"):
            raw.setdefault("source", self.source)
        return draft_of(noun, raw, self.region, self.fields.get(noun))


def _take(checked: Checked, items: Iterable[Record | Reject | Skip], about: _About) -> None:
    batch: list[Line] = []
    for item in items:
        if isinstance(item, Reject):
            checked.reject(item.line, item.reason, item.cells)
        elif isinstance(item, Skip):
            checked.skipped += 1
        else:
            _check(checked, batch, item, about)
            if len(batch) == BATCH:
                checked.keep(batch)
                batch.clear()
    if batch:
        checked.keep(batch)


def _check(checked: Checked, batch: list[Line], record: Record, about: _About) -> None:
    parts = [(record.noun, record.raw), *record.more]
    try:
        drafts = [about.draft(noun, raw, record.noun) for noun, raw in parts]
    except InvalidError as error:
        reason = error.message + (f" ({error.hint})" if error.hint else "")
        checked.reject(record.line, reason, record.cells)
        return
    may_reject = any(
        noun in ("task", "interaction", "deal")
        or (noun in about.fields and about.fields[noun].definitions)
        for noun, _ in parts
    )
    batch.append((record.line, drafts, record.cells if may_reject else None))
    checked.valid += 1
    checked.has_deals = checked.has_deals or any(noun == "deal" for noun, _ in parts)
    for warning in (warning for draft in drafts for warning in getattr(draft, "warnings", ())):
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
    if noun == "deal":
        return draft_import(raw, region, fields)
    return draft_task(raw, region) if noun == "task" else draft_interaction(raw, region)
