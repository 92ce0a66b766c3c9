"""Folders of cards in step with the contacts: what both sides held the last time, and changes.

What is remembered describes files, so it is no part of the history: an undo moves people, and the
next run sees that they moved.
"""

import sqlite3
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from crmcli.rules.channel import KINDS, AddressDraft, place
from crmcli.rules.contact import ContactDraft
from crmcli.rules.duplicate import is_role
from crmcli.store.contact import Contact, add_contact, edit_contact, get_contact
from crmcli.store.party import Edit, set_archived
from crmcli.store.rows import Row, fetch
from crmcli.store.sql import sync as sql
from crmcli.store.unit import Unit
from crmcli.text import fold


@dataclass(frozen=True, slots=True)
class Item:
    """A card as both sides had it after the last run; `uid` is the contact's."""

    filename: str
    uid: str
    card: str


@dataclass(frozen=True, slots=True)
class Person:
    """Whom a uid means: their id, and whether they are in the trash."""

    id: int
    is_gone: bool


def folders(conn: sqlite3.Connection) -> list[Row]:
    """Give the folders that were kept in step, and how many cards each had the last time."""
    return fetch(conn, sql.FOLDERS)


def items(conn: sqlite3.Connection, folder: str) -> dict[str, Item]:
    """Give the cards of a folder as they were after the last run, by file name."""
    found = fetch(conn, sql.ITEMS, folder=folder)
    return {row["filename"]: Item(**row) for row in found}


def gone(conn: sqlite3.Connection, folder: str) -> set[str]:
    """Give the files whose people are in the trash by now."""
    return {row["filename"] for row in fetch(conn, sql.GONE, folder=folder)}


def keep(w: Unit, folder: str, item: Item, before: str = "") -> None:
    """Remember a card; `before` is the name that its file had until now."""
    for filename in {before or item.filename, item.filename}:
        w.remember(sql.DROP, folder=folder, filename=filename)
    w.remember(sql.KEEP, folder=folder, filename=item.filename, uid=item.uid, card=item.card)


def drop(w: Unit, folder: str, filename: str) -> None:
    """Forget a card: it is gone on both sides."""
    w.remember(sql.DROP, folder=folder, filename=filename)


def person(w: Unit, uid: str) -> Person | None:
    """Give whom a uid means; who was merged into somebody is that one."""
    row = w.one(sql.BY_UID, uid=uid) if uid else None
    while row and row["merged_into_id"]:
        into = row["merged_into_id"]
        row = w.one(sql.BY_UID, **(w.one(sql.UID, id=into) or {"uid": ""}))
    return Person(row["id"], row["archived_at"] is not None) if row else None


def likely(w: Unit, draft: ContactDraft, taken: set[int]) -> int | None:
    """Give the one person whom a card without a known uid means; None if nobody or several.

    They share an e-mail, a phone or a web page and the name; or an e-mail that is no office's and
    all words of the shorter name.

    Args:
        w: the unit of work.
        draft: the person of the card.
        taken: who has a card already.
    """
    name = draft.values["name_norm"]
    same: set[int] = set()
    near: set[int] = set()
    for one in draft.channels:
        is_personal = one.kind == "email" and not is_role(one.value_norm)
        for row in w.all(sql.HOLDERS, kind=one.kind, value_norm=one.value_norm):
            if row["id"] in taken:
                continue
            if row["name_norm"] == name:
                same.add(row["id"])
            elif is_personal and _is_part(name, row["name_norm"]):
                near.add(row["id"])
    sure = same or near
    return sure.pop() if len(sure) == 1 else None


def _is_part(one: str, other: str) -> bool:
    """Tell whether one of two folded names has all words of the other: `ana` and `novak ana`."""
    words, others = set(one.split()), set(other.split())
    return words <= others or others <= words


def add(w: Unit, draft: ContactDraft) -> Contact:
    """Store the person of a new card."""
    return get_contact(w.conn, add_contact(w, draft))


def change(w: Unit, contact: Contact, moved: Mapping[str, Any], theirs: ContactDraft) -> Contact:
    """Change a contact fact by fact; give it as it is then.

    Args:
        w: the unit of work.
        contact: as it is.
        moved: facts that change (interchange/vcard_merge.py); None for one that goes.
        theirs: the person of the card, who has all that comes.
    """
    edit = _edit(contact, moved, theirs)
    edit_contact(w, contact.id, edit)
    for kind in KINDS:
        if first := moved.get(f"first {kind}"):
            _set_first(w, contact.id, kind, first)
    return get_contact(w.conn, contact.id)


