"""Filters as SQL: a tree and a noun become a condition with bound values, and words that tell it.

Where an index knows a rare term (at most RARE rows), its ids come first and nothing else is read.
Else the condition is checked along the order's index: for a first page row by row, so that it ends
soon for a common tag; where all is read, or the term is not that common (at most MANY rows), its
ids become a set that rows are looked up in. How many rows a term has is counted, up to there, when
the filter is compiled.
"""

import re
import sqlite3
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from crmcli.errors import UsageError
from crmcli.i18n import tr
from crmcli.rules import filter as rules
from crmcli.rules.filter import (
    Absent,
    And,
    Field,
    FilterError,
    Node,
    Not,
    Or,
    Present,
    Range,
    Tag,
    Value,
    View,
    Words,
)
from crmcli.store import dialect
from crmcli.store.fields import PROPERTIES, SYNONYMS, WAYS, Property, Via
from crmcli.store.kinds import KINDS, Binder, Condition, Scope, like, near
from crmcli.store.rows import Where, doc_range, fetch
from crmcli.store.sql import filter as sql
from crmcli.text import clean, fold, spaced

RARE = 5_000
MANY = 100_000
DEEPEST = 3  # ways from one record to the next
# Of open tasks there are few, in an index of their own.
_LIVING = re.compile(r"((?:contact|org|interaction)\.archived_at IS NULL)")
PARTIES = ("contact", "org")  # which have phones, own fields, and names to look inside of

__all__ = ["Filter", "Scope", "compile", "custom_order", "describe", "tree"]


@dataclass(frozen=True, slots=True)
class Term:
    """A compiled part of a filter.

    Args:
        check: the condition on a row.
        says: in words; of several parts, how they belong together.
        kind: all, any, not or view; empty for one that has no parts.
        parts: what it is made of.
        search: the query for the same ids by an index; "" when only reading all would do.
        is_quick: `search` reads no more than it gives.
        hangs: it asks for other rows than the record's own.
        probe: the condition on one row, where `check` is made for many.
    """

    check: str
    says: str
    kind: str = ""
    parts: "tuple[Term, ...]" = ()
    search: str = ""
    is_quick: bool = False
    hangs: bool = False
    probe: str = ""


@dataclass(frozen=True, slots=True)
class Filter:
    """A compiled filter: what is asked of the database, and what it says."""

    noun: str
    where: Where
    root: Term
    unknown: tuple[str, ...] = ()  # what is said about tags and people that there are not


def compile(
    node: Node,
    noun: str,
    scope: Scope,
    *,
    order: str = "",
    opened: str = "",
    page: bool = False,
) -> Filter:
    """Compile a tree.

    Args:
        node: the tree.
        noun: of which records.
        scope: what words like `me` and `today` mean.
        order: the column the list is ordered by, whose index may serve.
        opened: the folded name of the view that is being saved, which may not lead to itself.
        page: only the first rows will be read, not all that it selects.

    Raises:
        FilterError: an unknown field, a bad value, an unknown view; the place is named.
    """
    compiler = _Compiler(scope, noun, order, page)
    root = compiler.term(node, noun, (opened,) if opened else ())
    conditions = compiler.narrowed(root)
    return Filter(
        noun, Where(" AND ".join(conditions), compiler.values), root, tuple(compiler.unknown)
    )


def describe(term: Term, indent: str = "") -> Iterator[str]:
    """Give the lines that tell a filter, the parts of a term below it."""
    yield f"{indent}{term.says}"
    for part in term.parts:
        yield from describe(part, indent + "  ")


def tree(term: Term) -> Any:
    """Give a filter as JSON: a text, or `{"all of": […]}`."""
    return {term.says: [tree(part) for part in term.parts]} if term.parts else term.says


def custom_order(
    conn: sqlite3.Connection, noun: str, key: str
) -> tuple[str, dict[str, str]] | None:
    """Give the order by an own field, with `{way}` to fill, and its values; None for no field."""
    key = key.removeprefix("custom.")
    kind = own_type(conn, noun, key)
    if kind is None:
        return None
    path = dialect.custom_path(key)
    value = dialect.custom_value(noun, ":order_path")
    if kind == "money":  # amounts of two currencies cannot be compared
        currency = dialect.custom_value(noun, ":currency_path")
        order = f"{currency} {{way}} NULLS LAST, {value} {{way}} NULLS LAST, id {{way}}"
        return order, {"order_path": f"{path}.minor", "currency_path": f"{path}.currency"}
    value = value if kind in ("number", "bool") else f"fold({value})"
    return f"{value} {{way}} NULLS LAST, id {{way}}", {"order_path": path}


