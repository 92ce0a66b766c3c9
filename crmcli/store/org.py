"""Organizations: reads into frozen dataclasses, writes inside a unit of work."""

import json
import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from crmcli.columns import Column
from crmcli.errors import ConflictError
from crmcli.i18n import tr
from crmcli.rules.channel import AddressDraft
from crmcli.rules.field import json_of
from crmcli.rules.org import OrgDraft
from crmcli.store import field, party, tag
from crmcli.store.party import Channel
from crmcli.store.rows import (
    NEWEST,
    Listing,
    Place,
    Row,
    fetch,
    fetch_ids,
    grouped,
    listed_ids,
)
from crmcli.store.sql import org as sql
from crmcli.store.unit import Unit
from crmcli.text import fold

COLUMNS = (
    Column("id", "Id", "id"),
    Column("handle", "Handle", wide=True),
    Column("name", "Name"),
    Column("kind", "Kind"),
    Column("domain", "Domain"),
    Column("email", "E-mail"),
    Column("phone", "Phone", "phone"),
    Column("tags", "Tags", "list", wide=True),
    Column("emails", "E-mails", "list", listed=False),
    Column("phones", "Phones", "phone", listed=False),
    Column("industry", "Industry", listed=False),
    Column("owner", "Owner", listed=False),
    Column("urls", "Web", "list", listed=False),
    Column("addresses", "Address", "list", listed=False),
    Column("note", "Note", listed=False),
    Column("custom", "Fields", "map", listed=False),
    Column("uid", "UID", listed=False),
    Column("created", "Created", "when", listed=False),
    Column("updated", "Updated", "when", listed=False),
)


@dataclass(frozen=True, slots=True)
class Org:
    """An organization, with everything that hangs on it."""

    id: int
    uid: str
    handle: str
    name: str
    kind: str
    domain: str | None
    industry: str | None
    note: str | None
    custom: Mapping[str, Any]
    owner: str | None
    created_at: str
    updated_at: str
    archived_at: str | None
    channels: tuple[Channel, ...]
    addresses: tuple[AddressDraft, ...]
    tags: tuple[str, ...]

    def revision(self) -> str:
        """Give what changes with anything that a file could say about the org."""
        return party.revision(self, self.kind, self.domain, self.industry)

    def json(self) -> Row:
        """Give the org under its names in JSON, `--fields` and CSV."""
        return {
            "id": f"o{self.id}",
            "handle": self.handle,
            "name": self.name,
            "kind": self.kind,
            "domain": self.domain,
            "industry": self.industry,
            **party.primary_json(self.channels),
            "emails": party.channels_json(self.channels, "email"),
            "phones": party.channels_json(self.channels, "phone"),
            "urls": party.channels_json(self.channels, "url"),
            "addresses": list(self.addresses),
            "tags": list(self.tags),
            "owner": self.owner,
            "note": self.note,
            "custom": {key: json_of(stored) for key, stored in self.custom.items()},
            "uid": self.uid,
            "created": self.created_at,
            "updated": self.updated_at,
        }


def list_orgs(conn: sqlite3.Connection, listing: Listing) -> Iterator[Org]:
    """Give the orgs a listing asks for, in its order."""
    for ids in listed_ids(conn, listing, "org", sql.LIST, sql.ORDER):
        yield from get_orgs(conn, ids)


def get_orgs(conn: sqlite3.Connection, ids: Sequence[int]) -> list[Org]:
    """Give orgs by id, in the order of `ids`; missing ones are left out."""
    channels = grouped(conn, sql.CHANNELS, ids, "org_id")
    addresses = grouped(conn, sql.ADDRESSES, ids, "org_id")
    tags = grouped(conn, sql.TAGS, ids, "org_id")
    rows = {row["id"]: row for row in fetch_ids(conn, sql.ROWS, ids)}
    return [
        _org(rows[id], channels.get(id, []), addresses.get(id, []), tags.get(id, []))
        for id in ids
        if id in rows
    ]


