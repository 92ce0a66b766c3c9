"""What commands that take a filter share: the options, the list, and the records it chooses."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from importlib import import_module
from typing import TYPE_CHECKING, Any

import typer

from crmcli.columns import Column
from crmcli.commands import common
from crmcli.context import Context
from crmcli.errors import UsageError
from crmcli.i18n import tr
from crmcli.store import rows
from crmcli.store.rows import Listing, Where

if TYPE_CHECKING:
    from crmcli.rules.filter import Node
    from crmcli.store.filter import Filter
    from crmcli.store.kinds import Scope
    from crmcli.store.search import Key

EXAMPLES = {
    "contact": "owner:me +vip city:Kranj last_touch.before:-30d …",
    "org": "owner:me +client kind:partner person.+vip …",
    "task": "owner:me due.before:fri kind:call person.+vip …",
    "interaction": "kind:call outcome:reached at.after:-30d person.+vip …",
}


def terms(noun: str) -> Any:
    """Give the argument that takes a filter, with examples for a noun in its help."""
    return typer.Argument(None, metavar="[TERM…]", help=f"A filter: {EXAMPLES[noun]}")


WHERE = typer.Option("", "--where", metavar="FILTER", help="A whole filter, or @view.")
CHOICE = typer.Option("", "--where", metavar="FILTER", help="Instead of REF: all it selects.")
LIMIT = typer.Option(
    None, "--limit", metavar="N", show_default=False, help="At most so many; 0 for all."
)
COUNT = typer.Option(False, "--count", help="Print only how many there are.")


def sort_option(noun: str) -> Any:
    """Give the option `--sort` with the keys of a noun in its help."""
    keys = ", ".join(import_module(f"crmcli.store.sql.{noun}").ORDER)
    return typer.Option("", "--sort", metavar="FIELD", help=f"{keys} or an own field; or -FIELD.")


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


def compiled(crm: Context, noun: str, tree: "Node", sort: str = "") -> "Filter":
    """Compile a filter for records of a noun, for a list in this order."""
    from crmcli.store.filter import compile

    orders = import_module(f"crmcli.store.sql.{noun}").ORDER
    terms = orders.get(sort.removeprefix("-") or next(iter(orders)), "")
    column = terms.split(" ")[0]
    return compile(tree, noun, scope(crm), order=f"{noun}.{column}")


def condition(
    crm: Context,
    noun: str,
    tree: "Node | None",
    sort: str = "",
    default: Where | None = None,
    *,
    strict: bool = False,
) -> Where | None:
    """Give the condition of a filter, and of what its noun always asks.

    A tag or a person that there is not is said; `not +viip` would mean everybody, so where
    records are changed (`strict`) it is refused.

    Raises:
        UsageError: the filter is wrong.
    """
    if tree is None:
        return default
    found = compiled(crm, noun, tree, sort)
    for said in found.unknown:
        if strict:
            raise UsageError(said, tr("nothing was changed"))
        crm.out.say(f"crm: {said}")
    where = found.where
    return where if default is None else Where(f"{default.sql} AND {where.sql}", where.values)


def show(
    crm: Context,
    noun: str,
    where: Where | None,
    *,
    sort: str = "",
    limit: int | None = None,
    count: bool = False,
) -> None:
    """Write the list of records that a condition selects, or how many they are."""
    if count:
        crm.out.lines([str(rows.count(crm.store.reader, noun, where))])
        return
    store = import_module(f"crmcli.store.{noun}")
    most = common.page_limit(crm, limit)
    records = getattr(store, f"list_{noun}s")(crm.store.reader, Listing(most, sort, where))
    own = common.own_columns(crm, noun) if crm.settings.get("fields") else []
    is_filtered = where is not None and where != getattr(store, "OPEN", None)
    columns = [*_shown(noun, store.COLUMNS, is_filtered), *own]
    given: Iterator[common.Record] = (record.json() for record in records)
    if noun == "contact" and crm.out.shows(columns, "pulse"):
        from crmcli.store.touch import with_pulse

        given = with_pulse(crm.store.reader, crm.clock, given)
    found = crm.out.records(columns, given)
    common.say_page(crm, found, most, limit, noun, filtered=is_filtered)


def _shown(noun: str, columns: Sequence[Column], is_filtered: bool) -> list[Column]:
    """Give the columns of a list; where closed tasks may stand, the status is always shown."""
    if noun != "task" or not is_filtered:
        return list(columns)
    return [replace(column, wide=False) if column.key == "status" else column for column in columns]


def check_sort(crm: Context, noun: str, sort: str) -> None:
    """Refuse a sort key that no list of the noun has."""
    orders = import_module(f"crmcli.store.sql.{noun}").ORDER
    rows.sort_terms(crm.store.reader, noun, sort, orders)


def check_fields(crm: Context, noun: str, names: str) -> None:
    """Refuse a column that no list of the noun has."""
    columns = [*import_module(f"crmcli.store.{noun}").COLUMNS, *common.own_columns(crm, noun)]
    known = [column.key for column in columns]
    for name in filter(None, map(str.strip, names.split(","))):
        if name not in known and not name.startswith("custom."):
            from crmcli.store.kinds import near

            raise UsageError(tr("unknown field {name!r}", name=name), near(name, known))


def chosen(
    crm: Context,
    noun: str,
    refs: Sequence[str] | None,
    where: str,
    resolve: "Callable[[str], Key]",
    *,
    default: Where | None = None,
) -> "list[Key]":
    """Give the records that references name or, instead of them, a filter selects.

    Raises:
        UsageError: neither is given, or both.
    """
    if where and refs:
        raise UsageError(tr("give references or --where, not both"))
    if not where and not refs:
        raise UsageError(
            tr("which {noun}?", noun=tr(noun)), tr("give references, or --where FILTER")
        )
    if not where:
        return list(dict.fromkeys(map(resolve, crm.references(refs or ()))))
    found = condition(crm, noun, read((), where), default=default, strict=True)
    return [(noun, id) for id in rows.ids(crm.store.reader, noun, found)]


def confirm(crm: Context, noun: str, keys: "Sequence[Key]", where: str, dry_run: bool) -> None:
    """Ask before a filter changes more than one record; a dry run changes none."""
    if where and len(keys) > 1 and not dry_run:
        crm.confirm(tr("Change {count} {nouns}?", count=len(keys), nouns=tr(f"{noun}s")))


def remove(crm: Context, noun: str, refs: Sequence[str] | None, where: str, dry_run: bool) -> None:
    """Move the records that references or a filter choose to the trash."""
    keys = chosen(crm, noun, refs, where, lambda ref: crm.resolve(ref, (noun,), strict=True))
    common.remove(crm, noun, keys, dry_run)
