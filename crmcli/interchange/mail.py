"""Mail: a message, an mbox, a Maildir or a folder of messages, as interactions.

Each message is an interaction with the people it names who are known here; mail with nobody known
is left out. A Message-ID comes once ever, however often and from whichever folder it is read.
Messages are read line by line and held one at a time, attachments not at all (mime.py).

Source: RFC 5322; mboxrd as of Library of Congress fdd000385 (`>From ` is escaped once more).
"""

import hashlib
import re
from codecs import BOM_UTF8
from collections.abc import Callable, Iterable, Iterator
from datetime import UTC
from email.message import Message
from email.utils import parsedate_to_datetime
from functools import partial
from itertools import groupby
from typing import BinaryIO

from crmcli.clock import stamp
from crmcli.errors import UsageError
from crmcli.i18n import tr, trn
from crmcli.interchange import mime
from crmcli.interchange.decode import Opened
from crmcli.interchange.folder import Folder
from crmcli.interchange.reading import Entry, How, ItemReading, items
from crmcli.interchange.record import Origin, Raw, Reject, Skip
from crmcli.text import clean

LONGEST = 20_000  # characters of a message that are kept
PEOPLE = ("From", "To", "Cc", "Bcc", "Reply-To")
TARGETS = {
    **dict.fromkeys(PEOPLE, "people"),
    "Date": "occurred_at",
    "Subject": "body",
    "Message-ID": "external",
    "Text": "body",
    "Attachments": "body",
    "Other headers": None,
}
Numbered = tuple[int, Iterable[bytes]]
"""Where a message begins, or its number, and its lines."""
_PIECE = 64 * 1024  # bytes of a line that are read at once
_KNOWN = frozenset(
    "from to cc date subject message-id received return-path mime-version reply-to sender "
    "delivered-to dkim-signature x-mozilla-status".split()
)
_NAME = re.compile(rb"([!-9;-~]+)[ \t]*:")
# The line before each message of an mbox; a sentence that begins with From has no time and year.
_POSTMARK = re.compile(rb"From .*\d{1,2}:\d{2}.*\b\d{4}\b")
_ESCAPED = re.compile(rb">+From ")
_TOLD = frozenset(name.casefold() for name in TARGETS) | {"received"}
_SIZES = {"B": 1, "kB": 1_000, "MB": 1_000_000}


def is_mbox(opened: Opened) -> bool:
    """Tell whether a file is an mbox: a postmark, then a header."""
    first, _, rest = opened.head.partition(b"\n")
    return bool(_POSTMARK.match(first) and _NAME.match(rest.lstrip(b">")))


def is_message(opened: Opened) -> bool:
    """Tell whether a file is one message: it begins with headers, two of them those of mail."""
    return looks_like_mail(opened.head, 1 if opened.name.lower().endswith(".eml") else 2)


def looks_like_mail(head: bytes, least: int) -> bool:
    """Tell whether bytes begin with headers, at least so many of which are those of mail."""
    found = set()
    for line in head.removeprefix(BOM_UTF8).splitlines():
        match = _NAME.match(line)
        if match:
            found.add(match[1].decode("ascii").lower())
        elif line[:1] not in (b" ", b"\t"):
            break
    return len(found & _KNOWN) >= least


def open_mbox(opened: Opened, how: How) -> ItemReading:
    """Read an mbox; see `Kind.items`."""
    return _reading(opened, "mbox", how, partial(_of_mbox, opened.file))


def open_message(opened: Opened, how: How) -> ItemReading:
    """Read a file that is one message; see `Kind.items`."""
    return _reading(opened, "eml", how, lambda: iter([(1, _whole(opened.file))]))


def open_folder(folder: Folder, how: How) -> ItemReading:
    """Read the messages of a folder, such as a Maildir; the line of each is its number."""
    return _reading(folder, "mail", how, partial(_in_folder, folder))


def one_message(opened: Opened, how: How) -> Raw:
    """Give the one message of a file as the raw record of an interaction.

    Raises:
        UsageError: the file is no message.
        ValueError: nobody knows when it was sent.
    """
    if not (is_mbox(opened) or looks_like_mail(opened.head, 1)):
        raise UsageError(
            tr("{name}: is no mail message", name=opened.name),
            tr("a mail client saves or pipes one with its headers"),
        )
    lines = _of_mbox(opened.file) if is_mbox(opened) else iter([(1, _whole(opened.file))])
    return raw_of(mime.parse(next(lines)[1]), how)[0]


def raw_of(mail: mime.Mail, how: How) -> tuple[Raw, bool]:
    """Give a message as the raw record of an interaction, and whether its text was cut.

    Raises:
        ValueError: nobody knows when it was sent.
    """
    headers = mail.headers
    failed = mail.failed()
    body = _body(mail)
    raw: Raw = {
        "kind": "email",
        "occurred_at": _sent_at(headers, how),
        "body": body[:LONGEST] + " …" if len(body) > LONGEST else body,
        "external": ("mail", _id(headers)),
        "strangers": "skip",
    }
    if failed:
        people = [{"email": address} for address in failed]
        raw |= {"people": people, "direction": "outbound", "outcome": "bounced"}
    else:
        raw |= _who(headers, how.emails)
    raw["org"] = {"emails": [link["email"] for link in raw["people"]]}
    return raw, len(body) > LONGEST


def _who(headers: Message, own: frozenset[str]) -> Raw:
    """Give who took part, and who wrote to whom as far as one's own addresses tell."""
    people: dict[str, str] = {}
    mine: dict[str, bool] = {}
    for header in PEOPLE:
        for name, address in mime.addresses(headers, header):
            key = address.casefold()
            if key in own:
                mine[header] = True
            elif not people.get(key):
                people[key] = name
    found: Raw = {"people": [_link(name, address) for address, name in people.items()]}
    if "From" in mine:
        found["direction"] = "outbound"
    elif mine:
        found["direction"] = "inbound"
    else:
        found["is_from_first"] = bool(mime.addresses(headers, "From"))
    return found


