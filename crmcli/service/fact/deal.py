"""The facts of a deal, and what typing over one of them does."""

from collections.abc import Iterator

from crmcli.clock import instant
from crmcli.context import Context
from crmcli.errors import InvalidError
from crmcli.i18n import mark, tr, trn
from crmcli.rules import deal as rules
from crmcli.rules.field import custom_edit
from crmcli.rules.values import choice, note
from crmcli.service import bulk, card
from crmcli.service import deal as service
from crmcli.service.bulk import Look, Moved
from crmcli.service.card import Record
from crmcli.service.fact import party
from crmcli.service.fact.one import HINTS, LABELS, Fact, Name, more, plain, told
from crmcli.service.fact.read import amount_echo, currency_of, split_pair, tags_between
from crmcli.service.fact.stored import deal_values, person_text
from crmcli.service.record import meant, own_fields
from crmcli.store import deal as store
from crmcli.store.deal import Deal
from crmcli.store.field import Guard
from crmcli.store.search import key_of
from crmcli.store.unit import Unit

ROLES = {
    "decision_maker": mark("decision maker"),
    "evaluator": mark("evaluator"),
    "influencer": mark("influencer"),
    "champion": mark("champion"),
    "blocker": mark("blocker"),
    "user": mark("user"),
    "other": mark("other"),
}
# What a fact is called among the fields of a deal, where that is not its own name.
FIELDS = {
    "probability": "probability_override",
    "category": "category_override",
    "org": "org_id",
}


def facts(crm: Context, id: int) -> Iterator[Fact]:
    """Give the facts of a deal: where it stands, what it is worth, with whom."""
    one = store.get_deal(crm.store.reader, id)
    known = deal_values(one)
    yield plain(known, "name")
    yield plain(known, "stage", text=stage_words(crm, one))
    yield told("guidance", tr("guidance"), store.stage_of(crm.store.reader, one).guidance or "")
    if one.reason:
        yield told("reason", tr("lost because"), one.reason)
    if not one.is_open:
        yield plain(known, "close_note")
    yield plain(
        known,
        "amount",
        text=service.amount_words(one.amount, one.value_period) if one.amount else "",
    )
    yield plain(known, "period", text="", words=words(rules.PERIODS))
    yield plain(known, "close_date", text=close_words(crm, one))
    yield plain(known, "probability")
    yield plain(known, "category", words=words(rules.OVERRIDES))
    yield from (_person(person) for person in one.people)
    opens = ("org", one.org_id) if one.org_id else None
    yield plain(known, "org", text=one.org_name or "", opens=opens)
    yield plain(known, "owner")
    yield plain(known, "source")
    yield plain(known, "competitor")
    yield party.tags(one)
    for line in one.lines:
        price = f"{line['net']['amount']} {line['net']['currency']}"
        what = tr(
            "{count} × {name}: {price}", count=line["quantity"], name=line["name"], price=price
        )
        yield told("line", tr("product"), what, str(line["id"]))
    for file in one.attachments:
        yield told("file", tr("file"), str(file["filename"]), str(file["id"]))
    yield plain(known, "note")
    yield from party.own_fields(crm, "deal", one.custom)
    yield from (more(name) for name in ("person", "custom"))


def words(names: tuple[str, ...]) -> tuple[str, ...]:
    """Give words as they are typed: `one-time`."""
    return tuple(name.replace("_", "-") for name in names)


def _person(person: Record) -> Fact:
    """Give a person of a deal, with what they decide."""
    role = tr(ROLES[person["role"]]) if person["role"] in ROLES else ""
    return Fact(
        name=("person", person["id"]),
        label=tr(LABELS["person"]),
        text=", ".join(filter(None, (person["name"], role))),
        value=person_text(person),
        opens=key_of(person["id"]),
        hint=tr(HINTS["person"]),
    )


def stage_words(crm: Context, one: Deal) -> str:
    """Say where a deal stands: `Proposal, 50 %, for 12 days; rotting`."""
    if not one.is_open:
        day = card.day_words(crm, crm.clock.wall(one.closed_at)[:10]) if one.closed_at else ""
        return ", ".join(filter(None, (one.stage, day)))
    said = tr("{stage}, {percent} %", stage=one.stage, percent=one.probability)
    days = crm.clock.today() - crm.clock.local(instant(one.stage_entered_at)).date()
    since = trn("for {count} day", "for {count} days", days.days) if days else tr("since today")
    idle = service.idle_days(crm, one)
    rotten = trn("! rots, nothing for {count} day", "! rots, nothing for {count} days", idle)
    return ", ".join([said, since, *([rotten] if service.is_rotten(crm, one) else [])])


