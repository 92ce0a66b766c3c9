"""mutt's aliases: `alias [-group name]… key Name <address>[, …]`.

A group is a tag; the key is a nickname. An alias of several people is nobody in particular: each
of them comes in, with the key as a tag. An alias that names other aliases is expanded by mutt and
brings nobody new.
"""

import re
import shlex
from collections.abc import Iterator
from contextlib import suppress

from crmcli.i18n import tr
from crmcli.interchange.decode import Opened, Source, text_of
from crmcli.interchange.mime import pairs
from crmcli.interchange.reading import Entry, How, Reading, items
from crmcli.interchange.record import Part, Raw, Reject, Skip

_TARGETS = {"alias": "nickname", "group": "tags", "name": "name", "address": "email"}
_ALIAS = re.compile(r"alias\s+(?P<groups>(?:-group\s+\S+\s+)*)(?P<key>\S+)\s+(?P<people>.+)")
_COMMENT = re.compile(r"\s+#\s.*$")


def open_mutt(opened: Opened, how: How) -> Reading:
    """Open a file of aliases."""
    source = text_of(opened, how.encoding or None)
    return items(source, "mutt", "contact", lambda: _aliases(source), _TARGETS.get)


def _aliases(source: Source) -> Iterator[Entry | Reject | Skip]:
    """Give whom each line names; a `\\` at its end goes on in the next."""
    begins, joined = 0, ""
    for number, line in enumerate(source.lines(), 1):
        begins = begins if joined else number
        joined += line.rstrip("\r\n")
        if joined.endswith("\\"):
            joined = joined[:-1]
            continue
        text, joined = joined.strip(), ""
        if text and not text.startswith("#"):
            yield from _people(begins, text)


def _people(line: int, text: str) -> Iterator[Entry | Reject | Skip]:
    match = _ALIAS.fullmatch(_COMMENT.sub("", text))
    if match is None:
        yield Skip(line, tr("is no alias: it sets up mutt"), [text])
        return
    groups = [word for word in match["groups"].split() if word != "-group"]
    people = [(name, address) for name, address in _addresses(match["people"]) if address]
    if not any("@" in address for _, address in people):
        yield Skip(line, tr("names other aliases"), [text])
        return
    for name, address in people:
        is_alone = len(people) == 1
        raw: Raw = {"emails": [("", address)]}
        if name:
            raw["name"] = name
        tags = groups if is_alone else [*groups, match["key"]]
        raw |= {"nickname": match["key"]} if is_alone else {}
        raw |= {"tags": tags} if tags else {}
        parts: list[Part] = [("contact", raw)]
        cells = {"alias": match["key"], "group": ", ".join(groups), "name": name}
        yield Entry(line, parts, {**cells, "address": address})


def _addresses(text: str) -> list[tuple[str, str]]:
    """Give (name, address) of each; `\\"` and `'…'` as muttrc has them."""
    plain = text.replace('\\"', '"')
    if plain.startswith("'"):
        with suppress(ValueError):
            plain = " ".join(shlex.split(plain))
    found = pairs(plain)
    return [(name.replace("\\", ""), address) for name, address in found if "@" in address] or found
