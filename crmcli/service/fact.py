"""The facts of a record one by one: how each is shown, how it is typed, where it leads.

`service.amend` saves what somebody typed over one of them.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from crmcli.context import Context
from crmcli.errors import NotFoundError
from crmcli.i18n import mark, tr, trn
from crmcli.rules import channel as channel_rules
from crmcli.rules import contact as contact_rules
from crmcli.rules import org as org_rules
from crmcli.rules import task as task_rules
from crmcli.rules.channel import AddressDraft
from crmcli.rules.field import Definition
from crmcli.rules.field import text_of as own_text
from crmcli.service import card
from crmcli.service.card import Record
from crmcli.store import contact, interaction, org, task
from crmcli.store.contact import Contact, date_text
from crmcli.store.field import definitions
from crmcli.store.org import Org
from crmcli.store.party import Channel
from crmcli.store.relation import relations
from crmcli.store.search import LETTERS, Key, is_archived, reference
from crmcli.store.task import Task
from crmcli.text import sparkline

if TYPE_CHECKING:
    from sqlite3 import Connection

Name = tuple[str, str]  # what a fact is, and which of several: ("email", "12"), ("custom", "tea")
Values = dict[Name, str]
YES_NO = ("yes", "no")
WORDS: Mapping[str, tuple[str, ...]] = {
    "lifecycle_stage": contact_rules.STAGES,
    "do_not_contact": YES_NO,
    "deceased": YES_NO,
}
LABELS = {
    "name": mark("name"),
    "title": mark("title"),
    "department": mark("department"),
    "org": mark("org"),
    "kind": mark("kind"),
    "domain": mark("domain"),
    "industry": mark("industry"),
    "email": mark("e-mail"),
    "phone": mark("phone"),
    "url": mark("web"),
    "address": mark("address"),
    "tags": mark("tags"),
    "lifecycle_stage": mark("stage"),
    "birthday": mark("birthday"),
    "date": mark("date"),
    "nickname": mark("nickname"),
    "language": mark("language"),
    "owner": mark("owner"),
    "cadence_days": mark("keep in touch"),
    "paused_until_on": mark("paused until"),
    "do_not_contact": mark("do not contact"),
    "deceased": mark("deceased"),
    "relation": mark("relation"),
    "note": mark("note"),
    "custom": mark("own field"),
    "for": mark("for"),
    "due": mark("due"),
    "repeats": mark("repeats"),
    "priority": mark("priority"),
    "body": mark("text"),
}
HINTS = {
    "email": mark("ana@acme.si, or home:ana@home.si"),
    "phone": mark("040 123 456, or mobile:040 123 456"),
    "url": mark("acme.si, or blog:acme.si/blog"),
    "address": mark("street, city"),
    "tags": mark("+vip +lead"),
    "birthday": mark("17.5.1990, or 17 may"),
    "date": mark("name day = 26 july"),
    "cadence_days": mark("30d, 6w or 3m"),
    "paused_until_on": mark("2w, next mon"),
    "relation": mark("referred by = bo-li"),
    "custom": mark("tea = green"),
    "owner": mark("a colleague, or me"),
    "for": mark("id, handle, e-mail or full name"),
    "due": mark("fri, 24 dec 9:00"),
    "repeats": mark("2 weeks, last fri"),
    "priority": mark("1 is highest, 9 lowest, 0 none"),
}
LONG = ("note", "body")
# What may be added; what there is one of is left out when it is filled.
CONTACT_MORE = ("email", "phone", "url", "address", "date", "relation", "custom")
ORG_MORE = ("email", "phone", "url", "address", "custom")


@dataclass(frozen=True, slots=True, kw_only=True)
class Fact:
    """One line of a card.

    Args:
        name: what it is known by; a leading + for what is to be added.
        label: what stands before it.
        text: as it is shown; "" for what can be filled in.
        value: as it is typed.
        is_fixed: whether it cannot be typed over.
        copies: what is copied of it; "" for nothing.
        link: what the system's handler opens, checked; "" for nothing.
        opens: the record it leads to.
        words: what may be completed.
        hint: how it is typed.
        channel, address, own: what it stands for.
    """

    name: Name
    label: str
    text: str = ""
    value: str = ""
    is_fixed: bool = False
    copies: str = ""
    link: str = ""
    opens: Key | None = None
    words: tuple[str, ...] = ()
    hint: str = ""
    channel: Channel | None = None
    address: AddressDraft | None = None
    own: Definition | None = None

    @property
    def is_long(self) -> bool:
        """Tell whether it may have many lines."""
        is_text = self.own is None or self.own.type == "text"
        return self.name[0] in LONG or (self.name[0] == "custom" and is_text)


class Gone(NotFoundError):
    """The record is gone, or in the trash."""


# What is there


def values(conn: "Connection", key: Key) -> Values:
    """Give what every fact of a record holds, as it is typed; what is not there is empty.

    Raises:
        Gone: it is not there any more.
    """
    require_living(conn, key)
    noun, id = key
    if noun == "contact":
        return _contact_values(contact.get_contact(conn, id)) | _relation_values(conn, id)
    if noun == "org":
        return _org_values(org.get_org(conn, id))
    if noun == "task":
        return _task_values(task.get_task(conn, id))
    return {("body", ""): interaction.get_interaction(conn, id).body or ""}


def require_living(conn: "Connection", key: Key) -> None:
    """Refuse a record that is gone, or in the trash.

    Raises:
        Gone: it is.
    """
    archived = is_archived(conn, key)
    if archived is None:
        raise Gone(tr("{ref} is gone", ref=reference(key)))
    if archived:
        hint = tr("u undoes the last change; `crm trash restore {ref}`", ref=reference(key))
        raise Gone(tr("{ref} is in the trash", ref=reference(key)), hint)


def _contact_values(one: Contact) -> Values:
    plain: dict[str, Any] = {
        **one.parts,
        "title": one.title,
        "department": one.department,
        "org": one.org,
        "lifecycle_stage": one.lifecycle_stage,
        "cadence_days": _days(one.touch["cadence_days"]),
        "paused_until_on": one.touch["paused_until_on"],
        "do_not_contact": YES_NO[0] if one.touch["do_not_contact"] else "",
        "deceased": YES_NO[0] if one.touch["deceased"] else "",
    }
    found = {(name, ""): text or "" for name, text in plain.items()}
    dates = {_date_name(date.kind): date_text(date) for date in one.dates}
    return found | dates | _party_values(one)


def _org_values(one: Org) -> Values:
    plain = {"kind": one.kind, "domain": one.domain, "industry": one.industry}
    return {(name, ""): text or "" for name, text in plain.items()} | _party_values(one)


def _party_values(one: Contact | Org) -> Values:
    return {
        ("name", ""): one.name,
        ("tags", ""): signed(one.tags),
        ("owner", ""): one.owner or "",
        ("note", ""): one.note or "",
        **{(way.kind, str(way.id)): _typed(way) for way in one.channels},
        **{("custom", key): own_text(stored) for key, stored in one.custom.items()},
    }


def _relation_values(conn: "Connection", id: int) -> Values:
    rows = relations(conn, id)
    return {("relation", f"{row['as']} {row['id']}"): _relation(row) for row in rows}


def _relation(row: Mapping[str, Any]) -> str:
    return f"{row['as']} = {row['handle'] or row['id']}"


def _task_values(one: Task) -> Values:
    who = one.who() or {}
    due = f"{one.due_on} {one.due_time}" if one.due_time else one.due_on
    plain = {
        "title": one.title,
        "for": who.get("handle") or who.get("id"),
        "due": due,
        "repeats": one.repeats(),
        "kind": one.kind,
        "priority": str(one.priority or ""),
        "owner": one.owner,
        "body": one.body,
    }
    return {(name, ""): text or "" for name, text in plain.items()}


def _date_name(kind: str) -> Name:
    return ("birthday", "") if kind == "birthday" else ("date", kind)


def _days(count: int | None) -> str:
    return f"{count}d" if count else ""


def _typed(way: Channel) -> str:
    """Give a channel as it is typed; a label that could not be read back is left out."""
    is_readable = way.label and way.label.replace(" ", "").isalpha()
    return f"{way.label}:{way.value}" if is_readable else way.value


def signed(tags: Iterable[str]) -> str:
    """Give tags as they are typed: `+vip +"key account"`."""
    return " ".join(f'+"{tag}"' if " " in tag else f"+{tag}" for tag in tags)


# How it is shown


def facts(crm: Context, key: Key, record: Record, *, ascii: bool = False) -> list[Fact]:
    """Give the facts of a card, those that can be filled in last.

    Args:
        crm: the run.
        key: whose.
        record: what `card.read` gave.
        ascii: draw with signs of ASCII only.
    """
    noun, id = key
    if noun == "contact":
        found = list(_contact_facts(crm, id, record, ascii))
    else:
        found = list(_FACTS[noun](crm, id, record))
    empty = [one for one in found if not one.text and not one.is_fixed]
    order = list(LABELS)
    empty.sort(key=lambda one: order.index(one.name[0].removeprefix("+")))
    return [one for one in found if one.text] + empty


def _contact_facts(crm: Context, id: int, record: Record, ascii: bool) -> Iterator[Fact]:
    one = contact.get_contact(crm.store.reader, id)
    known = _contact_values(one)
    yield _plain(known, "name")
    if one.org:
        yield _plain(known, "title")
        if one.department:
            yield _plain(known, "department")
    yield _plain(known, "org", opens=("org", one.org_id) if one.org_id else None)
    yield from _ways(one)
    yield _tags(one)
    yield _plain(known, "lifecycle_stage", text=_unless(one.lifecycle_stage, "other"))
    yield from _dates(one, record)
    yield from (_plain(known, part) for part in ("nickname", "language") if one.parts[part])
    yield _plain(known, "owner")
    yield _told("last_touch", tr("last touch"), card.touch_words(crm, record["last_touch"]))
    yield _plain(known, "cadence_days", text=card.cadence_words(record))
    paused = known["paused_until_on", ""]
    yield _plain(known, "paused_until_on", text=card.day_words(crm, paused) if paused else "")
    flags = ("do_not_contact", "deceased")
    yield from (_plain(known, flag) for flag in flags if known[flag, ""])
    pulse = record["pulse"]
    yield _told("pulse", tr("pulse"), sparkline(pulse, ascii=ascii) if any(pulse) else "")
    yield from map(_relation_fact, record["relations"])
    yield _plain(known, "note")
    yield from _own(crm, "contact", one.custom)
    yield from map(_more, CONTACT_MORE)


def _org_facts(crm: Context, id: int, record: Record) -> Iterator[Fact]:
    one = org.get_org(crm.store.reader, id)
    known = _org_values(one)
    yield _plain(known, "name")
    yield _plain(known, "kind", words=org_rules.KINDS)
    yield _plain(known, "industry")
    yield _plain(known, "domain", link=channel_rules.link("url", one.domain or ""))
    yield from _ways(one)
    yield _tags(one)
    yield _plain(known, "owner")
    yield _told("last_touch", tr("last touch"), card.touch_words(crm, record["last_touch"]))
    yield _plain(known, "note")
    yield from _own(crm, "org", one.custom)
    for person in record["people"]:
        text = ", ".join(filter(None, (person["name"], person["title"])))
        yield _told("person", tr("person"), text, person["id"], opens=_key(person["id"]))
    yield from map(_more, ORG_MORE)


def _task_facts(crm: Context, id: int, record: Record) -> Iterator[Fact]:
    one = task.get_task(crm.store.reader, id)
    known = _task_values(one)
    who = record["who"]
    yield _plain(known, "title")
    opens = _key(who["id"]) if who else None
    yield _plain(known, "for", text=who["name"] if who else "", opens=opens)
    yield _plain(known, "due", text=card.due_words(crm, record))
    yield _plain(known, "repeats", text=card.repeat_words(record))
    words = tuple(task_rules.KINDS)
    yield _plain(known, "kind", text=tr(card.KINDS[one.kind]), words=words)
    yield _told("status", tr("status"), _status(crm, record))
    if record["snooze_count"]:
        count = trn("{count} time", "{count} times", record["snooze_count"])
        yield _told("snoozed", tr("snoozed"), count)
    yield _plain(known, "priority")
    yield _plain(known, "owner")
    yield _plain(known, "body")


def _status(crm: Context, record: Record) -> str:
    """Say how a task stands: done and when, hidden and until when."""
    said = tr(card.STATUSES[record["status"]])
    hidden = record["hidden_until_on"]
    if record["completed_at"]:
        return f"{said}, {crm.clock.wall(record['completed_at'])}"
    if hidden and hidden > str(crm.clock.today()):
        return tr("hidden until {date}", date=card.day_words(crm, hidden))
    return said


def _interaction_facts(crm: Context, id: int, record: Record) -> Iterator[Fact]:
    one = interaction.get_interaction(crm.store.reader, id)
    for number, (label, text) in enumerate(card.what_happened(crm, record)):
        yield _told("what", label, text, str(number))
    for person in record["people"]:
        yield _told("with", tr("with"), person["name"], person["id"], opens=_key(person["id"]))
    if one.org_id:
        yield _told("org", tr("org"), one.org_name or "", opens=("org", one.org_id))
    yield _told("tags", tr("tags"), "  ".join(f"+{tag}" for tag in one.tags))
    yield _told("owner", tr("owner"), one.owner or "")
    yield _plain({("body", ""): one.body or ""}, "body")


_FACTS = {
    "org": _org_facts,
    "task": _task_facts,
    "interaction": _interaction_facts,
}


def whom(noun: str, record: Record) -> Key | None:
    """Give whom a record is about: a person and an org themselves, of a task whom it is for."""
    if noun in ("contact", "org"):
        return _key(record["id"])
    if noun == "task":
        return _key(record["who"]["id"]) if record["who"] else None
    return _key(record["people"][0]["id"]) if record["people"] else None


def _plain(
    known: Values,
    name: str,
    *,
    text: str | None = None,
    link: str = "",
    opens: Key | None = None,
    words: tuple[str, ...] = (),
) -> Fact:
    """Give a fact that there is one of."""
    value = known[name, ""]
    words = words or WORDS.get(name, ())
    return Fact(
        name=(name, ""),
        label=tr(LABELS[name]),
        text=value if text is None else text,
        value=value,
        copies=value if name in ("note", "body", "domain") else "",
        link=link,
        opens=opens,
        words=words,
        hint=tr(HINTS[name]) if name in HINTS else ", ".join(words[:4]),
    )


def _told(name: str, label: str, text: str, which: str = "", opens: Key | None = None) -> Fact:
    """Give a fact that follows from others: it cannot be typed over."""
    return Fact(name=(name, which), label=label, text=text, is_fixed=True, opens=opens)


def _more(name: str) -> Fact:
    """Give the line that adds one of several."""
    return Fact(name=(f"+{name}", ""), label=tr(LABELS[name]), hint=tr(HINTS[name]))


def _ways(one: Contact | Org) -> Iterator[Fact]:
    for kind in channel_rules.KINDS:
        yield from (_way(way) for way in one.channels if way.kind == kind)
    for address in one.addresses:
        parts = {part: text for part, text in address.items() if part != "label"}
        said = ", ".join(parts.values())
        label = f"{address['label']} " if "label" in address else ""
        yield Fact(
            name=("address", said),
            label=tr(LABELS["address"]),
            text=label + said,
            copies=said,
            address=address,
        )


def _way(way: Channel) -> Fact:
    label = f"{way.label} " if way.label else ""
    status = "" if way.status == "active" else f" ({way.status})"
    return Fact(
        name=(way.kind, str(way.id)),
        label=tr(LABELS[way.kind]),
        text=f"{label}{way.value}{status}",
        value=_typed(way),
        copies=way.value,
        link=channel_rules.link(way.kind, way.value, way.norm),
        hint=tr(HINTS[way.kind]),
        channel=way,
    )


def _tags(one: Contact | Org) -> Fact:
    return Fact(
        name=("tags", ""),
        label=tr(LABELS["tags"]),
        text="  ".join(f"+{tag}" for tag in one.tags),
        value=signed(one.tags),
        hint=tr(HINTS["tags"]),
    )


def _dates(one: Contact, record: Record) -> Iterator[Fact]:
    """Give the yearly dates with how early they are told; a birthday can be filled in."""
    for date in one.dates:
        lead = date.lead_days
        ahead = trn("told {count} day before", "told {count} days before", lead) if lead else ""
        text = date_text(date)
        name = _date_name(date.kind)
        yield Fact(
            name=name,
            label=tr(date.kind),
            text=text + (f" ({ahead})" if ahead else ""),
            value=text,
            hint=tr(HINTS["birthday"]),
        )
    if not record["birthday"]:
        yield _plain({("birthday", ""): ""}, "birthday")


def _relation_fact(row: Mapping[str, Any]) -> Fact:
    return Fact(
        name=("relation", f"{row['as']} {row['id']}"),
        label=tr(LABELS["relation"]),
        text=f"{row['as']} {row['name']}",
        value=_relation(row),
        opens=_key(row["id"]),
        hint=tr(HINTS["relation"]),
    )


def _own(crm: Context, noun: str, custom: Mapping[str, Any]) -> Iterator[Fact]:
    """Give own fields in the order of definition, then what is not defined."""
    known = {own.key: own for own in definitions(crm.store.reader, noun)}
    for key in dict.fromkeys([*known, *custom]):
        own = known.get(key)
        text = own_text(custom[key]) if key in custom else ""
        words = () if own is None else YES_NO if own.type == "bool" else own.choices
        is_web = own is not None and own.type == "url"
        yield Fact(
            name=("custom", key),
            label=own.title if own else key,
            text=text,
            value=text,
            copies=text,
            link=channel_rules.link("url", text) if is_web else "",
            words=words,
            hint=", ".join(words[:4]) or (own.type if own else ""),
            own=own,
        )


def _key(ref: str) -> Key:
    return LETTERS[ref[0]], int(ref[1:])


def _unless(text: str, nothing: str) -> str:
    return "" if text == nothing else text
