"""What contacts and orgs share: channels, addresses, tags, owner, custom values, trash."""

import json
import sqlite3
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from crmcli.errors import ConflictError
from crmcli.i18n import tr
from crmcli.rules.channel import PARTS, AddressDraft, ChannelDraft
from crmcli.rules.contact import DateDraft
from crmcli.rules.task import OPEN_STATUSES
from crmcli.store import field, tag
from crmcli.store.dialect import CUSTOM_KEYS
from crmcli.store.rows import Row, fetch
from crmcli.store.sql import contact as sql
from crmcli.store.sql import deal as deal_sql
from crmcli.store.sql import trash as trash_sql
from crmcli.store.unit import Unit

if TYPE_CHECKING:
    from crmcli.store.contact import Contact
    from crmcli.store.org import Org


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
    id: int

    @property
    def draft(self) -> ChannelDraft:
        """The channel as one that is not stored."""
        return ChannelDraft(
            self.kind, self.label, self.value, self.norm, self.extension, self.status
        )


@dataclass(frozen=True, slots=True)
class Edit:
    """What an edit changes: new values by column, and what comes on and goes off.

    Args:
        values: columns of the record.
        custom: own fields in stored form; None removes one.
        swaps: channels by id, each with what it becomes.
        moves: addresses, each with what it becomes; None removes it.
        job: org, title and department of a contact's primary job, as far as they change.
        source: where a contact comes from; "" for nowhere.
        unqualified_reason: why a lead is none, where `values` say so.
        warnings: oddities of what was typed that are kept.
    """

    values: Mapping[str, Any]
    custom: Mapping[str, Any]
    owner: str | None = None
    channels: Sequence[ChannelDraft] = ()
    off_channels: Sequence[ChannelDraft] = ()
    swaps: Sequence[tuple[int, ChannelDraft]] = ()
    addresses: Sequence[AddressDraft] = ()
    moves: Sequence[tuple[AddressDraft, AddressDraft | None]] = ()
    tags: Sequence[str] = ()
    off_tags: Sequence[str] = ()
    dates: Sequence[DateDraft] = ()
    off_dates: Sequence[str] = ()
    job: Mapping[str, str | None] | None = None
    source: str | None = None
    unqualified_reason: str | None = None
    warnings: Sequence[str] = ()


def revision(party: "Contact | Org", *more: object) -> str:
    """Give a short fingerprint of a record: the same for as long as nobody changes it."""
    from hashlib import blake2b

    channels = [(one.kind, one.label, one.value) for one in party.channels]
    about = (party.name, party.owner, party.note, sorted(party.custom.items()), party.tags)
    text = repr((*about, channels, party.addresses, *more))
    return blake2b(text.encode("utf-8", "replace"), digest_size=6).hexdigest()


def edit_party(
    w: Unit,
    noun: str,
    id: int,
    edit: Edit,
    version: int | None = None,
    guard: field.Guard | None = None,
) -> bool:
    """Change what contacts and orgs share; False, and nothing written, when all holds already.

    Args:
        w: the unit of work.
        noun: contact or org.
        id: which one.
        edit: what changes.
        version: the version the caller saw.
        guard: holds own fields to their definitions; one for all of an import.

    Raises:
        InvalidError, ConflictError: an own field would break its definition.
    """
    row = w.get(noun, id) or {}
    values = dict(edit.values)
    if edit.custom:
        (guard or field.Guard(w.conn, noun)).change(edit.custom, id)
        values["custom"] = field.merged(row.get("custom", ""), edit.custom)
    if edit.owner:
        values["owner_id"] = w.user_id(edit.owner)
    moved = [w.update(noun, id, version, **values)]
    moved += [remove_channel(w, noun, id, channel) for channel in edit.off_channels]
    moved += [swap_channel(w, noun, id, old, new) for old, new in edit.swaps]
    moved.append(add_channels(w, noun, id, edit.channels) > 0)
    moved += [move_address(w, noun, id, old, new) for old, new in edit.moves]
    moved.append(add_addresses(w, noun, id, edit.addresses) > 0)
    moved.append(tag.remove_tags(w, noun, id, edit.off_tags) > 0)
    moved.append(tag.add_tags(w, noun, id, edit.tags) > 0)
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
        row["id"],
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
    _drop_channel(w, arc, row)
    return True