def get_org(conn: sqlite3.Connection, id: int) -> Org:
    """Give one org by id."""
    return get_orgs(conn, [id])[0]


def people(conn: sqlite3.Connection, id: int, limit: int) -> list[Row]:
    """Give the living contacts who work at an org: id, display_name, title."""
    return fetch(conn, sql.PEOPLE, org_id=id, limit=limit)


def timeline(
    conn: sqlite3.Connection, id: int, limit: int, before: Place | None = None
) -> list[Row]:
    """Give the newest `limit` interactions on an org, or those before a place."""
    at, before_id = before or NEWEST
    values = {"before_at": at, "before_id": before_id, "limit": limit}
    return fetch(conn, sql.TIMELINE, org_id=id, **values)


def last_touch(conn: sqlite3.Connection, id: int) -> str | None:
    """Give when somebody at the org was last in touch."""
    found = conn.execute(sql.LAST_TOUCH, {"org_id": id}).fetchone()
    return str(found[0]) if found[0] else None


def near_names(conn: sqlite3.Connection, name: str) -> list[str]:
    """Give the orgs whose names begin like `name`, nearest first, for a hint beside a new stub."""
    from difflib import get_close_matches

    low = fold(name)[:3]
    rows = fetch(conn, sql.NEAR_NAMES, low=low, high=low + "\U0010ffff")
    return get_close_matches(name, [row["name"] for row in rows if row["name"] != name], 1, 0.7)


def find_org(conn: sqlite3.Connection, name: str) -> int | None:
    """Give the living org of exactly this name, now or before a merge; None when there is none.

    Raises:
        ConflictError: several orgs have this name.
    """
    rows = fetch(conn, sql.BY_NAME, name_norm=fold(name))
    rows = rows or fetch(conn, sql.BY_OLD_NAME, name_norm=fold(name))
    if len(rows) > 1:
        ids = ", ".join(f"o{row['id']}" for row in rows)
        raise ConflictError(
            tr("several orgs are called {name!r}: {ids}", name=name, ids=ids),
            tr("rename one of them first"),
        )
    return rows[0]["id"] if rows else None


def ensure_org(w: Unit, name: str) -> int:
    """Give the org called `name`, made as a stub when there is none."""
    found = find_org(w.conn, name)
    return found or w.insert("org", name=name, name_norm=fold(name), owner_id=w.actor_id())


def add_org(w: Unit, draft: OrgDraft, guard: field.Guard | None = None) -> int:
    """Store a new org with all that hangs on it; give its id.

    Raises:
        InvalidError, ConflictError: its own fields do not hold to their definitions.
    """
    custom = field.merged("{}", (guard or field.Guard(w.conn, "org")).new(draft.custom))
    id = w.insert(
        "org",
        **draft.values,
        uid=draft.uid,
        custom=custom,
        owner_id=w.user_id(draft.owner) if draft.owner else w.actor_id(),
    )
    party.add_channels(w, "org", id, draft.channels)
    party.add_addresses(w, "org", id, draft.addresses)
    tag.add_tags(w, "org", id, draft.tags)
    return id


def _org(row: Row, channels: list[Row], addresses: list[Row], tags: list[Row]) -> Org:
    return Org(
        id=row["id"],
        uid=row["uid"],
        handle=row["handle"] or f"org-{row['id']}",
        name=row["name"],
        kind=row["kind"],
        domain=row["domain"],
        industry=row["industry"],
        note=row["note"],
        custom=json.loads(row["custom"]),
        owner=row["owner"],
        created_at=row["created_at"],
        updated_at=row["updated_at"],
        archived_at=row["archived_at"],
        channels=tuple(map(party.channel_of, channels)),
        addresses=tuple(map(party.address_of, addresses)),
        tags=tuple(row["name"] for row in tags),
    )
