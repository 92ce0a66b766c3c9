"""Who calls: people and orgs by any part of a telephone number."""

from collections.abc import Sequence

from crmcli.context import Context
from crmcli.errors import UsageError
from crmcli.i18n import tr
from crmcli.rules.digits import digits
from crmcli.service import contact, log
from crmcli.service.log import Log
from crmcli.service.record import Record, record_of
from crmcli.store.search import Key, by_number
from crmcli.store.task import open_tasks
from crmcli.text import clean

NOUNS = ("contact", "org")
LEAST = 4  # digits that tell a number


def who(crm: Context, number: str) -> list[Key]:
    """Give whose number holds these digits; what is stored without its country is found too.

    Raises:
        UsageError: it is no number, or too short a part of one.
    """
    number = clean(number)
    if len(digits(number)) < LEAST or any(map(str.isalpha, number)):
        raise UsageError(
            tr("not a telephone number: {number!r}", number=number),
            tr("four digits of it or more, such as +386 40 123 456"),
        )
    found = by_number(crm.store.reader, number, NOUNS)
    found = found or by_number(crm.store.reader, _national(number, crm.region), NOUNS)
    return sorted(found)


def _national(number: str, region: str | None) -> str:
    """Give a number as it is dialled inside its country; "" for a part of one."""
    import phonenumbers

    try:
        found = phonenumbers.parse(number, region)
    except phonenumbers.NumberParseException:
        return ""
    return str(found.national_number) if phonenumbers.is_possible_number(found) else ""


def head(crm: Context, key: Key) -> Record:
    """Give the head of a card: who it is, when they were touched last, and what is open."""
    from crmcli.store.org import last_touch

    noun, id = key
    record = record_of(crm, key)
    touched = record["last_touch"] if noun == "contact" else last_touch(crm.store.reader, id)
    tasks = [task.json() for task in open_tasks(crm.store.reader, noun, id)]
    return {
        "id": record["id"],
        "handle": record["handle"],
        "name": record["name"],
        "org": record.get("org"),
        "title": record.get("title"),
        "phone": record["phone"],
        "owner": record["owner"],
        "last_touch": touched,
        "do_not_contact": bool(record.get("do_not_contact")),
        "tasks": [{name: task[name] for name in ("id", "due", "title")} for task in tasks],
    }


def add_lead(crm: Context, number: str, name: str = "") -> Key:
    """Add who calls as a lead, called after the number unless a name is given."""
    number = clean(number)
    raw = {"name": name or number, "phones": [("", number)]}
    raw |= {"lifecycle_stage": "lead", "lead_status": "new"}
    return "contact", contact.add(crm, [raw]).value[0]


def log_call(crm: Context, keys: Sequence[Key]) -> int:
    """Log that they called; give the interaction."""
    plan = log.plan(crm, keys, Log(kind="call", inbound=True))
    return log.write(crm, plan).id
