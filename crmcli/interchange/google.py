"""Google Contacts, both generations: `E-mail 1 - Type` and, since 2024, `E-mail 1 - Label`.

Columns come in numbered groups whose number varies per file; values are joined by ` ::: `; a
label that begins with `*` marks the primary one. Whatever we have no field for is kept as a
custom field; only photos and sort helpers are left out, and named in the report.
"""

import re
from collections import defaultdict
from collections.abc import Sequence
from itertools import zip_longest

from crmcli.interchange.fields import (
    IGNORE,
    Group,
    Mapper,
    columns_of,
    normal,
    override,
    slug,
)
from crmcli.interchange.preset import Preset
from crmcli.interchange.record import Raw

_TARGETS = {
    "name": "name",
    "firstname": "given_name",
    "givenname": "given_name",
    "middlename": "additional_name",
    "additionalname": "additional_name",
    "lastname": "family_name",
    "familyname": "family_name",
    "nameprefix": "prefix",
    "namesuffix": "suffix",
    "nickname": "nickname",
    "birthday": "birthday",
    "notes": "note",
    "language": "language",
    "organizationname": "org",
    "organizationtitle": "title",
    "organizationdepartment": "department",
    "labels": "tags",
    "groupmembership": "tags",
    "photo": IGNORE,
}
_EXTRA = frozenset(
    [
        "fileas",
        "yominame",
        "phoneticname",
        "initials",
        "shortname",
        "maidenname",
        "gender",
        "location",
        "billinginformation",
        "directoryserver",
        "mileage",
        "occupation",
        "hobby",
        "sensitivity",
        "priority",
        "subject",
        "givennameyomi",
        "additionalnameyomi",
        "familynameyomi",
        "phoneticfirstname",
        "phoneticmiddlename",
        "phoneticlastname",
    ]
)
_PHONETIC = re.compile(
    r"yominame|(given|additional|family)nameyomi|phonetic(first|middle|last)?name"
)
_GROUPED = re.compile(
    r"(email|phone|address|organization|website|event|relation|customfield|im)(\d+)(\D+)"
)
_LABELS = ("label", "type")
_PAIRS = {"email": "emails", "phone": "phones", "website": "urls", "event": "dates"}
_ORG = {"name": "org", "title": "title", "department": "department"}
_ADDRESS = {
    "street": "street",
    "extendedaddress": "extended",
    "pobox": "extended",
    "city": "locality",
    "region": "region",
    "postalcode": "postal_code",
    "country": "country",
}
_SYSTEM = ("* mycontacts", "* other contacts", "* starred")
_JOINT = re.compile(r"\s*:::\s*")

Parts = dict[str, int]
"""Column index by part name, of one numbered group: {"label": 7, "value": 8}."""


def build(header: list[str], mapping: dict[str, str]) -> Mapper:
    """Map single columns by name and numbered ones by group; `mapping` wins."""
    columns, notes = columns_of(header)
    mapper = Mapper(columns, notes=notes)
    wanted = override(header, mapping)
    keys = [normal(cell) for cell in header]
    grouped = _grouped(keys, set(wanted))
    in_groups = {index for parts in grouped.values() for index in parts.values()}
    mapper.assign(
        [
            wanted.get(index) or (None if index in in_groups else _target(key, header[index]))
            for index, key in enumerate(keys)
        ]
    )
    for index, key in enumerate(keys):
        if index in wanted or index in in_groups:
            continue
        if _TARGETS.get(key) == "tags":
            mapper.setters = [(i, _labels if i == index else put) for i, put in mapper.setters]
    _phonetic(mapper, keys, set(wanted))
    for (kind, number), parts in grouped.items():
        group = _group(kind, number, parts)
        mapper.groups.append(group)
        for name, index in parts.items():
            columns[index].target = _group_target(kind, number, name)
    return mapper


def _target(key: str, name: str) -> str | None:
    """Give the field of a column outside the groups; unknown ones become custom fields."""
    if key in _TARGETS:
        return _TARGETS[key]
    return f"custom:{slug(name)}" if slug(name) else None


def _grouped(keys: list[str], taken: set[int]) -> dict[tuple[str, int], Parts]:
    """Collect the numbered columns by kind and number."""
    groups: dict[tuple[str, int], Parts] = defaultdict(dict)
    for index, key in enumerate(keys):
        match = _GROUPED.fullmatch(key)
        if match and index not in taken:
            groups[match[1], int(match[2])].setdefault(match[3], index)
    return dict(groups)


def _group_target(kind: str, number: int, part: str) -> str:
    """Name the field a grouped column feeds, for the report."""
    if kind in _PAIRS:
        return _PAIRS[kind] if part in ("value", *_LABELS) else "custom"
    if kind == "address":
        return "addresses"
    return _ORG[part] if kind == "organization" and number == 1 and part in _ORG else "custom"


