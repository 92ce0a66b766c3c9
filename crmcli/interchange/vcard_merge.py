"""Cards compared fact by fact, merged, and rewritten with what we know nothing of kept.

A fact is one thing a card says, under a key that is the same on both sides: `name`, `note`,
`email ana@acme.si`, `tag vip`, `date birthday`, `custom tea`. So two sides that changed different
things of one person both win, and only what both changed differently is a conflict.
"""

import io
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from crmcli.errors import InvalidError
from crmcli.i18n import tr
from crmcli.interchange import vcard_write
from crmcli.interchange.content_line import BINARY, Card, Property, cards, numbered
from crmcli.interchange.vcard import is_person, raw_of
from crmcli.interchange.vcard_write import fold
from crmcli.rules.channel import place
from crmcli.rules.contact import NAME_PARTS, ContactDraft, draft_contact
from crmcli.rules.field import Fields, text_of
from crmcli.text import fold as folded

Facts = dict[str, Any]
PLAIN = (*NAME_PARTS, "language", "note")
JOB = ("org", "title", "department")
_END = "\r\n"
_WAYS = ("first ", "email ", "phone ", "url ", "address ")


@dataclass(frozen=True, slots=True)
class Reader:
    """How values of cards are understood here.

    Args:
        region: how telephone numbers without + are read.
        fields: the own fields of contacts, to which what is stored must fit.
    """

    region: str | None
    fields: Fields = field(default_factory=Fields)

    def draft(self, card: Card) -> ContactDraft:
        """Give the person of a card as they would be stored; without any name, as imports do.

        Raises:
            InvalidError: it holds nobody, or a value that cannot be stored.
        """
        return draft_contact(raw_of(card), self.region, lenient=True, fields=self.fields)

    def person(self, card: Card) -> ContactDraft:
        """Give the person of a card, own fields as text: to be compared.

        Raises:
            InvalidError: it holds nobody, or a value that cannot be stored.
        """
        return draft_contact(raw_of(card), self.region, lenient=True)

    def facts(self, card: Card) -> Facts:
        """Give what a card says.

        Raises:
            InvalidError: as for `person`.
        """
        return facts_of(self.person(card))

    def keys(self, one: Property, labels: list[Property], version: Property | None) -> set[str]:
        """Give the facts that one property is part of."""
        raw = raw_of(Card(one.line, [*([version] if version else ()), one, *labels]))
        has_name = bool(raw.setdefault("name", "x") != "x") or one.name == "N"
        try:
            found = facts_of(draft_contact(raw, self.region, lenient=True))
        except InvalidError:
            return set()
        return set(found) - (set() if has_name else {"name"})


def facts_of(draft: ContactDraft) -> Facts:
    """Give what is said about a person, as facts that can be compared."""
    found: Facts = {"name": draft.values["display_name"]}
    found |= {key: draft.values[key] for key in PLAIN if draft.values.get(key)}
    if draft.org:
        found["org"] = folded(draft.org)
        found |= {key: getattr(draft, key) for key in JOB[1:] if getattr(draft, key)}
    for one in draft.channels:
        found[f"{one.kind} {one.value_norm}"] = (one.label or "", one.value)
        found.setdefault(f"first {one.kind}", one.value_norm)
    for address in draft.addresses:
        found[f"address {place(address)}"] = address.get("label", "")
    found |= {f"date {date.kind}": date.text for date in draft.dates}
    found |= {f"tag {folded(tag)}": True for tag in draft.tags}
    return found | {f"custom {key}": text_of(value) for key, value in draft.custom.items()}


def read_card(text: str) -> Card | None:
    """Give the one person of a file; None for an org or a group.

    Raises:
        InvalidError: it is no card, or holds several.
    """
    found = list(cards(io.StringIO(text, newline="")))
    if len(found) != 1:
        raise InvalidError(tr("holds {count} cards instead of one", count=len(found)))
    if found[0].fault:
        raise InvalidError(found[0].fault)
    return found[0] if is_person(found[0]) else None


def without_binary(text: str) -> str:
    """Give the text of a card without its photos and keys, which may be large."""
    card = next(cards(io.StringIO(text, newline="")))
    binary = {
        number
        for one in card.properties
        if one.name in BINARY
        for number in range(one.line, one.last + 1)
    }
    lines = numbered(io.StringIO(text, newline=""))
    return "".join(line + _END for number, line in lines if number not in binary)


