"""E-mail addresses by the beginning of a name, an address or a number, for mail clients.

The words are those of the search (terms.py). Light: a hot call stands on it.
"""

import sqlite3
from collections.abc import Sequence

from crmcli.store import terms
from crmcli.store.sql import query as sql
from crmcli.store.sql.search import PHONE_PART

MOST = 100
LAST_PARTY = 2 * 2**48 - 1  # of the ids of search texts, those of contacts and orgs come first
DEAD = ("bounced", "invalid")  # addresses that no mail reaches
Party = tuple[str, int]


class Answer:
    """One address and whose it is.

    A plain class: `dataclasses` alone would cost a third of what a hot call may.

    Args:
        party: noun and id.
        address: the e-mail.
        name: of the person or org.
        org: where the person works; "" for nowhere.
        stage: of the person, or the kind of the org.
        status: of the address.
        warnings: why not to write: do not contact, deceased, and an address that bounced.
        place: among the addresses of the same person or org.
    """

    __slots__ = ("address", "name", "org", "party", "place", "stage", "status", "warnings")

    def __init__(self, row: Sequence[object]) -> None:
        noun, id, address, name, org, stage, status, is_off, is_dead, *self.place = row
        self.party: Party = str(noun), int(str(id))
        self.address, self.name, self.org = str(address), str(name), str(org)
        self.stage, self.status = str(stage), str(status)
        found = {"do not contact": is_off, "deceased": is_dead, self.status: self.status in DEAD}
        self.warnings = [warning for warning, holds in found.items() if holds]

    def about(self) -> str:
        """Give the org, the stage and the warnings, as a mail client shows them."""
        return ", ".join(filter(None, (self.org, self.stage, *self.warnings)))


def answers(conn: sqlite3.Connection, text: str) -> list[Answer]:
    """Give the addresses of everybody whom all words of `text` fit, or a part of their number.

    Names and addresses that begin so come first, whom not to write to late, and addresses that no
    mail reaches last.
    """
    folded = terms.folded_query(text)
    ranks = _found(conn, folded)
    if not ranks:
        return []
    ids = {
        plural: str([id for noun, id in ranks if noun == one])
        for plural, one in (("contacts", "contact"), ("orgs", "org"))
    }
    found = [Answer(row) for row in conn.execute(sql.ADDRESSES, ids)]
    found.sort(key=lambda one: _order(one, ranks[one.party], folded))
    return found[:MOST]


def _order(one: Answer, rank: tuple[int, ...], folded: str) -> tuple[object, ...]:
    """Give the place of an address: to begin with the text is as good as for a name."""
    begins = one.address.casefold().startswith(folded)
    best = min(rank, (1, 0, 0)) if begins else rank
    is_dead = one.status in DEAD
    return is_dead, bool(one.warnings), best, one.name.casefold(), one.party, one.place


def _found(conn: sqlite3.Connection, folded: str) -> dict[Party, tuple[int, ...]]:
    """Give who fits, and how well: small is good."""
    ranks: dict[Party, tuple[int, ...]] = {}
    if digits := terms.phone_part(folded):
        values = {"pattern": f"%{digits}%", "limit": MOST}
        for contact, org in conn.execute(PHONE_PART, values):
            ranks["contact" if contact else "org", contact or org] = (2, 0, 0)
    expression = terms.expression(folded)
    is_whole = terms.Whole(folded)
    for noun, id, title, body in _hits(conn, expression) if expression else ():
        if is_whole(title, body):
            ranks[noun, id] = min(terms.rank(title, folded), ranks.get((noun, id), (9,)))
    return ranks


def _hits(conn: sqlite3.Connection, expression: str) -> list[tuple[str, int, str, str]]:
    """Give full-text hits, those in names first when there are many."""
    values: dict[str, str | int] = {"query": expression, "last": LAST_PARTY, "limit": MOST + 1}
    hits = conn.execute(sql.FOUND, values).fetchall()
    if len(hits) <= MOST:
        return hits
    titled = conn.execute(sql.FOUND, {**values, "query": f"title : ({expression})"}).fetchall()
    return titled if len(titled) > MOST else [*titled, *hits]


def lines(found: Sequence[Answer], client: str) -> list[str]:
    """Give addresses as a mail client reads them.

    Args:
        found: the addresses.
        client: `mutt`, whose first line is a message, or `aerc`.
    """
    from crmcli.i18n import trn
    from crmcli.text import tsv_cell

    head: list[str] = []
    rows: list[tuple[str, ...]]
    if client == "mutt":
        head = [trn("{count} found", "{count} found", len(found))]
        rows = [(one.address, one.name, one.about()) for one in found]
    else:
        rows = [(one.address, one.name, *one.warnings[:1]) for one in found]  # aerc drops the third
    return [*head, *("\t".join(map(tsv_cell, row)) for row in rows)]