def _group(kind: str, number: int, parts: Parts) -> Group:
    """Give the function that reads one numbered group."""
    if kind in _PAIRS and "value" in parts:
        return _pairs(_PAIRS[kind], _take_label(parts), parts["value"])
    if kind == "address":
        return _address(_take_label(parts), parts)
    if kind == "organization":
        return _organization(number, parts)
    return _custom(kind, number, _take_label(parts), parts)


def _take_label(parts: Parts) -> int | None:
    return next((parts[name] for name in _LABELS if name in parts), None)


def _label(cells: Sequence[str], index: int | None) -> tuple[str, bool]:
    """Give a label in lower case without its star, and whether it had one."""
    cell = cells[index] if index is not None else ""
    return cell.lstrip("* ").lower(), cell.startswith("*")


def _pairs(key: str, label_at: int | None, value_at: int) -> Group:
    def read(raw: Raw, cells: list[str]) -> None:
        cell = cells[value_at]
        if not cell:
            return
        label, primary = _label(cells, label_at)
        found = [(label, value) for value in _JOINT.split(cell) if value]
        pairs = raw.setdefault(key, [])
        pairs[:] = found + pairs if primary else pairs + found

    return read


def _address(label_at: int | None, parts: Parts) -> Group:
    places = [(_ADDRESS[name], index) for name, index in parts.items() if name in _ADDRESS]
    formatted = parts.get("formatted")

    def read(raw: Raw, cells: list[str]) -> None:
        filled = [(name, _JOINT.split(cells[index])) for name, index in places if cells[index]]
        if not filled and formatted is not None and cells[formatted]:
            filled = [("street", _JOINT.split(cells[formatted]))]
        if not filled:
            return
        label, primary = _label(cells, label_at)
        names = [name for name, _ in filled]
        found = [
            _one_address(label, zip(names, values, strict=True))
            for values in zip_longest(*(values for _, values in filled), fillvalue="")
        ]
        addresses = raw.setdefault("addresses", [])
        addresses[:] = found + addresses if primary else addresses + found

    return read


def _one_address(label: str, pairs: "zip[tuple[str, str]]") -> dict[str, str]:
    address = {"label": label} if label else {}
    for name, value in pairs:
        if value:
            address[name] = f"{address[name]}, {value}" if name in address else value
    return address


def _organization(number: int, parts: Parts) -> Group:
    def read(raw: Raw, cells: list[str]) -> None:
        for name, index in parts.items():
            cell = cells[index]
            if not cell or name in _LABELS:
                continue
            if number == 1 and name in _ORG:
                first, *others = _JOINT.split(cell)
                raw[_ORG[name]] = first
                cell = "; ".join(others)
            if cell:
                key = slug(f"organization_{number}_{name}")
                raw.setdefault("custom", {})[key] = "; ".join(_JOINT.split(cell))

    return read


def _custom(kind: str, number: int, label_at: int | None, parts: Parts) -> Group:
    """Keep relations, messengers and the owner's own fields under their labels."""

    def read(raw: Raw, cells: list[str]) -> None:
        cell = "; ".join(
            "; ".join(_JOINT.split(cells[index]))
            for index in parts.values()
            if index != label_at and cells[index]
        )
        if not cell:
            return
        label = slug(_label(cells, label_at)[0])
        custom = raw.setdefault("custom", {})
        key = label if kind == "customfield" else f"{kind}_{label}".rstrip("_")
        if not key or key in custom:
            key = f"{key or kind}_{number}"
        custom[key] = cell

    return read


def _labels(raw: Raw, cell: str) -> None:
    """Every label is a tag, but for those Google itself gives."""
    for part in _JOINT.split(cell):
        tag = part.lstrip("* ")
        if tag and part.lower() not in _SYSTEM and tag not in raw.get("tags", ()):
            raw.setdefault("tags", []).append(tag)


def _phonetic(mapper: Mapper, keys: list[str], taken: set[int]) -> None:
    """Let the phonetic names, up to four columns, feed one custom field."""
    found = [i for i, key in enumerate(keys) if i not in taken and _PHONETIC.fullmatch(key)]
    whole = [i for i in found if keys[i] == "yominame"]
    mapper.setters = [pair for pair in mapper.setters if pair[0] not in found]
    for index in found:
        mapper.columns[index].target = "custom:phonetic_name"

    def read(raw: Raw, cells: list[str]) -> None:
        parts = [cells[i] for i in whole if cells[i]] or [cells[i] for i in found if cells[i]]
        if parts:
            raw.setdefault("custom", {})["phonetic_name"] = " ".join(parts)

    if found:
        mapper.groups.append(read)


def _applies(keys: set[str]) -> bool:
    """Numbered values with a type or label beside them are Google's alone."""
    return any(
        (match := _GROUPED.fullmatch(key))
        and match[3] in _LABELS
        and f"{match[1]}{match[2]}"
        in {other.removesuffix("value").removesuffix("formatted") for other in keys}
        for key in keys
    )


def _knows(key: str) -> bool:
    return key in _TARGETS or key in _EXTRA or _GROUPED.fullmatch(key) is not None


PRESET = Preset("google", _applies, _knows, build)
