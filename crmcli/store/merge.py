"""Two records that are one: everything that hangs on the one moves to the other, and it goes.

What points at a record is found from the foreign keys of the schema, so that no table is forgotten.
The record that goes stays behind as a row of the trash that says who it was, so that its id and
its uid still lead there; its handles lead there by themselves. What the fields of the merged
record hold is decided by `rules/merge`.
"""

import sqlite3
from collections import Counter, defaultdict
from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from crmcli.errors import ConflictError, NotFoundError
from crmcli.i18n import tr
from crmcli.rules.channel import PARTS as ADDRESS_PARTS
from crmcli.rules.contact import FLAGS, NAME_PARTS
from crmcli.rules.merge import JOB, B, Facts, Keep, Line, Named, plan
from crmcli.store import contact as contact_store
from crmcli.store import dialect, field
from crmcli.store import org as org_store
from crmcli.store.contact import Contact
from crmcli.store.journal import links
from crmcli.store.org import Org
from crmcli.store.rows import Row
from crmcli.store.search import is_archived, merged_into, reference
from crmcli.store.sql import contact as contact_sql
from crmcli.store.sql import merge as sql
from crmcli.store.unit import Unit
from crmcli.text import fold

NOUNS = ("contact", "org")
PART_OF_NAME = tuple(part for part in NAME_PARTS if part != "nickname")
# What makes two rows of one record the same, beside the record itself. Of such two one stays.
SAME: Mapping[str, Sequence[str]] = {
    "address": tuple(part for part in ADDRESS_PARTS if part != "label"),
    "channel": ("kind", "value_norm"),
    "employment": ("contact_id", "org_id", "ended_on"),
    "important_date": ("kind",),
    "interaction_contact": ("interaction_id",),
    "kept_separate": ("contact_id", "other_contact_id", "org_id", "other_org_id"),
    "relationship": ("from_contact_id", "to_contact_id", "type_id"),
    "tagging": ("tag_id",),
    "attachment": ("sha256",),
    "deal_contact": ("deal_id",),
}
# Rows of these tables are never the same as another one: they only move.
ALONE = frozenset(
    (
        *("contact", "contact_stage_history", "deal", "external_ref", "handle", "interaction"),
        *("lifecycle_history", "org", "task"),
    )
)
# What the row that stays takes from the one that goes, where it has nothing.
FILLED: Mapping[str, Sequence[str]] = {
    "address": ("label",),
    "channel": ("label", "extension", "is_primary"),
    "employment": ("title", "department", "started_on", "is_primary"),
    "important_date": ("lead_days",),
    "deal_contact": ("role", "is_primary"),
}
# Pairs without a direction; the lower id comes first.
PAIRS = (("contact_id", "other_contact_id"), ("org_id", "other_org_id"))


@dataclass(frozen=True, slots=True)
class Merge:
    """What a merge does: the fields of the record, and how many rows of which table move to it."""

    lines: Sequence[Line]
    moved: Mapping[str, int]


def look(conn: sqlite3.Connection, noun: str, into: int, id: int, keep: Keep) -> list[Line]:
    """Give the fields of two records and of what they would be as one.

    Raises:
        NotFoundError: one of them is not there.
        ConflictError: they are one record, or one of them is in the trash or merged already.
        UsageError: `keep` names a field or a side that there is not.
    """
    _require_two(conn, noun, into, id)
    a, b = _records(conn, noun, into, id)
    return plan(facts(a), facts(b), keep, _single(conn, noun))


def merge(w: Unit, noun: str, into: int, id: int, keep: Keep) -> Merge:
    """Merge a record into another one.

    Args:
        w: the unit of work; all is read inside it, so what was changed meanwhile is not lost.
        noun: contact or org.
        into: the record that stays.
        id: the one that goes.
        keep: which value stays where both have one, by field: A (that of `into`), B or both.

    Raises:
        NotFoundError, ConflictError, UsageError: see `look`; or somebody else has a value that
            must be unique.
    """
    _require_two(w.conn, noun, into, id)
    a, b = _records(w.conn, noun, into, id)
    lines = plan(facts(a), facts(b), keep, _single(w.conn, noun))
    chosen = {line.field: line for line in lines}
    # First, so that what must be unique is free.
    w.update(noun, id, archived_at=w.now, merged_into_id=into)
    _yield_primaries(w, noun, into, id, chosen)
    if noun == "contact":
        _yield_stays(w, into, id)
    moved = _Move(w, noun, into, id).all()
    _fill(w, a, b, chosen)
    return Merge(lines, moved)