def _address_key(address: AddressDraft) -> str:
    """Give the key of the fact that somebody has an address, whatever its label."""
    return f"address {place(address)}"


def restore(w: Unit, id: int) -> None:
    """Take somebody out of the trash."""
    set_archived(w, "contact", id, archived=False)


def remove(w: Unit, id: int) -> None:
    """Move somebody to the trash."""
    set_archived(w, "contact", id, archived=True)


def _edit(contact: Contact, moved: Mapping[str, Any], theirs: ContactDraft) -> Edit:
    """Give the edit of these facts."""
    edit = Edit(values=_values(moved, theirs), custom=_custom(moved, theirs))
    edit = replace(edit, job=_job(contact, moved, theirs))
    kinds = {key.partition(" ")[0] for key in moved}
    if kinds & set(KINDS):
        edit = _with_channels(edit, contact, moved, theirs)
    if "address" in kinds:
        edit = _with_addresses(edit, contact, moved, theirs)
    coming = {fold(tag): tag for tag in theirs.tags}
    tags = {key[4:]: value for key, value in moved.items() if key.startswith("tag ")}
    dates = {key[5:]: value for key, value in moved.items() if key.startswith("date ")}
    return replace(
        edit,
        tags=[coming[tag] for tag, value in tags.items() if value],
        off_tags=[tag for tag, value in tags.items() if not value],
        dates=[date for date in theirs.dates if dates.get(date.kind)],
        off_dates=[kind for kind, value in dates.items() if not value],
    )


def _values(moved: Mapping[str, Any], theirs: ContactDraft) -> dict[str, Any]:
    values: dict[str, Any] = {}
    for key in moved:
        if key == "name":
            values |= {name: theirs.values[name] for name in ("display_name", "name_norm")}
        elif key in theirs.values:
            values[key] = theirs.values[key]
    return values


def _job(
    contact: Contact, moved: Mapping[str, Any], theirs: ContactDraft
) -> dict[str, str | None] | None:
    """Give what changes of the job; who leaves an org has no title there either."""
    if "org" in moved:
        job: dict[str, str | None] = {"org": theirs.org}
        keys = ("title", "department")
        return job | {key: getattr(theirs, key) for key in keys} if theirs.org else job
    given = {key: getattr(theirs, key) for key in ("title", "department") if key in moved}
    return given if given and contact.org else None


def _custom(moved: Mapping[str, Any], theirs: ContactDraft) -> dict[str, Any]:
    keys = [key.removeprefix("custom ") for key in moved if key.startswith("custom ")]
    return {key: theirs.custom.get(key) for key in keys}


def _with_channels(
    edit: Edit, contact: Contact, moved: Mapping[str, Any], theirs: ContactDraft
) -> Edit:
    here = {f"{one.kind} {one.norm}": one for one in contact.channels}
    there = {f"{one.kind} {one.value_norm}": one for one in theirs.channels}
    channels = [one for key, one in there.items() if moved.get(key) and key not in here]
    swaps = [(here[key].id, one) for key, one in there.items() if moved.get(key) and key in here]
    gone = [one for key, one in here.items() if key in moved and not moved[key]]
    off = [one.draft for one in gone]
    return replace(edit, channels=channels, swaps=swaps, off_channels=off)


def _with_addresses(
    edit: Edit, contact: Contact, moved: Mapping[str, Any], theirs: ContactDraft
) -> Edit:
    here = {_address_key(one): one for one in contact.addresses}
    there = {_address_key(one): one for one in theirs.addresses}
    moves = [(one, there.get(key)) for key, one in here.items() if key in moved]
    coming = [one for key, one in there.items() if key in moved and key not in here]
    return replace(edit, addresses=coming, moves=moves)


def _set_first(w: Unit, id: int, kind: str, norm: str) -> None:
    """Let a channel be the primary one of its kind."""
    old = w.one(sql.FIRST, contact_id=id, kind=kind)
    new = w.one(sql.ONE, contact_id=id, kind=kind, value_norm=norm)
    if new is None or (old and old["id"] == new["id"]):
        return
    if old:
        w.update("channel", old["id"], is_primary=0)
    w.update("channel", new["id"], is_primary=1)
