"""Imports: match, plan, apply, verify; in one change group, or in several that are undone as one.

The rows come validated, a batch at a time. A row is known by our uid, else by its id in the
program it comes from, else by its e-mail, else by phone with name, else, if it has none of these,
by its name. What is known is filled, never overwritten, unless the policy says otherwise; the
same file again writes nothing.
"""

import json
import sqlite3
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from crmcli.errors import CrmError, NotFoundError
from crmcli.i18n import tr
from crmcli.rules.contact import ContactDraft
from crmcli.rules.deal import DealDraft
from crmcli.rules.org import OrgDraft
from crmcli.store import duplicate, journal
from crmcli.store.import_contact import ContactImport, Past
from crmcli.store.import_deal import DealImport
from crmcli.store.import_edit import Policy
from crmcli.store.import_other import ActivityImport, OrgImport
from crmcli.store.journal import Reverted
from crmcli.store.rows import Row, fetch
from crmcli.store.sql import import_ as sql
from crmcli.store.unit import Unit

BULK = 500  # from so many rows on, inserts are journalled as id ranges
# In the order in which they may be filled; an undo goes backwards.
TABLES = (
    *("tag", "org", "contact", "handle", "employment", "channel", "address", "important_date"),
    *("task", "interaction", "interaction_contact", "tagging", "external_ref"),
)
MOST_SAID = (20, 3)  # messages that are kept, and those of rows that are skipped
COUNTS = ("created", "updated", "unchanged", "skipped", "rejected")
# Of the records of one row the worst outcome counts, then the one that says most.
_WEIGHT = {"unchanged": 0, "skipped": 1, "updated": 2, "created": 3, "rejected": 4}

Outcome = tuple[str, int | None, str | None]  # created, updated, …; the record; a message
Line = tuple[int, list[Any], list[str] | None]
"""A row of the file: its line, the drafts of what it holds, its cells if it may be rejected."""


@dataclass(frozen=True, slots=True)
class File:
    """Where rows come from, for the list of imports."""

    name: str
    sha256: str
    format: str
    mapping: dict[str, str]


@dataclass(slots=True)
class Report:
    """What an import did so far; at its end the five counts add up to the rows read.

    Args:
        batch_id: its number in the list of imports; None while it wrote nothing.
        group_id: the change group that undoes it, with its parts.
        counts: rows by outcome.
        messages: what was odd, the first few, as (line, what).
        rejects: rows that the store rejected, as (line, reason, cells).
        past: what has to be remembered for the rows to come.
        continues: it goes on with an import that was broken off, and closes that one.
    """

    batch_id: int | None = None
    group_id: int | None = None
    counts: Counter[str] = field(default_factory=Counter)
    messages: list[tuple[int, str]] = field(default_factory=list)
    rejects: list[tuple[int, str, list[str]]] = field(default_factory=list)
    past: Past | None = None
    continues: bool = False

    @property
    def has_moved(self) -> bool:
        """Whether anything was written."""
        return bool(self.counts["created"] or self.counts["updated"])

    def copy(self) -> "Report":
        """Give one for a unit of work that may be tried again."""
        return replace(
            self,
            counts=Counter(self.counts),
            messages=list(self.messages),
            rejects=list(self.rejects),
            past=self.past and self.past.copy(),
        )

    def add(self, line: int, outcome: Outcome, cells: list[str] | None) -> None:
        """Count one row."""
        kind, _, message = outcome
        self.counts[kind] += 1
        if kind == "rejected":
            self.rejects.append((line, message or "", cells or []))
        elif message and len(self.messages) < MOST_SAID[kind == "skipped"]:
            self.messages.append((line, message))


def import_rows(
    w: Unit,
    batches: Iterable[Sequence[Line]],
    file: File,
    so_far: Report,
    *,
    policy: Policy,
    amount: int,
    has_deals: bool = False,
    is_last: bool = True,
    progress: Callable[[int], object] | None = None,
) -> Report:
    """Bring in validated rows; give the report with them in it.

    Args:
        w: the unit of work.
        batches: the rows, a batch at a time.
        file: where they come from.
        so_far: the report of the rows before; it is not changed.
        policy: what becomes of rows about somebody who is here already.
        amount: how many rows there are in `batches`.
        has_deals: some are of deals, whose moves change rows of the same import.
        is_last: no rows of the file come after these.
        progress: told how many of them are in, after each batch; what it raises rolls all back.
    """
    report = so_far.copy()
    before = Counter(report.counts) if report.batch_id else Counter()
    w.begin_group()
    continued = _unfinished(w, file) if report.batch_id is None else None
    report.continues = report.continues or continued is not None
    report.group_id = report.group_id or continued or w.group_id
    if report.group_id != w.group_id:
        w.conn.execute(sql.PART_OF, {"part_of_id": report.group_id, "id": w.group_id})
    if report.batch_id is None:
        report.batch_id = _open_batch(w, file)
    report.past = report.past or Past(w.next_id("contact"), w.next_id("org"))
    step = _Step(w, policy, report.past)
    if amount >= BULK and not has_deals:
        with w.bulk(TABLES):
            _run(w, batches, step, report, progress)
    else:
        _run(w, batches, step, report, progress)
    counts = {name: report.counts[name] - before[name] for name in COUNTS}
    values = {**counts, "is_done": int(is_last), "id": report.batch_id}
    w.conn.execute(sql.COUNT_BATCH, values)
    return report


