"""Duplicates: who is like one record, which pairs of all look alike, which are kept separate."""

import sqlite3
from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from functools import cache
from itertools import combinations, groupby, product
from typing import NamedTuple

from crmcli.errors import CrmError
from crmcli.rules import duplicate as rules
from crmcli.rules.duplicate import COMMON, QUEUE, Score, Traits
from crmcli.store.rows import chunks, doc_range, fetch_ids, grouped
from crmcli.store.search import LAST, words_query
from crmcli.store.sql import duplicate as sql
from crmcli.store.unit import Unit
from crmcli.text import fold

TEAM = 500  # in an org with more people than these only the very same name is looked for
BATCH = 2000  # pairs scored at a time
KINDS = ("email", "phone")
Couple = tuple[int, int]  # two ids, the smaller one first
Group = tuple[int, ...]  # ids of what is one; the first one stays


class Pair(NamedTuple):
    """Two records of a noun that look alike; `one` is the older."""

    one: int
    other: int
    score: Score


# One record


def like(conn: sqlite3.Connection, noun: str, id: int) -> dict[int, Score]:
    """Give who is like a stored record, by id, the likest first; kept separate ones are left out.

    By index look-ups only.
    """
    found = traits(conn, noun, [id]).get(id)
    if found is None:
        return {}
    finder = like_contact if noun == "contact" else like_org
    return finder(conn, found, {id, *separate_from(conn, noun, id)})


def like_contact(
    conn: sqlite3.Connection, one: Traits, leave_out: Collection[int] = ()
) -> dict[int, Score]:
    """Give the people who are like one, by id, the likest first; see `like`."""
    one, ids = _holders(conn, "contact", one, leave_out)
    one = one._replace(orgs=one.orgs | _likely_orgs(conn, one.orgs, leave_out))
    for org_id in one.orgs:
        ids |= _rare(_near_colleagues(conn, org_id, one.name, leave_out))
    return _scored(conn, "contact", one, ids - set(leave_out))


def _likely_orgs(
    conn: sqlite3.Connection, orgs: Collection[int], leave_out: Collection[int]
) -> set[int]:
    """Give the orgs that new ones are probably: Acme, where Acme d.o.o. is the client.

    Only of orgs where nobody else works, as those made on the way are: the others are known.
    """
    found: set[int] = set()
    for org_id in orgs:
        rows = conn.execute(sql.COLLEAGUES, {"org_id": org_id, "limit": 1 + len(leave_out)})
        if {row[0] for row in rows} <= set(leave_out):
            found.update(like(conn, "org", org_id))
    return found


def like_org(
    conn: sqlite3.Connection, one: Traits, leave_out: Collection[int] = ()
) -> dict[int, Score]:
    """Give the orgs that are like one, by id, the likest first; see `like`."""
    one, ids = _holders(conn, "org", one, leave_out)
    limit = COMMON + 1 + len(leave_out)
    for domain in one.domains:
        ids |= _rare(_at_domain(conn, "org", domain, limit) - set(leave_out))
    ids |= _titled(conn, one.name, leave_out)
    return _scored(conn, "org", one, ids - set(leave_out))


def _titled(conn: sqlite3.Connection, name: str, leave_out: Collection[int]) -> set[int]:
    """Give the orgs called the same, or in whose names a part of a name stands."""
    limit = COMMON + 1 + len(leave_out)

    def called(low: str, high: str) -> set[int]:
        rows = conn.execute(sql.ORGS_CALLED, {"low": low, "high": high, "limit": limit})
        return _rare({row[0] for row in rows} - set(leave_out))

    whole = rules.core(name)
    ids = called(name, name) | called(rules.spelled(whole), rules.spelled(whole))
    for part in rules.parts(whole):
        text = rules.spelled(part)
        found = _written(conn, "org", text, limit, "title") - set(leave_out)
        if len(found) <= COMMON:
            # What this unit of work added is not in the full-text index yet.
            ids |= found | called(text, text + LAST)
    return ids


