"""One record of any noun, under its names in JSON, and its noun's own fields."""

from collections.abc import Sequence
from importlib import import_module
from typing import TYPE_CHECKING, Any

from crmcli.context import Context
from crmcli.errors import NotFoundError
from crmcli.i18n import tr

if TYPE_CHECKING:
    from crmcli.columns import Column
    from crmcli.rules.field import Fields
    from crmcli.store.search import Key

Record = dict[str, Any]


def record_of(crm: Context, key: "Key") -> Record:
    """Give a record of any noun under its names in JSON.

    Raises:
        NotFoundError: it is not there (any more).
    """
    noun, id = key
    found = getattr(import_module(f"crmcli.store.{noun}"), f"get_{noun}s")(crm.store.reader, [id])
    if not found:
        raise NotFoundError(tr("there is no {noun} {ref}", noun=tr(noun), ref=id))
    record: Record = found[0].json()
    return record


def name_of(crm: Context, key: "Key") -> str:
    """Give how a record is named in messages."""
    record = record_of(crm, key)
    return str(record.get("name") or record.get("title") or record.get("kind"))


def meant(crm: Context, text: str, nouns: Sequence[str], *, trash: bool = False) -> "Key":
    """Give the one record that a text in a form means; the beginning of a name does too.

    Raises:
        NotFoundError: nothing matches; the hint names the nearest.
        ConflictError: several do.
    """
    from crmcli.store.search import resolve

    found = resolve(crm.store.reader, text, nouns, prefix=True, trash=trash)
    return found[0] if len(found) == 1 else crm.resolve(text, nouns, strict=True, trash=trash)


def own_fields(crm: Context, noun: str, *, wanted: bool = True) -> "Fields":
    """Give the own fields of a noun, and how their values are read here.

    Where no value is given (`wanted`) the database is not opened for them.
    """
    from crmcli.rules.field import Fields
    from crmcli.store.field import definitions

    has_fields = wanted and noun in ("contact", "org", "deal")
    found = definitions(crm.store.reader, noun) if has_fields else []
    return Fields(found, crm.clock.local_now(), crm.currency, crm.dates)


def own_columns(crm: Context, noun: str) -> "list[Column]":
    """Give the columns of the own fields of a noun, to be asked for with --fields."""
    from crmcli.store.field import columns, definitions

    return (
        columns(definitions(crm.store.reader, noun)) if noun in ("contact", "org", "deal") else []
    )
