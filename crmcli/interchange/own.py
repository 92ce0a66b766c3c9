"""Our own export, read back: contacts, orgs, tasks and interactions as CSV, JSON or JSONL.

In CSV a list is one cell, `label:value; label:value`; `join_pairs` and `join_list` write it and
`split_pairs` and `split_list` read it. The formula guard is taken off here and nowhere else.
"""

import json
import re
from collections.abc import Iterable, Sequence
from typing import Any

from crmcli.columns import Column
from crmcli.interchange.fields import (
    ADDRESS,
    SINGLE,
    Mapper,
    Setter,
    columns_of,
    normal,
    override,
    setter,
)
from crmcli.interchange.preset import Preset
from crmcli.interchange.record import Raw

NOUNS = {
    "org": ("uid", "name", "kind", "domain"),
    "contact": ("uid", "name", "emails"),
    "deal": ("uid", "name", "stage", "status"),
    "task": ("uid", "title", "status"),
    "interaction": ("uid", "kind", "occurred_at"),
}
"""The columns or keys by which each of our files is recognised, in this order."""
PAIR_LISTS = ("emails", "phones", "urls", "dates", "date_leads")
CONTACT_FIELDS = frozenset(
    (*SINGLE, *PAIR_LISTS, "note", "tags", "addresses", "custom", "created", "updated", "rev")
)
DEAL_FIELDS = frozenset(
    (
        *("uid", "name", "amount", "currency", "period", "probability_override", "note"),
        *("category_override", "close_date", "competitor", "tags", "custom", "source", "owner"),
        *("pipeline", "stage", "status", "opened", "closed", "stage_entered", "reason"),
        *("close_note", "lines", "people", "contact_uids", "org_uid", "created", "updated"),
    )
)
OF_OTHERS = frozenset(("external", "org_external", "people", "org", "strangers", "is_from_first"))
"""What only the readers of other programs' files say, in their own form (rules/link.py)."""

DERIVED = (
    *("id", "handle", "email", "phone", "last_touch", "who", "people", "due", "repeats"),
    *("next_touch", "unanswered", "unanswered_at", "pulse", "steps"),
)
"""What follows from other columns or other records; our CSV leaves it out."""

_GUARD = re.compile(r"'+[=+\-@\t\r]")
_ESCAPED = re.compile(r"([\\;])")
_ITEMS = re.compile(r"(?:\\.|[^;\\])+", re.DOTALL)
_LABEL = re.compile(r"((?:\\.|[^:\\])*):(.*)", re.DOTALL)
_BACK = re.compile(r"\\([\\;:])")


def join_list(items: Iterable[str]) -> str:
    r"""Write a list as one cell: `a; b`; a semicolon inside an item becomes `\;`."""
    return "; ".join(map(_escaped, items))


def _escaped(item: str) -> str:
    return _ESCAPED.sub(r"\\\1", item) if ";" in item or "\\" in item else item


def split_list(cell: str) -> list[str]:
    """Read what `join_list` wrote."""
    return [_BACK.sub(r"\1", item) for item in _items(cell)]


def join_pairs(pairs: Iterable[tuple[str, str]]) -> str:
    r"""Write (label, value) pairs as one cell: `work:ana@acme.si; :no label`."""
    return "; ".join(
        [_escaped(label).replace(":", r"\:") + ":" + _escaped(value) for label, value in pairs]
    )


def split_pairs(cell: str) -> list[tuple[str, str]]:
    """Read what `join_pairs` wrote; a value alone, as people write it, has no label."""
    return [_pair(item) for item in _items(cell)]


def _items(cell: str) -> list[str]:
    return [item for part in _ITEMS.findall(cell) if (item := part.strip())]


def _pair(item: str) -> tuple[str, str]:
    match = _LABEL.fullmatch(item)
    label, value = (match[1], match[2]) if match else ("", item)
    if value.startswith("//"):  # an address typed without a label: https://…
        label, value = "", item
    return _BACK.sub(r"\1", label).strip(), _BACK.sub(r"\1", value).strip()


def flat_columns(columns: Sequence[Column], custom: Sequence[str]) -> list[Column]:
    """Give the columns of our CSV: addresses and custom fields spread out, derived ones left out.

    Args:
        columns: the noun's own list.
        custom: the keys of custom fields in use.
    """
    found: list[Column] = []
    for column in columns:
        if column.key == "addresses":
            found += [_column(f"address_{part}") for part in ("label", *ADDRESS)]
            found.append(_column("more_addresses"))
        elif column.key == "custom":
            found += [_column(f"custom.{key}") for key in custom]
        elif column.key not in DERIVED:
            found.append(column)
    return sorted(found, key=lambda column: column.key != "uid")


