"""Filters read, and the condition on the records of a noun that they stand for."""

from collections.abc import Sequence
from dataclasses import dataclass
from importlib import import_module
from typing import TYPE_CHECKING

from crmcli.context import Context
from crmcli.errors import UsageError
from crmcli.i18n import tr
from crmcli.service.record import own_columns
from crmcli.store import rows
from crmcli.store.rows import Where

if TYPE_CHECKING:
    from crmcli.rules.filter import Node
    from crmcli.store.filter import Filter
    from crmcli.store.kinds import Scope


@dataclass(frozen=True, slots=True)
class Chosen:
    """What a filter selects.

    Args:
        where: the condition; None for every record.
        unknown: sentences about tags and people in it that there are not.
    """

    where: Where | None
    unknown: Sequence[str] = ()


def read(terms: Sequence[str] | None, where: str | None, *added: "Node | None") -> "Node | None":
    """Give the tree of filter terms, of `--where` and of options; None when there is no filter."""
    if not terms and not where and not any(added):
        return None
    from crmcli.rules.filter import both, parse, parse_words

    return both(*added, parse_words(terms) if terms else None, parse(where) if where else None)


def term(path: str, value: str, op: str = ":") -> "Node | None":
    """Give the term that an option with a value stands for; None for an empty one."""
    if not value:
        return None
    from crmcli.rules.filter import Field, Value

    return Field(path, op, (Value(value),))


def tag_term(name: str) -> "Node | None":
    """Give the term that `--tag` stands for."""
    return term("tag", name.lstrip("+"))


def mentions(crm: Context, tree: "Node | None", path: str) -> bool:
    """Tell whether a filter, or a view in it, asks for a field."""
    if tree is None:
        return False
    from crmcli.rules.filter import Field, View, leaves, parse
    from crmcli.store.view import find_view

    seen: set[str] = set()

    def look(tree: "Node") -> bool:
        for leaf in leaves(tree):
            if isinstance(leaf, Field) and leaf.path == path:
                return True
            if isinstance(leaf, View) and leaf.name not in seen:
                seen.add(leaf.name)
                view = find_view(crm.store.reader, leaf.name)
                if view and look(parse(view.filter)):
                    return True
        return False

    return look(tree)


def scope(crm: Context) -> "Scope":
    """Give what filters are read against in this run."""
    from crmcli.store.kinds import Scope

    me = crm.config.actor()
    return Scope(crm.store.reader, crm.clock, me, crm.dates, crm.currency)


def compiled(
    crm: Context, noun: str, tree: "Node", sort: str = "", *, page: bool = False
) -> "Filter":
    """Compile a filter for records of a noun, for the whole list in this order or a first page."""
    from crmcli.store.filter import compile

    orders = import_module(f"crmcli.store.sql.{noun}").ORDER
    terms = orders.get(sort.removeprefix("-") or next(iter(orders)), "")
    column = terms.split(" ")[0]
    return compile(tree, noun, scope(crm), order=f"{noun}.{column}", page=page)


def condition(
    crm: Context,
    noun: str,
    tree: "Node | None",
    sort: str = "",
    default: Where | None = None,
    *,
    page: bool = False,
) -> Chosen:
    """Give the condition of a filter, and of what its noun always asks (`default`).

    Args:
        crm: the run.
        noun: of which records.
        tree: the filter; None for every record.
        sort: the order of the list.
        default: what lists of the noun always ask.
        page: only the first rows will be read.

    Raises:
        UsageError: the filter is wrong.
    """
    if tree is None:
        return Chosen(default)
    found = compiled(crm, noun, tree, sort, page=page)
    where = found.where
    if default is not None:
        where = Where(f"{default.sql} AND {where.sql}", where.values)
    return Chosen(where, found.unknown)


def open_only(crm: Context, tree: "Node | None") -> Where | None:
    """Give what lists of tasks always ask: open ones, unless the filter asks for a status."""
    from crmcli.store.task import OPEN

    return None if mentions(crm, tree, "status") else OPEN


def ids(
    crm: Context, noun: str, tree: "Node | str | None", default: Where | None = None
) -> list[int]:
    """Give the ids of the records to change that a filter selects.

    Raises:
        UsageError: the filter is wrong, or names a tag or a person that there is not: with it
            `not +viip` would mean everybody.
    """
    tree = read((), tree) if isinstance(tree, str) else tree
    chosen = condition(crm, noun, tree, "", default)
    for said in chosen.unknown:
        raise UsageError(said, tr("nothing was changed"))
    return rows.ids(crm.store.reader, noun, chosen.where)


def tag_names(crm: Context) -> list[str]:
    """Give the names of all tags."""
    from crmcli.store.filter import tag_names

    return tag_names(crm.store.reader)


def check_sort(crm: Context, noun: str, sort: str) -> None:
    """Refuse a sort key that no list of the noun has."""
    orders = import_module(f"crmcli.store.sql.{noun}").ORDER
    rows.sort_terms(crm.store.reader, noun, sort, orders)


def check_fields(crm: Context, noun: str, names: str) -> None:
    """Refuse a column that no list of the noun has."""
    columns = [*import_module(f"crmcli.store.{noun}").COLUMNS, *own_columns(crm, noun)]
    known = [column.key for column in columns]
    for name in filter(None, map(str.strip, names.split(","))):
        if name not in known and not name.startswith("custom."):
            from crmcli.store.kinds import near

            raise UsageError(tr("unknown field {name!r}", name=name), near(name, known))
