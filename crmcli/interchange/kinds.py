"""The table of files that are no delimited text: a new one is a new file and a row here.

Told by the first bytes, never by the name alone. What is none of these is read as JSON or as a
table (read.py).
"""

import re
from collections.abc import Callable
from dataclasses import dataclass

from crmcli.i18n import mark
from crmcli.interchange.decode import Opened
from crmcli.interchange.reading import How, Reading
from crmcli.interchange.table import Known, Rows


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of file.

    Args:
        title: what it is, for people: `a file of cards`.
        applies: whether a file is of this kind, by its first bytes and its name.
        items: reads it as cards, messages or objects; takes over the opened file.
        rows: reads it as rows under a header, which `--map` and the presets then understand.
    """

    title: str
    applies: Callable[[Opened], bool]
    items: Callable[[Opened, How], Reading] | None = None
    rows: Callable[[Opened, How, Known], Rows] | None = None


_CARD = re.compile(rb"\s*BEGIN\s*:\s*V(CARD|ADDRESSBOOK)", re.IGNORECASE)
_MARKS = b"\xef\xbb\xbf\xfe\xff"  # of byte order, in UTF-8 and UTF-16
_ABOOK = re.compile(rb"^(?:# abook addressbook file|\[format\]\s+program=abook\b)", re.MULTILINE)
_ALIAS = re.compile(
    rb"(?:\xef\xbb\xbf)?(?:\s*(?:#[^\n]*)?\n)*[ \t]*"
    rb"alias[ \t]+(?:-group[ \t]+\S+[ \t]+)*[^\s,;]+[ \t]+\S"
)
_HEADER = re.compile(rb"(?:\xef\xbb\xbf)?[!-9;-~]+[ \t]*:")  # `Subject:`, of mail


def _is_mbox(opened: Opened) -> bool:
    if not opened.head.startswith(b"From "):
        return False
    from crmcli.interchange.mail import is_mbox

    return is_mbox(opened)


def _mbox(opened: Opened, how: How) -> Reading:
    from crmcli.interchange.mail import open_mbox

    return open_mbox(opened, how)


def _is_message(opened: Opened) -> bool:
    if not _HEADER.match(opened.head):
        return False
    from crmcli.interchange.mail import is_message

    return is_message(opened)


def _message(opened: Opened, how: How) -> Reading:
    from crmcli.interchange.mail import open_message

    return open_message(opened, how)


def _is_card(opened: Opened) -> bool:
    return _CARD.match(opened.head.replace(b"\0", b"").lstrip(_MARKS)) is not None


def _cards(opened: Opened, how: How) -> Reading:
    from crmcli.interchange.vcard import open_cards

    return open_cards(opened, how)


def _is_workbook(opened: Opened) -> bool:
    if not opened.head.startswith(b"PK\x03\x04"):
        return False
    from crmcli.interchange.xlsx import is_workbook

    return is_workbook(opened)


def _workbook(opened: Opened, how: How, known: Known) -> Rows:
    from crmcli.interchange.xlsx import open_workbook

    return open_workbook(opened, how, known)


def _is_abook(opened: Opened) -> bool:
    return _ABOOK.search(opened.head) is not None


def _abook(opened: Opened, how: How) -> Reading:
    from crmcli.interchange.abook import open_abook

    return open_abook(opened, how)


def _is_mutt(opened: Opened) -> bool:
    return _ALIAS.match(opened.head) is not None


def _mutt(opened: Opened, how: How) -> Reading:
    from crmcli.interchange.mutt import open_mutt

    return open_mutt(opened, how)


def _is_calendar(opened: Opened) -> bool:
    if b"VCALENDAR" not in opened.head[:64].upper():
        return False
    from crmcli.interchange.ics_read import is_calendar

    return is_calendar(opened)


def _calendar(opened: Opened, how: How) -> Reading:
    from crmcli.interchange.ics_read import open_calendar

    return open_calendar(opened, how)


def _is_backup(opened: Opened) -> bool:
    if b"<" not in opened.head[:64]:
        return False
    from crmcli.interchange.calls import is_backup

    return is_backup(opened)


def _backup(opened: Opened, how: How) -> Reading:
    from crmcli.interchange.calls import open_backup

    return open_backup(opened, how)


KINDS: tuple[Kind, ...] = (
    Kind(mark("a backup of calls"), _is_backup, items=_backup),
    Kind(mark("a calendar"), _is_calendar, items=_calendar),
    Kind(mark("a workbook"), _is_workbook, rows=_workbook),
    Kind(mark("an address book of abook"), _is_abook, items=_abook),
    Kind(mark("a list of mutt aliases"), _is_mutt, items=_mutt),
    Kind(mark("a file of cards"), _is_card, items=_cards),
    Kind(mark("a mailbox"), _is_mbox, items=_mbox),
    Kind(mark("a mail message"), _is_message, items=_message),
)
"""In order: the first one that applies is taken. The modules that read are imported when used."""


def kind_of(opened: Opened) -> Kind | None:
    """Give the kind of a file; None for JSON and delimited text."""
    return next((kind for kind in KINDS if kind.applies(opened)), None)