def likenesses(conn: sqlite3.Connection, reports: Iterable[Report]) -> dict[str, int]:
    """Give how many pairs look like one, with somebody or an org that these imports made."""
    pasts = [report.past for report in reports if report.past and report.has_moved]
    if not pasts:
        return {"contact": 0, "org": 0}
    first = {
        "contact": min(past.first_new for past in pasts),
        "org": min(past.first_org for past in pasts),
    }
    return {noun: len(duplicate.pairs(conn, noun, since)) for noun, since in first.items()}


def forget_nothing(w: Unit, before: Report, after: Report) -> Report:
    """Roll a unit of work back that came to nothing; give the report without its traces."""
    if after.has_moved or after.continues or before.batch_id is not None:
        return after
    w.forget_group()
    return replace(after, batch_id=None, group_id=before.group_id)


def verify(report: Report, rows: int) -> None:
    """Compare the counts with the rows read.

    Raises:
        CrmError: they differ (a fault of ours).
    """
    total = sum(report.counts.values())
    if total != rows:
        raise CrmError(
            tr("the import counted {total} rows, but read {valid}", total=total, valid=rows)
        )


def list_imports(conn: sqlite3.Connection, limit: int) -> list[Row]:
    """Give the newest imports with their counts and whether they are undone."""
    return fetch(conn, sql.BATCHES, limit=limit)


def undo_import(w: Unit, id: int | None) -> Reverted:
    """Take an import back: the actor's newest, or batch `id`; records edited since are kept.

    Raises:
        NotFoundError: there is no such import.
    """
    batch = w.one(sql.LAST_BATCH, actor=w.actor) if id is None else w.one(sql.BATCH, id=id)
    if batch is None:
        said = tr("there is no import {id}", id=id) if id else tr("there is no import of yours")
        raise NotFoundError(said, tr("`crm import --list` shows them"))
    return journal.undo(w, batch["group_id"], skip_changed=True)


class _Step:
    """Brings batches in: orgs before people who work there, people before what is about them."""

    def __init__(self, w: Unit, policy: Policy, past: Past) -> None:
        self.people = ContactImport(w, policy, past)
        self.orgs = OrgImport(w, policy)
        self.activities = ActivityImport(w, policy)
        self.deals = DealImport(w, policy)

    def run(self, batch: Sequence[Line]) -> list[list[Outcome]]:
        """Bring in one batch; give what became of each record of each row."""
        outcomes: dict[tuple[int, int], Outcome] = {}
        people: list[tuple[int, int]] = []
        later: list[tuple[int, int]] = []
        for row, (_, drafts, _) in enumerate(batch):
            for part, draft in enumerate(drafts):
                if isinstance(draft, OrgDraft):
                    outcomes[row, part] = self.orgs.bring(draft)
                else:
                    (people if isinstance(draft, ContactDraft) else later).append((row, part))
        if people:
            found = self.people.run([batch[row][1][part] for row, part in people])
            outcomes.update(zip(people, found, strict=True))
        same = {row: outcomes[row, part][1] for row, part in reversed(people)}
        for row, part in later:
            draft = batch[row][1][part]
            bring = self.deals.bring if isinstance(draft, DealDraft) else self.activities.bring
            outcomes[row, part] = bring(draft, same.get(row))
        return [
            [outcomes[row, part] for part in range(len(drafts))]
            for row, (_, drafts, _) in enumerate(batch)
        ]


def _unfinished(w: Unit, file: File) -> int | None:
    """Give the group of an import of the same file that was broken off: this one continues it."""
    row = w.one(sql.UNFINISHED, sha256=file.sha256, actor=w.actor)
    if row is None:
        return None
    w.conn.execute(sql.FINISH_BATCH, {"id": row["id"]})
    return int(row["root_id"])


def _open_batch(w: Unit, file: File) -> int:
    values = {
        "group_id": w.group_id,
        "filename": file.name,
        "sha256": file.sha256,
        "format": file.format,
        "mapping": json.dumps(file.mapping, ensure_ascii=False),
        "at": w.now,
    }
    return w.conn.execute(sql.ADD_BATCH, values).lastrowid or 0


def _run(
    w: Unit,
    batches: Iterable[Sequence[Line]],
    step: _Step,
    report: Report,
    progress: Callable[[int], object] | None,
) -> None:
    done = 0
    for batch in batches:
        records = []
        for (line, drafts, cells), outcomes in zip(batch, step.run(batch), strict=True):
            outcome = _of_row(outcomes)
            report.add(line, outcome, cells)
            kind, id, message = outcome
            records.append((report.batch_id, line, kind, _noun(drafts[0]), id, message))
        w.conn.executemany(sql.ADD_ROW, records)
        done += len(batch)
        if progress is not None:
            progress(done)


def _of_row(outcomes: list[Outcome]) -> Outcome:
    """Give what became of a row: of all its records, under the one it is about."""
    first = outcomes[0]
    if len(outcomes) == 1:
        return first
    kind, _, message = max(outcomes, key=lambda outcome: _WEIGHT[outcome[0]])
    if kind == "created" and first[0] in ("updated", "unchanged"):
        kind = "updated"
    return kind, first[1], message or first[2]


def _noun(draft: Any) -> str:
    """Give the noun of a draft: `ContactDraft` is of a contact."""
    return type(draft).__name__.removesuffix("Draft").lower()