def merged_by(conn: sqlite3.Connection, noun: str, id: int) -> int | None:
    """Give the change group that merged a record into another one; None for none that stands."""
    row = conn.execute(dialect.MERGED_BY, {"table_name": noun, "row_id": id}).fetchone()
    return row[0] if row else None


def facts(one: Contact | Org) -> Facts:
    """Give what a record says, by field; None where it says nothing."""
    ways: dict[str, list[Named]] = {"email": [], "phone": [], "url": []}
    for channel in one.channels:
        ways[channel.kind].append(Named((channel.kind, channel.norm), channel.value))
    first, last = _contact_facts(one) if isinstance(one, Contact) else _org_facts(one)
    said: dict[str, Any] = {
        **first,
        **{f"{kind}s": tuple(found) for kind, found in ways.items()},
        "addresses": tuple(_place(address) for address in one.addresses),
        "tags": tuple(Named(fold(tag), tag) for tag in one.tags),
        **last,
        "owner": one.owner,
    }
    own = {f"custom.{key}": stored for key, stored in one.custom.items()}
    return {**{name: value or None for name, value in said.items()}, **own, "note": one.note}


def _contact_facts(one: Contact) -> tuple[dict[str, Any], dict[str, Any]]:
    """Give what comes before, and what behind, that which people and orgs have alike."""
    days, most = one.touch["cadence_days"], one.touch["cadence_max_days"]
    limit = f"-{most}d" if most else ""
    dates = {date.kind: date for date in one.dates}
    first = {
        "name": one.name,
        "nickname": one.parts["nickname"],
        "org": Named(one.org_id, one.org) if one.org_id and one.org else None,
        "title": one.title,
        "department": one.department,
    }
    return first, {
        "birthday": dates.pop("birthday", None),
        **{f"date.{kind}": date for kind, date in dates.items()},
        "lifecycle_stage": one.lifecycle_stage,
        "lead_status": _lead_status(one),
        "source": Named(fold(one.source), one.source) if one.source else None,
        "language": one.parts["language"],
        "cadence_days": Named((days, most), f"{days}d{limit}") if days else None,
        **{name: one.touch[name] for name in ("bumped_on", "paused_until_on", *FLAGS)},
    }


def _lead_status(one: Contact) -> Named | None:
    """Give how far one is with a lead; with it goes why one is not qualified."""
    status, reason = one.lead_status, one.unqualified_reason
    return Named((status, reason), f"{status}: {reason}" if reason else status) if status else None


def _org_facts(one: Org) -> tuple[dict[str, Any], dict[str, Any]]:
    first = {"name": one.name, "kind": one.kind, "domain": one.domain, "industry": one.industry}
    return first, {}


def _place(address: Mapping[str, str]) -> Named:
    parts = {part: text for part, text in address.items() if part != "label"}
    return Named(tuple(sorted(parts.items())), ", ".join(parts.values()))


def _records(
    conn: sqlite3.Connection, noun: str, into: int, id: int
) -> Sequence[Contact] | Sequence[Org]:
    if noun == "contact":
        return contact_store.get_contacts(conn, [into, id])
    return org_store.get_orgs(conn, [into, id])


def _single(conn: sqlite3.Connection, noun: str) -> set[str]:
    """Give the own fields of whose texts only one can be kept: a date, a choice, a page."""
    definitions = field.definitions(conn, noun)
    return {f"custom.{own.key}" for own in definitions if own.type not in ("text", "multi")}


def _require_two(conn: sqlite3.Connection, noun: str, into: int, id: int) -> None:
    """Refuse what cannot be merged.

    Raises:
        NotFoundError, ConflictError: see `look`.
    """
    if into == id:
        ref = reference((noun, id))
        raise ConflictError(
            tr("{ref} cannot be merged with itself", ref=ref), tr("name two records")
        )
    for key in ((noun, into), (noun, id)):
        archived = is_archived(conn, key)
        ref = reference(key)
        if archived is None:
            raise NotFoundError(tr("there is no {noun} {ref}", noun=tr(noun), ref=ref))
        if target := merged_into(conn, key):
            raise ConflictError(
                tr("{ref} was merged into {target} already", ref=ref, target=reference(target))
            )
        if archived:
            raise ConflictError(
                tr("{ref} is in the trash", ref=ref),
                tr("`crm trash restore {ref}` brings it back", ref=ref),
            )


