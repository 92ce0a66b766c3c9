"""vCards 2.1, 3.0 and 4.0 of every vendor: cards into people, orgs and, for groups, tags.

What we have no field for is kept as a custom field under the property's name (`X-GENDER` is
`gender`); what only serves the other program (photos, sort helpers, time stamps) is left out and
named in the report. A card's UID becomes the uid of the record (docs/decisions/0021-vcard.md).
"""

import os
import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from contextlib import closing
from dataclasses import dataclass, field
from typing import Any

from crmcli.errors import InvalidError
from crmcli.i18n import mark, tr, trn
from crmcli.interchange.content_line import BINARY, Card, Property, cards
from crmcli.interchange.decode import Opened, Source, text_of
from crmcli.interchange.fields import name_record, slug
from crmcli.interchange.folder import Folder
from crmcli.interchange.reading import Entry, How, Reading, items
from crmcli.interchange.record import Part, Raw, Reject, Skip
from crmcli.interchange.vcard_write import MADE
from crmcli.text import clean, fold

NAME = "vcard"
_GROUP = re.compile(r"(?:[\w-]+\.)?(?:X-ADDRESSBOOKSERVER-)?KIND\b.*:\s*group\s*$", re.IGNORECASE)
_CHARSET = re.compile(rb"^[^:\r\n]*;CHARSET=\"?([\w-]+)[^:]*:.*[\x80-\xff]", re.I | re.M)
_SAMPLE = 1 << 20

# What serves the other program only.
_LEFT_OUT = frozenset(
    "BEGIN END VERSION PRODID REV SOURCE MAILER PROFILE NAME CLASS CLIENTPIDMAP XML AGENT"
    " SORT-STRING CREATED X-ABUID X-ABADR X-ABLABEL X-ABSHOWAS X-GENERATOR X-ETAG X-ID X-FC-TAGS"
    " X-FC-LIST-ID X-EVOLUTION-FILE-AS X-EVOLUTION-WEBDAV-ETAG X-EVOLUTION-BOOK-URI"
    " X-COUCHDB-APPLICATION-ANNOTATIONS X-MS-OL-DEFAULT-POSTAL-ADDRESS X-MOZILLA-HTML"
    " X-ADDRESSBOOKSERVER-KIND X-ADDRESSBOOKSERVER-MEMBER MEMBER KIND X-APPLE-SUBLOCALITY"
    " X-IMAGETYPE X-IMAGEHASH X-SHARED-PHOTO-DISPLAY-PREF X-CLASS X-VCARD-STARRED".split()
)
_TARGETS = {
    "UID": "uid",
    "FN": "name",
    "N": "name parts",
    "NICKNAME": "nickname",
    "X-NICKNAME": "nickname",
    "ORG": "org",
    "TITLE": "title",
    "EMAIL": "emails",
    "TEL": "phones",
    "URL": "urls",
    "ADR": "addresses",
    "LABEL": "addresses",
    "BDAY": "birthday",
    "ANNIVERSARY": "dates",
    "X-ANNIVERSARY": "dates",
    "X-EVOLUTION-ANNIVERSARY": "dates",
    "X-MS-ANNIVERSARY": "dates",
    "X-ABDATE": "dates",
    "X-FC-OTHERDATES": "dates",
    "DEATHDATE": "dates",
    "CATEGORIES": "tags",
    "NOTE": "note",
    "LANG": "language",
    "LANGUAGE": "language",
    "X-LANG": "language",
    "X-ANDROID-CUSTOM": "custom",
    "IMPP": "custom:im",
    "RELATED": "custom:relation",
    "X-ABRELATEDNAMES": "custom:relation",
    "X-FC-RELATEDNAMES": "custom:relation",
    "SOCIALPROFILE": "urls",
    "X-SOCIALPROFILE": "urls",
    **{f"X-{part}": "custom:relation" for part in ("SPOUSE", "MANAGER", "ASSISTANT")},
    **{f"X-PHONETIC-{part}-NAME": "custom:phonetic_name" for part in ("FIRST", "MIDDLE", "LAST")},
    **{
        f"X-{name}": "custom:im"
        for name in (
            *("AIM", "MSN", "YAHOO", "ICQ", "JABBER", "SKYPE", "SKYPE-USERNAME", "GTALK", "QQ"),
            *("GOOGLE-TALK", "GADUGADU", "GROUPWISE", "MATRIX", "TELEGRAM", "SIGNAL"),
            "MS-IMADDRESS",
        )
    },
}
# Words of TYPE that say nothing about whose or what it is.
_SILENT = frozenset(
    "pref voice internet text msg video x400 postal parcel dom intl textphone x-internet".split()
)
_WORDS = {"cell": "mobile", "iphone": "mobile"}
_PLACES = ("work", "home", "other")
_PARTS = ("family_name", "given_name", "additional_name", "prefix", "suffix")
_ADDRESS = ("", "extended", "street", "locality", "region", "postal_code", "country")
_LISTS = ("emails", "phones", "urls", "addresses", "dates")
_SYSTEM = ("my contacts", "mycontacts", "starred in android")
_OWN = "X-CRM-"
_ORG_KEYS = frozenset(
    "name emails phones urls addresses tags note custom uid created updated".split()
)
_ENCODED = re.compile(r"X-FCENCODED-((?:[0-9A-F]{2})+)")
_APPLE = re.compile(r"_\$!<(.*)>!\$_", re.DOTALL)
_DATE = re.compile(r"(--|\d{4})-?(\d\d)-?(\d\d)(?:[T ].*)?", re.ASCII)
_EVENTS = {"1": "anniversary", "2": "other", "3": "birthday"}
_MEMBERS = mark("a group: its name became the tag of its members")


