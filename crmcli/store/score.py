"""Score rules, and the scores that follow from them: worked out when asked, never stored.

Many people are scored in sets: one statement per rule, however many they are.
"""

import sqlite3
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import replace
from datetime import datetime, time, timedelta
from difflib import get_close_matches

from crmcli.clock import Clock, stamp
from crmcli.columns import Column
from crmcli.errors import ConflictError, NotFoundError, UsageError
from crmcli.i18n import tr
from crmcli.rules.filter import parse
from crmcli.rules.score import LONGEST_DECAY, NOUNS, Rule, RuleDraft, Score, Term
from crmcli.store import dialect
from crmcli.store.filter import Filter, compile
from crmcli.store.kinds import Scope
from crmcli.store.rows import Row, fetch
from crmcli.store.sql import score as sql
from crmcli.store.unit import Unit
from crmcli.text import fold

FEW = 2_000  # people whose interactions are looked up one by one
RULE_COLUMNS = (
    Column("id", "Id", "id"),
    Column("dimension", "For"),
    Column("label", "Rule"),
    Column("filter", "Filter"),
    Column("points", "Points", "number"),
    Column("max_count", "Max", "number"),
    Column("decay_days", "Fades in", "number"),
)
COLUMNS = (
    Column("id", "Id", "id"),
    Column("handle", "Handle", wide=True),
    Column("name", "Name"),
    Column("org", "Org", "who"),
    Column("score", "Score", "number"),
    Column("grade", "Grade"),
    Column("fit", "Fit", "number"),
    Column("engagement", "Engagement", "number"),
)


def list_rules(conn: sqlite3.Connection) -> list[Rule]:
    """Give the rules: those of fit, then those of engagement, in the order they were made."""
    return [Rule(**row) for row in fetch(conn, sql.RULES)]


def rule_json(rule: Rule) -> Row:
    """Give a rule under its names in JSON."""
    return {column.key: getattr(rule, column.key) for column in RULE_COLUMNS}


def find_rule(conn: sqlite3.Connection, name: str) -> Rule:
    """Give the rule of an id, a label, or the beginning of one.

    Raises:
        NotFoundError: there is none such; the hint names the nearest.
        ConflictError: the beginning fits several.
    """
    known, folded = list_rules(conn), fold(name)
    found = [rule for rule in known if folded in (str(rule.id), fold(rule.label))]
    found = found or [rule for rule in known if folded and fold(rule.label).startswith(folded)]
    if len(found) == 1:
        return found[0]
    if found:
        shown = ", ".join(rule.label for rule in found)
        raise ConflictError(
            tr("{name!r} may be {shown}", name=name, shown=shown), tr("write more of it")
        )
    labels = {fold(rule.label): rule.label for rule in known}
    near = get_close_matches(folded, labels, 1)
    hint = tr("did you mean {name}?", name=labels[near[0]]) if near else ""
    raise NotFoundError(
        tr("there is no score rule {name!r}", name=name), hint or tr("`crm score rule` lists them")
    )


def add_rule(w: Unit, draft: RuleDraft) -> int:
    """Store a rule; give its id.

    Raises:
        ConflictError: there is one of this label.
    """
    _refuse_twin(w, draft.values)
    return w.insert("score_rule", **draft.values)


def edit_rule(w: Unit, id: int, draft: RuleDraft) -> bool:
    """Change a rule to what a draft says.

    Raises:
        ConflictError: another one has the label.
    """
    _refuse_twin(w, draft.values, id)
    return w.update("score_rule", id, **draft.values)


def _refuse_twin(w: Unit, values: Row, id: int | None = None) -> None:
    row = w.one(sql.BY_LABEL, label_norm=values["label_norm"])
    if row and row["id"] != id:
        raise ConflictError(
            tr("there is a score rule {name} already", name=values["label"]),
            tr("give another --label"),
        )


def compiled(scope: Scope, dimension: str, filter: str) -> Filter:
    """Give the filter of a rule, compiled.

    Raises:
        UsageError: it cannot be read, or asks for scores.
    """
    return compile(parse(filter), NOUNS[dimension], replace(scope, is_rule=True))


def totals(scope: Scope) -> dict[int, int]:
    """Give the score of every living contact."""
    found = scores(scope)
    rows = scope.conn.execute(sql.ALL_CONTACTS)
    return {id: found[id].total if id in found else 0 for (id,) in rows}


def scores(scope: Scope, ids: Collection[int] | None = None) -> Mapping[int, Score]:
    """Give the scores of contacts; who has no term is left out.

    Args:
        scope: what the filters of the rules are read against.
        ids: of the contacts; None for everybody.

    Raises:
        UsageError: the filter of a rule cannot be read any more; the rule is named.
    """
    terms: dict[int, list[Term]] = defaultdict(list)
    for rule in list_rules(scope.conn):
        for id, ages in _selected(scope, rule, ids).items():
            terms[id].append(Term(rule, tuple(ages)))
    wanted = None if ids is None else set(ids)
    return {id: Score(tuple(of)) for id, of in terms.items() if wanted is None or id in wanted}


def _selected(scope: Scope, rule: Rule, ids: Collection[int] | None) -> dict[int, list[int]]:
    """Give whom a rule selects, with the ages in days of what counts."""
    try:
        where = compiled(scope, rule.dimension, rule.filter).where
    except UsageError as error:
        raise UsageError(
            tr("score rule {name}: {reason}", name=rule.label, reason=error.message),
            tr("`crm score rule edit {id} --filter FILTER` mends it", id=rule.id),
        ) from None
    is_few = ids is not None and (rule.dimension == "fit" or len(ids) <= FEW)
    values: Row = {**where.values, **({"ids": str(sorted(ids or ()))} if is_few else {})}
    some = dialect.id_list(":ids")
    if rule.dimension == "fit":
        more = sql.FIT_SOME.format(ids=some) if is_few else ""
        rows = scope.conn.execute(sql.FIT.format(some=more, where=where.sql), values)
        return {id: [0] for (id,) in rows}
    query = sql.ENGAGEMENT_SOME if is_few else sql.ENGAGEMENT
    age = _Ages(scope.clock, rule.decay_days)
    values |= {"most": rule.max_count, "since": age.oldest}
    found: dict[int, list[int]] = defaultdict(list)
    for id, at in scope.conn.execute(query.format(where=where.sql, ids=some), values):
        found[id].append(age.of(at))
    return found


class _Ages:
    """Tells how many calendar days ago an instant was, by looking it up among the midnights.

    Args:
        clock: tells today.
        decay_days: what is older is worth nothing and need not be read.
    """

    def __init__(self, clock: Clock, decay_days: int | None) -> None:
        today = clock.today()
        self.longest = decay_days or LONGEST_DECAY
        days = (today - timedelta(days=back) for back in range(self.longest, -1, -1))
        self.midnights = [stamp(clock.instant(datetime.combine(day, time()))) for day in days]
        self.oldest = self.midnights[0] if decay_days else ""

    def of(self, at: str) -> int:
        """Give the whole days since an instant, at most the longest that are told apart."""
        return min(self.longest, max(0, len(self.midnights) - bisect_right(self.midnights, at)))
