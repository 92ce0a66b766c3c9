"""The history in words: when and how each group came about, and which records it touched."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from crmcli.context import Context
from crmcli.i18n import mark, tr, trn
from crmcli.service.card import KINDS
from crmcli.store import journal
from crmcli.store.interaction import get_interactions
from crmcli.store.journal import Group
from crmcli.store.rows import Row
from crmcli.store.search import Key
from crmcli.store.task import get_tasks

SOURCES = {
    "cli": mark("shell"),
    "tui": mark("screen"),
    "import": mark("import"),
    "cron": mark("cron"),
    "hook": mark("hook"),
    "migration": mark("upgrade"),
    "undo": mark("undo"),
    "outside": mark("other program"),
}
# What a group is about when it touched several: the noun of its command, else the first of these.
RECORDS = ("contact", "deal", "task", "interaction", "org")
ABOUT = {"log": "interaction"}
# The columns of a row that say which record it belongs to.
OWNERS = {
    "interaction_id": "interaction",
    "deal_id": "deal",
    "contact_id": "contact",
    "from_contact_id": "contact",
    "org_id": "org",
}
ALONE = {
    "tag": mark("tag {name}"),
    "saved_view": mark("view {name}"),
    "custom_field": mark("field {name}"),
    "relationship_type": mark("relation {name}"),
    "cadence": mark("cadence"),
    "pipeline": mark("pipeline {name}"),
    "stage": mark("stage {name}"),
    "source": mark("source {name}"),
    "reason": mark("reason {name}"),
    "score_rule": mark("score rule {name}"),
    "goal": mark("goal"),
    "rate": mark("exchange rate"),
}
NEWEST = 1 << 62


@dataclass(frozen=True, slots=True)
class Entry:
    """One group of the history.

    Args:
        id: its number, which `crm undo` takes.
        day: the user's day.
        time: the user's time.
        actor: who did it.
        source: from where, in words.
        command: by which command.
        what: the record it touched, in words; how many more.
        opens: the person or org whose card tells more; None when there is none.
        undone: whether it was taken back.
        is_undo: whether it took back, or did again, another one.
    """

    id: int
    day: str
    time: str
    actor: str
    source: str
    command: str
    what: str
    opens: Key | None
    undone: bool
    is_undo: bool


@dataclass(frozen=True, slots=True)
class Subject:
    """What a group touched first, and how many others of its kind."""

    key: journal.Key
    more: int
    values: Row  # what the journal knows of it, for a record that is gone


def entries(
    crm: Context,
    limit: int,
    *,
    record: Key | None = None,
    actor: str | None = None,
    before: int = NEWEST,
) -> list[Entry]:
    """Give the newest groups before one; of one record or actor if they are given."""
    reader = crm.store.reader
    groups = journal.history(reader, limit, record, actor=actor, before=before)
    subjects = {group.id: _subject(crm, group) for group in groups}
    known = called(crm, (one.key for one in subjects.values() if one))
    return [_entry(crm, group, subjects[group.id], known) for group in groups]


def _entry(
    crm: Context, group: Group, subject: Subject | None, known: "Mapping[journal.Key, Called]"
) -> Entry:
    found = known.get(subject.key) if subject else None
    day, _, time = crm.clock.wall(group.at).partition(" ")
    return Entry(
        id=group.id,
        day=day,
        time=time,
        actor=group.actor,
        source=tr(SOURCES[group.source]),
        command=group.command or "",
        what=_what(subject, found),
        opens=found.opens if found else None,
        undone=group.undone,
        is_undo=group.source == "undo",
    )


def _what(subject: Subject | None, found: "Called | None") -> str:
    if subject is None:
        return ""
    name = (found or called_once(subject.key[0], subject.values)).name
    more = trn("{name} and {count} more", "{name} and {count} more", subject.more, name=name)
    return more if subject.more else name


def _subject(crm: Context, group: Group) -> Subject | None:
    """Give what a group is about."""
    reader = crm.store.reader
    counts = journal.counts(reader, group.id)
    if not counts:
        return None
    table = _table(group.command or "", [row["table_name"] for row in counts])
    change = journal.first_change(reader, group.id, table)
    amount = sum(row["amount"] for row in counts if row["table_name"] == table)
    values = journal.row_values(reader, change)
    return Subject(owner(table, change["row_id"], values), amount - 1, values)


def _table(command: str, tables: Sequence[str]) -> str:
    """Give the table that tells what a group is about: a record, a part of one, else a word."""
    noun = command.partition(" ")[0]
    parts = (table for table in tables if table not in ALONE)
    order = (ABOUT.get(noun, noun), *RECORDS, *parts, *tables)
    return next(table for table in order if table in tables)


def owner(table: str, id: int, values: Row) -> journal.Key:
    """Give the record that a row belongs to; a record belongs to itself."""
    if table in RECORDS or table in ALONE:
        return table, id
    found = ((noun, values[name]) for name, noun in OWNERS.items() if values.get(name))
    return next(found, (table, id))


@dataclass(frozen=True, slots=True)
class Called:
    """What a record is called: so that it can be told apart, and alone; whose card tells more."""

    name: str
    plain: str
    opens: Key | None = None


def called(crm: Context, keys: Iterable[journal.Key]) -> dict[journal.Key, Called]:
    """Give what records are called; those that are gone are left out."""
    wanted: dict[str, list[int]] = {}
    for table, id in keys:
        wanted.setdefault(table, []).append(id)
    return {
        (table, id): found
        for table, ids in wanted.items()
        for id, found in _called(crm, table, list(dict.fromkeys(ids)))
    }


def _called(crm: Context, table: str, ids: list[int]) -> Iterator[tuple[int, Called]]:
    reader = crm.store.reader
    if table == "task":
        for task in get_tasks(reader, ids):
            who = task.contact_name or task.org_name
            name = tr("{title} ({name})", title=task.title, name=who) if who else task.title
            yield task.id, Called(name, task.title, _party(task.contact_id, task.org_id))
    elif table == "interaction":
        for said in get_interactions(reader, ids):
            people = ", ".join(person["name"] for person in said.people) or said.org_name or ""
            told = tr("{kind} {name}", kind=tr(KINDS[said.kind]), name=people).strip()
            first = int(said.people[0]["id"][1:]) if said.people else None
            body = f": {said.body}" if said.body else ""
            yield said.id, Called(told + body, told, _party(first, said.org_id))
    else:
        for id, name in journal.names(reader, table, ids).items():
            shown = tr(ALONE[table], name=name) if table in ALONE else name
            yield id, Called(shown, name, (table, id) if table in ("contact", "org") else None)


def _party(contact_id: int | None, org_id: int | None) -> Key | None:
    if contact_id:
        return "contact", contact_id
    return ("org", org_id) if org_id else None


def called_once(table: str, values: Row) -> Called:
    """Give what a row was called by what the journal kept of it."""
    if table == "interaction":
        kind = tr(KINDS.get(values.get("kind", ""), ""))
        return Called(": ".join(filter(None, (kind, values.get("body")))), kind)
    name = str(values.get("display_name") or values.get("title") or values.get("name") or "")
    return Called(tr(ALONE[table], name=name) if table in ALONE else name, name)


def undo(crm: Context, id: int, *, skip_changed: bool = False) -> journal.Reverted:
    """Take back one group.

    Raises:
        ConflictError: what it did was changed or used since, or it is undone already.
    """
    written = crm.write(
        "undo", lambda w: journal.undo(w, id, skip_changed=skip_changed), source="undo"
    )
    return written.value