def _holders(
    conn: sqlite3.Connection, noun: str, one: Traits, leave_out: Collection[int]
) -> tuple[Traits, set[int]]:
    """Give a record without the ways that too many others share, and who shares the rest."""
    ids: set[int] = set()
    kept: dict[str, set[str]] = {kind: set() for kind in KINDS}
    limit = COMMON + 1 + len(leave_out)
    for kind, keys in zip(KINDS, (one.emails, one.phones), strict=True):
        for key in keys:
            norm = key.partition(";")[0]
            values = {"kind": kind, "value_norm": norm, "limit": limit}
            rows = conn.execute(sql.HOLDERS[noun], values)
            found = {id for id, extension in rows if way(norm, extension) == key}
            found -= set(leave_out)
            if len(found) <= COMMON:
                ids |= found
                kept[kind].add(key)
    emails, phones = (frozenset(kept[kind]) for kind in KINDS)
    return one._replace(emails=emails, phones=phones), ids


def _near_colleagues(
    conn: sqlite3.Connection, org_id: int, name: str, leave_out: Collection[int]
) -> set[int]:
    """Give who works at an org under a name near to one."""
    most = TEAM + 1
    rows = conn.execute(sql.COLLEAGUES, {"org_id": org_id, "limit": most}).fetchall()
    if len(rows) == most:
        values = {"org_id": org_id, "name_norm": name, "limit": COMMON + 1 + len(leave_out)}
        rows = conn.execute(sql.NAMESAKES, values).fetchall()
    return {id for id, other in rows if id not in leave_out and rules.are_alike(name, other)}


def _written(
    conn: sqlite3.Connection, noun: str, text: str, limit: int, column: str = ""
) -> set[int]:
    """Give the living records of a noun that hold words side by side, `limit` at most."""
    phrase = words_query(fold(text), is_phrase=True)[0].rstrip("*")
    if not phrase:
        return set()
    first, last = doc_range([noun])
    query = f"{column} : {phrase}" if column else phrase
    values = {"query": query, "first": first, "last": last, "limit": limit}
    return {row[0] for row in conn.execute(sql.WRITTEN, values)}


def _rare(ids: set[int]) -> set[int]:
    """Give what a criterion matched; nothing when it matches too many to tell anything."""
    return ids if len(ids) <= COMMON else set()


def _scored(
    conn: sqlite3.Connection, noun: str, one: Traits, ids: Collection[int]
) -> dict[int, Score]:
    """Give the scores of candidates that are high enough, the highest first."""
    others = traits(conn, noun, ids)
    score = _scorer(conn, noun)
    found = {id: score(one, other) for id, other in others.items()}
    likest = sorted(found, key=lambda id: (-found[id].points, id))
    return {id: found[id] for id in likest if found[id].points >= QUEUE}


def _scorer(conn: sqlite3.Connection, noun: str) -> Callable[[Traits, Traits], Score]:
    """Give the function that scores two records of a noun."""
    score = rules.score_contacts if noun == "contact" else rules.score_orgs

    @cache
    def is_common(domain: str) -> bool:
        return len(_at_domain(conn, noun, domain, COMMON + 2)) > COMMON + 1

    return lambda one, other: score(one, other, is_common)


def _at_domain(conn: sqlite3.Connection, noun: str, domain: str, limit: int) -> set[int]:
    """Give the living records of a noun that are at a domain, about `limit` at most."""
    found = _written(conn, noun, domain, limit)
    if noun == "org":
        rows = conn.execute(sql.ORGS_AT, {"domain": domain, "limit": limit})
        found.update(row[0] for row in rows)
    return found


def traits(conn: sqlite3.Connection, noun: str, ids: Iterable[int]) -> dict[int, Traits]:
    """Give what the living ones of some records are compared by."""
    found: dict[int, Traits] = {}
    for chunk in chunks(ids):
        emails: dict[int, set[str]] = defaultdict(set)
        phones: dict[int, set[str]] = defaultdict(set)
        for row in fetch_ids(conn, sql.WAYS[noun], chunk):
            ways = emails if row["kind"] == "email" else phones
            if rules.tells(row["kind"], row["value_norm"]):
                ways[row["id"]].add(way(row["value_norm"], row["extension"]))
        more = _people(conn, chunk) if noun == "contact" else _orgs(conn, chunk)
        for id, one in more.items():
            found[id] = one._replace(emails=frozenset(emails[id]), phones=frozenset(phones[id]))
    return found


