"""One fact of a record typed over: read as the command line reads it, and saved.

The unit of work looks whether the fact still is what was shown when typing began; what somebody
else changed meanwhile is never overwritten. It is told (`Changed`), and a person chooses.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

from crmcli.context import Context
from crmcli.errors import ConflictError, InvalidError, UsageError
from crmcli.i18n import tr, trn
from crmcli.rules.channel import AddressDraft, ChannelDraft
from crmcli.rules.contact import yearly_date
from crmcli.rules.field import Fields, text_of, value_of
from crmcli.rules.relation import Pair, read_word
from crmcli.rules.values import days, line, tags
from crmcli.service import bulk, contact, log, org, planning, task
from crmcli.service.bulk import Look, Moved
from crmcli.service.fact import Fact, Name, require_living, values
from crmcli.store import relation as relation_store
from crmcli.store import task as task_store
from crmcli.store.contact import date_text
from crmcli.store.party import Edit
from crmcli.store.search import Key
from crmcli.store.unit import Unit
from crmcli.text import fold

LISTS = {"email": "emails", "phone": "phones", "url": "urls", "address": "addresses"}
SINGLE = ("rrule", "dtstart_on", "repeat_from", "series_uid")  # empty for what does not repeat
PAIR = " = "  # between a name and its value: `name day = 26 july`


class Changed(ConflictError):
    """The fact is no longer what was shown.

    Args:
        theirs: what it is now, as it is typed; "" for one that is gone.
    """

    def __init__(self, theirs: str) -> None:
        super().__init__(tr("it changed meanwhile"), tr("choose mine or theirs"))
        self.theirs = theirs


class Clash(ConflictError):
    """Several facts were typed over, and some of them are no longer what was shown.

    Args:
        theirs: what they are now, as they are typed, by their names.
    """

    def __init__(self, theirs: dict[str, str]) -> None:
        now = "; ".join(f"{name}: {text or tr('nothing')}" for name, text in theirs.items())
        super().__init__(
            tr("somebody changed it meanwhile, it says now {now}", now=now),
            tr("save again to put yours in its place"),
        )
        self.theirs = theirs


@dataclass(frozen=True, slots=True)
class Saved:
    """What saving did: whether anything changed, and what is to be said about it."""

    moved: bool
    said: str = ""


def save(
    crm: Context, key: Key, fact: Fact, text: str, *, shown: str, force: bool = False
) -> Saved:
    """Save what was typed over a fact; an empty text empties it.

    Args:
        crm: the run.
        key: whose fact.
        fact: which one.
        text: as typed.
        shown: what the fact held when typing began, or what was agreed to overwrite since.
        force: even if somebody else has the e-mail or phone.

    Raises:
        InvalidError, UsageError: the text does not fit.
        Known: somebody else has the e-mail or phone.
        Changed: the fact is not what was shown any more.
        Gone: the record is not there any more.
    """
    look = _look(key, fact.name, shown, text)
    noun, id = key
    if noun == "task":
        return _saved(task.save(crm, [id], _task_edit(crm, id, fact.name[0], text), before=look))
    if noun == "interaction":
        return _saved(log.retell(crm, id, text, look))
    if fact.name[0].endswith("relation"):
        return _relate(crm, id, fact, text, look)
    edit = _party_edit(crm, noun, fact, text, shown)
    warnings = ", ".join(edit.warnings)
    if noun == "org":
        return _saved(org.save(crm, [id], edit, before=look), warnings)
    return _saved(contact.save(crm, [id], edit, force=force, before=look), warnings)


def save_task(crm: Context, id: int, typed: dict[str, str], shown: dict[str, str]) -> Saved:
    """Save what was typed over several facts of a task, as one group; an empty text empties one.

    Args:
        crm: the run.
        id: of the task.
        typed: the texts by the names of the facts.
        shown: what they held when typing began, or what was agreed to overwrite since.

    Raises:
        InvalidError, UsageError: a text does not fit.
        Clash: somebody else changed what was typed over.
    """
    key = ("task", id)
    changed = {name: text.strip() for name, text in typed.items() if text.strip() != shown[name]}

    def look(w: Unit) -> None:
        now = {name: text for (name, _), text in values(w.conn, key).items()}
        theirs = {
            name: now[name] for name in changed if now[name] not in (shown[name], changed[name])
        }
        if theirs:
            raise Clash(theirs)

    edits = [_task_edit(crm, id, name, text) for name, text in changed.items()]
    return _saved(task.save(crm, [id], task.joined(edits), before=look))


def save_address(crm: Context, key: Key, old: AddressDraft, new: dict[str, str]) -> Saved:
    """Replace an address; without any part it goes.

    Raises:
        ConflictError: it changed meanwhile.
    """
    noun, id = key
    edit, save = (contact.edit, contact.save) if noun == "contact" else (org.edit, org.save)
    drafts = edit(crm, {}, {"addresses": [new]}, {}, []).addresses  # type: ignore[list-item]
    moves = [(old, drafts[0] if drafts else None)]
    return _saved(save(crm, [id], Edit({}, {}, moves=moves), before=lambda w: _living(w, key)))


def check(crm: Context, fact: Fact, text: str) -> str:
    """Say how a text is understood while it is typed; quick, without the database.

    Raises:
        CrmError: it does not fit.
    """
    field = fact.name[0]
    if field == "due":
        return planning.due_echo(crm, planning.parse_due(crm, text))
    if field == "paused_until_on":
        return tr("paused until {date}", date=crm.describe(planning.ahead(crm, text)))
    if field in ("birthday", "date", "+date"):
        kind, phrase = _date_of(fact.name, text)
        return f"{kind} {date_text(yearly_date(kind, phrase, crm.dates['date_order']))}"
    if field == "cadence_days":
        count = days(tr("the cadence"), text) or 0
        return trn("every {count} day", "every {count} days", count)
    if fact.own and fact.own.type != "text":
        fields = Fields([fact.own], crm.clock.local_now(), crm.currency, crm.dates)
        return text_of(value_of(fact.own, text, fields))
    return ""


def _look(key: Key, name: Name, shown: str, text: str) -> Look:
    """Give what refuses a fact that changed; what is added or merged cannot clash."""

    def look(w: Unit) -> None:
        now = values(w.conn, key).get(name, "")
        if name[0] != "tags" and now not in (shown, text):
            raise Changed(now)

    return look


def _living(w: Unit, key: Key) -> None:
    require_living(w.conn, key)


def _saved(moved: Moved, warnings: str = "") -> Saved:
    said = "; ".join(filter(None, (moved.said if moved.count else "", warnings)))
    return Saved(moved.count > 0, said)


# People and orgs


def _party_edit(crm: Context, noun: str, fact: Fact, text: str, shown: str) -> Edit:
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
        own, value = _pair(text) if fact.name[0] == "+custom" else (fact.name[1], text)
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
        gone = ChannelDraft(old.kind, old.label, old.value, old.norm)
        return Edit({}, {}, off_channels=[gone])
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
    kind, phrase = _date_of(name, text)
    return Edit({}, {}, dates=[yearly_date(kind, phrase, crm.dates["date_order"])])


def _date_of(name: Name, text: str) -> tuple[str, str]:
    """Give the kind of a yearly date and its phrase."""
    if name[0] != "+date":
        return name[1] or name[0], text
    kind, phrase = _pair(text)
    return fold(line(kind, "kind") or "") or "date", phrase


def _pair(text: str) -> tuple[str, str]:
    """Split `tea = green`.

    Raises:
        InvalidError: it holds no =, or nothing beside it.
    """
    name, _, value = (part.strip() for part in text.partition("="))
    if not name or not value:
        raise InvalidError(tr("a name and a value, with = between them"), tr("such as tea = green"))
    return name, value


def tags_between(shown: str, text: str) -> tuple[list[str], list[str]]:
    """Give the tags that come on and go off when `+vip +lead` is typed over.

    `-old` takes one off too, whether it was shown or not.
    """
    before, _ = read_signed(shown)
    on, off = read_signed(text)
    kept = {fold(tag) for tag in on}
    gone = [tag for tag in before if fold(tag) not in kept]
    known = {fold(tag) for tag in before}
    return [tag for tag in on if fold(tag) not in known], [*gone, *off]


def read_signed(text: str) -> tuple[list[str], list[str]]:
    r"""Give the tags of `+vip lead -old +"key account"`: those with a plus or none, and the others.

    Raises:
        InvalidError: a quotation mark without its other half.
    """
    import shlex

    try:
        words = shlex.split(text.replace("'", r"\'").replace(",", " "))
    except ValueError:
        raise InvalidError(
            tr("a quotation mark is missing"), tr('such as +vip +"key account" -old')
        ) from None
    return tags([w for w in words if w[:1] != "-"]), tags([w[1:] for w in words if w[:1] == "-"])


# Relations


def _relate(crm: Context, id: int, fact: Fact, text: str, look: Look) -> Saved:
    """Save that somebody is something to somebody else: `referred by = bo-li`."""
    old, new = (_side(crm, id, typed) for typed in (fact.value, text))

    def change(w: Unit, _: int) -> bool:
        gone = relation_store.unrelate(w, *old) if old and old != new else 0
        return bool(relation_store.relate(w, *new) if new else False) or gone > 0

    return _saved(bulk.change(crm, "contact relate", [id], change, before=look))


def _side(crm: Context, id: int, text: str) -> tuple[int, int, Pair] | None:
    """Give who is what to whom; None for no text."""
    if not text.strip():
        return None
    word, other = _pair(text)
    pair, is_inverse = read_word(word, "", relation_store.pairs(crm.store.reader))
    two = crm.resolve(other, ("contact",), strict=True)[1]
    if two == id:
        raise UsageError(tr("nobody is related to themselves"))
    return (two, id, pair) if is_inverse else (id, two, pair)


# Tasks


def _task_edit(crm: Context, id: int, field: str, text: str) -> task.Edit:
    """Give the change of a task that typing over one of its facts asks for."""
    text = text.strip()
    found = task_store.get_tasks(crm.store.reader, [id])
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