def open_cards(opened: Opened, how: How) -> Reading:
    """Read a file of cards; takes over the opened file."""
    source = source_of(opened, how)
    said: list[str] = []
    has_groups = any(map(_GROUP.match, source.lines()))
    book = Book(lambda: ((card, "") for card in cards(source.lines())), said)
    book.groups = None if has_groups else {}
    return items(source, NAME, "contact", book.entries, target, said)


def open_folder(folder: Folder, how: How) -> Reading:
    """Read a folder of cards as one file of them; a file that is none is rejected with its name."""
    said: list[str] = []
    book = Book(lambda: _cards_in(folder, how, said), said)
    return items(folder, NAME, "contact", book.entries, target, said)


def _cards_in(folder: Folder, how: How, said: list[str]) -> Iterator[tuple[Card, str]]:
    for _, opened in folder.files():
        name = os.path.relpath(opened.name, folder.name)
        try:
            source = source_of(opened, how)
        except InvalidError as error:
            yield Card(1, [], error.message.removeprefix(opened.name).lstrip(": ")), name
            continue
        note = f"{name}: {tr('read as {encoding}', encoding=source.encoding)}"
        if source.guessed and note not in said:
            said.append(note)
        with closing(source):
            for card in cards(source.lines()):
                yield card, name


def source_of(opened: Opened, how: How) -> Source:
    """Decode a file of cards: the charset that all its raw 8-bit values name is its encoding."""
    return text_of(opened, how.encoding or _charset(opened) or None)


def _charset(opened: Opened) -> str:
    """Give the charset that the cards name for what is neither ASCII nor UTF-8; "" without."""
    sample = opened.file.read(_SAMPLE)
    opened.file.seek(0)
    try:
        sample[: sample.rfind(b"\n") + 1].decode()
        return ""
    except UnicodeDecodeError:
        named = {match[1].decode().casefold() for match in _CHARSET.finditer(sample)}
    return named.pop() if len(named) == 1 and not named & {"utf-8", "utf8"} else ""


@dataclass(slots=True)
class Book:
    """The cards of a file or a folder as entries.

    Args:
        cards: gives each card with the file it is from ("" for the only one), from the start.
        said: takes notes about the cards, a line each.
    """

    cards: Callable[[], Iterable[tuple[Card, str]]]
    said: list[str]
    groups: dict[str, list[str]] | None = None

    def entries(self) -> Iterator[Entry | Reject | Skip]:
        """Give the entries: people, orgs, groups that became tags, and what cannot be read."""
        if self.groups is None:
            self.groups = self._members()
        missing, broken = set(self.groups), 0
        for number, (card, file) in enumerate(self.cards(), 1):
            line = number if file else card.line
            where = f"{file}:{card.line}: " if file else ""
            if card.fault:
                yield Reject(line, where + card.fault, [card.start])
                continue
            broken += any(one.is_broken for one in card.properties)
            found = entry(card, self.groups, line)
            missing.discard(uid_of(card))
            yield found
        self._say(missing, broken)

    def _members(self) -> dict[str, list[str]]:
        """Give the tags of the members of groups, by their UID; a second look at the file."""
        groups: dict[str, list[str]] = defaultdict(list)
        for card, _ in self.cards():
            if _kind(card) == "group":
                name = _name(card)
                for one in card.properties:
                    if one.name in ("MEMBER", "X-ADDRESSBOOKSERVER-MEMBER") and name:
                        groups[plain_uid(one.text)].append(name)
        return dict(groups)

    def _say(self, missing: set[str], broken: int) -> None:
        if missing:
            self.said.append(
                trn(
                    "{count} member of a group is not in the file",
                    "{count} members of groups are not in the file",
                    len(missing),
                )
            )
        if broken:
            self.said.append(
                trn(
                    "{count} card holds bytes that its charset does not have, kept as =80",
                    "{count} cards hold bytes that their charset does not have, kept as =80",
                    broken,
                )
            )


