"""LinkedIn's Connections.csv: with or without preamble and URL column, in any column order."""

import re
from urllib.parse import unquote, urlsplit

from crmcli.interchange.fields import (
    Mapper,
    Setter,
    columns_of,
    name_record,
    normal,
    override,
)
from crmcli.interchange.preset import Preset
from crmcli.interchange.record import Raw

_TARGETS = {
    "firstname": "given_name",
    "lastname": "family_name",
    "url": "url:linkedin",
    "emailaddress": "email",
    "company": "org",
    "position": "title",
    "connectedon": "custom:linkedin_connected_on",
}
_MONTHS = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"]
_DATE = re.compile(r"(\d{1,2}) ([A-Za-z]{3})[a-z]* (\d{4})")
_NONE = "undefined"


def profile(url: str) -> str:
    """Give the one form of a profile address: scheme, country and case do not count."""
    parts = urlsplit(url if "//" in url else f"//{url}")
    host = parts.netloc.lower()
    if host == "linkedin.com" or host.endswith(".linkedin.com"):
        host = "www.linkedin.com"
    path = unquote(parts.path).rstrip("/").lower()
    return f"https://{host}{path}"


def iso_date(text: str) -> str:
    """Give `12 Mar 2021` as 2021-03-12; any other text as it is."""
    match = _DATE.fullmatch(text)
    if not match or match[2].lower() not in _MONTHS:
        return text
    return f"{match[3]}-{_MONTHS.index(match[2].lower()) + 1:02}-{int(match[1]):02}"


def _given(raw: Raw, cell: str) -> None:
    if cell != _NONE:
        raw["given_name"] = cell


def _family(raw: Raw, cell: str) -> None:
    """`Looper, DipWSET` is a name and what its owner has earned."""
    family, _, suffix = (part.strip() for part in cell.partition(","))
    if family and family != _NONE:
        raw["family_name"] = family
    if suffix:
        raw["suffix"] = suffix


def _url(raw: Raw, cell: str) -> None:
    try:
        url = profile(cell)
    except ValueError:  # not an address: kept as it stands, it identifies nobody
        raw["urls"] = [("linkedin", cell)]
        return
    raw["external"] = ("linkedin", url)
    raw["urls"] = [("linkedin", url)]


def _connected(raw: Raw, cell: str) -> None:
    raw.setdefault("custom", {})["linkedin_connected_on"] = iso_date(cell)


_OWN: dict[str, Setter] = {
    "firstname": _given,
    "lastname": _family,
    "url": _url,
    "connectedon": _connected,
}


def build(header: list[str], mapping: dict[str, str]) -> Mapper:
    """Map LinkedIn's columns by name; `mapping` wins."""
    columns, notes = columns_of(header)
    mapper = Mapper(columns, notes=notes, finish=name_record)
    wanted = override(header, mapping)
    mapper.assign(
        [wanted.get(index, _TARGETS.get(key)) for index, key in enumerate(map(normal, header))]
    )
    special = {i: _OWN[key] for i, key in enumerate(map(normal, header)) if key in _OWN}
    mapper.setters = [
        (index, put if index in wanted else special.get(index, put))
        for index, put in mapper.setters
    ]
    return mapper


def _applies(keys: set[str]) -> bool:
    return {"firstname", "lastname", "connectedon"} <= keys


PRESET = Preset("linkedin", _applies, _TARGETS.__contains__, build)