def merged(
    base: Facts | None, ours: Facts, theirs: Facts, prefer: str = ""
) -> tuple[Facts, list[str]]:
    """Give what both sides together say, and the keys that both changed differently.

    Args:
        base: what both said the last time; None when they were never compared: then how a number
            is written and labelled is no conflict, and the CRM's way stays.
        ours: what the CRM says.
        theirs: what the card in the folder says.
        prefer: `crm` or `folder`, who wins a conflict; "" for nobody.
    """
    found: Facts = {}
    conflicts = []
    for key in dict.fromkeys([*ours, *theirs]):
        our, their, was = ours.get(key), theirs.get(key), (base or {}).get(key)
        value = our
        if our != their and their != was and our == was:
            value = their
        elif our != their and their != was:
            if prefer == "folder":
                value = their
            elif not prefer and not (base is None and key.startswith(_WAYS)):
                conflicts.append(key)
        if value is not None:
            found[key] = value
    return found, conflicts


def rewritten(text: str, contact: Mapping[str, Any], reader: Reader) -> str:
    """Give a card as the contact has it now; lines whose facts hold already stay as they are.

    Args:
        text: the card as it is, one that can be read.
        contact: under its names in JSON.
        reader: how values are understood.
    """
    wanted = reader.facts(_only(vcard_write.card(contact)))
    edit = _Edit(text, contact, reader)
    given = reader.facts(edit.card)
    moved = {key for key in {*given, *wanted} if given.get(key) != wanted.get(key)}
    if edit.version != "2.1":
        found = edit.replaced(moved)
        if reader.facts(_only(found)) == wanted:
            return found
    return edit.replaced(None)


def _only(text: str) -> Card:
    return next(cards(io.StringIO(text, newline="")))


class _Edit:
    """Changes the lines of a card."""

    def __init__(self, text: str, contact: Mapping[str, Any], reader: Reader) -> None:
        self.card, self.contact, self.reader = _only(text), contact, reader
        self.raw = dict(numbered(io.StringIO(text, newline="")))
        named = {one.name: one for one in self.card.properties}
        self.version_line = named.get("VERSION")
        self.version = self.version_line.text if self.version_line else "3.0"

    def replaced(self, moved: set[str] | None) -> str:
        """Give the card with our lines for these facts; None for all we have lines for."""
        version = "4.0" if self.version == "4.0" else "3.0"
        kept, groups = self._kept(moved)
        numbers = [int(name[4:]) for name in groups if name[:4] == "item" and name[4:].isdigit()]
        added = [
            fold(line)
            for name, lines in vcard_write.lines(self.contact, version, max(numbers, default=0) + 1)
            if name == "updated" or (name != "uid" and self._is_wanted(lines, moved))
            for line in lines
        ]
        return _END.join(["BEGIN:VCARD", f"VERSION:{version}", *kept, *added, "END:VCARD", ""])

    def _kept(self, moved: set[str] | None) -> tuple[list[str], set[str]]:
        """Give the lines that stay, and the groups they are in."""
        labels = [one for one in self.card.properties if one.name == "X-ABLABEL"]
        kept: list[Property] = []
        for one in self.card.properties:
            if one.name in ("VERSION", "REV", "X-ABLABEL"):
                continue
            group = one.group.lower()
            own = [label for label in labels if group and label.group.lower() == group]
            keys = self.reader.keys(one, own, self.version_line)
            if not keys & moved if moved is not None else not keys:
                kept.append(one)
        groups = {one.group.lower() for one in kept if one.group}
        kept += [label for label in labels if label.group.lower() in groups]
        kept.sort(key=lambda one: one.line)
        return [line for one in kept for line in self._lines(one)], groups

    def _lines(self, one: Property) -> list[str]:
        """Give the lines of a property as they stand; a text of 2.1 that was encoded, anew."""
        if self.version == "2.1" and one.is_plain and one.value:
            group = f"{one.group}." if one.group else ""
            types = f";TYPE={','.join(one.types)}" if one.types else ""
            value = one.value.replace("\\", "\\\\").replace("\n", "\\n")
            return [fold(f"{group}{one.name}{types}:{value}")]
        lines = [self.raw[number] for number in range(one.line, one.last + 1)]
        return [line for line in lines if line.strip()]

    def _is_wanted(self, lines: list[str], moved: set[str] | None) -> bool:
        if moved is None:
            return True
        text = _END.join(["BEGIN:VCARD", *lines, "END:VCARD", ""])
        first, *labels = _only(text).properties
        return bool(self.reader.keys(first, labels, None) & moved)
