"""Single values: cleaned, checked, in stored form. Used by every noun's validation."""

from collections.abc import Mapping, Sequence
from difflib import get_close_matches
from typing import Any

from crmcli.errors import InvalidError
from crmcli.i18n import tr
from crmcli.rules.cadence import LONGEST
from crmcli.text import clean, fold

OLDEST_YEAR = 1600  # years before are of other calendars, or slips
MAX_LINE = 1_000
DAYS = {"d": 1, "w": 7, "m": 30, "y": 365}
MAX_NOTE = 1_000_000


def check_keys(raw: Mapping[str, Any], known: Sequence[str]) -> None:
    """Refuse a key that nobody would read: a typo must not lose data.

    Raises:
        InvalidError: the hint names the nearest key.
    """
    for key in raw:
        if key not in known:
            near = get_close_matches(key, known, 1)
            hint = tr("did you mean {name}? ", name=near[0]) if near else ""
            raise InvalidError(
                tr("unknown field {key!r}", key=key),
                tr("{hint}own fields go into custom", hint=hint),
            )


def line(value: Any, what: str = "text") -> str | None:
    """Give a one-line text, cleaned; None when it is empty."""
    if value is None or value == "":
        return None
    return _short(clean(_text(value, what)), MAX_LINE, what) or None


def note(value: Any, what: str = "note") -> str | None:
    """Give a text of many lines, cleaned; None when it is empty."""
    if value is None or value == "":
        return None
    return _short(clean(_text(value, what), multiline=True), MAX_NOTE, what) or None


def stamp(value: Any) -> str | None:
    """Give an instant in its stored form, `2026-11-23T09:00:00Z`; None when it is empty.

    Raises:
        InvalidError: not an instant.
    """
    from datetime import UTC, datetime

    from crmcli import clock

    if not value:
        return None
    try:
        instant = datetime.fromisoformat(str(value))
        return clock.stamp(instant if instant.tzinfo else instant.replace(tzinfo=UTC))
    except (ValueError, OverflowError):
        raise InvalidError(
            tr("not an instant: {value!r}", value=value), tr("such as 2026-11-23T09:00:00Z")
        ) from None


def day(value: Any) -> str | None:
    """Give a calendar date in its stored form, `2026-11-23`; None when it is empty.

    Raises:
        InvalidError: not a date.
    """
    from datetime import date

    if not value:
        return None
    try:
        found = date.fromisoformat(str(value))
        if found.year >= OLDEST_YEAR:
            return str(found)
        raise ValueError
    except ValueError:
        raise InvalidError(
            tr("not a date: {value!r}", value=value), tr("such as 2026-11-23")
        ) from None


def number(what: str, value: Any, most: int, hint: str = "") -> int:
    """Give a whole number from 0 to `most`; 0 when it is empty.

    Raises:
        InvalidError: not such a number.
    """
    text = str(value or 0)
    if not (text.isascii() and text.isdigit() and len(text) < 12 and int(text) <= most):
        raise InvalidError(
            tr("{what} cannot be {value!r}", what=what, value=value),
            hint or tr("a whole number from 0 to {most}", most=most),
        )
    return int(text)


def flag(what: str, value: Any) -> int:
    """Give 1 for yes and 0 for no or nothing.

    Raises:
        InvalidError: neither.
    """
    text = fold(str(value if value is not None else ""))
    if text in ("", "0", "no", "n", "false"):
        return 0
    if text in ("1", "yes", "y", "true"):
        return 1
    raise InvalidError(tr("{what} cannot be {value!r}", what=what, value=value), tr("yes or no"))


def days(what: str, value: Any) -> int | None:
    """Give a number of whole days, from `30`, `30d`, `6w`, `3m` or `1y`; None when it is empty.

    A month counts 30 days here and a year 365, because a cadence is whole days.

    Raises:
        InvalidError: not such a number, or none from 1 to 3650.
    """
    text = fold(str(value or ""))
    if not text:
        return None
    number, length = (text, 1) if text[-1].isdigit() else (text[:-1], DAYS.get(text[-1], 0))
    if number.isascii() and number.isdigit() and 1 <= int(number[:9]) * length <= LONGEST:
        return int(number) * length
    raise InvalidError(
        tr("{what} cannot be {value!r}", what=what, value=value),
        tr("such as 30d, 6w or 3m; at most 3650 days"),
    )


def choice(what: str, value: Any, words: Sequence[str]) -> str | None:
    """Give the allowed word that `value` means, or None when it is empty.

    Raises:
        InvalidError: not one of `words`; the hint names them, the nearest first.
    """
    text = fold(str(value or "")).replace("-", "_").replace(" ", "_")
    if not text or text in words:
        return text or None
    near = get_close_matches(text, words, 1)
    hint = tr("did you mean {name}? ", name=near[0]) if near else ""
    raise InvalidError(
        tr("{what} cannot be {value!r}", what=what, value=str(value)),
        tr("{hint}one of {names}", hint=hint, names=", ".join(words)),
    )


def tags(value: Any) -> list[str]:
    """Give tags, cleaned, without a leading +, each once (case and marks do not count)."""
    found: dict[str, str] = {}
    for item in _items(value):
        name = (line(str(item).replace(";", " "), "tag") or "").lstrip("+ ")
        if name:
            found.setdefault(fold(name), name)
    return list(found.values())


def custom_key(key: str) -> str:
    """Give a custom field's key in stored form: `Favourite Tea` -> `favourite_tea`."""
    name = "".join(char if char.isalnum() or char == "_" else " " for char in fold(key))
    name = "_".join(name.split())[:64]
    if not name or name[0].isdigit():
        raise InvalidError(
            tr("not a field name: {key!r}", key=key), tr("letters, digits and _, a letter first")
        )
    return name


def pairs(value: Any) -> list[tuple[str | None, str]]:
    """Give labelled values: `"home:a@b.si"`, `("home", "a@b.si")` or `{"label":…,"value":…}`."""
    found: list[tuple[str | None, str]] = []
    for item in _items(value):
        if isinstance(item, Mapping):
            found.append((line(item.get("label")), line(item.get("value")) or ""))
        elif isinstance(item, str):
            found.append(_split_label(item))
        elif isinstance(item, list | tuple) and len(item) == 2:
            found.append((line(item[0]), line(item[1]) or ""))
        else:
            raise InvalidError(
                tr("expected a text or a label with its value, not {item!r}", item=item)
            )
    return [(label, text) for label, text in found if text]


def _split_label(item: str) -> tuple[str | None, str]:
    """Split `home:ana@acme.si`; a colon of a web address does not end a label."""
    label, colon, text = item.partition(":")
    is_label = colon and text and not text.startswith("//") and label.replace(" ", "").isalpha()
    if is_label and label.casefold() not in ("mailto", "tel"):
        return line(label), line(text) or ""
    return None, line(text if is_label else item) or ""


def _items(value: Any) -> Sequence[Any]:
    if value is None or value == "":
        return ()
    if isinstance(value, str | Mapping):
        return (value,)
    if isinstance(value, Sequence):
        return value
    raise InvalidError(tr("expected a list, not {value!r}", value=value))


def _text(value: Any, what: str) -> str:
    if isinstance(value, str):
        return value
    if isinstance(value, int | float) and not isinstance(value, bool):
        return str(value)
    raise InvalidError(tr("{what} must be a text, not {value!r}", what=what, value=value))


def _short(text: str, limit: int, what: str) -> str:
    if len(text) > limit:
        raise InvalidError(
            tr(
                "{what} is too long: {count} characters, at most {limit}",
                what=what,
                count=len(text),
                limit=limit,
            )
        )
    return text
