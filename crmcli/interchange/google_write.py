"""Contacts as Google takes them since 2024; `interchange/google.py` reads them back.

Columns come in numbered groups, as many as the person with the most needs: the rows wait on disk
until that is known.
"""

import json
import tempfile
from collections import Counter
from collections.abc import Iterable, Iterator
from typing import Any

from crmcli.interchange.csv_write import Guard, guard, rows
from crmcli.rules.channel import PARTS
from crmcli.rules.field import typed
from crmcli.rules.name import parts_of
from crmcli.text import clean

_NAMES = {
    "First Name": "given_name",
    "Middle Name": "additional_name",
    "Last Name": "family_name",
    "Phonetic First Name": "",
    "Phonetic Middle Name": "",
    "Phonetic Last Name": "",
    "Name Prefix": "prefix",
    "Name Suffix": "suffix",
    "Nickname": "nickname",
    "File As": "",
}
_SINGLE = {
    "Organization Name": "org",
    "Organization Title": "title",
    "Organization Department": "department",
    "Birthday": "birthday",
    "Notes": "note",
    "Photo": "",
    "Labels": "",
}
_GROUPS = {
    "E-mail": ("Label", "Value"),
    "Phone": ("Label", "Value"),
    "Address": (
        *("Label", "Formatted", "Street", "City", "PO Box", "Region", "Postal Code", "Country"),
        "Extended Address",
    ),
    "Website": ("Label", "Value"),
    "Event": ("Label", "Value"),
    "Custom Field": ("Label", "Value"),
}
_ADDRESS = {
    "Street": "street",
    "City": "locality",
    "Region": "region",
    "Postal Code": "postal_code",
    "Country": "country",
    "Extended Address": "extended",
}
_JOINT = " ::: "
_OWN = "* myContacts"  # without it Google keeps people among the "other contacts"

Row = tuple[list[str], dict[str, list[list[str]]]]


def lines(records: Iterable[dict[str, Any]], shield: Guard = guard) -> Iterator[str]:
    """Give the lines of the file.

    Args:
        records: contacts under their names in JSON.
        shield: guards what looks like a formula.
    """
    most = Counter({"E-mail": 1, "Phone": 1})  # by which programs know whose file it is
    with tempfile.TemporaryFile("w+", encoding="utf-8") as spool:
        for record in records:
            row = _row(record)
            spool.write(json.dumps(row) + "\n")
            most |= Counter({group: len(found) for group, found in row[1].items()})
        spool.seek(0)
        header = [*_NAMES, *_SINGLE]
        for group, parts in _GROUPS.items():
            numbers = range(1, most[group] + 1)
            header += [f"{group} {number} - {part}" for number in numbers for part in parts]
        yield from rows([header])
        kinds = [_kind(name) for name in header]
        for line in spool:
            cells = _cells(json.loads(line), most)
            guarded = [shield(cell, kind) for cell, kind in zip(cells, kinds, strict=True)]
            yield from rows([guarded])


def _kind(column: str) -> str:
    """Give what a column holds, for the guard."""
    if column == "Birthday" or (column.startswith("Event") and column.endswith("Value")):
        return "date"
    return "phone" if column.startswith("Phone") and column.endswith("Value") else "text"


def _cells(row: Row, most: Counter[str]) -> list[str]:
    cells, groups = row
    for group, parts in _GROUPS.items():
        found = groups[group]
        found += [[""] * len(parts)] * (most[group] - len(found))
        cells = [*cells, *(cell for one in found for cell in one)]
    return cells


def _row(record: dict[str, Any]) -> Row:
    """Give the cells outside the groups, and those of each group."""
    names = parts_of(record)
    cells = [_text(names.get(part)) for part in _NAMES.values()]
    cells += [_text(record.get(key), multiline=key == "note") for key in _SINGLE.values()]
    cells[-1] = _JOINT.join([*(tag.lstrip("* ") for tag in map(_text, record["tags"])), _OWN])
    return cells, {
        "E-mail": _pairs(record["emails"]),
        "Phone": _pairs(record["phones"]),
        "Address": [_address(address) for address in record["addresses"]],
        "Website": _pairs(record["urls"]),
        "Event": _pairs(record["dates"]),
        "Custom Field": [[_text(key), _text(typed(value))] for key, value in _own(record)],
    }


def _own(record: dict[str, Any]) -> Iterator[tuple[str, Any]]:
    return ((key, value) for key, value in record["custom"].items() if value not in (None, ""))


def _pairs(items: list[dict[str, Any]]) -> list[list[str]]:
    """Give labels and values; where there are several, a star marks the primary one."""
    return [
        [
            _label(item, is_first=item.get("primary") is True and len(items) > 1),
            _text(item["value"]),
        ]
        for item in items
    ]


def _label(item: dict[str, Any], *, is_first: bool = False) -> str:
    label = _text(item.get("label")).lstrip("* ")
    label = label[:1].upper() + label[1:]
    return f"* {label}" if is_first else label


def _address(address: dict[str, str]) -> list[str]:
    parts = {name: _text(address.get(part)) for name, part in _ADDRESS.items()}
    whole = "\n".join(filter(None, (_text(address.get(part)) for part in PARTS[1:])))
    known = {"Label": _label(address), "Formatted": whole, **parts}
    return [known.get(part, "") for part in _GROUPS["Address"]]


def _text(value: Any, *, multiline: bool = False) -> str:
    """Give a value without what Google would take apart."""
    return clean(value or "", multiline=multiline).replace(":::", "::")
