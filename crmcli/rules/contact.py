"""Contacts: their words, and the one validation of what comes in."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from crmcli.errors import InvalidError, UsageError
from crmcli.i18n import tr
from crmcli.rules.cadence import LONGEST
from crmcli.rules.channel import AddressDraft, ChannelDraft, addresses, channels
from crmcli.rules.field import Fields, custom_values
from crmcli.rules.values import (
    check_keys,
    choice,
    custom_key,
    day,
    days,
    flag,
    line,
    note,
    number,
    pairs,
    stamp,
    tags,
)
from crmcli.text import fold, is_ideograph, is_visible

LEAD_STATUSES = (
    *("new", "open", "in_progress", "attempted", "connected", "qualified", "unqualified"),
    "bad_timing",
)
STAGES = ("subscriber", "lead", "qualified", "opportunity", "customer", "evangelist", "other")
NAME_PARTS = ("prefix", "given_name", "additional_name", "family_name", "suffix", "nickname")
FLAGS = ("do_not_contact", "deceased")
# What `--set key=value` reaches besides custom fields.
FIELDS = (
    "name",
    *NAME_PARTS,
    "language",
    "lifecycle_stage",
    "owner",
    "org",
    "title",
    "department",
    "birthday",
    "note",
    "cadence_days",
    "cadence_max_days",
    "bumped_on",
    "paused_until_on",
    *FLAGS,
    "source",
    "lead_status",
)
# What `show --json` gives besides, so that it can come back as `--input`.
LONGEST_LEAD = 365  # days before a date that it may be told
_LISTS = ("emails", "phones", "urls", "addresses", "dates", "date_leads", "tags", "custom")
_DERIVED = ("id", "handle", "email", "phone", "last_touch", "uid", "created", "updated")
_TOUCH = ("next_touch", "unanswered", "unanswered_at", "pulse", "touch")
_SHOWN = ("deals", "closed_deals", "attachments")
_AROUND = ("tasks", "timeline", "relations", "external", *_SHOWN, *_TOUCH)
_LEAD = ("unqualified_reason", "steps")
KEYS = (*FIELDS, *_LISTS, *_DERIVED, *_AROUND, *_LEAD)


@dataclass(frozen=True, slots=True)
class DateDraft:
    """A yearly date; `year` may be unknown."""

    kind: str
    year: int | None
    month: int
    day: int
    lead_days: int | None = None  # how long before it is told of; None as configured

    @property
    def text(self) -> str:
        """Give it as `1990-05-17` or, without its year, `--05-17` (RFC 6350, 4.3.1)."""
        head = f"{self.year:04d}-" if self.year else "--"
        return f"{head}{self.month:02d}-{self.day:02d}"


@dataclass(slots=True)
class ContactDraft:
    """A validated contact, not yet stored. `values` are columns of the contact table."""

    values: dict[str, Any]
    uid: str | None = None
    external: tuple[str, str] | None = None
    owner: str | None = None
    org: str | None = None
    org_external: tuple[str, str] | None = None  # its id in the program the file comes from
    title: str | None = None
    department: str | None = None
    source: str | None = None
    unqualified_reason: str | None = None
    channels: list[ChannelDraft] = field(default_factory=list)
    addresses: list[AddressDraft] = field(default_factory=list)
    dates: list[DateDraft] = field(default_factory=list)
    tags: list[str] = field(default_factory=list)
    custom: dict[str, Any] = field(default_factory=dict)
    warnings: list[str] = field(default_factory=list)
    created: str | None = None  # of our own files
    updated: str | None = None
    rev: str | None = None  # of the record when our own file was written


def draft_contact(
    raw: Mapping[str, Any],
    region: str | None,
    *,
    lenient: bool = False,
    fields: Fields | None = None,
) -> ContactDraft:
    """Check what came from options, `--input` or a file, and give it in stored form.

    Args:
        raw: the fields by the names of our JSON.
        region: how telephone numbers without + are read.
        lenient: keep what only looks wrong (an import), and name people by what there is.
        fields: the own fields of contacts; what is not defined is text.

    Raises:
        InvalidError: no name, or a value that is not allowed.
    """
    if not lenient:
        check_keys(raw, KEYS)
    draft = ContactDraft({}, uid=line(raw.get("uid")), external=raw.get("external"))
    draft.channels = channels(raw, region, draft.warnings, lenient)
    draft.org, draft.title = line(raw.get("org")), line(raw.get("title"))
    if draft.org and not is_visible(draft.org):
        draft.org = None
    draft.org_external, draft.rev = raw.get("org_external"), line(raw.get("rev"))
    draft.department, draft.owner = line(raw.get("department")), line(raw.get("owner"))
    parts = {part: line(raw.get(part), part) for part in NAME_PARTS}
    name = line(raw.get("name"), "name") or compose_name(parts)
    if lenient:
        name = name or draft.org or next((channel.value for channel in draft.channels), None)
    if not name or not is_visible(name):
        raise InvalidError(tr("a contact needs a name"))
    draft.values = {"display_name": name, "name_norm": fold(name), **parts}
    draft.values["language"] = line(raw.get("language"))
    draft.values["lifecycle_stage"] = (
        choice("lifecycle_stage", raw.get("lifecycle_stage"), STAGES) or "other"
    )
    draft.values["note"] = note(raw.get("note"))
    draft.values |= _touch_values(raw)
    _add_lead(draft, raw)
    draft.addresses = addresses(raw.get("addresses"))
    draft.tags = tags(raw.get("tags"))
    draft.custom = custom_values(raw.get("custom"), fields)
    draft.created, draft.updated = stamp(raw.get("created")), stamp(raw.get("updated"))
    _add_dates(draft, raw, lenient)
    return draft


def _touch_values(raw: Mapping[str, Any]) -> dict[str, Any]:
    """Give what is said about keeping in touch, in stored form; what is not said is left out."""
    readers: dict[str, Callable[[str, Any], Any]] = {
        "cadence_days": days,
        "cadence_max_days": days,
        "bumped_on": lambda _, value: day(value),
        "paused_until_on": lambda _, value: day(value),
        "do_not_contact": flag,
        "deceased": flag,
    }
    values = {key: read(key, raw[key]) for key, read in readers.items() if key in raw}
    if (values.get("cadence_max_days") or LONGEST) < (values.get("cadence_days") or 0):
        raise InvalidError(tr("cadence_max_days is shorter than cadence_days"))
    return values


def _add_lead(draft: ContactDraft, raw: Mapping[str, Any]) -> None:
    """Add where somebody comes from, and how far one is with them as a lead.

    Raises:
        InvalidError: unqualified without a reason.
    """
    status = choice("lead_status", raw.get("lead_status"), LEAD_STATUSES)
    reason = line(raw.get("unqualified_reason"))
    if status == "unqualified" and not reason:
        raise InvalidError(
            tr("an unqualified lead needs a reason"), tr("`crm lead disqualify` asks for it")
        )
    draft.values["lead_status"] = status
    draft.source = line(raw.get("source"))
    draft.unqualified_reason = reason if status == "unqualified" else None


def compose_name(parts: Mapping[str, str | None]) -> str | None:
    """Give the display name of name parts; ideographs are written family first, without a space."""
    given, family = parts.get("given_name"), parts.get("family_name")
    if given and family and all(map(is_ideograph, given + family)):
        return family + given
    words = [parts.get(part) for part in NAME_PARTS[1:4]]
    name = " ".join(word for word in words if word)
    suffix = parts.get("suffix")
    return f"{name}, {suffix}" if name and suffix else name or parts.get("nickname")


def yearly_date(kind: str, text: str, date_order: str | None = None) -> DateDraft:
    """Read a birthday or another yearly date, with or without its year.

    Raises:
        InvalidError: not a date.
    """
    from crmcli.dates import birthday

    try:
        year, month, day = birthday(text, date_order=date_order)
    except UsageError as error:
        raise InvalidError(error.message, error.hint) from None
    return DateDraft(kind, year, month, day)


def _add_dates(draft: ContactDraft, raw: Mapping[str, Any], lenient: bool) -> None:
    """Add birthday and dates; one that cannot be read stays as text in a custom field."""
    given = [("birthday", raw["birthday"])] if raw.get("birthday") else []
    given += [(label or "date", text) for label, text in pairs(raw.get("dates"))]
    for kind, text in given:
        kind = fold(kind) or "date"
        if any(date.kind == kind for date in draft.dates):
            continue
        try:
            draft.dates.append(yearly_date(kind, str(text)))
        except InvalidError as error:
            if not lenient:
                raise
            draft.custom.setdefault(custom_key(f"date {kind}"), str(text))
            draft.warnings.append(tr("{reason}: kept as text", reason=error.message))
    leads = {fold(label or ""): text for label, text in pairs(raw.get("date_leads"))}
    draft.dates = [
        replace(date, lead_days=number("date_leads", leads[date.kind], LONGEST_LEAD))
        if date.kind in leads
        else date
        for date in draft.dates
    ]
