"""Deals in the files of other programs: what their readers have in common.

A form feeds the plain fields of a deal, and `companies`, `company`, `contacts`, `contact` (ids and
names, several joined by semicolons); `split_deal` makes links of these (rules/link.py).
"""

import re
from collections.abc import Callable, Mapping

from crmcli.interchange.fields import Mapper, Setter
from crmcli.interchange.forms import Slot, Special, Split, digest
from crmcli.interchange.record import Part, Raw

_MANY = re.compile(r"\s*;\s*")
_ID = re.compile(r"(?=.*\d)[A-Za-z0-9_]+")
_MAIL = re.compile(r"(.*?)\s*[(<]([^\s()<>]+@[^\s()<>]+)[)>]")
_ALONE = re.compile(r"[^\s@]+@[^\s@]+")


def _closes(slot: Slot) -> Setter:
    """The day a deal is expected to close, or when it did."""

    def put(raw: Raw, cell: str) -> None:
        dates = slot.mapper.hints.dates
        text = dates.serial(cell)
        if day := dates.day(text):
            raw["close_date"] = day
            raw.setdefault("closed", dates.instant(text))
        else:
            slot.keep(raw, cell)

    return put


def split_deal(source: str, orgs: str = "", tidy: Callable[[str], str] = str) -> Split:
    """Give the function that makes a deal of a row, and its org when the row names one.

    Args:
        source: whose ids deals and people have.
        orgs: whose ids companies have, if others.
        tidy: gives an id its one form.
    """

    def split(_mapper: Mapper, raw: Raw) -> list[Part]:
        people = links(raw.pop("contacts", ""), raw.pop("contact", ""), source, tidy)
        companies = links(raw.pop("companies", ""), raw.pop("company", ""), orgs or source, tidy)
        return deal(raw, source, people, companies[0] if companies else None)

    return split


def deal(raw: Raw, source: str, people: list[Raw], org: Raw | None) -> list[Part]:
    """Give a deal with its links, and its org where there is a name; nothing for an empty row.

    A deal without an id gets one from what it is called and whom it is with, so that the same
    file again brings it in no second time.
    """
    if not any(value for key, value in raw.items() if key != "custom"):
        return []
    whom = [str(one) for one in people]
    if "external" not in raw and raw.get("name"):
        said = (raw["name"], (org or {}).get("name") or "", *whom, raw.get("created", ""))
        raw["external"] = (source, digest(*said))
    if people:
        raw["people"] = people
    if org is None:
        return [("deal", raw)]
    raw["org"] = org
    if not org.get("name"):
        return [("deal", raw)]
    return [("deal", raw), ("org", {key: value for key, value in org.items() if value})]


def links(ids: str, names: str, source: str, tidy: Callable[[str], str] = str) -> list[Raw]:
    """Give the links of ids and names; a name may stand in place of an id, with its address."""
    found_ids = [id for id in _MANY.split(ids) if id]
    found_names = [name for name in _MANY.split(names) if name]
    if len(found_ids) == len(found_names):
        pairs = list(zip(found_ids, found_names, strict=True))
    elif len(found_ids) == 1:  # one name that has a semicolon in it
        pairs = [(found_ids[0], names)]
    else:
        pairs = [(id, "") for id in found_ids] or [("", name) for name in found_names]
    return [_link(id, name, source, tidy) for id, name in pairs]


def _link(id: str, name: str, source: str, tidy: Callable[[str], str]) -> Raw:
    if id and not _ID.fullmatch(id):
        id, name = "", name or id
    link: Raw = {"external": (source, tidy(id))} if id else {}
    if match := _MAIL.fullmatch(name):
        return {**link, "name": match[1], "email": match[2]}
    if _ALONE.fullmatch(name):
        return {**link, "email": name}
    return {**link, "name": name} if name else link


SPECIALS: Mapping[str, Special] = {"closes": _closes}