def entry(card: Card, groups: dict[str, list[str]], line: int) -> Entry | Skip:
    """Give what a card holds.

    Args:
        card: one that could be read.
        groups: tags by the UID of those who get them.
        line: where it stands.
    """
    cells: dict[str, str] = {}
    for one in card.properties:
        if one.name != "X-ABLABEL":
            cell = tr("{count} characters", count=one.size) if one.name in BINARY else one.text
            cells[one.name] = f"{cells[one.name]}; {cell}" if cells.get(one.name) else cell
    cells.pop("VERSION", None)
    kind = _kind(card)
    if kind == "group":
        return Skip(line, tr(_MEMBERS), list(cells.values()))
    raw = raw_of(card)
    tags = [*raw.get("tags", ()), *groups.get(raw.get("uid", ""), ())]
    if tags:
        raw["tags"] = list(dict.fromkeys(tags))
    return Entry(line, _parts(raw, kind), cells)


def _parts(raw: Raw, kind: str) -> list[Part]:
    """Give the record of a card; none when it holds nobody."""
    if kind == "org":
        return [("org", _org(raw))] if raw.get("name") or raw.get("org") else []
    is_somebody = any(raw.get(key) for key in ("name", "org", "emails", "phones", "urls", "note"))
    return [("contact", raw)] if is_somebody or raw.get("addresses") else []


def _org(raw: Raw) -> Raw:
    """Give the raw record of an org: what only people have is kept as a custom field."""
    org = {key: value for key, value in raw.items() if key in _ORG_KEYS}
    org.setdefault("name", raw.get("org"))
    custom = dict(raw.get("custom", {}))
    for key in ("nickname", "title", "department", "language", "birthday"):
        if raw.get(key):
            custom.setdefault(key, raw[key])
    for label, text in raw.get("dates", ()):
        custom.setdefault(slug(label) or "date", text)
    return org | {"custom": custom} if custom else org


def target(name: str) -> str | None:
    """Give the field that a property feeds; None when it is left out."""
    if name in BINARY or name in _LEFT_OUT or name == "X-ABLABEL":
        return None
    if name.startswith(_OWN):
        return f"custom:{_own_key(name)}"
    decoded = _decoded_name(name)
    return _TARGETS.get(_vendorless(decoded[0]), f"custom:{_key(decoded[0])}")


def plain_uid(text: str) -> str:
    """Give a UID as it is stored, without the `urn:uuid:` that vCard 4.0 puts in front."""
    text = clean(text)
    return text[9:] if text[:9].lower() == "urn:uuid:" else text


def raw_of(card: Card) -> Raw:
    """Give the raw record of the person or org of a card."""
    return _Filler(card).raw()


def is_person(card: Card) -> bool:
    """Tell whether a card is about a person: no org, no group."""
    return _kind(card) not in ("org", "group")


def uid_of(card: Card) -> str:
    """Give the UID of a card; "" without one."""
    return next((plain_uid(one.text) for one in card.properties if one.name == "UID"), "")


def _kind(card: Card) -> str:
    """Give what a card is about: individual, org, group …"""
    for one in card.properties:
        if one.name in ("KIND", "X-ADDRESSBOOKSERVER-KIND") and one.text:
            return one.text.casefold()
        if one.name == "X-ABSHOWAS" and one.text.casefold() == "company":
            return "org"
    return "individual"


def _name(card: Card) -> str:
    """Give the name of a group."""
    named = {one.name: one.text for one in card.properties if one.name in ("FN", "N")}
    return named.get("FN") or named.get("N", "").strip("; ")


