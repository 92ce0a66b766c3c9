"""The facts that people and orgs have alike: channels, addresses, tags, dates, own fields."""

from collections.abc import Iterator, Mapping
from typing import Any

from crmcli.context import Context
from crmcli.i18n import tr
from crmcli.rules import channel as rules
from crmcli.rules.channel import AddressDraft
from crmcli.rules.field import Definition, text_of
from crmcli.service import card
from crmcli.service.card import Record
from crmcli.service.fact.one import HINTS, LABELS, YES_NO, Fact, plain
from crmcli.service.fact.stored import date_name, relation_text, signed, way_text
from crmcli.store.contact import Contact, date_text
from crmcli.store.deal import Deal
from crmcli.store.field import definitions
from crmcli.store.org import Org
from crmcli.store.party import Channel
from crmcli.store.search import key_of


def ways(one: Contact | Org) -> Iterator[Fact]:
    """Give the channels, then the addresses."""
    for kind in rules.KINDS:
        yield from (_way(way) for way in one.channels if way.kind == kind)
    yield from map(_address, one.addresses)


def _way(way: Channel) -> Fact:
    return Fact(
        name=(way.kind, str(way.id)),
        label=tr(LABELS[way.kind]),
        text=card.way_words(way.label, way.value, way.status),
        value=way_text(way),
        copies=way.value,
        link=rules.link(way.kind, way.value, way.norm),
        hint=tr(HINTS[way.kind]),
        channel=way,
    )


def _address(address: AddressDraft) -> Fact:
    parts = {part: text for part, text in address.items() if part != "label"}
    said = ", ".join(parts.values())
    label = f"{address['label']} " if "label" in address else ""
    return Fact(
        name=("address", said),
        label=tr(LABELS["address"]),
        text=label + said,
        copies=said,
        address=address,
    )


def tags(one: Contact | Org | Deal) -> Fact:
    """Give the tags, on one line."""
    return Fact(
        name=("tags", ""),
        label=tr(LABELS["tags"]),
        text="  ".join(f"+{tag}" for tag in one.tags),
        value=signed(one.tags),
        hint=tr(HINTS["tags"]),
    )


def dates(one: Contact, record: Record) -> Iterator[Fact]:
    """Give the yearly dates with how early they are told; a birthday can be filled in."""
    for date in one.dates:
        text = date_text(date)
        yield Fact(
            name=date_name(date.kind),
            label=tr(date.kind),
            text=text + card.lead_words(date.lead_days),
            value=text,
            hint=tr(HINTS["birthday"]),
        )
    if not record["birthday"]:
        yield plain({("birthday", ""): ""}, "birthday")


def relation(row: Mapping[str, Any]) -> Fact:
    """Give what somebody is to somebody else."""
    return Fact(
        name=("relation", f"{row['as']} {row['id']}"),
        label=tr(LABELS["relation"]),
        text=f"{row['as']} {row['name']}",
        value=relation_text(row),
        opens=key_of(row["id"]),
        hint=tr(HINTS["relation"]),
    )


def own_fields(crm: Context, noun: str, custom: Mapping[str, Any]) -> Iterator[Fact]:
    """Give own fields in the order of definition, then what is not defined."""
    known = {own.key: own for own in definitions(crm.store.reader, noun)}
    for key in dict.fromkeys([*known, *custom]):
        yield _own_field(key, known.get(key), text_of(custom[key]) if key in custom else "")


def _own_field(key: str, own: Definition | None, text: str) -> Fact:
    words = () if own is None else YES_NO if own.type == "bool" else own.choices
    is_web = own is not None and own.type == "url"
    return Fact(
        name=("custom", key),
        label=own.title if own else key,
        text=text,
        value=text,
        copies=text,
        link=rules.link("url", text) if is_web else "",
        words=words,
        hint=", ".join(words[:4]) or (own.type if own else ""),
        own=own,
    )
