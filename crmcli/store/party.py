"""What contacts and orgs share: channels, addresses, tags, owner, custom values, trash."""

import json
import sqlite3
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from crmcli.rules.channel import AddressDraft, ChannelDraft
from crmcli.rules.contact import DateDraft
from crmcli.store.dialect import CUSTOM_KEYS
from crmcli.store.rows import Row, fetch
from crmcli.store.sql import contact as sql
from crmcli.store.sql import trash as trash_sql
from crmcli.store.unit import Unit
from crmcli.text import fold


@dataclass(frozen=True, slots=True)
class Channel:
    """One way to reach someone, as stored."""

    kind: str
    label: str | None
    value: str
    norm: str
    extension: str | None
    primary: bool
    status: str


@dataclass(frozen=True, slots=True)
class Edit:
    """What an edit changes: new values by column, and what comes on and goes off.

    Args:
        values: columns of the record.
        custom: custom fields; None or "" removes one.
        job: org, title and department of a contact's primary job, as far as they change.
    """

    values: Mapping[str, Any]
    custom: Mapping[str, str | None]
    owner: str | None = None
    channels: Sequence[ChannelDraft] = ()
    off_channels: Sequence[ChannelDraft] = ()
    addresses: Sequence[AddressDraft] = ()
    tags: Sequence[str] = ()
    off_tags: Sequence[str] = ()
    dates: Sequence[DateDraft] = ()
    off_dates: Sequence[str] = ()
    job: Mapping[str, str | None] | None = None


def edit_party(w: Unit, noun: str, id: int, edit: Edit, version: int | None = None) -> bool:
    """Change what contacts and orgs share; False, and nothing written, when all holds already."""
    row = w.get(noun, id) or {}
    values = dict(edit.values)
    if edit.custom:
        values["custom"] = merged_custom(row.get("custom", ""), edit.custom)
    if edit.owner:
        values["owner_id"] = w.user_id(edit.owner)
    moved = [w.update(noun, id, version, **values)]
    moved += [remove_channel(w, noun, id, channel) for channel in edit.off_channels]
    moved.append(add_channels(w, noun, id, edit.channels) > 0)
    moved.append(add_addresses(w, noun, id, edit.addresses) > 0)
    moved.append(remove_tags(w, noun, id, edit.off_tags) > 0)
    moved.append(add_tags(w, noun, id, edit.tags) > 0)
    return any(moved)


def channel_of(row: Row) -> Channel:
    """Give the channel of a row."""
    return Channel(
        row["kind"],
        row["label"],
        row["value"],
        row["value_norm"],
        row["extension"],
        bool(row["is_primary"]),
        row["status"],
    )


def channels_json(channels: Iterable[Channel], kind: str) -> list[Row]:
    """Give the channels of one kind under their names in JSON."""
    return [
        {
            "label": channel.label,
            "value": channel.value,
            "norm": channel.norm,
            "primary": channel.primary,
            "status": channel.status,
        }
        for channel in channels
        if channel.kind == kind
    ]


def primary_json(channels: Iterable[Channel]) -> Row:
    """Give the primary e-mail and phone, or None, under their names in JSON."""
    first: Row = {"email": None, "phone": None}
    for channel in channels:
        if channel.kind in first and first[channel.kind] is None:
            first[channel.kind] = channel.value
    return first


def link(noun: str, id: int) -> dict[str, int | None]:
    """Give the exclusive arc that points at a record: contact_id or org_id."""
    return {"contact_id": None, "org_id": None, f"{noun}_id": id}


def add_channels(w: Unit, noun: str, id: int, channels: Iterable[ChannelDraft]) -> int:
    """Add channels the record does not have yet; the first of a kind is its primary one."""
    added = 0
    for channel in channels:
        arc = link(noun, id)
        kind, norm = channel.kind, channel.value_norm
        if w.one(sql.CHANNEL_OF, **arc, kind=kind, value_norm=norm):
            continue
        first = not w.one(sql.CHANNELS_OF, **arc, kind=kind)
        w.insert(
            "channel",
            **arc,
            kind=kind,
            label=channel.label,
            value=channel.value,
            value_norm=norm,
            extension=channel.extension,
            status=channel.status,
            is_primary=int(first),
        )
        added += 1
    return added


def remove_channel(w: Unit, noun: str, id: int, channel: ChannelDraft) -> bool:
    """Remove a channel; the next one of its kind becomes primary. False when there is none."""
    arc = link(noun, id)
    row = w.one(sql.CHANNEL_OF, **arc, kind=channel.kind, value_norm=channel.value_norm)
    if row is None:
        return False
    w.delete("channel", row["id"])
    heir = w.one(sql.CHANNELS_OF, **arc, kind=channel.kind)
    if heir and not heir["is_primary"]:
        w.update("channel", heir["id"], is_primary=1)
    return True


def add_addresses(w: Unit, noun: str, id: int, addresses: Iterable[AddressDraft]) -> int:
    """Add postal addresses the record does not have yet."""
    arc = link(noun, id)
    query = f"SELECT * FROM address WHERE {noun}_id = :id"
    added = 0
    for address in addresses:
        known = w.all(query, id=id)
        if not any(all(row[part] == text for part, text in address.items()) for row in known):
            w.insert("address", **arc, **address)
            added += 1
    return added


def add_tags(w: Unit, noun: str, id: int, names: Iterable[str]) -> int:
    """Put tags on a record; new tags are made."""
    added = 0
    for name in names:
        if not w.one(sql.TAGGING_OF, **link(noun, id), name_norm=fold(name)):
            w.insert("tagging", tag_id=tag_id(w, name), **link(noun, id))
            added += 1
    return added


def remove_tags(w: Unit, noun: str, id: int, names: Iterable[str]) -> int:
    """Take tags off a record."""
    removed = 0
    for name in names:
        if row := w.one(sql.TAGGING_OF, **link(noun, id), name_norm=fold(name)):
            w.delete("tagging", row["id"])
            removed += 1
    return removed


def tag_id(w: Unit, name: str) -> int:
    """Give the tag called `name`, made when it is new."""
    row = w.one(sql.TAG, name_norm=fold(name))
    return row["id"] if row else w.insert("tag", name=name, name_norm=fold(name))


def merged_custom(stored: str, changes: Mapping[str, str | None]) -> str:
    """Give custom values as stored JSON after `changes`; None or "" removes a key."""
    values: dict[str, Any] = json.loads(stored or "{}")
    for key, value in changes.items():
        if value:
            values[key] = value
        else:
            values.pop(key, None)
    return json.dumps(values, ensure_ascii=False, sort_keys=True)


def custom_keys(conn: sqlite3.Connection, noun: str) -> list[str]:
    """Give the keys of custom fields that contacts or orgs have in use."""
    return [row[0] for row in conn.execute(CUSTOM_KEYS.format(noun=noun))]


def list_trash(conn: sqlite3.Connection, limit: int) -> list[Row]:
    """Give what is in the trash, newest first: noun, id, name, archived_at."""
    return fetch(conn, trash_sql.LIST, limit=limit)


def set_archived(w: Unit, table: str, id: int, *, archived: bool) -> bool:
    """Put a record into the trash or take it out; False when it is there already."""
    row = w.get(table, id)
    if row is None or (row["archived_at"] is not None) == archived:
        return False
    return w.update(table, id, archived_at=w.now if archived else None)


def address_of(row: Row) -> AddressDraft:
    """Give the non-empty parts of an address row."""
    return {
        key: text for key, text in row.items() if text and key not in ("id", "contact_id", "org_id")
    }
