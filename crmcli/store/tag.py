"""Tags: what wears them, and their names."""

import sqlite3
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from difflib import get_close_matches

from crmcli.columns import Column
from crmcli.errors import ConflictError, NotFoundError
from crmcli.i18n import tr
from crmcli.store import view
from crmcli.store.rows import Row, chunks, fetch, with_ids
from crmcli.store.sql import tag as sql
from crmcli.store.unit import Unit
from crmcli.text import fold

NOUNS = ("contact", "org", "interaction", "deal")
COLUMNS = (
    Column("name", "Tag"),
    Column("contacts", "Contacts", "number"),
    Column("orgs", "Orgs", "number"),
    Column("deals", "Deals", "number"),
    Column("interactions", "Interactions", "number"),
    Column("cadence", "Cadence", "number"),
    Column("id", "Id", listed=False),
)
Key = tuple[str, int]  # noun and id


@dataclass(frozen=True, slots=True)
class Tag:
    """A tag, as stored."""

    id: int
    name: str


def list_tags(conn: sqlite3.Connection, limit: int) -> list[Row]:
    """Give the tags by name, with how many living records wear each; the name is the id."""
    return [{**row, "id": row["name"]} for row in fetch(conn, sql.LIST, limit=limit)]


def get_tag(conn: sqlite3.Connection, name: str) -> Tag:
    """Give the tag called `name`; case, marks and a leading + do not count.

    Raises:
        NotFoundError: there is none; the hint names the nearest.
    """
    rows = fetch(conn, sql.BY_NAME, name_norm=fold(name).lstrip("+ "))
    if rows:
        return Tag(rows[0]["id"], rows[0]["name"])
    names = {fold(row["name"]): row["name"] for row in fetch(conn, sql.NAMES)}
    near = get_close_matches(fold(name), names, 1)
    hint = tr("did you mean {name}?", name=names[near[0]]) if near else tr("`crm tag` lists them")
    raise NotFoundError(tr("there is no tag {name!r}", name=name), hint)


def tag_id(w: Unit, name: str) -> int:
    """Give the tag called `name`, made when it is new."""
    row = w.one(sql.BY_NAME, name_norm=fold(name))
    return row["id"] if row else w.insert("tag", name=name, name_norm=fold(name))


def add_tags(w: Unit, noun: str, id: int, names: Iterable[str]) -> int:
    """Put tags on one record; new tags are made. Give how many it did not wear."""
    return sum(len(put_on(w, name, [(noun, id)])) for name in names)


def remove_tags(w: Unit, noun: str, id: int, names: Iterable[str]) -> int:
    """Take tags off one record; give how many it wore."""
    found = [w.one(sql.BY_NAME, name_norm=fold(name)) for name in names]
    return sum(len(take_off(w, row["id"], [(noun, id)])) for row in found if row)


def put_on(w: Unit, name: str, keys: Sequence[Key]) -> list[Key]:
    """Put one tag on many records; give those that did not wear it."""
    id = tag_id(w, name)
    added: list[Key] = []
    for noun, ids in _by_noun(keys).items():
        wearing = _wearing(w, noun, id, ids)
        bare = [one for one in ids if one not in wearing]
        if not bare:
            continue
        w.insert_many("tagging", ("tag_id", f"{noun}_id"), [(id, one) for one in bare])
        w.touch(noun, bare)
        added += [(noun, one) for one in bare]
    return added


def take_off(w: Unit, id: int, keys: Sequence[Key]) -> list[Key]:
    """Take one tag off many records; give those that wore it."""
    removed: list[Key] = []
    for noun, ids in _by_noun(keys).items():
        for row_id, tagging_id in _wearing(w, noun, id, ids).items():
            w.delete("tagging", tagging_id)
            removed.append((noun, row_id))
    return removed


def rename_tag(w: Unit, tag: Tag, name: str) -> bool:
    """Give a tag another name; False when it is called so already.

    Raises:
        ConflictError: another tag is called so.
    """
    row = w.one(sql.BY_NAME, name_norm=fold(name))
    if row and row["id"] != tag.id:
        raise ConflictError(
            tr("there is a tag {name}", name=row["name"]),
            tr("`crm tag merge {source} {target}` joins them", source=tag.name, target=row["name"]),
        )
    view.rename_tag(w, tag.name, name)
    return w.update("tag", tag.id, name=name, name_norm=fold(name))


def merge_tags(w: Unit, tag: Tag, into: Tag) -> int:
    """Let whoever wears `tag` wear `into`, and remove `tag`; give how many wore it.

    The cadence of `into` stays; when it has none it takes that of `tag`.
    """
    rows = w.all(sql.TAGGINGS, tag_id=tag.id)
    for noun, owner in ((noun, f"{noun}_id") for noun in NOUNS):
        own = {row[owner]: row["id"] for row in rows if row[owner]}
        wearing = _wearing(w, noun, into.id, list(own))
        for row_id, tagging_id in own.items():
            if row_id in wearing:
                w.delete("tagging", tagging_id)
            else:
                w.update("tagging", tagging_id, tag_id=into.id)
    cadence = w.one(sql.CADENCE, tag_id=tag.id)
    if cadence and w.one(sql.CADENCE, tag_id=into.id):
        w.delete("cadence", cadence["id"])
    elif cadence:
        w.update("cadence", cadence["id"], tag_id=into.id)
    view.rename_tag(w, tag.name, into.name)
    w.delete("tag", tag.id)
    return len(rows)


def drop_tag(w: Unit, tag: Tag) -> int:
    """Remove a tag from all that wear it, and itself; give how many wore it."""
    rows = w.all(sql.TAGGINGS, tag_id=tag.id)
    for row in rows:
        w.delete("tagging", row["id"])
    if cadence := w.one(sql.CADENCE, tag_id=tag.id):
        w.delete("cadence", cadence["id"])
    w.delete("tag", tag.id)
    return len(rows)


def count_wearers(conn: sqlite3.Connection, tag: Tag) -> int:
    """Give how many records wear a tag, those in the trash too."""
    return len(fetch(conn, sql.TAGGINGS, tag_id=tag.id))


def _by_noun(keys: Iterable[Key]) -> dict[str, list[int]]:
    found: dict[str, list[int]] = {}
    for noun, id in dict.fromkeys(keys):
        found.setdefault(noun, []).append(id)
    return found


def _wearing(w: Unit, noun: str, tag_id: int, ids: Sequence[int]) -> dict[int, int]:
    """Give which of the records wear a tag: id -> the row that says so."""
    found: dict[int, int] = {}
    for chunk in chunks(ids):
        query, values = with_ids(sql.WEARING[noun], chunk)
        found.update((row["row_id"], row["id"]) for row in w.all(query, **values, tag_id=tag_id))
    return found