def _vendorless(name: str) -> str:
    """Give the name that a vendor's property has elsewhere: X-EVOLUTION-MANAGER is X-MANAGER."""
    if name in _TARGETS:
        return name
    return re.sub(r"^X-(EVOLUTION|MS|KADDRESSBOOK|MOZILLA|ANDROID)-(X-)?", "X-", name)


def _key(name: str) -> str:
    """Give the key of the custom field that an unknown property becomes."""
    key = slug(_vendorless(name).removeprefix("X-"))
    return key if key and not key[0].isdigit() else f"x_{key}"


def _own_key(name: str) -> str:
    return name.removeprefix(_OWN).lower().replace("-", "_")


def _decoded_name(name: str) -> tuple[str, str]:
    """Give the name and the label that FullContact hides in hexadecimal: both; else the name."""
    if match := _ENCODED.fullmatch(name):
        text = bytes.fromhex(match[1]).decode("utf-8", "replace")
        name, _, label = text.partition(":")
        return name.upper(), label
    return name, ""


def _label_of(word: str) -> str:
    """Give a label as we write it: `_$!<HomeFAX>!$_` is `home fax`; one's own stays as it is."""
    match = _APPLE.fullmatch(word)
    if not match:
        return word
    return re.sub(r"(?<=[a-z])(?=[A-Z])", " ", match[1]).lower()