def _people(conn: sqlite3.Connection, ids: Sequence[int]) -> dict[int, Traits]:
    jobs = grouped(conn, sql.JOBS, ids, "id")
    born = {
        row["id"]: (row["year"], row["month"], row["day"])
        for row in fetch_ids(conn, sql.BIRTHDAYS, ids)
    }
    return {
        row["id"]: Traits(
            row["name_norm"],
            orgs=frozenset(job["org_id"] for job in jobs.get(row["id"], ())),
            birthday=born.get(row["id"]),
        )
        for row in fetch_ids(conn, sql.PEOPLE, ids)
    }


def _orgs(conn: sqlite3.Connection, ids: Sequence[int]) -> dict[int, Traits]:
    return {
        row["id"]: Traits(row["name_norm"], domain=row["domain"])
        for row in fetch_ids(conn, sql.ORGS, ids)
    }


def way(norm: str, extension: str | None) -> str:
    """Give an e-mail or a phone as it is compared: another extension is another phone."""
    return f"{norm};{extension}" if extension else norm


# All records


def pairs(conn: sqlite3.Connection, noun: str, since: int | None = None) -> list[Pair]:
    """Give the pairs that look alike, the likest first; those kept separate are left out.

    Only pairs that can score enough are looked at: who shares an e-mail or a phone, colleagues
    whose names are near one another, orgs with one domain or with names of one core.

    Args:
        conn: a reading connection, or that of a unit of work.
        noun: contact or org.
        since: only pairs with a record whose id is not below this one.
    """
    (newest,) = conn.execute(sql.NEWEST[noun]).fetchone()
    if (since or 0) > (newest or 0):
        return []
    couples, common = _shared(conn, noun, since)
    couples |= _alike(conn, since) if noun == "contact" else _org_couples(conn)
    couples = {couple for couple in couples if couple[1] >= (since or 0)}
    couples -= {(one, other) for one, other in conn.execute(sql.KEPT[noun])}
    score = _scorer(conn, noun)
    found = []
    ordered = sorted(couples)
    for start in range(0, len(ordered), BATCH):
        batch = ordered[start : start + BATCH]
        known = {
            id: _without(one, common)
            for id, one in traits(conn, noun, {id for couple in batch for id in couple}).items()
        }
        scored = (
            Pair(one, other, score(known[one], known[other]))
            for one, other in batch
            if one in known and other in known  # somebody may have removed one meanwhile
        )
        found += [pair for pair in scored if pair.score.points >= QUEUE]
    return sorted(found, key=lambda pair: (-pair.score.points, pair.one, pair.other))


def _shared(
    conn: sqlite3.Connection, noun: str, since: int | None
) -> tuple[set[Couple], frozenset[str]]:
    """Give the couples that share an e-mail or a phone, and what too many share."""
    couples: set[Couple] = set()
    common: set[str] = set()
    query = sql.ALL_SHARED[noun] if since is None else sql.SHARED_SINCE[noun]
    for kind in KINDS:
        rows = conn.execute(query, {"kind": kind, "since": since})
        for norm, same in groupby(rows, key=lambda row: row[0]):
            if not rules.tells(kind, norm):
                continue
            holders: dict[str, set[int]] = defaultdict(set)
            for _, extension, id in same:
                holders[way(norm, extension)].add(id)
            for key, ids in holders.items():
                if len(ids) > COMMON + 1:
                    common.add(key)
                else:
                    couples.update(combinations(sorted(ids), 2))
    return couples, frozenset(common)


def _without(one: Traits, common: frozenset[str]) -> Traits:
    """Give a record without what too many share."""
    if common.isdisjoint(one.emails) and common.isdisjoint(one.phones):
        return one
    return one._replace(emails=one.emails - common, phones=one.phones - common)


def _alike(conn: sqlite3.Connection, since: int | None) -> set[Couple]:
    """Give the colleagues whose names are near one another."""
    rows = conn.execute(sql.ALL_TEAMS if since is None else sql.TEAMS_SINCE, {"since": since})
    found: set[Couple] = set()
    for _, members in groupby(rows, key=lambda row: row[0]):
        team = list({id: name for _, id, name in members}.items())  # once, with two jobs too
        near = list(_of_team(team, since or 0))
        counts = Counter(id for couple in near for id in couple)
        found.update(couple for couple in near if all(counts[id] <= COMMON for id in couple))
    return found


def _of_team(team: list[tuple[int, str]], since: int) -> Iterator[Couple]:
    if len(team) <= TEAM:
        yield from rules.alike_among(team, since)
        return
    names: dict[str, list[int]] = defaultdict(list)
    for id, name in team:
        names[name].append(id)
    for ids in names.values():
        if len(ids) <= COMMON + 1:
            yield from combinations(ids, 2)


