"""What every fact of a record holds, as it is typed."""

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

from crmcli.errors import NotFoundError
from crmcli.i18n import tr
from crmcli.rules.field import text_of
from crmcli.service.fact.one import YES_NO, Name, Values
from crmcli.service.party import quoted
from crmcli.store import contact, deal, interaction, org, task
from crmcli.store.contact import Contact, date_text
from crmcli.store.deal import Deal
from crmcli.store.org import Org
from crmcli.store.party import Channel
from crmcli.store.relation import relations
from crmcli.store.search import Key, is_archived, merged_into, reference
from crmcli.store.task import Task

if TYPE_CHECKING:
    from sqlite3 import Connection


class Gone(NotFoundError):
    """The record is gone, or in the trash."""


def values(conn: "Connection", key: Key) -> Values:
    """Give what every fact of a record holds, as it is typed; what is not there is empty.

    Raises:
        Gone: it is not there any more.
    """
    require_living(conn, key)
    noun, id = key
    if noun == "contact":
        return contact_values(contact.get_contact(conn, id)) | _relation_values(conn, id)
    if noun == "org":
        return org_values(org.get_org(conn, id))
    if noun == "task":
        return task_values(task.get_task(conn, id))
    if noun == "deal":
        return deal_values(deal.get_deal(conn, id))
    return {("body", ""): interaction.get_interaction(conn, id).body or ""}


def require_living(conn: "Connection", key: Key) -> None:
    """Refuse a record that is gone, or in the trash.

    Raises:
        Gone: it is.
    """
    archived = is_archived(conn, key)
    if archived is None:
        raise Gone(tr("{ref} is gone", ref=reference(key)))
    if into := merged_into(conn, key):
        target = reference(into)
        raise Gone(tr("{ref} was merged into {into}", ref=reference(key), into=target))
    if archived:
        hint = tr("u undoes the last change; `crm trash restore {ref}`", ref=reference(key))
        raise Gone(tr("{ref} is in the trash", ref=reference(key)), hint)


def contact_values(one: Contact) -> Values:
    """Give what the facts of a person hold, but for relations."""
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
    dates = {date_name(date.kind): date_text(date) for date in one.dates}
    return found | dates | _party_values(one)


def org_values(one: Org) -> Values:
    """Give what the facts of an org hold."""
    plain = {"kind": one.kind, "domain": one.domain, "industry": one.industry}
    return {(name, ""): text or "" for name, text in plain.items()} | _party_values(one)


def _party_values(one: Contact | Org) -> Values:
    return {
        ("name", ""): one.name,
        ("tags", ""): signed(one.tags),
        ("owner", ""): one.owner or "",
        ("note", ""): one.note or "",
        **{(way.kind, str(way.id)): way_text(way) for way in one.channels},
        **{("custom", key): text_of(stored) for key, stored in one.custom.items()},
    }


def _relation_values(conn: "Connection", id: int) -> Values:
    rows = relations(conn, id)
    return {("relation", f"{row['as']} {row['id']}"): relation_text(row) for row in rows}


def task_values(one: Task) -> Values:
    """Give what the facts of a task hold."""
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


def deal_values(one: Deal) -> Values:
    """Give what the facts of a deal hold."""
    from crmcli import money

    own = one.probability_override
    plain = {
        "name": one.name,
        "stage": one.stage,
        "amount": money.text(one.amount) if one.amount else "",
        "period": one.value_period.replace("_", "-"),
        "close_date": one.close_date,
        "probability": "" if own is None else f"{own}%",
        "category": (one.forecast_override or "").replace("_", "-"),
        "org": one.org_handle or (f"o{one.org_id}" if one.org_id else ""),
        "owner": one.owner,
        "source": one.source,
        "competitor": one.competitor,
        "close_note": one.close_note,
        "tags": signed(one.tags),
        "note": one.note,
    }
    return {
        **{(name, ""): text or "" for name, text in plain.items()},
        **{("person", person["id"]): person_text(person) for person in one.people},
        **{("custom", key): text_of(stored) for key, stored in one.custom.items()},
    }


def person_text(person: Mapping[str, Any]) -> str:
    """Give a person of a deal as they are typed: `ana-novak = decision maker`."""
    who = str(person["handle"] or person["id"])
    return f"{who} = {person['role'].replace('_', ' ')}" if person["role"] else who


def relation_text(row: Mapping[str, Any]) -> str:
    """Give a relation as it is typed: `referred by = bo-li`."""
    return f"{row['as']} = {row['handle'] or row['id']}"


def date_name(kind: str) -> Name:
    """Give the name of a yearly date among the facts."""
    return ("birthday", "") if kind == "birthday" else ("date", kind)


def _days(count: int | None) -> str:
    return f"{count}d" if count else ""


def way_text(way: Channel) -> str:
    """Give a channel as it is typed; a label that could not be read back is left out."""
    is_readable = way.label and way.label.replace(" ", "").isalpha()
    return f"{way.label}:{way.value}" if is_readable else way.value


def signed(tags: Iterable[str]) -> str:
    """Give tags as they are typed: `+vip +"key account"`."""
    return " ".join(f"+{quoted(tag)}" for tag in tags)
