"""Own fields: their types, and their values checked and brought to stored form.

A stored value tells its type by itself: a number is a number, money is `{"minor", "currency"}`,
multi is a list, bool is true or false, and all else is text. `text_of` and `json_of` therefore
need no definition; `value_of`, which reads what people write, does.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from typing import TYPE_CHECKING, Any

from crmcli.errors import InvalidError, UsageError
from crmcli.i18n import tr
from crmcli.rules.values import custom_key, line, note
from crmcli.text import fold

if TYPE_CHECKING:
    from datetime import datetime

SOLAR = ("13", "14")  # how years of the Jalali calendar begin
TYPES = ("text", "number", "money", "date", "choice", "multi", "bool", "url")
CHOSEN = ("choice", "multi")
MOST_DIGITS = 15  # of a number: more would drift in programs that hold it as a double
MOST_CHOICES = 200

_YES, _NO = ("yes", "y", "true", "1"), ("no", "n", "false", "0")
# Compiled when it is first used.
_URL = r"(?i:[a-z][a-z0-9+.-]*)://[^\s/?#@:]+[^\s/?#]*([/?#]\S*)?"


@dataclass(frozen=True, slots=True)
class Definition:
    """What an own field holds. `default` is in stored form, `choices` are as people write them."""

    noun: str
    key: str
    title: str
    type: str = "text"
    choices: tuple[str, ...] = ()
    required: bool = False
    unique: bool = False
    default: Any = None
    id: int = 0


class Fields:
    """The own fields of a noun, and how their values are read here.

    Args:
        definitions: in the order of definition.
        now: the user's wall-clock time, for dates told from today.
        currency: of amounts that name none.
        dates: the options of the date grammar.
    """

    def __init__(
        self,
        definitions: Sequence[Definition] = (),
        now: "datetime | None" = None,
        currency: str | None = None,
        dates: Mapping[str, Any] | None = None,
    ) -> None:
        self.definitions = {definition.key: definition for definition in definitions}
        self.now = now
        self.currency = currency
        self.dates = dates or {}

    def named(self) -> dict[str, str]:
        """Give the key of each field by its key and its title, folded to letters and digits."""
        found: dict[str, str] = {}
        for definition in self.definitions.values():
            for name in (definition.key, definition.title):
                found.setdefault("".join(filter(str.isalnum, fold(name))), definition.key)
        return found


def custom_values(value: Any, fields: Fields | None = None) -> dict[str, Any]:
    """Give the values of own fields by key, in stored form; what is not defined is text.

    Raises:
        InvalidError: a key that cannot be one, or a value that does not fit its field.
    """
    if value is None:
        return {}
    if not isinstance(value, Mapping):
        raise InvalidError(tr("custom must be an object of values"))
    edited = custom_edit({str(key): raw for key, raw in value.items()}, fields)
    return {key: stored for key, stored in edited.items() if stored is not None}


def custom_edit(values: Mapping[str, Any], fields: Fields | None = None) -> dict[str, Any]:
    """Give changes of own fields in stored form; None where a value is emptied.

    Raises:
        InvalidError: a value that does not fit its field, or that must not be empty.
    """
    fields = fields or Fields()
    found = {}
    for name, raw in values.items():
        key = custom_key(name)
        definition = fields.definitions.get(key)
        if definition is None:
            found[key] = note(_text(raw, key), f"custom {key}")
        else:
            found[key] = value_of(definition, raw, fields)
    return found


def check_filled(definitions: Sequence[Definition], changes: Mapping[str, Any]) -> None:
    """Refuse a change that empties a required field.

    Raises:
        InvalidError: it names the field.
    """
    for definition in definitions:
        if definition.required and changes.get(definition.key, 0) is None:
            raise InvalidError(
                tr("{key} is required", key=definition.key), tr("it cannot be emptied")
            )


def completed(definitions: Sequence[Definition], custom: Mapping[str, Any]) -> dict[str, Any]:
    """Give the values of a new record, defaults filled in.

    Raises:
        InvalidError: a required field has no value.
    """
    found = dict(custom)
    for definition in definitions:
        key = definition.key
        if definition.default is not None:
            found.setdefault(key, definition.default)
        if definition.required and key not in found:
            raise InvalidError(
                tr("{key} is required", key=key), tr("give it with --set {key}=…", key=key)
            )
    return found


def value_of(definition: Definition, raw: Any, fields: Fields) -> Any:
    """Give a value in stored form; None when it is empty.

    Args:
        definition: the field.
        raw: as people write it, or as our JSON has it.
        fields: how dates and amounts are read.

    Raises:
        InvalidError: it does not fit; the message names the field.
    """
    if raw is None or (isinstance(raw, str) and not raw.strip()) or raw == []:
        return None
    try:
        return _READERS[definition.type](definition, raw, fields)
    except (UsageError, InvalidError) as error:
        raise InvalidError(f"{definition.key}: {error.message}", error.hint) from None


def fits(definition: Definition, stored: Any) -> bool:
    """Tell whether a stored value has the form of its field's type."""
    if definition.type == "number":
        return isinstance(stored, int | float) and not isinstance(stored, bool)
    if definition.type == "money":
        return _is_money(stored)
    if definition.type == "bool":
        return isinstance(stored, bool)
    if definition.type == "multi":
        return isinstance(stored, list) and all(item in definition.choices for item in stored)
    if not isinstance(stored, str):
        return False
    if definition.type == "choice":
        return stored in definition.choices
    if definition.type == "date":
        return _is_date(stored)
    return definition.type == "text" or re.fullmatch(_URL, stored) is not None