@dataclass(slots=True)
class _Filler:
    """Fills the raw record of one card, property by property."""

    card: Card
    found: Raw = field(default_factory=dict)
    labels: dict[str, str] = field(default_factory=dict)
    ranked: dict[str, list[tuple[int, Any]]] = field(default_factory=lambda: defaultdict(list))
    phonetic: list[str] = field(default_factory=list)
    formatted: list[tuple[str, str]] = field(default_factory=list)  # LABEL by its own label

    def raw(self) -> Raw:
        """Give the record."""
        for one in self.card.properties:
            if one.name == "X-ABLABEL" and one.group:
                self.labels[one.group.lower()] = one.text
        for one in self.card.properties:
            if one.text or one.name in BINARY:
                self._take(one)
        for key, values in self.ranked.items():
            self.found[key] = [value for _, value in sorted(values, key=lambda pair: pair[0])]
        self._add_formatted()
        if self.phonetic:
            self._keep("phonetic_name", " ".join(self.phonetic))
        if "languages" in self.found:
            first, *more = self.found.pop("languages")
            self.found["language"] = first
            if more:
                self._keep("languages", "; ".join(more))
        if not self.found.get("org"):  # the store has no job without its org
            for key in ("title", "department"):
                if text := self.found.pop(key, None):
                    self._keep(key, text)
        name_record(self.found)
        return {key: value for key, value in self.found.items() if value}

    def _take(self, one: Property) -> None:
        """Put one property where it belongs."""
        if put := _READERS.get(one.name):
            put(self, one)
            return
        if one.name == "UID":
            self.found["uid"] = plain_uid(one.text)
        elif one.name == f"{_OWN}FIELD" and one.param("X-KEY"):
            self._keep(one.param("X-KEY"), one.text)
        elif one.name.startswith(_OWN):
            self._keep(_own_key(one.name), one.text)
        elif one.name not in _LEFT_OUT and one.name not in BINARY:
            self._other(one)

    def _other(self, one: Property) -> None:
        """Put a vendor's property where it belongs, or keep it as a custom field."""
        name, label = _decoded_name(one.name)
        goal = _TARGETS.get(_vendorless(name), "")
        if goal == "custom:relation":
            label = label or self._label(one) or _RELATED.get(_vendorless(name), "")
            self._keep(f"relation_{slug(label)}".rstrip("_"), one.text)
        elif goal == "custom:phonetic_name":
            self.phonetic.append(one.text)
        elif goal == "custom:im":
            service = _vendorless(name).removeprefix("X-").lower().removesuffix("-username")
            self._keep(f"im_{slug(service)}", one.text)
        elif goal == "dates":
            label = label or self._label(one) or _DATED.get(_vendorless(name), "date")
            self._rank("dates", one, (label, date_of(one)))
        else:
            self._keep(_key(name), one.text)

    def _full_name(self, one: Property) -> None:
        self._single("name", one)

    def _names(self, one: Property) -> None:
        if one.param(MADE):
            made = dict(zip(_PARTS, one.parts(), strict=False))
            for part in ("prefix", "suffix"):
                if made.get(part):
                    self.found[part] = made[part]
            return
        if not any(part in self.found for part in _PARTS):
            for part, text in zip(_PARTS, one.parts(), strict=False):
                if text:
                    self.found[part] = text
            if more := [text for text in one.parts()[len(_PARTS) :] if text]:
                self._keep("name_more", "; ".join(more))
        elif any(one.parts()):
            self._keep("n", one.text)

    def _org(self, one: Property) -> None:
        name, *units = one.parts()
        if "org" in self.found:
            self._again("org", ", ".join(filter(None, (name, *units))), self.found["org"])
            return
        self.found["org"] = name or (units.pop(0) if units else "")
        if department := ", ".join(filter(None, units)):
            self.found["department"] = department

    def _title(self, one: Property) -> None:
        self._single("title", one)

    def _nickname(self, one: Property) -> None:
        self._single("nickname", one)

    def _email(self, one: Property) -> None:
        text = re.sub("^mailto:", "", one.text, flags=re.IGNORECASE)
        self._rank("emails", one, (self._label(one), text))

    def _phone(self, one: Property) -> None:
        text = re.sub("^(tel|sms):", "", one.text, flags=re.IGNORECASE)
        text = text.replace(";ext=", " ext. ")
        self._rank("phones", one, (self._label(one), text))

    def _url(self, one: Property) -> None:
        self._rank("urls", one, (self._label(one), one.text))

    def _profile(self, one: Property) -> None:
        """A page on the web is one; anything else, such as x-apple:…, is a name there."""
        service = one.param("SERVICE-TYPE") or self._label(one)
        if re.match("https?://", one.text, re.IGNORECASE):
            self._rank("urls", one, (service.lower(), one.text))
        else:
            user = one.param("X-USER") or re.sub("^x-apple:", "", one.text)
            self._keep(f"social_{slug(service)}".rstrip("_"), user)

    def _address(self, one: Property) -> None:
        address: dict[str, str] = {}
        texts = [", ".join(text.split("\n")) if "\n" in text else text for text in one.parts()]
        for part, text in zip(_ADDRESS, texts, strict=False):
            if text:
                key = part or "extended"
                address[key] = f"{address[key]}, {text}" if key in address else text
        if more := [text for text in texts[len(_ADDRESS) :] if text]:
            address["country"] = ", ".join(filter(None, (address.get("country"), *more)))
        if not address and one.param("LABEL"):
            address["street"] = _one_line(one.param("LABEL").replace("\\n", "\n"))
        if address:
            label = self._label(one)
            self._rank("addresses", one, ({"label": label} if label else {}) | address)

    def _formatted(self, one: Property) -> None:
        self.formatted.append((self._label(one), one.text))

    def _add_formatted(self) -> None:
        """Let a whole address be one, unless the card has its parts too."""
        addresses = self.found.get("addresses", [])
        known = {address.get("label", "") for address in addresses}
        for label, text in self.formatted:
            if label not in known and not (not label and addresses):
                street = {"label": label} if label else {}
                self.found.setdefault("addresses", []).append(street | {"street": _one_line(text)})

    def _birthday(self, one: Property) -> None:
        text = date_of(one)
        before = self.found.get("birthday")
        if before and not _is_date(before) and _is_date(text):
            self.found["birthday"], text = text, before
        self._again("birthday", text, self.found.setdefault("birthday", text))

    def _death(self, one: Property) -> None:
        self.found["deceased"] = True
        self._rank("dates", one, ("death", date_of(one)))

    def _tags(self, one: Property) -> None:
        tags = self.found.setdefault("tags", [])
        for text in one.parts(";" if "," not in one.value and ";" in one.value else ","):
            if text and fold(text.lstrip("* ")) not in _SYSTEM and text not in tags:
                tags.append(text)

    def _note(self, one: Property) -> None:
        before = self.found.get("note")
        self.found["note"] = f"{before}\n{one.text}" if before else one.text

    def _language(self, one: Property) -> None:
        self._rank("languages", one, one.text)

    def _messenger(self, one: Property) -> None:
        scheme, colon, text = one.text.partition(":")
        service = one.param("X-SERVICE-TYPE") or one.param("SERVICE-TYPE")
        service = service or (scheme if colon else "")
        self._keep(f"im_{slug(service)}".rstrip("_"), text if colon else one.text)

    def _gender(self, one: Property) -> None:
        self._keep("gender", "; ".join(filter(None, one.parts())))

    def _android(self, one: Property) -> None:
        """Read what Android has no property for: its kind, then the columns of its table."""
        kind, *columns = one.parts()
        kind = kind.rpartition("/")[2]
        text, type_, label = [*columns, "", "", ""][:3]
        if kind == "nickname":
            self.found.setdefault("nickname", text)
        elif kind == "contact_event":
            label = label or _EVENTS.get(type_, "date")
            self._rank("dates", one, (label, _plain_date(text, "")))
        elif kind == "relation":
            self._keep(f"relation_{slug(label)}".rstrip("_"), text)
        else:
            self._keep(slug(kind) or "android", "; ".join(filter(None, columns)))

    def _single(self, key: str, one: Property) -> None:
        self._again(key, one.text, self.found.setdefault(key, one.text))

    def _again(self, key: str, text: str, first: str) -> None:
        """Keep a further value of what a person has only one of."""
        if text != first:
            number = 2
            while f"{key}_{number}" in self.found.get("custom", {}):
                number += 1
            self._keep(f"{key}_{number}", text)

    def _keep(self, key: str, text: str) -> None:
        """Keep a value as a custom field; several under one key stand side by side."""
        custom = self.found.setdefault("custom", {})
        key = key[:64]  # as long as keys may be
        before = custom.get(key)
        if before is None:
            custom[key] = text
        elif text not in before.split("; "):
            custom[key] = f"{before}; {text}"

    def _rank(self, key: str, one: Property, value: Any) -> None:
        """Add to a list that the preferred one leads."""
        rank = one.param("PREF")
        place = int(rank) if rank.isascii() and rank.isdigit() and len(rank) < 4 else 0
        self.ranked[key].append((place or (1 if "pref" in one.types else 101), value))

    def _label(self, one: Property) -> str:
        """Give the label of a property: its own one, else what its types say."""
        if own := self.labels.get(one.group.lower()) if one.group else None:
            return _label_of(own)
        words = [_WORDS.get(word, word) for word in one.types if word not in _SILENT]
        return " ".join(sorted(dict.fromkeys(words), key=lambda word: word not in _PLACES))


