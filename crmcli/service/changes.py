"""What a group of the history changed, record by record, before and after, in words."""

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cache
from importlib import import_module

from crmcli.context import Context
from crmcli.i18n import mark, tr, trn
from crmcli.render import text_of
from crmcli.service import card
from crmcli.service.history import ALONE, RECORDS, Called, called, called_once, owner
from crmcli.store import journal
from crmcli.store.rows import Row

MOST = 200  # changes that are told of one group
NOTHING = "–"
TABLES = {
    "contact": mark("Contacts"),
    "org": mark("Organizations"),
    "task": mark("Tasks"),
    "interaction": mark("Interactions"),
    "deal": mark("Deals"),
    "channel": mark("E-mails and phones"),
    "address": mark("Addresses"),
    "employment": mark("Jobs"),
    "important_date": mark("Dates"),
    "tag": mark("Tags"),
    "tagging": mark("Tags"),
    "relationship": mark("Relations"),
    "interaction_contact": mark("Participants"),
}
PARTS = {
    "address": mark("Address"),
    "employment": mark("Works"),
    "tagging": mark("Tag"),
    "relationship": mark("Relation"),
    "interaction_contact": mark("With"),
}
CHANNELS = {"email": mark("E-mail"), "phone": mark("Phone"), "url": mark("Web")}
LABELS = {
    "display_name": mark("Name"),
    "owner_id": mark("Owner"),
    "contact_id": mark("For"),
    "org_id": mark("Org"),
    "task_id": mark("Task"),
    "tag_id": mark("Tag"),
    "direction": mark("Begun by"),
    "completed_at": mark("Done at"),
    "duration_seconds": mark("How long"),
    "is_primary": mark("First choice"),
    "value": mark("Value"),
    "days": mark("Days"),
    "max_days": mark("Cold after"),
    "filter": mark("Filter"),
}
# What only machines want, or what follows from other columns.
SKIPPED = frozenset(
    (
        *("id", "uid", "version", "name_norm", "value_norm", "inverse_norm", "created_at"),
        *("updated_at", "custom", "counts_as_touch", "dtstart_on", "series_uid", "tz"),
        *("archived_at", "merged_into_id", "noun", "key", "row_id"),
    )
)
WHOSE = {  # columns that hold the id of a row of another table
    "owner_id": "app_user",
    "contact_id": "contact",
    "from_contact_id": "contact",
    "to_contact_id": "contact",
    "org_id": "org",
    "task_id": "task",
    "tag_id": "tag",
    "type_id": "relationship_type",
}
WORDS = {
    "kind": card.KINDS,
    "status": card.STATUSES,
    "direction": card.SIDES,
    "outcome": card.OUTCOMES,
}
NAMES = ("display_name", "name", "title")  # of what was added, which its heading says
DEFAULTS = {"status": "needs_action", "lifecycle_stage": "other"}
YES_NO = ("do_not_contact", "deceased", "is_primary", "required", "is_unique")


@dataclass(slots=True)
class Block:
    """What happened to one record.

    Args:
        name: what it is called.
        verb: that it was added, changed or removed.
        lines: label, and value or `before → after`.
    """

    name: str
    verb: str = ""
    lines: list[tuple[str, str]] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Told:
    """The changes of a group, and how many more there are."""

    blocks: tuple[Block, ...]
    more: int


def read(crm: Context, group_id: int, *, arrow: str = "→") -> Told:
    """Give what a group changed."""
    reader = crm.store.reader
    changes = journal.changes(reader, group_id, MOST)
    total = sum(row["amount"] for row in journal.counts(reader, group_id))
    told = sum((row["last_row_id"] or row["row_id"]) - row["row_id"] + 1 for row in changes)
    teller = _Teller(crm, changes, arrow)
    return Told(tuple(teller.blocks()), total - told)


@dataclass(slots=True)
class _Change:
    """One change: the columns before and after, and all that is known of the row."""

    table: str
    id: int
    last: int | None
    op: str
    old: Row
    new: Row
    known: Row

    @property
    def key(self) -> journal.Key:
        """Give the record that the row belongs to."""
        return owner(self.table, self.id, self.known)


