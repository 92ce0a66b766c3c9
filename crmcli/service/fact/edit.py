"""The change of a record that typing over one of its facts asks for."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from crmcli.context import Context
from crmcli.errors import InvalidError, UsageError
from crmcli.i18n import tr
from crmcli.rules.contact import yearly_date
from crmcli.rules.relation import Pair, read_word
from crmcli.service import contact, org, planning, task
from crmcli.service.fact.one import Fact, Name
from crmcli.service.fact.read import date_of, split_pair, tags_between
from crmcli.store import relation
from crmcli.store.party import Edit
from crmcli.store.task import get_tasks

LISTS = {"email": "emails", "phone": "phones", "url": "urls", "address": "addresses"}
SINGLE = ("rrule", "dtstart_on", "repeat_from", "series_uid")  # empty for what does not repeat


def party_edit(crm: Context, noun: str, fact: Fact, text: str, shown: str) -> Edit:
    """Give the change of a person or an org; `shown` is what the fact held when typing began."""
    field = fact.name[0].removeprefix("+")
    if field == "tags":
        on, off = tags_between(shown, text)
        return Edit({}, {}, tags=on, off_tags=off)
    if field in ("birthday", "date"):
        return _date_edit(crm, fact.name, text)
    edit = contact.edit if noun == "contact" else org.edit
    if field in LISTS:
        return _way_edit(crm, edit, fact, text)
    if field == "custom":
        own, value = split_pair(text) if fact.name[0] == "+custom" else (fact.name[1], text)
        return edit(crm, {}, {}, {own: value}, [])
    if field == "owner" and not text.strip():
        raise InvalidError(tr("somebody must own it"), tr("me takes it over"))
    if field == "paused_until_on" and text.strip():
        text = str(planning.ahead(crm, text).on)
    return edit(crm, {field: text}, {}, {}, [])


def _way_edit(crm: Context, edit: Callable[..., Edit], fact: Fact, text: str) -> Edit:
    """Give the edit that adds, changes or removes a channel, or adds an address."""
    old = fact.channel
    if old and not text.strip():
        return Edit({}, {}, off_channels=[old.draft])
    added = edit(crm, {}, {LISTS[fact.name[0].removeprefix("+")]: [text]}, {}, [])
    if not old or not added.channels:
        return added
    new = added.channels[0]
    if old.label and not fact.value.startswith(f"{old.label}:"):  # it could not be shown
        new.label = new.label or old.label
    return replace(added, channels=(), swaps=[(old.id, new)])


def _date_edit(crm: Context, name: Name, text: str) -> Edit:
    if not text.strip():
        return Edit({}, {}, off_dates=[name[1] or name[0]])
    kind, phrase = date_of(name, text)
    return Edit({}, {}, dates=[yearly_date(kind, phrase, crm.dates["date_order"])])


def task_edit(crm: Context, id: int, field: str, text: str) -> task.Edit:
    """Give the change of a task that typing over one of its facts asks for."""
    text = text.strip()
    found = get_tasks(crm.store.reader, [id])
    rrule, repeat_from = (found[0].rrule, found[0].repeat_from) if found else (None, None)
    if not text:
        return _emptied(field, bool(rrule))
    if field == "for":
        return task.edit(crm, key=crm.resolve(text, ("contact", "org"), strict=True))
    if field == "repeats":
        return task.edit(crm, every=text, from_=repeat_from or "")
    name = "note" if field == "body" else field
    given: dict[str, Any] = {name: text}
    return task.edit(crm, **given)


def _emptied(field: str, repeats: bool) -> task.Edit:
    """Give the change that empties a fact of a task.

    Raises:
        InvalidError: it cannot be empty.
    """
    empty: dict[str, dict[str, object]] = {
        "for": {"contact_id": None, "org_id": None},
        "due": {"due_on": None, "due_time": None, "tz": None},
        "repeats": dict.fromkeys(SINGLE),
        "priority": {"priority": 0},
        "body": {"body": None},
    }
    if field not in empty:
        raise InvalidError(tr("this cannot be empty"), tr("esc leaves it as it was"))
    if field == "due" and repeats:
        raise InvalidError(tr("a task that repeats needs a due date"))
    return task.Edit(empty[field])


def relation_of(crm: Context, id: int, text: str) -> tuple[int, int, Pair] | None:
    """Give who is what to whom; None for no text."""
    if not text.strip():
        return None
    word, other = split_pair(text)
    pair, is_inverse = read_word(word, "", relation.pairs(crm.store.reader))
    two = crm.resolve(other, ("contact",), strict=True)[1]
    if two == id:
        raise UsageError(tr("nobody is related to themselves"))
    return (two, id, pair) if is_inverse else (id, two, pair)
