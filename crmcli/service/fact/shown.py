"""The facts of a card as they are shown, those that can be filled in last."""

from collections.abc import Iterator

from crmcli.context import Context
from crmcli.i18n import tr, trn
from crmcli.rules import channel
from crmcli.rules import org as org_rules
from crmcli.rules import task as task_rules
from crmcli.service import card
from crmcli.service.card import Record
from crmcli.service.fact import deal as deal_facts
from crmcli.service.fact import party
from crmcli.service.fact.one import LABELS, Fact, more, plain, told
from crmcli.service.fact.stored import contact_values, org_values, task_values
from crmcli.store import contact, interaction, org, task
from crmcli.store.search import Key, key_of

# What may be added; what there is one of is left out when it is filled.
CONTACT_MORE = ("email", "phone", "url", "address", "date", "relation", "custom")
ORG_MORE = ("email", "phone", "url", "address", "custom")


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
    elif noun == "deal":
        found = list(deal_facts.facts(crm, id))
    else:
        found = list(_FACTS[noun](crm, id, record))
    empty = [one for one in found if not one.text and not one.is_fixed]
    order = list(LABELS)
    empty.sort(key=lambda one: order.index(one.name[0].removeprefix("+")))
    return [one for one in found if one.text] + empty


def whom(noun: str, record: Record) -> Key | None:
    """Give whom a record is about.

    A person, an org and a deal themselves; of a task and of what was said whom it is with.
    """
    if noun in ("contact", "org", "deal"):
        return key_of(record["id"])
    if noun == "task":
        return key_of(record["who"]["id"]) if record["who"] else None
    return key_of(record["people"][0]["id"]) if record["people"] else None


def _contact_facts(crm: Context, id: int, record: Record, ascii: bool) -> Iterator[Fact]:
    one = contact.get_contact(crm.store.reader, id)
    known = contact_values(one)
    yield plain(known, "name")
    if one.org:
        yield plain(known, "title")
        if one.department:
            yield plain(known, "department")
    yield plain(known, "org", opens=("org", one.org_id) if one.org_id else None)
    yield from party.ways(one)
    yield party.tags(one)
    stage = one.lifecycle_stage
    yield plain(known, "lifecycle_stage", text="" if stage == "other" else stage)
    yield from party.dates(one, record)
    yield from (plain(known, part) for part in ("nickname", "language") if one.parts[part])
    yield plain(known, "owner")
    yield told("last_touch", tr("last touch"), card.touch_words(crm, record["last_touch"]))
    yield plain(known, "cadence_days", text=card.cadence_words(record))
    paused = known["paused_until_on", ""]
    yield plain(known, "paused_until_on", text=card.day_words(crm, paused) if paused else "")
    yield from (plain(known, flag) for flag in card.NO_TOUCH if known[flag, ""])
    yield told("pulse", tr("pulse"), card.pulse_words(record["pulse"], ascii=ascii))
    yield from map(party.relation, record["relations"])
    yield plain(known, "note")
    yield from party.own_fields(crm, "contact", one.custom)
    yield from map(more, CONTACT_MORE)


def _org_facts(crm: Context, id: int, record: Record) -> Iterator[Fact]:
    one = org.get_org(crm.store.reader, id)
    known = org_values(one)
    yield plain(known, "name")
    yield plain(known, "kind", words=org_rules.KINDS)
    yield plain(known, "industry")
    yield plain(known, "domain", link=channel.link("url", one.domain or ""))
    yield from party.ways(one)
    yield party.tags(one)
    yield plain(known, "owner")
    yield told("last_touch", tr("last touch"), card.touch_words(crm, record["last_touch"]))
    yield plain(known, "note")
    yield from party.own_fields(crm, "org", one.custom)
    for person in record["people"]:
        text = ", ".join(filter(None, (person["name"], person["title"])))
        yield told("person", tr("person"), text, person["id"], opens=key_of(person["id"]))
    yield from map(more, ORG_MORE)


def _task_facts(crm: Context, id: int, record: Record) -> Iterator[Fact]:
    one = task.get_task(crm.store.reader, id)
    known = task_values(one)
    who = record["who"]
    yield plain(known, "title")
    opens = key_of(who["id"]) if who else None
    yield plain(known, "for", text=who["name"] if who else "", opens=opens)
    yield plain(known, "due", text=card.due_words(crm, record))
    yield plain(known, "repeats", text=card.repeat_words(record))
    words = tuple(task_rules.KINDS)
    yield plain(known, "kind", text=tr(card.KINDS[one.kind]), words=words)
    yield told("status", tr("status"), _status(crm, record))
    if record["snooze_count"]:
        count = trn("{count} time", "{count} times", record["snooze_count"])
        yield told("snoozed", tr("snoozed"), count)
    yield plain(known, "priority")
    yield plain(known, "owner")
    yield plain(known, "body")


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
        yield told("what", label, text, str(number))
    for person in record["people"]:
        yield told("with", tr("with"), person["name"], person["id"], opens=key_of(person["id"]))
    if one.org_id:
        yield told("org", tr("org"), one.org_name or "", opens=("org", one.org_id))
    yield told("tags", tr("tags"), "  ".join(f"+{tag}" for tag in one.tags))
    yield told("owner", tr("owner"), one.owner or "")
    yield plain({("body", ""): one.body or ""}, "body")


_FACTS = {
    "org": _org_facts,
    "task": _task_facts,
    "interaction": _interaction_facts,
}
