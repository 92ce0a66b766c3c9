"""Records as other programs know them: by their id there, an address, a number, or a name."""

import sqlite3
from collections.abc import Iterator

from crmcli.rules.link import Link
from crmcli.store.rows import Row, fetch
from crmcli.store.sql import import_ as sql
from crmcli.store.unit import Unit


class Ambiguous(Exception):
    """Several records are called so; says which, and nobody is guessed."""

    def __init__(self, link: Link, refs: list[str]) -> None:
        super().__init__(link.said, ", ".join(refs))


def find_link(conn: sqlite3.Connection, noun: str, link: Link) -> int | None:
    """Give the living record that a link means, by the first of its keys that anybody has.

    Args:
        conn: a reading connection, or that of a unit of work.
        noun: contact or org.
        link: how the file names it.

    Raises:
        Ambiguous: several have that key.
    """
    by_name = sql.LINK_NAME.format(noun=noun)
    for query, values in _questions(link):
        found = [row["id"] for row in fetch(conn, query.format(noun=noun), **values)]
        if len(found) == 1:
            return int(found[0])
        named = {row["id"] for row in fetch(conn, by_name, name_norm=link.name_norm)}
        if len(named.intersection(found)) == 1:
            return int(named.intersection(found).pop())
        if found:
            raise Ambiguous(link, [f"{noun[0]}{id}" for id in found])
    return None


def holder(conn: sqlite3.Connection, external: tuple[str, str]) -> Row | None:
    """Give whose id in another program this is, as contact_id and org_id; the trash counts too."""
    source, external_id = external
    found = fetch(conn, sql.EXTERNAL_OF, source=source, external_id=external_id)
    return found[0] if found else None


def keep_external(w: Unit, noun: str, id: int, external: tuple[str, str]) -> bool:
    """Remember the id that a record has in another program; False when somebody has it already."""
    if holder(w.conn, external):
        return False
    source, external_id = external
    w.insert("external_ref", source=source, external_id=external_id, **{f"{noun}_id": id})
    return True


def _questions(link: Link) -> Iterator[tuple[str, Row]]:
    """Give what to ask, the strongest key first."""
    if link.external:
        source, external_id = link.external
        yield sql.LINK_EXTERNAL, {"source": source, "external_id": external_id}
    for kind, norms in (("email", link.emails), ("phone", link.phones)):
        for norm in norms:
            yield sql.LINK_CHANNEL, {"kind": kind, "value_norm": norm}
    if link.name_norm:
        yield sql.LINK_NAME, {"name_norm": link.name_norm}
