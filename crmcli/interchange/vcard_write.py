"""People as vCards: 3.0 (RFC 2426), or 4.0 (RFC 6350); `interchange/vcard.py` reads them back.

3.0 is the default because CardDAV servers lose values of 4.0 cards (nextcloud/contacts#1850,
CardBook#279).
"""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from crmcli.interchange.csv_write import plain_own
from crmcli.rules.name import parts_of
from crmcli.text import clean

VERSIONS = ("3.0", "4.0")
MOST = 75  # octets of a line
_ESCAPES = str.maketrans({"\\": "\\\\", ",": "\\,", ";": "\\;", "\n": "\\n"})
_KNOWN = re.compile(r"[A-Za-z0-9-]+( [A-Za-z0-9-]+)*", re.ASCII)
_TYPES = {
    "EMAIL": frozenset(("home", "work", "other")),
    "URL": frozenset(("home", "work", "other")),
    "ADR": frozenset(("home", "work", "other")),
    "TEL": frozenset(("home", "work", "other", "mobile", "fax", "pager", "main", "car")),
}
_WORDS = {"mobile": "cell"}
_ADDRESS = ("extended", "street", "locality", "region", "postal_code", "country")
_UUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE)
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
    has_place: set[str] = field(default_factory=set)

    @property
    def is_new(self) -> bool:
        """Whether it is 4.0."""
        return self.version == "4.0"

    def lines(self) -> Iterator[tuple[str, list[str]]]:
        """Give the lines of all fields."""
        one = self.contact
        uid = _text(one["uid"])
        yield "uid", [f"UID:{'urn:uuid:' * (self.is_new and bool(_UUID.fullmatch(uid)))}{uid}"]
        yield "name", [f"FN:{self._value('name')}"]
        yield "parts", [self._names()]
        for key, name in (("nickname", "NICKNAME"), ("title", "TITLE"), ("note", "NOTE")):
            if one.get(key):
                yield key, [f"{name}:{self._value(key)}"]
        if one.get("org"):
            unit = self._value("department")
            yield "org", [f"ORG:{self._value('org')}{';' * bool(unit)}{unit}"]
        for key, name in (("emails", "EMAIL"), ("phones", "TEL"), ("urls", "URL")):
            for item in one.get(key) or ():
                yield key, self._labelled(name, item, escape(_text(item["value"])))
        for item in one.get("addresses") or ():
            parts = [escape(_text(item.get(part))) for part in _ADDRESS]
            yield "addresses", self._labelled("ADR", item, ";".join(["", *parts]))
        if one.get("birthday"):
            yield "birthday", [f"BDAY{self._date(_text(one['birthday']))}"]
        for item in one.get("dates") or ():
            yield "dates", self._dated(item)
        if one.get("tags"):
            tags = (escape(_text(tag)) for tag in one["tags"])
            yield "tags", [f"CATEGORIES:{','.join(tags)}"]
        if one.get("language"):
            name = "LANG" if self.is_new else "X-LANG"
            yield "language", [f"{name}:{self._value('language')}"]
        for key, value in (one.get("custom") or {}).items():
            if value not in (None, "", [], {}):
                yield f"custom:{key}", [_own(key, plain_own(value))]
        if stamp := re.sub(r"[-:]", "", _text(one.get("updated"))):
            yield "updated", [f"REV:{stamp}"]

    def _value(self, key: str) -> str:
        return escape(_text(self.contact.get(key), multiline=key == "note"))

    def _names(self) -> str:
        parts = parts_of(self.contact)
        order = ("family_name", "given_name", "additional_name", "prefix", "suffix")
        return "N:" + ";".join(escape(_text(parts.get(part))) for part in order)

    def _labelled(self, name: str, item: Mapping[str, Any], value: str) -> list[str]:
        """Give a property with its label: as TYPE if it is a standard one, else as X-ABLabel."""
        label = _text(item.get("label"))
        words = label.split(" ") if label else []
        is_known = bool(words) and all(word in _TYPES[name] for word in words)
        is_known = is_known and label == " ".join(_in_order(words))
        params = ""
        if is_known:
            types = [_WORDS.get(word, word).upper() for word in words]
            quote = '"' * (self.is_new and len(types) > 1)
            params = f";TYPE={quote}{','.join(types)}{quote}"
        if item.get("primary"):
            params += ";PREF=1" if self.is_new else ";TYPE=PREF"
        if not label or is_known:
            return [f"{name}{params}:{value}"]
        return self._grouped(f"{name}{params}:{value}", label)

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
            return f":{text.replace('-', '') if text[:2] != '--' else '--' + text[2:].replace('-', '')}"
        if text[:2] == "--":
            return f";X-APPLE-OMIT-YEAR={_NO_YEAR}:{_NO_YEAR}{text[1:]}"
        return f":{text}"
