"""P9: the report of duplicates, with planted pairs among a scale's contacts.

One contact in a hundred gets a twin: one by e-mail, one by phone, one by a name with a mistake at
the same org, in turn. They are written in a transaction that is rolled back at the end.
"""

import sqlite3
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from bench import data
from bench.measure import Installed, environment, say, spawned
from bench.report import Line
from crmcli.store import db
from crmcli.store.duplicate import pairs
from crmcli.text import fold

SHARE = 100  # one contact in so many gets a twin
SECONDS = {"10k": 2.0, "100k": 2.0, "1M": 15.0}
PERSON = """
SELECT contact.id, display_name, employment.org_id, email.value_norm, phone.value_norm FROM contact
JOIN employment ON employment.contact_id = contact.id
JOIN channel AS email ON email.contact_id = contact.id AND email.kind = 'email'
JOIN channel AS phone ON phone.contact_id = contact.id AND phone.kind = 'phone'
WHERE contact.id % :share = 50
"""
ADD_CONTACT = """
INSERT INTO contact (uid, display_name, name_norm, created_at, updated_at)
VALUES (:uid, :name, :norm, '', '')
"""
ADD_CHANNEL = """
INSERT INTO channel (contact_id, kind, value, value_norm) VALUES (:id, :kind, :value, :value)
"""
ADD_JOB = "INSERT INTO employment (contact_id, org_id) VALUES (:id, :org_id)"


def measure(crm: Installed, scales: Sequence[str]) -> list[Line]:
    """Give the lines of P9."""
    taken = Line("P9", "matching all people", "s", SECONDS)
    missed = Line("P9", "planted pairs that are missed", "%", 5.0)
    since = Line("P9", "matching the last 1,000 people", "s")
    orgs = Line("P9", "matching all orgs", "s", SECONDS)
    peak = Line("P9", "peak memory of `crm dedupe`", "MiB", 600.0)
    for scale in scales:
        say(f"P9 duplicates at {scale}")
        path = data.database(scale)
        with _planted(path) as (conn, twins):
            start = time.perf_counter()
            found = {(pair.one, pair.other) for pair in pairs(conn, "contact")}
            taken.values[scale] = time.perf_counter() - start
            missed.values[scale] = 100 * len(twins - found) / len(twins)
            start = time.perf_counter()
            pairs(conn, "contact", max(other for _, other in twins) - 1000)
            since.values[scale] = time.perf_counter() - start
            start = time.perf_counter()
            pairs(conn, "org")
            orgs.values[scale] = time.perf_counter() - start
        env = environment(data.FOLDER / "home", path)
        peak.values[scale] = spawned([crm.crm, "dedupe", "--limit", "20"], env).peak
    return [taken, missed, since, orgs, peak]


@contextmanager
def _planted(path: Path) -> Iterator[tuple[sqlite3.Connection, set[tuple[int, int]]]]:
    """Give a connection that sees the twins, and who they are."""
    conn = db.connect_writer(str(path))
    conn.execute("BEGIN IMMEDIATE")
    try:
        people = conn.execute(PERSON, {"share": SHARE}).fetchall()
        yield conn, {_twin(conn, number, *person) for number, person in enumerate(people)}
    finally:
        conn.execute("ROLLBACK")
        conn.close()


def _twin(
    conn: sqlite3.Connection, number: int, id: int, name: str, org_id: int, email: str, phone: str
) -> tuple[int, int]:
    """Write a twin of a contact; give both ids."""
    kind = number % 3
    other = name[:-2] + name[-1] + name[-2] if kind == 2 and len(name) > 5 else name
    values = {"uid": f"twin-{number}", "name": other, "norm": fold(other)}
    twin = conn.execute(ADD_CONTACT, values).lastrowid or 0
    if kind == 2:
        conn.execute(ADD_JOB, {"id": twin, "org_id": org_id})
    else:
        way = {"kind": "phone", "value": phone} if kind else {"kind": "email", "value": email}
        conn.execute(ADD_CHANNEL, {"id": twin, **way})
    return id, twin
