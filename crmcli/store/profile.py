"""Import profiles: how a kind of file is read, under a name."""

import json
import sqlite3
from collections.abc import Mapping
from dataclasses import dataclass

from crmcli.columns import Column
from crmcli.errors import NotFoundError
from crmcli.i18n import tr
from crmcli.store.rows import Row, fetch
from crmcli.store.sql import profile as sql
from crmcli.store.unit import Unit
from crmcli.text import fold

COLUMNS = (Column("name", "Profile"), Column("options", "Options", "map"))


@dataclass(frozen=True, slots=True)
class Profile:
    """A profile as stored; the options as `crm import` has them."""

    id: int
    name: str
    options: Mapping[str, str]

    def json(self) -> Row:
        """Give the profile under its names in JSON."""
        return {"name": self.name, "options": dict(self.options)}


def list_profiles(conn: sqlite3.Connection) -> list[Profile]:
    """Give all profiles by name."""
    return [_profile(row) for row in fetch(conn, sql.LIST)]


def get_profile(conn: sqlite3.Connection, name: str) -> Profile:
    """Give the profile of this name, case and marks aside.

    Raises:
        NotFoundError: there is none.
    """
    rows = fetch(conn, sql.BY_NAME, name_norm=fold(name))
    if not rows:
        names = ", ".join(profile.name for profile in list_profiles(conn))
        raise NotFoundError(
            tr("there is no import profile {name!r}", name=name),
            tr("one of {names}", names=names) if names else tr("--save-profile makes one"),
        )
    return _profile(rows[0])


def save_profile(w: Unit, name: str, options: Mapping[str, str]) -> bool:
    """Store a profile, in place of the one that has its name; False when nothing changes."""
    text = json.dumps(dict(sorted(options.items())), ensure_ascii=False)
    row = w.one(sql.BY_NAME, name_norm=fold(name))
    if row:
        return w.update("import_profile", row["id"], name=name, options=text)
    w.insert("import_profile", name=name, name_norm=fold(name), options=text)
    return True


def drop_profile(w: Unit, id: int) -> None:
    """Remove a profile."""
    w.delete("import_profile", id)


def _profile(row: Row) -> Profile:
    return Profile(row["id"], row["name"], json.loads(row["options"]))