def swap_channel(w: Unit, noun: str, id: int, channel_id: int, new: ChannelDraft) -> bool:
    """Let a channel become another one in its place; two that become one are one.

    A channel that is gone meanwhile is added.
    """
    arc = link(noun, id)
    row = w.get("channel", channel_id)
    if row is None:
        return add_channels(w, noun, id, [new]) > 0
    same = w.one(sql.CHANNEL_OF, **arc, kind=new.kind, value_norm=new.value_norm)
    if same and same["id"] != channel_id:
        _drop_channel(w, arc, row)
        return True
    values: Row = {"label": new.label, "value": new.value, "value_norm": new.value_norm}
    if new.value_norm != row["value_norm"]:
        values |= {"extension": new.extension, "status": new.status}
    return w.update("channel", channel_id, **values)


def _drop_channel(w: Unit, arc: Mapping[str, int | None], row: Row) -> None:
    """Delete a channel; the next one of its kind becomes primary."""
    w.delete("channel", row["id"])
    heir = w.one(sql.CHANNELS_OF, **arc, kind=row["kind"])
    if heir and not heir["is_primary"]:
        w.update("channel", heir["id"], is_primary=1)


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


def move_address(w: Unit, noun: str, id: int, old: AddressDraft, new: AddressDraft | None) -> bool:
    """Let an address become another one, or with None go.

    Raises:
        ConflictError: the record has no such address (any more).
    """
    known = w.all(f"SELECT * FROM address WHERE {noun}_id = :id", id=id)
    row = next((row for row in known if address_of(row) == old), None)
    if row is None:
        raise ConflictError(tr("the address changed meanwhile"), tr("look at it again"))
    if new is None:
        w.delete("address", row["id"])
        return True
    values: Row = {part: new.get(part) for part in PARTS}
    return w.update("address", row["id"], **values)


def custom_keys(conn: sqlite3.Connection, noun: str) -> list[str]:
    """Give the keys of custom fields that contacts or orgs have in use."""
    return [row[0] for row in conn.execute(CUSTOM_KEYS.format(noun=noun))]


def list_trash(conn: sqlite3.Connection, limit: int) -> list[Row]:
    """Give what is in the trash, newest first: noun, id, name, archived_at."""
    return fetch(conn, trash_sql.LIST, limit=limit)


def set_archived(w: Unit, table: str, id: int, *, archived: bool) -> bool:
    """Put a record into the trash or take it out; False when it is there already.

    Raises:
        ConflictError: the series of a restored task has gone on, somebody has by now what must
            be unique, or the record was merged into another one.
    """
    row = w.get(table, id)
    if row is None or (row["archived_at"] is not None) == archived:
        return False
    if not archived and row.get("merged_into_id"):
        _refuse_merged(w, table, row)
    if table == "task" and not archived and row["status"] in OPEN_STATUSES:
        from crmcli.store.task import refuse_second

        refuse_second(w, row)
    if table in ("contact", "org", "deal") and not archived:
        from crmcli.store.field import Guard

        Guard(w.conn, table).check(json.loads(row["custom"]), id)
    return w.update(table, id, archived_at=w.now if archived else None)


def _refuse_merged(w: Unit, noun: str, row: Row) -> None:
    """Refuse to take out of the trash what is another record now.

    Raises:
        ConflictError: the hint says how to take the merge back.
    """
    from crmcli.store.merge import merged_by

    ref, into = f"{noun[0]}{row['id']}", f"{noun[0]}{row['merged_into_id']}"
    group = merged_by(w.conn, noun, row["id"])
    hint = tr("`crm undo {group}` makes two of them again", group=group) if group else ""
    raise ConflictError(tr("{ref} was merged into {into}", ref=ref, into=into), hint)


def address_of(row: Row) -> AddressDraft:
    """Give the non-empty parts of an address row."""
    return {part: row[part] for part in PARTS if row[part]}


def has_deals(conn: sqlite3.Connection, noun: str, id: int) -> bool:
    """Tell whether a contact or an org has deals; who has none needs nothing of theirs imported."""
    return conn.execute(deal_sql.HAS_DEALS[noun], {"id": id}).fetchone() is not None
