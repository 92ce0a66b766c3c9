"""Contacts as Outlook.com exports and takes them: a fixed set of columns.

What finds no column, such as a fourth e-mail address, stands in the notes.
"""

from collections.abc import Iterable, Iterator
from typing import Any

from crmcli.interchange.csv_write import Guard, guard, rows
from crmcli.interchange.places import Item, noted, placed
from crmcli.rules.name import parts_of
from crmcli.text import clean

HEADER = (
    "First Name,Middle Name,Last Name,Title,Suffix,Nickname,Given Yomi,Surname Yomi,"
    "E-mail Address,E-mail 2 Address,E-mail 3 Address,Home Phone,Home Phone 2,Business Phone,"
    "Business Phone 2,Mobile Phone,Car Phone,Other Phone,Primary Phone,Pager,Business Fax,Home Fax,"
    "Other Fax,Company Main Phone,Callback,Radio Phone,Telex,TTY/TDD Phone,IMAddress,Job Title,"
    "Department,Company,Office Location,Manager's Name,Assistant's Name,Assistant's Phone,"
    "Company Yomi,Business Street,Business City,Business State,Business Postal Code,"
    "Business Country/Region,Home Street,Home City,Home State,Home Postal Code,"
    "Home Country/Region,Other Street,Other City,Other State,Other Postal Code,"
    "Other Country/Region,Personal Web Page,Spouse,Schools,Hobby,Location,Web Page,Birthday,"
    "Anniversary,Notes"
).split(",")
_SINGLE = {
    "First Name": "given_name",
    "Middle Name": "additional_name",
    "Last Name": "family_name",
    "Title": "prefix",
    "Suffix": "suffix",
    "Nickname": "nickname",
}
_JOB = {"Company": "org", "Department": "department", "Job Title": "title"}
_EMAILS = ("E-mail Address", "E-mail 2 Address", "E-mail 3 Address")
_HOME, _WORK = ("Home Phone", "Home Phone 2"), ("Business Phone", "Business Phone 2")
_PHONES = {
    "home": _HOME,
    "work": _WORK,
    "business": _WORK,
    "mobile": ("Mobile Phone",),
    "cell": ("Mobile Phone",),
    "car": ("Car Phone",),
    "main": ("Primary Phone", "Company Main Phone"),
    "primary": ("Primary Phone",),
    "pager": ("Pager",),
    "fax": ("Business Fax", "Home Fax", "Other Fax"),
    "work fax": ("Business Fax",),
    "home fax": ("Home Fax",),
    "other fax": ("Other Fax",),
}
_ANY_PHONE = ("Other Phone", "Primary Phone", *_WORK, *_HOME, "Mobile Phone", "Car Phone")
_KINDS = {name: "phone" for name in HEADER if "Phone" in name or "Fax" in name}
_PAGES = {"work": ("Web Page",), "home": ("Personal Web Page",)}
_ANY_PAGE = ("Web Page", "Personal Web Page")
_PLACES = {"work": ("Business",), "business": ("Business",), "home": ("Home",), "other": ("Other",)}
_ANY_PLACE = ("Other", "Business", "Home")
_ADDRESS = {
    "City": "locality",
    "State": "region",
    "Postal Code": "postal_code",
    "Country/Region": "country",
}


def lines(records: Iterable[dict[str, Any]], shield: Guard = guard) -> Iterator[str]:
    """Give the lines of the file.

    Args:
        records: contacts under their names in JSON.
        shield: guards what looks like a formula.
    """
    yield from rows([HEADER])
    for record in records:
        row = _row(record)
        yield from rows([[shield(row.get(name, ""), _KINDS.get(name, "text")) for name in HEADER]])


def _row(record: dict[str, Any]) -> dict[str, str]:
    """Give the filled columns of a contact."""
    names = parts_of(record)
    row = {column: _text(names[part]) for column, part in _SINGLE.items()}
    row |= {column: _text(record.get(key)) for column, key in _JOB.items()}
    more: list[tuple[str, str]] = []
    for what, items, by_label, free in (
        ("E-mail", record["emails"], {}, _EMAILS),
        ("Phone", record["phones"], _PHONES, _ANY_PHONE),
        ("Web", record["urls"], _PAGES, _ANY_PAGE),
    ):
        found, rest = placed(items, by_label, free)
        row |= {column: _text(item["value"]) for column, item in found.items()}
        more += [(_labelled(what, item), _text(item["value"])) for item in rest]
    found, rest = placed(record["addresses"], _PLACES, _ANY_PLACE)
    for kind, address in found.items():
        row[f"{kind} Street"] = _street(address)
        row |= {f"{kind} {name}": _text(address.get(part)) for name, part in _ADDRESS.items()}
    more += [(_labelled("Address", address), _whole(address)) for address in rest]
    more += _days(row, record)
    row["Notes"] = noted(clean(record["note"] or "", multiline=True), more)
    return row


def _days(row: dict[str, str], record: dict[str, Any]) -> list[tuple[str, str]]:
    """Set birthday and anniversary; give the days that have no column, or no year."""
    known = [("birthday", record["birthday"])] if record["birthday"] else []
    known += [(_text(date["label"]), date["value"]) for date in record["dates"]]
    rest = []
    for label, day in known:
        column = label.capitalize()
        if column in ("Birthday", "Anniversary") and not day.startswith("--"):
            row[column] = _text(day)
        else:
            rest.append((column, _text(day)))
    return rest


def _street(address: Item) -> str:
    return ", ".join(filter(None, (_text(address.get(part)) for part in ("street", "extended"))))


def _whole(address: Item) -> str:
    rest = (_text(address.get(part)) for part in _ADDRESS.values())
    return ", ".join(filter(None, (_street(address), *rest)))


def _labelled(what: str, item: Item) -> str:
    label = _text(item.get("label"))
    return f"{what} ({label})" if label else what


def _text(value: str | None) -> str:
    return clean(value or "")