def _yield_primaries(w: Unit, noun: str, into: int, id: int, chosen: Mapping[str, Line]) -> None:
    """Leave one primary channel of each kind and one primary job: those that are kept."""
    rows = {one: w.all(sql.PRIMARY_CHANNELS.format(noun=noun), id=one) for one in (into, id)}
    kinds = {row["kind"] for row in rows[into]} & {row["kind"] for row in rows[id]}
    for kind in sorted(kinds):
        loser = into if _is_b(chosen, f"{kind}s") else id
        row = next(row for row in rows[loser] if row["kind"] == kind)
        w.update("channel", row["id"], is_primary=0)
    jobs = {one: w.one(contact_sql.JOB, contact_id=one) for one in (into, id)}
    loser = into if _is_b(chosen, "org") else id
    if noun == "contact" and all(jobs.values()):
        w.update("employment", (jobs[loser] or {})["id"], is_primary=0)


def _yield_stays(w: Unit, into: int, id: int) -> None:
    """Leave one way through each pipeline that both were in: the one with the newest stay.

    Stays follow one another; those of two people would lie across each other.
    """
    ways: dict[int, dict[int, list[Row]]] = {into: defaultdict(list), id: defaultdict(list)}
    for one, found in ways.items():
        for row in w.all(sql.STAYS, id=one):
            found[row["pipeline_id"]].append(row)
    for pipeline_id in sorted(ways[into].keys() & ways[id].keys()):
        mine, others = ways[into][pipeline_id], ways[id][pipeline_id]
        for row in others if max(map(_begun, mine)) >= max(map(_begun, others)) else mine:
            w.delete("contact_stage_history", row["id"])


def _begun(stay: Row) -> tuple[bool, str]:
    return stay["exited_at"] is None, stay["entered_at"]


def _is_b(chosen: Mapping[str, Line], field: str) -> bool:
    return field in chosen and chosen[field].kept == B


class _Move:
    """Moves every row that points at a record to another one."""

    def __init__(self, w: Unit, noun: str, into: int, id: int) -> None:
        self.w = w
        self.noun = noun
        self.into = into
        self.id = id
        self.symmetric = {row["id"] for row in w.all(sql.SYMMETRIC)}
        self.moved: Counter[str] = Counter()

    def all(self) -> Mapping[str, int]:
        """Move them; give how many of which table."""
        columns: dict[str, list[str]] = defaultdict(list)
        for table, column, parent in links(self.w.conn):
            if parent == self.noun:
                columns[table].append(column)
        for table, some in columns.items():
            self._table(table, some)
        return self.moved

    def _table(self, table: str, columns: Sequence[str]) -> None:
        """Move the rows of one table; what both records have becomes one."""
        mine = {self._identity(table, row): row for row in self._rows(table, columns, self.into)}
        for row in self._rows(table, columns, self.id):
            new = self._pointing(row, columns)
            twin = mine.get(self._identity(table, new))
            if sum(new[column] == self.into for column in columns) > 1:
                self.w.delete(table, row["id"])  # it was about the two of them
            elif twin:
                self._unite(table, row, twin)
            else:
                self._put(table, row, new)
                mine[self._identity(table, new)] = new

    def _rows(self, table: str, columns: Sequence[str], id: int) -> list[Row]:
        if id == self.into and table not in SAME:
            return []  # many, and nothing is the same as one of them
        where = " OR ".join(f"{column} = :id" for column in columns)
        return self.w.all(f"SELECT * FROM {table} WHERE {where} ORDER BY id", id=id)

    def _pointing(self, row: Row, columns: Sequence[str]) -> Row:
        """Give a row as it is when it points at the record that stays."""
        new = {**row, **{column: self.into for column in columns if row[column] == self.id}}
        for low, high in PAIRS:
            if high in new and new[low] is not None:
                new[low], new[high] = sorted((new[low], new[high]))
        if "is_current" in new:
            new["is_current"] = 0  # the handle of before
        return new

    def _identity(self, table: str, row: Row) -> Hashable:
        """Give what makes a row the same as another one."""
        if table not in SAME:
            return int(row["id"])
        found = [row[column] for column in SAME[table]]
        if table == "relationship" and row["type_id"] in self.symmetric:
            found[:2] = sorted(found[:2])
        return tuple(found)

    def _put(self, table: str, row: Row, new: Row) -> None:
        changed = {column: value for column, value in new.items() if row[column] != value}
        self.w.update(table, row["id"], **changed)
        self.moved[table] += 1

    def _unite(self, table: str, row: Row, twin: Row) -> None:
        """Let a row go and leave to its twin what that one does not have."""
        self.w.delete(table, row["id"])
        taken = {
            column: row[column]
            for column in FILLED.get(table, ())
            if row[column] and not twin[column]
        }
        if table == "employment":
            taken |= _both_jobs(row, twin)
        twin |= taken
        self.w.update(table, twin["id"], **taken)