def text_of(stored: Any) -> str:
    """Give a stored value as a person reads it and as `value_of` reads it back."""
    if isinstance(stored, str):
        return stored
    if isinstance(stored, bool):
        return "yes" if stored else "no"
    if isinstance(stored, float):
        return _plain_float(stored)
    if isinstance(stored, list):
        return "; ".join(map(text_of, stored))
    if _is_money(stored):
        from crmcli import money

        return money.text(money.Money(stored["minor"], stored["currency"]))
    return _dumped(stored) if isinstance(stored, dict) else str(stored)


def typed(value: Any) -> str:
    """Give a value of our JSON as it is typed; money as `9000.00 EUR`."""
    if isinstance(value, dict) and set(value) == {"amount", "currency"}:
        return f"{value['amount']} {value['currency']}"
    return text_of(value)


def json_of(stored: Any) -> Any:
    """Give a stored value as our JSON has it: money with its amount, all else as it is."""
    if isinstance(stored, dict) and _is_money(stored):
        from crmcli import money

        return money.json(money.Money(stored["minor"], stored["currency"]))
    return stored


def check_choices(choices: Sequence[str]) -> tuple[str, ...]:
    """Give choices cleaned, in their order; no two that fold alike.

    Raises:
        UsageError: one that is empty, given twice, or cannot be written in a list.
    """
    found: dict[str, str] = {}
    for choice in choices:
        text = line(choice, "choice")
        if not text or ";" in text:
            raise UsageError(
                tr("not a choice: {choice!r}", choice=choice), tr("a short text without ;")
            )
        if found.setdefault(fold(text), text) != text:
            raise UsageError(tr("the choice {text!r} is there already", text=text))
    if len(found) > MOST_CHOICES:
        raise UsageError(
            tr(
                "too many choices: {count}, at most {most}",
                count=len(found),
                most=MOST_CHOICES,
            )
        )
    return tuple(found.values())


def _number(_definition: Definition, raw: Any, _fields: Fields) -> int | float:
    from crmcli.money import plain_number

    if isinstance(raw, bool) or not isinstance(raw, str | int | float):
        raise InvalidError(tr("not a number: {raw!r}", raw=raw))
    text = _plain_float(raw) if isinstance(raw, float) else str(raw)
    sign, whole, decimals = plain_number(text, dotted=True)
    whole, decimals = whole.lstrip("0") or "0", decimals.rstrip("0")
    if len((whole + decimals).lstrip("0")) > MOST_DIGITS or len(decimals) > 2 * MOST_DIGITS:
        raise InvalidError(
            tr("too many digits: {text!r}", text=text[:40]),
            tr("at most {most}", most=MOST_DIGITS),
        )
    return float(f"{sign}{whole}.{decimals}") if decimals else int(sign + whole)


def _money(_definition: Definition, raw: Any, fields: Fields) -> dict[str, Any]:
    from crmcli import money

    if isinstance(raw, Mapping):
        if set(raw) != {"amount", "currency"}:
            raise InvalidError(
                tr("not an amount: {raw!r}", raw=raw), tr("an object of amount and currency")
            )
        found = money.parse_plain(str(raw["amount"]), str(raw["currency"]))
    elif isinstance(raw, str | int) and not isinstance(raw, bool):
        found = money.parse(str(raw), fields.currency)
    else:
        raise InvalidError(
            tr("not an amount: {raw!r}", raw=raw), tr("write it as a text, such as 9000.50 EUR")
        )
    return {"minor": found.minor, "currency": found.currency}


