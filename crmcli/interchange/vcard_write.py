"""People as vCards: 3.0 (RFC 2426), or 4.0 (RFC 6350); `interchange/vcard.py` reads them back.

3.0 is the default because CardDAV servers lose values of 4.0 cards (nextcloud/contacts#1850,
CardBook#279).
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from crmcli.rules.field import typed
from crmcli.rules.name import parts_of
from crmcli.text import clean

VERSIONS = ("3.0", "4.0")
MOST = 75  # octets of a line
_ESCAPES = str.maketrans({"\\": "\\\\", ",": "\\,", ";": "\\;", "\n": "\\n"})
_PLACES = ("work", "home", "other")
_DEVICES = {"mobile": "CELL", "fax": "FAX", "pager": "PAGER", "main": "MAIN", "car": "CAR"}
_NAMES = ("family_name", "given_name", "additional_name", "prefix", "suffix")
MADE = "X-CRM-MADE"
"""A parameter of N: it is made of the whole name, for programs that need one; not read back."""
_PLAIN_KEY = re.compile(r"[a-z0-9_]+")
_ADDRESS = ("extended", "street", "locality", "region", "postal_code", "country")
_UUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE)
_SINGLES = {"nickname": "NICKNAME", "title": "TITLE", "note": "NOTE", "language": "LANG"}
_CHANNELS = {"emails": "EMAIL", "phones": "TEL", "urls": "URL"}
_NO_YEAR = "1604"  # of a day without a year, as Apple writes it

Contact = Mapping[str, Any]


def card(contact: Contact, version: str = "3.0") -> str:
    """Give the vCard of a contact, lines ended by CRLF.

    Args:
        contact: under its names in JSON.
        version: 3.0 or 4.0.
    """
    body = (line for _, one in lines(contact, version) for line in one)
    every = ("BEGIN:VCARD", f"VERSION:{version}", *body, "END:VCARD")
    return "".join(f"{fold(line)}\r\n" for line in every)


def lines(
    contact: Contact, version: str = "3.0", first_group: int = 1
) -> Iterator[tuple[str, list[str]]]:
    """Give the unfolded lines of a card, each value with the field of a raw record that it holds.

    Args:
        contact: under its names in JSON.
        version: 3.0 or 4.0.
        first_group: the number of the first `item1.`.
    """
    return _Writer(contact, version, first_group).lines()


def fold(line: str) -> str:
    """Break a line into ones of at most 75 octets, never inside a character."""
    if len(line) <= MOST and line.isascii():
        return line
    pieces, piece, size = [], "", 0
    for char in line:
        width = len(char.encode("utf-8", "replace"))
        if size + width > MOST:
            pieces.append(piece)
            piece, size = " ", 1
        piece, size = piece + char, size + width
    return "\r\n".join([*pieces, piece])


def escape(text: str) -> str:
    """Give a text as the value of a property."""
    return text.translate(_ESCAPES)


@dataclass(slots=True)
class _Writer:
    """Writes one contact; `group` numbers the labels that are no standard types."""

    contact: Contact
    version: str
    group: int

    @property
    def is_new(self) -> bool:
        """Whether it is 4.0."""
        return self.version == "4.0"

    def lines(self) -> Iterator[tuple[str, list[str]]]:
        """Give the lines of all fields."""
        uid = _text(self.contact["uid"])
        yield "uid", [f"UID:{'urn:uuid:' * (self.is_new and bool(_UUID.fullmatch(uid)))}{uid}"]
        yield "name", [f"FN:{self._value('name')}"]
        yield "parts", [self._names()]
        yield from self._singles()
        yield from self._channels()
        yield from self._others()

    def _singles(self) -> Iterator[tuple[str, list[str]]]:
        """Give what somebody has one of."""
        if self.contact.get("org"):
            unit = self._value("department")
            yield "org", [f"ORG:{self._value('org')}{';' * bool(unit)}{unit}"]
        for key, name in _SINGLES.items():
            if self.contact.get(key):
                yield key, [f"{name}:{self._value(key)}"]
        if text := _text(self.contact.get("birthday")):
            yield "birthday", [f"BDAY{self._date(text)}"]

    def _channels(self) -> Iterator[tuple[str, list[str]]]:
        """Give how and where somebody is reached."""
        for key, name in _CHANNELS.items():
            for item in self.contact.get(key) or ():
                value = _text(item["value"])
                value = value.replace("\\", "\\\\") if key == "urls" else escape(value)
                yield key, self._labelled(name, item, value)
        for item in self.contact.get("addresses") or ():
            parts = [escape(_text(item.get(part))) for part in _ADDRESS]
            yield "addresses", self._labelled("ADR", item, ";".join(["", *parts]))

    def _others(self) -> Iterator[tuple[str, list[str]]]:
        """Give dates, tags and own fields, and when all this was last changed."""
        for item in self.contact.get("dates") or ():
            yield "dates", self._dated(item)
        if tags := self.contact.get("tags"):
            yield "tags", [f"CATEGORIES:{','.join(escape(_text(tag)) for tag in tags)}"]
        for key, value in (self.contact.get("custom") or {}).items():
            if value not in (None, "", [], {}):
                yield f"custom:{key}", [_own(key, value)]
        if stamp := _text(self.contact.get("updated")):
            yield "updated", [f"REV:{re.sub('[-:]', '', stamp) if self.is_new else stamp}"]

    def _value(self, key: str) -> str:
        return escape(_text(self.contact.get(key), multiline=key == "note"))

    def _names(self) -> str:
        stored = {part: _text(self.contact.get(part)) for part in _NAMES}
        is_made = not any(stored[part] for part in _NAMES[:3])
        if is_made:
            made = parts_of(self.contact)
            stored |= {part: _text(made[part]) for part in _NAMES[:3]}
        head = f"N;{MADE}=1:" if is_made else "N:"
        return head + ";".join(escape(stored[part]) for part in _NAMES)

    def _labelled(self, name: str, item: Mapping[str, Any], value: str) -> list[str]:
        """Give a property with its label: as TYPE if it is a standard one, else as X-ABLabel."""
        label = _text(item.get("label"))
        types = _types(name, label)
        own = [] if types else [label]
        if item.get("primary") and not self.is_new:
            types.append("PREF")
        quote = '"' * (self.is_new and len(types) > 1)
        params = f";TYPE={quote}{','.join(types)}{quote}" if types else ""
        params += ";PREF=1" * bool(item.get("primary") and self.is_new)
        line = f"{name}{params}:{value}"
        return self._grouped(line, label) if any(own) else [line]

    def _grouped(self, line: str, label: str) -> list[str]:
        group = f"item{self.group}"
        self.group += 1
        return [f"{group}.{line}", f"{group}.X-ABLabel:{escape(label)}"]

    def _dated(self, item: Mapping[str, Any]) -> list[str]:
        """Give a yearly date: an anniversary as every program knows it, others as Apple does."""
        label, day = _text(item.get("label")), self._date(_text(item["value"]))
        if label == "anniversary" and self.is_new:
            return [f"ANNIVERSARY{day}"]
        if label == "anniversary":
            label = "_$!<Anniversary>!$_"
        return self._grouped(f"X-ABDATE{day}", label)

    def _date(self, text: str) -> str:
        """Give the parameters and the value of a date, with or without its year."""
        if self.is_new:
            return f":{text[:2]}{text[2:].replace('-', '')}"
        if text[:2] == "--":
            return f";X-APPLE-OMIT-YEAR={_NO_YEAR}:{_NO_YEAR}{text[1:]}"
        return f":{text}"


def _types(name: str, label: str) -> list[str]:
    """Give the TYPEs that a label stands for, and that stand for it; none for an own label."""
    words = label.split(" ")
    known = {word: word.upper() for word in _PLACES} | (_DEVICES if name == "TEL" else {})
    places = [word for word in words if word in _PLACES]
    is_standard = words[: len(places)] == places and len(set(words)) == len(words)
    return [known[word] for word in words] if is_standard and set(words) <= set(known) else []


def _own(key: str, value: Any) -> str:
    """Give the line of an own field; a key that is no name of a property is a parameter."""
    text = escape(clean(typed(value), multiline=True))
    if _PLAIN_KEY.fullmatch(key) and key != "field":
        return f"X-CRM-{key.upper().replace('_', '-')}:{text}"
    return f'X-CRM-FIELD;X-KEY="{key}":{text}'


def _text(value: Any, *, multiline: bool = False) -> str:
    return clean(str(value or ""), multiline=multiline)
