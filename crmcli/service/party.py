"""What adding and changing people and orgs have in common."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from crmcli.errors import ConflictError, InvalidError, UsageError
from crmcli.i18n import tr
from crmcli.store.unit import Done

# What a field may be called besides its own name.
SHORT_NAMES = {
    "stage": "lifecycle_stage",
    "cadence": "cadence_days",
    "cadence_max": "cadence_max_days",
    "paused_until": "paused_until_on",
}


@dataclass(frozen=True, slots=True)
class Added(Done[list[int]]):
    """New records: their ids, and of each its warnings and where a person works (or "")."""

    warnings: Sequence[Sequence[str]] = ()
    orgs: Sequence[str] = ()


class Known(ConflictError):
    """Somebody else has the e-mail or phone already; who wants to goes on all the same."""


def dropped(values: list[str]) -> dict[str, list[str]]:
    """Sort what is to be dropped by what it looks like."""
    from crmcli.rules.phone import looks_like_phone

    found: dict[str, list[str]] = {"emails": [], "phones": [], "urls": [], "tags": []}
    for value in values:
        if "@" in value:
            found["emails"].append(value)
        elif looks_like_phone(value):
            found["phones"].append(value)
        elif "/" in value or "." in value:
            found["urls"].append(value)
        else:
            found["tags"].append(value)
    return found


def parse_set(items: Sequence[str], fields: Sequence[str]) -> tuple[dict[str, Any], dict[str, str]]:
    """Split `key=value` into the record's own fields and custom ones.

    Raises:
        UsageError: no `=`.
    """
    from crmcli.rules.values import custom_key

    own: dict[str, Any] = {}
    custom: dict[str, str] = {}
    for item in items:
        key, equals, value = item.partition("=")
        if not equals:
            raise UsageError(tr("not key=value: {item!r}", item=item), tr("such as tea=green"))
        name = custom_key(key)
        name = SHORT_NAMES.get(name, name)
        if name in fields:
            own[name] = value
        else:
            custom[name] = value
    return own, custom


def signed_tags(words: Sequence[str]) -> tuple[list[str], list[str]]:
    """Give the tags to put on and those to take off: `+vip`, `vip`, `-old`.

    Raises:
        InvalidError: there is none.
    """
    from crmcli.rules.values import tags

    on = tags([word for word in words if word[:1] != "-"])
    off = tags([word[1:] for word in words if word[:1] == "-"])
    if not on and not off:
        raise InvalidError(
            tr("not a tag: {word!r}", word=next(iter(words), "")),
            tr("a word, such as +vip or -old"),
        )
    return on, off
