"""Imports: match, plan, apply, verify; one change group, or nothing at all.

The rows come validated, a batch at a time. A row is known by our uid, else by its id in the
program it comes from, else by its e-mail, else by phone with name, else, if it has none of these,
by its name. What is known is filled, never overwritten; the same file again writes nothing.
"""

import json
import sqlite3
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any, Protocol

from crmcli.clock import instant
from crmcli.errors import ConflictError, CrmError, InvalidError, NotFoundError
from crmcli.i18n import tr
from crmcli.rules.interaction import InteractionDraft
from crmcli.rules.org import OrgDraft
from crmcli.rules.task import TaskDraft
from crmcli.store import field as field_store
from crmcli.store import interaction, journal, org, party, task
from crmcli.store.import_contact import TABLES, ContactImport
from crmcli.store.journal import Reverted
from crmcli.store.rows import Row, fetch
from crmcli.store.sql import import_ as sql
from crmcli.store.unit import Unit

BULK = 500  # from so many rows on, inserts are journalled as id ranges
Outcome = tuple[str, int | None, str | None]  # created, updated, …; the record; a message


class Rows(Protocol):
    """What an import needs of a validated file."""

    noun: str
    valid: int
    skipped: int
    rejected: int

    def batches(self) -> Iterator[list[tuple[int, Any, list[str] | None]]]:
        """Give the good rows as (line, draft, cells), a batch at a time."""


@dataclass(frozen=True, slots=True)
class File:
    """Where rows come from, for the list of imports."""

    name: str
    sha256: str
    format: str
    mapping: dict[str, str]


@dataclass(slots=True)
class Report:
    """What an import did; the five counts add up to the rows read."""

    batch_id: int | None = None
    group_id: int | None = None
    counts: Counter[str] = field(default_factory=Counter)
    messages: list[tuple[int, str]] = field(default_factory=list)
    rejects: list[tuple[int, str, list[str]]] = field(default_factory=list)

    def add(self, line: int, outcome: Outcome, cells: list[str] | None) -> None:
        """Count one row."""
        kind, _, message = outcome
        self.counts[kind] += 1
        if kind == "rejected":
            self.rejects.append((line, message or "", cells or []))
        elif message and len(self.messages) < 20:
            self.messages.append((line, message))


def import_rows(
    w: Unit,
    rows: Rows,
    file: File,
    *,
    strict: bool = False,
    progress: Callable[[int], object] | None = None,
) -> Report:
    """Bring in validated rows; when nothing changes, nothing is written.

    Args:
        w: the unit of work.
        rows: the validated file.
        file: where they come from.
        strict: all rows or none.
        progress: told how many rows are in, after each batch; what it raises rolls all back.

    Raises:
        InvalidError: with `strict`, a row that cannot be stored; all is rolled back.
        CrmError: the database does not hold what was reported (a fault of ours); rolled back.
    """
    report = Report()
    report.counts.update(skipped=rows.skipped, rejected=rows.rejected)
    if not rows.valid:
        return report
    w.begin_group()
    report.group_id = w.group_id
    report.batch_id = _open_batch(w, rows, file)
    step = ContactImport(w) if rows.noun == "contact" else OtherImport(w)
    tables = TABLES if rows.noun == "contact" else OtherImport.TABLES
    if rows.valid >= BULK:
        with w.bulk(tables):
            _run(w, rows, step, report, progress)
    else:
        _run(w, rows, step, report, progress)
    _verify(report, rows)
    if strict and report.rejects:
        line, reason, _ = report.rejects[0]
        raise InvalidError(f"{file.name}:{line}: {reason}", tr("nothing was written (--strict)"))
    if not (report.counts["created"] or report.counts["updated"]):
        w.forget_group()
        report.batch_id = report.group_id = None
        return report
    counts = {name: report.counts[name] for name in ("created", "updated", "unchanged")}
    counts |= {name: report.counts[name] for name in ("skipped", "rejected")}
    w.conn.execute(sql.COUNT_BATCH, {**counts, "id": report.batch_id})
    return report


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
        raise NotFoundError(tr("there is no such import"), tr("`crm import --list` shows them"))
    return journal.undo(w, batch["group_id"], skip_changed=True)


SLACK = timedelta(days=1)  # clocks of other machines, days without a time zone


