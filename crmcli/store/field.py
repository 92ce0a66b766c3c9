"""Own fields: their definitions, and what changes with them in the records that hold values.

The values lie in the `custom` JSON of contacts and orgs, in the form that `rules/field` gives.
"""

import json
import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from importlib import import_module
from typing import Any

from crmcli.columns import Column
from crmcli.errors import ConflictError, InvalidError
from crmcli.i18n import tr
from crmcli.rules import field as rules
from crmcli.rules.field import Definition, Fields
from crmcli.store import dialect
from crmcli.store.rows import Row, fetch
from crmcli.store.sql import field as sql
from crmcli.store.unit import Unit
from crmcli.text import fold

NOUNS = ("contact", "org", "deal")
NAME = {"contact": "display_name", "org": "name", "deal": "name"}

COLUMNS = (
    Column("id", "Field"),
    Column("type", "Type"),
    Column("title", "Title"),
    Column("choices", "Choices", "list"),
    Column("required", "Required"),
    Column("unique", "Unique"),
    Column("default", "Default"),
    Column("values", "Values", "number"),
    Column("unfit", "Unfit", "number"),
    Column("noun", "Of", listed=False),
    Column("key", "Key", listed=False),
)


@dataclass(frozen=True, slots=True)
class Holder:
    """A record that holds a value of a field."""

    noun: str
    id: int
    name: str
    stored: Any
    is_living: bool


@dataclass(frozen=True, slots=True)
class Misfit:
    """A value that does not fit its field, and why."""

    noun: str
    id: int
    name: str
    key: str
    value: str
    reason: str


@dataclass(slots=True)
class Moved:
    """What a change of a definition did to the values."""

    values: int = 0
    unfit: list[Misfit] = field(default_factory=list)


def definitions(conn: sqlite3.Connection, noun: str) -> list[Definition]:
    """Give the own fields of a noun in the order of definition."""
    return [_definition(row) for row in fetch(conn, sql.DEFINITIONS, noun=noun)]


def definition(conn: sqlite3.Connection, noun: str, key: str) -> Definition | None:
    """Give one own field, or None."""
    rows = fetch(conn, sql.DEFINITION, noun=noun, key=key)
    return _definition(rows[0]) if rows else None


def columns(definitions: Sequence[Definition]) -> list[Column]:
    """Give the columns that own fields add to the list of their noun."""
    return [Column(own.key, own.title, "own", listed=False) for own in definitions]


def holders(conn: sqlite3.Connection, noun: str, key: str) -> Iterator[Holder]:
    """Give the records that hold a value under a key, those in the trash too."""
    query = dialect.CUSTOM_HOLDERS.format(noun=noun, name=NAME[noun])
    for row in fetch(conn, query, path=dialect.custom_path(key)):
        stored = json.loads(row["custom"])[key]
        yield Holder(noun, row["id"], row["name"], stored, row["archived_at"] is None)


def record(conn: sqlite3.Connection, own: Definition) -> Row:
    """Give a field under its names in JSON, with how many living records hold a value."""
    living = [one for one in holders(conn, own.noun, own.key) if one.is_living]
    return {
        "id": f"{own.noun}.{own.key}",
        "noun": own.noun,
        "key": own.key,
        "title": own.title,
        "type": own.type,
        "choices": list(own.choices),
        "required": own.required,
        "unique": own.unique,
        "default": None if own.default is None else rules.json_of(own.default),
        "values": len(living),
        "unfit": sum(not rules.fits(own, one.stored) for one in living),
    }


def misfits(conn: sqlite3.Connection, own: Definition, fields: Fields) -> Iterator[Misfit]:
    """Give the living records whose value does not fit, is missing, or is another's too."""
    seen: dict[str, int] = {}
    for one in holders(conn, own.noun, own.key):
        text = rules.text_of(one.stored)
        if not one.is_living:
            continue
        if not rules.fits(own, one.stored):
            yield _misfit(own, one, _reason(own, one.stored, fields))
        first = seen.setdefault(fold(text), one.id)
        if own.unique and first != one.id:
            yield _misfit(own, one, f"must be unique, but {own.noun[0]}{first} has it too")
    if own.required:
        for row in fetch(conn, sql.LIVING[own.noun]):
            if own.key not in json.loads(row["custom"]):
                yield Misfit(own.noun, row["id"], row["name"], own.key, "", "required, but empty")