class _Teller:
    """Tells changes; what ids stand for is looked up once for all of them."""

    def __init__(self, crm: Context, rows: Sequence[Row], arrow: str) -> None:
        self.crm = crm
        self.arrow = arrow
        self.nothing = "-" if arrow.isascii() else NOTHING
        self.changes = [_change(crm, row) for row in rows]
        gone = {
            (one.table, one.id): called_once(one.table, one.known)
            for one in self.changes
            if one.op != "U"
        }
        self.names: dict[journal.Key, Called] = gone | called(crm, self._keys())

    def _keys(self) -> Iterator[journal.Key]:
        for change in self.changes:
            yield change.key
            for values in (change.known, change.old, change.new):
                for column, table in WHOSE.items():
                    if values.get(column):
                        yield table, values[column]

    def blocks(self) -> Iterable[Block]:
        """Give a block for each record, in the order the group touched them."""
        found: dict[object, Block] = {}
        for change in self.changes:
            if change.last:
                if change.table in TABLES:
                    found[change.table, change.id, change.last] = _range(change)
                continue
            block = found.setdefault(change.key, Block(self.name(change)))
            if change.key == (change.table, change.id):
                block.verb = _verb(change)
            block.lines += self.lines(change)
        for block in found.values():
            block.verb = block.verb or tr("changed")
        return [block for block in found.values() if block.lines or block.verb != tr("changed")]

    def name(self, change: _Change) -> str:
        """Give what the record of a change is called."""
        found = self.names.get(change.key) or called_once(change.key[0], change.known)
        return found.plain if change.key[0] == "interaction" else found.name  # its text comes below

    # What a change says

    def lines(self, change: _Change) -> Iterator[tuple[str, str]]:
        """Give the lines of one change."""
        if change.table in RECORDS or change.table in ALONE:
            yield from self._columns(change)
        else:
            yield from self._part(change)

    def _columns(self, change: _Change) -> Iterator[tuple[str, str]]:
        for column in {**change.old, **change.new}:
            if column not in SKIPPED:
                said = self._both(change, column)
                if said:
                    yield label_of(change.table, column), said
        yield from self._custom(change)

    def _both(self, change: _Change, column: str) -> str:
        """Give the value of a new or removed record; of a changed one, before and after."""
        if change.op != "U":
            value = (change.new if change.op == "I" else change.old).get(column)
            is_told = not value or column in NAMES or value == DEFAULTS.get(column)
            return "" if is_told else self.value(column, value)
        before = self.value(column, change.old.get(column)) or self.nothing
        after = self.value(column, change.new.get(column)) or self.nothing
        return f"{before} {self.arrow} {after}" if before != after else ""

    def _custom(self, change: _Change) -> Iterator[tuple[str, str]]:
        """Give own fields one by one."""
        before, after = (json.loads(values.get("custom") or "{}") for values in _sides(change))
        for key in {**before, **after}:
            was, now = text_of(before.get(key)), text_of(after.get(key))
            if was != now:
                yield (
                    key,
                    f"{was or self.nothing} {self.arrow} {now or self.nothing}" if was else now,
                )

    def _part(self, change: _Change) -> Iterator[tuple[str, str]]:
        """Give what belongs to a record: a channel, a job, a tag."""
        label, text = self._said(change.table, change.known)
        if not label:
            return
        if change.op == "I":
            yield label, text
        elif change.op == "D":
            yield label, tr("{text}, removed", text=text)
        else:
            _, before = self._said(change.table, {**change.known, **change.old})
            _, after = self._said(change.table, {**change.known, **change.new})
            if before != after:
                yield label, f"{before} {self.arrow} {after}"
            for column, said in self._columns(change):
                if not _is_told(change.table, column):
                    yield label, f"{after}, {column}: {said}"

    def _said(self, table: str, row: Row) -> tuple[str, str]:
        """Give a row that belongs to a record as label and text; two empty ones for machinery."""
        if table == "channel":
            return tr(CHANNELS.get(row.get("kind", ""), "")), _channel(row)
        if table == "important_date":
            day = f"{row.get('month', 0):02}-{row.get('day', 0):02}"
            return str(row.get("kind", "")), f"{row['year']}-{day}" if row.get("year") else day
        if table not in PARTS:
            return "", ""
        texts = {
            "address": lambda: text_of({"street": None, **row}),
            "employment": lambda: ", ".join(
                filter(None, (row.get("title"), row.get("department"), self.id_name("org_id", row)))
            ),
            "tagging": lambda: "+" + self.id_name("tag_id", row),
            "relationship": lambda: " ".join(
                (self.id_name("type_id", row), self.id_name("to_contact_id", row))
            ),
            "interaction_contact": lambda: self.id_name("contact_id", row),
        }
        return tr(PARTS[table]), texts[table]()

    # Values

    def value(self, column: str, value: object) -> str:
        """Give a stored value in words."""
        if value in (None, "", 0) and column not in YES_NO:
            return ""
        if column in WHOSE:
            return self.id_name(column, {column: value})
        if column in YES_NO:
            return tr("yes") if value else tr("no")
        if column == "duration_seconds":
            return card.length_words(int(str(value)))
        if column == "rrule":
            from crmcli.repeat import describe

            return describe(str(value))
        text = str(value)
        if column.endswith("_at"):
            return self.crm.clock.wall(text)
        word = WORDS.get(column, {}).get(text)
        return tr(word) if word else text

    def id_name(self, column: str, row: Row) -> str:
        """Give what the id in a column stands for."""
        id = row.get(column)
        found = self.names.get((WHOSE[column], int(id))) if id else None
        return found.plain if found else f"{WHOSE[column]} {id}" if id else ""