class OtherImport:
    """Matches and stores orgs, tasks and interactions, one by one, by uid (orgs also by name)."""

    TABLES = (
        "tag",
        "org",
        "channel",
        "address",
        "handle",
        "task",
        "interaction",
        "interaction_contact",
        "tagging",
    )

    def __init__(self, w: Unit) -> None:
        self.w = w
        self.guard = field_store.Guard(w.conn, "org")

    def run(self, batch: Sequence[tuple[int, Any, Any]]) -> list[Outcome]:
        """Bring in one batch; give what became of each row."""
        return [self._one(draft) for _, draft, _ in batch]

    def _one(self, draft: Any) -> Outcome:
        if isinstance(draft, OrgDraft):
            try:
                return self._org(draft)
            except (InvalidError, ConflictError) as error:  # of an own field, before any write
                return "rejected", None, error.message
        if isinstance(draft, TaskDraft):
            return self._task(draft)
        return self._interaction(draft)

    def _org(self, draft: OrgDraft) -> Outcome:
        found = self._id("org", draft.uid)
        if found is None:
            row = self.w.one(sql.ORG_BY_NAME, name_norm=draft.values["name_norm"])
            found = row["id"] if row else None
        if found and (self.w.get("org", found) or {})["archived_at"]:
            return "skipped", found, tr("in the trash as {ref}", ref=f"o{found}")
        if found is None:
            id = org.add_org(self.w, draft, self.guard)
            self.guard.take(draft.custom, id)
            return "created", id, None
        edit = fill_org(self.w, found, draft)
        moved = party.edit_party(self.w, "org", found, edit, guard=self.guard)
        self.guard.take(edit.custom, found)
        return "updated" if moved else "unchanged", found, None

    def _task(self, draft: TaskDraft) -> Outcome:
        found = self._id("task", draft.values["uid"])
        if found is not None:
            return "unchanged", found, None
        noun, id = None, None
        for noun_, uid in (("contact", draft.contact_uid), ("org", draft.org_uid)):
            if uid and id is None:
                noun, id = noun_, self._id(noun_, uid)
                if id is None:
                    return (
                        "rejected",
                        None,
                        tr(
                            "the {noun} {uid} is not here: import it first", noun=tr(noun_), uid=uid
                        ),
                    )
        if reason := task.second_of_series(self.w, draft):
            return "rejected", None, reason
        return "created", task.add_task(self.w, draft, noun, id), None

    def _interaction(self, draft: InteractionDraft) -> Outcome:
        found = self._id("interaction", draft.values["uid"])
        if found is not None:
            return "unchanged", found, None
        if instant(draft.values["occurred_at"]) > self.w.clock.now() + SLACK:
            return "rejected", None, tr("it lies in the future: what is to come is a task")
        people = [self._id("contact", uid) for uid in draft.contact_uids]
        if None in people:
            uid = draft.contact_uids[people.index(None)]
            return "rejected", None, tr("the contact {uid} is not here: import it first", uid=uid)
        org_id = self._id("org", draft.org_uid)
        if draft.org_uid and org_id is None:
            return (
                "rejected",
                None,
                tr("the org {uid} is not here: import it first", uid=draft.org_uid),
            )
        id = interaction.add_interaction(
            self.w,
            draft,
            [person for person in people if person],
            org_id=org_id,
            task_id=self._id("task", draft.task_uid),
        )
        return "created", id, None

    def _id(self, noun: str, uid: str | None) -> int | None:
        row = self.w.one(sql.ID_BY_UID[noun], uid=uid) if uid else None
        return row["id"] if row else None


def fill_org(w: Unit, id: int, draft: OrgDraft) -> party.Edit:
    """Give the edit that fills what an org does not have yet."""
    known = org.get_org(w.conn, id)
    columns = ("domain", "industry", "note")
    values = {name: draft.values[name] for name in columns if not getattr(known, name)}
    return party.Edit(
        values={name: value for name, value in values.items() if value},
        custom={key: text for key, text in draft.custom.items() if key not in known.custom},
        channels=draft.channels,
        addresses=[address for address in draft.addresses if address not in known.addresses],
        tags=draft.tags,
    )


def _open_batch(w: Unit, rows: Rows, file: File) -> int:
    values = {
        "group_id": w.group_id,
        "filename": file.name,
        "sha256": file.sha256,
        "format": file.format,
        "mapping": json.dumps(file.mapping, ensure_ascii=False),
        "skipped": rows.skipped,
        "rejected": rows.rejected,
        "at": w.now,
    }
    return w.conn.execute(sql.ADD_BATCH, values).lastrowid or 0


def _run(
    w: Unit,
    rows: Rows,
    step: "ContactImport | OtherImport",
    report: Report,
    progress: Callable[[int], object] | None,
) -> None:
    done = 0
    for batch in rows.batches():
        outcomes = step.run(batch)
        records = []
        for (line, _, cells), outcome in zip(batch, outcomes, strict=True):
            report.add(line, outcome, cells)
            kind, id, message = outcome
            records.append((report.batch_id, line, kind, rows.noun, id, message))
        w.conn.executemany(sql.ADD_ROW, records)
        done += len(batch)
        if progress is not None:
            progress(done)


def _verify(report: Report, rows: Rows) -> None:
    """Compare the counts with the rows read, before the commit."""
    total = sum(report.counts.values())
    if total != rows.valid + rows.skipped + rows.rejected:
        raise CrmError(
            tr("the import counted {total} rows, but read {valid}", total=total, valid=rows.valid)
        )
