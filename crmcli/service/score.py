"""Scores of people, and the rules they follow from (formulas 4.13)."""

from collections.abc import Mapping, Sequence

from crmcli.context import Context
from crmcli.rules.score import RuleDraft, Score, draft_rule
from crmcli.service import filter as filters
from crmcli.service.record import Record
from crmcli.store import score as store
from crmcli.store.contact import get_contacts
from crmcli.store.rows import ALL, Listing, Where, listed_ids
from crmcli.store.sql import contact as contact_sql
from crmcli.store.unit import Done

NONE = Score()


def add_rule(crm: Context, raw: Record) -> tuple[Done[int], Sequence[str]]:
    """Add a rule; give its id, and what is to be said about its filter.

    Raises:
        InvalidError: a value that is not allowed.
        UsageError: the filter cannot be read.
        ConflictError: there is one of this label.
    """
    draft, unknown = _checked(crm, raw)
    return crm.write("score rule add", lambda w: store.add_rule(w, draft)), unknown


def edit_rule(crm: Context, name: str, raw: Record) -> tuple[Done[bool], int, Sequence[str]]:
    """Change what `raw` says of a rule; give its id, and what is to be said about its filter."""
    rule = store.find_rule(crm.store.reader, name)
    draft, unknown = _checked(crm, {**store.rule_json(rule), **raw})
    done = crm.write("score rule edit", lambda w: store.edit_rule(w, rule.id, draft))
    return done, rule.id, unknown


def remove_rule(crm: Context, name: str) -> Record:
    """Remove a rule; give what it was."""
    rule = store.find_rule(crm.store.reader, name)
    crm.write("score rule rm", lambda w: w.delete("score_rule", rule.id))
    return store.rule_json(rule)


def _checked(crm: Context, raw: Record) -> tuple[RuleDraft, Sequence[str]]:
    draft = draft_rule(raw)
    dimension, filter = draft.values["dimension"], draft.values["filter"]
    return draft, store.compiled(filters.scope(crm), dimension, filter).unknown


def score_of(crm: Context, id: int) -> Score:
    """Give the score of one contact."""
    return of_many(crm, [id]).get(id, NONE)


def of_many(crm: Context, ids: Sequence[int] | None = None) -> Mapping[int, Score]:
    """Give the scores of contacts, of everybody for None; who has no term is left out."""
    return store.scores(filters.scope(crm), ids)


def has_rules(crm: Context) -> bool:
    """Tell whether there is any rule."""
    return bool(store.list_rules(crm.store.reader))


def ranked(
    crm: Context, where: Where | None, sort: str = "-score", limit: int = ALL
) -> list[Record]:
    """Give the contacts of a filter with their scores, in an order.

    Args:
        crm: the run.
        where: the compiled filter; None for everybody.
        sort: score, a key of the contacts' list or an own field; with - descending. Equal scores
            stand by name.
        limit: at most so many.
    """
    by_score = sort.removeprefix("-") == "score"
    listing = Listing(ALL if by_score else limit, "" if by_score else sort, where)
    chunks = listed_ids(crm.store.reader, listing, "contact", contact_sql.LIST, contact_sql.ORDER)
    ids = [id for chunk in chunks for id in chunk]
    scores = of_many(crm, ids)
    if by_score:
        totals = {id: score.total for id, score in scores.items()}
        ids.sort(key=lambda id: totals.get(id, 0), reverse=sort[0] == "-")
        ids = ids if limit == ALL else ids[:limit]
    found: list[Record] = []
    for start in range(0, len(ids), 500):
        people = get_contacts(crm.store.reader, ids[start : start + 500])
        found += [{**one.json(), **scores.get(one.id, NONE).json()} for one in people]
    return found