_READERS: dict[str, Callable[[_Filler, Property], None]] = {
    "FN": _Filler._full_name,
    "N": _Filler._names,
    "NICKNAME": _Filler._nickname,
    "X-NICKNAME": _Filler._nickname,
    "ORG": _Filler._org,
    "TITLE": _Filler._title,
    "EMAIL": _Filler._email,
    "TEL": _Filler._phone,
    "URL": _Filler._url,
    "SOCIALPROFILE": _Filler._profile,
    "X-SOCIALPROFILE": _Filler._profile,
    "ADR": _Filler._address,
    "LABEL": _Filler._formatted,
    "BDAY": _Filler._birthday,
    "DEATHDATE": _Filler._death,
    "CATEGORIES": _Filler._tags,
    "NOTE": _Filler._note,
    "LANG": _Filler._language,
    "LANGUAGE": _Filler._language,
    "X-LANG": _Filler._language,
    "IMPP": _Filler._messenger,
    "GENDER": _Filler._gender,
    "X-ANDROID-CUSTOM": _Filler._android,
}
_RELATED = {"X-SPOUSE": "spouse", "X-MANAGER": "manager", "X-ASSISTANT": "assistant"}
_DATED = {"ANNIVERSARY": "anniversary", "X-ANNIVERSARY": "anniversary"}
_DATED |= {"X-EVOLUTION-ANNIVERSARY": "anniversary", "X-MS-ANNIVERSARY": "anniversary"}


def date_of(one: Property) -> str:
    """Give a date as `1980-03-22` or `--03-22`; what is none stays as it stands."""
    text = one.text
    if one.param("VALUE").lower() == "text":
        return text
    return _plain_date(text, one.param("X-APPLE-OMIT-YEAR"))


def _plain_date(text: str, unknown: str) -> str:
    match = _DATE.fullmatch(text)
    if not match:
        return text
    year, month, day = match.groups()
    return f"--{month}-{day}" if year in ("--", unknown) else f"{year}-{month}-{day}"


def _is_date(text: str) -> bool:
    return _DATE.fullmatch(text) is not None


def _one_line(text: str) -> str:
    return ", ".join(filter(None, (part.strip(" ,") for part in text.split("\n"))))