def _date(_definition: Definition, raw: Any, fields: Fields) -> str:
    from datetime import datetime, time

    from crmcli import dates

    text = line(raw, "date") or ""
    if _is_date(text) and text[:2] not in SOLAR:
        return text
    now = fields.now or datetime.min
    when = dates.parse(text, now, forward=False, **fields.dates)
    ahead = dates.parse(text, now, forward=True, **fields.dates)
    if ahead.on != when.on:
        raise InvalidError(
            tr("{text!r} is {last} or {next}", text=text, last=when.on, next=ahead.on),
            tr("write the year, such as 2026-12-24, or +3d"),
        )
    if when.at not in (None, time()):
        raise InvalidError(tr("a date has no time: {text!r}", text=text), tr("such as 2026-12-24"))
    return str(when.on)


def _choice(definition: Definition, raw: Any, _fields: Fields) -> str:
    return _chosen(definition, line(raw, "choice") or "")


def _multi(definition: Definition, raw: Any, _fields: Fields) -> list[str] | None:
    """Read choices, as a list or as a text with ; or , between them; give them in their order."""
    if isinstance(raw, Mapping) or not isinstance(raw, str | Sequence):
        raise InvalidError(tr("not a list of choices: {raw!r}", raw=raw))
    known = {fold(choice) for choice in definition.choices}
    items = raw.replace("\n", ";").split(";") if isinstance(raw, str) else raw
    words: list[str] = []
    for item in items:
        text = line(item, "choice") or ""
        words += [text] if fold(text) in known else text.split(",")
    wanted = {_chosen(definition, word.strip()) for word in words if word.strip()}
    return [choice for choice in definition.choices if choice in wanted] or None


def _chosen(definition: Definition, text: str) -> str:
    """Give the choice that `text` means, in its own spelling."""
    known = {fold(choice): choice for choice in definition.choices}
    if found := known.get(fold(text)):
        return found
    near = get_close_matches(fold(text), known, 1)
    hint = tr("did you mean {name}? ", name=known[near[0]]) if near else ""
    shown = ", ".join(definition.choices[:20]) + (" …" if len(definition.choices) > 20 else "")
    raise InvalidError(
        tr("{text!r} is not a choice", text=text),
        tr("{hint}one of {names}", hint=hint, names=shown),
    )


def _bool(_definition: Definition, raw: Any, _fields: Fields) -> bool:
    word = fold(_text(raw, "value"))
    if word in _YES or word in _NO:
        return word in _YES
    raise InvalidError(
        tr("neither yes nor no: {raw!r}", raw=raw), tr("yes or no, true or false, 1 or 0")
    )


def _url(_definition: Definition, raw: Any, _fields: Fields) -> str:
    """Give a web address with its scheme; without one it is https."""
    text = line(raw, "address") or ""
    whole = text if "://" in text else f"https://{text}"
    host = whole.partition("://")[2].partition("/")[0]
    if not re.fullmatch(_URL, whole) or not ("." in host or host.startswith("localhost")):
        raise InvalidError(
            tr("not a web address: {text!r}", text=text), tr("such as https://acme.si")
        )
    return whole


def _note(definition: Definition, raw: Any, _fields: Fields) -> str | None:
    return note(_text(raw, definition.key), definition.key)


_READERS: dict[str, Callable[[Definition, Any, Fields], Any]] = {
    "text": _note,
    "number": _number,
    "money": _money,
    "date": _date,
    "choice": _choice,
    "multi": _multi,
    "bool": _bool,
    "url": _url,
}


def _text(raw: Any, what: str) -> Any:
    """Give any JSON value as a text; a text as it is, to be cleaned."""
    if raw is None or isinstance(raw, str):
        return raw
    if isinstance(raw, Mapping) and set(raw) == {"amount", "currency"}:
        return f"{raw['amount']} {raw['currency']}"
    if isinstance(raw, Mapping | list | bool | int | float):
        return text_of(raw)
    raise InvalidError(tr("{what} must be a text, not {raw!r}", what=what, raw=raw))


def _is_money(stored: Any) -> bool:
    return (
        isinstance(stored, dict)
        and set(stored) == {"minor", "currency"}
        and isinstance(stored["minor"], int)
        and isinstance(stored["currency"], str)
    )


def _is_date(text: str) -> bool:
    from datetime import date

    try:
        return str(date.fromisoformat(text)) == text
    except ValueError:
        return False


def _plain_float(value: float) -> str:
    """Give a number without an exponent: 1e-07 is 0.0000001."""
    text = repr(value)
    if "e" not in text:
        return text.removesuffix(".0")
    from decimal import Decimal

    return format(Decimal(text), "f")


def _dumped(value: Any) -> str:
    from json import dumps

    return dumps(value, ensure_ascii=False)
