"""What a filter may ask of each noun: the names, what they mean, and how records hang together.

A table of constants: no name that a person types ever becomes SQL.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from crmcli.rules import contact, deal, interaction, org, pipeline, task
from crmcli.store.sql import filter as sql

Words = Mapping[str, tuple[str, ...]]  # of a choice: what is typed -> what is stored


@dataclass(frozen=True, slots=True)
class Via:
    """How other rows hang on a record.

    Args:
        select: gives the `inner` column of those rows; conditions on them may follow.
        inner: the column that points at the record; empty when `select` sees the record itself.
        outer: the record's column that is pointed at.
        search: gives the same from the other end; empty when `select` does as well.
    """

    select: str
    inner: str = ""
    outer: str = ""
    search: str = ""


@dataclass(frozen=True, slots=True)
class Property:
    """One thing that can be asked.

    Args:
        kind: how values are read and compared, a key of `filter.KINDS`.
        column: SQL of the value; that of a text is folded.
        via: where its row is; None for a column of the record itself.
        words: of a choice.
        forward: whether a date without a year and a number of days look ahead.
        indexed: an index finds the records by this column.
        currency: SQL of an amount's currency.
    """

    kind: str
    column: str
    via: Via | None = None
    words: Words | None = None
    forward: bool = False
    indexed: bool = False
    currency: str = ""


def _words(words: Sequence[str], more: Words | None = None) -> Words:
    return {word: (word,) for word in words} | dict(more or {})


def _text(column: str, via: Via | None = None) -> Property:
    return Property("text", f"fold({column})", via)


def _base(noun: str) -> dict[str, Property]:
    """Give what every noun has."""
    return {
        "id": Property("id", f"{noun}.id"),
        "uid": _text(f"{noun}.uid"),
        "owner": Property("owner", f"{noun}.owner_id", indexed=noun in ("contact", "task")),
        "created": Property("instant", f"{noun}.created_at", indexed=noun == "contact"),
        "updated": Property("instant", f"{noun}.updated_at"),
    }


def _party(noun: str, channels: Mapping[str, str], address: str) -> dict[str, Property]:
    """Give what contacts and orgs have beside."""

    def via(select: str, table: str) -> Via:
        return Via(select, f"{table}.{noun}_id", f"{noun}.id")

    select = {kind: via(query, "channel") for kind, query in channels.items()}
    at = via(address, "address")
    parts = ("street", "extended", "postal_code", "locality", "region", "country")
    whole = " || ' ' || ".join(f"coalesce(address.{part}, '')" for part in parts)
    tag, handle = (sql.CONTACT_TAG, sql.CONTACT_HANDLE) if noun == "contact" else _ORG_LABELS
    return {
        **_base(noun),
        "name": Property("text", f"{noun}.name_norm"),
        "handle": _text("handle.name", via(handle, "handle")),
        "email": Property("email", "channel.value_norm", select["email"]),
        "phone": Property("phone", "channel.value_norm", select["phone"]),
        "url": _text("channel.value", select["url"]),
        "address": _text(whole, at),
        "street": _text("address.street", at),
        "city": _text("address.locality", at),
        "region": _text("address.region", at),
        "postal_code": _text("address.postal_code", at),
        "country": _text("address.country", at),
        "tag": Property("tag", "tagging.tag_id", via(tag, "tagging")),
        "note": _text(f"{noun}.note"),
    }


_ORG_LABELS = (sql.ORG_TAG, sql.ORG_HANDLE)
_JOB = Via(sql.CONTACT_JOB, "employment.contact_id", "contact.id")
_BIRTHDAY = Via(sql.CONTACT_BIRTHDAY, "important_date.contact_id", "contact.id")
_STATUS = {
    "open": task.OPEN_STATUSES,
    "done": ("completed",),
    "closed": ("completed", "cancelled"),
}
_DEAL_STATUS = {"closed": ("won", "lost")}
_STAGE = Via(sql.STAGE, "stage.id", "deal.stage_id")
_TURNS = {"in": ("inbound",), "out": ("outbound",)}

# Noun -> the way to other nouns: name -> noun, and how its records hang on this one's.
WAYS: dict[str, dict[str, tuple[str, Via]]] = {
    "contact": {
        "org": (
            "org",
            Via(sql.CONTACT_ORG, "employment.contact_id", "contact.id", sql.CONTACT_BY_ORG),
        ),
        "task": ("task", Via(sql.CONTACT_TASK, "task.contact_id", "contact.id")),
        "deal": (
            "deal",
            Via(sql.CONTACT_DEAL, "deal_contact.contact_id", "contact.id", sql.CONTACT_BY_DEAL),
        ),
        "interaction": (
            "interaction",
            Via(
                sql.CONTACT_INTERACTION,
                "interaction_contact.contact_id",
                "contact.id",
                sql.CONTACT_BY_INTERACTION,
            ),
        ),
    },
    "org": {
        "contact": (
            "contact",
            Via(sql.ORG_CONTACT, "employment.org_id", "org.id", sql.ORG_BY_CONTACT),
        ),
        "task": ("task", Via(sql.ORG_TASK, "task.org_id", "org.id")),
        "deal": ("deal", Via(sql.ORG_DEAL, "deal.org_id", "org.id")),
        "interaction": (
            "interaction",
            Via(sql.ORG_INTERACTION, "interaction.org_id", "org.id"),
        ),
    },
    "task": {
        "contact": ("contact", Via(sql.LIVING_CONTACT, "contact.id", "task.contact_id")),
        "org": ("org", Via(sql.LIVING_ORG, "org.id", "task.org_id")),
        "deal": ("deal", Via(sql.LIVING_DEAL, "deal.id", "task.deal_id")),
    },
    "interaction": {
        "contact": (
            "contact",
            Via(
                sql.INTERACTION_CONTACT,
                "interaction_contact.interaction_id",
                "interaction.id",
                sql.INTERACTION_BY_CONTACT,
            ),
        ),
        "org": ("org", Via(sql.LIVING_ORG, "org.id", "interaction.org_id")),
        "deal": ("deal", Via(sql.LIVING_DEAL, "deal.id", "interaction.deal_id")),
    },
    "deal": {
        "contact": (
            "contact",
            Via(sql.DEAL_CONTACT, "deal_contact.deal_id", "deal.id", sql.DEAL_BY_CONTACT),
        ),
        "org": ("org", Via(sql.LIVING_ORG, "org.id", "deal.org_id")),
        "task": ("task", Via(sql.DEAL_TASK, "task.deal_id", "deal.id")),
        "interaction": ("interaction", Via(sql.DEAL_INTERACTION, "interaction.deal_id", "deal.id")),
    },
}
WAY_NAMES = {"person": "contact", "people": "contact", "company": "org", "log": "interaction"}
WAY_NAMES |= {"who": "contact", "opportunity": "deal"}

PROPERTIES: dict[str, dict[str, Property]] = {
    "contact": {
        **_party("contact", sql.CONTACT_CHANNEL, sql.CONTACT_ADDRESS),
        **{part: _text(f"contact.{part}") for part in (*contact.NAME_PARTS, "language")},
        "title": _text("employment.title", _JOB),
        "department": _text("employment.department", _JOB),
        "stage": Property(
            "choice", "contact.lifecycle_stage", words=_words(contact.STAGES), indexed=True
        ),
        "last_touch": Property("instant", "contact.last_touch_at", indexed=True),
        "next_touch": Property("date", "contact.next_touch_on", forward=True, indexed=True),
        "cadence": Property("days", "contact.cadence_days"),
        "paused": Property("date", "contact.paused_until_on", forward=True),
        "birthday": Property("birthday", "important_date.month", _BIRTHDAY, forward=True),
        "unanswered": Property(
            "choice", "contact.unanswered", words=_words(("in", "out")), indexed=True
        ),
        "source": _text("source.name", Via(sql.SOURCE, "source.id", "contact.source_id")),
        "lead_status": Property(
            "choice", "contact.lead_status", words=_words(contact.LEAD_STATUSES)
        ),
        "step": _text("stage.name", Via(sql.CONTACT_STEP, "history.contact_id", "contact.id")),
        "pipeline": _text(
            "pipeline.name", Via(sql.CONTACT_STEP, "history.contact_id", "contact.id")
        ),
        "score": Property("score", "contact.id"),
        "idle": Property("idle", "COALESCE(contact.last_touch_at, contact.created_at)"),
        "unqualified_reason": _text(
            "reason.name", Via(sql.REASON, "reason.id", "contact.unqualified_reason_id")
        ),
        "do_not_contact": Property("bool", "contact.do_not_contact"),
        "deceased": Property("bool", "contact.deceased"),
    },
    "org": {
        **_party("org", sql.ORG_CHANNEL, sql.ORG_ADDRESS),
        "domain": _text("org.domain"),
        "kind": Property("choice", "org.kind", words=_words(org.KINDS)),
        "industry": _text("org.industry"),
    },
    "task": {
        **_base("task"),
        "title": _text("task.title"),
        "text": _text("task.body"),
        "kind": Property("choice", "task.kind", words=_words(task.KINDS)),
        "status": Property(
            "choice",
            "task.status",
            words=_words(("needs_action", "in_process", "completed", "cancelled"), _STATUS),
        ),
        "due": Property("date", "task.due_on", forward=True),
        "hidden": Property("date", "task.hidden_until_on", forward=True),
        "snoozes": Property("number", "task.snooze_count"),
        "priority": Property("number", "task.priority"),
        "repeats": _text("task.rrule"),
        "series": _text("task.series_uid"),
        "completed": Property("instant", "task.completed_at"),
    },
    "deal": {
        **_base("deal"),
        "name": Property("text", "deal.name_norm"),
        "status": Property("choice", "deal.status", words=_words(deal.STATUSES, _DEAL_STATUS)),
        "stage": _text("stage.name", _STAGE),
        "pipeline": _text("pipeline.name", Via(sql.PIPELINE, "pipeline.id", "deal.pipeline_id")),
        "amount": Property("money", "deal.amount_minor", currency="deal.currency"),
        "currency": _text("deal.currency"),
        "period": Property("choice", "deal.value_period", words=_words(deal.PERIODS)),
        "probability": Property(
            "number", "COALESCE(deal.probability_override, stage.probability)", _STAGE
        ),
        "category": Property(
            "choice",
            "COALESCE(deal.forecast_override, stage.forecast_category)",
            _STAGE,
            words=_words(pipeline.CATEGORIES),
        ),
        "close_date": Property("date", "deal.close_date", forward=True),
        "opened": Property("instant", "deal.opened_at"),
        "closed": Property("instant", "deal.closed_at"),
        "entered": Property("instant", "deal.stage_entered_at"),
        "last_activity": Property("instant", "deal.last_activity_at"),
        "source": _text("source.name", Via(sql.SOURCE, "source.id", "deal.source_id")),
        "reason": _text("reason.name", Via(sql.REASON, "reason.id", "deal.lost_reason_id")),
        "competitor": _text("deal.competitor"),
        "role": Property(
            "choice",
            "deal_contact.role",
            Via(sql.DEAL_CONTACT, "deal_contact.deal_id", "deal.id"),
            words=_words(deal.ROLES),
        ),
        "next_step": Property(
            "date", "task.due_on", Via(sql.DEAL_TASK, "task.deal_id", "deal.id"), forward=True
        ),
        "tag": Property("tag", "tagging.tag_id", Via(sql.DEAL_TAG, "tagging.deal_id", "deal.id")),
        "note": _text("deal.note"),
    },
    "interaction": {
        **_base("interaction"),
        "kind": Property("choice", "interaction.kind", words=_words(interaction.KINDS)),
        "direction": Property(
            "choice", "interaction.direction", words=_words(interaction.DIRECTIONS, _TURNS)
        ),
        "outcome": Property("choice", "interaction.outcome", words=_words(interaction.OUTCOMES)),
        "occurred_at": Property("instant", "interaction.occurred_at", indexed=True),
        "text": _text("interaction.body"),
        "duration": Property("minutes", "interaction.duration_seconds"),
        "touch": Property("bool", "interaction.counts_as_touch"),
        "tag": Property(
            "tag",
            "tagging.tag_id",
            Via(sql.INTERACTION_TAG, "tagging.interaction_id", "interaction.id"),
        ),
    },
}
# A related record by its name, title or text: what its noun alone asks for.
_RELATED = {"contact": "name", "org": "name", "task": "title", "interaction": "text"}
_RELATED |= {"deal": "name"}
for _noun, _ways in WAYS.items():
    for _way, (_target, _via) in _ways.items():
        PROPERTIES[_noun][_way] = replace(PROPERTIES[_target][_RELATED[_target]], via=_via)

_PARTY_SYNONYMS = {"mail": "email", "web": "url", "zip": "postal_code", "text": "note"}
SYNONYMS: dict[str, dict[str, str]] = {
    "contact": {
        **WAY_NAMES,
        **_PARTY_SYNONYMS,
        "first": "given_name",
        "given": "given_name",
        "middle": "additional_name",
        "last": "family_name",
        "family": "family_name",
        "lifecycle_stage": "stage",
    },
    "org": WAY_NAMES | _PARTY_SYNONYMS,
    "task": {
        **WAY_NAMES,
        "for": "contact",
        "body": "text",
        "note": "text",
        "rrule": "repeats",
        "due_on": "due",
        "snoozed": "hidden",
        "hidden_until": "hidden",
    },
    "deal": {
        **WAY_NAMES,
        "title": "name",
        "close": "close_date",
        "closes": "close_date",
        "next": "next_step",
        "stage_entered": "entered",
    },
    "interaction": {
        **WAY_NAMES,
        "at": "occurred_at",
        "when": "occurred_at",
        "date": "occurred_at",
        "body": "text",
    },
}
