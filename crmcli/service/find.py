"""What a search found as lines: what each is called, what tells it apart, whom it is about."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import TYPE_CHECKING, Any

from crmcli.context import Context
from crmcli.render import text_of
from crmcli.service.record import Record
from crmcli.store.rows import CHUNK
from crmcli.store.search import Key, key_of, reference

if TYPE_CHECKING:
    from crmcli.store.interaction import Interaction


@dataclass(frozen=True, slots=True)
class Line:
    """One record found.

    Args:
        key: noun and id.
        name: what it is called; of an interaction, who took part.
        detail: what tells it apart.
        handle: of people and orgs.
        who: the people and orgs it is about; a person is about themselves.
    """

    key: Key
    name: str
    detail: str
    handle: str | None
    who: tuple[Key, ...]

    def json(self) -> Record:
        """Give the line under its names in JSON."""
        return {
            "id": reference(self.key),
            "noun": self.key[0],
            "name": self.name,
            "detail": self.detail,
            "handle": self.handle,
        }


def touched(crm: Context, limit: int) -> list[Key]:
    """Give who one was in touch with last."""
    from crmcli.store.contact import last_touched

    return [("contact", id) for id in last_touched(crm.store.reader, limit)]


def lines(crm: Context, keys: Sequence[Key]) -> Iterator[Line]:
    """Give records as lines in this order; those that are gone are left out."""
    for start in range(0, len(keys), CHUNK):
        for noun, some in groupby(keys[start : start + CHUNK], key=lambda key: key[0]):
            yield from _of_noun(crm, noun, [id for _, id in some])


def _of_noun(crm: Context, noun: str, ids: Sequence[int]) -> Iterator[Line]:
    from crmcli.store import contact, deal, interaction, org, task

    getters: Mapping[str, Any] = {
        "contact": contact.get_contacts,
        "org": org.get_orgs,
        "task": task.get_tasks,
        "interaction": interaction.get_interactions,
        "deal": deal.get_deals,
    }
    for found in getters[noun](crm.store.reader, ids):
        if noun == "interaction":
            yield _interaction(crm, found)
        else:
            yield LINES.get(noun, _party)((noun, found.id), found.json())


def _party(key: Key, record: Record) -> Line:
    parts = (record.get("org"), record.get("title"), record["email"], record["phone"])
    return Line(key, record["name"], ", ".join(filter(None, parts)), record["handle"], (key,))


def _task(key: Key, record: Record) -> Line:
    who = record["who"]
    detail = ", ".join(filter(None, (record["due"], who["name"] if who else "")))
    about = (key_of(who["id"]),) if who else ()
    return Line(key, record["title"], detail, None, about)


def _deal(key: Key, record: Record) -> Line:
    who = record["who"]
    name = who["name"] if who else ""
    detail = ", ".join(filter(None, (record["stage"], text_of(record["amount"]), name)))
    return Line(key, record["name"], detail, None, (key_of(who["id"]),) if who else ())


LINES = {"task": _task, "deal": _deal}


def _interaction(crm: Context, found: "Interaction") -> Line:
    name = ", ".join(person["name"] for person in found.people) or found.org_name or ""
    day = crm.clock.wall(found.occurred_at)[:10]
    detail = f"{day} {found.kind} {found.body or ''}".strip()
    people: list[Key] = [key_of(person["id"]) for person in found.people]
    org: list[Key] = [("org", found.org_id)] if found.org_id and not people else []
    return Line(("interaction", found.id), name, detail, None, (*people, *org))
