"""Pipelines and stages: their words, the ready ones, and the one validation of what comes in."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from crmcli.errors import InvalidError
from crmcli.i18n import tr
from crmcli.rules.values import choice, custom_key, line, note, number
from crmcli.text import fold, is_visible

HOLDS = ("deal", "contact")
KINDS = ("open", "won", "lost")
CATEGORIES = ("pipeline", "best_case", "commit", "closed", "omitted")
PROBABILITY = {"won": 100, "lost": 0}
# What a stage may ask for before a deal enters it.
REQUIRED = ("amount", "close_date", "contact", "org", "source", "competitor", "next_step", "note")


@dataclass(frozen=True, slots=True)
class StageDraft:
    """A validated stage, not yet stored. `values` are columns of the stage table."""

    values: dict[str, Any]


def _open(
    name: str, probability: int, rotting: int | None = None, category: str = "pipeline"
) -> dict[str, Any]:
    return {
        "name": name,
        "probability": probability,
        "rotting_days": rotting,
        "forecast_category": category,
    }


def _won(name: str) -> dict[str, Any]:
    return {"name": name, "kind": "won"}


def _lost(name: str) -> dict[str, Any]:
    return {"name": name, "kind": "lost"}


# Ready pipelines. The first is what a new database has for deals, `aida` what it has for people.
TEMPLATES: dict[str, Sequence[Mapping[str, Any]]] = {
    "standard": (
        _open("Lead", 10),
        _open("Qualified", 25, 14),
        _open("Proposal", 50, 10, "best_case"),
        _open("Negotiation", 75, 7, "commit"),
        _won("Won"),
        _lost("Lost"),
    ),
    "simple": (
        _open("Researching", 20, 14),
        _open("Proposal sent", 50, 10, "best_case"),
        _won("Won"),
        _lost("Lost"),
    ),
    "aida": (
        _open("Awareness", 10),
        _open("Interest", 25, 30),
        _open("Decision", 50, 14, "best_case"),
        _won("Action"),
    ),
    "b2b": (
        _open("Prospecting", 5),
        _open("Qualification", 15, 14),
        _open("Meeting", 30, 14),
        _open("Proposal", 50, 10, "best_case"),
        _open("Negotiation", 75, 7, "commit"),
        _won("Customer"),
        _lost("Lost"),
    ),
    "renewal": (
        _open("Upcoming", 70),
        _open("Contacted", 75, 14, "best_case"),
        _open("Terms sent", 85, 10, "commit"),
        _won("Renewed"),
        _lost("Not renewed"),
    ),
    "tender": (
        _open("Found", 5, 7),
        _open("Go", 15, 7),
        _open("Writing", 25, 7),
        _open("Submitted", 40, 30, "best_case"),
        _open("Shortlisted", 60, 30, "commit"),
        _won("Awarded"),
        _lost("Not awarded"),
    ),
}
SEEDED = (("Sales", "deal", "standard"), ("People", "contact", "aida"))


def draft_stage(raw: Mapping[str, Any]) -> StageDraft:
    """Check a stage and give it in stored form.

    Args:
        raw: name, kind, probability, forecast_category, rotting_days, guidance, required_fields.

    Raises:
        InvalidError: no name, or a value that is not allowed.
    """
    name = line(raw.get("name"))
    if not name or not is_visible(name):
        raise InvalidError(tr("a stage needs a name"))
    kind = choice("kind", raw.get("kind"), KINDS) or "open"
    category = choice("category", raw.get("forecast_category"), CATEGORIES)
    return StageDraft(
        {
            "name": name,
            "name_norm": fold(name),
            "kind": kind,
            "probability": PROBABILITY.get(kind, probability(raw.get("probability"))),
            "forecast_category": category or _category(kind),
            "rotting_days": number("rotting", raw.get("rotting_days"), 3650) or None,
            "guidance": note(raw.get("guidance")),
            "required_fields": required_text(raw.get("required_fields") or ()),
        }
    )


def probability(value: Any) -> int:
    """Give the probability of an open stage in percent.

    Raises:
        InvalidError: not a whole number from 0 to 99.
    """
    text = str(value if value is not None else "").strip().removesuffix("%").strip()
    return number("probability", text, 99, tr("percent, from 0 to 99 for an open stage"))


def required_text(names: Sequence[str]) -> str:
    """Give the names of required fields as they are stored: a JSON list, each once.

    A name is one of REQUIRED, or `custom.KEY` for an own field.

    Raises:
        InvalidError: no field that can be asked for.
    """
    import json

    found: dict[str, None] = {}
    for name in names:
        own = name.strip().removeprefix("custom.")
        is_own = own != name.strip()
        word = f"custom.{custom_key(own)}" if is_own else choice("required field", name, REQUIRED)
        if word:
            found.setdefault(word)
    return json.dumps(list(found), ensure_ascii=False)


def _category(kind: str) -> str:
    return {"won": "closed", "lost": "omitted"}.get(kind, "pipeline")
