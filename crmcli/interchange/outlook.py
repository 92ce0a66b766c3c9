"""Outlook's contacts: Outlook.com (61 columns) and the desktop program (92, in any language).

`Title` is the salutation and `Job Title` the title; `0/0/00` is no date; an address of the type
`EX` is a path inside an Exchange server and no e-mail address, though the display name beside it
often holds one. What has no field of its own here is kept as a custom field under its English
name, whatever the language of the file.
"""

import re
from functools import cache

from crmcli.interchange import generic
from crmcli.interchange.fields import (
    IGNORE,
    Group,
    Mapper,
    columns_of,
    name_record,
    normal,
    override,
)
from crmcli.interchange.forms import Form, key_of, person, words
from crmcli.interchange.outlook_words import FIELDS, LANGUAGES
from crmcli.interchange.preset import Preset
from crmcli.interchange.record import Raw

_LEAST = 3
_SHARED = frozenset(
    """prefix given_name additional_name family_name suffix org department title mail1 note tags
    day:birthday day:anniversary phone:mobile phone:home phone:pager url:work language
    custom:location custom:initials custom:spouse custom:children custom:hobby custom:profession
    custom:account custom:keywords phone:primary gender ignore custom:telex phone:isdn
    phone:other custom:manager street:home extended:home locality:home region:home
    postal_code:home country:home""".split()
)
"""What other programs have as well: no sign of Outlook."""
_EXTRA = words(
    {
        "nickname": "nickname",
        "custom:im_address": "imaddress",
        "custom:schools": "schools",
        "url:home": "personalwebpage",
    }
)
_NO_GENDER = frozenset(
    """unspecified nichtangegeben keineangabe nonspecifie nonprecise nonspecificato noespecificado
    sinespecificar nietgespecificeerd naoespecificado nieokreslona niepodano неуказан nedoloceno
    ninavedeno neodredeno 未指定 unbestimmt""".split()
)
_EMAIL = re.compile(r"[^\s<>()\[\],;:\"]+@[^\s<>()\[\],;:\"]+\.[^\s<>()\[\],;:\"]+")
_SHOWN = re.compile(rf"\s*[(<\[]?{_EMAIL.pattern}[)>\]]?\s*")  # what a display name is made with


@cache
def _tables() -> dict[str, dict[str, str]]:
    """Give header (in normal form) -> field of each language."""
    fields = [line.split("|") for line in FIELDS.strip().splitlines()]
    tables = {}
    for language, text in LANGUAGES.items():
        table: dict[str, str] = {}
        for targets, line in zip(fields, text.strip().splitlines(), strict=True):
            for target, names in zip(targets, line.split("|"), strict=True):
                for name in names.split("="):
                    table.setdefault(normal(name), target)
        tables[language] = table
    return tables


def _signs(table: dict[str, str], keys: set[str]) -> int:
    """Count the columns that only Outlook has, in one language."""
    return sum(table.get(key, IGNORE) not in _SHARED for key in keys)


def _applies(keys: set[str]) -> bool:
    return any(_signs(table, keys) >= _LEAST for table in _tables().values())


def _knows(key: str) -> bool:
    return key in _EXTRA or any(key in table for table in _tables().values())


def _fields(header: list[str]) -> list[str | None]:
    """Give what each column holds: in the language of most of them, else in English."""
    keys = [normal(cell) for cell in header]
    tables = _tables()
    own = max(tables.values(), key=lambda table: sum(key in table for key in keys))
    english = tables["en"]
    found = [_EXTRA.get(key) or own.get(key) or english.get(key) for key in keys]
    if own is tables["fr"]:
        _two_titles(keys, found)
    return [
        field or generic.target(cell) or (f"custom:{key_of(cell)}" if key else None)
        for field, cell, key in zip(found, header, keys, strict=True)
    ]


def _two_titles(keys: list[str], found: list[str | None]) -> None:
    """In French both the salutation and the job are `Titre`: the first, before the name, greets."""
    places = [index for index, key in enumerate(keys) if key == "titre"]
    name = keys.index("prenom") if "prenom" in keys else 0
    for index in places:
        found[index] = "prefix" if index < name and index == places[0] else "title"


def build(header: list[str], mapping: dict[str, str]) -> Mapper:
    """Map every column; `mapping` wins."""
    columns, notes = columns_of(header)
    mapper = Mapper(columns, notes=notes, finish=_finish)
    wanted = override(header, mapping)
    fields = [wanted.get(i) or field for i, field in enumerate(_fields(header))]
    mails = {
        field: index
        for index, field in reversed(list(enumerate(fields)))
        if field and field.startswith("mail") and index not in wanted
    }
    for field, index in mails.items():
        columns[index].target = "name" if field.endswith("name") else "email"
    kept = [None if field and field.startswith("mail") else field for field in fields]
    FORM.assign(mapper, _once(kept, header), wanted)
    mapper.groups += [_mail(mails, number) for number in (1, 2, 3)]
    mapper.split = lambda raw, _cells: person(raw)
    return mapper


def _once(fields: list[str | None], header: list[str]) -> list[str | None]:
    """Let a second column of a single field become a field of its own."""
    seen: set[str] = set()
    found = []
    for field, name in zip(fields, header, strict=True):
        is_second = field in seen and ":" not in field and field not in ("tags", "note", IGNORE)
        found.append(f"custom:{key_of(name)}" if is_second else field)
        seen.add(field or "")
    return found


def _mail(places: dict[str, int], number: int) -> Group:
    """Give the function that reads an address with its type and its display name."""
    address_at, type_at, name_at = (
        places.get(f"mail{number}{part}") for part in ("", "type", "name")
    )

    def read(raw: Raw, cells: list[str]) -> None:
        address = cells[address_at] if address_at is not None else ""
        kind = cells[type_at].lower() if type_at is not None else ""
        shown = cells[name_at] if name_at is not None else ""
        if kind == "ex" or address.lower().startswith("/o="):
            if address:
                raw.setdefault("custom", {})[f"exchange_address_{number}"] = address
            found = _EMAIL.search(shown)
            address = found[0] if found else ""
        if address:
            raw.setdefault("emails", []).append(("", address))
        if name := _SHOWN.sub("", shown).strip(" '\""):
            raw.setdefault("shown", []).append((number, name))

    return read


def _gender(raw: Raw) -> None:
    """Drop what Outlook writes for everybody."""
    gender = raw.pop("gender", "")
    if gender and normal(gender) not in _NO_GENDER:
        raw.setdefault("custom", {})["gender"] = gender


def _finish(raw: Raw) -> None:
    """Name whom only the display name of an address names; keep it where it says something else.

    Outlook makes it of the name: `Ana Novak (ana@acme.si)`.
    """
    _gender(raw)
    shown = raw.pop("shown", [])
    name_record(raw)
    if shown and "name" not in raw and "org" not in raw:
        raw["name"] = shown[0][1]
    known = _words(raw.get("name", ""), raw.get("prefix", ""), raw.get("org", ""))
    for number, name in shown:
        if not _words(name) <= known:
            raw.setdefault("custom", {})[f"email_name_{number}"] = name


def _words(*texts: str) -> set[str]:
    return {word for text in texts for part in text.split() if (word := normal(part))}


FORM = Form("outlook", "contact", (), {})
PRESET = Preset("outlook", _applies, _knows, build)
