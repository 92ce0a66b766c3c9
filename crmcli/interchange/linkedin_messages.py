"""LinkedIn's messages.csv, with the old header and the one of now: each message an interaction.

The export does not say whose it is. Who is in every conversation is its owner: their messages went
out, the others came in. Where nobody is in all of them, or there is but one, whoever is known here
counts as the other side.
"""

import hashlib
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from crmcli.i18n import tr
from crmcli.interchange.fields import IGNORE, Mapper, columns_of, normal, override
from crmcli.interchange.linkedin import profile
from crmcli.interchange.preset import Preset
from crmcli.interchange.record import LeftOut, Part, Raw
from crmcli.text import clean

_TARGETS = {
    "conversationid": "external",
    "conversationtitle": None,
    "from": "people",
    "senderprofileurl": "people",
    "to": "people",
    "recipientprofileurls": "people",
    "date": "occurred_at",
    "subject": "body",
    "content": "body",
    "folder": None,
    "attachments": "body",
    "ismessagedraft": "status",
    "isconversationdraft": "status",
}
_TELLING = frozenset({"conversationid", "from", "to", "date", "content"})
Who = tuple[str, str]  # name and profile; "" for what is not told


@dataclass(slots=True)
class _Messages:
    """Reads the rows; learns who the owner is from a pass over all of them."""

    mapper: Mapper
    places: Mapping[str, int]
    owner: frozenset[str] = field(default_factory=frozenset)  # their folded name and profile
    profiles: dict[str, set[str]] = field(default_factory=dict)  # of each folded name

    def survey(self, rows: Iterable[list[str]]) -> None:
        """Find out who is in every conversation, and say so."""
        talks: dict[str, set[str]] = {}
        written: dict[str, str] = {}
        for cells in rows:
            about = talks.setdefault(self._cell(cells, "conversationid"), set())
            for name, url in (self._sender(cells), *self._recipients(cells)):
                about |= _keys((name, url))
                written.setdefault(_folded(name), name)
                if name and url:
                    self.profiles.setdefault(_folded(name), set()).add(url)
        seen = Counter(key for about in talks.values() for key in about)
        everywhere = [key for key, count in seen.items() if count == len(talks)]
        names = [key for key in everywhere if "//" not in key]
        profiles = [key for key in everywhere if "//" in key]
        if len(talks) > 1 and everywhere and len(names) < 2 and len(profiles) < 2:
            self.owner = frozenset(everywhere)
            name = written[names[0]] if names else profiles[0]
            self.mapper.notes.append(
                tr("{name} is in every conversation: their messages count as yours", name=name)
            )
        else:
            self.mapper.notes.append(
                tr("it does not say whose it is: who is known here counts as the other side")
            )

    def split(self, _: Raw, cells: list[str]) -> list[Part]:
        """Give the interaction of a row."""
        if self._cell(cells, "ismessagedraft").casefold() in ("yes", "true"):
            raise LeftOut(tr("a draft"))
        at = self.mapper.hints.dates.instant(self._cell(cells, "date"))
        if at is None:
            raise ValueError(tr("not a date: {value!r}", value=self._cell(cells, "date")))
        sender = self._sender(cells)
        others = [who for who in (sender, *self._recipients(cells)) if not self._is_owner(who)]
        links = [self._link(who) for who in dict.fromkeys(others)]
        if not links:
            raise LeftOut(tr("names nobody but you"))
        raw: Raw = {
            "kind": "message",
            "occurred_at": at,
            "body": self._body(cells),
            "external": ("linkedin", self._id(cells)),
            "people": links,
            "strangers": "skip",
        }
        if self.owner:
            raw["direction"] = "outbound" if self._is_owner(sender) else "inbound"
        else:
            raw["is_from_first"] = True
        return [("interaction", raw)]

    def _cell(self, cells: list[str], key: str) -> str:
        place = self.places.get(key)
        return cells[place].strip() if place is not None else ""

    def _sender(self, cells: list[str]) -> Who:
        return self._cell(cells, "from"), _profile(self._cell(cells, "senderprofileurl"))

    def _recipients(self, cells: list[str]) -> list[Who]:
        """Give who got a message; names and profiles are paired where there are as many."""
        to = self._cell(cells, "to")
        profiles = [
            _profile(one) for one in self._cell(cells, "recipientprofileurls").split(",") if one
        ]
        names = [name.strip() for name in to.split(",") if name.strip()]
        if len(profiles) < 2:
            return [(to, profiles[0] if profiles else "")] if to or profiles else []
        if len(names) == len(profiles):
            return list(zip(names, profiles, strict=True))
        return [("", one) for one in profiles]

    def _is_owner(self, who: Who) -> bool:
        return bool(_keys(who) & self.owner)

    def _link(self, who: Who) -> dict[str, object]:
        """Give the link of a person; the profile that only their own messages tell is theirs."""
        name, url = who
        known = self.profiles.get(_folded(name), set())
        url = url or (min(known) if len(known) == 1 else "")
        link: dict[str, object] = {"name": name} if name else {}
        return {"external": ("linkedin", url), **link} if url else link

    def _body(self, cells: list[str]) -> str:
        text = self._cell(cells, "content")
        if text.startswith("<"):
            from crmcli.interchange.mime import html_text

            text = html_text(text)
        files = self._cell(cells, "attachments")
        parts = (self._cell(cells, "subject"), text, f"[attachment: {files}]" if files else "")
        return "\n\n".join(filter(None, parts))

    def _id(self, cells: list[str]) -> str:
        """Give what tells a message apart: the export gives none an id."""
        told = (self._cell(cells, key) for key in ("conversationid", "date", "from", "content"))
        return hashlib.sha256("\n".join(told).encode("utf-8", "replace")).hexdigest()


def _profile(url: str) -> str:
    try:
        return profile(url.strip()) if url.strip() else ""
    except ValueError:  # not an address
        return ""


def _keys(who: Who) -> set[str]:
    """Give what tells a person apart: profile, and name."""
    name, url = who
    return {key for key in (_folded(name), url) if key}


def _folded(name: str) -> str:
    return clean(name).casefold()


def build(header: list[str], mapping: dict[str, str]) -> Mapper:
    """Map the columns by name; what `mapping` names is left out."""
    columns, notes = columns_of(header)
    mapper = Mapper(columns, "interaction", notes=notes, finish=lambda raw: None)  # noqa: ARG005
    wanted = override(header, mapping)
    places = {}
    for index, name in enumerate(header):
        key = normal(name)
        if index in wanted:
            columns[index].target = IGNORE
        elif key in _TARGETS and key not in places:
            columns[index].target = _TARGETS[key]
            places[key] = index
    messages = _Messages(mapper, places)
    mapper.split, mapper.survey = messages.split, messages.survey
    return mapper


PRESET = Preset("linkedin messages", lambda keys: keys >= _TELLING, _TARGETS.__contains__, build)