def _link(name: str, address: str) -> dict[str, str]:
    """Name somebody by their address; a name that is an address too may be another one's."""
    is_named = clean(name) and "@" not in name
    return {"email": address, "name": name} if is_named else {"email": address}


def _body(mail: mime.Mail) -> str:
    """Give subject, text and the names of attachments."""
    files = "\n".join(f"[attachment: {said}]" for said in _files(mail))
    subject = mime.header_text(mail.headers.get("Subject", ""))
    return "\n\n".join(filter(None, (subject, mail.text[: LONGEST + 1], files)))


def _files(mail: mime.Mail) -> list[str]:
    return [f"{name}, {_size(size)}" if size else name for name, size in mail.files()]


def _size(count: int) -> str:
    """Give a number of bytes as people say it: 12 kB."""
    unit = "B" if count < 1_000 else "kB" if count < 1_000_000 else "MB"
    return f"{round(count / _SIZES[unit])} {unit}"


def _sent_at(headers: Message, how: How) -> str:
    """Give when a message was sent, else when it was received."""
    received = [value.rpartition(";")[2] for value in headers.get_all("Received", [])]
    for text in (headers.get("Date", ""), *received):
        try:
            found = parsedate_to_datetime(" ".join(text.split())[:200])
            if found.tzinfo is None and "-0000" in text:  # RFC 5322, 3.3: that is UTC
                found = found.replace(tzinfo=UTC)
            return stamp(how.clock.instant(found))
        except (ValueError, TypeError, OverflowError, UsageError):
            continue
    raise ValueError(tr("no date: neither Date nor Received says when it was sent"))


def _id(headers: Message) -> str:
    """Give the Message-ID; without one, what tells the message apart."""
    found = "".join(str(headers.get("Message-ID", "")).split()).strip("<>")
    if found:
        return found[:1_000]
    names = ("From", "To", "Cc", "Date", "Subject")
    text = "\n".join(f"{name}: {' '.join(headers.get(name, '').split())}" for name in names)
    return "sha256:" + hashlib.sha256(text.encode("utf-8", "replace")).hexdigest()


def _in_folder(folder: Folder) -> Iterator[Numbered]:
    for number, opened in folder.files():
        yield number, _whole(opened.file)


def _whole(file: BinaryIO) -> Iterator[bytes]:
    """Yield the lines of a file, long ones in pieces."""
    file.seek(0)
    piece = file.readline(_PIECE).removeprefix(BOM_UTF8)
    while piece:
        yield piece
        piece = file.readline(_PIECE)


def _of_mbox(file: BinaryIO) -> Iterator[tuple[int, Iterator[bytes]]]:
    """Yield each message of an mbox: the line on which it begins, and its lines."""
    for line, pieces in groupby(_marked(file), key=lambda marked: marked[0]):
        yield line, (_unescaped(piece, fresh) for _, fresh, piece in pieces)


def _marked(file: BinaryIO) -> Iterator[tuple[int, bool, bytes]]:
    """Yield pieces of lines with the line on which their message begins; postmarks are left out."""
    number, begin, fresh, after_blank = 1, 1, True, True
    for piece in _whole(file):
        if fresh and after_blank and _POSTMARK.match(piece):
            begin = number
        else:
            yield begin, fresh, piece
        after_blank = fresh and not piece.strip(b"\r\n")
        fresh = piece.endswith(b"\n")
        number += fresh


def _unescaped(piece: bytes, fresh: bool) -> bytes:
    return piece[1:] if fresh and _ESCAPED.match(piece) else piece


def _reading(
    origin: Origin, preset: str, how: How, messages: Callable[[], Iterable[Numbered]]
) -> ItemReading:
    """Give the reading of messages; `messages` yields them from the start each time."""
    said: list[str] = []
    entries = partial(_entries, messages, how, said)
    return items(origin, preset, "interaction", entries, TARGETS.get, said, tuple(TARGETS))


def _entries(
    messages: Callable[[], Iterable[Numbered]], how: How, said: list[str]
) -> Iterator[Entry | Reject | Skip]:
    """Give each message; then say what was cut."""
    cut = 0
    for number, lines in messages():
        mail = mime.parse(lines)
        cells = _cells(mail)
        try:
            raw, is_cut = raw_of(mail, how)
        except ValueError as error:
            yield Reject(number, str(error), list(cells.values()))
            continue
        if not raw["people"]:
            yield Skip(number, tr("names nobody but you"), list(cells.values()))
            continue
        cut += is_cut
        yield Entry(number, [("interaction", raw)], cells)
    if cut:
        said.append(
            trn(
                "{count} message is longer than {most} characters: its beginning is kept",
                "{count} messages are longer than {most} characters: their beginning is kept",
                cut,
                most=LONGEST,
            )
        )


def _cells(mail: mime.Mail) -> dict[str, str]:
    """Give a message by the names of the report; the headers that tell nothing are counted."""
    headers = mail.headers
    cells = dict.fromkeys(TARGETS, "")
    for name in (*PEOPLE, "Date", "Subject", "Message-ID"):
        values = [str(value) for value in headers.get_all(name, [])]
        cells[name] = ", ".join(map(mime.header_text, values))
    cells["Text"] = mail.text[:LONGEST]
    cells["Attachments"] = ", ".join(_files(mail))
    others = [name for name in headers if name.casefold() not in _TOLD]
    cells["Other headers"] = str(len(others) or "")
    return cells