def _both_jobs(row: Row, twin: Row) -> Row:
    """Give titles and departments that differ side by side: one job, called both."""
    return {
        column: f"{twin[column]} / {row[column]}"
        for column in JOB
        if row[column] and twin[column] and fold(row[column]) != fold(twin[column])
    }


def _fill(w: Unit, a: Contact | Org, b: Contact | Org, chosen: Mapping[str, Line]) -> None:
    """Give the record that stays the values of the plan."""
    noun = "contact" if isinstance(a, Contact) else "org"
    values = _names(w, noun, a.id, b.id, chosen)
    values |= {line.field: line.value for line in chosen.values() if line.field in _PLAIN[noun]}
    if owner := chosen.get("owner"):
        values["owner_id"] = w.user_id(owner.value)
    if cadence := chosen.get("cadence_days"):
        values["cadence_days"], values["cadence_max_days"] = cadence.value.key
    values |= {name: 1 for name in FLAGS if name in chosen}
    for field_name, columns in _LINKED.items():
        if line := chosen.get(field_name):
            row = w.get(noun, a.id if line.value == line.a else b.id) or {}
            values |= {column: row[column] for column in columns}
    own = {line.field[7:]: line.value for line in chosen.values() if line.field[:7] == "custom."}
    changed = {key: value for key, value in own.items() if a.custom.get(key) != value}
    if changed:
        field.Guard(w.conn, noun).change(changed, a.id)
        values["custom"] = field.merged((w.get(noun, a.id) or {})["custom"], changed)
    w.update(noun, a.id, **values)
    if noun == "contact":
        _fill_job_and_dates(w, a.id, chosen)


_PLAIN: Mapping[str, Iterable[str]] = {
    "contact": (
        *("nickname", "language", "lifecycle_stage", "bumped_on", "paused_until_on", "note"),
    ),
    "org": ("kind", "domain", "industry", "note"),
}


_LINKED = {"lead_status": ("lead_status", "unqualified_reason_id"), "source": ("source_id",)}


def _names(w: Unit, noun: str, into: int, id: int, chosen: Mapping[str, Line]) -> Row:
    """Give the columns of the name: all of one record, for its parts belong together.

    Where both are called the same, parts that are missing come from the other one.
    """
    columns = ("display_name", "name_norm", *PART_OF_NAME)
    if noun == "org":
        columns = ("name", "name_norm")
    a, b = w.get(noun, into) or {}, w.get(noun, id) or {}
    first, second = (b, a) if _is_b(chosen, "name") else (a, b)
    is_same = a["name_norm"] == b["name_norm"]
    return {
        column: second[column] if first[column] is None and is_same else first[column]
        for column in columns
    }


def _fill_job_and_dates(w: Unit, id: int, chosen: Mapping[str, Line]) -> None:
    job = w.one(contact_sql.JOB, contact_id=id)
    if job:
        said = [chosen[name] for name in JOB if name in chosen]
        w.update("employment", job["id"], **{one.field: one.value for one in said if one.kept})
    for line in chosen.values():
        if line.field == "birthday" or line.field.startswith("date."):
            contact_store.set_date(w, id, line.value)