def add_field(w: Unit, own: Definition, fields: Fields) -> Moved:
    """Define a field; the values that lie under its key already are brought to its type.

    Args:
        w: the unit of work.
        own: the definition.
        fields: how dates and amounts are read. What does not fit stays text and is in the answer.

    Raises:
        ConflictError: there is such a field, or two records have the value that must be unique.
        InvalidError: the key is that of a field every record has.
    """
    if definition(w.conn, own.noun, own.key):
        raise ConflictError(
            tr("there is a field {noun}.{key}", noun=own.noun, key=own.key),
            tr("`crm field edit {key}` changes it", key=own.key),
        )
    check_key(own.noun, own.key)
    w.insert("custom_field", **_row(own))
    return _settle(w, own, fields)


def edit_field(w: Unit, old: Definition, new: Definition, fields: Fields) -> Moved:
    """Change a field; its values move to a new key, and are brought to a new type.

    Raises:
        ConflictError: the new key is taken, or a value that must be unique is not.
    """
    if new.key != old.key:
        _move_values(w, old, new)
    w.update("custom_field", old.id, **_row(new))
    return _settle(w, new, fields)


def remove_field(w: Unit, own: Definition, *, drop_values: bool = False) -> int:
    """Remove a field; its values go too, or stay as texts. Give how many there were."""
    w.delete("custom_field", own.id)
    found = list(holders(w.conn, own.noun, own.key))
    for one in found:
        _set(w, one, own.key, None if drop_values else rules.text_of(one.stored))
    return len(found)


def check_key(noun: str, key: str) -> None:
    """Refuse the name of a field that every record of the noun has, in JSON or in filters.

    Raises:
        InvalidError: one would hide the other.
    """
    from crmcli.store.fields import PROPERTIES, SYNONYMS, WAYS

    keys = import_module(f"crmcli.rules.{noun}").KEYS
    if key in keys or any(key in names[noun] for names in (PROPERTIES, SYNONYMS, WAYS)):
        raise InvalidError(
            tr("{key} is a field of every {noun} already", key=key, noun=tr(noun)),
            tr("choose another key"),
        )


class Guard:
    """Holds new values of a noun against its definitions: required, default, unique.

    It reads the values of a unique field once, for a single record as for a whole import.
    """

    def __init__(self, conn: sqlite3.Connection, noun: str) -> None:
        self.conn = conn
        self.noun = noun
        self.definitions = definitions(conn, noun)
        self._taken: dict[str, dict[str, int]] = {}

    def new(self, custom: Mapping[str, Any]) -> dict[str, Any]:
        """Give the values of a new record, defaults filled in.

        Raises:
            InvalidError: a required field has no value.
            ConflictError: somebody has a value that must be unique.
        """
        found = rules.completed(self.definitions, custom)
        self.check(found)
        return found

    def change(self, changes: Mapping[str, Any], id: int) -> None:
        """Check changed values of record `id`.

        Raises:
            InvalidError: a required field would be emptied.
            ConflictError: somebody else has a value that must be unique.
        """
        rules.check_filled(self.definitions, changes)
        self.check(changes, id)

    def check(self, custom: Mapping[str, Any], id: int = 0) -> None:
        """Raise ConflictError when another record has a value that must be unique."""
        for own in self.definitions:
            if not own.unique or custom.get(own.key) is None:
                continue
            text = rules.text_of(custom[own.key])
            holder = self._holders(own.key).get(fold(text), id)
            if holder != id:
                ref = f"{self.noun[0]}{holder}"
                raise ConflictError(
                    tr(
                        "{key} must be unique: {ref} has {text!r} already",
                        key=own.key,
                        ref=ref,
                        text=text,
                    ),
                    f"`crm show {ref}`",
                )

    def take(self, custom: Mapping[str, Any], id: int) -> None:
        """Say that record `id` has these values now."""
        for key, taken in self._taken.items():
            if custom.get(key) is not None:
                taken.setdefault(fold(rules.text_of(custom[key])), id)

    def _holders(self, key: str) -> dict[str, int]:
        if key not in self._taken:
            self._taken[key] = {
                fold(rules.text_of(one.stored)): one.id
                for one in holders(self.conn, self.noun, key)
                if one.is_living
            }
        return self._taken[key]


