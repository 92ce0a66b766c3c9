"""What adding and changing people and orgs have in common."""

from collections.abc import Sequence
from dataclasses import dataclass

from crmcli.errors import ConflictError
from crmcli.store.unit import Done


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
