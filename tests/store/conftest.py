"""What the tests of the store share: one short word for each everyday write."""

import json
import shutil
import sqlite3
from collections.abc import Callable
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from crmcli.clock import Clock
from crmcli.rules.contact import draft_contact
from crmcli.rules.deal import draft_deal
from crmcli.rules.filter import parse
from crmcli.rules.interaction import draft_interaction
from crmcli.rules.org import draft_org
from crmcli.rules.task import draft_task
from crmcli.store import (
    contact,
    deal,
    filter,
    interaction,
    journal,
    org,
    party,
    pipeline,
    search,
    task,
)
from crmcli.store.dialect import UNJOURNALED
from crmcli.store.kinds import Scope
from crmcli.store.party import Edit
from crmcli.store.rows import Where
from crmcli.store.tables import COLUMNS
from crmcli.store.unit import Done, Store, Unit

AT = "2026-11-20T10:00:00Z"


class Crm:
    """A store with a verb for each everyday write; every verb is one unit of work."""

    def __init__(self, store: Store) -> None:
        self.store = store

    @property
    def conn(self) -> sqlite3.Connection:
        return self.store.reader

    def write(self, fn: Callable[[Unit], Any], command: str = "test", **options: Any) -> Done[Any]:
        return self.store.write(command, fn, **options)

    def contact(self, name: str = "Ana Novak", **raw: Any) -> int:
        draft = draft_contact({"name": name, **raw}, "SI")
        return self.write(lambda w: contact.add_contact(w, draft)).value

    def org(self, name: str = "Acme", **raw: Any) -> int:
        draft = draft_org({"name": name, **raw}, "SI")
        return self.write(lambda w: org.add_org(w, draft)).value

    def task(self, title: str = "Call", who: tuple[str, int] | None = None, **raw: Any) -> int:
        deal_id = raw.pop("deal_id", None)
        draft = draft_task({"title": title, **raw})
        noun, id = who or (None, None)
        return self.write(lambda w: task.add_task(w, draft, noun, id, deal_id)).value

    def log(self, *ids: int, kind: str = "call", at: str = AT, **raw: Any) -> int:
        links = {key: raw.pop(key) for key in ("org_id", "task_id") if key in raw}
        draft = draft_interaction({"kind": kind, "occurred_at": at, **raw})
        return self.write(lambda w: interaction.add_interaction(w, draft, ids, **links)).value

    def deal(self, name: str = "Pilot", *, stage: str = "", **raw: Any) -> int:
        links = {key: raw.pop(key) for key in ("contact_id", "org_id") if key in raw}
        draft = draft_deal({"name": name, **raw}, "EUR")
        place = pipeline.find_stage(self.conn, stage or "Lead", "deal")
        return self.write(lambda w: deal.add_deal(w, draft, place, **links)).value

    def move(self, id: int, stage: str, at: str | None = None) -> bool:
        place = pipeline.find_stage(self.conn, stage, "deal")
        reason = 1 if place.kind == "lost" else None
        return self.write(lambda w: deal.move(w, id, place, at, reason_id=reason)).value

    def place(self, contact_id: int, stage: str, at: str | None = None) -> bool:
        """Let a person enter a stage of the pipeline of people."""
        found = pipeline.find_stage(self.conn, stage, "contact")
        return self.write(lambda w: deal.move_contact(w, contact_id, found, at)).value

    def edit(self, id: int, **change: Any) -> bool:
        given = edit(**change)
        return self.write(lambda w: contact.edit_contact(w, id, given)).value

    def rename(self, noun: str, id: int, name: str) -> None:
        from crmcli.text import fold

        column = "display_name" if noun == "contact" else "name"
        self.write(lambda w: w.update(noun, id, **{column: name}, name_norm=fold(name)))

    def trash(self, noun: str, id: int, archived: bool = True) -> bool:
        return self.write(lambda w: party.set_archived(w, noun, id, archived=archived)).value

    def undo(self, id: int | None = None, **options: Any) -> journal.Reverted:
        return self.write(lambda w: journal.undo(w, id, **options), "undo", source="undo").value

    def redo(self, **options: Any) -> journal.Reverted:
        return self.write(lambda w: journal.redo(w, **options), "redo", source="undo").value

    def outside(self, statement: str, *values: Any) -> None:
        """Write as another program would."""
        with closing(sqlite3.connect(self.store.path)) as conn, conn:
            conn.execute(statement, values)

    def all(self, query: str, *values: Any) -> list[Any]:
        """Give rows; those of one column as plain values."""
        rows = self.conn.execute(query, values).fetchall()
        return [row[0] if len(row) == 1 else row for row in rows]

    def row(self, table: str, id: int) -> dict[str, Any]:
        cursor = self.conn.execute(f"SELECT * FROM {table} WHERE id = ?", (id,))
        return dict(zip([c[0] for c in cursor.description], cursor.fetchone(), strict=True))

    def last_group(self) -> int:
        return self.all("SELECT max(id) FROM change_group")[0]

    def find(self, text: str, **options: Any) -> list[str]:
        return [search.reference(key) for key in search.find(self.conn, text, **options).keys]

    def resolve(self, text: str, *nouns: str, **options: Any) -> list[str]:
        keys = search.resolve(self.conn, text, nouns or ("contact", "org"), **options)
        return [search.reference(key) for key in keys]

    def dump(self) -> str:
        """Give all that is journalled, without version, as text to compare."""
        lines = []
        for table in sorted(set(COLUMNS) - UNJOURNALED):
            cursor = self.conn.execute(f"SELECT * FROM {table} ORDER BY id")
            names = [column[0] for column in cursor.description]
            for row in cursor:
                values = dict(zip(names, row, strict=True))
                values.pop("version", None)
                lines.append(f"{table} {json.dumps(values, ensure_ascii=False)}")
        return "\n".join(lines)

    def where(self, noun: str, text: str, order: str = "") -> Where:
        """Give the condition that a filter means, on the Monday of the clock."""
        scope = Scope(self.conn, self.store.clock, self.store.actor, {"week_start": 0}, "EUR")
        return filter.compile(parse(text), noun, scope, order=order).where

    def as_user(self, actor: str) -> "Crm":
        return Crm(Store(self.store.path, self.store.clock, actor))

    def at(self, clock: Clock) -> "Crm":
        return Crm(Store(self.store.path, clock, self.store.actor))


def edit(**change: Any) -> Edit:
    """Give an edit from raw values: `edit(values={…}, tags=[…], emails=[…], off_emails=[…])`."""
    raw = {kind: change.pop(kind, None) for kind in ("emails", "phones", "urls")}
    off = {kind: change.pop(f"off_{kind}", None) for kind in ("emails", "phones", "urls")}
    more = draft_contact({"name": "x", **raw}, "SI")
    less = draft_contact({"name": "x", **off}, "SI")
    given = {"values": {}, "custom": {}, **change}
    return Edit(channels=more.channels, off_channels=less.channels, **given)


@pytest.fixture
def crm(store: Store) -> Crm:
    return Crm(store)


@pytest.fixture(scope="session")
def fresh(template: Path, tmp_path_factory: pytest.TempPathFactory) -> Callable[[], Crm]:
    """Give a maker of empty stores, for the examples of a property."""

    def make() -> Crm:
        path = shutil.copy(template, tmp_path_factory.mktemp("fresh") / "crm.db")
        return Crm(Store(str(path), Clock("UTC", datetime(2026, 11, 23, 9, 0, tzinfo=UTC)), "me"))

    return make