def _org_couples(conn: sqlite3.Connection) -> set[Couple]:
    """Give the orgs with one domain, with one name, or one name in the other."""
    domains: dict[str, list[int]] = defaultdict(list)
    spelled: dict[str, list[int]] = defaultdict(list)
    cores: dict[tuple[str, ...], list[int]] = defaultdict(list)
    for id, one in traits(conn, "org", (row[0] for row in conn.execute(sql.ALL_ORGS))).items():
        for domain in one.domains:
            domains[domain].append(id)
        name = rules.core(one.name)
        spelled["".join(name)].append(id)
        cores[name].append(id)
    found: set[Couple] = set()
    for ids in (*domains.values(), *spelled.values()):
        if len(ids) <= COMMON + 1:
            found.update(combinations(ids, 2))
    for part, wholes in _containing(cores).items():
        if len(cores[part]) + len(wholes) <= COMMON + 1:
            found.update(
                (min(one, other), max(one, other)) for one in cores[part] for other in wholes
            )
    return found


def _containing(cores: dict[tuple[str, ...], list[int]]) -> dict[tuple[str, ...], list[int]]:
    """Give the orgs in whose names a whole name stands, by that name."""
    found: dict[tuple[str, ...], list[int]] = defaultdict(list)
    for name, ids in cores.items():
        for part in set(rules.parts(name)):
            if part in cores and part != name:
                found[part] += ids
    return found


# Merging


def weights(conn: sqlite3.Connection, noun: str, ids: Iterable[int]) -> dict[int, int]:
    """Give how much was done with records: interactions, and the people of an org."""
    found: dict[int, int] = {}
    for chunk in chunks(ids):
        rows = fetch_ids(conn, sql.WEIGHTS[noun], chunk)
        found.update((row["id"], row["weight"]) for row in rows)
    return found


def by_weight(ids: Iterable[int], weights: Mapping[int, int]) -> Group:
    """Give ids with the one first that stays: with whom more was done, else the older."""
    return tuple(sorted(ids, key=lambda id: (-weights.get(id, 0), id)))


def groups(conn: sqlite3.Connection, noun: str, pairs: Iterable[Pair]) -> list[Group]:
    """Give who is one after all pairs are merged; two kept separate never come together."""
    kept = {frozenset(row) for row in conn.execute(sql.KEPT[noun])}
    found: dict[int, set[int]] = {}
    for pair in pairs:
        one, other = (found.get(id, {id}) for id in (pair.one, pair.other))
        if one is other or any(frozenset(two) in kept for two in product(one, other)):
            continue
        joined = one | other
        found.update(dict.fromkeys(joined, joined))
    heavy = weights(conn, noun, found)
    return sorted({by_weight(ids, heavy) for ids in found.values()})


def merge_all(
    w: Unit, noun: str, groups: Iterable[Group]
) -> tuple[list[Group], list[tuple[Group, str]]]:
    """Merge each group into its first record; give what was merged, and what could not be and why.

    A group that cannot be merged is left as it was; the others are merged all the same.
    """
    from crmcli.store.merge import merge

    merged: list[Group] = []
    refused: list[tuple[Group, str]] = []
    for group in groups:
        w.begin_group()
        w.conn.execute(sql.TRY)
        try:
            for id in group[1:]:
                merge(w, noun, group[0], id, {})
            merged.append(group)
        except CrmError as error:
            w.conn.execute(sql.GIVE_UP)
            refused.append((group, error.message))
        w.conn.execute(sql.GO_ON)
    if not merged:
        w.forget_group()
    return merged, refused


# Kept separate


def separate_from(conn: sqlite3.Connection, noun: str, id: int) -> set[int]:
    """Give which records somebody said are not the same as one."""
    return {row[0] for row in conn.execute(sql.KEPT_FROM[noun], {"id": id})}


def keep_separate(w: Unit, noun: str, one: int, other: int) -> bool:
    """Remember for ever that two records are not the same; False when that is known."""
    if other in separate_from(w.conn, noun, one):
        return False
    values = {f"{noun}_id": min(one, other), f"other_{noun}_id": max(one, other)}
    w.insert("kept_separate", **values, at=w.now)
    return True
