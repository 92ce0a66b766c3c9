"""abook's own address book: an INI file of sections `[0]`, `[1]` …, e-mails joined by commas.

Values stand as they are, for abook knows no quotes: a `;`, `#` or `=` in one is part of it. Fields
that the owner defined are kept as custom fields.
"""

import re
from collections.abc import Iterator

from crmcli.i18n import tr
from crmcli.interchange.decode import Opened, Source, text_of
from crmcli.interchange.fields import name_record, setter
from crmcli.interchange.forms import key_of
from crmcli.interchange.reading import Entry, How, Reading, items
from crmcli.interchange.record import Part, Raw, Reject

_TARGETS = {
    "name": "name",
    "email": "email",
    "phone": "phone:home",
    "workphone": "phone:work",
    "mobile": "phone:mobile",
    "fax": "phone:fax",
    "address": "street",
    "address2": "extended",
    "city": "locality",
    "state": "region",
    "zip": "postal_code",
    "country": "country",
    "nick": "nickname",
    "url": "url",
    "notes": "note",
    "anniversary": "date:anniversary",
    "groups": "tags",
}
_SECTION = re.compile(r"\s*\[([^\]]*)\]\s*")


def open_abook(opened: Opened, how: How) -> Reading:
    """Open an address book of abook."""
    source = text_of(opened, how.encoding or None)
    return items(source, "abook", "contact", lambda: _people(source), target)


def target(name: str) -> str | None:
    """Give the field that one of abook's feeds."""
    return _TARGETS.get(name) or f"custom:{key_of(name)}"


def _people(source: Source) -> Iterator[Entry | Reject]:
    """Give the people, a section each."""
    cells: dict[str, str] = {}
    begins, section = 0, ""
    for number, line in enumerate(source.lines(), 1):
        text = line.strip()
        match = _SECTION.fullmatch(text)
        if match:
            if section.isdigit():
                yield _entry(begins, cells)
            begins, cells, section = number, {}, match[1]
        elif not text or text.startswith("#"):
            continue
        elif section.isdigit():
            name, equals, value = text.partition("=")
            if equals:
                cells[name.strip()] = value.strip()
            else:
                yield Reject(number, tr("is no line `field=value`"), [text])
    if section.isdigit():
        yield _entry(begins, cells)


def _entry(line: int, cells: dict[str, str]) -> Entry:
    raw: Raw = {}
    for name, value in cells.items():
        if value:
            setter(target(name) or "note")(raw, value)
    name_record(raw)
    parts: list[Part] = [("contact", raw)] if raw else []
    return Entry(line, parts, cells)