def own_type(conn: sqlite3.Connection, noun: str, key: str) -> str | None:
    """Give the type of an own field: text for a key that is merely in use; None for no field."""
    if noun not in PARTIES or not key.replace("_", "x").isalnum():
        return None
    for row in fetch(conn, sql.FIELD, noun=noun, key=key):
        return str(row["type"])
    query = dialect.CUSTOM_USED.format(noun=noun)
    return "text" if fetch(conn, query, path=dialect.custom_path(key)) else None


def own_names(conn: sqlite3.Connection, noun: str) -> list[str]:
    """Give the keys of own fields, for a hint."""
    used = conn.execute(dialect.CUSTOM_KEYS.format(noun=noun)) if noun in PARTIES else ()
    return [*(row[0] for row in used), *(row["key"] for row in fetch(conn, sql.FIELDS, noun=noun))]


def tag_names(conn: sqlite3.Connection) -> list[str]:
    """Give the names of all tags."""
    return [row["name"] for row in fetch(conn, sql.TAGS)]


def user_names(conn: sqlite3.Connection) -> list[str]:
    """Give the names of all who own or write records."""
    return [row["name"] for row in fetch(conn, sql.USERS)]


class _Compiler(Binder):
    """Turns nodes into terms."""

    def __init__(self, scope: Scope, noun: str, order: str, page: bool) -> None:
        super().__init__(scope)
        self.noun = noun
        self.order = order
        self.page = page
        self.size = 0

    # Nodes

    def term(self, node: Node, noun: str, opened: tuple[str, ...]) -> Term:
        """Compile a node; `opened` are the views it stands in."""
        if isinstance(node, And | Or):
            parts = tuple(self.term(part, noun, opened) for part in node.terms)
            joined, kind = (" AND ", "all") if isinstance(node, And) else (" OR ", "any")
            check = joined.join(part.check for part in parts)
            return Term(f"({check})", f"{kind} of", kind, parts)
        if isinstance(node, Not):
            part = self.term(node.term, noun, opened)
            return Term(f"({part.check}) IS NOT TRUE", "not", "not", (part,))
        self.size += 1
        if self.size > rules.MOST:
            raise rules.too_large(node.at)
        if isinstance(node, View):
            return self.view(node, noun, opened)
        if isinstance(node, Words):
            return self.words(node, noun)
        if isinstance(node, Tag):
            node = Field("tag", ":", (Value(node.name, node.at),), node.at)
        return self.field(node, noun, node.path.split("."))

    def view(self, node: View, noun: str, opened: tuple[str, ...]) -> Term:
        """Compile a saved filter where its name stands."""
        from crmcli.store.view import find_view, view_names

        name = fold(node.name)
        view = find_view(self.scope.conn, name)
        if name in opened:
            raise FilterError(tr("the view {name!r} leads to itself", name=node.name), "", node.at)
        if view is None:
            hint = near(name, view_names(self.scope.conn)) or tr("`crm view list` shows them")
            raise FilterError(tr("no view {name!r}", name=node.name), hint, node.at)
        if view.noun != noun:
            nouns = {"nouns": tr(f"{view.noun}s"), "others": tr(f"{noun}s")}
            what = tr("the view {name!r} is of {nouns}, not of {others}", name=node.name, **nouns)
            raise FilterError(what, tr("such as `crm view show {name}`", name=view.name), node.at)
        part = self.term(rules.parse(view.filter), noun, (*opened, name))
        return Term(part.check, f"@{view.name}", "view", (part,))

    def words(self, node: Words, noun: str) -> Term:
        """Find text as `crm find` does: inside words only when no word begins like it."""
        folded = fold(clean(node.text))
        if not folded:
            raise FilterError(tr("there is nothing to look for"), "", node.at)
        says = f"has {node.text!r}"
        words, numbers = self.match(folded, noun, is_phrase=" " in node.text.strip())
        select = " UNION ALL ".join(filter(None, (words, numbers)))
        is_quick = bool(words) and not numbers
        if noun in PARTIES and (not select or not self.ids(select, 1)):
            infix = {**_texts_of(noun), ":pattern": like(spaced(folded))}
            select, is_quick = self.filled(sql.INFIX, infix), False
        select = select or self.living(noun, "0")
        first = self.bind(doc_range([noun])[0])
        probe = f"EXISTS ({words} AND search_text.rowid = {noun}.id + {first})" if is_quick else ""
        check = f"{noun}.id IN ({select})"
        return Term(check, says, search=select, is_quick=is_quick, hangs=True, probe=probe)

    def match(self, folded: str, noun: str, *, is_phrase: bool) -> tuple[str, str]:
        """Give the queries for what holds words, and for a part of a number; "" for none."""
        from crmcli.store.search import words_query
        from crmcli.store.terms import phone_part

        query, runs = words_query(folded, is_phrase=is_phrase)
        words = self.filled(sql.MATCH, {**_texts_of(noun), ":query": query}) if query else ""
        for run in runs:
            held = "(search_text.title || '  ' || search_text.body)"
            words += f" AND {held} LIKE {self.bind(like(run))} ESCAPE '\\'"
        digits = phone_part(folded)
        if noun in PARTIES and digits and (via := PROPERTIES[noun]["phone"].via):
            number = self.bind(like(digits))
            return words, f"{via.select} AND channel.value_norm LIKE {number}"
        return words, ""

    def filled(self, query: str, values: Mapping[str, Any]) -> str:
        """Give a named constant with parameters of this statement."""
        for name, value in values.items():
            query = query.replace(name, self.bind(value))
        return query

    # Fields

    def field(self, node: Field, noun: str, path: list[str], depth: int = 0) -> Term:
        """Compile a field, on the record itself or on the way to others."""
        name = SYNONYMS[noun].get(path[0], path[0])
        if len(path) == 1:
            return self.leaf(node, noun, self.property(node, noun, name), is_inner=depth > 0)
        if name == "custom" and len(path) == 2:
            own = self.own(noun, path[1])
            if own is None:
                hint = near(path[1], own_names(self.scope.conn, noun))
                raise FilterError(
                    tr("no own field {name!r} of {nouns}", name=path[1], nouns=tr(f"{noun}s")),
                    hint,
                    node.at,
                )
            return self.leaf(node, noun, own, is_inner=depth > 0)
        if name not in WAYS[noun] or depth == DEEPEST:
            hint = near(name, list(WAYS[noun]))
            raise FilterError(
                tr("no way {name!r} from {nouns}", name=path[0], nouns=tr(f"{noun}s")),
                hint,
                node.at,
            )
        target, via = WAYS[noun][name]
        inner = self.field(node, target, path[1:], depth + 1)
        return self.hung(via, inner.check, noun, f"{name}.{inner.says}", inner.is_quick)

    def property(self, node: Field, noun: str, name: str) -> Property:
        if known := PROPERTIES[noun].get(name) or self.own(noun, name):
            return known
        names = [*PROPERTIES[noun], *SYNONYMS[noun], *own_names(self.scope.conn, noun)]
        hint = near(name, names) or tr("put it in quotes to look for the text")
        raise FilterError(
            tr("no field {name!r} of {nouns}", name=name, nouns=tr(f"{noun}s")), hint, node.at
        )

    def own(self, noun: str, key: str) -> Property | None:
        """Give the property that an own field is; None when there is none."""
        kind = own_type(self.scope.conn, noun, key)
        if kind is None:
            return None
        path = dialect.custom_path(key)
        if kind == "money":
            minor, currency = (
                dialect.custom_value(noun, self.bind(f"{path}.{part}"))
                for part in ("minor", "currency")
            )
            return Property("money", minor, currency=currency)
        items = Via(dialect.custom_items(noun, self.bind(path)))
        columns = {"number": dialect.NUMBER_ITEM, "date": "item.value", "bool": "item.value"}
        return Property(
            kind if kind in columns else "text", columns.get(kind, "fold(item.value)"), items
        )

    def leaf(self, node: Field, noun: str, p: Property, *, is_inner: bool) -> Term:
        """Compile the values behind a field; one of them must fit.

        The record's own indexed columns are checked only: what drives is the index of the order
        or of the first rare term. An inner record may be looked up by any.
        """
        is_checked = p.indexed and not is_inner and p.column != self.order
        column = dialect.unindexed(p.column) if is_checked else p.column
        conditions = [self.read(node, p, value) for value in node.values]
        found = [c.sql for c in conditions if c is not None]
        says = f"{node.path.split('.')[-1]} " + " or ".join(
            "is empty" if c is None else c.says for c in conditions
        )
        test = f"({' OR '.join(found)})" if found else ""
        if p.via:
            is_quick = p.kind not in ("text", "phone", "email")
            term = self.hung(p.via, test.replace("{column}", p.column), noun, says, is_quick)
            if None not in conditions:
                return term
            there = self.hung(p.via, f"{p.column} IS NOT NULL", noun, "")
            either = f"NOT {there.check}" + (f" OR {term.check}" if test else "")
            return Term(f"({either})", says)
        if None in conditions:
            test = f"({test} OR {{column}} IS NULL)" if test else "({column} IS NULL)"
        search = self.living(noun, test.replace("{column}", p.column)) if p.indexed else ""
        check = test.replace("{column}", column)
        return Term(check, says, search=search, is_quick=p.indexed)

    def read(self, node: Field, p: Property, value: rules.Operand) -> Condition | None:
        """Give the condition of one value; None for `none`.

        Raises:
            FilterError: the value cannot be read.
        """
        if isinstance(value, Absent):
            return None
        if isinstance(value, Present):
            return Condition("{column} IS NOT NULL", "is there")
        assert isinstance(value, Value | Range)
        try:
            return KINDS[p.kind](self, p, node.op, value)
        except UsageError as error:
            message = f"{node.path}: {error.message}"
            raise FilterError(message, error.hint, value.at) from None

    # Queries

    def hung(self, via: Via, test: str, noun: str, says: str, is_quick: bool = False) -> Term:
        """Give the term that asks for a row that hangs on the record."""
        more = f" AND {test}" if test else ""
        link = f" AND {via.inner} = {via.outer}" if via.inner else ""
        check = f"EXISTS ({via.select}{link}{more})"
        if not via.inner:
            return Term(check, says)
        rows = via.search or via.select
        if not is_quick:  # all will be read, and better one after the other
            rows = _LIVING.sub(dialect.unindexed(r"\1"), rows)
        search = f"{rows}{more}"
        if via.outer != f"{noun}.id":
            search = self.living(noun, f"{via.outer} IN ({search})")
        return Term(check, says, search=search, is_quick=is_quick, hangs=True)

    def living(self, noun: str, test: str) -> str:
        return f"SELECT {noun}.id FROM {noun} WHERE {noun}.archived_at IS NULL AND {test}"

    def narrowed(self, root: Term) -> list[str]:
        """Give the conditions of a filter; the ids of its first rare term stand in front."""
        parts = tuple(_together(root))
        for part in sorted(parts, key=lambda part: not part.is_quick):
            ids = self.rare(part)
            if ids is not None:
                listed = dialect.id_list(self.bind(str(sorted(ids))))
                rest = [other.probe or other.check for other in parts if other is not part]
                return [f"{self.noun}.id IN ({listed})", *rest]
        return [self.checked(part) for part in parts]

    def checked(self, part: Term) -> str:
        """Give the condition of a term that is not rare: by a set of its ids, or row by row."""
        row_by_row = part.probe or part.check
        if not (part.hangs and part.search and self.noun in PARTIES):
            return row_by_row
        if not self.page or (part.is_quick and self.count(part.search, MANY + 1) <= MANY):
            return f"{dialect.unindexed(self.noun)}.id IN ({part.search})"
        return row_by_row

    def count(self, select: str, most: int) -> int:
        """Count the rows of a query, up to so many."""
        query = f"SELECT count(*) FROM (SELECT 1 FROM ({select}) LIMIT {most})"
        return int(self.scope.conn.execute(query, self.values).fetchone()[0])

    def rare(self, term: Term) -> set[int] | None:
        """Give the ids of a term that has few; None when it has many."""
        if term.search:
            rows = self.ids(term.search, RARE + 1)  # some may be named twice
            return set(rows) if len(rows) <= RARE else None
        if term.kind == "view":
            return self.rare(term.parts[0])
        if term.kind != "any":
            return None
        found: set[int] = set()
        for part in term.parts:
            ids = self.rare(part)
            if ids is None:
                return None
            found |= ids
        return found

    def ids(self, select: str, most: int) -> list[int]:
        """Give the first ids of a query."""
        query = f"SELECT * FROM ({select}) LIMIT {most}"
        return [row[0] or 0 for row in self.scope.conn.execute(query, self.values)]


def _together(term: Term) -> Iterator[Term]:
    """Give the terms that must all hold."""
    if term.kind in ("all", "view"):
        for part in term.parts:
            yield from _together(part)
    else:
        yield term


def _texts_of(noun: str) -> dict[str, int]:
    """Give the range of ids of a noun's search texts, as parameters."""
    first, last = doc_range([noun])
    return {":first": first, ":last": last}