def close_words(crm: Context, one: Deal) -> str:
    """Say when a deal is expected to close; a day that passed is told."""
    if not one.close_date:
        return ""
    said = card.day_words(crm, one.close_date)
    is_past = one.is_open and one.close_date < str(crm.clock.today())
    return tr("{date}: passed", date=said) if is_past else said


def stays(crm: Context, id: int) -> list[tuple[str, str]]:
    """Give the stages a deal stood in, in order, each with its days and how many they were."""
    found = []
    for stay in store.stays(crm.store.reader, id):
        begin = crm.clock.local(instant(stay["entered_at"])).date()
        end = crm.clock.local(instant(stay["exited_at"])).date() if stay["exited_at"] else None
        count = ((end or crm.clock.today()) - begin).days
        days = trn("{count} day", "{count} days", count)
        until = f"{begin} – {end}" if end else tr("since {date}", date=begin)
        found.append((stay["stage"], f"{days}, {until}"))
    return found


def save(crm: Context, id: int, fact: Fact, text: str, shown: str, look: Look) -> Moved:
    """Save what was typed over a fact of a deal; an empty text empties it.

    Args:
        crm: the run.
        id: of the deal.
        fact: which one.
        text: as typed.
        shown: what it held when typing began.
        look: refuses what changed meanwhile.

    Raises:
        InvalidError, UsageError: the text does not fit, or it cannot be empty.
        ConflictError: the amount is that of the deal's lines.
    """
    field, text = fact.name[0].removeprefix("+"), text.strip()
    if field == "tags":
        return bulk.tag(crm, "deal", [id], *tags_between(shown, text))
    if field == "person":
        return _save_person(crm, id, fact.name, text, look)
    if field == "custom":
        return _save_own(crm, id, fact.name, text, look)
    if field == "close_note":
        said = note(text)
        return bulk.change(
            *(crm, "deal edit", [id], lambda w, id: w.update("deal", id, close_note=said)),
            before=look,
        )
    name = FIELDS.get(field, field)
    if not text:
        raw, drop = _emptied(name)
        return service.edit(crm, [id], raw, drop=drop, before=look)
    return service.edit(crm, [id], {name: _typed(crm, fact, name, text)}, before=look)


def _typed(crm: Context, fact: Fact, name: str, text: str) -> object:
    """Give a text as the fields of a deal take it."""
    if name == "amount":
        return amount_echo(text, currency_of(crm, fact))
    if name == "close_date":
        return str(service.close_day(crm, text))
    if name == "org_id":
        return meant(crm, text, ("org",))[1]
    return text


def _emptied(name: str) -> tuple[Record, tuple[str, ...]]:
    """Give the fields to set and to drop for a fact that is emptied.

    Raises:
        InvalidError: it cannot be empty.
    """
    if name in ("name", "stage"):
        raise InvalidError(tr("this cannot be empty"), tr("esc leaves it as it was"))
    if name == "owner":
        raise InvalidError(tr("somebody must own it"), tr("me takes it over"))
    return ({"period": "one_time"}, ()) if name == "period" else ({}, (name,))


def _save_person(crm: Context, id: int, name: Name, text: str, look: Look) -> Moved:
    """Add a person to a deal, give them another role, or take them off."""
    old = key_of(name[1])[1] if name[1] else None
    who, _, word = (part.strip() for part in text.partition("="))
    new = meant(crm, who, ("contact",))[1] if who else None
    role = choice("role", word, rules.ROLES)

    def change(w: Unit, id: int) -> bool:
        moved = old is not None and old != new and store.drop_person(w, id, old)
        if new is None:
            return moved
        return store.add_person(w, id, new, role) or moved

    return bulk.change(crm, "deal contact", [id], change, before=look)


def _save_own(crm: Context, id: int, name: Name, text: str, look: Look) -> Moved:
    """Change an own field; an empty text takes its value away."""
    own, value = split_pair(text) if name[0] == "+custom" else (name[1], text)
    custom = custom_edit({own: value}, own_fields(crm, "deal"))

    def change(w: Unit, id: int) -> bool:
        return store.set_custom(w, id, custom, Guard(w.conn, "deal"))

    return bulk.change(crm, "deal edit", [id], change, before=look)
