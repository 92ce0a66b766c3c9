"""The report of duplicates: its rows, merging what is certain, keeping two apart for ever."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import TYPE_CHECKING

from crmcli.columns import Column
from crmcli.context import Context
from crmcli.errors import InvalidError
from crmcli.i18n import tr
from crmcli.service.record import Record
from crmcli.store import duplicate as store
from crmcli.store.duplicate import Group, Pair
from crmcli.store.search import reference

if TYPE_CHECKING:
    from crmcli.store.unit import Unit

PAGE = 200  # pairs whose records are read at a time
PLACE = {"contact": Column("org", "Org"), "org": Column("domain", "Domain")}


@dataclass(frozen=True, slots=True)
class Plan:
    """What `--auto` would merge.

    Args:
        noun: contact or org.
        groups: who is one, each with the record that stays first.
        pairs: how many pairs these are.
        left: pairs with points enough, but without name or e-mail in common; for a person to see.
    """

    noun: str
    groups: Sequence[Group]
    pairs: int
    left: int


@dataclass(frozen=True, slots=True)
class Outcome:
    """What `--auto` did: who was merged, and who could not be, with the reason of each."""

    merged: Sequence[Group]
    refused: Sequence[tuple[Group, str]]
    group_id: int | None


def columns(noun: str) -> list[Column]:
    """Give the columns of the report on a noun."""
    place = PLACE[noun]
    one = [
        Column("id", "Id", "id"),
        Column("name", "Name"),
        place,
        Column("owner", "Owner", wide=True),
        Column("last_touch", "Last touch", "day", wide=True),
    ]
    other = [
        Column("other_id", "Other", "id"),
        Column("other_name", "Name"),
        Column(f"other_{place.key}", place.title),
        Column("other_owner", "Owner", wide=True),
        Column("other_last_touch", "Last touch", "day", wide=True),
    ]
    handles = [
        Column("handle", "Handle", listed=False),
        Column("other_handle", "Handle", listed=False),
    ]
    return [Column("score", "Score", "number"), *one, *other, Column("reasons", "Why"), *handles]


def pairs(crm: Context, noun: str, least: int) -> list[Pair]:
    """Give the pairs of a noun with so many points at least, the likest first."""
    found = store.pairs(crm.store.reader, noun)
    return [pair for pair in found if pair.score.points >= least]


def rows(crm: Context, noun: str, found: Sequence[Pair]) -> Iterator[Record]:
    """Give pairs as records; the one that a merge would keep comes first."""
    conn = crm.store.reader
    for start in range(0, len(found), PAGE):
        page = found[start : start + PAGE]
        ids = {id for pair in page for id in (pair.one, pair.other)}
        weights = store.weights(conn, noun, ids)
        sides = _sides(crm, noun, ids)
        for pair in page:
            first, second = store.by_weight((pair.one, pair.other), weights)
            yield {
                "score": pair.score.points,
                **sides[first],
                **{f"other_{key}": value for key, value in sides[second].items()},
                "reasons": list(pair.score.reasons),
            }


def _sides(crm: Context, noun: str, ids: Iterable[int]) -> dict[int, Record]:
    """Give what the report says about each record."""
    from crmcli.store import contact, org

    conn = crm.store.reader
    found = {}
    if noun == "contact":
        for one in contact.get_contacts(conn, sorted(ids)):
            place = {"org": one.org, "owner": one.owner, "last_touch": one.last_touch_at}
            found[one.id] = {"id": f"c{one.id}", "handle": one.handle, "name": one.name, **place}
        return found
    for firm in org.get_orgs(conn, sorted(ids)):
        place = {"domain": firm.domain, "owner": firm.owner}
        place["last_touch"] = org.last_touch(conn, firm.id)
        found[firm.id] = {"id": f"o{firm.id}", "handle": firm.handle, "name": firm.name, **place}
    return found


def first_of(crm: Context, noun: str, pair: Pair) -> tuple[int, int]:
    """Give the ids of a pair: the one that a merge keeps, and the one that goes."""
    ids = (pair.one, pair.other)
    first, second = store.by_weight(ids, store.weights(crm.store.reader, noun, ids))
    return first, second


def plan(crm: Context, noun: str, least: int) -> Plan:
    """Give what would be merged without a question: pairs with so many points at least.

    Two people who have neither a name nor an e-mail of their own in common are left: an office's
    mailbox, phone and domain make two colleagues no one person.
    """
    enough = pairs(crm, noun, least)
    certain = [pair for pair in enough if noun == "org" or pair.score.is_personal]
    groups = store.groups(crm.store.reader, noun, certain)
    return Plan(noun, groups, len(certain), len(enough) - len(certain))


def run(crm: Context, planned: Plan, *, dry_run: bool = False) -> Outcome:
    """Merge what was planned, as one group that one undo takes back."""
    if not planned.groups:
        return Outcome((), (), None)
    done = crm.write(
        "dedupe", lambda w: store.merge_all(w, planned.noun, planned.groups), dry_run=dry_run
    )
    merged, refused = done.value
    return Outcome(merged, refused, done.group_id)


def keep_separate(crm: Context, noun: str, ids: Sequence[int]) -> bool:
    """Remember for ever that records are not the same; False when all of that is known.

    Raises:
        InvalidError: fewer than two different records.
    """
    different = list(dict.fromkeys(ids))
    if len(different) < 2:
        raise InvalidError(tr("name two different records"))

    def write(w: "Unit") -> list[bool]:
        return [store.keep_separate(w, noun, *two) for two in combinations(different, 2)]

    return any(crm.write("dedupe separate", write).value)


def refs(noun: str, ids: Iterable[int]) -> list[str]:
    """Give the printed references of records."""
    return [reference((noun, id)) for id in ids]
