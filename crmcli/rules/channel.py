"""Channels and addresses: how and where a contact or an org is reached."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from crmcli.errors import InvalidError
from crmcli.i18n import tr
from crmcli.rules.phone import Phone, parse_phone
from crmcli.rules.values import line, pairs

KINDS = ("email", "phone", "url")
# By which program somebody can be reached, and over which kind of channel.
VIAS = {
    "mail": "email",
    "tel": "phone",
    "sms": "phone",
    "signal": "phone",
    "whatsapp": "phone",
    "telegram": "phone",
    "web": "url",
    "matrix": "url",
}
_BY_NUMBER = {
    "sms": "sms:+{number}",
    "signal": "https://signal.me/#p/+{number}",
    "whatsapp": "https://wa.me/{number}",
    "telegram": "https://t.me/+{number}",
}
STATUSES = ("active", "unverified", "invalid", "bounced")
PARTS = ("label", "street", "extended", "locality", "region", "postal_code", "country")
_ATOM = r"[^@\s<>()\[\],;:\"|\\]"  # what stands in an address without quotes (RFC 5322, 3.2.3)
EMAIL = re.compile(rf"(?!=){_ATOM}+@{_ATOM}+\.{_ATOM}+")

_HOST = r"[a-z0-9-]+(\.[a-z0-9-]+)*(:\d{1,5})?"
_NUMBER = r"\+?\d{3,20}"

AddressDraft = dict[str, str]


def place(address: Mapping[str, str]) -> str:
    """Give what makes an address the same as another one: all of it but its label."""
    return "\n".join(address.get(part, "") for part in PARTS[1:])


@dataclass(slots=True)
class ChannelDraft:
    """A validated channel, not yet stored."""

    kind: str
    label: str | None
    value: str
    value_norm: str
    extension: str | None = None
    status: str = "active"


def channels(
    raw: Mapping[str, Any], region: str | None, warnings: list[str], lenient: bool
) -> list[ChannelDraft]:
    """Give the channels of `raw` (`emails`, `phones`, `urls`), each once, in the order given.

    Raises:
        InvalidError: an e-mail that cannot be one, unless `lenient`; then `warnings` says so.
    """
    found: dict[tuple[str, str], ChannelDraft] = {}
    for label, value in pairs(raw.get("emails")):
        draft = email(label, value, warnings, lenient)
        found.setdefault(("email", draft.value_norm), draft)
    for label, value in pairs(raw.get("phones")):
        draft = phone(label, value, region, warnings)
        found.setdefault(("phone", draft.value_norm), draft)
    for label, value in pairs(raw.get("urls")):
        draft = ChannelDraft("url", label, value, url_key(value))
        found.setdefault(("url", draft.value_norm), draft)
    return list(found.values())


def email(label: str | None, value: str, warnings: list[str], lenient: bool) -> ChannelDraft:
    """Give an e-mail channel; identity is case-blind, dots and +tags count."""
    value = value.removeprefix("mailto:").strip("<>")
    if EMAIL.fullmatch(value):
        return ChannelDraft("email", label, value, value.casefold())
    if not lenient:
        raise InvalidError(
            tr("not an e-mail address: {value!r}", value=value), tr("write it like ana@acme.si")
        )
    warnings.append(tr("not an e-mail address, kept as unverified: {value!r}", value=value))
    return ChannelDraft("email", label, value, value.casefold(), status="unverified")


def phone(label: str | None, value: str, region: str | None, warnings: list[str]) -> ChannelDraft:
    """Give a phone channel; one that cannot be a number is kept as unverified."""
    number = _phone(value, region)
    if number.status != "active":
        hint = "" if region or value.startswith("+") else tr(" (phone_region is not set)")
        warning = tr("not a telephone number, kept as unverified: {value!r}", value=value)
        warnings.append(warning + hint)
    return ChannelDraft("phone", label, value, number.norm, number.extension, number.status)


def url_key(value: str) -> str:
    """Give what tells two web addresses apart: no scheme, `www.`, case of the host, last slash."""
    text = value.partition("://")[2] or value
    host, slash, rest = text.partition("/")
    return (host.casefold().removeprefix("www.") + slash + rest).rstrip("/")


def addresses(value: Any) -> list[AddressDraft]:
    """Give postal addresses with their non-empty parts; a bare text becomes the street."""
    found = []
    for item in value if isinstance(value, list | tuple) else [value] if value else []:
        if isinstance(item, str):
            item = {"street": item}
        if not isinstance(item, Mapping):
            raise InvalidError(tr("an address must be a text or an object"))
        parts = {part: line(item.get(part)) for part in PARTS}
        address = {part: text for part, text in parts.items() if text}
        if set(address) - {"label"} and address not in found:
            found.append(address)
    return found


def link(kind: str, value: str, norm: str = "") -> str:
    """Give what the system can open for a channel; "" where that cannot be told.

    Of whatever is stored only plain ASCII comes out, and only mailto:, tel:, http: or https:.
    """
    from urllib.parse import quote

    if kind == "email":
        address = quote(value, safe="@+", errors="replace")
        return f"mailto:{address}" if EMAIL.fullmatch(value) else ""
    if kind == "phone":
        return f"tel:{norm}" if re.fullmatch(_NUMBER, norm, re.ASCII) else ""
    return _web_link(value) if kind == "url" else ""


def link_via(via: str, kind: str, value: str, norm: str = "") -> str:
    """Give what opens a channel in a program; "" when that program cannot use it.

    Sources: RFC 5724 (sms), the link forms of Signal, WhatsApp, Telegram and Matrix.

    Args:
        via: one of VIAS.
        kind: of the channel.
        value: as typed.
        norm: a telephone number in stored form.
    """
    if VIAS[via] != kind:
        return ""
    plain = link(kind, value, norm)
    number = norm.removeprefix("+") if plain.startswith("tel:+") else ""
    if via in _BY_NUMBER:
        return _BY_NUMBER[via].format(number=number) if number else ""
    is_matrix = plain.startswith("https://matrix.to/")
    return plain if via != "matrix" or is_matrix else ""


def _web_link(value: str) -> str:
    """Give a web address with its scheme; "" for another scheme, or what is no host."""
    from urllib.parse import quote

    head, marks, tail = value.strip().partition("://")
    scheme, rest = (head.casefold(), tail) if marks else ("https", head)
    host = re.split(r"[/?#]", rest, maxsplit=1)[0]
    try:
        plain = host.encode("idna").decode().casefold()
    except UnicodeError:
        return ""
    is_host = re.fullmatch(_HOST, plain) and (marks or "." in plain)
    if scheme not in ("http", "https") or not is_host:
        return ""
    path = quote(rest[len(host) :], safe="/?#&=+@:;,.!~*$%-_", errors="replace")
    return f"{scheme}://{plain}{path}"


@lru_cache(maxsize=50_000)
def _phone(value: str, region: str | None) -> Phone:
    return parse_phone(value, region)