def _settle(w: Unit, own: Definition, fields: Fields) -> Moved:
    """Bring the stored values of a field to its type; what does not fit becomes text."""
    moved = Moved()
    for one in holders(w.conn, own.noun, own.key):
        if rules.fits(own, one.stored):
            continue
        text = rules.text_of(one.stored)
        try:
            value = rules.value_of(own, text, fields)
            moved.values += 1
        except InvalidError as error:
            value = text
            moved.unfit.append(_misfit(own, one, _without_key(own, error)))
        if value != one.stored:
            _set(w, one, own.key, value)
    _check_unique(w, own)
    return moved


def _check_unique(w: Unit, own: Definition) -> None:
    seen: dict[str, int] = {}
    for one in holders(w.conn, own.noun, own.key) if own.unique else ():
        if not one.is_living:
            continue
        text = rules.text_of(one.stored)
        first = seen.setdefault(fold(text), one.id)
        if first != one.id:
            letter = own.noun[0]
            raise ConflictError(
                tr(
                    "{key} is not unique: {letter}{first} and {letter}{id} have {text!r}",
                    key=own.key,
                    letter=letter,
                    first=first,
                    id=one.id,
                    text=text,
                ),
                tr("change one of them first"),
            )


def _move_values(w: Unit, old: Definition, new: Definition) -> None:
    check_key(new.noun, new.key)
    if definition(w.conn, new.noun, new.key) or next(holders(w.conn, new.noun, new.key), None):
        raise ConflictError(tr("{key} is in use already", key=new.key), tr("choose another key"))
    for one in list(holders(w.conn, old.noun, old.key)):
        _set(w, one, old.key, None)
        _set(w, one, new.key, one.stored)


def _set(w: Unit, one: Holder, key: str, value: Any) -> None:
    """Set or, with None, remove one value of a record."""
    row = w.one(sql.CUSTOM[one.noun], id=one.id)
    if row:  # its owner changed nothing, so it keeps its time of change
        custom = merged(row["custom"], {key: value})
        w.update(one.noun, one.id, custom=custom, updated_at=row["updated_at"])


def merged(stored: str, changes: Mapping[str, Any]) -> str:
    """Give own values as stored JSON after `changes`; None or "" removes a key."""
    values: dict[str, Any] = json.loads(stored or "{}")
    for key, value in changes.items():
        if value is None or value == "" or value == []:
            values.pop(key, None)
        else:
            values[key] = value
    return json.dumps(values, ensure_ascii=False, sort_keys=True)


def _misfit(own: Definition, one: Holder, reason: str) -> Misfit:
    return Misfit(one.noun, one.id, one.name, own.key, rules.text_of(one.stored), reason)


def _reason(own: Definition, stored: Any, fields: Fields) -> str:
    """Say why a stored value does not fit; it may only wait for being read again."""
    try:
        rules.value_of(own, rules.text_of(stored), fields)
    except InvalidError as error:
        return _without_key(own, error)
    return f"not read yet: `crm field edit {own.key} --type {own.type}` reads it"


def _without_key(own: Definition, error: InvalidError) -> str:
    return error.message.removeprefix(f"{own.key}: ")


def _definition(row: Row) -> Definition:
    return Definition(
        row["noun"],
        row["key"],
        row["title"],
        row["type"],
        tuple(json.loads(row["choices"] or "[]")),
        bool(row["required"]),
        bool(row["is_unique"]),
        json.loads(row["default_value"] or "null"),
        row["id"],
    )


def _row(own: Definition) -> Row:
    choices = json.dumps(own.choices, ensure_ascii=False) if own.choices else None
    default = None if own.default is None else json.dumps(own.default, ensure_ascii=False)
    return {
        "noun": own.noun,
        "key": own.key,
        "title": own.title,
        "type": own.type,
        "choices": choices,
        "required": int(own.required),
        "is_unique": int(own.unique),
        "default_value": default,
    }
