"""Lists of newsletter programs: Mailchimp, Brevo, ActiveCampaign and Kit.

Who has unsubscribed is not to be contacted and wears the tag `unsubscribed`; an address that is
dead wears `cleaned` or `bounced`. When and from where somebody agreed is kept as custom fields.
Mailchimp exports three files and says only in their names which: subscribed_, unsubscribed_ and
cleaned_members_export_….csv.
"""

import csv
import re
from dataclasses import replace

from crmcli.interchange.fields import Mapper, Setter
from crmcli.interchange.forms import (
    Form,
    Slot,
    is_true,
    keys,
    opted_out,
    person,
    table,
    words,
)
from crmcli.interchange.moments import Dates
from crmcli.interchange.record import Part, Raw

_MONTH_DAY = re.compile(r"(\d{1,2})/(\d{1,2})")
_COUNTRY_NUMBER = re.compile(r"[1-9]\d{9,14}")
_GONE = ("unsubscribed", "cancelled", "canceled", "inactive", "complained", "complaint")
_DEAD = ("bounced", "cleaned")


def _list(_slot: Slot) -> Setter:
    """Tags as quoted CSV in one cell: `"VIP","Blog, new"`."""

    def put(raw: Raw, cell: str) -> None:
        tags = raw.setdefault("tags", [])
        for row in csv.reader(cell.splitlines(), skipinitialspace=True):
            tags += [tag for one in row if (tag := one.strip()) and tag not in tags]

    return put


def _yearly(slot: Slot) -> Setter:
    """A birthday without its year, `05/17`: month and day, or the other way round."""

    def put(raw: Raw, cell: str) -> None:
        match = _MONTH_DAY.fullmatch(cell)
        dates = slot.mapper.hints.dates
        if match is None:
            raw["birthday"] = dates.day(cell) or cell
            return
        day = dates.day(f"{cell}/2000")  # a leap year
        raw["birthday"] = f"-{day[4:]}" if day else cell

    return put


def _since(slot: Slot) -> Setter:
    """A time that tells that somebody is gone: it is kept, and they are marked."""

    def put(raw: Raw, cell: str) -> None:
        slot.keep(raw, cell)
        opted_out(raw, slot.label)

    return put


def _state(slot: Slot) -> Setter:
    """A word for how somebody stands to the list."""

    def put(raw: Raw, cell: str) -> None:
        word = cell.strip().lower()
        if word in _GONE:
            opted_out(raw)
        elif word in _DEAD:
            opted_out(raw, word)
        if word not in ("active", "subscribed", "confirmed", "unsubscribed", *_DEAD):
            slot.keep(raw, cell)

    return put


def _day_first(slot: Slot) -> Setter:
    """A time such as 12-04-2022 09:30, which always has the day first."""

    def put(raw: Raw, cell: str) -> None:
        dates: Dates = replace(slot.mapper.hints.dates, order="dmy")
        if when := dates.instant(cell):
            raw[slot.label] = when
        else:
            slot.keep(raw, cell)

    return put


def _full_number(slot: Slot) -> Setter:
    """A telephone number that begins with its country, but has no +."""

    def put(raw: Raw, cell: str) -> None:
        number = f"+{cell}" if _COUNTRY_NUMBER.fullmatch(cell) else cell
        raw.setdefault("phones", []).append((slot.label, number))

    return put


def _no_sms(slot: Slot) -> Setter:
    """Somebody who wants no text messages; mail may still reach them."""

    def put(raw: Raw, cell: str) -> None:
        if is_true(cell):
            opted_out(raw, slot.label)

    return put


def _member(mapper: Mapper, raw: Raw) -> list[Part]:
    """Read from the name of the file which of the three it is."""
    name = mapper.hints.filename.lower()
    if name.startswith(("unsubscribed", "cleaned")):
        opted_out(raw, "cleaned" if name.startswith("cleaned") else "unsubscribed")
    return person(raw)


_PERSON = {
    "given_name": "firstname",
    "family_name": "lastname",
    "phone": "phone phonenumber",
    "street": "address",
    "org": "company organization account",
}
_MAILCHIMP = words(
    {
        **_PERSON,
        "email": "emailaddress",
        "id": "euid",
        "yearly": "birthday",
        "note": "notes",
        "list": "tags",
        "since:unsubscribed": "unsubtime",
        "since:cleaned": "cleantime",
        "custom": """memberrating optintime optinip confirmtime confirmip unsubcampaigntitle
            unsubcampaignid unsubreason unsubreasonother cleancampaigntitle cleancampaignid timezone
            subscribersource source""",
        "ignore": "leid lastchanged latitude longitude gmtoff dstoff cc region",
    }
)
_BREVO = words(
    {
        **_PERSON,
        "email": "email",
        "id": "contactid",
        "number:mobile": "sms",
        "number:whatsapp": "whatsapp",
        "number:home": "landlinenumber",
        "optout": "emailblacklisted",
        "nosms:no sms": "smsblacklisted",
        "first:created": "addedtime createdat",
        "custom": "optin doubleoptin extid",
        "ignore": "modifiedtime modifiedat lists listids",
    }
)
_ACTIVECAMPAIGN = words(
    {
        **_PERSON,
        "email": "email",
        "id": "contactid id",
        "tags": "tags",
        "title": "jobtitle",
        "instant:created": "datecreated createddate",
        "state": "status",
        "custom": "ip ipaddress score",
        "ignore": "lists",
    }
)
_KIT = words(
    {
        **_PERSON,
        "email": "email emailaddress",
        "id": "id subscriberid",
        "tags": "tags",
        "instant:created": "createdat subscribedat",
        "state": "status state",
        "custom": "referrer source",
    }
)
_SPECIALS = {
    "list": _list,
    "yearly": _yearly,
    "since": _since,
    "state": _state,
    "first": _day_first,
    "number": _full_number,
    "nosms": _no_sms,
}
MAILCHIMP = table(
    "mailchimp",
    [
        Form(
            "mailchimp",
            "contact",
            (keys("emailaddress"), keys("memberrating leid euid optintime confirmtime")),
            _MAILCHIMP,
            _member,
            _SPECIALS,
        )
    ],
)
BREVO = table(
    "brevo",
    [
        Form(
            "brevo",
            "contact",
            (keys("email sms"), keys("emailblacklisted smsblacklisted addedtime")),
            _BREVO,
            None,
            _SPECIALS,
        )
    ],
)
ACTIVECAMPAIGN = table(
    "activecampaign",
    [
        Form(
            "activecampaign",
            "contact",
            (keys("email"), keys("datecreated"), keys("status ip ipaddress"), keys("tags lists")),
            _ACTIVECAMPAIGN,
            None,
            _SPECIALS,
        )
    ],
)
KIT = table(
    "kit",
    [
        Form(
            "kit",
            "contact",
            (
                keys("email emailaddress"),
                keys("firstname"),
                keys("createdat"),
                keys("status state"),
            ),
            _KIT,
            None,
            _SPECIALS,
            lacks=keys("lastname name uid company phone"),
        )
    ],
)
PRESETS = (MAILCHIMP, BREVO, ACTIVECAMPAIGN, KIT)
