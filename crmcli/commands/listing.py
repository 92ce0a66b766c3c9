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
from crmcli.service import filter as filters
from crmcli.service.record import Record, own_columns
from crmcli.store import rows
from crmcli.store.rows import Listing, Where

if TYPE_CHECKING:
    from crmcli.rules.filter import Node
    from crmcli.store.search import Key

EXAMPLES = {
    "contact": "owner:me +vip city:Kranj last_touch.before:-30d …",
    "org": "owner:me +client kind:partner person.tag:vip …",
    "task": "owner:me due.before:fri kind:call person.tag:vip …",
    "deal": "owner:me stage:proposal amount.over:5000 close_date.before:eom …",
    "interaction": "kind:call outcome:reached at.after:-30d person.tag:vip …",
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


def condition(
    crm: Context,
    noun: str,
    tree: "Node | None",
    sort: str = "",
    default: Where | None = None,
    *,
    page: bool = False,
) -> Where | None:
    """Give the condition of a filter; a tag or a person in it that there is not is said."""
    chosen = filters.condition(crm, noun, tree, sort, default, page=page)
    for said in chosen.unknown:
        crm.out.say(f"crm: {said}")
    return chosen.where


def show(
    crm: Context,
    noun: str,
    tree: "Node | None",
    *,
    sort: str = "",
    limit: int | None = None,
    count: bool = False,
    default: Where | None = None,
) -> None:
    """Write the list of records that a filter selects, or how many they are."""
    most = common.page_limit(crm, limit)
    is_page = not count and rows.ALL < most <= rows.CHUNK
    where = condition(crm, noun, tree, sort, default, page=is_page)
    if count:
        crm.out.lines([str(rows.count(crm.store.reader, noun, where))])
        return
    store = import_module(f"crmcli.store.{noun}")
    records = getattr(store, f"list_{noun}s")(crm.store.reader, Listing(most, sort, where))
    own = own_columns(crm, noun) if crm.settings.get("fields") else []
    is_filtered = where is not None and where != getattr(store, "OPEN", None)
    columns = [*_shown(noun, store.COLUMNS, is_filtered), *own]
    given: Iterator[Record] = (record.json() for record in records)
    if noun == "contact" and crm.out.shows(columns, "pulse"):
        from crmcli.store.touch import with_pulse

        given = with_pulse(crm.store.reader, crm.clock, given)
    if noun == "deal" and crm.out.format == "table":
        from crmcli.service.sold import worth

        given = ({**record, "amount": worth(record)} for record in given)
    found = crm.out.records(columns, given)
    common.say_page(crm, found, most, limit, noun, filtered=is_filtered)


def _shown(noun: str, columns: Sequence[Column], is_filtered: bool) -> list[Column]:
    """Give the columns of a list; where closed tasks may stand, the status is always shown."""
    if noun != "task" or not is_filtered:
        return list(columns)
    return [replace(column, wide=False) if column.key == "status" else column for column in columns]


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
    return [(noun, id) for id in filters.ids(crm, noun, where, default)]


def confirm(crm: Context, noun: str, keys: "Sequence[Key]", where: str, dry_run: bool) -> None:
    """Ask before a filter changes more than one record; a dry run changes none."""
    if where and len(keys) > 1 and not dry_run:
        crm.confirm(tr("Change {count} {nouns}?", count=len(keys), nouns=tr(f"{noun}s")))


def remove(crm: Context, noun: str, refs: Sequence[str] | None, where: str, dry_run: bool) -> None:
    """Move the records that references or a filter choose to the trash."""
    keys = chosen(crm, noun, refs, where, lambda ref: crm.resolve(ref, (noun,), strict=True))
    common.remove(crm, noun, keys, dry_run)
