"""Calls and text messages of an Android phone, as SMS Backup & Restore saves them (XML).

Read element by element; a file that declares entities is refused. Hidden numbers and drafts are
left out, and so is whom nobody knows.
"""

import re
from collections.abc import Iterator
from datetime import UTC, datetime
from functools import partial
from xml.parsers import expat

from crmcli.clock import stamp
from crmcli.errors import InvalidError
from crmcli.i18n import tr
from crmcli.interchange.decode import Opened
from crmcli.interchange.reading import Entry, How, ItemReading, items
from crmcli.interchange.record import LeftOut, Raw, Reject, Skip

TARGETS = {
    "number": "people",
    "contact_name": "people",
    "date": "occurred_at",
    "readable_date": "occurred_at",
    "duration": "duration_seconds",
    "type": "direction",
    "presentation": "people",
    "body": "body",
    "other attributes": None,
}
_NAMES = {"address": "number"}  # of text messages
# By type: direction, outcome of one with a duration, outcome of one without.
_CALLS = {
    "1": ("inbound", "reached", "reached"),
    "2": ("outbound", "reached", "no_answer"),
    "3": ("inbound", "no_answer", "no_answer"),
    "4": ("inbound", "voicemail", "voicemail"),
    "5": ("inbound", "no_answer", "no_answer"),
    "6": ("inbound", "no_answer", "no_answer"),
    "7": ("inbound", "reached", "reached"),
}
_MESSAGES = {"1": "inbound", "2": "outbound"}
_NOBODY = ("", "(Unknown)", "null")
_PIECE = 1 << 20
_PAIR = re.compile(rb"&#(5[5-6]\d{3});&#(5[6-7]\d{3});")  # emoji, as two halves
_HALF = re.compile(rb"&#5(?:529[6-9]|5[3-9]\d\d|6\d{3}|7[0-2]\d\d|73[0-3]\d|734[0-3]);")


def is_backup(opened: Opened) -> bool:
    """Tell whether a file is a backup of calls or text messages."""
    return bool(re.search(rb"<(?:calls|smses)[\s>]", opened.head))


def open_backup(opened: Opened, how: How) -> ItemReading:  # noqa: ARG001 - one shape for all kinds
    """Read a backup; see `Kind.items`."""
    entries = partial(_entries, opened)
    return items(opened, "android", "interaction", entries, TARGETS.get, None, tuple(TARGETS))


def _entries(opened: Opened) -> Iterator[Entry | Reject | Skip]:
    for line, tag, attributes in _elements(opened):
        told = {_NAMES.get(name, name): value for name, value in attributes.items()}
        cells = {name: told.get(name, "") for name in TARGETS}
        cells["other attributes"] = str(len(told.keys() - TARGETS.keys()) or "")
        try:
            raw = _raw(tag, told)
        except LeftOut as reason:
            yield Skip(line, str(reason), list(cells.values()))
        except (ValueError, OverflowError, OSError) as error:
            yield Reject(line, str(error), list(cells.values()))
        else:
            yield Entry(line, [("interaction", raw)], cells)


def _raw(tag: str, told: dict[str, str]) -> Raw:
    """Give the record of a call or a message; raise LeftOut or ValueError."""
    if tag == "mms":
        raise LeftOut(tr("a message with pictures or to several"))
    number, kind = told.get("number", "").strip(), told.get("type", "")
    is_hidden = told.get("presentation", "1") not in ("", "1", "null")
    if is_hidden or number in ("", "null", "-1", "-2", "-3"):
        raise LeftOut(tr("a hidden number"))
    name = told.get("contact_name", "").strip()
    raw: Raw = {
        "occurred_at": _stamp(told.get("date", "")),
        "external": ("android", f"{number} {told.get('date', '')}"),
        "people": [{"phone": number} | ({} if name in _NOBODY else {"name": name})],
        "org": {"phone": number},
        "strangers": "skip",
    }
    if tag == "sms":
        if kind not in _MESSAGES:
            raise LeftOut(tr("a draft, or not sent"))
        return {**raw, "kind": "message", "direction": _MESSAGES[kind], "body": told.get("body")}
    if kind not in _CALLS:
        raise ValueError(tr("unknown type of call: {kind!r}", kind=kind))
    seconds = told.get("duration", "0")
    if not (seconds.isascii() and seconds.isdigit()):
        raise ValueError(tr("duration cannot be {value!r}", value=seconds))
    direction, answered, missed = _CALLS[kind]
    outcome = answered if int(seconds) else missed
    return {
        **raw,
        "kind": "call",
        "direction": direction,
        "outcome": outcome,
        "duration_seconds": int(seconds),
    }


def _stamp(milliseconds: str) -> str:
    """Give the instant of a number of milliseconds since 1970."""
    if not (milliseconds.isascii() and milliseconds.isdigit()):
        raise ValueError(tr("not a time: {value!r}", value=milliseconds))
    return stamp(datetime.fromtimestamp(int(milliseconds) // 1000, UTC))


def _elements(opened: Opened) -> Iterator[tuple[int, str, dict[str, str]]]:
    """Yield the calls and messages of a file with their lines.

    Raises:
        InvalidError: not well-formed, or with declarations.
    """
    found: list[tuple[int, str, dict[str, str]]] = []

    def start(tag: str, attributes: dict[str, str]) -> None:
        if tag in ("call", "sms", "mms"):
            found.append((parser.CurrentLineNumber, tag, attributes))

    def declared(*_: object) -> None:
        raise InvalidError(
            tr("{name}: is XML with declarations of its own", name=opened.name),
            tr("a backup of calls has none"),
        )

    parser = expat.ParserCreate()
    parser.StartElementHandler = start
    parser.StartDoctypeDeclHandler = declared
    opened.file.seek(0)
    try:
        while piece := opened.file.readline(_PIECE):
            parser.Parse(_HALF.sub(b"&#65533;", _PAIR.sub(_joined, piece)))
            yield from found
            found.clear()
        parser.Parse(b"", True)
    except expat.ExpatError as error:
        raise InvalidError(
            tr(
                "{name}:{line}: is not valid XML: {reason}",
                name=opened.name,
                line=error.lineno,
                reason=expat.errors.messages.get(error.code, ""),
            )
        ) from None


def _joined(pair: re.Match[bytes]) -> bytes:
    """Give a character that was written as the two halves of UTF-16."""
    high, low = int(pair[1]) - 0xD800, int(pair[2]) - 0xDC00
    is_pair = 0 <= high < 0x400 and 0 <= low < 0x400
    return b"&#%d;" % (0x10000 + (high << 10) + low) if is_pair else b"&#65533;"
