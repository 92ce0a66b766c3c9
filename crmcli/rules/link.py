"""Links: how a file from outside names the people and orgs its tasks and messages are about."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import NAMESPACE_URL, uuid5

from crmcli.rules.channel import email
from crmcli.rules.phone import parse_phone
from crmcli.rules.values import line
from crmcli.text import fold

SAME_ROW = "row"
"""In a list of people: whom the same row of the file is about."""
STRANGERS = ("reject", "skip", "add", "without")
"""What becomes of a record whose people are not here: it is said or left out, they are added, or
it is nobody's."""


@dataclass(frozen=True, slots=True)
class Link:
    """A person or an org as a file names them; looked up in this order.

    Args:
        external: the program and its id there.
        emails: addresses, folded.
        phones: numbers in stored form.
        name: as written; counts only if nobody else is called so.
        is_same_row: whom the same row is about; nothing else is looked at.
    """

    external: tuple[str, str] | None = None
    emails: tuple[str, ...] = ()
    phones: tuple[str, ...] = ()
    name: str | None = None
    is_same_row: bool = False

    @property
    def said(self) -> str:
        """What to call them in a message."""
        known = (self.name, *self.emails, *self.phones, self.external and self.external[1])
        return next(filter(None, known), "")

    @property
    def name_norm(self) -> str:
        """The folded name."""
        return fold(self.name or "")


def link_of(value: str | Mapping[str, Any], region: str | None) -> Link | None:
    """Give the link of what a reader gives; None when it names nobody.

    Args:
        value: `SAME_ROW`, or any of external, email(s), phone(s) and name.
        region: how telephone numbers without + are read.
    """
    if isinstance(value, str):
        return Link(is_same_row=True) if value == SAME_ROW else None
    link = Link(
        value.get("external"),
        tuple(email(None, text, [], True).value_norm for text in _texts(value, "email")),
        tuple(parse_phone(text, region).norm for text in _texts(value, "phone")),
        line(value.get("name")),
    )
    return link if link != Link() else None


def links_of(values: Iterable[str | Mapping[str, Any]], region: str | None) -> list[Link]:
    """Give the links of a list, each once; see `link_of`."""
    found = (link_of(value, region) for value in values)
    return list(dict.fromkeys(link for link in found if link))


def external_uid(raw: Mapping[str, Any], noun: str) -> str | None:
    """Give the uid of a raw record by its id in another program; None when it has none."""
    external = raw.get("external")
    return uid_of(external[0], noun, external[1]) if external else None


def uid_of(source: str, noun: str, id: str) -> str:
    """Give the uid of a record that another program knows by an id: the same one each time.

    Source: UUID version 5, RFC 9562, 5.5.
    """
    return str(uuid5(NAMESPACE_URL, f"crm:{source}:{noun}:{id}"))


def _texts(value: Mapping[str, Any], kind: str) -> list[str]:
    found = [value.get(kind), *(value.get(f"{kind}s") or ())]
    return [text for one in found if one and (text := line(one))]