def flat_record(record: Raw) -> Raw:
    """Give a record of our JSON as one row of our CSV."""
    row = {**record, **_NO_ADDRESS}
    for key in PAIR_LISTS:
        if pairs := row.get(key):
            row[key] = join_pairs([(one.get("label") or "", one["value"]) for one in pairs])
    if "stage" in row and row.get("people"):  # a deal, whose people have roles
        people = [(one["role"] or "", one["uid"]) for one in row["people"]]
        row["contact_uids"] = [join_pairs([pair]) if pair[0] else pair[1] for pair in people]
    for key in ("tags", "contact_uids"):
        if items := row.get(key):
            row[key] = join_list(items)
    first, *others = row.pop("addresses", None) or ({},)
    for part, text in first.items():
        row[f"address_{part}"] = text
    row["more_addresses"] = json.dumps(others, ensure_ascii=False) if others else ""
    return row


_NO_ADDRESS: Raw = dict.fromkeys((f"address_{part}" for part in ("label", *ADDRESS)), "")


def _column(key: str) -> Column:
    return Column(key, key)


def noun_of(keys: Iterable[str]) -> str | None:
    """Tell which noun an export with these columns or keys holds; None when it is not ours."""
    found = {normal(key) for key in keys}
    for noun, telling in NOUNS.items():
        if found.issuperset(map(normal, telling)):
            return noun
    if found >= {"uid", "name", "rev"}:  # cut down in a spreadsheet
        return "org" if found & {"kind", "domain", "industry"} else "contact"
    return None


def comes_back(noun: str, key: str) -> bool:
    """Tell whether a column or key of our export is read back."""
    known = {"contact": CONTACT_FIELDS, "deal": DEAL_FIELDS}.get(noun)
    return key not in OF_OTHERS if known is None else key in known


def build(header: list[str], mapping: dict[str, str]) -> Mapper:
    """Map our own columns back; derived ones are not imported."""
    noun = noun_of(header) or "contact"
    columns, notes = columns_of(header)
    mapper = Mapper(columns, noun, prepare=_unguard, notes=notes)
    if noun != "contact":
        mapper.finish = _nothing
    wanted = override(header, mapping)
    mapper.assign([wanted.get(index) for index in range(len(header))])
    for index, name in enumerate(header):
        key = name.strip()
        put = None if index in wanted else _setter(key, noun)
        if put:
            columns[index].target = key
            mapper.setters.append((index, put))
    mapper.setters.sort(key=lambda pair: columns[pair[0]].target == "more_addresses")
    return mapper


def _setter(key: str, noun: str) -> Setter | None:
    """Give the function for one of our columns; None for one that is only derived."""
    if key in PAIR_LISTS:
        return _pairs(key)
    if key == "tags":
        return lambda raw, cell: raw.update(tags=split_list(cell))
    if key == "more_addresses":
        return _more_addresses
    if key.startswith("custom."):
        return setter(f"custom:{key[len('custom.') :]}")
    head, _, part = key.partition("_")
    if head == "address" and part in (*ADDRESS, "label"):
        return _address(part)
    if key in ("addresses", "custom") or not comes_back(noun, key):
        return None
    if noun == "deal" and key in _OF_DEALS:
        return _OF_DEALS[key]
    return lambda raw, cell: raw.update({key: cell})


def _deal_amount(raw: Raw, cell: str) -> None:
    """Read `9000.00 EUR`."""
    amount, _, currency = cell.rpartition(" ")
    raw["amount"] = {"amount": amount, "currency": currency}


_OF_DEALS: dict[str, Setter] = {
    "amount": _deal_amount,
    "contact_uids": lambda raw, cell: raw.update(contacts=split_pairs(cell)),
    "stage_entered": lambda raw, cell: raw.update(entered=cell),
}


def _pairs(key: str) -> Setter:
    return lambda raw, cell: raw.update({key: split_pairs(cell)})


def _address(part: str) -> Setter:
    def put(raw: Raw, cell: str) -> None:
        addresses = raw.setdefault("addresses", [])
        if not addresses:
            addresses.append({})
        addresses[0][part] = cell

    return put


def _more_addresses(raw: Raw, cell: str) -> None:
    try:
        found = json.loads(cell)
    except (ValueError, RecursionError):
        raise ValueError("more_addresses is not JSON") from None
    raw.setdefault("addresses", []).extend(addresses_of(found))


def addresses_of(found: Any) -> list[dict[str, str]]:
    """Give the addresses of a JSON list, empty parts left out; raise ValueError when it is none."""
    if not isinstance(found, list) or not all(isinstance(item, dict) for item in found):
        raise ValueError("addresses are not a list of objects")
    kept = [
        {part: str(item[part]) for part in ("label", *ADDRESS) if item.get(part)} for item in found
    ]
    return [item for item in kept if item]


def _unguard(cells: list[str]) -> list[str]:
    """Take exactly one guarding quote off a cell that would be a formula in a spreadsheet."""
    return [cell[1:] if cell[:1] == "'" and _GUARD.match(cell) else cell for cell in cells]


def _nothing(raw: Raw) -> None:
    """An org, a task and an interaction have no name to compose."""


_KEYS = frozenset(normal(key) for keys in NOUNS.values() for key in keys) - {"name", "title"}

PRESET = Preset("crm", lambda keys: noun_of(keys) is not None, _KEYS.__contains__, build)
