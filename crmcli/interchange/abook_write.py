"""Contacts as abook's own address book: an INI file of sections `[0]`, `[1]` …, one line a value.

What finds no field, such as a third telephone number, stands in the notes.
"""

from collections.abc import Iterable, Iterator
from typing import Any

from crmcli.interchange.places import noted, placed
from crmcli.text import clean

_HEAD = "# abook addressbook file\n\n[format]\nprogram=abook\nversion=0.6.1\n\n"
_PHONES = {
    "home": ("phone",),
    "work": ("workphone",),
    "business": ("workphone",),
    "mobile": ("mobile",),
    "cell": ("mobile",),
    "fax": ("fax",),
    "work fax": ("fax",),
    "home fax": ("fax",),
}
_ANY_PHONE = ("phone", "mobile", "workphone")
_ADDRESS = {
    "address": "street",
    "address2": "extended",
    "city": "locality",
    "state": "region",
    "zip": "postal_code",
    "country": "country",
}


def lines(records: Iterable[dict[str, Any]]) -> Iterator[str]:
    """Give the file, a person at a time.

    Args:
        records: contacts under their names in JSON.
    """
    yield _HEAD
    for number, record in enumerate(records):
        fields = "".join(f"{key}={value}\n" for key, value in _fields(record).items() if value)
        yield f"[{number}]\n{fields}\n"


def _fields(record: dict[str, Any]) -> dict[str, str]:
    """Give the fields of a person; no value has a second line."""
    more: list[tuple[str, str]] = []
    emails = [_text(item["value"]) for item in record["emails"]]
    more += [("e-mail", email) for email in emails if "," in email]
    phones, rest = placed(record["phones"], _PHONES, _ANY_PHONE)
    more += [("phone", _text(item["value"])) for item in rest]
    urls = [_text(item["value"]) for item in record["urls"]]
    more += [("url", url) for url in urls[1:]]
    address, *others = record["addresses"] or [{}]
    parts = _ADDRESS.values()
    more += [
        ("address", ", ".join(_text(one[part]) for part in parts if part in one)) for one in others
    ]
    days = {_text(date["label"]): _text(date["value"]) for date in record["dates"]}
    anniversary = days.pop("anniversary", "")
    days = {"birthday": _text(record["birthday"]), **days}
    more += [(label, day) for label, day in days.items() if day]
    job = ((what, _text(record.get(what))) for what in ("org", "title"))
    more += [(what, value) for what, value in job if value]
    return {
        "name": _text(record["name"]),
        "email": ",".join(email for email in emails if "," not in email),
        **{field: _text(address.get(part)) for field, part in _ADDRESS.items()},
        **{field: _text(item["value"]) for field, item in phones.items()},
        "nick": _text(record["nickname"]),
        "url": urls[0] if urls else "",
        "notes": noted(_text(record["note"]), more, "; "),
        "anniversary": anniversary,
        "groups": ",".join(_text(tag).replace(",", " ") for tag in record["tags"]),
    }


def _text(value: str | None) -> str:
    return clean(value or "")