def _change(crm: Context, row: Row) -> _Change:
    old, new = (json.loads(row[name] or "{}") for name in ("old", "new"))
    known = {} if row["last_row_id"] else journal.row_values(crm.store.reader, row)
    place = (row["table_name"], row["row_id"], row["last_row_id"])
    return _Change(*place, row["op"], old, new, known)


def _sides(change: _Change) -> tuple[Row, Row]:
    """Give what is compared: a removed record is told as it was."""
    return ({}, change.old) if change.op == "D" else (change.old, change.new)


def _verb(change: _Change) -> str:
    """Say what happened to a record."""
    if change.op == "I":
        return tr("added")
    if change.op == "D":
        return tr("removed")
    if "merged_into_id" in change.new:
        into = change.new["merged_into_id"]
        ref = f"{change.table[0]}{into}"
        return tr("merged into {ref}", ref=ref) if into else tr("one of its own again")
    if "archived_at" in change.new:
        return tr("into the trash") if change.new["archived_at"] else tr("out of the trash")
    return tr("changed")


def _range(change: _Change) -> Block:
    """Give the rows that an import added at once."""
    count = (change.last or change.id) - change.id + 1
    return Block(tr(TABLES[change.table]), trn("{count} added", "{count} added", count))


def _channel(row: Row) -> str:
    label = f" ({row['label']})" if row.get("label") else ""
    return f"{row.get('value', '')}{label}"


def _is_told(table: str, label: str) -> bool:
    """Tell whether the text of a part says a column already."""
    told = {
        "channel": ("value", "label", "kind"),
        "employment": ("title", "department", "org_id", "contact_id"),
        "important_date": ("kind", "year", "month", "day"),
    }
    return label in {label_of(table, column) for column in told.get(table, ())}


@cache
def _titles(table: str) -> dict[str, str]:
    """Give the titles that lists have for the columns of a noun."""
    if table not in RECORDS:
        return {}
    return {column.key: column.title for column in import_module(f"crmcli.store.{table}").COLUMNS}


def label_of(table: str, column: str) -> str:
    """Give what people call a column."""
    title = LABELS.get(column) or _titles(table).get(column)
    return tr(title) if title else column.replace("_", " ").capitalize()
