"""Interactions: reads into frozen dataclasses, writes inside a unit of work."""

import sqlite3
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from crmcli.columns import Column
from crmcli.rules.interaction import InteractionDraft
from crmcli.store.rows import Listing, Row, fetch_ids, grouped, listed_ids
from crmcli.store.sql import interaction as sql
from crmcli.store.tag import add_tags
from crmcli.store.unit import Unit

COLUMNS = (
    Column("id", "Id", "id"),
    Column("occurred_at", "When", "when"),
    Column("kind", "Kind"),
    Column("direction", "Direction"),
    Column("outcome", "Outcome"),
    Column("people", "Who", "people"),
    Column("body", "Text"),
    Column("duration_seconds", "Seconds", "number", listed=False),
    Column("org", "Org", listed=False),
    Column("owner", "Owner", listed=False),
    Column("tags", "Tags", "list", listed=False),
    Column("contact_uids", "Contact UIDs", "list", listed=False),
    Column("org_uid", "Org UID", listed=False),
    Column("task_uid", "Task UID", listed=False),
    Column("uid", "UID", listed=False),
    Column("created", "Created", "when", listed=False),
    Column("updated", "Updated", "when", listed=False),
    Column("deal", "Deal", "who", listed=False),
)


@dataclass(frozen=True, slots=True)
class Interaction:
    """Something that happened, with who took part (`people`: id, handle, name, uid)."""

    id: int
    uid: str
    kind: str
    direction: str | None
    outcome: str | None
    occurred_at: str
    duration_seconds: int | None
    body: str | None
    counts_as_touch: int
    org_id: int | None
    org_name: str | None
    org_uid: str | None
    task_uid: str | None
    deal_id: int | None
    deal_name: str | None
    owner: str | None
    created_at: str
    updated_at: str
    archived_at: str | None
    people: tuple[Row, ...]
    tags: tuple[str, ...]

    def json(self) -> Row:
        """Give the interaction under its names in JSON, `--fields` and CSV."""
        people = [{key: who[key] for key in ("id", "handle", "name")} for who in self.people]
        return {
            "id": f"i{self.id}",
            "kind": self.kind,
            "direction": self.direction,
            "outcome": self.outcome,
            "occurred_at": self.occurred_at,
            "duration_seconds": self.duration_seconds,
            "people": people,
            "body": self.body,
            "org": self.org_name,
            "owner": self.owner,
            "tags": list(self.tags),
            "contact_uids": [who["uid"] for who in self.people],
            "org_uid": self.org_uid,
            "task_uid": self.task_uid,
            "uid": self.uid,
            "created": self.created_at,
            "updated": self.updated_at,
            "deal": {"id": f"d{self.deal_id}", "name": self.deal_name} if self.deal_id else None,
        }


def list_interactions(conn: sqlite3.Connection, listing: Listing) -> Iterator[Interaction]:
    """Give the interactions a listing asks for, in its order."""
    for ids in listed_ids(conn, listing, "interaction", sql.LIST, sql.ORDER):
        yield from get_interactions(conn, ids)


def get_interactions(conn: sqlite3.Connection, ids: Sequence[int]) -> list[Interaction]:
    """Give interactions by id, in the order of `ids`; missing ones are left out."""
    people = grouped(conn, sql.PEOPLE, ids, "interaction_id")
    tags = grouped(conn, sql.TAGS, ids, "interaction_id")
    rows = {row["id"]: row for row in fetch_ids(conn, sql.ROWS, ids)}
    return [
        _interaction(rows[id], people.get(id, []), tags.get(id, [])) for id in ids if id in rows
    ]


def get_interaction(conn: sqlite3.Connection, id: int) -> Interaction:
    """Give one interaction by id."""
    return get_interactions(conn, [id])[0]


def known_as(conn: sqlite3.Connection, uid: str | None) -> int | None:
    """Give the id of the interaction with a uid."""
    row = conn.execute(sql.BY_UID, {"uid": uid}).fetchone()
    return int(row[0]) if row else None


def latest_before(
    conn: sqlite3.Connection, noun: str, id: int, after: str, before: str
) -> str | None:
    """Give when the last interaction with a record between two instants was."""
    values = {"id": id, "after": after, "before": before}
    found = conn.execute(sql.LATEST[noun], values).fetchone()[0]
    return str(found) if found else None


def add_interaction(
    w: Unit,
    draft: InteractionDraft,
    contact_ids: Sequence[int],
    *,
    org_id: int | None = None,
    task_id: int | None = None,
    deal_id: int | None = None,
) -> int:
    """Store what happened with these people, or on an org, perhaps on a deal; give its id."""
    owner_id = w.user_id(draft.owner) if draft.owner else w.actor_id()
    links = {"org_id": org_id, "task_id": task_id, "deal_id": deal_id}
    id = w.insert("interaction", **draft.values, **links, owner_id=owner_id)
    for contact_id in dict.fromkeys(contact_ids):
        w.insert("interaction_contact", interaction_id=id, contact_id=contact_id)
    add_tags(w, "interaction", id, draft.tags)
    return id


def _interaction(row: Row, people: list[Row], tags: list[Row]) -> Interaction:
    names = [name for name in Interaction.__slots__ if name not in ("people", "tags")]
    who = tuple(
        {
            "id": f"c{person['contact_id']}",
            "handle": person["handle"],
            "name": person["name"],
            "uid": person["uid"],
        }
        for person in people
    )
    words = tuple(tag["name"] for tag in tags)
    return Interaction(**{name: row[name] for name in names}, people=who, tags=words)
